"""A plan to start from, out of columns that somebody would like to keep: as many of their points as the rows let stand.

What breaks a row is dropped. CP-SAT chooses what: only the wanted columns and those that are no pairs are open, so that
this is a small model, whatever the size of the whole. Where rows ask for more than the wanted columns give, the columns
of those rows are opened too.
"""

from __future__ import annotations

import threading

import numpy as np

from matcher.model.formulation import NO_LIMIT, Formulation, Int64, with_objective
from matcher.model.solvers import cpsat_model
from matcher.model.solvers.cpsat_model import Part, Run
from matcher.model.solvers.incumbent import is_feasible

_WORK = 1.0


def start_from(
    formulation: Formulation,
    wanted: Int64,
    *,
    seed: int = 0,
    time_limit_s: float | None = None,
    stop: threading.Event | None = None,
) -> Int64 | None:
    """(n_cols,) a plan that keeps the wanted columns, or the most points of them that fit together; None without any.

    Parameters
    ----------
    wanted : (n_wanted,) columns of pairs
    time_limit_s, stop : as `Limits`; without a time limit two units of CP-SAT's deterministic work are all it takes

    Notes
    -----
    10,000 wanted columns that fit are checked in milliseconds. None does not mean that there is no plan.
    """
    x = formulation.column_lower.copy()
    x[wanted] = formulation.column_upper[wanted]
    if is_feasible(formulation, x):
        return x
    weights = np.zeros(formulation.n_cols, np.int64)
    weights[wanted] = 1 + np.maximum(formulation.objective[wanted], 0)
    model = with_objective(formulation, weights)
    is_open = np.zeros(formulation.n_cols, np.bool_)
    is_open[wanted] = True
    is_open[formulation.n_pairs :] = True
    spend = Run(work_limit=_WORK, seed=seed, time_limit_s=time_limit_s, stop=stop)
    for columns in (is_open, is_open | _of_short_rows(formulation, x)):
        part = Part(np.flatnonzero(columns), formulation.column_lower, np.zeros(0, np.int64))
        found = cpsat_model.run(model, part, spend, hint=x)
        if found.x is not None and is_feasible(formulation, found.x):
            return found.x
    return None


def _of_short_rows(formulation: Formulation, x: Int64) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(n_cols,) the columns of rows that x leaves below their lower bound."""
    is_short = (formulation.row_lower > -NO_LIMIT) & (formulation.row_activity(x) < formulation.row_lower)
    is_in = np.zeros(formulation.n_cols, np.bool_)
    is_in[formulation.col_idx[is_short[formulation.entry_row_idx]]] = True
    return is_in
