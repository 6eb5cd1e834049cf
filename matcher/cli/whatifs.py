"""`matcher what-if` and `matcher compare`: run scenarios beside their base, or lay two finished runs side by side."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from matcher.cli import INTERRUPTED
from matcher.cli.guard import emit, say
from matcher.cli.interrupting import interruptible
from matcher.cli.show import error_lines
from matcher.errors import MatcherError
from matcher.io import read_source
from matcher.io.standing_file import read_run
from matcher.io.whatif_file import ReadWhatIf, apply_whatif, read_whatif
from matcher.whatif.comparing import Comparison, Move, compare
from matcher.whatif.running import Outcome, Task, run_tasks
from matcher.words.blocks import Block, Line
from matcher.words.catalog import Lang
from matcher.words.cli import LINES
from matcher.words.errors import error_text
from matcher.words.explaining import text_of
from matcher.words.whatif import TEXTS, comparison_lines, outcome_blocks, table_of_outcomes

SCHEMA = "matcher.what-if/1"

Record = dict[str, Any]
"""Any: whatever JSON holds."""


def run_whatifs(
    source: Path, files: tuple[Path, ...], *, overrides: tuple[str, ...], workers: int, lang: Lang, as_json: bool
) -> int:
    """Run the base and every scenario, and print what differs; 0, 1 where a scenario failed, or 130.

    Raises
    ------
    DataError, PolicyError, UsageError : the base cannot be read
    """
    problem = read_source(source, overrides=overrides)
    reads: dict[str, ReadWhatIf | MatcherError] = {}
    tasks = [Task("base", problem.title, lambda: problem)]
    for file in files:
        tasks.append(_task(file, source, problem, reads))

    def tell(n_done: int, outcome: Outcome) -> None:
        if outcome.state == "not_run":
            return
        say(LINES["whatif_done"].fill(lang, n=n_done, of=len(tasks), name=outcome.title or outcome.name))

    is_stopped = threading.Event()
    outcomes = interruptible(
        lambda stop: run_tasks(tasks, workers=workers, stop=stop, on_done=tell),
        may_stop=lambda: True,
        on_stop=is_stopped.set,
    )
    base, scenarios = outcomes[0], outcomes[1:]
    compared = [(one, _compared(base, one)) for one in scenarios]
    for outcome in outcomes if as_json else ():
        if outcome.error is not None:
            say(f"{outcome.title}:", *error_lines(outcome.error, lang))
    if as_json:
        emit(json.dumps(_record(base, compared, lang), ensure_ascii=False, default=str) + "\n")
    else:
        blocks: list[Block] = [Line("title", TEXTS["title"].fill(lang, title=problem.title or source.name))]
        blocks.append(table_of_outcomes(base, compared, lang))
        for file, (outcome, comparison) in zip(files, compared, strict=True):
            read = reads.get(str(file))
            question = read.whatif.question if isinstance(read, ReadWhatIf) else ""
            blocks += outcome_blocks(outcome, comparison, question, problem, lang)
        print(text_of(blocks))
    if is_stopped.is_set():
        say(LINES["interrupted_partly"].fill(lang))
        return INTERRUPTED
    return 1 if any(outcome.state == "failed" for outcome in outcomes) else 0


def run_compare(before: Path, after: Path, *, lang: Lang, as_json: bool) -> None:
    """Print what two finished runs differ in, their data included."""
    one, other = read_run(before), read_run(after)
    comparison = compare(one.document, other.document, data=(one.problem, other.problem))
    if as_json:
        emit(json.dumps({"schema": SCHEMA, **_moves(comparison), **_figures(comparison)}, ensure_ascii=False) + "\n")
        return
    blocks: list[Block] = [Line("title", TEXTS["compared"].fill(lang, before=before, after=after))]
    outcomes = [Outcome(path.name, path.name, "done", plan) for path, plan in ((before, one), (after, other))]
    blocks.append(table_of_outcomes(outcomes[0], [(outcomes[1], comparison)], lang))
    has_plans = all(plan.status in ("optimal", "feasible") for plan in (one, other))
    blocks += comparison_lines(comparison, one.problem, other.problem, lang, is_planned=has_plans)
    print(text_of(blocks))


def _task(file: Path, source: Path, problem: Any, reads: dict[str, ReadWhatIf | MatcherError]) -> Task:
    """The task of one file; a file that cannot be read fails when its turn comes, so that the others are solved."""
    title = file.stem
    try:
        read = reads[str(file)] = read_whatif(file, source)
        title = read.whatif.title or file.stem
    except MatcherError as error:
        reads[str(file)] = error

    def build() -> Any:
        found = reads[str(file)]
        if isinstance(found, MatcherError):
            raise found
        return apply_whatif(problem, found)

    return Task(file.stem, title, build)


def _compared(base: Outcome, outcome: Outcome) -> Comparison | None:
    if base.plan is None or outcome.plan is None:
        return None
    return compare(base.plan.document, outcome.plan.document, data=(base.plan.problem, outcome.plan.problem))


def _record(base: Outcome, compared: list[tuple[Outcome, Comparison | None]], lang: Lang) -> Record:
    scenarios = []
    for outcome, comparison in compared:
        scenarios.append({**outcome_record(outcome, lang), **({} if comparison is None else _moves(comparison))})
    return {"schema": SCHEMA, "base": outcome_record(base, lang), "scenarios": scenarios}


def outcome_record(outcome: Outcome, lang: Lang) -> Record:
    """One outcome as plain data."""
    document = None if outcome.plan is None else outcome.plan.document
    return {
        "name": outcome.name,
        "title": outcome.title,
        "state": outcome.state,
        "status": None if document is None else document.status,
        "objective": None if document is None else document.objective,
        "certificate": None if document is None else document.certificate.model_dump(mode="json"),
        "metrics": None if document is None else document.metrics.model_dump(mode="json"),
        "error": None if outcome.error is None else error_text(outcome.error, lang),
    }


def _moves(comparison: Comparison) -> Record:
    return {kind: [_move(one) for one in getattr(comparison, kind)] for kind in ("moved", "entered", "left")}


def _move(move: Move) -> Record:
    return {
        "director_id": move.after_id if move.after_id is not None else move.before_id,
        "company_id": move.company_id,
        "before_director_id": move.before_id,
        "after_director_id": move.after_id,
        "before_points": move.before_points,
        "after_points": move.after_points,
    }


def _figures(comparison: Comparison) -> Record:
    return {
        "tiers": {name: list(both) for name, both in comparison.tiers.items()},
        "metrics": {name: list(both) for name, both in comparison.metrics.items()},
        "n_same": comparison.n_same,
        "n_rows": comparison.n_rows,
        "rows": [
            {"table": row.table, "key": list(row.key), "fields": list(row.fields), "side": row.side}
            for row in comparison.rows
        ],
        "policy": list(comparison.policy),
    }
