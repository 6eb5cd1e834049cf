"""What a director has a month of, and each company takes: hours and on-site days, one row each that could run out.

A knapsack row alone lets a director serve one and a half companies: 3 days, 2 for each. So it comes with rows that
count: of the companies that take more than 1 / (k + 1) of what there is, at most k. Where those say all that the
knapsack says (every company takes 2 of the 3 days) it is left out, and the model stays a network.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.model.formulation import NO_LIMIT, Int64, RowBlock, Side
from matcher.modelling.hours import days_of_companies, pair_days, pair_hours, thousandths
from matcher.modelling.months import MonthRows, rows_by_month
from matcher.modelling.rows import Rows, Slots, all_pairs, bounds
from matcher.pairing.candidates import Candidates

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SUPPLY_FAMILIES = ("hours", "hours_count", "on_site_days", "on_site_days_count")
"""What `add_hours` and `add_on_site_days` add; a count has its number behind a colon."""

_MOST_COUNTED = 8
"""Counting rows of one director and month; with more companies than that the knapsack is all but smooth."""


def add_hours(rows: Rows, problem: Problem, candidates: Candidates, slots: Slots) -> None:
    """Rows of a director and month whose hours could run out; hours nobody stated neither limit nor cost."""
    offered = problem.directors["hours_per_month"].to_numpy(float)
    takes = None if candidates.census is None else np.nan_to_num(candidates.census.counted.hours, nan=0.0)
    wanted, elsewhere = pair_hours(problem, candidates), rows.months.hours_elsewhere
    _add_supply(rows, "hours", candidates, slots, offered, wanted, elsewhere, takes)


def add_on_site_days(rows: Rows, problem: Problem, candidates: Candidates, slots: Slots) -> None:
    """Rows of a director and month whose on-site days could run out; days nobody stated neither limit nor cost.

    Running engagements outside the batch state no on-site days, so they take none.
    """
    offered = problem.directors["on_site_days_per_month"].to_numpy(float)
    none = np.zeros_like(rows.months.hours_elsewhere)
    takes = None
    if candidates.census is not None:
        takes = days_of_companies(problem)[candidates.census.counted.company_idx]
    _add_supply(rows, "on_site_days", candidates, slots, offered, pair_days(problem, candidates), none, takes)


def left_of(offered: Floats, elsewhere: Floats) -> Int64:
    """(n_directors, n_months) what is left of a monthly supply, in whole units; 0 where nobody stated one."""
    left = offered[:, None] - elsewhere
    return thousandths(np.maximum(np.nan_to_num(left, nan=0.0), 0.0), up=False)


@dataclass(frozen=True)
class _Supply:
    """The rows of one supply that could run out.

    Attributes
    ----------
    of, demand : entries of the model's pairs, and (n_pairs,) what each takes
    every : of all pairs, which say what binds
    upper : (n_rows,) what there is; n_most : (n_rows,) companies there is a slot for
    """

    of: MonthRows
    demand: Int64
    every: _Every
    upper: Int64
    n_most: Int64

    def where(self, is_kept: Bools) -> _Supply:
        every = _Every(self.every.of.where(is_kept), self.every.demand, self.every.n_pairs)
        return _Supply(self.of.where(is_kept), self.demand, every, self.upper[is_kept], self.n_most[is_kept])


@dataclass(frozen=True)
class _Every:
    """The same rows with all eligible pairs, counted: `n_pairs` of them take `demand` each."""

    of: MonthRows
    demand: Int64
    n_pairs: Int64

    def count(self, is_in: Bools) -> Int64:
        """(n_rows,) the pairs of some entries."""
        n_pairs = self.n_pairs[self.of.col_idx[is_in]]
        return np.bincount(self.of.row_idx[is_in], n_pairs, self.of.n_rows).astype(np.int64)


def _add_supply(
    rows: Rows,
    name: str,
    candidates: Candidates,
    slots: Slots,
    offered: Floats,
    wanted: Floats,
    elsewhere: Floats,
    takes: Floats | None,
) -> None:
    """Rows of a director's monthly supply.

    Parameters
    ----------
    offered : (n_directors,) a month, NaN = no limit; wanted : (n_pairs,) a month
    elsewhere : (n_directors, n_months) taken outside the batch
    takes : (n_counted,) what each pair of the census takes a month, None where all pairs are here
    """
    demand = thousandths(wanted, up=True)
    supply = left_of(offered, elsewhere)
    every = all_pairs(candidates)
    n_groups = offered.size
    of = rows_by_month(
        rows.months,
        candidates.director_idx,
        candidates.company_idx,
        n_groups=n_groups,
        elsewhere=elsewhere,
        every=every,
    )
    all_of = _Every(of, demand, np.ones_like(demand))
    if every is not None and takes is not None and candidates.census is not None:
        of_all = rows_by_month(rows.months, *every, n_groups=n_groups, elsewhere=elsewhere)
        all_of = _Every(of_all, thousandths(takes, up=True), candidates.census.counted.n_pairs)
    n_most = np.minimum(slots.by_month[of.group, of.month], all_of.count(np.ones(all_of.of.row_idx.size, np.bool_)))
    found = _Supply(of, demand, all_of, supply[of.group, of.month], n_most)
    largest = np.zeros(of.n_rows, np.int64)
    np.maximum.at(largest, all_of.of.row_idx, all_of.demand[all_of.of.col_idx])
    can_bind = ~np.isnan(offered)[of.group] & (n_most * largest > found.upper)
    if not can_bind.any():
        if not np.isnan(offered).all():
            rows.not_binding.append(name)
        return
    found = found.where(can_bind)
    is_counted = _add_counts(rows, name, found)
    if not is_counted.all():
        _add_knapsack(rows, name, found.where(~is_counted))


def _add_counts(rows: Rows, name: str, supply: _Supply) -> Bools:
    """Rows that count companies by what they take; returns (n_rows,) where they say all that the knapsack says.

    Sorted from the largest, the i-th of a director's companies takes at most 1 / i of the supply: where the largest
    demands that do so add up to no more than there is, no knapsack is needed.
    """
    of = supply.of
    every = supply.every.of
    demand, upper = supply.demand[of.col_idx], supply.upper[of.row_idx]
    all_demand, all_upper = supply.every.demand[every.col_idx], supply.upper[every.row_idx]
    side: Side = "left" if of.is_disjoint else ""
    n_before = np.zeros(of.n_rows, np.int64)
    total = np.zeros(of.n_rows, np.int64)
    for most in range(min(int(supply.n_most.max(initial=0)), _MOST_COUNTED)):
        is_in = demand * (most + 1) > upper
        is_in_all = all_demand * (most + 1) > all_upper
        n_in = supply.every.count(is_in_all)
        is_row = (n_in > n_before) & (n_in > most) & (supply.n_most > most)
        n_before = np.maximum(n_before, n_in)
        fits = np.zeros(of.n_rows, np.int64)
        np.maximum.at(fits, every.row_idx[~is_in_all], all_demand[~is_in_all])
        total += np.where(supply.n_most > most, fits, 0)
        if is_row.any():
            part = MonthRows(of.group, of.month, of.row_idx[is_in], of.col_idx[is_in]).where(is_row)
            lower, at_most = bounds(part.n_rows, 0), bounds(part.n_rows, most)
            block = RowBlock(f"{name}_count:{most}", part.row_idx, part.col_idx, lower, at_most, side=side)
            rows.add(block, "director", part.group, part.month)
    return (supply.n_most <= _MOST_COUNTED) & (total <= supply.upper)


def _add_knapsack(rows: Rows, name: str, supply: _Supply) -> None:
    of = supply.of
    takes = supply.demand[of.col_idx] > 0
    row_idx, col_idx = of.row_idx[takes], of.col_idx[takes]
    lower = bounds(of.n_rows, -NO_LIMIT)
    block = RowBlock(name, row_idx, col_idx, lower, supply.upper, coef=supply.demand[col_idx])
    rows.add(block, "director", of.group, of.month)
