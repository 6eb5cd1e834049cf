"""Several objectives in order, the lot that leaves one plan, and the models that shrink on the way."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.errors import ModelError, UsageError
from matcher.model import tiers as tiers_module
from matcher.model.answer import Answer, Limits, Prices
from matcher.model.certificate import certify, with_objective
from matcher.model.formulation import NO_LIMIT, Formulation, build_formulation
from matcher.model.solvers import cpsat
from matcher.model.tiers import Tier, keep_points, lot, shrink, solve_tiers
from tests.brute_force import brute_force
from tests.contract.zoo import ZOO, block
from tests.properties.model_strategies import general_formulations, networks

CASES = {case.name: case for case in ZOO}


def _lexicographic(formulation: Formulation, objectives: list[np.ndarray]) -> tuple[int, ...] | None:
    """The values of the lexicographic optimum by trying every x."""
    feasible = brute_force(formulation).feasible
    return max((tuple(int(o @ np.array(x)) for o in objectives) for x in feasible), default=None)


@settings(deadline=None, max_examples=120)
@given(st.one_of(networks(), general_formulations()), st.integers(0, 10**6))
def test_tiers_are_the_lexicographic_optimum_by_brute_force(formulation: Formulation, seed: int) -> None:
    rng = np.random.default_rng(seed)
    objectives = [rng.integers(-2, 3, formulation.n_cols) for _ in range(3)]
    truth = _lexicographic(formulation, objectives)
    tiers = [Tier(f"t{k}", objective) for k, objective in enumerate(objectives)]
    answer = solve_tiers(formulation, tiers, limits=Limits())
    if truth is None:
        assert answer.answer.status == "infeasible"
        assert len(answer.results) == 1 and answer.results[0].value is None
        return
    assert answer.answer.x is not None
    assert tuple(int(o @ answer.answer.x) for o in objectives) == truth
    assert tuple(result.value for result in answer.results) == truth
    assert answer.answer.status == "optimal"


def test_second_tier_decides_only_among_the_best_of_the_first() -> None:
    formulation = build_formulation([0, 0, 0], [block("slots", [[0, 1, 2]], [1], side="left")])
    tiers = [Tier("points", np.array([5, 5, 4])), Tier("tie_break", np.array([0, 1, 9]))]
    answer = solve_tiers(formulation, tiers, limits=Limits())
    assert answer.answer.x is not None and answer.answer.x.tolist() == [0, 1, 0]
    assert [(r.name, r.value, r.certificate.word) for r in answer.results] == [
        ("points", 5, "proved"),
        ("tie_break", 1, "proved"),
    ]


def test_tolerance_lets_the_next_tier_give_up_that_many_points() -> None:
    formulation = build_formulation([0, 0, 0], [block("slots", [[0, 1, 2]], [1], side="left")])

    def second(tolerance: int) -> int | None:
        tiers = [Tier("points", np.array([5, 4, 2]), tolerance), Tier("next", np.array([0, 1, 9]))]
        return solve_tiers(formulation, tiers, limits=Limits()).results[1].value

    assert [second(0), second(1), second(2), second(3)] == [0, 1, 1, 9]


def test_tier_that_is_not_tight_is_kept_by_a_row() -> None:
    """The relaxation proves 15 of 10 points: no face, but the next tier may not lose a point."""
    formulation = build_formulation([0] * 3, [block("hours", [[0, 1, 2]], [3], coef=[[2, 2, 2]])])
    tiers = [Tier("points", np.array([10, 10, 9])), Tier("next", np.array([0, 1, 5]))]
    answer = solve_tiers(formulation, tiers, limits=Limits())
    assert answer.answer.x is not None and answer.answer.x.tolist() == [0, 1, 0]
    assert [r.certificate.word for r in answer.results] == ["claimed", "claimed"]


def test_network_stays_a_network_over_all_tiers() -> None:
    formulation = CASES["ties_everywhere"].build()
    tiers = [Tier("points", formulation.objective), Tier("lot", lot(9, 0))]
    answer = solve_tiers(formulation, tiers, limits=Limits())
    assert [r.backend for r in answer.results] == ["flow", "flow"]
    assert answer.choice.reason_code == "rows_are_network"


def test_tier_without_free_columns_asks_no_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation = CASES["greedy_trap"].build()
    monkeypatch.setattr(cpsat, "solve", lambda *_, **__: pytest.fail("solved"))
    fixed = replace(formulation, column_lower=np.array([0, 1, 1, 0]), column_upper=np.array([0, 1, 1, 0]))
    answer = solve_tiers(fixed, [Tier("points", fixed.objective)], limits=Limits(), backend="cpsat")
    assert (answer.results[0].value, answer.results[0].certificate.word, answer.results[0].backend) == (
        18,
        "proved",
        "none",
    )


def test_fixed_columns_that_break_a_row_are_infeasible_with_proof() -> None:
    formulation = build_formulation([1, 1], [block("slots", [[0, 1]], [1])], column_lower=[1, 1])
    answer = solve_tiers(formulation, [Tier("points", formulation.objective)], limits=Limits())
    assert answer.answer.status == "infeasible"
    assert answer.results[0].certificate.infeasible_proved


def test_later_tier_without_a_plan_keeps_the_plan_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation = build_formulation([0] * 3, [block("hours", [[0, 1, 2]], [3], coef=[[2, 2, 2]])])
    tiers = [Tier("points", np.array([10, 10, 9])), Tier("next", np.array([0, 1, 5]))]
    real, calls = cpsat.solve, []

    def once(*given: object, **more: object) -> Answer:
        calls.append(1)
        return real(*given, **more) if len(calls) == 1 else Answer("unknown", "cpsat")

    monkeypatch.setattr(cpsat, "solve", once)
    answer = solve_tiers(formulation, tiers, limits=Limits())
    assert len(calls) == 2
    assert answer.answer.status == "feasible"
    assert answer.results[0].value == 10 and answer.results[1].certificate.word == "unknown"
    assert answer.answer.x is not None and formulation.row_activity(answer.answer.x).tolist() == [2]


def test_later_tier_of_fewer_points_keeps_the_plan_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation = build_formulation([0, 0], [block("hours", [[0, 1]], [3], coef=[[2, 2]])])
    tiers = [Tier("points", np.array([10, 10])), Tier("next", np.array([0, 1]))]
    plans = iter([np.array([0, 1]), np.array([1, 0])])
    monkeypatch.setattr(cpsat, "solve", lambda *_, **__: Answer("optimal", "cpsat", x=next(plans)))
    answer = solve_tiers(formulation, tiers, limits=Limits())
    assert answer.answer.x is not None and answer.answer.x.tolist() == [0, 1]
    assert answer.answer.status == "feasible"


def test_time_is_shared_and_later_tiers_get_some(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Limits] = []
    real = cpsat.solve

    def watched(formulation: Formulation, limits: Limits, **more: object) -> Answer:
        given.append(limits)
        return real(formulation, limits, **more)

    monkeypatch.setattr(cpsat, "solve", watched)
    formulation = build_formulation([0] * 4, [block("hours", [[0, 1, 2, 3]], [3], coef=[[2, 2, 2, 2]])])
    tiers = [Tier("points", np.array([7, 7, 7, 7])), Tier("a", np.array([1, 1, 1, 0])), Tier("b", np.arange(4))]
    solve_tiers(formulation, tiers, limits=Limits(time_limit_s=10.0, gap=0.01))
    assert [limits.gap for limits in given] == [0.01, 0.0, 0.0]
    assert given[0].time_limit_s == pytest.approx(6.0, abs=0.2)
    assert all(limits.time_limit_s is not None and limits.time_limit_s >= 0.5 for limits in given)


def test_tier_after_the_time_is_over_still_gets_a_twentieth() -> None:
    late = time.monotonic() - 100.0
    assert tiers_module._spend(Limits(time_limit_s=10.0), 1, 3, late).time_limit_s == pytest.approx(0.5)


def test_answer_counts_as_optimal_only_when_every_tier_is(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation = build_formulation([0, 0], [block("hours", [[0, 1]], [3], coef=[[2, 2]])])
    tiers = [Tier("points", np.array([10, 10])), Tier("next", np.array([0, 1]))]
    statuses = iter(["optimal", "feasible"])
    monkeypatch.setattr(cpsat, "solve", lambda *_, **__: Answer(next(statuses), "cpsat", x=np.array([0, 1])))
    assert solve_tiers(formulation, tiers, limits=Limits()).answer.status == "feasible"


def test_no_tier_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        solve_tiers(CASES["one_pair"].build(), [], limits=Limits())
    assert caught.value.code == "no_tier"


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


def test_lot_is_recorded_and_depends_on_seed_and_column_only() -> None:
    """The figures are frozen: a plan of last year is repeated by its seed."""
    assert lot(3, 0).tolist() == LOT_3_0
    assert lot(1000, 0)[:3].tolist() == lot(3, 0).tolist()
    assert lot(3, 1).tolist() != lot(3, 0).tolist()
    assert lot(3, -1).tolist() == lot(3, 2**64 - 1).tolist()


def test_lot_fits_and_differs_between_columns() -> None:
    weights = lot(200_000, 4)
    assert weights.min() >= 0 and weights.max() < 2**40
    assert np.unique(weights).size == weights.size
    assert sum(weights.tolist()) < 2**61


def test_lot_takes_fewer_bits_for_very_many_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers_module, "_LOT_BITS", 60)
    weights = lot(1000, 0)
    assert weights.max() >= 2**50 and sum(weights.tolist()) < 2**61


LOT_3_0 = [971210504571, 474470050465, 29064239232]


def test_prices_of_dropped_rows_are_zero() -> None:
    formulation = replace(CASES["greedy_trap"].build(), column_upper=np.array([1, 1, 0, 0]))
    small = shrink(formulation)
    widened = small.widen_prices(Prices(np.full(small.row_idx.size, 4, np.int64), 2), formulation.n_rows)
    assert widened is not None and widened.scale == 2
    assert widened.row.tolist() == [4, 0, 4, 4]
    assert small.widen_prices(None, formulation.n_rows) is None
