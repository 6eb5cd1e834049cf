"""Later tiers of a network on the columns its faces left free: as on all columns, prices and proofs included."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import ModelError
from matcher.model import faces
from matcher.model.answer import Limits
from matcher.model.certificate import bound_of, with_objective
from matcher.model.formulation import Formulation, build_formulation
from matcher.model.narrowing import narrowed
from matcher.model.objectives import Tier
from matcher.model.shrinking import shrink
from matcher.model.solvers import flow
from matcher.model.solvers.network import as_network
from matcher.model.tiers import TieredAnswer, solve_tiers
from tests.contract.zoo import block
from tests.properties.model_strategies import networks


def _tiers(formulation: Formulation, seed: int) -> list[Tier]:
    rng = np.random.default_rng(seed)
    made = [Tier(f"t{k}", rng.integers(-2, 3, formulation.n_cols), constant=k) for k in range(4)]
    return [*made, Tier("lot", rng.integers(0, 10**6, formulation.n_cols), is_tie_break=True)]


def _told(solved: TieredAnswer) -> list[object]:
    """All that a plan tells of its tiers."""
    told: list[object] = [None if solved.answer.x is None else solved.answer.x.tolist(), solved.answer.status]
    for result in solved.results:
        evidence, prices = result.evidence, result.evidence.prices
        priced = None if prices is None else (prices.row.tolist(), prices.scale)
        told += [result.name, result.value, result.certificate, result.backend]
        told += [evidence.kind, evidence.kept, priced, evidence.families, evidence.proof]
    return told


@settings(deadline=None, max_examples=200)
@given(networks(), st.integers(0, 10**6))
def test_tiers_on_faces_are_those_on_all_columns(formulation: Formulation, seed: int) -> None:
    tiers = _tiers(formulation, seed)
    found = solve_tiers(formulation, tiers, limits=Limits())
    with patch.object(faces, "is_for_flow", return_value=False):
        assert _told(found) == _told(solve_tiers(formulation, tiers, limits=Limits()))


@settings(deadline=None, max_examples=200)
@given(networks(), st.integers(0, 10**6))
def test_evidence_of_each_tier_proves_its_bound_on_all_columns(formulation: Formulation, seed: int) -> None:
    tiers = _tiers(formulation, seed)
    model = formulation
    for tier, result in zip(tiers, solve_tiers(formulation, tiers, limits=Limits()).results, strict=False):
        if result.value is None:
            return
        prices = result.evidence.prices
        assert prices is not None
        model = with_objective(model, tier.objective)
        assert bound_of(model, prices) + tier.constant == result.certificate.bound == result.value
        model = narrowed(model, tier, result.value - tier.constant, prices=prices)


def test_later_tiers_look_at_free_columns_only(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two of four are equally good, the others are out: one is left after the second tier, none after the third.
    formulation = build_formulation([0] * 4, [block("slots", [[0, 1, 2, 3]], [1], side="left")])
    tiers = [
        Tier("one", np.array([5, 5, 4, 5])),
        Tier("two", np.array([1, 1, 9, 0])),
        Tier("three", np.array([0, 1, 0, 0])),
    ]
    seen, shrunk = [], faces.Left.under

    def watched(left: faces.Left, tier: Tier, backend: str | None) -> faces.View:
        view = shrunk(left, tier, backend)
        seen.append((tier.name, view.model.n_cols))
        return view

    monkeypatch.setattr(faces.Left, "under", watched)
    found = solve_tiers(formulation, tiers, limits=Limits())
    assert seen == [("one", 4), ("two", 3), ("three", 2)]
    assert found.answer.x is not None
    assert found.answer.x.tolist() == [0, 1, 0, 0]
    assert [result.value for result in found.results] == [5, 1, 1]


def test_points_of_fixed_columns_count_in_later_tiers() -> None:
    formulation = build_formulation([0] * 3, [block("slots", [[0], [1, 2]], [1, 1], side="left")])
    tiers = [Tier("one", np.array([7, 5, 5])), Tier("two", np.array([30, 2, 1]), constant=100)]
    seen: list[tuple[str, int | None, int | None]] = []
    found = solve_tiers(formulation, tiers, limits=Limits(), on_progress=lambda *told: seen.append(told))
    assert [(one.value, one.certificate.bound, one.certificate.gap) for one in found.results] == [
        (12, 12, 0),
        (132, 132, 0),
    ]
    assert found.results[1].evidence.kept == 132
    assert seen[-1] == ("two", 132, 132)


def test_a_model_with_another_backend_is_left_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation = build_formulation([0] * 3, [block("slots", [[0, 1, 2]], [1], side="left")])
    tiers = [Tier("one", np.array([5, 5, 4])), Tier("two", np.array([0, 1, 0]))]
    monkeypatch.setattr(flow, "solve", lambda *_, **__: pytest.fail("flow"))
    found = solve_tiers(formulation, tiers, limits=Limits(), backend="cpsat")
    assert [result.value for result in found.results] == [5, 1]


def test_an_objective_too_large_for_all_columns_ends_the_tiers() -> None:
    formulation = build_formulation([0] * 3, [block("slots", [[0], [1, 2]], [1, 1], side="left")])
    tiers = [Tier("one", np.array([7, 5, 5])), Tier("two", np.array([2**62, 2, 1]), is_tie_break=True)]
    found = solve_tiers(formulation, tiers, limits=Limits())
    assert [result.certificate.word for result in found.results] == ["proved", "unknown"]
    with pytest.raises(ModelError):
        solve_tiers(formulation, tiers[1:], limits=Limits())


def test_a_network_is_found_out_once_for_all_objectives() -> None:
    formulation = build_formulation([0] * 3, [block("slots", [[0], [1, 2]], [1, 1], side="left")])
    assert as_network(with_objective(formulation, [1, 2, 3])) is not as_network(formulation)
    known = as_network(formulation)
    assert as_network(with_objective(formulation, [3, 2, 1])) is known
    fixed = replace(with_objective(formulation, [3, 2, 1]), column_upper=np.array([0, 1, 1]))
    found = as_network(fixed)
    assert not isinstance(found, str)
    assert found.activity_upper.tolist() == [0, 2]


def test_a_model_without_fixed_columns_is_shrunk_to_itself() -> None:
    formulation = build_formulation([0] * 3, [block("slots", [[0], [1, 2]], [1, 1], side="left")])
    small = shrink(formulation)
    assert small.formulation is formulation
    assert (small.free_idx.tolist(), small.row_idx.tolist(), small.constant) == ([0, 1, 2], [0, 1], 0)
    empty_row = build_formulation([0], [block("slots", [[0], []], [1, 1], side="left")])
    assert shrink(empty_row).row_idx.tolist() == [0]
