"""`matcher frontier`: what two objectives cost each other, as a table, a chart and files."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from matcher.cli import INTERRUPTED
from matcher.cli.foreseeing import foresee
from matcher.cli.guard import emit, say
from matcher.cli.interrupting import interruptible
from matcher.cli.running import NO_FEASIBLE_PLAN
from matcher.errors import UsageError
from matcher.io import read_source
from matcher.io.frontier_out import refuse_occupied_frontier, write_frontier
from matcher.whatif.frontier_record import record
from matcher.whatif.trade_off import MOST_POINTS, find_frontier, parse_objectives
from matcher.words.catalog import Lang
from matcher.words.cli import LINES
from matcher.words.explaining import text_of
from matcher.words.frontier import FRONTIER, frontier_blocks

_TOLD_EVERY = 10


def run_frontier(
    source: Path,
    *,
    objectives: str,
    policy: Path | None,
    overrides: tuple[str, ...],
    most_points: int | None,
    out: Path | None,
    force: bool,
    lang: Lang,
    as_json: bool,
) -> int:
    """Find the frontier, print it and write its files; 0, 3 where there is no plan, or 130 with what was found."""
    names = parse_objectives(objectives)
    if not source.exists():  # asked first, as what follows would follow a loop of links
        raise UsageError("source_not_found", path=str(source))
    if out is not None:
        refuse_occupied_frontier(out, source=source)
    problem = read_source(source, policy=policy, overrides=overrides)
    foresee(problem, lang)

    def tell(n_solves: int) -> None:
        if n_solves % _TOLD_EVERY == 0:
            say(LINES["frontier_so_far"].fill(lang, n=n_solves))

    is_stopped = threading.Event()
    found = interruptible(
        lambda stop: find_frontier(
            problem, names, most_points=MOST_POINTS if most_points is None else most_points, stop=stop, on_point=tell
        ),
        may_stop=lambda: True,
        on_stop=is_stopped.set,
    )
    if as_json:
        emit(json.dumps(record(found, problem), ensure_ascii=False) + "\n")
    else:
        print(text_of(frontier_blocks(found, problem, lang)))
    if out is not None and found.points:
        paths = write_frontier(found, problem, out, lang=lang, force=force)
        say(FRONTIER["files"].fill(lang, files=[str(out / path.name) for path in paths]))
    if is_stopped.is_set():
        say(LINES["interrupted_partly"].fill(lang))
        return INTERRUPTED
    return 0 if found.points else NO_FEASIBLE_PLAN
