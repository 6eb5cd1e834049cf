"""`matcher generate`: an invented programme of any size, its size told before and its progress meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from matcher.cli.guard import say
from matcher.generating import Programme
from matcher.generating.programme import bytes_text
from matcher.io.programme_out import refuse_unwritable_programme, write_programme
from matcher.words.catalog import Lang
from matcher.words.generated import LINES


def run_generate(
    out: Path, *, n_directors: int, n_companies: int, seed: int, form: str, force: bool, lang: Lang
) -> None:
    """Write an invented programme and say where it is."""
    programme = Programme(n_directors=n_directors, n_companies=n_companies, seed=seed)
    refuse_unwritable_programme(programme, out, form=form, force=force)
    counts = {"n_directors": f"{n_directors:,}", "n_companies": f"{n_companies:,}"}
    say(LINES["generate_size"].fill(lang, size=bytes_text(programme.n_bytes(form)), **counts))
    with _counting(n_companies, lang) as count:
        write_programme(programme, out, form=form, force=force, on_rows=count)
    print(LINES["generated"].fill(lang, path=out))


@contextmanager
def _counting(n_companies: int, lang: Lang) -> Iterator[Callable[[int], None]]:
    """A function to call with the number of companies so far, while a spinner shows it on a terminal."""
    if not sys.stderr.isatty():
        yield lambda n: None
        return
    from rich.console import Console
    from rich.text import Text

    def line(n: int) -> Text:
        return Text(LINES["generate_so_far"].fill(lang, n=f"{n:,}", of=f"{n_companies:,}"))

    with Console(stderr=True).status(line(0)) as status:
        yield lambda n: status.update(line(n))
