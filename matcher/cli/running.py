"""`matcher run`: read, match, write, show."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from pathlib import Path

from matcher.cli import INTERRUPTED
from matcher.cli.guard import emit, say
from matcher.cli.interrupting import interruptible
from matcher.cli.progress import progress
from matcher.domain.problem import Problem
from matcher.errors import DataError, Issue, OutputError
from matcher.io.faults import RepairGroups
from matcher.matching import Progress
from matcher.model.journal import Journal
from matcher.plan.decided import Decided
from matcher.plan.document import PlanDocument
from matcher.plan.plan import Plan
from matcher.words.catalog import Lang

NO_FEASIBLE_PLAN = 3
TIME_LIMIT_WITHOUT_PLAN = 4


def run_match(
    source: Path,
    *,
    policy: Path | None,
    overrides: tuple[str, ...],
    out: Path | None,
    force: bool,
    formats: tuple[str, ...],
    lang: Lang,
    as_json: bool,
    log_solver: bool,
    command: str,
    mapping: Path | None = None,
    start: Path | None = None,
    decisions: Path | None = None,
    strict: bool = False,
    encoding: str | None = None,
    resume: bool = False,
    checkpoint_after_s: float | None = None,
) -> int:
    """Run one batch; returns the exit code: 0, 3 without a feasible plan, 4 where time ran out before one.

    Parameters
    ----------
    resume : go on from what an interrupted run left beside `out`
    checkpoint_after_s : seconds from which steps that are solved are written there, None = a minute

    Notes
    -----
    Ctrl-C while solving gives the best plan so far, marked, and 130; else it gives up and nothing is written.
    """
    from matcher.cli.foreseeing import foresee
    from matcher.cli.resuming import begin_checkpoints, settle_checkpoints
    from matcher.cli.show import as_asked, plan_lines, repair_lines, start_line, unread_lines
    from matcher.errors import UsageError
    from matcher.io import read_source
    from matcher.io.decisions import read_decisions
    from matcher.io.outputs import refuse_occupied, refuse_unknown, write_run
    from matcher.io.plan_file import read_earlier
    from matcher.words.cli import LINES

    if not source.exists():  # asked first, as what follows would follow a loop of links
        raise UsageError("source_not_found", path=str(source))
    folder = out if out is not None else Path("out") / _name_of(source)
    refuse_unknown(formats)
    _refuse_decisions_inside(folder, decisions)
    refuse_occupied(folder, source=source)
    earlier = None if start is None else read_earlier(start)
    unread: list[Issue] = []
    repairs: list[RepairGroups] = []
    asked = as_asked(source, mapping, encoding)
    try:
        with progress(lang) as tell:
            marks = [time.perf_counter()]
            problem = read_source(
                source,
                policy=policy,
                overrides=overrides,
                mapping=mapping,
                on_check=lambda: marks.append(time.perf_counter()),
                on_unread=unread.append,
                on_repairs=repairs.append,
                strict=strict,
                encoding=encoding,
            )
            marks.append(time.perf_counter())
            seconds = {"read": round(marks[1] - marks[0], 4), "check": round(marks[-1] - marks[1], 4)}
            decided = None if decisions is None else read_decisions(decisions, problem)
            foresee(problem, lang)
            journal = begin_checkpoints(
                folder, problem, earlier, decided, lang, is_resumed=resume, after_s=checkpoint_after_s
            )
            try:
                plan = _interruptible_match(
                    _solver(problem, decided, earlier, log_solver, command, journal), tell, lang
                )
            except DataError as error:
                raise _with_rows(error, problem, decided, source, policy, overrides, mapping, encoding) from None
            tell("write", None, None, None)
            paths = write_run(plan, folder, lang=lang, force=force, formats=formats, seconds=seconds)
            settle_checkpoints(journal, lang, is_whole=not plan.document.interrupted)
    finally:
        # Also before a fault: an id that nobody has may stand in a file that was not read.
        say(*unread_lines(unread, len(unread), asked, lang))
        say(*(line for groups in repairs for line in repair_lines(groups, asked, lang)))
    if earlier is not None and start is not None and plan.start is not None:
        if earlier.digests.get("problem") != problem.digest:
            say(LINES["start_other_data"].fill(lang, path=start))
        say(start_line(plan.start, start, lang))
    if log_solver and plan.solver_log:
        say(plan.solver_log.rstrip())
    if as_json:
        emit((folder / "plan.json").read_text(encoding="utf-8"))
    else:
        print("\n".join(plan_lines(plan, paths, lang)))
    if plan.document.interrupted:
        return INTERRUPTED
    return {"infeasible": NO_FEASIBLE_PLAN, "unknown": TIME_LIMIT_WITHOUT_PLAN}.get(plan.status, 0)


def _solver(
    problem: Problem,
    decided: Decided | None,
    earlier: PlanDocument | None,
    log: bool,
    command: str,
    journal: Journal | None,
) -> Callable[[Progress, threading.Event], Plan]:
    """What finds the plan: under decisions where there are any."""
    from matcher.matching import match
    from matcher.whatif.decided import match_decided

    if decided is None:
        return lambda show, stop: match(
            problem, on_progress=show, stop=stop, start=earlier, log=log, command=command, journal=journal
        )
    return lambda show, stop: match_decided(
        problem, decided, on_progress=show, stop=stop, start=earlier, log=log, command=command, journal=journal
    )


def _with_rows(
    error: DataError,
    problem: Problem,
    decided: Decided | None,
    source: Path,
    policy: Path | None,
    overrides: tuple[str, ...],
    mapping: Path | None,
    encoding: str | None,
) -> DataError:
    """What contradicts a rule has a row: of the decisions, or one that checking knows."""
    from matcher.io import check_source
    from matcher.io.decision_conflicts import name_both_sides

    if decided is not None:
        named = name_both_sides(
            error.issues,
            decided,
            problem,
            source,
            policy=policy,
            overrides=overrides,
            mapping=mapping,
            encoding=encoding,
        )
        if named:
            return DataError("decisions_have_faults", issues=named, path=decided.file, n=len(named))
    found = check_source(source, policy=policy, overrides=overrides, mapping=mapping, encoding=encoding)
    return DataError(error.code, issues=found.faults or error.issues, n_issues=found.n_faults, **error.params)


def _refuse_decisions_inside(folder: Path, decisions: Path | None) -> None:
    """Raise OutputError where the folder that is written holds the decisions: they would be replaced with it."""
    from matcher.io.outputs import resolved_folder

    if decisions is None or resolved_folder(folder) not in decisions.resolve().parents:
        return
    number = next(n for n in itertools.count(2) if not folder.with_name(f"{folder.name}-{n}").exists())
    raise OutputError("out_holds_decisions", path=str(folder), near=folder.with_name(f"{folder.name}-{number}"))


def _interruptible_match(solve: Callable[[Progress, threading.Event], Plan], tell: Progress, lang: Lang) -> Plan:
    """The plan, or the best one so far at the first Ctrl-C; KeyboardInterrupt where there is none to write."""
    from matcher.words.cli import LINES

    reached = [""]

    def show(step: str, tier: str | None, value: int | None, bound: int | None) -> None:
        reached[0] = step
        tell(step, tier, value, bound)

    plan = interruptible(
        lambda stop: solve(show, stop),
        may_stop=lambda: reached[0] == "solve",
        on_stop=lambda: say(LINES["interrupted_solving"].fill(lang)),
    )
    if plan.document.interrupted and plan.status == "unknown":
        say(LINES["interrupted_without_plan"].fill(lang))
        raise KeyboardInterrupt
    return plan


def _name_of(source: Path) -> str:
    """What an output folder is called after its source: the folder's name, or the file's."""
    if source.name.lower() in ("scenario.yaml", "scenario.yml"):
        return source.resolve().parent.name
    return source.resolve().stem if source.is_file() else source.resolve().name
