"""A command that is killed half-way: the same command goes on, and its output is that of one that was never ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Command

PATIENCE_S = 240.0
PILOT = Path("scenarios/pilot")
SWEEP = ("--vary", "weights.network=0:23:1", "--vary", "limits.max_companies=3,5", "--most-solves", "0")
DRAWS = ("--draws", "150")
COMMANDS = {"sweep": SWEEP, "robustness": DRAWS, "what-if": ()}


def _words(command: str, out: Path, source: Path, *more: str) -> list[str]:
    scenarios = sorted(map(str, (source / "what-if").glob("*.yaml"))) if command == "what-if" else []
    return [command, str(source), *scenarios, *COMMANDS[command], "--out", str(out), "--lang", "en", *more]


@contextmanager
def _begun(words: list[str]) -> Iterator[subprocess.Popen[str]]:
    """The command at work, in a session of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "matcher", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _wait_for_kept(folder: Path, n: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + PATIENCE_S
    while len(list(folder.glob("*.json"))) < n:
        assert time.monotonic() < until and process.poll() is None, "nothing was kept in time"
        time.sleep(0.005)


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("command", ["sweep", "robustness", "what-if"])
def test_a_killed_command_goes_on_and_writes_the_same_bytes(
    matcher_command: Command, tmp_path: Path, scenarios: Path, command: str
) -> None:
    source, out, whole = scenarios / "pilot", tmp_path / "out", tmp_path / "whole"
    engine = ("--engine", "threads", "--workers", "1")
    with _begun(_words(command, out, source, *engine)) as process:
        _wait_for_kept(tmp_path / "out.unfinished", 2, process)
        process.send_signal(signal.SIGKILL)
        assert process.wait(PATIENCE_S) == -signal.SIGKILL
    assert not out.exists()
    n_kept = len(list((tmp_path / "out.unfinished").glob("*.json")))
    assert n_kept >= 2

    again = matcher_command(*_words(command, out, source, *engine))
    assert again.returncode == 0, again.stderr
    assert f"{n_kept} of " in again.stderr and "taken from the interrupted run" in again.stderr
    assert not (tmp_path / "out.unfinished").exists()

    never = matcher_command(*_words(command, whole, source, *engine))
    assert "taken from" not in never.stderr and not (tmp_path / "whole.unfinished").exists()
    assert _contents(out) == _contents(whole)


def test_ctrl_c_keeps_what_is_finished_and_no_process_is_left(
    matcher_command: Command, tmp_path: Path, scenarios: Path
) -> None:
    source, out = scenarios / "pilot", tmp_path / "out"
    words = _words("sweep", out, source, "--engine", "processes", "--workers", "2")
    with _begun(words) as process:
        _wait_for_kept(tmp_path / "out.unfinished", 2, process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to everybody
        _, told = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 130, told
    assert "Traceback" not in told and f"is in {tmp_path / 'out.unfinished'}" in told
    _wait_until_nobody_is_in(process.pid)
    again = matcher_command(*words)
    assert again.returncode == 0, again.stderr
    assert "taken from the interrupted run" in again.stderr and not (tmp_path / "out.unfinished").exists()
    assert {path.name for path in out.iterdir()} >= {"sweep.html", "sweep.json"}


def test_workers_are_gone_with_a_command_that_is_killed(tmp_path: Path, scenarios: Path) -> None:
    words = _words("sweep", tmp_path / "out", scenarios / "pilot", "--engine", "processes", "--workers", "2")
    with _begun(words) as process:
        _wait_for_kept(tmp_path / "out.unfinished", 1, process)
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_S)
        _wait_until_nobody_is_in(process.pid)


def _wait_until_nobody_is_in(group: int) -> None:
    """A process that ended but was not waited for counts as gone."""
    until = time.monotonic() + PATIENCE_S / 4
    while left := [name for name in _states(group) if name != "Z"]:
        assert time.monotonic() < until, f"processes are left behind: {left}"
        time.sleep(0.05)


def _states(group: int) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of, *_ = path.read_text().rpartition(")")[2].split()
        except OSError:  # gone meanwhile
            continue
        found += [state] if int(of) == group else []
    return found
