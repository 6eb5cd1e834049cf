"""Which formulations are networks, whatever their families claim, and how their trees look."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.model.formulation import Formulation, RowBlock, Side, build_formulation
from matcher.model.solvers.network import Network, as_network


def _family(name: str, side: Side, row_of_column: list[int | None], coef: list[int] | None = None) -> RowBlock:
    cols = [j for j, row in enumerate(row_of_column) if row is not None]
    rows = [row for row in row_of_column if row is not None]
    n_rows = max(rows, default=-1) + 1
    return RowBlock(
        name,
        np.array(rows, np.int64),
        np.array(cols, np.int64),
        np.zeros(n_rows, np.int64),
        np.ones(n_rows, np.int64),
        None if coef is None else np.array(coef, np.int64),
        side,
    )


def _build(*blocks: RowBlock, n_cols: int = 4, n_pairs: int | None = None) -> Formulation:
    return build_formulation(np.ones(n_cols, np.int64), blocks, n_pairs=n_pairs)


def _arcs(formulation: Formulation) -> list[tuple[int, int]]:
    network = as_network(formulation)
    assert isinstance(network, Network)
    assert network.n_nodes == formulation.n_rows + 1
    return list(zip(network.tail.tolist(), network.head.tolist(), strict=True))


SLOTS = _family("slots", "left", [0, 0, 1, 1])
COMPANY = _family("company", "right", [0, 1, 0, 1])
TOTAL = _family("total", "right", [0, 0, 0, 0])


def test_network_of_slots_and_companies() -> None:
    assert _arcs(_build(SLOTS, COMPANY)) == [(1, 3), (1, 4), (2, 3), (2, 4), (0, 1), (0, 2), (3, 0), (4, 0)]


@pytest.mark.parametrize("blocks", [(SLOTS, COMPANY, TOTAL), (TOTAL, SLOTS, COMPANY), (COMPANY, TOTAL, SLOTS)])
def test_network_finds_fine_and_coarse_in_any_order(blocks: tuple[RowBlock, ...]) -> None:
    formulation = _build(*blocks)
    node = {family.name: family.start + 1 for family in formulation.families}
    arcs = _arcs(formulation)
    slots, company, total = node["slots"], node["company"], node["total"]
    assert arcs[:4] == [(slots, company), (slots, company + 1), (slots + 1, company), (slots + 1, company + 1)]
    assert set(arcs[4:]) == {(0, slots), (0, slots + 1), (company, total), (company + 1, total), (total, 0)}


def test_network_column_outside_a_family_bypasses_its_level() -> None:
    quota = _family("quota", "right", [0, None, 0, None])
    assert _arcs(_build(SLOTS, COMPANY, quota)) == [
        *((1, 3), (1, 4), (2, 3), (2, 4)),
        *((0, 1), (0, 2), (3, 5), (4, 0), (5, 0)),
    ]


def test_network_column_in_no_row_of_a_side_starts_outside() -> None:
    assert _arcs(_build(_family("company", "right", [0, 1, 0, None]))) == [
        (0, 1),
        (0, 2),
        (0, 1),
        (0, 0),
        (1, 0),
        (2, 0),
    ]


def test_network_accepts_an_auxiliary_column_beside_the_trees() -> None:
    shortage = _family("company", "right", [0, 0, 0, 0])
    assert isinstance(as_network(_build(_family("slots", "left", [0, 0, 0, None]), shortage, n_pairs=3)), Network)


def test_network_nests_left_families_away_from_outside() -> None:
    team = _family("team", "left", [0, 0, 0, 0])
    assert _arcs(_build(SLOTS, team))[4:] == [(3, 1), (3, 2), (0, 3)]


def test_network_of_equal_rows_puts_one_inside_the_other() -> None:
    again = _family("again", "left", [0, 0, 1, 1])
    arcs = _arcs(_build(SLOTS, again))
    assert arcs[:4] == [(1, 0), (1, 0), (2, 0), (2, 0)]
    assert arcs[4:] == [(3, 1), (4, 2), (0, 3), (0, 4)]


def test_network_sorts_rows_one_by_one_when_families_do_not_nest() -> None:
    # Row 0 of the first family lies inside row 0 of the second; row 1 of the second inside row 1 of the first.
    first = _family("first", "right", [0, None, 1, 1, 1])
    second = _family("second", "right", [0, 0, 1, None, None])
    arcs = _arcs(_build(first, second, n_cols=5))
    assert arcs[:5] == [(0, 1), (0, 3), (0, 4), (0, 2), (0, 2)]
    assert arcs[5:] == [(1, 3), (2, 0), (3, 0), (4, 2)]


def test_network_ignores_empty_families_and_empty_rows() -> None:
    none = np.zeros(0, np.int64)
    empty = RowBlock("empty", none, none, none, none, side="right")
    idle = RowBlock("idle", none, none, np.zeros(1, np.int64), np.ones(1, np.int64), side="right")
    assert _arcs(_build(empty, idle, n_cols=0)) == [(1, 0)]


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        ((SLOTS, _family("hours", "left", [0, 0, 1, 1], [1, 1, 1, 2])), "coefficients"),
        ((SLOTS, _family("hours", "", [0, 0, 1, 1])), "no_side:hours"),
        ((SLOTS, COMPANY, _family("crossing", "right", [0, 0, 1, 1])), "not_nested:right"),
        ((SLOTS, _family("crossing", "left", [0, 1, 0, 1])), "not_nested:left"),
        ((_family("half", "right", [0, None, None, 1]), _family("crossing", "right", [0, 0, 0, 1])), ""),
        ((_family("a", "right", [0, 0, None, None]), _family("b", "right", [None, 0, 0, None])), "not_nested:right"),
    ],
)
def test_network_says_why_not(blocks: tuple[RowBlock, ...], reason: str) -> None:
    found = as_network(_build(*blocks))
    assert (found if isinstance(found, str) else "") == reason


def test_network_refuses_rows_of_one_family_that_overlap() -> None:
    rows = RowBlock("twice", np.array([0, 1]), np.array([0, 0]), np.zeros(2, int), np.ones(2, int), side="left")
    assert as_network(_build(rows, n_cols=1)) == "rows_overlap:twice"


def test_network_knows_what_column_bounds_let_a_row_reach() -> None:
    formulation = build_formulation(
        np.ones(4, np.int64), [SLOTS, COMPANY], column_lower=[1, 0, 0, 0], column_upper=[1, 3, 0, 1]
    )
    network = as_network(formulation)
    assert isinstance(network, Network)
    assert network.activity_lower.tolist() == [1, 0, 1, 0]
    assert network.activity_upper.tolist() == [4, 1, 1, 4]
