"""What one slot more and one less are worth: rows that bind only with it, pins, months, and who is no candidate."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.explain import slots
from matcher.explain.losses import Loss, exact
from matcher.explain.slots import slot_value, slot_values
from matcher.explain.standing import Optimum, Standing, build_standing
from matcher.matching import match
from tests.problems import small_problem

Row = dict[str, Any]


def standing_of(directors: list[Row], companies: list[Row], **tables: Any) -> Standing:
    return build_standing(match(small_problem(directors, companies, **tables)))


def _points(standing: Standing) -> dict[str, int]:
    """The points of every candidate of the first director, by company."""
    candidates = standing.candidates
    return {
        str(standing.problem.company_ids[company]): int(points)
        for director, company, points in zip(
            candidates.director_idx, candidates.company_idx, candidates.points, strict=True
        )
        if director == 0
    }


def test_slot_more_brings_the_next_company_and_one_less_costs_the_last() -> None:
    standing = standing_of([{"max_companies": 1}], [{"priority": 3}, {"priority": 2}, {"priority": 1}])
    assert standing.residual is not None
    points, value = _points(standing), slot_value(standing, 0)
    assert value.idle is None
    assert value.more.loss.points == -points["c2"]
    assert [(step.company_idx, step.action) for step in value.more.chain] == [(1, "gains")]
    assert value.less.loss.points == points["c1"]
    assert [(step.company_idx, step.action) for step in value.less.chain] == [(0, "leaves")]


@pytest.mark.parametrize("hours", [(8, 7, 8), (15, 8, 15)])
def test_slot_more_counts_hours_that_one_slot_never_filled(hours: tuple[int, ...]) -> None:
    """8 and 7 of 14 hours do not fit, so the rows of the roomier model count; 15, 8 and 15 of 20 make it a knapsack."""
    supply = 14 if hours[0] == 8 else 20
    companies = [
        {"hours_per_month": wanted, "priority": priority} for wanted, priority in zip(hours, (3, 2, 1), strict=True)
    ]
    standing = standing_of([{"max_companies": 1, "hours_per_month": supply}], companies)
    assert standing.residual is not None
    assert "hours" in standing.model.not_binding
    value = slot_value(standing, 0)
    assert (value.more.loss.points, value.more.loss.word, value.more.chain) == (0, "proved", ())
    assert slot_values(standing).more[0] == value.more.loss


def test_slot_more_takes_what_fits_where_the_best_does_not() -> None:
    companies = [
        {"hours_per_month": 15, "priority": 3},
        {"hours_per_month": 8, "priority": 2},
        {"hours_per_month": 5, "priority": 1},
    ]
    standing = standing_of([{"max_companies": 1, "hours_per_month": 20}], companies)
    value = slot_value(standing, 0)
    assert value.more.loss.points == -_points(standing)["c3"]
    assert slot_values(standing).more[0].points == value.more.loss.points


def test_slot_filled_by_a_pin_cannot_be_lost() -> None:
    pin = [{"director_id": "d1", "company_id": "c1", "rule": "pin"}]
    for extra in ({}, {"rivals": [{"company_id": "c1", "other_id": "c2"}]}):  # the second is no network
        standing = standing_of([{"max_companies": 1}, {"max_companies": 1}], [{}, {}], pairs=pin, **extra)
        assert (standing.residual is None) == bool(extra)
        less = slot_value(standing, 0).less.loss
        assert (less.points, less.is_possible) == (None, False)
        assert slot_value(standing, 1).less.loss.is_possible


@pytest.mark.parametrize(
    ("director", "idle"), [({"status": "paused"}, "not_in_service"), ({"max_distance_km": 0}, "no_candidates")]
)
def test_slots_of_no_candidate_are_worth_nothing_for_that_reason(director: Row, idle: str) -> None:
    far = [{"prefecture": "Hokkaido", "on_site_days_per_month": 1}]
    standing = standing_of([{"max_companies": 2, **director}, {}], far)
    value = slot_value(standing, 0)
    assert (value.idle, value.more.loss.points, value.less.loss.points) == (idle, 0, 0)
    every = slot_values(standing)
    assert (every.more[0].points, every.less[0].points) == (0, 0)
    assert slot_value(standing, 1).idle is None


def test_director_without_slots_has_none_to_lose() -> None:
    standing = standing_of([{"max_companies": 0}], [{}])
    value = slot_value(standing, 0)
    assert value.more.loss.points == -_points(standing)["c1"]
    assert value.less.loss.points == 0


def test_slot_taken_elsewhere_brings_nothing_until_there_is_one_for_the_batch() -> None:
    engagements = [{"director_id": "d1", "company_id": f"x{n}"} for n in (1, 2)]
    standing = standing_of([{"max_companies": 0}], [{}], engagements=engagements)
    assert slot_value(standing, 0).more.loss.points == 0
    assert slot_values(standing).more[0].points == 0


def test_slots_of_several_months_are_solved_again() -> None:
    companies = [
        {"start": "2027-01-01", "months": 1, "priority": 3},
        {"start": "2027-01-01", "months": 1, "priority": 2},
        {"start": "2027-06-01", "months": 1, "priority": 1},
    ]
    standing = standing_of([{"max_companies": 1}], companies)
    assert len(standing.model.meanings["slots"].subject_idx) == 2
    points, value = _points(standing), slot_value(standing, 0)
    assert value.more.loss.points == -points["c2"]
    assert value.less.loss.points == points["c1"] + points["c3"]
    assert {step.action for step in value.less.chain} == {"leaves"}
    assert slot_values(standing).less[0].points == value.less.loss.points


@pytest.mark.parametrize(("bound", "word", "least"), [(50, "unknown", -50), (0, "proved", 0)])
def test_slot_more_is_never_told_to_cost_what_a_solve_did_not_find(
    bound: int, word: str, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    companies = [{"start": f"2027-0{month}-01", "months": 1, "priority": month} for month in (1, 6, 6)]
    standing = standing_of([{"max_companies": 1}], companies)
    value = standing.base.values[0]
    assert value is not None and standing.pairs
    worse = Optimum(("points",), (value - 100,), (value + bound,), ("unknown",), frozenset())
    monkeypatch.setattr(Standing, "solve_problem", lambda *_: worse)
    more = slots._solved(standing, 0, 1)
    assert (more.loss, more.chain, more.pairs) == (Loss(0, word, least, 0), (), standing.pairs)
    none = Optimum(("points",), (None,), (None,), ("unknown",), frozenset(), is_possible=None)
    monkeypatch.setattr(Standing, "solve_problem", lambda *_: none)
    assert slots._solved(standing, 0, 1).loss == Loss(0, "unknown", None, 0)
    assert slots._solved(standing, 0, -1).loss.points is None


def test_even_load_is_solved_again_tier_by_tier() -> None:
    policy = {"objective": ["companies_served", "even_load"]}
    standing = standing_of([{"max_companies": 3}, {"max_companies": 1}], [{}, {}, {}, {}], policy=policy)
    value = slot_value(standing, 1)
    assert {name: loss.points for name, loss in value.more.losses.items()} == {
        "companies_served": 0,
        "even_load": -2,
    }
    assert {name: loss.points for name, loss in value.less.losses.items()}["companies_served"] == 1


def test_empty_slot_of_a_proved_plan_is_lost_without_solving(monkeypatch: pytest.MonkeyPatch) -> None:
    companies = [{"start": f"2027-0{month}-01", "months": 1} for month in (1, 6)]
    standing = standing_of([{"max_companies": 2}], companies)
    monkeypatch.setattr(Standing, "solve_problem", lambda *_: pytest.fail("solved again"))
    assert slots._solved(standing, 0, -1).loss == exact(0)
