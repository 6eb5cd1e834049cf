"""What-ifs: one row changed in a large batch, against matching from nothing; and many of a small programme."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import matcher
from benchmarks.conftest import Figure
from benchmarks.instances import write_batch
from benchmarks.measuring import interleaved, ratio
from matcher.domain.problem import Problem
from matcher.engines import engine_of
from matcher.matching import match_base
from matcher.plan.plan import Plan
from matcher.whatif.applying import apply_change
from matcher.whatif.running import AsIs, Task, run_tasks
from matcher.whatif.scenario import Change
from matcher.whatif.under_noise import robustness
from tests.edits import Changed

PILOT = Path(__file__).parents[1] / "scenarios" / "pilot"
ROUNDS = 3
N_SCENARIOS = 200
N_DRAWS = 100

ONE_ROW = {
    "a director's slots": {"set": {"table": "directors", "ids": ["D000050"], "values": {"max_companies": 6}}},
    "a director's reach": {"set": {"table": "directors", "ids": ["D000050"], "values": {"max_distance_km": 150}}},
    "a company's priority": {"set": {"table": "companies", "ids": ["K0000500"], "values": {"priority": 1.5}}},
    "a pair forbidden": {"forbid": {"director_id": "D000050", "company_id": "K0000500"}},
}


def _is_same(one: Plan, other: Plan) -> bool:
    return one.document.digests == other.document.digests and one.document.assignments == other.document.assignments


@pytest.mark.parametrize("name", ONE_ROW)
def bench_one_row(
    benchmark: BenchmarkFixture, tmp_path: Path, size: tuple[int, int], figures: list[Figure], name: str
) -> None:
    write_batch(tmp_path / "batch", *size)
    problem = matcher.read(tmp_path / "batch")
    base = match_base(problem)
    change = Change.model_validate(ONE_ROW[name])

    def warm() -> Plan:
        return matcher.match(apply_change(problem, change), base=base)

    def cold() -> Plan:
        # Tables of their own: nothing was found out about them yet.
        changed = apply_change(problem, change)
        return matcher.match(Problem(dict(changed.tables), changed.policy, changed.title, changed.source))

    assert _is_same(warm(), cold())
    benchmark.pedantic(warm, rounds=1)
    theirs, ours = interleaved((cold, warm), rounds=ROUNDS)
    line = f"{name} changed, {size[0]:,} × {size[1]:,} × 20, the same plan"
    figure = f"{ratio(theirs, ours):.1f} × sooner ({median(ours):.2f} s for {median(theirs):.2f} s)"
    figures.append(Figure(line, figure, "≥ 8 ×"))


@pytest.mark.parametrize("engine", ["threads", "processes"])
def bench_pilot_scenarios(benchmark: BenchmarkFixture, figures: list[Figure], engine: str) -> None:
    problem = matcher.read(PILOT)
    tasks = [Task("base", "", AsIs()), *(_scenario(problem, number) for number in range(N_SCENARIOS))]
    rates: dict[int, list[float]] = {1: [], 2: []}
    for number in range(4):
        for workers in (1, 2) if number % 2 else (2, 1):
            started = time.perf_counter()
            outcomes = run_tasks(problem, tasks, engine=engine_of(engine, workers=workers), base=0)
            seconds = time.perf_counter() - started
            assert {outcome.state for outcome in outcomes} == {"done"}
            if number:  # the first time the server starts that workers come from
                rates[workers].append(len(tasks) / seconds)
    benchmark.pedantic(lambda: run_tasks(problem, tasks[:11], base=0), rounds=1)
    one, two = median(rates[1]), median(rates[2])
    figures.append(Figure(f"{N_SCENARIOS} what-ifs of pilot, {engine}, 1 worker", f"{one:.0f} a second", ""))
    aim = "≥ 40, ≥ 1.7 ×" if engine == "processes" else ""
    figures.append(Figure("the same, 2 workers", f"{two:.0f} a second, {two / one:.2f} × one", aim))


def bench_regional_draws(benchmark: BenchmarkFixture, figures: list[Figure]) -> None:
    plan = matcher.match(matcher.read(PILOT.with_name("regional")))
    seconds: dict[tuple[str, int], float] = {}
    found = set()
    for engine, workers in (("processes", 2), ("threads", 1), ("threads", 2), ("processes", 2)):
        started = time.perf_counter()
        drawn = robustness(plan, draws=N_DRAWS, engine=engine, workers=workers)
        seconds[engine, workers] = time.perf_counter() - started
        found.add(drawn.draws.to_csv())
    assert len(found) == 1
    benchmark.pedantic(lambda: robustness(plan, draws=4), rounds=1)
    for (engine, workers), taken in seconds.items():
        line = f"{N_DRAWS} draws of regional, {engine}, {workers} at once"
        aim = f"≤ {60 * N_DRAWS // 500} s" if engine == "processes" else ""
        figures.append(Figure(line, f"{taken:.1f} s, {N_DRAWS / taken:.1f} draws a second", aim))


def _scenario(problem: Problem, number: int) -> Task:
    """One row of one table, or one setting: another director, company or limit each time."""
    directors, companies = problem.director_ids, problem.company_ids
    director, company = str(directors[number % directors.size]), str(companies[number % companies.size])
    changes = (
        {"set": {"table": "directors", "ids": [director], "values": {"max_companies": 1 + number % 4}}},
        {"set": {"table": "companies", "ids": [company], "values": {"priority": 1 + number / 100}}},
        {"forbid": {"director_id": director, "company_id": company}},
        {"policy": {"limits.max_companies": 2 + number % 5}},
        {"remove": {"table": "companies", "ids": [company]}},
    )
    return Task(str(number), "", Changed(changes[number % len(changes)]))
