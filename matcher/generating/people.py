"""Project members and who knows whom: a ring of neighbours with a few long ways, a small world.

People stand on a ring in the order of prefectures, and each knows the next two; one tie in ten leads far away instead
(Watts and Strogatz, Nature 393, 1998, with four neighbours and p = 0.1). Directors know a few who live where they do,
and one or two far away.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from matcher.generating import vocabulary
from matcher.generating.columns import Column, Rows, ids, taken
from matcher.generating.companies import skill_popularity
from matcher.generating.directors import home_of, is_star
from matcher.generating.draws import CHUNK, Draws, Ints, below, chance, distinct, pick
from matcher.generating.places import prefecture_weights, prefecture_words

LEAST_PEOPLE: Final = 40
PEOPLE_PER_DIRECTOR: Final = 5
NEIGHBOURS: Final = 2
"""On each side of the ring."""
REWIRED_PER_MILLE: Final = 100
_STRENGTHS: Final = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_MOST_SKILLS: Final = 3
_N_LOCAL, _N_STAR_LOCAL = 4, 12
_REACH: Final = 24
"""Directors' local ties end within so many places of the ring, their far ones begin beyond."""


def n_people_for(n_directors: int) -> int:
    """Return how many project members stand behind so many directors."""
    return max(LEAST_PEOPLE, PEOPLE_PER_DIRECTOR * n_directors)


def people_tables(seed: int, chunk: int, n_rows: int, n_people: int) -> dict[str, Rows]:
    """Return the first `n_rows` people of a chunk with their skills and their ties to one another."""
    idx = chunk * CHUNK + np.arange(CHUNK, dtype=np.int64)
    draws = Draws(seed, "people", chunk)
    name, number = vocabulary.name_codes(idx, seed, "people")
    people = {
        "id": ids("P", idx),
        "name": Column(name, vocabulary.person_names(), number=number, end="（架空）"),
        "prefecture": Column(
            _prefecture_at(np.minimum(idx, n_people - 1), n_people),
            prefecture_words(),
            chance(draws.bits("prefecture/blank"), 60),
        ),
    }
    return {
        "people": taken(people, slice(0, n_rows)),
        "person_skills": _skills(Draws(seed, "person_skills", chunk), idx, n_rows),
        "ties": _ties(Draws(seed, "ties", chunk), idx[:n_rows], n_people),
    }


def director_ties(seed: int, chunk: int, n_rows: int, n_directors: int, n_people: int) -> Rows:
    """Return whom the first `n_rows` directors of a chunk know: people nearby, people far away, a director."""
    draws = Draws(seed, "director_ties", chunk)
    idx = chunk * CHUNK + np.arange(n_rows, dtype=np.int64)
    home, star = home_of(seed, chunk)[:n_rows], is_star(idx)
    first = _first_in(home, n_people)
    stand = first + below(draws.bits("stand")[:n_rows], np.maximum(1, _first_in(home + 1, n_people) - first))
    near = np.sort(below(draws.bits("near", _N_STAR_LOCAL)[:n_rows], _REACH), axis=1)
    n_near = np.where(star, _N_STAR_LOCAL, 1 + below(draws.bits("n")[:n_rows], _N_LOCAL))
    far = _REACH + below(draws.bits("far", 2)[:n_rows], max(1, n_people - _REACH))
    offset = np.concatenate([near, far], axis=1) % n_people
    is_given = distinct(offset)
    is_given[:, :_N_STAR_LOCAL] &= np.arange(_N_STAR_LOCAL) < n_near[:, None]
    director, at = np.nonzero(is_given)
    person = (stand[director] + offset[director, at]) % n_people
    to_people = {
        "from_id": ids("D", idx[director]),
        "to_id": ids("P", person),
        "strength": _strength(draws, "strength", director * 16 + at),
    }
    return _joined(to_people, _colleagues(draws, idx, n_directors))


def _prefecture_at(stand: Ints, n_people: int) -> Ints:
    """The prefecture of each place of the ring: as many places as it has people's share."""
    ends = np.cumsum(prefecture_weights())
    found: Ints = np.searchsorted(ends, stand * int(ends[-1]) // n_people, side="right").astype(np.int64)
    return found


def _first_in(prefecture: Ints, n_people: int) -> Ints:
    """The first place of the ring that belongs to a prefecture, or to one after it."""
    before = np.append(0, np.cumsum(prefecture_weights()))[prefecture]
    return -(-before * n_people // int(prefecture_weights().sum()))


def _skills(draws: Draws, idx: Ints, n_rows: int) -> dict[str, Column]:
    """One to three skills each. Every fourth person brings one in turn, so that each skill is known by somebody."""
    skill = pick(draws.bits("skill", _MOST_SKILLS), skill_popularity() + int(skill_popularity()[-1]))
    skill[:, 0] = np.where(idx % 4 == 0, idx // 4 % len(vocabulary.SKILLS), skill[:, 0])
    is_given = distinct(skill) & (np.arange(_MOST_SKILLS) < (pick(draws.bits("n"), (3, 4, 3)) + 1)[:, None])
    is_given[n_rows:] = False
    person, at = np.nonzero(is_given)
    return {
        "person_id": ids("P", idx[person]),
        "skill": Column(skill[person, at], vocabulary.SKILLS),
        "level": Column(pick(draws.bits("level", _MOST_SKILLS), (5, 15, 35, 30, 15))[person, at] + 1),
    }


def _ties(draws: Draws, idx: Ints, n_people: int) -> dict[str, Column]:
    """Each person and the next two of the ring, or instead somebody on the half of it that lies ahead.

    The first tie takes odd far places and the second even ones, so that no two people are tied twice.
    """
    n = idx.size
    step = np.broadcast_to(np.arange(1, NEIGHBOURS + 1), (n, NEIGHBOURS))
    n_far = (n_people // 2 - NEIGHBOURS) // NEIGHBOURS - 1
    far = NEIGHBOURS + step + NEIGHBOURS * below(draws.bits("far", NEIGHBOURS)[:n], n_far)
    offset = np.where(chance(draws.bits("is_far", NEIGHBOURS)[:n], REWIRED_PER_MILLE), far, step)
    return {
        "from_id": ids("P", np.repeat(idx, NEIGHBOURS)),
        "to_id": ids("P", ((idx[:, None] + offset) % n_people).ravel()),
        "strength": _strength(draws, "strength", np.arange(n * NEIGHBOURS)),
    }


def _colleagues(draws: Draws, idx: Ints, n_directors: int) -> dict[str, Column]:
    """Half of the directors know another one, on the half of their ring that lies ahead."""
    n = idx.size
    ahead = (n_directors - 1) // 2
    knows = chance(draws.bits("knows")[:n], 500) if ahead else np.zeros(n, dtype=np.bool_)
    other = (idx + 1 + below(draws.bits("colleague")[:n], max(1, ahead))) % n_directors
    return {
        "from_id": ids("D", idx[knows]),
        "to_id": ids("D", other[knows]),
        "strength": _strength(draws, "colleague/strength", np.flatnonzero(knows)),
    }


def _strength(draws: Draws, name: str, at: Ints) -> Column:
    bits = draws.bits(name, 16).ravel()
    code, blank = pick(bits, (10, 14, 16, 20, 16, 12, 8, 4)), chance(bits >> np.uint64(8), 80)
    return Column(code[at], _STRENGTHS, blank[at])


def _joined(one: dict[str, Column], other: dict[str, Column]) -> dict[str, Column]:
    """Rows of two kinds of ids below each other, each column with the words of both."""
    joined = {}
    for name, first in one.items():
        second = other[name]
        words = first.words if first.words == second.words else first.words + second.words
        shift = 0 if first.words == second.words else len(first.words)
        blanks = [np.zeros(len(part), np.bool_) if part.blank is None else part.blank for part in (first, second)]
        numbers = [part.number for part in (first, second) if part.number is not None]
        joined[name] = Column(
            np.concatenate([first.values, second.values + shift]),
            words,
            np.concatenate(blanks),
            np.concatenate(numbers) if numbers else None,
            width=max(first.width, second.width),
        )
    return joined
