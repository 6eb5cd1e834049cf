"""Every column's displacement at once: what forcing or forbidding it, alone, changes in an optimal plan of a network.

The same cheapest ways as `Residual.forcing` and `forbidding` find one by one, a pass of all that share an end, and
traced side by side. Imports no solver.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.model.displacement import FAR, Residual
from matcher.model.formulation import Int64

_MOST = 2**60
_CELLS_AT_ONCE = 4_000_000
"""Arcs × ends of one pass: 32 MB an array."""


@dataclass(frozen=True)
class Ways:
    """What follows from one change of each of some columns.

    Attributes
    ----------
    loss : (n,) points lost, 0 where `is_possible` is False; is_possible : (n,) whether some plan allows the change
    start : (n + 1,) where the further columns of each begin in `column` and `sign`: +1 taken, −1 given up
    """

    loss: Int64
    is_possible: npt.NDArray[np.bool_]
    start: Int64
    column: Int64
    sign: Int64

    def further(self, at: int) -> tuple[tuple[int, int], ...]:
        """(column, sign) of every further column that changes with the one at this place; in no order."""
        part = slice(int(self.start[at]), int(self.start[at + 1]))
        return tuple(zip(self.column[part].tolist(), self.sign[part].tolist(), strict=True))


def changing(residual: Residual) -> Ways:
    """(n_cols,) of forcing every column that is not chosen, and of forbidding every one that is.

    Notes
    -----
    One pass a group of columns with one end: of directors for the columns that are not chosen. Needs columns of 0/1.
    """
    formulation, network = residual.formulation, residual.network
    n_cols = formulation.n_cols
    tail, head = network.tail[:n_cols].astype(np.int64), network.head[:n_cols].astype(np.int64)
    is_chosen = residual.x > 0
    loss, is_possible = np.zeros(n_cols, np.int64), np.zeros(n_cols, np.bool_)
    found: list[tuple[Int64, Int64, Int64]] = []
    for columns, is_forced in ((np.flatnonzero(~is_chosen), True), (np.flatnonzero(is_chosen), False)):
        ends = (head[columns], tail[columns]) if is_forced else (tail[columns], head[columns])
        cost, which, column, sign = _traced(residual, *ends)
        points = formulation.objective[columns]
        is_free = formulation.column_upper[columns] > 0 if is_forced else formulation.column_lower[columns] == 0
        is_there = (cost < _MOST) & is_free
        loss[columns] = np.where(is_there, cost // residual.scale + np.where(is_forced, -points, points), 0)
        is_possible[columns] = is_there
        is_kept = is_there[which]
        found.append((columns[which[is_kept]], column[is_kept], sign[is_kept]))
    which, column, sign = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.argsort(which, kind="stable")
    start = np.concatenate(([0], np.cumsum(np.bincount(which, minlength=n_cols)))).astype(np.int64)
    return Ways(loss, is_possible, start, column[order], sign[order])


def _traced(residual: Residual, source: Int64, target: Int64) -> tuple[Int64, Int64, Int64, Int64]:
    """(n,) costs of the cheapest ways, and of every column on them: whose way it is on, the column and its sign."""
    if np.unique(source).size < np.unique(target).size:
        residual, source, target = residual.turned, target, source
    ends, place = np.unique(target, return_inverse=True)
    cost = np.full(source.size, FAR, np.int64)
    steps: list[tuple[Int64, Int64]] = []
    at_once = max(1, _CELLS_AT_ONCE // max(residual.tail.size, 1))
    for first in range(0, ends.size, at_once):
        here = np.flatnonzero((place >= first) & (place < first + at_once))
        way = residual.distances_to(ends[first : first + at_once])
        cost[here] = way[place[here] - first, source[here]]
        here = here[cost[here] < _MOST]
        steps += _steps(residual, way, here, place[here] - first, source[here], target[here])
    which = np.concatenate([part[0] for part in steps]) if steps else np.zeros(0, np.int64)
    arc = np.concatenate([part[1] for part in steps]) if steps else np.zeros(0, np.int64)
    return cost, which, residual.column[arc], residual.sign[arc]


def _steps(
    residual: Residual, way: Int64, which: Int64, row: Int64, node: Int64, target: Int64
) -> list[tuple[Int64, Int64]]:
    """(whose way, arc) of all arcs with a column, all ways walked side by side.

    Notes
    -----
    Every cycle costs more than 0, so arcs on which the distance falls by just their cost lead to the target.
    """
    nodes, start = residual.arcs_out
    if not nodes.size:
        return []
    is_tight = way[:, residual.tail] == residual.cost + way[:, residual.head]
    arcs = np.where(is_tight, np.arange(residual.tail.size), residual.tail.size)
    following = np.minimum.reduceat(arcs, start, axis=1)
    found: list[tuple[Int64, Int64]] = []
    while True:
        is_left = node != target
        which, row, node, target = which[is_left], row[is_left], node[is_left], target[is_left]
        if not which.size:
            return found
        arc = following[row, np.searchsorted(nodes, node)]
        has_column = residual.column[arc] >= 0
        found.append((which[has_column], arc[has_column]))
        node = residual.head[arc]
