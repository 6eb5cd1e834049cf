"""`build_formulation` keeps what it was given and refuses what it cannot hold exactly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matcher.errors import ModelError
from matcher.model.formulation import NO_LIMIT, Formulation, RowBlock, build_formulation, with_objective


def has_code(code: str) -> Callable[[ModelError], bool]:
    """For `pytest.raises(check=…)`: a test reads the code, not the sentence of the day."""
    return lambda error: error.code == code


def _block(**changes: object) -> RowBlock:
    values: dict[str, object] = {
        "name": "slots",
        "row_idx": np.array([1, 0, 1]),
        "col_idx": np.array([2, 0, 1]),
        "lower": np.array([0, 0]),
        "upper": np.array([1, 2]),
        "side": "left",
    }
    return RowBlock(**(values | changes))  # type: ignore[arg-type]


def _code(*blocks: RowBlock, objective: object = (1, 2, 3), **options: object) -> str:
    with pytest.raises(ModelError) as caught:
        build_formulation(objective, blocks, **options)  # type: ignore[arg-type]
    return caught.value.code


def test_formulation_sorts_entries_by_row_and_column() -> None:
    formulation = build_formulation([1, 2, 3], [_block(coef=np.array([7, 8, 9]))])
    assert formulation.row_ptr.tolist() == [0, 1, 3]
    assert formulation.col_idx.tolist() == [0, 1, 2]
    assert formulation.coef.tolist() == [8, 9, 7]
    assert formulation.entry_row_idx.tolist() == [0, 1, 1]


def test_formulation_numbers_families_one_after_the_other() -> None:
    formulation = build_formulation([1, 2, 3], [_block(), _block(name="company", side="right")])
    assert [(f.name, f.start, f.stop, f.side) for f in formulation.families] == [
        ("slots", 0, 2, "left"),
        ("company", 2, 4, "right"),
    ]
    assert formulation.family_of_row(2).name == "company"
    with pytest.raises(ModelError, check=has_code("row_out_of_range")):
        formulation.family_of_row(4)


def test_formulation_activity_and_value_are_exact() -> None:
    formulation = build_formulation([1, -2, 3], [_block(coef=np.array([7, 8, 9]))])
    assert formulation.row_activity(np.array([1, 1, 0])).tolist() == [8, 9]
    assert formulation.value_of(np.array([0, 1, 1])) == 1


def test_formulation_activity_of_rows_without_entries_is_zero() -> None:
    none = np.zeros(0, np.int64)
    block = RowBlock("empty", none, none, np.zeros(3, np.int64), np.ones(3, np.int64))
    assert build_formulation([5], [block]).row_activity(np.array([1])).tolist() == [0, 0, 0]


def test_formulation_may_be_empty() -> None:
    formulation = build_formulation([], [])
    assert (formulation.n_cols, formulation.n_rows, formulation.n_pairs) == (0, 0, 0)
    assert formulation.value_of(np.zeros(0, np.int64)) == 0


def test_formulation_says_whether_coefficients_are_all_one() -> None:
    assert build_formulation([1, 2, 3], [_block()]).has_unit_coef
    assert not build_formulation([1, 2, 3], [_block(coef=np.array([1, 1, 2]))]).has_unit_coef


def test_formulation_refuses_fractions_and_wrapped_integers() -> None:
    assert _code(objective=[1.0, 2.0, 3.0]) == "not_integer"
    assert _code(objective=np.array([2**63, 0, 0], np.uint64)) == "not_integer"
    assert _code(objective=np.array([True, False, True])) == "not_integer"


def test_formulation_refuses_sums_that_could_leave_int64() -> None:
    assert _code(objective=[2**61, 2**61]) == "sum_too_large"
    assert _code(objective=[-(2**61), 2**61]) == "sum_too_large"
    assert _code(_block(coef=np.array([2**61, -(2**61), 0]))) == "sum_too_large"
    assert _code(_block(), column_upper=[1, 1, 2**62]) == "sum_too_large"


def test_formulation_holds_sums_just_below_the_limit() -> None:
    formulation = build_formulation([2**61, 2**61 - 2**53, 0], [])
    assert formulation.value_of(np.array([1, 1, 0])) == 2**62 - 2**53


def test_formulation_refuses_bounds_that_cross() -> None:
    assert _code(column_lower=[0, 1, 0], column_upper=[1, 0, 1]) == "column_bounds_wrong"
    assert _code(column_lower=[0, -1, 0]) == "column_bounds_wrong"
    assert _code(column_lower=[0, 0]) == "column_bounds_wrong"
    assert _code(_block(lower=np.array([0, 3]))) == "row_bounds_cross"


def test_formulation_accepts_bounds_that_touch() -> None:
    formulation = build_formulation([1, 2, 3], [_block(lower=np.array([1, 2]))], column_lower=[1, 1, 1])
    assert formulation.row_lower.tolist() == formulation.row_upper.tolist() == [1, 2]


def test_formulation_refuses_entries_that_are_out_of_range_or_repeated() -> None:
    assert _code(_block(row_idx=np.array([1, 0, 2]))) == "entry_out_of_range"
    assert _code(_block(col_idx=np.array([-1, 0, 1]))) == "entry_out_of_range"
    assert _code(_block(col_idx=np.array([1, 0, 1]))) == "entry_repeated"


def test_formulation_refuses_arrays_of_different_length() -> None:
    assert _code(_block(upper=np.array([1]))) == "block_shape_wrong"
    assert _code(_block(col_idx=np.array([1, 0]))) == "block_shape_wrong"
    assert _code(_block(coef=np.array([1, 0]))) == "block_shape_wrong"


def test_formulation_refuses_more_pairs_than_columns() -> None:
    assert _code(n_pairs=4) == "pairs_out_of_range"
    assert _code(n_pairs=-1) == "pairs_out_of_range"


def test_with_objective_keeps_rows_and_checks_the_objective() -> None:
    formulation = build_formulation([1, 2, 3], [_block()])
    other: Formulation = with_objective(formulation, [3, 2, 1])
    assert other.objective.tolist() == [3, 2, 1]
    assert formulation.objective.tolist() == [1, 2, 3]
    assert other.row_ptr is formulation.row_ptr
    for objective, code in (([1, 2], "objective_shape_wrong"), ([2**62, 0, 0], "sum_too_large")):
        with pytest.raises(ModelError, check=has_code(code)):
            with_objective(formulation, objective)


def test_no_limit_is_outside_every_sum() -> None:
    assert NO_LIMIT == 2**62


def test_network_takes_sixteen_bytes_a_pair() -> None:
    pairs, zeros = np.arange(1_000), np.zeros(1_000, np.int64)
    rows = [RowBlock(name, pairs, pairs, zeros, zeros + 1) for name in ("slots", "one_director")]
    built = build_formulation(np.ones(1_000, np.int64), rows)
    assert built.col_idx.dtype == np.int32
    same = built.column_lower, built.column_upper, built.coef
    assert [array.strides for array in same] == [(0,)] * 3
    assert [array.size for array in same] == [1_000, 1_000, 2_000] and built.has_unit_coef
    assert built.objective.nbytes + built.col_idx.nbytes == 16 * 1_000


def test_coefficients_of_one_family_leave_the_others_at_one() -> None:
    pairs, zeros = np.arange(3), np.zeros(3, np.int64)
    plain = RowBlock("slots", pairs, pairs, zeros, zeros + 1)
    weighed = RowBlock("hours", pairs, pairs, zeros, zeros + 9, coef=np.array([5, 6, 7]))
    assert build_formulation(zeros, [plain, weighed, plain]).coef.tolist() == [1, 1, 1, 5, 6, 7, 1, 1, 1]
    assert build_formulation(zeros, []).coef.size == 0
