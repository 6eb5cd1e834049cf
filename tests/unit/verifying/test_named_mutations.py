"""Each kind of change to a plan is refused by the rule that is there for it."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from matcher.errors import ModelError
from matcher.matching import match
from matcher.verifying import check
from tests.forging import (
    Content,
    checked,
    content_of,
    document_of,
    forged,
    rules_of,
    signed,
)
from tests.problems import small_problem
from tests.verified_plans import plan_of


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
