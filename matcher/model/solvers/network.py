"""Whether a formulation is a network, and which: every row becomes one arc, every column one arc.

Two trees meet at node 0, "outside". The left tree (directors) runs coarse → fine away from it, the right tree
(companies, groups, total) fine → coarse towards it. A column is an arc from its finest left row to its finest right
row, or from / to node 0 where it is in no row of that side:

    0 ─▶ coarse left row ─▶ fine left row ─▶ column ─▶ fine right row ─▶ coarse right row ─▶ 0

The flow on a row's arc is the row's activity, so every x with its row bounds is a circulation, and back.
Auxiliary columns are welcome as long as they fit the same picture (an arc beside the trees, for example a shortage).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.model.formulation import Formulation, Index, Int64, RowFamily, Side

Int32 = npt.NDArray[np.int32]

_NONE = -1


@dataclass(frozen=True)
class Network:
    """A formulation as a circulation with n_rows + 1 nodes; node r + 1 belongs to row r, node 0 is outside.

    Attributes
    ----------
    tail, head : (n_cols + n_rows,) int32; the columns' arcs, then the rows' arcs
    activity_lower, activity_upper : (n_rows,) int64; the least and the most that the column bounds let a row reach
    """

    n_nodes: int
    tail: Int32
    head: Int32
    activity_lower: Int64
    activity_upper: Int64


def as_network(formulation: Formulation) -> Network | str:
    """The network that `formulation` is, or the code why it is none.

    Returns
    -------
    A Network, or one of
        ``coefficients`` : a coefficient other than 1
        ``no_side:<family>`` : a family that is not declared ``left`` or ``right``
        ``rows_overlap:<family>`` : two rows of the family share a column
        ``not_nested:left``, ``not_nested:right`` : two rows of the side share columns and neither contains the other

    Notes
    -----
    The side is a hint; that the rows nest is verified here. O(n_entries); one sort of the entries more when the
    families of a side do not nest family by family (a region inside a kind, and another kind inside a region).
    It does not look for a side: a row family that has none is refused even if it could stand on one.
    """
    known: Network | str | None = formulation.__dict__.get("_network")
    if known is None:  # asked by whoever chooses the backend, by whoever looks for parts, and by the backend
        known = formulation.__dict__["_network"] = _network_of(formulation)
    return known


def _network_of(formulation: Formulation) -> Network | str:
    if not formulation.has_unit_coef:
        return "coefficients"
    n_cols, n_rows = formulation.n_cols, formulation.n_rows
    tail, head = np.zeros(n_cols + n_rows, np.int32), np.zeros(n_cols + n_rows, np.int32)
    for family in formulation.families:
        if family.side == "":
            return f"no_side:{family.name}"
    for side in ("left", "right"):
        tree = _side_tree(formulation, side)
        if isinstance(tree, str):
            return tree
        leaf, parent, is_row = tree
        rows = np.flatnonzero(is_row)
        if side == "left":
            tail[:n_cols] = leaf + 1
            tail[n_cols + rows], head[n_cols + rows] = parent[rows] + 1, rows + 1
        else:
            head[:n_cols] = leaf + 1
            tail[n_cols + rows], head[n_cols + rows] = rows + 1, parent[rows] + 1
    lower, upper = (_activity(formulation, bound) for bound in (formulation.column_lower, formulation.column_upper))
    return Network(n_rows + 1, tail, head, lower, upper)


def _activity(formulation: Formulation, x: Int64) -> Int64:
    # The usual bounds 0 and 1 need no pass over the entries: 6 ms of 20 at 200 k pairs.
    if not x.any():
        return np.zeros(formulation.n_rows, np.int64)
    return np.diff(formulation.row_ptr) if (x == 1).all() else formulation.row_activity(x)


def _side_tree(formulation: Formulation, side: Side) -> tuple[Int32, Int32, npt.NDArray[np.bool_]] | str:
    """(n_cols,) finest row of each column, (n_rows,) next coarser row of each row, (n_rows,) which rows are here."""
    families = [family for family in formulation.families if family.side == side and family.stop > family.start]
    size = np.diff(formulation.row_ptr)
    # Fine before coarse: a family whose largest row is smaller cannot contain the other. Ties: more rows are finer.
    families.sort(key=lambda f: (int(size[f.start : f.stop].max()), f.start - f.stop, f.start))
    is_row = np.zeros(formulation.n_rows, np.bool_)
    for family in families:
        is_row[family.start : family.stop] = True
    leaf = np.full(formulation.n_cols, _NONE, np.int32)
    top = leaf.copy()
    children: list[Int32] = []
    parents: list[Int32] = []
    for family in families:
        cols, rows = _entries(formulation, family)
        below = None if family is families[0] else top[cols]
        top[cols] = rows
        if family.stop - family.start > 1 and not np.array_equal(top[cols], rows):
            return f"rows_overlap:{family.name}"
        if below is None:
            leaf = top.copy()
        else:
            is_first = below == _NONE
            leaf[cols[is_first]] = rows[is_first]
            children.append(below[~is_first])
            parents.append(rows[~is_first])
    parent = _parent_rows(formulation.n_rows, children, parents, top)
    if parent is None and len(families) > 1:
        leaf, parent = _sorted_tree(formulation, is_row, size)
    return f"not_nested:{side}" if parent is None else (leaf, parent, is_row)


def _entries(formulation: Formulation, family: RowFamily) -> tuple[Index, Int32]:
    start, stop = formulation.row_ptr[family.start], formulation.row_ptr[family.stop]
    counts = np.diff(formulation.row_ptr[family.start : family.stop + 1])
    return formulation.col_idx[start:stop], np.repeat(np.arange(family.start, family.stop, dtype=np.int32), counts)


def _parent_rows(n_rows: int, children: Sequence[Int32], parents: Sequence[Int32], top: Int32) -> Int32 | None:
    """(n_rows,) each row's next coarser row or −1; None when its columns disagree, which is: rows do not nest."""
    parent = np.full(n_rows, _NONE, np.int32)
    for child, coarser in zip(children, parents, strict=True):
        parent[child] = coarser
    for child, coarser in zip(children, parents, strict=True):
        if not np.array_equal(parent[child], coarser):
            return None
    is_top = np.zeros(n_rows + 1, np.bool_)
    is_top[top] = True  # −1, for columns in no row, falls on the spare last place
    return None if (is_top[:-1] & (parent != _NONE)).any() else parent


def _sorted_tree(formulation: Formulation, is_row: npt.NDArray[np.bool_], size: Int64) -> tuple[Int32, Int32 | None]:
    """The same tree with the rows of each column sorted one by one, fine to coarse, whatever their family."""
    row_order = np.lexsort((np.arange(size.size), size))
    rank = np.empty(size.size, np.int64)
    rank[row_order] = np.arange(size.size)
    is_here = is_row[formulation.entry_row_idx]
    cols, rows = formulation.col_idx[is_here], formulation.entry_row_idx[is_here]
    order = np.lexsort((rank[rows], cols))
    cols, here = cols[order], rows[order].astype(np.int32)
    is_same = np.append(cols[1:] == cols[:-1], False)
    is_next = np.append(False, is_same[:-1])
    leaf = np.full(formulation.n_cols, _NONE, np.int32)
    leaf[cols[~is_next]] = here[~is_next]
    return leaf, _parent_rows(formulation.n_rows, [here[is_same]], [here[is_next]], here[~is_same])
