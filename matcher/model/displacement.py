"""What an optimal plan of a network would lose or gain by one change, exactly: shortest paths in its residual graph.

A plan that is optimal leaves no improving cycle. Forcing one more unit through an arc costs the cheapest cycle through
it, and that cycle *is* the chain of displacements: who takes whom, who leaves whom. A reduced cost says only how much a
change costs at least; here every figure is the difference of two optima. Imports no solver.

Source: Ahuja, Magnanti, Orlin, Network Flows (1993), chapter 9: optimality of successive shortest paths.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError
from matcher.model.formulation import Formulation, Int64
from matcher.model.solvers.network import Network, as_network

FAR = 2**61
"""The distance of what cannot be reached; with a cost below 2⁶⁰ added it stays inside int64."""

_MOST = 2**60
_CELLS_AT_ONCE = 8_000_000
"""Arcs × targets of one round: 64 MB an array."""


@dataclass(frozen=True)
class Displacement:
    """One change and what follows from it.

    Attributes
    ----------
    loss : points the plan loses, ≥ 0; below 0 a gain; None where no plan allows the change
    steps : (column, +1 taken or −1 given up) along the chain, in order; fewest columns among equal losses
    """

    loss: int | None
    steps: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Residual:
    """The residual graph of an optimal plan.

    Attributes
    ----------
    network : of `formulation`; x : (n_cols,) the plan; activity : (n_rows,) A x
    tail, head, cost : (n_arcs,) residual arcs by tail; a cost is points · `scale` + a small price for length
    column : (n_arcs,) the column an arc changes or −1; sign : (n_arcs,) +1 takes it, −1 gives it up
    """

    formulation: Formulation
    network: Network
    x: Int64
    activity: Int64
    tail: Int64
    head: Int64
    cost: Int64
    column: Int64
    sign: Int64
    scale: int

    @cached_property
    def arcs_out(self) -> tuple[Int64, Int64]:
        """(n_tails,) nodes that have arcs out, and where the arcs of each begin."""
        nodes, start = np.unique(self.tail, return_index=True)
        return nodes, start

    def distances_to(self, targets: npt.NDArray[np.integer]) -> Int64:
        """(n_targets, n_nodes) cost of the cheapest way from every node to each target; `FAR` where there is none.

        Notes
        -----
        Bellman–Ford on whole arrays: O(n_targets · n_arcs) a round, 10 to 60 rounds on bipartite instances measured.

        Raises
        ------
        ModelError : ``negative_cycle`` when distances still fall after n_nodes rounds: the plan was not optimal
        """
        n_nodes = self.network.n_nodes
        out = np.full((targets.size, n_nodes), FAR, np.int64)
        at_once = max(1, _CELLS_AT_ONCE // max(self.tail.size, 1))
        for first in range(0, targets.size, at_once):
            part = out[first : first + at_once]
            part[np.arange(part.shape[0]), targets[first : first + at_once]] = 0
            self._relax(part)
        return out

    def _relax(self, d: Int64) -> None:
        nodes, start = self.arcs_out
        if not nodes.size:
            return
        for _ in range(self.network.n_nodes + 1):
            best = np.minimum.reduceat(d[:, self.head] + self.cost, start, axis=1)
            is_better = (best < d[:, nodes]) & (best < _MOST)
            if not is_better.any():
                return
            d[:, nodes] = np.where(is_better, best, d[:, nodes])
        raise ModelError("negative_cycle", n_nodes=self.network.n_nodes)

    def forcing(self, column: int) -> Displacement:
        """What is lost when a column that is not chosen must be."""
        if self.x[column] > 0:
            return Displacement(0)
        if self.formulation.column_upper[column] == 0:
            return Displacement(None)
        return self.taking(column)

    def taking(self, column: int) -> Displacement:
        """The same of a column that the plan lacks, also one that no plan of the graph may have: below 0 a gain.

        Its upper bound of 0 left it without an arc, so the ways back are those of the programme without it.
        """
        source, target = int(self.network.head[column]), int(self.network.tail[column])
        return self._cycle(source, target, -int(self.formulation.objective[column]), ((column, 1),))

    def forbidding(self, column: int) -> Displacement:
        """What is lost when a column of 0 or 1 that is chosen may not be."""
        if self.x[column] == 0:
            return Displacement(0)
        if self.formulation.column_lower[column] > 0:
            return Displacement(None)
        source, target = int(self.network.tail[column]), int(self.network.head[column])
        return self._cycle(source, target, int(self.formulation.objective[column]), ((column, -1),))

    def raising(self, row: int) -> Displacement:
        """What follows from one more of a row's upper bound; its loss is 0 or below, minus the gain."""
        if self.activity[row] < self.formulation.row_upper[row]:
            return Displacement(0)
        at = self.formulation.n_cols + row
        found = self._cycle(int(self.network.head[at]), int(self.network.tail[at]), 0, ())
        return Displacement(0) if found.loss is None or found.loss >= 0 else found

    def lowering(self, row: int) -> Displacement:
        """What is lost by one less of a row's upper bound."""
        if self.activity[row] < self.formulation.row_upper[row]:
            return Displacement(0)
        if self.formulation.row_lower[row] == self.formulation.row_upper[row]:
            return Displacement(None)
        at = self.formulation.n_cols + row
        return self._cycle(int(self.network.tail[at]), int(self.network.head[at]), 0, ())

    def raised(self, row: int) -> tuple[Displacement, Residual]:
        """One more of a row's upper bound: what follows from it, and the graph of the best plan then."""
        found, upper = self.raising(row), self.formulation.row_upper.copy()
        upper[row] += 1
        formulation = replace(self.formulation, row_upper=upper)
        return found, _residual(formulation, self.network, self.after(found), self.scale)

    def after(self, found: Displacement) -> Int64:
        """(n_cols,) the plan that a change leads to."""
        x = self.x.copy()
        for column, sign in found.steps:
            x[column] += sign
        return x

    def losses_of_forcing(self, columns: npt.NDArray[np.integer]) -> tuple[Int64, npt.NDArray[np.bool_]]:
        """(n,) points lost when each column is forced, alone, and (n,) whether some plan has it."""
        tail, head = self.network.tail[columns], self.network.head[columns]
        targets, place = np.unique(tail, return_inverse=True)
        loss = np.zeros(columns.size, np.int64)
        at_once = max(1, _CELLS_AT_ONCE // max(self.tail.size, 1))
        for first in range(0, targets.size, at_once):
            is_here = (place >= first) & (place < first + at_once)
            way = self.distances_to(targets[first : first + at_once])
            loss[is_here] = way[place[is_here] - first, head[is_here]]
        is_possible = (loss < _MOST) & (self.formulation.column_upper[columns] > 0)
        loss = _points(loss, self.scale) - self.formulation.objective[columns]
        is_chosen = self.x[columns] > 0
        loss[is_chosen] = 0
        return np.where(is_possible | is_chosen, loss, 0), is_possible | is_chosen

    def losses_of_forbidding(self, columns: npt.NDArray[np.integer]) -> tuple[Int64, npt.NDArray[np.bool_]]:
        """(n,) points lost when each column of 0 or 1 is forbidden, alone, and (n,) whether some plan lacks it."""
        loss = self._between(self.network.tail[columns], self.network.head[columns])
        is_possible = (loss < _MOST) & (self.formulation.column_lower[columns] == 0)
        loss = _points(loss, self.scale) + self.formulation.objective[columns]
        is_chosen = self.x[columns] > 0
        return np.where(is_possible & is_chosen, loss, 0), is_possible | ~is_chosen

    def values_of_rows(self, rows: npt.NDArray[np.integer]) -> tuple[Int64, Int64, npt.NDArray[np.bool_]]:
        """(n,) gain of one more of each row's upper bound, (n,) loss of one less, (n,) whether one less is possible.

        Notes
        -----
        Rows that end at the same node, as those of all directors do, share one pass each way.
        """
        at = self.formulation.n_cols + rows
        tail, head = self.network.tail[at], self.network.head[at]
        is_full = self.activity[rows] >= self.formulation.row_upper[rows]
        gain = np.minimum(_points(self._between(head, tail), self.scale), 0)
        loss = self._between(tail, head)
        is_movable = self.formulation.row_lower[rows] < self.formulation.row_upper[rows]
        is_possible = ~is_full | ((loss < _MOST) & is_movable)
        loss = np.where(is_full & is_possible, _points(loss, self.scale), 0)
        return np.where(is_full, -gain, 0), loss, is_possible

    def _between(self, source: npt.NDArray[np.integer], target: npt.NDArray[np.integer]) -> Int64:
        """(n,) costs from each source to its target; passes over the ends there are fewer of."""
        ends, place = np.unique(target, return_inverse=True)
        starts, place_back = np.unique(source, return_inverse=True)
        if ends.size <= starts.size:
            return np.asarray(self.distances_to(ends)[place, source])
        return np.asarray(self.turned.distances_to(starts)[place_back, target])

    @cached_property
    def turned(self) -> Residual:
        """The same graph with every arc the other way round: ways from a node instead of to it."""
        order = np.argsort(self.head, kind="stable")
        return Residual(
            self.formulation, self.network, self.x, self.activity, self.head[order], self.tail[order],
            self.cost[order], self.column[order], self.sign[order], self.scale,
        )  # fmt: skip

    def _cycle(self, source: int, target: int, cost: int, before: tuple[tuple[int, int], ...]) -> Displacement:
        """The cheapest cycle of one changed arc and a way back through the residual graph."""
        way = self.distances_to(np.array([target]))[0]
        if way[source] >= _MOST:
            return Displacement(None)
        steps, node = list(before), source
        nodes, start = self.arcs_out
        while node != target:
            group = int(np.searchsorted(nodes, node))
            stop = start[group + 1] if group + 1 < start.size else self.tail.size
            arcs = np.arange(start[group], stop)
            arc = int(arcs[way[node] == self.cost[arcs] + way[self.head[arcs]]][0])
            if self.column[arc] >= 0:
                steps.append((int(self.column[arc]), int(self.sign[arc])))
            node = int(self.head[arc])
        return Displacement(cost + int(_points(way[source : source + 1], self.scale)[0]), tuple(steps))


def _points(distance: Int64, scale: int) -> Int64:
    """Distances back in points: the price for length is below one point and never below 0."""
    return np.asarray(distance // scale)


def build_residual(formulation: Formulation, x: npt.NDArray[np.integer]) -> Residual | None:
    """The residual graph of a plan of a network, or None where the rows are none or costs are too large to add up.

    Parameters
    ----------
    x : (n_cols,) a feasible plan. Figures are exact where it is optimal; a better plan shows as a ``negative_cycle``

    Notes
    -----
    Among chains of equal loss the one that changes the fewest columns is found: every column costs a little more than
    all rows of a way together, and all of them together less than one point.
    """
    network = as_network(formulation)
    if isinstance(network, str):
        return None
    scale = _scale(formulation, network.n_nodes)
    return None if scale is None else _residual(formulation, network, x.astype(np.int64), scale)


def _scale(formulation: Formulation, n_nodes: int) -> int | None:
    """What a point costs where a column costs a little; None where costs of a way could leave int64."""
    length = n_nodes + 1
    scale = length * (length + 1)
    is_free = formulation.column_lower < formulation.column_upper
    dearest = float(np.abs(formulation.objective[is_free]).max(initial=0))
    return None if (dearest + 1) * scale * length >= _MOST else scale


def _residual(formulation: Formulation, network: Network, x: Int64, scale: int) -> Residual:
    activity = formulation.row_activity(x)
    n_cols = formulation.n_cols
    can_take = np.flatnonzero(x < formulation.column_upper)
    can_give = np.flatnonzero(x > formulation.column_lower)
    more = n_cols + np.flatnonzero(activity < formulation.row_upper)
    less = n_cols + np.flatnonzero(activity > formulation.row_lower)
    points = np.concatenate((-formulation.objective[can_take], formulation.objective[can_give]))
    column = np.concatenate((can_take, can_give, np.full(more.size + less.size, -1)))
    tail = np.concatenate((network.tail[can_take], network.head[can_give], network.tail[more], network.head[less]))
    head = np.concatenate((network.head[can_take], network.tail[can_give], network.head[more], network.tail[less]))
    cost = np.concatenate((points * scale + network.n_nodes + 1, np.ones(more.size + less.size, np.int64)))
    sign = np.concatenate((np.ones(can_take.size, np.int64), np.full(can_give.size, -1)))
    sign = np.concatenate((sign, np.zeros(more.size + less.size, np.int64)))
    # A column in no row is a loop: it is on no cheapest way.
    kept = np.flatnonzero(tail != head)
    kept = kept[np.argsort(tail[kept], kind="stable")]
    tails, heads = tail[kept].astype(np.int64), head[kept].astype(np.int64)
    return Residual(formulation, network, x, activity, tails, heads, cost[kept], column[kept], sign[kept], scale)
