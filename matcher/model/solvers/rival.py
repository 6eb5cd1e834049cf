"""HiGHS for the other searches: on the core of a large model at the start, and in a thread of its own beside them.

The thread joins only where a second one is allowed and a time limit will end it: MathOpt cannot interrupt HiGHS.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import replace

import numpy as np

from matcher.model.formulation import Int64
from matcher.model.solvers.climb import Climb, cheapest
from matcher.model.solvers.incumbent import is_feasible
from matcher.model.solvers.linear_prices import Relaxation
from matcher.model.solvers.mathopt import MipOutcome, MipRun, programme_of, solve_integer

_EXACT_LIMIT = 2.0**53
_CORE_FACTOR = 4.0
_CORE_GAP = 2e-4
_CORE_NODES = 400
_CORE_SHARE = 0.6
# It ends by nodes or gap; under load 0.2 of a minute was too little to find anything, and nothing else finds as much.
_POLL_S = 0.05
_SHARE = 0.97
_STAGES = ((0.25, 0.3), (0.5, 0.4), (1.0, _SHARE))
# Of the slack between bound and plan, the loss a column may have; and of the time that is left.
_NEARLY = 1e-6
# HiGHS looks at its clock between nodes only: what it ends with late would not count.


def solve_large_core(climb: Climb, relaxation: Relaxation) -> None:
    """HiGHS on the columns the relaxation uses and four times as many of least loss, all others at their better bound.

    Notes
    -----
    200,000 pairs with hours, quotas, rivals and a budget: 4.7 s to 0.09 % below the bound, where the greedy plan stands
    at 1.6 % and CP-SAT on the same 4,600 columns at 1.9 % after 20 s.
    """
    if relaxation.x is None or climb.loss is None or not _is_exact(climb):
        return
    if climb.limits.deterministic_limit is not None:  # HiGHS does not count its work
        return
    free = cheapest(climb, relaxation, climb.x, _CORE_FACTOR)
    at_one = relaxation.x > 1 - 1e-6
    base = np.where(at_one, climb.formulation.column_upper, climb.base)
    spend = MipRun(
        time_limit_s=None if climb.left_s is None else climb.left_s * _CORE_SHARE,
        node_limit=_CORE_NODES,
        gap=_CORE_GAP,
        seed=climb.limits.seed,
        stop=climb.limits.stop,
    )
    _take(climb, free, base, _highs(climb, free, base, spend))


def _is_exact(climb: Climb) -> bool:
    formulation = climb.formulation
    return float(np.abs(formulation.objective.astype(np.float64)) @ formulation.column_upper) < _EXACT_LIMIT


def _highs(climb: Climb, free: Int64, base: Int64, spend: MipRun) -> MipOutcome:
    formulation = climb.formulation
    kept = base.copy()
    kept[free] = 0
    hint = None if climb.x is None else climb.x[free]
    whole = replace(spend, constant=formulation.value_of(kept), on_log=climb.log.extend if climb.limits.log else None)
    return solve_integer(programme_of(formulation, free, base, is_integer=True), whole, hint)


def _take(climb: Climb, free: Int64, base: Int64, outcome: MipOutcome) -> None:
    """Keeps the plan of HiGHS where exact integers agree that it is one."""
    if outcome.x is None:
        return
    x = base.copy()
    x[free] = np.rint(outcome.x).astype(np.int64)
    if is_feasible(climb.formulation, x):
        climb.take(x)


class Rival:
    """Runs of HiGHS to the end of the limits, if it may run at all: on columns of little loss, then on all open ones.

    Notes
    -----
    Few columns are searched deeper: a best plan hardly uses one that loses half of what is left to lose. Only
    the bound of the last run speaks of all plans.
    """

    def __init__(self, climb: Climb) -> None:
        self.climb = climb
        self.found: list[MipOutcome] = []
        self.thread: threading.Thread | None = None
        self.stage = -1
        self.is_heard = False

    def start(self) -> None:
        """Put HiGHS to work on the columns of the next stage, unless it is at work or was at its last."""
        climb = self.climb
        if climb.limits.threads < 2 or climb.left_s is None or not _is_exact(climb):
            return
        if (self.thread is not None and self.thread.is_alive()) or self.stage == len(_STAGES) - 1:
            return
        self.exchange()
        self.stage = self.stage + 1 if climb.value is not None and climb.loss is not None else len(_STAGES) - 1
        of_slack, of_time = _STAGES[self.stage]
        self.free = np.flatnonzero(climb.open_mask(of_slack))
        self.base = (climb.base if climb.base.size else climb.formulation.column_lower).copy()
        spend = MipRun(time_limit_s=of_time * climb.left_s, gap=climb.limits.gap, seed=climb.limits.seed)
        self.thread = threading.Thread(
            target=lambda: self.found.append(_highs(climb, self.free, self.base, spend)), daemon=True
        )
        self.thread.start()

    def exchange(self) -> None:
        """Takes the plan HiGHS ended with, and its bound as a claim, once it has."""
        while self.found:
            outcome = self.found.pop()
            _take(self.climb, self.free, self.base, outcome)
            if self.stage == len(_STAGES) - 1:
                self._note_claim(outcome.bound)

    def _note_claim(self, bound: float | None) -> None:
        """A plan better than the one at hand uses open columns only, so the bound on these speaks of all plans."""
        climb = self.climb
        if bound is None or climb.value is None or not math.isfinite(bound):
            return
        claimed = [one for one in (math.floor(bound + _NEARLY), climb.bound, climb.claimed_bound) if one is not None]
        climb.claimed_bound = max(climb.value, min(claimed))
        self.is_heard = True

    def finish(self) -> None:
        """Waits for HiGHS where the time is up anyway, so that its plan counts."""
        if self.thread is None:
            return
        until = time.monotonic() + min(1.0, (1.0 - _SHARE) * (self.climb.limits.time_limit_s or 0.0))
        while self.thread.is_alive() and time.monotonic() < until and not self._is_needless:
            self.thread.join(_POLL_S)
        if not self.climb.is_settled:
            self.exchange()
            # Until the limits end a proof was looked for; now the claim has to do.
            self.climb.is_proved = self.is_heard and self.climb.claimed_bound == self.climb.value

    @property
    def _is_needless(self) -> bool:
        return self.climb.is_settled or self.climb.limits.is_stopped
