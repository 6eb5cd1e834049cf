"""What a month of a pair takes, where it is stated for the pair and not for the company alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem, from_tables
from matcher.pairing.engagements import is_over

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@from_tables("pair_hours", "engagements", "companies", "director_ids")
def stated_hours(problem: Problem) -> tuple[Ints, Ints, Floats]:
    """Hours a month of every pair that has its own: the running engagement's, else those of `pair_hours`.

    Returns
    -------
    (n_rows,) director indices, company indices and hours, ordered by company, then director, each pair once. A pair
    without a row takes the company's own hours; an engagement that is over, or without hours, states none.
    """
    given, running = problem.tables["pair_hours"], problem.tables["engagements"]
    if given.empty and running.empty:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    running = running[running["hours_per_month"].notna() & ~is_over(problem)]
    director = np.concatenate([problem.director_idx(table["director_id"]) for table in (given, running)])
    company = np.concatenate([problem.company_idx(table["company_id"]) for table in (given, running)])
    hours = np.concatenate([table["hours_per_month"].to_numpy(np.float64) for table in (given, running)])
    is_engagement = np.arange(hours.size) >= len(given)
    order = np.lexsort((~is_engagement, director, company))  # of one pair, the engagement first
    order = order[(director[order] >= 0) & (company[order] >= 0)]
    director, company, hours = director[order], company[order], hours[order]
    is_first = np.ones(hours.size, dtype=np.bool_)
    is_first[1:] = (director[1:] != director[:-1]) | (company[1:] != company[:-1])
    return director[is_first], company[is_first], hours[is_first]


def hours_of_pairs(
    problem: Problem, director_idx: npt.NDArray[np.integer], company_idx: npt.NDArray[np.integer]
) -> Floats:
    """(n_pairs,) hours a month each pair takes, NaN where nobody stated any."""
    hours: Floats = problem.companies["hours_per_month"].to_numpy(np.float64)[company_idx]
    director, company, own = stated_hours(problem)
    if own.size:
        n_directors = max(len(problem.directors), 1)
        keys = company * n_directors + director
        wanted = company_idx.astype(np.int64) * n_directors + director_idx
        at = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
        hours = np.where(keys[at] == wanted, own[at], hours)
    return hours
