"""The certificate believes nobody: plans, prices and infeasibility are checked from the formulation alone."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable

import numpy as np
import pytest

import matcher.model.certificate as certificate_module
from matcher.errors import ModelError
from matcher.model.answer import Answer, Prices, Status
from matcher.model.certificate import (
    Certificate,
    Violation,
    bound_of,
    certify,
    is_tight,
    optimal_face,
    reduced_costs,
    with_objective,
)
from matcher.model.formulation import NO_LIMIT, Formulation, RowBlock, build_formulation
from tests.brute_force import brute_force


def has_code(code: str) -> Callable[[ModelError], bool]:
    """For `pytest.raises(check=…)`: a test reads the code, not the sentence of the day."""
    return lambda error: error.code == code


def _rows(name: str, row_idx: list[int], col_idx: list[int], upper: list[int], **options: object) -> RowBlock:
    lower = options.pop("lower", [0] * len(upper))
    coef = options.pop("coef", None)
    return RowBlock(
        name,
        np.array(row_idx, np.int64),
        np.array(col_idx, np.int64),
        np.array(lower, np.int64),
        np.array(upper, np.int64),
        None if coef is None else np.array(coef, np.int64),
        **options,  # type: ignore[arg-type]
    )


def named_instance_duals_2_1_0() -> Formulation:
    """Director a may take one company, b two, no company twice; points a1 5, a2 4, b1 3, b2 3, b3 0.

    Worked by hand: a1 + b2 = 8 or a2 + b1 = 7, so 8. Prices 2 on a, 0 on b, 3 on companies 1 and 2 prove it:
    2·1 + 0·2 + 3 + 3 = 8 and no pair has more points than its prices. The duals of the slots are (2, 0).
    """
    return build_formulation(
        [5, 4, 3, 3, 0],
        [
            _rows("slots", [0, 0, 1, 1, 1], [0, 1, 2, 3, 4], [1, 2], side="left"),
            _rows("company", [0, 1, 0, 1, 2], [0, 1, 2, 3, 4], [1, 1, 1], side="right"),
        ],
    )


def three_rows_with_duals_2_1_0() -> Formulation:
    """max 6 x1 + 3 x2 with 2 x1 + x2 ≤ 3 said twice (rows 1 and 2) and x1 ≤ 5 (row 3, never full).

    The duals (2, 1, 0) prove x = (1, 1): 2·3 + 1·3 + 0·5 = 9 = 6 + 3, and both reduced costs are 0.
    """
    return build_formulation(
        [6, 3], [_rows("limit", [0, 0, 1, 1, 2], [0, 1, 0, 1, 0], [3, 3, 5], coef=[2, 1, 2, 1, 1])]
    )


def _certify(
    formulation: Formulation, x: list[int], *, status: Status = "optimal", prices: Prices | None = None
) -> Certificate:
    return certify(formulation, Answer(status, "test", x=np.array(x, np.int64), prices=prices))


def _prices(*row: int, scale: int = 1) -> Prices:
    return Prices(np.array(row, np.int64), scale)


_GOOD = _prices(2, 0, 3, 3, 0)


def test_certificate_proves_the_named_instance() -> None:
    certificate = _certify(named_instance_duals_2_1_0(), [1, 0, 0, 1, 0], prices=_GOOD)
    assert certificate == Certificate(8, 8, 0.0, "proved", "all", True)


def test_certificate_proves_an_lp_with_duals_2_1_0() -> None:
    formulation = three_rows_with_duals_2_1_0()
    assert bound_of(formulation, _prices(2, 1, 0)) == 9
    assert _certify(formulation, [1, 1], prices=_prices(2, 1, 0)).word == "proved"
    assert reduced_costs(formulation, _prices(2, 1, 0)).tolist() == [0, 0]


def test_certificate_says_claimed_without_tight_prices() -> None:
    formulation = named_instance_duals_2_1_0()
    assert _certify(formulation, [1, 0, 0, 1, 0]).word == "claimed"
    loose = _certify(formulation, [1, 0, 0, 1, 0], prices=_prices(5, 0, 3, 3, 0))
    assert (loose.word, loose.value, loose.bound, loose.gap) == ("claimed", 8, 11, 3 / 8)


def test_certificate_says_unknown_of_a_plan_nobody_calls_optimal() -> None:
    certificate = _certify(named_instance_duals_2_1_0(), [0, 1, 1, 0, 0], status="feasible", prices=_GOOD)
    assert (certificate.word, certificate.value, certificate.bound) == ("unknown", 7, 8)


def test_certificate_proves_an_optimum_the_backend_did_not_claim() -> None:
    assert _certify(named_instance_duals_2_1_0(), [1, 0, 0, 1, 0], status="feasible", prices=_GOOD).word == "proved"


def test_certificate_says_of_what() -> None:
    formulation = named_instance_duals_2_1_0()
    assert certify(formulation, Answer("unknown", "test"), of="kept").of == "kept"


def test_certificate_rejects_overfull_director() -> None:
    certificate = _certify(named_instance_duals_2_1_0(), [1, 1, 0, 0, 0], prices=_GOOD)
    assert (certificate.feasible, certificate.word, certificate.value, certificate.gap) == (
        False,
        "unknown",
        None,
        None,
    )
    assert certificate.violations == (Violation("slots", 0, 2, 0, 1),)
    assert certificate.bound == 8


def test_certificate_rejects_overfull_company() -> None:
    certificate = _certify(named_instance_duals_2_1_0(), [1, 0, 1, 0, 0])
    assert certificate.violations == (Violation("company", 2, 2, 0, 1),)


def test_certificate_rejects_a_row_below_its_lower_bound() -> None:
    formulation = build_formulation([1, 1], [_rows("quota", [0, 0], [0, 1], [2], lower=[1])])
    assert _certify(formulation, [0, 0]).violations == (Violation("quota", 0, 0, 1, 2),)
    assert _certify(formulation, [1, 0]).feasible


@pytest.mark.parametrize("x", [[2, 0, 0, 0, 0], [0, 0, 0, 0, -1]])
def test_certificate_rejects_x_out_of_range(x: list[int]) -> None:
    certificate = _certify(named_instance_duals_2_1_0(), x)
    assert not certificate.feasible
    j = int(np.flatnonzero(x)[0])
    assert Violation("column", j, x[j], 0, 1) in certificate.violations


def test_certificate_rejects_a_forbidden_and_a_missing_pinned_pair() -> None:
    formulation = build_formulation([1, 1], [], column_lower=[0, 1], column_upper=[0, 1])
    certificate = _certify(formulation, [1, 0])
    assert certificate.violations == (Violation("column", 0, 1, 0, 0), Violation("column", 1, 0, 1, 1))


def test_certificate_counts_huge_x_without_overflow() -> None:
    formulation = build_formulation([1, 1, 1, 1], [_rows("slots", [0] * 4, [0, 1, 2, 3], [1])])
    certificate = _certify(formulation, [2**62, 2**62, 2**62, 2**62])  # their sum is 0 in int64
    assert Violation("slots", 0, 2**64, 0, 1) in certificate.violations


def test_certificate_shows_20_violations_and_counts_all() -> None:
    formulation = build_formulation(np.zeros(50, np.int64), [])
    certificate = certify(formulation, Answer("optimal", "test", x=np.full(50, 3)))
    assert (len(certificate.violations), certificate.n_violations) == (20, 50)


@pytest.mark.parametrize(
    ("x", "code"),
    [
        (np.zeros(4, np.int64), "answer_shape_wrong"),
        (np.zeros((5, 1), np.int64), "answer_shape_wrong"),
        (np.array([1.0, 0, 0, 1, 0]), "not_integer"),
        (np.array([True, False, False, True, False]), "not_integer"),
    ],
)
def test_certificate_refuses_what_is_no_plan_at_all(x: np.ndarray, code: str) -> None:
    with pytest.raises(ModelError, check=has_code(code)):
        certify(named_instance_duals_2_1_0(), Answer("optimal", "test", x=x))


@pytest.mark.parametrize(
    ("prices", "code"),
    [
        (_prices(1, 2), "prices_shape_wrong"),
        (Prices(np.zeros(5), 1), "not_integer"),  # type: ignore[arg-type]
        (_prices(0, 0, 0, 0, 0, scale=0), "price_scale_wrong"),
    ],
)
def test_certificate_refuses_what_are_no_prices(prices: Prices, code: str) -> None:
    with pytest.raises(ModelError, check=has_code(code)):
        bound_of(named_instance_duals_2_1_0(), prices)


def test_bound_is_the_floor_of_the_scaled_bound() -> None:
    # Three companies of which two may be served: LP value 1.5 with prices ½ each on an odd cycle of limits.
    triangle = build_formulation([1, 1, 1], [_rows("edge", [0, 0, 1, 1, 2, 2], [0, 1, 1, 2, 0, 2], [1, 1, 1])])
    assert bound_of(triangle, _prices(1, 1, 1, scale=2)) == 1
    certificate = _certify(triangle, [1, 0, 0], prices=_prices(1, 1, 1, scale=2))
    assert certificate.word == "proved"
    assert not is_tight(triangle, _prices(1, 1, 1, scale=2), 1)
    with pytest.raises(ModelError, check=has_code("prices_not_tight")):
        optimal_face(triangle, _prices(1, 1, 1, scale=2))


def test_bound_floors_downwards_below_zero() -> None:
    pinned = build_formulation([-1], [_rows("row", [0], [0], [1], lower=[1])], column_upper=[2])
    # Price −3/2: reduced 2·(−1) + 3 = 1 at the upper bound 2, minus 3·1: scaled −1, so −0.5 and its floor −1.
    assert bound_of(pinned, _prices(-3, scale=2)) == -1


def test_price_on_a_side_without_a_bound_counts_as_zero() -> None:
    formulation = build_formulation([5, 4], [_rows("open", [0, 1], [0, 1], [NO_LIMIT, 1], lower=[0, -NO_LIMIT])])
    assert bound_of(formulation, _prices(5, -4)) == 9
    assert reduced_costs(formulation, _prices(5, -4)).tolist() == [5, 4]


def test_negative_price_acts_on_the_lower_bound() -> None:
    formulation = build_formulation([-3, -5], [_rows("total", [0, 0], [0, 1], [2], lower=[1])])
    assert bound_of(formulation, _prices(-3)) == -3
    assert _certify(formulation, [1, 0], prices=_prices(-3)).word == "proved"


def test_pinned_pair_counts_with_its_loss() -> None:
    formulation = build_formulation([-7, 2], [], column_lower=[1, 0])
    assert _certify(formulation, [1, 1], prices=_prices()).value == -5
    assert bound_of(formulation, _prices()) == -5


def test_infeasible_is_proved_by_prices_of_the_zero_objective() -> None:
    formulation = build_formulation(
        [9, 9], [_rows("need", [0, 0], [0, 1], [2], lower=[2]), _rows("slots", [0, 0], [0, 1], [1])]
    )
    proof = certify(formulation, Answer("infeasible", "test", farkas=_prices(-1, 1)))
    assert proof.infeasible_proved
    assert not certify(formulation, Answer("infeasible", "test", farkas=_prices(0, 1))).infeasible_proved
    assert not certify(formulation, Answer("infeasible", "test")).infeasible_proved


def test_infeasible_is_not_proved_at_the_boundary() -> None:
    formulation = build_formulation(
        [9, 9], [_rows("need", [0, 0], [0, 1], [2], lower=[1]), _rows("slots", [0, 0], [0, 1], [1])]
    )
    assert not certify(formulation, Answer("infeasible", "test", farkas=_prices(-1, 1))).infeasible_proved


def test_bound_is_exact_near_2_to_the_61() -> None:
    big = 2**61
    formulation = build_formulation([big, big - 2**54], [_rows("slots", [0, 0], [0, 1], [1])])
    assert bound_of(formulation, _prices(big)) == big
    assert bound_of(formulation, _prices(big - 1)) == big
    assert bound_of(formulation, _prices(big + 3)) == big + 3
    assert bound_of(formulation, _prices(0)) == 2 * big - 2**54
    assert _certify(formulation, [1, 0], prices=_prices(big)).word == "proved"


def test_bound_is_exact_beyond_int64() -> None:
    formulation = build_formulation([2**60, 3], [_rows("slots", [0, 0], [0, 1], [2**40])])
    price = 2**62
    expected = price * 2**40  # both columns are worth less than the price: they stay at 0
    assert bound_of(formulation, _prices(price)) == expected
    # Scale 2⁴⁰: the price is ¼ of 2⁶⁰ points below the first column.
    scaled = 2**60 * 2**40 - 2**62
    assert bound_of(formulation, _prices(price, scale=2**40)) == (2**62 * 2**40 + scaled) // 2**40
    with pytest.raises(ModelError, check=has_code("reduced_cost_too_large")):
        reduced_costs(formulation, _prices(price, scale=2**40))


def test_bound_is_exact_when_only_the_sum_leaves_int64() -> None:
    formulation = build_formulation([0], [_rows("empty", [], [], [2] * 5)])
    assert bound_of(formulation, _prices(*[2**60] * 5)) == 5 * 2**61


def test_bound_of_the_lowest_int64_price_is_exact() -> None:
    formulation = build_formulation([1], [_rows("row", [0], [0], [1], lower=[1])])
    assert bound_of(formulation, _prices(-(2**63))) == 1


def test_bound_accepts_a_scale_beyond_int64() -> None:
    formulation = build_formulation([5], [])
    assert bound_of(formulation, Prices(np.zeros(0, np.int64), 2**70)) == 5


def test_reduced_costs_subtract_every_row_of_a_column() -> None:
    assert reduced_costs(named_instance_duals_2_1_0(), _GOOD).tolist() == [0, -1, 0, 0, 0]
    assert reduced_costs(named_instance_duals_2_1_0(), _prices(1, 0, 3, 3, 0, scale=2)).tolist() == [6, 4, 3, 3, 0]


def test_optimal_face_keeps_exactly_the_optimal_plans() -> None:
    formulation = named_instance_duals_2_1_0()
    face = optimal_face(formulation, _GOOD, 8)
    truth = brute_force(formulation)
    assert truth.optimal == {(1, 0, 0, 1, 0), (1, 0, 0, 1, 1)}  # the pair of 0 points may be there or not
    assert brute_force(face).feasible == truth.optimal
    assert face.row_lower.tolist() == [1, 0, 1, 1, 0]
    second = with_objective(face, [0, 0, 0, 0, -1])
    assert brute_force(second).optimal == {(1, 0, 0, 1, 0)}


def test_optimal_face_holds_a_row_at_its_lower_bound_and_columns_at_their_best() -> None:
    formulation = build_formulation([-3, -3, -5, 4], [_rows("need", [0, 0, 0], [0, 1, 2], [3], lower=[1])])
    face = optimal_face(formulation, _prices(-3), 1)
    assert (face.row_lower.tolist(), face.row_upper.tolist()) == ([1], [1])
    assert (face.column_lower.tolist(), face.column_upper.tolist()) == ([0, 0, 0, 1], [1, 1, 0, 1])
    assert brute_force(face).feasible == brute_force(formulation).optimal == {(1, 0, 0, 1), (0, 1, 0, 1)}


def test_optimal_face_refuses_prices_of_another_value() -> None:
    with pytest.raises(ModelError, check=has_code("prices_not_tight")):
        optimal_face(named_instance_duals_2_1_0(), _GOOD, 7)


def test_optimal_face_of_untight_prices_has_no_plan() -> None:
    assert not brute_force(optimal_face(named_instance_duals_2_1_0(), _prices(5, 0, 3, 3, 0))).feasible


def test_empty_formulation_is_proved() -> None:
    certificate = _certify(build_formulation([], []), [], prices=_prices())
    assert (certificate.word, certificate.value, certificate.bound) == ("proved", 0, 0)


def test_certificate_imports_no_solver() -> None:
    tree = ast.parse(inspect.getsource(certificate_module))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not [name for name in modules if name and ("ortools" in name or "solvers" in name)]
