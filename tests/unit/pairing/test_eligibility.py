"""Each rule: where it fires, at its boundary, where it stays silent, and what a missing value means."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from matcher.pairing.candidates import HARD_RULES, RULES, SOFT_RULES, build_candidates
from matcher.pairing.eligibility import SCORED_RULES, UNSCORED_RULES
from matcher.pairing.near_misses import RuleCheck, explain_rules
from matcher.pairing.sides import last_day_of_work
from tests.problems import small_problem

Row = dict[str, Any]


def check(rule: str, director: Row, company: Row, policy: Row | None = None, **tables: list[Row]) -> RuleCheck:
    problem = small_problem([director], [company], policy=policy, **tables)
    return next(one for one in explain_rules(problem, 0, 0) if one.name == rule)


def holds(rule: str, director: Row, company: Row, policy: Row | None = None, **tables: list[Row]) -> bool:
    """Whether the rule holds; the rule alone must decide whether the pair is a candidate."""
    problem = small_problem([director], [company], policy=policy, **tables)
    checks = {one.name: one.holds for one in explain_rules(problem, 0, 0)}
    is_candidate = build_candidates(problem).n_pairs == 1
    assert is_candidate == all(checks.values())
    assert all(value for name, value in checks.items() if name != rule)
    return checks[rule]


def test_rules_are_asked_in_the_order_of_their_codes() -> None:
    assert (*UNSCORED_RULES, *SCORED_RULES) == RULES == HARD_RULES + SOFT_RULES


@pytest.mark.parametrize(
    ("status", "roster", "expected"),
    [
        ("engaged", "engaged", True),
        ("applicant", "engaged", False),
        ("paused", "engaged", False),
        ("engaged", "with_applicants", True),
        ("applicant", "with_applicants", True),
        ("paused", "with_applicants", False),
    ],
)
def test_in_service_follows_status_and_roster(status: str, roster: str, expected: bool) -> None:
    assert holds("in_service", {"status": status}, {}, {"roster": roster}) is expected


APRIL = {"start": "2026-04-01", "months": 4}  # until 31 July


@pytest.mark.parametrize(
    ("director", "company", "expected"),
    [
        ({"available_from": "2026-04-01", "available_until": "2026-07-31"}, APRIL, True),
        ({"available_from": "2026-04-02"}, APRIL, False),
        ({"available_until": "2026-07-30"}, APRIL, False),
        ({"available_from": "2026-01-01", "available_until": "2027-01-01"}, APRIL, True),
        ({}, APRIL, True),
        ({"available_from": "2026-04-02", "available_until": "2026-04-03"}, {"months": 4}, True),
        ({"available_until": "2026-07-31"}, {"start": "2026-04-01"}, True),
        ({"available_until": "2026-07-30"}, {"start": "2026-04-01"}, False),
    ],
)
def test_in_period_covers_first_to_last_day(director: Row, company: Row, expected: bool) -> None:
    assert holds("in_period", director, company) is expected


def test_in_period_tells_days_available_and_days_wanted() -> None:
    april = {"start": "2026-04-01", "months": 1}
    assert check("in_period", {"available_from": "2026-04-11"}, april).amounts == ((20.0, 30.0, "days"),)
    assert check("in_period", {"available_until": "2026-03-01"}, april).amounts == ((0.0, 30.0, "days"),)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-04-01", 4, "2026-07-31"),
        ("2026-04-15", 1, "2026-05-14"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-12-31", 12, "2027-12-30"),
        ("NaT", 4, "NaT"),
    ],
)
def test_last_day_of_work_is_the_day_before_the_corresponding_one(start: str, months: int, expected: str) -> None:
    last = last_day_of_work(np.array([start], dtype="datetime64[D]"), np.array([months]))
    assert str(last[0]) == expected


NUMBER_RULES = [
    ("has_hours", {"hours_per_month": 40}, {"hours_per_month": 40}, True),
    ("has_hours", {"hours_per_month": 40}, {"hours_per_month": 40.5}, False),
    ("has_hours", {"hours_per_month": 0}, {"hours_per_month": 0}, True),
    ("has_hours", {"hours_per_month": 40}, {}, True),
    ("has_hours", {}, {"hours_per_month": 400}, True),
    ("in_budget", {"fee_jpy_per_month": 300_000}, {"budget_jpy_per_month": 300_000}, True),
    ("in_budget", {"fee_jpy_per_month": 300_001}, {"budget_jpy_per_month": 300_000}, False),
    ("in_budget", {"fee_jpy_per_month": 1}, {"budget_jpy_per_month": 0}, False),
    ("in_budget", {"fee_jpy_per_month": 300_001}, {}, True),
    ("in_budget", {}, {"budget_jpy_per_month": 0}, True),
    ("in_reach", {"on_site_days_per_month": 2}, {"on_site_days_per_month": 2}, True),
    ("in_reach", {"on_site_days_per_month": 2}, {"on_site_days_per_month": 3}, False),
    ("in_reach", {"on_site_days_per_month": 2}, {}, True),
    ("in_reach", {}, {"on_site_days_per_month": 30}, True),
]


@pytest.mark.parametrize(("rule", "director", "company", "expected"), NUMBER_RULES)
def test_number_rule_holds_up_to_and_including_the_amount(
    rule: str, director: Row, company: Row, expected: bool
) -> None:
    assert holds(rule, director, company) is expected


@pytest.mark.parametrize(
    ("km", "reach", "days", "expected"),
    [
        (100, 100, 1, True),
        (100.5, 100, 1, False),
        (100.5, 100, 0, True),
        (100.5, 100, None, True),
        (100.5, None, 1, True),
    ],
)
def test_in_reach_counts_distance_only_for_on_site_days(
    km: float, reach: float | None, days: float | None, expected: bool
) -> None:
    distances = [{"from_id": "d1", "to_id": "c1", "km": km}]
    director, company = {"max_distance_km": reach}, {"on_site_days_per_month": days}
    assert holds("in_reach", director, company, distances=distances) is expected


def test_in_reach_measures_from_office_to_office_times_the_road_factor() -> None:
    # Kochi and Tokyo prefectural offices are about 616 km apart in a straight line.
    director, company = {"max_distance_km": 700}, {"prefecture": "Tokyo", "on_site_days_per_month": 1}
    assert holds("in_reach", director, company, {"constants": {"road_factor": 1.0}})
    failed = check("in_reach", director, company)
    assert not failed.holds
    assert failed.amounts[1].wanted == pytest.approx(1.2 * 616, rel=0.01)
    assert (failed.amounts[1].offered, failed.amounts[1].measure) == (700, "distance_km")


NEED = {"company_id": "c1", "skill": "SNS", "level": 3, "must": True}
SKILL = {"director_id": "d1", "skill": "SNS", "level": 3}


@pytest.mark.parametrize(
    ("need", "skill", "expected"),
    [
        ({}, {}, True),
        ({}, {"level": 4}, True),
        ({}, {"level": 2}, False),
        ({"must": False}, {"level": 2}, True),
        ({}, {"skill": "ｓｎｓ "}, True),
        ({}, {"skill": "EC"}, False),
        ({}, {"hands_on": False}, True),
        ({"hands_on": True}, {"hands_on": False}, False),
        ({"hands_on": True}, {"hands_on": True}, True),
        ({"hands_on": True, "must": False}, {"hands_on": False}, True),
    ],
)
def test_has_must_skills_asks_for_level_and_own_hands(need: Row, skill: Row, expected: bool) -> None:
    tables = {"company_needs": [NEED | need], "director_skills": [SKILL | skill]}
    assert holds("has_must_skills", {}, {}, **tables) is expected


def test_has_must_skills_counts_and_names_what_is_missing() -> None:
    needs = [NEED, NEED | {"skill": "EC"}, NEED | {"skill": "PR", "must": False}]
    failed = check("has_must_skills", {}, {}, company_needs=needs, director_skills=[SKILL])
    assert failed.amounts == ((1.0, 2.0, "must_skills"),)
    assert failed.missing_skills == ("EC",)


def test_has_must_skills_fails_without_any_skill_row() -> None:
    assert not holds("has_must_skills", {}, {}, company_needs=[NEED])


OWNER = {"own_industry": "E", "owner_years": 3, "prefecture": "Kochi"}
MAKER = {"industry": "E", "prefecture": "Kochi"}


@pytest.mark.parametrize(
    ("director", "company", "expected"),
    [
        ({}, {}, False),
        ({}, {"industry": "F"}, True),
        ({}, {"industry": None}, True),
        ({}, {"prefecture": "Ehime"}, False),
        ({}, {"prefecture": "Kagawa"}, True),
        ({"own_prefecture": "Tokyo"}, {}, True),
        ({"own_prefecture": "Ehime"}, {}, False),
        ({"own_industry": None}, {}, True),
        ({"owner_years": 0}, {}, True),
        ({"owner_years": None}, {}, False),
        ({}, {"kind": "municipality"}, True),
        ({}, {"kind": "company"}, False),
        ({"own_industry": "S"}, {"industry": "S"}, True),
    ],
)
def test_no_conflict_of_interest_looks_at_industry_area_and_exemptions(
    director: Row, company: Row, expected: bool
) -> None:
    assert holds("no_conflict_of_interest", OWNER | director, MAKER | company) is expected


@pytest.mark.parametrize(
    ("area", "clear_of"),
    [
        ("off", {"Kochi", "Ehime", "Kagawa", "Tokyo"}),
        ("same_prefecture", {"Ehime", "Kagawa", "Tokyo"}),
        ("neighbouring", {"Kagawa", "Tokyo"}),
        ("same_region", {"Tokyo"}),
        ("anywhere", set()),
    ],
)
def test_no_conflict_of_interest_reaches_as_far_as_the_policy_says(area: str, clear_of: set[str]) -> None:
    policy = {"conflict_of_interest": {"area": area}}
    for prefecture in ("Kochi", "Ehime", "Kagawa", "Tokyo"):
        company = MAKER | {"prefecture": prefecture}
        assert holds("no_conflict_of_interest", OWNER, company, policy) is (prefecture in clear_of)


FORBID = {"director_id": "d1", "company_id": "c1", "rule": "forbid"}


@pytest.mark.parametrize(
    ("row", "company", "expected"),
    [
        ({}, {}, False),
        ({"severity": "forbid"}, {}, False),
        ({"severity": "needs_approval"}, {}, True),
        ({"severity": "disclose"}, {}, True),
        ({"until": "2026-03-31"}, APRIL, True),
        ({"until": "2026-04-01"}, APRIL, False),
        ({"until": "2026-03-31"}, {}, False),
        ({"rule": "wish_company", "value": -1}, {}, True),
    ],
)
def test_not_forbidden_heeds_severity_and_expiry(row: Row, company: Row, expected: bool) -> None:
    assert holds("not_forbidden", {}, company, pairs=[FORBID | row]) is expected


def test_not_forbidden_touches_only_its_own_pair() -> None:
    found = build_candidates(small_problem(2, 2, pairs=[FORBID | {"director_id": "d2"}]))
    assert list(zip(found.director_idx, found.company_idx, strict=True)) == [(0, 0), (0, 1), (1, 1)]


RATED = {"commitment": 3, "investment": 3, "uniqueness": 3, "openness": 3}  # (3 − 1) / 4 = 0.5


@pytest.mark.parametrize(
    ("company", "minimum", "expected"),
    [
        (RATED, 0.5, True),
        (RATED | {"openness": 2.9}, 0.5, False),
        (RATED | {"openness": 1}, None, True),
        ({}, 0.5, True),  # missing ratings count as neutral = 0.5
        ({}, 0.51, False),
    ],
)
def test_is_ready_asks_for_the_minimum(company: Row, minimum: float | None, expected: bool) -> None:
    assert holds("is_ready", {}, company, {"thresholds": {"min_readiness": minimum}}) is expected


@pytest.mark.parametrize(("knowledge", "expected"), [(2, True), (1.9, False), (5, True)])
def test_criterion_floor_asks_for_each_floor(knowledge: float, expected: bool) -> None:
    regions = [{"director_id": "d1", "prefecture": "Tokyo", "knowledge": knowledge}]
    policy = {"thresholds": {"min_by_criterion": {"local_culture": 0.4, "wishes": 0.5}}}
    assert holds("criterion_floor", {}, {"prefecture": "Tokyo"}, policy, director_regions=regions) is expected


@pytest.mark.parametrize(("minimum", "expected"), [(4000, True), (4001, False), (None, True)])
def test_min_score_asks_for_the_minimum(minimum: int | None, expected: bool) -> None:
    # An empty pair at home has 4,000 points: neutral 0.5 of 20 + 15 + 10 + 3, culture 0.8 of 15, wishes 0.5 of 2, 3.
    assert holds("min_score", {}, {}, {"thresholds": {"min_score_points": minimum}}) is expected


def test_min_score_counts_what_a_running_engagement_keeps() -> None:
    policy = {"thresholds": {"min_score_points": 4100}, "keep_points": 100}
    assert holds("min_score", {}, {}, policy, engagements=[{"director_id": "d1", "company_id": "c1"}])


def test_flags_show_what_needs_approval_or_disclosure() -> None:
    rows = [
        FORBID | {"severity": "needs_approval", "kind": "kin"},
        FORBID | {"severity": "disclose", "rule": "wish_company"},
        FORBID | {"company_id": "c2", "severity": "disclose", "until": "2026-03-31"},
    ]
    found = build_candidates(small_problem(1, [{}, APRIL], pairs=rows))
    assert dict(found.flags) == {(0, 0): (("disclose", ""), ("needs_approval", "kin"))}
    assert found.n_pairs == 2


def test_until_of_today_is_compared_as_a_day() -> None:
    row = FORBID | {"until": dt.date(2026, 4, 1)}
    assert not holds("not_forbidden", {}, {"start": dt.date(2026, 4, 1)}, pairs=[row])


def test_floor_is_reached_by_a_sum_that_is_a_hair_below_it() -> None:
    """Six needs of which each is met to 2 of 5 add up to 0.39999999999999997."""
    needs = [{"company_id": "c1", "skill": f"s{n}", "level": 5} for n in range(6)]
    skills = [{"director_id": "d1", "skill": f"s{n}", "level": 2} for n in range(6)]
    for floor, n_pairs in ((0.4, 1), (0.4001, 0)):
        policy = {"thresholds": {"min_by_criterion": {"experience": floor}}}
        problem = small_problem(company_needs=needs, director_skills=skills, policy=policy)
        assert build_candidates(problem).n_pairs == n_pairs
