"""HiGHS beside the other searches: on the same open columns, in a thread of its own, with the same plan.

It joins only where a second thread is allowed and a time limit will end it: MathOpt cannot interrupt HiGHS.
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

import numpy as np

from matcher.model.solvers.climb import Climb
from matcher.model.solvers.incumbent import is_feasible
from matcher.model.solvers.mathopt import MipOutcome, MipRun, programme_of, solve_integer

_EXACT_LIMIT = 2.0**53


class Rival:
    """One run of HiGHS from here to the end of the limits, if it may run at all."""

    def __init__(self, climb: Climb) -> None:
        self.climb = climb
        self.found: list[MipOutcome] = []
        self.thread: threading.Thread | None = None
        formulation = climb.formulation
        points = float(np.abs(formulation.objective.astype(np.float64)) @ formulation.column_upper)
        if climb.limits.threads < 2 or climb.left_s is None or points >= _EXACT_LIMIT:
            return
        self.free = np.flatnonzero(climb.open_mask())
        self.base = (climb.base if climb.base.size else formulation.column_lower).copy()
        kept = self.base.copy()
        kept[self.free] = 0
        spend = MipRun(
            time_limit_s=climb.left_s,
            gap=climb.limits.gap,
            seed=climb.limits.seed,
            constant=formulation.value_of(kept),
            on_log=climb.log.extend if climb.limits.log else None,
        )
        programme = programme_of(formulation, self.free, self.base, is_integer=True)
        hint = None if climb.x is None else climb.x[self.free]
        self.thread = threading.Thread(
            target=lambda: self.found.append(solve_integer(programme, spend, hint)), daemon=True
        )

    def __enter__(self) -> Self:
        if self.thread is not None:
            self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def exchange(self) -> None:
        """Takes the plan HiGHS ended with, once it has."""
        while self.found:
            outcome = self.found.pop()
            if outcome.x is None:
                continue
            x = self.base.copy()
            x[self.free] = np.rint(outcome.x).astype(np.int64)
            if is_feasible(self.climb.formulation, x):
                self.climb.take(x)

    def finish(self) -> None:
        """Waits for HiGHS where the time is up anyway, so that its plan counts."""
        if self.thread is not None and not self.climb.is_settled:
            self.thread.join(1.0)
            self.exchange()
