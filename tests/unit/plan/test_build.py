"""What a plan tells people: reasons, loads, words and digests."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from matcher.errors import DataError
from matcher.matching import match
from matcher.plan.document import PlanDocument, Unserved
from matcher.plan.plan import Plan
from tests.problems import small_problem


def _unserved(**tables: Any) -> dict[str, Unserved]:
    return {company.company_id: company for company in match(small_problem(**tables)).document.unserved}


def test_company_without_eligible_director_says_so_and_names_the_nearest() -> None:
    directors = [{"fee_jpy_per_month": 300_000}, {"status": "paused", "fee_jpy_per_month": 900_000}]
    found = _unserved(directors=directors, companies=[{"budget_jpy_per_month": 250_000}])["c1"]
    assert found.reason == "nobody_eligible"
    assert found.detail.n_candidates == 0
    assert found.detail.n_failed_by_rule == {"in_service": 1, "in_budget": 2}
    assert found.detail.nearest is not None
    assert found.detail.nearest.director_id == "d1"
    assert found.detail.nearest.amounts == {"in_budget": (250_000.0, 300_000.0)}
    assert found.detail.nearest.measures == {"in_budget": "fee_jpy_per_month"}


def test_company_below_a_threshold_only_is_told_apart() -> None:
    policy = {"thresholds": {"min_score_points": 9_000}}
    assert _unserved(policy=policy)["c1"].reason == "below_threshold"
    assert _unserved(policy={"thresholds": {"min_score_points": 0}}) == {}


def test_outcompeted_company_names_its_best_director_and_what_was_enough() -> None:
    companies = [{"priority": 2}, {"priority": 1}]
    found = _unserved(directors=1, companies=companies)["c2"]
    assert found.reason == "outcompeted"
    assert found.detail.best_director_id == "d1"
    assert found.detail.best_points is not None
    assert found.detail.lowest_chosen_points is not None
    assert found.detail.best_points < found.detail.lowest_chosen_points


def test_company_whose_director_is_free_met_a_limit_of_the_plan() -> None:
    policy = {"limits": {"max_companies": 1}}
    assert _unserved(directors=2, companies=[{"priority": 2}, {}], policy=policy)["c2"].reason == "limit_reached"


def test_company_whose_candidates_lack_hours_is_told_so() -> None:
    directors = [{"max_companies": 5, "hours_per_month": 40}]
    policy = {"limits": {"max_companies": 50, "quotas": [{"by": "goal", "value": "raise_revenue", "max": 9}]}}
    companies = [
        {"hours_per_month": 20, "priority": 2},
        {"hours_per_month": 20, "priority": 2},
        {"hours_per_month": 20},
    ]
    assert _unserved(directors=directors, companies=companies, policy=policy)["c3"].reason == "hours_used_up"


def test_company_whose_rival_is_served_is_told_so() -> None:
    rivals = [{"company_id": "c2", "other_id": "c1"}]
    found = _unserved(directors=[{"max_companies": 2}], companies=[{"priority": 2}, {}], rivals=rivals)
    assert found["c2"].reason == "rival_served"


def test_company_whose_candidates_are_busy_elsewhere_is_told_so() -> None:
    engagements = [{"director_id": "d1", "company_id": "X1"}]
    assert _unserved(engagements=engagements)["c1"].reason == "busy_elsewhere"


def test_match_with_a_known_relation_carries_its_flag() -> None:
    pairs = [{"director_id": "d1", "company_id": "c1", "rule": "forbid", "severity": "要承認", "kind": "親族"}]
    (found,) = match(small_problem(pairs=pairs)).document.assignments
    assert found.flags == (("needs_approval", "kin"),)


def test_certificate_names_the_tiers_it_presumes() -> None:
    directors = [{"max_companies": 3, "hours_per_month": 10}]
    companies = [{"hours_per_month": 4, "priority": 2}] * 2 + [{"hours_per_month": 3}] * 2
    plan = match(small_problem(directors=directors, companies=companies, policy={"objective": ["points"]}))
    assert plan.certificate.given == ()
    engagements = [{"director_id": "d1", "company_id": "c1"}]
    policy = {"objective": ["fewest_changes", "points"], "solve": {"backend": "cpsat"}}  # claims, and proves nothing
    plan = match(small_problem(directors=directors, companies=companies, engagements=engagements, policy=policy))
    weak = next((tier.name for tier in plan.document.tiers if tier.word != "proved"), None)
    assert plan.certificate.given == (("fewest_changes",) if weak == "points" else ())
    assert weak == "points", "the instance is worth its name: a knapsack leaves a gap"


def test_nothing_is_said_of_companies_where_no_plan_exists() -> None:
    policy = {"limits": {"max_companies": 0, "quotas": [{"by": "goal", "value": "raise_revenue", "min": 1}]}}
    assert _unserved(companies=2, policy=policy)["c1"].reason == "no_plan"


def test_criteria_of_a_match_add_up_and_neutral_ones_are_named() -> None:
    plan = match(small_problem())
    (found,) = plan.document.assignments
    assert found.points == sum(found.criteria.values()) + found.keep
    assert "readiness" in found.neutral
    assert plan.document.metrics.n_neutral == len(found.neutral)


def test_pin_against_a_hard_rule_is_refused_with_both_sides() -> None:
    pins = [{"director_id": "d1", "company_id": "c1", "rule": "pin"}]
    with pytest.raises(DataError) as told:
        match(small_problem(directors=[{"status": "paused"}], companies=1, pairs=pins))
    (issue,) = told.value.issues
    assert issue.rule == "pin_breaks_hard_rule"
    assert issue.params["failed"] == ("in_service",)
    assert (issue.params["director_id"], issue.params["company_id"]) == ("d1", "c1")


def test_proof_speaks_of_kept_candidates_where_some_were_cut() -> None:
    policy = {"candidates": {"keep_per_company": 1}}
    assert match(small_problem(directors=3, companies=2, policy=policy)).certificate.of == "kept"
    assert match(small_problem(directors=3, companies=2)).certificate.of == "all"


def test_digest_of_a_plan_ignores_time_and_command_only() -> None:
    ticks = iter(range(1000))
    one = match(small_problem(directors=2, companies=2))
    two = match(small_problem(directors=2, companies=2), clock=lambda: next(ticks) * 7.5, command="matcher run x")
    assert one.document.digests == two.document.digests
    assert one.document.seconds != two.document.seconds
    other = match(small_problem(directors=2, companies=2, policy={"solve": {"seed": 1}}))
    assert other.document.digests["plan"] != one.document.digests["plan"]
    assert other.document.digests["problem"] == one.document.digests["problem"]


def test_plan_carries_one_proof_a_tier_on_one_line_each() -> None:
    policy = {"objective": ["points", "worst_match"]}
    plan = match(small_problem(directors=2, companies=3, policy=policy))
    assert [proof.tier for proof in plan.document.proof] == [tier.name for tier in plan.document.tiers]
    assert [proof.kind for proof in plan.document.proof] == ["prices", "floor", "prices", "prices", "prices", "prices"]
    assert [proof.kept for proof in plan.document.proof] == [tier.value for tier in plan.document.tiers]
    lines = [line for line in plan.to_json().splitlines() if line.startswith('  {"tier": ')]
    assert len(lines) == len(plan.document.tiers)


def test_proof_that_there_is_no_plan_is_carried() -> None:
    policy = {"limits": {"max_companies": 1, "quotas": [{"by": "goal", "value": "raise_revenue", "min": 2}]}}
    plan = match(small_problem(directors=2, companies=2, policy=policy))
    (proof,) = plan.document.proof
    assert (plan.status, proof.kind, proof.kept) == ("infeasible", "infeasible", None)
    assert proof.kind == "infeasible" and set(proof.prices) == {"max_companies", "quota:goal"}


def test_place_of_the_source_is_no_part_of_the_plans_identity() -> None:
    problem = small_problem(directors=2, companies=2)
    one, two = match(problem), match(replace(problem, source="elsewhere"))
    assert (one.document.source, two.document.source) == ("tests", "elsewhere")
    assert one.document.digests == two.document.digests


def test_document_survives_json() -> None:
    plan = match(small_problem(directors=2, companies=3))
    again = PlanDocument.model_validate(json.loads(plan.to_json()))
    assert again == plan.document
    assert again.plan_digest() == plan.document.digests["plan"]


def test_frames_of_a_plan_hold_its_document() -> None:
    plan = match(small_problem(directors=2, companies=3))
    assert plan.assignments["points"].sum() == plan.objective["points"] == plan.document.metrics.total_points
    assert len(plan.unserved) == 1
    assert plan.directors["n_companies"].tolist() == [1, 1]
    empty = match(small_problem(directors=[{"status": "paused"}], companies=1))
    assert isinstance(empty, Plan)
    assert list(empty.assignments.columns) == list(plan.assignments.columns)
    assert empty.assignments.empty
    assert (empty.status, empty.certificate.word, empty.certificate.value) == ("optimal", "proved", 0)
