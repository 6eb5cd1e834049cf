"""`Formulation`: the assignment model as numbers only. No person, no company, no solver.

    maximise   objective · x
    where      column_lower ≤ x ≤ column_upper,   x integer
               row_lower ≤ A x ≤ row_upper        (A in CSR form)

The first `n_pairs` columns are pairs (one column: this director works with this company). Columns behind them are
auxiliary (for example: this director is used at all).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError

Int64 = npt.NDArray[np.int64]
Side = Literal["left", "right", ""]

Index = npt.NDArray[np.integer]
"""Places in an array: int32 where they fit, as int64 would be a third of a large model."""

NO_LIMIT = 2**62
"""A row bound at ±NO_LIMIT means: none on this side."""

_MAX_SUM = 2**62

_OF_ROWS = ("has_unit_coef", "entry_row_idx", "_network")
"""What is found out once of rows and column bounds, whatever the objective; the last by `solvers.network`."""


@dataclass(frozen=True, slots=True)
class RowFamily:
    """Rows `start` … `stop`−1 that say the same thing of different things.

    Parameters
    ----------
    name : stable name such as ``slots`` or ``quota:kind:municipality``; people's words are made from it above.
    side : ``left`` or ``right`` when the family's rows are disjoint sets of pairs with coefficient 1 that nest
        inside the coarser families of the same side (directors on the left, companies, groups and the total on the
        right); ``""`` when they are not. It is a hint that a network backend verifies, never believes.
    """

    name: str
    start: int
    stop: int
    side: Side = ""


@dataclass(frozen=True, slots=True)
class RowBlock:
    """One family before it is put into the model: entries in any order, rows counted from 0.

    Parameters
    ----------
    row_idx, col_idx : (n_entries,) int; coef : (n_entries,) int64 or None for all ones
    lower, upper : (n_rows,) int64; −NO_LIMIT / NO_LIMIT where there is none
    """

    name: str
    row_idx: npt.NDArray[np.integer]
    col_idx: npt.NDArray[np.integer]
    lower: npt.NDArray[np.integer]
    upper: npt.NDArray[np.integer]
    coef: npt.NDArray[np.integer] | None = None
    side: Side = ""


@dataclass(frozen=True)
class Formulation:
    """The model. Build it with `build_formulation`, which checks it.

    Attributes
    ----------
    objective, column_lower, column_upper : (n_cols,) int64
    row_ptr : (n_rows + 1,) int64; col_idx, coef : (n_entries,) int32 (int64 from 2³¹ columns on) and int64, rows in
        order, columns ascending in a row
    row_lower, row_upper : (n_rows,) int64
    families : contiguous, in row order

    Notes
    -----
    Arrays are not written to. Bounds and coefficients that are all the same may be one number seen n times (stride 0):
    16 bytes a pair instead of 56 in a network of two families.
    """

    objective: Int64
    column_lower: Int64
    column_upper: Int64
    row_ptr: Int64
    col_idx: Index
    coef: Int64
    row_lower: Int64
    row_upper: Int64
    families: tuple[RowFamily, ...]
    n_pairs: int

    @property
    def n_cols(self) -> int:
        return int(self.objective.size)

    @property
    def n_rows(self) -> int:
        return int(self.row_lower.size)

    @cached_property
    def has_unit_coef(self) -> bool:
        """Whether every coefficient is 1, as in a network."""
        return bool((self.coef == 1).all())

    @cached_property
    def entry_row_idx(self) -> Int64:
        """(n_entries,) the row each entry stands in."""
        return np.repeat(np.arange(self.n_rows, dtype=np.int64), np.diff(self.row_ptr))

    def row_activity(self, x: npt.NDArray[np.integer]) -> Int64:
        """(n_rows,) int64: A x, exact."""
        products = x.astype(np.int64)[self.col_idx]
        if not self.has_unit_coef:
            products *= self.coef
        total = np.concatenate(([0], np.cumsum(products, dtype=np.int64)))
        return np.asarray(total[self.row_ptr[1:]] - total[self.row_ptr[:-1]], dtype=np.int64)

    def value_of(self, x: npt.NDArray[np.integer]) -> int:
        """objective · x as an exact integer."""
        return int(np.dot(self.objective, x.astype(np.int64)))

    def family_of_row(self, row: int) -> RowFamily:
        """The family a row belongs to."""
        for family in self.families:
            if family.start <= row < family.stop:
                return family
        raise ModelError("row_out_of_range", row=row, n_rows=self.n_rows)


def build_formulation(
    objective: npt.ArrayLike,
    blocks: Sequence[RowBlock],
    *,
    n_pairs: int | None = None,
    column_lower: npt.ArrayLike | None = None,
    column_upper: npt.ArrayLike | None = None,
) -> Formulation:
    """The checked model made of an objective and row blocks, families in the order given.

    Parameters
    ----------
    objective : (n_cols,) integers; column_lower, column_upper : (n_cols,), default 0 and 1
    n_pairs : how many leading columns are pairs; default all

    Raises
    ------
    ModelError : a sum that could leave int64 (Σ|objective|·upper ≥ 2⁶², or a row's Σ|coef|·upper ≥ 2⁶²), an index
        out of range, a repeated entry, bounds that cross.
    """
    costs = int64_array(objective)
    n_cols = int(costs.size)
    low = _all(0, n_cols) if column_lower is None else int64_array(column_lower)
    high = _all(1, n_cols) if column_upper is None else int64_array(column_upper)
    if low.size != n_cols or high.size != n_cols or (low < 0).any() or (low > high).any():
        raise ModelError("column_bounds_wrong", n_cols=n_cols)
    if n_pairs is not None and not 0 <= n_pairs <= n_cols:
        raise ModelError("pairs_out_of_range", n_pairs=n_pairs, n_cols=n_cols)
    refuse_large_sum("objective", costs, high)
    parts = [_csr(block, n_cols) for block in blocks]
    families, start = [], 0
    for block in blocks:
        families.append(RowFamily(block.name, start, start + int(block.lower.size), block.side))
        start += int(block.lower.size)
    lengths = np.concatenate([np.zeros(1, np.int64), *[part[0] for part in parts]])
    formulation = Formulation(
        objective=costs,
        column_lower=low,
        column_upper=high,
        row_ptr=np.cumsum(lengths),
        col_idx=np.concatenate([np.zeros(0, _index_type(n_cols)), *[part[1] for part in parts]]),
        coef=_joined_coef([(part[1].size, part[2]) for part in parts]),
        row_lower=_joined([int64_array(block.lower) for block in blocks]),
        row_upper=_joined([int64_array(block.upper) for block in blocks]),
        families=tuple(families),
        n_pairs=n_cols if n_pairs is None else n_pairs,
    )
    _refuse_large_rows(formulation)
    return formulation


def with_objective(formulation: Formulation, objective: npt.ArrayLike) -> Formulation:
    """The same rows and columns under another objective, (n_cols,) integers.

    Raises
    ------
    ModelError : ``objective_shape_wrong``; ``sum_too_large`` as in `build_formulation`.
    """
    costs = int64_array(objective)
    if costs.shape != (formulation.n_cols,):
        raise ModelError("objective_shape_wrong", size=int(costs.size), n_cols=formulation.n_cols)
    refuse_large_sum("objective", costs, formulation.column_upper)
    changed = replace(formulation, objective=costs)
    known = formulation.__dict__
    changed.__dict__.update({name: known[name] for name in _OF_ROWS if name in known})
    return changed


def _csr(block: RowBlock, n_cols: int) -> tuple[Int64, Index, Int64 | None]:
    """(n_rows,) entries of each row, then columns and coefficients in row order; None where all are 1."""
    rows, cols = int64_array(block.row_idx), int64_array(block.col_idx)
    coef = _all(1, rows.size) if block.coef is None else int64_array(block.coef)
    n_rows = int(block.lower.size)
    if block.upper.size != n_rows or cols.size != rows.size or coef.size != rows.size:
        raise ModelError("block_shape_wrong", family=block.name)
    is_crossing = int64_array(block.lower) > int64_array(block.upper)
    if is_crossing.any():
        raise ModelError("row_bounds_cross", family=block.name, row=int(is_crossing.argmax()))
    if rows.size and (rows.min() < 0 or rows.max() >= n_rows or cols.min() < 0 or cols.max() >= n_cols):
        raise ModelError("entry_out_of_range", family=block.name, n_rows=n_rows, n_cols=n_cols)
    if rows.size > 1:
        key = rows * np.int64(max(n_cols, 1)) + cols
        if not (key[1:] > key[:-1]).all():
            order = np.argsort(key, kind="stable")
            rows, cols, key = rows[order], cols[order], key[order]
            coef = coef if block.coef is None else coef[order]
            if (key[1:] == key[:-1]).any():
                raise ModelError("entry_repeated", family=block.name)
    lengths = np.bincount(rows, minlength=n_rows).astype(np.int64)
    return lengths, cols.astype(_index_type(n_cols)), None if block.coef is None else coef


def _index_type(n: int) -> type[np.signedinteger[Any]]:
    """What holds places from 0 to n − 1."""
    return np.int32 if n <= 2**31 else np.int64


def _all(number: int, n: int) -> Int64:
    """(n,) one number seen n times, read-only."""
    return np.broadcast_to(np.int64(number), n)


def _joined_coef(parts: Sequence[tuple[int, Int64 | None]]) -> Int64:
    """Of each family how many entries, and their coefficients; None = all 1."""
    if all(coef is None for _, coef in parts):
        return _all(1, sum(n for n, _ in parts))
    return _joined([_all(1, n) if coef is None else coef for n, coef in parts])


def int64_array(values: npt.ArrayLike) -> Int64:
    """`values` as contiguous int64, never rounded and never wrapped.

    Raises
    ------
    ModelError : ``not_integer`` for fractions, booleans and integers that leave int64.
    """
    array = np.asarray(values)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise ModelError("not_integer", dtype=str(array.dtype))
    if array.dtype == np.uint64 and array.size and int(array.max()) >= 2**63:
        raise ModelError("not_integer", dtype=str(array.dtype))
    return np.ascontiguousarray(array, dtype=np.int64)


def _joined(arrays: Sequence[Int64]) -> Int64:
    return np.concatenate(arrays) if arrays else np.zeros(0, np.int64)


def refuse_large_sum(name: str, values: Int64, upper: Int64) -> None:
    """Raise ModelError ``sum_too_large`` where Σ|values| · upper could leave int64, for columns of these bounds."""
    if values.size * largest(values) * largest(upper) < _MAX_SUM * 0.999:
        return  # the usual case; the sum itself takes 7 ms at 200 k columns
    if values.size and float(np.abs(values.astype(np.float64)) @ upper.astype(np.float64)) >= _MAX_SUM * 0.999:
        raise ModelError("sum_too_large", name=name, limit=_MAX_SUM)


def largest(values: Int64) -> int:
    """The largest absolute value as a Python integer, 0 of none; that of −2⁶³ is no int64."""
    return max(abs(int(values.max())), abs(int(values.min()))) if values.size else 0


def _refuse_large_rows(formulation: Formulation) -> None:
    coef = 1 if formulation.has_unit_coef else largest(formulation.coef)
    if formulation.coef.size * coef * largest(formulation.column_upper) >= _MAX_SUM * 0.999:
        size = np.abs(formulation.coef.astype(np.float64)) * formulation.column_upper[formulation.col_idx]
        # One sum over all rows: `row_activity` adds them up in one running total.
        if float(size.sum()) >= _MAX_SUM * 0.999:
            raise ModelError("sum_too_large", name="rows", limit=_MAX_SUM)
