"""Whole commands as a user types them: wall seconds and peak memory, each in a process of its own."""

from __future__ import annotations

from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import Figure
from benchmarks.instances import write_batch
from benchmarks.measuring import Command, interleaved, run_command
from matcher.domain.problem import Problem

ROOT = Path(__file__).parents[1]
ROUNDS = 3


def _measured(benchmark: BenchmarkFixture, *words: str, cwd: Path, rounds: int = ROUNDS) -> tuple[float, float]:
    """Median seconds and largest peak memory of `matcher WORDS`."""
    done: list[Command] = []
    benchmark.pedantic(lambda: done.append(run_command(*words, cwd=cwd)), rounds=rounds, warmup_rounds=1)
    assert {command.exit_code for command in done} == {0}
    return float(benchmark.stats.stats.median), max(command.peak_mb for command in done)


def bench_help(benchmark: BenchmarkFixture, tmp_path: Path, figures: list[Figure]) -> None:
    seconds, _ = _measured(benchmark, "--help", cwd=tmp_path, rounds=7)
    figures.append(Figure("matcher --help", f"{seconds:.2f} s", "< 0.4 s"))


def bench_run_regional(benchmark: BenchmarkFixture, tmp_path: Path, figures: list[Figure]) -> None:
    source = str(ROOT / "scenarios" / "regional")
    seconds, peak = _measured(benchmark, "run", source, "--out", "out", "--force", cwd=tmp_path, rounds=5)
    figures.append(Figure("matcher run regional, 60 × 800, all outputs", f"{seconds:.2f} s, {peak:.0f} MB", "< 3 s"))


def bench_batch(benchmark: BenchmarkFixture, tmp_path: Path, size: tuple[int, int], figures: list[Figure]) -> None:
    write_batch(tmp_path / "batch", *size)
    seconds, peak = _measured(benchmark, "run", "batch", "--out", "out", "--force", "--formats", "none", cwd=tmp_path)
    solve = _raw_solve_seconds(tmp_path / "batch")
    goal = max(25 * solve, 12.0)
    figures.append(
        Figure(
            f"matcher run, {size[0]:,} × {size[1]:,} × 20, CSV to plan.json",
            f"{seconds:.2f} s, {peak:.0f} MB ({seconds / solve:.0f} × raw solve)",
            f"< {goal:.1f} s, < 1500 MB",
        )
    )


def _raw_solve_seconds(folder: Path) -> float:
    """Seconds of the bare network solve on the batch's own model."""
    import matcher
    from matcher.model.answer import Limits
    from matcher.model.solvers import flow
    from matcher.modelling import build_model
    from matcher.pairing.candidates import build_candidates

    problem: Problem = matcher.read(folder)
    formulation = build_model(problem, build_candidates(problem)).formulation
    (taken,) = interleaved((lambda: flow.solve(formulation, Limits()),), rounds=3)
    return min(taken)
