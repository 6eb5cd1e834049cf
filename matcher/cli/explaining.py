"""`matcher explain`: read a finished run, ask it, show the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from matcher.cli.guard import emit
from matcher.cli.interrupting import interruptible
from matcher.explain.explanation import Audience
from matcher.explain.questions import ask, question_for
from matcher.explain.standing import build_standing
from matcher.io.standing_file import read_run
from matcher.words.catalog import Lang


def run_explain(
    out: Path,
    question: str,
    ids: tuple[str, ...],
    *,
    source: Path | None,
    lang: Lang,
    as_json: bool,
    audience: Audience,
    time_limit_s: float | None,
    threads: int | None,
    options: dict[str, Any],  # Any: each option of a question has its own type
) -> None:
    """Ask and print.

    Raises
    ------
    UsageError, DataError : as `read_run` and `ask`
    KeyboardInterrupt : at the first Ctrl-C, also while a solver is at work
    """
    question_for(question, ids)
    plan = read_run(out, source)
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
    if as_json:
        emit(json.dumps(explanation.to_dict(), ensure_ascii=False, default=str) + "\n")
    else:
        print(explanation.to_text(lang))
