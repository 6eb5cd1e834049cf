"""How well each director knows each prefecture, from what they said of some of them."""

from __future__ import annotations

import numpy as np

from matcher.domain import geography
from matcher.domain.problem import Problem, from_tables
from matcher.pairing.sides import Bools, Floats

N_AREAS = geography.N_PREFECTURES + 1
"""JIS codes run from 1; row and column 0 of every table by prefecture are unused."""


@from_tables("director_regions", "directors", under=lambda policy: policy.constants)
def culture_by_prefecture(problem: Problem) -> Floats:
    """How well each director knows each prefecture.

    knowledge / 5 where there is a row; a director's home counts as a row of at least `culture_at_home`. Without a row:
    the best row of a neighbouring prefecture × `culture_neighbour_factor`; where there is none, the best row of the
    same region × `culture_region_factor`; where there is none either, 0. A row of 0 is a row.

    Returns
    -------
    (n_directors, 48) in [0, 1], by JIS code
    """
    constants = problem.policy.constants
    known = _rows(problem)
    near = _best_within(known, geography.neighbour_matrix()) * constants.culture_neighbour_factor
    around = _best_within(known, geography.same_region_matrix()) * constants.culture_region_factor
    guessed = np.where(np.isnan(near), around, near)
    return np.nan_to_num(np.where(np.isnan(known), guessed, known), nan=0.0)


def _rows(problem: Problem) -> Floats:
    """(n_directors, 48) knowledge / 5, NaN without a row."""
    table = problem.tables["director_regions"]
    known = np.full((len(problem.directors), N_AREAS), np.nan)
    director, area = problem.director_idx(table["director_id"]), table["prefecture"].to_numpy(np.int64)
    known[director, area] = table["knowledge"].to_numpy(np.float64) / 5
    home = (np.arange(len(problem.directors)), problem.directors["prefecture"].to_numpy(np.int64))
    known[home] = np.fmax(known[home], problem.policy.constants.culture_at_home)
    return known


def _best_within(known: Floats, belongs: Bools) -> Floats:
    """(n_directors, 48) the best row among the prefectures that belong to each, NaN where there is none."""
    best = np.full(known.shape, np.nan)
    for code in range(1, N_AREAS):
        others = np.flatnonzero(belongs[code])
        if others.size:
            best[:, code] = np.fmax.reduce(known[:, others], axis=1)
    return best
