"""Trees checked a second time, by a checker that shares no code with `matcher.model.proof`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from matcher.model.formulation import Formulation, with_objective
from matcher.model.proof import Proof, holds
from tests.brute_force import brute_force
from tests.trees import PlainChecker, grown, knapsacks

NO_PLAN = [(seed, 3, 4) for seed in (1, 4, 7)]
SMALL = [(seed, *shape) for shape in ((2, 5), (3, 4), (2, 6)) for seed in range(8) if (seed, *shape) not in NO_PLAN]
EXACT_POINTS = 6


def _agrees(formulation: Formulation, proof: Proof) -> bool:
    """Whether `holds` says what the plain checker says, which may leave it open where losses are not exact."""
    is_held = holds(formulation, proof)
    at_least = PlainChecker(formulation, proof, reach=EXACT_POINTS).holds()
    at_most = PlainChecker(formulation, proof).holds()
    return at_least <= is_held <= at_most


def _changed(proof: Proof, formulation: Formulation, rng: np.random.Generator) -> Iterator[Proof]:
    """The proof with its bound, its prices, its splits or its kept rows a little different."""
    yield replace(proof, bound=proof.bound - 1)
    yield replace(proof, bound=proof.bound - 5)
    yield replace(proof, bound=proof.bound + 1)
    yield replace(proof, unit=proof.unit + 1)
    yield replace(proof, kept=proof.kept[1:], unit=proof.unit[1:])
    yield replace(proof, scale=proof.scale * 2)
    for _ in range(12):
        at = int(rng.integers(len(proof.nodes)))
        node = proof.nodes[at]
        if node.column < 0 or rng.random() < 0.5:
            amount = int(rng.integers(-8, 9)) * proof.scale
            prices = tuple(price + amount * (rng.random(price.size) < 0.3) for price in node.prices)
            node = replace(node, prices=prices)
        elif rng.random() < 0.5:
            node = replace(node, at_one=node.at_zero, at_zero=node.at_one)
        else:
            node = replace(node, column=int(rng.integers(formulation.n_cols)))
        yield replace(proof, nodes=(*proof.nodes[:at], node, *proof.nodes[at + 1 :]))


@pytest.mark.parametrize(("seed", "n_directors", "n_companies"), SMALL)
def test_plain_checker_and_brute_force_agree_with_holds(seed: int, n_directors: int, n_companies: int) -> None:
    formulation = knapsacks(seed, n_directors, n_companies)
    best = brute_force(formulation).value
    assert best is not None
    proof = grown(formulation)
    assert proof.bound == best
    assert holds(formulation, proof) and _agrees(formulation, proof)
    for changed in _changed(proof, formulation, np.random.default_rng(seed)):
        assert _agrees(formulation, changed)
        assert changed.bound >= best or not PlainChecker(formulation, changed).holds()


@pytest.mark.parametrize("seed", [0, 2, 6])
def test_plain_checker_agrees_on_trees_of_many_nodes(seed: int) -> None:
    formulation = knapsacks(seed, 3, 16)
    proof = grown(formulation)
    assert len(proof.nodes) > 5
    assert holds(formulation, proof) and _agrees(formulation, proof)
    lower = replace(proof, bound=proof.bound - 1)
    assert not holds(formulation, lower) and not PlainChecker(formulation, lower).holds()


def test_coarse_units_prove_no_more_than_brute_force_allows() -> None:
    for seed in range(6):
        formulation = knapsacks(seed)
        best = brute_force(formulation).value
        assert best is not None
        for unit in (2, 3, 5):
            proof = grown(formulation)
            for bound in range(best - 2, best + 12, 2):
                coarse = replace(proof, unit=np.full(proof.unit.size, unit), bound=bound)
                assert _agrees(formulation, coarse)
                assert bound >= best or not PlainChecker(formulation, coarse).holds()


@pytest.mark.parametrize(("seed", "n_directors", "n_companies"), NO_PLAN)
def test_plain_checker_agrees_that_there_is_no_plan(seed: int, n_directors: int, n_companies: int) -> None:
    formulation = knapsacks(seed, n_directors, n_companies)
    assert brute_force(formulation).value is None
    nothing = with_objective(formulation, np.zeros(formulation.n_cols, np.int64))
    proof = grown(nothing, -1)
    assert proof.bound == -1
    assert holds(nothing, proof) and _agrees(nothing, proof)
