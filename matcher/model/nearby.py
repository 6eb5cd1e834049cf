"""Other points on the same rows: a plan near the one at hand, within the gap that is allowed, and a certified bound.

Many plans lie within a gap, and which of them a solver ends at says nothing.

1. Linear prices of the new points give the bound. Where the plan at hand is within the gap of it, it stays.
2. Else its columns get `bonus` points more each, the gap's points shared out over them: of the plans within the gap one
   that keeps many is looked for, and a column leaves only where that is worth more than the bonus.
3. Linear prices with the bonus give a core: the columns that are used and those of least loss. HiGHS works on it from
   the plan at hand; what it returns is rounded and checked.

The linear programmes start on the columns that were cheap for the old points; all others are looked at afterwards.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.model.certificate import reduced_costs
from matcher.model.formulation import Formulation, Int64, with_objective
from matcher.model.solvers.climb import least_value
from matcher.model.solvers.incumbent import is_feasible
from matcher.model.solvers.linear_prices import Relaxation, relax
from matcher.model.solvers.mathopt import MipRun, programme_of, solve_integer

_FIRST_LOSS_SHARE = 0.06
# Of the dearest column: 750 of 22,001 columns on 60 × 800, and one or two linear programmes a draw.
_CORE_FACTOR = 1.2
# 320 columns: 0.08 s, and within 0.02 % of what a core of 800 gives in 0.5 s.
_CORE_GAP = 2e-4
_EXACT_LIMIT = 2.0**53


@dataclass(frozen=True)
class Near:
    """`x` is (n_cols,), or None where no plan was found; `value` and `bound` are points without the bonus."""

    x: Int64 | None
    value: int | None
    bound: int | None


@dataclass(frozen=True)
class Nearby:
    """A plan and what is worth keeping of its solve. `first` is (n_cols,) bool, `bonus` points a kept column."""

    x: Int64
    first: npt.NDArray[np.bool_]
    gap: float
    bonus: int
    seed: int = 0

    def solve(self, formulation: Formulation, *, stop: threading.Event | None = None) -> Near:
        """The best plan found under the points of `formulation`, whose rows are those of the plan's own model.

        Equal input gives the equal plan: nothing is limited by the clock.
        """
        relaxation = relax(formulation, first=self.first, stop=stop)
        start = self.x if is_feasible(formulation, self.x) else None
        if start is not None and relaxation.bound is not None:
            value = formulation.value_of(start)
            if value >= least_value(relaxation.bound, self.gap):
                return Near(start, value, relaxation.bound)
        kept = np.where(self.x > 0, np.int64(self.bonus), np.int64(0))
        favoured = with_objective(formulation, formulation.objective + kept)
        found = self._core(favoured, start, stop)
        plans = [x for x in (found, start) if x is not None]
        if not plans:
            return Near(None, None, relaxation.bound)
        best = max(plans, key=favoured.value_of)
        return Near(best, formulation.value_of(best), relaxation.bound)

    def _core(self, formulation: Formulation, start: Int64 | None, stop: threading.Event | None) -> Int64 | None:
        relaxation = relax(formulation, first=self.first, stop=stop)
        if relaxation.prices is None or relaxation.x is None or not _is_exact(formulation):
            return None
        reduced = reduced_costs(formulation, relaxation.prices)
        base = np.where(reduced > 0, formulation.column_upper, formulation.column_lower)
        base = np.where(relaxation.x > 1 - 1e-6, formulation.column_upper, base)
        is_near = _near(relaxation, reduced) | ((self.x > 0) & (formulation.column_upper > 0))
        if start is not None:
            is_near |= start != base
        free = np.flatnonzero(is_near)
        kept = base.copy()
        kept[free] = 0
        run = MipRun(gap=_CORE_GAP, node_limit=1, seed=self.seed, constant=formulation.value_of(kept), stop=stop)
        hint = None if start is None else start[free]
        outcome = solve_integer(programme_of(formulation, free, base, is_integer=True), run, hint)
        if outcome.x is None:
            return None
        x = base.copy()
        x[free] = np.rint(outcome.x).astype(np.int64)
        return x if is_feasible(formulation, x) else None


def build_nearby(formulation: Formulation, x: Int64, *, gap: float, seed: int = 0) -> Nearby | None:
    """What a plan's own model says of the columns near it; None where its relaxation gives nothing.

    Parameters
    ----------
    x : (n_cols,) the plan; gap : relative, shared out over its columns
    """
    relaxation = relax(formulation)
    if relaxation.prices is None:
        return None
    loss = np.abs(reduced_costs(formulation, relaxation.prices)) / relaxation.prices.scale
    dearest = float(np.abs(formulation.objective).max(initial=1))
    bonus = int(gap * max(0, formulation.value_of(x))) // max(1, int(x.sum()))
    return Nearby(x, (loss <= _FIRST_LOSS_SHARE * dearest) | (x > 0), gap, bonus, seed)


def _near(relaxation: Relaxation, reduced: Int64) -> npt.NDArray[np.bool_]:
    """(n_cols,) the columns the relaxation uses, and a fifth as many more of least loss."""
    is_used = np.asarray(relaxation.x) > 1e-6
    n_wanted = int(_CORE_FACTOR * is_used.sum())
    is_near = np.zeros(reduced.size, np.bool_)
    is_near[np.argsort(np.abs(reduced), kind="stable")[:n_wanted]] = True
    return np.asarray(is_near | is_used)


def _is_exact(formulation: Formulation) -> bool:
    return float(np.abs(formulation.objective.astype(np.float64)) @ formulation.column_upper) < _EXACT_LIMIT
