"""Who qualifies for whom, as bits: every rule is asked once for each class of companies that are alike to it.

A rule that reads only the budget of a company is asked for one company of each budget; all of that budget share the
answer, one bit a director. The rules are those of `eligibility`, so a pair qualifies here where it does there, to the
bit; pairs that rows speak of (pins, forbids, hours, distances) are asked one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from matcher.pairing.block import Block
from matcher.pairing.columns import PAIR_COLUMNS, Columns, PairColumn
from matcher.pairing.criteria import readiness_by_company
from matcher.pairing.eligibility import RULES, SOFT_RULES, UNSCORED_RULES
from matcher.pairing.listed import is_pinned, listed
from matcher.pairing.sides import Array, Bools, Ints

Bits = npt.NDArray[np.uint8]
"""(n, ⌈n_directors / 8⌉) one bit a director, the first in the highest place; spare bits are 0."""

CELLS_AT_ONCE = 8_000_000

_READS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "in_service": (),
        "in_period": ("start", "last_day"),
        "has_hours": ("hours_per_month",),
        "in_reach": ("on_site_days_per_month", "latitude", "longitude"),
        "in_budget": ("budget_jpy_per_month",),
        "no_conflict_of_interest": ("industry", "prefecture", "is_exempt"),
        "not_forbidden": (),
        "is_ready": (),
    }
)
"""The columns of a company that a rule reads; `has_must_skills` reads the must-needs, `is_ready` the readiness."""


@dataclass(frozen=True)
class RuleBits:
    """One rule's answers: `bits` of each class of companies, and `class_of` (n_companies,)."""

    bits: Bits
    class_of: Ints


@dataclass(frozen=True)
class Named:
    """The pairs that rows speak of, ordered by company, then director, each asked by itself.

    Attributes
    ----------
    director, company : (n,); is_held : rule → (n,) whether it holds, soft rules also where a pin overrides them
    start : (n_companies + 1,) where each company's pairs begin
    """

    director: Ints
    company: Ints
    is_held: Mapping[str, Bools]
    start: Ints


@dataclass(frozen=True)
class Qualified:
    """Every rule that needs no points, by class; see the module."""

    columns: Columns
    rules: Mapping[str, RuleBits]
    named: Named

    def of_rule(self, name: str, companies: Ints) -> Bits:
        """(n, …) the directors who pass one rule for each of some companies."""
        rule = self.rules[name]
        bits = rule.bits[rule.class_of[companies]]
        self._corrected(bits, companies, self.named.is_held[name])
        return bits

    def of_all(self, companies: Ints) -> Bits:
        """(n, …) the directors who pass every rule for each of some companies."""
        first, *others = self.rules.values()
        found = first.bits[first.class_of[companies]]
        for rule in others:
            np.bitwise_and(found, rule.bits[rule.class_of[companies]], out=found)
        passes = np.logical_and.reduce(list(self.named.is_held.values()))
        self._corrected(found, companies, passes)
        return found

    def without_named(self, bits: Bits, companies: Ints) -> None:
        """Take the pairs that rows speak of out of bits of `of_all`."""
        self._corrected(bits, companies, np.zeros(self.named.director.size, np.bool_))

    def mask(self, bits: Bits) -> Bools:
        """(n, n_directors) the same as booleans."""
        found: Bools = np.unpackbits(bits, axis=1, count=self.columns.n_directors).view(np.bool_)
        return found

    def of_some(self, director_idx: Ints) -> Qualified:
        """The same of some directors, in ascending order; indices count within those taken."""
        rules = {}
        for name, rule in self.rules.items():
            width = max(1, CELLS_AT_ONCE // max(self.columns.n_directors, 1))
            parts = [
                _packed(self.mask(rule.bits[first : first + width])[:, director_idx])
                for first in range(0, rule.bits.shape[0], width)
            ]
            nobody = _packed(np.zeros((0, director_idx.size), np.bool_))
            rules[name] = RuleBits(np.concatenate([nobody, *parts]), rule.class_of)
        named = self.named
        director_of = np.full(self.columns.n_directors, -1)
        director_of[director_idx] = np.arange(director_idx.size)
        stays = director_of[named.director] >= 0
        company = named.company[stays]
        columns = self.columns.of_some(director_idx, np.arange(self.columns.n_companies), self.columns.policy)
        return Qualified(
            columns,
            MappingProxyType(rules),
            Named(
                director_of[named.director[stays]],
                company,
                MappingProxyType({name: held[stays] for name, held in named.is_held.items()}),
                np.searchsorted(company, np.arange(columns.n_companies + 1)).astype(np.int64),
            ),
        )

    def _corrected(self, bits: Bits, companies: Ints, holds: Bools) -> None:
        """Write what was found of single pairs over what was found of their class."""
        count = np.diff(self.named.start)[companies]
        row = np.repeat(np.arange(companies.size), count)
        if not row.size:
            return
        at = np.repeat(self.named.start[companies] - np.cumsum(count) + count, count) + np.arange(row.size)
        byte, bit = np.divmod(self.named.director[at], 8)
        flag = (np.uint8(128) >> bit.astype(np.uint8)).astype(np.uint8)
        np.bitwise_and.at(bits, (row, byte), ~flag)
        np.bitwise_or.at(bits, (row, byte), np.where(holds[at], flag, np.uint8(0)))


def qualify(columns: Columns) -> Qualified:
    """The classes of every rule that needs no points, and its answers.

    Notes
    -----
    Time O(directors · classes), about 10,000 classes for 100,000 companies; memory one bit for each of these.
    """
    bare = _without_pairs(columns)
    rules = {name: _asked(bare, name) for name in UNSCORED_RULES}
    return Qualified(columns, MappingProxyType(rules), _named(columns))


def _without_pairs(columns: Columns) -> Columns:
    nobody = PairColumn(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    return replace(
        columns,
        pins=nobody,
        forbids=nobody,
        wishes_of_director=nobody,
        wishes_of_company=nobody,
        running=nobody,
        distances=nobody,
        hours=nobody,
    )


def _asked(columns: Columns, name: str) -> RuleBits:
    if name == "has_must_skills":
        return _must_skills(columns)
    keys: list[Array] = [getattr(columns.company, one) for one in _READS[name]]
    if name == "is_ready":
        keys = [readiness_by_company(columns)[0]]
    first, class_of = classes_of(keys, columns.n_companies)
    some = columns.of_some(np.arange(columns.n_directors), first, columns.policy)
    width = max(1, CELLS_AT_ONCE // max(columns.n_directors, 1))
    parts = [_packed(np.zeros((0, columns.n_directors), np.bool_))]
    for low in range(0, first.size, width):
        mesh = Block(some, low, min(low + width, first.size)).mesh()
        parts.append(_packed(np.broadcast_to(UNSCORED_RULES[name](mesh).holds, mesh.shape).T))
    return RuleBits(np.concatenate(parts), class_of)


def classes_of(keys: Sequence[Array], n: int) -> tuple[Ints, Ints]:
    """The first of each class of rows that are the same to the bit in every column, ascending, and each row's class.

    Parameters
    ----------
    keys : (n,) columns of any dtype; without any, all rows are one class
    """
    code = np.zeros(n, np.int64)
    for key in keys:
        one = np.unique(_as_bits(key), return_inverse=True)[1]
        code = np.unique(code * (int(one.max(initial=0)) + 1) + one, return_inverse=True)[1]
    _, first, class_of = np.unique(code, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    return first[order].astype(np.int64), place[class_of].astype(np.int64)


def _as_bits(key: Array) -> Array:
    """A column as integers that are equal where the bits are: NaN equals NaN."""
    if key.dtype.kind in "fM":
        return np.ascontiguousarray(key).view(np.int64)
    return key


def _must_skills(columns: Columns) -> RuleBits:
    """A class for each set of must-needs: whoever has one of them has it at its level, and by hand where asked."""
    needs = columns.needs
    row = np.flatnonzero(needs.is_must)
    company = np.repeat(np.arange(columns.n_companies), np.diff(needs.start))[row]
    code = (needs.skill[row] * 6 + needs.level[row]) * 2 + needs.is_hands_on[row]
    tokens, token = np.unique(code, return_inverse=True)
    held = _packed(_has_tokens(columns, tokens))
    # One company after the other, its tokens ascending: a set is a text of bytes.
    order = np.lexsort((token, company))
    company, token = company[order], token[order]
    count = np.bincount(company, minlength=columns.n_companies)
    start = np.cumsum(count) - count
    most = int(count.max(initial=0))
    table = np.full((columns.n_companies, most), -1, np.int64)
    table[company, np.arange(company.size) - start[company]] = token
    first, class_of = classes_of(list(table.T), columns.n_companies)
    bits = _packed(np.ones((1, columns.n_directors), np.bool_)).repeat(first.size, axis=0)
    for rank in range(most):
        at = np.flatnonzero(table[first, rank] >= 0)
        bits[at] &= held[table[first[at], rank]]
    return RuleBits(bits, class_of)


def _has_tokens(columns: Columns, tokens: Ints) -> Bools:
    """(n_tokens, n_directors) whether a director has a skill at a level, by hand or not."""
    skill, level = np.divmod(tokens // 2, 6)
    held = np.where((tokens % 2 == 1)[:, None], columns.hands_on_level[skill], columns.level[skill])
    found: Bools = held >= level[:, None]
    return found


def _packed(holds: Bools) -> Bits:
    return np.packbits(holds, axis=1)


def _named(columns: Columns) -> Named:
    """The pairs that some row speaks of, and what every rule says of them; a pin overrides the soft ones."""
    rows = [getattr(columns, name) for name in PAIR_COLUMNS]
    key = np.unique(np.concatenate([one.company_idx * columns.n_directors + one.director_idx for one in rows]))
    company, director = np.divmod(key, max(columns.n_directors, 1))
    is_held = {name: np.ones(key.size, np.bool_) for name in UNSCORED_RULES}
    for at, pairs in listed(columns, director, company):
        pinned = is_pinned(pairs)
        for name, rule in UNSCORED_RULES.items():
            holds = np.broadcast_to(rule(pairs).holds, pairs.shape)
            is_held[name][at] = holds | pinned if name in SOFT_RULES else holds
    start = np.searchsorted(company, np.arange(columns.n_companies + 1)).astype(np.int64)
    return Named(director, company, MappingProxyType(is_held), start)


@dataclass(frozen=True)
class Counts:
    """What was counted of all pairs, as in `Candidates`.

    Attributes
    ----------
    rejected_by_company, rejected_by_director : (n, len(RULES)); eligible_by_company, eligible_by_director : (n,)
    before : (n_parts, n_directors) each director's eligible pairs with the companies before each part; `width`
        companies a part
    """

    rejected_by_company: Ints
    rejected_by_director: Ints
    eligible_by_company: Ints
    eligible_by_director: Ints
    before: npt.NDArray[np.int32]
    width: int


def count_pairs(qualified: Qualified, *, width: int = 128) -> Counts:
    """How many pairs each rule rejects, and how many pass all, counted exactly: all pairs, one bit each."""
    columns = qualified.columns
    n_directors, n_companies = columns.n_directors, columns.n_companies
    by_company = np.zeros((n_companies, len(RULES)), np.int64)
    by_director = np.zeros((n_directors, len(RULES)), np.int64)
    for name in qualified.rules:
        at = RULES.index(name)
        by_company[:, at], by_director[:, at] = _rejected(qualified, name)
    eligible = np.zeros(n_companies, np.int64)
    before = np.zeros((max(1, -(-n_companies // width)), n_directors), np.int32)
    total = np.zeros(n_directors, np.int32)
    for part, first in enumerate(range(0, n_companies, width)):
        companies = np.arange(first, min(first + width, n_companies))
        bits = qualified.of_all(companies)
        eligible[companies] = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
        before[part] = total
        total += np.add.reduce(qualified.mask(bits).view(np.uint8), axis=0, dtype=np.uint8)
    return Counts(by_company, by_director, eligible, total.astype(np.int64), before, width)


def _rejected(qualified: Qualified, name: str) -> tuple[Ints, Ints]:
    """(n_companies,) and (n_directors,) pairs that one rule rejects."""
    rule, named, n_directors = qualified.rules[name], qualified.named, qualified.columns.n_directors
    of_class = n_directors - np.bitwise_count(rule.bits).sum(axis=1, dtype=np.int64)
    by_company = of_class[rule.class_of]
    size = np.bincount(rule.class_of, minlength=rule.bits.shape[0])
    by_director = np.full(n_directors, size.sum(), np.int64)
    width = max(1, CELLS_AT_ONCE // max(n_directors, 1))
    for first in range(0, size.size, width):
        mask = qualified.mask(rule.bits[first : first + width])
        # Doubles hold these counts exactly.
        by_director -= (size[first : first + width].astype(np.float64) @ mask).astype(np.int64)
    of_its_class = _bit_of(rule.bits, rule.class_of[named.company], named.director)
    change = of_its_class.astype(np.int64) - named.is_held[name]
    np.add.at(by_company, named.company, change)
    np.add.at(by_director, named.director, change)
    return by_company, by_director


def _bit_of(bits: Bits, row: Ints, director: Ints) -> Bools:
    found: Bools = (bits[row, director // 8] >> (7 - director % 8).astype(np.uint8) & 1).astype(np.bool_)
    return found


def places_among_all(qualified: Qualified, counts: Counts, director: Ints, company: Ints) -> Ints:
    """(n,) the place of each eligible pair among all eligible pairs, by director, then company.

    Parameters
    ----------
    director, company : (n,) eligible pairs, ordered by company
    """
    n_companies = qualified.columns.n_companies
    start = np.cumsum(counts.eligible_by_director) - counts.eligible_by_director
    place = start[director]
    bounds = np.searchsorted(company, np.arange(0, n_companies + counts.width, counts.width))
    for part in range(counts.before.shape[0]):
        at = slice(int(bounds[part]), int(bounds[part + 1]))
        if at.start == at.stop:
            continue
        first = part * counts.width
        companies = np.arange(first, min(first + counts.width, n_companies))
        mask = qualified.mask(qualified.of_all(companies)).view(np.uint8)
        # Of at most 128 companies: a byte holds the count.
        n_before = np.add.accumulate(mask, axis=0, dtype=np.uint8) - mask
        place[at] += counts.before[part, director[at]] + n_before[company[at] - first, director[at]]
    return place
