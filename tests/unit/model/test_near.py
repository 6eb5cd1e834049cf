"""A network that differs a little from a solved one: the same plan and the same prices, whichever way leads there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.instances import network
from matcher.errors import ModelError
from matcher.model.answer import Limits
from matcher.model.certificate import certify
from matcher.model.formulation import Formulation
from matcher.model.near import Near
from matcher.model.objectives import Tier, lot
from matcher.model.solvers import flow
from matcher.model.solvers.network import Network, as_network
from matcher.model.solvers.sifting import solve_near
from matcher.model.tiers import solve_tiers

LIMITS = Limits()


def _base(seed: int = 1) -> tuple[Formulation, np.ndarray]:
    model = network(60, 600, per_company=15, seed=seed)
    answer = flow.solve(model, LIMITS)
    assert answer.prices is not None
    return model, answer.prices.row


def _near(base: Formulation, price: np.ndarray, changed: Formulation) -> Near:
    is_other = (base.row_upper != changed.row_upper) | (base.row_lower != changed.row_lower)
    return Near(price, is_other, np.zeros(base.n_cols, np.int64))


def _changes(model: Formulation) -> list[Formulation]:
    draw = np.random.default_rng(5)
    dearer, wider, none = model.objective.copy(), model.row_upper.copy(), model.row_upper.copy()
    dearer[draw.integers(0, model.n_cols, 40)] += 900
    wider[:3] += 4
    none[3:9] = 0
    pinned = model.column_lower.copy()
    pinned[7] = 1
    return [
        model,
        replace(model, objective=dearer),
        replace(model, row_upper=wider),
        replace(model, row_upper=none),
        replace(model, column_lower=pinned),
    ]


@pytest.mark.parametrize("number", range(5))
def test_near_finds_the_optimum_and_the_prices_of_a_solve(number: int) -> None:
    base, price = _base()
    changed = _changes(base)[number]
    found, anew = solve_near(changed, _near(base, price, changed), LIMITS), flow.solve(changed, LIMITS)
    assert found is not None
    assert found.x is not None
    assert anew.x is not None
    assert changed.value_of(found.x) == changed.value_of(anew.x)
    np.testing.assert_array_equal(found.prices.row, anew.prices.row)  # type: ignore[union-attr]
    assert certify(changed, found).word == "proved"
    assert found.counts.get("guessed", 0) < changed.n_cols / 4


def test_near_sifts_where_the_guess_was_wrong() -> None:
    base, price = _base()
    wider = base.row_upper.copy()
    wider[:3] += 40
    changed = replace(base, row_upper=wider)
    # Nobody says that these rows are others, so their companies are held to be decided.
    found = solve_near(changed, Near(price, np.zeros(base.n_rows, np.bool_), np.zeros(base.n_cols, np.int64)), LIMITS)
    anew = flow.solve(changed, LIMITS)
    assert found is not None
    assert "sifted" in found.counts
    assert changed.value_of(found.x) == changed.value_of(anew.x)  # type: ignore[arg-type]
    np.testing.assert_array_equal(found.prices.row, anew.prices.row)  # type: ignore[union-attr]


@pytest.mark.parametrize("price", [0, 50_000])
def test_near_gives_up_on_prices_that_say_nothing(price: int) -> None:
    base, _ = _base()
    near = Near(np.full(base.n_rows, price), np.zeros(base.n_rows, np.bool_), np.zeros(base.n_cols, np.int64))
    found, anew = solve_near(base, near, LIMITS), flow.solve(base, LIMITS)
    assert found is None or base.value_of(found.x) == base.value_of(anew.x)  # type: ignore[arg-type]


def test_prices_do_not_depend_on_which_optimal_flow_was_found() -> None:
    # Many ties: points of 1 to 3 only.
    model = replace(_base()[0], objective=1 + _base()[0].objective % 3)
    answer = flow.solve(model, LIMITS)
    arcs = as_network(model)
    assert isinstance(arcs, Network)
    tiers = [Tier("points", model.objective), Tier("lot", lot(model.n_cols, 9), is_tie_break=True)]
    other = solve_tiers(model, tiers, limits=LIMITS).answer.x
    assert other is not None
    assert answer.x is not None
    assert (other != answer.x).any()
    assert model.value_of(other) == model.value_of(answer.x)
    again = flow.answer_of(model, arcs, other, LIMITS, {})
    np.testing.assert_array_equal(again.prices.row, answer.prices.row)  # type: ignore[union-attr]


def test_few_rounds_do_not_pass_for_prices() -> None:
    base, _ = _base()
    arcs = as_network(base)
    assert isinstance(arcs, Network)
    with pytest.raises(ModelError, match="negative cycle"):
        flow.answer_of(base, arcs, np.zeros(base.n_cols, np.int64), LIMITS, {}, max_rounds=3)


@pytest.mark.parametrize("number", range(5))
def test_tiers_from_near_prices_give_the_same_plan_and_proof(number: int) -> None:
    base, price = _base(2)
    changed = _changes(base)[number]
    tiers = [
        Tier("points", changed.objective),
        Tier("tie", changed.objective % 7, is_tie_break=True),
        Tier("lot", lot(changed.n_cols, 3), is_tie_break=True),
    ]
    cold = solve_tiers(changed, tiers, limits=LIMITS)
    warm = solve_tiers(changed, tiers, limits=LIMITS, near=_near(base, price, changed))
    np.testing.assert_array_equal(cold.answer.x, warm.answer.x)
    for one, other in zip(cold.results, warm.results, strict=True):
        assert one.certificate == other.certificate
        assert one.certificate.word == "proved"
        assert one.evidence.by_family() == other.evidence.by_family()
