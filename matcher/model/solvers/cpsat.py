"""Any rows, solved exactly: linear prices first, CP-SAT on what they leave open (`climb` tells the steps).

A bound above the optimum stays where knapsack rows leave a gap between fractions and integers: then no prices are tight
and the certificate says *claimed*. `pricing` proves such optima too.
"""

from __future__ import annotations

import math
import time

import numpy as np
import numpy.typing as npt

from matcher.model.answer import Answer, Limits
from matcher.model.formulation import Formulation
from matcher.model.solvers import Progress, cpsat_model
from matcher.model.solvers.climb import Climb, solve_core, solve_open, solve_steps, use_prices
from matcher.model.solvers.cpsat_model import Run

NAME = "cpsat"
_WITNESS_WORK = 60.0


def solve(
    formulation: Formulation,
    limits: Limits,
    *,
    hint: npt.NDArray[np.int64] | None = None,
    on_progress: Progress | None = None,
) -> Answer:
    """The best plan found within the limits, with linear prices for its certificate.

    Parameters
    ----------
    hint : (n_cols,) x to start from; taken as the first plan when it is feasible
    on_progress : called with (value, bound) in points at each better plan

    Returns
    -------
    Answer : ``optimal`` when the price bound meets the value or CP-SAT proved it on the columns that the prices leave
        open; ``infeasible`` only with verified Farkas prices or with two CP-SAT runs of different kind agreeing.

    Notes
    -----
    With one thread and no time limit reached, equal input gives the equal x. With several threads x may differ among
    plans of equal points; `tiers.solve_tiers` makes it unique again.
    """
    started = time.monotonic()
    deadline = math.inf if limits.time_limit_s is None else started + limits.time_limit_s
    search = Climb(formulation, limits, on_progress, deadline)
    if hint is not None and hint.shape == (formulation.n_cols,):
        search.take(hint.astype(np.int64))
    relaxation = search.relaxed()
    if relaxation.farkas is not None:
        return Answer("infeasible", NAME, farkas=relaxation.farkas, witnesses=("linear_prices",))
    start = use_prices(search, relaxation)
    is_solved = False
    if not search.is_done:
        start, is_solved = solve_core(search, relaxation, start)
    if not search.is_done and not is_solved:
        solve_steps(search, relaxation, start)
    status = None if search.is_done else solve_open(search)
    if status == "infeasible" and search.x is None:
        return infeasible(search, NAME)
    return answer_of(search, NAME, started)


def infeasible(search: Climb, name: str) -> Answer:
    """CP-SAT alone is not believed: it has called feasible models infeasible with presolve on (or-tools 5274)."""
    spend = Run(presolve=False, linearization_level=0, work_limit=_WITNESS_WORK)
    second = search.run(cpsat_model.whole(search.formulation), spend, None)
    if second.x is not None:
        search.take(second.x)
        return answer_of(search, name, time.monotonic())
    agreed = second.status == "infeasible"
    return Answer(
        "infeasible" if agreed else "unknown",
        name,
        prices=search.prices,
        witnesses=("cp_sat", "cp_sat_presolve_off") if agreed else ("cp_sat",),
        log="\n".join(search.log),
    )


def answer_of(search: Climb, name: str, started: float) -> Answer:
    is_optimal = search.value is not None and (search.is_proved or search.value == search.bound)
    claimed = search.value if is_optimal else search.claimed_bound
    return Answer(
        status="unknown" if search.x is None else "optimal" if is_optimal else "feasible",
        backend=name,
        x=search.x,
        prices=search.prices,
        claimed_bound=search.bound if claimed is None else claimed,
        witnesses=("linear_prices", "cp_sat") if search.n_runs else ("linear_prices",),
        counts={
            "n_cols": search.formulation.n_cols,
            "n_open": search.n_open,
            "n_runs": search.n_runs,
            "deterministic_time": search.work,
            "wall_s": time.monotonic() - started,
        },
        log="\n".join(search.log),
    )
