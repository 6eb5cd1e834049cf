"""The rows of a flow beside other libraries in the same run: the same optimum, and how much sooner."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import Figure
from benchmarks.peers import PEERS, solve_alone

PATIENCE_S = 900.0


@pytest.mark.parametrize("name", [name for name in PEERS if name != "ours"])
def bench_peer(benchmark: BenchmarkFixture, size: tuple[int, int], figures: list[Figure], name: str) -> None:
    # Ours before and after: the machine may have been busier at one end of a long run.
    before = solve_alone("ours", size, patience_s=PATIENCE_S)
    theirs = benchmark.pedantic(lambda: solve_alone(name, size, patience_s=PATIENCE_S), rounds=1)
    after = solve_alone("ours", size, patience_s=PATIENCE_S)
    assert before is not None and after is not None and before.value == after.value
    label, goal, _ = PEERS[name]
    line = f"{label}, {size[0]:,} × {size[1]:,}, {15 * size[1]:,} pairs"
    told = "" if goal is None else f"≥ {goal:.0f} ×"
    ours_s = (before.cpu_s + after.cpu_s) / 2
    if theirs is None:
        figures.append(Figure(line, f"did not come back in {PATIENCE_S:.0f} s (ours {ours_s:.2f} s)", told))
        return
    assert theirs.value == before.value, f"{label} found {theirs.value}, ours is proved at {before.value}"
    figure = f"{theirs.cpu_s / ours_s:.2f} × ours ({theirs.cpu_s:.2f} s for {ours_s:.2f} s of CPU, the same optimum)"
    figures.append(Figure(line, figure, told))
