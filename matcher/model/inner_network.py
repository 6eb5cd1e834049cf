"""What one column costs where the rows are no network, as far as the network among them settles it.

Left with the rows that nest, a model allows more plans, so forcing a column there costs no more than in the whole
model. Where the plan that costs least keeps every other row too, it is the best of the whole model, and the figure
exact. Imports no solver.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError
from matcher.model.displacement import Residual, build_residual
from matcher.model.formulation import Formulation, Int64, RowFamily
from matcher.model.residual import arc_group, potentials
from matcher.model.ways import Ways, changing


@dataclass(frozen=True)
class Settled:
    """What follows from one change of each column, of those for which the network settles it.

    Attributes
    ----------
    ways : of the network alone
    is_settled : (n_cols,) whether that is what follows in the whole model; also where no plan allows the change
    """

    ways: Ways
    is_settled: npt.NDArray[np.bool_]


def settled_by_network(formulation: Formulation, x: Int64) -> Settled | None:
    """What forcing or forbidding each column, alone, costs: exact where `is_settled`.

    Parameters
    ----------
    x : (n_cols,) a feasible plan of 0 and 1

    Returns
    -------
    None where the plan is not the best of the network's rows alone, or these are no network. Columns that the model
    demands are never settled: forbidding one is no change of a plan, but of a demand.

    Notes
    -----
    The passes of `changing` and one over the entries of the other rows.
    """
    inner, other_rows = _inner(formulation)
    residual = build_residual(inner, x)
    if residual is None or not _is_best(residual):
        return None
    ways = changing(residual)
    is_settled = _keeps_rows(formulation, x, ways, other_rows) | ~ways.is_possible
    return Settled(ways, is_settled & (formulation.column_lower == 0))


def _inner(formulation: Formulation) -> tuple[Formulation, npt.NDArray[np.bool_]]:
    """The model with the rows that stand on a side, and (n_rows,) which rows do not."""
    is_other = np.zeros(formulation.n_rows, np.bool_)
    families: list[RowFamily] = []
    start = 0
    for family in formulation.families:
        n_rows = family.stop - family.start
        if family.side == "":
            is_other[family.start : family.stop] = True
            continue
        families.append(RowFamily(family.name, start, start + n_rows, family.side))
        start += n_rows
    is_kept = ~is_other[formulation.entry_row_idx]
    lengths = np.diff(formulation.row_ptr)[~is_other]
    inner = replace(
        formulation,
        row_ptr=np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths))),
        col_idx=formulation.col_idx[is_kept],
        coef=formulation.coef[is_kept],
        row_lower=formulation.row_lower[~is_other],
        row_upper=formulation.row_upper[~is_other],
        families=tuple(families),
    )
    return inner, is_other


def _is_best(residual: Residual) -> bool:
    """Whether no cycle of the residual graph betters the plan."""
    n_nodes = residual.network.n_nodes
    try:
        potentials([arc_group(n_nodes, residual.tail, residual.head, residual.cost)], n_nodes)
    except ModelError:
        return False
    return True


def _keeps_rows(
    formulation: Formulation, x: Int64, ways: Ways, is_other: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """(n_cols,) whether the plan that each way leads to keeps the other rows, as `x` does."""
    n_cols, n_rows = formulation.n_cols, formulation.n_rows
    which = np.concatenate((np.arange(n_cols), np.repeat(np.arange(n_cols), np.diff(ways.start))))
    column = np.concatenate((np.arange(n_cols), ways.column))
    sign = np.concatenate((1 - 2 * x, ways.sign))
    entries = np.flatnonzero(is_other[formulation.entry_row_idx])
    entries = entries[np.argsort(formulation.col_idx[entries], kind="stable")]
    first = np.searchsorted(formulation.col_idx[entries], np.arange(n_cols + 1))
    n_each = np.diff(first)[column]
    step = np.repeat(np.arange(column.size), n_each)
    entry = entries[np.repeat(first[column] - (np.cumsum(n_each) - n_each), n_each) + np.arange(step.size)]
    cell, place = np.unique(which[step] * n_rows + formulation.entry_row_idx[entry], return_inverse=True)
    more = np.zeros(cell.size, np.int64)
    np.add.at(more, place, sign[step] * formulation.coef[entry])
    row = cell % n_rows
    activity = formulation.row_activity(x)[row] + more
    is_broken = (activity > formulation.row_upper[row]) | (activity < formulation.row_lower[row])
    keeps = np.ones(n_cols, np.bool_)
    keeps[cell[is_broken] // n_rows] = False
    return keeps
