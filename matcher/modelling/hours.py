"""What a month of each pair takes of its director, in whole units: hours and on-site days."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.model.formulation import Int64
from matcher.pairing.candidates import Candidates
from matcher.pairing.hours import hours_of_pairs

HOURS_UNIT = 1000
"""Hours and days are counted in thousandths, demand rounded up and supply down: a plan never overbooks by rounding."""


def pair_hours(problem: Problem, candidates: Candidates) -> npt.NDArray[np.float64]:
    """(n_pairs,) hours a month each pair costs: its running engagement's, else its own of `pair_hours`, else the
    company's.

    Hours that nobody stated count as 0 and are reported as missing, not as none.
    """
    return np.nan_to_num(hours_of_pairs(problem, candidates.director_idx, candidates.company_idx), nan=0.0)


def pair_days(problem: Problem, candidates: Candidates) -> npt.NDArray[np.float64]:
    """(n_pairs,) on-site days a month each pair costs: the company's, 0 where it states none."""
    return np.asarray(days_of_companies(problem)[candidates.company_idx])


def days_of_companies(problem: Problem) -> npt.NDArray[np.float64]:
    """(n_companies,) on-site days a month, 0 where a company states none."""
    days: npt.NDArray[np.float64] = problem.companies["on_site_days_per_month"].fillna(0.0).to_numpy(np.float64)
    return days


def thousandths(amounts: npt.NDArray[np.float64], *, up: bool) -> Int64:
    """Amounts in units of 1/HOURS_UNIT; a number that is whole in that unit but for float noise stays itself."""
    scaled = amounts * HOURS_UNIT
    whole = np.rint(scaled)
    rounded = np.ceil(scaled) if up else np.floor(scaled)
    return np.where(np.abs(scaled - whole) < 1e-6, whole, rounded).astype(np.int64)
