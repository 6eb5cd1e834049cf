"""The one reason why nobody serves a company: the limit that decided, and only where it did."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.matching import match
from matcher.plan.document import Unserved
from matcher.words.catalog import LANGUAGES
from matcher.words.facts import facts_of
from matcher.words.letters import letter_line
from matcher.words.unserved import unserved_line
from tests.problems import small_problem

FIRST = {"priority": 3}
SPRING = {"start": "2027-04-01", "months": 3}
SUMMER = {"start": "2027-07-01", "months": 3}


def _unserved(**tables: Any) -> dict[str, Unserved]:
    """By company; every one of them has its sentences."""
    plan = match(small_problem(**tables))
    facts = facts_of(plan.problem)
    for company in plan.document.unserved:
        for lang in LANGUAGES:
            text = unserved_line(company, facts, lang) + letter_line(company, lang)
            assert "{" not in text and "None" not in text and "()" not in text, text
    return {company.company_id: company for company in plan.document.unserved}


def _reasons(**tables: Any) -> dict[str, str]:
    return {name: company.reason for name, company in _unserved(**tables).items()}


@pytest.mark.parametrize(("days", "reason"), [(3, {"c2": "on_site_days_used_up"}), (4, {})])
def test_on_site_days_are_the_reason_where_they_run_out(days: int, reason: dict[str, str]) -> None:
    companies = [{**FIRST, "on_site_days_per_month": 2}, {"on_site_days_per_month": 2}]
    assert _reasons(directors=[{"max_companies": 2, "on_site_days_per_month": days}], companies=companies) == reason


def test_slot_is_missing_only_in_the_months_of_the_company() -> None:
    companies = [{**SPRING, **FIRST}, SPRING, SUMMER]
    assert _reasons(companies=companies) == {"c2": "outcompeted"}
    engagements = [{"director_id": "d1", "company_id": "X1", "until": "2027-06-30"}]
    assert _reasons(companies=companies, engagements=engagements) == {"c1": "busy_elsewhere", "c2": "busy_elsewhere"}


def test_hours_are_missing_only_in_the_months_of_the_company() -> None:
    directors = [{"max_companies": 3, "hours_per_month": 10}]
    companies = [{**row, "hours_per_month": 8} for row in ({**SPRING, **FIRST}, SPRING, SUMMER)]
    assert _reasons(directors=directors, companies=companies) == {"c2": "hours_used_up"}


def test_hours_of_the_pair_decide_whether_they_are_missing() -> None:
    directors = [{"max_companies": 3, "hours_per_month": 10}]
    companies = [{**FIRST, "hours_per_month": 8}, {"hours_per_month": 8}]
    few = [{"director_id": "d1", "company_id": "c2", "hours_per_month": 2}]
    assert _reasons(directors=directors, companies=companies) == {"c2": "hours_used_up"}
    assert _reasons(directors=directors, companies=companies, pair_hours=few) == {}


def test_room_for_new_companies_is_the_reason_where_it_is_full() -> None:
    tables: dict[str, Any] = {"directors": [{"max_companies": 2}], "companies": [FIRST, {}]}
    policy = {"limits": {"max_new_companies_per_director": 1}}
    assert _reasons(**tables, policy=policy) == {"c2": "new_companies_used_up"}
    engagements = [{"director_id": "d1", "company_id": "c2"}]
    assert _reasons(**tables, policy=policy, engagements=engagements) == {}


@pytest.mark.parametrize("limit", ["budget_jpy_per_month", "budget_jpy_total"])
def test_budget_is_the_reason_where_the_fee_is_more_than_is_left(limit: str) -> None:
    tables: dict[str, Any] = {
        "directors": [{"max_companies": 2, "fee_jpy_per_month": 100}],
        "companies": [{**FIRST, "months": 2}, {"months": 2}],
    }
    once = 100 if limit == "budget_jpy_per_month" else 200
    assert _reasons(**tables, policy={"limits": {limit: 2 * once - 1}}) == {"c2": "budget_used_up"}
    assert _reasons(**tables, policy={"limits": {limit: 2 * once}}) == {}


def test_quota_is_the_reason_only_for_its_own_companies_and_is_named() -> None:
    companies = [{**FIRST, "prefecture": "Kochi"}, {"prefecture": "Kochi"}, {"prefecture": "Tokyo"}]
    quotas = [{"by": "prefecture", "value": "東京", "max": 1}, {"by": "region", "value": "四国", "max": 1}]
    tables: dict[str, Any] = {"directors": 3, "companies": companies, "policy": {"limits": {"quotas": quotas}}}
    found = _unserved(**tables)
    assert {name: company.reason for name, company in found.items()} == {"c2": "quota_reached"}
    assert found["c2"].detail.full_quotas == (1,)
    facts = facts_of(small_problem(**tables))
    assert "四国" in unserved_line(found["c2"], facts, "ja")
    assert "東京" not in unserved_line(found["c2"], facts, "ja")


def test_two_limits_at_once_are_told_as_the_limits() -> None:
    """Neither alone decided: dropping the quota would leave the number of companies, and the other way round."""
    quotas = [{"by": "prefecture", "value": "高知", "max": 1}]
    policy = {"limits": {"quotas": quotas, "max_companies": 1}}
    assert _reasons(directors=2, companies=[FIRST, {}], policy=policy) == {"c2": "limit_reached"}


def test_price_of_moving_is_the_reason_where_it_eats_the_points() -> None:
    engagements = [{"director_id": "d2", "company_id": "c1"}]
    directors = [{}, {"status": "paused"}]
    policy = {"engagements": {"move_price_points": 50_000}}
    tables: dict[str, Any] = {"directors": directors, "companies": 1, "engagements": engagements}
    assert _reasons(**tables, policy=policy) == {"c1": "move_costs_more"}
    assert _reasons(**tables) == {}
