"""Pairs named one by one, scored and judged by the very same rules and criteria as whole blocks, to the bit.

A block computes what the needs of its companies ask of every director; a list computes it for its own pairs alone, the
same operations in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from matcher.pairing.block import Block, Pairs
from matcher.pairing.columns import Columns, PairColumn
from matcher.pairing.network import LEVEL_SHARE
from matcher.pairing.sides import Array, Bools, Floats, Ints

COMPANIES_AT_ONCE = 20_000
PAIRS_AT_ONCE = 1_000_000


class _Share(Protocol):
    """The share that each of some needs is covered by the director of each of some pairs: (n,) in [0, 1]."""

    def __call__(self, row: Ints, at: Ints, /) -> Floats: ...


@dataclass(frozen=True)
class ListedBlock(Block):
    """A run of companies with some pairs of it; what a `Block` holds for every pair stands here by pair.

    Attributes
    ----------
    director, place : (n_pairs,) the director, and the place of the company within the block
    """

    director: Ints
    place: Ints

    def pairs(self) -> ListedPairs:
        """The pairs that are listed."""
        return ListedPairs(self, self.director, self.place)

    @cached_property
    def must_counts(self) -> tuple[Ints, Ints]:
        """(n_pairs,) must-needs that are met, and (n_companies,) must-needs listed."""
        needs, columns = self.columns.needs, self.columns
        rows = self._needs.start + np.flatnonzero(needs.is_must[self._needs])
        n_met = np.zeros(self.director.size, np.int64)
        for at, row in self._ranks(rows):
            skill, director = needs.skill[row], self.director[at]
            held = np.where(
                needs.is_hands_on[row], columns.hands_on_level[skill, director], columns.level[skill, director]
            )
            n_met[at] += held >= needs.level[row]
        company = self._company_of_need[rows - self._needs.start]
        return n_met, np.bincount(company, minlength=self.n_companies)

    @cached_property
    def network(self) -> Floats | None:
        """(n_pairs,) share of the needs that people within reach cover; None when nobody can be brought in."""
        network, needs = self.columns.network, self.columns.needs
        if network is None:
            return None
        prefecture = self.columns.company.prefecture[self.first : self.last]

        def share(row: Ints, at: Ints) -> Floats:
            where = prefecture[self.place[at]]
            return network.coverage_of(needs.skill[row], needs.level[row], where, self.director[at])

        return self._mean(share, np.arange(self._needs.start, self._needs.stop))[0]

    def _covered(self, held: npt.NDArray[np.int8], row: Ints) -> tuple[Floats, Floats]:
        needs = self.columns.needs

        def share(some: Ints, at: Ints) -> Floats:
            found: Floats = LEVEL_SHARE[held[needs.skill[some], self.director[at]], needs.level[some]]
            return found

        return self._mean(share, row)

    def _mean(self, share: _Share, rows: Ints) -> tuple[Floats, Floats]:
        """(n_pairs,) Σ weight · share / Σ weight over some needs of the company, and (n_companies,) Σ weight."""
        weight = self.columns.needs.weight
        total = np.zeros(self.director.size)
        for at, row in self._ranks(rows):
            total[at] += share(row, at) * weight[row]
        company = self._company_of_need[rows - self._needs.start]
        total_weight = self._added(weight[rows][:, None], company)[:, 0]
        with np.errstate(invalid="ignore"):
            return total / total_weight[self.place], total_weight

    def _ranks(self, rows: Ints) -> Iterator[tuple[Ints, Ints]]:
        """The first, second … of `rows` of each pair's company: the pairs that have one, and the row."""
        company = self._company_of_need[rows - self._needs.start]
        count = np.bincount(company, minlength=self.n_companies)
        first = np.cumsum(count) - count
        n_rows = count[self.place]
        for rank in range(int(n_rows.max(initial=0))):
            at = np.flatnonzero(rank < n_rows)
            yield at, rows[first[self.place[at]] + rank]


class ListedPairs(Pairs):
    """The pairs of a `ListedBlock`: rules and criteria read them as they read those of a block."""

    def in_block(self, values: Array) -> Array:
        """(n_pairs,) values stand by pair already."""
        return values

    def rows(self, column: PairColumn, fill: float) -> Floats:
        """The value of each pair's row, `fill` where it has none."""
        some = column.within(self.block.first, self.block.last)
        found = np.full(self.director.size, fill)
        if some.n_rows:
            n_directors = self.columns.n_directors
            keys = (some.company_idx - self.block.first) * n_directors + some.director_idx
            wanted = self.company * n_directors + self.director
            at = np.searchsorted(keys, wanted, side="right") - 1  # of rows that repeat, the last one counts
            is_there = (at >= 0) & (keys[at] == wanted)
            found[is_there] = some.value[at[is_there]]
        return found

    @cached_property
    def distance_km(self) -> Floats:
        """Kilometres, as those of the pairs of a block."""
        km: Floats = self.block.km_by_prefecture[self.of_director(self.columns.director.prefecture), self.company]
        if not self.columns.distances.n_rows:
            return km
        own = self.rows(self.columns.distances, np.nan)
        return np.where(np.isnan(own), km, own)


def listed(columns: Columns, director: Ints, company: Ints) -> Iterator[tuple[slice, ListedPairs]]:
    """Some pairs, ordered by company, a part at a time: which of them, and the pairs themselves."""
    if not company.size:
        yield slice(0, 0), ListedBlock(columns, 0, 0, director, company).pairs()
    first = 0
    while first < company.size:
        low = int(company[first])
        last = int(np.searchsorted(company, low + COMPANIES_AT_ONCE))
        if last - first > PAIRS_AT_ONCE:
            last = first + PAIRS_AT_ONCE
        block = ListedBlock(columns, low, int(company[last - 1]) + 1, director[first:last], company[first:last] - low)
        yield slice(first, last), block.pairs()
        first = last


def is_pinned(pairs: Pairs) -> Bools:
    """Of the pairs' shape: pinned by a row, or by a running engagement that the policy keeps fixed."""
    pinned = pairs.has_row(pairs.columns.pins)
    if pairs.columns.policy.engagements.fixed:
        pinned = pinned | pairs.has_row(pairs.columns.running)
    return pinned
