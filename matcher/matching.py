"""The spine: from a Problem to a Plan, one step a line."""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.domain.problem import Problem
from matcher.errors import DataError, Issue
from matcher.model.answer import Limits
from matcher.model.near import Near
from matcher.modelling import Model, Solved, build_model, near_prices
from matcher.modelling.searching import Searched, priced_search
from matcher.pairing.candidates import Candidates, build_candidates
from matcher.pairing.rescoring import rebuild_candidates
from matcher.pairing.search import Search, WhyNot, begin_search, why_not
from matcher.plan.build import Rows, build_document
from matcher.plan.document import PlanDocument
from matcher.plan.plan import Plan

if TYPE_CHECKING:
    from matcher.model.journal import Journal
    from matcher.model.tiers import TieredAnswer

Step = str
Progress = Callable[[Step, str | None, int | None, int | None], None]
"""Called with a step's name (score, solve) and, while solving, the tier, and the best value and bound so far."""


@dataclass(frozen=True)
class Base:
    """A problem that was matched, with what a changed one can use of it: candidates, model, prices, the plan's rows.

    It holds the whole model (1,000 directors × 10,000 companies × 20: 60 MB), so it is kept only where asked for. To
    another process it travels without model and candidates, which are built there from the problem, as it would have to
    find out about the problem there in any case.
    """

    plan: Plan
    model: Model
    solved: TieredAnswer
    rows: Rows

    def __reduce__(self) -> tuple[Callable[..., Base], tuple[object, ...]]:
        return _base_again, (self.plan.document, self.problem, self.solved, self.rows)

    @property
    def problem(self) -> Problem:
        return self.plan.problem


def _base_again(document: PlanDocument, problem: Problem, solved: TieredAnswer, rows: Rows) -> Base:
    candidates = build_candidates(problem)
    return Base(Plan(document, problem, candidates), build_model(problem, candidates), solved, rows)


def match(
    problem: Problem,
    *,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    start: Plan | PlanDocument | str | Path | None = None,
    base: Base | None = None,
    clock: Callable[[], float] = time.perf_counter,
    log: bool = False,
    command: str = "",
    journal: Journal | None = None,
) -> Plan:
    """The best plan for a problem under its own policy, with its certificate.

    Parameters
    ----------
    base : a problem that differs a little, matched by `match_base`: what did not change is not computed again. The plan
        is the same to the digest, `seconds` apart
    on_progress : see `Progress`
    stop : once another thread sets it, the best plan so far comes back, marked as ``interrupted``
    start : an earlier plan, or where its plan.json is: the solver starts from what of it is still a plan. What is best
        does not change, only how soon it is found; `Plan.start` counts what was of use
    clock : seconds, for the plan's `seconds`; nothing is decided by it
    log : keep the solver's own log in `plan.solver_log`
    command : what repeats this run, stored in the plan
    journal : what an interrupted run has solved; the plan is the same to the digest, `seconds` apart

    Raises
    ------
    DataError : a pin, or an engagement that the policy keeps fixed, breaks a hard rule
    ModelError : points whose sum could leave int64
    UsageError : there is no plan at `start`; a limit that the policy's backend cannot keep
    """
    return match_base(
        problem,
        on_progress=on_progress,
        stop=stop,
        start=start,
        base=base,
        clock=clock,
        log=log,
        command=command,
        journal=journal,
    ).plan


def match_base(
    problem: Problem,
    *,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    start: Plan | PlanDocument | str | Path | None = None,
    base: Base | None = None,
    clock: Callable[[], float] = time.perf_counter,
    log: bool = False,
    command: str = "",
    journal: Journal | None = None,
) -> Base:
    """The plan of `match`, with what other problems that differ a little can use of it; parameters as there."""
    from matcher.model.tiers import solve_tiers
    from matcher.plan.conflicts import explain_infeasible
    from matcher.plan.starting import start_of

    tell = on_progress or (lambda step, tier, value, bound: None)
    earlier = None if start is None else _document_of(start)
    started = clock()
    tell("score", None, None, None)
    limits = replace(_limits(problem, log=log, stop=stop), journal=journal)
    if base is not None and base.plan.candidates.is_part:
        base = None  # pairs that did not matter there may matter here
    searched, search = (None, {}) if base is not None else _searched(problem, limits, tell)
    while True:
        candidates = _candidates(problem, base) if searched is None else searched.candidates
        refuse_contradictions(problem, candidates)
        scored = clock()
        tell("solve", None, None, None)
        model = build_model(problem, candidates) if searched is None else searched.model
        begun = None if earlier is None else start_of(earlier, problem, candidates, model, limits)
        solved = solve_tiers(
            model.formulation,
            model.tiers,
            limits=limits if searched is None else searched.left_of(limits),
            backend=problem.policy.solve.backend,
            of=candidates.of,
            on_progress=lambda tier, value, bound: tell("solve", tier, value, bound),
            start=None if begun is None else begun.x,
            near=_near(problem, candidates, model, base) if searched is None else searched.near,
            held=None if searched is None else searched.held,
        )
        if searched is None or solved.answer.x is not None or limits.is_stopped:
            break
        tell("score", None, None, None)
        searched, search = None, _every_pair("model")  # a pair left out may be what a plan lacks
    refutation = None
    if solved.answer.status == "infeasible":
        # Of many small solvings none is worth writing down.
        refutation = explain_infeasible(problem, candidates, model, solved.answer, replace(limits, journal=None))
    finished = clock()
    built = build_document(
        problem,
        candidates,
        model,
        solved,
        refutation,
        versions=versions(),
        seconds={
            "score": round(scored - started, 4),
            "solve": round(finished - scored - solved.certify_s, 4),
            "certify": round(solved.certify_s, 4),
        },
        command=command,
        is_interrupted=limits.is_stopped,
        known=None if base is None else base.rows,
        search=search,
    )
    return Base(Plan(built.document, problem, candidates, solved.answer.log, begun), model, solved, built.rows)


def _candidates(problem: Problem, base: Base | None) -> Candidates:
    if base is None:
        return build_candidates(problem)
    return rebuild_candidates(base.plan.candidates, base.problem, problem).candidates


def _searched(problem: Problem, limits: Limits, tell: Progress) -> tuple[Searched | None, dict[str, str | int]]:
    """What a search found, None where every pair is scored; and what the plan says of it."""
    reason = why_not(problem)
    if reason is None:
        search = begin_search(problem)
        refuse_contradictions(problem, search)
        tell("solve", None, None, None)  # from here on, whoever ends it gets a plan
        searched = priced_search(problem, search, limits)
        if searched is not None:
            found: dict[str, str | int] = {
                "search": "bounded",
                "n_kept": searched.n_kept,
                "n_rounds": searched.n_rounds,
            }
            return searched, found if searched.is_whole else {**found, "search_reason": "cut_short"}
        reason = "model"
        tell("score", None, None, None)
    return None, _every_pair(reason)


def _every_pair(reason: WhyNot) -> dict[str, str | int]:
    """What the plan says of why every pair was scored, where that is worth saying."""
    is_told = reason not in ("asked", "few_pairs")
    return {"search": "every_pair", "search_reason": reason} if is_told else {}


def _near(problem: Problem, candidates: Candidates, model: Model, base: Base | None) -> Near | None:
    """The base's plan and the prices of its first tier; None where it has no plan, or another proof than prices."""
    if base is None:
        return None
    x, first = base.solved.answer.x, base.solved.results[0].evidence
    if x is None or first.kind != "prices" or first.prices is None or first.prices.scale != 1:
        return None
    solved = Solved(base.problem, base.plan.candidates, base.model, first.prices.row, x)
    return near_prices(solved, problem, candidates, model)


def _document_of(plan: Plan | PlanDocument | str | Path) -> PlanDocument:
    from matcher.plan.writers import read_earlier

    if isinstance(plan, PlanDocument):
        return plan
    return plan.document if isinstance(plan, Plan) else read_earlier(Path(plan))


def refuse_contradictions(problem: Problem, candidates: Candidates | Search) -> None:
    """Raise DataError where a pin, or a fixed engagement, breaks a hard rule: it is neither obeyed nor ignored."""
    issues = contradiction_issues(problem, candidates)
    if issues:
        raise DataError("data_has_faults", issues=issues, n=len(issues))


def contradiction_issues(problem: Problem, candidates: Candidates | Search) -> list[Issue]:
    """One fault for each pin and each fixed engagement that breaks a hard rule, with both sides named."""
    return [
        Issue(
            rule="fixed_engagement_breaks_hard_rule" if pin.is_engagement else "pin_breaks_hard_rule",
            file="engagements" if pin.is_engagement else "pairs",
            params={
                "director_id": str(problem.director_ids[pin.director_idx]),
                "company_id": str(problem.company_ids[pin.company_idx]),
                "failed": pin.failed,
            },
        )
        for pin in candidates.contradictions
    ]


def versions() -> dict[str, str]:
    """What the plan was computed with."""
    return dict(_versions())


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    names = ("matcher", "ortools", "numpy", "pandas", "networkx")
    return (*((name, version(name)) for name in names), ("python", platform.python_version()))


def _limits(problem: Problem, *, log: bool, stop: threading.Event | None) -> Limits:
    solve = problem.policy.solve
    return Limits(
        time_limit_s=solve.time_limit_s,
        gap=solve.gap,
        seed=solve.seed,
        threads=solve.threads,
        log=log,
        deterministic_limit=solve.deterministic_limit,
        stop=stop,
    )
