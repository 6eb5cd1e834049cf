"""The spine: from a Problem to a Plan, one step a line."""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from matcher.domain.problem import Problem
from matcher.errors import DataError, Issue
from matcher.model.answer import Limits
from matcher.modelling import build_model
from matcher.pairing.candidates import Candidates, build_candidates
from matcher.plan.build import build_document
from matcher.plan.document import PlanDocument
from matcher.plan.plan import Plan

Step = str
Progress = Callable[[Step, str | None, int | None, int | None], None]
"""Called with a step's name (score, solve) and, while solving, the tier, and the best value and bound so far."""


def match(
    problem: Problem,
    *,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    start: Plan | PlanDocument | str | Path | None = None,
    clock: Callable[[], float] = time.perf_counter,
    log: bool = False,
    command: str = "",
) -> Plan:
    """The best plan for a problem under its own policy, with its certificate.

    Parameters
    ----------
    on_progress : see `Progress`
    stop : once another thread sets it, the best plan so far comes back, marked as ``interrupted``
    start : an earlier plan, or where its plan.json is: the solver starts from what of it is still a plan. What is best
        does not change, only how soon it is found; `Plan.start` counts what was of use
    clock : seconds, for the plan's `seconds`; nothing is decided by it
    log : keep the solver's own log in `plan.solver_log`
    command : what repeats this run, stored in the plan

    Raises
    ------
    DataError : a pin, or an engagement that the policy keeps fixed, breaks a hard rule
    ModelError : points whose sum could leave int64
    UsageError : there is no plan at `start`; a limit that the policy's backend cannot keep
    """
    from matcher.model.tiers import solve_tiers
    from matcher.plan.conflicts import explain_infeasible
    from matcher.plan.starting import start_of

    tell = on_progress or (lambda step, tier, value, bound: None)
    earlier = None if start is None else _document_of(start)
    started = clock()
    tell("score", None, None, None)
    candidates = build_candidates(problem)
    refuse_contradictions(problem, candidates)
    scored = clock()
    tell("solve", None, None, None)
    model = build_model(problem, candidates)
    limits = _limits(problem, log=log, stop=stop)
    begun = None if earlier is None else start_of(earlier, problem, candidates, model, limits)
    solved = solve_tiers(
        model.formulation,
        model.tiers,
        limits=limits,
        backend=problem.policy.solve.backend,
        of=candidates.of,
        on_progress=lambda tier, value, bound: tell("solve", tier, value, bound),
        start=None if begun is None else begun.x,
    )
    refutation = None
    if solved.answer.status == "infeasible":
        refutation = explain_infeasible(problem, candidates, model, solved.answer, limits)
    finished = clock()
    document = build_document(
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
    )
    return Plan(document, problem, candidates, solved.answer.log, begun)


def _document_of(plan: Plan | PlanDocument | str | Path) -> PlanDocument:
    from matcher.plan.writers import read_earlier

    if isinstance(plan, PlanDocument):
        return plan
    return plan.document if isinstance(plan, Plan) else read_earlier(Path(plan))


def refuse_contradictions(problem: Problem, candidates: Candidates) -> None:
    """Raise DataError where a pin, or a fixed engagement, breaks a hard rule: it is neither obeyed nor ignored."""
    issues = contradiction_issues(problem, candidates)
    if issues:
        raise DataError("data_has_faults", issues=issues, n=len(issues))


def contradiction_issues(problem: Problem, candidates: Candidates) -> list[Issue]:
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
