"""Demands that people can change: the rows of a model that one number of the policy or of a table stands behind.

A row says “D02 takes at most 2 companies”; what can be changed is D02's number of slots, one limit of the policy (all
rows that follow from it at once), a quota's end, a pair of rivals or a pin. Families are told apart by name only: one
that is new gives way row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from matcher.domain.policy import Limits
from matcher.domain.problem import Problem
from matcher.model.formulation import NO_LIMIT, Formulation
from matcher.model.relaxation import Give, bent, reach
from matcher.modelling import HOURS_UNIT, Model, build_model, engaged_elsewhere
from matcher.pairing.candidates import Candidates, build_candidates
from matcher.plan.document import DemandSide, SubjectKind

STRUCTURE = frozenset({"one_director", "uses_director", "slots_of_used_director"})
"""Families that say what a plan is, or count something: nobody can relax them."""

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
)
"""What is given up more lightly first, where the number of units is the same."""

_DIRECTOR_COLUMNS = MappingProxyType({"slots": "max_companies", "hours": "hours_per_month"})
"""Family → the column of the directors' table that is its bound, next to what is used up elsewhere."""

_ROW_UNITS = MappingProxyType({"hours": HOURS_UNIT})
"""Family → row units in one unit people count in; others count in it themselves."""

_DECIDE_CANDIDATES = frozenset({"hours", "pins"})
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
    family : the family without what follows the first colon; ``pins`` for a pinned pair
    side : ``least`` = its lower end can be lowered, ``most`` = its upper end raised, ``drop`` = it can be dropped
    kind : of whom, as `FamilyMeaning.kind`; ``plan`` for a limit of the policy
    subject_idx : as in `FamilyMeaning`; 0 for a limit of the policy; the pair for a pin
    rows : rows of the model that follow from it; a pin has none
    """

    family: str
    side: DemandSide
    kind: SubjectKind
    subject_idx: int
    rows: tuple[int, ...] = ()

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
        """The same as bounds of the formulation; None where it stands on none."""
        if self.family == "pins":
            return Give("drop", columns=(self.subject_idx,), weight=self.weight)
        side: Literal["least", "most"] = "least" if self.side == "least" else "most"
        most = reach(formulation, self.rows, side)
        if most < 1:
            return None
        return Give(side, self.rows, most=1 if self.side == "drop" else most, weight=self.weight)


def policy_field(family: str) -> str | None:
    """The field of the policy's limits behind a family: of the same name, or of the same name and a unit."""
    fields = [name for name in Limits.model_fields if name != "quotas"]
    if family in fields:
        return family
    plain = [name for name in fields if name.replace("_jpy", "") == family]
    return next(iter([*plain, *(name for name in fields if name.startswith(f"{family}_"))]), None)


def demands_of(model: Model, *, rows: Sequence[int] | None = None) -> list[Demand]:
    """Every demand of the model in the order of `Demand.rank`, or those behind some of its rows; pins are not among
    them (see `pins_of`)."""
    wanted = None if rows is None else set(rows)
    grouped: dict[tuple[str, SubjectKind, int], list[int]] = {}
    for family in model.formulation.families:
        kind = family.name.partition(":")[0]
        meaning = model.meanings.get(family.name)
        if meaning is None or family.name in STRUCTURE:
            continue
        is_policy = meaning.kind != "quota" and policy_field(kind) is not None
        subjects = np.zeros(family.stop - family.start, np.int64) if is_policy else meaning.subject_idx
        name: SubjectKind = "plan" if is_policy else meaning.kind
        for row, subject in enumerate(subjects.tolist(), start=family.start):
            grouped.setdefault((kind, name, subject), []).append(row)
    found = [
        Demand(family, side, kind, subject, tuple(members))
        for (family, kind, subject), members in grouped.items()
        if wanted is None or not wanted.isdisjoint(members)
        for side in _sides(model.formulation, family, members)
    ]
    return sorted(found, key=order)


def pins_of(columns: Sequence[int], candidates: Candidates) -> list[Demand]:
    """A demand for each of these columns that is a pinned pair."""
    return [Demand("pins", "drop", "pair", column) for column in columns if column < candidates.n_pairs]


def order(demand: Demand) -> tuple[int, str, str, int]:
    """The key that puts demands into their order."""
    return (demand.rank, demand.family, demand.side, demand.subject_idx)


def _sides(formulation: Formulation, family: str, rows: Sequence[int]) -> list[DemandSide]:
    if family == "rivals":
        return ["drop"]
    lower, upper = formulation.row_lower[list(rows)], formulation.row_upper[list(rows)]
    sides: list[DemandSide] = []
    # Slots that are counted empty or used have a lower bound too; it is nobody's demand.
    if bool((lower > 0).any()) and family not in _DIRECTOR_COLUMNS:
        sides.append("least")
    if bool((upper < NO_LIMIT).any()):
        sides.append("most")
    return sides


@dataclass(frozen=True)
class Stage:
    """The programme as it is, and what it becomes when demands give way."""

    problem: Problem
    candidates: Candidates
    model: Model

    def changed(self, changes: Sequence[tuple[Demand, int]]) -> Model:
        """The whole model after each demand has given way by its amount in row units, built anew from the tables.

        Notes
        -----
        Rows that cannot bind are left out of a model; with one more slot they may bind, so the model is built again.
        Candidates are found again where hours or pins decide who is one. A family whose number is not known here gives
        way on its rows alone.
        """
        problem, by_hand, is_rescored = self.problem, [], False
        for demand, amount in changes:
            after = _relaxed(problem, self, demand, amount) if amount else problem
            if after is None:
                by_hand.append((demand, amount))
            else:
                problem = after
            is_rescored |= demand.family in _DECIDE_CANDIDATES
        model = self.model
        if problem is not self.problem:
            model = build_model(problem, build_candidates(problem) if is_rescored else self.candidates)
        for demand, amount in by_hand:
            there = again(demand, model)
            give = None if there is None else there.give(model.formulation)
            if give is not None:
                model = replace(model, formulation=bent(model.formulation, [give], [amount]))
        return model

    def most(self, demand: Demand) -> int:
        """The largest amount that can make a difference, in row units; 0 where none does."""
        if demand.side == "drop":
            return 1
        if demand.family == "hours":
            # With more hours more pairs become candidates, so the rows as they are say too little.
            hours = self.problem.companies["hours_per_month"].fillna(0.0).to_numpy(float)
            return int(np.ceil(hours * HOURS_UNIT).sum()) + HOURS_UNIT
        give = demand.give(self.model.formulation)
        return 0 if give is None else give.most


def again(demand: Demand, model: Model) -> Demand | None:
    """The demand in another model of the same programme; None where it has no row there."""
    same = (demand.family, demand.side, demand.kind, demand.subject_idx)
    return next((d for d in demands_of(model) if (d.family, d.side, d.kind, d.subject_idx) == same), None)


def number_of(problem: Problem, demand: Demand) -> float | None:
    """What stands in the policy or table, in units people count in; None for what is dropped or not known here."""
    if demand.side == "drop":
        return None
    if demand.family == "quota":
        quota = problem.policy.limits.quotas[demand.subject_idx]
        return quota.min if demand.side == "least" else quota.max
    if demand.kind == "plan":
        value = getattr(problem.policy.limits, policy_field(demand.family) or "", None)
        return value if isinstance(value, int | float) else None
    column = _DIRECTOR_COLUMNS.get(demand.family)
    return None if column is None else float(problem.directors[column].iloc[demand.subject_idx])


def number_after(problem: Problem, demand: Demand, amount: int) -> float | None:
    """The same after the demand has given way by an amount in row units."""
    now = number_of(problem, demand)
    if now is None:
        return None
    if demand.kind == "director":
        # Whoever has more work elsewhere than slots or hours has none left here, and has to get that back first.
        slots, hours = engaged_elsewhere(problem)
        elsewhere = (slots if demand.family == "slots" else hours)[demand.subject_idx]
        return max(now, float(elsewhere)) + amount / demand.unit
    return now - amount if demand.side == "least" else now + amount


def _relaxed(problem: Problem, stage: Stage, demand: Demand, amount: int) -> Problem | None:
    """The problem after one demand has given way; None where the number behind it is not known here."""
    limits = problem.policy.limits
    if demand.family == "pins":
        candidates = stage.candidates
        pair = candidates.director_idx[demand.subject_idx], candidates.company_idx[demand.subject_idx]
        pairs = problem.tables["pairs"]
        is_pair = (problem.director_idx(pairs["director_id"]) == pair[0]) & (
            problem.company_idx(pairs["company_id"]) == pair[1]
        )
        return _with_table(problem, "pairs", pairs[~(is_pair & (pairs["rule"] == "pin").to_numpy())])
    if demand.family == "rivals":
        rivals = problem.tables["rivals"]
        ends = stage.problem.tables["rivals"].iloc[demand.subject_idx]
        both = {ends["company_id"], ends["other_id"]}
        is_pair = rivals["company_id"].isin(both) & rivals["other_id"].isin(both)
        return _with_table(problem, "rivals", rivals[~is_pair])
    if demand.family == "quota":
        quota = limits.quotas[demand.subject_idx]
        change = {"min": (quota.min or 0) - amount} if demand.side == "least" else {"max": (quota.max or 0) + amount}
        quotas = list(limits.quotas)
        quotas[demand.subject_idx] = quota.model_copy(update=change)
        return _with_limits(problem, {"quotas": tuple(quotas)})
    after, field = number_after(problem, demand, amount), policy_field(demand.family)
    if after is None:
        return None
    if demand.kind == "plan" and field is not None:
        return _with_limits(problem, {field: after})
    column = _DIRECTOR_COLUMNS[demand.family]
    values = problem.directors[column].to_numpy(copy=True)
    values[demand.subject_idx] = after
    return _with_table(problem, "directors", problem.directors.assign(**{column: values}))


def _with_limits(problem: Problem, change: dict[str, object]) -> Problem:
    policy = problem.policy
    return problem.with_policy(policy.model_copy(update={"limits": policy.limits.model_copy(update=change)}))


def _with_table(problem: Problem, name: str, frame: pd.DataFrame) -> Problem:
    return replace(problem, tables=MappingProxyType({**problem.tables, name: frame.reset_index(drop=True)}))
