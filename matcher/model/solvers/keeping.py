"""A tie-break of a network near one that was solved: the old plan stays wherever nothing betters it.

What the tiers before left open falls apart into many small parts. Old plan by old plan: where a part holds it, and the
residual graph of that part has no cycle of negative cost, it is best there. The other parts are solved by one flow.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError
from matcher.model.answer import Answer, Limits
from matcher.model.components import Components, find_components
from matcher.model.formulation import Formulation, Int64
from matcher.model.near import Kept
from matcher.model.residual import unsettled
from matcher.model.shrinking import shrink
from matcher.model.solvers import flow
from matcher.model.solvers.network import Network, as_network

LEAST_COLUMNS = 1000
"""A flow of fewer columns takes a millisecond, as finding out what stays does."""

_MOST_SHARE = 0.5
_ROUNDS = 60


def solve_keeping(formulation: Formulation, kept: Kept, limits: Limits) -> Answer | None:
    """The answer of `flow.solve`, found from the plan of a model like this one; None where that is no shorter.

    Returns
    -------
    Answer : the optimum, and the prices that `flow.solve` finds: they do not depend on the way to the optimum. None for
        few columns, where half of them would be left, and where prices keep changing.

    Raises
    ------
    ModelError : as `flow.solve`
    """
    network = as_network(formulation)
    if isinstance(network, str) or formulation.n_cols < LEAST_COLUMNS:
        return None
    parts = find_components(formulation)
    if _has_broken_row(formulation, parts):
        return None
    stays = _stays(formulation, network, parts, kept.x)[parts.of_column]
    n_left = formulation.n_cols - int(np.count_nonzero(stays))
    if n_left > _MOST_SHARE * formulation.n_cols:
        return None
    x = _with_rest_solved(formulation, np.where(stays, kept.x, 0), stays)
    if x is None:
        return None
    known = {"n_nodes": network.n_nodes, "n_arcs": int(network.tail.size), "left": n_left}
    try:
        return flow.answer_of(formulation, network, x, limits, known, max_rounds=_ROUNDS)
    except ModelError as error:
        if error.code != "negative_cycle":
            raise
        return None


def _has_broken_row(formulation: Formulation, parts: Components) -> bool:
    """Whether a row without columns cannot hold."""
    is_broken = (formulation.row_lower > 0) | (formulation.row_upper < 0)
    return bool((is_broken & (parts.of_row < 0)).any())


def _stays(formulation: Formulation, network: Network, parts: Components, x: Int64) -> npt.NDArray[np.bool_]:
    """(n_components,) whether x is a best plan of a part."""
    activity = formulation.row_activity(x)
    is_bad_col = (x < formulation.column_lower) | (x > formulation.column_upper)
    is_bad_row = (activity < formulation.row_lower) | (activity > formulation.row_upper)
    stays = np.ones(parts.n_components, np.bool_)
    stays[parts.of_column[is_bad_col]] = False
    stays[parts.of_row[is_bad_row]] = False
    # Parts meet in the node outside; with one for each, what one part could better touches no other. The first of these
    # is of rows without columns, which are in no part: −1.
    outside = network.n_nodes + 1 + np.concatenate((parts.of_column, parts.of_row))
    own = replace(
        network,
        n_nodes=network.n_nodes + 1 + parts.n_components,
        tail=np.where(network.tail == 0, outside, network.tail).astype(np.int32),
        head=np.where(network.head == 0, outside, network.head).astype(np.int32),
    )
    groups = flow.residual_groups(formulation, own, np.concatenate((x, activity)))
    part_of_node = np.concatenate(([-1], parts.of_row, np.arange(-1, parts.n_components)))
    open_ = part_of_node[unsettled(groups, own.n_nodes, max_rounds=_ROUNDS)]
    stays[open_[open_ >= 0]] = False
    return stays


def _with_rest_solved(formulation: Formulation, x: Int64, stays: npt.NDArray[np.bool_]) -> Int64 | None:
    """(n_cols,) x where it stays, and a best plan of all other columns beside it."""
    if stays.all():
        return x
    lower, upper = np.where(stays, x, formulation.column_lower), np.where(stays, x, formulation.column_upper)
    rest = shrink(replace(formulation, column_lower=lower, column_upper=upper))
    found = None if rest.is_contradiction else flow.solve(rest.formulation, Limits())
    return None if found is None or found.x is None else rest.widen_x(found.x)
