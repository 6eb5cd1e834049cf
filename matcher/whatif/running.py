"""Many scenarios of one programme, each solved on its own; one that fails does not lose the others."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Protocol

from pydantic import ValidationError

from matcher.domain.departure import Departure, arrived, departure_of
from matcher.domain.problem import Problem
from matcher.errors import MatcherError, WorkerError
from matcher.matching import Base, match_base, versions
from matcher.plan.document import PlanDocument
from matcher.plan.plan import Plan
from matcher.whatif.chains import Origin
from matcher.whatif.engine import Engine, Lost, Threads, Work

State = Literal["done", "failed", "not_run"]
Tell = Callable[[Origin], None]


class Edit(Protocol):
    """What makes a scenario's problem out of the base: data, that may travel to another process."""

    def apply(self, base: Problem, tell: Tell) -> Problem:
        """The changed problem; `tell` is called with every change as it is made.

        Raises
        ------
        MatcherError : it cannot be applied
        """
        ...

    def key(self) -> str:
        """Everything that the changed problem depends on beside the base."""
        ...


@dataclass(frozen=True)
class AsIs:
    """The base itself."""

    def apply(self, base: Problem, tell: Tell) -> Problem:
        return base

    def key(self) -> str:
        return "as is"


@dataclass(frozen=True)
class Task:
    """One scenario to be solved."""

    name: str
    title: str
    edit: Edit


@dataclass(frozen=True)
class Outcome:
    """What became of one scenario: its plan, the error that kept it from one, or that it was not run any more.

    `origins` are the changes that were made of the base, in order. Candidates are not kept with the plan.
    """

    name: str
    title: str
    state: State
    plan: Plan | None = None
    error: MatcherError | None = None
    origins: tuple[Origin, ...] = ()


def run_tasks(
    problem: Problem,
    tasks: Sequence[Task],
    *,
    engine: Engine | None = None,
    base: int | None = None,
    stop: threading.Event | None = None,
    on_done: Callable[[int, Outcome], None] | None = None,
) -> tuple[Outcome, ...]:
    """The outcome of every task, in their order, whatever the engine and its number of workers.

    Parameters
    ----------
    problem : what the tasks are edits of
    engine : who runs them; None = one after the other
    base : the place of a task that the others differ little from. It is run first, in this process, and they use again
        what does not change: points of pairs, and prices. Every outcome is the same with or without
    stop : once set, nothing new is begun, and what is at work ends soon
    on_done : called in this thread with the number finished and each outcome as it comes
    """
    halt = threading.Event() if stop is None else stop
    out: list[Outcome] = [Outcome(task.name, task.title, "not_run") for task in tasks]
    n_done = 0

    def finish(at: int, outcome: Outcome) -> None:
        nonlocal n_done
        out[at] = outcome
        n_done += 1
        if on_done is not None:
            on_done(n_done, outcome)

    solved: Base | None = None
    if base is not None:
        with ThreadPoolExecutor(max_workers=1) as alone:  # a solver would keep the main thread from hearing Ctrl-C
            outcome, solved = alone.submit(_run, tasks[base], problem, halt, None).result()
        finish(base, outcome)
    places = [at for at in range(len(tasks)) if at != base]
    work = Solving(problem, solved)
    runner: Engine = Threads() if engine is None else engine
    for at, found in runner.run(work, [tasks[place] for place in places], stop=halt):
        task = tasks[places[at]]
        if isinstance(found, Lost):
            error = WorkerError("worker_lost", name=task.title or task.name, reason=found.reason)
            found = Outcome(task.name, task.title, "failed", error=error)
        finish(places[at], found)
    return tuple(out)


@dataclass(frozen=True)
class _Sent:
    """An outcome with a plan on its way: no table that the base has, no candidates."""

    outcome: Outcome
    document: PlanDocument
    departure: Departure


@dataclass(frozen=True)
class Solving(Work[Task, Outcome]):
    """Tasks of one problem; `base` is a solved one that they differ little from."""

    problem: Problem
    base: Base | None

    def begin(self, stop: threading.Event) -> Callable[[Task], Outcome]:
        return lambda task: _run(task, self.problem, stop, self.base)[0]

    def sent(self, result: Outcome) -> object:
        if result.plan is None:
            return result
        departure = departure_of(result.plan.problem, self.problem)
        return _Sent(replace(result, plan=None), result.plan.document, departure)

    def received(self, item: Task, sent: object) -> Outcome:
        if isinstance(sent, Outcome):
            return sent
        assert isinstance(sent, _Sent)
        return replace(sent.outcome, plan=Plan(sent.document, arrived(sent.departure, self.problem)))

    @cached_property
    def _base_key(self) -> str:
        problem = self.problem
        of = {"problem": problem.digest, "policy": problem.policy.digest(), "title": problem.title}
        return json.dumps({**of, "source": problem.source, "versions": versions()}, ensure_ascii=False)

    def key(self, item: Task) -> str:
        return f"{self._base_key}\n{item.name}\n{item.title}\n{item.edit.key()}"

    def kept(self, result: Outcome) -> str | None:
        """The text of its plan.json; None for what failed or was cut short."""
        if result.plan is None or result.plan.document.interrupted:
            return None
        return result.plan.document.to_json()

    def restored(self, item: Task, text: str) -> Outcome | None:
        try:
            document = PlanDocument.model_validate_json(text, strict=True)
        except ValidationError:
            return None
        origins: list[Origin] = []
        try:
            problem = item.edit.apply(self.problem, origins.append)
        except MatcherError:
            return None
        digests = {"problem": problem.digest, "policy": problem.policy.digest(), "plan": document.plan_digest()}
        if document.digests != digests or document.versions != versions() or document.interrupted:
            return None
        return Outcome(item.name, item.title, "done", Plan(document, problem), origins=tuple(origins))


def _run(task: Task, problem: Problem, stop: threading.Event, base: Base | None) -> tuple[Outcome, Base | None]:
    """The outcome, and what other tasks can use of it where there is no base yet."""
    if stop.is_set():
        return Outcome(task.name, task.title, "not_run"), None
    origins: list[Origin] = []
    try:
        found = match_base(task.edit.apply(problem, origins.append), stop=stop, base=base)
    except MatcherError as error:
        return Outcome(task.name, task.title, "failed", error=error, origins=tuple(origins)), None
    plan = replace(found.plan, scored=None, found={})
    is_of_use = base is None and not found.plan.candidates.is_part
    return Outcome(task.name, task.title, "done", plan, origins=tuple(origins)), found if is_of_use else None
