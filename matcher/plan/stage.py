"""`Stage`: the programme as it is, and what it becomes when demands give way, built anew from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd

from matcher.domain.problem import Problem
from matcher.model.relaxation import bent
from matcher.modelling import Model, build_model, engaged_elsewhere
from matcher.pairing.candidates import Candidates, build_candidates
from matcher.pairing.hours import hours_of_pairs
from matcher.plan.demands import (
    DECIDE_CANDIDATES,
    DIRECTOR_COLUMNS,
    PINS,
    SUPPLIES,
    Demand,
    demands_of,
    policy_field,
    rows_of_pair,
)
from matcher.plan.elastic_form import elastic_form


@dataclass(frozen=True)
class Stage:
    """A programme, its candidates and its model."""

    problem: Problem
    candidates: Candidates
    model: Model

    @cached_property
    def elastic(self) -> Model:
        """The model with every supply as one row; see `elastic_form`."""
        return elastic_form(self.problem, self.candidates, self.model)

    def changed(self, changes: Sequence[tuple[Demand, int]]) -> Stage:
        """The whole programme after each demand has given way by its amount in row units.

        Notes
        -----
        Rows that cannot bind are left out of a model; with one more slot they may bind, so the model is built again.
        Candidates are found again where hours, days or pins decide who is one. A family whose number is not known here
        gives way on its rows alone.
        """
        problem, by_hand, is_rescored = self.problem, [], False
        for demand, amount in changes:
            after = _relaxed(problem, self, demand, amount) if amount else problem
            if after is None:
                by_hand.append((demand, amount))
            else:
                problem = after
            is_rescored |= demand.family in DECIDE_CANDIDATES
        candidates, model = self.candidates, self.model
        if problem is not self.problem:
            candidates = build_candidates(problem) if is_rescored else candidates
            model = build_model(problem, candidates)
        for demand, amount in by_hand:
            there = again(demand, model)
            give = None if there is None else there.give(model.formulation)
            if give is not None:
                model = replace(model, formulation=bent(model.formulation, [give], [amount]))
        return Stage(problem, candidates, model)

    def most(self, demand: Demand) -> int:
        """The largest amount that can make a difference, in row units; 0 where none does."""
        if demand.side == "drop":
            return 1
        lacking = self.lacking(demand)
        if demand.family in SUPPLIES:
            # With more of it more pairs become candidates, so the rows as they are say too little.
            wanted = self._wanted(demand)
            return int(np.ceil(np.nan_to_num(wanted) * demand.unit).sum()) + demand.unit + lacking
        there = again(demand, self.elastic)
        give = None if there is None else there.give(self.elastic.formulation)
        return 0 if give is None else give.most + lacking

    def _wanted(self, demand: Demand) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """(n_companies,) what each company would take a month of the demand's director."""
        companies = self.problem.companies
        if demand.family == "hours":
            every = np.arange(len(companies))
            return hours_of_pairs(self.problem, np.full(every.size, demand.subject_idx), every)
        return companies[SUPPLIES[demand.family]].to_numpy(np.float64)

    def lacking(self, demand: Demand) -> int:
        """By how much a director's slots or hours lie below the work elsewhere, in row units: what only fills that."""
        if demand.family not in ("slots", "hours"):
            return 0
        now = number_of(self.problem, demand)
        slots, hours = engaged_elsewhere(self.problem)
        elsewhere = float((slots if demand.family == "slots" else hours)[demand.subject_idx])
        return 0 if now is None else max(0, int(np.ceil((elsewhere - now) * demand.unit - 1e-6)))


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
    column = DIRECTOR_COLUMNS.get(demand.family)
    return None if column is None else float(problem.directors[column].iloc[demand.subject_idx])


def number_after(problem: Problem, demand: Demand, amount: int) -> float | None:
    """The same after the demand has given way by an amount in row units."""
    now = number_of(problem, demand)
    if now is None:
        return None
    if demand.family in DIRECTOR_COLUMNS:
        return now + amount / demand.unit
    return now - amount if demand.side == "least" else now + amount


def _relaxed(problem: Problem, stage: Stage, demand: Demand, amount: int) -> Problem | None:
    """The problem after one demand has given way; None where the number behind it is not known here."""
    limits = problem.policy.limits
    if demand.family in PINS:
        tables = {"pins": ("pairs",), "engagements": ("engagements",)}.get(demand.family, ("pairs", "engagements"))
        for name in tables:
            table = problem.tables[name]
            problem = _with_table(
                problem, name, table[~rows_of_pair(problem, stage.candidates, demand.subject_idx, table)]
            )
        return problem
    if demand.family == "engagements_fixed":
        terms = problem.policy.engagements.model_copy(update={"fixed": False})
        return problem.with_policy(problem.policy.model_copy(update={"engagements": terms}))
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
    column = DIRECTOR_COLUMNS[demand.family]
    values = problem.directors[column].to_numpy(copy=True)
    values[demand.subject_idx] = after
    return _with_table(problem, "directors", problem.directors.assign(**{column: values}))


def _with_limits(problem: Problem, change: dict[str, object]) -> Problem:
    policy = problem.policy
    return problem.with_policy(policy.model_copy(update={"limits": policy.limits.model_copy(update=change)}))


def _with_table(problem: Problem, name: str, frame: pd.DataFrame) -> Problem:
    return replace(problem, tables=MappingProxyType({**problem.tables, name: frame.reset_index(drop=True)}))
