"""Numbers only: formulation, flow and certificate of a network, and pricing, CP-SAT and proofs with hours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.gap import formulate
from benchmarks.gap_made import make
from benchmarks.instances import limited
from benchmarks.reference import pipeline as plain
from benchmarks.specs import Count, Prepared, Timing, peak_of_arrays, spec
from matcher.model.answer import Answer, Limits
from matcher.model.certificate import Certificate, certify
from matcher.model.formulation import Formulation, RowBlock, build_formulation
from matcher.model.proof import Forest, Proof
from matcher.model.solvers import BACKENDS, flow

SMALL, LARGE = (150, 1_500), (600, 6_000)


class _Case:
    """The reference's pairs, slots and companies, to be put into a formulation again in every round."""

    def __init__(self, n_directors: int, n_companies: int) -> None:
        tables = plain.made(n_directors, n_companies)
        self.pairs, self.slots, self.n_companies = plain.score(tables), tables.slots, n_companies

    def formulation(self) -> Formulation:
        pairs, columns = self.pairs, np.arange(self.pairs.points.size)
        zeros = np.zeros(max(self.slots.size, self.n_companies), np.int64)
        ones = np.ones(self.n_companies, np.int64)
        return build_formulation(
            pairs.points,
            [
                RowBlock("slots", pairs.director, columns, zeros[: self.slots.size], self.slots, side="left"),
                RowBlock("one_director", pairs.company, columns, zeros[: self.n_companies], ones, side="right"),
            ],
        )

    def certified(self) -> tuple[Answer, Certificate]:
        formulation = self.formulation()
        answer = flow.solve(formulation, Limits())
        return answer, certify(formulation, answer)

    def plain(self) -> int:
        return plain.solve(self.pairs, self.slots, self.n_companies)


def _n_bytes(formulation: Formulation) -> int:
    """Bytes held; one number seen n times (stride 0) is one number."""
    columns = formulation.objective, formulation.column_lower, formulation.column_upper
    rows = formulation.row_ptr, formulation.row_lower, formulation.row_upper
    arrays = (*columns, *rows, formulation.col_idx, formulation.coef)
    return sum(array.nbytes if any(array.strides) else array.itemsize for array in arrays)


@spec(
    "flow, formulation to certified answer",
    sizes="150 × 1,500 and 600 × 6,000, 20 pairs a company",
    counts="arcs, rounds of prices, bytes of arrays, the optimum",
)
def flow_certified(folder: Path) -> Prepared:
    small, large = _Case(*SMALL), _Case(*LARGE)
    answer, certificate = large.certified()
    with peak_of_arrays() as memory:
        large.certified()
    n_pairs = large.pairs.points.size
    formulation = large.formulation()
    assert (certificate.word, certificate.value) == ("proved", large.plain()), "not the optimum of raw OR-Tools"
    return Prepared(
        counts=(
            Count("kept pairs", n_pairs),
            Count("arcs built", answer.counts["n_arcs"]),
            Count("rounds of prices", answer.counts["price_rounds"]),
            Count("bytes of the formulation a kept pair", _n_bytes(formulation) / n_pairs, "bytes"),
            Count("peak bytes of arrays a kept pair", memory.peak_bytes / n_pairs, "bytes"),
            Count("points", certificate.value or 0, "value"),
        ),
        timings=(
            Timing("time of raw OR-Tools flow", large.certified, large.plain),
            Timing(
                "time a pair, 600 × 6,000 for 150 × 1,500",
                large.certified,
                small.certified,
                scale=n_pairs / small.pairs.points.size,
                kind="growth",
            ),
        ),
    )


@spec("certificate", sizes="600 × 6,000, 20 pairs a company", counts="bytes of arrays, the bound")
def certificate_of_prices(folder: Path) -> Prepared:
    case = _Case(*LARGE)
    formulation = case.formulation()
    answer = flow.solve(formulation, Limits())
    assert answer.prices is not None

    def certified() -> Certificate:
        # Prices of their own each time: those last asked about are remembered.
        assert answer.prices is not None
        return certify(formulation, replace(answer, prices=replace(answer.prices)))

    def often() -> None:
        for _ in range(8):
            certified()

    with peak_of_arrays() as memory:
        certificate = certified()
    n_pairs = case.pairs.points.size
    assert certificate.word == "proved"
    return Prepared(
        counts=(
            Count("peak bytes of arrays a kept pair", memory.peak_bytes / n_pairs, "bytes"),
            Count("bound", certificate.bound or 0, "value"),
        ),
        timings=(Timing("eight times, of raw OR-Tools flow", often, case.plain),),
    )


def _n_nodes(proof: Proof | Forest | None) -> int:
    if proof is None:
        return 0
    return sum(len(tree.nodes) for tree in (proof.trees if isinstance(proof, Forest) else (proof,)))


def _with_limit(backend: str, formulation: Formulation, limit: float) -> tuple[Answer, Certificate]:
    """One thread and a limit on work: the same plan, however busy the machine."""
    answer = BACKENDS[backend].solve(formulation, Limits(deterministic_limit=limit))
    return answer, certify(formulation, answer)


@spec(
    "pricing with hours",
    sizes="type e, 5 agents × 50 jobs, proved; hours, quotas, rivals and budget on 40 × 400, 4 units of work",
    counts="work, nodes of the proof, the certified gap, the points",
)
def pricing(folder: Path) -> Prepared:
    answer, certificate = _with_limit("pricing", formulate(make("e", 5, 50, seed=1), "min"), 60.0)
    assert certificate.word == "proved"
    large, gap = _with_limit("pricing", limited(40, 400), 4.0)
    return Prepared(
        counts=(
            Count("work of a proof", answer.counts["deterministic_time"], "work"),
            Count("nodes of a proof", _n_nodes(answer.proof), "work"),
            Count("points of the proved plan", certificate.value or 0, "value"),
            Count("certified gap with every limit, %", 100 * (gap.gap if gap.gap is not None else np.inf), "gap"),
            Count("work with every limit", large.counts["deterministic_time"], "work"),
        )
    )


@spec(
    "CP-SAT with hours",
    sizes="hours, quotas, rivals and budget on 20 × 200, 4 units of work",
    counts="CP-SAT's deterministic time, its runs, the certified gap",
)
def cpsat(folder: Path) -> Prepared:
    answer, certificate = _with_limit("cpsat", limited(20, 200), 4.0)
    return Prepared(
        counts=(
            Count("deterministic time", answer.counts["deterministic_time"], "work"),
            Count("runs of CP-SAT", answer.counts["n_runs"], "work"),
            Count("certified gap, %", 100 * (certificate.gap if certificate.gap is not None else np.inf), "gap"),
        )
    )
