"""Hours by pair, and the points of keeping or moving a running engagement."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcher.pairing.candidates import Contradiction, build_candidates
from matcher.pairing.hours import hours_of_pairs
from tests.problems import small_problem

RUNNING = [{"director_id": "d2", "company_id": "c1"}]


def test_hours_of_a_pair_come_from_its_engagement_then_its_row_then_its_company() -> None:
    rows = [{"director_id": d, "company_id": "c1", "hours_per_month": 7} for d in ("d1", "d2")]
    engagements = [
        {"director_id": "d2", "company_id": "c1", "hours_per_month": 3},
        {"director_id": "d1", "company_id": "c1"},
        {"director_id": "d1", "company_id": "X9", "hours_per_month": 99},
    ]
    companies: list[dict[str, Any]] = [{"hours_per_month": 20}, {}]
    problem = small_problem(3, companies, pair_hours=rows, engagements=engagements)
    found = hours_of_pairs(problem, np.array([0, 1, 2, 0]), np.array([0, 0, 0, 1]))
    np.testing.assert_array_equal(found, [7, 3, 20, np.nan])


@pytest.mark.parametrize(("hours", "is_eligible"), [(9.9, True), (10, True), (10.1, False)])
def test_pair_hours_decide_who_has_hours(hours: float, is_eligible: bool) -> None:
    row = [{"director_id": "d1", "company_id": "c1", "hours_per_month": hours}]
    found = build_candidates(small_problem([{"hours_per_month": 10}], [{"hours_per_month": 50}], pair_hours=row))
    assert bool(found.n_pairs) is is_eligible


def test_price_of_moving_does_not_touch_companies_without_an_engagement() -> None:
    policy = {"engagements": {"move_price_points": 100}, "keep_points": 7}
    candidates = build_candidates(small_problem(2, 2, engagements=RUNNING, policy=policy))
    assert candidates.keep.tolist() == [-100, 0, 7, 0]
    total = sum(points.astype(np.int64) for points in candidates.criteria.values())
    np.testing.assert_array_equal(candidates.points, total + candidates.keep)


def test_negative_points_are_cut_after_better_ones() -> None:
    policy = {"engagements": {"move_price_points": 50_000}, "candidates": {"keep_per_company": 1}}
    candidates = build_candidates(small_problem(3, 1, engagements=RUNNING, policy=policy))
    assert candidates.director_idx.tolist() == [1]
    assert candidates.n_cut == 2


def test_nearest_miss_is_found_among_negative_points() -> None:
    """All miss by one rule; the points decide, also below 0."""
    directors = [{"fee_jpy_per_month": 9}, {"fee_jpy_per_month": 9, "experience_years": 9}, {"status": "paused"}]
    engagements = [{"director_id": "d3", "company_id": "c1"}]
    policy = {"engagements": {"move_price_points": 50_000}}
    companies = [{"budget_jpy_per_month": 5}]
    found = build_candidates(small_problem(directors, companies, engagements=engagements, policy=policy))
    assert found.near_misses[0].director_idx == 1


def test_fixed_engagement_that_breaks_a_hard_rule_is_a_contradiction_like_a_pin() -> None:
    directors = [{}, {"status": "paused"}]
    policy = {"engagements": {"fixed": True}}
    found = build_candidates(small_problem(directors, 1, engagements=RUNNING, policy=policy))
    assert found.contradictions == (Contradiction(1, 0, ("in_service",), is_engagement=True),)
    pins = [{**RUNNING[0], "rule": "pin"}]
    found = build_candidates(small_problem(directors, 1, engagements=RUNNING, pairs=pins, policy=policy))
    assert found.contradictions == (Contradiction(1, 0, ("in_service",)),)
    assert build_candidates(small_problem(directors, 1, engagements=RUNNING)).contradictions == ()
