"""Who would rather have another match, and which two would rather have each other, as columns over the candidates.

Two orders are looked at. ``points``: both sides rank by the points of the pair. ``wishes``: each side ranks by its own
stated wish first (a wish without a value is 1, none is 0), and by points where these are equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.explain.standing import Standing
from matcher.model.formulation import Int64
from matcher.pairing.columns import PairColumn, build_columns
from matcher.plan.usage import Usage

Bools = npt.NDArray[np.bool_]
Order = Literal["points", "wishes"]
ORDERS: tuple[Order, ...] = ("points", "wishes")

_WISH_UNIT = 1_000_000
"""Wishes are compared to six digits."""


@dataclass(frozen=True)
class Ranks:
    """(n_pairs,) how much each side thinks of the other: higher is better."""

    director: Int64
    company: Int64


@dataclass(frozen=True)
class Blocking:
    """Pairs whose two sides would both gain by leaving the plan for each other.

    Attributes
    ----------
    column : (n,) candidates; gain : (n,) points both sides gain together; left : (n,) the match the director would
        give up, as a column, the one of fewest points that makes room; −1 with a free slot
    """

    column: Int64
    gain: Int64
    left: Int64


def build_ranks(standing: Standing, order: Order) -> Ranks:
    """The ranks of one of the two orders."""
    points = standing.candidates.points
    if order == "points":
        return Ranks(points, points)
    columns = build_columns(standing.problem)
    # Points of a pair stay below 2³⁵ (11 parts below 2³¹), wishes below 2²⁰: their ranks never meet.
    scale = 2 * int(np.abs(points).max(initial=0)) + 1
    return Ranks(
        _wishes(standing, columns.wishes_of_director) * scale + points,
        _wishes(standing, columns.wishes_of_company) * scale + points,
    )


def _wishes(standing: Standing, rows: PairColumn) -> Int64:
    """(n_pairs,) the wish for each candidate in millionths, 0 without one."""
    found = np.zeros(standing.candidates.n_pairs, np.int64)
    key = rows.director_idx.astype(np.int64) * len(standing.problem.companies) + rows.company_idx
    place = np.searchsorted(standing.key, key)
    is_candidate = place < standing.key.size
    is_candidate[is_candidate] = standing.key[place[is_candidate]] == key[is_candidate]
    found[place[is_candidate]] = np.rint(rows.value[is_candidate] * _WISH_UNIT).astype(np.int64)
    return found


def envied(standing: Standing, usage: Usage, ranks: Ranks) -> Bools:
    """(n_pairs,) whether the director would rather have this company, which another director serves.

    Rather than the lowest of their own matches; a director without any match, rather than none, where they have a slot
    in every month of the company.
    """
    director, company = standing.candidates.director_idx, standing.candidates.company_idx
    is_served = np.zeros(len(standing.problem.companies), np.bool_)
    is_served[company[usage.chosen]] = True
    has_match = usage.n_companies > 0
    lowest = np.full(len(standing.problem.directors), np.iinfo(np.int64).max)
    np.minimum.at(lowest, director[usage.chosen], ranks.director[usage.chosen])
    is_better = np.where(has_match[director], ranks.director > lowest[director], _is_free(standing, usage))
    return is_served[company] & ~standing.is_chosen & is_better


def blocking(standing: Standing, usage: Usage, ranks: Ranks) -> Blocking:
    """The pairs that both sides prefer, most gained first.

    The company has no match, or ranks the director above its own. The director has a slot in every month of the
    company, or ranks the company above one of their matches that leaves such a slot. Pinned matches are never left.
    Hours, days, rivals and limits of the whole plan are not looked at.

    Notes
    -----
    One pass over the pairs for each match of the busiest director.
    """
    candidates = standing.candidates
    company, points = candidates.company_idx, candidates.points
    of_company = np.full(len(standing.problem.companies), -1, np.int64)
    of_company[company[usage.chosen]] = usage.chosen
    present = of_company[company]
    is_wanted = ~standing.is_chosen & (
        (present < 0) | ((ranks.company > ranks.company[present]) & ~candidates.is_pinned[present])
    )
    column = np.flatnonzero(is_wanted)
    is_free = _is_free(standing, usage)[column]
    left = _given_up(standing, usage, ranks, column)
    stays = is_free | (left >= 0)
    column, left = column[stays], np.where(is_free, -1, left)[stays]
    before = np.where(present[column] >= 0, points[present[column]], 0)
    gain = 2 * points[column] - before - np.where(left >= 0, points[left], 0)
    order = np.lexsort((column, -gain))
    return Blocking(column[order], gain[order], left[order])


def _full_months(standing: Standing, usage: Usage) -> tuple[Int64, Int64]:
    """(n_pairs,) the first and the last month of each pair's company in which its director has no slot.

    The first is n_months, the last −1, or outside of the company's months, where there is none.
    """
    months = usage.months
    is_full = usage.slots_left <= 0
    place = np.arange(months.n_months)
    following = np.minimum.accumulate(np.where(is_full, place, months.n_months)[:, ::-1], axis=1)[:, ::-1]
    earlier = np.maximum.accumulate(np.where(is_full, place, -1), axis=1)
    director, company = standing.candidates.director_idx, standing.candidates.company_idx
    return following[director, months.first[company]], earlier[director, months.last[company]]


def _is_free(standing: Standing, usage: Usage) -> Bools:
    """(n_pairs,) whether the director has a slot left in every month of the company."""
    first_full, _ = _full_months(standing, usage)
    return np.asarray(first_full > usage.months.last[standing.candidates.company_idx])


def _given_up(standing: Standing, usage: Usage, ranks: Ranks, column: Int64) -> Int64:
    """(n,) of each pair the lowest match its director would leave for it and that runs in every full month; or −1."""
    candidates, months = standing.candidates, usage.months
    first_full, last_full = (full[column] for full in _full_months(standing, usage))
    director = candidates.director_idx[column]
    start = np.concatenate(([0], np.cumsum(usage.n_companies)))  # matches stand by director
    lowest = np.full(column.size, np.iinfo(np.int64).max)
    left = np.full(column.size, -1, np.int64)
    for place in range(int(usage.n_companies.max(initial=0))):
        has_one = np.flatnonzero(usage.n_companies[director] > place)
        match = usage.chosen[start[director[has_one]] + place]
        company = candidates.company_idx[match]
        rank = ranks.director[match]
        is_left = (
            (rank < ranks.director[column[has_one]])
            & (rank < lowest[has_one])
            & (months.first[company] <= first_full[has_one])
            & (months.last[company] >= last_full[has_one])
            & ~candidates.is_pinned[match]
        )
        lowest[has_one[is_left]], left[has_one[is_left]] = rank[is_left], match[is_left]
    return left
