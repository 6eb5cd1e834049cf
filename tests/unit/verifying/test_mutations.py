"""A plan changed anywhere is refused, also by whoever can compute its digests again."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

import matcher
from matcher.domain.problem import Problem
from matcher.errors import ModelError
from matcher.matching import match
from matcher.modelling import build_model
from matcher.plan.plan import Plan
from matcher.verifying import check
from tests.conftest import ROOT
from tests.forging import (
    Content,
    Path,
    checked,
    content_of,
    document_of,
    forged,
    leaves,
    others,
    put,
    rules_of,
    signed,
    value_at,
)
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


@pytest.mark.parametrize("name", [*PLANS, "regional"])
def test_plan_as_it_was_made_holds(name: str) -> None:
    plan = plan_of(name)
    verification = checked(content_of(plan), plan.problem)
    assert verification.ok, verification.problems
    assert verification.word == plan.certificate.word
    assert (verification.value, verification.bound) == (plan.certificate.value, plan.certificate.bound)


TOLD = ("command", "source", "seconds", "versions", "conflict", "policy", "interrupted")
"""Parts that report how a plan came about, which nothing but the plan's digest guards; and the policy: a plan that
holds under another policy too is a plan of that policy."""

RECKONED = (("digests", "plan"), ("digests", "policy"))
"""What a forger computes again."""

TOLD_OF_SOLVER = ("backend", "reason", "params")


def _is_told(path: Path) -> bool:
    # A forger computes the digest of a tree again too.
    return (
        path[-1] == "sha256"
        or path[0] in TOLD
        or path in RECKONED
        or (path[0] == "solver" and path[1] in TOLD_OF_SOLVER)
    )


def _is_proof(path: Path) -> bool:
    """Whether a part only says how to prove: another proof may prove the same."""
    return path[0] == "proof" and path[2] in ("scale", "prices", "kept", "floor", "tree")


@pytest.mark.parametrize("name", SMALL)
def test_every_single_value_is_guarded_by_more_than_the_digest(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(name)
    content, problem = content_of(plan), plan.problem
    model = build_model(problem, plan.candidates)
    # Data and policy stay the same: scored once, a plan is checked in a millisecond.
    monkeypatch.setattr(check, "build_candidates", lambda _: plan.candidates)
    monkeypatch.setattr(check, "build_model", lambda *_: model)
    passed = []
    of_trees = [path for path in leaves(content) if "nodes" in path]
    # Every number of a tree is changed in `test_no_changed_number_proves_less_than_the_best_plan`.
    left_out = {path for at, path in enumerate(of_trees) if at % (1 + len(of_trees) // 20)}
    for path in leaves(content):
        if _is_told(path) or path in left_out:
            continue
        for value in others(value_at(content, path))[-1 if _is_proof(path) else 0 :]:
            changed = put(content, path, value)
            try:
                changed = signed(changed)
            except ValueError:
                continue  # the schema refuses it: `test_file_that_breaks_the_schema_...`
            verification = checked(changed, problem)
            if verification.ok and not _is_proof(path):
                passed.append((path, value))
            if verification.ok:
                # A price may change where another proves the same; what is proved may not.
                assert [tier.bound for tier in verification.tiers] == [
                    tier.bound if value_at(content, ("proof", at, "kind")) != "open" else None
                    for at, tier in enumerate(plan.document.tiers)
                ]
    assert not passed


@pytest.mark.parametrize("digest", ["problem", "policy", "plan"])
def test_digest_that_is_not_of_the_plan_is_refused(digest: str) -> None:
    plan = plan_of("pilot")
    content = put(content_of(plan), ("digests", digest), "0" * 64)
    assert f"{digest}_digest" in rules_of(checked(content, plan.problem))


@pytest.mark.parametrize("name", PLANS)
def test_changed_plan_without_a_new_digest_is_refused(name: str) -> None:
    plan = plan_of(name)
    content = content_of(plan)
    for path in (("versions", "ortools"), ("solver", "backend"), ("title",)):
        assert "plan_digest" in rules_of(checked(put(content, path, "x"), plan.problem))


def _swap_directors(content: Content) -> None:
    one, other = content["assignments"][:2]
    one["director_id"], other["director_id"] = other["director_id"], one["director_id"]


def _drop_match(content: Content) -> None:
    content["assignments"].pop()


def _add_match(content: Content) -> None:
    more = copy.deepcopy(content["assignments"][0])
    more["company_id"] = content["unserved"][0]["company_id"]
    content["assignments"].append(more)


def _serve_twice(content: Content) -> None:
    content["assignments"].append(copy.deepcopy(content["assignments"][0]))


def _move_a_point(content: Content) -> None:
    """One point from one criterion to another: every total stays."""
    criteria = content["assignments"][0]["criteria"]
    criteria["experience"] -= 1
    criteria["network"] += 1


def _invent_a_point(content: Content) -> None:
    """One point more in every place that names the total, the bound included."""
    content["assignments"][0]["criteria"]["network"] += 1
    content["assignments"][0]["points"] += 1
    content["metrics"]["total_points"] += 1
    for part in (content["certificate"], content["tiers"][0]):
        part["value"] += 1
        part["bound"] += 1
    content["objective"]["points"] += 1
    content["proof"][0]["kept"] += 1


def _loosen_the_bound(content: Content) -> None:
    for part in (content["certificate"], content["tiers"][0]):
        part["bound"] += 1


def _tighten_the_bound(content: Content) -> None:
    for part in (content["certificate"], content["tiers"][0]):
        part["bound"] -= 1


def _loosen_a_price(content: Content) -> None:
    content["proof"][0]["prices"]["max_companies"][0][1] -= 10 * content["proof"][0]["scale"]


def _drop_the_prices(content: Content) -> None:
    content["proof"][0]["prices"] = {}


def _drop_the_proof(content: Content) -> None:
    content["proof"][0] = {"tier": "points", "kept": content["proof"][0]["kept"], "kind": "open"}


def _drop_a_proof(content: Content) -> None:
    content["proof"].pop()


def _unknown_row(content: Content) -> None:
    content["proof"][0]["prices"]["max_companies"] = [[1, 5]]


def _row_twice(content: Content) -> None:
    content["proof"][0]["prices"]["max_companies"] *= 2


def _unknown_family(content: Content) -> None:
    content["proof"][0]["prices"]["friends"] = [[0, 5]]


def _huge_scale(content: Content) -> None:
    content["proof"][0]["scale"] = 2**63 - 1


def _drop_tie_breaks(content: Content) -> None:
    content["tiers"], content["proof"] = content["tiers"][:1], content["proof"][:1]


def _other_seed(content: Content) -> None:
    content["seed"] = 1
    content["policy"]["solve"]["seed"] = 1


def _edit_the_policy(content: Content) -> None:
    content["policy"]["weights"]["network"] = 0


def _raise_a_limit(content: Content) -> None:
    content["policy"]["limits"]["max_companies"] = 4


def _leave_a_key_of_the_policy_out(content: Content) -> None:
    del content["policy"]["limits"]["max_directors"]


def _misspell_the_policy(content: Content) -> None:
    content["policy"]["limit"] = {}


def _drop_an_unserved(content: Content) -> None:
    content["unserved"].pop(3)


def _no_plan_at_all(content: Content) -> None:
    content["status"] = "infeasible"


def _not_the_best_said_to_be(content: Content) -> None:
    content["status"] = "feasible"


def _other_reason(content: Content) -> None:
    company = next(one for one in content["unserved"] if one["reason"] != "outcompeted")
    company["reason"] = "outcompeted"


def _kept_more(content: Content) -> None:
    content["proof"][0]["kept"] += 1


MUTATIONS: dict[Callable[[Content], None], str] = {
    _swap_directors: "not_eligible",
    _drop_match: "unserved_wrong",
    _add_match: "too_many_companies",
    _serve_twice: "company_twice",
    _move_a_point: "match_wrong",
    _invent_a_point: "bound_wrong",
    _loosen_the_bound: "bound_wrong",
    _tighten_the_bound: "bound_wrong",
    _loosen_a_price: "bound_wrong",
    _drop_the_prices: "bound_wrong",
    _drop_the_proof: "bound_wrong",
    _drop_a_proof: "proof_missing",
    _unknown_row: "proof_does_not_fit",
    _row_twice: "proof_does_not_fit",
    _unknown_family: "proof_does_not_fit",
    _huge_scale: "bound_wrong",
    _drop_tie_breaks: "tiers_wrong",
    _other_seed: "tier_value_wrong",
    _edit_the_policy: "match_wrong",
    _raise_a_limit: "bound_wrong",
    _leave_a_key_of_the_policy_out: "policy_incomplete",
    _misspell_the_policy: "policy_wrong",
    _drop_an_unserved: "unserved_wrong",
    _no_plan_at_all: "no_plan_has_matches",
    _not_the_best_said_to_be: "figure_wrong",
    _other_reason: "reason_wrong",
    _kept_more: "kept_wrong",
}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__.strip("_"))
@pytest.mark.parametrize("name", ["pilot", "roster"])
def test_mutation_is_refused_by_its_rule_under_fresh_digests(name: str, mutation: Callable[[Content], None]) -> None:
    plan = plan_of(name)
    content = content_of(plan)
    mutation(content)
    rule = MUTATIONS[mutation]
    if rule != "policy_wrong":
        content = signed(content)
        assert content["digests"]["plan"] == document_of(content).plan_digest()
    rules = rules_of(checked(content, plan.problem))
    assert rule in rules
    assert "plan_digest" not in rules


def _without_prices(content: Content, problem: Problem, word: str) -> Content:
    """An honest plan whose first tier is bounded by no price at all, so far above its value."""
    content["proof"][0]["prices"] = {}
    bound = checked(content, problem).tiers[0].bound
    value = content["tiers"][0]["value"]
    assert bound is not None and bound > value
    for part in (content["tiers"][0], content["certificate"]):
        part["bound"], part["word"] = bound, word
    content["certificate"]["gap"] = (bound - value) / value
    content["tiers"], content["proof"] = content["tiers"][:1], content["proof"][:1]
    return content


def test_unproved_plan_that_says_proved_is_refused() -> None:
    plan = plan_of("pilot")
    honest = _without_prices(content_of(plan), plan.problem, "unknown") | {"status": "feasible"}
    assert checked(signed(honest), plan.problem).ok
    boast = _without_prices(content_of(plan), plan.problem, "proved")
    assert {"not_proved", "tiers_wrong"} <= rules_of(checked(signed(boast), plan.problem))


def test_other_data_are_refused() -> None:
    plan = plan_of("every limit")
    other = small_problem(**{**SMALL["every limit"], "rivals": []})
    assert rules_of(checked(content_of(plan), other)) == {"problem_digest"}


def test_floor_of_the_worst_match_is_refuted_again() -> None:
    plan = plan_of("a floor")
    content = content_of(plan)
    at = [tier["name"] for tier in content["tiers"]].index("worst_match")
    assert content["proof"][at]["kind"] == "floor" and content["proof"][at]["prices"]
    content["proof"][at]["prices"] = {}
    assert "refutes_nothing" in rules_of(checked(signed(content), plan.problem))


def test_proof_that_there_is_no_plan_is_needed() -> None:
    plan = plan_of("no plan")
    content = content_of(plan)
    content["proof"][0]["prices"] = {}
    rules = rules_of(checked(signed(content), plan.problem))
    assert {"refutes_nothing", "figure_wrong"} <= rules
    content["proof"][0] = {"tier": "points", "kept": None, "kind": "open"}
    content["certificate"]["word"] = "claimed"
    verification = checked(signed(content), plan.problem)
    assert (verification.ok, verification.word) == (True, "claimed")


def test_plan_that_exists_cannot_be_said_not_to() -> None:
    """Prices of an infeasible programme prove nothing of another one."""
    rows = {**SMALL["no plan"], "policy": {"limits": {"max_companies": 2}}}
    problem: Problem = small_problem(**rows)
    content = content_of(plan_of("no plan"))
    content["policy"] = problem.policy.model_dump(mode="json")
    rules = rules_of(checked(signed(content), problem))
    assert {"proof_does_not_fit", "figure_wrong"} <= rules


def test_json_of_every_plan_is_read_back_as_it_was() -> None:
    for name in SMALL:
        document = plan_of(name).document
        assert document_of(json.loads(document.to_json())) == document


def test_tier_of_the_policy_may_not_be_missing() -> None:
    """Where nothing is proved the tie-breaks are not asked; the policy's own tiers always are."""
    problem = small_problem(directors=2, companies=3, policy={"objective": ["points", "distance_km"]})
    content = _without_prices(content_of(match(problem)), problem, "unknown") | {"status": "feasible"}
    del content["objective"]["distance_km"]
    assert rules_of(checked(signed(content), problem)) == {"tiers_wrong"}


def _unknown_director(content: Content) -> None:
    content["assignments"][0]["director_id"] = "Z"


def _unknown_company(content: Content) -> None:
    content["assignments"][0]["company_id"] = "Z"


def _parts_that_do_not_add_up(content: Content) -> None:
    content["assignments"][0]["keep"] += 1


def _other_order(content: Content) -> None:
    content["assignments"].reverse()


def _conflict_of_nothing(content: Content) -> None:
    content["conflict"] = {"rows": [], "pins": [], "is_irreducible": False, "word": "proved"}


def _one_director_less(content: Content) -> None:
    content["directors"].pop()


def _lighter_load(content: Content) -> None:
    content["directors"][0]["hours_per_month"] -= 1


def _detail_left_out(content: Content) -> None:
    content["unserved"][0]["detail"]["nearest"] = None
    content["unserved"][0]["detail"]["n_candidates"] += 1


def _bound_below_the_value(content: Content) -> None:
    """Prices cannot prove less than a plan has; a plan of more points than its own bound is no plan of these data."""
    content["assignments"][0]["points"] += 10
    content["tiers"][0]["value"] += 10


def _too_modest(content: Content) -> None:
    for part in (content["tiers"][0], content["certificate"]):
        part["word"] = "claimed"


FURTHER: dict[Callable[[Content], None], tuple[str, str]] = {
    _unknown_director: ("every limit", "unknown_director"),
    _unknown_company: ("every limit", "unknown_company"),
    _parts_that_do_not_add_up: ("every limit", "points_do_not_add_up"),
    _other_order: ("every limit", "order_wrong"),
    _conflict_of_nothing: ("a floor", "conflict_wrong"),
    _one_director_less: ("a floor", "loads_wrong"),
    _lighter_load: ("every limit", "load_wrong"),
    _detail_left_out: ("every limit", "detail_wrong"),
    _bound_below_the_value: ("pilot", "value_above_bound"),
    _too_modest: ("pilot", "word_too_small"),
}


@pytest.mark.parametrize("mutation", FURTHER, ids=lambda mutation: mutation.__name__.strip("_"))
def test_mutation_of_any_part_is_refused_by_its_rule(mutation: Callable[[Content], None]) -> None:
    name, rule = FURTHER[mutation]
    plan = plan_of(name)
    content = content_of(plan)
    mutation(content)
    assert rule in rules_of(checked(signed(content), plan.problem))


def test_plan_against_a_pin_that_breaks_a_hard_rule_is_refused() -> None:
    pins = [{"director_id": "d1", "company_id": "c1"}]
    problem = small_problem(directors=[{"status": "paused"}, {}], companies=2, pairs=pins)
    content = content_of(match(small_problem(directors=[{"status": "paused"}, {}], companies=2)))
    rules = rules_of(checked(forged(content, problem), problem))
    assert {"pin_against_rule", "pin_not_obeyed"} <= rules


def test_numbers_that_no_model_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(*_: object) -> None:
        raise ModelError("sum_too_large", name="rows", limit=1)

    monkeypatch.setattr(check, "build_model", too_large)
    plan = plan_of("a floor")
    verification = checked(content_of(plan), plan.problem)
    assert (rules_of(verification), verification.word) == ({"model_not_built"}, "unknown")
