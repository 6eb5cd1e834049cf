"""What HiGHS says beside the other searches: its plan is checked, its bound is a claim."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest

from matcher.model.answer import Limits
from matcher.model.certificate import certify
from matcher.model.formulation import Formulation, build_formulation
from matcher.model.solvers.climb import Climb
from matcher.model.solvers.cpsat import answer_of
from matcher.model.solvers.mathopt import MipOutcome
from matcher.model.solvers.rival import _STAGES, Rival
from tests.contract.zoo import ZOO, block

CASES = {case.name: case for case in ZOO}


def _rival(formulation: Formulation, outcome: MipOutcome, *, x: list[int]) -> tuple[Climb, Rival]:
    climb = Climb(formulation, Limits(time_limit_s=1.0, threads=2), None, math.inf)
    assert climb.take(np.array(x, np.int64))
    rival = Rival(climb)
    rival.stage = len(_STAGES) - 1
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


def test_only_the_bound_of_the_last_run_counts() -> None:
    """The first runs have few columns: what is best on these says nothing of all plans."""
    formulation = CASES["rivals"].build()
    climb = Climb(formulation, Limits(time_limit_s=1.0, threads=2), None, math.inf)
    assert climb.take(np.array([1, 0, 0, 0], np.int64))
    rival = Rival(climb)
    rival.free, rival.base = np.arange(formulation.n_cols), np.zeros(formulation.n_cols, np.int64)
    for stage in range(len(_STAGES)):
        rival.stage = stage
        rival.found.append(MipOutcome("optimal", None, 5.0))
        rival.exchange()
        assert rival.is_heard == (stage == len(_STAGES) - 1)
    assert climb.claimed_bound == 5


def test_first_runs_have_only_columns_of_little_loss() -> None:
    climb = Climb(build_formulation([9, 8, 3, 2], [block("slots", [[0, 1, 2, 3]], [1])]), Limits(), None, math.inf)
    assert climb.take(np.array([0, 0, 1, 0], np.int64))
    climb.base, climb.loss, climb.loss_bound = np.array([1, 0, 0, 0]), np.array([1, 1, 6, 7]), 11
    assert climb.open_mask().tolist() == [True, True, True, True]  # x differs from the base in 0 and 2
    assert climb.open_mask(0.5).tolist() == [True, True, True, False]
    assert climb.open_mask(0.125).tolist() == [True, False, True, False]
