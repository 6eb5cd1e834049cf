"""Hours a month: what each pair costs, and what running engagements outside the batch take."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.model.formulation import Int64
from matcher.pairing.candidates import Candidates
from matcher.pairing.engagements import is_over

HOURS_UNIT = 1000
"""Hours are counted in thousandths, demand rounded up and supply down: a plan never overbooks by rounding."""


def engaged_elsewhere(problem: Problem) -> tuple[Int64, npt.NDArray[np.float64]]:
    """Slots and hours that running engagements outside this batch use up, (n_directors,) each.

    An engagement whose company is in the batch is a candidate pair and uses nothing here; one that is over (see
    `matcher.pairing.engagements.is_over`) uses nothing either.
    """
    engagements = problem.tables["engagements"]
    n_directors = len(problem.directors)
    is_outside = (problem.company_idx(engagements["company_id"]) < 0) & ~is_over(problem)
    outside = engagements[is_outside]
    director_idx = problem.director_idx(outside["director_id"])
    slots = np.bincount(director_idx, minlength=n_directors).astype(np.int64)
    hours = np.bincount(director_idx, weights=outside["hours_per_month"].fillna(0.0).to_numpy(), minlength=n_directors)
    return slots, hours.astype(np.float64)


def pair_hours(problem: Problem, candidates: Candidates) -> npt.NDArray[np.float64]:
    """(n_pairs,) hours a month each pair costs: the running engagement's own where it has one, else the company's.

    Hours that nobody stated count as 0 and are reported as missing, not as none.
    """
    hours = problem.companies["hours_per_month"].fillna(0.0).to_numpy(float)[candidates.company_idx]
    engagements = problem.tables["engagements"]
    stated = engagements[engagements["hours_per_month"].notna()]
    if candidates.is_running.any() and len(stated):
        n_companies = len(problem.companies)
        company_idx = problem.company_idx(stated["company_id"])
        keys = problem.director_idx(stated["director_id"]) * n_companies + company_idx
        own = dict(zip(keys[company_idx >= 0].tolist(), stated["hours_per_month"][company_idx >= 0], strict=True))
        for pair in np.flatnonzero(candidates.is_running).tolist():
            key = int(candidates.director_idx[pair]) * n_companies + int(candidates.company_idx[pair])
            hours[pair] = own.get(key, hours[pair])
    return hours


def thousandths(hours: npt.NDArray[np.float64], *, up: bool) -> Int64:
    """Hours in units of 1/HOURS_UNIT; a number that is whole in that unit but for float noise stays itself."""
    scaled = hours * HOURS_UNIT
    whole = np.rint(scaled)
    rounded = np.ceil(scaled) if up else np.floor(scaled)
    return np.where(np.abs(scaled - whole) < 1e-6, whole, rounded).astype(np.int64)
