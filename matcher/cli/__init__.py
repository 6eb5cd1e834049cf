"""The command line: parse, call, print."""

from __future__ import annotations

import signal
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the installed command `matcher`."""
    for name in ("SIGTERM", "SIGHUP"):  # a stopped run cleans up behind itself, as an interrupted one does
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A Windows console in cp932 must not stop a run over a character it cannot show.
            stream.reconfigure(errors="replace")
    try:
        from matcher.cli.app import app

        app()
    except KeyboardInterrupt:
        from matcher.words.catalog import default_language
        from matcher.words.cli import LINES

        print(LINES["interrupted"].fill(default_language()), file=sys.stderr)
        sys.exit(INTERRUPTED)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
