"""Break points along one weight, held against the programme solved at every weight of a fine grid."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.problem import Problem
from matcher.matching import match
from matcher.modelling.weight_lines import build_rounding, build_weight_lines, valued_candidates
from matcher.pairing.candidates import build_candidates
from matcher.whatif.along_weight import MOST_UNPROVED, Search
from matcher.whatif.breakpoints import BreakPoints, criterion_of, find_break_points, pairs_of
from tests.problems import small_problem

LOW, HIGH = Fraction(0), Fraction(10)


def _problem(years: list[int], wishes: list[float], **policy: Any) -> Problem:
    """3 × 3 pairs: experience speaks for the director, wishes for the pair; two companies are served."""
    none = dict.fromkeys(
        ("hands_on", "local_culture", "network", "own_business", "goal_fit", "readiness", "style_fit", "nearness"), 0
    )
    pairs = [
        {"director_id": f"d{d}", "company_id": f"c{c}", "rule": "wish_company", "value": value}
        for (d, c), value in zip(itertools.product((1, 2, 3), repeat=2), wishes, strict=True)
    ]
    return small_problem(
        directors=[{"experience_years": year} for year in years],
        companies=3,
        pairs=pairs,
        policy={
            "weights": {**none, "experience": 3, "wishes": 5},
            "limits": {"max_companies": 2},
            "conflict_of_interest": {"area": "off"},
            **policy,
        },
    )


def _under(problem: Problem, weight: Fraction) -> Problem:
    weights = problem.policy.weights.model_copy(update={"experience": float(weight)})
    return problem.with_policy(problem.policy.model_copy(update={"weights": weights}))


def _check(problem: Problem, found: BreakPoints) -> None:
    assert (found.regions[0].low, found.regions[-1].high) == (LOW, HIGH)
    weights = [Fraction(n) for n in range(11)]
    weights += [w for region in found.regions for span in region.sure for w in span]
    for weight in sorted(set(weights)):
        plan = pairs_of(match(_under(problem, weight)))
        sure = [region.plan for region in found.regions for low, high in region.sure if low <= weight <= high]
        assert sure in ([], [plan])
        inside = [region for region in found.regions if region.low <= weight <= region.high]
        assert inside, weight
        if all(plan != region.plan for region in inside):
            # Only rounding, or a tie, gives another plan than the lines do.
            assert not sure
    for one, (before, after) in zip(found.breaks, itertools.pairwise(found.regions), strict=True):
        assert one.w == before.high == after.low
        if one.last is not None and one.first is not None:
            assert one.first - one.last == found.step
            assert pairs_of(match(_under(problem, one.last))) == before.plan
            next_plan = pairs_of(match(_under(problem, one.first)))
            assert next_plan != before.plan
            assert (next_plan == after.plan) == one.is_next_at_first


@settings(max_examples=4)
@given(
    st.lists(st.integers(0, 10), min_size=3, max_size=3),
    st.lists(st.sampled_from((-1.0, -0.7, -0.5, 0.0, 0.3, 0.5, 1.0)), min_size=9, max_size=9),
)
def test_every_weight_of_a_grid_agrees_with_its_interval(years: list[int], wishes: list[float]) -> None:
    problem = _problem(years, wishes)
    found = find_break_points(problem, "experience", LOW, HIGH)
    assert {region.word for region in found.regions} == {"proved"} and found.is_complete
    _check(problem, found)


def test_a_break_is_the_fraction_worked_out_by_hand() -> None:
    # One place: d1 with 9 years and no wish, or d2 with 4 years and a full wish.
    # (9/10 · w + 5/2) = (4/10 · w + 5 · 0.75) at w = 5/2.
    problem = _problem([9, 4, 0], [0, -1, -1, 1.0, -1, -1, -1, -1, -1], limits={"max_companies": 1})
    found = find_break_points(problem, "experience", LOW, HIGH)
    assert [one.w for one in found.breaks] == [Fraction(5, 2)]
    before, after = found.regions
    assert (before.plan, after.plan) == (frozenset({("d2", "c1")}), frozenset({("d1", "c1")}))
    assert before.sure[-1][1] < Fraction(5, 2) < after.sure[0][0]
    assert Fraction(5, 2) - before.sure[-1][1] < Fraction(1, 20)


def test_a_plan_as_good_at_every_weight_is_never_sure() -> None:
    # c1 and c2 are the same company twice: the lot decides, at every weight.
    problem = _problem([5, 0, 0], [1.0, 1.0, -1] + [-1.0] * 6, limits={"max_companies": 1})
    found = find_break_points(problem, "experience", LOW, HIGH)
    assert [(region.word, region.sure) for region in found.regions] == [("proved", ())]
    assert found.regions[0].is_scored


def test_too_few_solves_leave_the_rest_open_and_say_by_how_much() -> None:
    problem = _problem([9, 4, 2], [0.0, 0.3, -1, 1.0, -0.5, 0.5, -1, 1.0, 0.0])
    whole = find_break_points(problem, "experience", LOW, HIGH)
    assert len(whole.breaks) == 1
    found = find_break_points(problem, "experience", LOW, HIGH, most_solves=4)
    assert not found.is_complete and found.n_solves <= 4
    assert {region.word for region in found.regions} == {"unknown"}
    assert all(region.short_points is not None and region.short_points > 0 for region in found.regions)


@pytest.mark.parametrize(
    ("policy", "why_not"),
    [
        ({"thresholds": {"min_score_points": 10}}, "depends_on_points"),
        ({"candidates": {"keep_per_company": 1}}, "depends_on_points"),
        ({"objective": ["worst_match", "points"]}, "depends_on_points"),
        ({"objective": ["companies_served"]}, "points_not_asked"),
        ({"limits": {"quotas": [{"by": "kind", "value": "company", "min": 9}]}}, "no_plan"),
    ],
)
def test_why_there_are_no_break_points(policy: dict[str, Any], why_not: str) -> None:
    problem = _problem([9, 4, 2], [0.0] * 9, **policy)
    found = find_break_points(problem, "experience", LOW, HIGH)
    assert (found.why_not, found.regions) == (why_not, ())


def test_points_after_another_tier_keep_that_tier() -> None:
    problem = _problem([9, 4, 2], [-1.0] * 9, objective=["companies_served", "points"])
    found = find_break_points(problem, "experience", LOW, HIGH)
    assert all(len(region.plan) == 2 for region in found.regions)
    _check(problem, found)


def test_criterion_of_a_setting() -> None:
    assert criterion_of("weights.network") == "network"
    assert criterion_of("weights.netwrok") is None
    assert criterion_of("limits.network") is None


def test_points_along_a_weight_are_those_of_the_policy_to_the_bit() -> None:
    problem = _problem([9, 4, 7], [0.0, 0.3, -0.7, 1.0, -0.5, 0.5, -1, 0.1, 0.2])
    values = valued_candidates(problem)
    lines = build_weight_lines(problem, values, "experience")
    rounding = build_rounding(problem, values, "experience", lines)
    weights = [Fraction(n, 7).limit_denominator(1000) for n in range(71)]
    points = rounding.points(weights, np.arange(values.n_pairs))
    below, above = rounding.off(weights)
    assert ((below >= -rounding.at_most) & (above <= rounding.at_most)).all()
    for row, weight in zip(points, weights, strict=True):
        assert row.tolist() == build_candidates(_under(problem, weight)).points.tolist()
        exact = [
            Fraction(int(zero) + int(slope) * weight) / lines.total(weight)
            for zero, slope in zip(lines.at_zero, lines.slope, strict=True)
        ]
        off = [1000 * (int(value) - line) for value, line in zip(row, exact, strict=True)]
        assert all(low < one < high for low, one, high in zip(below, off, above, strict=True))


def test_plans_that_are_not_proved_are_told_with_what_they_may_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _problem([9, 4, 2], [0.0, 0.3, -1, 1.0, -0.5, 0.5, -1, 1.0, 0.0])
    solve = Search._solve

    def unproved(self: Search, *args: Any) -> Any:
        found = solve(self, *args)
        return (
            found
            if found is None or found[1] is None
            else (found[0], found[1] + 500 * self.lines.total(args[1]), False)
        )

    monkeypatch.setattr(Search, "_solve", unproved)
    found = find_break_points(problem, "experience", LOW, HIGH)
    assert not found.is_complete or found.n_solves <= MOST_UNPROVED + len(found.regions)
    assert {(region.word, region.sure) for region in found.regions} == {("unknown", ())}
    assert all(region.short_points is not None and region.short_points >= 500 for region in found.regions)
    assert all(one.last is None and one.first is None for one in found.breaks)
