"""From what was solved back to people: a `PlanDocument` out of pairs, rows and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.model.certificate import Certificate
from matcher.model.formulation import NO_LIMIT
from matcher.modelling import HOURS_UNIT, FamilyMeaning, Model, pair_hours
from matcher.pairing.candidates import RULES, SOFT_RULES, Candidates, NearMiss
from matcher.plan.document import (
    SCHEMA,
    Assignment,
    CertificateRecord,
    Conflict,
    ConflictRow,
    DirectorLoad,
    NearMissRecord,
    PlanDocument,
    PlanStatus,
    SolverRecord,
    TierRecord,
    Unserved,
    UnservedDetail,
    UnservedReason,
)
from matcher.plan.metrics import build_metrics
from matcher.plan.proof_record import tier_proofs

if TYPE_CHECKING:
    from matcher.model.conflict import Conflict as RowConflict
    from matcher.model.tiers import TieredAnswer

_MEMBERS_SHOWN = 20


def build_document(
    problem: Problem,
    candidates: Candidates,
    model: Model,
    solved: TieredAnswer,
    conflict: RowConflict | None,
    *,
    versions: Mapping[str, str],
    seconds: Mapping[str, float],
    command: str,
) -> PlanDocument:
    """The document of a finished run, its own digest included."""
    chosen = _chosen_pairs(solved, model)
    tiers = _tier_records(solved, model)
    policy = problem.policy
    document = PlanDocument(
        schema=SCHEMA,
        title=problem.title,
        status=_status(solved, tiers),
        objective={tier.name: tier.value for tier in tiers if not tier.is_tie_break},
        certificate=_certificate(solved, model),
        tiers=tiers,
        assignments=_assignments(problem, candidates, chosen),
        unserved=_unserved(problem, candidates, model, chosen, has_plan=solved.answer.x is not None),
        directors=_loads(problem, candidates, model, chosen),
        conflict=None if conflict is None else _conflict(problem, candidates, model, conflict),
        metrics=build_metrics(problem, candidates, chosen),
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
    )
    return document.model_copy(update={"digests": {**document.digests, "plan": document.plan_digest()}})


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


def _status(solved: TieredAnswer, tiers: tuple[TierRecord, ...]) -> PlanStatus:
    """Optimal only where every tier of the policy is proved or claimed optimal."""
    if solved.answer.x is None:
        return "infeasible" if solved.answer.status == "infeasible" else "unknown"
    words = {tier.word for tier in tiers if not tier.is_tie_break}
    return "feasible" if "unknown" in words else "optimal"


def _certificate(solved: TieredAnswer, model: Model) -> CertificateRecord:
    """The first tier that is not proved, else the first: a plan is as proved as its weakest tier.

    Where there is no plan, the word says whether that is proved by prices or claimed by two solvers.
    """
    results = solved.results[: model.n_policy_tiers]
    place = next((at for at, result in enumerate(results) if result.certificate.word != "proved"), 0)
    weakest: Certificate = results[place].certificate
    word = weakest.word
    if solved.answer.status == "infeasible":
        word = "proved" if weakest.infeasible_proved else "claimed"
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


def _loads(
    problem: Problem, candidates: Candidates, model: Model, chosen: npt.NDArray[np.int64]
) -> tuple[DirectorLoad, ...]:
    n_directors = len(problem.directors)
    directors = candidates.director_idx[chosen]
    n_companies = np.bincount(directors, minlength=n_directors)
    hours = np.bincount(directors, weights=pair_hours(problem, candidates)[chosen], minlength=n_directors)
    slots_left = problem.directors["max_companies"].to_numpy() - model.slots_elsewhere - n_companies
    return tuple(
        DirectorLoad(
            director_id=problem.director_ids[idx],
            n_companies=int(n_companies[idx]),
            n_elsewhere=int(model.slots_elsewhere[idx]),
            hours_per_month=round(float(hours[idx] + model.hours_elsewhere[idx]), 3),
            slots_left=max(int(slots_left[idx]), 0),
        )
        for idx in range(n_directors)
    )


def _unserved(
    problem: Problem, candidates: Candidates, model: Model, chosen: npt.NDArray[np.int64], *, has_plan: bool
) -> tuple[Unserved, ...]:
    """Every company without a match, in id order, with the one reason that decided it."""
    is_served = np.zeros(len(problem.companies), bool)
    is_served[candidates.company_idx[chosen]] = True
    obstacles = _obstacles(problem, candidates, model, chosen)
    best = _best_pairs(candidates, len(problem.companies))
    lowest = int(candidates.points[chosen].min()) if chosen.size else None
    found = []
    for company in np.flatnonzero(~is_served).tolist():
        near = candidates.near_misses.get(company)
        reason: UnservedReason
        if not has_plan:
            reason = "no_plan"
        elif best[company] < 0:
            is_soft = near is not None and set(near.failed) <= set(SOFT_RULES)
            reason = "below_threshold" if is_soft else "nobody_eligible"
        else:
            reason = obstacles[company]
        found.append(
            Unserved(
                company_id=problem.company_ids[company],
                reason=reason,
                detail=_detail(problem, candidates, company, int(best[company]), near, lowest),
            )
        )
    return tuple(found)


def _obstacles(
    problem: Problem, candidates: Candidates, model: Model, chosen: npt.NDArray[np.int64]
) -> list[UnservedReason]:
    """(n_companies,) what keeps each company's candidates from taking it as things stand.

    The best placed candidate counts: free in every respect (then a limit over the plan decided), else with a slot and
    hours but serving a rival, else with a slot but without hours, else without a slot: all of them taken elsewhere,
    or by this plan.
    """
    director, company = candidates.director_idx, candidates.company_idx
    n_directors, n_companies = len(problem.directors), len(problem.companies)
    n_taken = np.bincount(director[chosen], minlength=n_directors)
    slots = problem.directors["max_companies"].to_numpy() - model.slots_elsewhere
    has_slot = (slots - n_taken > 0)[director]
    demand = pair_hours(problem, candidates)
    used = np.bincount(director[chosen], weights=demand[chosen], minlength=n_directors) + model.hours_elsewhere
    offered = problem.directors["hours_per_month"].to_numpy(float)
    has_hours = ~(used[director] + demand > offered[director] + 1 / HOURS_UNIT)
    has_no_rival = ~_serves_rival(problem, candidates, chosen)
    places: tuple[tuple[UnservedReason, npt.NDArray[np.bool_]], ...] = (
        ("outcompeted", n_taken[director] > 0),
        ("hours_used_up", has_slot),
        ("rival_served", has_slot & has_hours),
        ("limit_reached", has_slot & has_hours & has_no_rival),
    )
    reasons: list[UnservedReason] = ["busy_elsewhere"] * n_companies
    for reason, holds in places:  # from the farthest to the nearest: the nearest stays
        for at in np.unique(company[holds]).tolist():
            reasons[at] = reason
    return reasons


def _serves_rival(problem: Problem, candidates: Candidates, chosen: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """(n_pairs,) whether the pair's director serves a rival of the pair's company in this plan."""
    rivals = problem.tables["rivals"]
    n_companies = len(problem.companies)
    one, other = problem.company_idx(rivals["company_id"]), problem.company_idx(rivals["other_id"])
    server = np.full(n_companies, -1, np.int64)
    server[candidates.company_idx[chosen]] = candidates.director_idx[chosen]
    ends = np.concatenate([one, other]), np.concatenate([other, one])
    is_taken = server[ends[1]] >= 0
    blocked = np.unique(server[ends[1]][is_taken] * n_companies + ends[0][is_taken])
    keys = candidates.director_idx.astype(np.int64) * n_companies + candidates.company_idx
    return np.isin(keys, blocked)


def _best_pairs(candidates: Candidates, n_companies: int) -> npt.NDArray[np.int64]:
    """(n_companies,) the pair with most points, the first director on ties; −1 where there is none."""
    best = np.full(n_companies, -1, np.int64)
    order = np.lexsort((-candidates.director_idx, candidates.points))
    best[candidates.company_idx[order]] = order
    return best


def _detail(
    problem: Problem,
    candidates: Candidates,
    company: int,
    best: int,
    near: NearMiss | None,
    lowest: int | None,
) -> UnservedDetail:
    failed = candidates.n_rejected_by_company[company].tolist()
    return UnservedDetail(
        n_candidates=int(candidates.n_candidates_by_company[company]),
        n_failed_by_rule={rule: n for rule, n in zip(RULES, failed, strict=True) if n},
        nearest=None
        if near is None
        else NearMissRecord(
            director_id=problem.director_ids[near.director_idx],
            failed=near.failed,
            amounts={rule: (float(offered), float(wanted)) for rule, (offered, wanted) in near.amounts.items()},
            measures=dict(near.measures),
            missing_skills=near.missing_skills,
        ),
        best_director_id=None if best < 0 else problem.director_ids[candidates.director_idx[best]],
        best_points=None if best < 0 else int(candidates.points[best]),
        lowest_chosen_points=lowest,
    )


def _conflict(problem: Problem, candidates: Candidates, model: Model, conflict: RowConflict) -> Conflict:
    pins = tuple(
        (
            str(problem.director_ids[candidates.director_idx[column]]),
            str(problem.company_ids[candidates.company_idx[column]]),
        )
        for column in conflict.columns
        if column < candidates.n_pairs
    )
    rows = tuple(_conflict_row(problem, candidates, model, row) for row in conflict.rows)
    return Conflict(rows=rows, pins=pins, is_irreducible=conflict.irreducible, word=conflict.word)


def _conflict_row(problem: Problem, candidates: Candidates, model: Model, row: int) -> ConflictRow:
    formulation = model.formulation
    family = formulation.family_of_row(row)
    columns = formulation.col_idx[formulation.row_ptr[row] : formulation.row_ptr[row + 1]]
    pairs = columns[columns < candidates.n_pairs]
    meaning = model.meanings[family.name]
    subject = _subject(problem, candidates, meaning, int(meaning.subject_idx[row - family.start]))
    if meaning.kind == "company":
        members = problem.director_ids[np.unique(candidates.director_idx[pairs])]
        members_kind: Literal["director", "company"] = "director"
    else:
        members_kind = "company"
        members = problem.company_ids[np.unique(candidates.company_idx[pairs])]
    lower, upper = int(formulation.row_lower[row]), int(formulation.row_upper[row])
    return ConflictRow(
        family=family.name,
        subject=subject,
        subject_kind="director" if meaning.kind == "pair" else meaning.kind,
        members_kind=members_kind,
        lower=None if lower <= 0 and family.name != "uses_director" else lower,
        upper=None if upper >= NO_LIMIT else upper,
        members=tuple(members[:_MEMBERS_SHOWN]),
        n_members=len(members),
    )


def _subject(problem: Problem, candidates: Candidates, meaning: FamilyMeaning, idx: int) -> str | None:
    if meaning.kind == "director":
        return str(problem.director_ids[idx])
    if meaning.kind == "company":
        return str(problem.company_ids[idx])
    if meaning.kind == "quota":
        return problem.policy.limits.quotas[idx].value
    if meaning.kind == "rivals":
        ends = problem.tables["rivals"].iloc[idx]
        return f"{ends['company_id']} / {ends['other_id']}"
    if meaning.kind == "pair":
        return str(problem.director_ids[candidates.director_idx[idx]])
    return None
