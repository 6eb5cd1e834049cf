"""What a data set costs this machine: seconds by step at parts of it and at all of it, and of ten times as much.

Every k-th director and every k-th company are a part. A step is taken to cost fixed + slope · size ^ power, with the
power that fits the runs best: fixed costs hide the growth of small data, and a slope of logarithms would mistake them.
"""

from __future__ import annotations

import math
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matcher.domain.problem import Problem
from matcher.errors import DataError
from matcher.matching import match
from matcher.whatif.applying import apply_change
from matcher.whatif.scenario import Change

STEPS = ("score", "solve", "certify", "build", "write")
"""Of a run after reading, which is timed by itself: `build` makes the plan, `write` is plan.json in memory."""

PARTS = (4, 2, 1)
FACTOR = 10
_POWERS = (1.0, 1.5, 2.0)
_POWERS_OF_SCORING = (2.0,)
_FEWEST = 2
_WARM_COMPANIES = 20


@dataclass(frozen=True)
class PartRun:
    """One run on a part of the data.

    Attributes
    ----------
    seconds : step of `STEPS` → wall seconds; empty where the part could not be matched
    cpu_s : CPU seconds of the whole run, all threads
    status, word : of the plan; ``failed`` and an empty word where rules of the whole do not hold in the part
    """

    part: int
    n_directors: int
    n_companies: int
    n_candidates: int
    seconds: Mapping[str, float]
    cpu_s: float
    status: str
    word: str


@dataclass(frozen=True)
class Projection:
    """Seconds that `FACTOR` times the directors and companies would take, by step; an estimate.

    Attributes
    ----------
    growth : step → the power its seconds grow with, beside what is fixed: 1 in proportion, 2 with the square
    seconds : step → seconds; empty where there are not two runs to compare
    is_limited : solving ended at the policy's time limit, and would again
    """

    growth: Mapping[str, float]
    seconds: Mapping[str, float]
    is_limited: bool

    @property
    def total_s(self) -> float | None:
        """All steps together, None where nothing could be projected."""
        return sum(self.seconds.values()) if self.seconds else None


@dataclass(frozen=True)
class Load:
    """All that was measured; `peak_mb` is the process's, None where the system does not tell."""

    title: str
    read_s: float
    check_s: float
    parts: tuple[PartRun, ...]
    projection: Projection
    peak_mb: float | None

    @property
    def whole(self) -> PartRun:
        """The run on all of the data."""
        return self.parts[-1]


def measure(
    problem: Problem, *, read_s: float, check_s: float, on_part: Callable[[int, int], None] = lambda n, of: None
) -> Load:
    """Match parts of the data and all of it, smallest first, so that the peak is that of all.

    Parameters
    ----------
    read_s, check_s : seconds that reading and checking took
    on_part : called before each run with its number and how many there are

    Raises
    ------
    DataError, ModelError, UsageError : as `matcher.match`, of all of the data; a part that fails is told as failed
    """
    _warm(problem)
    sizes = [part for part in PARTS if part == 1 or min(_size_of(problem, part)) >= _FEWEST]
    runs = []
    for number, part in enumerate(sizes):
        on_part(number + 1, len(sizes))
        runs.append(_run(problem if part == 1 else part_of(problem, part), part))
    limit = problem.policy.solve.time_limit_s
    projection = project(runs, read_s=read_s, check_s=check_s, time_limit_s=limit)
    return Load(problem.title, read_s, check_s, tuple(runs), projection, peak_mb())


def _warm(problem: Problem) -> None:
    """A run on few rows, not counted: what is loaded once is no part of what data take."""
    with suppress(DataError):
        match(part_of(problem, max(PARTS[0], len(problem.companies) // _WARM_COMPANIES))).to_json()


def _size_of(problem: Problem, part: int) -> tuple[int, int]:
    return math.ceil(len(problem.directors) / part), math.ceil(len(problem.companies) / part)


def part_of(problem: Problem, part: int) -> Problem:
    """Every `part`-th director and company in id order, without the rows that name the others."""
    for table, ids in (("directors", problem.director_ids), ("companies", problem.company_ids)):
        gone = [str(one) for place, one in enumerate(ids) if place % part]
        if gone:
            problem = apply_change(problem, Change.model_validate({"remove": {"table": table, "ids": gone}}))
    return problem


def _run(problem: Problem, part: int) -> PartRun:
    n_directors, n_companies = len(problem.directors), len(problem.companies)
    # What one part found out about its tables shall not help another.
    alone = Problem(dict(problem.tables), problem.policy, problem.title, problem.source)
    started, cpu = time.perf_counter(), time.process_time()
    try:
        plan = match(alone)
    except DataError:
        if part == 1:
            raise
        return PartRun(part, n_directors, n_companies, 0, {}, time.process_time() - cpu, "failed", "")
    matched = time.perf_counter()
    plan.to_json()
    written = time.perf_counter()
    own = {step: float(plan.document.seconds[step]) for step in ("score", "solve", "certify")}
    seconds = {**own, "build": max(0.0, matched - started - sum(own.values())), "write": written - matched}
    word = plan.certificate.word
    n_candidates = plan.candidates.n_asked
    taken = time.process_time() - cpu
    return PartRun(part, n_directors, n_companies, n_candidates, seconds, taken, plan.status, word)


def project(runs: Sequence[PartRun], *, read_s: float, check_s: float, time_limit_s: float | None) -> Projection:
    """What `FACTOR` times the directors and the companies would take.

    Notes
    -----
    Scoring grows with the square, as every director is looked at with every company; reading and checking are taken in
    proportion, and so is a step that did not grow in the runs.
    """
    done = [run for run in runs if run.seconds]
    if len(done) < 2 or done[-1].part != 1:
        return Projection({}, {}, False)
    whole = done[-1]
    is_limited = time_limit_s is not None and whole.seconds["solve"] >= 0.9 * time_limit_s
    growth, then = {"read": 1.0, "check": 1.0}, {"read": FACTOR * read_s, "check": FACTOR * check_s}
    sizes = [run.n_companies / whole.n_companies for run in done]
    for step in STEPS:
        powers = _POWERS_OF_SCORING if step == "score" else _POWERS
        growth[step], then[step] = _fitted(sizes, [run.seconds[step] for run in done], powers)
    if is_limited:
        growth["solve"], then["solve"] = 0.0, whole.seconds["solve"]
    return Projection(growth, then, is_limited)


def _fitted(sizes: Sequence[float], seconds: Sequence[float], powers: Sequence[float]) -> tuple[float, float]:
    """The power that fits best, and the seconds at `FACTOR` times the last size, which is 1."""
    fits = []
    y = np.array(seconds)
    for power in powers:
        x = np.array(sizes) ** power
        spread = x - x.mean()
        slope = float(spread @ y / (spread @ spread))
        fixed = float(y.mean() - slope * x.mean())
        if fixed < 0:
            fixed, slope = 0.0, float(x @ y / (x @ x))
        if slope > 1e-9 * y.max():  # rounding is no growth
            fits.append((float(((fixed + slope * x - y) ** 2).sum()), power, fixed + slope * FACTOR**power))
    if not fits:
        return 1.0, FACTOR * seconds[-1]
    _, power, found = min(fits)
    return power, found


def peak_mb() -> float | None:
    """Peak memory of this process in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # `ru_maxrss` also holds the peak of the process that started this one
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


def machine() -> dict[str, object]:
    """What this machine is, as far as Python tells."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8", errors="replace").splitlines() if about.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "cpu": model or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
    }
