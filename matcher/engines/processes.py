"""Processes of this machine. Python's lock lets one thread compute at a time; processes have a lock each.

A worker is a pool of one process, so that it is known over which item it died. The item is given to another worker
once more, alone; where that dies too, it is the item, and it is lost. Workers are started afresh (forkserver, elsewhere
spawn), never forked from this process, whose solver threads would be copied half-way.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from matcher.whatif.engine import POLL_S, Item, Lost, Result, Work

_AHEAD = 2
"""Items at a worker, the next one beside the one at work: it need not wait for us."""

_GRACE_S = 3.0
"""How long what is at work may go on after a stop; HiGHS does not listen."""


@dataclass(frozen=True)
class Processes:
    """So many processes of this machine, for one call of `run`."""

    workers: int

    def run(
        self, work: Work[Item, Result], items: Sequence[Item], *, stop: threading.Event
    ) -> Iterator[tuple[int, Result | Lost]]:
        packed = pickle.dumps(work)
        crew = [_Worker(packed) for _ in range(min(self.workers, len(items)))]
        try:
            yield from _Shift(work, items, crew, stop).results()
        finally:
            for worker in crew:
                worker.end()


def warm_up() -> None:
    """Start what workers are started from, and wait until it is ready; where there is no such thing, nothing."""
    with _without_ctrl_c():
        first = _context().Process(target=_nothing)
        first.start()
    first.join()


def _nothing() -> None:
    return None


def _context() -> Any:  # Any: the class depends on the platform
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["matcher.engines.preloaded"])
    return context


@dataclass
class _Worker:
    """One process, started when it is first given something, and started again after it died."""

    packed: bytes
    given: deque[tuple[int, Future[object]]] = field(default_factory=deque)
    pool: ProcessPoolExecutor | None = None
    line: Connection | None = None

    def give(self, at: int, item: object) -> None:
        try:
            future = None if self.pool is None else self.pool.submit(_do, item)
        except BrokenProcessPool:  # it died while it had nothing to do
            self.end()
            future = None
        if future is None:
            context = _context()
            self.line, theirs = context.Pipe()
            self.pool = ProcessPoolExecutor(1, context, _begin, (self.packed, theirs))
            with _without_ctrl_c():
                future = self.pool.submit(_do, item)
            theirs.close()
        self.given.append((at, future))

    def died(self) -> list[int]:
        """The places of the items it had, the one it died over first. It starts anew at the next one."""
        places = [at for at, _ in self.given]
        self.given.clear()
        self.end()
        return places

    def hush(self) -> None:
        """Tell it that what is at work shall end soon."""
        if self.line is not None:
            with contextlib.suppress(OSError):
                self.line.send("stop")

    def end(self) -> None:
        """End the process, at work or not."""
        if self.pool is None or self.line is None:
            return
        if any(not future.done() for _, future in self.given):
            self.line.close()  # it ends at once, whatever it is doing
            self.pool.shutdown(wait=True, cancel_futures=True)
        else:
            self.pool.shutdown(wait=True)
            self.line.close()
        self.pool = self.line = None


class _Shift:
    """One call of `run`: who has what, what was tried before, and what is still to be given."""

    def __init__(self, work: Work[Any, Any], items: Sequence[Any], crew: list[_Worker], stop: threading.Event) -> None:
        self.work, self.items, self.crew, self.stop = work, items, crew, stop
        self.waiting = deque(range(len(items)))
        self.tried: set[int] = set()

    def results(self) -> Iterator[tuple[int, Any]]:
        n_polls_left = round(_GRACE_S / POLL_S)
        is_hushed = False
        while True:
            if self.stop.is_set():
                if not is_hushed:
                    is_hushed = True
                    for worker in self.crew:
                        worker.hush()
                n_polls_left -= 1
            else:
                self._give()
            futures = [future for worker in self.crew for _, future in worker.given]
            if not futures or n_polls_left < 0:
                return
            wait(futures, timeout=POLL_S, return_when=FIRST_COMPLETED)
            for worker in self.crew:
                yield from self._taken(worker)

    def _give(self) -> None:
        for depth in range(1, _AHEAD + 1):
            for worker in self.crew:
                if len(worker.given) < depth and self.waiting:
                    if worker.given and (self.waiting[0] in self.tried or worker.given[0][0] in self.tried):
                        continue  # what a worker died over is alone with the next one
                    at = self.waiting.popleft()
                    worker.give(at, self.items[at])

    def _taken(self, worker: _Worker) -> Iterator[tuple[int, Any]]:
        """What a worker has finished, in the order in which it was given."""
        while worker.given and worker.given[0][1].done():
            at, future = worker.given[0]
            try:
                sent = future.result()
            except BrokenProcessPool as error:
                first, *others = worker.died()
                self.waiting.extendleft(reversed(others))
                if first in self.tried:
                    yield first, Lost(str(error))
                elif not self.stop.is_set():
                    self.tried.add(first)
                    self.waiting.appendleft(first)
                return
            worker.given.popleft()
            yield at, self.work.received(self.items[at], sent)


@contextlib.contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Processes started inside never hear Ctrl-C, not even while they start: it is for this process to end them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_work: Work[Any, Any]
_do_one: Callable[[Any], Any]
"""What this process does, where it is a worker. Any: whatever the work is of."""


def _begin(packed: bytes, line: Connection) -> None:
    """Get a new worker ready: it listens to the one who started it, and is gone with it."""
    global _work, _do_one
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop = threading.Event()
    threading.Thread(target=_listen, args=(line, stop), daemon=True).start()
    _work = pickle.loads(packed)
    _do_one = _work.begin(stop)


def _listen(line: Connection, stop: threading.Event) -> None:
    with contextlib.suppress(EOFError, OSError):
        line.recv()
        stop.set()
        line.recv()
    os._exit(1)  # nobody is there any more, or nobody waits


def _do(item: object) -> object:
    return _work.sent(_do_one(item))
