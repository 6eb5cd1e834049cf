"""Scenarios from files or mappings, read, named, applied and solved beside their base: from paths to a `Study`."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.domain.problem import Problem
from matcher.errors import MatcherError, UsageError
from matcher.io.standing_file import read_run
from matcher.io.whatif_file import AdoptedPlans, ReadWhatIf, adopted_by, apply_whatif, given_whatif, read_whatif
from matcher.whatif.chains import Origin
from matcher.whatif.comparing import changed_keys, differences
from matcher.whatif.engine import Engine
from matcher.whatif.running import AsIs, Outcome, Task, Tell, run_tasks
from matcher.whatif.scenario import Change, WhatIf
from matcher.whatif.study import BASE, Case, Study, study_of

if TYPE_CHECKING:
    from matcher.whatif.handed import Scenario

MOST_ROWS = 10_000
"""Rows of the data that differ, at most so many of which are listed."""

OnDone = Callable[[int, int, Outcome], None]


@dataclass
class _Entry:
    """One scenario on its way: what was read, or why not."""

    name: str
    title: str
    read: ReadWhatIf | MatcherError
    is_asked: bool
    own_base: str | None = None

    @property
    def n_own(self) -> int:
        """How many of the changes are its own, not its base's."""
        return 0 if isinstance(self.read, MatcherError) else len(self.read.whatif.changes)


@dataclass(frozen=True)
class Declared:
    """The changes of a what-if as they were read, or why they were not; no file is needed any more."""

    read: ReadWhatIf | MatcherError
    adopted: AdoptedPlans

    def apply(self, base: Problem, tell: Tell) -> Problem:
        if isinstance(self.read, MatcherError):
            raise self.read
        return apply_whatif(base, self.read, lambda *told: tell(_origin(*told)), adopted=self.adopted)

    def key(self) -> str:
        if isinstance(self.read, MatcherError):
            return ""
        chain = [(file.path.stem, file.whatif.model_dump(mode="json")) for file in self.read.chain]
        plans = [(str(path), name, found) for (path, name), found in self.adopted.items()]
        return json.dumps([self.read.name, chain, plans], ensure_ascii=False, default=str)


def apply_scenario(problem: Problem, scenario: Scenario) -> Problem:
    """The problem after a what-if from a file or a mapping.

    Raises
    ------
    UsageError, PolicyError : as `read_whatif` and `apply_whatif`
    """
    return apply_whatif(problem, _read("what-if", scenario, Path(problem.source)))


def run_study(
    problem: Problem,
    scenarios: Sequence[Scenario] | Mapping[str, Scenario],
    *,
    source: Path | None = None,
    engine: Engine | None = None,
    stop: threading.Event | None = None,
    on_done: OnDone | None = None,
) -> Study:
    """The base and every scenario solved and compared; a what-if that others are based on is solved with them.

    Parameters
    ----------
    source : where the data are, for the bases of what-ifs; as the problem says where it is left out
    engine : who solves them; None = one after the other
    stop : once set, nothing new is begun
    on_done : called with the number finished, of how many, and each outcome as it comes

    Raises
    ------
    UsageError : ``whatif_twice``

    Notes
    -----
    A scenario that cannot be read or applied fails in its turn, with its error in its outcome.
    """
    entries = _entries(scenarios, Path(problem.source) if source is None else source)
    tasks = [Task(BASE, problem.title, AsIs()), *(_task(entry) for entry in entries)]

    def tell(n_done: int, outcome: Outcome) -> None:
        if on_done is not None:
            on_done(n_done, len(tasks), outcome)

    base, *others = run_tasks(problem, tasks, engine=engine, base=0, stop=stop, on_done=tell)
    cases = [_case(entry, outcome) for entry, outcome in zip(entries, others, strict=True)]
    return study_of("what-if", problem.title, Case(base), cases, most_rows=MOST_ROWS)


def read_runs(before: Path, after: Path) -> Study:
    """Two finished runs laid side by side, their data and policy too.

    Raises
    ------
    UsageError, DataError : as `read_run`
    """
    plans = [read_run(path) for path in (before, after)]
    names = [path.as_posix() for path in (before, after)]
    folders = [(path.parent if path.is_file() else path).resolve().name for path in (before, after)]
    if names[0] == names[1]:
        names[1] += " (2)"
    titles = folders if folders[0] != folders[1] else names
    cases = [Case(Outcome(name, title, "done", plan)) for name, title, plan in zip(names, titles, plans, strict=True)]
    return study_of("compare", plans[1].document.title, cases[0], cases[1:], most_rows=MOST_ROWS)


def _read(name: str, scenario: Scenario, source: Path) -> ReadWhatIf:
    if isinstance(scenario, Mapping | WhatIf):
        return given_whatif(name, scenario, source)
    return read_whatif(Path(scenario), source)


def _entries(scenarios: Sequence[Scenario] | Mapping[str, Scenario], source: Path) -> list[_Entry]:
    """One entry a scenario, in their order, then what-ifs that are only somebody's base."""
    asked = list(scenarios.values()) if isinstance(scenarios, Mapping) else list(scenarios)
    names = list(scenarios) if isinstance(scenarios, Mapping) else _names(asked)
    entries = []
    by_path: dict[Path, str] = {}
    for name, scenario in zip(names, asked, strict=True):
        if isinstance(scenario, str | Path):
            place = Path(scenario).resolve()
            if place in by_path:
                raise UsageError("whatif_twice", path=str(scenario))
            by_path[place] = name
        entries.append(_entry(name, scenario, source))
    for entry in list(entries):
        read = None if isinstance(entry.read, MatcherError) else entry.read.own_base
        above = entry
        while read is not None:
            place = read.path.resolve()
            if place not in by_path:
                by_path[place] = _free(read.name, [BASE, *(one.name for one in entries)])
                entries.append(_Entry(by_path[place], read.whatif.title or read.name, read, is_asked=False))
            above.own_base = by_path[place]
            above = next(one for one in entries if one.name == by_path[place])
            read = None if above.own_base is not None else read.own_base
    _tell_titles_apart(entries)
    return entries


def _entry(name: str, scenario: Scenario, source: Path) -> _Entry:
    try:
        read = _read(name, scenario, source)
    except MatcherError as error:
        return _Entry(name, name, error, is_asked=True)
    return _Entry(name, read.whatif.title or name, read, is_asked=True)


def _names(asked: Sequence[Scenario]) -> list[str]:
    """A name for each: its file's, with as much of the path as tells it apart; a mapping's title, or its number."""
    stems = [
        Path(one).stem
        if isinstance(one, str | Path)
        else str((one.title if isinstance(one, WhatIf) else one.get("title")) or f"what-if-{number}")
        for number, one in enumerate(asked, start=1)
    ]
    counts = Counter([*stems, BASE])
    names: list[str] = []
    for stem, one in zip(stems, asked, strict=True):
        told = Path(one).as_posix() if counts[stem] > 1 and isinstance(one, str | Path) else stem
        names.append(_free(told, [BASE, *names]))
    return names


def _free(name: str, taken: Sequence[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free = f"{name} ({number})"
        number += 1
    return free


def _tell_titles_apart(entries: Sequence[_Entry]) -> None:
    counts = Counter(entry.title for entry in entries)
    for entry in entries:
        if counts[entry.title] > 1 and entry.title != entry.name:
            entry.title = f"{entry.title} ({entry.name})"


def _task(entry: _Entry) -> Task:
    adopted = {} if isinstance(entry.read, MatcherError) else adopted_by(entry.read)
    return Task(entry.name, entry.title, Declared(entry.read, adopted))


def _origin(whatif: str, number: int, change: Change, before: Problem, after: Problem) -> Origin:
    settings = changed_keys(before.policy.model_dump(mode="json"), after.policy.model_dump(mode="json"))
    return Origin(change.kind, number, whatif, change.reason, differences(before, after), settings)


def _case(entry: _Entry, outcome: Outcome) -> Case:
    origins = outcome.origins
    own = origins[len(origins) - entry.n_own :] if entry.own_base is not None else None
    question = "" if isinstance(entry.read, MatcherError) else entry.read.whatif.question
    return Case(outcome, question, origins, entry.own_base, own, entry.is_asked)
