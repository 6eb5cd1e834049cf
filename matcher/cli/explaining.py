"""`matcher explain`: read a finished run, ask it, show the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from matcher.cli.foreseeing import foresee_check
from matcher.cli.guard import emit, say
from matcher.cli.interrupting import interruptible
from matcher.errors import UsageError
from matcher.explain.explanation import Audience
from matcher.explain.questions import ask, question_for
from matcher.explain.standing import build_standing
from matcher.io.outputs import language_of_report, refuse_edited_tables, rewrite_tables
from matcher.io.standing_file import read_run
from matcher.words.catalog import Lang
from matcher.words.cli import LINES


def run_explain(
    out: Path,
    question: str,
    ids: tuple[str, ...],
    *,
    source: Path | None,
    mapping: Path | None,
    lang: Lang,
    as_json: bool,
    audience: Audience,
    time_limit_s: float | None,
    threads: int | None,
    options: dict[str, Any],  # Any: each option of a question has its own type
    is_lang_given: bool = True,
) -> None:
    """Ask and print; the answer to `tables` is written into the run's files.

    Parameters
    ----------
    is_lang_given : whether `lang` was asked for; if not, files keep the language they are in

    Raises
    ------
    UsageError, DataError : as `read_run` and `ask`
    KeyboardInterrupt : at the first Ctrl-C, also while a solver is at work
    """
    question_for(question, ids)
    is_written = question == "tables"
    if is_written and audience == "company":
        raise UsageError("tables_for_staff")
    plan = read_run(out, source, mapping=mapping, before=foresee_check)
    if is_written:
        refuse_edited_tables(out)
        say(LINES["tables_begun"].fill(lang))
    explanation = interruptible(
        lambda stop: ask(
            build_standing(plan, time_limit_s=time_limit_s, threads=threads, stop=stop),
            question,
            ids,
            audience=audience,
            **options,
        ),
        may_stop=lambda: False,
        on_stop=lambda: None,
    )
    paths: list[Path] = []
    if is_written:
        plan.found["tables"] = explanation.answer
        own = None if is_lang_given else language_of_report(out)
        paths = rewrite_tables(plan, out, lang=own or lang)
    if as_json:
        emit(json.dumps(explanation.to_dict(), ensure_ascii=False, default=str) + "\n")
    elif is_written:
        print("\n".join([LINES["tables_written"].fill(lang), *(f"  {path}" for path in paths)]))
    else:
        print(explanation.to_text(lang))
