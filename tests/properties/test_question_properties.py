"""What a company and a director are told, against every plan there is: losses, gains, chains and their order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.explain import company, director
from matcher.explain.forcing import Change
from matcher.explain.losses import Pair
from matcher.explain.slots import slot_value, slot_values
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from matcher.modelling import build_model
from matcher.pairing.candidates import build_candidates
from tests.brute_force import BruteForce, brute_force
from tests.problems import small_problem
from tests.properties.test_match_properties import programmes

FIGURES = st.integers(0, 10**6)


def _standing(rows: dict[str, Any], *, is_network: bool) -> Standing:
    if is_network:
        for name in ("max_directors", "budget_jpy_per_month"):
            rows["policy"]["limits"].pop(name, None)
        rows = {**rows, "rivals": []}
    problem = small_problem(**rows)
    assume(not build_candidates(problem).contradictions)
    plan = match(problem)
    assume(plan.status == "optimal")
    standing = build_standing(plan)
    assume(not is_network or standing.residual is not None)
    return standing


def _plans(standing: Standing) -> BruteForce:
    return brute_force(standing.model.formulation)


def _value(standing: Standing, x: Iterable[int]) -> int:
    return int(np.dot(standing.model.formulation.objective, np.array(x)))


def _best(standing: Standing, plans: BruteForce, columns: np.ndarray) -> int | None:
    """The most points of a plan that has one of some columns."""
    values = [_value(standing, x) for x in plans.feasible if any(x[column] for column in columns)]
    return max(values, default=None)


def _loss(plans: BruteForce, best: int | None) -> int | None:
    assert plans.value is not None
    return None if best is None else plans.value - best


def _check(standing: Standing, change: Change, wanted: int | None) -> None:
    """The figure is exact, and the chain leads from the plan to one of just that loss."""
    assert change.loss.points == wanted
    assert change.loss.is_possible == (wanted is not None)
    if standing.residual is not None:
        assert change.loss.word == "proved"
    if wanted is None:
        return
    pairs: set[Pair] = set(standing.pairs)
    for step in change.chain:
        pair = (step.director_idx, step.company_idx)
        assert (pair in pairs) == (step.action == "leaves")
        (pairs.remove if step.action == "leaves" else pairs.add)(pair)
    assert pairs == change.pairs
    columns = [standing.column_of(*pair) for pair in pairs]
    assert sum(int(standing.candidates.points[column]) for column in columns if column is not None) == (
        int(standing.candidates.points[standing.is_chosen].sum()) - wanted
    )


def _check_company(standing: Standing, company_idx: int) -> None:
    plans, answer = _plans(standing), company.ask(standing, company_idx)
    columns = np.flatnonzero(standing.candidates.company_idx == company_idx)
    others = columns[~standing.is_chosen[columns]]
    losses = {int(column): _loss(plans, _best(standing, plans, np.array([column]))) for column in others}
    for one in answer.alternatives:
        column = standing.column_of(one.director_idx, company_idx)
        assert column is not None
        _check(standing, one.change, losses[column])
        assert (column in others) and one.points == int(standing.candidates.points[column])
        assert set(one.serves) == {c for d, c in standing.pairs if d == one.director_idx}
    wanted = sorted(float("inf") if loss is None else loss for loss in losses.values())[:3]
    found = [float("inf") if one.change.loss.points is None else one.change.loss.points for one in answer.alternatives]
    assert found == wanted
    served = [d for d, c in standing.pairs if c == company_idx]
    assert answer.served_by == (served[0] if served else None)
    if answer.serving is not None:
        assert not served and columns.size
        _check(standing, answer.serving, _loss(plans, _best(standing, plans, columns)))
    else:
        assert served or not columns.size
    company.record(standing, answer)


def _optimum(standing: Standing, director_idx: int, by: int) -> int | None:
    """The most points with more or fewer slots for one director, the model built anew and every plan tried."""
    slots = standing.problem.directors["max_companies"].to_numpy().copy()
    slots[director_idx] = max(slots[director_idx] + by, 0)
    tables = {**standing.problem.tables, "directors": standing.problem.directors.assign(max_companies=slots)}
    problem = type(standing.problem)(tables, standing.problem.policy)
    return brute_force(build_model(problem, standing.candidates).formulation).value


def _check_director(standing: Standing, director_idx: int) -> None:
    plans, answer = _plans(standing), director.ask(standing, director_idx)
    _check(standing, answer.value.more, _loss(plans, _optimum(standing, director_idx, 1)))
    _check(standing, answer.value.less, _loss(plans, _optimum(standing, director_idx, -1)))
    for one in answer.matches:
        column = standing.column_of(director_idx, one.company_idx)
        assert column is not None and standing.is_chosen[column]
        # What is pinned may go too: the question is what it earns.
        free = standing.forbidden(column)
        _check(standing, one.without, _loss(plans, brute_force(free).value))
    columns = np.flatnonzero((standing.candidates.director_idx == director_idx) & ~standing.is_chosen)
    losses = {int(column): _loss(plans, _best(standing, plans, np.array([column]))) for column in columns}
    for near in answer.nearly_served:
        column = standing.column_of(director_idx, near.company_idx)
        assert column is not None
        _check(standing, near.change, losses[column])
    found = [float("inf") if one.change.loss.points is None else one.change.loss.points for one in answer.nearly_served]
    assert found == sorted(float("inf") if loss is None else loss for loss in losses.values())[:5]
    assert {c for d, c in standing.pairs if d == director_idx} == {one.company_idx for one in answer.matches}
    assert answer.months[0].n_companies <= len(answer.matches)
    director.record(standing, answer)


@settings(max_examples=20)
@given(programmes())
def test_company_of_a_network_is_told_exact_losses(rows: dict[str, Any]) -> None:
    standing = _standing(rows, is_network=True)
    for company_idx in range(len(standing.problem.companies)):
        _check_company(standing, company_idx)


@settings(max_examples=10)
@given(programmes(), FIGURES)
def test_company_of_any_programme_is_told_exact_losses(rows: dict[str, Any], figure: int) -> None:
    standing = _standing(rows, is_network=False)
    _check_company(standing, figure % len(standing.problem.companies))


@settings(max_examples=20)
@given(programmes())
def test_director_of_a_network_is_told_exact_values(rows: dict[str, Any]) -> None:
    standing = _standing(rows, is_network=True)
    for director_idx in range(len(standing.problem.directors)):
        _check_director(standing, director_idx)


@settings(max_examples=10)
@given(programmes(), FIGURES)
def test_director_of_any_programme_is_told_exact_values(rows: dict[str, Any], figure: int) -> None:
    standing = _standing(rows, is_network=False)
    _check_director(standing, figure % len(standing.problem.directors))


@settings(max_examples=20)
@given(programmes())
def test_all_slots_are_worth_what_each_is(rows: dict[str, Any]) -> None:
    standing = _standing(rows, is_network=True)
    every = slot_values(standing)
    for director_idx in range(len(standing.problem.directors)):
        one = slot_value(standing, director_idx)
        assert (every.more[director_idx], every.less[director_idx]) == (one.more.loss, one.less.loss)
