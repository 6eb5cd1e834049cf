"""The thread of the work, the handler of Ctrl-C, and what each press does."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from matcher.cli.interrupting import interruptible


def _press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def _press_and_wait(stop: threading.Event) -> bool:
    _press()
    return stop.wait(30)


def test_first_press_sets_the_event_and_tells_once() -> None:
    told: list[str] = []
    before = signal.getsignal(signal.SIGINT)
    result = interruptible(_press_and_wait, may_stop=lambda: True, on_stop=lambda: told.append("told"))
    assert result is True
    assert len(told) <= 1
    assert signal.getsignal(signal.SIGINT) is before


def test_second_press_gives_up() -> None:
    left = threading.Event()

    def work(stop: threading.Event) -> None:
        _press()
        stop.wait(30)
        left.wait(30)

    with pytest.raises(KeyboardInterrupt):
        interruptible(work, may_stop=lambda: True, on_stop=_press)
    left.set()


def test_press_where_nothing_would_be_left_gives_up_at_once() -> None:
    seen: list[threading.Event] = []

    def work(stop: threading.Event) -> None:
        seen.append(stop)
        _press()
        stop.wait(30)

    with pytest.raises(KeyboardInterrupt):
        interruptible(work, may_stop=lambda: False, on_stop=lambda: None)
    assert seen[0].is_set(), "the solver that is left behind is told to stop"


def test_what_the_work_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        interruptible(lambda stop: 1 // 0, may_stop=lambda: True, on_stop=lambda: None)


def test_off_the_main_thread_no_handler_is_set() -> None:
    found: list[int] = []
    thread = threading.Thread(
        target=lambda: found.append(interruptible(lambda stop: 7, may_stop=lambda: True, on_stop=lambda: None))
    )
    thread.start()
    thread.join()
    assert found == [7]
