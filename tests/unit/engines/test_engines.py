"""Engines: the same results whoever runs the work; a worker that dies loses nothing but what it dies over twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import matcher
from matcher.engines import ENGINES, choosing, engine_of
from matcher.engines.choosing import FEWEST, Choosing
from matcher.engines.cluster import Cluster
from matcher.errors import UsageError
from matcher.whatif.engine import Engine, Lost, Threads, Work
from matcher.whatif.running import Outcome, run_tasks
from matcher.whatif.sweeping import parse_axis, sweep_tasks
from tests.conftest import ROOT

SEVERAL = ("threads", "processes", "ray")


@dataclass(frozen=True)
class Squares(Work[int, tuple[int, int]]):
    """Squares, and who computed them. Items of `deadly` kill their worker, so often as `times` says; with `n_met` a
    worker waits, a minute at most, until so many are at work, as one may be up before the next has started.
    """

    folder: Path
    deadly: tuple[int, ...] = ()
    times: int = 1
    seconds: float = 0.0
    n_met: int = 0

    def begin(self, stop: threading.Event) -> Callable[[int], tuple[int, int]]:
        def square(item: int) -> tuple[int, int]:
            if item < 0:
                raise ValueError(f"{item} is below 0")
            died = self.folder / f"{item}"
            n_died = len(died.read_text()) if died.exists() else 0
            if item in self.deadly and n_died < self.times:
                died.write_text("x" * (n_died + 1))
                os.kill(os.getpid(), signal.SIGKILL)
            until = time.monotonic() + 60
            if self.n_met:
                (self.folder / f"worker-{os.getpid()}").touch()
            while len(list(self.folder.glob("worker-*"))) < self.n_met and time.monotonic() < until:
                time.sleep(0.01)
            stop.wait(self.seconds)
            return item * item, os.getpid()

        return square

    def received(self, item: int, sent: object) -> tuple[int, int]:
        assert isinstance(sent, tuple)
        return sent

    def key(self, item: int) -> str:
        return str(item)

    def kept(self, result: tuple[int, int]) -> str | None:
        return None

    def restored(self, item: int, text: str) -> tuple[int, int] | None:
        return None


@pytest.fixture(scope="module", autouse=True)
def _cluster() -> Iterator[None]:
    """One cluster for all tests here: engines use the one that is there, and it takes seconds to start."""
    with Cluster(2).connected() as n_processors:
        assert n_processors == 2
        yield


def _run(engine: Engine, work: Squares, items: Sequence[int]) -> dict[int, tuple[int, int] | Lost]:
    found: dict[int, tuple[int, int] | Lost] = {}
    for at, result in engine.run(work, items, stop=threading.Event()):
        assert at not in found
        found[at] = result
    return found


def _squares(found: dict[int, tuple[int, int] | Lost]) -> dict[int, int | str]:
    return {at: "lost" if isinstance(one, Lost) else one[0] for at, one in found.items()}


@pytest.mark.parametrize("name", SEVERAL)
def test_every_item_is_done_once_by_as_many_workers_as_asked_for(name: str, tmp_path: Path) -> None:
    n_met = 0 if name == "threads" else 2
    found = _run(engine_of(name, workers=2), Squares(tmp_path, seconds=0.02, n_met=n_met), range(20))
    assert _squares(found) == {at: at * at for at in range(20)}
    processes = {one[1] for one in found.values() if not isinstance(one, Lost)}
    if name == "threads":
        assert processes == {os.getpid()}
    else:
        assert len(processes) == 2 and os.getpid() not in processes


@pytest.mark.parametrize("name", SEVERAL)
def test_nothing_to_do_is_done(name: str, tmp_path: Path) -> None:
    assert _run(engine_of(name, workers=2), Squares(tmp_path), ()) == {}


@pytest.mark.parametrize("name", ["processes", "ray"])
def test_an_item_whose_worker_is_killed_is_done_by_the_next_one(name: str, tmp_path: Path) -> None:
    found = _run(engine_of(name, workers=2), Squares(tmp_path, deadly=(0, 3, 4)), range(8))
    assert _squares(found) == {at: at * at for at in range(8)}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "3", "4"]


@pytest.mark.parametrize("name", ["processes", "ray"])
def test_only_an_item_that_kills_two_workers_is_lost(name: str, tmp_path: Path) -> None:
    found = _run(engine_of(name, workers=2), Squares(tmp_path, deadly=(2,), times=99), range(8))
    assert _squares(found) == {at: "lost" if at == 2 else at * at for at in range(8)}
    lost = found[2]
    assert isinstance(lost, Lost) and lost.reason
    assert (tmp_path / "2").read_text() == "xx"


@pytest.mark.parametrize("name", SEVERAL)
def test_a_fault_of_the_work_is_raised_here(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="-1 is below 0"):
        _run(engine_of(name, workers=2), Squares(tmp_path), (3, -1, 4))


@pytest.mark.parametrize("name", SEVERAL)
def test_nothing_is_begun_after_a_stop_and_no_worker_is_left(name: str, tmp_path: Path) -> None:
    stop = threading.Event()
    found = []
    started = time.monotonic()
    for at, _ in engine_of(name, workers=2).run(Squares(tmp_path, seconds=0.2), range(1000), stop=stop):
        found.append(at)
        stop.set()
    assert 1 <= len(found) <= 6
    assert time.monotonic() - started < 60


def test_a_process_ends_when_nobody_takes_its_results(tmp_path: Path) -> None:
    results = engine_of("processes", workers=1).run(Squares(tmp_path, seconds=0.1), range(9), stop=threading.Event())
    at, result = next(iter(results))
    assert at == 0 and not isinstance(result, Lost)
    results.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(result[1], 0)


def test_threads_stay_for_few_or_quick_items_and_processes_follow_for_many(tmp_path: Path) -> None:
    seconds = iter(range(0, 10_000, 100))
    slow = Choosing(2, clock=lambda: float(next(seconds)))
    few = _run(slow, Squares(tmp_path, seconds=0.01), range(2 * FEWEST))
    assert {one[1] for one in few.values() if not isinstance(one, Lost)} == {os.getpid()}
    quick = Choosing(2, clock=lambda: 0.0)
    many = _run(quick, Squares(tmp_path), range(500))
    assert {one[1] for one in many.values() if not isinstance(one, Lost)} == {os.getpid()}
    many = _run(slow, Squares(tmp_path, seconds=0.05), range(500))
    assert _squares(many) == {at: at * at for at in range(500)}
    workers = {one[1] for one in many.values() if not isinstance(one, Lost)}
    assert os.getpid() in workers and len(workers) == 3
    alone = _run(Choosing(1, clock=slow.clock), Squares(tmp_path), range(100))
    assert {one[1] for one in alone.values() if not isinstance(one, Lost)} == {os.getpid()}


def test_threads_go_on_where_no_process_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError(11, "no more processes")

    monkeypatch.setattr(choosing, "warm_up", refuse)
    seconds = iter(range(0, 100_000, 100))
    found = _run(Choosing(2, clock=lambda: float(next(seconds))), Squares(tmp_path, seconds=0.002), range(200))
    assert _squares(found) == {at: at * at for at in range(200)}
    assert {one[1] for one in found.values() if not isinstance(one, Lost)} == {os.getpid()}


def test_a_sweep_loses_no_scenario_when_a_worker_of_the_cluster_is_killed() -> None:
    problem = matcher.read(ROOT / "scenarios" / "pilot")
    tasks = [task for _, task in sweep_tasks(problem, [parse_axis("weights.local_culture=0:40:2")])]
    killed: list[int] = []

    def kill_one(n_done: int, outcome: Outcome) -> None:
        hands = [pid for pid in _descendants(os.getpid()) if b"_Hand" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        if n_done >= 4 and not killed and len(hands) == 2:
            os.kill(hands[0], signal.SIGKILL)
            killed.append(hands[0])

    found = run_tasks(problem, tasks, engine=engine_of("ray", workers=2), base=0, on_done=kill_one)
    assert len(killed) == 1
    assert [one.state for one in found] == ["done"] * 21
    assert _texts(found) == _texts(run_tasks(problem, tasks, engine=engine_of("threads", workers=2), base=0))


def _texts(outcomes: Sequence[Outcome]) -> list[str]:
    """plan.json of each outcome, but for the seconds it took."""
    return [one.plan.document.model_copy(update={"seconds": {}}).to_json() for one in outcomes if one.plan is not None]


def test_engines_go_by_name() -> None:
    assert engine_of("threads", workers=3) == Threads(3)
    for name in ENGINES:
        assert callable(engine_of(name).run)
    with pytest.raises(UsageError) as raised:
        engine_of("dask")
    assert raised.value.code == "unknown_engine"
    assert "auto" in str(raised.value)


def test_ray_that_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UsageError) as raised:
        engine_of("ray")
    assert raised.value.code == "ray_not_installed"
    assert "matcher[cluster]" in str(raised.value)


def test_ray_of_one_machine_listens_to_it_alone_and_reports_nothing(tmp_path: Path) -> None:
    found = _run(engine_of("ray", workers=1), Squares(tmp_path), (3,))
    assert _squares(found) == {0: 9}
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
    names = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in _descendants(os.getpid())}
    assert any(b"raylet" in name for name in names.values())
    assert all(b"--disable-frontend" in name for name in names.values() if b"dashboard.py" in name)
    heard = {address for pid in (os.getpid(), *names) for address in _listening(pid)}
    assert heard
    assert heard <= {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}


def _descendants(pid: int) -> list[int]:
    children = [int(one) for path in Path(f"/proc/{pid}/task").glob("*/children") for one in path.read_text().split()]
    return [one for child in children for one in (child, *_descendants(child))]


def _listening(pid: int) -> list[str]:
    """The addresses, as hexadecimal numbers, that a process accepts connections on."""
    links = [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()]
    inodes = {link.removeprefix("socket:[").rstrip("]") for link in links if link.startswith("socket:[")}
    tables = [Path(f"/proc/{pid}/net/{name}").read_text() for name in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table.splitlines()]
    return [row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[9] in inodes]
