"""What rows over all eligible pairs need to know of them, where a search keeps only some: counts, no pair by itself.

Companies that take the same hours and days in the same months are one class. How many of a class are eligible for each
director says which of a director's limits can bind, in which month, and by how much: as much as all pairs would say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.domain.problem import Problem
from matcher.pairing.hours import hours_of_pairs
from matcher.pairing.qualified import CELLS_AT_ONCE, Qualified, classes_of
from matcher.pairing.sides import Floats, Ints


@dataclass(frozen=True)
class Counted:
    """Eligible pairs, counted: a director with the companies of one class, or with one company that rows speak of.

    Attributes
    ----------
    director_idx, company_idx : (n,) the company stands for its class; n_pairs : (n,) at least 1
    hours : (n,) hours a month of such a pair, NaN where nobody stated any
    """

    director_idx: Ints
    company_idx: Ints
    n_pairs: Ints
    hours: Floats


@dataclass(frozen=True)
class Census:
    """All eligible pairs of a problem, of which a search keeps some."""

    problem: Problem
    qualified: Qualified

    @cached_property
    def classes(self) -> tuple[Ints, Ints]:
        """The first company of each class, and (n_companies,) the class of each."""
        companies = self.problem.companies
        keys = [
            companies["hours_per_month"].to_numpy(np.float64, na_value=np.nan),
            companies["on_site_days_per_month"].to_numpy(np.float64, na_value=np.nan),
            companies["start"].to_numpy("datetime64[D]"),
            companies["months"].to_numpy(np.int64),
        ]
        return classes_of(keys, len(companies))

    @cached_property
    def counted(self) -> Counted:
        """All eligible pairs; those that rows speak of one by one."""
        first, class_of = self.classes
        n_directors = self.qualified.columns.n_directors
        n_of = np.zeros((first.size, n_directors), np.int64)
        width = max(1, CELLS_AT_ONCE // max(n_directors, 1))
        order = np.argsort(class_of, kind="stable")
        ends = np.searchsorted(class_of[order], np.arange(first.size + 1))
        for one in range(first.size):
            members = order[ends[one] : ends[one + 1]]
            for low in range(0, members.size, width):
                some = members[low : low + width]
                bits = self.qualified.of_all(some)
                self.qualified.without_named(bits, some)
                n_of[one] += self.qualified.mask(bits).sum(axis=0, dtype=np.int64)
        kind, director = np.nonzero(n_of)
        named = self.qualified.named
        passes = np.logical_and.reduce(list(named.is_held.values()))
        own_director, own_company = named.director[passes], named.company[passes]
        stated = self.problem.companies["hours_per_month"].to_numpy(np.float64, na_value=np.nan)
        return Counted(
            np.concatenate((director, own_director)),
            np.concatenate((first[kind], own_company)),
            np.concatenate((n_of[kind, director], np.ones(own_director.size, np.int64))),
            np.concatenate((stated[first[kind]], hours_of_pairs(self.problem, own_director, own_company))),
        )

    def both(self, one: Ints, other: Ints) -> tuple[Ints, Ints]:
        """The directors eligible for both of some pairs of companies: (n,) the place of the pair, and the director."""
        bits = self.qualified.of_all(one) & self.qualified.of_all(other)
        place, director = np.nonzero(self.qualified.mask(bits))
        return place.astype(np.int64), director.astype(np.int64)

    def highest(self, companies: Ints, kind: Ints, rank: Ints) -> Ints:
        """(n,) the highest rank of any eligible director of each company; −1 without any.

        Pairs that rows speak of do not count.

        Parameters
        ----------
        kind : (n,) the row of `rank` that speaks of each company; rank : (n_kinds, n_directors) ≥ 0
        """
        found = np.full(companies.size, -1, np.int64)
        width = max(1, CELLS_AT_ONCE // max(self.qualified.columns.n_directors, 1))
        levels = np.unique(rank)[::-1].tolist()
        packed = [np.packbits(rank == level, axis=1) for level in levels]
        for low in range(0, companies.size, width):
            some = slice(low, low + width)
            bits = self.qualified.of_all(companies[some])
            self.qualified.without_named(bits, companies[some])
            for level, of in zip(reversed(levels), reversed(packed), strict=True):
                has = (bits & of[kind[some]]).any(axis=1)
                found[some] = np.where(has, level, found[some])
        return found
