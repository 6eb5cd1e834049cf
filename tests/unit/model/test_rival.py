"""What HiGHS says beside the other searches: its plan is checked, its bound is a claim."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest

from matcher.model.answer import Limits
from matcher.model.certificate import certify
from matcher.model.formulation import Formulation
from matcher.model.solvers.climb import Climb
from matcher.model.solvers.cpsat import answer_of
from matcher.model.solvers.mathopt import MipOutcome
from matcher.model.solvers.rival import Rival
from tests.contract.zoo import ZOO

CASES = {case.name: case for case in ZOO}


def _rival(formulation: Formulation, outcome: MipOutcome, *, x: list[int]) -> tuple[Climb, Rival]:
    climb = Climb(formulation, Limits(time_limit_s=1.0, threads=2), None, math.inf)
    assert climb.take(np.array(x, np.int64))
    rival = Rival(climb)
    rival.free, rival.base = np.arange(formulation.n_cols), np.zeros(formulation.n_cols, np.int64)
    rival.thread = threading.Thread(target=rival.found.append, args=(outcome,))
    rival.thread.start()
    rival.finish()
    return climb, rival


@pytest.mark.parametrize(
    ("bound", "status", "claimed"), [(6.0, "optimal", 6), (6.9999, "optimal", 6), (7.0, "feasible", 7)]
)
def test_a_bound_that_meets_the_plan_claims_it_optimal(bound: float, status: str, claimed: int) -> None:
    formulation = CASES["rivals"].build()  # best: 5 + 1
    outcome = MipOutcome("optimal", np.array([1.0, 0.0, 0.0, 1.0]), bound)
    climb, rival = _rival(formulation, outcome, x=[0, 0, 0, 0])
    answer = answer_of(climb, "pricing", 0.0)
    assert (climb.value, answer.status, answer.claimed_bound) == (6, status, claimed)
    assert rival.is_heard
    assert certify(formulation, answer).word == ("claimed" if status == "optimal" else "unknown")


def test_a_bound_below_the_plan_at_hand_claims_that_plan() -> None:
    """HiGHS had only the columns of better plans: that it finds none says that there is none."""
    climb, _ = _rival(CASES["rivals"].build(), MipOutcome("optimal", None, 4.0), x=[1, 0, 0, 1])
    assert (climb.value, climb.claimed_bound, climb.is_proved) == (6, 6, True)


@pytest.mark.parametrize("bound", [None, math.inf, -math.inf])
def test_no_bound_claims_nothing(bound: float | None) -> None:
    climb, rival = _rival(CASES["rivals"].build(), MipOutcome("feasible", None, bound), x=[1, 0, 0, 1])
    assert (climb.claimed_bound, climb.is_proved, rival.is_heard) == (None, False, False)
