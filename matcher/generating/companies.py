"""Companies that apply, what they need, whom they compete with, and how they were rated; a chunk at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from matcher.generating import vocabulary
from matcher.generating.columns import Column, Rows, ids, taken
from matcher.generating.draws import CHUNK, Draws, Ints, Mask, along, below, chance, distinct, pick, pick_by
from matcher.generating.places import LETTERS, industry_weights, places, prefecture_words

KINDS: Final = ("company", "municipality", "association")
GOALS: Final = tuple(vocabulary.WANTED)
RATED: Final = ("commitment", "investment", "uniqueness", "openness")
MISSING: Final = {
    # Of a thousand rows. Companies often cannot say what they need; many were never interviewed.
    "municipality_code": 80,
    "industry": 40,
    "employees": 60,
    "revenue_jpy": 250,
    "hours_per_month": 100,
    "on_site_days_per_month": 80,
    "months": 200,
    "start": 300,
    "budget_jpy_per_month": 400,
    "ratings": 180,
    "wanted_style": 550,
    "priority": 700,
    "note": 600,
}
_EMPLOYEES: Final = (1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 9, 11, 14, 18, 24, 33, 50, 90, 280)
_REVENUE_PER_HEAD: Final = (2_000, 4_000, 5_500, 7_000, 8_500, 10_000, 13_000, 17_000, 24_000, 45_000)  # thousand yen
_BUDGET: Final = (2, 6, 9, 11, 13, 15, 16, 18, 20, 22, 25, 29, 34, 42, 60)  # ten thousand yen
_HOURS: Final = (4, 6, 8, 10, 12, 16, 20, 24, 30, 40)
_START: Final = dt.date(2027, 4, 1)
"""All start together, or do not say when: a batch of one period, as large programmes are."""
_RATINGS: Final = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0)
_RATERS: Final = tuple(f"面談員{letter}" for letter in "ABCDEF")
_MOST_NEEDS: Final = 6
_RATED_PER_MILLE: Final = 100
_RIVAL_PER_MILLE: Final = 30
_MUST_PER_MILLE: Final = 110

_S: Final = len(LETTERS)
"""The place of industry S behind LETTERS: that of municipalities."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What a company is; its other columns, its needs and its rivals follow from it. All of shape (CHUNK,)."""

    idx: Ints
    kind: Ints
    place: Ints
    industry: Ints
    goal: Ints


def traits_of(seed: int, chunk: int) -> Traits:
    """Return what the companies of one chunk are; company i follows from the seed and i alone."""
    draws = Draws(seed, "companies", chunk)
    where = places()
    kind = pick(draws.bits("kind"), (920, 50, 30))
    place = pick(draws.bits("place"), where.n_people)
    region = where.size[place] * len(prefecture_words()) + where.prefecture[place]
    industry = np.where(kind == 1, _S, pick_by(draws.bits("industry"), region, industry_weights()))
    goal = pick_by(draws.bits("goal"), industry, _goal_weights())
    return Traits(chunk * CHUNK + np.arange(CHUNK, dtype=np.int64), kind, place, industry, goal)


def company_tables(seed: int, chunk: int, n_rows: int) -> dict[str, Rows]:
    """Return the first `n_rows` companies of a chunk with the tables that hang on them.

    Returns
    -------
    companies, company_needs, rivals and ratings, each as its columns
    """
    traits = traits_of(seed, chunk)
    rows = slice(0, n_rows)
    return {
        "companies": taken(_companies(seed, chunk, traits), rows),
        "company_needs": _needs(seed, chunk, traits, n_rows),
        "rivals": _rivals(seed, chunk, traits, n_rows),
        "ratings": _ratings(seed, chunk, traits, n_rows),
    }


def _companies(seed: int, chunk: int, traits: Traits) -> dict[str, Column]:
    draws = Draws(seed, "companies", chunk)
    where = places()
    employees = along(draws.bits("employees"), _EMPLOYEES)
    employees = np.where(traits.kind == 1, 60 + employees * 6, employees)
    revenue = employees * along(draws.bits("revenue"), _REVENUE_PER_HEAD) // 1000 * 1_000_000
    budget = along(draws.bits("budget"), _BUDGET) + (employees >= 20) * 6
    notes = tuple(note for goal in GOALS for note in vocabulary.COMPANY_NOTES[goal])
    n_notes = len(notes) // len(GOALS)

    def blank(name: str) -> Mask:
        return chance(draws.bits(f"{name}/blank"), MISSING[name])

    no_revenue = blank("revenue_jpy") | (traits.kind == 1)
    return {
        "id": ids("C", traits.idx),
        "name": _names(draws, traits),
        "kind": Column(traits.kind, KINDS),
        "prefecture": Column(where.prefecture[traits.place], prefecture_words()),
        "municipality_code": Column(traits.place, where.codes, blank("municipality_code")),
        "industry": Column(traits.industry, (*LETTERS, "S"), blank("industry")),
        "employees": Column(employees, blank=blank("employees")),
        "revenue_jpy": Column(revenue, blank=no_revenue),
        "goal": Column(traits.goal, GOALS),
        "hours_per_month": Column(
            pick(draws.bits("hours"), (4, 8, 20, 12, 20, 14, 10, 6, 4, 2)), _HOURS, blank("hours_per_month")
        ),
        "on_site_days_per_month": Column(
            pick(draws.bits("days"), (20, 30, 28, 15, 7)), blank=blank("on_site_days_per_month")
        ),
        "months": Column(pick(draws.bits("months"), (20, 40, 30, 10)), (3, 4, 6, 12), blank("months")),
        "start": Column(np.zeros(CHUNK, np.int64), (_START,), blank("start")),
        "budget_jpy_per_month": Column(budget * 10_000, blank=blank("budget_jpy_per_month")),
        **_grades(draws),
        "wanted_style": Column(pick(draws.bits("style"), (6, 4)), ("support", "propose"), blank("wanted_style")),
        "priority": Column(pick(draws.bits("priority"), (6, 3, 1)), (1.0, 1.2, 1.5), blank("priority")),
        "note": Column(traits.goal * n_notes + below(draws.bits("note"), n_notes), notes, blank("note")),
    }


@cache
def _goal_weights() -> Ints:
    """Goals by industry: lodging and leisure have off-seasons, makers and growers wish for a wider market."""
    usual, market, season = (500, 300, 100, 100), (380, 500, 50, 70), (300, 170, 480, 50)
    by_letter = {"A": market, "B": market, "E": market, "M": season, "N": season, "S": (200, 300, 300, 200)}
    return np.array([by_letter.get(letter, usual) for letter in (*LETTERS, "S")], dtype=np.int64)


def _names(draws: Draws, traits: Traits) -> Column:
    words = _name_words()
    n_places, n_trades = len(vocabulary.PLACES), 5
    kinds = list(vocabulary.TRADES)
    per_place = len(kinds) * n_trades
    first = below(draws.bits("name"), n_places)
    trade = np.array([kinds.index(letter) for letter in LETTERS] + [len(kinds) - 1], dtype=np.int64)[traits.industry]
    company = first * per_place + trade * n_trades + below(draws.bits("trade"), n_trades)
    n_kinds = len(vocabulary.ASSOCIATIONS)
    association = n_places * per_place + first * n_kinds + below(draws.bits("trade"), n_kinds)
    municipality = len(words) - len(places().codes) + traits.place
    values = np.choose(traits.kind, (company, municipality, association))
    return Column(values, words, number=traits.idx + 1, end="）")


@cache
def _name_words() -> tuple[str, ...]:
    return (*vocabulary.company_names(), *(f"{name}（架空の案件" for name in places().names))


def _grades(draws: Draws) -> dict[str, Column]:
    """The four ratings: whoever is in earnest is a little better in all of them; some were never interviewed."""
    never = chance(draws.bits("ratings/blank"), MISSING["ratings"])
    earnest = below(draws.bits("earnest"), 3)
    grades = {}
    for name in RATED:
        grade = pick_by(draws.bits(name), earnest, ((10, 25, 40, 20, 5), (4, 12, 38, 34, 12), (1, 5, 24, 42, 28)))
        grades[name] = Column(grade + 1, blank=never | chance(draws.bits(f"{name}/blank"), 40))
    return grades


def _needs(seed: int, chunk: int, traits: Traits, n_rows: int) -> dict[str, Column]:
    """One to six skills each: common ones most often, and what the goal asks for."""
    draws = Draws(seed, "company_needs", chunk)
    skill = pick_by(draws.bits("skill", _MOST_NEEDS), traits.goal, _skill_weights())
    n_needs = pick(draws.bits("n"), (12, 26, 30, 20, 8, 4)) + 1
    is_given = distinct(skill) & (np.arange(_MOST_NEEDS) < n_needs[:, None])
    is_given[n_rows:] = False
    company, at = np.nonzero(is_given)
    weight = pick(draws.bits("weight", _MOST_NEEDS), (50, 30, 20))[company, at]
    return {
        "company_id": ids("C", traits.idx[company]),
        "skill": Column(skill[company, at], vocabulary.SKILLS),
        "level": Column(pick(draws.bits("level", _MOST_NEEDS), (8, 24, 38, 24, 6))[company, at] + 1),
        "weight": Column(weight + 1, blank=chance(draws.bits("weight/blank", _MOST_NEEDS), 300)[company, at]),
        "must": Column(
            chance(draws.bits("must", _MOST_NEEDS), _MUST_PER_MILLE)[company, at].astype(np.int64), (False, True)
        ),
        "hands_on": Column(
            chance(draws.bits("hands_on", _MOST_NEEDS), 300)[company, at].astype(np.int64), (False, True)
        ),
    }


@cache
def skill_popularity() -> Ints:
    """How often each skill is asked for: the n-th in proportion to 1 / (n + 3), a long tail."""
    return 1_000_000 // (np.arange(len(vocabulary.SKILLS), dtype=np.int64) + 4)


@cache
def _skill_weights() -> Ints:
    tenths = [[vocabulary.WANTED[goal].get(skill, 10) for skill in vocabulary.SKILLS] for goal in GOALS]
    return skill_popularity() * np.array(tenths, dtype=np.int64)


def _rivals(seed: int, chunk: int, traits: Traits, n_rows: int) -> dict[str, Column]:
    """Some companies and the last one before them of the same industry and prefecture."""
    draws = Draws(seed, "rivals", chunk)
    market = places().prefecture[traits.place] * 100 + traits.industry
    order = np.argsort(market, kind="stable")
    follows = market[order][1:] == market[order][:-1]
    later, earlier = order[1:][follows], order[:-1][follows]
    is_company = (traits.kind[later] == 0) & (traits.kind[earlier] == 0)
    is_rival = is_company & (later < n_rows) & chance(draws.bits("is_rival"), _RIVAL_PER_MILLE)[later]
    later, earlier = later[is_rival], earlier[is_rival]
    rows = np.argsort(later)
    return {
        "company_id": ids("C", traits.idx[later[rows]]),
        "other_id": ids("C", traits.idx[earlier[rows]]),
    }


def _ratings(seed: int, chunk: int, traits: Traits, n_rows: int) -> dict[str, Column]:
    """Two interviewers rate four fields of a tenth of the companies; they seldom agree to the point."""
    draws = Draws(seed, "ratings", chunk)
    rated = np.flatnonzero(chance(draws.bits("is_rated"), _RATED_PER_MILLE)[:n_rows])
    first = below(draws.bits("rater"), len(_RATERS))
    second = (first + 1 + below(draws.bits("second"), len(_RATERS) - 1)) % len(_RATERS)
    level = pick(draws.bits("level", 4), (2, 6, 12, 14, 8))
    apart = pick(draws.bits("apart", 8), (1, 3, 6, 3, 1)) - 2
    grade = np.clip(np.repeat(2 * level, 2, axis=1) + apart, 0, len(_RATINGS) - 1)
    n_each = 2 * len(RATED)
    return {
        "subject_id": ids("C", np.repeat(traits.idx[rated], n_each)),
        "field": Column(np.tile(np.repeat(np.arange(len(RATED)), 2), rated.size), RATED),
        "rater": Column(np.tile(np.stack([first, second], axis=1)[rated], (1, len(RATED))).ravel(), _RATERS),
        "rating": Column(grade[rated].ravel().astype(np.int64), _RATINGS),
    }
