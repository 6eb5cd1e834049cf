"""A line on standard error that says what is being done; nothing where standard error is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from matcher.matching import Progress
from matcher.words.catalog import Lang
from matcher.words.cli import STEPS


@contextmanager
def progress(lang: Lang) -> Iterator[Progress]:
    """A function to call with step, value and bound, while a spinner shows them."""
    if not sys.stderr.isatty():
        yield lambda step, value, bound: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status(STEPS["read"].fill(lang)) as status:

        def tell(step: str, value: int | None, bound: int | None) -> None:
            if value is not None and bound is not None:
                status.update(STEPS["solve_bounds"].fill(lang, value=f"{value:,}", bound=f"{bound:,}"))
            else:
                status.update(STEPS[step].fill(lang))

        yield tell
