"""Upper bounds on the points of every pair that qualifies: one matrix product a prefecture.

Points are a sum of criteria, and each depends on few things: on a director and a prefecture, a director and a goal, a
director and a need at a level. So a director is a column of what each such token brings, a company a row of how much
each counts, and the product bounds the points of all pairs at once. What is exact in the reals is made a bound by a
margin: half a point for each criterion's rounding, and what single precision may lose.

Pairs that rows speak of (wishes, pins, forbids, engagements, distances, hours) are left out: they are few, and whoever
searches scores them one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matcher.domain import geography
from matcher.domain.policy import CRITERIA
from matcher.pairing.columns import Columns
from matcher.pairing.criteria import POINTS, readiness_by_company
from matcher.pairing.network import LEVEL_SHARE
from matcher.pairing.qualified import Qualified
from matcher.pairing.sides import GOALS, STYLES, Bools, Floats, Ints

Singles = npt.NDArray[np.float32]

COMPANIES_AT_ONCE = 256

_SIZES = 16
"""Classes of numbers of employees in a prefecture; similar to one of a class counts as similar to all of it."""

_UNIT = 2.0**-23
"""Twice the unit roundoff of single precision."""


class Bounded(NamedTuple):
    """Some companies of one prefecture against all directors in service.

    Attributes
    ----------
    companies, directors : indices
    points : (n_companies, n_directors) single precision; written over by the next block
    qualifies : (n_companies, n_directors) whether a pair passes every rule and no row speaks of it
    margin : (n_companies,) no pair has more points than `points + margin` of its company
    """

    companies: Ints
    directors: Ints
    points: Singles
    qualifies: Bools
    margin: Floats


class _Tokens(NamedTuple):
    """One kind of token: a row of what each brings a director, and the entries of the companies that count it.

    Attributes
    ----------
    brings : (n_tokens, n_directors); row, token, amount : (n_entries,) the company's place, the token, how much
    """

    brings: Floats
    row: Ints
    token: Ints
    amount: Floats


@dataclass(frozen=True)
class UpperBounds:
    """The bounds of all pairs of a problem that qualify, prefecture by prefecture.

    Attributes
    ----------
    directors : (n,) the directors in service; `columns` and `qualified` are of these
    """

    directors: Ints
    columns: Columns
    qualified: Qualified

    def blocks(self, companies: Ints | None = None) -> Iterator[Bounded]:
        """All pairs of some companies, ascending; of all without any."""
        prefecture = self.columns.company.prefecture
        every = np.arange(self.columns.n_companies) if companies is None else companies
        buffer = np.empty((COMPANIES_AT_ONCE, self.directors.size), np.float32)
        for area in np.unique(prefecture[every]).tolist() if self.directors.size else ():
            yield from self._area(area, every[prefecture[every] == area], buffer)

    def _area(self, area: int, companies: Ints, buffer: Singles) -> Iterator[Bounded]:
        needs = self._needs(area)
        brings, counts = self._joined(area, companies)
        size = np.abs(counts).astype(np.float64) @ np.abs(brings).max(axis=1, initial=0.0)
        token, count = self._needed(companies)
        # No need's share is above 1, and those of a company add up to its scale times the three weights.
        size += np.abs(count).sum(axis=1)
        n_added = np.count_nonzero(counts, axis=1) + np.count_nonzero(count, axis=1)
        margin = len(CRITERIA) / 2 + 0.01 + size * (n_added + 8) * _UNIT
        for first in range(0, companies.size, COMPANIES_AT_ONCE):
            some = slice(first, first + COMPANIES_AT_ONCE)
            points = np.matmul(counts[some], brings, out=buffer[: companies[some].size])
            for row, tokens, how_much in zip(points, token[some], count[some], strict=True):
                is_one = how_much != 0
                row += how_much[is_one] @ needs[tokens[is_one]]
            bits = self.qualified.of_all(companies[some])
            self.qualified.without_named(bits, companies[some])
            yield Bounded(companies[some], self.directors, points, self.qualified.mask(bits), margin[some])

    def _joined(self, area: int, companies: Ints) -> tuple[Singles, Singles]:
        """(n_tokens, n_directors) what each token brings, and (n_companies, n_tokens) how much it counts."""
        kinds = [
            self._steady(area, companies),
            self._goals(companies),
            self._styles(companies),
            *self._businesses(companies),
            self._distances(companies),
        ]
        counts = np.zeros((companies.size, sum(kind.brings.shape[0] for kind in kinds)), np.float32)
        first = 0
        for kind in kinds:
            np.add.at(counts, (kind.row, first + kind.token), kind.amount.astype(np.float32))
            first += kind.brings.shape[0]
        return np.concatenate([kind.brings for kind in kinds]).astype(np.float32), counts

    @cached_property
    def _weights(self) -> dict[str, float]:
        return {str(name): weight for name, weight in self.columns.policy.weights.normalised().items()}

    @cached_property
    def _scale(self) -> Floats:
        return POINTS * self.columns.company.priority

    @property
    def _neutral(self) -> float:
        return self.columns.policy.thresholds.neutral

    @cached_property
    def _asked(self) -> tuple[Ints, Ints]:
        """(n_tokens,) the skills and levels that some company needs."""
        needs = self.columns.needs
        code = np.unique(needs.skill * 6 + needs.level)
        return code // 6, code % 6

    @cached_property
    def _held(self) -> tuple[Singles, Singles]:
        """What experience and own hands bring to each token, and last without needs at all: all but the network."""
        weights, director = self._weights, self.columns.director
        skill, level = self._asked
        years = director.experience_years / self.columns.policy.constants.experience_years_for_full
        alone = weights["experience"] * _else(np.minimum(1.0, years), self._neutral)
        rating = weights["hands_on"] * _else(director.hands_on_rating / 5, self._neutral)
        experience = weights["experience"] * LEVEL_SHARE[self.columns.level[skill], level[:, None]]
        by_hand = weights["hands_on"] * LEVEL_SHARE[self.columns.hands_on_level[skill], level[:, None]]
        return (
            np.concatenate((experience, alone[None, :])).astype(np.float32),
            np.concatenate((by_hand, rating[None, :])).astype(np.float32),
        )

    def _needs(self, area: int) -> Singles:
        """(2 · (n_tokens + 1), n_directors) what each need brings: with experience and network, then by own hands."""
        network, (skill, level) = self.columns.network, self._asked
        held, by_hand = self._held
        if network is None:
            return np.concatenate((held, by_hand))
        covered = network.coverage(skill, level, np.full(skill.size, area))
        alone = self._neutral * network.reaches_someone[None, :]
        reached = (self._weights["network"] * np.concatenate((covered, alone))).astype(np.float32)
        return np.concatenate((held + reached, by_hand))

    def _needed(self, companies: Ints) -> tuple[Ints, Singles]:
        """(n_companies, n) the tokens of `_needs` that each company counts, and how much; 0 where there are fewer."""
        needs = self.columns.needs.of_some(companies)
        skill, level = self._asked
        place = np.repeat(np.arange(companies.size), np.diff(needs.start))
        token = np.searchsorted(skill * 6 + level, needs.skill * 6 + needs.level)
        scale = self._scale[companies]
        rows, tokens, counts = [], [], []
        for first, at in ((0, np.arange(place.size)), (skill.size + 1, np.flatnonzero(needs.is_hands_on))):
            total = np.bincount(place[at], weights=needs.weight[at], minlength=companies.size)
            without = np.flatnonzero(total == 0)
            rows += [place[at], without]
            tokens += [first + token[at], np.full(without.size, first + skill.size)]
            counts += [scale[place[at]] * needs.weight[at] / total[place[at]], scale[without]]
        row, one, count = np.concatenate(rows), np.concatenate(tokens), np.concatenate(counts)
        order = np.argsort(row, kind="stable")
        n_of = np.bincount(row, minlength=companies.size)
        column = np.arange(row.size) - np.repeat(np.cumsum(n_of) - n_of, n_of)
        found = np.zeros((companies.size, int(n_of.max(initial=0))), np.int64)
        how_much = np.zeros(found.shape, np.float32)
        found[row[order], column], how_much[row[order], column] = one[order], count[order]
        return found, how_much

    def _steady(self, area: int, companies: Ints) -> _Tokens:
        """What a director brings any company of the prefecture, and what a company has whoever comes."""
        policy, weights = self.columns.policy, self._weights
        culture = weights["local_culture"] * self.columns.culture[:, area]
        base = weights["own_business"] * policy.constants.own_business_base * self._maturity
        value, _ = readiness_by_company(self.columns)
        # A pair with a wish is named, so here nobody has said anything.
        own = weights["readiness"] * value[companies] + weights["wishes"] * 0.5
        moved = policy.engagements.move_price_points * self.columns.is_engaged[companies]
        place, scale = np.arange(companies.size), self._scale[companies]
        return _Tokens(
            np.stack((culture + base, np.ones(self.directors.size))),
            np.concatenate((place, place)),
            np.repeat(np.arange(2), companies.size),
            np.concatenate((scale, scale * own - moved)),
        )

    def _goals(self, companies: Ints) -> _Tokens:
        results = self.columns.results
        best = np.fmax.reduce(results, axis=1, initial=0.0)
        found = np.where(np.isnan(results), self.columns.policy.constants.goal_other_factor * best[:, None], results)
        goal = self.columns.company.goal[companies] % len(GOALS)  # −1 reads the last one, here as in the criterion
        return self._one_each(self._weights["goal_fit"] * found.T, companies, goal)

    def _styles(self, companies: Ints) -> _Tokens:
        style = self.columns.director.style
        wanted = np.arange(-1, len(STYLES))[:, None]
        fits = (style == wanted) | (style == STYLES.index("both"))
        value = np.where((style < 0) | (wanted < 0), self._neutral, np.where(fits, 1.0, 0.0))
        return self._one_each(
            self._weights["style_fit"] * value, companies, self.columns.company.wanted_style[companies] + 1
        )

    @cached_property
    def _maturity(self) -> Floats:
        director, constants = self.columns.director, self.columns.policy.constants
        is_unknown = director.is_owner & np.isnan(director.owner_years)
        by_years = -np.expm1(-director.owner_years / constants.owner_years_scale)
        return np.where(is_unknown, self._neutral, np.where(director.is_owner, by_years, 0.0))

    def _businesses(self, companies: Ints) -> tuple[_Tokens, _Tokens]:
        """The same industry, and a number of employees like that of some company of the class."""
        constants, weight = self.columns.policy.constants, self._weights["own_business"] * self._maturity
        company, director = self.columns.company, self.columns.director
        industry = company.industry[companies]
        kinds, kind = np.unique(industry, return_inverse=True)
        is_same = (director.own_industry == kinds[:, None]) & (kinds[:, None] >= 0)
        same = self._one_each(weight * constants.own_business_same_industry * is_same, companies, kind)
        employees = company.employees[companies]
        is_known = ~np.isnan(employees)
        sizes, size = np.unique(employees[is_known], return_inverse=True)
        class_of = np.arange(sizes.size) * _SIZES // max(sizes.size, 1)
        own = director.own_employees
        factor = constants.similar_size_factor
        is_similar = np.zeros((_SIZES, self.directors.size), np.bool_)
        for at, theirs in enumerate(sizes.tolist()):
            is_similar[class_of[at]] |= (own <= factor * theirs) & (theirs <= factor * own)
        alike = _Tokens(
            weight * constants.own_business_similar_size * is_similar,
            np.flatnonzero(is_known),
            class_of[size],
            self._scale[companies][is_known],
        )
        return same, alike

    def _distances(self, companies: Ints) -> _Tokens:
        """How near a director's prefecture is: one token for each prefecture that some director lives in."""
        constants, company = self.columns.policy.constants, self.columns.company
        areas, area = np.unique(self.columns.director.prefecture, return_inverse=True)
        latitude, longitude = geography.prefecture_office(areas)
        line = geography.great_circle_km(
            latitude[:, None], longitude[:, None], company.latitude[None, companies], company.longitude[None, companies]
        )
        km = np.round(line * constants.road_factor, 6)
        days = np.nan_to_num(company.on_site_days_per_month[companies], nan=0.0)
        share = np.minimum(1.0, days / constants.on_site_days_for_full)
        value = 1.0 + share * np.expm1(-km / constants.nearness_scale_km)
        place = np.tile(np.arange(companies.size), areas.size)
        return _Tokens(
            (np.arange(areas.size)[:, None] == area).astype(np.float64),
            place,
            np.repeat(np.arange(areas.size), companies.size),
            (self._weights["nearness"] * self._scale[companies] * value).ravel(),
        )

    def _one_each(self, brings: Floats, companies: Ints, token: Ints) -> _Tokens:
        """Tokens of which each company counts one, by its scale."""
        return _Tokens(brings, np.arange(companies.size), token, self._scale[companies])


def _else(values: Floats, neutral: float) -> Floats:
    missing: Bools = np.isnan(values)
    return np.where(missing, neutral, values)


def bounds_of(qualified: Qualified) -> UpperBounds:
    """The bounds of everybody in service: nobody else qualifies for anything."""
    directors = np.flatnonzero(qualified.columns.director.is_in_service)
    some = qualified.of_some(directors)
    return UpperBounds(directors, some.columns, some)
