"""Questions to a plan of a network, once it is loaded: one pair, every director's slots, every pair of a batch."""

from __future__ import annotations

import time
from itertools import cycle
from pathlib import Path

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

import matcher
from benchmarks.conftest import Figure
from benchmarks.instances import write_batch
from matcher.explain.pair import ask
from matcher.explain.standing import Standing, build_standing

ROUNDS = 5


def _standing(folder: Path, size: tuple[int, int]) -> Standing:
    write_batch(folder, *size)
    standing = build_standing(matcher.match(matcher.read(folder)))
    assert standing.residual is not None, "the batch is no network: ways in it are not what is measured"
    return standing


def bench_why_not(benchmark: BenchmarkFixture, tmp_path: Path, size: tuple[int, int], figures: list[Figure]) -> None:
    standing = _standing(tmp_path / "batch", size)
    columns = np.flatnonzero(~standing.is_chosen)
    # Other pairs each round, spread over all of them: what was asked before is remembered.
    pairs = cycle([standing.pair_of(int(column)) for column in columns[:: max(1, columns.size // (4 * ROUNDS))]])
    benchmark.pedantic(lambda: ask(standing, *next(pairs)), rounds=ROUNDS, warmup_rounds=1)
    seconds = float(benchmark.stats.stats.median)
    figures.append(
        Figure(f"why not a pair, {size[0]:,} × {size[1]:,} × 20, plan loaded", f"{seconds:.2f} s", "≤ 0.5 s")
    )


def bench_slot_values(
    benchmark: BenchmarkFixture, tmp_path: Path, size: tuple[int, int], figures: list[Figure]
) -> None:
    residual = (standing := _standing(tmp_path / "batch", size)).residual
    assert residual is not None
    family = next(family for family in standing.model.formulation.families if family.name == "slots")
    rows = np.arange(family.start, family.stop)
    gain, loss, is_possible = benchmark.pedantic(residual.values_of_rows, (rows,), rounds=1)
    assert bool((gain >= 0).all() and (loss[is_possible] >= 0).all())
    seconds = float(benchmark.stats.stats.median)
    name = f"one slot more and one less of {rows.size:,} directors, {size[0]:,} × {size[1]:,} × 20"
    figures.append(Figure(name, f"{seconds:.1f} s", "≤ 60 s"))


def bench_every_pair(benchmark: BenchmarkFixture, tmp_path: Path, figures: list[Figure]) -> None:
    residual = (standing := _standing(tmp_path / "batch", (50, 100))).residual
    assert residual is not None
    columns = np.arange(standing.candidates.n_pairs)

    def every() -> float:
        started = time.perf_counter()
        residual.losses_of_forcing(columns)
        residual.losses_of_forbidding(np.flatnonzero(standing.is_chosen))
        return time.perf_counter() - started

    benchmark.pedantic(every, rounds=ROUNDS, warmup_rounds=1)
    seconds = float(benchmark.stats.stats.median)
    figures.append(
        Figure(f"every pair forced or forbidden, 50 × 100, {columns.size:,} pairs", f"{seconds:.2f} s", "≤ 5 s")
    )
