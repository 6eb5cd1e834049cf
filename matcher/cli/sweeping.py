"""`matcher sweep`: a grid of settings in one table; along one weight its break points too."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from matcher.cli import INTERRUPTED
from matcher.cli.guard import emit, say
from matcher.cli.interrupting import interruptible
from matcher.cli.whatifs import Record, outcome_record
from matcher.domain.problem import Problem
from matcher.io import read_source
from matcher.whatif.along_weight import Pairs
from matcher.whatif.breakpoints import MOST_SOLVES, Break, BreakPoints, Region, find_break_points, pairs_of
from matcher.whatif.running import Outcome, run_tasks
from matcher.whatif.sweeping import Axis, Value, parse_axis, plan_letters, sweep_tasks, weight_varied
from matcher.words.blocks import Block
from matcher.words.catalog import Lang
from matcher.words.cli import LINES, time_text
from matcher.words.explaining import text_of
from matcher.words.sweeping import break_blocks, table_of_sweep

SCHEMA = "matcher.sweep/1"

_TOLD_EVERY = 50

Row = tuple[tuple[Value, ...], Outcome]


def run_sweep(
    source: Path,
    vary: Sequence[str],
    *,
    overrides: tuple[str, ...],
    workers: int,
    lang: Lang,
    as_json: bool,
    most_solves: int | None = None,
) -> int:
    """Solve every point of the grid and print it; 0, 1 where a point failed, or 130.

    `most_solves` is for the break points, None = `MOST_SOLVES`; 0 looks for none.
    """
    most_solves = MOST_SOLVES if most_solves is None else most_solves
    axes = [parse_axis(text) for text in vary]
    problem = read_source(source, overrides=overrides)
    is_stopped = threading.Event()
    rows, found = interruptible(
        lambda stop: _solved(problem, axes, workers, stop, lang, most_solves),
        may_stop=lambda: True,
        on_stop=is_stopped.set,
    )
    plans = [pairs_of(outcome.plan) for _, outcome in rows if outcome.plan is not None]
    letters = plan_letters([*plans, *(region.plan for region in (found.regions if found else ()))])
    keys = tuple(axis.key for axis in axes)
    if as_json:
        points = [
            {
                "settings": dict(zip(keys, point, strict=True)),
                **outcome_record(outcome, lang),
                "plan": None if outcome.plan is None else letters[pairs_of(outcome.plan)],
            }
            for point, outcome in rows
        ]
        record = {
            "schema": SCHEMA,
            "keys": keys,
            "points": points,
            "plans": {letter: _matches(pairs) for pairs, letter in letters.items()},
            "break_points": None if found is None else _record(found, letters, most_solves),
        }
        emit(json.dumps(record, ensure_ascii=False, default=str) + "\n")
    else:
        blocks: list[Block] = [table_of_sweep(keys, rows, letters, lang)]
        if found is not None:
            blocks += break_blocks(found, letters, problem, most_solves, lang)
        print(text_of(blocks))
    if is_stopped.is_set():
        say(LINES["interrupted_partly"].fill(lang))
        return INTERRUPTED
    return 1 if any(outcome.state == "failed" for _, outcome in rows) else 0


def _solved(
    problem: Problem, axes: Sequence[Axis], workers: int, stop: threading.Event, lang: Lang, most_solves: int
) -> tuple[list[Row], BreakPoints | None]:
    """Every point of the grid and, along one weight, its break points; what is done when `stop` is set."""
    points = sweep_tasks(problem, axes)
    started = time.monotonic()

    def tell(n_done: int, outcome: Outcome) -> None:
        if outcome.state == "not_run":
            return
        left_s = (time.monotonic() - started) / n_done * (len(points) - n_done)
        line = LINES["sweep_done"] if n_done < len(points) else LINES["whatif_done"]
        say(line.fill(lang, n=n_done, of=len(points), name=outcome.name, left=time_text(left_s, lang)))

    outcomes = run_tasks([task for _, task in points], workers=workers, base=0, stop=stop, on_done=tell)
    rows: list[Row] = [(point, outcome) for (point, _), outcome in zip(points, outcomes, strict=True)]
    varied = weight_varied(axes)
    if varied is None or stop.is_set() or not most_solves:
        return rows, None
    say(LINES["breaks_begun"].fill(lang, most=most_solves))

    def tell_solves(n_solves: int) -> None:
        if n_solves % _TOLD_EVERY == 0:
            say(LINES["breaks_so_far"].fill(lang, n=n_solves))

    known = {
        Fraction(str(point[0])): outcome.plan
        for point, outcome in rows
        if outcome.plan is not None and not problem.policy.solve.gap and outcome.plan.status == "optimal"
    }
    return rows, find_break_points(
        problem, *varied, known=known, stop=stop, most_solves=most_solves, on_solve=tell_solves
    )


def _record(found: BreakPoints, letters: Mapping[Pairs, str], most_solves: int) -> Record:
    return {
        "key": found.key,
        "low": str(found.low),
        "high": str(found.high),
        "step": float(found.step),
        "why_not": found.why_not,
        "n_solves": found.n_solves,
        "most_solves": most_solves,
        "is_complete": found.is_complete,
        "regions": [_region(region, letters) for region in found.regions],
        "breaks": [_break(one) for one in found.breaks],
    }


def _region(region: Region, letters: Mapping[Pairs, str]) -> Record:
    return {
        "from": str(region.low),
        "to": str(region.high),
        "plan": letters[region.plan],
        "word": region.word,
        "short_points": region.short_points,
        "sure": [[float(low), float(high)] for low, high in region.sure],
        "solved_at": None if region.solved_at is None else float(region.solved_at),
        "objective": dict(region.objective),
    }


def _break(one: Break) -> Record:
    return {
        "exact": str(one.w),
        "weight": float(one.w),
        "last": None if one.last is None else float(one.last),
        "first": None if one.first is None else float(one.first),
        "is_next_at_first": one.is_next_at_first,
    }


def _matches(pairs: Pairs) -> list[Record]:
    return [{"director_id": director, "company_id": company} for director, company in sorted(pairs)]
