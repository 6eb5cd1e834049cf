"""Work that Ctrl-C may end early: done in a thread, as the main one has to be free for the signal.

CP-SAT and MathOpt hold the thread they run in until they are done; Python runs signal handlers in the main thread only.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

Result = TypeVar("Result")

_POLL_S = 0.05


def interruptible(
    work: Callable[[threading.Event], Result], *, may_stop: Callable[[], bool], on_stop: Callable[[], None]
) -> Result:
    """What the work returns; its exceptions are raised here.

    Parameters
    ----------
    work : called in a thread of its own with an event that the first Ctrl-C sets; it shall then return soon
    may_stop : whether the work is at a point where ending early leaves something; if not, Ctrl-C gives up
    on_stop : called once, in the calling thread, after the event was set

    Raises
    ------
    KeyboardInterrupt : at the second Ctrl-C, or the first where `may_stop` says no. The work is left behind.
    """
    stop = threading.Event()
    done: list[Result] = []
    failed: list[BaseException] = []

    def target() -> None:
        try:
            done.append(work(stop))
        except BaseException as error:  # raised again where it is waited for
            failed.append(error)

    def first(number: int, frame: FrameType | None) -> None:
        if stop.is_set() or not may_stop():
            raise KeyboardInterrupt
        stop.set()

    worker = threading.Thread(target=target, daemon=True)
    is_main = threading.current_thread() is threading.main_thread()  # elsewhere no handler can be set
    before = signal.signal(signal.SIGINT, first) if is_main else None
    is_told = False
    try:
        worker.start()
        while worker.is_alive():
            worker.join(_POLL_S)
            if stop.is_set() and not is_told:
                is_told = True
                on_stop()
    finally:
        stop.set()  # whoever gives up leaves no solver at work
        if is_main:
            signal.signal(signal.SIGINT, before)
    if failed:
        raise failed[0]
    return done[0]
