"""Going on where an interrupted command was ended: where it has an output folder, beside which results are kept."""

from __future__ import annotations

import json
from pathlib import Path

from matcher.cli.guard import say
from matcher.domain.problem import Problem
from matcher.engines.checkpoints import AFTER_S, Checkpoints
from matcher.engines.keeping import Resuming, Unfinished, unfinished_of
from matcher.matching import versions
from matcher.plan.decided import Decided
from matcher.plan.document import PlanDocument
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


def begin_checkpoints(
    out: Path,
    problem: Problem,
    start: PlanDocument | None,
    decided: Decided | None,
    lang: Lang,
    *,
    is_resumed: bool,
    after_s: float | None = None,
) -> Checkpoints:
    """What a run writes beside `out` as it solves; says so where something is there that it was not asked to use.

    Raises
    ------
    OutputError : a file stands where steps would be kept
    """
    unfinished = unfinished_of(out)
    if not is_resumed and not unfinished.is_empty:
        say(KEEPING["could_resume"].fill(lang, path=unfinished.folder))
    begun = "" if start is None else start.plan_digest()
    run = {"problem": problem.digest, "policy": problem.policy.digest(), "start": begun, **versions()}
    if decided is not None:
        run["decided"] = decided.model_dump_json()
    return Checkpoints(
        unfinished,
        json.dumps(run, sort_keys=True),
        is_resumed,
        AFTER_S if after_s is None else after_s,
        on_damaged=lambda place: say(KEEPING["damaged"].fill(lang, n=place + 1)),
    )


def settle_checkpoints(steps: Checkpoints, lang: Lang, *, is_whole: bool) -> None:
    """Say what was taken; take away what was kept once the plan is written, or say where it is."""
    if steps.n_taken:
        say(KEEPING["resumed"].fill(lang, n=steps.n_taken))
    elif steps.is_resumed:
        say(KEEPING["nothing_to_resume"].fill(lang, path=steps.unfinished.folder))
    if is_whole:
        steps.unfinished.remove()
    elif not steps.unfinished.is_empty:
        say(KEEPING["run_kept"].fill(lang, path=steps.unfinished.folder))
