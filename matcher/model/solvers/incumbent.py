"""First plans and small open parts of a plan, from the linear relaxation. No solver here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from matcher.model.formulation import NO_LIMIT, Formulation, Int64

Mask = npt.NDArray[np.bool_]

_MIN_ROWS = 4
_OPEN_SHARE = 0.25


def is_feasible(formulation: Formulation, x: Int64) -> bool:
    """Whether x keeps every column bound and every row."""
    if x.shape != (formulation.n_cols,) or (x < formulation.column_lower).any() or (x > formulation.column_upper).any():
        return False
    return not broken_rows(formulation, x).size


def broken_rows(formulation: Formulation, x: Int64) -> Int64:
    """The rows x breaks, ascending."""
    activity = formulation.row_activity(x)
    return np.flatnonzero((activity < formulation.row_lower) | (activity > formulation.row_upper))


def greedy(formulation: Formulation, fraction: npt.NDArray[np.float64], reduced: Int64) -> tuple[Int64, Int64]:
    """Two x that keep all upper row bounds: columns in order of their fraction, then their reduced cost.

    Parameters
    ----------
    fraction : (n_cols,) the x of the relaxation; reduced : (n_cols,) reduced costs, any scale

    Returns
    -------
    (n_cols,) in plain order, of more points and often short of lower row bounds; (n_cols,) rows that are short of their
    lower bound served first

    Notes
    -----
    Both start at the column lower bounds, and both may leave rows short. Only columns the relaxation uses and the
    ones next to them are walked over (a loop over some thousands, not over the pairs). 0.2–2 % below the LP bound on
    60 × 800 with hours.
    """
    x = formulation.column_lower.copy()
    order = np.lexsort((np.arange(x.size), -reduced, -fraction))
    n_used = int((fraction > 1e-6).sum())
    order = order[: max(2_000, 8 * n_used)]
    order = order[(x < formulation.column_upper)[order] & ((fraction > 1e-6) | (formulation.objective > 0))[order]]
    is_mine = np.zeros(x.size, np.bool_)
    is_mine[order] = True
    is_entry = is_mine[formulation.col_idx]
    entry_col = formulation.col_idx[is_entry]
    by_col = np.argsort(entry_col, kind="stable")
    rows, coef = formulation.entry_row_idx[is_entry][by_col], formulation.coef[is_entry][by_col]
    ptr = np.searchsorted(entry_col[by_col], np.arange(x.size + 1))
    step = np.minimum(np.clip(np.floor(fraction + 1e-6), 1, None).astype(np.int64), formulation.column_upper) - x
    order = order[step[order] > 0]
    walk = [(j, int(step[j]), slice(int(ptr[j]), int(ptr[j + 1]))) for j in order.tolist()]
    steps = [(j, step, rows[mine], coef[mine] * step) for j, step, mine in walk]
    plain, demanded = x.copy(), x.copy()
    nothing = np.full(formulation.n_rows, -NO_LIMIT)
    _fill(formulation, plain, steps, nothing)
    if (formulation.row_activity(plain) >= formulation.row_lower).all():
        return plain, plain
    _fill(formulation, demanded, steps, formulation.row_lower)
    _fill(formulation, demanded, [step for step in steps if demanded[step[0]] == x[step[0]]], nothing)
    return plain, demanded


_Step = tuple[int, int, Int64, Int64]
"""A column, by how much, its rows, and what that uses of each."""


def _fill(formulation: Formulation, x: Int64, steps: list[_Step], demand: Int64) -> None:
    """Takes the steps that fit into x, in order; where `demand` has a bound, only those a row short of it asks for."""
    activity, high = formulation.row_activity(x), formulation.row_upper
    is_asked = bool((demand > -NO_LIMIT).any())
    for j, step, at, use in steps:
        if is_asked and not ((activity[at] < demand[at]) & (use > 0)).any():
            continue
        if ((activity[at] + use <= high[at]) | (use <= 0)).all():
            activity[at] += use
            x[j] += step


def neighbourhoods(
    formulation: Formulation, rng: np.random.Generator, share: Callable[[], float] = lambda: _OPEN_SHARE
) -> Iterator[Mask]:
    """Endless masks of columns to open again, a quarter of a side's rows at a time, or what `share` says each time.

    Yields
    ------
    (n_cols,) bool : the columns of random rows of one family, and all columns no row of it holds

    Notes
    -----
    The family is the one with fewest rows among those whose rows are disjoint and hold most columns (the directors, in
    practice), so that whole directors are free to swap. Without one, a quarter of all columns.
    """
    owner = _owner_of_column(formulation)
    n_owners = int(owner.max(initial=-1)) + 1
    while True:
        if n_owners < _MIN_ROWS:
            yield rng.random(formulation.n_cols) < share()
            continue
        n_open = min(n_owners, max(2, round(n_owners * share())))
        is_open = np.zeros(n_owners + 1, np.bool_)
        is_open[rng.choice(n_owners, n_open, replace=False)] = True
        is_open[n_owners] = True  # owner −1: the columns no row of the family holds
        yield is_open[owner]


def _owner_of_column(formulation: Formulation) -> Int64:
    """(n_cols,) the row of the chosen family each column stands in, counted from 0; −1 for none."""
    best = np.full(formulation.n_cols, -1, np.int64)
    fewest = formulation.n_cols + 1
    for family in formulation.families:
        n_rows = family.stop - family.start
        start, stop = int(formulation.row_ptr[family.start]), int(formulation.row_ptr[family.stop])
        if not _MIN_ROWS <= n_rows < fewest or stop - start < formulation.n_pairs * 0.6:
            continue
        cols = formulation.col_idx[start:stop]
        if np.unique(cols).size == cols.size:
            best = np.full(formulation.n_cols, -1, np.int64)
            best[cols] = formulation.entry_row_idx[start:stop] - family.start
            fewest = n_rows
    return best
