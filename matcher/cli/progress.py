"""A line on standard error that says what is being done; nothing where standard error is no terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from matcher.matching import Progress
from matcher.words.catalog import Lang
from matcher.words.cli import LINES, STEPS, time_text


@contextmanager
def progress(lang: Lang) -> Iterator[Progress]:
    """A function to call with step, tier, value and bound, while a spinner shows them."""
    if not sys.stderr.isatty():
        yield lambda step, tier, value, bound: None
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True)
    with console.status(STEPS["read"].fill(lang)) as status:
        yield lambda step, tier, value, bound: status.update(Text(step_line(step, tier, value, bound, lang)))


def step_line(step: str, tier: str | None, value: int | None, bound: int | None, lang: Lang) -> str:
    """What is being done: of a tier its name, with the best value and the bound where there are any.

    The weights of the lot say nothing to anybody: its name stands alone.
    """
    from matcher.words.plan import number_text, tier_name

    if tier is None:
        return STEPS[step].fill(lang)
    name = tier.removeprefix("tie_break:")
    shown = tier_name(name, lang)
    if value is None or bound is None or name == "lot":
        return STEPS["solve_tier"].fill(lang, tier=shown)
    return STEPS["solve_bounds"].fill(lang, tier=shown, value=number_text(value), bound=number_text(bound))


def time_left(lang: Lang, *, clock: Callable[[], float] = time.monotonic) -> Callable[[int, int], str]:
    """A function of how many are done and of how many: how long the rest takes at the pace since now, in words."""
    started = clock()
    return lambda n_done, of: time_text((clock() - started) / n_done * (of - n_done), lang)


def done_line(n_done: int, of: int, name: str, left: Callable[[int, int], str], lang: Lang) -> str:
    """What is done, of how many, and how long the rest takes (`time_left`); at the end there is no rest."""
    line = LINES["done_and_left"] if n_done < of else LINES["done"]
    return line.fill(lang, n=n_done, of=of, name=name, left=left(n_done, of))
