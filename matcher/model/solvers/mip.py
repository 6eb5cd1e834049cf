"""Any rows, by branch and bound on the linear relaxation: HiGHS through MathOpt, which takes knapsack rows best.

1. The relaxation gives prices: a bound that does not depend on HiGHS, and reduced costs.
2. A greedy plan from its fractions, or the hint, is the first plan.
3. HiGHS on the few columns the prices like gives a better one, and whole directors of it are chosen again, some at a
   time. With more than one thread this goes on beside all other steps, as HiGHS has use for one only.
4. A column whose reduced cost is at least bound − value cannot be in a better plan: it is fixed, which is exact. HiGHS
   works on the rest, from the plan at hand.

HiGHS computes in doubles and accepts what is integer within 10⁻⁶: its x is rounded and checked with exact integers,
its ``optimal`` is a claim, and points or rows that doubles do not hold are refused. It reports nothing on the way but
its log, and cannot be interrupted; it runs in a thread that is left behind when somebody asks to stop.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError
from matcher.model.answer import Answer, Limits
from matcher.model.certificate import reduced_costs
from matcher.model.formulation import NO_LIMIT, Formulation, Int64
from matcher.model.solvers import Progress, cpsat_model
from matcher.model.solvers.best import Best
from matcher.model.solvers.cpsat_model import Part, Run
from matcher.model.solvers.incumbent import broken_rows, greedy, is_feasible, neighbourhoods
from matcher.model.solvers.linear_prices import Relaxation, relax
from matcher.model.solvers.mathopt import MipOutcome, MipRun, programme_of, solve_integer

NAME = "mip"
EXACT_LIMIT = 2**53
"""Points and row sums must stay below this: the whole numbers a double holds."""
_WITNESS_WORK = 60.0
_REPAIR_WORK = 2.0
_ROUNDING = 1e-5
_POLL_S = 0.05
_SMALL = 400
_CORE_FACTOR = 2.5
_CORE_SHARE = 0.2
_CORE_NODES = 500
_STEP_FACTOR = 8.0
_STEPS_SHARE = 0.15
_STEP_NODES = 200
_STEP_S = 2.0
_FIRST_OPEN = 0.2
_PATIENCE = 30


@dataclass
class _Search(Best):
    """The state of one solve by HiGHS."""

    stop: threading.Event = field(kw_only=True)
    n_nodes: int = 0
    n_steps: int = 0
    witnesses: list[str] = field(default_factory=lambda: ["linear_prices"])

    @property
    def is_done(self) -> bool:
        if self.stop.is_set() or self.deadline <= time.monotonic():
            return True
        if self.value is None or self.bound is None:
            return False
        return self.bound - self.value <= self.limits.gap * max(1, abs(self.value))

    def open_mask(self) -> npt.NDArray[np.bool_]:
        """(n_cols,) columns that may differ from their better bound in a plan better than the one at hand."""
        if self.loss is None or self.prices is None or self.bound is None or self.value is None or self.x is None:
            return np.ones(self.formulation.n_cols, np.bool_)
        slack = (self.bound - self.value) * self.prices.scale
        return np.asarray((self.loss < slack) | (self.x != self.base))


def solve(
    formulation: Formulation,
    limits: Limits,
    *,
    hint: npt.NDArray[np.int64] | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Answer:
    """The best plan found within the limits, with linear prices for its certificate.

    Parameters
    ----------
    hint : (n_cols,) x to start from; taken as the first plan when it is feasible
    on_progress : called with (value, bound) in points at each better plan that was checked
    stop : once set, the best plan so far comes back within 0.1 s; `Limits.stop` where there is none

    Returns
    -------
    Answer : ``optimal`` when the price bound meets the value or HiGHS claims it; ``infeasible`` only with verified
        Farkas prices, or when CP-SAT without presolve agrees with HiGHS.

    Raises
    ------
    ModelError : ``cost_too_large_for_mip`` when points or row sums may reach 2⁵³

    Notes
    -----
    With one thread and no time limit, equal input gives the equal x: the steps are limited by nodes. A time limit cuts
    steps off at moments that differ, and with several threads plans of equal points may.
    """
    started = time.monotonic()
    _refuse_large(formulation)
    deadline = math.inf if limits.time_limit_s is None else started + limits.time_limit_s
    search = _Search(formulation, limits, on_progress, deadline, stop=stop or limits.stop or threading.Event())
    if hint is not None and hint.shape == (formulation.n_cols,):
        search.take(hint.astype(np.int64))
    relaxation = relax(formulation, time_limit_s=search.left_s, stop=search.stop)
    if relaxation.farkas is not None:
        return Answer("infeasible", NAME, farkas=relaxation.farkas, witnesses=("linear_prices",))
    _use_prices(search, relaxation)
    status = "unknown" if search.is_done else _solve_stages(search, relaxation)
    if status == "infeasible" and search.x is None:
        return _infeasible(search, started)
    return _answer(search, started)


def _refuse_large(formulation: Formulation) -> None:
    high = formulation.column_upper.astype(np.float64)
    points = float(np.abs(formulation.objective.astype(np.float64)) @ high)
    used = np.abs(formulation.coef.astype(np.float64)) * high[formulation.col_idx]
    ends = (formulation.row_lower, formulation.row_upper)
    limit = max((int(np.abs(end[np.abs(end) < NO_LIMIT]).max(initial=0)) for end in ends), default=0)
    if max(points, limit, float(np.bincount(formulation.entry_row_idx, used).max(initial=0.0))) >= EXACT_LIMIT:
        raise ModelError("cost_too_large_for_mip", limit=EXACT_LIMIT - 1)


def _use_prices(search: _Search, relaxation: Relaxation) -> None:
    """Takes bound and reduced costs from the relaxation, and its greedy plans where they hold."""
    if relaxation.prices is None or relaxation.x is None:
        return
    formulation = search.formulation
    search.prices, search.bound = relaxation.prices, relaxation.bound
    try:
        reduced = reduced_costs(formulation, relaxation.prices)
    except ModelError:  # beyond int64: the bound stands, and every column stays open
        reduced = formulation.objective
    else:
        search.loss = np.abs(reduced)
        search.base = np.where(reduced > 0, formulation.column_upper, formulation.column_lower)
    search.report()
    rounded = np.rint(relaxation.x).astype(np.int64)
    if np.abs(relaxation.x - rounded).max(initial=0.0) < 1e-6:
        search.take(rounded)
    if search.is_done:
        return
    for x in greedy(formulation, relaxation.x, reduced):
        search.take(x)


def _solve_stages(search: _Search, relaxation: Relaxation) -> str:
    """The core, parts of the plan, and all open columns; HiGHS' status on the last."""
    if np.count_nonzero(search.open_mask()) > _SMALL and search.loss is not None:
        core = _Job(search, np.flatnonzero(_near_mask(search, relaxation, _CORE_FACTOR)), _CORE_SHARE, _CORE_NODES)
        if search.limits.threads > 1:
            _improve(search, relaxation, core.is_over)
        core.finish()
        _improve(search, relaxation, _alarm(search, _STEPS_SHARE))
    if search.is_done:
        return "unknown"
    free = np.flatnonzero(search.open_mask())
    search.n_open = int(free.size)
    if not free.size:  # one x is left, or none
        search.take(search.base if search.base.size else search.formulation.column_lower)
        search.claimed_bound = search.value
        return "infeasible" if search.x is None else "optimal"
    job = _Job(search, free)
    if search.limits.threads > 1:
        _improve(search, relaxation, job.is_over)
    return job.finish(is_whole=True)


class _Job:
    """One HiGHS run in a thread of its own, on the columns `free`, all others at their better bound."""

    def __init__(self, search: _Search, free: Int64, share: float = 1.0, node_limit: int | None = None) -> None:
        formulation = search.formulation
        self.search, self.free = search, free
        self.base = (search.base if search.base.size else formulation.column_lower).copy()
        hint = None if search.x is None else search.x[free]
        left = search.left_s
        spend = replace(_spend(search, free, self.base), time_limit_s=None if left is None else share * left)
        spend = replace(spend, node_limit=node_limit)
        programme = programme_of(formulation, free, self.base, is_integer=True)
        self.done: list[MipOutcome] = []
        # A daemon: MathOpt cannot interrupt HiGHS, and nobody who asked to stop shall wait for it.
        self.thread = threading.Thread(
            target=lambda: self.done.append(solve_integer(programme, spend, hint)), daemon=True
        )
        self.thread.start()

    def is_over(self) -> bool:
        return not self.thread.is_alive()

    def finish(self, *, is_whole: bool = False) -> str:
        """Waits, takes what HiGHS found, and its bound where the run was on all open columns; its status."""
        search = self.search
        while self.thread.is_alive() and not search.stop.is_set():
            self.thread.join(_POLL_S)
        if not self.done:
            return "unknown"
        outcome = self.done[0]
        if "highs" not in search.witnesses:
            search.witnesses.append("highs")
        search.n_nodes += outcome.n_nodes
        is_believed = _take_rounded(search, self.free, self.base, outcome)
        # Whoever takes an x that breaks a row may have cut off plans with it: then the bound is not believed either.
        if is_whole and is_believed and outcome.bound is not None and search.value is not None:
            # What is fixed holds no plan better than the value, so the whole model is bounded by both.
            search.claimed_bound = max(math.floor(outcome.bound + _ROUNDING), search.value)
        return outcome.status


def _spend(search: _Search, free: Int64, base: Int64) -> MipRun:
    kept = base.copy()
    kept[free] = 0
    return MipRun(
        time_limit_s=search.left_s,
        gap=search.limits.gap,
        seed=search.limits.seed,
        constant=search.formulation.value_of(kept),
        on_log=search.log.extend if search.limits.log else None,
    )


def _take_rounded(search: _Search, free: Int64, base: Int64, outcome: MipOutcome) -> bool:
    """Takes HiGHS' x, rounded; whether it kept every row, or there was none."""
    if outcome.x is None:
        return True
    x = base.copy()
    x[free] = np.rint(outcome.x).astype(np.int64)
    is_believed = is_feasible(search.formulation, x)
    search.take(x if is_believed else _repaired(search, x))
    return is_believed


def _near_mask(search: _Search, relaxation: Relaxation, factor: float) -> npt.NDArray[np.bool_]:
    """(n_cols,) open columns the relaxation or the plan uses, auxiliary ones, and those of least loss beside them."""
    is_near = search.open_mask()
    if search.loss is None or relaxation.x is None:
        return is_near
    is_used = relaxation.x > 1e-6
    if search.x is not None:
        is_used |= search.x != search.base
    n_wanted = max(_SMALL, int(factor * is_used.sum()))
    if n_wanted < search.loss.size:
        is_near &= is_used | (search.loss <= np.partition(search.loss, n_wanted)[n_wanted])
    is_near[search.formulation.n_pairs :] = True
    return is_near


def _alarm(search: _Search, share: float) -> Callable[[], bool]:
    """Whether this share of the time left now is over."""
    left = search.left_s
    until = math.inf if left is None else time.monotonic() + share * left
    return lambda: time.monotonic() > until


def _improve(search: _Search, relaxation: Relaxation, is_over: Callable[[], bool]) -> None:
    """Opens whole directors of the plan and lets HiGHS choose for them again, more at a time while that is easy.

    Without a time limit it ends after 30 steps that gave nothing; else only with `is_over`, as the time is there.
    """
    if search.loss is None:
        return
    patience = _PATIENCE if math.isinf(search.deadline) else math.inf
    formulation = search.formulation
    share, idle = _FIRST_OPEN, 0
    rng = np.random.default_rng((search.limits.seed % 2**32, search.n_steps))
    masks = neighbourhoods(formulation, rng, lambda: share)
    while search.x is not None and idle < patience and not (search.is_done or is_over()):
        search.n_steps += 1
        free = np.flatnonzero(next(masks) & _near_mask(search, relaxation, _STEP_FACTOR))
        base = search.x.copy()
        spend = replace(_spend(search, free, base), node_limit=_STEP_NODES, seed=search.n_steps, on_log=None)
        spend = replace(spend, stop=search.stop)
        if spend.time_limit_s is not None:
            spend = replace(spend, time_limit_s=min(_STEP_S, spend.time_limit_s))
        outcome = solve_integer(programme_of(formulation, free, base, is_integer=True), spend, base[free])
        before = search.value
        _take_rounded(search, free, base, outcome)
        idle = 0 if search.value != before else idle + 1
        share = min(1.0, share * 1.03) if outcome.status == "optimal" else max(0.01, share * 0.9)


def _repaired(search: _Search, x: Int64) -> Int64:
    """x with the columns of its broken rows and of the rows beside them chosen again by CP-SAT, exactly; or x."""
    formulation = search.formulation
    is_row = np.zeros(formulation.n_rows, np.bool_)
    is_row[broken_rows(formulation, x)] = True
    is_open = (x < formulation.column_lower) | (x > formulation.column_upper)
    is_open[formulation.col_idx[is_row[formulation.entry_row_idx]]] = True
    is_row[formulation.entry_row_idx[is_open[formulation.col_idx] & (x[formulation.col_idx] != 0)]] = True
    is_open[formulation.col_idx[is_row[formulation.entry_row_idx]]] = True
    part = Part(np.flatnonzero(is_open), x, np.zeros(0, np.int64))
    spend = Run(work_limit=_REPAIR_WORK, seed=search.limits.seed, time_limit_s=search.left_s, stop=search.stop)
    outcome = cpsat_model.run(formulation, part, spend)
    return x if outcome.x is None else outcome.x


def _infeasible(search: _Search, started: float) -> Answer:
    """One solver's word is not believed: CP-SAT, another kind of solver, has to agree."""
    spend = Run(presolve=False, linearization_level=0, work_limit=_WITNESS_WORK, seed=search.limits.seed)
    spend = replace(spend, stop=search.stop)
    second = cpsat_model.run(search.formulation, cpsat_model.whole(search.formulation), spend)
    if second.x is not None:
        search.take(second.x)
        search.claimed_bound = None
        return _answer(search, started)
    agreed = second.status == "infeasible"
    status: Literal["infeasible", "unknown"] = "infeasible" if agreed else "unknown"
    witnesses = ("highs", "cp_sat_presolve_off") if agreed else ("highs",)
    return Answer(status, NAME, prices=search.prices, witnesses=witnesses, log="\n".join(search.log))


def _answer(search: _Search, started: float) -> Answer:
    is_optimal = search.value is not None and search.value in (search.bound, search.claimed_bound)
    claimed = search.value if is_optimal else search.claimed_bound
    return Answer(
        status="unknown" if search.x is None else "optimal" if is_optimal else "feasible",
        backend=NAME,
        x=search.x,
        prices=search.prices,
        claimed_bound=search.bound if claimed is None else claimed,
        witnesses=tuple(search.witnesses),
        counts={
            "n_cols": search.formulation.n_cols,
            "n_open": search.n_open,
            "n_nodes": search.n_nodes,
            "n_steps": search.n_steps,
            "wall_s": time.monotonic() - started,
        },
        log="\n".join(search.log),
    )
