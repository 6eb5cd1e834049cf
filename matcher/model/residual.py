"""The residual graph of a flow, and shortest distances in it: where prices and displacement chains come from.

An arc can carry more while its flow is below its upper bound (cost c), and give some back while its flow is above its
lower bound (the opposite way, cost −c). An optimal flow leaves no cycle of negative cost, so distances exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError
from matcher.model.formulation import Int64

NO_ARC = 2**62
"""The cost of an arc that is full: added to any distance ≤ 0 it stays inside int64 and improves none."""


@dataclass(frozen=True)
class ArcGroup:
    """Arcs sorted by tail: those of node v are `start[v]` … `start[v + 1]`−1.

    Attributes
    ----------
    start : (n_nodes + 1,) int64; head : (n_arcs,) int; cost : (n_arcs,) int64, points, `NO_ARC` when full
    arc_idx : (n_arcs,) the caller's number of each arc, or None when the order is the caller's
    """

    start: Int64
    head: npt.NDArray[np.integer]
    cost: Int64
    arc_idx: Int64 | None = None


def arc_group(n_nodes: int, tail: npt.NDArray[np.integer], head: npt.NDArray[np.integer], cost: Int64) -> ArcGroup:
    """The arcs as a group; O(n_arcs) when they come sorted by tail, one stable sort more when they do not."""
    start = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.bincount(tail, minlength=n_nodes))))
    if not tail.size or bool((tail[1:] >= tail[:-1]).all()):
        return ArcGroup(start, head, cost)
    order = np.argsort(tail, kind="stable")
    return ArcGroup(start, head[order], cost[order], order)


def potentials(
    groups: Sequence[ArcGroup], n_nodes: int, *, initial: Int64 | None = None, max_rounds: int | None = None
) -> tuple[Int64, int]:
    """Distances d with d[head] ≤ d[tail] + cost on every arc, and the number of rounds it took.

    Parameters
    ----------
    groups : the residual arcs; a round relaxes them group by group, each seeing what the one before it changed
    initial : (n_nodes,) int64 ≤ 0, default all 0 (as if one source reached every node at cost 0). Any start is
        right; one near the end saves rounds.
    max_rounds : give up after so many, default after what any optimal flow can take

    Returns
    -------
    (n_nodes,) int64 in points, and the rounds.

    Raises
    ------
    ModelError : ``negative_cycle`` when distances still fall after n_nodes + 1 rounds: the flow was not optimal. With
        fewer `max_rounds` it may have been.

    Notes
    -----
    Bellman–Ford on whole arrays. A round looks only at arcs out of nodes that changed since their group last looked,
    so later rounds are cheap; the first costs O(n_arcs). Rounds: at most the longest shortest path in arcs, 20 to 60 on
    bipartite instances measured. It works badly on one long chain (a path of n nodes takes n rounds of numpy calls,
    about 20 µs each), and on values that creep: a cycle of cost −1 among costs of 10⁶ is only found by the round limit.
    """
    d = np.zeros(n_nodes, np.int64) if initial is None else np.minimum(initial, 0)
    most = n_nodes + 1 if max_rounds is None else max_rounds
    n_rounds, pending = _lowered(groups, d, most)
    if pending.any():
        raise ModelError("negative_cycle", n_nodes=n_nodes)
    return d, n_rounds


def unsettled(groups: Sequence[ArcGroup], n_nodes: int, *, max_rounds: int) -> npt.NDArray[np.bool_]:
    """(n_nodes,) the nodes whose distance, or that of a node after them, may fall further after so many rounds.

    Notes
    -----
    Of every cycle of negative cost some node is among them.
    """
    return _lowered(groups, np.zeros(n_nodes, np.int64), max_rounds)[1]


def _lowered(groups: Sequence[ArcGroup], d: Int64, most: int) -> tuple[int, npt.NDArray[np.bool_]]:
    """Lower `d` in so many rounds at most: the rounds, and (n_nodes,) whose arcs were to be looked at next."""
    pending = [np.diff(group.start) > 0 for group in groups]
    n_rounds = 0
    while n_rounds <= most and any(bool(mask.any()) for mask in pending):
        n_rounds += 1
        for k, group in enumerate(groups):
            nodes = np.flatnonzero(pending[k])
            pending[k][nodes] = False
            changed = _relax(group, nodes, d)
            if changed.size:
                for other, mask in zip(groups, pending, strict=True):
                    mask[changed] = other.start[changed + 1] > other.start[changed]
    return n_rounds, np.logical_or.reduce(pending)


def _relax(group: ArcGroup, nodes: Int64, d: Int64) -> Int64:
    """Lower `d` over the arcs out of `nodes`; which nodes changed, each once."""
    if not nodes.size:
        return nodes
    n_arcs = group.start[nodes + 1] - group.start[nodes]
    if 2 * int(n_arcs.sum()) > group.cost.size:
        # All arcs in their order cost 9 ns each, some of them by index 19 ns.
        head, reach = group.head, np.repeat(d, np.diff(group.start)) + group.cost
    else:
        first = group.start[nodes] - (np.cumsum(n_arcs) - n_arcs)
        arcs = np.arange(int(n_arcs.sum())) + np.repeat(first, n_arcs)
        head, reach = group.head[arcs], np.repeat(d[nodes], n_arcs) + group.cost[arcs]
    better = np.flatnonzero(reach < d[head])
    if not better.size:
        return better
    head = head[better]
    np.minimum.at(d, head, reach[better])
    is_changed = np.zeros(d.size, np.bool_)
    is_changed[head] = True
    return np.flatnonzero(is_changed)
