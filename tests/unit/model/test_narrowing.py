"""What narrows a model from tier to tier, and the models that shrink on the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.errors import ModelError
from matcher.model.answer import Answer, Limits, Prices
from matcher.model.certificate import certify, with_objective
from matcher.model.formulation import NO_LIMIT, Formulation, build_formulation
from matcher.model.narrowing import keep_points, shrink
from matcher.model.solvers import cpsat
from tests.brute_force import brute_force
from tests.contract.zoo import ZOO, block
from tests.properties.model_strategies import general_formulations, networks

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
