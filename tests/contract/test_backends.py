"""The contract of every backend: the right optimum, an x that holds, an honest word, or its exact refusal."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.errors import ModelError, UsageError
from matcher.model.answer import Limits
from matcher.model.certificate import certify
from matcher.model.solvers import BACKENDS, choose
from tests.brute_force import brute_force
from tests.contract.zoo import ZOO, Case

EVERY_BACKEND = pytest.mark.parametrize("backend", sorted(BACKENDS))
EVERY_CASE = pytest.mark.parametrize("case", ZOO, ids=lambda case: case.name)


def _refuses(backend: str, case: Case) -> bool:
    """Asserts the exact refusal of a backend that does not declare what the case needs."""
    if backend in case.too_large_for:
        with pytest.raises(ModelError) as failed:
            BACKENDS[backend].solve(case.build(), Limits())
        assert failed.value.code == f"cost_too_large_for_{backend}"
        return True
    if not case.no_network or "general_rows" in BACKENDS[backend].features:
        return False
    with pytest.raises(UsageError) as caught:
        choose(case.build(), backend)
    assert caught.value.code == "backend_cannot_hold"
    assert caught.value.params == {"name": backend, "reason": case.no_network}
    return True


@EVERY_CASE
def test_zoo_value_by_hand_is_the_optimum(case: Case) -> None:
    assert brute_force(case.build()).value == case.value


@EVERY_BACKEND
@EVERY_CASE
def test_backend_finds_the_optimum_and_the_right_word(backend: str, case: Case) -> None:
    if _refuses(backend, case):
        return
    formulation = case.build()
    answer = choose(formulation, backend).backend.solve(formulation, Limits())
    certificate = certify(formulation, answer)
    if case.value is None:
        assert answer.status == "infeasible"
        assert answer.x is None
        # A tree proves also what no fractions contradict.
        assert certificate.infeasible_proved is (backend == "pricing" or not case.is_lp_feasible)
        assert certificate.infeasible_proved or len(answer.witnesses) >= 2
        return
    assert answer.status == "optimal"
    assert answer.backend == backend
    assert certificate.value == case.value
    is_tight = case.bound is None or backend == "pricing"
    assert certificate.bound == (case.value if is_tight else case.bound)
    assert certificate.word == ("proved" if certificate.bound == case.value else "claimed")
    if case.x is not None:
        assert answer.x is not None and tuple(answer.x.tolist()) == case.x


@EVERY_BACKEND
@EVERY_CASE
def test_backend_starts_from_any_hint(backend: str, case: Case) -> None:
    if _refuses(backend, case):
        return
    formulation = case.build()
    hint = np.full(formulation.n_cols, 1, np.int64)
    answer = choose(formulation, backend).backend.solve(formulation, Limits(seed=3), hint=hint)
    assert certify(formulation, answer).value == case.value


@EVERY_CASE
def test_choice_is_flow_exactly_on_networks_it_can_hold(case: Case) -> None:
    choice = choose(case.build())
    if case.no_network:
        assert (choice.name, choice.reason_code) == ("pricing", "rows_are_no_network")
        assert choice.params == {"reason": case.no_network}
    elif "flow" in case.too_large_for:
        assert (choice.name, choice.reason_code) == ("cpsat", "costs_too_large_for_flow")
    else:
        assert (choice.name, choice.reason_code) == ("flow", "rows_are_network")
