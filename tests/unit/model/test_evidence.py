"""What a tier leaves behind: the weakest thing that proves its bound, and never a tree nobody could check."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.model import evidence as evidence_module
from matcher.model.answer import Answer, Limits, Prices
from matcher.model.bottleneck import raise_floor
from matcher.model.certificate import certify, with_objective
from matcher.model.evidence import MAX_PRICE, cost_of, depth_of, evidence_of, evidence_of_none, is_checkable
from matcher.model.formulation import Formulation, RowBlock, build_formulation
from matcher.model.objectives import Tier
from matcher.model.proof import Proof, ProofNode
from matcher.model.tiers import solve_tiers
from tests.brute_force import brute_force
from tests.contract.zoo import block
from tests.trees import grown, knapsacks


def _answer(formulation: Formulation, **parts: object) -> Answer:
    x = np.array(sorted(brute_force(formulation).optimal)[0], np.int64)
    return replace(Answer("optimal", "test", x=x), **parts)  # type: ignore[arg-type]


def test_tree_is_kept_only_where_prices_prove_less() -> None:
    formulation = knapsacks(0)
    proof = grown(formulation)
    weak = Prices(np.zeros(formulation.n_rows, np.int64))
    for answer, kind in (
        (_answer(formulation, proof=proof, prices=weak), "tree"),
        (_answer(formulation, proof=proof), "tree"),
        (_answer(formulation, prices=weak), "prices"),
        (_answer(formulation), "open"),
    ):
        found = evidence_of(formulation, answer, certify(formulation, answer), 7)
        assert (found.kind, found.kept) == (kind, 7)
        assert (found.proof is proof, found.prices is weak) == (kind == "tree", kind == "prices")
    easy = build_formulation([5, 3], [block("one", [[0, 1]], [1])])
    both = _answer(easy, prices=Prices(np.array([5])), proof=grown(easy))
    assert evidence_of(easy, both, certify(easy, both), 5).kind == "prices"


def test_no_plan_is_witnessed_by_prices_before_a_tree_and_by_nothing_else() -> None:
    formulation = knapsacks(1, 3, 4)
    nothing = with_objective(formulation, np.zeros(formulation.n_cols, np.int64))
    tree = Answer("infeasible", "test", proof=grown(nothing, -1))
    found = evidence_of_none(formulation, tree)
    assert found is not None and (found.kind, found.proof) == ("tree_infeasible", tree.proof)
    assert evidence_of_none(formulation, replace(tree, status="unknown")) is None
    assert evidence_of_none(formulation, Answer("infeasible", "test")) is None
    assert evidence_of_none(knapsacks(0, 3, 4), tree) is None
    crossed = build_formulation([1], [block("most", [[0]], [0]), block("least", [[0]], [1], lower=[1])])
    priced = Answer("infeasible", "test", farkas=Prices(np.array([1, -1])), proof=tree.proof)
    found = evidence_of_none(crossed, priced)
    assert found is not None and (found.kind, found.proof) == ("infeasible", None)


def _thirds() -> Formulation:
    """Two of four columns of two hours in three: the fractions fit, no two do. The fifth column is alone."""
    rows = [
        RowBlock("hours", np.zeros(4, int), np.arange(4), np.array([0]), np.array([3]), coef=np.full(4, 2)),
        RowBlock("least", np.zeros(5, int), np.arange(5), np.array([2]), np.array([5])),
    ]
    return build_formulation([7, 7, 7, 7, 2], rows)


def test_floor_refuted_by_a_tree_is_proved() -> None:
    """Without the fifth column two of four are asked for, and hours for one and a half are there."""
    formulation = _thirds()

    def solve(model: Formulation, _: object) -> Answer:
        truth = brute_force(model)
        if truth.value is None:
            return Answer("infeasible", "test", proof=grown(model, -1))
        return Answer("optimal", "test", x=np.array(sorted(truth.feasible)[0], np.int64))

    floor = raise_floor(formulation, formulation.objective, None, solve=solve, of="all")
    assert (floor.certificate.value, floor.certificate.bound, floor.certificate.word) == (2, 2, "proved")
    assert floor.refuted == 7 and floor.is_refuted
    assert floor.refutation is not None and floor.refutation.kind == "tree_infeasible"


def test_tier_of_the_worst_match_keeps_the_tree_that_refutes_the_next_floor() -> None:
    formulation = _thirds()
    tiers = [Tier("worst", formulation.objective, kind="least")]
    result = solve_tiers(formulation, tiers, limits=Limits(), backend="pricing").results[0]
    assert (result.value, result.certificate.word) == (2, "proved")
    assert (result.evidence.kind, result.evidence.floor, result.evidence.kept) == ("floor", 7, 2)
    assert result.evidence.proof is not None or result.evidence.prices is not None


@pytest.mark.parametrize(
    ("children", "depth"),
    [
        ([(-1, -1)], 1),
        ([(1, 2), (-1, -1), (3, -1), (-1, -1)], 3),
        ([], 0),
        ([(1, 1), (-1, -1)], None),
        ([(0, 1), (-1, -1)], None),
        ([(1, 2), (2, -1), (-1, -1)], None),
        ([(1, 2), (-1, -1)], None),
        ([(-1, -1), (-1, -1)], None),
    ],
)
def test_depth_is_of_trees_only(children: list[tuple[int, int]], depth: int | None) -> None:
    assert depth_of(children) == depth


def test_trees_that_would_take_too_much_are_not_checkable(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation = knapsacks(0)
    proof = grown(formulation)
    assert is_checkable(formulation, proof)
    twice = replace(proof.nodes[0], column=0, at_one=1, at_zero=1)
    assert not is_checkable(formulation, replace(proof, nodes=(twice, *proof.nodes[1:])))
    dear = ProofNode((np.full(formulation.n_rows, MAX_PRICE + 1),))
    assert not is_checkable(formulation, replace(proof, nodes=(dear,)))
    sizes = {"kept": proof.kept, "unit": proof.unit}
    n_cells = int(sum(np.diff(formulation.row_ptr)[proof.kept] * (formulation.row_upper[proof.kept] + 1)))
    size = formulation.n_rows + formulation.n_cols + formulation.col_idx.size + n_cells

    def is_affordable(n_prices: int, depth: int) -> bool:
        return cost_of(formulation, n_prices=n_prices, depth=depth, **sizes).is_affordable

    monkeypatch.setattr(evidence_module, "MAX_WORK", 3 * size)
    assert is_affordable(3, 1) and not is_affordable(4, 1)
    monkeypatch.setattr(evidence_module, "MAX_NUMBERS", 2 * formulation.n_rows)
    assert is_affordable(2, 1) and not is_affordable(3, 1)
    assert not is_affordable(1, 2)


def test_tree_nobody_could_check_bounds_no_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation = knapsacks(7, 3, 16)
    tiers = [Tier("points", formulation.objective)]
    held = solve_tiers(formulation, tiers, limits=Limits(), backend="pricing").results[0]
    assert held.evidence.kind == "tree"
    monkeypatch.setattr(evidence_module, "MAX_NUMBERS", 1)
    left = solve_tiers(formulation, tiers, limits=Limits(), backend="pricing").results[0]
    assert left.evidence.kind == "prices" and left.value == held.value
    assert left.certificate.bound is not None and held.certificate.bound is not None
    assert left.certificate.bound > held.certificate.bound
    assert isinstance(held.evidence.proof, Proof)
