"""The policy's objective as tiers of a model."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matcher.domain.policy import TierName
from matcher.domain.problem import Problem
from matcher.model.objectives import Tier, lot
from matcher.modelling.rows import Rows, padded
from matcher.pairing.candidates import Candidates


def build_tiers(problem: Problem, candidates: Candidates, rows: Rows) -> tuple[Tier, ...]:
    """The policy's objective, its tie-breaks, and the recorded lot."""
    policy = problem.policy
    tiers = [_tier(name, problem, candidates, rows) for name in policy.objective]
    tiers += [
        Tier(f"tie_break:{name}", padded(candidates.tie_values[name], rows.n_cols), is_tie_break=True)
        for name in policy.tie_break
    ]
    n_eligible = candidates.n_pairs if candidates.place is None else candidates.n_pairs + candidates.n_cut
    drawn = lot(n_eligible, policy.solve.seed, candidates.place)
    return (*tiers, Tier("tie_break:lot", padded(drawn, rows.n_cols), is_tie_break=True))


def _tier(name: TierName, problem: Problem, candidates: Candidates, rows: Rows) -> Tier:
    """One tier of the policy; every tier is maximised.

    points: the points · companies_served: the matches · fewest_changes: the running engagements kept · worst_match:
    the least points of any match · even_load: minus the sum over directors of their squared number of companies, those
    elsewhere included · distance_km: minus the whole kilometres · earlier_matches: the matches of the earlier plan.
    """
    if name == "even_load" and rows.unused_slots is not None:
        empty = rows.unused_slots
        gain = np.zeros(rows.n_cols, np.int64)
        gain[empty.col_idx] = empty.gain
        return Tier(name, gain, constant=-empty.full)
    if name == "earlier_matches":
        return Tier(name, padded(_is_earlier(problem, candidates).astype(np.int64), rows.n_cols))
    values: dict[TierName, npt.NDArray[np.integer]] = {
        "points": candidates.points,
        "worst_match": candidates.points,
        "companies_served": np.ones(candidates.n_pairs, np.int64),
        "fewest_changes": candidates.is_running.astype(np.int64),
        "distance_km": -np.rint(candidates.distance_km).astype(np.int64),
    }
    return Tier(name, padded(values[name], rows.n_cols), kind="least" if name == "worst_match" else "sum")


def _is_earlier(problem: Problem, candidates: Candidates) -> npt.NDArray[np.bool_]:
    """(n_pairs,) whether the earlier plan has the pair; one of ids that are in the data no more is none."""
    if not problem.earlier:
        return np.zeros(candidates.n_pairs, np.bool_)
    director = problem.director_idx([pair[0] for pair in problem.earlier])
    company = problem.company_idx([pair[1] for pair in problem.earlier])
    n_companies = len(problem.companies)
    key = np.where((director < 0) | (company < 0), -1, director * n_companies + company)
    return np.isin(candidates.director_idx.astype(np.int64) * n_companies + candidates.company_idx, key)
