"""Tiny named formulations that break solvers, each with its optimum by hand. Every backend solves every one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matcher.model.formulation import NO_LIMIT, Formulation, RowBlock, Side, build_formulation

FREE = -NO_LIMIT


@dataclass(frozen=True)
class Case:
    """One formulation and what is known of it.

    `value` None = infeasible. `bound` None = the prices meet the value (the word is ``proved``), else what the linear
    relaxation can prove. `no_network` is the reason code of the flow backend, "" where the rows are a network.
    `too_large_for` names the backends that refuse such large numbers. `why` is the argument by hand.
    """

    name: str
    build: Callable[[], Formulation]
    value: int | None
    why: str
    bound: int | None = None
    no_network: str = ""
    is_lp_feasible: bool = False
    x: tuple[int, ...] | None = None
    too_large_for: tuple[str, ...] = ()


def block(
    name: str,
    rows: list[list[int]],
    upper: list[int],
    *,
    lower: list[int] | None = None,
    coef: list[list[int]] | None = None,
    side: Side = "",
) -> RowBlock:
    """A family from a list of columns for each row; lower bounds default to none."""
    import numpy as np

    row_idx = [r for r, cols in enumerate(rows) for _ in cols]
    return RowBlock(
        name,
        np.array(row_idx, np.int64),
        np.array([c for cols in rows for c in cols], np.int64),
        np.array([FREE] * len(rows) if lower is None else lower, np.int64),
        np.array(upper, np.int64),
        None if coef is None else np.array([a for row in coef for a in row], np.int64),
        side,
    )


def _grid(points: list[list[int]], slots: list[int], *more: RowBlock) -> Formulation:
    """Directors × companies, all pairs, column d · n_companies + c; each company at most once."""
    n_d, n_c = len(points), len(points[0])
    return build_formulation(
        [p for row in points for p in row],
        [
            block("slots", [[d * n_c + c for c in range(n_c)] for d in range(n_d)], slots, side="left"),
            block("company", [[d * n_c + c for d in range(n_d)] for c in range(n_c)], [1] * n_c, side="right"),
            *more,
        ],
    )


def _pinned() -> Formulation:
    slots = block("slots", [[0, 1]], [1], side="left")
    return build_formulation([1, 9], [slots], column_lower=[1, 0])


def _max_directors() -> Formulation:
    # Columns 0–3: two directors × two companies; 4, 5: director used.
    return build_formulation(
        [5, 1, 1, 5, 0, 0],
        [
            block("company", [[0, 2], [1, 3]], [1, 1], side="right"),
            block("uses", [[0, 4], [1, 4], [2, 5], [3, 5]], [0] * 4, coef=[[1, -1]] * 4),
            block("max_directors", [[4, 5]], [1]),
        ],
        n_pairs=4,
    )


def _shortage() -> Formulation:
    # One eligible company, two wanted; column 1 counts the shortage at 7 points a unit.
    return build_formulation(
        [3, -7],
        [
            block("company", [[0]], [1], side="right"),
            block("quota", [[0, 1]], [NO_LIMIT], lower=[2], side="right"),
        ],
        n_pairs=1,
        column_upper=[1, 2],
    )


def _apart() -> Formulation:
    # Two directors without a company in common; the second has hours, and one and a half companies fill them.
    return build_formulation(
        [7, 5, 4, 4],
        [
            block("slots", [[0, 1], [2, 3]], [1, 2], side="left"),
            block("company", [[0], [1], [2], [3]], [1] * 4, side="right"),
            block("hours", [[2, 3]], [3], coef=[[2, 2]]),
        ],
    )


def _loose_ends() -> Formulation:
    # Two parts with hours, one whose columns are closed, two columns in no row (one costs), and a row of nothing.
    return build_formulation(
        [4, 4, 3, 3, 9, 9, 2, -2],
        [
            block("hours", [[0, 1], [2, 3], [4, 5], []], [3, 3, 1, 0], coef=[[2, 2], [2, 2], [1, 1], []]),
        ],
        column_upper=[1, 1, 1, 1, 0, 0, 1, 1],
    )


def _near_overflow() -> Formulation:
    # All sums end a little below 2⁶²: Σ points, a row's Σ coef, and its bound.
    large = 2**59
    return build_formulation(
        [large, -large, large - 1],
        [block("hours", [[0, 1, 2]], [large], coef=[[large, large, large]])],
    )


ZOO = (
    Case("empty", lambda: build_formulation([], []), 0, "nothing to choose"),
    Case("no_rows", lambda: build_formulation([4, -4], []), 4, "every column at its better bound", x=(1, 0)),
    Case("one_pair", lambda: _grid([[5]], [1]), 5, "the only pair is worth having", x=(1,)),
    Case("ties_everywhere", lambda: _grid([[1] * 3] * 3, [1] * 3), 3, "any three disjoint pairs"),
    Case("zero_capacity", lambda: _grid([[5, 4]], [0]), 0, "nobody has a slot", x=(0, 0)),
    Case("negative_points", lambda: _grid([[-5, 3]], [2]), 3, "a bad pair is not taken", x=(0, 1)),
    Case("greedy_trap", lambda: _grid([[10, 9], [9, 1]], [1, 1]), 18, "9 + 9 beats 10 + 1", x=(0, 1, 1, 0)),
    Case(
        "infeasible_quota",
        lambda: _grid([[5, 4]], [2], block("quota:a", [[0]], [NO_LIMIT], lower=[2], side="right")),
        None,
        "one company where two are demanded",
    ),
    Case(
        "infeasible_slots",
        lambda: _grid([[5, 4, 3]], [2], block("total", [[0, 1, 2]], [NO_LIMIT], lower=[3], side="right")),
        None,
        "two slots for three companies",
    ),
    Case(
        "equality_rows",
        lambda: build_formulation(
            [9, 1, 8, 1],
            [
                block("slots", [[0, 1], [2, 3]], [1, 1], lower=[1, 1], side="left"),
                block("company", [[0, 2], [1, 3]], [1, 1], lower=[1, 1], side="right"),
            ],
        ),
        10,
        "9 + 1 on one diagonal, 8 + 1 on the other",
        x=(1, 0, 0, 1),
    ),
    Case(
        "duals_2_1_0",
        lambda: build_formulation([3, 2, 1], [block("pairwise", [[0, 1], [0, 2], [1, 2]], [1, 1, 1])]),
        3,
        "any two columns exclude each other",
        no_network="no_side:pairwise",
        x=(1, 0, 0),
    ),
    Case(
        "odd_triangle",
        lambda: build_formulation([2, 2, 2], [block("rivals", [[0, 1], [1, 2], [0, 2]], [1, 1, 1])]),
        2,
        "one of three, halves of all three in the relaxation",
        bound=3,
        no_network="no_side:rivals",
    ),
    Case(
        "hours_knapsack",
        lambda: build_formulation([10, 10, 10], [block("hours", [[0, 1, 2]], [3], coef=[[2, 2, 2]])]),
        10,
        "3 hours hold one company of 2 hours, one and a half in the relaxation",
        bound=15,
        no_network="coefficients",
    ),
    Case(
        "hours_fit",
        lambda: build_formulation([6, 5, 4], [block("hours", [[0, 1, 2]], [5], coef=[[3, 2, 2]])]),
        11,
        "3 + 2 hours fill 5 exactly, in the order of points per hour but for the tie",
        no_network="coefficients",
        x=(1, 1, 0),
    ),
    Case(
        "budget",
        lambda: _grid([[8, 5], [7, 5]], [1, 1], block("budget", [[0, 1, 2, 3]], [40], coef=[[30, 10, 20, 10]])),
        13,
        "the best plan 8 + 5 costs exactly the 40 there is",
        no_network="coefficients",
    ),
    Case(
        "huge_points",
        lambda: _grid([[2**60, 2**60 - 1]], [1]),
        2**60,
        "a difference below what a double can see",
        x=(1, 0),
        too_large_for=("flow", "mip"),
    ),
    Case("pin", _pinned, 1, "the pin takes the only slot", x=(1, 0)),
    Case(
        "rivals",
        lambda: _grid([[5, 4], [1, 1]], [2, 2], block("rivals", [[0, 1], [2, 3]], [1, 1])),
        6,
        "rivals do not share a director: 5 + 1",
        no_network="no_side:rivals",
        x=(1, 0, 0, 1),
    ),
    Case(
        "max_directors",
        _max_directors,
        6,
        "one director serves both: 5 + 1; the relaxation uses two halves and cannot beat it",
        no_network="coefficients",
        bound=6,
    ),
    Case("shortage", _shortage, -4, "3 for the company, 7 for the one that is missing", x=(1, 1)),
    Case(
        "nested_quotas",
        lambda: _grid(
            [[1, 2, 3]],
            [2],
            block("quota:pref", [[0]], [NO_LIMIT], lower=[1], side="right"),
            block("quota:region", [[0, 1]], [NO_LIMIT], lower=[1], side="right"),
        ),
        4,
        "the demanded 1 also fills the region, 3 is free",
        x=(1, 0, 1),
    ),
    Case(
        "parity",
        lambda: build_formulation([1, 1], [block("hours", [[0, 1]], [3], lower=[3], coef=[[2, 2]])]),
        None,
        "no sum of twos is three; fractions can",
        no_network="coefficients",
        is_lp_feasible=True,
    ),
    Case(
        "loose_bound",
        lambda: build_formulation([1] * 6, [block("hours", [list(range(6))], [11], coef=[[10] * 6])]),
        1,
        "one of 10 hours in 11; the relaxation's 1.1 floors to 1",
        no_network="coefficients",
    ),
    Case(
        "duplicate_rows",
        lambda: _grid([[5, 4]], [2], block("total", [[0, 1], [0, 1]], [1, 1])),
        5,
        "the same limit of one, twice",
        no_network="no_side:total",
        x=(1, 0),
    ),
    Case(
        "duplicate_columns",
        lambda: build_formulation([3, 3, 3], [block("slots", [[0, 1, 2]], [2], side="left")]),
        6,
        "two of three that nothing tells apart",
    ),
    Case(
        "equal_bounds_of_hours",
        lambda: build_formulation([9, 4, 3], [block("hours", [[0, 1, 2]], [5], lower=[5], coef=[[4, 3, 2]])]),
        7,
        "exactly 5 hours are 3 + 2; half of the third beside the first reaches 10.5 in the relaxation",
        bound=10,
        no_network="coefficients",
        x=(0, 1, 1),
    ),
    Case(
        "rows_without_limits",
        lambda: _grid([[5, -4]], [2], block("none", [[0, 1], [1]], [NO_LIMIT] * 2, coef=[[3, -7], [2]])),
        5,
        "rows without a limit on either side say nothing",
        no_network="coefficients",
        x=(1, 0),
    ),
    Case(
        "rows_without_columns",
        lambda: build_formulation([2], [block("slots", [[0], []], [1, 0], side="left")]),
        2,
        "a director nobody may work with",
        x=(1,),
    ),
    Case(
        "demand_without_columns",
        lambda: build_formulation([2], [block("quota", [[0], []], [1, NO_LIMIT], lower=[0, 1], side="right")]),
        None,
        "one is demanded where nobody is eligible",
    ),
    Case(
        "all_columns_fixed",
        lambda: build_formulation(
            [4, -9], [block("slots", [[0, 1]], [2], side="left")], column_lower=[0, 1], column_upper=[0, 1]
        ),
        -9,
        "one forbidden, one pinned",
        x=(0, 1),
    ),
    Case(
        "pins_break_a_row",
        lambda: build_formulation([4, 9], [block("slots", [[0, 1]], [1], side="left")], column_lower=[1, 1]),
        None,
        "two pins on one slot",
    ),
    Case(
        "auxiliary_above_one",
        lambda: build_formulation(
            [6, 6, 6, -4],
            [block("overtime", [[0, 1, 2, 3]], [3], coef=[[3, 3, 3, -2]])],
            n_pairs=3,
            column_upper=[1, 1, 1, 5],
        ),
        6,
        "3 hours are free; each company more costs 1.5 units of overtime at 4, all that it brings",
        no_network="coefficients",
    ),
    Case("two_components", _apart, 11, "7 beside 4; the relaxation fills the hours by a half more", 13, "coefficients"),
    Case(
        "one_of_two_parts_has_no_plan",
        lambda: build_formulation([1, 1, 5], [block("hours", [[0, 1], [2]], [3, 1], lower=[3, 0], coef=[[2, 2], [1]])]),
        None,
        "no sum of twos is three, whatever the third column is",
        no_network="coefficients",
        is_lp_feasible=True,
    ),
    Case("parts_and_loose_ends", _loose_ends, 9, "4 + 3 + 2; the relaxation fills both hours", 12, "coefficients"),
    Case(
        "overlapping_quotas",
        lambda: _grid(
            [[1, 2, 3]],
            [2],
            block("quota:pref", [[0, 1]], [NO_LIMIT], lower=[1], side="right"),
            block("quota:kind", [[1, 2]], [1], lower=[1], side="right"),
        ),
        4,
        "one of the last two, and one of the first two: 1 + 3",
        no_network="not_nested:right",
        x=(1, 0, 1),
    ),
    Case(
        "quotas_against_each_other",
        lambda: _grid(
            [[5, 4]],
            [1],
            block("quota:a", [[0]], [NO_LIMIT], lower=[1], side="right"),
            block("quota:b", [[1]], [NO_LIMIT], lower=[1], side="right"),
        ),
        None,
        "one slot, two demands",
    ),
    Case(
        "negative_everywhere",
        lambda: _grid([[-5, -3]], [2], block("total", [[0, 1]], [NO_LIMIT], lower=[1], side="right")),
        -3,
        "one is demanded: the lesser evil",
        x=(0, 1),
    ),
    Case(
        "negative_bounds",
        lambda: build_formulation([-1, 2], [block("balance", [[0, 1]], [-1], lower=[-3], coef=[[-2, 1]])]),
        1,
        "the second asks for the first: −2 + 1 is −1",
        no_network="coefficients",
        x=(1, 1),
    ),
    Case(
        "near_overflow",
        _near_overflow,
        2**59,
        "one of three fits, and the first is better by 1",
        no_network="coefficients",
        x=(1, 0, 0),
        too_large_for=("mip",),
    ),
)
