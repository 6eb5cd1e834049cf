"""What the rooms above hand down: reading what-ifs, writing comparisons, engines. `matcher/__init__.py` does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from matcher.domain.problem import Problem
    from matcher.whatif.engine import Engine
    from matcher.whatif.scenario import WhatIf
    from matcher.whatif.study import Study

    Scenario = str | Path | Mapping[str, Any] | WhatIf
    """A what-if file, or what would stand in one. Any: whatever YAML holds."""


class RoomsAbove(Protocol):
    """Reading, applying and writing, as the Python functions need them."""

    def apply(self, problem: Problem, scenario: Scenario) -> Problem: ...

    def run(
        self, problem: Problem, scenarios: Sequence[Scenario] | Mapping[str, Scenario], engine: Engine
    ) -> Study: ...

    def engine(self, name: str, workers: int) -> Engine: ...

    def write(self, study: Study, folder: Path, lang: str, force: bool) -> list[Path]: ...


_handed: RoomsAbove | None = None


def hand_down(rooms: RoomsAbove) -> None:
    """Hand in what stands above (`matcher/__init__.py` does)."""
    global _handed
    _handed = rooms


def rooms_above() -> RoomsAbove:
    """What was handed in.

    Raises
    ------
    RuntimeError : nothing was, as the package itself was never imported
    """
    if _handed is None:
        raise RuntimeError("import matcher first.\nTry: import matcher")
    return _handed


def engine_named(engine: str | Engine, workers: int) -> Engine:
    """The engine of a name, with so many workers; an engine stays itself.

    Raises
    ------
    UsageError : ``unknown_engine`` (given, known); ``ray_not_installed``
    """
    return rooms_above().engine(engine, workers) if isinstance(engine, str) else engine
