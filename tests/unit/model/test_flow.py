"""The flow backend on tiny named instances: values worked by hand, proofs by the certificate."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from matcher.errors import ModelError
from matcher.model.answer import Answer, Limits
from matcher.model.certificate import certify
from matcher.model.formulation import NO_LIMIT, Formulation, RowBlock, Side, build_formulation
from matcher.model.residual import NO_ARC, arc_group, potentials
from matcher.model.solvers.flow import solve


def _family(
    name: str,
    side: Side,
    rows: list[int],
    upper: list[int],
    lower: list[int] | None = None,
    cols: list[int] | None = None,
) -> RowBlock:
    return RowBlock(
        name,
        np.array(rows, np.int64),
        np.arange(len(rows)) if cols is None else np.array(cols, np.int64),
        np.array([0] * len(upper) if lower is None else lower, np.int64),
        np.array(upper, np.int64),
        side=side,
    )


def _grid(points: list[list[int]], slots: list[int], *more: RowBlock, **options: object) -> Formulation:
    """Every director with every company, each company once."""
    n, m = len(points), len(points[0])
    director, company = np.divmod(np.arange(n * m), m)
    blocks = [
        _family("slots", "left", director.tolist(), slots),
        _family("company", "right", company.tolist(), [1] * m),
        *more,
    ]
    return build_formulation(np.array(points, np.int64).ravel(), blocks, **options)  # type: ignore[arg-type]


def _proved(formulation: Formulation) -> tuple[int, list[int]]:
    answer = solve(formulation, Limits())
    certificate = certify(formulation, answer)
    assert (answer.status, certificate.word, certificate.gap) == ("optimal", "proved", 0.0)
    assert certificate.value is not None and answer.x is not None
    return certificate.value, answer.x.tolist()


def _proved_infeasible(formulation: Formulation) -> Answer:
    answer = solve(formulation, Limits())
    assert answer.status == "infeasible"
    assert answer.x is None
    assert certify(formulation, answer).infeasible_proved
    return answer


def test_flow_beats_the_greedy_choice() -> None:
    # Greedy takes 10 and is left with 0; the optimum is 9 + 8.
    assert _proved(_grid([[10, 9], [8, 0]], [1, 1])) == (17, [0, 1, 1, 0])


def test_flow_leaves_out_pairs_that_cost() -> None:
    assert _proved(_grid([[-1, 4], [-5, -2]], [2, 2])) == (4, [0, 1, 0, 0])


def test_flow_serves_at_a_loss_when_it_must() -> None:
    total = _family("total", "right", [0] * 4, [4], [2])
    assert _proved(_grid([[-1, 4], [-5, -2]], [2, 2], total)) == (3, [1, 1, 0, 0])


def test_flow_keeps_a_total_and_quotas() -> None:
    quota = _family("quota", "right", [0, 0], [1], [1], cols=[2, 5])  # company 3 has to be served
    total = _family("total", "right", [0] * 6, [2])
    assert _proved(_grid([[9, 8, 1], [7, 6, 2]], [2, 2], quota, total)) == (11, [1, 0, 0, 0, 0, 1])


def test_flow_keeps_pins_and_forbidden_pairs() -> None:
    formulation = _grid([[10, 9], [8, 0]], [1, 1], column_lower=[1, 0, 0, 0], column_upper=[1, 1, 1, 0])
    assert _proved(formulation) == (10, [1, 0, 0, 0])


def test_flow_may_choose_a_column_more_than_once() -> None:
    slots, total = _family("slots", "left", [0, 1], [3, 3]), _family("total", "right", [0, 0], [4])
    assert _proved(build_formulation([5, 2], [slots, total], column_upper=[9, 9])) == (17, [3, 1])


def test_flow_proves_the_optimum_with_ties_everywhere() -> None:
    assert _proved(_grid([[1] * 5] * 4, [1, 1, 1, 1]))[0] == 4
    assert _proved(_grid([[0] * 5] * 4, [1, 1, 1, 1]))[0] == 0


def test_flow_with_zero_capacity_serves_nobody() -> None:
    assert _proved(_grid([[3, 4]], [0])) == (0, [0, 0])


@pytest.mark.parametrize("upper", [NO_LIMIT, 5])
def test_flow_puts_no_price_on_a_row_that_is_not_full(upper: int) -> None:
    formulation = build_formulation([5, 5], [_family("slots", "left", [0, 0], [upper])])
    answer = solve(formulation, Limits())
    assert _proved(formulation) == (10, [1, 1])
    assert answer.prices is not None and answer.prices.row.tolist() == [0]


def test_flow_without_rows_takes_what_pays() -> None:
    formulation = build_formulation([4, -4, 0, -1], [], column_lower=[0, 0, 0, 1], column_upper=[2, 2, 2, 2])
    assert _proved(formulation)[0] == 7


def test_flow_of_nothing_is_nothing() -> None:
    assert _proved(build_formulation([], [])) == (0, [])
    assert _proved(build_formulation([], [_family("slots", "left", [], [2, 0])])) == (0, [])


def test_flow_proves_that_a_row_without_pairs_cannot_be_served() -> None:
    _proved_infeasible(build_formulation([], [_family("company", "right", [], [1], [1])]))


def test_flow_proves_that_pins_overfill_a_director() -> None:
    _proved_infeasible(_grid([[1, 1]], [1], column_lower=[1, 1]))


def test_flow_names_the_rows_of_a_hall_violation() -> None:
    # Three companies must be served and only directors 1 and 2, one slot each, may serve them. Director 3 may not.
    slots = _family("slots", "left", [0, 0, 0, 1, 1, 1, 2], [1, 1, 5])
    company = _family("company", "right", [0, 1, 2, 0, 1, 2, 3], [1, 1, 1, 1], [1, 1, 1, 0])
    formulation = build_formulation([1, 2, 3, 4, 5, 6, 7], [slots, company])
    answer = _proved_infeasible(formulation)
    assert answer.farkas is not None
    assert answer.farkas.row.tolist() == [1, 1, 0, -1, -1, -1, 0]


@pytest.mark.parametrize("quota_upper", [3, NO_LIMIT])
def test_flow_proves_infeasible_without_a_price_on_a_bound_no_row_has(quota_upper: int) -> None:
    # Found by Hypothesis: the cut went through the other quota, cut down to its 2 pairs, and proved nothing.
    slots = _family("slots", "left", [0, 0, 0], [0])
    quota = _family("quota", "right", [0, 0, 1], [quota_upper] * 2, [0, 1])
    _proved_infeasible(build_formulation([0, 0, 0], [slots, quota]))


def test_flow_accepts_demand_that_just_fits() -> None:
    slots = _family("slots", "left", [0, 0, 1, 1], [1, 1])
    company = _family("company", "right", [0, 1, 0, 1], [1, 1], [1, 1])
    assert _proved(build_formulation([1, 2, 3, 5], [slots, company])) == (6, [1, 0, 0, 1])


def test_flow_refuses_what_is_no_network() -> None:
    with pytest.raises(ModelError) as caught:
        solve(_grid([[1, 1]], [1], _family("hours", "", [0, 0], [1])), Limits())
    assert (caught.value.code, caught.value.params) == ("not_a_network", {"reason": "no_side:hours"})


def test_flow_refuses_costs_it_cannot_scale_and_takes_the_largest_it_can() -> None:
    with pytest.raises(ModelError) as caught:
        solve(_grid([[2**61, 1]], [1]), Limits())
    assert caught.value.code == "cost_too_large_for_flow"
    assert _proved(_grid([[2**55, 2**55 - 1], [2**55 - 3, 1]], [1, 1]))[0] == 2**56 - 4


def test_flow_holds_a_pinned_pair_of_any_points() -> None:
    formulation = _grid([[2**61, 5, 3]], [2], column_lower=[1, 0, 0])
    assert _proved(formulation) == (2**61 + 5, [1, 1, 0])


def test_flow_holds_points_that_only_differ_below_float_precision() -> None:
    assert _proved(_grid([[2**54, 2**54 + 1]], [1])) == (2**54 + 1, [0, 1])


def test_flow_holds_large_capacities() -> None:
    slots, total = _family("slots", "left", [0], [2**60]), _family("total", "right", [0], [2**59])
    assert _proved(build_formulation([1], [slots, total], column_upper=[2**60])) == (2**59, [2**59])


def test_flow_on_a_long_displacement_chain() -> None:
    # Company k may go to director k or k+1; only the last director gains by moving everybody by one.
    n = 60
    rows = [k for k in range(n) for _ in (0, 1)]
    director = [d for k in range(n) for d in (k, k + 1)]
    blocks = [_family("slots", "left", director, [1] * (n + 1)), _family("company", "right", rows, [1] * n)]
    points = np.array([10, 10] * n)
    points[1] = 11
    assert _proved(build_formulation(points, blocks))[0] == 10 * n + 1


def test_flow_gives_the_same_answer_twice() -> None:
    rng = np.random.default_rng(3)
    formulation = _grid(rng.integers(1, 4, (12, 30)).tolist(), [2] * 12)
    first, second = solve(formulation, Limits(seed=1)), solve(formulation, Limits(seed=2, threads=2))
    assert first.x is not None and second.x is not None and first.prices and second.prices
    assert first.x.tolist() == second.x.tolist()
    assert first.prices.row.tolist() == second.prices.row.tolist()


def test_flow_agrees_with_scipy_on_60_directors_and_80_companies() -> None:
    optimize = pytest.importorskip("scipy.optimize")
    points = np.random.default_rng(7).integers(-500, 10_000, (60, 80))
    rows, cols = optimize.linear_sum_assignment(np.maximum(points, 0), maximize=True)
    assert _proved(_grid(points.tolist(), [1] * 60))[0] == int(np.maximum(points, 0)[rows, cols].sum())


def test_certificate_catches_every_single_change_of_an_optimal_plan() -> None:
    formulation = _grid([[10, 9, 3], [8, 1, 2]], [1, 1])
    answer = solve(formulation, Limits())
    assert answer.x is not None
    for j in range(formulation.n_cols):
        x = answer.x.copy()
        x[j] = 1 - x[j]
        assert certify(formulation, dataclasses.replace(answer, x=x)).word != "proved"


def test_flow_module_loads_without_a_solver() -> None:
    code = "import matcher.model.solvers.flow, sys; sys.exit(any(name.startswith('ortools') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_potentials_are_shortest_distances() -> None:
    tail, head = np.array([2, 0, 1, 0]), np.array([0, 1, 2, 2])
    cost = np.array([9, -3, -4, -5], np.int64)
    distance, n_rounds = potentials([arc_group(3, tail, head, cost)], 3)
    assert distance.tolist() == [0, -3, -7]
    assert n_rounds <= 4


def test_potentials_ignore_full_arcs_and_start_where_told() -> None:
    arcs = arc_group(2, np.array([0]), np.array([1]), np.array([NO_ARC]))
    assert potentials([arcs], 2)[0].tolist() == [0, 0]
    assert potentials([arcs], 2, initial=np.array([-9, 5]))[0].tolist() == [-9, 0]


def test_potentials_say_when_a_cycle_is_negative() -> None:
    arcs = arc_group(2, np.array([0, 1]), np.array([1, 0]), np.array([1, -2]))
    with pytest.raises(ModelError) as caught:
        potentials([arcs], 2)
    assert caught.value.code == "negative_cycle"


def test_arc_group_remembers_the_callers_order() -> None:
    group = arc_group(3, np.array([2, 0, 2]), np.array([0, 1, 1]), np.array([7, 8, 9]))
    assert group.arc_idx is not None
    assert (group.start.tolist(), group.arc_idx.tolist(), group.cost.tolist()) == ([0, 1, 1, 3], [1, 0, 2], [8, 7, 9])


def test_flow_keeps_a_log_where_it_is_asked_for() -> None:
    formulation = build_formulation([3, 2], [])
    assert "value 5, n_nodes" in solve(formulation, Limits(log=True)).log
    assert solve(formulation, Limits()).log == ""
