"""Figures of a plan: what it gives, and what it was chosen from."""

from __future__ import annotations

import numpy as np

from matcher.domain.problem import Problem
from matcher.pairing.candidates import Candidates
from matcher.plan.document import Metrics
from matcher.plan.usage import Usage


def build_metrics(problem: Problem, candidates: Candidates, usage: Usage) -> Metrics:
    """The metrics of the chosen pairs and of what they use up."""
    chosen = usage.chosen
    points = candidates.points[chosen]
    directors = candidates.director_idx[chosen]
    fees = problem.directors["fee_jpy_per_month"].to_numpy(float)[directors]
    n_kept = int(candidates.is_running[chosen].sum())
    return Metrics(
        n_directors=len(problem.directors),
        n_companies=len(problem.companies),
        n_pairs_considered=candidates.n_considered,
        n_pairs_eligible=candidates.n_pairs + candidates.n_cut,
        n_served=int(chosen.size),
        n_directors_used=int(np.unique(directors).size),
        n_kept_engagements=n_kept,
        n_new=int(chosen.size) - n_kept,
        total_points=int(points.sum()),
        mean_points=round(float(points.mean()), 2) if chosen.size else None,
        lowest_points=int(points.min()) if chosen.size else None,
        highest_points=int(points.max()) if chosen.size else None,
        total_distance_km=round(float(candidates.distance_km[chosen].sum()), 1),
        fee_jpy_per_month=round(float(usage.fee_by_month.max()), 2),
        fee_jpy_total=round(usage.fee_total, 2),
        n_unknown_fees=int(np.isnan(fees).sum()),
        n_neutral=int(sum(flags[chosen].sum() for flags in candidates.is_neutral.values())),
    )
