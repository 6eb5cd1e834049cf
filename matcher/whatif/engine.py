"""Engines: who runs many pieces of work at once. Handed in from above; threads alone stand here, as they need nothing.

An engine may run a piece in another process or on another machine. So work and its items are data that can be pickled,
and whatever engine runs them, and however many workers it has, the results are the same.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

POLL_S = 0.1
"""How long a stop may go unseen."""


class Work(ABC, Generic[Item, Result]):
    """Many pieces of one kind. It goes to every worker once, its items one by one."""

    @abstractmethod
    def begin(self, stop: threading.Event) -> Callable[[Item], Result]:
        """What does one item, in any thread; `stop` is set once what is at work shall end soon."""

    def sent(self, result: Result) -> object:
        """A result as it travels back from another process, without what is known there."""
        return result

    @abstractmethod
    def received(self, item: Item, sent: object) -> Result:
        """The result that `sent` was made from."""

    def size(self, item: Item) -> int:
        """How many scenarios or draws an item is."""
        return 1

    @abstractmethod
    def key(self, item: Item) -> str:
        """Everything that the result of an item depends on, as text."""

    @abstractmethod
    def kept(self, result: Result) -> str | None:
        """A result as text that outlives the process; None where it has to be computed again."""

    @abstractmethod
    def restored(self, item: Item, text: str) -> Result | None:
        """The result that `text` was made from; None where it is not that of this item, or does not hold."""


@dataclass(frozen=True)
class Lost:
    """Instead of a result: the worker died over the item, and the next one too. `reason` is the machine's own words."""

    reason: str


class Engine(Protocol):
    """Who runs work."""

    def run(
        self, work: Work[Item, Result], items: Sequence[Item], *, stop: threading.Event
    ) -> Iterator[tuple[int, Result | Lost]]:
        """(place, result) of every item, as they come.

        Once `stop` is set nothing new is begun and what is at work ends soon, with its result or without. What `begin`
        and its function raise is raised here.
        """
        ...


@dataclass(frozen=True)
class Threads:
    """Threads of this process. Solvers work outside the interpreter's lock, all else within it."""

    workers: int = 1

    def run(
        self,
        work: Work[Item, Result],
        items: Sequence[Item],
        *,
        stop: threading.Event,
        until: Callable[[], bool] = lambda: False,
    ) -> Iterator[tuple[int, Result | Lost]]:
        """As `Engine.run`; once `until` says so nothing new is begun, and what is at work goes on to its end."""
        do = work.begin(stop)
        waiting = iter(range(len(items)))
        open_: dict[Future[Result], int] = {}
        with ThreadPoolExecutor(max_workers=max(1, self.workers)) as pool:
            while True:
                while len(open_) < max(1, self.workers) and not stop.is_set() and not until():
                    at = next(waiting, None)
                    if at is None:
                        break
                    open_[pool.submit(do, items[at])] = at
                if not open_:
                    return
                done, _ = wait(open_, timeout=POLL_S, return_when=FIRST_COMPLETED)
                for future in sorted(done, key=lambda one: open_[one]):
                    yield open_.pop(future), future.result()
