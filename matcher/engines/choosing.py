"""Threads or processes, by what the work turns out to be.

Threads hinder each other, as Python's lock lets one compute at a time; processes take seconds before they begin. So
threads begin. After `TRIAL_S` it is known how long a piece takes; where the rest would take longer than `WORTH_S`, and
is `FEWEST` pieces a worker or more, processes are got ready beside the threads, and take over. Else threads stay: a
worker first builds what the pieces share, which can take as long as some pieces.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from matcher.engines.processes import Processes, warm_up
from matcher.whatif.engine import Item, Lost, Result, Threads, Work

TRIAL_S = 0.5
WORTH_S = 4.0
FEWEST = 16


@dataclass(frozen=True)
class Choosing:
    """Threads first; see the module. `clock` gives seconds."""

    workers: int
    clock: Callable[[], float] = time.monotonic

    def run(
        self, work: Work[Item, Result], items: Sequence[Item], *, stop: threading.Event
    ) -> Iterator[tuple[int, Result | Lost]]:
        if self.workers < 2:
            yield from Threads(1).run(work, items, stop=stop)
            return
        left = dict.fromkeys(range(len(items)))
        started, ready = self.clock(), threading.Event()
        warming: threading.Thread | None = None
        for at, result in Threads(self.workers).run(work, items, stop=stop, until=ready.is_set):
            del left[at]
            yield at, result
            if warming is None and self._is_worth(self.clock() - started, len(items) - len(left), len(left)):
                warming = threading.Thread(target=_warm, args=(ready,), daemon=True)
                warming.start()
        if not left or stop.is_set():
            return
        places = list(left)
        for at, result in Processes(self.workers).run(work, [items[place] for place in places], stop=stop):
            yield places[at], result

    def _is_worth(self, taken_s: float, n_done: int, n_left: int) -> bool:
        is_many = n_left >= FEWEST * self.workers
        return is_many and taken_s >= TRIAL_S and taken_s / n_done * n_left > WORTH_S


def _warm(ready: threading.Event) -> None:
    try:
        warm_up()
    except OSError:  # no process can be started here; threads go on to the end
        return
    ready.set()
