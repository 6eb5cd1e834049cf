"""Pins, cuts, counts, near misses and contradictions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcher.pairing.candidates import RULES, Candidates, Contradiction, build_candidates
from tests.problems import small_problem

Row = dict[str, Any]
PIN = {"director_id": "d1", "company_id": "c1", "rule": "pin"}
FORBID = PIN | {"rule": "forbid"}


def pairs_of(found: Candidates) -> list[tuple[int, int]]:
    return list(zip(found.director_idx.tolist(), found.company_idx.tolist(), strict=True))


def test_candidates_are_ordered_by_director_then_company() -> None:
    found = build_candidates(small_problem(3, 4), pairs_at_once=3)
    assert pairs_of(found) == [(d, c) for d in range(3) for c in range(4)]
    assert (found.of, found.n_cut, found.n_considered, found.n_pairs) == ("all", 0, 12, 12)


@pytest.mark.parametrize(
    "thresholds", [{"min_readiness": 0.9}, {"min_by_criterion": {"goal_fit": 0.5}}, {"min_score_points": 9000}]
)
def test_pin_overrides_soft_rules(thresholds: Row) -> None:
    found = build_candidates(small_problem(2, 1, policy={"thresholds": thresholds}, pairs=[PIN]))
    assert pairs_of(found) == [(0, 0)]
    assert found.is_pinned.tolist() == [True]
    assert found.contradictions == ()
    assert found.n_rejected_by_company.sum() == 1


def test_pin_does_not_override_hard_rules() -> None:
    directors = [{"status": "paused", "hours_per_month": 1}, {}]
    found = build_candidates(small_problem(directors, [{"hours_per_month": 2}], pairs=[PIN]))
    assert pairs_of(found) == [(1, 0)]
    assert found.contradictions == (Contradiction(0, 0, ("in_service", "has_hours")),)


def test_pin_of_a_forbidden_pair_is_a_contradiction() -> None:
    found = build_candidates(small_problem(2, 2, pairs=[PIN, FORBID]))
    assert found.contradictions == (Contradiction(0, 0, ("not_forbidden",)),)
    assert (0, 0) not in pairs_of(found)


def test_keep_per_company_keeps_the_best_and_ties_by_director_order() -> None:
    directors = [{}, {"prefecture": "Tokyo"}, {}, {}]  # home in Kochi: more culture
    problem = small_problem(directors, 1, policy={"candidates": {"keep_per_company": 2}})
    found = build_candidates(problem)
    assert pairs_of(found) == [(0, 0), (2, 0)]
    assert (found.of, found.n_cut) == ("kept", 2)
    assert found.n_candidates_by_company.tolist() == [4]
    assert found.n_candidates_by_director.tolist() == [1, 1, 1, 1]


def test_keep_per_company_always_keeps_pinned_and_running_pairs() -> None:
    directors = [{}, {}, {"prefecture": "Tokyo"}, {"prefecture": "Tokyo"}, {"prefecture": "Tokyo"}]
    found = build_candidates(
        small_problem(
            directors,
            1,
            policy={"candidates": {"keep_per_company": 1}},
            pairs=[PIN | {"director_id": "d3"}],
            engagements=[{"director_id": "d5", "company_id": "c1"}],
        )
    )
    assert pairs_of(found) == [(0, 0), (2, 0), (4, 0)]
    assert (found.is_pinned.tolist(), found.is_running.tolist()) == ([False, True, False], [False, False, True])


def test_keep_per_company_without_a_cut_says_all() -> None:
    found = build_candidates(small_problem(2, 2, policy={"candidates": {"keep_per_company": 2}}))
    assert (found.of, found.n_cut, found.n_pairs) == ("all", 0, 4)


def test_rejections_are_counted_by_rule() -> None:
    directors = [{"status": "paused"}, {"hours_per_month": 10}, {"hours_per_month": 10, "status": "paused"}]
    found = build_candidates(small_problem(directors, [{"hours_per_month": 20}, {}]), pairs_at_once=1)
    by_company = {rule: found.n_rejected_by_company[:, RULES.index(rule)].tolist() for rule in RULES}
    assert by_company["in_service"] == [2, 2]
    assert by_company["has_hours"] == [2, 0]
    assert found.n_rejected_by_director[:, RULES.index("in_service")].tolist() == [2, 0, 2]
    assert found.n_rejected_by_director[:, RULES.index("has_hours")].tolist() == [0, 1, 1]
    assert found.n_rejected_by_company.sum() == found.n_rejected_by_director.sum() == 6


def test_rules_on_points_reject_only_what_no_other_rule_rejects() -> None:
    policy = {"thresholds": {"min_score_points": 9000}}
    found = build_candidates(small_problem([{"status": "paused"}, {}], 1, policy=policy))
    assert found.n_rejected_by_company[0, RULES.index("min_score")] == 1


def near(directors: list[Row], company: Row, **more: Any) -> tuple[int, tuple[str, ...], dict[str, Any]]:
    miss = build_candidates(small_problem(directors, [company], **more)).near_misses[0]
    assert set(miss.amounts) == set(miss.measures)
    return miss.director_idx, miss.failed, dict(miss.amounts)


def test_near_miss_has_the_fewest_failed_rules() -> None:
    directors = [{"hours_per_month": 39, "fee_jpy_per_month": 101}, {"hours_per_month": 1}]
    company = {"hours_per_month": 40, "budget_jpy_per_month": 100}
    assert near(directors, company) == (1, ("has_hours",), {"has_hours": (1.0, 40.0)})


def test_near_miss_has_the_smallest_relative_shortfall() -> None:
    directors = [{"hours_per_month": 20}, {"fee_jpy_per_month": 125}, {"status": "paused"}]
    company = {"hours_per_month": 40, "budget_jpy_per_month": 100}
    assert near(directors, company) == (1, ("in_budget",), {"in_budget": (100.0, 125.0)})


def test_near_miss_then_has_the_most_points_then_comes_first() -> None:
    paused = {"status": "paused"}
    assert near([paused | {"prefecture": "Tokyo"}, paused, paused], {}) == (1, ("in_service",), {})


def test_near_miss_tells_the_worse_of_days_and_distance() -> None:
    problem = small_problem(
        [{"on_site_days_per_month": 3, "max_distance_km": 10}],
        [{"on_site_days_per_month": 4}],
        distances=[{"from_id": "d1", "to_id": "c1", "km": 100}],
    )
    miss = build_candidates(problem).near_misses[0]
    assert dict(miss.amounts) == {"in_reach": (10.0, 100.0)}
    assert dict(miss.measures) == {"in_reach": "distance_km"}


def test_near_miss_counts_soft_rules_too() -> None:
    policy = {"thresholds": {"min_score_points": 9000, "min_by_criterion": {"goal_fit": 0.5}}}
    assert near([{}], {}, policy=policy) == (
        0,
        ("criterion_floor", "min_score"),
        {"criterion_floor": (0.0, 0.5), "min_score": (4000.0, 9000.0)},
    )


def test_near_misses_are_only_for_companies_without_anyone() -> None:
    found = build_candidates(small_problem([{"hours_per_month": 10}], [{}, {"hours_per_month": 11}]))
    assert list(found.near_misses) == [1]


@pytest.mark.parametrize(("n_directors", "n_companies"), [(0, 0), (0, 2), (2, 0)])
def test_empty_sides_give_no_candidates(n_directors: int, n_companies: int) -> None:
    found = build_candidates(small_problem(n_directors, n_companies))
    assert (found.n_pairs, found.n_considered, dict(found.near_misses)) == (0, 0, {})
    assert found.n_rejected_by_company.shape == (n_companies, len(RULES))
    assert found.n_rejected_by_director.shape == (n_directors, len(RULES))


def test_engagement_elsewhere_makes_no_pair() -> None:
    found = build_candidates(small_problem(1, 1, engagements=[{"director_id": "d1", "company_id": "elsewhere"}]))
    assert found.is_running.tolist() == [False]


def test_columns_have_the_promised_dtypes() -> None:
    found = build_candidates(small_problem(2, 2))
    assert (found.director_idx.dtype, found.company_idx.dtype) == (np.int32, np.int32)
    assert (found.points.dtype, found.keep.dtype) == (np.int64, np.int64)
    assert {part.dtype for part in found.criteria.values()} == {np.dtype(np.int32)}
    assert {part.shape for part in found.is_neutral.values()} == {(4,)}
    assert found.n_candidates_by_company.dtype == np.int32
