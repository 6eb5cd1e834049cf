"""From one tier to the next: the formulation that keeps what the tiers before reached. Imports no solver.

Where a tier's prices are tight, the plans that are best for it are a face: some columns and rows stand at a bound, and
a network stays a network. Where they are not, a row keeps the points: objective · x ≥ value, and the columns that no
plan of so many points can choose, or leave out, are fixed by what prices say they would lose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError
from matcher.model.answer import Prices
from matcher.model.certificate import is_tight, optimal_face
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, RowFamily
from matcher.model.objectives import Tier
from matcher.model.proof import Domain, Proof, ProofNode, propagated, relaxed, tightened

_MAX_SUM = 2**62


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

    def widen_proof(self, proof: Proof | None, n_rows: int) -> Proof | None:
        """The same proof of the whole formulation: prices 0 on the rows dropped, its bound with `constant`."""
        if proof is None:
            return None

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


def shrink(formulation: Formulation) -> Shrunk:
    """The formulation without fixed columns and without rows that no free column stands in.

    Notes
    -----
    Exact: the plans and, less `constant`, their points are the same. A dropped row that the fixed columns break sets
    `is_contradiction`. After a tier few columns are free, and ten tie-break tiers cost next to nothing.
    """
    is_free = formulation.column_lower < formulation.column_upper
    free_idx = np.flatnonzero(is_free)
    fixed = np.where(is_free, 0, formulation.column_lower)
    used = formulation.row_activity(fixed)
    low, high = formulation.row_lower, formulation.row_upper
    lower = np.where(low <= -NO_LIMIT, -NO_LIMIT, low - used)
    upper = np.where(high >= NO_LIMIT, NO_LIMIT, high - used)
    is_entry = is_free[formulation.col_idx]
    n_entries = np.bincount(formulation.entry_row_idx[is_entry], minlength=formulation.n_rows)
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


def keep_points(formulation: Formulation, name: str, least: int) -> Formulation:
    """The formulation with one row more, family ``tier:<name>``: its own objective · x ≥ `least`.

    Raises
    ------
    ModelError : ``sum_too_large`` when the rows could leave int64
    """
    cols = np.flatnonzero(formulation.objective)
    coef = np.concatenate((formulation.coef, formulation.objective[cols]))
    col_idx = np.concatenate((formulation.col_idx, cols))
    size = np.abs(coef.astype(np.float64)) * formulation.column_upper[col_idx]
    if float(size.sum()) >= _MAX_SUM * 0.999:
        raise ModelError("sum_too_large", name=f"tier:{name}", limit=_MAX_SUM)
    n_rows = formulation.n_rows
    return replace(
        formulation,
        row_ptr=np.append(formulation.row_ptr, col_idx.size).astype(np.int64),
        col_idx=col_idx,
        coef=coef,
        row_lower=np.append(formulation.row_lower, least).astype(np.int64),
        row_upper=np.append(formulation.row_upper, NO_LIMIT).astype(np.int64),
        families=(*formulation.families, RowFamily(f"tier:{name}", n_rows, n_rows + 1)),
    )


def narrowed(
    model: Formulation, tier: Tier, value: int, *, prices: Prices | None = None, proof: Proof | None = None
) -> Formulation:
    """The formulation of the next tier: the plans that keep this tier's points.

    Parameters
    ----------
    model : under the tier's own objective
    value : the points kept, `tier.constant` not counted
    prices : of its rows; a face where they are tight, else, or without them, a row keeps the points
    proof : of the same model; with either, columns are fixed by their losses

    Notes
    -----
    Exact: no plan that keeps the points is lost, and where prices are tight none of fewer points is left.
    """
    if tier.tolerance == 0 and prices is not None and is_tight(model, prices, value):
        return optimal_face(model, prices, value)
    least = value - tier.tolerance
    root = proof
    if root is None and prices is not None:
        root = Proof(0, int(prices.scale), _NO_ROWS, _NO_ROWS, (ProofNode((prices.row,)),))
    return keep_points(model if root is None else fixed_by(model, root, least), tier.name, least)


_NO_ROWS: Int64 = np.zeros(0, np.int64)


def fixed_by(model: Formulation, proof: Proof, least: int) -> Formulation:
    """The model with every column fixed that has one value in all its plans of at least `least` points.

    Parameters
    ----------
    proof : its root's prices and rows kept whole say what a column would lose; its bound and branches are not asked

    Notes
    -----
    Any prices are right, good ones fix more. Nothing is fixed by a root that is malformed or too large for exact sums,
    and where it shows that there is no such plan.
    """
    try:
        whole = relaxed(model, proof.kept, scale=proof.scale, unit=proof.unit)
        domain = propagated(model, Domain(model.column_lower, model.column_upper))
        for price in proof.nodes[0].prices:
            if domain is None:
                break
            domain, _ = tightened(whole, domain, price, proof.scale * least)
    except (ValueError, OverflowError):
        return model
    return model if domain is None else replace(model, column_lower=domain.lower, column_upper=domain.upper)


def closed(formulation: Formulation, points: Int64, floor: int) -> Formulation | None:
    """The formulation without the columns below the floor; None where one of them must be chosen."""
    is_below = points < floor
    is_below[formulation.n_pairs :] = False
    if (formulation.column_lower[is_below] > 0).any():
        return None
    return replace(formulation, column_upper=np.where(is_below, 0, formulation.column_upper))
