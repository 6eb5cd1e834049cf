"""The flow backend against OR-Tools' SimpleMinCostFlow on the same arrays, in the same run."""

from __future__ import annotations

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import Figure
from benchmarks.instances import network
from benchmarks.measuring import interleaved, ratio
from matcher.model.answer import Limits
from matcher.model.certificate import certify
from matcher.model.solvers import flow
from matcher.model.solvers.network import Network, as_network

ROUNDS = 9


def bench_flow_against_raw(benchmark: BenchmarkFixture, size: tuple[int, int], figures: list[Figure]) -> None:
    formulation = network(*size)
    arcs = as_network(formulation)
    assert isinstance(arcs, Network)
    cost = np.concatenate((-formulation.objective, np.zeros(formulation.n_rows, np.int64)))
    upper = np.concatenate((formulation.column_upper, np.minimum(formulation.row_upper, arcs.activity_upper)))

    def raw() -> int:
        from ortools.graph.python import min_cost_flow

        solver = min_cost_flow.SimpleMinCostFlow()
        solver.add_arcs_with_capacity_and_unit_cost(arcs.tail, arcs.head, upper, cost)
        assert solver.solve() == solver.OPTIMAL
        return -int(solver.optimal_cost())

    limits = Limits()
    answer = benchmark.pedantic(flow.solve, (formulation, limits), rounds=ROUNDS, warmup_rounds=1)
    certificate = certify(formulation, answer)
    assert (certificate.word, certificate.value) == ("proved", raw())
    theirs, ours, proved = interleaved(
        (raw, lambda: flow.solve(formulation, limits), lambda: certify(formulation, flow.solve(formulation, limits))),
        rounds=ROUNDS,
    )
    name = f"flow, {size[0]:,} × {size[1]:,}, {formulation.n_cols:,} pairs"
    figures.append(Figure(name, f"{ratio(ours, theirs):.2f} × raw SimpleMinCostFlow", "≤ 1.3 ×"))
    figures.append(Figure(f"{name}, with certificate", f"{ratio(proved, theirs):.2f} × raw", "≤ 1.6 ×"))
