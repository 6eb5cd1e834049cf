"""Plans that hold, to be changed in tests of the checker: shipped ones and small ones, each made once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import matcher
from matcher.matching import match
from matcher.plan.plan import Plan
from tests.conftest import ROOT
from tests.problems import small_problem


@cache
def plan_of(name: str) -> Plan:
    if name == "roster":  # without the days that leave it a gap: mutations of a proof need one
        problem = matcher.read(ROOT / "scenarios" / name)
        directors = problem.directors.assign(on_site_days_per_month=float("nan"))
        return match(replace(problem, tables={**problem.tables, "directors": directors}))
    if name in ("pilot", "regional", "seasons"):
        return match(matcher.read(ROOT / "scenarios" / name))
    return match(small_problem(**SMALL[name]))


SMALL: dict[str, dict[str, Any]] = {
    "every limit": {
        "directors": [
            {"max_companies": 2, "hours_per_month": 30, "fee_jpy_per_month": 100},
            {"max_companies": 3, "hours_per_month": 25, "prefecture": "Ehime"},
            {"max_companies": 2, "fee_jpy_per_month": 90, "prefecture": "Tokyo"},
        ],
        "companies": [
            {"hours_per_month": 10, "priority": 2},
            {"hours_per_month": 12.5, "kind": "municipality", "on_site_days_per_month": 1},
            {"hours_per_month": 8, "prefecture": "Tokyo"},
            {"hours_per_month": 8, "prefecture": "Tokyo"},
            {"hours_per_month": 200},
            {"prefecture": "Ehime"},
        ],
        "engagements": [
            {"director_id": "d2", "company_id": "X", "hours_per_month": 5},
            {"director_id": "d3", "company_id": "c3"},
        ],
        "pairs": [
            {"director_id": "d2", "company_id": "c6"},
            {"director_id": "d1", "company_id": "c2", "rule": "forbid", "severity": "要承認", "kind": "親族"},
        ],
        "rivals": [{"company_id": "c3", "other_id": "c4"}],
        "policy": {
            "objective": ["companies_served", "worst_match", "even_load", "points", "distance_km", "fewest_changes"],
            "limits": {
                "max_companies": 4,
                "max_directors": 3,
                "budget_jpy_per_month": 300,
                "quotas": [{"by": "kind", "value": "municipality", "min": 1}],
            },
            "keep_points": 50,
            "tie_break": ["goal_fit"],
        },
    },
    "no plan": {
        "directors": 2,
        "companies": 2,
        "policy": {
            "limits": {"max_companies": 1, "quotas": [{"by": "goal", "value": "raise_revenue", "min": 2}]},
        },
    },
    "a floor": {
        "directors": [{"experience_years": 2}, {"experience_years": 9}],
        "companies": [{"priority": 2}, {"prefecture": "Ehime"}, {"prefecture": "Tokyo"}],
        "policy": {"objective": ["companies_served", "worst_match", "points"]},
    },
    "not proved": {
        "directors": [{"max_companies": 3, "hours_per_month": 10}],
        "companies": [{"hours_per_month": 4, "priority": 2}] * 2 + [{"hours_per_month": 3}] * 2,
    },
    "every month": {
        "directors": [
            {"max_companies": 1, "on_site_days_per_month": 3, "fee_jpy_per_month": 10, "experience_years": 9},
            {"max_companies": 2, "on_site_days_per_month": 3, "hours_per_month": 20, "fee_jpy_per_month": 20.5},
        ],
        "companies": [
            {"start": "2027-04-01", "months": 2, "on_site_days_per_month": 2, "hours_per_month": 30, "priority": 2},
            {"start": "2027-05-15", "months": 1, "on_site_days_per_month": 2, "hours_per_month": 12},
            {"start": "2027-06-01", "months": 3, "on_site_days_per_month": 1, "hours_per_month": 9},
            {"start": "2027-07-01", "months": 3, "on_site_days_per_month": 2, "hours_per_month": 9},
            {"hours_per_month": 5},
            {"start": "2027-08-01", "prefecture": "Ehime"},
        ],
        "pair_hours": [{"director_id": "d2", "company_id": "c1", "hours_per_month": 15}],
        "engagements": [
            {"director_id": "d1", "company_id": "X", "until": "2027-04-30"},
            {"director_id": "d2", "company_id": "c3", "hours_per_month": 4},
            {"director_id": "d2", "company_id": "c6"},
        ],
        "policy": {
            "limits": {
                "budget_jpy_per_month": 60,
                "budget_jpy_total": 200,
                "max_new_companies_per_director": 2,
                "quotas": [
                    {"by": "region", "value": "四国", "max": 5},
                    {"by": "prefecture", "value": "高知", "max": 4},
                    {"by": "prefecture", "value": "高知", "min": 1},
                ],
            },
            "engagements": {"move_price_points": 700},
            "keep_points": 50,
            "objective": ["points", "companies_served", "even_load"],
        },
    },
}


PLANS = ("pilot", "roster", "seasons", *SMALL)
