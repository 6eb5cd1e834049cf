"""Ending a solver's call from outside: told to stop where it listens, left behind where it does not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Result = TypeVar("Result")

_POLL_S = 0.05


@contextmanager
def ended_by(stop: threading.Event | None, end: Callable[[], object]) -> Iterator[None]:
    """Calls `end` once `stop` is set while the block runs; again and again, as a solver may only just be starting."""
    if stop is None:
        yield
        return
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(_POLL_S):
            if stop.is_set():
                end()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()


def unless_stopped(stop: threading.Event | None, work: Callable[[], Result]) -> Result | None:
    """The result of `work`, or None once `stop` is set: then its thread is left behind.

    Notes
    -----
    For calls that nothing interrupts. The thread is a daemon: nobody who asked to stop shall wait for it.
    """
    if stop is None:
        return work()
    done: list[Result] = []
    failed: list[BaseException] = []

    def target() -> None:
        try:
            done.append(work())
        except BaseException as error:  # raised again where it is waited for
            failed.append(error)

    worker = threading.Thread(target=target, daemon=True)
    worker.start()
    while worker.is_alive() and not stop.is_set():
        worker.join(_POLL_S)
    if failed:
        raise failed[0]
    return done[0] if done else None
