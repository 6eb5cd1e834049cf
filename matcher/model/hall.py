"""Bottlenecks: rows that ask for more than rows can give, as one line of arithmetic.

In a network the reason why nothing fits is a cut (Hall 1935; Hoffman 1960): some rows and pins ask for so much, all
that could serve them passes rows that let only so much through. It is found by maximum flow on the rows of a conflict;
where these are no network, the same sum is read off the prices of the linear relaxation, where these are whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from matcher.model.answer import Limits, Prices
from matcher.model.certificate import bound_of, with_objective
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, RowFamily
from matcher.model.solvers import BACKENDS
from matcher.model.solvers.linear_prices import relax
from matcher.model.solvers.network import as_network

Weighted = tuple[tuple[int, int], ...]
"""(row or column index, weight ≥ 1), ascending."""


@dataclass(frozen=True)
class Bottleneck:
    """Why the rows cannot hold: whatever x, ``demand`` ≤ what the asks count ≤ what the gives count ≤ ``supply``.

    Attributes
    ----------
    asks : rows asked to reach their lower bound; pins : columns asked to be at their lower bound
    gives : rows that let no more than their upper bound through; loose : columns that no give counts (or not in full),
        each of which counts for no more than its upper bound times its weight
    demand : Σ weight · lower bound over asks and pins
    supply : Σ weight · upper bound over gives and loose columns; less than demand
    """

    asks: Weighted
    pins: Weighted
    gives: Weighted
    loose: Weighted
    demand: int
    supply: int

    @property
    def shortfall(self) -> int:
        """What is missing, ≥ 1."""
        return self.demand - self.supply


def find_bottleneck(
    formulation: Formulation, rows: tuple[int, ...], columns: tuple[int, ...], *, time_limit_s: float | None = None
) -> Bottleneck | None:
    """The cut behind a conflict of these rows and pins; None where no sum of them shows it.

    Parameters
    ----------
    rows, columns : the members of a conflict (`matcher.model.conflict.Conflict`)
    """
    part, row_idx = keep_members(formulation, rows, columns)
    prices = farkas_of(part, time_limit_s)
    return None if prices is None else _arithmetic(part, prices, row_idx)


def keep_members(
    formulation: Formulation, rows: tuple[int, ...], columns: tuple[int, ...]
) -> tuple[Formulation, Int64]:
    """The formulation with only these rows and pins, every column kept, no objective; and (n_rows,) the rows' indices
    in the whole."""
    row_idx = np.array(sorted(rows), np.int64)
    is_kept = np.zeros(formulation.n_rows, np.bool_)
    is_kept[row_idx] = True
    is_entry = is_kept[formulation.entry_row_idx]
    before = np.concatenate(([0], np.cumsum(is_kept)))
    column_lower = np.zeros(formulation.n_cols, np.int64)
    column_lower[list(columns)] = formulation.column_lower[list(columns)]
    part = replace(
        formulation,
        objective=np.zeros(formulation.n_cols, np.int64),
        column_lower=column_lower,
        row_ptr=np.concatenate((np.zeros(1, np.int64), np.cumsum(np.diff(formulation.row_ptr)[row_idx]))),
        col_idx=formulation.col_idx[is_entry],
        coef=formulation.coef[is_entry],
        row_lower=formulation.row_lower[row_idx],
        row_upper=formulation.row_upper[row_idx],
        families=tuple(
            RowFamily(family.name, int(before[family.start]), int(before[family.stop]), family.side)
            for family in formulation.families
        ),
    )
    return part, row_idx


def farkas_of(part: Formulation, time_limit_s: float | None) -> Prices | None:
    """Prices that prove that a formulation without objective has no plan: of a cut where it is a network, else of the
    linear relaxation; None where these prove nothing."""
    if not isinstance(as_network(part), str):
        farkas = BACKENDS["flow"].solve(part, Limits()).farkas
        if farkas is not None:
            return farkas
    return relax(part, time_limit_s=time_limit_s).farkas


def _arithmetic(part: Formulation, prices: Prices, row_idx: Int64) -> Bottleneck | None:
    """The prices as weights, divided by what they have in common."""
    low, high = part.row_lower, part.row_upper
    price = np.where((prices.row > 0) & (high < NO_LIMIT) | (prices.row < 0) & (low > -NO_LIMIT), prices.row, 0)
    common = math.gcd(*(abs(number) for number in price.tolist())) if price.size else 0
    if common == 0:
        return None
    price = price // common
    if bound_of(with_objective(part, np.zeros(part.n_cols, np.int64)), Prices(price)) >= 0:
        return None
    used = np.zeros(part.n_cols, np.int64)
    np.add.at(used, part.col_idx, np.repeat(price, np.diff(part.row_ptr)) * part.coef)
    asks, gives = _weighted(-price), _weighted(price)
    pins = _weighted(np.where(part.column_lower > 0, used, 0))
    loose = _weighted(np.where(part.column_upper > 0, -used, 0))
    demand = sum(weight * int(low[row]) for row, weight in asks)
    demand += sum(weight * int(part.column_lower[column]) for column, weight in pins)
    supply = sum(weight * int(high[row]) for row, weight in gives)
    supply += sum(weight * int(part.column_upper[column]) for column, weight in loose)
    return Bottleneck(_named(asks, row_idx), pins, _named(gives, row_idx), loose, demand, supply)


def _weighted(weight: Int64) -> Weighted:
    found = np.flatnonzero(weight > 0)
    return tuple(zip(found.tolist(), weight[found].tolist(), strict=True))


def _named(weighted: Weighted, row_idx: Int64) -> Weighted:
    return tuple((int(row_idx[row]), weight) for row, weight in weighted)
