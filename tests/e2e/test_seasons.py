"""`scenarios/seasons`: every limit it is there to show decides something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from matcher.domain.problem import Problem
from matcher.io import check_source, read_source
from matcher.matching import match
from matcher.plan.plan import Plan

Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def problem(scenarios: Path) -> Problem:
    return read_source(scenarios / "seasons")


@pytest.fixture(scope="module")
def plan(problem: Problem) -> Plan:
    return match(problem)


def _points(plan: Plan) -> int:
    assert plan.status == "optimal"
    points = plan.objective["points"]
    assert points is not None
    return points


def test_seasons_have_neither_faults_nor_warnings(scenarios: Path) -> None:
    report = check_source(scenarios / "seasons")
    assert (list(report.faults), list(report.warnings)) == ([], [])


def test_directors_serve_one_resort_after_the_other(problem: Problem, plan: Plan) -> None:
    served = plan.assignments["director_id"].value_counts()
    slots = problem.directors.set_index("id")["max_companies"]
    assert (served > slots[served.index]).any()


@pytest.mark.parametrize(
    "override",
    [
        "limits.budget_jpy_per_month=null",
        "limits.budget_jpy_total=null",
        "limits.max_new_companies_per_director=null",
        "limits.quotas=[]",
        "engagements.move_price_points=0",
    ],
)
def test_setting_of_the_policy_costs_points(scenarios: Path, plan: Plan, override: str) -> None:
    assert _points(match(read_source(scenarios / "seasons", overrides=[override]))) > _points(plan)


def test_fixed_engagements_go_on_where_neither_bonus_nor_price_holds_them(scenarios: Path, plan: Plan) -> None:
    assert plan.document.metrics.n_kept_engagements == 3
    bare = ["keep_points=0", "engagements.move_price_points=0"]
    free = match(read_source(scenarios / "seasons", overrides=bare))
    kept = match(read_source(scenarios / "seasons", overrides=[*bare, "engagements.fixed=true"]))
    assert free.document.metrics.n_kept_engagements < 3
    assert kept.document.metrics.n_kept_engagements == 3
    assert _points(kept) < _points(free)


CHANGES: dict[str, tuple[str, Change]] = {
    "on-site days": ("directors", lambda frame: frame.assign(on_site_days_per_month=float("nan"))),
    "hours by pair": ("pair_hours", lambda frame: frame.iloc[:0]),
    "work elsewhere": ("engagements", lambda frame: frame[~frame["company_id"].str.startswith("X")]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_the_tables_say_costs_points(problem: Problem, plan: Plan, name: str) -> None:
    table, change = CHANGES[name]
    tables = {**problem.tables, table: change(problem.tables[table])}
    assert _points(match(replace(problem, tables=tables))) > _points(plan)


def test_one_period_for_all_would_serve_far_fewer(problem: Problem, plan: Plan) -> None:
    companies = problem.companies.assign(start=pd.Series(pd.NaT, index=problem.companies.index, dtype="datetime64[s]"))
    together = match(replace(problem, tables={**problem.tables, "companies": companies}))
    assert len(together.assignments) < len(plan.assignments)
