"""`Block` and `Pairs`: all directors against a run of companies, and the pairs of it that are looked at.

Rules and criteria are written on `Pairs`: two index arrays that broadcast. The whole block is a column of directors
against a row of companies; the eligible pairs are two flat arrays; one pair is two arrays of one. Everything is
elementwise, so a pair has the same value to the bit in each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from matcher.domain import geography
from matcher.pairing.columns import Columns, PairColumn
from matcher.pairing.culture import N_AREAS
from matcher.pairing.network import LEVEL_SHARE
from matcher.pairing.sides import Array, Bools, Floats, Ints

N = TypeVar("N", np.int64, np.float64)


@dataclass(frozen=True)
class Block:
    """All directors against companies `first` … `last` − 1; arrays here are (companies of the block, directors)."""

    columns: Columns
    first: int
    last: int

    @property
    def n_companies(self) -> int:
        return self.last - self.first

    @property
    def shape(self) -> tuple[int, int]:
        """(n_directors, n_companies of the block)."""
        return self.columns.n_directors, self.n_companies

    def mesh(self) -> Pairs:
        """Every pair of the block, as (n_directors, 1) and (1, n_companies)."""
        return Pairs(self, np.arange(self.columns.n_directors)[:, None], np.arange(self.n_companies)[None, :])

    def spread(self, rows: PairColumn, fill: float) -> Floats | None:
        """(n_directors, n_companies) the value of each pair that has a row, else `fill`; None without any row."""
        some = rows.within(self.first, self.last)
        if not some.n_rows:
            return None
        dense = np.full(self.shape, fill)
        dense[some.director_idx, some.company_idx - self.first] = some.value
        return dense

    @cached_property
    def km_by_prefecture(self) -> Floats:
        """(48, n_companies) distance from each prefectural office that is some director's, NaN for the others."""
        company = self.columns.company
        codes = np.unique(self.columns.director.prefecture)
        latitude, longitude = geography.prefecture_office(codes)
        line = geography.great_circle_km(
            latitude[:, None],
            longitude[:, None],
            company.latitude[None, self.first : self.last],
            company.longitude[None, self.first : self.last],
        )
        km = np.full((N_AREAS, self.n_companies), np.nan)
        # Whole millimetres: the last bits of a sine differ between processors, and must not decide who is in reach.
        km[codes] = np.round(line * self.columns.policy.constants.road_factor, 6)
        return km

    @cached_property
    def given_km(self) -> Floats | None:
        """(n_directors, n_companies) the user's own distances, NaN without one."""
        return self.spread(self.columns.distances, np.nan)

    @cached_property
    def _needs(self) -> slice:
        """The block's rows of the needs; masks and places below count from its start."""
        start = self.columns.needs.start
        return slice(int(start[self.first]), int(start[self.last]))

    @cached_property
    def _company_of_need(self) -> Ints:
        """(n_needs,) the place of each need's company, ascending."""
        return np.repeat(np.arange(self.n_companies), np.diff(self.columns.needs.start[self.first : self.last + 1]))

    @cached_property
    def must_counts(self) -> tuple[Ints, Ints]:
        """(n_companies, n_directors) must-needs that are met, and (n_companies,) must-needs listed."""
        needs, columns = self.columns.needs, self.columns
        row = self._needs.start + np.flatnonzero(needs.is_must[self._needs])
        skill, is_by_hand = needs.skill[row], needs.is_hands_on[row]
        level = np.where(is_by_hand[:, None], columns.hands_on_level[skill], columns.level[skill])
        is_met = level >= needs.level[row][:, None]
        company = self._company_of_need[row - self._needs.start]
        return self._added(is_met.astype(np.int64), company), np.bincount(company, minlength=self.n_companies)

    @cached_property
    def experience(self) -> tuple[Floats, Floats]:
        """Share of the needs covered, and (n_companies,) the weight of the needs."""
        return self._covered(self.columns.level, np.arange(self._needs.start, self._needs.stop))

    @cached_property
    def hands_on(self) -> tuple[Floats, Floats]:
        """The same over the needs marked hands_on, by own hands."""
        marked = np.flatnonzero(self.columns.needs.is_hands_on[self._needs])
        return self._covered(self.columns.hands_on_level, self._needs.start + marked)

    @cached_property
    def network(self) -> Floats | None:
        """Share of the needs that people within reach cover; None when nobody can be brought in."""
        network, needs = self.columns.network, self.columns.needs
        if network is None:
            return None
        prefecture = self.columns.company.prefecture[self.first : self.last][self._company_of_need]
        coverage = network.coverage(needs.skill[self._needs], needs.level[self._needs], prefecture)
        return self._weighted(coverage, np.arange(self._needs.start, self._needs.stop))[0]

    def _covered(self, held: npt.NDArray[np.int8], row: Ints) -> tuple[Floats, Floats]:
        """`_weighted` over min(1, level held / level needed) of some needs."""
        needs = self.columns.needs
        return self._weighted(LEVEL_SHARE[held[needs.skill[row]], needs.level[row][:, None]], row)

    def _weighted(self, share: Floats, row: Ints) -> tuple[Floats, Floats]:
        """(n_companies, n_directors) Σ weight · share / Σ weight of each company's needs, and (n_companies,) Σ weight.

        Parameters
        ----------
        share : (n_rows, n_directors) for the needs `row`; overwritten
        """
        weight = self.columns.needs.weight[row][:, None]
        company = self._company_of_need[row - self._needs.start]
        share *= weight
        total, total_weight = self._added(share, company), self._added(weight, company)
        with np.errstate(invalid="ignore"):
            return total / total_weight, total_weight[:, 0]

    def _added(self, values: npt.NDArray[N], company: Ints) -> npt.NDArray[N]:
        """(n_companies, n) the sum of each company's rows, row by row in key order.

        The order of additions, and so the last bit, is the same in every block.
        """
        count = np.bincount(company, minlength=self.n_companies)
        first = np.cumsum(count) - count
        total = np.zeros((self.n_companies, values.shape[1]), dtype=values.dtype)
        for rank in range(int(count.max(initial=0))):
            at = np.flatnonzero(rank < count)
            total[at] += values[first[at] + rank]
        return total


@dataclass(frozen=True)
class Pairs:
    """Some pairs of a block: `director` and `company` (the place within the block) broadcast against each other."""

    block: Block
    director: Ints
    company: Ints

    @property
    def columns(self) -> Columns:
        return self.block.columns

    @property
    def shape(self) -> tuple[int, ...]:
        return np.broadcast_shapes(self.director.shape, self.company.shape)

    def of_director(self, column: Array) -> Array:
        """A director's column, for each pair."""
        return column[self.director]

    def of_company(self, column: Array) -> Array:
        """A company's column of the whole problem, for each pair."""
        return column[self.block.first : self.block.last][self.company]

    def in_block(self, values: Array) -> Array:
        """An array (n_companies of the block, n_directors), for each pair."""
        return values[self.company, self.director]

    def rows(self, column: PairColumn, fill: float) -> Floats:
        """The value of each pair's row, `fill` where it has none."""
        dense = self.block.spread(column, fill)
        return np.broadcast_to(np.float64(fill), self.shape) if dense is None else dense[self.director, self.company]

    def has_row(self, column: PairColumn) -> Bools:
        """Whether each pair has a row."""
        return ~np.isnan(self.rows(column, np.nan))

    @cached_property
    def distance_km(self) -> Floats:
        """Kilometres from the director's prefectural office to the company's office; see `km_by_prefecture`.

        The user's own distance, where one is given, is taken as it is.
        """
        km: Floats = self.block.km_by_prefecture[self.of_director(self.columns.director.prefecture), self.company]
        given = self.block.given_km
        if given is None:
            return km
        own: Floats = given[self.director, self.company]
        return np.where(np.isnan(own), km, own)
