"""`matcher what-if` and `matcher compare`: run scenarios beside their base, or lay two finished runs side by side."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from matcher.cli import INTERRUPTED
from matcher.cli.foreseeing import foresee
from matcher.cli.guard import emit, say
from matcher.cli.interrupting import interruptible
from matcher.cli.progress import done_line, time_left
from matcher.cli.resuming import resuming, settle
from matcher.io import read_source
from matcher.io.comparison_files import NAMES, refuse_taken, write_comparison
from matcher.io.comparison_record import Record as Record
from matcher.io.comparison_record import is_unfinished, study_record
from matcher.io.comparison_record import outcome_record as outcome_record
from matcher.io.whatif_study import read_runs, run_study
from matcher.whatif.engine import Engine
from matcher.whatif.running import Outcome
from matcher.whatif.study import Study
from matcher.words.blocks import Block, Line
from matcher.words.catalog import Lang
from matcher.words.cli import FILES, LINES
from matcher.words.explaining import text_of
from matcher.words.whatif import TEXTS, case_blocks, reason_lines, table_of_study


def run_whatifs(
    source: Path,
    files: tuple[Path, ...],
    *,
    overrides: tuple[str, ...],
    engine: Engine,
    out: Path | None,
    force: bool,
    lang: Lang,
    as_json: bool,
) -> int:
    """Run the base and every scenario, and print and write what differs.

    Returns
    -------
    0; where scenarios failed the gravest of their exit codes: 2 for a faulty file, 1 for data that contradict a
    rule; or 130

    Raises
    ------
    DataError, PolicyError, UsageError : the base cannot be read; a scenario is given twice
    OutputError : `out` holds something that would be lost, asked before anything is solved
    """
    problem = read_source(source, overrides=overrides)
    foresee(problem, lang)
    if out is not None:
        refuse_taken(out, source=source)
    engine, unfinished = resuming(engine, out, lang)
    is_stopped = threading.Event()
    left = time_left(lang)

    def tell(n_done: int, of: int, outcome: Outcome) -> None:
        if outcome.state != "not_run":
            say(done_line(n_done, of, outcome.title or outcome.name, left, lang))

    study = interruptible(
        lambda stop: run_study(problem, files, source=source, engine=engine, stop=stop, on_done=tell),
        may_stop=lambda: True,
        on_stop=is_stopped.set,
    )
    if as_json:
        for case in study.all_cases:
            if case.outcome.error is not None:
                say(f"{case.title}:", *(line.text for line in reason_lines(case, lang)))
    blocks: list[Block] = [Line("title", TEXTS["title"].fill(lang, title=problem.title or source.name))]
    _show(study, blocks, lang, as_json=as_json)
    _write(study, out, force=force, lang=lang, as_json=as_json)
    settle(unfinished, lang, is_whole=not is_unfinished(study))
    if is_stopped.is_set():
        say(LINES["interrupted_partly"].fill(lang))
        return INTERRUPTED
    return max((case.outcome.error.exit_code for case in study.all_cases if case.outcome.error is not None), default=0)


def run_compare(before: Path, after: Path, *, out: Path | None, force: bool, lang: Lang, as_json: bool) -> None:
    """Print and write what two finished runs differ in, their data included.

    Raises
    ------
    DataError, UsageError : one of them cannot be read, or does not hold
    OutputError : `out` holds something that would be lost
    """
    if out is not None:
        for run in (before, after):
            refuse_taken(out, source=run)
    study = read_runs(before, after)
    blocks: list[Block] = [Line("title", TEXTS["compared"].fill(lang, before=before, after=after))]
    _show(study, blocks, lang, as_json=as_json)
    _write(study, out, force=force, lang=lang, as_json=as_json)


def _show(study: Study, blocks: list[Block], lang: Lang, *, as_json: bool) -> None:
    if as_json:
        emit(json.dumps(study_record(study, lang), ensure_ascii=False) + "\n")
        return
    blocks.append(table_of_study(study, lang))
    for case in study.all_cases:
        if case.is_asked and (case is not study.base or not case.is_planned):
            blocks += case_blocks(study, case, lang)
    print(text_of(blocks))


def _write(study: Study, out: Path | None, *, force: bool, lang: Lang, as_json: bool) -> None:
    if out is None:
        return
    write_comparison(study, out, lang=lang, force=force)
    lines = [LINES["files"].fill(lang), *(f"  {out / name}  {FILES[name].fill(lang)}" for name in NAMES)]
    if as_json:
        say(*lines)
    else:
        print("\n".join(["", *lines]))
