"""What analysts call: scenarios applied and solved, plans compared, settings varied; results are DataFrames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from matcher.errors import UsageError
from matcher.plan.plan import Plan
from matcher.whatif.figures import FIGURES, figures_of
from matcher.whatif.frames import MEASURES, MOVES
from matcher.whatif.frontier_record import frontier_frame
from matcher.whatif.handed import engine_named, rooms_above
from matcher.whatif.running import Outcome, run_tasks
from matcher.whatif.study import Study, study_of_plans
from matcher.whatif.sweeping import Axis, Value, parse_axis, sweep_tasks
from matcher.whatif.trade_off import MOST_POINTS, find_frontier, parse_objectives

if TYPE_CHECKING:
    from matcher.domain.policy import TierName
    from matcher.domain.problem import Problem
    from matcher.whatif.engine import Engine
    from matcher.whatif.handed import Scenario

Plans = Sequence[Plan] | Mapping[str, Plan]

SWEPT: Final = ("state", "status", "word", "plan")
"""Columns of `sweep` beside its settings, the tiers and the figures of `matcher.whatif.figures.FIGURES`."""


def apply(problem: Problem, scenario: Scenario) -> Problem:
    """The problem after the changes of a what-if; the problem itself stays as it is.

    Parameters
    ----------
    scenario : a what-if file, or a mapping of what would stand in one (``{"changes": […]}``)

    Raises
    ------
    UsageError : there is no such file
    PolicyError : its faults, each with its place; nothing is applied then
    """
    return rooms_above().apply(problem, scenario)


def run(
    problem: Problem,
    scenarios: Sequence[Scenario] | Mapping[str, Scenario],
    *,
    workers: int = 2,
    engine: str | Engine = "threads",
) -> Study:
    """The base and every scenario solved; one that fails has its reason, and loses no other.

    Parameters
    ----------
    scenarios : what-if files or mappings; with names of their own as a mapping of name → scenario
    workers : so many at once
    engine : who solves them; see `sweep`

    Returns
    -------
    Study : its `measures` and `moves` are DataFrames, `plans` the plans, and `write` writes what ``--out`` does

    Raises
    ------
    UsageError : ``whatif_twice`` for a file that is given twice
    """
    return rooms_above().run(problem, scenarios, engine_named(engine, workers))


def compare(plans: Plans) -> pd.DataFrame:
    """One row a plan and measure: every tier, tie-break and figure, beside those of the first plan.

    Parameters
    ----------
    plans : the first is what the others are compared with; a mapping gives them names, else they are 1, 2, …

    Returns
    -------
    DataFrame with the columns and dtypes of `MEASURES`

    Raises
    ------
    UsageError : ``nothing_to_compare`` for no plan at all
    """
    return _study(plans).measures


def moves(plans: Plans) -> pd.DataFrame:
    """One row a company whose director is another than in the first plan, chain by chain.

    Returns
    -------
    DataFrame with the columns and dtypes of `MOVES`

    Raises
    ------
    UsageError : ``nothing_to_compare`` for no plan at all
    """
    return _study(plans).moves


def sweep(
    problem: Problem,
    vary: Mapping[str, Sequence[Value] | str],
    *,
    workers: int = 2,
    engine: str | Engine = "threads",
) -> pd.DataFrame:
    """One row a combination of settings, solved beside the others; the last setting runs fastest.

    Parameters
    ----------
    vary : dotted key of the policy → its values, or a text such as ``0:40:5`` (from, to, step)
    workers : so many at once
    engine : ``threads``; ``processes``, which pays for many small solves, and needs a script to stand under
        ``if __name__ == "__main__":``; ``ray``; ``auto`` (threads, then processes where they pay); or an engine of your
        own. The result is the same

    Returns
    -------
    DataFrame : the settings as they were given; `state`, `status`, `word` (string); the objective's tiers and the
        figures (Float64, missing without a plan); `plan` (Int64, the same number for the same matches, from 1)

    Raises
    ------
    UsageError : a value that the policy refuses, or too many combinations
    """
    axes = [
        parse_axis(f"{key}={values}") if isinstance(values, str) else Axis(key, tuple(values))
        for key, values in vary.items()
    ]
    points = sweep_tasks(problem, axes)
    outcomes = run_tasks(problem, [task for _, task in points], engine=engine_named(engine, workers), base=0)
    rows = [
        _swept(dict(zip(vary, point, strict=True)), outcome)
        for (point, _), outcome in zip(points, outcomes, strict=True)
    ]
    frame = pd.DataFrame(rows)
    numbers: dict[frozenset[tuple[str, str]], int] = {}
    frame["plan"] = pd.array(
        [None if (pairs := _pairs(one)) is None else numbers.setdefault(pairs, len(numbers) + 1) for one in outcomes],
        dtype="Int64",
    )
    texts = dict.fromkeys(("state", "status", "word"), "string")
    dtypes = {name: texts.get(name, "Float64") for name in frame.columns if name not in vary and name != "plan"}
    return frame.astype(dtypes)


def frontier(
    problem: Problem,
    objectives: Sequence[TierName] | str = ("points", "distance_km"),
    *,
    most_points: int = MOST_POINTS,
) -> pd.DataFrame:
    """What two objectives cost each other: one row a plan that gives more of one only for less of the other.

    Parameters
    ----------
    objectives : two tiers of a policy, or three for a sample; a text such as ``points,distance_km`` too
    most_points : as many plans are looked for; of more they are spread along

    Returns
    -------
    DataFrame : as `matcher.whatif.frontier_record.frontier_frame` says; no row where there is no plan

    Raises
    ------
    UsageError : an objective that is not known, twice, or one alone; fewer than two plans asked for
    """
    names = parse_objectives(objectives if isinstance(objectives, str) else ",".join(objectives))
    return frontier_frame(find_frontier(problem, names, most_points=most_points))


def _study(plans: Plans) -> Study:
    named = plans if isinstance(plans, Mapping) else {str(at): plan for at, plan in enumerate(plans, start=1)}
    if not named:
        raise UsageError("nothing_to_compare")
    return study_of_plans(named)


def _swept(settings: dict[str, Value], outcome: Outcome) -> dict[str, object]:
    document = None if outcome.plan is None else outcome.plan.document
    figures = dict.fromkeys(FIGURES) if document is None else figures_of(document)
    return {
        **settings,
        "state": outcome.state,
        "status": None if document is None else document.status,
        "word": None if document is None else document.certificate.word,
        **({} if document is None else document.objective),
        **figures,
    }


def _pairs(outcome: Outcome) -> frozenset[tuple[str, str]] | None:
    if outcome.plan is None or outcome.plan.status not in ("optimal", "feasible"):
        return None
    return frozenset((match.director_id, match.company_id) for match in outcome.plan.document.assignments)


__all__ = ["MEASURES", "MOVES", "SWEPT", "apply", "compare", "frontier", "moves", "run", "sweep"]
