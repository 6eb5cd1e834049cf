"""Knapsack rows kept whole: against every choice there is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from matcher.model import knapsack
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, RowBlock, build_formulation
from matcher.model.knapsack import MAX_CAPACITY, can_keep, choose_rows, knapsack_rows, pack


def rows_of(coefs: list[list[int]], upper: list[int], objective: list[int] | None = None) -> Formulation:
    row = np.repeat(np.arange(len(coefs)), [len(row) for row in coefs])
    flat = np.array([coef for row in coefs for coef in row], np.int64)
    n = flat.size
    block = RowBlock("hours", row, np.arange(n), np.full(len(coefs), -NO_LIMIT), np.array(upper), coef=flat)
    return build_formulation(np.zeros(n, np.int64) if objective is None else objective, [block])


def best_of(
    formulation: Formulation, profit: Int64, low: Int64, high: Int64, column: int = -1, value: int = 0
) -> int | None:
    """The most points of any choice, by trying them all; None where none keeps the rows."""
    ranges = [range(int(a), int(b) + 1) for a, b in zip(low, high, strict=True)]
    if column >= 0:
        ranges[column] = range(value, value + 1)
    values = [
        int(profit @ np.array(x))
        for x in itertools.product(*ranges)
        if (formulation.row_activity(np.array(x)) <= formulation.row_upper).all()
    ]
    return max(values, default=None)


@pytest.mark.parametrize("seed", range(120))
def test_pack_is_the_best_choice_and_losses_are_exact_within_reach(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(0, 6, rng.integers(1, 4))
    coefs = [rng.integers(0, 8, size).tolist() for size in sizes]
    formulation = rows_of(coefs, rng.integers(0, 15, sizes.size).tolist())
    n = formulation.n_cols
    rows = knapsack_rows(formulation, np.arange(sizes.size))
    low = (rng.random(n) < 0.1).astype(np.int64)
    high = np.maximum(low, rng.random(n) < 0.85).astype(np.int64)
    profit = rng.integers(-5, 10, n) * rng.integers(1, 50)
    reach = int(rng.choice([0, 3, 20, 1000]))
    best = best_of(formulation, profit, low, high)
    packed = pack(rows, profit, low, high, reach=reach)
    if best is None:
        assert packed is None
        return
    assert packed is not None and packed.loss_in is not None and packed.loss_out is not None
    x = np.zeros(n, np.int64)
    x[rows.col_idx] = packed.is_in
    assert packed.value == best == int(profit @ x)
    assert (formulation.row_activity(x) <= formulation.row_upper).all()
    for entry, column in enumerate(rows.col_idx.tolist()):
        for value, loss in ((0, int(packed.loss_out[entry])), (1, int(packed.loss_in[entry]))):
            if low[column] == high[column]:
                assert loss == 0
                continue
            forced = best_of(formulation, profit, low, high, column, value)
            if forced is None:
                assert loss > reach
            elif best - forced <= reach:
                assert loss == best - forced
            else:
                assert 0 <= loss <= best - forced


def test_a_coarser_unit_still_bounds() -> None:
    formulation = rows_of([[7, 5, 4, 3]], [11])
    profit = np.array([70, 52, 41, 29])
    low, high = np.zeros(4, np.int64), np.ones(4, np.int64)
    for unit in range(1, 9):
        packed = pack(knapsack_rows(formulation, np.array([0]), np.array([unit])), profit, low, high)
        assert packed is not None and packed.value >= 111


def test_large_capacities_are_counted_in_coarser_units() -> None:
    rows = knapsack_rows(rows_of([[70_001, 50_003]], [100_000]), np.array([0]))
    assert 100_000 // int(rows.unit[0]) <= MAX_CAPACITY
    assert knapsack_rows(rows_of([[4000, 6000]], [10_000]), np.array([0])).unit.tolist() == [2000]


def test_what_must_be_in_and_does_not_fit_leaves_nothing() -> None:
    formulation = rows_of([[3, 4]], [6])
    ones = np.ones(2, np.int64)
    assert pack(knapsack_rows(formulation, np.array([0])), ones, ones, ones) is None


def test_rows_with_negative_weights_wide_columns_or_no_limit_are_no_knapsacks() -> None:
    assert can_keep(rows_of([[1, 2], [1, -1]], [2, 2])).tolist() == [True, False]
    assert can_keep(rows_of([[1, 2]], [NO_LIMIT])).tolist() == [False]
    block = RowBlock("wide", np.zeros(1, int), np.zeros(1, int), np.zeros(1, int), np.ones(1, int))
    assert can_keep(build_formulation([1], [block], column_upper=[2])).tolist() == [False]
    with pytest.raises(ValueError):
        knapsack_rows(rows_of([[1, -1]], [2]), np.array([0]))


def test_only_rows_that_leave_room_for_fractions_are_worth_keeping() -> None:
    # equal weights that divide the limit · weights that differ · equal weights that do not divide · never full
    formulation = rows_of([[2, 2, 2], [2, 3, 2], [2, 2, 2], [1, 2]], [4, 4, 5, 3])
    assert choose_rows(formulation).tolist() == [1, 2]


def test_of_two_rows_on_the_same_columns_the_tighter_is_kept() -> None:
    loose = RowBlock(
        "a", np.zeros(3, int), np.arange(3), np.full(1, -NO_LIMIT), np.array([5]), coef=np.array([2, 3, 4])
    )
    tight = RowBlock(
        "b", np.zeros(3, int), np.arange(3), np.full(1, -NO_LIMIT), np.array([4]), coef=np.array([2, 3, 4])
    )
    assert choose_rows(build_formulation([1, 1, 1], [loose, tight])).tolist() == [1]
    with pytest.raises(ValueError):
        knapsack_rows(build_formulation([1, 1, 1], [loose, tight]), np.arange(2))


def test_row_too_large_for_a_table_is_priced_and_still_bounds_every_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(8):
        rng = np.random.default_rng(seed)
        coefs = [rng.integers(1, 9, 6).tolist(), rng.integers(1, 9, 5).tolist()]
        formulation = rows_of(coefs, rng.integers(6, 22, 2).tolist())
        n = formulation.n_cols
        profit, low, high = rng.integers(-3, 30, n), np.zeros(n, np.int64), np.ones(n, np.int64)
        rows = knapsack_rows(formulation, np.arange(2))
        monkeypatch.setattr(knapsack, "_MAX_ROW_CELLS", 0)
        found = pack(rows, profit, low, high, reach=20)
        monkeypatch.undo()
        exact = pack(rows, profit, low, high)
        assert found is not None and exact is not None and found.value >= exact.value
        assert found.loss_in is not None and found.loss_out is not None
        for place, column in enumerate(rows.col_idx.tolist()):
            for value, loss in ((1, found.loss_in[place]), (0, found.loss_out[place])):
                forced = best_of(formulation, profit, low, high, column, value)
                assert forced is None or forced <= found.value - loss


def test_row_of_huge_capacity_takes_no_more_memory_than_its_budget() -> None:
    import tracemalloc

    n, capacity = 40, 10**9
    rng = np.random.default_rng(1)
    weight = rng.integers(10**7, 10**8, n)
    formulation = rows_of([weight.tolist()], [capacity])
    rows = knapsack_rows(formulation, np.array([0]), np.array([1]))  # a proof may state a unit so fine
    tracemalloc.start()
    packed = pack(rows, weight + rng.integers(0, 9, n), np.zeros(n, np.int64), np.ones(n, np.int64), reach=5)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert packed is not None and packed.value >= capacity
    assert peak_bytes < 1_000_000
