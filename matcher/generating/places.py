"""Where companies stand, and what a region lives from.

Municipalities are drawn in proportion to their people (`matcher.domain.population`). What a region lives from is an
assumption of this generator, made up of the few tendencies below: no statistics.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from matcher.domain.geography import N_PREFECTURES, municipality, neighbour_matrix, prefecture_name
from matcher.domain.population import municipality_population, prefecture_population
from matcher.generating.draws import Ints

LETTERS: Final = "ABDEGHIKLMNOPRT"
"""Industries that are drawn; S is for municipalities, and the rest hardly ever applies to such a programme."""

_USUAL: Final = {
    # Of a thousand applicants; assumptions, as is every figure below.
    "large": (10, 3, 80, 150, 60, 20, 290, 30, 90, 150, 50, 25, 20, 20, 2),
    "city": (50, 15, 95, 210, 25, 25, 260, 20, 45, 150, 50, 20, 20, 13, 2),
    "town": (150, 45, 90, 190, 8, 20, 210, 8, 20, 175, 60, 8, 8, 6, 2),
}
_TENDENCIES: Final = {
    # What a prefecture lives from more than others do: industry, times so many tenths, and where.
    "farming": ("A", 20, (1, 2, 3, 5, 6, 7, 8, 15, 19, 20, 30, 38, 39, 43, 45, 46)),
    "fishing": ("B", 40, (1, 2, 3, 4, 17, 24, 30, 31, 32, 36, 38, 39, 42, 46, 47)),
    "making": ("E", 16, (8, 9, 10, 15, 16, 18, 20, 21, 22, 23, 25, 27, 33, 34)),
    "lodging": ("M", 18, (1, 9, 15, 17, 19, 20, 22, 24, 26, 29, 42, 44, 47)),
    "leisure": ("N", 18, (1, 9, 19, 20, 22, 26, 42, 44, 47)),
}


@dataclass(frozen=True, slots=True)
class Places:
    """Every municipality that companies may stand in, in the order of codes.

    `size` is 0 in Tokyo's wards and cities of 600,000 people, 1 in other cities, 2 in towns and villages;
    `prefecture` is the JIS code, `n_people` what a municipality is drawn by.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    prefecture: Ints
    n_people: Ints
    size: Ints


@cache
def places() -> Places:
    """Return the municipalities of Japan with their people."""
    people = municipality_population()
    found = [municipality(code) for code in people]
    names = tuple(place.name_ja if place is not None else "" for place in found)
    n_people = np.array(list(people.values()), dtype=np.int64)
    is_town = np.array([name.endswith(("町", "村")) for name in names])
    is_large = np.array([name.endswith("区") or n >= 600_000 for name, n in zip(names, n_people.tolist(), strict=True)])
    return Places(
        codes=tuple(people),
        names=names,
        prefecture=np.array([int(code[:2]) for code in people], dtype=np.int64),
        n_people=n_people,
        size=np.where(is_large, 0, np.where(is_town, 2, 1)).astype(np.int64),
    )


@cache
def prefecture_words() -> tuple[str, ...]:
    """Return the names of the prefectures by JIS code; place 0 is nobody's."""
    return ("", *(prefecture_name(code) for code in range(1, N_PREFECTURES + 1)))


@cache
def prefecture_weights() -> Ints:
    """Return the people of every prefecture by JIS code; place 0 has none."""
    return np.array([0, *(prefecture_population()[code] for code in range(1, N_PREFECTURES + 1))], dtype=np.int64)


@cache
def near_weights() -> Ints:
    """Return how likely somebody of one prefecture knows another: the home least of all, it is known anyway.

    Returns
    -------
    ndarray of int64, shape (48, 48): ten for every prefecture, three hundred more for a neighbour, none for oneself
    """
    weights = np.full((N_PREFECTURES + 1, N_PREFECTURES + 1), 10, dtype=np.int64) + 300 * neighbour_matrix()
    weights[:, 0] = 0
    np.fill_diagonal(weights, 0)
    return weights


@cache
def industry_weights() -> Ints:
    """Return what a region lives from.

    Returns
    -------
    ndarray of int64, shape (3 · 48, number of LETTERS): row 48 · size + prefecture
    """
    rows = np.repeat(np.array(list(_USUAL.values()), dtype=np.int64) * 10, N_PREFECTURES + 1, axis=0)
    for letter, tenths, prefectures in _TENDENCIES.values():
        for size in range(len(_USUAL)):
            at = size * (N_PREFECTURES + 1) + np.array(prefectures)
            rows[at, LETTERS.index(letter)] = rows[at, LETTERS.index(letter)] * tenths // 10
    return rows
