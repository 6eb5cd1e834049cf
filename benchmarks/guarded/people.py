"""From tables to a plan and back: reading, candidates, a what-if of one row, why not, and writing the plan."""

from __future__ import annotations

from dataclasses import fields
from itertools import cycle
from pathlib import Path

import numpy as np

import matcher
from benchmarks.instances import write_batch
from benchmarks.reference import files
from benchmarks.reference import pipeline as plain
from benchmarks.specs import Count, Prepared, Timing, peak_of_arrays, solves_asked, spec
from matcher.domain.problem import Problem
from matcher.explain.pair import PairAnswer, ask
from matcher.explain.standing import build_standing
from matcher.io.outputs import write_run
from matcher.matching import match_base
from matcher.pairing.candidates import Candidates, build_candidates
from matcher.pairing.rescoring import rebuild_candidates
from matcher.plan.plan import Plan
from matcher.whatif.applying import apply_change
from matcher.whatif.scenario import Change

SMALL, LARGE = (150, 1_500), (300, 3_000)
_ASKED_AT_ONCE, _CHANGES_AT_ONCE = 4, 2


def _batch(folder: Path, size: tuple[int, int]) -> Path:
    target = folder / f"batch_{size[0]}"
    write_batch(target, *size)
    return target


def _anew(problem: Problem) -> Problem:
    """Tables of their own: nothing was found out about them yet."""
    return Problem(dict(problem.tables), problem.policy, problem.title, problem.source)


def _n_bytes(candidates: Candidates) -> int:
    """Bytes of the columns of pairs."""
    found = 0
    for one in fields(candidates):
        value = getattr(candidates, one.name)
        columns = value.values() if one.name in ("criteria", "is_neutral", "tie_values") else (value,)
        found += sum(
            column.nbytes for column in columns if isinstance(column, np.ndarray) and len(column) == candidates.n_pairs
        )
    return found


def _plain(size: tuple[int, int]) -> tuple[plain.Tables, int]:
    return plain.made(*size), size[1]


def _whole_reference(size: tuple[int, int]) -> int:
    """The reference's way from scores to an optimum."""
    tables, n_companies = _plain(size)
    return plain.solve(plain.score(tables), tables.slots, n_companies)


@spec(
    "candidates",
    sizes="150 × 1,500 and 300 × 3,000, 20 kept a company",
    counts="pairs looked at, kept and cut, bytes of arrays, the points of all pairs",
)
def candidates(folder: Path) -> Prepared:
    small, large = (matcher.read(_batch(folder, size)) for size in (SMALL, LARGE))
    tables, _ = _plain(LARGE)
    with peak_of_arrays() as memory:
        found = build_candidates(_anew(large))
    return Prepared(
        counts=(
            Count("pairs looked at", found.n_considered),
            Count("pairs kept", found.n_pairs),
            Count("bytes of arrays a kept pair", _n_bytes(found) / found.n_pairs, "bytes"),
            Count("peak bytes of arrays", memory.peak_bytes, "bytes"),
            Count("points of all pairs", int(found.points.sum()), "value"),
        ),
        timings=(
            Timing(
                "time of the reference's scoring", lambda: build_candidates(_anew(large)), lambda: plain.score(tables)
            ),
            Timing(
                "time a pair looked at, 300 × 3,000 for 150 × 1,500",
                lambda: build_candidates(_anew(large)),
                lambda: build_candidates(_anew(small)),
                scale=4.0,
                kind="growth",
            ),
        ),
    )


@spec("the whole way", sizes="300 × 3,000, 20 kept a company", counts="solves asked, the points of the plan")
def whole(folder: Path) -> Prepared:
    problem = matcher.read(_batch(folder, LARGE))
    with solves_asked() as asked:
        plan = matcher.match(_anew(problem))
    assert plan.certificate.word == "proved"
    return Prepared(
        counts=(
            Count("solves asked", asked.n_solves),
            Count("certified gap, %", 100 * (plan.certificate.gap or 0.0), "gap"),
            Count("points", plan.certificate.value or 0, "value"),
        ),
        timings=(
            Timing(
                "time of the reference's",
                lambda: matcher.match(_anew(problem)),
                lambda: _whole_reference(LARGE),
                rounds=4,
            ),
        ),
    )


@spec("what-if of one row", sizes="300 × 3,000, 20 kept a company", counts="pairs scored, solves asked, the points")
def what_if(folder: Path) -> Prepared:
    problem = matcher.read(_batch(folder, LARGE))
    base = match_base(problem)
    values = {"max_companies": 6, "max_distance_km": 150}
    changes = [
        Change.model_validate({"set": {"table": "directors", "ids": ["D000050"], "values": {name: value}}})
        for name, value in values.items()
    ]
    scored = [rebuild_candidates(base.plan.candidates, problem, apply_change(problem, one)).n_scored for one in changes]

    def warm() -> list[Plan]:
        return [matcher.match(apply_change(problem, one), base=base) for one in changes]

    with solves_asked() as asked:
        plans = warm()
    return Prepared(
        counts=(
            Count("pairs scored", sum(scored)),
            Count("solves asked", asked.n_solves),
            Count("points", sum(plan.certificate.value or 0 for plan in plans), "value"),
        ),
        timings=(
            Timing(f"{_CHANGES_AT_ONCE} what-ifs, of the reference's whole way", warm, lambda: _whole_reference(LARGE)),
        ),
    )


@spec("why not a pair", sizes="300 × 3,000, 20 kept a company, the plan loaded", counts="solves asked, the losses")
def why_not(folder: Path) -> Prepared:
    standing = build_standing(matcher.match(matcher.read(_batch(folder, LARGE))))
    columns = np.flatnonzero(~standing.is_chosen)
    # Other pairs each time, spread over all of them: what was asked before is remembered.
    pairs = cycle([standing.pair_of(int(column)) for column in columns[:: max(1, columns.size // 200)]])

    def asked() -> list[PairAnswer]:
        return [ask(standing, *next(pairs)) for _ in range(_ASKED_AT_ONCE)]

    with solves_asked() as solves:
        answers = asked()
    losses = [answer.loss for answer in answers]
    assert all(loss is not None and loss.word == "proved" for loss in losses)
    return Prepared(
        counts=(
            Count("solves asked", solves.n_solves),
            Count("points lost", sum(loss.points or 0 for loss in losses if loss is not None), "value"),
        ),
        timings=(
            Timing(f"{_ASKED_AT_ONCE} answers, of the reference's whole way", asked, lambda: _whole_reference(LARGE)),
        ),
    )


@spec("read of CSV files", sizes="300 × 3,000", counts="rows of all tables, peak bytes")
def read(folder: Path) -> Prepared:
    source = _batch(folder, LARGE)
    matcher.read(source)  # what is loaded on the way is not what is measured
    with peak_of_arrays() as memory:
        problem = matcher.read(source)
    return Prepared(
        counts=(
            Count("rows", sum(len(frame) for frame in problem.tables.values())),
            Count("peak bytes", memory.peak_bytes, "bytes"),
        ),
        timings=(
            Timing("time of the reference's reading", lambda: matcher.read(source), lambda: files.read_tables(source)),
        ),
    )


@spec("plan.json written", sizes="300 × 3,000, 20 kept a company", counts="bytes of plan.json, matches")
def written(folder: Path) -> Prepared:
    plan = matcher.match(matcher.read(_batch(folder, LARGE)))

    def write() -> None:
        write_run(plan, folder / "out", force=True, formats=())

    write()
    return Prepared(
        counts=(
            Count("bytes of plan.json", (folder / "out" / "plan.json").stat().st_size, "bytes"),
            Count("matches", len(plan.assignments)),
        ),
        timings=(
            Timing("time of the reference's writing", write, lambda: files.write_rows(folder / "plain.json", LARGE[1])),
        ),
    )
