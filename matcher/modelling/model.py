"""`build_model`: Candidates and Policy into a Formulation with its tiers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.domain.problem import Problem
from matcher.model.formulation import Formulation, build_formulation
from matcher.model.objectives import Tier
from matcher.modelling.directors import add_max_directors, add_max_new, add_min_companies, add_slots
from matcher.modelling.months import Months, build_months
from matcher.modelling.plan_wide import (
    add_budget,
    add_budget_total,
    add_companies,
    add_max_companies,
    add_quotas,
    add_rivals,
)
from matcher.modelling.rows import FamilyMeaning, Rows, padded
from matcher.modelling.supplies import add_hours, add_on_site_days
from matcher.modelling.tiers import build_tiers
from matcher.pairing.candidates import Candidates


@dataclass(frozen=True)
class Model:
    """The formulation, its tiers in order, and what its rows mean.

    `tiers` are the policy's objective, then the tie-breaks, then the lot; the first `n_policy_tiers` are the policy's.
    `months` says when the companies run, and what running engagements outside this batch use up.
    """

    formulation: Formulation
    tiers: tuple[Tier, ...]
    n_policy_tiers: int
    meanings: dict[str, FamilyMeaning]
    not_binding: tuple[str, ...]
    months: Months


def build_model(problem: Problem, candidates: Candidates) -> Model:
    """The assignment model of a batch.

    Raises
    ------
    ModelError : points whose sum could leave int64
    """
    rows = Rows(build_months(problem), [], {}, [], candidates.n_pairs)
    slots = add_slots(rows, problem, candidates)
    add_min_companies(rows, problem, candidates)
    add_max_new(rows, problem, candidates, slots)
    add_companies(rows, candidates)
    add_quotas(rows, problem, candidates)
    add_max_companies(rows, problem, candidates)
    add_hours(rows, problem, candidates, slots)
    add_on_site_days(rows, problem, candidates, slots)
    add_budget(rows, problem, candidates, slots)
    add_budget_total(rows, problem, candidates, slots)
    add_rivals(rows, problem, candidates)
    add_max_directors(rows, problem, candidates, slots)
    tiers = build_tiers(problem, candidates, rows)
    formulation = build_formulation(
        tiers[0].objective,
        rows.blocks,
        n_pairs=candidates.n_pairs,
        column_lower=padded(candidates.is_pinned.astype(np.int64), rows.n_cols),
    )
    return Model(
        formulation=formulation,
        tiers=tiers,
        n_policy_tiers=len(problem.policy.objective),
        meanings=rows.meanings,
        not_binding=tuple(rows.not_binding),
        months=rows.months,
    )
