"""Ctrl-C, as a user presses it: at several moments of a run that would go on for minutes."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.hard_programme import write_hard_programme

BEST_SO_FAR = "writing the best plan so far"
CURSOR_HIDDEN = r"\[\?25l"
"""What the terminal gets first, when reading begins."""
PATIENCE_S = 120.0


class Run:
    """A run whose standard error is a terminal: what it shows there says how far it is."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self.process, self.terminal, self.told = process, terminal, ""

    def wait_for(self, pattern: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while not re.search(pattern, self.told):
            assert time.monotonic() < until, self.told[-300:]
            if not self._read():
                raise AssertionError(self.told[-300:])

    def end(self) -> int:
        while self._read():
            pass
        return self.process.wait(PATIENCE_S)

    def _read(self) -> bool:
        if not select.select([self.terminal], [], [], 0.1)[0]:
            return self.process.poll() is None
        try:
            text = os.read(self.terminal, 65_536).decode("utf-8", "replace")
        except OSError:  # Linux: nobody holds the other end any more
            return False
        self.told += text
        return bool(text)


@contextmanager
def _run(folder: Path, *words: str) -> Iterator[Run]:
    terminal, other_end = pty.openpty()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("matcher")), "run", "hard", "--out", "result", *words],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=other_end,
        env={**os.environ, "MATCHER_LANG": "en", "COLUMNS": "200", "TERM": "xterm"},
    )
    os.close(other_end)
    try:
        yield Run(process, terminal)
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    write_hard_programme(tmp_path / "hard")
    return tmp_path


@pytest.mark.parametrize("words", [("--set", "solve.backend=cpsat"), ("--threads", "2", "--time-limit", "200")])
def test_ctrl_c_while_solving_writes_the_best_plan_so_far(
    desk: Path, matcher_command: Command, words: tuple[str, ...]
) -> None:
    with _run(desk, *words) as run:
        run.wait_for(r"Total points \(so far [\d,]+, at most [\d,]+\)")
        run.process.send_signal(signal.SIGINT)
        assert run.end() == 130
    assert BEST_SO_FAR in run.told and "Traceback" not in run.told
    plan = json.loads((desk / "result" / "plan.json").read_text(encoding="utf-8"))
    assert plan["interrupted"] and plan["status"] == "feasible" and len(plan["assignments"]) > 30
    assert plan["certificate"]["word"] == "unknown"
    assert "Interrupted: this is the best" in (desk / "result" / "report.html").read_text(encoding="utf-8")
    assert {path.name for path in (desk / "result").iterdir()} >= {"plan.json", "plan.xlsx", "candidates.csv"}
    if "solve.backend=cpsat" in words:
        done = matcher_command("verify", "result", cwd=desk)
        assert done.returncode == 0, done.stdout
        _one_that_goes_on(desk)


def _one_that_goes_on(desk: Path) -> None:
    """A second Ctrl-C gives up, and the earlier result stays as it was."""
    before = (desk / "result" / "plan.json").read_bytes()
    with _run(desk, "--force", "--start", "result", "--set", "solve.backend=cpsat") as run:
        run.wait_for(r"Total points \(so far")
        run.process.send_signal(signal.SIGINT)
        run.process.send_signal(signal.SIGTERM)
        assert run.end() == 130
    assert "Nothing was written" in run.told and "Traceback" not in run.told
    assert (desk / "result" / "plan.json").read_bytes() == before
    assert sorted(path.name for path in desk.iterdir()) == ["hard", "result"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_before_solving_and_sigterm_write_nothing(desk: Path, number: signal.Signals) -> None:
    with _run(desk) as run:
        run.wait_for(CURSOR_HIDDEN if number == signal.SIGINT else r"so far")
        run.process.send_signal(number)
        assert run.end() == 130
    assert "Nothing was written" in run.told and "Traceback" not in run.told
    assert [path.name for path in desk.iterdir()] == ["hard"]


def test_deterministic_limit_gives_the_same_plan_on_a_busy_machine(desk: Path, matcher_command: Command) -> None:
    words = ("run", "hard", "--set", "solve.deterministic_limit=0.2", "--formats", "none", "--force", "--json")
    quiet = matcher_command(*words, cwd=desk)
    assert quiet.returncode == 0, quiet.stderr
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        loaded = matcher_command(*words, cwd=desk)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    plans = [json.loads(done.stdout) for done in (quiet, loaded)]
    assert plans[0]["status"] == "feasible" and plans[0]["policy"]["solve"]["deterministic_limit"] == 0.2
    for plan in plans:
        del plan["seconds"]
    assert plans[0] == plans[1]


def test_highs_refuses_a_deterministic_limit(desk: Path, matcher_command: Command) -> None:
    done = matcher_command(
        "run", "hard", "--set", "solve.deterministic_limit=1", "--set", "solve.backend=mip", cwd=desk
    )
    assert done.returncode == 2 and "mip does not count its work" in done.stderr
    assert not (desk / "out").exists()
