"""What the limits say in words: demands of a month, of days and of counts; points off for a move."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.domain.policy import Policy
from matcher.matching import match
from matcher.words.facts import facts_of
from matcher.words.families import conflict_lines, family_name
from matcher.words.plan import why_line
from matcher.words.policy import policy_lines, setting_name
from tests.plans import match_of, pilot_plan
from tests.problems import small_problem

BOTH = [{"director_id": "d1", "company_id": name, "rule": "pin"} for name in ("c1", "c2")]


def _lines(lang: Any, **tables: Any) -> list[str]:
    plan = match(small_problem(**tables))
    assert plan.document.conflict is not None
    return conflict_lines(plan.document.conflict, facts_of(plan.problem), lang)


def test_demand_of_a_month_names_the_month() -> None:
    companies = [{"start": "2027-04-01", "months": 3}, {"start": "2027-06-01"}, {"start": "2028-01-01"}]
    assert _lines("ja", companies=companies, pairs=BOTH)[0].startswith("2027年6月：d1")
    assert _lines("en", companies=companies, pairs=BOTH)[0].startswith("2027-06: d1")


def test_days_are_told_in_days_also_where_the_model_counts_companies() -> None:
    directors = [{"max_companies": 3, "on_site_days_per_month": 4.5}]
    companies = [{"on_site_days_per_month": 3}, {"on_site_days_per_month": 2}, {"on_site_days_per_month": 2}]
    lines = _lines("en", directors=directors, companies=companies, pairs=BOTH)
    assert any("on-site days" in line and "4.5" in line for line in lines), lines
    alike = [{"on_site_days_per_month": 3}] * 2
    lines = _lines("en", directors=directors, companies=alike, pairs=BOTH)
    assert lines == [
        "d1 has at most 4.5 on-site days a month. (This concerns 2: c1, c2)",
        "d1 is pinned to c1.",
        "d1 is pinned to c2.",
    ]


def test_total_budget_and_new_companies_have_sentences() -> None:
    directors = [{"max_companies": 2, "fee_jpy_per_month": 1000}]
    lines = _lines("en", directors=directors, companies=2, pairs=BOTH, policy={"limits": {"budget_jpy_total": 7_999}})
    assert any("7,999 yen" in line and "times the months" in line for line in lines), lines
    limits = {"max_new_companies_per_director": 1}
    lines = _lines("ja", directors=directors, companies=2, pairs=BOTH, policy={"limits": limits})
    assert any("新しく担当できるのは1社まで" in line for line in lines), lines


@pytest.mark.parametrize("family", ["quota:kind:2", "hours_count:3", "of_used_director:hours_count:1", "load"])
def test_families_with_a_number_behind_have_names(family: str) -> None:
    for lang in ("ja", "en"):
        assert family_name(family, lang)  # type: ignore[arg-type]


def test_points_off_for_a_move_are_not_called_added() -> None:
    facts = facts_of(pilot_plan().problem)
    moved = why_line(match_of("D1", "C1", keep=-300), facts, "en")
    assert "300 points are taken off for moving a running engagement." in moved
    assert "added" not in moved
    assert "300 points are added for the running engagement." in why_line(match_of("D1", "C1", keep=300), facts, "en")


def test_policy_lines_name_every_new_setting() -> None:
    policy = Policy.model_validate(
        {
            "limits": {"budget_jpy_total": 5_000, "max_new_companies_per_director": 2},
            "engagements": {"fixed": True, "move_price_points": 700},
            "solve": {"deterministic_limit": 12.5},
        }
    )
    lines = dict(policy_lines(policy, "en"))
    assert lines["Fees in total at most"] == "5,000 yen"
    assert lines["New companies per director at most"] == "2"
    assert lines["Running engagements"] == "all kept"
    assert lines["Points off for moving an engagement"] == "700 points"
    assert lines["Limit on work"] == "12.5 units"


def test_a_setting_is_called_by_its_name_where_it_has_one() -> None:
    assert setting_name("weights.network", "en").startswith("Weight: ")
    assert setting_name("limits.max_companies", "ja") == "支援する企業数の上限"
    assert setting_name("candidates.keep_per_company", "en") == "Candidates kept per company"
    assert setting_name("solve.backend", "en") == "solve.backend"
