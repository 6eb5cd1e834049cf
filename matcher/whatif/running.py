"""Many scenarios of one programme, each solved on its own; one that fails does not lose the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from matcher.domain.problem import Problem
from matcher.errors import MatcherError
from matcher.plan.plan import Plan

if TYPE_CHECKING:
    from matcher.matching import Base

State = Literal["done", "failed", "not_run"]


@dataclass(frozen=True)
class Task:
    """One scenario to be solved; `build` applies its changes, and may raise."""

    name: str
    title: str
    build: Callable[[], Problem]


@dataclass(frozen=True)
class Outcome:
    """What became of one scenario: its plan, the error that kept it from one, or that it was not run any more."""

    name: str
    title: str
    state: State
    plan: Plan | None = None
    error: MatcherError | None = None


def run_tasks(
    tasks: Sequence[Task],
    *,
    workers: int = 1,
    base: int | None = None,
    stop: threading.Event | None = None,
    on_done: Callable[[int, Outcome], None] | None = None,
) -> tuple[Outcome, ...]:
    """The outcome of every task, in their order, whatever the number of workers.

    Parameters
    ----------
    workers : threads; solvers work outside the interpreter's lock
    base : the place of a task that the others differ little from. It is run first, and they use again what does not
        change: points of pairs, and prices. Every outcome is the same with or without
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

    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        solved = None
        if base is not None:
            outcome, solved = pool.submit(_run, tasks[base], halt, None).result()
            finish(base, outcome)
        others = [at for at in range(len(tasks)) if at != base]
        open_ = {pool.submit(_run, tasks[at], halt, solved): at for at in others}
        while open_:
            done, _ = wait(open_, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda one: open_[one]):
                at = open_.pop(future)
                finish(at, future.result()[0])
    return tuple(out)


def _run(task: Task, stop: threading.Event, base: Base | None) -> tuple[Outcome, Base | None]:
    """The outcome, and what other tasks can use of it where there is no base yet."""
    from matcher.matching import match_base

    if stop.is_set():
        return Outcome(task.name, task.title, "not_run"), None
    try:
        found = match_base(task.build(), stop=stop, base=base)
    except MatcherError as error:
        return Outcome(task.name, task.title, "failed", error=error), None
    return Outcome(task.name, task.title, "done", found.plan), found if base is None else None
