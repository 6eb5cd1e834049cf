"""Knapsack rows kept whole inside a bound: what the columns of each can add at most, exactly, by dynamic programming.

A row Σ a_j x_j ≤ b with 0/1 columns and a_j ≥ 0 need not be priced. Where rows share no column, the best choice under
each is a knapsack of its own, and its optimum in integers bounds what those columns add: tighter than any price on the
row, since fractions of a column are no choice here. Weights may be coarsened: for every unit q,
Σ a_j x_j ≤ b implies Σ ⌊a_j/q⌋ x_j ≤ ⌊b/q⌋ for integer x, so a coarse table still bounds.

Imports no solver. Most items never come into question: with a price on the weight, an item far from the break between
in and out cannot change sides without falling below a choice already known. Only the core near the break goes into
tables, rows × capacity of int64 for each item, built for many rows at a time. A row whose table would be too large even
so is bounded by the price of its weight alone.

Source: Martello, Toth, Knapsack Problems (1990), ch. 2, with the reduction of Ingargiola, Korsh (1973); forced columns
from a table to the left and one to the right as in Posta, Ferland, Michelon, An exact method with variable fixing for
solving the generalized assignment problem (2012).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from matcher.model.formulation import NO_LIMIT, Formulation, Int64

Bool = npt.NDArray[np.bool_]

IMPOSSIBLE = -(2**61)
"""The value of what cannot be: added to any sum of points it stays inside int64 and wins no comparison."""

MAX_CAPACITY = 4096
FINE = 256
"""Prices of weight are counted in 1/`FINE` of the unit of profits."""

_MAX_CELLS = 2_000_000
_MAX_ROW_CELLS = 16_000_000
"""A row whose tables would hold more cells (128 MB) is priced instead: weaker, and never gigabytes."""


@dataclass(frozen=True)
class KnapsackRows:
    """Rows kept whole: (n_kept,) `row_idx` and `limit`; their entries, row after row, as `col_idx` and `coef`.

    `ptr` is (n_kept + 1,): entries `ptr[k]` … `ptr[k + 1]`−1 are those of the k-th kept row. `weight` is `coef` in
    units of `unit` (n_kept,), rounded down.
    """

    row_idx: Int64
    unit: Int64
    ptr: Int64
    col_idx: Int64
    coef: Int64
    limit: Int64
    weight: Int64

    @cached_property
    def entry_row(self) -> Int64:
        """(n_entries,) the position among the kept rows of each entry."""
        return np.repeat(np.arange(self.row_idx.size), np.diff(self.ptr))


@dataclass(frozen=True)
class Packed:
    """The best choices: `value` the sum over all rows, `is_in` (n_entries,) what is chosen.

    `loss_out`, `loss_in` are (n_entries,) ≥ 0: what the sum loses at least when a free entry must stay out, or must be
    in, exact up to the `reach` asked for; 0 where not free, −`IMPOSSIBLE` where it cannot be. None when not asked for.
    """

    value: int
    is_in: Bool
    loss_out: Int64 | None = None
    loss_in: Int64 | None = None


def can_keep(formulation: Formulation) -> Bool:
    """(n_rows,) rows that are knapsacks of their free columns: an upper bound, no negative coefficient, 0/1 only."""
    is_free, room = _free_and_room(formulation)
    is_bad = is_free & ((formulation.coef < 0) | (formulation.column_upper[formulation.col_idx] > 1))
    n_bad = np.bincount(formulation.entry_row_idx[is_bad], minlength=formulation.n_rows)
    return np.asarray((n_bad == 0) & (formulation.row_upper < NO_LIMIT) & (room >= 0))


def _free_and_room(formulation: Formulation) -> tuple[Bool, Int64]:
    """(n_entries,) entries of columns that are not fixed; (n_rows,) the upper bound less what the fixed columns use."""
    is_fixed = formulation.column_lower == formulation.column_upper
    fixed = np.where(is_fixed, formulation.column_lower, 0)
    room = formulation.row_upper
    if fixed.any():
        room = np.where(room < NO_LIMIT, room - formulation.row_activity(fixed), room)
    return ~is_fixed[formulation.col_idx], room


def choose_rows(formulation: Formulation) -> Int64:
    """Ascending row indices worth keeping whole: knapsacks that leave room for fractions, no two sharing a column.

    Notes
    -----
    Where all weights are equal and divide the capacity, the price of a row is as good as the row.
    Rows that share columns compete; the one that is tightest for its columns (least capacity for its weights) stays.
    """
    coef, row = formulation.coef, formulation.entry_row_idx
    most = np.zeros(formulation.n_rows, np.int64)
    np.maximum.at(most, row, coef)
    least = most.copy()
    np.minimum.at(least, row, coef)
    total = np.bincount(row, coef.astype(np.float64), formulation.n_rows)
    is_rough = (least < most) | (formulation.row_upper % np.maximum(most, 1) > 0)
    wanted = np.flatnonzero(can_keep(formulation) & is_rough & (total > formulation.row_upper))
    tightness = formulation.row_upper[wanted] / np.maximum(total[wanted], 1.0)
    is_taken = np.zeros(formulation.n_cols, np.bool_)
    kept = []
    for k in np.lexsort((wanted, tightness)).tolist():
        cols = formulation.col_idx[formulation.row_ptr[wanted[k]] : formulation.row_ptr[wanted[k] + 1]]
        if not is_taken[cols].any():
            is_taken[cols] = True
            kept.append(int(wanted[k]))
    return np.sort(np.array(kept, np.int64))


def knapsack_rows(formulation: Formulation, row_idx: Int64, unit: Int64 | None = None) -> KnapsackRows:
    """The rows as knapsacks; `unit` (n_kept,) or None for the greatest common divisor, coarsened to `MAX_CAPACITY`.

    Raises
    ------
    ValueError : a row that is no knapsack, two rows that share a free column, a unit below 1

    Notes
    -----
    Columns that the formulation itself fixes are no part of a row, and what they use is no part of its room: a proof
    made without them, where rows may be kept that meet only in a fixed column, is one with them.
    """
    if row_idx.size and not can_keep(formulation)[row_idx].all():
        raise ValueError("a row that is no knapsack")
    is_free, room = _free_and_room(formulation)
    whole = np.diff(formulation.row_ptr)[row_idx]
    before = np.cumsum(whole) - whole
    entries = np.arange(int(whole.sum())) + np.repeat(formulation.row_ptr[row_idx] - before, whole)
    sizes = np.bincount(np.repeat(np.arange(row_idx.size), whole)[is_free[entries]], minlength=row_idx.size)
    ptr = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    entries = entries[is_free[entries]]
    col_idx, weight, upper = formulation.col_idx[entries], formulation.coef[entries], room[row_idx]
    if np.unique(col_idx).size < col_idx.size:
        raise ValueError("rows that share a column")
    if unit is None:
        divisor = np.array([max(1, int(np.gcd.reduce(weight[a:b]))) for a, b in pairwise(ptr.tolist())], np.int64)
        unit = divisor * np.maximum(1, -(-(upper // divisor) // MAX_CAPACITY))
    if (unit < 1).any():
        raise ValueError("a unit below 1")
    return KnapsackRows(row_idx, unit, ptr, col_idx, weight, upper, weight // np.repeat(unit, sizes))


def pack(rows: KnapsackRows, profit: Int64, lower: Int64, upper: Int64, *, reach: int | None = None) -> Packed | None:
    """The most that the columns of all rows can add, or None where what must be in does not fit.

    Parameters
    ----------
    profit, lower, upper : (n_cols,) int64 points and bounds of the whole formulation's columns; Σ|profit| < 2⁵²
    reach : losses are asked for, and exact up to this much; beyond it they are never too large
    """
    gain, low, high = profit[rows.col_idx], lower[rows.col_idx], upper[rows.col_idx]
    is_fixed_in = low > 0
    is_free = ~is_fixed_in & (high > 0)
    room = rows.limit - np.bincount(rows.entry_row, rows.coef * is_fixed_in, rows.row_idx.size).astype(np.int64)
    if (room < 0).any():
        return None
    room //= rows.unit
    fits = is_free & (rows.weight <= room[rows.entry_row])
    items = np.flatnonzero(fits)
    core = _core(rows, items, gain, room, reach or 0)
    is_in = is_fixed_in
    is_in[items[core.is_sure_in]] = True
    sure = int(gain[is_in].sum())
    sizes = np.zeros(rows.row_idx.size, np.int64)
    best = np.zeros(rows.row_idx.size, np.int64)
    out, into = np.zeros(gain.size, np.int64), np.zeros(gain.size, np.int64)
    for block in _blocks(rows, items[core.is_near], core.room):
        best[block.row] = block.solve(gain, rows.weight, is_in, keep=reach is not None)
        sizes[block.row] = block.count
        if reach is not None:
            block.losses(gain, rows.weight, out, into)
    is_priced = core.is_priced
    if is_priced.any():
        added = _sum_by(rows.entry_row[items], gain[items] * core.is_sure_in, rows.row_idx.size)
        best[is_priced] = core.ceiling[is_priced] // FINE - added[is_priced]
    value = sure + int(best.sum())
    if reach is None:
        return Packed(value, is_in)
    _bounded_losses(rows, items, core, gain, best, out, into)
    into[is_free & ~fits] = -IMPOSSIBLE
    return Packed(value, is_in, out, into)


@dataclass(frozen=True)
class _Core:
    """Which items may change sides: `distance` (n_items,), in 1/`FINE`, is how far the price puts each from the break.

    `is_near` go into the tables, `is_sure_in` are in; `room` (n_kept,) is left for the near ones. `ceiling` (n_kept,)
    is what the row's price proves of all items, in 1/`FINE`. `is_priced` (n_kept,) rows that are bounded by that alone.
    """

    is_near: Bool
    is_sure_in: Bool
    distance: Int64
    room: Int64
    ceiling: Int64
    is_priced: Bool


def _core(rows: KnapsackRows, items: Int64, gain: Int64, room: Int64, reach: int) -> _Core:
    row, weight, profit = rows.entry_row[items], rows.weight[items], gain[items]
    n_kept = rows.row_idx.size
    price, known = _break(row, weight, profit, room, n_kept)
    reduced = FINE * profit - price[row] * weight
    ceiling = price * room + _sum_by(row, np.maximum(reduced, 0), n_kept)
    gap = ceiling - FINE * known + FINE * reach
    is_near = np.abs(reduced) <= gap[row]
    left = room - _sum_by(row, weight * (~is_near & (reduced > 0)), n_kept)
    width = np.minimum(left, _sum_by(row, weight * is_near, n_kept)) + 1
    # In floats: a capacity near 2⁶² times its items would leave int64.
    is_priced = width.astype(np.float64) * (_sum_by(row, is_near.astype(np.int64), n_kept) + 1) > _MAX_ROW_CELLS
    is_near &= ~is_priced[row]
    is_sure_in = ~is_near & (reduced > 0)
    return _Core(is_near, is_sure_in, np.abs(reduced), left, ceiling, is_priced)


def _break(row: Int64, weight: Int64, profit: Int64, room: Int64, n_kept: int) -> tuple[Int64, Int64]:
    """(n_kept,) the price of weight at the first item by density that does not fit, and the profit of those before."""
    positive = np.flatnonzero(profit > 0)
    density = profit[positive] / np.maximum(weight[positive], 0.5)
    order = positive[np.lexsort((-density, row[positive]))]
    at, heavy, worth = row[order], weight[order], profit[order]
    start = np.searchsorted(at, np.arange(n_kept + 1))
    total = np.concatenate((np.zeros(1, np.int64), np.cumsum(heavy)))
    filled = total[1:] - total[start[at]]
    is_prefix = filled <= room[at]
    known = _sum_by(at, worth * is_prefix, n_kept)
    used = _sum_by(at, heavy * is_prefix, n_kept)
    price = np.zeros(n_kept, np.int64)
    beyond = np.flatnonzero(~is_prefix)
    first = beyond[np.unique(at[beyond], return_index=True)[1]]
    price[at[first]] = FINE * worth[first] // heavy[first]
    extra = np.zeros(n_kept, np.int64)
    spare = beyond[heavy[beyond] <= (room - used)[at[beyond]]]
    np.maximum.at(extra, at[spare], worth[spare])
    return price, known + extra


def _sum_by(row: Int64, values: Int64, n_kept: int) -> Int64:
    """(n_kept,) exact sums of `values` by ascending `row`."""
    total = np.concatenate((np.zeros(1, np.int64), np.cumsum(values)))
    start = np.searchsorted(row, np.arange(n_kept + 1))
    return np.asarray(total[start[1:]] - total[start[:-1]], dtype=np.int64)


def _bounded_losses(
    rows: KnapsackRows, items: Int64, core: _Core, gain: Int64, best: Int64, out: Int64, into: Int64
) -> None:
    """Completes the losses: far items lose what the price says, near ones no more than a far one changing sides."""
    row, n_kept = rows.entry_row[items], rows.row_idx.size
    whole = best + _sum_by(row, gain[items] * core.is_sure_in, n_kept)
    far = ~core.is_near
    least = np.full(n_kept, -IMPOSSIBLE // 2, np.int64)
    np.minimum.at(least, row[far], core.distance[far])
    # What a choice with some far item on its other side adds at most, rounded down to whole profits.
    spare = np.maximum(whole - (core.ceiling - least) // FINE, 0)
    near = items[core.is_near]
    out[near] = np.minimum(out[near], spare[row[core.is_near]])
    into[near] = np.minimum(into[near], spare[row[core.is_near]])
    loss = np.maximum(whole[row] - (core.ceiling[row] - core.distance) // FINE, 0)
    out[items[core.is_sure_in]] = loss[core.is_sure_in]
    is_sure_out = far & ~core.is_sure_in
    into[items[is_sure_out]] = loss[is_sure_out]


@dataclass
class _Block:
    """Some rows at a time: `row` (n_rows,) kept rows, those with most items first; `count` (n_rows,) their items.

    `item` (n_rows, n_items) are entry indices, −1 beyond a row's own; `room` (n_rows,) is the capacity.
    """

    row: Int64
    count: Int64
    item: Int64
    room: Int64

    def __post_init__(self) -> None:
        self.width = int(self.room.max(initial=0)) + 1
        # Rows with more than k items come first.
        self.n_with = np.searchsorted(-self.count, -np.arange(self.item.shape[1]), side="left").tolist()

    def solve(self, gain: Int64, weight: Int64, is_in: Bool, *, keep: bool) -> Int64:
        """(n_rows,) the rows' optima; marks what is chosen. `keep` the tables for `losses`."""
        n_rows, n_items = self.item.shape
        # One cell of IMPOSSIBLE for each unit an item may reach back beyond 0.
        self.pad = min(self.width, int(weight[self.item].max(initial=0)))
        self.step = self.pad + self.width
        self.base = (np.arange(n_rows) * self.step + self.pad)[:, None] + np.arange(self.width)
        table = self._empty()
        is_taken = np.zeros((n_items, n_rows, self.width), np.bool_)
        self.left: list[Int64] = []
        for k in range(n_items):
            if keep:
                self.left.append(table[:, self.pad :].copy())
            n, entry = self.n_with[k], self.item[: self.n_with[k], k]
            self._add(table, n, weight[entry], gain[entry], is_taken[k])
        rows, place = np.arange(n_rows), self.room.copy()
        self.best = table[rows, place + self.pad]
        for k in range(n_items - 1, -1, -1):
            taken = is_taken[k, rows, place]
            entry = self.item[taken, k]
            is_in[entry] = True
            place[taken] -= weight[entry]
        return self.best

    def _empty(self) -> Int64:
        table = np.zeros((self.row.size, self.step), np.int64)
        table[:, : self.pad] = IMPOSSIBLE
        return table

    def _add(self, table: Int64, n: int, weight: Int64, gain: Int64, is_taken: Bool | None) -> None:
        """One item more for the first `n` rows: the best within each capacity, with it or without."""
        # An item heavier than the whole width reaches the first cell, which is impossible or, with no pad, weightless.
        taken = table.reshape(-1).take(self.base[:n] - np.minimum(weight, self.pad)[:, None])
        taken += gain[:, None]
        now = table[:n, self.pad :]
        if is_taken is not None:
            np.greater(taken, now, out=is_taken[:n])
        np.maximum(now, taken, out=now)

    def losses(self, gain: Int64, weight: Int64, out: Int64, into: Int64) -> None:
        """What each row loses when an entry of it must stay out, or must be in, the other entries of the block free."""
        n_rows, n_items = self.item.shape
        right = self._empty()
        mirror = (np.arange(n_rows) * self.step + self.pad + self.room)[:, None] - np.arange(self.width)
        floor = (np.arange(n_rows) * self.step)[:, None]
        if not self.pad:  # all weights 0, one capacity each: nothing lies below a row's first cell
            mirror = floor + np.maximum(self.room[:, None] - np.arange(self.width), 0)
        for k in range(n_items - 1, -1, -1):
            n = self.n_with[k]
            entry = self.item[:n, k]
            left, after = self.left[k][:n], right.reshape(-1)
            without = (left + after.take(np.maximum(mirror[:n], floor[:n]))).max(axis=1)
            shifted = np.maximum(mirror[:n] - weight[entry][:, None], floor[:n])
            within = (left + after.take(shifted)).max(axis=1) + gain[entry]
            out[entry] = self.best[:n] - without
            into[entry] = self.best[:n] - within
            self._add(right, n, weight[entry], gain[entry], None)


def _blocks(rows: KnapsackRows, items: Int64, room: Int64) -> Iterator[_Block]:
    """The rows with items in blocks whose tables stay below `_MAX_CELLS`, those with most items first."""
    n_kept = rows.row_idx.size
    row = rows.entry_row[items]
    count = np.bincount(row, minlength=n_kept)
    room = np.minimum(room, _sum_by(row, rows.weight[items], n_kept))
    order = np.flatnonzero(count)
    order = order[np.argsort(-count[order], kind="stable")]
    first = np.concatenate((np.zeros(1, np.int64), np.cumsum(count)))
    start = 0
    while start < order.size:
        widest = 2 * (int(room[order[start:]].max(initial=0)) + 1)
        part = order[start : start + max(1, _MAX_CELLS // ((int(count[order[start]]) + 1) * widest))]
        start += part.size
        steps = np.arange(int(count[part].max(initial=0)))
        is_own = steps < count[part][:, None]
        item = np.full(is_own.shape, -1, np.int64)
        item[is_own] = items[(first[part][:, None] + steps)[is_own]]
        yield _Block(part, count[part], item, room[part])
