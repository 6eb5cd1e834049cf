"""A bottleneck is arithmetic that anybody can add up again."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings

from matcher.model.answer import Limits
from matcher.model.conflict import find_conflict
from matcher.model.formulation import NO_LIMIT, Formulation, build_formulation
from matcher.model.hall import Bottleneck, find_bottleneck, keep_members
from matcher.model.solvers import choose
from tests.brute_force import brute_force
from tests.contract.zoo import block
from tests.properties.model_strategies import networks


def _found(formulation: Formulation) -> Bottleneck | None:
    answer = choose(formulation).backend.solve(formulation, Limits())
    assert answer.status == "infeasible"
    conflict = find_conflict(formulation, answer, Limits())
    return find_bottleneck(formulation, conflict.rows, conflict.columns)


def _assert_adds_up(formulation: Formulation, found: Bottleneck) -> None:
    """Column by column: whatever is asked for is given or loose; then demand and supply from the bounds."""
    count = {"asks": np.zeros(formulation.n_cols, int), "gives": np.zeros(formulation.n_cols, int)}
    for side, rows in (("asks", found.asks), ("gives", found.gives)):
        for row, weight in rows:
            for entry in range(formulation.row_ptr[row], formulation.row_ptr[row + 1]):
                count[side][formulation.col_idx[entry]] += weight * formulation.coef[entry]
    loose, pins = dict(found.loose), dict(found.pins)
    for column in range(formulation.n_cols):
        asked = count["asks"][column] + pins.get(column, 0)
        if formulation.column_upper[column]:
            assert asked <= count["gives"][column] + loose.get(column, 0)
    demand = sum(weight * int(formulation.row_lower[row]) for row, weight in found.asks)
    demand += sum(weight * int(formulation.column_lower[column]) for column, weight in found.pins)
    supply = sum(weight * int(formulation.row_upper[row]) for row, weight in found.gives)
    supply += sum(weight * int(formulation.column_upper[column]) for column, weight in found.loose)
    assert (found.demand, found.supply) == (demand, supply)
    assert found.shortfall == demand - supply >= 1


def test_three_companies_for_two_slots() -> None:
    # Columns d · 3 + c: two directors with a slot each, three companies, all of them wanted.
    slots = block("slots", [[0, 1, 2], [3, 4, 5]], [1, 1], side="left")
    company = block("company", [[0, 3], [1, 4], [2, 5]], [1, 1, 1], side="right")
    quota = block("quota", [[0, 1, 2, 3, 4, 5]], [NO_LIMIT], lower=[3], side="right")
    found = _found(build_formulation([0] * 6, [slots, company, quota]))
    assert found == Bottleneck(asks=((5, 1),), pins=(), gives=((0, 1), (1, 1)), loose=(), demand=3, supply=2)


def test_pairs_that_no_row_counts_are_loose() -> None:
    quota = block("quota", [[0, 1]], [NO_LIMIT], lower=[3])
    found = _found(build_formulation([0, 0], [quota]))
    assert found == Bottleneck(asks=((0, 1),), pins=(), gives=(), loose=((0, 1), (1, 1)), demand=3, supply=2)


def test_hours_of_pins_are_added_up() -> None:
    hours = block("hours", [[0, 1, 2]], [40], coef=[[15, 30, 9]])
    found = _found(build_formulation([0] * 3, [hours], column_lower=[1, 1, 0]))
    assert found == Bottleneck(asks=(), pins=((0, 15), (1, 30)), gives=((0, 1),), loose=(), demand=45, supply=40)


def test_no_bottleneck_where_only_whole_numbers_contradict() -> None:
    formulation = build_formulation([0, 0], [block("parity", [[0, 1]], [3], lower=[3], coef=[[2, 2]])])
    assert find_bottleneck(formulation, (0,), ()) is None


def test_no_bottleneck_where_the_members_hold() -> None:
    formulation = build_formulation([0, 0], [block("slots", [[0, 1]], [1], lower=[1], side="left")])
    assert find_bottleneck(formulation, (0,), ()) is None


def test_members_are_kept_and_nothing_else() -> None:
    slots = block("slots", [[0, 1], [2]], [1, 1], side="left")
    quota = block("quota", [[0, 2]], [NO_LIMIT], lower=[2], side="right")
    formulation = build_formulation([5, 5, 5], [slots, quota], column_lower=[1, 1, 0])
    part, rows = keep_members(formulation, (2, 0), (1,))
    assert rows.tolist() == [0, 2]
    assert part.column_lower.tolist() == [0, 1, 0]
    assert part.col_idx.tolist() == [0, 1, 0, 2]
    assert [(family.name, family.start, family.stop) for family in part.families] == [("slots", 0, 1), ("quota", 1, 2)]


@settings(deadline=None, max_examples=60)
@given(networks())
def test_every_conflict_of_a_network_is_a_bottleneck_that_adds_up(formulation: Formulation) -> None:
    assume(brute_force(formulation).value is None)
    found = _found(formulation)
    assert found is not None
    _assert_adds_up(formulation, found)
