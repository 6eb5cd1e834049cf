"""`python -m benchmarks.gap PATH --sense min|max`: one generalised assignment instance through the public model API.

Agents are directors, jobs are companies, resource use is hours that depend on the pair, capacity is hours per month.
No special solver stands behind it: the file becomes a Formulation, `solve_tiers` does the rest. Value and bound are
printed in the file's own sense: for min the value is the cost, and no plan costs less than the bound.

Format, whitespace separated (OR-Library, J. E. Beasley; M. Yagiura): m agents, n jobs; m × n costs; m × n resource use;
m capacities.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.errors import MatcherError
from matcher.model.answer import Limits
from matcher.model.formulation import NO_LIMIT, Formulation, RowBlock, build_formulation
from matcher.model.objectives import Tier
from matcher.model.solvers import BACKENDS
from matcher.model.tiers import solve_tiers

Sense = Literal["min", "max"]
Int64 = npt.NDArray[np.int64]

_WHOLE = re.compile(r"[+-]?[0-9]+")
_MAX_DIGITS = 15


class InstanceError(ValueError):
    """The file is no instance; the message says where and what was expected."""


@dataclass(frozen=True)
class Instance:
    """One instance: `cost` and `use` are (n_agents, n_jobs) int64, `capacity` is (n_agents,)."""

    name: str
    cost: Int64
    use: Int64
    capacity: Int64


@dataclass(frozen=True)
class Result:
    """What was found, in the file's own sense; `bound` is the one we certify, `gap` is relative to the value."""

    name: str
    sense: Sense
    value: int | None
    bound: int | None
    gap: float | None
    status: str
    word: str
    backend: str
    seconds: float
    claimed_bound: int | None = None


def read_instance(path: Path) -> Instance:
    """The instance in a file.

    Raises
    ------
    InstanceError : the file cannot be read, holds something that is no whole number, or too few or too many numbers
    """
    try:
        text = path.read_text(encoding="ascii")
    except OSError as error:
        raise InstanceError(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise InstanceError(f"{path}: is no text file of numbers (byte {error.start}).") from error
    numbers = _numbers(path, text)
    if len(numbers) < 2:
        raise InstanceError(f"{path}: holds {len(numbers)} numbers; the first two must be agents and jobs.")
    n_agents, n_jobs = numbers[:2]
    if n_agents < 1 or n_jobs < 1:
        raise InstanceError(f"{path}: {n_agents} agents and {n_jobs} jobs; both must be 1 or more.")
    expected = 2 + 2 * n_agents * n_jobs + n_agents
    if len(numbers) != expected:
        raise InstanceError(
            f"{path}: holds {len(numbers):,} numbers; {n_agents} agents and {n_jobs} jobs need {expected:,}: "
            f"2 counts, {n_agents * n_jobs:,} costs, {n_agents * n_jobs:,} uses, {n_agents} capacities."
        )
    cost, use, capacity = np.split(np.array(numbers[2:], np.int64), [n_agents * n_jobs, 2 * n_agents * n_jobs])
    if (use < 0).any() or (capacity < 0).any():
        raise InstanceError(f"{path}: a resource use or a capacity is below 0.")
    shape = (n_agents, n_jobs)
    return Instance(path.stem, cost.reshape(shape), use.reshape(shape), capacity)


def _numbers(path: Path, text: str) -> list[int]:
    numbers: list[int] = []
    for line_number, line in enumerate(text.splitlines(), start=1):
        for word in line.split():
            if not _WHOLE.fullmatch(word):
                raise InstanceError(f"{path}, line {line_number}: {word[:40]!r} is no whole number.")
            if len(word) > _MAX_DIGITS:
                raise InstanceError(f"{path}, line {line_number}: {word[:40]} has more than {_MAX_DIGITS} characters.")
            numbers.append(int(word))
    return numbers


def formulate(instance: Instance, sense: Sense) -> Formulation:
    """Every job to exactly one agent, hours within capacity; for min the points are minus the costs.

    Notes
    -----
    Column agent · n_jobs + job. A pair that uses more than the agent has is left in: the rows refuse it.
    """
    n_agents, n_jobs = instance.cost.shape
    agent, job = np.divmod(np.arange(n_agents * n_jobs), n_jobs)
    cols, ones = np.arange(agent.size), np.ones(n_jobs, np.int64)
    points = instance.cost.ravel() * (-1 if sense == "min" else 1)
    no_lower = np.full(n_agents, -NO_LIMIT)
    return build_formulation(
        points,
        [
            RowBlock("company", job, cols, ones, ones, side="right"),
            RowBlock("hours", agent, cols, no_lower, instance.capacity, coef=instance.use.ravel()),
        ],
    )


def solve(instance: Instance, sense: Sense, limits: Limits, backend: str | None = None) -> Result:
    """The instance solved as one tier of points by `backend`, or by the one `choose` takes."""
    started = time.perf_counter()
    formulation = formulate(instance, sense)
    done = solve_tiers(formulation, [Tier("points", formulation.objective)], limits=limits, backend=backend)
    seconds = time.perf_counter() - started
    proof = done.results[0].certificate
    sign = -1 if sense == "min" else 1
    claimed = done.answer.claimed_bound
    return Result(
        name=instance.name,
        sense=sense,
        value=None if proof.value is None else sign * proof.value,
        bound=None if proof.bound is None else sign * proof.bound,
        gap=proof.gap,
        status=done.answer.status,
        word=proof.word,
        backend=done.results[0].backend,
        seconds=round(seconds, 3),
        claimed_bound=None if claimed is None else sign * claimed,
    )


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What was typed; ends with exit code 2 on a wrong option."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gap", description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path, metavar="PATH", help="an instance file")
    parser.add_argument("--sense", choices=("min", "max"), required=True, help="costs are minimised or maximised")
    parser.add_argument("--time-limit", type=_seconds, default=60.0, metavar="S", help="seconds (default: 60)")
    parser.add_argument("--threads", type=_positive, default=2, metavar="N", help="threads (default: 2)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed (default: 0)")
    parser.add_argument("--backend", choices=tuple(BACKENDS), help="default: what matcher chooses")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    return parser.parse_args(words)


def _seconds(word: str) -> float:
    """A number of seconds above 0."""
    value = float(word)
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"{word} is no number of seconds above 0")
    return value


def _positive(word: str) -> int:
    """A whole number of 1 or more."""
    value = int(word)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{word} is below 1")
    return value


def main(words: Sequence[str] | None = None) -> int:
    """Reads, solves, prints; 0 done, 2 the file or a number in it is wrong, 3 infeasible, 4 no plan in time."""
    options = arguments(words)
    limits = Limits(time_limit_s=options.time_limit, threads=options.threads, seed=options.seed)
    try:
        result = solve(read_instance(options.path), options.sense, limits, options.backend)
    except (InstanceError, MatcherError) as error:
        print(f"benchmarks.gap: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(asdict(result)))
    else:
        for name, value in asdict(result).items():
            print(f"{name:<14}{'–' if value is None else value}")
    if result.value is None:
        return 3 if result.status == "infeasible" else 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
