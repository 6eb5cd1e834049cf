"""Large networks: `python -m benchmarks.large ours|raw PAIRS` solves one once; CPU seconds and memory as JSON.

Twenty pairs a company, ten companies a director. What there is before the clock starts are the pairs themselves: who,
with whom, how many points (16 bytes a pair). Memory is told with and without what stands there before the start.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from benchmarks.gap_table import _peak_mb
from benchmarks.reference.pipeline import Pairs

PER_COMPANY = 20
Way = Literal["ours", "raw"]


@dataclass(frozen=True)
class Large:
    """One solve: `peak_mb` of the process, `own_mb` of it above what it held when the clock started."""

    n_pairs: int
    points: int
    cpu_s: float
    peak_mb: float
    own_mb: float

    @property
    def us_per_pair(self) -> float:
        """CPU microseconds a pair."""
        return 1e6 * self.cpu_s / self.n_pairs

    @property
    def bytes_per_pair(self) -> float:
        """Bytes a pair above the start, at the peak."""
        return 2**20 * self.own_mb / self.n_pairs


def made_pairs(n_pairs: int, *, seed: int = 1) -> tuple[Pairs, np.ndarray]:
    """`n_pairs` random pairs by director, then company, and the slots of each director, 1 to 7."""
    draw = np.random.default_rng(seed)
    n_companies = n_pairs // PER_COMPANY
    n_directors = n_companies // 10
    # Steps that add up to less than a round: no company has a director twice.
    step = draw.integers(1, max(2, n_directors // PER_COMPANY), (n_companies, PER_COMPANY), dtype=np.int32)
    np.cumsum(step, axis=1, out=step)
    step += draw.integers(0, n_directors, (n_companies, 1), dtype=np.int32)
    step %= np.int32(n_directors)
    order = np.argsort(step.ravel(), kind="stable")
    director, company = step.ravel()[order], (order // PER_COMPANY).astype(np.int32)
    return Pairs(director, company, draw.integers(1, 10_001, n_pairs)), draw.integers(1, 8, n_directors)


def _raw(pairs: Pairs, slots: np.ndarray, n_companies: int) -> int:
    from ortools.graph.python import min_cost_flow

    def loaded() -> min_cost_flow.SimpleMinCostFlow:
        directors, companies = np.arange(slots.size, dtype=np.int32), np.arange(n_companies, dtype=np.int32)
        outside, first = np.int32(slots.size + n_companies), np.int32(slots.size)
        tail = np.concatenate((pairs.director, np.full_like(directors, outside), first + companies))
        head = np.concatenate((first + pairs.company, directors, np.full_like(companies, outside)))
        capacity = np.concatenate((np.ones(pairs.points.size, np.int64), slots, np.ones(n_companies, np.int64)))
        cost = np.concatenate((-pairs.points, np.zeros(slots.size + n_companies, np.int64)))
        solver = min_cost_flow.SimpleMinCostFlow()
        solver.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
        return solver

    solver = loaded()
    assert solver.solve() == solver.OPTIMAL
    solver.flows(np.arange(pairs.points.size, dtype=np.int32))
    return -int(solver.optimal_cost())


def _ours(pairs: Pairs, slots: np.ndarray, n_companies: int) -> int:
    from matcher.model.answer import Limits
    from matcher.model.certificate import certify
    from matcher.model.formulation import Formulation, RowBlock, build_formulation
    from matcher.model.solvers import flow

    def built() -> Formulation:
        columns, ones = np.arange(pairs.points.size, dtype=np.int32), np.ones(n_companies, np.int64)
        blocks = [
            RowBlock("slots", pairs.director, columns, 0 * slots, slots, side="left"),
            RowBlock("one_director", pairs.company, columns, 0 * ones, ones, side="right"),
        ]
        return build_formulation(pairs.points, blocks)

    formulation = built()
    certificate = certify(formulation, flow.solve(formulation, Limits()))
    assert certificate.word == "proved"
    return certificate.value or 0


def _resident_mb() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - a file of the kernel's
        return int(file.read().split()[1]) * 4096 / 2**20


def solve_once(way: Way, n_pairs: int) -> Large:
    """One solve in this process."""
    solve = _ours if way == "ours" else _raw
    tiny, tiny_slots = made_pairs(2_000)
    solve(tiny, tiny_slots, 2_000 // PER_COMPANY)  # what is loaded on the way is not what is measured
    pairs, slots = made_pairs(n_pairs)
    before, started = _resident_mb(), time.process_time()
    points = solve(pairs, slots, n_pairs // PER_COMPANY)
    taken, peak = time.process_time() - started, _peak_mb()
    return Large(n_pairs, points, taken, peak, peak - before)


def solve_alone(way: Way, n_pairs: int) -> Large:
    """The same in a process of its own.

    Raises
    ------
    CalledProcessError : it failed, as where there is too little memory
    """
    words = [sys.executable, "-m", "benchmarks.large", way, str(n_pairs)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return Large(**json.loads(done.stdout.splitlines()[-1]))


def main(words: Sequence[str] | None = None) -> int:
    """Solves once and prints a line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("way", choices=("ours", "raw"))
    parser.add_argument("n_pairs", type=int, metavar="PAIRS")
    options = parser.parse_args(words)
    print(json.dumps(asdict(solve_once(options.way, options.n_pairs))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
