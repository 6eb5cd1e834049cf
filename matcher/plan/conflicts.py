"""Why there is no plan, in people's terms: rows and pins of the model back into demands on directors and companies."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from matcher.domain.problem import Problem
from matcher.model.answer import Answer, Limits
from matcher.model.certificate import Word
from matcher.model.conflict import Conflict as RowConflict
from matcher.model.conflict import find_conflict, refutation_of, time_left
from matcher.model.evidence import Evidence, evidence_of_none
from matcher.model.formulation import NO_LIMIT
from matcher.model.judging import Effort, witnessed_word
from matcher.modelling import FamilyMeaning, Model
from matcher.pairing.candidates import Candidates
from matcher.plan.bottlenecks import SUBJECTS_SHOWN, FoundCut, bottleneck_record, find_cut
from matcher.plan.demands import SUPPLIES, Demand, Said, demands_of, groups_of, order, pin_family, pins_of, said_by
from matcher.plan.document import (
    Conflict,
    ConflictRow,
    DemandChange,
    NotEnough,
    Relaxation,
    SubjectKind,
)
from matcher.plan.elastic_form import supply_left
from matcher.plan.relaxations import Findings, find_relaxations
from matcher.plan.stage import Stage, number_after, number_of

_WORK = 30.0
_LEAST_SHARE = 0.05
_NO_CONFLICT = Conflict(rows=(), pins=(), is_irreducible=False, word="unknown")


@dataclass(frozen=True)
class Refutation:
    """What is known of an infeasible answer: the word of there being no plan, and why.

    ``unknown`` where the solver's claim found no second witness; the conflict is then empty. `evidence` is what proves
    it where the answer by itself does not.
    """

    word: Word
    conflict: Conflict
    evidence: Evidence | None = None


def explain_infeasible(
    problem: Problem, candidates: Candidates, model: Model, answer: Answer, limits: Limits
) -> Refutation:
    """Why there is no plan, and what would be enough for one; or that the claim was not confirmed.

    Parameters
    ----------
    answer : an infeasible answer of the model's formulation
    limits : `time_limit_s` is shared with the solve, see `find_conflict`; what the conflict leaves of it goes to the
        relaxations, at least 5 %. Without one they have 30 units of CP-SAT's deterministic work.
    """
    started = time.monotonic()
    found = find_conflict(model.formulation, answer, limits, groups=groups_of(model, candidates))
    left = time_left(limits, answer)
    left_s = left.time_limit_s
    if left_s is not None and limits.time_limit_s is not None:
        left_s = max(left_s - (time.monotonic() - started), limits.time_limit_s * _LEAST_SHARE)
    work = _WORK if left.deterministic_limit is None else min(_WORK, left.deterministic_limit)
    effort = Effort(time_limit_s=left_s, work=work, seed=limits.seed, stop=limits.stop)
    by_itself = witnessed_word(model.formulation, answer)
    evidence = None
    if by_itself != "proved" and found.word == "proved":
        witness = refutation_of(model.formulation, found.rows, found.columns, effort)
        evidence = None if witness is None else evidence_of_none(model.formulation, witness)
    word = _word_of(by_itself, found, evidence)
    if word == "unknown":
        return Refutation("unknown", _NO_CONFLICT)
    stage = Stage(problem, candidates, model)
    cut = None
    if found.word == "proved":
        cut = find_cut(stage, found, effort)
    findings = find_relaxations(stage, _members(stage, found), effort, word=word, cut=cut)
    return Refutation(word, conflict_record(stage, found, cut, findings), evidence)


def _word_of(by_itself: Word, found: RowConflict, evidence: Evidence | None) -> Word:
    """Whether the answer is believed: by a proof a plan can keep, or by two witnesses, unless a plan was found."""
    if by_itself == "proved" or evidence is not None:
        return "proved"
    if found.is_refuted:
        return "unknown"
    return "claimed" if by_itself == "claimed" or found.word in ("proved", "claimed") else "unknown"


def _members(stage: Stage, found: RowConflict) -> list[Demand]:
    """The demands behind the conflict."""
    demands = demands_of(stage.model, rows=found.rows)
    return sorted([*demands, *pins_of(found.columns, stage.problem, stage.candidates)], key=order)


def conflict_record(stage: Stage, conflict: RowConflict, cut: FoundCut | None, findings: Findings) -> Conflict:
    """The demands behind an infeasible model and what would be enough, each with the people it speaks of."""
    problem, candidates, own = stage.problem, stage.candidates, set(conflict.rows)
    pairs = [column for column in conflict.columns if column < candidates.n_pairs]
    is_kept = [pin_family(problem, candidates, pair) == "engagements" for pair in pairs]
    names = [
        (
            str(problem.director_ids[candidates.director_idx[pair]]),
            str(problem.company_ids[candidates.company_idx[pair]]),
        )
        for pair in pairs
    ]
    pins = tuple(name for name, kept in zip(names, is_kept, strict=True) if not kept)
    said = [one for one in said_by(stage.model) if not own.isdisjoint(one.rows)]
    rows = tuple(_conflict_row(stage, one) for one in said)
    return Conflict(
        rows=rows,
        pins=pins,
        engagements=tuple(name for name, kept in zip(names, is_kept, strict=True) if kept),
        is_irreducible=conflict.irreducible,
        word=conflict.word,
        bottleneck=None if cut is None else bottleneck_record(problem, candidates, cut.model, cut.cut),
        relaxations=tuple(
            Relaxation(
                changes=tuple(_change(stage, demand, amount) for demand, amount in change.parts),
                word="proved",
                least=change.least,
            )
            for change in findings.enough
        ),
        not_enough=tuple(NotEnough(**_name(stage, demand), word=word) for demand, word in findings.not_enough),
        n_untried=findings.n_untried,
    )


def _change(stage: Stage, demand: Demand, amount: int) -> DemandChange:
    return DemandChange(
        **_name(stage, demand),
        amount=amount / demand.unit,
        before=number_of(stage.problem, demand),
        after=number_after(stage.problem, demand, amount),
    )


def _name(stage: Stage, demand: Demand) -> dict[str, Any]:  # Any: fields of a record
    problem, candidates = stage.problem, stage.candidates
    family, company = demand.family, None
    kind: SubjectKind = demand.kind
    meaning = FamilyMeaning(kind, np.zeros(0, np.int64))
    if demand.kind == "pair":
        company = str(problem.company_ids[candidates.company_idx[demand.subject_idx]])
    elif demand.family == "quota":
        family = f"quota:{problem.policy.limits.quotas[demand.subject_idx].by}"
    subject = _subject(problem, candidates, meaning, demand.subject_idx)
    return {"family": family, "side": demand.side, "subject": subject, "subject_kind": kind, "company_id": company}


def _conflict_row(stage: Stage, said: Said) -> ConflictRow:
    problem, candidates, formulation = stage.problem, stage.candidates, stage.model.formulation
    first = said.rows[0]
    name = formulation.family_of_row(first).name
    columns = np.concatenate(
        [formulation.col_idx[formulation.row_ptr[row] : formulation.row_ptr[row + 1]] for row in said.rows]
    )
    pairs = columns[columns < candidates.n_pairs]
    subject = _subject(problem, candidates, FamilyMeaning(said.kind, np.zeros(0, np.int64)), said.subject_idx)
    members_kind: Literal["director", "company"] = "company"
    if columns.size and not pairs.size:  # a count of directors stands on auxiliary columns only
        members_kind = "director"
        members = problem.director_ids[np.unique(candidates.director_idx)]
    elif said.kind == "company":
        members_kind = "director"
        members = problem.director_ids[np.unique(candidates.director_idx[pairs])]
    else:
        members = problem.company_ids[np.unique(candidates.company_idx[pairs])]
    lower, upper = int(formulation.row_lower[first]), int(formulation.row_upper[first])
    if said.family in SUPPLIES:
        name, upper = (
            said.family,
            int(supply_left(problem, stage.model, said.family)[said.subject_idx, _month(said, stage)]),
        )
    return ConflictRow(
        family=name,
        subject=subject,
        subject_kind="director" if said.kind == "pair" else said.kind,
        members_kind=members_kind,
        lower=None if lower <= 0 and said.family != "uses_director" else lower,
        upper=None if upper >= NO_LIMIT else upper,
        members=tuple(members[:SUBJECTS_SHOWN]),
        n_members=len(members),
        month=said.month,
    )


def _month(said: Said, stage: Stage) -> int:
    """The position of its month."""
    return 0 if said.month is None else [str(month) for month in stage.model.months.start].index(said.month)


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
