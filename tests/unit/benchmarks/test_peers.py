"""Others beside ours: each is handed the same model, so each finds the same optimum."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3]))

from benchmarks import large
from benchmarks.instances import network
from benchmarks.peers import PEERS, ours, pairs_of


@pytest.mark.parametrize("name", [name for name in PEERS if name != "ours"])
@pytest.mark.parametrize("seed", [1, 2])
def test_peer_finds_our_optimum(name: str, seed: int) -> None:
    formulation = network(8, 60, per_company=4, seed=seed)
    pairs = pairs_of(formulation)
    assert int(pairs.slots.sum()) < 60, "every company is served: slots decide nothing"
    assert PEERS[name][2](formulation, pairs) == ours(formulation, pairs)


def test_large_pairs_are_apart_in_order_and_solved_alike() -> None:
    pairs, slots = large.made_pairs(6_000)
    key = pairs.director.astype(int) * 300 + pairs.company
    assert (key[1:] > key[:-1]).all() and (pairs.director.max(), pairs.company.max()) == (29, 299)
    assert large._ours(pairs, slots, 300) == large._raw(pairs, slots, 300)
