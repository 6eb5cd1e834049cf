"""Every loss and gain out of the residual graph against the optimum of the changed model, found by trying every x."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given

from matcher.model.answer import Limits
from matcher.model.displacement import Residual, build_residual
from matcher.model.formulation import NO_LIMIT, Formulation
from matcher.model.solvers.flow import solve
from matcher.model.ways import changing
from tests.brute_force import brute_force
from tests.properties.model_strategies import networks


def _residual(formulation: Formulation) -> Residual:
    answer = solve(formulation, Limits())
    assume(answer.x is not None)
    assert answer.x is not None
    residual = build_residual(formulation, answer.x)
    assert residual is not None
    return residual


def _loss(before: Formulation, after: Formulation) -> int | None:
    was, is_now = brute_force(before).value, brute_force(after).value
    assert was is not None
    return None if is_now is None else was - is_now


def _column(formulation: Formulation, column: int, *, lower: int, upper: int) -> Formulation:
    low, high = formulation.column_lower.copy(), formulation.column_upper.copy()
    low[column], high[column] = lower, upper
    return replace(formulation, column_lower=low, column_upper=high)


def _row(formulation: Formulation, row: int, by: int) -> Formulation:
    high = formulation.row_upper.copy()
    high[row] += by
    return replace(formulation, row_upper=high)


@given(networks())
def test_forcing_costs_what_the_optimum_loses(formulation: Formulation) -> None:
    residual = _residual(formulation)
    columns = np.arange(formulation.n_cols)
    losses, is_possible = residual.losses_of_forcing(columns)
    for column in columns.tolist():
        if formulation.column_upper[column] == 0:
            assert residual.forcing(column).loss is None and not is_possible[column]
            continue
        forced = _column(formulation, column, lower=1, upper=int(formulation.column_upper[column]))
        wanted = _loss(formulation, forced)
        assert residual.forcing(column).loss == wanted
        assert (int(losses[column]) if is_possible[column] else None) == wanted


@given(networks())
def test_a_chain_leads_to_a_plan_of_just_that_loss(formulation: Formulation) -> None:
    residual = _residual(formulation)
    for column in range(formulation.n_cols):
        for found in (residual.forcing(column), residual.forbidding(column)):
            if found.loss is None:
                continue
            x = residual.x.copy()
            for changed, sign in found.steps:
                x[changed] += sign
            assert formulation.value_of(residual.x) - formulation.value_of(x) == found.loss
            assert tuple(x.tolist()) in brute_force(formulation).feasible


@given(networks())
def test_forbidding_costs_what_the_optimum_loses(formulation: Formulation) -> None:
    residual = _residual(formulation)
    losses, is_possible = residual.losses_of_forbidding(np.arange(formulation.n_cols))
    assert (is_possible[residual.x == 0]).all() and not losses[residual.x == 0].any()
    for column in np.flatnonzero((residual.x == 1) & (formulation.column_upper == 1)).tolist():
        if formulation.column_lower[column] == 1:
            assert residual.forbidding(column).loss is None and not is_possible[column]
            continue
        without = _column(formulation, column, lower=0, upper=0)
        assert residual.forbidding(column).loss == _loss(formulation, without)
        assert (int(losses[column]) if is_possible[column] else None) == _loss(formulation, without)


@given(networks())
def test_a_row_is_worth_what_one_more_and_one_less_change(formulation: Formulation) -> None:
    residual = _residual(formulation)
    rows = np.arange(formulation.n_rows)
    gains, losses, is_possible = residual.values_of_rows(rows)
    for row in rows.tolist():
        if formulation.row_upper[row] >= NO_LIMIT:
            continue
        more = _loss(formulation, _row(formulation, row, 1))
        assert residual.raising(row).loss == more == -int(gains[row])
        if formulation.row_upper[row] == formulation.row_lower[row]:
            assert residual.lowering(row).loss is None and not is_possible[row]
            continue
        less = _loss(formulation, _row(formulation, row, -1))
        assert residual.lowering(row).loss == less
        assert (int(losses[row]) if is_possible[row] else None) == less


@given(networks())
def test_all_changes_at_once_are_those_one_by_one(formulation: Formulation) -> None:
    assume((formulation.column_upper <= 1).all())
    residual = _residual(formulation)
    ways = changing(residual)
    for column in range(formulation.n_cols):
        is_chosen = residual.x[column] > 0
        found = residual.forbidding(column) if is_chosen else residual.forcing(column)
        assert (int(ways.loss[column]) if ways.is_possible[column] else None) == found.loss
        if found.loss is None:
            assert not ways.further(column)
            continue
        x = residual.x.copy()
        x[column] += -1 if is_chosen else 1
        for changed, sign in ways.further(column):
            x[changed] += sign
        assert formulation.value_of(residual.x) - formulation.value_of(x) == found.loss
        assert tuple(x.tolist()) in brute_force(formulation).feasible
        assert len(ways.further(column)) + 1 == len(found.steps)
