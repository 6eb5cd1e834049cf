"""Parts of a formulation: found as networkx finds them, small ones bundled, each with its own rows."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings

from matcher.model.components import bundled, find_components, split
from matcher.model.formulation import Formulation, RowBlock, build_formulation
from tests.contract.zoo import block
from tests.properties.model_strategies import general_formulations


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


def test_small_parts_are_bundled_and_those_before_the_first_left() -> None:
    formulation = build_formulation([1] * 10, [block("slots", [[j] for j in range(10)], [1] * 10)])
    found = find_components(formulation)
    bundles = bundled(found, 4)
    assert bundles.of_column.tolist() == bundles.of_row.tolist() == [0] * 4 + [1] * 4 + [2] * 2
    later = bundled(found, 4, first=3)
    assert (later.of_column.tolist(), later.n_components) == ([0, 1, 2, 3, 3, 3, 3, 4, 4, 4], 5)
