"""A plan of a programme that falls apart: proved again part by part, and refused where any part was changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from matcher.domain.problem import Problem
from matcher.matching import match
from matcher.plan.plan import Plan
from matcher.words.plan import solver_line
from tests.forging import Content, checked, content_of, rules_of, signed
from tests.problems import small_problem

PREFECTURES = ("Hokkaido", "Aichi", "Fukuoka")


def three_regions(seed: int = 3, n_directors: int = 3, n_companies: int = 8) -> Problem:
    """Directors with hours who work in their own region only; what takes long is worth more."""
    rng = np.random.default_rng(seed)
    directors = [
        {
            "id": f"d{region}{k}",
            "prefecture": place,
            "max_companies": 7,
            "hours_per_month": 14 * n_companies // n_directors,
        }
        for region, place in enumerate(PREFECTURES)
        for k in range(n_directors)
    ]
    companies = [
        {"id": f"c{region}{k}", "prefecture": place, "hours_per_month": 20}
        for region, place in enumerate(PREFECTURES)
        for k in range(n_companies)
    ]
    hours, pairs = [], []
    for director in directors:
        for company in companies:
            pair = {"director_id": director["id"], "company_id": company["id"]}
            if director["prefecture"] != company["prefecture"]:
                pairs.append({**pair, "rule": "forbid"})
                continue
            n = int(rng.integers(5, 36))
            wish = round(float(np.clip(n / 18 - 1 + rng.uniform(-0.3, 0.3), -1, 1)), 2)
            hours.append({**pair, "hours_per_month": n})
            pairs.append({**pair, "rule": "wish_company", "value": wish})
    policy = {"tie_break": ["experience"], "solve": {"threads": 1}}
    return small_problem(directors, companies, pair_hours=hours, pairs=pairs, policy=policy)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Its first tier is proved by a forest, one tree of it with branches."""
    plan = match(three_regions())
    assert plan.document.proof[0].kind == "tree" and plan.certificate.word == "proved"
    return plan


def _forest(content: Content) -> dict[str, Any]:
    forest: dict[str, Any] = content["proof"][0]["tree"]["tree"]
    assert len(forest["trees"]) == 3 and max(len(tree["nodes"]) for tree in forest["trees"]) > 2
    return forest


def test_plan_in_parts_is_proved_again_and_says_so(plan: Plan) -> None:
    content = content_of(plan)
    assert sum(tree["bound"] for tree in _forest(content)["trees"]) <= _forest(content)["bound"]
    verification = checked(content, plan.problem)
    assert verification.ok and verification.word == "proved"
    assert all(tier.word == record.word for tier, record in zip(verification.tiers, plan.document.tiers, strict=True))
    solver = plan.document.solver
    assert (solver.backend, solver.reason, solver.params["n_parts"]) == ("pricing", "rows_fall_apart", "3")
    assert "falls into 3 parts" in solver_line(solver, "en") and "3個の部分" in solver_line(solver, "ja")
    several = solver.model_copy(update={"params": {"n_parts": "3", "names": "flow+pricing"}})
    assert "flow (flow) and ruling out pairs" in solver_line(several, "en")


def _bound_lowered(forest: dict[str, Any]) -> None:
    forest["bound"] -= 1


def _one_tree_lowered(forest: dict[str, Any]) -> None:
    forest["bound"] -= 1
    forest["trees"][0]["bound"] -= 1


def _trees_in_another_order(forest: dict[str, Any]) -> None:
    forest["trees"] = forest["trees"][1:] + forest["trees"][:1]


def _one_tree_less(forest: dict[str, Any]) -> None:
    forest["trees"].pop()


def _one_part_without_its_tree(forest: dict[str, Any]) -> None:
    """All its columns are said to be of the first part, which bounds them badly."""
    forest["parts"] = [[min(part, 1), length] for part, length in forest["parts"]]


def _one_column_less(forest: dict[str, Any]) -> None:
    if forest["parts"][-1][1] > 1:
        forest["parts"][-1][1] -= 1
    else:
        forest["parts"].pop()


def _prices_of_one_part_gone(forest: dict[str, Any]) -> None:
    forest["trees"][2]["nodes"] = [[-1, -1, -1, []]]


def _whole_forest_cut_down_to_the_roots(forest: dict[str, Any]) -> None:
    for tree in forest["trees"]:
        tree["nodes"] = [[-1, -1, -1, tree["nodes"][0][3]]]


CHANGES: dict[Callable[[dict[str, Any]], None], str] = {
    _bound_lowered: "tree_open",
    _one_tree_lowered: "tree_open",
    _trees_in_another_order: "proof_does_not_fit",
    _one_tree_less: "proof_does_not_fit",
    _one_part_without_its_tree: "proof_does_not_fit",
    _one_column_less: "proof_does_not_fit",
    _prices_of_one_part_gone: "tree_open",
    _whole_forest_cut_down_to_the_roots: "tree_open",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_changed_forest_is_refused_by_its_rule(plan: Plan, change: Callable[[dict[str, Any]], None]) -> None:
    content = content_of(plan)
    change(_forest(content))
    verification = checked(signed(content), plan.problem)
    assert rules_of(verification) & {CHANGES[change], "tree_open"}
    # What a part may lose in the next tier follows from the bounds of the others: nothing behind is proved either.
    assert "proved" not in {tier.word for tier in verification.tiers}


def test_forest_changed_without_its_digest_is_refused(plan: Plan) -> None:
    content = content_of(plan)
    _forest(content)["trees"][0]["scale"] += 1
    assert "tree_digest" in rules_of(checked(content, plan.problem))


def test_forest_goes_to_a_file_beside_and_comes_back(plan: Plan) -> None:
    from matcher.plan.tree_record import TreeFile

    document, text = plan.document.parted(100)
    assert text is not None and document.has_tree_file
    assert document.joined(TreeFile.model_validate_json(text, strict=True)).proof[0].tree.tree == (  # type: ignore[union-attr]
        plan.document.proof[0].tree.tree  # type: ignore[union-attr]
    )
