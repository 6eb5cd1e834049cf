"""Others on the rows of a flow: the same pairs, points and slots, handed to each as it wants them.

`python -m benchmarks.peers --one NAME DIRECTORS COMPANIES` solves once and prints value, CPU seconds and peak memory as
JSON. What a peer is not good at is part of the figure: its own form of the model is built inside the time, as ours is.
openreview-matcher, whose MinMax solver would belong here, is not on the package index and was left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.instances import network
from matcher.model.formulation import Formulation

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """The formulation's pairs as columns: who, with whom, for how many points; and the slots of each director."""

    director: Ints
    company: Ints
    points: Ints
    slots: Ints
    n_companies: int


@dataclass(frozen=True)
class Done:
    """What a peer found and spent; `cpu_s` is without imports and without making the instance."""

    value: int
    cpu_s: float
    peak_mb: float


def pairs_of(formulation: Formulation) -> Pairs:
    """The pairs of `instances.network`: a family of slots, and one of companies."""
    slots, companies = formulation.families
    row, col = formulation.entry_row_idx, formulation.col_idx
    is_slot = row < slots.stop
    director, company = np.empty(formulation.n_cols, np.int64), np.empty(formulation.n_cols, np.int64)
    director[col[is_slot]], company[col[~is_slot]] = row[is_slot], row[~is_slot] - companies.start
    n_companies = companies.stop - companies.start
    return Pairs(director, company, formulation.objective, formulation.row_upper[: slots.stop], n_companies)


def ours(formulation: Formulation, pairs: Pairs) -> int:
    """From pairs to an answer that is proved."""
    from matcher.model.answer import Limits
    from matcher.model.certificate import certify
    from matcher.model.formulation import RowBlock, build_formulation
    from matcher.model.solvers import flow

    columns, ones = np.arange(pairs.points.size), np.ones(pairs.n_companies, np.int64)
    slots = RowBlock("slots", pairs.director, columns, 0 * pairs.slots, pairs.slots, side="left")
    built = build_formulation(
        pairs.points, [slots, RowBlock("one_director", pairs.company, columns, 0 * ones, ones, side="right")]
    )
    certificate = certify(built, flow.solve(built, Limits()))
    assert certificate.word == "proved"
    return certificate.value or 0


def raw_flow(formulation: Formulation, pairs: Pairs) -> int:
    from benchmarks.reference import pipeline as plain

    found = plain.Pairs(pairs.director, pairs.company, pairs.points)
    return plain.solve(found, pairs.slots, pairs.n_companies)


def scipy_sparse(formulation: Formulation, pairs: Pairs) -> int:
    """min_weight_full_bipartite_matching wants each company matched: a seat a slot, and a company's own empty seat."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    n_seats = pairs.slots[pairs.director]
    first = np.cumsum(pairs.slots) - pairs.slots
    place = np.arange(n_seats.sum()) - np.repeat(np.cumsum(n_seats) - n_seats, n_seats)
    seat = np.repeat(first[pairs.director], n_seats) + place
    companies, worth = np.arange(pairs.n_companies), int(pairs.points.max()) + 1
    row = np.concatenate((np.repeat(pairs.company, n_seats), companies))
    col = np.concatenate((seat, int(pairs.slots.sum()) + companies))
    # Explicit zeros are no edges, so every weight is above 0.
    weight = np.concatenate((np.repeat(worth - pairs.points, n_seats), np.full(companies.size, worth))).astype(float)
    graph = csr_array((weight, (row, col)), shape=(companies.size, int(col.max()) + 1))
    rows, cols = min_weight_full_bipartite_matching(graph)
    return round(worth * companies.size - float(graph[rows, cols].sum()))


def scipy_dense(formulation: Formulation, pairs: Pairs) -> int:
    from scipy.optimize import linear_sum_assignment

    table = np.zeros((pairs.slots.size, pairs.n_companies))
    table[pairs.director, pairs.company] = pairs.points
    seats = np.repeat(table, pairs.slots, axis=0)
    rows, cols = linear_sum_assignment(seats, maximize=True)
    return round(float(seats[rows, cols].sum()))


def networkx_simplex(formulation: Formulation, pairs: Pairs) -> int:
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_weighted_edges_from(
        (("d", d), ("c", c), -p)
        for d, c, p in zip(pairs.director.tolist(), pairs.company.tolist(), pairs.points.tolist(), strict=True)
    )
    nx.set_edge_attributes(graph, 1, "capacity")
    graph.add_edges_from((0, ("d", d), {"capacity": n, "weight": 0}) for d, n in enumerate(pairs.slots.tolist()))
    graph.add_edges_from((("c", c), 0, {"capacity": 1, "weight": 0}) for c in range(pairs.n_companies))
    cost, _ = nx.network_simplex(graph)
    return -int(cost)


def plain_cpsat(formulation: Formulation, pairs: Pairs) -> int:
    from matcher.model.solvers.cpsat_model import Run, run, whole

    outcome = run(formulation, whole(formulation), Run(time_limit_s=None, threads=1, seed=0, linearization_level=1))
    assert outcome.x is not None and outcome.bound == formulation.value_of(outcome.x), "CP-SAT did not end"
    return formulation.value_of(outcome.x)


PEERS: Mapping[str, tuple[str, float | None, Callable[[Formulation, Pairs], int]]] = {
    "ours": ("ours, proved", None, ours),
    "raw-flow": ("OR-Tools SimpleMinCostFlow alone, nothing proved", None, raw_flow),
    "scipy-sparse": ("scipy min_weight_full_bipartite_matching", 15, scipy_sparse),
    "scipy-dense": ("scipy linear_sum_assignment", 40, scipy_dense),
    "networkx": ("networkx network_simplex", 100, networkx_simplex),
    "plain-cpsat": ("CP-SAT alone, one thread", 100, plain_cpsat),
}
"""Name → what it is, how many times sooner ours is meant to be, and how it solves."""


def solve_alone(name: str, size: tuple[int, int], *, patience_s: float) -> Done | None:
    """One solve in a process of its own; None where it did not come back in `patience_s` seconds.

    Raises
    ------
    CalledProcessError : the peer failed
    """
    words = [sys.executable, "-m", "benchmarks.peers", "--one", name, *map(str, size)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=patience_s)
    except subprocess.TimeoutExpired:
        return None
    return Done(**json.loads(done.stdout.splitlines()[-1]))


def main(words: Sequence[str] | None = None) -> int:
    """Solves once and prints a line of JSON."""
    from benchmarks.gap_table import _peak_mb

    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--one", choices=PEERS, required=True)
    parser.add_argument("n_directors", type=int)
    parser.add_argument("n_companies", type=int)
    options = parser.parse_args(words)
    solve = PEERS[options.one][2]
    tiny = network(20, 40, per_company=5)
    solve(tiny, pairs_of(tiny))  # what is loaded on the way is not what is measured
    formulation = network(options.n_directors, options.n_companies)
    pairs = pairs_of(formulation)
    started = time.process_time()
    value = solve(formulation, pairs)
    print(json.dumps(asdict(Done(value, time.process_time() - started, _peak_mb()))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
