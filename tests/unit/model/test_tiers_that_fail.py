"""A tier whose backend fails, lies or finds nothing takes no plan away and proves nothing."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Literal

import numpy as np
import pytest

from matcher.errors import ModelError
from matcher.model import faces, solvers
from matcher.model import tiers as tiers_module
from matcher.model.answer import Answer, Limits, Prices, Status
from matcher.model.certificate import certify
from matcher.model.formulation import Formulation, build_formulation
from matcher.model.objectives import Tier
from matcher.model.solvers import BACKENDS, cpsat, flow
from matcher.model.tiers import solve_tiers
from tests.contract.zoo import ZOO, block
from tests.two_tiers import TWO, half_hours

CASES = {case.name: case for case in ZOO}


def test_later_tier_without_a_plan_keeps_the_plan_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation = build_formulation([0] * 3, [block("hours", [[0, 1, 2]], [3], coef=[[2, 2, 2]])])
    tiers = [Tier("points", np.array([10, 10, 9])), Tier("next", np.array([0, 1, 5]))]
    real, calls = cpsat.solve, []

    def once(*given: object, **more: object) -> Answer:
        calls.append(1)
        return real(*given, **more) if len(calls) == 1 else Answer("unknown", "cpsat")

    monkeypatch.setattr(cpsat, "solve", once)
    answer = solve_tiers(formulation, tiers, limits=Limits(), backend="cpsat")
    assert len(calls) == 2
    assert answer.answer.status == "feasible"
    assert answer.results[0].value == 10 and answer.results[1].certificate.word == "unknown"
    assert answer.answer.x is not None and formulation.row_activity(answer.answer.x).tolist() == [2]


def test_later_tier_of_fewer_points_keeps_the_plan_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation = build_formulation([0, 0], [block("hours", [[0, 1]], [3], coef=[[2, 2]])])
    tiers = [Tier("points", np.array([10, 10])), Tier("next", np.array([0, 1]))]
    plans = iter([np.array([0, 1]), np.array([1, 0])])
    monkeypatch.setattr(cpsat, "solve", lambda *_, **__: Answer("optimal", "cpsat", x=next(plans)))
    answer = solve_tiers(formulation, tiers, limits=Limits(), backend="cpsat")
    assert answer.answer.x is not None and answer.answer.x.tolist() == [0, 1]
    assert answer.answer.status == "feasible"


@pytest.mark.parametrize("where", ["_solve_tier", "narrowed"])
def test_later_tier_that_fails_keeps_the_plan_and_ends_the_tiers(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    module = tiers_module if where == "_solve_tier" else faces
    real, calls = getattr(module, where), []
    n_good = 1 if where == "_solve_tier" else 0

    def failing(*given: object, **named: object) -> object:
        calls.append(1)
        if len(calls) > n_good:
            raise ModelError("sum_too_large", name="rows", limit=1)
        return real(*given, **named)

    monkeypatch.setattr(module, where, failing)
    answer = solve_tiers(half_hours(), [*TWO, Tier("third", np.arange(3))], limits=Limits(), backend="cpsat")
    assert answer.answer.x is not None and answer.answer.status == "feasible"
    first, second = answer.results
    assert (first.value, first.certificate.word) == (10, "claimed")
    at_hand = int(np.array([0, 1, 5]) @ answer.answer.x)
    assert (second.name, second.value, second.certificate.word) == ("next", at_hand, "unknown")
    assert (second.certificate.bound, second.certificate.feasible) == (None, True)
    assert len(calls) == n_good + 1


def test_first_tier_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise ModelError("flow_failed", status="?")

    monkeypatch.setattr(tiers_module, "_solve_tier", failing)
    with pytest.raises(ModelError) as caught:
        solve_tiers(half_hours(), TWO, limits=Limits())
    assert caught.value.code == "flow_failed"


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A backend `stub` in the registry; its `solve` is set by the test."""
    module = SimpleNamespace(solve=None)
    monkeypatch.setitem(sys.modules, "tests.stub_backend", module)  # type: ignore[arg-type]
    backend = solvers.Backend("stub", BACKENDS["cpsat"].features, "tests.stub_backend")
    monkeypatch.setattr(solvers, "BACKENDS", {**BACKENDS, "stub": backend})
    return module


@pytest.mark.parametrize("kind", ["sum", "least"])
@pytest.mark.parametrize("status", ["optimal", "feasible", "infeasible"])
def test_plan_that_breaks_a_row_is_not_published(
    stub: SimpleNamespace, kind: Literal["sum", "least"], status: Status
) -> None:
    stub.solve = lambda *_, **__: Answer(status, "stub", x=np.array([1, 1, 0]))
    tiers = [Tier("points", np.array([10, 10, 9]), kind=kind), TWO[1]]
    answer = solve_tiers(half_hours(), tiers, limits=Limits(), backend="stub")
    assert (answer.answer.x, answer.answer.status) == (None, "unknown")
    (result,) = answer.results
    assert (result.value, result.certificate.word, result.certificate.n_violations) == (None, "unknown", 1)
    assert not result.certificate.infeasible_proved


def test_backend_that_only_says_infeasible_proves_nothing(stub: SimpleNamespace) -> None:
    """Not even with prices, when they are no proof."""
    stub.solve = lambda *_, **__: Answer("infeasible", "stub", farkas=Prices(np.array([1])))
    answer = solve_tiers(CASES["parity"].build(), [TWO_OF_PARITY], limits=Limits(), backend="stub")
    (result,) = answer.results
    assert (answer.answer.status, result.value, result.certificate.word) == ("infeasible", None, "unknown")
    assert not result.certificate.infeasible_proved
    assert 0 <= answer.answer.counts["solve_s"] < 10


TWO_OF_PARITY = Tier("points", np.array([1, 1]))


def test_infeasible_claimed_of_a_higher_floor_is_claimed(stub: SimpleNamespace) -> None:
    """The floor of 10 is refuted by the word of two solvers: 9 is never proved to be the highest."""

    def solve(model: Formulation, *_: object, **__: object) -> Answer:
        x = np.array([0, 1])
        is_plan = certify(model, Answer("feasible", "stub", x=x[: model.n_cols])).feasible if model.n_cols == 2 else 0
        return Answer("feasible", "stub", x=x) if is_plan else Answer("infeasible", "stub", witnesses=("a", "b"))

    stub.solve = solve
    formulation = build_formulation([0, 0], [block("one", [[0, 1]], [2], lower=[1], coef=[[2, 2]])])
    floor = Tier("worst", np.array([10, 9]), kind="least")
    (result,) = solve_tiers(formulation, [floor], limits=Limits(), backend="stub").results
    assert (result.value, result.certificate.word) == (9, "claimed")


def test_floors_share_the_time_of_their_tier(stub: SimpleNamespace) -> None:
    seconds: list[float] = []
    real = cpsat.solve

    def solve(model: Formulation, limits: Limits, **more: object) -> Answer:
        seconds.append(limits.time_limit_s or 0.0)
        return real(model, limits) if len(seconds) == 1 else Answer("unknown", "stub")

    stub.solve = solve
    formulation = build_formulation([0] * 9, [block("all", [list(range(9))], [9], lower=[8], coef=[[1] * 8 + [2]])])
    tiers = [Tier("worst", np.arange(9), kind="least")]
    answer = solve_tiers(formulation, tiers, limits=Limits(time_limit_s=10.0), backend="stub")
    assert seconds[0] == pytest.approx(10.0, abs=0.2)
    assert len(seconds) > 2 and all(given <= 5.0 for given in seconds[1:])
    # No try was settled: the floor is open, and so the plan is not the optimum.
    assert (answer.results[0].certificate.word, answer.answer.status) == ("unknown", "feasible")


def test_later_floor_without_an_answer_keeps_the_plan(stub: SimpleNamespace) -> None:
    real, calls = cpsat.solve, []

    def solve(model: Formulation, limits: Limits, **more: object) -> Answer:
        calls.append(1)
        return real(model, limits) if len(calls) == 1 else Answer("unknown", "stub")

    stub.solve = solve
    tiers = [TWO[0], Tier("worst", np.array([3, 4, 5]), kind="least")]
    answer = solve_tiers(half_hours(), tiers, limits=Limits(), backend="stub")
    assert answer.answer.x is not None
    assert answer.results[1].value in (3, 4) and answer.results[1].certificate.word == "unknown"


def test_points_too_large_for_flow_go_to_cpsat() -> None:
    formulation = CASES["huge_points"].build()
    answer = solve_tiers(formulation, [Tier("points", formulation.objective)], limits=Limits())
    assert (answer.choice.name, answer.choice.reason_code) == ("cpsat", "costs_too_large_for_flow")
    assert answer.results[0].value == 2**60


def test_flow_that_gives_up_on_the_way_goes_to_cpsat_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise ModelError("cost_too_large_for_flow", largest=2, limit=1)

    monkeypatch.setattr(flow, "solve", failing)
    formulation = CASES["greedy_trap"].build()
    tiers = [Tier("points", formulation.objective)]
    answer = solve_tiers(formulation, tiers, limits=Limits())
    assert (answer.choice.name, answer.choice.reason_code) == ("cpsat", "costs_too_large_for_flow")
    assert (answer.results[0].value, answer.results[0].backend) == (18, "cpsat")
    with pytest.raises(ModelError) as caught:
        solve_tiers(formulation, tiers, limits=Limits(), backend="flow")
    assert caught.value.code == "cost_too_large_for_flow"
