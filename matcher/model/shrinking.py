"""A formulation without its fixed columns, and the way back for what is found of it. Imports no solver."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matcher.model.answer import Prices
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, RowFamily
from matcher.model.proof import AnyProof, Forest


@dataclass(frozen=True)
class Shrunk:
    """A formulation without its fixed columns, and how to get back.

    Attributes
    ----------
    formulation : free columns and the rows they stand in, bounds less what the fixed columns use
    free_idx : (n_free,) columns kept; row_idx : (n_kept_rows,) rows kept; fixed : (n_cols,) x of the columns dropped, 0
        at the free ones; constant : points of the fixed columns
    """

    formulation: Formulation
    free_idx: Int64
    row_idx: Int64
    fixed: Int64
    constant: int
    is_contradiction: bool

    def widen_x(self, x: npt.NDArray[np.integer]) -> Int64:
        """(n_cols,) the x of the whole formulation."""
        out = self.fixed.copy()
        out[self.free_idx] = x
        return out

    def widen_prices(self, prices: Prices | None, n_rows: int) -> Prices | None:
        """The same prices on the rows of the whole formulation, 0 on those dropped."""
        if prices is None:
            return None
        row = np.zeros(n_rows, np.int64)
        row[self.row_idx] = prices.row
        return Prices(row, prices.scale)

    def widen_proof(self, proof: AnyProof | None, n_rows: int) -> AnyProof | None:
        """The same proof of the whole formulation: prices 0 on the rows dropped, its bound with `constant`."""
        if proof is None:
            return None
        if isinstance(proof, Forest):
            return self._widened_forest(proof)

        def widened(price: Int64) -> Int64:
            row = np.zeros(n_rows, np.int64)
            row[self.row_idx] = price
            return row

        nodes = tuple(
            replace(
                node,
                prices=tuple(widened(price) for price in node.prices),
                column=-1 if node.column < 0 else int(self.free_idx[node.column]),
            )
            for node in proof.nodes
        )
        return replace(proof, bound=proof.bound + self.constant, kept=self.row_idx[proof.kept], nodes=nodes)

    def within(self, outer: Shrunk) -> Shrunk:
        """The same seen from the formulation that `outer` was shrunk from: this one is shrunk from what it left."""
        return replace(
            self,
            free_idx=outer.free_idx[self.free_idx],
            row_idx=outer.row_idx[self.row_idx],
            fixed=outer.widen_x(self.fixed),
            constant=outer.constant + self.constant,
        )

    def _widened_forest(self, forest: Forest) -> Forest:
        """A fixed column goes with the free one before it: it counts in no part, and long runs are short to write."""
        before = np.searchsorted(self.free_idx, np.arange(self.fixed.size), side="right") - 1
        return replace(forest, bound=forest.bound + self.constant, of_column=forest.of_column[np.maximum(before, 0)])


def shrink(formulation: Formulation) -> Shrunk:
    """The formulation without fixed columns and without rows that no free column stands in.

    Notes
    -----
    Exact: the plans and, less `constant`, their points are the same. A dropped row that the fixed columns break sets
    `is_contradiction`. After a tier few columns are free, and ten tie-break tiers cost next to nothing.
    """
    is_free = formulation.column_lower < formulation.column_upper
    if is_free.all() and (np.diff(formulation.row_ptr) > 0).all():
        cols, rows = np.arange(formulation.n_cols), np.arange(formulation.n_rows)
        return Shrunk(formulation, cols, rows, np.zeros(formulation.n_cols, np.int64), 0, is_contradiction=False)
    free_idx = np.flatnonzero(is_free)
    fixed = np.where(is_free, 0, formulation.column_lower)
    used = formulation.row_activity(fixed) if fixed.any() else np.zeros(formulation.n_rows, np.int64)
    low, high = formulation.row_lower, formulation.row_upper
    lower = np.where(low <= -NO_LIMIT, -NO_LIMIT, low - used)
    upper = np.where(high >= NO_LIMIT, NO_LIMIT, high - used)
    is_entry = is_free[formulation.col_idx]
    n_before: Int64 = np.concatenate((np.zeros(1, np.int64), np.cumsum(is_entry, dtype=np.int64)))
    n_entries = n_before[formulation.row_ptr[1:]] - n_before[formulation.row_ptr[:-1]]
    is_kept = n_entries > 0
    row_idx = np.flatnonzero(is_kept)
    position = np.cumsum(is_free) - 1
    before = np.concatenate(([0], np.cumsum(is_kept)))
    small = Formulation(
        objective=formulation.objective[free_idx],
        column_lower=formulation.column_lower[free_idx],
        column_upper=formulation.column_upper[free_idx],
        row_ptr=np.concatenate((np.zeros(1, np.int64), np.cumsum(n_entries[row_idx], dtype=np.int64))),
        col_idx=position[formulation.col_idx[is_entry]].astype(np.int64),
        coef=formulation.coef[is_entry],
        row_lower=lower[row_idx],
        row_upper=upper[row_idx],
        families=tuple(
            RowFamily(family.name, int(before[family.start]), int(before[family.stop]), family.side)
            for family in formulation.families
        ),
        n_pairs=int(np.count_nonzero(is_free[: formulation.n_pairs])),
    )
    is_broken = ~is_kept & ((lower > 0) | (upper < 0))
    return Shrunk(small, free_idx, row_idx, fixed, formulation.value_of(fixed), bool(is_broken.any()))
