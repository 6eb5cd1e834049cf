"""From what was solved back to people: a `PlanDocument` out of pairs, rows and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from itertools import compress
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.model.certificate import Certificate
from matcher.modelling import Model
from matcher.pairing.candidates import Candidates
from matcher.plan.columns import Records, flags, objects, records, repeated, rounded, texts, whole
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
    Unserved,
)
from matcher.plan.metrics import build_metrics
from matcher.plan.proof_record import tier_proofs
from matcher.plan.unserved import unserved_companies
from matcher.plan.usage import Usage, build_usage

if TYPE_CHECKING:
    from matcher.model.tiers import TieredAnswer


@dataclass(frozen=True)
class Rows:
    """The rows of a document, with the texts by which another document of nearly the same plan finds them again."""

    assignments: Records[Assignment]
    unserved: Records[Unserved]
    directors: Records[DirectorLoad]

    @property
    def texts(self) -> dict[str, str]:
        """`digest_text` of each field of the document that holds them."""
        return {one.name: getattr(self, one.name).text for one in dataclass_fields(self)}


@dataclass(frozen=True)
class Built:
    """A document and its rows."""

    document: PlanDocument
    rows: Rows


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
    known: Rows | None = None,
    search: Mapping[str, str | int] = MappingProxyType({}),
) -> Built:
    """The document of a finished run, its own digest included.

    Parameters
    ----------
    known : the rows of another plan; those that are the same again are taken from it
    search : how candidates were looked for, where that was not the usual way; more `params` of the solver
    """
    solved = _with_refutation(solved, refutation)
    chosen = _chosen_pairs(solved, model)
    usage = build_usage(problem, candidates, model.months, chosen)
    tiers = _tier_records(solved, model)
    policy = problem.policy
    rows = Rows(
        _assignments(problem, candidates, chosen, known),
        unserved_companies(
            problem,
            candidates,
            usage,
            has_plan=solved.answer.x is not None,
            known={} if known is None else known.unserved.by_text,
        ),
        _loads(problem, usage, known),
    )
    document = PlanDocument(
        schema=SCHEMA,
        title=problem.title,
        status=_status(solved, tiers, refutation, is_interrupted=is_interrupted),
        objective={tier.name: tier.value for tier in tiers if not tier.is_tie_break},
        certificate=_certificate(solved, model, refutation),
        tiers=tiers,
        assignments=rows.assignments.rows,
        unserved=rows.unserved.rows,
        directors=rows.directors.rows,
        conflict=None if refutation is None else refutation.conflict,
        metrics=build_metrics(problem, candidates, usage),
        solver=SolverRecord(
            backend=solved.choice.backend.name,
            reason=solved.choice.reason_code,
            params={**solved.choice.params, **search},
            not_binding=model.not_binding,
        ),
        policy=policy.model_dump(mode="json"),
        seed=policy.solve.seed,
        digests={"problem": problem.digest, "policy": policy.digest()},
        versions=dict(versions),
        command=command,
        source=problem.source,
        mapping=problem.mapping or None,
        seconds=dict(seconds),
        proof=tier_proofs((tier.name, result.evidence) for tier, result in zip(tiers, solved.results, strict=True)),
        interrupted=is_interrupted,
    )
    digests = {**document.digests, "plan": document.plan_digest(rows.texts)}
    return Built(document.model_copy(update={"digests": digests}), rows)


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


def _assignments(
    problem: Problem, candidates: Candidates, chosen: npt.NDArray[np.int64], known: Rows | None
) -> Records[Assignment]:
    director, company = candidates.director_idx[chosen], candidates.company_idx[chosen]
    names = tuple(candidates.is_neutral)
    neutral = np.column_stack([candidates.is_neutral[name][chosen] for name in names])
    no_flags = tuple[tuple[str, str], ...]()
    pairs = zip(director.tolist(), company.tolist(), strict=True)
    flags_of = (
        [candidates.flags.get(pair, no_flags) for pair in pairs] if candidates.flags else [no_flags] * chosen.size
    )
    fields = {
        "director_id": texts(problem.director_ids[director]),
        "company_id": texts(problem.company_ids[company]),
        "points": whole(candidates.points[chosen]),
        "criteria": objects({name: whole(points[chosen]) for name, points in candidates.criteria.items()}),
        "keep": whole(candidates.keep[chosen]),
        "neutral": repeated(tuple(compress(names, row)) for row in neutral.tolist()),
        "distance_km": rounded(candidates.distance_km[chosen], 1),
        "pinned": flags(candidates.is_pinned[chosen]),
        "is_new": flags(~candidates.is_running[chosen]),
        "flags": repeated(flags_of),
    }
    return records(Assignment, fields, {} if known is None else known.assignments.by_text)


def _loads(problem: Problem, usage: Usage, known: Rows | None) -> Records[DirectorLoad]:
    """What each director carries: hours in the fullest month, slots left in the month with the fewest."""
    fields = {
        "director_id": texts(problem.director_ids),
        "n_companies": whole(usage.n_companies),
        "n_elsewhere": whole(usage.months.slots_elsewhere[:, 0]),
        "hours_per_month": rounded(usage.hours.max(axis=1), 3),
        "slots_left": whole(np.maximum(usage.slots_left.min(axis=1), 0)),
    }
    return records(DirectorLoad, fields, {} if known is None else known.directors.by_text)
