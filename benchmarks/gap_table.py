"""`python -m benchmarks.gap_table [PATHS …] --time-limit S`: our choice against plain solvers, in the same run.

A PATH is an instance file of `benchmarks.gap` (minimised unless --sense says otherwise), a made one such as
`d:20:200:1` (kind, agents, jobs, seed) or `limits:1000:10000:1` (directors, companies, seed; maximised), or a folder
with a data set of matcher (points, maximised). Without any, made instances of the larger types.

Every solver gets the same formulation, time and threads, each in a process of its own, one after the other. Ours is
shown with the bound we certify; a plain solver with the bound it claims, and nobody checked that one.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from benchmarks.gap import InstanceError, formulate, read_instance
from benchmarks.gap_made import make
from benchmarks.instances import limited
from matcher.errors import MatcherError
from matcher.model.answer import Limits
from matcher.model.formulation import Formulation
from matcher.model.solvers import BACKENDS
from matcher.model.solvers.incumbent import is_feasible

MADE = ("c:20:200:1", "d:10:100:1", "d:20:200:1", "d:40:400:1", "e:10:100:1", "e:20:200:1", "e:40:400:1")
PEERS = ("plain-cpsat", "plain-highs", "plain-scip")
SOLVERS = ("ours", "plain-cpsat", "plain-highs")
_PATIENCE, _START_S = 3.0, 60.0
# HiGHS may not look at its clock for minutes: after so many time limits and seconds its process is ended.


@dataclass(frozen=True)
class Line:
    """One solver on one instance, in points (maximised); the table shows them in the instance's own sense."""

    value: int | None
    bound: int | None
    claimed_bound: int | None
    word: str
    backend: str
    seconds: float
    peak_mb: float = 0.0


def _peak_mb(process: int | str = "self") -> float:
    """Peak memory of a process. Not `ru_maxrss`, which also holds the parent's of before the start."""
    status = Path(f"/proc/{process}/status")
    for line in status.read_text(encoding="ascii").splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return math.nan


def load(path: str, sense: str) -> tuple[str, Formulation, int]:
    """Name, formulation and sign (−1 when minimised) of an instance file, a made one, or a data set.

    Raises
    ------
    InstanceError, MatcherError : it cannot be read
    """
    if path.count(":") == 3:
        kind, *sizes = path.split(":")
        if not all(size.isdecimal() for size in sizes):
            raise InstanceError(f"{path}: a made instance is kind:agents:jobs:seed, such as d:20:200:1.")
        n_agents, n_jobs, seed = map(int, sizes)
        if kind == "limits":
            return path, limited(n_agents, n_jobs, seed=seed), 1
        instance = make(kind, n_agents, n_jobs, seed=seed)
        return instance.name, formulate(instance, "min"), -1
    if Path(path).is_dir():
        import matcher
        from matcher.modelling import build_model
        from matcher.pairing.candidates import build_candidates

        problem = matcher.read(path)
        return Path(path).name, build_model(problem, build_candidates(problem)).formulation, 1
    instance = read_instance(Path(path))
    return instance.name, formulate(instance, "max" if sense == "max" else "min"), 1 if sense == "max" else -1


def run_one(solver: str, formulation: Formulation, limits: Limits) -> Line:
    """One solve in this process: `ours` as `choose` takes it, a backend by its name, or a plain peer."""
    started = time.perf_counter()
    if solver not in PEERS:
        from matcher.model.objectives import Tier
        from matcher.model.tiers import solve_tiers

        backend = None if solver == "ours" else solver
        done = solve_tiers(formulation, [Tier("points", formulation.objective)], limits=limits, backend=backend)
        proof, result = done.results[0].certificate, done.results[0]
        taken = time.perf_counter() - started
        return Line(proof.value, proof.bound, done.answer.claimed_bound, proof.word, result.backend, taken)
    plain: Callable[[Formulation, Limits], tuple[int | None, int | None]]
    plain = _plain_cpsat if solver == "plain-cpsat" else _plain_highs if solver == "plain-highs" else _plain_scip
    value, bound = plain(formulation, limits)
    return Line(value, None, bound, "", solver, time.perf_counter() - started)


def _plain_cpsat(formulation: Formulation, limits: Limits) -> tuple[int | None, int | None]:
    from matcher.model.solvers.cpsat_model import Run, run, whole

    spend = Run(time_limit_s=limits.time_limit_s, threads=limits.threads, seed=limits.seed, linearization_level=1)
    outcome = run(formulation, whole(formulation), spend)
    return None if outcome.x is None else formulation.value_of(outcome.x), outcome.bound


def _plain_highs(formulation: Formulation, limits: Limits) -> tuple[int | None, int | None]:
    return _plain_mathopt(formulation, limits, "highs")


def _plain_scip(formulation: Formulation, limits: Limits) -> tuple[int | None, int | None]:
    return _plain_mathopt(formulation, limits, "scip")


def _plain_mathopt(
    formulation: Formulation, limits: Limits, solver: Literal["highs", "scip"]
) -> tuple[int | None, int | None]:
    import numpy as np

    from matcher.model.solvers.mathopt import MipRun, programme_of, solve_integer

    programme = programme_of(formulation, np.arange(formulation.n_cols), formulation.column_lower, is_integer=True)
    outcome = solve_integer(programme, MipRun(solver=solver, time_limit_s=limits.time_limit_s, seed=limits.seed))
    bound = None if outcome.bound is None else math.floor(outcome.bound + 1e-5)
    if outcome.x is None:
        return None, bound
    x = np.rint(outcome.x).astype(np.int64)
    return formulation.value_of(x) if is_feasible(formulation, x) else None, bound


def _child(options: argparse.Namespace, path: str, solver: str) -> Line | None:
    """The line of one solver on one instance, from a process of its own."""
    words = [sys.executable, "-m", "benchmarks.gap_table", path, "--one", solver, "--sense", options.sense]
    words += ["--time-limit", str(options.time_limit), "--threads", str(options.threads), "--seed", str(options.seed)]
    patience = _PATIENCE * options.time_limit + _START_S
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        text, _ = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        peak_mb = _peak_mb(process.pid)
        process.kill()
        process.communicate()
        return Line(None, None, None, "", f"{solver}, stopped by force", patience, peak_mb)
    return Line(**json.loads(text.splitlines()[-1])) if process.returncode == 0 else None


def _row(name: str, solver: str, sign: int, line: Line | None) -> str:
    if line is None:
        return f"| {name} | {solver} | failed | – | – | – | – | – | – |"
    shown = line.bound if line.word else line.claimed_bound
    gap = "–" if line.value is None or shown is None else f"{(shown - line.value) / max(1, abs(line.value)):.3%}"
    value, bound, claimed = (
        "–" if number is None else f"{sign * number:,}" for number in (line.value, shown, line.claimed_bound)
    )
    word = line.word or ("not ours" if line.backend == solver else "did not come back")
    solver = f"{solver} ({line.backend})" if solver == "ours" else solver
    spent = f"{line.seconds:.1f} | {line.peak_mb:.0f}"
    return f"| {name} | {solver} | {value} | {bound} | {gap} | {word} | {claimed} | {spent} |"


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gap_table", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files, kind:agents:jobs:seed, or data set folders")
    parser.add_argument("--sense", choices=("min", "max"), default="min", help="of instance files (default: min)")
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="S")
    parser.add_argument("--threads", type=int, default=2, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    known = ("ours", *BACKENDS, *PEERS)
    parser.add_argument("--solvers", nargs="+", choices=known, default=list(SOLVERS), help="default: %(default)s")
    parser.add_argument("--one", choices=known, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Prints the table in Markdown, line by line as it comes; 2 when an instance cannot be read."""
    options = _arguments(words)
    limits = Limits(time_limit_s=options.time_limit, threads=options.threads, seed=options.seed)
    paths = options.paths or list(MADE)
    try:
        loaded = [load(path, options.sense) for path in paths]
    except (InstanceError, MatcherError) as error:
        print(f"benchmarks.gap_table: {error}", file=sys.stderr)
        return 2
    if options.one:
        print(json.dumps(asdict(replace(run_one(options.one, loaded[0][1], limits), peak_mb=_peak_mb()))))
        return 0
    print("| instance | solver | value | bound | gap | word | claimed bound | seconds | MB |")
    print("|---|---|---:|---:|---:|---|---:|---:|---:|", flush=True)
    for path, (name, _, sign) in zip(paths, loaded, strict=True):
        for solver in options.solvers:
            print(_row(name, solver, sign, _child(options, path, solver)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
