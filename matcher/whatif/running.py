"""Many scenarios of one programme, each solved on its own; one that fails does not lose the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Literal

from matcher.domain.problem import Problem
from matcher.errors import MatcherError
from matcher.plan.plan import Plan

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
    stop: threading.Event | None = None,
    on_done: Callable[[int, Outcome], None] | None = None,
) -> tuple[Outcome, ...]:
    """The outcome of every task, in their order, whatever the number of workers.

    Parameters
    ----------
    workers : threads; solvers work outside the interpreter's lock
    stop : once set, nothing new is begun, and what is at work ends soon
    on_done : called in this thread with the number finished and each outcome as it comes
    """
    halt = threading.Event() if stop is None else stop
    out: list[Outcome] = [Outcome(task.name, task.title, "not_run") for task in tasks]
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        open_: dict[Future[Outcome], int] = {pool.submit(_run, task, halt): at for at, task in enumerate(tasks)}
        n_done = 0
        while open_:
            done, _ = wait(open_, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda one: open_[one]):
                at = open_.pop(future)
                out[at] = future.result()
                n_done += 1
                if on_done is not None:
                    on_done(n_done, out[at])
    return tuple(out)


def _run(task: Task, stop: threading.Event) -> Outcome:
    from matcher.matching import match

    if stop.is_set():
        return Outcome(task.name, task.title, "not_run")
    try:
        return Outcome(task.name, task.title, "done", match(task.build(), stop=stop))
    except MatcherError as error:
        return Outcome(task.name, task.title, "failed", error=error)
