"""A bound with knapsack rows and a tree: it holds where brute force agrees, and no mutation of it does."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest

from matcher.model.formulation import NO_LIMIT, Formulation, RowBlock, build_formulation
from matcher.model.proof import Domain, Proof, ProofNode, holds, propagated, with_bound
from matcher.model.shrinking import shrink
from matcher.model.solvers.branching import Search
from matcher.model.solvers.linear_prices import relax
from tests.trees import knapsacks as assignment


def optimum(formulation: Formulation) -> int | None:
    values = [
        formulation.value_of(np.array(x))
        for x in itertools.product((0, 1), repeat=formulation.n_cols)
        if ((activity := formulation.row_activity(np.array(x))) <= formulation.row_upper).all()
        and (activity >= formulation.row_lower).all()
    ]
    return max(values, default=None)


def grown(formulation: Formulation, value: int | None) -> Proof:
    search = Search(formulation, relax(formulation).prices, value=value, take=formulation.value_of)
    deadline = time.monotonic() + 30
    search.root(deadline)
    search.grow(deadline, 1000)
    proof = search.proof()
    assert proof is not None
    return proof


@pytest.mark.parametrize("seed", range(25))
def test_the_tree_proves_the_optimum_and_nothing_below(seed: int) -> None:
    formulation = assignment(seed)
    best = optimum(formulation)
    assert best is not None
    proof = grown(formulation, best)
    assert proof.bound == best
    assert holds(formulation, proof)
    assert not holds(formulation, replace(proof, bound=best - 1))


@pytest.mark.parametrize("seed", range(8))
def test_without_a_plan_the_search_finds_the_best_itself(seed: int) -> None:
    formulation = assignment(seed)
    assert grown(formulation, None).bound == optimum(formulation)


@pytest.fixture(scope="module")
def hard() -> tuple[Formulation, Proof, int]:
    formulation = assignment(8, 3, 16)
    search = Search(formulation, relax(formulation).prices, value=None, take=formulation.value_of)
    deadline = time.monotonic() + 30
    search.root(deadline, 3)
    search.grow(deadline, 5000)
    proof = search.proof()
    assert proof is not None and len(proof.nodes) > 5
    return formulation, proof, proof.bound


def test_a_tree_with_branches_holds_and_may_claim_less(hard: tuple[Formulation, Proof, int]) -> None:
    formulation, proof, bound = hard
    assert holds(formulation, proof)
    for more in (1, 2, 5, 100):
        assert holds(formulation, with_bound(proof, bound + more))
    with pytest.raises(ValueError):
        with_bound(proof, bound - 1)


def test_a_tree_that_lost_a_branch_or_its_prices_proves_nothing(hard: tuple[Formulation, Proof, int]) -> None:
    formulation, proof, _ = hard
    root = proof.nodes[0]
    assert root.column >= 0
    for node in (
        replace(root, prices=(), column=-1),
        replace(root, column=-1),
        replace(root, at_zero=-1),
        replace(root, at_one=0),
        replace(root, at_one=len(proof.nodes)),
        replace(root, column=formulation.n_cols),
        replace(root, prices=(root.prices[0][:-1],)),
    ):
        assert not holds(formulation, replace(proof, nodes=(node, *proof.nodes[1:])))
    bare = tuple(replace(node, prices=()) for node in proof.nodes)
    assert not holds(formulation, replace(proof, nodes=bare))
    assert not holds(formulation, replace(proof, nodes=()))


def test_a_half_that_two_nodes_share_is_refused_at_once() -> None:
    formulation = assignment(0)
    nothing = np.zeros(formulation.n_rows, np.int64)
    chain = tuple(ProofNode((nothing,), column, column + 1, column + 1) for column in range(formulation.n_cols))
    empty = np.zeros(0, np.int64)
    assert not holds(formulation, Proof(10**6, 1, empty, empty, (*chain[1:], ProofNode(()))))
    assert holds(formulation, Proof(10**6, 1, empty, empty, (ProofNode((nothing,)),)))
    shared = (ProofNode((), 0, 1, 1), ProofNode((nothing,)))
    assert not holds(formulation, Proof(10**6, 1, empty, empty, shared))


def test_rows_or_units_that_were_tampered_with_prove_nothing(hard: tuple[Formulation, Proof, int]) -> None:
    formulation, proof, _ = hard
    for kept, unit in (
        (proof.kept[:0], proof.unit[:0]),
        (np.array([formulation.n_rows]), np.array([1])),
        (np.array([-1]), np.array([1])),
        (np.array([formulation.n_rows - 1]), np.array([1])),  # a row without an upper bound is no knapsack
        (proof.kept, proof.unit * 0),
        (proof.kept, proof.unit * 100),
        (proof.kept, proof.unit[:1]),
    ):
        assert not holds(formulation, replace(proof, kept=kept, unit=unit))
    assert not holds(formulation, replace(proof, scale=0))


def test_prices_too_large_for_exact_sums_prove_nothing() -> None:
    formulation = assignment(0)
    wild = ProofNode((np.full(formulation.n_rows, 2**61),))
    empty = np.zeros(0, np.int64)
    assert not holds(formulation, Proof(10**6, 1, empty, empty, (wild,)))


def test_a_proof_of_another_formulation_is_not_believed(hard: tuple[Formulation, Proof, int]) -> None:
    formulation, proof, _ = hard
    better = replace(formulation, objective=formulation.objective + 1)
    assert not holds(better, proof)
    roomier = replace(
        formulation, row_upper=np.where(formulation.row_upper < NO_LIMIT, formulation.row_upper * 2, NO_LIMIT)
    )
    assert not holds(roomier, proof)


def test_propagation_fixes_what_one_row_decides_and_finds_a_row_that_cannot_hold() -> None:
    rows = [
        RowBlock("one", np.zeros(2, int), np.arange(2), np.ones(1, int), np.ones(1, int)),
        RowBlock("hours", np.zeros(2, int), np.arange(2), np.full(1, -NO_LIMIT), np.array([4]), coef=np.array([5, 3])),
    ]
    formulation = build_formulation([9, 1], rows)
    domain = propagated(formulation, Domain(formulation.column_lower, formulation.column_upper))
    assert domain is not None
    assert domain.lower.tolist() == domain.upper.tolist() == [0, 1]
    assert propagated(formulation, Domain(np.array([1, 0]), np.array([1, 1]))) is None


def test_a_wide_column_is_bounded_but_never_split() -> None:
    rows = [
        RowBlock("sum", np.zeros(2, int), np.arange(2), np.full(1, -NO_LIMIT), np.array([5]), coef=np.array([2, 1]))
    ]
    formulation = build_formulation([5, 2], rows, column_upper=[3, 1])
    proof = grown(formulation, None)
    assert proof.bound >= 12
    assert holds(formulation, proof)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("value", [0, 1])
def test_proof_found_without_a_fixed_column_holds_with_it(seed: int, value: int) -> None:
    """Also where two rows kept whole meet in that column alone, or only it has a coefficient below 0."""
    rng = np.random.default_rng(seed)
    weights, signs = rng.integers(5, 10, 8), rng.choice((-1, 1), 2)
    blocks = [
        RowBlock(name, np.zeros(5, int), columns, np.full(1, -NO_LIMIT), np.array([12]), coef=coef)
        for name, columns, coef in (
            ("a", np.array([0, 1, 2, 3, 8]), np.append(weights[:4], 3 * signs[0])),
            ("b", np.array([4, 5, 6, 7, 8]), np.append(weights[4:], 4 * signs[1])),
        )
    ]
    fixed = np.append(np.zeros(8, np.int64), value), np.append(np.ones(8, np.int64), value)
    formulation = build_formulation(rng.integers(3, 12, 9), blocks, column_lower=fixed[0], column_upper=fixed[1])
    small = shrink(formulation)
    best = optimum(small.formulation)
    assert best is not None
    proof = grown(small.formulation, best)
    assert proof.bound == best and proof.kept.size == 2
    widened = small.widen_proof(proof, formulation.n_rows)
    assert isinstance(widened, Proof) and widened.bound == best + small.constant
    assert holds(formulation, widened)
    assert not holds(formulation, replace(widened, bound=widened.bound - 1))
