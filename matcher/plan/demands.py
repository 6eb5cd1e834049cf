"""Demands that people can change: the rows of a model that one number of the policy or of a table stands behind.

A row says “D02 takes at most 2 companies”; what can be changed is D02's number of slots, one limit of the policy (all
rows that follow from it at once), a quota's end, a pair of rivals, a pin or a running engagement. Rows that only follow
from a supply (how many companies there are hours for, hours of a director at work) are that supply. Families are told
apart by name only: one that is new gives way row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from matcher.domain.policy import Limits
from matcher.domain.problem import Problem
from matcher.model.conflict import Group
from matcher.model.formulation import NO_LIMIT, Formulation
from matcher.model.relaxation import Give, reach
from matcher.modelling import HOURS_UNIT, Model
from matcher.pairing.candidates import Candidates
from matcher.plan.document import DemandSide, SubjectKind

STRUCTURE = frozenset({"one_director", "uses_director"})
"""Demands that say what a plan is, or count something: nobody can relax them."""

SUPPLIES = MappingProxyType({"hours": "hours_per_month", "on_site_days": "on_site_days_per_month"})
"""What a director has a month of → its column; rows are in thousandths."""

_OF_USED = "of_used_director:"
_COUNT = "_count"
_COUNTS_ONLY = frozenset({"load"})
"""Rows that count for a tier and forbid nothing that slots allow."""

_ORDER = (
    "quota",
    "min_companies_per_director",
    "max_companies",
    "max_directors",
    "*",  # any other limit of the policy
    "budget",
    "slots",
    "hours",
    "**",  # any other row
    "rivals",
    "pins",
    "pinned_engagements",
    "engagements",
    "engagements_fixed",
)
"""What is given up more lightly first, where the number of units is the same."""

DIRECTOR_COLUMNS = MappingProxyType({"slots": "max_companies", **SUPPLIES})
"""Family → the column of the directors' table that is its bound, next to what is used up elsewhere."""

PINS = ("pins", "pinned_engagements", "engagements")
"""A pair that must be: by a pin, by a pin and as a running engagement that the policy keeps, or as the latter alone."""

_ROW_UNITS = MappingProxyType(dict.fromkeys(SUPPLIES, HOURS_UNIT))
"""Family → row units in one unit people count in; others count in it themselves."""

DECIDE_CANDIDATES = frozenset({*SUPPLIES, *PINS, "engagements_fixed"})
"""Families whose numbers also decide who is a candidate."""

_UNITS_AT_ONE_COST = MappingProxyType({"budget": 10_000})
"""Yen are compared with companies and slots in 万円."""

_COST = 10_000_000
_COST_OF_RANK = 1_000


@dataclass(frozen=True)
class Demand:
    """One number people can change, or one pin or rivalry they can drop.

    Attributes
    ----------
    family : as `demand_family` says; one of `PINS` for a pair that must be, ``engagements_fixed`` for the policy's word
        that all running engagements are kept
    side : ``least`` = its lower end can be lowered, ``most`` = its upper end raised, ``drop`` = it can be dropped
    kind : of whom, as `FamilyMeaning.kind`; ``plan`` for a limit of the policy
    subject_idx : as in `FamilyMeaning`; 0 for a limit of the policy; the pair for a pin
    rows : rows of the model that follow from it; a pin has none
    columns : pairs that it demands
    """

    family: str
    side: DemandSide
    kind: SubjectKind
    subject_idx: int
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()

    @property
    def unit(self) -> int:
        """Row units in one unit people count in."""
        return _ROW_UNITS.get(self.family, 1)

    @property
    def rank(self) -> int:
        """Place in the order of what is given up first."""
        if self.family in _ORDER:
            return _ORDER.index(self.family)
        return _ORDER.index("*" if policy_field(self.family) else "**")

    @property
    def weight(self) -> int:
        """The cost of one row unit: units people count in first, rank where these are equal."""
        per_unit = self.unit * _UNITS_AT_ONE_COST.get(self.family, 1)
        return max(1, (_COST + _COST_OF_RANK * self.rank) // per_unit)

    def give(self, formulation: Formulation) -> Give | None:
        """The same as bounds of the formulation, the whole form of a model (`elastic_form`); None where it stands on
        none."""
        if self.columns:
            return Give("drop", columns=self.columns, weight=self.weight)
        side: Literal["least", "most"] = "least" if self.side == "least" else "most"
        most = reach(formulation, self.rows, side)
        if most < 1:
            return None
        return Give(side, self.rows, most=1 if self.side == "drop" else most, weight=self.weight)


@dataclass(frozen=True)
class Said:
    """Rows that say one thing of one subject, in one month or in all: what a person reads as one demand.

    `family`, `kind` and `subject_idx` as in `Demand`, but of a limit of the policy the subject its rows speak of;
    `month` as in `document.ConflictRow`.
    """

    family: str
    kind: SubjectKind
    subject_idx: int
    month: str | None
    rows: tuple[int, ...]


def demand_family(name: str) -> str | None:
    """The demand that a row family follows from; None for rows that forbid nothing by themselves."""
    name = "slots" if name == "slots_of_used_director" else name.removeprefix(_OF_USED)
    kind = name.partition(":")[0]
    supply = kind.removesuffix(_COUNT)
    if kind in _COUNTS_ONLY:
        return None
    return supply if supply in SUPPLIES else kind


def policy_field(family: str) -> str | None:
    """The field of the policy's limits behind a family: of the same name, or of the same name and a unit."""
    fields = [name for name in Limits.model_fields if name != "quotas"]
    plain = {name.replace("_jpy", ""): name for name in fields}
    return next((plain[name] for name in (family, f"{family}_per_month") if name in plain), None)


def said_by(model: Model) -> list[Said]:
    """Everything the rows of a model say, each once, in row order."""
    found: dict[tuple[str, SubjectKind, int, str | None], list[int]] = {}
    for family in model.formulation.families:
        name, meaning = demand_family(family.name), model.meanings.get(family.name)
        if name is None or meaning is None:
            continue
        kind, subjects = meaning.kind, meaning.subject_idx
        months = [None] * subjects.size if meaning.month is None else [str(month) for month in meaning.month]
        for row, (subject, month) in enumerate(zip(subjects.tolist(), months, strict=True), start=family.start):
            found.setdefault((name, kind, subject, month), []).append(row)
    return [Said(*key, tuple(rows)) for key, rows in found.items()]


def groups_of(model: Model, candidates: Candidates) -> list[Group]:
    """The same as groups to search a conflict in: one for each family, what a plan is last."""
    groups: dict[str, dict[tuple[int, ...], list[int]]] = {}
    for said in said_by(model):
        # A director counts as at work by any pair: one thing to read, a row for each pair.
        of_pair = said.kind == "pair"
        key = (int(candidates.director_idx[said.subject_idx]),) if of_pair else said.rows
        groups.setdefault(said.family, {}).setdefault(key, []).extend(said.rows)
    return [
        Group(tuple(tuple(rows) for rows in members.values()), is_last=family in STRUCTURE)
        for family, members in groups.items()
    ]


def demands_of(model: Model, *, rows: Sequence[int] | None = None) -> list[Demand]:
    """Every demand of the model in the order of `Demand.rank`, or those behind some of its rows; pins are not among
    them (see `pins_of`)."""
    wanted = None if rows is None else set(rows)
    grouped: dict[tuple[str, SubjectKind, int], list[int]] = {}
    for said in said_by(model):
        if said.family in STRUCTURE:
            continue
        is_policy = said.kind != "quota" and policy_field(said.family) is not None
        key: tuple[str, SubjectKind, int] = (said.family, "plan", 0) if is_policy else (*_of(said),)
        grouped.setdefault(key, []).extend(said.rows)
    found = [
        Demand(family, side, kind, subject, tuple(sorted(members)))
        for (family, kind, subject), members in grouped.items()
        if wanted is None or not wanted.isdisjoint(members)
        for side in _sides(model.formulation, family, members)
    ]
    return sorted(found, key=order)


def _of(said: Said) -> tuple[str, SubjectKind, int]:
    return said.family, said.kind, said.subject_idx


def pins_of(columns: Sequence[int], problem: Problem, candidates: Candidates) -> list[Demand]:
    """A demand for each of these columns that is a pair, and one for keeping engagements where that pins a pair."""
    pairs = [column for column in columns if column < candidates.n_pairs]
    families = [pin_family(problem, candidates, pair) for pair in pairs]
    found = [
        Demand(family, "drop", "pair", pair, columns=(pair,)) for family, pair in zip(families, pairs, strict=True)
    ]
    if "engagements" in families:
        kept = tuple(np.flatnonzero(candidates.is_pinned & candidates.is_running).tolist())
        released = tuple(pair for pair in kept if pin_family(problem, candidates, pair) == "engagements")
        found.append(Demand("engagements_fixed", "drop", "plan", 0, columns=released))
    return found


def pin_family(problem: Problem, candidates: Candidates, pair: int) -> str:
    """Which of `PINS` demands a pinned pair."""
    is_stated = bool(rows_of_pair(problem, candidates, pair, problem.tables["pairs"]).any())
    is_kept = problem.policy.engagements.fixed and bool(candidates.is_running[pair])
    return ("pinned_engagements" if is_stated else "engagements") if is_kept else "pins"


def rows_of_pair(problem: Problem, candidates: Candidates, pair: int, table: pd.DataFrame) -> pd.Series[bool]:
    """(n_rows,) whether a row of `pairs` pins this pair, or of another table names it."""
    director = problem.director_idx(table["director_id"]) == candidates.director_idx[pair]
    company = problem.company_idx(table["company_id"]) == candidates.company_idx[pair]
    found = pd.Series(director & company, index=table.index)
    return found & (table["rule"] == "pin") if "rule" in table else found


def order(demand: Demand) -> tuple[int, str, str, int]:
    """The key that puts demands into their order."""
    return (demand.rank, demand.family, demand.side, demand.subject_idx)


def _sides(formulation: Formulation, family: str, rows: Sequence[int]) -> list[DemandSide]:
    if family == "rivals":
        return ["drop"]
    lower, upper = formulation.row_lower[list(rows)], formulation.row_upper[list(rows)]
    sides: list[DemandSide] = []
    # Slots that are counted empty or used have a lower bound too; it is nobody's demand.
    if bool((lower > 0).any()) and family not in DIRECTOR_COLUMNS:
        sides.append("least")
    if bool((upper < NO_LIMIT).any()):
        sides.append("most")
    return sides
