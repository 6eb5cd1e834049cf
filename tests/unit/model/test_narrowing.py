"""What narrows a model from tier to tier, and the models that shrink on the way."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.errors import ModelError
from matcher.model.answer import Answer, Limits, Prices
from matcher.model.certificate import certify, is_tight, with_objective
from matcher.model.formulation import NO_LIMIT, Formulation, build_formulation
from matcher.model.knapsack import choose_rows
from matcher.model.narrowing import fixed_by, keep_points, narrowed
from matcher.model.objectives import Tier
from matcher.model.proof import Proof, ProofNode
from matcher.model.shrinking import shrink
from matcher.model.solvers import cpsat
from matcher.model.solvers.branching import Search
from matcher.model.solvers.linear_prices import relax
from tests.brute_force import brute_force
from tests.contract.zoo import ZOO, block
from tests.properties.model_strategies import general_formulations, networks, prices_for
from tests.trees import grown, knapsacks

CASES = {case.name: case for case in ZOO}


@settings(deadline=None, max_examples=150)
@given(st.one_of(networks(), general_formulations()), st.integers(0, 10**6))
def test_shrunk_model_has_the_same_plans_and_points(formulation: Formulation, seed: int) -> None:
    truth = brute_force(formulation)
    assume(truth.value is not None)
    rng = np.random.default_rng(seed)
    some = np.array(sorted(truth.feasible)[0], np.int64)
    is_fixed = rng.random(formulation.n_cols) < 0.5
    fixed = replace(
        formulation,
        column_lower=np.where(is_fixed, some, formulation.column_lower),
        column_upper=np.where(is_fixed, some, formulation.column_upper),
    )
    small, whole = shrink(fixed), brute_force(fixed)
    assert not small.is_contradiction
    inner = brute_force(small.formulation)
    assert {tuple(small.widen_x(np.array(x, np.int64)).tolist()) for x in inner.feasible} == set(whole.feasible)
    assert inner.value is not None and inner.value + small.constant == whole.value


def test_shrunk_prices_prove_the_same_on_the_whole_model() -> None:
    formulation = replace(CASES["greedy_trap"].build(), column_lower=np.array([1, 0, 0, 0]))
    small = shrink(formulation)
    answer = cpsat.solve(small.formulation, Limits())
    prices = small.widen_prices(answer.prices, formulation.n_rows)
    assert answer.x is not None and prices is not None
    whole = certify(formulation, Answer("optimal", "test", x=small.widen_x(answer.x), prices=prices))
    assert (whole.value, whole.word) == (11, "proved")


def test_kept_points_are_one_row_of_their_own_family() -> None:
    formulation = keep_points(with_objective(CASES["greedy_trap"].build(), np.array([3, 0, -1, 2])), "points", 2)
    assert formulation.families[-1].name == "tier:points"
    assert formulation.row_activity(np.array([1, 1, 1, 1])).tolist()[-1] == 4
    assert (formulation.row_lower[-1], formulation.row_upper[-1]) == (2, NO_LIMIT)


def test_kept_points_beyond_int64_are_refused() -> None:
    formulation = build_formulation([2**61, 0], [block("big", [[0, 1]], [NO_LIMIT], coef=[[2**61, 1]])])
    with pytest.raises(ModelError) as caught:
        keep_points(formulation, "points", 1)
    assert caught.value.code == "sum_too_large"


def test_prices_of_dropped_rows_are_zero() -> None:
    formulation = replace(CASES["greedy_trap"].build(), column_upper=np.array([1, 1, 0, 0]))
    small = shrink(formulation)
    widened = small.widen_prices(Prices(np.full(small.row_idx.size, 4, np.int64), 2), formulation.n_rows)
    assert widened is not None and widened.scale == 2
    assert widened.row.tolist() == [4, 0, 4, 4]
    assert small.widen_prices(None, formulation.n_rows) is None


@settings(deadline=None, max_examples=150)
@given(general_formulations(), st.data())
def test_fixing_by_any_prices_loses_no_plan_that_keeps_the_points(
    formulation: Formulation, data: st.DataObject
) -> None:
    truth = brute_force(formulation)
    assume(truth.value is not None)
    assert truth.value is not None
    row, scale = data.draw(prices_for(formulation.n_rows, largest=30))
    wanted = choose_rows(formulation)
    kept = wanted[: data.draw(st.integers(0, wanted.size))]
    unit = np.array([data.draw(st.integers(1, 4)) for _ in kept], np.int64)
    proof = Proof(0, min(scale, 1000), kept, unit, (ProofNode((row,)),))
    least = truth.value - data.draw(st.integers(0, 3))
    after = brute_force(fixed_by(formulation, proof, least))

    def rich(plans: frozenset[tuple[int, ...]]) -> set[tuple[int, ...]]:
        return {x for x in plans if formulation.value_of(np.array(x, np.int64)) >= least}

    assert rich(after.feasible) == rich(truth.feasible)
    assert after.optimal == truth.optimal


@pytest.mark.parametrize("seed", range(12))
def test_tier_proved_by_a_tree_keeps_its_best_plans_and_fixes_columns(seed: int) -> None:
    formulation = knapsacks(seed, 2, 6)
    truth, proof = brute_force(formulation), grown(formulation)
    assert truth.value == proof.bound and truth.value is not None
    for tolerance in (0, 4):
        tier = Tier("points", formulation.objective, tolerance=tolerance)
        after = narrowed(formulation, tier, truth.value, proof=proof)
        least = truth.value - tolerance
        rich = {x for x in truth.feasible if formulation.value_of(np.array(x, np.int64)) >= least}
        assert brute_force(after).feasible == rich
    whole = narrowed(formulation, tier, truth.value)
    assert int((whole.column_upper - whole.column_lower).sum()) == formulation.n_cols


def test_tree_leaves_the_next_tier_few_columns() -> None:
    """Three columns of twelve are left to choose: without the tree's root all twelve would be."""
    formulation = knapsacks(2, 2, 6)
    search = Search(formulation, relax(formulation).prices, value=None, take=formulation.value_of)
    search.root(time.monotonic() + 60)
    search.grow(time.monotonic() + 60, 1000)
    proof = search.proof()
    assert proof is not None
    after = narrowed(formulation, Tier("points", formulation.objective), proof.bound, proof=proof)
    assert int((after.column_upper > after.column_lower).sum()) < 6


def test_prices_that_are_not_tight_fix_columns_too() -> None:
    formulation = knapsacks(0, 3, 16)
    prices = relax(formulation).prices
    assert prices is not None and not is_tight(formulation, prices, 300)
    best = grown(formulation).bound
    after = narrowed(formulation, Tier("points", formulation.objective), best, prices=prices)
    assert 0 < int((after.column_upper > after.column_lower).sum()) < formulation.n_cols


def test_roots_that_cannot_be_used_fix_nothing() -> None:
    formulation = knapsacks(0)
    good = grown(formulation)
    huge = np.full(formulation.n_rows, 2**60)
    for proof in (
        replace(good, nodes=(ProofNode((huge,)),)),
        replace(good, kept=np.array([formulation.n_rows - 1]), unit=np.array([1])),
        replace(good, scale=0),
    ):
        assert fixed_by(formulation, proof, good.bound) is formulation
    assert fixed_by(formulation, good, good.bound + 10_000) is formulation
