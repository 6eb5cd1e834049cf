"""Changes of a what-if: each kind does what it says, refuses what it cannot do, and never edits its base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from matcher.domain.problem import Problem
from matcher.whatif.applying import ChangeFaults, apply_change
from matcher.whatif.scenario import Change
from tests.problems import small_problem


def _programme() -> Problem:
    return small_problem(
        directors=[
            {"prefecture": "高知", "max_distance_km": 300, "hours_per_month": 40},
            {"prefecture": "福岡", "max_distance_km": 500},
            {"prefecture": "鹿児島", "hours_per_month": 20},
        ],
        companies=[{"kind": "municipality", "prefecture": "福岡"}, {"prefecture": "高知"}, {"prefecture": "宮崎"}],
        director_skills=[{"director_id": "d1", "skill": "EC"}, {"director_id": "d2", "skill": "写真"}],
        pairs=[{"director_id": "d1", "company_id": "c1", "rule": "forbid"}],
        engagements=[{"director_id": "d2", "company_id": "c2"}],
    )


def _apply(change: Mapping[str, Any], problem: Problem | None = None) -> Problem:
    return apply_change(problem or _programme(), Change.model_validate(change))


def _faults(change: Mapping[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(ChangeFaults) as raised:
        _apply(change)
    return [(fault.path, fault.rule or fault.error["type"]) for fault in raised.value.faults]


def _column(problem: Problem, table: str, name: str) -> list[object]:
    series = problem.tables[table][name]
    return series.astype(object).where(series.notna(), None).tolist()


def test_set_by_id_changes_only_that_row_and_not_the_base() -> None:
    base = _programme()
    after = _apply({"set": {"table": "directors", "ids": ["d1"], "values": {"max_distance_km": 100}}}, base)
    assert _column(after, "directors", "max_distance_km") == [100.0, 500.0, None]
    assert _column(base, "directors", "max_distance_km") == [300.0, 500.0, None]
    assert after.digest != base.digest


def test_set_by_region_kind_and_numbers() -> None:
    after = _apply({"set": {"table": "companies", "where": {"region": "九州"}, "values": {"priority": 2}}})
    assert _column(after, "companies", "priority") == [2.0, 1.0, 2.0]
    both = {"region": "九州", "kind": "自治体"}
    after = _apply({"set": {"table": "companies", "where": both, "values": {"priority": 2}}})
    assert _column(after, "companies", "priority") == [2.0, 1.0, 1.0]
    far = {"max_distance_km": {"min": 400}}
    after = _apply({"set": {"table": "directors", "where": far, "values": {"max_companies": 3}}})
    assert _column(after, "directors", "max_companies") == [1, 3, 1]
    blank = {"max_distance_km": None}
    after = _apply({"set": {"table": "directors", "where": blank, "values": {"max_companies": 3}}})
    assert _column(after, "directors", "max_companies") == [1, 1, 3]


def test_steps_add_and_multiply_and_leave_blanks_blank() -> None:
    more = {"table": "directors", "where": {}, "values": {"hours_per_month": {"add": 5}}}
    assert _column(_apply({"set": more}), "directors", "hours_per_month") == [45.0, None, 25.0]
    half = {"table": "directors", "where": {}, "values": {"hours_per_month": {"times": 0.5}}}
    assert _column(_apply({"set": half}), "directors", "hours_per_month") == [20.0, None, 10.0]


def test_values_are_judged_as_cells_of_a_file() -> None:
    values = {"max_companies": -1, "max_distanse_km": 3, "hours_per_month": "many"}
    found = _faults({"set": {"table": "directors", "ids": ["d1"], "values": values}})
    assert [path for path, _ in found] == [("set", "values", name) for name in values]
    assert [rule for _, rule in found][:2] == ["greater_than_equal", "unknown_key"]


def test_unknown_ids_filters_that_fit_nothing_and_keys_are_refused() -> None:
    assert _faults({"set": {"table": "directors", "ids": ["d9"], "values": {"note": "x"}}}) == [
        (("set", "ids"), "unknown_id")
    ]
    nobody = {"table": "companies", "where": {"prefecture": "北海道"}, "values": {"priority": 2}}
    assert _faults({"set": nobody}) == [(("set", "where"), "no_row_fits")]
    assert _faults({"set": {"table": "directors", "ids": ["d1"], "values": {"id": "x"}}}) == [
        (("set", "values", "id"), "key_field_fixed")
    ]


def test_add_brings_rows_with_defaults_and_their_skills() -> None:
    rows = {
        "directors": [{"id": "d4", "prefecture": "宮城", "max_companies": 2}],
        "director_skills": [{"director_id": "d4", "skill": "EC", "level": 5}],
    }
    after = _apply({"add": rows})
    assert after.director_ids.tolist() == ["d1", "d2", "d3", "d4"]
    assert _column(after, "director_skills", "hands_on")[-1] is True
    assert _faults({"add": {"directors": [{"id": "d1", "prefecture": "宮城", "max_companies": 2}]}}) == [
        (("add", "directors", 0), "key_taken")
    ]
    assert _faults({"add": {"director_skills": [{"director_id": "d7", "skill": "EC", "level": 5}]}}) == [
        (("add", "director_skills", 0, "director_id"), "unknown_id")
    ]
    assert _faults({"add": {"directors": [{"id": "d5"}]}}) == [
        (("add", "directors", 0, "prefecture"), "missing"),
        (("add", "directors", 0, "max_companies"), "missing"),
    ]


def test_remove_takes_along_what_names_the_director() -> None:
    after = _apply({"remove": {"table": "directors", "ids": ["d2"]}})
    assert after.director_ids.tolist() == ["d1", "d3"]
    assert _column(after, "director_skills", "director_id") == ["d1"]
    assert after.tables["engagements"].empty and len(after.tables["pairs"]) == 1


def test_policy_merges_sections_and_replaces_lists() -> None:
    after = _apply(
        {"policy": {"limits.max_companies": 2, "weights": {"network": 0}, "objective": ["companies_served"]}}
    )
    assert after.policy.limits.max_companies == 2 and after.policy.weights.network == 0
    assert after.policy.weights.experience == 20 and list(after.policy.objective) == ["companies_served"]
    assert _faults({"policy": {"weights.netwrok": 1}}) == [(("policy", "weights", "netwrok"), "extra_forbidden")]


def test_pin_and_forbid_replace_each_other() -> None:
    pair = {"director_id": "d1", "company_id": "c1"}
    after = _apply({"pin": pair})
    assert _column(after, "pairs", "rule") == ["pin"]
    assert _column(_apply({"forbid": pair}, after), "pairs", "rule") == ["forbid"]
    assert _faults({"pin": {"director_id": "d1", "company_id": "x"}}) == [(("pin", "company_id"), "unknown_id")]


def test_adopt_pins_an_earlier_plan() -> None:
    after = apply_change(
        _programme(), Change.model_validate({"adopt": "old"}), adopted=lambda name: [("d3", "c3"), ("d2", "c2")]
    )
    pinned = after.tables["pairs"].query("rule == 'pin'")
    assert sorted(zip(pinned["director_id"], pinned["company_id"], strict=True)) == [("d2", "c2"), ("d3", "c3")]


def test_applying_twice_gives_the_same_problem() -> None:
    change = {"set": {"table": "directors", "where": {"region": "九州"}, "values": {"max_companies": 4}}}
    once = _apply(change)
    assert once.digest == _apply(change).digest == _apply(change, once).digest
    for name, frame in once.tables.items():
        pd.testing.assert_series_equal(frame.dtypes, _programme().tables[name].dtypes)
