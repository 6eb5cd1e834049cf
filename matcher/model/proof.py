"""A proof that no x has more points than a bound, checked step by step with exact integers. Imports no solver.

Where one price vector leaves a gap, three things close it, each checkable on its own:

1. Some rows are kept whole instead of priced (`knapsack`): their columns add at most what exact tables say.
2. A column whose forcing would cost more than what is left between bound and target is fixed.
3. Branching: a node splits on a 0/1 column into x = 1 and x = 0; every leaf is closed by its own prices.

A node's prices bound every x of its domain, so the tree bounds every x. Nothing has to be believed of where the prices
came from: `holds` repeats each step from the formulation and the proof alone.

Source: Geoffrion, Lagrangean relaxation for integer programming (1974); Posta, Ferland, Michelon, An exact method with
variable fixing for solving the generalized assignment problem (2012).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matcher.model.formulation import NO_LIMIT, Formulation, Int64, RowFamily
from matcher.model.knapsack import IMPOSSIBLE, KnapsackRows, can_keep, knapsack_rows, pack

_SAFE = 2.0**52
_MAX_PROPAGATIONS = 50
_REACH = 6


@dataclass(frozen=True)
class ProofNode:
    """One domain of the tree: `prices` (n_rows,) each, in the order they are used; then the split, or none.

    `column` is the 0/1 column split on, −1 for a leaf; `at_one`, `at_zero` are the places of the two halves among the
    proof's nodes, both behind this node.
    """

    prices: tuple[Int64, ...]
    column: int = -1
    at_one: int = -1
    at_zero: int = -1


@dataclass(frozen=True)
class Proof:
    """No feasible x has more points than `bound`.

    Attributes
    ----------
    scale : prices are in units of 1/`scale` points
    kept, unit : (n_kept,) rows kept whole, and the units their tables count in
    nodes : the first is the root
    """

    bound: int
    scale: int
    kept: Int64
    unit: Int64
    nodes: tuple[ProofNode, ...]

    @property
    def n_prices(self) -> int:
        """How many numbers the tree holds; what it costs to keep."""
        return sum(price.size for node in self.nodes for price in node.prices)


@dataclass(frozen=True)
class Forest:
    """No feasible x has more points than `bound`: a tree for each part of the columns, and their bounds add up.

    Attributes
    ----------
    of_column : (n_cols,) the part of each column, 0 to n − 1; that of a fixed column has no meaning
    trees : one a part, of its formulation (`forest.parts_of`)
    families : the row families of each part's formulation
    """

    bound: int
    of_column: Int64
    trees: tuple[Proof, ...]
    families: tuple[tuple[RowFamily, ...], ...]


AnyProof = Proof | Forest


class Domain(NamedTuple):
    """(n_cols,) int64 each: the bounds of the columns in one node."""

    lower: Int64
    upper: Int64


@dataclass(frozen=True)
class Valued:
    """What prices say of a domain: no x in it has more than `value` / scale points; `x` is the choice behind it.

    `loss_out`, `loss_in` are (n_cols,) ≥ 0, in 1/scale points: what the bound falls by when a free 0/1 column must be
    at its lower or its upper bound.
    """

    value: int
    x: Int64
    loss_out: Int64 | None = None
    loss_in: Int64 | None = None


@dataclass(frozen=True)
class Relaxed:
    """A formulation with some rows kept whole and all others to be priced."""

    formulation: Formulation
    scale: int
    rows: KnapsackRows

    @cached_property
    def by_column(self) -> tuple[Int64, Int64, Int64]:
        """(n_cols + 1,) where each column's entries start; (n_entries,) their rows and coefficients."""
        order = np.argsort(self.formulation.col_idx, kind="stable")
        counts = np.bincount(self.formulation.col_idx, minlength=self.formulation.n_cols)
        ptr = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))
        return ptr, self.formulation.entry_row_idx[order], self.formulation.coef[order]

    @cached_property
    def _is_kept(self) -> npt.NDArray[np.bool_]:
        mask = np.zeros(self.formulation.n_cols, np.bool_)
        mask[self.rows.col_idx] = True
        return mask

    @cached_property
    def _scaled(self) -> Int64:
        return self.formulation.objective * np.int64(self.scale)

    @cached_property
    def _size(self) -> float:
        used = np.abs(self.formulation.objective.astype(np.float64)) * self.formulation.column_upper
        return float(used.sum()) * self.scale

    @cached_property
    def _weight_of_row(self) -> npt.NDArray[np.float64]:
        """What a unit of a row's price can add to the bound at most, once for its bound, once for its columns."""
        coef = (
            np.abs(self.formulation.coef.astype(np.float64)) * self.formulation.column_upper[self.formulation.col_idx]
        )
        sums = np.bincount(self.formulation.entry_row_idx, coef, self.formulation.n_rows)
        low, high = np.abs(self.formulation.row_lower), np.abs(self.formulation.row_upper)
        limit = np.maximum(np.where(low >= NO_LIMIT, 0, low), np.where(high >= NO_LIMIT, 0, high))
        return np.asarray(sums + limit)

    def acting(self, price: Int64) -> Int64:
        """The prices, 0 where a row has no bound on the priced side."""
        low, high = self.formulation.row_lower, self.formulation.row_upper
        return np.where((price > 0) & (high >= NO_LIMIT) | (price < 0) & (low <= -NO_LIMIT), 0, price)

    def is_safe(self, price: Int64) -> bool:
        """Whether every sum of the bound surely stays inside int64, `knapsack.FINE` times over."""
        return self._size + float(np.abs(price.astype(np.float64)) @ self._weight_of_row) < _SAFE

    def value_of(self, price: Int64, domain: Domain, *, reach: int | None = None) -> Valued | None:
        """The bound that prices give on a domain; None where the rows kept whole leave no x.

        With `reach`, in 1/scale points, the losses too, exact up to that much.

        Raises
        ------
        OverflowError : prices whose sums may leave int64
        """
        if not self.is_safe(price):
            raise OverflowError("prices too large")
        formulation = self.formulation
        price = self.acting(price)
        ptr, row, coef = self.by_column
        total = np.concatenate((np.zeros(1, np.int64), np.cumsum(price[row] * coef)))
        reduced = self._scaled - (total[ptr[1:]] - total[ptr[:-1]])
        packed = pack(self.rows, reduced, domain.lower, domain.upper, reach=reach)
        if packed is None:
            return None
        limit = np.where(price > 0, formulation.row_upper, np.where(price < 0, formulation.row_lower, 0))
        x = np.where(reduced > 0, domain.upper, domain.lower)
        x[self.rows.col_idx] = packed.is_in
        value = int(price @ limit) + packed.value + int((reduced * x)[~self._is_kept].sum())
        if packed.loss_in is None or packed.loss_out is None:
            return Valued(value, x)
        out, into = np.where(reduced > 0, reduced, 0), np.where(reduced < 0, -reduced, 0)
        out[self.rows.col_idx], into[self.rows.col_idx] = packed.loss_out, packed.loss_in
        is_free = domain.upper - domain.lower == 1
        return Valued(value, x, np.where(is_free, out, 0), np.where(is_free, into, 0))


def relaxed(formulation: Formulation, kept: Int64, *, scale: int, unit: Int64 | None = None) -> Relaxed:
    """The relaxation that keeps rows `kept` whole.

    Raises
    ------
    ValueError : rows that are no knapsacks or share columns, a scale below 1, a unit below 1
    """
    if scale < 1:
        raise ValueError("a scale below 1")
    return Relaxed(formulation, scale, knapsack_rows(formulation, kept, unit))


def propagated(formulation: Formulation, domain: Domain) -> Domain | None:
    """The domain without the values of 0/1 columns that some row alone rules out; None where a row cannot hold."""
    lower, upper = domain
    col, coef, row = formulation.col_idx, formulation.coef, formulation.entry_row_idx
    ptr = formulation.row_ptr
    is_up = coef > 0
    size = np.abs(coef)
    for _ in range(_MAX_PROPAGATIONS):
        at_low, at_high = coef * lower[col], coef * upper[col]
        least = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.minimum(at_low, at_high))))
        most = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.maximum(at_low, at_high))))
        room = formulation.row_upper - (least[ptr[1:]] - least[ptr[:-1]])
        spare = (most[ptr[1:]] - most[ptr[:-1]]) - formulation.row_lower
        if (room < 0).any() or (spare < 0).any():
            return None
        is_free = (upper - lower == 1)[col]
        is_too_much, is_too_little = is_free & (size > room[row]), is_free & (size > spare[row])
        down = col[is_too_much & is_up | is_too_little & ~is_up]
        up = col[is_too_much & ~is_up | is_too_little & is_up]
        if not down.size and not up.size:
            return Domain(lower, upper)
        lower, upper = lower.copy(), upper.copy()
        lower[up] = domain.upper[up]
        upper[down] = domain.lower[down]
        if (lower > upper).any():
            return None
    return Domain(lower, upper)


def tightened(model: Relaxed, domain: Domain, price: Int64, threshold: int) -> tuple[Domain | None, Valued | None]:
    """What prices leave of a domain when only x of at least `threshold` / scale points are wanted.

    Returns
    -------
    The domain left, None when nothing is; and what the prices said of the domain as it was, None when it was empty.
    """
    valued = model.value_of(price, domain, reach=_REACH * model.scale)
    if valued is None or valued.value < threshold or valued.loss_out is None or valued.loss_in is None:
        return None, valued
    slack = valued.value - threshold
    is_free = domain.upper - domain.lower == 1
    is_out, is_in = is_free & (valued.loss_in > slack), is_free & (valued.loss_out > slack)
    if (is_out & is_in).any():
        return None, valued
    if not is_out.any() and not is_in.any():
        return domain, valued
    lower, upper = np.where(is_in, domain.upper, domain.lower), np.where(is_out, domain.lower, domain.upper)
    return propagated(model.formulation, Domain(lower, upper)), valued


def split(domain: Domain, column: int) -> tuple[Domain, Domain]:
    """The domain's two halves: the column at its upper bound, and at its lower bound."""
    lower, upper = domain.lower.copy(), domain.upper.copy()
    lower[column], upper[column] = domain.upper[column], domain.lower[column]
    return Domain(lower, domain.upper), Domain(domain.lower, upper)


def holds(formulation: Formulation, proof: Proof) -> bool:
    """Whether the proof proves its bound: every leaf closes, every split is complete.

    Notes
    -----
    O(nodes · entries) and the tables of the rows kept whole. False for any proof that is malformed, whatever is wrong.
    """
    kept, unit = proof.kept, proof.unit
    is_shaped = kept.shape == unit.shape and proof.scale >= 1 and bool(proof.nodes)
    if not is_shaped or (kept < 0).any() or (kept >= formulation.n_rows).any() or (unit < 1).any():
        return False
    if not can_keep(formulation)[kept].all():
        return False
    if any(price.shape != (formulation.n_rows,) for node in proof.nodes for price in node.prices):
        return False
    halves = [place for node in proof.nodes for place in (node.at_one, node.at_zero) if place >= 0]
    if len(set(halves)) < len(halves):  # a half that two nodes share would be walked twice as often at every level
        return False
    try:
        model = relaxed(formulation, kept, scale=proof.scale, unit=unit)
        return _is_closed(model, proof)
    except (ValueError, OverflowError):
        return False


def _is_closed(model: Relaxed, proof: Proof) -> bool:
    formulation, threshold = model.formulation, proof.scale * (proof.bound + 1)
    open_nodes = [(0, propagated(formulation, Domain(formulation.column_lower, formulation.column_upper)))]
    while open_nodes:
        place, domain = open_nodes.pop()
        node = proof.nodes[place]
        for price in node.prices:
            if domain is None:
                break
            domain, _ = tightened(model, domain, price, threshold)
        if domain is None:
            continue
        if not 0 <= node.column < formulation.n_cols or min(node.at_one, node.at_zero) <= place:
            return False
        if max(node.at_one, node.at_zero) >= len(proof.nodes):
            return False
        if domain.upper[node.column] == domain.lower[node.column]:
            # Fixed already (a raised bound fixes more): the half that holds the domain stands for both.
            is_up = domain.lower[node.column] == formulation.column_upper[node.column]
            open_nodes.append((node.at_one if is_up else node.at_zero, domain))
            continue
        if domain.upper[node.column] - domain.lower[node.column] != 1:
            return False
        one, zero = split(domain, node.column)
        open_nodes.append((node.at_zero, propagated(formulation, zero)))
        open_nodes.append((node.at_one, propagated(formulation, one)))
    return True


def with_bound(proof: Proof, bound: int) -> Proof:
    """The same tree for a higher bound: whatever closed a node below it closes it there too."""
    if bound < proof.bound:
        raise ValueError("a bound below the one proved")
    return replace(proof, bound=bound)


NOTHING = -IMPOSSIBLE
"""A loss that no bound can afford: the column cannot take that value at all."""
