"""How figures are taken: ratios from interleaved rounds in one process, whole commands with their peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


def interleaved(
    calls: Sequence[Callable[[], object]], *, rounds: int, clock: Callable[[], float] = time.perf_counter
) -> list[list[float]]:
    """Seconds of each call in each round, A B C, B C A, C A B …, after one round that is not counted.

    Machines are shared and drift: a ratio is taken round by round, so that both sides saw the same weather. The order
    turns, as what ran just before leaves its memory behind: always after the largest, raw flow measured 25 % slower.
    """
    seconds: list[list[float]] = [[] for _ in calls]
    for number in range(rounds + 1):
        for place in range(len(calls)):
            turn = (place + number) % len(calls)
            started = clock()
            calls[turn]()
            if number:
                seconds[turn].append(clock() - started)
    return seconds


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of each round."""
    return median(mine / other for mine, other in zip(ours, theirs, strict=True))


@dataclass(frozen=True)
class Command:
    """A finished command: exit code, wall seconds, peak memory in MB."""

    exit_code: int
    seconds: float
    peak_mb: float


def run_command(*words: str, cwd: Path) -> Command:
    """Run `matcher WORDS` in a process of its own, as a user does."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("matcher")), *words],
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Command(process.returncode, time.perf_counter() - started, usage.ru_maxrss / 1024)
