"""Trees in a plan: proved again, and refused where anything of them was changed, without ever a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from matcher.domain.problem import Problem
from matcher.matching import match
from matcher.model import evidence
from matcher.plan.plan import Plan
from matcher.verifying import bounds
from tests.forging import Content, checked, content_of, document_of, forged, rules_of, signed
from tests.problems import small_problem
from tests.verified_plans import plan_of


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Its first tier is proved by a tree with branches."""
    plan = plan_of("every month")
    assert plan.document.proof[0].kind == "tree" and plan.certificate.word == "proved"
    return plan


def _tree(content: Content) -> dict[str, Any]:
    tree: dict[str, Any] = content["proof"][0]["tree"]["tree"]
    assert len(tree["nodes"]) > 2 and tree["kept"]
    return tree


def _leaf(tree: dict[str, Any]) -> list[Any]:
    """A leaf with prices of its own."""
    leaf: list[Any] = next(node for node in tree["nodes"] if node[0] == -1 and node[3] and node[3][0])
    return leaf


def _open_a_leaf(tree: dict[str, Any]) -> None:
    for row in range(sum(len(places) for places in tree["rows"].values())):
        _leaf(tree)[3].append([[row, 10_000 * tree["scale"]]])
    _leaf(tree)[3] = _leaf(tree)[3][-1:]


def _no_prices_at_all(tree: dict[str, Any]) -> None:
    tree["nodes"] = [[*node[:3], []] for node in tree["nodes"]]


def _drop_the_last_node(tree: dict[str, Any]) -> None:
    tree["nodes"].pop()


def _cut_the_tree_down_to_its_root(tree: dict[str, Any]) -> None:
    tree["nodes"] = [[-1, -1, -1, tree["nodes"][0][3]]]


def _both_halves_the_same_node(tree: dict[str, Any]) -> None:
    tree["nodes"][0][2] = tree["nodes"][0][1]


def _cycle(tree: dict[str, Any]) -> None:
    tree["nodes"][1][1:3] = [0, 1]


def _bound_lowered(tree: dict[str, Any]) -> None:
    tree["bound"] -= 1


def _bound_beyond_every_number(tree: dict[str, Any]) -> None:
    tree["bound"] = 2**62 - 1


def _column_of_nobody(tree: dict[str, Any]) -> None:
    tree["nodes"][0][0] = 10_000


def _kept_row_that_is_none(tree: dict[str, Any]) -> None:
    tree["kept"][0][0] = 10_000


def _unit_of_a_row_too_coarse(tree: dict[str, Any]) -> None:
    tree["kept"] = [[row, unit * 1_000_000] for row, unit in tree["kept"]]


def _no_row_kept(tree: dict[str, Any]) -> None:
    tree["kept"] = []


def _prices_too_large(tree: dict[str, Any]) -> None:
    tree["nodes"][0][3] = [[[0, 2**54]]]


def _scale_too_large(tree: dict[str, Any]) -> None:
    tree["scale"] = 2**52


def _deep_chain(tree: dict[str, Any]) -> None:
    n = 2_000
    tree["nodes"] = [[at % 20, at + 1, -1, []] for at in range(n)] + [[-1, -1, -1, []]]


CHANGES: dict[Callable[[dict[str, Any]], None], str] = {
    _open_a_leaf: "tree_open",
    _no_prices_at_all: "tree_open",
    _drop_the_last_node: "proof_does_not_fit",
    _cut_the_tree_down_to_its_root: "tree_open",
    _both_halves_the_same_node: "proof_does_not_fit",
    _cycle: "proof_does_not_fit",
    _bound_lowered: "tree_open",
    _bound_beyond_every_number: "bound_wrong",
    _column_of_nobody: "tree_open",
    _kept_row_that_is_none: "proof_does_not_fit",
    _unit_of_a_row_too_coarse: "tree_open",
    _no_row_kept: "tree_open",
    _prices_too_large: "proof_does_not_fit",
    _scale_too_large: "tree_open",
    _deep_chain: "tree_open",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_changed_tree_is_refused_by_its_rule(plan: Plan, change: Callable[[dict[str, Any]], None]) -> None:
    content = content_of(plan)
    change(_tree(content))
    verification = checked(signed(content), plan.problem)
    assert CHANGES[change] in rules_of(verification)
    assert verification.tiers[0].word == "unknown"


def test_prices_without_end_are_refused_before_any_is_looked_at(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    content = content_of(plan)
    _tree(content)["nodes"][0][3] = [[]] * 50_000
    monkeypatch.setattr(evidence, "MAX_NUMBERS", 500_000)
    monkeypatch.setattr(bounds, "holds", lambda *_: pytest.fail("looked at"))
    verification = checked(signed(content), plan.problem)
    assert ("proof_does_not_fit", "size") in [(one.rule, one.params.get("part")) for one in verification.problems]


def test_column_of_another_pair_and_swapped_halves_prove_the_same_or_nothing(plan: Plan) -> None:
    n_open = 0
    for place in range(3):
        for change in ("column", "halves"):
            content = content_of(plan)
            node = _tree(content)["nodes"][place]
            if node[0] < 0:
                continue
            if change == "column":
                node[0] += 1
            else:
                node[1:3] = node[2:0:-1]
            verification = checked(signed(content), plan.problem)
            assert verification.tiers[0].bound in (None, plan.certificate.bound)
            n_open += not verification.ok
    assert n_open > 0


@pytest.mark.parametrize("where", [("bound",), ("scale",), ("kept", 0, 1), ("nodes", 0, 0), ("nodes", 0, 3, 0, 0, 1)])
@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**40, 0.5, None, [], "1"])
def test_tree_with_numbers_that_are_none_is_no_plan_of_the_schema(
    plan: Plan, where: tuple[str | int, ...], value: object
) -> None:
    content = content_of(plan)
    part: Any = _tree(content)
    for key in where[:-1]:
        part = part[key]
    part[where[-1]] = value
    with pytest.raises(ValidationError):
        document_of(content)


@pytest.mark.parametrize("kept", [2**62, -(2**62), 10**30])
def test_points_kept_beyond_int64_are_no_plan_of_the_schema(plan: Plan, kept: int) -> None:
    content = content_of(plan)
    content["proof"][0]["kept"] = kept
    with pytest.raises(ValidationError):
        document_of(content)


def test_tree_of_another_tier_is_refused(plan: Plan) -> None:
    content = content_of(plan)
    content["proof"][1] = {**content["proof"][0], "tier": content["proof"][1]["tier"]}
    assert not checked(signed(content), plan.problem).ok


def _stuck(n_hours: int) -> Problem:
    """Municipalities of 6, 6, 5 and 3 hours, all asked for, and two directors with some hours each."""
    return small_problem(
        directors=[{"max_companies": 4, "hours_per_month": n_hours}] * 2,
        companies=[{"kind": "municipality", "hours_per_month": hours} for hours in (6, 6, 5, 3)],
        policy={"limits": {"quotas": [{"by": "kind", "value": "municipality", "min": 4}]}},
    )


def test_tree_that_there_is_no_plan_is_proved_again_and_of_no_other_data() -> None:
    """Ten hours each are enough for all parts, but no parts come to ten: no prices show that."""
    plan = match(_stuck(10))
    assert [proof.kind for proof in plan.document.proof] == ["tree_infeasible"]
    assert (plan.status, plan.certificate.word) == ("infeasible", "proved")
    content = content_of(plan)
    verification = checked(content, plan.problem)
    assert (verification.ok, verification.word) == (True, "proved"), verification.problems
    roomy = forged(content, _stuck(11))
    assert {"tree_open", "figure_wrong"} <= rules_of(checked(roomy, _stuck(11)))
    raised = content_of(plan)
    raised["proof"][0]["tree"]["tree"]["bound"] = 0
    assert "refutes_nothing" in rules_of(checked(signed(raised), plan.problem))


def test_plan_with_a_tree_is_written_a_line_a_tier_and_read_back(plan: Plan) -> None:
    lines = plan.to_json().splitlines()
    assert sum(line.startswith('  {"tier": ') for line in lines) == len(plan.document.tiers)
    assert document_of(json.loads(plan.to_json())) == plan.document
