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
from matcher.model.conflict import find_conflict, time_left
from matcher.model.formulation import NO_LIMIT
from matcher.model.hall import Bottleneck as Cut
from matcher.model.hall import find_bottleneck
from matcher.model.judging import Effort, witnessed_word
from matcher.modelling import FamilyMeaning, Model
from matcher.pairing.candidates import Candidates
from matcher.plan.bottlenecks import SUBJECTS_SHOWN, bottleneck_record, narrow_directors
from matcher.plan.demands import STRUCTURE, Demand, Stage, demands_of, number_after, number_of, order, pins_of
from matcher.plan.document import (
    Conflict,
    ConflictRow,
    DemandChange,
    NotEnough,
    Relaxation,
    SubjectKind,
)
from matcher.plan.relaxations import Findings, find_relaxations

_WORK = 30.0
_LEAST_SHARE = 0.05
_NO_CONFLICT = Conflict(rows=(), pins=(), is_irreducible=False, word="unknown")


@dataclass(frozen=True)
class Refutation:
    """What is known of an infeasible answer: the word of there being no plan, and why.

    ``unknown`` where the solver's claim found no second witness; the conflict is then empty.
    """

    word: Word
    conflict: Conflict


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
    found = find_conflict(model.formulation, answer, limits, last=STRUCTURE)
    word = _word_of(model, answer, found)
    if word == "unknown":
        return Refutation("unknown", _NO_CONFLICT)
    left_s = time_left(limits, answer).time_limit_s
    if left_s is not None and limits.time_limit_s is not None:
        left_s = max(left_s - (time.monotonic() - started), limits.time_limit_s * _LEAST_SHARE)
    effort = Effort(time_limit_s=left_s, work=_WORK, seed=limits.seed)
    stage = Stage(problem, candidates, model)
    cut = None
    if found.word == "proved":
        cut = find_bottleneck(model.formulation, found.rows, found.columns, time_limit_s=effort.left_s)
    findings = find_relaxations(stage, _members(stage, found, cut), effort, word=word, cut=cut)
    return Refutation(word, conflict_record(stage, found, cut, findings))


def _word_of(model: Model, answer: Answer, found: RowConflict) -> Word:
    """Whether the answer is believed: by prices that prove it, or by two witnesses, unless a plan was found."""
    by_itself = witnessed_word(model.formulation, answer)
    if "proved" in (by_itself, found.word):
        return "proved"
    if found.is_refuted:
        return "unknown"
    return "claimed" if "claimed" in (by_itself, found.word) else "unknown"


def _members(stage: Stage, found: RowConflict, cut: Cut | None) -> list[Demand]:
    """The demands behind the conflict, and the slots of directors who stand in its bottleneck."""
    demands = demands_of(stage.model, rows=found.rows)
    if cut is not None:
        narrow = narrow_directors(stage.model, cut)
        slots = [demand for demand in demands_of(stage.model) if demand.family == "slots"]
        demands += [demand for demand in slots if demand.subject_idx in narrow and demand not in demands]
    return sorted(demands, key=order) + pins_of(found.columns, stage.candidates)


def conflict_record(stage: Stage, conflict: RowConflict, cut: Cut | None, findings: Findings) -> Conflict:
    """The demands behind an infeasible model and what would be enough, each with the people it speaks of."""
    problem, candidates, own = stage.problem, stage.candidates, set(conflict.rows)
    pins = tuple(
        (
            str(problem.director_ids[candidates.director_idx[column]]),
            str(problem.company_ids[candidates.company_idx[column]]),
        )
        for column in conflict.columns
        if column < candidates.n_pairs
    )
    rows = tuple(_conflict_row(problem, candidates, stage.model, row) for row in conflict.rows)
    return Conflict(
        rows=rows,
        pins=pins,
        is_irreducible=conflict.irreducible,
        word=conflict.word,
        bottleneck=None if cut is None else bottleneck_record(problem, candidates, stage.model, cut),
        relaxations=tuple(
            Relaxation(
                changes=tuple(_change(stage, demand, amount) for demand, amount in change.parts),
                word="proved",
                least=change.least,
            )
            for change in findings.enough
        ),
        not_enough=tuple(
            NotEnough(**_name(stage, demand), word=word)
            for demand, word in findings.not_enough
            if not own.isdisjoint(demand.rows) or not demand.rows
        ),
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
    if demand.family == "pins":
        company = str(problem.company_ids[candidates.company_idx[demand.subject_idx]])
    elif demand.family == "quota":
        family = f"quota:{problem.policy.limits.quotas[demand.subject_idx].by}"
    subject = _subject(problem, candidates, meaning, demand.subject_idx)
    return {"family": family, "side": demand.side, "subject": subject, "subject_kind": kind, "company_id": company}


def _conflict_row(problem: Problem, candidates: Candidates, model: Model, row: int) -> ConflictRow:
    formulation = model.formulation
    family = formulation.family_of_row(row)
    columns = formulation.col_idx[formulation.row_ptr[row] : formulation.row_ptr[row + 1]]
    pairs = columns[columns < candidates.n_pairs]
    meaning = model.meanings[family.name]
    subject = _subject(problem, candidates, meaning, int(meaning.subject_idx[row - family.start]))
    if columns.size and not pairs.size:  # a count of directors stands on auxiliary columns only
        members_kind: Literal["director", "company"] = "director"
        members = problem.director_ids[np.unique(candidates.director_idx)]
    elif meaning.kind == "company":
        members = problem.director_ids[np.unique(candidates.director_idx[pairs])]
        members_kind = "director"
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
        members=tuple(members[:SUBJECTS_SHOWN]),
        n_members=len(members),
        month=None if meaning.month is None else str(meaning.month[row - family.start]),
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
