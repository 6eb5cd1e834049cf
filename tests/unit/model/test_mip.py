"""The mip backend: what it believes of HiGHS, what it repairs, what it refuses, and when it stops."""

from __future__ import annotations

import math
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import ModelError
from matcher.model.answer import Limits
from matcher.model.certificate import certify
from matcher.model.formulation import NO_LIMIT, Formulation, build_formulation, with_objective
from matcher.model.solvers import BACKENDS, mip
from matcher.model.solvers.incumbent import neighbourhoods
from matcher.model.solvers.linear_prices import Relaxation
from matcher.model.solvers.mathopt import MipOutcome
from tests.brute_force import brute_force
from tests.contract.zoo import FREE, ZOO, block
from tests.properties.model_strategies import general_formulations

CASES = {case.name: case for case in ZOO}


def _hours(n_directors: int = 4, n_companies: int = 20, seed: int = 1) -> Formulation:
    """Every company to exactly one director whose hours are short: a gap between fractions and integers."""
    rng = np.random.default_rng(seed)
    need = rng.integers(5, 26, (n_directors, n_companies))
    cols = np.arange(need.size).reshape(need.shape)
    return build_formulation(
        100 + need.ravel() + rng.integers(-10, 11, need.size),
        [
            block("company", cols.T.tolist(), [1] * n_companies, lower=[1] * n_companies, side="right"),
            block("hours", cols.tolist(), (need.sum(axis=1) * 8 // (10 * n_directors)).tolist(), coef=need.tolist()),
        ],
    )


@pytest.fixture
def no_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing from the relaxation, so that HiGHS alone has to find, bound and refute."""
    monkeypatch.setattr(mip, "relax", lambda formulation, **_: Relaxation("unsolved"))


@settings(deadline=None, max_examples=60)
@given(general_formulations(), st.sampled_from([4, 40]), st.integers(0, 2**32))
def test_highs_alone_finds_the_optimum_of_small_and_of_large_points(
    formulation: Formulation, bits: int, seed: int
) -> None:
    objective = np.random.default_rng(seed).integers(-(2**bits), 2**bits, formulation.n_cols)
    model = with_objective(formulation, objective)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mip, "relax", lambda formulation, **_: Relaxation("unsolved"))
        answer = mip.solve(model, Limits())
    truth = brute_force(model).value
    if truth is None:
        assert (answer.status, answer.witnesses) == ("infeasible", ("highs", "cp_sat_presolve_off"))
    else:
        assert (answer.status, certify(model, answer).value, answer.claimed_bound) == ("optimal", truth, truth)


def test_value_and_claimed_bound_meet_where_prices_leave_a_gap() -> None:
    formulation = _hours()
    answer = mip.solve(formulation, Limits())
    expected = BACKENDS["cpsat"].solve(formulation, Limits())
    certificate = certify(formulation, answer)
    assert expected.x is not None
    assert certificate.value == formulation.value_of(expected.x) == answer.claimed_bound
    assert (answer.status, certificate.word) == ("optimal", "claimed")
    assert answer.witnesses == ("linear_prices", "highs")


def test_reduced_costs_fix_what_no_better_plan_holds() -> None:
    formulation = _hours()
    best = mip.solve(formulation, Limits())
    again = mip.solve(formulation, Limits(), hint=best.x)
    assert certify(formulation, again).value == certify(formulation, best).value == again.claimed_bound
    assert 0 < again.counts["n_open"] < best.counts["n_open"] == formulation.n_cols


def test_same_seed_gives_the_same_plan() -> None:
    formulation = _hours(4, 12, 1)
    first, second = (mip.solve(formulation, Limits(seed=7)) for _ in range(2))
    assert first.x is not None and second.x is not None
    np.testing.assert_array_equal(first.x, second.x)


def test_feasible_hint_is_never_lost() -> None:
    formulation = _hours()
    best = mip.solve(formulation, Limits())
    answer = mip.solve(formulation, Limits(time_limit_s=0.0), hint=best.x)
    assert answer.x is not None and best.x is not None
    np.testing.assert_array_equal(answer.x, best.x)
    assert answer.status == "feasible"


def test_hint_of_a_wrong_shape_or_that_breaks_a_row_is_no_plan() -> None:
    formulation = CASES["infeasible_quota"].build()
    for hint in (np.ones(1, np.int64), np.ones(formulation.n_cols, np.int64)):
        assert mip.solve(formulation, Limits(), hint=hint).x is None


def _highs_says(monkeypatch: pytest.MonkeyPatch, outcome: MipOutcome) -> None:
    monkeypatch.setattr(mip, "solve_integer", lambda programme, run, hint: outcome)


@pytest.mark.usefixtures("no_prices")
def test_rounded_x_that_breaks_a_row_is_repaired_and_no_optimum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both companies need 2 of 3 hours. HiGHS says both fit, and that nothing is above 9."""
    formulation = build_formulation([5, 4], [block("hours", [[0, 1]], [3], coef=[[2, 2]])])
    _highs_says(monkeypatch, MipOutcome("optimal", np.array([1.0, 0.9999997]), 9.0))
    answer = mip.solve(formulation, Limits())
    assert answer.x is not None and answer.x.tolist() == [1, 0]
    assert (answer.status, answer.claimed_bound) == ("feasible", None)


@pytest.mark.usefixtures("no_prices")
def test_rounded_x_beyond_repair_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    _highs_says(monkeypatch, MipOutcome("optimal", np.array([1.0, 0.5]), 2.0))
    answer = mip.solve(CASES["parity"].build(), Limits())
    assert (answer.status, answer.x, answer.claimed_bound) == ("unknown", None, None)


@pytest.mark.usefixtures("no_prices")
def test_infeasible_without_a_second_witness_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    _highs_says(monkeypatch, MipOutcome("infeasible"))
    answer = mip.solve(CASES["hours_fit"].build(), Limits())
    assert answer.x is not None and answer.status == "feasible"
    assert certify(CASES["hours_fit"].build(), answer).value == CASES["hours_fit"].value


@pytest.mark.usefixtures("no_prices")
def test_infeasible_when_the_second_witness_runs_out_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    _highs_says(monkeypatch, MipOutcome("infeasible"))
    monkeypatch.setattr(mip, "_WITNESS_WORK", 0.0)
    answer = mip.solve(_hours(5, 40), Limits())
    assert (answer.status, answer.x, answer.witnesses) == ("unknown", None, ("highs",))


def test_highs_that_throws_leaves_the_plan_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    _highs_says(monkeypatch, MipOutcome("unknown"))
    answer = mip.solve(CASES["hours_knapsack"].build(), Limits())
    assert (answer.status, answer.claimed_bound) == ("feasible", 15)
    assert answer.x is not None and answer.x.sum() == 1


@pytest.mark.parametrize(
    ("objective", "coef", "upper"),
    [([2**53, 0], [1, 1], 1), ([1, 1], [2**53, 1], 2**53), ([1, 1], [1, 1], 2**53)],
)
def test_numbers_a_double_does_not_hold_are_refused(objective: list[int], coef: list[int], upper: int) -> None:
    formulation = build_formulation(objective, [block("hours", [[0, 1]], [upper], coef=[coef])])
    with pytest.raises(ModelError) as caught:
        mip.solve(formulation, Limits())
    assert (caught.value.code, caught.value.params) == ("cost_too_large_for_mip", {"limit": 2**53 - 1})


def test_numbers_just_below_the_limit_are_solved_to_the_last_digit() -> None:
    rows = [block("hours", [[0, 1]], [2**53 - 1], coef=[[2**51, 2**51]]), block("either", [[0, 1]], [1], lower=[FREE])]
    formulation = build_formulation([2**52 - 2, 2**52 - 1], rows)
    answer = mip.solve(formulation, Limits())
    assert (certify(formulation, answer).value, answer.status) == (2**52 - 1, "optimal")


def test_row_without_limits_is_not_taken_for_a_large_one() -> None:
    formulation = build_formulation([1], [block("none", [[0]], [NO_LIMIT])])
    assert mip.solve(formulation, Limits()).status == "optimal"


def test_gap_limit_ends_the_search() -> None:
    formulation = _hours()
    best = mip.solve(formulation, Limits())
    answer = mip.solve(formulation, Limits(gap=0.5), hint=best.x)
    gap = certify(formulation, answer).gap
    assert gap is not None and 0 < gap < 0.5
    assert (answer.status, answer.witnesses) == ("feasible", ("linear_prices",))


def test_log_is_kept_when_asked_for() -> None:
    assert "HiGHS" in mip.solve(_hours(), Limits(log=True)).log
    assert mip.solve(_hours(), Limits()).log == ""


def test_progress_reports_checked_values_below_the_bound() -> None:
    seen: list[tuple[int, int]] = []
    formulation = _hours()
    answer = mip.solve(formulation, Limits(), on_progress=lambda value, bound: seen.append((value, bound)))
    assert seen and all(value <= bound for value, bound in seen)
    assert seen[-1][0] == certify(formulation, answer).value


@pytest.mark.usefixtures("no_prices")
def test_stop_hands_back_the_plan_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, held = threading.Event(), threading.Event()

    def never(programme: object, run: object, hint: object) -> MipOutcome:
        stop.set()
        held.wait(20)
        return MipOutcome("unknown")

    monkeypatch.setattr(mip, "solve_integer", never)
    started = time.monotonic()
    try:
        formulation = CASES["hours_fit"].build()
        answer = mip.solve(formulation, Limits(), hint=np.array([1, 0, 0]), stop=stop)
        assert time.monotonic() - started < 10  # and not the 20 s HiGHS is still busy
        assert (answer.status, answer.x is not None) == ("feasible", True)
    finally:
        held.set()


def test_infeasible_by_prices_is_proved() -> None:
    formulation = CASES["infeasible_slots"].build()
    answer = mip.solve(formulation, Limits())
    assert answer.witnesses == ("linear_prices",)
    assert certify(formulation, answer).infeasible_proved


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Core and steps also on small models."""
    monkeypatch.setattr(mip, "_SMALL", 12)


@pytest.mark.usefixtures("stages")
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", [1, 2])
def test_core_and_steps_end_at_the_optimum_of_the_whole(threads: int, seed: int) -> None:
    formulation = _hours(4, 12, seed)
    answer = mip.solve(formulation, Limits(threads=threads))
    expected = BACKENDS["cpsat"].solve(formulation, Limits())
    assert answer.status == "optimal" and expected.x is not None
    assert certify(formulation, answer).value == formulation.value_of(expected.x)


@pytest.mark.usefixtures("stages")
def test_one_thread_gives_the_same_plan_after_the_same_steps() -> None:
    formulation = _hours(4, 12, 2)
    first, second = (mip.solve(formulation, Limits(seed=3)) for _ in range(2))
    assert first.x is not None and second.x is not None
    np.testing.assert_array_equal(first.x, second.x)
    assert first.counts["n_steps"] == second.counts["n_steps"] > 0


@pytest.mark.usefixtures("stages")
def test_steps_better_the_plan_they_start_from() -> None:
    formulation = _hours(4, 12, 2)
    search = mip._Search(formulation, Limits(), None, math.inf, stop=threading.Event())
    relaxation = mip.relax(formulation)
    mip._use_prices(search, relaxation)
    worst = BACKENDS["cpsat"].solve(with_objective(formulation, -formulation.objective), Limits()).x
    assert worst is not None
    search.x, search.value = worst, formulation.value_of(worst)
    before = search.value
    mip._improve(search, relaxation, lambda: search.n_steps >= 8)
    assert search.n_steps == 8 and search.value > before
    assert search.value == formulation.value_of(search.x)


@pytest.mark.usefixtures("stages")
def test_near_columns_hold_the_plan_and_nothing_that_is_fixed() -> None:
    formulation = _hours(4, 12, 2)
    best = mip.solve(formulation, Limits())
    search = mip._Search(formulation, Limits(), None, math.inf, stop=threading.Event())
    assert best.x is not None and search.take(best.x)
    relaxation = mip.relax(formulation)
    mip._use_prices(search, relaxation)
    near = mip._near_mask(search, relaxation, 1.0)
    assert near[best.x != search.base].all()
    assert not near[~search.open_mask()].any()
    assert 0 < near.sum() < formulation.n_cols


def test_share_says_how_many_rows_a_neighbourhood_opens() -> None:
    formulation = _hours(4, 12, 2)
    for share, n_open in ((0.0, 2), (0.75, 3), (1.0, 4)):
        mask = next(neighbourhoods(formulation, np.random.default_rng(1), lambda share=share: share))
        assert np.unique(np.flatnonzero(mask) // 12).size == n_open
