"""Parts of a formulation: found as networkx finds them, solved apart, put together into one certified answer."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from matcher.model import components
from matcher.model.answer import Answer, Limits, Prices
from matcher.model.certificate import certify
from matcher.model.components import bundled, find_components, solve_by_component, split
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, RowBlock, build_formulation
from matcher.model.solvers import choose
from tests.brute_force import brute_force
from tests.contract.zoo import ZOO, block
from tests.properties.model_strategies import general_formulations

CASES = {case.name: case for case in ZOO}


def _solve(formulation: Formulation, limits: Limits, hint: Int64 | None) -> Answer:
    return choose(formulation).backend.solve(formulation, limits, hint=hint)


@pytest.fixture
def smallest(monkeypatch: pytest.MonkeyPatch) -> None:
    """No bundles: every part is solved on its own."""
    monkeypatch.setattr(components, "_LEAST_COLUMNS", 1)
    monkeypatch.setattr(components, "_LARGEST_SHARE", 1.0)


def _reference(formulation: Formulation) -> list[frozenset[int]]:
    graph = nx.Graph()
    graph.add_nodes_from(range(formulation.n_cols))
    entries = zip(formulation.entry_row_idx.tolist(), formulation.col_idx.tolist(), strict=True)
    graph.add_edges_from((("row", row), col) for row, col in entries)
    parts = [frozenset(node for node in part if isinstance(node, int)) for part in nx.connected_components(graph)]
    return sorted((part for part in parts if part), key=min)


def _chain(n_cols: int) -> Formulation:
    """Column k and k + 1 share a row, the columns in random order: the worst for labels that travel."""
    order = np.random.default_rng(3).permutation(n_cols)
    rows = np.repeat(np.arange(n_cols - 1), 2)
    cols = np.stack((order[:-1], order[1:]), axis=1).ravel()
    ones = np.ones(n_cols - 1, np.int64)
    return build_formulation(np.ones(n_cols, np.int64), [RowBlock("either", rows, cols, 0 * ones, ones)])


@settings(deadline=None, max_examples=200)
@given(general_formulations())
def test_components_are_those_of_networkx(formulation: Formulation) -> None:
    found = find_components(formulation)
    parts = [frozenset(np.flatnonzero(found.of_column == part).tolist()) for part in range(found.n_components)]
    assert parts == _reference(formulation)
    np.testing.assert_array_equal(found.of_column[formulation.col_idx], found.of_row[formulation.entry_row_idx])
    np.testing.assert_array_equal(found.of_row < 0, np.diff(formulation.row_ptr) == 0)


def test_long_chain_and_giant_row_are_one_component() -> None:
    assert find_components(_chain(3_000)).n_components == 1
    everything = block("max_companies", [list(range(50))], [9])
    apart = [block("slots", [[j] for j in range(50)], [1] * 50)]
    assert find_components(build_formulation([1] * 50, apart)).n_components == 50
    assert find_components(build_formulation([1] * 50, [*apart, everything])).n_components == 1


@settings(deadline=None, max_examples=150)
@given(general_formulations())
def test_parts_hold_every_column_and_every_filled_row_once(formulation: Formulation) -> None:
    found = find_components(formulation)
    parts = list(split(formulation, found))
    cols = np.concatenate([part.col_idx for part in parts] or [np.zeros(0, np.int64)])
    np.testing.assert_array_equal(np.sort(cols), np.arange(formulation.n_cols))
    x = np.random.default_rng(1).integers(0, 3, formulation.n_cols)
    activity = formulation.row_activity(x)
    n_rows = 0
    for part in parts:
        small = part.formulation
        n_rows += small.n_rows
        np.testing.assert_array_equal(small.row_activity(x[part.col_idx]), activity[part.row_idx])
        np.testing.assert_array_equal(small.row_upper, formulation.row_upper[part.row_idx])
        np.testing.assert_array_equal(small.column_upper, formulation.column_upper[part.col_idx])
        names = [small.family_of_row(row).name for row in range(small.n_rows)]
        assert names == [formulation.family_of_row(int(row)).name for row in part.row_idx]
    assert sum(formulation.value_of(x * (found.of_column == k)) for k in range(len(parts))) == sum(
        part.formulation.value_of(x[part.col_idx]) for part in parts
    )
    assert n_rows == int((np.diff(formulation.row_ptr) > 0).sum())


@pytest.mark.usefixtures("smallest")
@pytest.mark.parametrize("case", ZOO, ids=lambda case: case.name)
def test_zoo_has_the_same_optimum_part_by_part(case) -> None:
    formulation = case.build()
    answer = solve_by_component(formulation, Limits(), _solve)
    certificate = certify(formulation, answer)
    assert certificate.value == case.value
    if case.value is None:
        assert answer.status == "infeasible"
        assert certificate.infeasible_proved or case.is_lp_feasible
    else:
        assert answer.status == "optimal"
        assert certificate.bound is not None and certificate.bound <= (case.bound or case.value)


@settings(deadline=None, max_examples=100)
@given(general_formulations(), general_formulations())
def test_two_formulations_side_by_side_have_the_sum_of_their_optima(a: Formulation, b: Formulation) -> None:
    both, truths = _beside(a, b), (brute_force(a).value, brute_force(b).value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(components, "_LEAST_COLUMNS", 1)
        patch.setattr(components, "_LARGEST_SHARE", 1.0)
        answer = solve_by_component(both, Limits(), _solve)
    if None in truths:
        assert answer.status == "infeasible"
        return
    expected = sum(value for value in truths if value is not None)
    certificate = certify(both, answer)
    assert (certificate.value, answer.status) == (expected, "optimal")
    # Flow claims no bound; a joined answer claims one wherever it is optimal.
    assert answer.claimed_bound == expected or (answer.claimed_bound is None and "n_components" not in answer.counts)
    assert certificate.bound is not None and certificate.bound >= expected


def _beside(a: Formulation, b: Formulation) -> Formulation:
    families = [replace(f, start=f.start + a.n_rows, stop=f.stop + a.n_rows, name=f"b:{f.name}") for f in b.families]
    join = {
        name: np.concatenate((getattr(a, name), getattr(b, name)))
        for name in ("objective", "column_lower", "column_upper", "coef", "row_lower", "row_upper")
    }
    return Formulation(
        **join,
        row_ptr=np.concatenate((a.row_ptr, b.row_ptr[1:] + a.row_ptr[-1])),
        col_idx=np.concatenate((a.col_idx, b.col_idx + a.n_cols)),
        families=(*a.families, *families),
        n_pairs=a.n_cols + b.n_cols,
    )


@pytest.mark.usefixtures("smallest")
def test_prices_of_different_scales_meet_at_their_common_one() -> None:
    """The triangle's prices are halves, the knapsack's thirds: bounds 3 and 3⅓ become one of 6⅓."""
    formulation = build_formulation(
        [2, 2, 2, 5, 5],
        [block("rivals", [[0, 1], [1, 2], [0, 2]], [1] * 3), block("hours", [[3, 4]], [2], coef=[[3, 3]])],
    )
    halves, thirds = Prices(np.array([2, 2, 2]), 2), Prices(np.array([5]), 3)

    def solve(part: Formulation, limits: Limits, hint: Int64 | None) -> Answer:
        x = np.zeros(part.n_cols, np.int64)
        return Answer("feasible", "test", x=x, prices=halves if part.n_cols == 3 else thirds)

    answer = solve_by_component(formulation, Limits(), solve)
    assert answer.prices is not None
    assert (answer.prices.scale, answer.prices.row.tolist()) == (6, [6, 6, 6, 10])
    assert certify(formulation, answer).bound == 6
    assert (answer.status, answer.counts) == ("feasible", {"n_components": 2})


@pytest.mark.usefixtures("smallest")
def test_prices_without_a_small_common_scale_still_bound() -> None:
    formulation = build_formulation([5, 5], [block("slots", [[0], [1]], [1, 1])])
    scales = iter((2**40 - 87, 2**39 - 7))

    def solve(part: Formulation, limits: Limits, hint: Int64 | None) -> Answer:
        scale = next(scales)
        return Answer("optimal", "test", x=np.ones(1, np.int64), prices=Prices(np.array([5 * scale]), scale))

    answer = solve_by_component(formulation, Limits(), solve)
    assert answer.prices is not None and answer.prices.scale == 2**40 - 87
    assert certify(formulation, answer).bound == 10


@pytest.mark.usefixtures("smallest")
def test_part_without_plan_or_prices_leaves_the_whole_without() -> None:
    formulation = CASES["two_components"].build()

    def solve(part: Formulation, limits: Limits, hint: Int64 | None) -> Answer:
        answer = _solve(part, limits, hint)
        return replace(answer, x=None, prices=None, status="unknown") if part.n_rows == 4 else answer

    answer = solve_by_component(formulation, Limits(), solve)
    assert (answer.status, answer.x, answer.prices) == ("unknown", None, None)


@pytest.mark.usefixtures("smallest")
def test_hint_reaches_each_part_and_time_is_shared_by_size() -> None:
    formulation = build_formulation([1] * 4, [block("slots", [[0, 3], [1], [2]], [1] * 3, side="left")])
    seen: list[tuple[list[int], float]] = []

    def solve(part: Formulation, limits: Limits, hint: Int64 | None) -> Answer:
        assert hint is not None and limits.time_limit_s is not None
        seen.append((hint.tolist(), limits.time_limit_s))
        return Answer("feasible", "test", x=hint)

    answer = solve_by_component(formulation, Limits(time_limit_s=1000.0), solve, np.array([1, 0, 1, 0]))
    assert answer.x is not None and answer.x.tolist() == [1, 0, 1, 0]
    assert [hint for hint, _ in seen] == [[1, 0], [0], [1]]
    # Nothing was spent: a half of everything, a half of the rest, all of the rest.
    assert [round(spend, -2) for _, spend in seen] == [500, 500, 1000]


def test_small_parts_are_bundled_and_one_giant_is_left_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation = build_formulation([1] * 10, [block("slots", [[j] for j in range(10)], [1] * 10)])
    bundles = bundled(find_components(formulation), 4)
    assert bundles.of_column.tolist() == bundles.of_row.tolist() == [0] * 4 + [1] * 4 + [2] * 2
    sizes: list[int] = []

    def solve(part: Formulation, limits: Limits, hint: Int64 | None) -> Answer:
        sizes.append(part.n_cols)
        return Answer("unknown", "test")

    for least in (4, 1_000):
        monkeypatch.setattr(components, "_LEAST_COLUMNS", least)
        solve_by_component(formulation, Limits(), solve)
    assert sizes == [4, 4, 2, 10]


def test_row_without_columns_that_cannot_hold_refutes_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "_LEAST_COLUMNS", 1)
    rows = block("quota", [[0], [1], []], [1, 1, NO_LIMIT], lower=[0, 0, 1], side="right")
    formulation = build_formulation([1, 1], [rows])
    assert certify(formulation, solve_by_component(formulation, Limits(), _solve)).infeasible_proved
