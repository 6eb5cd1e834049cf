"""What is kept of an interrupted command: taken where it holds, else computed again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import matcher
from matcher.engines.keeping import NOTE, Resuming, Unfinished, unfinished_of
from matcher.errors import OutputError
from matcher.whatif.engine import Engine, Item, Lost, Result, Threads, Work
from matcher.whatif.running import AsIs, Outcome, Task, run_tasks
from matcher.whatif.under_noise import robustness
from tests.edits import Changed, Refused
from tests.problems import small_problem

CHANGES = ({"policy": {"limits.max_companies": 1}}, {"remove": {"table": "companies", "ids": ["c2"]}})
TASKS = [Task("base", "", AsIs()), *(Task(str(n), "", Changed(one)) for n, one in enumerate(CHANGES))]
PROBLEM = small_problem(2, 3)


class Counting:
    """Threads that say how many items they were given; each stops after so many results."""

    def __init__(self, most: int = 1000) -> None:
        self.n_given, self.most = 0, most

    def run(
        self, work: Work[Item, Result], items: Sequence[Item], *, stop: threading.Event
    ) -> Iterator[tuple[int, Result | Lost]]:
        self.n_given += len(items)
        for n_done, found in enumerate(Threads(1).run(work, items, stop=stop), start=1):
            yield found
            if n_done == self.most:
                return


class Late:
    """Hands out one result, after the stop."""

    def run(
        self, work: Work[Item, Result], items: Sequence[Item], *, stop: threading.Event
    ) -> Iterator[tuple[int, Result | Lost]]:
        result = work.begin(stop)(items[0])
        stop.set()
        yield 0, result


def _ran(folder: Unfinished, engine: Engine, told: list[tuple[int, int]]) -> tuple[Outcome, ...]:
    return run_tasks(PROBLEM, TASKS, engine=Resuming(engine, folder, lambda n, of: told.append((n, of))), base=0)


def _documents(outcomes: Sequence[Outcome]) -> list[object]:
    return [None if one.plan is None else one.plan.document.model_dump(exclude={"seconds"}) for one in outcomes]


def _files(folder: Unfinished) -> list[Path]:
    return sorted(folder.folder.glob("*.json"))


def test_what_was_finished_is_taken_and_the_rest_is_run(tmp_path: Path) -> None:
    folder, told = unfinished_of(tmp_path / "out"), list[tuple[int, int]]()
    first = _ran(folder, Counting(most=1), told)
    assert [one.state for one in first] == ["done", "done", "not_run"] and not told
    assert folder.folder == tmp_path / "out.unfinished" and len(_files(folder)) == 1
    assert "matcher" in (folder.folder / NOTE).read_text(encoding="utf-8")
    again = Counting()
    found = _ran(folder, again, told)
    assert (again.n_given, told) == (1, [(1, 2)])
    whole = run_tasks(PROBLEM, TASKS, base=0)
    assert _documents(found) == _documents(whole)
    for one, other in zip(found, whole, strict=True):
        assert one.plan is not None and other.plan is not None
        assert one.plan.problem.digest == other.plan.problem.digest
        assert one.origins == other.origins
    folder.remove()
    assert list(tmp_path.iterdir()) == []


def _cut(text: str) -> str:
    return text[:-20]


def _forged(text: str) -> str:
    """Other points, with the file's own digest put right."""
    import hashlib

    body = text.partition("\n")[2].replace('"total_points": ', '"total_points": 1')
    return f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}"


@pytest.mark.parametrize("spoil", [_cut, _forged, lambda text: "", lambda text: "\n{}"])
def test_what_is_damaged_is_computed_again(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    folder, told = unfinished_of(tmp_path / "out"), list[tuple[int, int]]()
    whole = _ran(folder, Counting(), told)
    first, _ = _files(folder)
    text = first.read_text(encoding="utf-8")
    assert spoil(text) != text
    first.write_text(spoil(text), encoding="utf-8")
    again = Counting()
    assert _documents(_ran(folder, again, told)) == _documents(whole)
    assert (again.n_given, told) == (1, [(1, 2)])


def test_what_is_of_other_data_policy_or_change_is_not_taken(tmp_path: Path) -> None:
    folder, told = unfinished_of(tmp_path / "out"), list[tuple[int, int]]()
    _ran(folder, Counting(), told)
    policy = PROBLEM.policy.model_copy(update={"solve": PROBLEM.policy.solve.model_copy(update={"seed": 7})})
    changed = [replace(TASKS[1], edit=Changed({"policy": {"limits.max_companies": 2}}))]
    for problem, tasks in (
        (small_problem(2, 4), TASKS[1:]),
        (PROBLEM.with_policy(policy), TASKS[1:]),
        (PROBLEM, changed),
    ):
        again = Counting()
        run_tasks(problem, tasks, engine=Resuming(again, folder, lambda n, of: told.append((n, of))))
        assert again.n_given == len(tasks)
    assert not told


def test_the_result_of_another_item_is_refused_under_this_ones_name(tmp_path: Path) -> None:
    folder, told = unfinished_of(tmp_path / "out"), list[tuple[int, int]]()
    _ran(folder, Counting(), told)
    one, other = _files(folder)
    one.write_bytes(other.read_bytes())
    again = Counting()
    _ran(folder, again, told)
    assert (again.n_given, told) == (1, [(1, 2)])


def test_what_failed_or_came_after_a_stop_is_not_kept(tmp_path: Path) -> None:
    folder, stop = unfinished_of(tmp_path / "out"), threading.Event()
    engine = Resuming(Threads(1), folder, lambda n, of: None)
    run_tasks(PROBLEM, [Task("refused", "", Refused())], engine=engine)
    assert not folder.folder.exists()
    late = Resuming(Late(), folder, lambda n, of: None)
    found = run_tasks(PROBLEM, TASKS, engine=late, base=0, stop=stop)
    assert stop.is_set() and [one.state for one in found] == ["done", "done", "not_run"]
    assert not folder.folder.exists()


def test_draws_are_taken_one_by_one(tmp_path: Path) -> None:
    folder, told = unfinished_of(tmp_path / "out"), list[tuple[int, int]]()

    def drawn(engine: Engine) -> str:
        engine = Resuming(engine, folder, lambda n, of: told.append((n, of)))
        found = robustness(PROBLEM, draws=9, engine=engine)
        return found.draws.to_csv() + found.matches.to_csv()

    drawn(Counting(most=4))
    again = Counting()
    whole = robustness(PROBLEM, draws=9)
    assert drawn(again) == whole.draws.to_csv() + whole.matches.to_csv()
    assert (again.n_given, told) == (5, [(4, 9)])
    other = Counting()
    robustness(PROBLEM, draws=9, seed=5, engine=Resuming(other, folder, lambda n, of: told.append((n, of))))
    assert other.n_given == 9


def test_a_strangers_file_stays_and_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    folder = unfinished_of(tmp_path / "out")
    folder.write("key", "text")
    (folder.folder / "mine.txt").write_text("mine", encoding="utf-8")
    folder.remove()
    assert [path.name for path in folder.folder.iterdir()] == ["mine.txt"]
    (tmp_path / "b.unfinished").write_text("", encoding="utf-8")
    with pytest.raises(OutputError) as raised:
        unfinished_of(tmp_path / "b")
    assert raised.value.code == "out_is_file"
    assert isinstance(raised.value, matcher.MatcherError)
