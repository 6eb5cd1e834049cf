"""The answers that a run's files show as tables: those that are cheap enough at once, or all of them on request.

What a run shows is decided by counts, never by a clock: the same plan gives the same files on any machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from math import inf
from types import MappingProxyType
from typing import Final, cast

from matcher.explain import alternatives, bottlenecks, fairness, overrides, refusals
from matcher.explain.alternatives import AlternativesAnswer
from matcher.explain.grades import Grades, MatchGrade, grades
from matcher.explain.overrides import TOTAL_TIME_S
from matcher.explain.records import Record
from matcher.explain.standing import Standing
from matcher.explain.summary import MAX_WAY_CELLS, brief_of, is_counted, is_of_these_data, is_proved
from matcher.plan.plan import Plan
from matcher.plan.proof_record import n_nodes

TABLES: Final = ("alternatives", "refusals", "overrides", "bottlenecks", "fairness")
"""Questions, in the order in which the files show their answers."""

N_CHEAPEST = 30
"""Overrides that a run makes sure of where each has to be solved again."""
MAX_WORK = 160_000
"""Of one table: times solved again × (candidates + `SOLVE_WORK`) × nodes of the plan's own proof; some 2 s."""
SOLVE_WORK = 1_000
"""What solving again costs beside its candidates, in candidates."""
MAX_CONSIDERED = 20_000
"""Pairs up to which bottlenecks and fairness, which count more than they solve, are shown at once; some 0.3 s."""


@dataclass(frozen=True)
class Tables:
    """The answers at hand.

    Attributes
    ----------
    asked : the standing that was asked; None where every question was left out, as building one takes its time
    answers : question → its answer; a question that was left out is missing
    grades : of every match; None where they were left out
    shortened : questions of which only the part is answered that is exact at once
    """

    asked: Standing | None
    answers: Mapping[str, object]
    grades: Grades | None
    shortened: tuple[str, ...] = ()

    @property
    def standing(self) -> Standing:
        """The standing that was asked, where there is an answer."""
        if self.asked is None:
            raise LookupError("no question was asked")
        return self.asked

    @property
    def left_out(self) -> tuple[str, ...]:
        """Questions that are not answered, in order."""
        return tuple(name for name in TABLES if name not in self.answers)


def tables_of(plan: Plan) -> Tables | None:
    """The tables that the files of a plan show; found once a plan. None where there is nothing to be told.

    Notes
    -----
    Where `ask` was asked before and its answer kept in ``plan.found``, that is shown.
    """
    if not plan.document.assignments:
        return None
    if "tables" not in plan.found:
        plan.found["tables"] = _at_once(plan)
    return cast("Tables | None", plan.found["tables"])


def grades_by_ids(plan: Plan) -> Mapping[tuple[str, str], MatchGrade] | None:
    """(director id, company id) → the grade of the match; None where they were left out."""
    tables = tables_of(plan)
    if tables is None or tables.grades is None:
        return None
    director_ids, company_ids = plan.problem.director_ids, plan.problem.company_ids
    return {(str(director_ids[one.pair[0]]), str(company_ids[one.pair[1]])): one for one in tables.grades.matches}


def ask(standing: Standing, *, budget: float = TOTAL_TIME_S) -> Tables:
    """All tables, whatever they take.

    Parameters
    ----------
    budget : seconds for each question that solves again; what it does not reach is said in its answer
    """
    answers: dict[str, object] = {
        "alternatives": alternatives.ask(standing, budget=budget),
        "refusals": refusals.ask(standing, budget=budget),
        "overrides": overrides.ask(standing, budget=budget),
        "bottlenecks": bottlenecks.ask(standing),
        "fairness": fairness.ask(standing),
    }
    return _tables(standing, answers)


def record(standing: Standing, answer: Tables) -> Record:
    """Every answer as plain data, as its own question gives it."""
    return {name: import_module(f"matcher.explain.{name}").record(standing, answer.answers[name]) for name in TABLES}


def _tables(standing: Standing, answers: dict[str, object], shortened: tuple[str, ...] = ()) -> Tables:
    found = answers.get("alternatives")
    known = found.grades if isinstance(found, AlternativesAnswer) else None
    return Tables(standing, MappingProxyType(answers), known, shortened)


def _at_once(plan: Plan) -> Tables | None:
    """What is exact and cheap; None where the matches are not of these data."""
    may = _affordable(plan)
    if not any(may.values()):
        return Tables(None, MappingProxyType({}), None)
    standing = brief_of(cast("Standing", plan.standing))
    if not is_of_these_data(standing):
        return None
    answers: dict[str, object] = {}
    shortened = []
    if may["alternatives"]:
        answers["alternatives"] = alternatives.ask(standing, budget=inf)
    if may["refusals"]:
        answers["refusals"] = refusals.ask(standing, budget=inf)
    if may["overrides"]:
        found = overrides.cheapest(standing, N_CHEAPEST)
        answers["overrides"] = found
        shortened += ["overrides"] if found.n_solved < found.n else []
    if may["counted"]:
        short = bottlenecks.sets_only(standing)
        answers["bottlenecks"] = short
        shortened += ["bottlenecks"] if short.bottlenecks else []
        answers["fairness"] = fairness.ask(standing, n_losses=fairness.N_LOSSES if may["fairness_losses"] else 0)
        shortened += [] if may["fairness_losses"] else ["fairness"]
    if may["grades"] and not may["alternatives"]:
        known = grades(standing, budget_s=inf)
        return Tables(standing, MappingProxyType(answers), known, tuple(shortened))
    return _tables(standing, answers, tuple(shortened))


def _affordable(plan: Plan) -> dict[str, bool]:
    """What may be computed at once, by the count of its work."""
    matches, n_pairs = plan.document.assignments, plan.candidates.n_asked
    n_matches, n_at_work = len(matches), len({match.director_id for match in matches})
    each = (n_pairs + SOLVE_WORK) * max(1, n_nodes(plan.document.proof))
    is_sound = is_proved(plan) and is_counted(plan)
    is_network = plan.document.solver.backend == "flow" and len(plan.problem.policy.objective) == 1
    n_ends = min(len(plan.problem.directors), len(plan.problem.companies))
    # Measured: of the parts of an alternatives search a third is solved for points, and few for their tie-breaks.
    times = {
        "alternatives": (alternatives.N_BEST + 3) * n_matches,
        "refusals": n_matches + n_at_work,
        "overrides": N_CHEAPEST,
        "grades": 3 * n_matches,
        "fairness_losses": 4 * fairness.N_LOSSES,
    }
    may = {name: is_sound and n * each <= MAX_WORK for name, n in times.items()}
    if is_network:
        may["overrides"] = is_sound and 2 * n_pairs * n_ends <= MAX_WAY_CELLS
    return may | {"counted": plan.candidates.n_considered <= MAX_CONSIDERED}
