"""The frontier of small random programmes, with any limits and full of ties, against every plan there is."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.model.formulation import build_formulation
from matcher.model.objectives import Tier
from matcher.model.pareto import Corner, supported, trace
from matcher.modelling.demands import with_at_least
from matcher.whatif.trade_off import Frontier, find_frontier
from tests.every_plan import Programme
from tests.problems import small_problem
from tests.properties.test_limits_properties import TIERS, programmes

Values = tuple[int, ...]


def _not_bettered(every: set[Values]) -> list[Values]:
    def is_bettered(values: Values) -> bool:
        return any(other != values and all(a >= b for a, b in zip(other, values, strict=True)) for other in every)

    return sorted((values for values in every if not is_bettered(values)), reverse=True)


def _plans(rows: dict[str, Any], objectives: list[str], first: list[str]) -> tuple[Programme, dict[Values, list[Any]]]:
    """Values of the objectives → the plans that have them, of all plans best for the tiers that come first."""
    programme = Programme({**rows, "policy": {**rows["policy"], "objective": [*first, *objectives]}})
    found: dict[Values, list[Any]] = {}
    for plan in () if programme.contradictions else programme.plans():
        found.setdefault(programme.tiers(plan), []).append(plan)
    best = max((values[: len(first)] for values in found), default=())
    kept = {values[len(first) :]: plans for values, plans in found.items() if values[: len(first)] == best}
    return programme, kept


def _assert_plans(frontier: Frontier, every: dict[Values, list[Any]]) -> None:
    for point in frontier.points:
        plan = {int(company[1:]) - 1: int(director[1:]) - 1 for director, company in point.pairs}
        assert plan in every[point.values]
        assert point.metrics.n_served == len(plan)


def _is_best_for_some_weighing(values: Values, every: list[Values]) -> bool:
    """By trying the weighings at which two others are equal, and between them."""
    shares = {Fraction(0), Fraction(1)}
    for one, other in itertools.combinations(every, 2):
        gain, loss = one[0] - other[0], other[1] - one[1]
        shares.add(Fraction(loss, gain + loss))
    places = sorted(shares)
    inside = [(low + high) / 2 for low, high in itertools.pairwise(places)] + places[1:-1]

    def worth(one: Values, share: Fraction) -> Fraction:
        return share * one[0] + (1 - share) * one[1]

    return any(worth(values, share) == max(worth(one, share) for one in every) for share in inside)


@settings(max_examples=12)
@given(programmes(), st.permutations(TIERS), st.booleans(), st.booleans())
def test_a_frontier_of_two_is_every_plan_that_none_betters(
    rows: dict[str, Any], order: list[str], is_plain: bool, is_after_first: bool
) -> None:
    if is_plain:  # a network: slots and a total are all its limits
        rows["policy"]["limits"] = {"max_companies": 3}
        rows["directors"] = [{**row, "hours_per_month": None} for row in rows["directors"]]
    objectives, first = order[:2], [order[2]] if is_after_first else []
    programme, every = _plans(rows, objectives, first)
    if programme.contradictions:
        return
    rows["policy"]["objective"] = [*first, objectives[1]]
    frontier = find_frontier(small_problem(**rows), objectives, most_points=1000)  # type: ignore[arg-type]
    expected = _not_bettered(set(every))
    assert [point.values for point in frontier.points] == expected
    assert frontier.first == tuple(first)
    if not expected:
        return
    _assert_plans(frontier, every)
    assert not any(point.is_open_after for point in frontier.points)
    if frontier.is_complete:
        assert [point.is_supported for point in frontier.points] == [
            _is_best_for_some_weighing(values, expected) for values in expected
        ]
    else:
        assert any(point.word != "proved" for point in frontier.points)


@settings(max_examples=8)
@given(programmes(), st.permutations(TIERS), st.integers(2, 4))
def test_a_frontier_cut_short_says_where_more_may_lie(rows: dict[str, Any], order: list[str], most: int) -> None:
    programme, every = _plans(rows, order[:2], [])
    if programme.contradictions or not every:
        return
    frontier = find_frontier(small_problem(**rows), order[:2], most_points=most)  # type: ignore[arg-type]
    expected, found = _not_bettered(set(every)), [point.values for point in frontier.points]
    assert len(found) == min(most, len(expected)) and set(found) <= set(expected)
    for values in set(expected) - set(found):
        before = max(at for at, one in enumerate(found) if one > values)
        assert frontier.points[before].is_open_after
        assert frontier.points[before].is_supported in (None, False)


@settings(max_examples=6)
@given(programmes(), st.permutations(TIERS))
def test_a_sample_of_three_holds_only_plans_that_none_betters(rows: dict[str, Any], order: list[str]) -> None:
    programme, every = _plans(rows, order[:3], [])
    if programme.contradictions or not every:
        return
    frontier = find_frontier(small_problem(**rows), order[:3], most_points=16)  # type: ignore[arg-type]
    assert frontier.is_sample and not frontier.is_complete
    assert {point.values for point in frontier.points} <= set(_not_bettered(set(every)))
    assert max(point.values[0] for point in frontier.points) == max(values[0] for values in every)
    _assert_plans(frontier, every)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=25), st.integers(2, 8))
def test_trace_finds_every_corner_with_few_questions(points: list[tuple[int, int]], most: int) -> None:
    expected = _not_bettered(set(points))
    n_asked = 0

    def best_main(least: int | None, at_hand: Corner | None) -> Corner | None:
        nonlocal n_asked
        n_asked += 1
        best = max((one for one in points if least is None or one[1] >= least), default=None)
        return None if best is None else Corner(*best, is_proved=True, tag=n_asked)

    def best_kept() -> Corner:
        main, kept = max(points, key=lambda one: (one[1], one[0]))
        return Corner(main, kept, is_proved=True, tag=0)

    whole = trace(best_main, best_kept, most=100)
    assert [(one.main, one.kept) for one in whole.corners] == expected
    assert whole.is_complete and n_asked <= max(1, 3 * len(expected) - 3)
    assert list(supported(whole)) == [_is_best_for_some_weighing(one, expected) for one in expected]
    part = trace(best_main, best_kept, most=most)
    found = [(one.main, one.kept) for one in part.corners]
    assert set(found) <= set(expected) and len(found) == min(max(most, 2), len(expected))
    for place, (one, other) in enumerate(itertools.pairwise(found)):
        if any(other[0] < values[0] < one[0] for values in expected):
            assert part.is_open[place]


def test_trace_that_gets_no_answer_leaves_the_gap_open() -> None:
    answers = iter([Corner(10, 0, is_proved=True, tag=1), None])
    found = trace(lambda least, start: next(answers), lambda: Corner(0, 10, is_proved=True, tag=0), most=9)
    assert ([one.main for one in found.corners], found.is_open, found.is_complete) == ([10, 0], (True,), False)


def test_trace_of_answers_that_are_not_proved_is_not_complete() -> None:
    rng = random.Random(1)
    points = [(rng.randrange(9), rng.randrange(9)) for _ in range(9)]

    def best_main(least: int | None, at_hand: Corner | None) -> Corner:
        return Corner(*max(one for one in points if least is None or one[1] >= least), is_proved=False, tag=1)

    main, kept = max(points, key=lambda one: (one[1], one[0]))
    found = trace(best_main, lambda: Corner(main, kept, is_proved=True, tag=0), most=99)
    assert not found.is_complete
    assert set(supported(found)) <= {None, False}


def test_an_unproved_answer_that_betters_nothing_closes_no_gap() -> None:
    end = Corner(0, 10, is_proved=True, tag=0)
    answers = iter([Corner(10, 0, is_proved=False, tag=1), replace(end, is_proved=False, tag=2)])
    found = trace(lambda least, start: next(answers), lambda: end, most=9)
    assert ([one.main for one in found.corners], found.is_open) == ([10, 0], (True,))


def test_kilometres_are_demanded_as_a_limit_from_above() -> None:
    model = build_formulation(np.array([5, 7]), [], n_pairs=2)
    demanded = with_at_least(model, Tier("distance_km", np.array([-3, -4])), -6)
    assert demanded is not None
    assert (demanded.coef.tolist(), demanded.row_upper.tolist(), demanded.row_lower[0] < 0) == ([3, 4], [6], True)
    assert demanded.objective.tolist() == [5, 7]
    served = with_at_least(model, Tier("companies_served", np.array([1, 1])), 1)
    assert served is not None and served.families[-1].side == "right"
    assert served.row_lower.tolist() == [1]
