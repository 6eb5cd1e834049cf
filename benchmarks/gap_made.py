"""Generalised assignment instances of the types c, d and e, made here with a fixed seed: tune on these.

`python -m benchmarks.gap_made e 40 400 --seed 1 > e40400.txt` writes one in the format of `benchmarks.gap`.

Source: types a to d: P. C. Chu, J. E. Beasley, A genetic algorithm for the generalised assignment problem, Computers &
Operations Research 24 (1997); type e: M. Laguna, J. P. Kelly, J. L. González-Velarde, F. Glover, Tabu search for the
multilevel generalized assignment problem, EJOR 82 (1995), as used by M. Yagiura, T. Ibaraki, F. Glover, A path
relinking approach with ejection chains for the generalized assignment problem, EJOR 169 (2006).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TextIO

import numpy as np

from benchmarks.gap import Instance, InstanceError, Int64

KINDS = ("c", "d", "e")


def make(kind: str, n_agents: int, n_jobs: int, *, seed: int) -> Instance:
    """A made instance, to be minimised: c is uncorrelated, d and e give what is cheap the most resource use.

    Notes
    -----
    c: use 5–25, cost 10–50. d: use 1–100, cost 111 − use ± 10. e: use 1 − 10 ln u, cost 1000 / use − 10 v, u and v
    uniform in (0, 1), both rounded. Capacity is 0.8 of the mean use of an agent over all jobs divided by the agents.

    Raises
    ------
    InstanceError : a kind there is none of
    """
    if kind not in KINDS:
        raise InstanceError(f"no kind {kind!r}; kinds are {', '.join(KINDS)}.")
    draw = np.random.default_rng([seed, n_agents, n_jobs, KINDS.index(kind)])
    shape = (n_agents, n_jobs)
    if kind == "c":
        use, cost = draw.integers(5, 26, shape), draw.integers(10, 51, shape)
    elif kind == "d":
        use = draw.integers(1, 101, shape)
        cost = 111 - use + draw.integers(-10, 11, shape)
    else:
        exact = 1 - 10 * np.log(1 - draw.random(shape))
        use = np.rint(exact).astype(np.int64)
        cost = np.rint(1000 / exact - 10 * draw.random(shape)).astype(np.int64)
    capacity: Int64 = use.sum(axis=1) * 8 // (10 * n_agents)
    return Instance(f"made_{kind}{n_agents:02d}{n_jobs}_{seed}", cost, use, capacity)


def write(instance: Instance, target: Path | TextIO) -> None:
    """The instance as text in the format `benchmarks.gap.read_instance` reads."""
    rows = [*instance.cost, *instance.use, instance.capacity]
    text = "\n".join([" ".join(map(str, instance.cost.shape)), *(" ".join(map(str, row)) for row in rows), ""])
    if isinstance(target, Path):
        target.write_text(text, encoding="ascii")
    else:
        target.write(text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gap_made", description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("n_agents", type=int, metavar="AGENTS")
    parser.add_argument("n_jobs", type=int, metavar="JOBS")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(make(options.kind, options.n_agents, options.n_jobs, seed=options.seed), sys.stdout)
