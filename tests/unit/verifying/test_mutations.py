"""A plan changed anywhere is refused, also by whoever can compute its digests again."""

from __future__ import annotations

import json

import pytest

from matcher.domain.problem import Problem
from matcher.matching import match
from matcher.modelling import build_model
from matcher.verifying import check
from tests.forging import (
    Content,
    Path,
    checked,
    content_of,
    document_of,
    leaves,
    others,
    put,
    rules_of,
    signed,
    value_at,
)
from tests.problems import small_problem
from tests.verified_plans import PLANS, SMALL, plan_of


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
