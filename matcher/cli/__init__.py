"""The command line: parse, call, print."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import Any, NoReturn

INTERRUPTED = 130


def main() -> None:
    """Run the installed command `matcher`."""
    try:
        _run()
    except KeyboardInterrupt:
        _let_signals_end_it()
        from matcher.words.catalog import default_language
        from matcher.words.cli import LINES

        print(LINES["interrupted"].fill(default_language()), file=sys.stderr)
        _leave(INTERRUPTED)


def _run() -> None:
    for name in ("SIGTERM", "SIGHUP"):  # a stopped run cleans up behind itself, as an interrupted one does
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A Windows console in cp932 must not stop a run over a character it cannot show.
            stream.reconfigure(errors="replace")
    try:
        from matcher.cli.app import app

        code = app(standalone_mode=False)
    except Exception as error:
        from matcher.cli.usage import is_usage_error

        if not is_usage_error(error):
            raise
        code = _tell_usage(error, sys.argv[1:])
    _let_signals_end_it()
    _leave(code if isinstance(code, int) else 0)


def _let_signals_end_it() -> None:
    """From here on nothing is left to clean up: a signal ends the program without a word, not with a traceback."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


def _leave(code: int) -> NoReturn:
    """End, at once where a solver that nothing interrupts is still at work: it would see the interpreter fall."""
    if not any(thread.daemon for thread in threading.enumerate()):
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _tell_usage(error: Any, words: list[str]) -> int:  # Any: typer's own, see `matcher.cli.usage`
    """Say what is wrong with the command line; returns the exit code."""
    from typer.main import get_command

    from matcher.cli.app import app
    from matcher.cli.usage import spoken_in, usage_line

    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.ctx.get_help())
    else:
        print(usage_line(error, words, spoken_in(words), get_command(app)), file=sys.stderr)
    return int(error.exit_code)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
