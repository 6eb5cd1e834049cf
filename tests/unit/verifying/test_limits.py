"""Every limit binds: a plan made without it, and passed off as one made with it, is refused by the limit's rule."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.matching import match
from tests.forging import checked, content_of, forged, rules_of
from tests.problems import small_problem

TWO = {"directors": [{"max_companies": 3}, {"max_companies": 3}], "companies": [{"priority": 2}, {}, {}]}
BUSY = [{"director_id": "d1", "company_id": "X", "hours_per_month": 5}]


def _hours(*of_companies: float) -> list[dict[str, Any]]:
    return [{"hours_per_month": hours} for hours in of_companies]


def _limited(**limits: object) -> dict[str, Any]:
    return {"policy": {"limits": limits}}


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "slots": ({"directors": [{"max_companies": 1}]}, {"directors": [{"max_companies": 3}]}, "slots_exceeded"),
    "slots used elsewhere": (
        {"directors": [{"max_companies": 3}], "engagements": BUSY},
        {"directors": [{"max_companies": 3}]},
        "slots_exceeded",
    ),
    "hours": (
        {"directors": [{"max_companies": 3, "hours_per_month": 19}], "companies": _hours(10, 10, 0)},
        {"directors": [{"max_companies": 3}], "companies": _hours(10, 10, 0)},
        "hours_exceeded",
    ),
    "hours by a thousandth": (
        {"directors": [{"max_companies": 3, "hours_per_month": 20}], "companies": _hours(10, 10.0001, 0)},
        {"directors": [{"max_companies": 3}], "companies": _hours(10, 10.0001, 0)},
        "hours_exceeded",
    ),
    "hours used elsewhere": (
        {"directors": [{"max_companies": 4, "hours_per_month": 20}], "companies": _hours(10, 10), "engagements": BUSY},
        {"directors": [{"max_companies": 4, "hours_per_month": 20}], "companies": _hours(10, 10)},
        "hours_exceeded",
    ),
    "hours of a running engagement": (
        {
            "directors": [{"max_companies": 3, "hours_per_month": 20}],
            "companies": _hours(10, 10),
            "engagements": [{"director_id": "d1", "company_id": "c1", "hours_per_month": 11}],
        },
        {"directors": [{"max_companies": 3, "hours_per_month": 20}], "companies": _hours(10, 10)},
        "hours_exceeded",
    ),
    "companies": (TWO | _limited(max_companies=2), TWO, "too_many_companies"),
    "directors": (
        {"directors": 2, "companies": 2} | _limited(max_directors=1),
        {"directors": 2, "companies": 2},
        "too_many_directors",
    ),
    "fewest companies": (
        {"directors": [{"max_companies": 3}, {"prefecture": "Tokyo"}], "companies": 1}
        | _limited(min_companies_per_director=1),
        {"directors": [{"max_companies": 3}, {"prefecture": "Tokyo"}], "companies": 1},
        "too_few_companies",
    ),
    "budget": (
        {"directors": [{"max_companies": 3, "fee_jpy_per_month": 10.2}], "companies": 3}
        | _limited(budget_jpy_per_month=32),
        {"directors": [{"max_companies": 3, "fee_jpy_per_month": 10.2}], "companies": 3},
        "over_budget",
    ),
    "most of a quota": (TWO | _limited(quotas=[{"by": "region", "value": "四国", "max": 2}]), TWO, "quota_missed"),
    "least of a quota": (
        {"directors": 1, "companies": [{"priority": 2}, {"kind": "municipality"}]}
        | _limited(quotas=[{"by": "kind", "value": "municipality", "min": 1}]),
        {"directors": 1, "companies": [{"priority": 2}, {"kind": "municipality"}]},
        "quota_missed",
    ),
    "rivals": (
        {"directors": [{"max_companies": 3}], "companies": 2, "rivals": [{"company_id": "c2", "other_id": "c1"}]},
        {"directors": [{"max_companies": 3}], "companies": 2},
        "rivals_together",
    ),
    "slots of a month": (
        {"companies": [{"start": "2027-04-01", "months": 3}, {"start": "2027-06-01"}]},
        {"companies": [{"start": "2027-04-01", "months": 2}, {"start": "2027-06-01"}]},
        "slots_exceeded",
    ),
    "on-site days": (
        {
            "directors": [{"max_companies": 2, "on_site_days_per_month": 3}],
            "companies": [{"on_site_days_per_month": 2}] * 2,
        },
        {
            "directors": [{"max_companies": 2, "on_site_days_per_month": 4}],
            "companies": [{"on_site_days_per_month": 2}] * 2,
        },
        "on_site_days_exceeded",
    ),
    "hours of a pair": (
        {
            "directors": [{"hours_per_month": 20, "max_companies": 2}],
            "companies": [{"hours_per_month": 10}] * 2,
            "pair_hours": [{"director_id": "d1", "company_id": "c1", "hours_per_month": 11}],
        },
        {"directors": [{"hours_per_month": 20, "max_companies": 2}], "companies": [{"hours_per_month": 10}] * 2},
        "hours_exceeded",
    ),
    "new companies": (TWO | _limited(max_new_companies_per_director=1), TWO, "too_many_new_companies"),
    "budget in total": (
        {"directors": [{"max_companies": 3, "fee_jpy_per_month": 10}]} | _limited(budget_jpy_total=119),
        {"directors": [{"max_companies": 3, "fee_jpy_per_month": 10}]},
        "over_budget",
    ),
    "engagement": (
        {
            "directors": [{}, {"experience_years": 0}],
            "companies": 1,
            "engagements": [{"director_id": "d2", "company_id": "c1"}],
            "policy": {"engagements": {"fixed": True}},
        },
        {
            "directors": [{}, {"experience_years": 0}],
            "companies": 1,
            "engagements": [{"director_id": "d2", "company_id": "c1"}],
        },
        "engagement_not_kept",
    ),
    "pin": (
        {"directors": 2, "companies": 1, "pairs": [{"director_id": "d2", "company_id": "c1"}]},
        {"directors": 2, "companies": 1, "pairs": [{"director_id": "d1", "company_id": "c1"}]},
        "pin_not_obeyed",
    ),
    "forbidden": (
        {"directors": 1, "companies": 1, "pairs": [{"director_id": "d1", "company_id": "c1", "rule": "forbid"}]},
        {"directors": 1, "companies": 1},
        "forbidden_pair",
    ),
    "eligible": (
        {"directors": [{"status": "paused"}], "companies": 1},
        {"directors": 1, "companies": 1},
        "not_eligible",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_plan_that_breaks_a_limit_is_refused_by_its_rule(name: str) -> None:
    with_limit, without, rule = CASES[name]
    strict = small_problem(**({"companies": 3} | with_limit))
    plan = content_of(match(small_problem(**({"companies": 3} | without))))
    assert plan["assignments"]
    assert rule in rules_of(checked(forged(plan, strict), strict))


@pytest.mark.parametrize("name", CASES)
def test_plan_that_keeps_the_limit_holds(name: str) -> None:
    strict = small_problem(**({"companies": 3} | CASES[name][0]))
    verification = checked(content_of(match(strict)), strict)
    assert verification.ok, verification.problems


def test_hours_that_are_whole_but_for_noise_fit() -> None:
    """0.1 + 0.2 as a spreadsheet adds it is three tenths: 300 thousandths, not 301."""
    problem = small_problem(
        directors=[{"max_companies": 2, "hours_per_month": 0.6}], companies=_hours(0.1 + 0.2, 0.1 + 0.2)
    )
    plan = match(problem)
    assert len(plan.assignments) == 2
    assert checked(content_of(plan), problem).ok


def test_engagement_that_is_over_uses_nothing_up() -> None:
    engagements = [{"director_id": "d1", "company_id": "X", "hours_per_month": 5, "until": "2026-03-31"}]
    problem = small_problem(companies=[{"start": "2026-04-01"}], engagements=engagements)
    plan = match(problem)
    assert len(plan.assignments) == 1
    assert checked(content_of(plan), problem).ok
