"""The parts a formulation falls into where no row joins them. Imports no solver.

Two columns belong together when a row holds both. A quota over everything joins all of it into one part; regional
programmes without one fall apart, and many small models are solved and proved faster than one large (`apart`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.model.formulation import Formulation, Int64, RowFamily


@dataclass(frozen=True)
class Components:
    """Which part each column and row belongs to.

    Attributes
    ----------
    of_column : (n_cols,) int64, of_row : (n_rows,) int64, parts numbered by their first column; a column in no row is
        a part of its own, a row without columns is in part −1
    n_components : how many parts hold a column
    """

    of_column: Int64
    of_row: Int64
    n_components: int


@dataclass(frozen=True)
class Part:
    """A formulation on some columns and rows of another, `col_idx` and `row_idx` ascending."""

    formulation: Formulation
    col_idx: Int64
    row_idx: Int64


def find_components(formulation: Formulation) -> Components:
    """The connected parts of the graph that joins every row to its columns.

    Notes
    -----
    Every column takes the least label of its rows and every row the least of its columns, and labels follow labels,
    until nothing changes: a few passes over the entries in numpy, O(n_entries log n) for all but long chains. Networkx
    wants an object for every entry.
    """
    n_cols, n_rows = formulation.n_cols, formulation.n_rows
    label = np.arange(n_cols, dtype=np.int64)
    of_row = np.full(n_rows, -1, np.int64)
    is_filled = np.diff(formulation.row_ptr) > 0
    starts = formulation.row_ptr[:-1][is_filled]
    if starts.size:
        label, of_row[is_filled] = _joined_labels(formulation, label, starts, np.flatnonzero(is_filled))
    first, position = np.unique(label, return_inverse=True)
    number = np.full(n_cols + 1, -1, np.int64)
    number[first] = np.arange(first.size)
    return Components(position.astype(np.int64).reshape(n_cols), number[of_row], int(first.size))


def _joined_labels(formulation: Formulation, label: Int64, starts: Int64, filled: Int64) -> tuple[Int64, Int64]:
    """(n_cols,) the least column of each column's part, (n_filled,) the same for each row that holds a column."""
    row_of_entry = np.repeat(np.arange(filled.size), np.diff(formulation.row_ptr)[filled])
    while True:
        least = np.minimum.reduceat(label[formulation.col_idx], starts)
        before = label
        label = label.copy()
        # A root hooks on to the least root it meets, then every column jumps to its root.
        np.minimum.at(label, before[formulation.col_idx], least[row_of_entry])
        np.minimum.at(label, formulation.col_idx, least[row_of_entry])
        while True:
            further = label[label]
            if np.array_equal(further, label):
                break
            label = further
        if np.array_equal(label, before):
            return label, least


def bundled(components: Components, least: int, *, first: int = 0) -> Components:
    """The same with small parts put together, in order, until each bundle holds `least` columns.

    Parameters
    ----------
    first : the part to begin with; those before it stay as they are
    """
    size = np.bincount(components.of_column, minlength=components.n_components)
    bundle = np.arange(components.n_components)
    filled, number = 0, first
    for part in range(first, components.n_components):
        if filled >= least:
            filled, number = 0, number + 1
        bundle[part] = number
        filled += int(size[part])
    n_bundles = int(bundle[-1]) + 1 if components.n_components else 0
    of_row = np.append(bundle, -1)[components.of_row]
    return Components(bundle[components.of_column], of_row, n_bundles)


def split(formulation: Formulation, components: Components) -> Iterator[Part]:
    """The parts one by one, in the order of their first column; rows without columns are in none.

    Notes
    -----
    Columns, rows and families keep their order. O(n_entries) for all parts together, after one sort.
    """
    n_parts = components.n_components
    col_order = np.argsort(components.of_column, kind="stable")
    row_order = np.argsort(components.of_row, kind="stable")
    col_ends = np.searchsorted(components.of_column[col_order], np.arange(n_parts + 1))
    row_ends = np.searchsorted(components.of_row[row_order], np.arange(n_parts + 1))
    place = np.empty(formulation.n_cols, np.int64)
    place[col_order] = np.arange(formulation.n_cols) - col_ends[components.of_column[col_order]]
    starts = np.array([family.start for family in formulation.families], np.int64)
    for part in range(n_parts):
        cols = col_order[col_ends[part] : col_ends[part + 1]]
        rows = row_order[row_ends[part] : row_ends[part + 1]]
        yield Part(_part_of(formulation, cols, rows, place, starts), cols, rows)


def _part_of(formulation: Formulation, cols: Int64, rows: Int64, place: Int64, starts: Int64) -> Formulation:
    lengths = formulation.row_ptr[rows + 1] - formulation.row_ptr[rows]
    row_ptr = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)))
    entries = np.repeat(formulation.row_ptr[rows] - row_ptr[:-1], lengths) + np.arange(row_ptr[-1])
    owner = np.searchsorted(starts, rows, side="right") - 1
    families = [
        RowFamily(family.name, int(start), int(stop), family.side)
        for family, start, stop in _families(formulation.families, owner)
    ]
    return Formulation(
        objective=formulation.objective[cols],
        column_lower=formulation.column_lower[cols],
        column_upper=formulation.column_upper[cols],
        row_ptr=row_ptr,
        col_idx=place[formulation.col_idx[entries]],
        coef=formulation.coef[entries],
        row_lower=formulation.row_lower[rows],
        row_upper=formulation.row_upper[rows],
        families=tuple(families),
        n_pairs=int(np.searchsorted(cols, formulation.n_pairs)),
    )


def _families(families: Sequence[RowFamily], owner: Int64) -> Iterator[tuple[RowFamily, int, int]]:
    """Each family with a row here, and where its rows start and stop here."""
    present, start = np.unique(owner, return_index=True)
    stop = np.append(start, owner.size)[1:]
    for number, first, last in zip(present.tolist(), start.tolist(), stop.tolist(), strict=True):
        yield families[number], first, last
