"""Where there is no plan: what is named is really in conflict, what is offered is really enough, and no less is."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import assume, given, settings

from matcher.domain.problem import Problem
from matcher.matching import match
from matcher.model.answer import Limits
from matcher.model.conflict import find_conflict
from matcher.model.formulation import NO_LIMIT, Formulation
from matcher.model.tiers import solve_tiers
from matcher.modelling import HOURS_UNIT, build_model
from matcher.pairing.candidates import Candidates, build_candidates
from matcher.plan.demands import groups_of
from matcher.plan.document import Conflict, DemandChange, Relaxation
from tests.brute_force import brute_force
from tests.problems import small_problem
from tests.properties.test_match_properties import programmes

FIELDS = {"budget": "budget_jpy_per_month", "budget_total": "budget_jpy_total"}
COLUMNS = {"slots": "max_companies", "hours": "hours_per_month", "on_site_days": "on_site_days_per_month"}


def _has_plan(rows: dict[str, Any]) -> bool:
    problem = small_problem(**rows)
    candidates = build_candidates(problem)
    return brute_force(build_model(problem, candidates).formulation).value is not None


def after(rows: dict[str, Any], found: Relaxation, *, back: int = 0) -> dict[str, Any]:
    """The tables and the policy with the changes written into them by hand; `back` undoes so many units of them."""
    changed = copy.deepcopy(rows)
    for change in found.changes:
        _write(changed, change, back)
    return changed


def _write(rows: dict[str, Any], change: DemandChange, back: int) -> None:
    if change.side == "drop":
        _drop(rows, change)
        return
    assert change.after is not None
    number = change.after + (back if change.side == "least" else -back)
    limits = rows["policy"]["limits"]
    kind, _, by = change.family.partition(":")
    if kind == "quota":
        end = "min" if change.side == "least" else "max"
        for quota in limits["quotas"]:
            if (quota["by"], quota["value"], quota.get(end)) == (by, change.subject, change.before):
                quota[end] = number
                return
        raise AssertionError(change)
    if change.subject is None:
        limits[FIELDS.get(kind, kind)] = number
        return
    director = rows["directors"][int(change.subject.removeprefix("d")) - 1]
    if kind in ("hours", "on_site_days"):
        number += back - back / HOURS_UNIT
    assert director[COLUMNS[kind]] == change.before
    director[COLUMNS[kind]] = number


def _drop(rows: dict[str, Any], change: DemandChange) -> None:
    if change.family == "rivals":
        ends = set((change.subject or "").split(" / "))
        rows["rivals"] = [row for row in rows["rivals"] if {row["company_id"], row["other_id"]} != ends]
        return
    if change.family == "engagements_fixed":
        rows["policy"]["engagements"]["fixed"] = False
        return
    gone = (change.subject, change.company_id)
    for table in {"pins": ("pairs",), "engagements": ("engagements",)}.get(change.family, ("pairs", "engagements")):
        rows[table] = [
            row
            for row in rows[table]
            if (row["director_id"], row["company_id"]) != gone or row.get("rule", "pin") != "pin"
        ]


def _with_a_quota(rows: dict[str, Any]) -> dict[str, Any]:
    """All companies have this goal: three of them are often more than can be."""
    limits = rows["policy"]["limits"]
    three = {"by": "goal", "value": "raise_revenue", "min": 3, "max": None}
    return {**rows, "policy": {**rows["policy"], "limits": {**limits, "quotas": [*limits.get("quotas", ()), three]}}}


@settings(max_examples=20, deadline=None)
@given(programmes().map(_with_a_quota))
def test_conflict_is_irreducible_and_its_relaxations_are_enough_and_least(rows: dict[str, Any]) -> None:
    problem = small_problem(**rows)
    candidates = build_candidates(problem)
    named = [quota["value"] for quota in rows["policy"]["limits"]["quotas"]]
    assume(len(set(named)) == len(named))  # a change names a quota by its field and value
    assume(not candidates.contradictions and not _has_plan(rows))
    conflict = match(problem).document.conflict
    assert conflict is not None
    _assert_irreducible(problem, candidates, conflict)
    assert conflict.relaxations
    assert conflict.n_untried == 0
    assert len({len(found.changes) == 1 for found in conflict.relaxations}) == 1
    for found in conflict.relaxations:
        assert found.word == "proved"
        assert _has_plan(after(rows, found)), found
        if len(found.changes) == 1 and found.changes[0].side != "drop":
            assert found.least in ("proved", "claimed")
            assert not _has_plan(after(rows, found, back=1)), found


def _assert_irreducible(problem: Problem, candidates: Candidates, told: Conflict) -> None:
    """The rows and pins contradict each other, and without any one of them they do not."""
    model = build_model(problem, candidates)
    formulation = model.formulation
    answer = solve_tiers(formulation, model.tiers, limits=Limits()).answer
    groups = groups_of(model, candidates)
    found = find_conflict(formulation, answer, Limits(), groups=groups)
    rows, pins = set(found.rows), set(found.columns)
    members = [member for group in groups for member in group.members if not rows.isdisjoint(member)]
    assert rows == {row for member in members for row in member}
    assert not _plans(formulation, rows, pins)
    for member in members:
        assert _plans(formulation, rows - set(member), pins)
    for pin in pins:
        assert _plans(formulation, rows, pins - {pin})
    assert told.is_irreducible
    assert told.word in ("proved", "claimed")
    ids = zip(candidates.director_idx[list(pins)], candidates.company_idx[list(pins)], strict=True)
    assert {*told.pins, *told.engagements} == {
        (str(problem.director_ids[d]), str(problem.company_ids[c])) for d, c in ids
    }


def _plans(formulation: Formulation, rows: set[int], pins: set[int]) -> bool:
    is_row = np.isin(np.arange(formulation.n_rows), list(rows))
    is_pin = np.isin(np.arange(formulation.n_cols), list(pins))
    only = replace(
        formulation,
        row_lower=np.where(is_row, formulation.row_lower, -NO_LIMIT),
        row_upper=np.where(is_row, formulation.row_upper, NO_LIMIT),
        column_lower=np.where(is_pin, formulation.column_lower, 0),
    )
    return brute_force(only).value is not None
