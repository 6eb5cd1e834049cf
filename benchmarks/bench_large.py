"""Time and memory a kept pair from a hundred thousand to twenty million pairs, beside raw OR-Tools in the same run."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import Figure
from benchmarks.large import Large, solve_alone

SMALL, SIZES = 100_000, (2_000_000, 20_000_000)
ROUNDS = 3


def bench_large(benchmark: BenchmarkFixture, pytestconfig: pytest.Config, figures: list[Figure]) -> None:
    is_smallest = bool(pytestconfig.getoption("--smallest"))
    first = _pair(SMALL)
    benchmark.pedantic(lambda: solve_alone("ours", SMALL), rounds=ROUNDS)
    _tell(figures, *first)
    for n_pairs in () if is_smallest else SIZES:
        raw, ours = _pair(n_pairs)
        _tell(figures, raw, ours)
        name = f"CPU a pair, {n_pairs:,} pairs for {SMALL:,}"
        growth = ours.us_per_pair / first[1].us_per_pair
        figure = f"{growth:.2f} × (raw OR-Tools {raw.us_per_pair / first[0].us_per_pair:.2f} ×)"
        figures.append(Figure(name, figure, "< 1.3 ×"))


def _pair(n_pairs: int) -> tuple[Large, Large]:
    raw, ours = solve_alone("raw", n_pairs), solve_alone("ours", n_pairs)
    assert raw.points == ours.points, "not the optimum of raw OR-Tools"
    return raw, ours


def _tell(figures: list[Figure], raw: Large, ours: Large) -> None:
    name = f"formulation to certified answer, {ours.n_pairs:,} pairs"
    seconds = f"{ours.cpu_s:.2f} s for {raw.cpu_s:.2f} s of CPU"
    figures.append(Figure(name, f"{ours.cpu_s / raw.cpu_s:.2f} × raw SimpleMinCostFlow ({seconds})", "≤ 1.5 ×"))
    if ours.n_pairs > SMALL:  # below, it is the libraries that fill the memory
        memory = f"{ours.bytes_per_pair:.0f} bytes a pair at the peak (raw {raw.bytes_per_pair:.0f})"
        figures.append(Figure(f"{name}, memory", f"{memory}, {ours.peak_mb:,.0f} MB", "≤ 120"))
