"""`Usage`: what a plan uses up, month by month, and what of it is left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.modelling import Months, pair_days, pair_hours
from matcher.pairing.candidates import Candidates

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Usage:
    """What the chosen pairs and the running engagements elsewhere use up.

    Attributes
    ----------
    chosen : (n_matches,) pair indices
    n_companies, n_new : (n_directors,) matches, and those that are no running engagement
    n_taken : (n_directors, n_months) matches that run in each month
    slots_left : (n_directors, n_months) may be below 0, where work elsewhere alone takes more than there are
    hours, days : (n_directors, n_months) hours with those elsewhere, on-site days of the matches
    fee_by_month : (n_months,) and fee_total : known fees in yen, the second times the months of each match
    """

    months: Months
    chosen: Ints
    n_companies: Ints
    n_new: Ints
    n_taken: Ints
    slots_left: Ints
    hours: Floats
    days: Floats
    fee_by_month: Floats
    fee_total: float


def build_usage(problem: Problem, candidates: Candidates, months: Months, chosen: Ints) -> Usage:
    """The usage of some pairs, (n_matches,) pair indices."""
    director, company = candidates.director_idx[chosen], candidates.company_idx[chosen]
    n_directors = len(problem.directors)
    hours, days = pair_hours(problem, candidates)[chosen], pair_days(problem, candidates)[chosen]
    fees = np.nan_to_num(problem.directors["fee_jpy_per_month"].to_numpy(float), nan=0.0)[director]
    n_taken = np.zeros((n_directors, months.n_months), np.int64)
    hours_used, days_used = months.hours_elsewhere.copy(), np.zeros_like(months.hours_elsewhere)
    fee_by_month = np.zeros(months.n_months)
    for month in range(months.n_months):
        runs = (months.first[company] <= month) & (month <= months.last[company])
        who = director[runs]
        n_taken[:, month] = np.bincount(who, minlength=n_directors)
        hours_used[:, month] += np.bincount(who, weights=hours[runs], minlength=n_directors)
        days_used[:, month] = np.bincount(who, weights=days[runs], minlength=n_directors)
        fee_by_month[month] = fees[runs].sum()
    slots = problem.directors["max_companies"].to_numpy(np.int64)
    return Usage(
        months=months,
        chosen=chosen,
        n_companies=np.bincount(director, minlength=n_directors).astype(np.int64),
        n_new=np.bincount(director[~candidates.is_running[chosen]], minlength=n_directors).astype(np.int64),
        n_taken=n_taken,
        slots_left=slots[:, None] - months.slots_elsewhere - n_taken,
        hours=hours_used,
        days=days_used,
        fee_by_month=fee_by_month,
        fee_total=float((fees * problem.companies["months"].to_numpy(np.int64)[company]).sum()),
    )
