"""Directors, what they can do, where they know their way, and what they achieved; a few stand out and are contested."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np

from matcher.generating import vocabulary
from matcher.generating.columns import Column, Rows, ids, taken
from matcher.generating.companies import GOALS, skill_popularity
from matcher.generating.draws import CHUNK, Draws, Ints, Mask, along, below, chance, distinct, pick, pick_by
from matcher.generating.places import LETTERS, near_weights, prefecture_weights, prefecture_words

STAR_EVERY: Final = 50
"""One director in so many stands out, the first among them."""

MISSING: Final = {
    # Of a thousand rows.
    "hours_per_month": 80,
    "on_site_days_per_month": 120,
    "max_distance_km": 200,
    "available_from": 750,
    "available_until": 900,
    "fee_jpy_per_month": 150,
    "experience_years": 50,
    "style": 150,
    "hands_on_rating": 200,
    "owner_years": 60,
    "own_employees": 250,
}
_STATUSES: Final = ("engaged", "applicant", "paused")
_STYLES: Final = ("support", "propose", "both")
_FEES: Final = (6, 9, 11, 13, 15, 17, 19, 22, 26, 34)  # ten thousand yen
_EXPERIENCE: Final = (1, 4, 6, 8, 10, 12, 14, 17, 20, 25, 34)
_DISTANCES: Final = (150, 300, 500, 700, 900, 1200, 1800)
_FROM: Final = (dt.date(2027, 2, 1), dt.date(2027, 3, 1), dt.date(2027, 4, 1), dt.date(2027, 6, 1))
_UNTIL: Final = (dt.date(2027, 9, 30), dt.date(2027, 12, 31), dt.date(2028, 3, 31))
_HALVES: Final = tuple(half / 2 for half in range(11))
_N_SKILLS, _N_STAR_SKILLS, _N_REGIONS = 8, 14, 6


def is_star(idx: Ints) -> Mask:
    """Return which directors stand out."""
    stars: Mask = idx % STAR_EVERY == 0
    return stars


def director_tables(seed: int, chunk: int, n_rows: int) -> dict[str, Rows]:
    """Return the first `n_rows` directors of a chunk with their skills, regions and results."""
    draws = Draws(seed, "directors", chunk)
    idx = chunk * CHUNK + np.arange(CHUNK, dtype=np.int64)
    home = home_of(seed, chunk)
    return {
        "directors": taken(_directors(draws, idx, home, seed), slice(0, n_rows)),
        "director_skills": _skills(Draws(seed, "director_skills", chunk), idx, n_rows),
        "director_regions": _regions(Draws(seed, "director_regions", chunk), idx, home, n_rows),
        "director_results": _results(Draws(seed, "director_results", chunk), idx, n_rows),
    }


def home_of(seed: int, chunk: int) -> Ints:
    """Return the prefectures that directors live in, as JIS codes: by population, and Tokyo half as much again."""
    weights = prefecture_weights().copy()
    weights[13] = weights[13] * 3 // 2
    return pick(Draws(seed, "directors", chunk).bits("home"), weights)


def _directors(draws: Draws, idx: Ints, home: Ints, seed: int) -> dict[str, Column]:
    star = is_star(idx)
    slots = np.where(star, 3, pick(draws.bits("slots"), (20, 30, 28, 15, 7)) + 1)
    hours = slots * (10 + below(draws.bits("hours"), 9))
    days = slots * (3 + pick(draws.bits("days"), (30, 50, 20)))
    years = np.where(star, 12 + below(draws.bits("years"), 14), along(draws.bits("years"), _EXPERIENCE))
    owner_years = np.minimum(years, pick(draws.bits("owner"), (40, 6, 8, 9, 9, 8, 8, 6, 6)) * 2)
    owner_years = np.where(star, np.maximum(owner_years, 5), owner_years)
    is_owner = owner_years > 0
    name, number = vocabulary.name_codes(idx, seed, "directors")

    def blank(field: str) -> Mask:
        return chance(draws.bits(f"{field}/blank"), MISSING[field]) & ~(star & (field in _KNOWN_OF_STARS))

    status = np.where(star, 0, pick(draws.bits("status"), (88, 9, 3)))
    moved = chance(draws.bits("elsewhere"), 150)
    own_place = np.where(moved, pick_by(draws.bits("own_place"), home, near_weights()), home)
    return {
        "id": ids("D", idx),
        "name": Column(name, vocabulary.person_names(), number=number, end="（架空）"),
        "prefecture": Column(home, prefecture_words()),
        "status": Column(status, _STATUSES),
        "max_companies": Column(slots),
        "hours_per_month": Column(hours, blank=blank("hours_per_month")),
        "on_site_days_per_month": Column(days, blank=blank("on_site_days_per_month")),
        "max_distance_km": Column(
            np.where(star, len(_DISTANCES) - 1, pick(draws.bits("reach"), (6, 14, 20, 20, 18, 14, 8))),
            _DISTANCES,
            blank("max_distance_km"),
        ),
        "available_from": Column(pick(draws.bits("from"), (30, 30, 30, 10)), _FROM, blank("available_from")),
        "available_until": Column(pick(draws.bits("until"), (20, 40, 40)), _UNTIL, blank("available_until")),
        "fee_jpy_per_month": Column(along(draws.bits("fee"), _FEES) * 10_000, blank=blank("fee_jpy_per_month")),
        "experience_years": Column(years, blank=blank("experience_years")),
        "style": Column(
            np.where(star, 2, pick(draws.bits("style"), (38, 30, 32))),
            _STYLES,
            blank("style"),
        ),
        "hands_on_rating": Column(
            np.where(star, 5, pick(draws.bits("hands_on"), (4, 12, 34, 34, 16)) + 1), blank=blank("hands_on_rating")
        ),
        "owner_years": Column(owner_years, blank=blank("owner_years")),
        "own_industry": Column(
            pick(draws.bits("own_industry"), (6, 1, 5, 14, 1, 18, 3, 16, 2, 4, 18, 8, 6, 2, 1)),
            tuple(LETTERS),
            ~is_owner,
        ),
        "own_prefecture": Column(own_place, prefecture_words(), ~is_owner),
        "own_employees": Column(
            pick(draws.bits("own_employees"), (8, 7, 6, 5, 4, 3, 2, 1)),
            (1, 2, 3, 5, 8, 14, 30, 80),
            ~is_owner | blank("own_employees"),
        ),
    }


_KNOWN_OF_STARS: Final = (
    "hours_per_month",
    "max_distance_km",
    "experience_years",
    "style",
    "hands_on_rating",
    "owner_years",
)


def _skills(draws: Draws, idx: Ints, n_rows: int) -> dict[str, Column]:
    """Two to eight skills each, common ones more often; who stands out has up to fourteen, at high levels."""
    star = is_star(idx)
    popularity = skill_popularity()[: -vocabulary.N_UNOFFERED]
    # Directors offer rare skills a little more often than companies ask for them.
    skill = pick(draws.bits("skill", _N_STAR_SKILLS), popularity + popularity[-1])
    most = np.where(star, _N_STAR_SKILLS, pick(draws.bits("n"), (6, 12, 20, 24, 20, 12, 6)) + 2)
    is_given = distinct(skill) & (np.arange(_N_STAR_SKILLS) < most[:, None])
    is_given[n_rows:] = False
    director, at = np.nonzero(is_given)
    level = pick(draws.bits("level", _N_STAR_SKILLS), (8, 20, 34, 26, 12))[director, at] + 1
    by_hand = chance(draws.bits("by_hand", _N_STAR_SKILLS), 680)[director, at] | star[director]
    years = 1 + below(draws.bits("years", _N_STAR_SKILLS), 18)[director, at]
    return {
        "director_id": ids("D", idx[director]),
        "skill": Column(skill[director, at], vocabulary.SKILLS),
        "level": Column(np.where(star[director], np.maximum(level, 4), level)),
        "years": Column(years, blank=chance(draws.bits("years/blank", _N_STAR_SKILLS), 300)[director, at]),
        "hands_on": Column(
            by_hand.astype(np.int64),
            (False, True),
            chance(draws.bits("by_hand/blank", _N_STAR_SKILLS), 100)[director, at],
        ),
    }


def _regions(draws: Draws, idx: Ints, home: Ints, n_rows: int) -> dict[str, Column]:
    """The home for most, then neighbouring prefectures for the greater part, and a few far ones."""
    star = is_star(idx)
    near = pick_by(draws.bits("near", _N_REGIONS), home, near_weights())
    prefecture = np.concatenate([home[:, None], near], axis=1)
    most = np.where(star, _N_REGIONS + 1, pick(draws.bits("n"), (25, 30, 22, 13, 6, 4)) + 1)
    is_given = distinct(prefecture) & (np.arange(_N_REGIONS + 1) < most[:, None])
    is_given[:, 0] &= ~chance(draws.bits("home/blank"), 120)
    is_given[n_rows:] = False
    director, at = np.nonzero(is_given)
    known = pick(draws.bits("known", _N_REGIONS + 1), (5, 15, 30, 30, 20))[director, at] + 1
    return {
        "director_id": ids("D", idx[director]),
        "prefecture": Column(prefecture[director, at], prefecture_words()),
        "knowledge": Column(np.where((at == 0) | star[director], np.maximum(known, 4), known)),
    }


def _results(draws: Draws, idx: Ints, n_rows: int) -> dict[str, Column]:
    """Ratings for one to three of the goals; a quarter of the directors has none yet."""
    star = is_star(idx)
    goal = pick(draws.bits("goal", 3), (45, 33, 17, 5))
    most = np.where(star, 3, pick(draws.bits("n"), (25, 35, 28, 12)))
    is_given = distinct(goal) & (np.arange(3) < most[:, None])
    is_given[n_rows:] = False
    director, at = np.nonzero(is_given)
    grade = pick(draws.bits("grade", 3), (1, 1, 2, 4, 8, 14, 20, 20, 16, 10, 4))[director, at]
    return {
        "director_id": ids("D", idx[director]),
        "goal": Column(goal[director, at], GOALS),
        "rating": Column(np.where(star[director], np.maximum(grade, 8), grade), _HALVES),
    }
