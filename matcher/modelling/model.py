"""`build_model`: Candidates and Policy into a Formulation with its tiers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.model.formulation import Formulation, Int64, build_formulation
from matcher.model.objectives import Tier
from matcher.modelling.directors import add_hours, add_max_directors, add_min_companies, add_slots
from matcher.modelling.hours import engaged_elsewhere
from matcher.modelling.plan_wide import add_budget, add_companies, add_max_companies, add_quotas, add_rivals
from matcher.modelling.rows import FamilyMeaning, Rows, padded
from matcher.modelling.tiers import build_tiers
from matcher.pairing.candidates import Candidates


@dataclass(frozen=True)
class Model:
    """The formulation, its tiers in order, and what its rows mean.

    `tiers` are the policy's objective, then the tie-breaks, then the lot; the first `n_policy_tiers` are the policy's.
    `slots_elsewhere`, `hours_elsewhere` : (n_directors,) used up by running engagements outside this batch.
    """

    formulation: Formulation
    tiers: tuple[Tier, ...]
    n_policy_tiers: int
    meanings: dict[str, FamilyMeaning]
    not_binding: tuple[str, ...]
    slots_elsewhere: Int64
    hours_elsewhere: npt.NDArray[np.float64]


def build_model(problem: Problem, candidates: Candidates) -> Model:
    """The assignment model of a batch.

    Raises
    ------
    ModelError : points whose sum could leave int64
    """
    slots_elsewhere, hours_elsewhere = engaged_elsewhere(problem)
    rows = Rows([], {}, [], candidates.n_pairs)
    slots = add_slots(rows, problem, candidates, slots_elsewhere)
    add_min_companies(rows, problem, candidates)
    add_companies(rows, candidates)
    add_quotas(rows, problem, candidates)
    add_max_companies(rows, problem, candidates)
    add_hours(rows, problem, candidates, slots, hours_elsewhere)
    add_budget(rows, problem, candidates, slots)
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
        slots_elsewhere=slots_elsewhere,
        hours_elsewhere=hours_elsewhere,
    )
