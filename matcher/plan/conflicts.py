"""Why there is no plan, in people's terms: rows and pins of the model back into demands on directors and companies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from matcher.domain.problem import Problem
from matcher.model.formulation import NO_LIMIT
from matcher.modelling import FamilyMeaning, Model
from matcher.pairing.candidates import Candidates
from matcher.plan.document import Conflict, ConflictRow

if TYPE_CHECKING:
    from matcher.model.conflict import Conflict as RowConflict

_MEMBERS_SHOWN = 20


def conflict_record(problem: Problem, candidates: Candidates, model: Model, conflict: RowConflict) -> Conflict:
    """The demands behind an infeasible model, each with the people it speaks of."""
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
