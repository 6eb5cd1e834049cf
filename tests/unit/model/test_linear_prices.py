"""Integer prices from the linear relaxation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.model.answer import Answer, Prices
from matcher.model.certificate import bound_of, certify, reduced_costs
from matcher.model.formulation import NO_LIMIT, Formulation, build_formulation
from matcher.model.solvers import linear_prices, mathopt
from matcher.model.solvers.linear_prices import farkas_prices, integer_prices, relax
from tests.brute_force import brute_force
from tests.contract.zoo import ZOO, block
from tests.properties.model_strategies import general_formulations, networks

CASES = {case.name: case for case in ZOO}


def test_prices_are_the_only_duals_2_1_0() -> None:
    """y₀+y₁ ≥ 3, y₀+y₂ ≥ 2, y₁+y₂ ≥ 1 at least sum 3: only (2, 1, 0). `model_builder` with HiGHS gave activities."""
    found = relax(CASES["duals_2_1_0"].build())
    assert found.prices is not None
    assert (found.prices.row.tolist(), found.prices.scale) == ([2, 1, 0], 1)
    assert found.bound == 3


def test_prices_with_halves_keep_the_exact_bound() -> None:
    """Points 1, 2, 4 + halves: the triangle's prices are k/2, and the bound is exactly the relaxation's 3.5."""
    formulation = build_formulation([2, 2, 3], [block("rivals", [[0, 1], [1, 2], [0, 2]], [1, 1, 1])])
    found = relax(formulation)
    assert found.prices is not None and found.prices.scale == 2
    assert (found.prices.row * 2 // found.prices.scale).tolist() == [1, 3, 3]
    assert found.bound == 3


def test_rounded_prices_choose_the_scale_with_the_least_bound() -> None:
    formulation = build_formulation([10, 10, 10], [block("hours", [[0, 1, 2]], [10], coef=[[7, 7, 7]])])
    prices = integer_prices(formulation, np.array([10 / 7]))
    assert prices == Prices(np.array([10]), 7)
    assert bound_of(formulation, prices) == 14
    assert bound_of(formulation, Prices(np.array([1]))) == 19


def test_prices_of_a_wrong_sign_on_one_sided_rows_count_nothing() -> None:
    formulation = build_formulation([1, 1], [block("upper", [[0]], [1]), block("lower", [[1]], [NO_LIMIT], lower=[1])])
    prices = integer_prices(formulation, np.array([-5.0, 5.0]))
    assert prices is not None and prices.row.tolist() == [0, 0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_duals_that_are_no_numbers_give_no_prices(bad: float) -> None:
    assert integer_prices(CASES["one_pair"].build(), np.array([0.0, bad])) is None


def test_farkas_prices_prove_the_quota_out_of_reach() -> None:
    formulation = CASES["infeasible_slots"].build()
    found = relax(formulation)
    assert found.status == "infeasible" and found.farkas is not None
    assert certify(formulation, Answer("infeasible", "test", farkas=found.farkas)).infeasible_proved


def test_farkas_prices_of_a_feasible_model_are_none() -> None:
    assert farkas_prices(CASES["one_pair"].build()) is None
    assert farkas_prices(CASES["parity"].build()) is None


def test_failing_lp_gives_no_prices_and_no_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mathopt, "proto_of", lambda programme: object())
    found = relax(CASES["one_pair"].build())
    assert (found.status, found.prices, found.farkas) == ("unsolved", None, None)


def test_time_limit_of_nothing_gives_no_prices_and_no_exception() -> None:
    assert relax(CASES["ties_everywhere"].build(), time_limit_s=0.0).status in ("unsolved", "optimal")


def _large() -> Formulation:
    rng = np.random.default_rng(0)
    director, company = np.divmod(np.arange(40 * 60), 60)
    rows = [[int(j) for j in np.flatnonzero(director == d)] for d in range(40)]
    companies = [[int(j) for j in np.flatnonzero(company == c)] for c in range(60)]
    need = rng.integers(2, 9, 60)
    return build_formulation(
        rng.integers(0, 500, director.size),
        [
            block("slots", rows, [3] * 40, side="left"),
            block("company", companies, [1] * 60, side="right"),
            block("hours", rows, [11] * 40, coef=[[int(need[company[j]]) for j in row] for row in rows]),
        ],
    )


def test_sifting_ends_at_the_bound_of_the_whole_model(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation = _large()
    whole = relax(formulation)
    monkeypatch.setattr(linear_prices, "_SIFT_ABOVE", 10)
    monkeypatch.setattr(linear_prices, "_BEST_PER_ROW", 1)
    sifted = relax(formulation)
    assert sifted.n_rounds > 1
    assert sifted.bound == whole.bound


def test_sifting_sees_that_first_columns_do_not_suffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second demanded pair is the best of no row: the first columns alone are infeasible."""
    monkeypatch.setattr(linear_prices, "_SIFT_ABOVE", 1)
    monkeypatch.setattr(linear_prices, "_BEST_PER_ROW", 1)
    formulation = build_formulation(
        [9, 5, 1],
        [block("slots", [[0, 1, 2]], [2], side="left"), block("quota", [[1, 2]], [NO_LIMIT], lower=[2], side="right")],
    )
    found = relax(formulation)
    assert (found.status, found.bound) == ("optimal", 6)


@settings(deadline=None, max_examples=150)
@given(networks())
def test_prices_meet_the_optimum_of_every_network(formulation: Formulation) -> None:
    truth, found = brute_force(formulation).value, relax(formulation)
    if truth is None:
        assert found.farkas is not None
    else:
        assert found.bound == truth


@settings(deadline=None, max_examples=150)
@given(general_formulations())
def test_bound_is_never_below_the_optimum(formulation: Formulation) -> None:
    truth, found = brute_force(formulation).value, relax(formulation)
    if truth is not None:
        assert found.farkas is None
        assert found.bound is not None and found.bound >= truth
    nothing = replace(formulation, objective=np.zeros_like(formulation.objective))
    if found.farkas is not None:
        assert bound_of(nothing, found.farkas) < 0


@settings(deadline=None, max_examples=150)
@given(general_formulations(), st.integers(0, 2**32), st.integers(20, 40), st.integers(1, 100_000))
def test_reduced_costs_of_the_prices_stay_inside_int64(
    formulation: Formulation, seed: int, bits: int, ratio: int
) -> None:
    """Lots over hours: large points, and coefficients far apart in one row."""
    rng = np.random.default_rng(seed)
    large = replace(
        formulation,
        objective=rng.integers(0, 2**bits, formulation.n_cols),
        coef=np.where(rng.random(formulation.coef.size) < 0.5, formulation.coef, formulation.coef * ratio),
    )
    dual = rng.random(formulation.n_rows) * 2.0 ** (bits - 3)
    prices = integer_prices(large, dual)
    assert prices is not None
    assert reduced_costs(large, prices).dtype == np.int64
    truth = brute_force(large).value
    assert truth is None or bound_of(large, prices) >= truth


def test_scale_is_the_largest_that_fits() -> None:
    """2⁴⁰ points for 1 hour in a row with one of 80,000: a million leaves int64, some dozens do not."""
    formulation = build_formulation([2**40, 1], [block("hours", [[0, 1]], [80_000], coef=[[1, 80_000]])])
    prices = integer_prices(formulation, np.array([2.0**40 + 1 / 7 + 1e-3]))
    assert prices is not None and prices.scale in (1, 52)
    assert linear_prices._largest_scale(formulation, np.array([2.0**40])) == 52
    assert linear_prices._largest_scale(CASES["one_pair"].build(), np.zeros(2)) > 10**6


def test_prices_that_fit_at_no_scale_still_give_their_bound() -> None:
    formulation = build_formulation([2**40, 1], [block("hours", [[0, 1]], [2**30], coef=[[1, 2**30]])])
    prices = integer_prices(formulation, np.array([2.0**40]))
    assert prices is not None and prices.scale == 1
    assert bound_of(formulation, prices) >= 2**40
