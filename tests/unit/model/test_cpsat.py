"""CP-SAT behind linear prices: exact, honest at its limits, and slow to believe in infeasibility."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import ModelError
from matcher.model.answer import Limits
from matcher.model.certificate import certify, reduced_costs
from matcher.model.formulation import NO_LIMIT, Formulation, RowBlock, build_formulation
from matcher.model.solvers import climb, cpsat_model
from matcher.model.solvers.climb import Climb, least_value, use_prices
from matcher.model.solvers.cpsat import solve
from matcher.model.solvers.cpsat_model import Outcome, Part, Run
from matcher.model.solvers.incumbent import greedy, is_feasible, neighbourhoods
from matcher.model.solvers.linear_prices import relax
from tests.brute_force import brute_force
from tests.contract.zoo import FREE, ZOO, block
from tests.properties.model_strategies import general_formulations

CASES = {case.name: case for case in ZOO}


def _with_hours(n_directors: int = 12, n_companies: int = 60, seed: int = 0) -> Formulation:
    rng = np.random.default_rng(seed)
    director, company = np.nonzero(rng.random((n_directors, n_companies)) < 0.6)
    n = director.size
    none = np.full(n_directors, FREE)
    need = rng.integers(3, 9, n_companies)[company]
    return build_formulation(
        rng.integers(0, 300, n),
        [
            RowBlock("slots", director, np.arange(n), none, rng.integers(2, 5, n_directors), side="left"),
            RowBlock(
                "company",
                company,
                np.arange(n),
                np.full(n_companies, FREE),
                np.ones(n_companies, np.int64),
                side="right",
            ),
            RowBlock("hours", director, np.arange(n), none, np.full(n_directors, 14), coef=need),
        ],
    )


@settings(deadline=None, max_examples=150)
@given(general_formulations(), st.integers(0, 5))
def test_cpsat_agrees_with_brute_force(formulation: Formulation, seed: int) -> None:
    answer, truth = solve(formulation, Limits(seed=seed)), brute_force(formulation)
    if truth.value is None:
        assert answer.status == "infeasible"
    else:
        assert answer.status == "optimal"
        assert answer.x is not None and tuple(answer.x.tolist()) in truth.optimal
        assert answer.claimed_bound == truth.value


def test_cpsat_is_the_optimum_of_the_whole_model_solved_at_once() -> None:
    """Prices, steps and fixing against one plain CP-SAT run on everything."""
    formulation = _with_hours()
    plain = cpsat_model.run(formulation, cpsat_model.whole(formulation), Run())
    answer = solve(formulation, Limits())
    assert plain.status == answer.status == "optimal" and plain.x is not None
    assert certify(formulation, answer).value == formulation.value_of(plain.x)
    assert 0 < answer.counts["n_open"] < formulation.n_cols


def test_cpsat_repeats_itself_with_one_thread() -> None:
    formulation = _with_hours(seed=2)
    plans = {solve(formulation, Limits(seed=9)).x.tobytes() for _ in range(3)}
    assert len(plans) == 1


def test_cpsat_stops_at_the_gap_and_does_not_call_it_optimal() -> None:
    formulation = _with_hours()
    best = certify(formulation, solve(formulation, Limits())).value
    answer = solve(formulation, Limits(gap=0.05))
    certificate = certify(formulation, answer)
    assert best is not None and certificate.value is not None and certificate.gap is not None
    assert certificate.gap <= 0.05
    assert certificate.value <= best
    assert answer.status == ("optimal" if certificate.value == certificate.bound else "feasible")


def test_cpsat_keeps_its_time_limit_and_its_plan() -> None:
    formulation = _with_hours(30, 300)
    answer = solve(formulation, Limits(time_limit_s=0.4))
    assert answer.counts["wall_s"] < 1.5
    assert answer.x is None or is_feasible(formulation, answer.x)


def test_cpsat_out_of_time_keeps_the_hint() -> None:
    formulation = _with_hours()
    hint = np.zeros(formulation.n_cols, np.int64)
    answer = solve(formulation, Limits(time_limit_s=0.0), hint=hint)
    assert (answer.status, answer.x is not None, answer.counts["n_runs"]) == ("feasible", True, 0)


def test_cpsat_reports_values_that_rise_below_their_bounds() -> None:
    seen: list[tuple[int, int]] = []
    answer = solve(_with_hours(), Limits(), on_progress=lambda value, bound: seen.append((value, bound)))
    values = [value for value, _ in seen]
    assert values == sorted(values) and values[-1] == answer.claimed_bound
    assert all(value <= bound for value, bound in seen)


def test_cpsat_log_is_captured_only_when_asked_for(capfd: pytest.CaptureFixture[str]) -> None:
    formulation = CASES["odd_triangle"].build()
    assert "CP-SAT" in solve(formulation, Limits(log=True)).log
    assert solve(formulation, Limits()).log == ""
    assert capfd.readouterr().out == ""


def test_infeasible_needs_a_second_witness(monkeypatch: pytest.MonkeyPatch) -> None:
    """google/or-tools 5274: presolve called a feasible model infeasible. Here the first run lies."""
    real = cpsat_model.run

    def lying(formulation: Formulation, part: Part, limits: Run, **rest: object) -> Outcome:
        return Outcome("infeasible", None, None) if limits.presolve else real(formulation, part, limits)

    monkeypatch.setattr(cpsat_model, "run", lying)
    # The relaxation is fractional and greedy is short, so that only a run of CP-SAT finds 3 + 2 hours.
    formulation = build_formulation([1, 5, 5], [block("hours", [[0, 1, 2]], [5], lower=[5], coef=[[3, 2, 2]])])
    answer = solve(formulation, Limits())
    assert answer.status == "feasible"
    assert answer.x is not None and formulation.value_of(answer.x) == 6


def test_optimal_within_a_gap_of_cpsat_is_not_optimal(monkeypatch: pytest.MonkeyPatch) -> None:
    """CP-SAT says OPTIMAL as soon as its gap limit is met."""
    found = Outcome("optimal", np.array([1, 0, 0]), 12)
    monkeypatch.setattr(cpsat_model, "run", lambda *_, **__: found)
    answer = solve(CASES["hours_knapsack"].build(), Limits(gap=0.2))
    assert (answer.status, answer.claimed_bound) == ("feasible", 12)


def test_infeasible_without_agreement_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def half(formulation: Formulation, part: Part, limits: Run, **rest: object) -> Outcome:
        return Outcome("infeasible" if limits.presolve else "unknown", None, None)

    monkeypatch.setattr(cpsat_model, "run", half)
    answer = solve(CASES["parity"].build(), Limits())
    assert (answer.status, answer.witnesses) == ("unknown", ("cp_sat",))


def test_infeasible_names_both_witnesses() -> None:
    assert solve(CASES["parity"].build(), Limits()).witnesses == ("cp_sat", "cp_sat_presolve_off")
    assert solve(CASES["infeasible_quota"].build(), Limits()).witnesses == ("linear_prices",)


def test_fixing_keeps_every_column_a_better_plan_could_use() -> None:
    """With 18 points at hand, what is closed stands in every plan of 19 as it is closed; the last column is closed."""
    formulation = build_formulation([10, 9, 9, 1], [block("hours", [[0, 1, 2, 3]], [5], coef=[[3, 3, 2, 2]])])
    search = Climb(formulation, Limits(), None, float("inf"))
    relaxation = search.relaxed()
    use_prices(search, relaxation)
    search.x, search.value = np.array([0, 1, 1, 0]), 18
    truth = brute_force(formulation)
    assert truth.value == 19
    is_closed = ~search.open_mask()
    assert is_closed[3]
    for plan in truth.optimal:
        assert (np.array(plan)[is_closed] == search.base[is_closed]).all()


@pytest.mark.parametrize(
    ("bound", "gap", "value"), [(100, 0.0, 100), (100, 0.25, 80), (101, 0.01, 100), (0, 0.5, 0), (-7, 0.5, -14)]
)
def test_least_value_is_the_first_within_the_gap(bound: int, gap: float, value: int) -> None:
    assert least_value(bound, gap) == value


@pytest.mark.parametrize("bound", [-1000, -7, -1, 0, 1, 7, 1000])
@pytest.mark.parametrize("gap", [0.0, 0.01, 0.2, 0.9])
def test_least_value_keeps_the_gap_on_both_sides_of_zero(bound: int, gap: float) -> None:
    value = least_value(bound, gap)
    assert value <= bound and (bound - value) / max(1, abs(value)) <= gap + 1e-12
    below = value - 1
    assert (bound - below) / max(1, abs(below)) > gap or abs(bound) <= 1


def test_least_value_is_exact_beyond_doubles() -> None:
    assert least_value(2**60 + 1, 0.0) == 2**60 + 1


def test_part_keeps_closed_columns_and_counts_their_points() -> None:
    formulation = build_formulation([5, 4, 3], [block("slots", [[0, 1, 2]], [2])])
    part = Part(np.array([1, 2]), np.array([1, 0, 0]), np.zeros(0, np.int64))
    outcome = cpsat_model.run(formulation, part, Run())
    assert outcome.x is not None and outcome.x.tolist() == [1, 1, 0]
    assert outcome.bound == 9


def test_part_counts_closed_columns_towards_lower_bounds() -> None:
    formulation = build_formulation([1, -5, -2], [block("quota", [[0, 1, 2]], [2], lower=[1])])
    part = Part(np.array([1, 2]), np.array([1, 0, 0]), np.zeros(0, np.int64))
    outcome = cpsat_model.run(formulation, part, Run())
    assert outcome.x is not None and outcome.x.tolist() == [1, 0, 0]


def test_soft_rows_break_only_at_their_price() -> None:
    formulation = build_formulation([-5], [block("quota", [[0]], [9], lower=[1])])
    part = Part(np.array([0]), np.array([0]), np.array([0]))
    cheap, dear = (cpsat_model.run(formulation, part, Run(shortage_points=price)) for price in (3, 8))
    assert cheap.x is not None and cheap.x.tolist() == [0]
    assert dear.x is not None and dear.x.tolist() == [1]


def test_greedy_keeps_every_upper_bound() -> None:
    formulation = _with_hours()
    relaxation = relax(formulation)
    assert relaxation.x is not None and relaxation.prices is not None
    plain, demanded = greedy(formulation, relaxation.x, reduced_costs(formulation, relaxation.prices))
    assert is_feasible(formulation, plain) and (demanded == plain).all()
    assert formulation.value_of(plain) > 0.9 * (relaxation.bound or 0)


def test_greedy_serves_a_demand_before_better_points() -> None:
    formulation = build_formulation(
        [9, 1],
        [block("slots", [[0, 1]], [1], side="left"), block("quota", [[1]], [NO_LIMIT], lower=[1], side="right")],
    )
    plain, demanded = greedy(formulation, np.array([1.0, 0.0]), np.array([0, -8]))
    assert (plain.tolist(), demanded.tolist()) == ([1, 0], [0, 1])


def test_neighbourhood_opens_whole_directors_and_all_that_belong_to_none() -> None:
    formulation = _with_hours()
    mask = next(neighbourhoods(formulation, np.random.default_rng(0)))
    entries = slice(int(formulation.row_ptr[0]), int(formulation.row_ptr[12]))
    director = np.empty(formulation.n_cols, np.int64)
    director[formulation.col_idx[entries]] = formulation.entry_row_idx[entries]
    is_open = {int(d): set(mask[director == d].tolist()) for d in range(12)}
    assert all(len(values) == 1 for values in is_open.values())
    assert sum(True in values for values in is_open.values()) == 3


def test_reduced_costs_beyond_int64_leave_every_column_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise ModelError("reduced_cost_too_large", limit=2**63 - 1)

    formulation = _with_hours(6, 20)
    expected = solve(formulation, Limits())
    monkeypatch.setattr(climb, "reduced_costs", failing)
    answer = solve(formulation, Limits())
    assert answer.status == "optimal" and answer.claimed_bound == expected.claimed_bound
    assert answer.prices is not None
    assert answer.counts["n_open"] == formulation.n_cols
