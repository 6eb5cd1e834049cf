"""What-ifs that use their base again: the same plan to the digest, however many workers."""

from __future__ import annotations

from pathlib import Path

import pytest

import matcher
from benchmarks.instances import write_batch
from matcher.domain.problem import Problem, build_problem
from matcher.io.whatif_file import apply_whatif, read_whatif
from matcher.matching import Base, match_base
from matcher.plan.plan import Plan
from matcher.whatif.applying import apply_change
from matcher.whatif.engine import Threads
from matcher.whatif.running import AsIs, Task, run_tasks
from matcher.whatif.scenario import Change
from tests.edits import Changed, Ready, Refused
from tests.problems import small_problem

SCENARIOS = Path(__file__).parents[3] / "scenarios"
FILES = sorted(SCENARIOS.glob("*/what-if/*.yaml"))
SMALL = [file for file in FILES if file.parts[-3] in ("pilot", "roster")]

CHANGES = (
    {"set": {"table": "directors", "ids": ["D000017"], "values": {"max_companies": 7}}},
    {"set": {"table": "directors", "ids": ["D000017"], "values": {"max_distance_km": 120}}},
    {"set": {"table": "companies", "ids": ["K0000123"], "values": {"priority": 1.5}}},
    {"remove": {"table": "directors", "ids": ["D000030"]}},
    {"remove": {"table": "companies", "where": {"goal": "other"}}},
    {"add": {"directors": [{"id": "D000017b", "prefecture": "Kochi", "max_companies": 3}]}},
    {"pin": {"director_id": "D000002", "company_id": "K0000001"}},
    {"forbid": {"director_id": "D000002", "company_id": "K0000001"}},
    {"policy": {"weights.nearness": 20}},
    {"policy": {"limits.max_companies": 40}},
    {"policy": {"objective": ["companies_served", "points"]}},
)


def _anew(problem: Problem) -> Problem:
    """The same problem with nothing found out about it."""
    return build_problem(problem.tables, policy=problem.policy, title=problem.title, source=problem.source)


def _bare(plan: Plan) -> dict[str, object]:
    return plan.document.model_dump(exclude={"seconds"})


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    folder = tmp_path_factory.mktemp("reusing") / "batch"
    write_batch(folder, 60, 400)
    return match_base(matcher.read(folder))


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_a_changed_problem_has_the_same_plan_from_its_base(base: Base, number: int) -> None:
    try:
        changed = apply_change(base.problem, Change.model_validate(CHANGES[number]))
        cold = matcher.match(_anew(changed))
    except matcher.MatcherError as error:
        with pytest.raises(type(error)):
            matcher.match(changed, base=base)
        return
    warm = matcher.match(changed, base=base)
    assert _bare(warm) == _bare(cold)
    assert warm.document.digests["plan"] == cold.document.digests["plan"]
    assert warm.certificate.word == "proved"


@pytest.mark.parametrize("file", SMALL, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_a_shipped_what_if_has_the_same_plan_from_its_base(file: Path) -> None:
    source = file.parents[1]
    problem = matcher.read(source)
    changed = apply_whatif(problem, read_whatif(file, source))
    outcomes = run_tasks(problem, [Task("base", "", AsIs()), Task("one", "", Ready(changed))], base=0)
    assert outcomes[1].plan is not None
    assert _bare(outcomes[1].plan) == _bare(matcher.match(_anew(changed)))


@pytest.mark.parametrize("workers", [1, 3])
def test_outcomes_are_the_same_with_a_base_in_any_place(base: Base, workers: int) -> None:
    problem = base.problem

    tasks = [Task(str(n), "", Changed(CHANGES[n])) for n in (0, 2, 7)]
    tasks.insert(1, Task("base", "", AsIs()))
    tasks.append(Task("refused", "", Refused()))
    done: list[str] = []
    engine = Threads(workers)
    found = run_tasks(problem, tasks, engine=engine, base=1, on_done=lambda n, one: done.append(one.name))
    anew = run_tasks(problem, tasks, engine=engine)
    assert [one.name for one in found] == [task.name for task in tasks]
    assert [one.state for one in found] == ["done"] * 4 + ["failed"]
    assert done[0] == "base"
    assert sorted(done) == sorted(task.name for task in tasks)
    for one, other in zip(found[:4], anew[:4], strict=True):
        assert one.plan is not None
        assert other.plan is not None
        assert _bare(one.plan) == _bare(other.plan)


def test_a_base_that_fails_leaves_the_others_to_themselves() -> None:
    found = run_tasks(small_problem(1, 1), [Task("base", "", Refused()), Task("one", "", AsIs())], base=0)
    assert [one.state for one in found] == ["failed", "done"]


def test_a_base_without_a_plan_is_of_use_all_the_same() -> None:
    problem = small_problem(1, 2, policy={"limits": {"min_companies_per_director": 2}})
    base = match_base(problem)
    assert base.plan.status == "infeasible"
    changed = apply_change(problem, Change.model_validate({"policy": {"limits.min_companies_per_director": 1}}))
    assert _bare(matcher.match(changed, base=base)) == _bare(matcher.match(_anew(changed)))
