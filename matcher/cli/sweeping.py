"""`matcher sweep`: a grid of settings in one table; along one weight its break points too."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from matcher.cli import INTERRUPTED
from matcher.cli.foreseeing import foresee
from matcher.cli.guard import emit, say
from matcher.cli.interrupting import interruptible
from matcher.cli.progress import done_line, time_left
from matcher.cli.resuming import resuming, settle
from matcher.errors import UsageError, WorkerError
from matcher.io import read_source
from matcher.io.sweep_files import NAMES, refuse_occupied_sweep, write_sweep
from matcher.io.sweep_record import Record, sweep_record
from matcher.whatif.breakpoints import MOST_SOLVES
from matcher.whatif.engine import Engine
from matcher.whatif.running import Outcome
from matcher.whatif.sweeping import parse_axis
from matcher.whatif.swept import Sweep, solve_grid
from matcher.words.blocks import Block
from matcher.words.catalog import Lang
from matcher.words.cli import FILES, LINES
from matcher.words.explaining import text_of
from matcher.words.sweep_page import reason_blocks
from matcher.words.sweeping import break_blocks, table_of_sweep

_TOLD_EVERY = 50
_REASONS_SHOWN = 5


def run_sweep(
    source: Path,
    vary: Sequence[str],
    *,
    overrides: tuple[str, ...],
    engine: Engine,
    out: Path | None,
    force: bool,
    lang: Lang,
    as_json: bool,
    most_solves: int | None = None,
) -> int:
    """Solve every point of the grid, print it and write its files; 0, 1 where a point failed, or 130.

    `most_solves` is for the break points, None = `MOST_SOLVES`; 0 looks for none.
    """
    most_solves = MOST_SOLVES if most_solves is None else most_solves
    axes = [parse_axis(text) for text in vary]
    if not source.exists():  # asked first, as what follows would follow a loop of links
        raise UsageError("source_not_found", path=str(source))
    if out is not None:
        refuse_occupied_sweep(out, source=source)
    engine, unfinished = resuming(engine, out, lang)
    problem = read_source(source, overrides=overrides)
    foresee(problem, lang)
    tell, tell_solves = _tellers(most_solves, lang)
    is_stopped = threading.Event()
    sweep = interruptible(
        lambda stop: solve_grid(
            problem,
            axes,
            engine=engine,
            stop=stop,
            most_solves=most_solves,
            on_done=tell,
            on_solve=tell_solves,
        ),
        may_stop=lambda: True,
        on_stop=is_stopped.set,
    )
    content = sweep_record(sweep, lang)
    _show(sweep, content, lang, as_json=as_json)
    if out is not None:
        _write(sweep, content, out, force=force, lang=lang, as_json=as_json)
        is_lost = any(isinstance(outcome.error, WorkerError) for outcome in sweep.outcomes)
        settle(unfinished, lang, is_whole=not sweep.is_stopped and not is_lost)
    if is_stopped.is_set():
        say(LINES["interrupted_partly"].fill(lang))
        return INTERRUPTED
    return 1 if any(outcome.state == "failed" for outcome in sweep.outcomes) else 0


def _tellers(most_solves: int, lang: Lang) -> tuple[Callable[[int, int, Outcome], None], Callable[[int], None]]:
    """What says how far the grid is, and how far the break points."""
    left = time_left(lang)

    def tell(n_done: int, of: int, outcome: Outcome) -> None:
        if outcome.state != "not_run":
            say(done_line(n_done, of, outcome.name, left, lang))

    def tell_solves(n_solves: int) -> None:
        if not n_solves:
            say(LINES["breaks_begun"].fill(lang, most=most_solves))
        elif n_solves % _TOLD_EVERY == 0:
            say(LINES["breaks_so_far"].fill(lang, n=n_solves))

    return tell, tell_solves


def _show(sweep: Sweep, content: Record, lang: Lang, *, as_json: bool) -> None:
    if as_json:
        emit(json.dumps(content, ensure_ascii=False) + "\n")
        return
    blocks: list[Block] = [table_of_sweep(sweep, lang)]
    if sweep.break_points is not None:
        blocks += break_blocks(sweep.break_points, sweep.letters, sweep.problem, sweep.most_solves, lang)
    print(text_of(blocks + reason_blocks(sweep, lang, most=_REASONS_SHOWN)))


def _write(sweep: Sweep, content: Record, out: Path, *, force: bool, lang: Lang, as_json: bool) -> None:
    if not sweep.n_done:
        say(LINES["nothing_finished"].fill(lang))
        return
    write_sweep(sweep, content, out, lang=lang, force=force)
    lines = [LINES["files"].fill(lang), *(f"  {out / name}  {FILES[name].fill(lang)}" for name in NAMES)]
    if as_json:
        say(*lines)
    else:
        print("\n".join(["", *lines]))
