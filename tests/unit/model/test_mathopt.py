"""Programmes handed to MathOpt: what stays out, what comes back, and that nothing a solver throws gets through."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import pytest

from matcher.model.formulation import NO_LIMIT, build_formulation
from matcher.model.solvers import mathopt
from matcher.model.solvers.mathopt import MipRun, programme_of, solve_integer, solve_linear
from tests.contract.zoo import FREE, ZOO, block

CASES = {case.name: case for case in ZOO}
BOTH = pytest.mark.parametrize("solver", ["highs", "scip"])
Solver = Literal["highs", "scip"]


def _whole(name: str) -> mathopt.Programme:
    formulation = CASES[name].build()
    return programme_of(formulation, np.arange(formulation.n_cols), formulation.column_lower, is_integer=True)


def test_columns_left_out_use_their_rows() -> None:
    rows = [block("hours", [[0, 1, 2]], [9], lower=[4], coef=[[2, 3, 4]]), block("none", [[1]], [NO_LIMIT])]
    formulation = build_formulation([5, 6, 7], rows)
    programme = programme_of(formulation, np.array([0, 2]), np.array([1, 1, 0]))
    assert (programme.row_lower.tolist(), programme.row_upper.tolist()) == ([1.0, -np.inf], [6.0, np.inf])
    assert (programme.objective.tolist(), programme.coef.tolist()) == ([5.0, 7.0], [2.0, 4.0])
    assert (programme.row_idx.tolist(), programme.col_idx.tolist()) == ([0, 0], [0, 1])
    assert FREE == -NO_LIMIT


@BOTH
@pytest.mark.parametrize(
    "name", ["hours_fit", "odd_triangle", "budget", "auxiliary_above_one", "equal_bounds_of_hours"]
)
def test_integer_optimum_and_its_bound(name: str, solver: Solver) -> None:
    outcome = solve_integer(_whole(name), MipRun(solver=solver, constant=100))
    assert outcome.status == "optimal" and outcome.x is not None and outcome.bound is not None
    value = CASES[name].value
    assert value is not None
    assert CASES[name].build().value_of(np.rint(outcome.x).astype(np.int64)) == value
    assert 100 + value <= outcome.bound + 1e-6 < 101 + value


@BOTH
def test_integer_infeasible(solver: Solver) -> None:
    outcome = solve_integer(_whole("parity"), MipRun(solver=solver))
    assert (outcome.status, outcome.x, outcome.bound) == ("infeasible", None, None)


def test_linear_optimum_has_fractions_and_duals() -> None:
    formulation = CASES["odd_triangle"].build()
    vertex, status = solve_linear(programme_of(formulation, np.arange(3), formulation.column_lower), math.inf)
    assert status == "optimal" and vertex is not None
    assert vertex.x.tolist() == [0.5] * 3 and vertex.dual.tolist() == [1.0] * 3


@BOTH
def test_whatever_a_solver_throws_is_unknown(solver: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **named: object) -> None:
        raise RuntimeError("StatusNotOk")

    programme = _whole("hours_fit")
    monkeypatch.setattr(mathopt, "call", refuse)
    assert solve_integer(programme, MipRun(solver=solver)).status == "unknown"
    assert solve_linear(programme, math.inf) == (None, "failed")


def test_limits_hint_and_constant_reach_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def record(model: Any, kind: int, params: Any, *, model_params: Any, on_log: Any) -> Any:
        seen.extend((model, params, model_params, on_log))
        raise RuntimeError("enough")

    monkeypatch.setattr(mathopt, "call", record)
    run = MipRun(time_limit_s=1.5, node_limit=7, gap=0.25, seed=2**40, constant=-1_000, on_log=print)
    solve_integer(_whole("hours_fit"), run, np.array([0, 1, 1]))
    model, params, model_params, on_log = seen
    assert (params.time_limit.ToNanoseconds(), params.node_limit) == (1_500_000_000, 7)
    assert (params.relative_gap_tolerance, params.absolute_gap_tolerance) == (0.25, 0.99)
    assert 0 <= params.random_seed < 2**31
    assert (model.objective.offset, model.objective.maximize) == (-1_000.0, True)
    assert list(model.variables.integers) == [True] * 3
    assert list(model_params.solution_hints[0].variable_values.values) == [0.0, 1.0, 1.0]
    assert on_log is print


def test_highs_starts_from_the_hint() -> None:
    """Six rivals of each other: presolve leaves them, and a feasible start is named in the log."""
    pairs = [[i, j] for i in range(6) for j in range(i)]
    formulation = build_formulation([3] * 6, [block("rivals", pairs, [3] * 15, coef=[[2, 2]] * 15)])
    programme = programme_of(formulation, np.arange(6), formulation.column_lower, is_integer=True)
    lines: list[str] = []
    outcome = solve_integer(programme, MipRun(on_log=lines.extend), np.array([0, 0, 0, 0, 0, 1]))
    assert outcome.status == "optimal"
    assert "Row     infeasibilities      0" in "\n".join(lines)  # it looked at the start, and it keeps every row
