"""The floor: the highest that some plan keeps, and what refutes the next one."""

from __future__ import annotations

import numpy as np

from matcher.model.answer import Answer, Limits, Prices
from matcher.model.bottleneck import raise_floor
from matcher.model.formulation import Formulation, Int64, RowBlock, build_formulation
from matcher.model.solvers import flow

LIMITS = Limits()


def _solve(model: Formulation, x: Int64 | None) -> Answer:
    del x
    return flow.solve(model, LIMITS)


def _two_of_three(lower: int = 2) -> Formulation:
    """Three columns, at least `lower` of which are chosen."""
    pairs = np.arange(3)
    row = RowBlock("total", np.zeros(3, np.int64), pairs, np.array([lower]), np.array([3]), side="right")
    return build_formulation(np.zeros(3, np.int64), [row])


def test_floor_is_the_second_best_where_two_must_be_chosen() -> None:
    points = np.array([10, 30, 20])
    floor = raise_floor(_two_of_three(), points, None, solve=_solve, of="all")
    assert (floor.certificate.value, floor.certificate.bound, floor.certificate.word) == (20, 20, "proved")
    assert floor.formulation.column_upper.tolist() == [0, 1, 1]
    assert (floor.refuted, floor.is_refuted) == (30, True)
    assert floor.refutation is not None


def test_floor_stops_at_a_column_that_must_be_chosen() -> None:
    formulation = _two_of_three(1)
    pinned = build_formulation(
        formulation.objective,
        [RowBlock("total", np.zeros(3, np.int64), np.arange(3), np.array([1]), np.array([3]), side="right")],
        column_lower=np.array([1, 0, 0]),
    )
    floor = raise_floor(pinned, np.array([10, 30, 20]), None, solve=_solve, of="kept")
    assert (floor.certificate.value, floor.certificate.word, floor.certificate.of) == (10, "proved", "kept")


def test_floor_that_nobody_refutes_stays_open() -> None:
    def lazy(model: Formulation, x: Int64 | None) -> Answer:
        if model.column_upper.sum() == 3:
            return flow.solve(model, LIMITS)
        return Answer("unknown", "lazy")

    floor = raise_floor(_two_of_three(3), np.array([10, 30, 20]), None, solve=lazy, of="all")
    assert (floor.certificate.value, floor.certificate.bound, floor.certificate.word) == (10, 30, "unknown")


def test_solver_that_only_says_infeasible_is_a_claim() -> None:
    def bare(model: Formulation, x: Int64 | None) -> Answer:
        answer = flow.solve(model, LIMITS)
        return answer if answer.x is not None else Answer("infeasible", "bare")

    floor = raise_floor(_two_of_three(3), np.array([10, 30, 20]), None, solve=bare, of="all")
    assert (floor.certificate.value, floor.certificate.word) == (10, "claimed")
    assert (floor.refuted, floor.is_refuted) == (20, False)


def test_no_plan_at_all_has_no_floor() -> None:
    floor = raise_floor(
        _two_of_three(3), np.array([1, 1, 1]), None, solve=lambda m, x: Answer("unknown", "none"), of="all"
    )
    assert floor.certificate.value is None
    assert floor.answer.x is None


def test_prices_of_no_objective_bound_no_floor() -> None:
    without_plan = Answer("unknown", "none", prices=Prices(np.zeros(1, np.int64)))
    floor = raise_floor(_two_of_three(3), np.array([1, 1, 1]), None, solve=lambda m, x: without_plan, of="all")
    assert floor.certificate.bound is None
