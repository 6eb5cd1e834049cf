"""A bottleneck of the model in people's terms: which companies compete for which directors, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.model.conflict import Conflict
from matcher.model.hall import Bottleneck as Cut
from matcher.model.hall import Weighted, find_bottleneck
from matcher.model.judging import Effort
from matcher.modelling import HOURS_UNIT, Model
from matcher.pairing.candidates import Candidates
from matcher.plan.demands import Said, pin_family, said_by
from matcher.plan.document import Bottleneck, BottleneckPart, SubjectKind
from matcher.plan.stage import Stage

SUBJECTS_SHOWN = 20
"""Ids a record names at most."""

_AMOUNT_UNITS = {
    "hours": ("hours", HOURS_UNIT),
    "on_site_days": ("days", HOURS_UNIT),
    "budget": ("jpy", 1),
    "budget_total": ("jpy_total", 1),
}
"""Family → the unit its rows are told in, and row units in one of it."""


@dataclass(frozen=True)
class FoundCut:
    """A cut, and the model whose rows it names: a form of the stage's model."""

    model: Model
    cut: Cut


def find_cut(stage: Stage, found: Conflict, effort: Effort) -> FoundCut | None:
    """The cut behind a conflict of the stage's model; None where no sum of its demands shows it.

    Notes
    -----
    First in hours and days themselves (`elastic_form`): 50 hours asked for and 40 there say more than three companies
    of which there are hours for two. Where only the counts show it, or fractions of companies would ask for 8.99 days,
    in these; a sum of such fractions is not told.
    """
    own = set(found.rows)
    said = {_name(one) for one in said_by(stage.model) if not own.isdisjoint(one.rows)}
    for form in (stage.elastic,) if stage.elastic is stage.model else (stage.elastic, stage.model):
        rows = tuple(row for one in said_by(form) if _name(one) in said for row in one.rows)
        cut = find_bottleneck(form.formulation, rows, found.columns, time_limit_s=effort.left_s)
        record = None if cut is None else bottleneck_record(stage.problem, stage.candidates, form, cut)
        if cut is None or record is None:
            continue
        parts = 1 if record.unit.startswith("jpy") else 100
        if all(abs(amount * parts - round(amount * parts)) < 1e-6 for amount in (record.demand, record.supply)):
            return FoundCut(form, cut)
    return None


def _name(said: Said) -> tuple[str, SubjectKind, int, str | None]:
    return said.family, said.kind, said.subject_idx, said.month


def bottleneck_record(problem: Problem, candidates: Candidates, model: Model, cut: Cut) -> Bottleneck | None:
    """The cut as a record; None where its arithmetic has no common unit, or where nothing gives.

    Notes
    -----
    Where the gives count companies, each ask must count once. Where they count an amount (hours, yen), all of them
    must be of one family: an ask of three companies then counts three times the least amount any of them needs.
    """
    unit = _unit(model, cut, candidates.n_pairs)
    gives = _parts(problem, candidates, model, cut.gives, 1 if unit is None else unit[1], is_upper=True)
    if unit is None or not gives:
        return None
    name, scale = unit
    asks = _parts(problem, candidates, model, cut.asks, scale, is_upper=False)
    asks += _pinned_parts(problem, candidates, cut, scale)
    directors, companies = _crowd(problem, candidates, model, cut)
    loose = sum(weight * int(model.formulation.column_upper[column]) for column, weight in cut.loose)
    if name != "companies" and len(asks) == 1:
        # The ask was counted at the amount of a dear company; what cheap ones take less is no supply.
        asks = [asks[0].model_copy(update={"amount": asks[0].amount - loose / scale})]
        loose = 0
    return Bottleneck(
        unit=name,
        demand=sum(part.amount for part in asks),
        supply=sum(part.amount for part in gives) + loose / scale,
        shortfall=cut.shortfall / scale,
        asks=tuple(asks),
        gives=tuple(gives),
        loose=loose / scale,
        companies=tuple(companies[:SUBJECTS_SHOWN]),
        n_companies=len(companies),
        directors=tuple(directors[:SUBJECTS_SHOWN]),
        n_directors=len(directors),
    )


def _unit(model: Model, cut: Cut, n_pairs: int) -> tuple[str, int] | None:
    """The unit that demand and supply are told in, and how many of the cut's are one of it."""
    formulation = model.formulation
    amounts: dict[str, set[int]] = {}
    for row, weight in cut.gives:
        entries = slice(int(formulation.row_ptr[row]), int(formulation.row_ptr[row + 1]))
        family = formulation.family_of_row(row).name.partition(":")[0]
        is_amount = (formulation.coef[entries] != 1) & (formulation.col_idx[entries] < n_pairs)
        if family in _AMOUNT_UNITS or is_amount.any():
            amounts.setdefault(family, set()).add(weight)
    if not amounts:
        return ("companies", 1) if all(weight == 1 for _, weight in (*cut.asks, *cut.pins)) else None
    families = {formulation.family_of_row(row).name.partition(":")[0] for row, _ in cut.gives}
    (family, weights), *others = amounts.items()
    if others or len(families) > 1 or len(weights) > 1:
        return None
    name, scale = _AMOUNT_UNITS.get(family, (family, 1))
    return name, scale * weights.pop()


def _parts(
    problem: Problem, candidates: Candidates, model: Model, rows: Weighted, scale: int, *, is_upper: bool
) -> list[BottleneckPart]:
    """One part a family, in row order; rows that give nothing are left out where their family is a mere count."""
    formulation = model.formulation
    bound = formulation.row_upper if is_upper else formulation.row_lower
    found: dict[str, tuple[int, list[int]]] = {}
    kinds: dict[str, SubjectKind] = {}
    for row, weight in rows:
        family = formulation.family_of_row(row)
        name = family.name if family.name.startswith("quota:") else family.name.partition(":")[0]
        meaning = model.meanings[family.name]
        kinds[name] = meaning.kind
        amount, subjects = found.setdefault(name, (0, []))
        subjects.append(int(meaning.subject_idx[row - family.start]))
        found[name] = (amount + weight * int(bound[row]), subjects)
    return [
        _part(name, amount / scale, list(dict.fromkeys(_ids(problem, kinds[name], subjects))), kinds[name])
        for name, (amount, subjects) in found.items()
        if amount or not _is_of_used(name)
    ]


def _is_of_used(family: str) -> bool:
    """Whether rows of a family only tie something to directors at work."""
    return family == "uses_director" or family.endswith("of_used_director")


def _pinned_parts(problem: Problem, candidates: Candidates, cut: Cut, scale: int) -> list[BottleneckPart]:
    """What pins ask for, and engagements that are kept; one that is both counts as a pin."""
    found: dict[str, list[tuple[int, int]]] = {}
    for column, weight in cut.pins:
        if column < candidates.n_pairs:
            is_kept = pin_family(problem, candidates, column) == "engagements"
            found.setdefault("engagements" if is_kept else "pins", []).append((column, weight))
    return [
        _part(
            family,
            sum(weight for _, weight in pairs) / scale,
            problem.company_ids[np.unique(candidates.company_idx[[column for column, _ in pairs]])].tolist(),
            "company",
        )
        for family, pairs in sorted(found.items(), reverse=True)
    ]


def _part(family: str, amount: float, subjects: Sequence[str], kind: SubjectKind) -> BottleneckPart:
    return BottleneckPart(
        family=family,
        amount=amount,
        subjects=tuple(subjects[:SUBJECTS_SHOWN]),
        subject_kind=kind,
        n_subjects=len(subjects),
    )


def _ids(problem: Problem, kind: SubjectKind, subjects: Sequence[int]) -> list[str]:
    if kind == "director":
        return [str(problem.director_ids[idx]) for idx in subjects]
    if kind == "company":
        return [str(problem.company_ids[idx]) for idx in subjects]
    if kind == "quota":
        return [problem.policy.limits.quotas[idx].value for idx in subjects]
    return []


def _crowd(problem: Problem, candidates: Candidates, model: Model, cut: Cut) -> tuple[list[str], list[str]]:
    """The directors who are short, and the companies asked for that have no candidate but them."""
    narrow = np.array(sorted(narrow_directors(model, cut)), np.int64)
    pairs = _pairs_of(model, cut.asks, candidates.n_pairs)
    pairs = np.union1d(pairs, [column for column, _ in cut.pins if column < candidates.n_pairs]).astype(np.int64)
    if not narrow.size:
        return [], []
    elsewhere = candidates.company_idx[~np.isin(candidates.director_idx, narrow)]
    companies = np.setdiff1d(candidates.company_idx[pairs], elsewhere)
    return problem.director_ids[narrow].tolist(), problem.company_ids[companies].tolist()


def _pairs_of(model: Model, rows: Weighted, n_pairs: int) -> npt.NDArray[np.int64]:
    formulation = model.formulation
    parts = [formulation.col_idx[int(formulation.row_ptr[row]) : int(formulation.row_ptr[row + 1])] for row, _ in rows]
    columns = np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int64)
    return columns[columns < n_pairs]


def narrow_directors(model: Model, cut: Cut) -> set[int]:
    """Indices of the directors whose slots, hours or the like the cut counts."""
    found: set[int] = set()
    for row, _ in cut.gives:
        family = model.formulation.family_of_row(row)
        meaning = model.meanings[family.name]
        if meaning.kind == "director":
            found.add(int(meaning.subject_idx[row - family.start]))
    return found
