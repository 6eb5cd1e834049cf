"""What every search holds: the best plan so far, the least bound known, and when it has to end."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

import numpy as np

from matcher.model.answer import Limits, Prices
from matcher.model.formulation import Formulation, Int64
from matcher.model.solvers import Progress
from matcher.model.solvers.incumbent import is_feasible


@dataclass
class Best:
    """The state of one solve: the best x, (n_cols,), and the least bound known, in points.

    `loss`, (n_cols,), is what each column loses against the bound where it differs from `base`; `claimed_bound` is what
    a solver says and nobody has checked; `deadline` is on the clock of `time.monotonic`.
    """

    formulation: Formulation
    limits: Limits
    on_progress: Progress | None
    deadline: float
    x: Int64 | None = None
    value: int | None = None
    prices: Prices | None = None
    bound: int | None = None
    claimed_bound: int | None = None
    loss: Int64 | None = None
    base: Int64 = field(default_factory=lambda: np.zeros(0, np.int64))
    n_open: int = 0
    log: list[str] = field(default_factory=list)

    @property
    def left_s(self) -> float | None:
        return None if math.isinf(self.deadline) else max(0.0, self.deadline - time.monotonic())

    def take(self, x: Int64) -> bool:
        """Keeps x when it is feasible and better; whether it was."""
        if not is_feasible(self.formulation, x):
            return False
        value = self.formulation.value_of(x)
        if self.value is not None and value <= self.value:
            return False
        self.x, self.value = x, value
        self.report()
        return True

    def report(self) -> None:
        """Tells whoever listens of the value and the lesser of both bounds, once there are any."""
        bounds = [bound for bound in (self.bound, self.claimed_bound) if bound is not None]
        if self.on_progress is not None and self.value is not None and bounds:
            self.on_progress(self.value, min(bounds))
