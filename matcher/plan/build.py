"""From what was solved back to people: a `PlanDocument` out of pairs, rows and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.model.certificate import Certificate
from matcher.modelling import Model
from matcher.pairing.candidates import Candidates
from matcher.plan.conflicts import Refutation
from matcher.plan.document import (
    SCHEMA,
    Assignment,
    CertificateRecord,
    DirectorLoad,
    PlanDocument,
    PlanStatus,
    SolverRecord,
    TierRecord,
)
from matcher.plan.metrics import build_metrics
from matcher.plan.proof_record import tier_proofs
from matcher.plan.unserved import unserved_companies
from matcher.plan.usage import Usage, build_usage

if TYPE_CHECKING:
    from matcher.model.tiers import TieredAnswer


def build_document(
    problem: Problem,
    candidates: Candidates,
    model: Model,
    solved: TieredAnswer,
    refutation: Refutation | None,
    *,
    versions: Mapping[str, str],
    seconds: Mapping[str, float],
    command: str,
    is_interrupted: bool = False,
) -> PlanDocument:
    """The document of a finished run, its own digest included."""
    solved = _with_refutation(solved, refutation)
    chosen = _chosen_pairs(solved, model)
    usage = build_usage(problem, candidates, model.months, chosen)
    tiers = _tier_records(solved, model)
    policy = problem.policy
    document = PlanDocument(
        schema=SCHEMA,
        title=problem.title,
        status=_status(solved, tiers, refutation, is_interrupted=is_interrupted),
        objective={tier.name: tier.value for tier in tiers if not tier.is_tie_break},
        certificate=_certificate(solved, model, refutation),
        tiers=tiers,
        assignments=_assignments(problem, candidates, chosen),
        unserved=unserved_companies(problem, candidates, usage, has_plan=solved.answer.x is not None),
        directors=_loads(problem, usage),
        conflict=None if refutation is None else refutation.conflict,
        metrics=build_metrics(problem, candidates, usage),
        solver=SolverRecord(
            backend=solved.choice.backend.name,
            reason=solved.choice.reason_code,
            params=dict(solved.choice.params),
            not_binding=model.not_binding,
        ),
        policy=policy.model_dump(mode="json"),
        seed=policy.solve.seed,
        digests={"problem": problem.digest, "policy": policy.digest()},
        versions=dict(versions),
        command=command,
        source=problem.source,
        seconds=dict(seconds),
        proof=tier_proofs((tier.name, result.evidence) for tier, result in zip(tiers, solved.results, strict=True)),
        interrupted=is_interrupted,
    )
    return document.model_copy(update={"digests": {**document.digests, "plan": document.plan_digest()}})


def _with_refutation(solved: TieredAnswer, refutation: Refutation | None) -> TieredAnswer:
    """What was solved; where only the conflict was proved, its proof stands in place of the first tier's bound."""
    if refutation is None or refutation.evidence is None:
        return solved
    first = solved.results[0]
    refuted = replace(
        first,
        certificate=replace(first.certificate, bound=None, gap=None),
        evidence=replace(refutation.evidence, kept=first.evidence.kept),
    )
    return replace(solved, results=(refuted, *solved.results[1:]))


def _chosen_pairs(solved: TieredAnswer, model: Model) -> npt.NDArray[np.int64]:
    x = solved.answer.x
    return np.zeros(0, np.int64) if x is None else np.flatnonzero(x[: model.formulation.n_pairs])


def _tier_records(solved: TieredAnswer, model: Model) -> tuple[TierRecord, ...]:
    return tuple(
        TierRecord(
            name=result.name.removeprefix("tie_break:"),
            is_tie_break=number >= model.n_policy_tiers,
            value=result.value,
            bound=result.certificate.bound,
            word=result.certificate.word,
        )
        for number, result in enumerate(solved.results)
    )


def _status(
    solved: TieredAnswer, tiers: tuple[TierRecord, ...], refutation: Refutation | None, *, is_interrupted: bool
) -> PlanStatus:
    """Optimal only where every tier of the policy is proved or claimed optimal; infeasible only with a witness.

    Nor is what somebody interrupted: its ties may not be settled.
    """
    if solved.answer.x is None:
        return "unknown" if refutation is None or refutation.word == "unknown" else "infeasible"
    words = {tier.word for tier in tiers if not tier.is_tie_break}
    return "feasible" if "unknown" in words or is_interrupted else "optimal"


def _certificate(solved: TieredAnswer, model: Model, refutation: Refutation | None) -> CertificateRecord:
    """The first tier that is not proved, else the first: a plan is as proved as its weakest tier.

    Where there is no plan, the word says whether that is proved by prices or claimed by two solvers.
    """
    results = solved.results[: model.n_policy_tiers]
    place = next((at for at, result in enumerate(results) if result.certificate.word != "proved"), 0)
    weakest: Certificate = results[place].certificate
    word = weakest.word
    if refutation is not None:
        word = refutation.word
    return CertificateRecord(
        value=weakest.value,
        bound=weakest.bound,
        gap=weakest.gap,
        word=word,
        of=weakest.of,
        given=tuple(result.name for result in results[:place]),
    )


def _assignments(problem: Problem, candidates: Candidates, chosen: npt.NDArray[np.int64]) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(
            director_id=problem.director_ids[candidates.director_idx[pair]],
            company_id=problem.company_ids[candidates.company_idx[pair]],
            points=int(candidates.points[pair]),
            criteria={name: int(points[pair]) for name, points in candidates.criteria.items()},
            keep=int(candidates.keep[pair]),
            neutral=tuple(name for name, flags in candidates.is_neutral.items() if flags[pair]),
            distance_km=round(float(candidates.distance_km[pair]), 1),
            pinned=bool(candidates.is_pinned[pair]),
            is_new=not candidates.is_running[pair],
            flags=candidates.flags.get((int(candidates.director_idx[pair]), int(candidates.company_idx[pair])), ()),
        )
        for pair in chosen.tolist()
    )


def _loads(problem: Problem, usage: Usage) -> tuple[DirectorLoad, ...]:
    """What each director carries: hours in the fullest month, slots left in the month with the fewest."""
    return tuple(
        DirectorLoad(
            director_id=problem.director_ids[idx],
            n_companies=int(usage.n_companies[idx]),
            n_elsewhere=int(usage.months.slots_elsewhere[idx, 0]),
            hours_per_month=round(float(usage.hours[idx].max()), 3),
            slots_left=max(int(usage.slots_left[idx].min()), 0),
        )
        for idx in range(len(problem.directors))
    )
