"""Candidates of large inputs, found without scoring every pair, and the proof that those left out do not matter.

Every company keeps its best pairs by upper bounds (`upper`); the model is solved on those, and its prices say of every
other pair whether it could still be in a best plan: what it may have in points at most, less the price of its director
and of its company. Those that could are scored exactly and added, and the model is solved again, until there is none.
Then every pair left out is below its prices, so the plan, and every plan as good, is one of the pairs kept.

Source: delayed column generation, e.g. Lübbecke and Desrosiers, Selected topics in column generation (2005).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.pairing.block import Block
from matcher.pairing.candidates import Candidates, candidates_of, flags_of
from matcher.pairing.census import Census
from matcher.pairing.columns import Columns, build_columns
from matcher.pairing.criteria import score_pairs
from matcher.pairing.eligibility import HARD_RULES
from matcher.pairing.listed import is_pinned, listed
from matcher.pairing.near_misses import NearMiss, nearest_misses
from matcher.pairing.parts import Contradiction, pair_columns
from matcher.pairing.qualified import Counts, Qualified, count_pairs, places_among_all, qualify
from matcher.pairing.sides import Array, Bools, Ints
from matcher.pairing.upper import Bounded, Singles, UpperBounds, bounds_of

MANY_PAIRS = 50_000_000
"""From here on `candidates.search: auto` searches: below, every pair is scored in less than half a minute."""

KEPT_AT_FIRST = 8
"""Pairs of each company, the best by their bounds, to begin with."""

ADDED_AT_ONCE = 8
"""Pairs of each company that one round adds at most: more of them rarely have any use."""

MOST_NAMED = 0.05
"""Of all pairs: where rows speak of more, every pair is scored."""

NEAR_MISSES_AT_ONCE = 4_000_000

WhyNot = Literal[
    "asked",
    "few_pairs",
    "keep_per_company",
    "thresholds",
    "objective",
    "limits",
    "move_price",
    "named_pairs",
    "model",
]
"""Why every pair is scored: somebody asked for it, the pairs are few, or what the policy or the data asks for.

``model``: the pairs that a search begins with have no plan; that is seen only when the model is there.
"""


@dataclass
class Search:
    """The pairs kept so far, and what was counted of all.

    Attributes
    ----------
    key : (n,) company · n_directors + director of the pairs scored so far, ascending; `found` their columns by name,
        as in `Part`
    cut_at : (n_companies,) no pair left out at first has more points; −∞ where none was
    """

    columns: Columns
    qualified: Qualified
    census: Census
    counts: Counts
    bounds: UpperBounds
    key: Ints
    found: dict[str, Array]
    cut_at: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    @property
    def n_eligible(self) -> int:
        return int(self.counts.eligible_by_company.sum())

    @property
    def director(self) -> Ints:
        return self.key % self.columns.n_directors

    @property
    def company(self) -> Ints:
        return self.key // self.columns.n_directors

    @property
    def most_points(self) -> Ints:
        """(n_companies,) no eligible pair of a company has more points."""
        best = np.where(np.isfinite(self.cut_at), np.ceil(self.cut_at) + 1, 0).astype(np.int64)
        np.maximum.at(best, self.company, self.found["points"])
        return best

    def add(self, key: Ints) -> None:
        """Score eligible pairs that are not there yet, and keep them."""
        if not key.size:
            return
        key = np.unique(key)
        found = scored(self.columns, key)
        joined = np.concatenate((self.key, key))
        order = np.argsort(joined, kind="stable")
        self.key = joined[order]
        self.found = {name: np.concatenate((self.found[name], found[name]))[order] for name in found}

    def has(self, key: Ints) -> Bools:
        """Whether each of some pairs is there."""
        at = np.searchsorted(self.key, key)
        is_there: Bools = np.append(self.key, -1)[at] == key
        return is_there

    def beyond(self, prices: PairPrices, stop: threading.Event | None = None) -> Beyond | None:
        """The eligible pairs left out that prices do not rule out, scored and added; None where `stop` was set.

        Notes
        -----
        Prices of fractions of a point may leave part of a point open below a bound that is met: pairs within a point of
        them are added too, so that every plan as good is one of pairs kept.
        """
        n_directors, scale = self.columns.n_directors, float(prices.scale)
        by_kind = (prices.director[:, self.bounds.directors] / scale).astype(np.float32)
        blurred = np.abs(prices.director).max(initial=0) / scale * 2.0**-22
        found, is_whole = [], True
        excess = np.zeros(self.columns.n_companies)
        for block in self.bounds.blocks():
            if stop is not None and stop.is_set():
                return None
            kind = prices.kind_of[block.companies]
            price = by_kind[kind[0]] if (kind == kind[0]).all() else by_kind[kind]
            points = np.subtract(block.points, price, out=block.points)
            least = prices.company[block.companies] / scale - block.margin - blurred - 1.0 - (scale > 1)
            row, place = _where(points, least, block.qualifies)
            key = block.companies[row] * n_directors + block.directors[place]
            is_new = ~self.has(key)
            row, key, points_of = row[is_new], key[is_new], points[row[is_new], place[is_new]]
            best = _best_of_rows(row, points_of, ADDED_AT_ONCE)
            is_whole &= best.size == key.size
            found.append(key[best])
            rest = np.ones(key.size, np.bool_)
            rest[best] = False
            np.maximum.at(excess, block.companies[row[rest]], (points_of - least[row])[rest])
        key = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
        before = self.key
        reduced = scored(self.columns, key)["points"] * prices.scale
        reduced -= prices.of(key % n_directors, key // n_directors)
        self.add(key[reduced >= (0 if prices.scale == 1 else -prices.scale)])
        above = np.ceil(excess).astype(np.int64) * prices.scale
        np.maximum.at(above, key // n_directors, reduced)
        return Beyond(self.key.size - before.size, int(np.count_nonzero(reduced > 0)), is_whole, above)

    def candidates(self, *, with_places: bool = True) -> Candidates:
        """The pairs kept, as candidates of all eligible pairs; without their places among all, which the lot needs."""
        columns, counts = self.columns, self.counts
        director, company = self.director, self.company
        place = np.zeros(company.size, np.int64)
        if with_places:
            place = places_among_all(self.qualified, counts, director, company)
        order = np.lexsort((company, director))
        return candidates_of(
            director[order].astype(np.int32),
            company[order].astype(np.int32),
            {name: values[order] for name, values in self.found.items()},
            tie_break=columns.policy.tie_break,
            n_rejected_by_company=counts.rejected_by_company.astype(np.int32),
            n_rejected_by_director=counts.rejected_by_director.astype(np.int32),
            n_candidates_by_company=counts.eligible_by_company.astype(np.int32),
            n_candidates_by_director=counts.eligible_by_director.astype(np.int32),
            near_misses=self.near_misses,
            contradictions=self.contradictions,
            flags=flags_of(columns),
            n_cut=self.n_eligible - self.key.size,
            n_considered=columns.n_directors * columns.n_companies,
            place=place[order],
            census=self.census,
        )

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Pins, and engagements the policy keeps fixed, that break hard rules."""
        return _contradictions(self.qualified)

    @cached_property
    def near_misses(self) -> MappingProxyType[int, NearMiss]:
        """The nearest director of every company without any eligible pair."""
        return MappingProxyType(_near_misses(self.columns, np.flatnonzero(self.counts.eligible_by_company == 0)))


@dataclass(frozen=True)
class PairPrices:
    """What a pair costs at least, in 1/`scale` points: what its director costs a company of its kind, and its company.

    Attributes
    ----------
    director : (n_kinds, n_directors); company : (n_companies,); kind_of : (n_companies,) the kind of each company
    """

    director: Ints
    company: Ints
    kind_of: Ints
    scale: int = 1

    def of(self, director: Ints, company: Ints) -> Ints:
        """(n,) the price of some pairs."""
        price: Ints = self.director[self.kind_of[company], director] + self.company[company]
        return price


class Beyond(NamedTuple):
    """What prices let in: pairs added, those of them that could better the plan, and whether that is all of them.

    `excess` is (n_companies,) in the units of the prices: no pair left out before was further above its price; 0 where
    none was above.
    """

    n_added: int
    n_better: int
    is_whole: bool
    excess: Ints


def why_not(problem: Problem) -> WhyNot | None:
    """Why every pair has to be scored; None where a search finds the same plan."""
    policy, tables = problem.policy, problem.tables
    n_pairs = len(problem.directors) * len(problem.companies)
    n_named = sum(len(tables[name]) for name in ("pairs", "engagements", "distances", "pair_hours"))
    limits = policy.limits
    reasons: tuple[tuple[WhyNot, bool], ...] = (
        ("asked", policy.candidates.search == "every_pair"),
        ("few_pairs", n_pairs < MANY_PAIRS and policy.candidates.search == "auto"),
        ("few_pairs", n_pairs == 0),
        ("keep_per_company", policy.candidates.keep_per_company is not None),
        ("thresholds", bool(policy.thresholds.min_by_criterion) or policy.thresholds.min_score_points is not None),
        ("objective", policy.objective[0] != "points" or not {"worst_match", "even_load"}.isdisjoint(policy.objective)),
        ("limits", limits.max_directors is not None or limits.budget_jpy_total is not None),
        ("move_price", policy.engagements.move_price_points > 0),
        ("named_pairs", n_named > MOST_NAMED * n_pairs),
    )
    return next((reason for reason, holds in reasons if holds), None)


def begin_search(problem: Problem, *, kept: int | None = None) -> Search:
    """Every eligible pair counted, and the best of each company and of each director found, by bounds.

    Parameters
    ----------
    kept : pairs of each company to begin with, `KEPT_AT_FIRST` without a number

    Raises
    ------
    ModelError : as `build_candidates`
    """
    columns = build_columns(problem)
    kept = KEPT_AT_FIRST if kept is None else kept
    qualified = qualify(columns)
    nobody = np.zeros(0, np.int64)
    search = Search(
        columns,
        qualified,
        Census(problem, qualified),
        count_pairs(qualified),
        bounds_of(qualified),
        nobody,
        scored(columns, nobody),
        np.full(columns.n_companies, -np.inf),
    )
    named = qualified.named
    passes = np.logical_and.reduce(list(named.is_held.values()))
    keys = [(named.company * columns.n_directors + named.director)[passes]]
    best_key = np.full(columns.n_directors, -1, np.int64)
    best_points = np.full(columns.n_directors, -np.inf, np.float32)
    for block in search.bounds.blocks():
        keys.append(_best_of_companies(search, block, kept))
        _best_of_directors(block, best_key, best_points, columns.n_directors)
    keys.append(best_key[best_key >= 0])
    search.add(np.concatenate(keys))
    _add_best(search)
    return search


_OUT = np.float32(-1e30)


def _best_of_companies(search: Search, block: Bounded, kept: int) -> Ints:
    """The keys of the best pairs of each company, `kept` or some more, and in `cut_at` the most the others may have."""
    np.copyto(block.points, _OUT, where=~block.qualifies)
    n = block.directors.size
    least = np.full(block.companies.size, _OUT)
    if n > kept:
        # The best of each stretch of directors: as many pairs as stretches reach the k-th best of these, or more.
        stretch = max(1, n // (8 * kept))
        best = np.maximum.reduceat(block.points, np.arange(0, n, stretch), axis=1)
        least = np.partition(best, best.shape[1] - kept, axis=1)[:, best.shape[1] - kept]
        search.cut_at[block.companies] = np.where(least > _OUT, least.astype(np.float64) + block.margin, -np.inf)
    row, place = _where(block.points, least, block.qualifies)
    key: Ints = block.companies[row] * search.columns.n_directors + block.directors[place]
    return key


def _best_of_directors(block: Bounded, key: Ints, points: Singles, n_directors: int) -> None:
    """Write over each director's best pair so far where one of the block is better."""
    best = block.points.max(axis=0)
    is_better = (best > points[block.directors]) & (best > _OUT)
    row = np.argmax(block.points[:, is_better], axis=0)
    who = block.directors[is_better]
    points[who], key[who] = best[is_better], block.companies[row] * n_directors + who


def _where(points: Singles, least: npt.NDArray[np.floating], qualifies: Bools) -> tuple[Ints, Ints]:
    """The rows and places of the pairs that qualify and have at least so many points."""
    lowest = np.floor(least).astype(np.float32)[:, None]
    at = np.flatnonzero(np.logical_and(points >= lowest, qualifies))
    row, place = np.divmod(at, points.shape[1])
    return row, place


def _add_best(search: Search) -> None:
    """Every pair that may have the most points of its company, so that the best of each is the best of all."""
    best = np.full(search.columns.n_companies, np.iinfo(np.int64).min, np.int64)
    np.maximum.at(best, search.company, search.found["points"])
    unsure = np.flatnonzero(search.cut_at >= best)
    keys = []
    for block in search.bounds.blocks(unsure) if unsure.size else ():
        row, place = _where(block.points, best[block.companies] - block.margin - 1.0, block.qualifies)
        keys.append(block.companies[row] * search.columns.n_directors + block.directors[place])
    if keys:
        key = np.concatenate(keys)
        search.add(key[~search.has(key)])


def scored(columns: Columns, key: Ints) -> dict[str, Array]:
    """The columns of some pairs, by company, then director, by their names in `Part`."""
    company, director = np.divmod(key, max(columns.n_directors, 1))
    parts = []
    for _, pairs in listed(columns, director, company):
        scores = score_pairs(pairs)
        parts.append(pair_columns(pairs, scores, np.arange(pairs.director.size), is_pinned(pairs)))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _best_of_rows(row: Ints, points: npt.NDArray[np.float32], most: int) -> Ints:
    """The places of the best `most` of each row."""
    order = np.lexsort((-points, row))
    sorted_row = row[order]
    first = np.searchsorted(sorted_row, sorted_row, side="left")
    return order[np.arange(order.size) - first < most]


def _near_misses(columns: Columns, companies: Ints) -> dict[int, NearMiss]:
    found: dict[int, NearMiss] = {}
    if not companies.size:
        return found
    some = columns.of_some(np.arange(columns.n_directors), companies, columns.policy)
    width = max(1, NEAR_MISSES_AT_ONCE // max(columns.n_directors, 1))
    for first in range(0, companies.size, width):
        block = Block(some, first, min(first + width, companies.size))
        for at, miss in nearest_misses(block, np.arange(block.n_companies)).items():
            found[int(companies[at])] = miss
    return found


def _contradictions(qualified: Qualified) -> tuple[Contradiction, ...]:
    """Pins, and engagements the policy keeps fixed, that break hard rules; by director, then company."""
    columns, named = qualified.columns, qualified.named
    pinned, found = np.zeros(named.director.size, np.bool_), []
    by_pin = pinned.copy()
    for at, pairs in listed(columns, named.director, named.company):
        pinned[at], by_pin[at] = is_pinned(pairs), pairs.has_row(columns.pins)
    for place in np.flatnonzero(pinned).tolist():
        failed = tuple(name for name in HARD_RULES if not named.is_held[name][place])
        if failed:
            who, what = int(named.director[place]), int(named.company[place])
            found.append(Contradiction(who, what, failed, is_engagement=not by_pin[place]))
    return tuple(sorted(found, key=lambda one: (one.director_idx, one.company_idx)))
