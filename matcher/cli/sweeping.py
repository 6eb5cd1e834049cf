"""`matcher sweep`: a grid of settings in one table."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path

from matcher.cli import INTERRUPTED
from matcher.cli.guard import emit, say
from matcher.cli.interrupting import interruptible
from matcher.cli.whatifs import outcome_record
from matcher.io import read_source
from matcher.whatif.running import Outcome, run_tasks
from matcher.whatif.sweeping import Value, parse_axis, sweep_tasks
from matcher.words.catalog import Lang
from matcher.words.cli import LINES
from matcher.words.explaining import text_of
from matcher.words.whatif import table_of_sweep

SCHEMA = "matcher.sweep/1"


def run_sweep(
    source: Path, vary: Sequence[str], *, overrides: tuple[str, ...], workers: int, lang: Lang, as_json: bool
) -> int:
    """Solve every point of the grid and print it; 0, 1 where a point failed, or 130."""
    axes = [parse_axis(text) for text in vary]
    problem = read_source(source, overrides=overrides)
    points = sweep_tasks(problem, axes)
    n_points = len(points)

    def tell(n_done: int, outcome: Outcome) -> None:
        if outcome.state == "not_run":
            return
        say(LINES["whatif_done"].fill(lang, n=n_done, of=n_points, name=outcome.name))

    is_stopped = threading.Event()
    outcomes = interruptible(
        lambda stop: run_tasks([task for _, task in points], workers=workers, stop=stop, on_done=tell),
        may_stop=lambda: True,
        on_stop=is_stopped.set,
    )
    keys = tuple(axis.key for axis in axes)
    rows: list[tuple[tuple[Value, ...], Outcome]] = [
        (point, outcome) for (point, _), outcome in zip(points, outcomes, strict=True)
    ]
    if as_json:
        found = [
            {"settings": dict(zip(keys, point, strict=True)), **outcome_record(outcome, lang)}
            for point, outcome in rows
        ]
        emit(json.dumps({"schema": SCHEMA, "keys": keys, "points": found}, ensure_ascii=False, default=str) + "\n")
    else:
        print(text_of([table_of_sweep(keys, rows, lang)]))
    if is_stopped.is_set():
        say(LINES["interrupted_partly"].fill(lang))
        return INTERRUPTED
    return 1 if any(outcome.state == "failed" for _, outcome in rows) else 0
