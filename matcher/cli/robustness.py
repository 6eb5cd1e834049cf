"""`matcher robustness`: how a plan stands noise in ratings and weights."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

from matcher.cli import INTERRUPTED
from matcher.cli.foreseeing import foresee
from matcher.cli.guard import emit, say
from matcher.cli.interrupting import interruptible
from matcher.cli.progress import time_left
from matcher.cli.resuming import resuming, settle
from matcher.errors import UsageError, WorkerError
from matcher.io import read_source
from matcher.io.robustness_out import refuse_occupied_robustness, write_robustness
from matcher.whatif.best_over_draws import AIMS, Aim
from matcher.whatif.drawing import DEFAULT_WEIGHT_SD
from matcher.whatif.engine import Engine
from matcher.whatif.robustness_record import record
from matcher.whatif.under_noise import DEFAULT_DRAWS, robustness
from matcher.words.catalog import Lang
from matcher.words.cli import LINES
from matcher.words.errors import error_text
from matcher.words.explaining import text_of
from matcher.words.robustness import ROBUSTNESS, robustness_blocks

NO_FEASIBLE_PLAN = 3
_TOLD_EVERY_S = 5.0


def run_robustness(
    source: Path,
    *,
    policy: Path | None,
    overrides: tuple[str, ...],
    draws: int | None,
    rating_sd: str | None,
    weight_sd: str | None,
    seed: int | None,
    best_by: str | None,
    engine: Engine,
    out: Path | None,
    force: bool,
    lang: Lang,
    as_json: bool,
) -> int:
    """Draw, solve and tell; 0, 3 where there is no plan, or 130 with the draws that were done.

    Raises
    ------
    WorkerError : ``draws_lost`` (n, reason), after everything was told of the others
    """
    n_draws = DEFAULT_DRAWS if draws is None else draws
    if not source.exists():  # asked first, as what follows would follow a loop of links
        raise UsageError("source_not_found", path=str(source))
    if out is not None:
        refuse_occupied_robustness(out, source=source)
    spread = None if rating_sd is None else _number("--rating-sd", rating_sd)
    weight_spread = DEFAULT_WEIGHT_SD if weight_sd is None else _number("--weight-sd", weight_sd)
    aims = _aims(best_by)
    engine, unfinished = resuming(engine, out, lang)
    problem = read_source(source, policy=policy, overrides=overrides)
    foresee(problem, lang)
    left = time_left(lang)
    told = (0, time.monotonic())

    def tell(n_done: int) -> None:
        nonlocal told
        # Two workers may end at once: a count can be passed over, a tenth is not. A tenth may take minutes.
        is_tenth = n_done * 10 // n_draws > told[0] * 10 // n_draws
        if n_done < n_draws and (is_tenth or time.monotonic() - told[1] >= _TOLD_EVERY_S):
            told = n_done, time.monotonic()
            say(LINES["robustness_so_far"].fill(lang, n=n_done, of=n_draws, left=left(n_done, n_draws)))

    is_stopped = threading.Event()
    lost: list[tuple[range, str]] = []
    try:
        found = interruptible(
            lambda stop: robustness(
                problem,
                draws=n_draws,
                rating_sd=spread,
                weight_sd=weight_spread,
                seed=seed,
                best=aims,
                engine=engine,
                stop=stop,
                on_done=tell,
                on_lost=lambda numbers, reason: lost.append((numbers, reason)),
            ),
            may_stop=lambda: True,
            on_stop=is_stopped.set,
        )
    except UsageError as error:
        if error.code != "no_plan_to_draw_for":
            raise
        say(error_text(error, lang))
        return INTERRUPTED if is_stopped.is_set() else NO_FEASIBLE_PLAN
    if as_json:
        emit(json.dumps(record(found), ensure_ascii=False) + "\n")
    else:
        print(text_of(robustness_blocks(found, lang)))
    if out is not None and found.n_draws:
        paths = write_robustness(found, out, lang=lang, force=force)
        say(ROBUSTNESS["files"].fill(lang, files=[str(out / path.name) for path in paths]))
    settle(unfinished, lang, is_whole=not is_stopped.is_set() and not lost)
    if is_stopped.is_set():
        say(LINES["interrupted_partly"].fill(lang))
        return INTERRUPTED
    if lost:
        raise WorkerError("draws_lost", n=sum(len(numbers) for numbers, _ in lost), reason=lost[0][1])
    return 0


def _aims(text: str | None) -> tuple[Aim, ...]:
    given = [] if text is None else text.replace(" ", "").split(",")
    unknown = next((name for name in given if name not in AIMS), None)
    if unknown is not None:
        raise UsageError("unknown_aim", given=unknown, known=AIMS)
    return tuple(aim for aim in AIMS if aim in given)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError("option_not_a_number", name=name, given=text) from None
