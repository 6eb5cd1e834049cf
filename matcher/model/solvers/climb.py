"""From prices to a good plan: the state of a search, and the steps that better its plan by solving small parts.

1. Prices, of linear rows or of rows kept whole, give a bound and what each column loses against it.
2. A greedy plan from the relaxation's fractions, and CP-SAT on the few columns the prices like, give a plan.
3. Open a part of the plan, solve it, close it again: small models CP-SAT solves in 0.05 s each.
4. A column whose loss is at least bound − value cannot be in a better plan: it is fixed, which is exact.

On 60 directors × 800 companies, 48,000 pairs with hours, plain CP-SAT has no plan at all after 10 s.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError
from matcher.model.certificate import reduced_costs
from matcher.model.formulation import Formulation, Int64
from matcher.model.solvers import cpsat_model
from matcher.model.solvers.best import Best
from matcher.model.solvers.cpsat_model import Outcome, Part, Run
from matcher.model.solvers.incumbent import broken_rows, greedy, neighbourhoods
from matcher.model.solvers.linear_prices import Relaxation, relax

_SMALL = 400
_CORE_WORK = 0.08
_STEP_WORK = 0.05
_MAX_STEPS = 120
_PATIENCE = 20
_STEPS_SHARE = 0.7
_FEW_COLUMNS = 10_000
# CP-SAT proves little within seconds on more open columns than that.
_PRESOLVE_S_PER_COLUMN = 1e-5
# CP-SAT overran its limit by 0.2 s on 48,000 columns, as presolve does not look at the clock.
_LP_WORK_AT_LEAST = 1_000
LP_WORK_PER_ENTRY = 1e-6
"""What one linear programme counts for: 0.1 to 0.3 s with 48,000 pairs in four rows each."""


@dataclass
class Climb(Best):
    """The state of one solve that pays for its work."""

    loss_scale: int = 1
    loss_bound: int | None = None
    is_proved: bool = False
    work: float = 0.0
    n_runs: int = 0

    @property
    def left_work(self) -> float | None:
        limit = self.limits.deterministic_limit
        return None if limit is None else max(0.0, limit - self.work)

    @property
    def is_over(self) -> bool:
        """Whether time or work is used up, or somebody asks to stop."""
        return self.limits.is_stopped or self.left_work == 0.0 or self.deadline <= time.monotonic()

    def is_past(self, share: float) -> bool:
        """Whether this share of the time limit is over; never without one."""
        left, limit = self.left_s, self.limits.time_limit_s
        return left is not None and limit is not None and left < (1.0 - share) * limit

    def pay(self, work: float) -> bool:
        """Counts work that was done elsewhere; whether the search has to end now."""
        self.work += work
        return self.is_over

    @property
    def stop_at(self) -> int | None:
        """The least value that ends the search."""
        return None if self.bound is None else least_value(self.bound, self.limits.gap)

    @property
    def enough(self) -> int | None:
        """The highest bound that ends the search with the plan at hand."""
        return (
            None if self.value is None else self.value + math.floor(Fraction(self.limits.gap) * max(1, abs(self.value)))
        )

    @property
    def is_done(self) -> bool:
        return self.is_over or self.is_settled

    @property
    def is_settled(self) -> bool:
        """Whether the plan at hand is as good as was asked for."""
        return self.value is not None and (self.is_proved or (self.stop_at is not None and self.value >= self.stop_at))

    def open_mask(self, of_slack: float = 1.0) -> npt.NDArray[np.bool_]:
        """(n_cols,) columns that may differ from their better bound in a plan better than the one at hand; with
        `of_slack` below 1 only those of them that lose less than this part of what there is to lose."""
        if self.loss is None or self.loss_bound is None or self.value is None or self.x is None:
            return np.ones(self.formulation.n_cols, np.bool_)
        slack = (self.loss_bound - self.value) * self.loss_scale
        slack = slack if of_slack == 1.0 else math.ceil(of_slack * slack)
        return np.asarray((self.loss < slack) | (self.x != self.base))

    def run(self, part: Part, spend: Run, hint: Int64 | None) -> Outcome:
        """One CP-SAT run under what is left of the limits, written into the counts and the log."""
        bounded = replace(self.bounded(spend), stop_at=self.stop_at, log=self.limits.log)
        outcome = cpsat_model.run(self.formulation, part, bounded, hint=hint)
        self.work += outcome.work
        self.n_runs += 1
        if outcome.log:
            self.log.append(outcome.log)
        return outcome

    def bounded(self, spend: Run) -> Run:
        """The run under what is left of the limits."""
        works = [work for work in (spend.work_limit, self.left_work) if work is not None]
        limits = self.limits
        return replace(
            spend, time_limit_s=self.left_s, work_limit=min(works, default=None), seed=limits.seed, stop=limits.stop
        )

    def relaxed(self, formulation: Formulation | None = None) -> Relaxation:
        """The linear relaxation of a formulation, else of the whole, under what is left of the limits."""
        model = self.formulation if formulation is None else formulation
        found = relax(model, time_limit_s=self.left_s, work_limit=self.left_work, stop=self.limits.stop)
        self.work += LP_WORK_PER_ENTRY * (model.col_idx.size + _LP_WORK_AT_LEAST) * (found.n_rounds + 1)
        return found


def least_value(bound: int, gap: float) -> int:
    """The least value v with (bound − v) / max(1, |v|) ≤ gap, or one just above it.

    Notes
    -----
    Exact in fractions: points may exceed 2⁵³. Below 0 the gap is of a value below the bound.
    """
    return math.ceil(Fraction(bound) / (1 + Fraction(gap) if bound > 0 else 1 - Fraction(gap)))


def use_prices(search: Climb, relaxation: Relaxation) -> Int64 | None:
    """Takes bound and reduced costs from the relaxation; returns its greedy plan, feasible or not."""
    if relaxation.prices is None or relaxation.x is None:
        return search.x
    formulation = search.formulation
    search.prices, search.bound = relaxation.prices, relaxation.bound
    try:
        reduced = reduced_costs(formulation, relaxation.prices)
    except ModelError:  # beyond int64: the bound stands, and every column stays open
        reduced = formulation.objective
    else:
        search.loss, search.loss_scale = np.abs(reduced), relaxation.prices.scale
        search.loss_bound = relaxation.bound
        search.base = np.where(reduced > 0, formulation.column_upper, formulation.column_lower)
    search.report()
    rounded = np.rint(relaxation.x).astype(np.int64)
    if np.abs(relaxation.x - rounded).max(initial=0.0) < 1e-6:
        search.take(rounded)
    if search.is_done:
        return search.x
    plain, demanded = greedy(formulation, relaxation.x, reduced)
    search.take(demanded)
    search.take(plain)
    return plain if search.x is None or worth(search, plain) > (search.value or 0) else search.x


def cheapest(search: Climb, relaxation: Relaxation, start: Int64 | None, factor: float) -> Int64:
    """(n,) ascending: the columns the relaxation or the start uses, and those of least loss beside them."""
    is_open = search.open_mask()
    if search.loss is None or relaxation.x is None:
        return np.flatnonzero(is_open)
    is_used = relaxation.x > 1e-6
    n_wanted = max(_SMALL, int(factor * is_used.sum()))
    is_near = np.zeros(is_open.size, np.bool_)
    # Among equal losses at random: by index it would be all columns of the first directors.
    chance = np.random.default_rng(search.limits.seed).permutation(is_open.size)
    is_near[np.lexsort((chance, search.loss))[:n_wanted]] = True
    is_near |= is_used
    is_near[search.formulation.n_pairs :] = True
    is_near &= is_open
    if start is not None:
        is_near |= start != search.base
    return np.flatnonzero(is_near)


def solve_core(search: Climb, relaxation: Relaxation, start: Int64 | None) -> tuple[Int64 | None, bool]:
    """CP-SAT on the few columns the prices like best: the plan to go on with, and whether none of them is better."""
    free = cheapest(search, relaxation, start, 2.5)
    base = search.base if search.base.size else search.formulation.column_lower
    part = Part(free, base, np.zeros(0, np.int64))
    outcome = search.run(part, Run(work_limit=_CORE_WORK), start)
    if outcome.x is not None:
        search.take(outcome.x)
    if search.x is None or search.value is None or (start is not None and worth(search, start) > search.value):
        return start, False
    return search.x, outcome.status == "optimal"


def worth(search: Climb, x: Int64) -> int:
    """Points of a plan that may fall short, each missing unit at the price of the best column."""
    dearest = int(np.abs(search.formulation.objective).max(initial=0))
    return search.formulation.value_of(x) - dearest * _shortage(search.formulation, x)


def solve_steps(search: Climb, relaxation: Relaxation, start: Int64 | None) -> None:
    """Opens a quarter of the plan at a time; rows the plan still breaks are priced until they hold."""
    if start is None or search.loss is None:
        return
    formulation = search.formulation
    until, last_work = search.deadline, math.inf
    if np.count_nonzero(search.open_mask()) <= _FEW_COLUMNS:
        until = _share_of(until)
        last_work = search.work + _STEPS_SHARE * (math.inf if search.left_work is None else search.left_work)
    x, idle = start, 0
    penalty = 4 * int(np.abs(formulation.objective).max(initial=0)) + 1
    near = cheapest(search, relaxation, x, 4.0)
    rng = np.random.default_rng(search.limits.seed)
    for mask in islice(neighbourhoods(formulation, rng), _MAX_STEPS):
        if search.is_done or idle >= _PATIENCE or time.monotonic() > until or search.work > last_work:
            return
        free = near[mask[near]]
        part = Part(free, x, broken_rows(formulation, x))
        outcome = search.run(part, Run(work_limit=_STEP_WORK, shortage_points=penalty), x)
        idle += 1
        if outcome.x is None:
            continue
        is_better = search.take(outcome.x)
        if is_better or (search.x is None and _shortage(formulation, outcome.x) < _shortage(formulation, x)):
            idle = 0
        x = outcome.x if search.x is None or worth(search, outcome.x) > (search.value or 0) else search.x


def _share_of(deadline: float) -> float:
    now = time.monotonic()
    return now + _STEPS_SHARE * (deadline - now)


def _shortage(formulation: Formulation, x: Int64) -> int:
    activity = formulation.row_activity(x)
    return int(np.maximum(0, formulation.row_lower - activity).sum())


def solve_open(search: Climb, *, work_limit: float | None = None) -> str:
    """CP-SAT on every column that losses do not fix, to the end of the limits; its status."""
    free = np.flatnonzero(search.open_mask())
    left = search.left_s
    if search.x is not None and left is not None:
        search.deadline -= _PRESOLVE_S_PER_COLUMN * free.size
        if search.is_done:
            return "unknown"
    search.n_open = int(free.size)
    base = search.base if search.base.size else search.formulation.column_lower
    spend = Run(work_limit=work_limit, gap=search.limits.gap, threads=search.limits.threads)
    outcome = search.run(Part(free, base, np.zeros(0, np.int64)), spend, search.x)
    if outcome.x is not None:
        search.take(outcome.x)
    if outcome.bound is not None and search.value is not None:
        # What is fixed holds no plan better than the value, so the whole model is bounded by both.
        search.claimed_bound = max(outcome.bound, search.value)
        search.is_proved = search.claimed_bound == search.value
    return outcome.status
