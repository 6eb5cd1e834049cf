"""Going on where an interrupted command was ended: where it has an output folder, beside which results are kept."""

from __future__ import annotations

from pathlib import Path

from matcher.cli.guard import say
from matcher.engines.keeping import Resuming, Unfinished, unfinished_of
from matcher.whatif.engine import Engine
from matcher.words.catalog import Lang
from matcher.words.keeping import KEEPING


def resuming(engine: Engine, out: Path | None, lang: Lang) -> tuple[Engine, Unfinished | None]:
    """The engine with what is kept beside `out`, and says what it takes from there; itself where nothing is written.

    Raises
    ------
    OutputError : a file stands where results would be kept
    """
    if out is None:
        return engine, None
    unfinished = unfinished_of(out)
    return Resuming(engine, unfinished, lambda n, of: say(KEEPING["taken"].fill(lang, n=n, of=of))), unfinished


def settle(unfinished: Unfinished | None, lang: Lang, *, is_whole: bool) -> None:
    """Take away what was kept, once the output is whole; else say where it is."""
    if unfinished is None:
        return
    if is_whole:
        unfinished.remove()
    elif unfinished.folder.is_dir():
        say(KEEPING["kept"].fill(lang, path=unfinished.folder))
