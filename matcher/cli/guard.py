"""What stops a command: its sentence on standard error and its exit code, never a traceback."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from matcher.cli import INTERRUPTED
from matcher.errors import MatcherError
from matcher.words.catalog import Lang
from matcher.words.cli import LINES
from matcher.words.reasons import reason_of

OWN_FAULT = 70


@contextmanager
def told(lang: Lang) -> Iterator[None]:
    """Turn whatever stops the block into a message in `lang` and an exit code."""
    try:
        yield
    except MatcherError as error:
        from matcher.cli.show import error_lines

        say(*error_lines(error, lang))
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        say(LINES["interrupted"].fill(lang))
        raise typer.Exit(INTERRUPTED) from None
    except MemoryError:
        say(LINES["out_of_memory"].fill(lang))
        raise typer.Exit(1) from None
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing to tell, and nothing more to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except OSError as error:
        if error.filename is None:
            say(LINES["no_output"].fill(lang, reason=reason_of(error)))
            raise typer.Exit(2) from None
        say(LINES["os_error"].fill(lang, path=_shown(error.filename), reason=reason_of(error)))
        raise typer.Exit(2) from None
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        if os.environ.get("MATCHER_DEBUG"):
            raise
        say(LINES["unexpected"].fill(lang, kind=type(error).__name__))
        raise typer.Exit(OWN_FAULT) from None


def _shown(filename: object) -> str:
    """A path as its owner knows it: what is written aside goes by the name that it will get."""
    path = Path(str(filename))
    aside = re.fullmatch(r"\.(.+)\.[0-9a-f]{8}\.(?:part|old)", path.name)
    from matcher.io.faults import as_typed  # it brings pandas along, which --help does not need

    return as_typed(path if aside is None else path.with_name(aside[1]))


def say(*lines: str) -> None:
    """Print lines on standard error."""
    for line in lines:
        print(line, file=sys.stderr)


def emit(text: str) -> None:
    """Write what another program reads to standard output: UTF-8, whatever the console's own encoding is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()
