"""Tie-breaks of a network near a solved one: what stays of the old plan, and the same plan and prices as anew."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.model.answer import Limits
from matcher.model.certificate import certify, with_objective
from matcher.model.components import find_components
from matcher.model.formulation import Formulation, build_formulation
from matcher.model.near import Kept, Near
from matcher.model.objectives import Tier, lot
from matcher.model.solvers import flow, keeping
from matcher.model.solvers.keeping import solve_keeping
from matcher.model.tiers import solve_tiers
from tests.contract.zoo import block
from tests.properties.model_strategies import networks

LIMITS = Limits()


@pytest.fixture(autouse=True)
def _small_models_too() -> Iterator[None]:
    with patch.multiple(keeping, LEAST_COLUMNS=0, _MOST_SHARE=1.0):
        yield


def _pairs(points: list[int]) -> Formulation:
    """Parts of two columns each, of which one may be chosen."""
    rows = [[2 * at, 2 * at + 1] for at in range(len(points) // 2)]
    return build_formulation(points, [block("slots", rows, [1] * len(rows), side="left")])


@settings(deadline=None, max_examples=300)
@given(networks(), st.integers(0, 10**6))
def test_whatever_plan_is_kept_the_optimum_and_its_prices_are_those_of_a_flow(model: Formulation, seed: int) -> None:
    anew = flow.solve(model, LIMITS)
    drawn = np.random.default_rng(seed).integers(0, 2, model.n_cols)
    for x in (drawn, drawn * 0, anew.x):
        if x is None:
            continue
        found = solve_keeping(model, Kept(x), LIMITS)
        if anew.status == "infeasible":
            assert found is None
        elif found is not None:
            assert found.x is not None
            assert anew.x is not None
            assert model.value_of(found.x) == model.value_of(anew.x)
            assert certify(model, found).word == "proved"
            np.testing.assert_array_equal(found.prices.row, anew.prices.row)  # type: ignore[union-attr]


@settings(deadline=None, max_examples=150)
@given(networks(), st.integers(0, 10**6))
def test_tiers_from_the_plan_of_another_network_are_those_from_nothing(model: Formulation, seed: int) -> None:
    rng = np.random.default_rng(seed)
    made = [Tier(f"t{k}", rng.integers(0, 3, model.n_cols), is_tie_break=k > 0) for k in range(3)]
    tiers = [*made, Tier("lot", lot(model.n_cols, seed), is_tie_break=True)]
    near = Near(np.zeros(model.n_rows, np.int64), np.ones(model.n_rows, np.bool_), rng.integers(0, 2, model.n_cols))
    cold, warm = (solve_tiers(model, tiers, limits=LIMITS, near=one) for one in (None, near))
    assert cold.answer.status == warm.answer.status
    if cold.answer.x is not None:
        np.testing.assert_array_equal(cold.answer.x, warm.answer.x)
    for one, other in zip(cold.results, warm.results, strict=True):
        assert one.certificate == other.certificate
        assert one.evidence.by_family() == other.evidence.by_family()


def test_only_parts_where_something_is_better_are_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    # The first part keeps its plan, the second has a better one, the third had two where one may be.
    model = _pairs([5, 1, 2, 3, 4, 4])
    assert find_components(model).n_components == 3
    seen, solve = [], flow.solve

    def watched(some: Formulation, limits: Limits) -> object:
        seen.append(some.n_cols)
        return solve(some, limits)

    monkeypatch.setattr(flow, "solve", watched)
    found = solve_keeping(model, Kept(np.array([1, 0, 1, 0, 1, 1])), LIMITS)
    assert found is not None
    assert found.x is not None
    assert (found.x[:4].tolist(), int(found.x[4:].sum())) == ([1, 0, 0, 1], 1)
    assert (seen, found.counts["left"]) == ([4], 4)
    kept = solve_keeping(model, Kept(found.x), LIMITS)
    assert kept is not None
    assert (seen, kept.counts["left"]) == ([4], 0)


def test_of_plans_as_good_the_old_one_stays() -> None:
    model = _pairs([4, 4, 4, 4])
    for x in ([0, 1, 1, 0], [1, 0, 0, 1]):
        found = solve_keeping(model, Kept(np.array(x)), LIMITS)
        assert found is not None
        assert found.x is not None
        assert found.x.tolist() == x


def test_where_half_would_be_left_or_columns_are_few_it_is_left_to_the_flow() -> None:
    model = _pairs([1, 2, 3, 4])
    with patch.object(keeping, "_MOST_SHARE", 0.5):
        assert solve_keeping(model, Kept(np.zeros(4, np.int64)), LIMITS) is None
        assert solve_keeping(model, Kept(np.array([0, 1, 0, 0])), LIMITS) is not None
    with patch.object(keeping, "LEAST_COLUMNS", 5):
        assert solve_keeping(model, Kept(np.array([0, 1, 0, 1])), LIMITS) is None


def test_another_objective_on_the_same_part_is_looked_at_again() -> None:
    model = _pairs([1, 2])
    for points, x in (([1, 2], [0, 1]), ([2, 1], [1, 0])):
        found = solve_keeping(with_objective(model, points), Kept(np.array([0, 1])), LIMITS)
        assert found is not None
        assert found.x is not None
        assert found.x.tolist() == x
