"""The network backend: one minimum-cost circulation, its own prices, and a witness when there is none.

OR-Tools' `SimpleMinCostFlow` (cost scaling, Goldberg 1997) finds the flow; it hands out no potentials in Python
(google/or-tools issue 3321), so they come from the residual graph. Deterministic. It cannot be interrupted: a time
limit is not kept, and `threads`, `seed`, `gap`, a limit on work and hints have nothing to act on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from matcher.errors import ModelError
from matcher.model.answer import Answer, Limits, Prices
from matcher.model.formulation import Formulation, Int64
from matcher.model.residual import NO_ARC, ArcGroup, arc_group, potentials
from matcher.model.solvers.network import Network, as_network

BACKEND = "flow"


def solve(
    formulation: Formulation,
    limits: Limits,
    *,
    hint: Int64 | None = None,
    on_progress: Callable[..., object] | None = None,
) -> Answer:
    """The optimum of a network formulation with prices that prove it, or prices that prove there is none.

    Parameters
    ----------
    limits, hint, on_progress : taken for the backends' common signature; a circulation has no use for them

    Returns
    -------
    Answer : ``optimal`` with `x` and tight `prices` (scale 1), or ``infeasible`` with `farkas`. `counts` holds
        n_nodes, n_arcs and price_rounds.

    Raises
    ------
    ModelError : ``not_a_network`` (reason as in `as_network`); ``cost_too_large_for_flow`` when |objective| ×
        number of nodes leaves what cost scaling can hold; ``flow_failed`` for a status that has no other name.

    Notes
    -----
    0.1 s at 1,000 directors × 10,000 companies with 152 k pairs (2 cores). See `potentials` for when prices are slow.
    """
    network = as_network(formulation)
    if isinstance(network, str):
        raise ModelError("not_a_network", reason=network)
    counts: dict[str, int | float] = {"n_nodes": network.n_nodes, "n_arcs": int(network.tail.size)}
    farkas = _row_out_of_reach(formulation, network)
    if farkas is not None:
        return Answer("infeasible", BACKEND, farkas=Prices(farkas), counts=counts)
    x = _min_cost_circulation(formulation, network)
    if x is None:
        return Answer("infeasible", BACKEND, farkas=Prices(_cut(formulation, network)), counts=counts)
    return answer_of(formulation, network, x, limits, counts)


def answer_of(
    formulation: Formulation,
    network: Network,
    x: Int64,
    limits: Limits,
    known: Mapping[str, int | float],
    *,
    max_rounds: int | None = None,
) -> Answer:
    """An optimal x, (n_cols,), with the prices that prove it; `counts` are those known and the rounds prices took.

    Raises
    ------
    ModelError : ``negative_cycle`` where x is not optimal, or `max_rounds` do not show it
    """
    flow = np.concatenate((x, formulation.row_activity(x)))
    row_price, n_rounds = _row_prices(formulation, network, flow, max_rounds=max_rounds)
    counts = {**known, "price_rounds": n_rounds}
    log = _log(counts, formulation.value_of(x)) if limits.log else ""
    return Answer("optimal", BACKEND, x=x, prices=Prices(row_price), counts=counts, log=log)


def _log(counts: Mapping[str, int | float], value: int) -> str:
    """What there is to tell: OR-Tools' flow keeps no log of its own."""
    figures = ", ".join(f"{name} {number:g}" for name, number in counts.items())
    return f"SimpleMinCostFlow: optimal, value {value}, {figures}"


def cost_limit(network: Network) -> int:
    """The largest |points| of a free column that cost scaling takes; it may still give up on the way below that."""
    # OR-Tools multiplies costs by its nodes + 1 and refuses above half of int64; it adds a source and a sink.
    return (2**63 - 1) // (2 * (network.n_nodes + 3))


def _row_out_of_reach(formulation: Formulation, network: Network) -> Int64 | None:
    """Farkas prices on the one row whose bounds no x within the column bounds can reach, if there is one."""
    is_over, is_under = formulation.row_upper < network.activity_lower, formulation.row_lower > network.activity_upper
    bad = np.flatnonzero(is_over | is_under)
    if not bad.size:
        return None
    price = np.zeros(formulation.n_rows, np.int64)
    price[bad[0]] = 1 if is_over[bad[0]] else -1
    return price


def _flow_bounds(formulation: Formulation, network: Network) -> tuple[Int64, Int64]:
    """(n_cols + n_rows,) finite bounds; a row's are cut to what its columns can reach, which changes no solution."""
    column_lower, column_upper = formulation.column_lower, formulation.column_upper
    # A column in no row stands alone at its better bound. As a loop at node 0 it would be a negative cycle.
    is_alone = (network.tail[: formulation.n_cols] == 0) & (network.head[: formulation.n_cols] == 0)
    if is_alone.any():
        better = np.where(formulation.objective > 0, column_upper, column_lower)
        column_lower = np.where(is_alone, better, column_lower)
        column_upper = np.where(is_alone, better, column_upper)
    lower = np.concatenate((column_lower, np.maximum(formulation.row_lower, network.activity_lower)))
    upper = np.concatenate((column_upper, np.minimum(formulation.row_upper, network.activity_upper)))
    return lower, upper


def _supplies(network: Network, lower: Int64) -> Int64:
    """(n_nodes,) what each node holds once every arc carries its lower bound."""
    supply = np.zeros(network.n_nodes, np.int64)
    arcs = np.flatnonzero(lower)
    np.add.at(supply, network.head[arcs], lower[arcs])
    np.subtract.at(supply, network.tail[arcs], lower[arcs])
    return supply


def _min_cost_circulation(formulation: Formulation, network: Network) -> Int64 | None:
    """(n_cols,) what the columns carry, or None when no flow keeps the bounds."""
    solver, lower = _loaded(formulation, network)
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return None
    if status == solver.BAD_COST_RANGE:  # node potentials left int64 on the way: the check before is necessary only
        largest, limit = int(np.abs(formulation.objective).max(initial=0)), cost_limit(network)
        raise ModelError("cost_too_large_for_flow", largest=largest, limit=limit)
    if status != solver.OPTIMAL:
        raise ModelError("flow_failed", status=str(status))
    x = np.asarray(solver.flows(np.arange(formulation.n_cols, dtype=np.int32)), dtype=np.int64)
    return x if lower is None else x + lower


# Any: OR-Tools' solver has no type.
def _loaded(formulation: Formulation, network: Network) -> tuple[Any, Int64 | None]:
    """The solver with its arcs, and the columns' lower bounds, (n_cols,), or None where all are 0.

    What it is loaded with goes with this frame: beside what the solver makes of it, it was a third of the peak.
    """
    from ortools.graph.python import min_cost_flow

    lower, upper = _flow_bounds(formulation, network)
    capacity = np.subtract(upper, lower, out=upper)
    # A fixed arc decides nothing: its cost would only coarsen the cost scaling.
    cost = np.zeros(network.tail.size, np.int64)
    np.negative(formulation.objective, out=cost[: formulation.n_cols], where=capacity[: formulation.n_cols] > 0)
    limit = cost_limit(network)
    largest = int(np.abs(cost).max(initial=0))
    if largest > limit:
        raise ModelError("cost_too_large_for_flow", largest=largest, limit=limit)
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, capacity, cost)
    supply = _supplies(network, lower)
    nodes = np.flatnonzero(supply)
    solver.set_nodes_supplies(nodes.astype(np.int32), supply[nodes])
    own = lower[: formulation.n_cols]
    return solver, own.copy() if own.any() else None


def _cut(formulation: Formulation, network: Network) -> Int64:
    """(n_rows,) Farkas prices from a minimum cut: more is forced into a set of nodes than may leave it (Hoffman)."""
    from ortools.graph.python import max_flow

    # A cut may only price bounds that rows really have. A row that its columns cannot fill, or cannot empty, gets room
    # for one more or less, which no flow can use: then its arc is never tight, and never in the cut.
    n_cols = formulation.n_cols
    lower, upper = _flow_bounds(formulation, network)
    lower[n_cols:] = np.maximum(formulation.row_lower, -1)
    upper[n_cols:] = np.minimum(formulation.row_upper, network.activity_upper + 1)
    supply = _supplies(network, lower)
    source, sink = network.n_nodes, network.n_nodes + 1
    gives, takes = np.flatnonzero(supply > 0), np.flatnonzero(supply < 0)
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(network.tail, network.head, upper - lower)
    for tail, head, capacity in (
        (np.full(gives.size, source), gives, supply[gives]),
        (takes, np.full(takes.size, sink), -supply[takes]),
    ):
        solver.add_arcs_with_capacity(tail.astype(np.int32), head.astype(np.int32), capacity)
    solver.solve(source, sink)
    potential = np.zeros(network.n_nodes + 2, np.int64)
    potential[solver.get_source_side_min_cut()] = 1
    tail, head = network.tail[n_cols:], network.head[n_cols:]
    return np.asarray(potential[tail] - potential[head])


def _row_prices(
    formulation: Formulation, network: Network, flow: Int64, *, max_rounds: int | None = None
) -> tuple[Int64, int]:
    """(n_rows,) tight prices: the difference of the distances at the ends of each row's arc, and the rounds.

    Notes
    -----
    The distances from 0 are the largest potentials ≤ 0 that keep every residual arc, and what keeps the residual arcs
    of one optimal flow keeps those of all (complementary slackness): whichever flow was found, the prices are the same.
    A start near the end, from the points of the worst pair of each director, saves a third of the rounds, 7 ms of 2 at
    4,000 slots for 10,000 companies; but then the prices, and with them the proof in the plan, depend on the flow.
    """
    groups = residual_groups(formulation, network, flow)
    distance, n_rounds = potentials(groups, network.n_nodes, max_rounds=max_rounds)
    tail, head = network.tail[formulation.n_cols :], network.head[formulation.n_cols :]
    return distance[head] - distance[tail], n_rounds


def residual_groups(formulation: Formulation, network: Network, flow: Int64) -> tuple[ArcGroup, ArcGroup]:
    """The residual graph of a feasible flow: columns that can carry more, then all other arcs.

    Notes
    -----
    Rows keep their true bounds here: a row at what its columns can reach, but below its own bound, is not full, and so
    gets no price on a bound it does not have.
    """
    n_cols = formulation.n_cols
    x, activity = flow[:n_cols], flow[n_cols:]
    tail, head = network.tail, network.head
    is_free = x < formulation.column_upper
    forward = arc_group(
        network.n_nodes, tail[:n_cols], head[:n_cols], np.where(is_free, -formulation.objective, NO_ARC)
    )
    back = np.flatnonzero(x > formulation.column_lower)
    more = n_cols + np.flatnonzero(activity < formulation.row_upper)
    less = n_cols + np.flatnonzero(activity > formulation.row_lower)
    cost = np.concatenate((formulation.objective[back], np.zeros(more.size + less.size, np.int64)))
    others = arc_group(
        network.n_nodes,
        np.concatenate((head[back], tail[more], head[less])),
        np.concatenate((tail[back], head[more], tail[less])),
        cost,
    )
    return forward, others
