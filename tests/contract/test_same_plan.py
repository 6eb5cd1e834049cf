"""Who computes the plan does not change it: 1–5 ratings full of ties, every backend, 1, 2 and 8 workers."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.model.answer import Limits
from matcher.model.formulation import Formulation, RowBlock, build_formulation
from matcher.model.objectives import Tier, lot
from matcher.model.solvers import BACKENDS
from matcher.model.tiers import solve_tiers
from tests.contract.zoo import FREE

N_DIRECTORS, N_COMPANIES = 12, 60
GENERAL = sorted(name for name, backend in BACKENDS.items() if "general_rows" in backend.features)


def _rated(*, has_hours: bool) -> tuple[Formulation, list[Tier]]:
    rng = np.random.default_rng(5)
    director, company = np.nonzero(rng.random((N_DIRECTORS, N_COMPANIES)) < 0.5)
    n = director.size
    col = np.arange(n)
    blocks = [
        RowBlock("slots", director, col, np.full(N_DIRECTORS, FREE), rng.integers(2, 5, N_DIRECTORS), side="left"),
        RowBlock("company", company, col, np.full(N_COMPANIES, FREE), np.ones(N_COMPANIES, np.int64), side="right"),
    ]
    if has_hours:
        need = rng.integers(2, 5, N_COMPANIES)[company]
        blocks.append(RowBlock("hours", director, col, np.full(N_DIRECTORS, FREE), np.full(N_DIRECTORS, 9), coef=need))
    rating = rng.integers(1, 6, n)
    tiers = [
        Tier("points", rating),
        Tier("same_prefecture", rng.integers(0, 2, n)),
        Tier("lot", lot(n, 11)),
    ]
    return build_formulation(rating, blocks), tiers


@pytest.mark.parametrize("backend", GENERAL)
@pytest.mark.parametrize("threads", [1, 2, 8])
def test_plan_of_ties_is_the_same_from_flow_and_from_every_other(threads: int, backend: str) -> None:
    formulation, tiers = _rated(has_hours=False)
    expected = solve_tiers(formulation, tiers, limits=Limits(), backend="flow")
    assert [result.certificate.word for result in expected.results] == ["proved"] * 3
    for seed in range(3):
        got = solve_tiers(formulation, tiers, limits=Limits(seed=seed, threads=threads), backend=backend)
        assert got.answer.x is not None and expected.answer.x is not None
        np.testing.assert_array_equal(got.answer.x, expected.answer.x)


def test_plan_of_ties_with_hours_is_the_same_for_all_workers() -> None:
    formulation, tiers = _rated(has_hours=True)
    plans = {
        solve_tiers(formulation, tiers, limits=Limits(seed=seed, threads=threads), backend=backend).answer.x.tobytes()
        for backend in GENERAL
        for threads in (1, 2, 8)
        for seed in (0, 1)
    }
    assert len(plans) == 1


def test_ties_differ_without_the_lot() -> None:
    """The instance is worth its name: without the lot several plans are best."""
    formulation, tiers = _rated(has_hours=False)
    plans = {
        solve_tiers(
            formulation, [tiers[0], Tier("lot", lot(formulation.n_cols, seed))], limits=Limits()
        ).answer.x.tobytes()
        for seed in range(3)
    }
    assert len(plans) == 3
