"""What is guarded, as specs that register themselves: a name, its sizes, what it counts, and how to set it up.

A module `benchmarks/guarded/*.py` holds specs; `@spec(...)` puts one into the registry. `make bench-guard` holds every
figure to `limits.json`; `make bench` prints the same figures with the seconds behind them.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Literal

Kind = Literal["ratio", "growth", "bytes", "work", "count", "gap", "value"]

TOLERANCE: Mapping[Kind, float] = {
    "ratio": 0.5,
    "growth": 0.35,
    "bytes": 0.1,
    "work": 0.25,
    "count": 0.0,
    "gap": 0.1,
    "value": 0.0,
}
"""What a figure may rise by over the value its limit was set at, as a share of it. CPU time differs with caches and
neighbours, work with the build of a solver; the rest is the same on every machine. A `value` may not move at all."""


@dataclass(frozen=True)
class Timing:
    """CPU time of `ours` over that of `theirs`, round by round in one process, over `scale`.

    `scale` is how much more there is to do in `ours`: a growth of 1 means that a pair costs the same at both sizes.
    """

    name: str
    ours: Callable[[], object]
    theirs: Callable[[], object]
    rounds: int = 5
    scale: float = 1.0
    kind: Literal["ratio", "growth"] = "ratio"


@dataclass(frozen=True)
class Count:
    """A figure that is the same in every run."""

    name: str
    value: float
    kind: Kind = "count"


@dataclass(frozen=True)
class Prepared:
    """A spec ready to run: what was counted while setting it up, and what is to be timed."""

    counts: tuple[Count, ...] = ()
    timings: tuple[Timing, ...] = ()


@dataclass(frozen=True)
class Spec:
    """One guarded path; `counts` says in words what is counted beside the times, `prepare` gets an empty folder."""

    name: str
    sizes: str
    counts: str
    prepare: Callable[[Path], Prepared] = field(repr=False)


_registry: dict[str, Spec] = {}


def spec(name: str, *, sizes: str, counts: str) -> Callable[[Callable[[Path], Prepared]], Spec]:
    """Registers a function as the set-up of the spec `name`.

    Raises
    ------
    ValueError : the name is taken
    """

    def register(prepare: Callable[[Path], Prepared]) -> Spec:
        if name in _registry:
            raise ValueError(f"two specs are called {name!r}")
        _registry[name] = Spec(name, sizes, counts, prepare)
        return _registry[name]

    return register


def specs() -> Mapping[str, Spec]:
    """Every spec by name, in the order of their modules."""
    from benchmarks import guarded

    for module in sorted(iter_modules(guarded.__path__), key=lambda found: found.name):
        import_module(f"benchmarks.guarded.{module.name}")
    return dict(_registry)


@dataclass
class Counted:
    """What a `with` block needed: peak bytes of Python and numpy, and solves asked of a backend."""

    peak_bytes: int = 0
    n_solves: int = 0


@contextmanager
def peak_of_arrays() -> Iterator[Counted]:
    """Peak bytes that numpy and Python allocate inside; memory of solvers is not in it."""
    counted = Counted()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        yield counted
        counted.peak_bytes = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@contextmanager
def solves_asked() -> Iterator[Counted]:
    """How many solves were asked of any backend inside."""
    from matcher.model.answer import Answer
    from matcher.model.solvers import Backend

    counted, solve = Counted(), Backend.solve

    def counting(self: Backend, *words: object, **named: object) -> Answer:
        counted.n_solves += 1
        return solve(self, *words, **named)  # type: ignore[arg-type]

    Backend.solve = counting  # type: ignore[method-assign]
    try:
        yield counted
    finally:
        Backend.solve = solve  # type: ignore[method-assign]
