"""`Sweep`: a grid of settings solved, as tidy tables; along one weight its break points too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import pandas as pd

from matcher.domain.problem import Problem
from matcher.plan.plan import Plan
from matcher.whatif.along_weight import Pairs
from matcher.whatif.breakpoints import MOST_SOLVES, BreakPoints, find_break_points, pairs_of
from matcher.whatif.engine import Engine
from matcher.whatif.figures import has_plan
from matcher.whatif.frames import NOTHING, frame_of, measures_of, reason_of, values_of
from matcher.whatif.running import Outcome, run_tasks
from matcher.whatif.sweeping import Axis, Value, plan_letters, sweep_tasks, weight_varied

_POINT = {"state": "string", "status": "string", "reason": "string", "plan": "string"}
_MEASURED = {"kind": "string", "measure": "string", "value": "Float64", "bound": "Float64", "word": "string"}
_MATCHED = {"plan": "string", "director_id": "string", "company_id": "string", "points": "Int64"}


@dataclass(frozen=True)
class Sweep:
    """Every combination of what is varied, and what came of it.

    Attributes
    ----------
    points : the settings of each combination, the last axis running fastest; `outcomes` in the same order
    break_points : along one weight, where the best plan changes; None where they were not asked for
    most_solves : how many solves those might take
    is_stopped : somebody ended it; what had been finished is kept
    """

    problem: Problem
    axes: tuple[Axis, ...]
    points: tuple[tuple[Value, ...], ...]
    outcomes: tuple[Outcome, ...]
    break_points: BreakPoints | None = None
    most_solves: int = 0
    is_stopped: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The settings that are varied."""
        return tuple(axis.key for axis in self.axes)

    @property
    def n_done(self) -> int:
        """Combinations that are finished; one that Ctrl-C ended early is not."""
        return sum(_is_finished(outcome) for outcome in self.outcomes)

    @cached_property
    def plans(self) -> tuple[Pairs | None, ...]:
        """The matches of every combination by id; None where there is no plan, the empty set where it has no match."""
        return tuple(
            None if (plan := one.plan) is None or not has_plan(plan.document) else pairs_of(plan)
            for one in self.outcomes
        )

    @cached_property
    def letters(self) -> dict[Pairs, str]:
        """A letter for each different plan: those of the grid, then those that only the break points know."""
        regions = () if self.break_points is None else self.break_points.regions
        return plan_letters([*(pairs for pairs in self.plans if pairs is not None), *(one.plan for one in regions)])

    @cached_property
    def measures(self) -> pd.DataFrame:
        """One row a combination and measure; one without a plan has a row for each measure all the same.

        Columns: `point` (Int64, from 1); one for each setting, as it was given; `state`, `status`, `reason` (what kept
        it from a plan) and `plan`, its letter; `kind` (tier, tie_break, figure) and `measure`; `value` and `bound`
        (Float64, missing where there is none) and `word`.
        """
        documents = [None if one.plan is None else one.plan.document for one in self.outcomes]
        names = measures_of(documents)
        rows: list[tuple[object, ...]] = []
        for at, (outcome, document) in enumerate(zip(self.outcomes, documents, strict=True)):
            values, status = values_of(document), None if document is None else document.status
            head = (at + 1, *self.settings_of(at), outcome.state, status, reason_of(outcome), self.letter_of(at))
            rows += [(*head, *name, *values.get(name, NOTHING)) for name in names]
        return frame_of(rows, self._settings() | _POINT | _MEASURED)

    @cached_property
    def matches(self) -> pd.DataFrame:
        """One row a combination and match: `point`, its settings, `plan`, `director_id`, `company_id`, `points`."""
        rows = [
            (at + 1, *self.settings_of(at), self.letter_of(at), match.director_id, match.company_id, match.points)
            for at, outcome in enumerate(self.outcomes)
            if outcome.plan is not None
            for match in outcome.plan.document.assignments
        ]
        return frame_of(rows, self._settings() | _MATCHED)

    def letter_of(self, at: int) -> str | None:
        """The letter of a combination's plan, by its place from 0; None where it has none."""
        pairs = self.plans[at]
        return None if pairs is None else self.letters[pairs]

    def settings_of(self, at: int) -> list[Value]:
        """The settings of a combination, by its place from 0; texts where some value of the setting is one."""
        pairs = zip(self.points[at], self.axes, strict=True)
        return [str(value) if axis.is_text else value for value, axis in pairs]

    def _settings(self) -> dict[str, str]:
        return {"point": "Int64"} | {axis.key: _dtype(axis) for axis in self.axes}


def solve_grid(
    problem: Problem,
    axes: Sequence[Axis],
    *,
    engine: Engine | None = None,
    stop: threading.Event | None = None,
    most_solves: int = MOST_SOLVES,
    on_done: Callable[[int, int, Outcome], None] | None = None,
    on_solve: Callable[[int], None] | None = None,
) -> Sweep:
    """Every combination solved beside the others, and along one weight the break points.

    Parameters
    ----------
    engine : who solves the grid; None = one after the other
    stop : once set, nothing new is begun; what is done is kept
    most_solves : of the break points; 0 looks for none
    on_done : called with the number finished, of how many, and the outcome
    on_solve : called with the number of solves that went into break points, with 0 before the first

    Raises
    ------
    UsageError : a value that the policy refuses, too many combinations, or a setting named twice
    """
    halt = threading.Event() if stop is None else stop
    pairs = sweep_tasks(problem, axes)
    tell = on_done or (lambda n_done, of, outcome: None)
    outcomes = run_tasks(
        problem,
        [task for _, task in pairs],
        engine=engine,
        base=0,
        stop=halt,
        on_done=lambda n_done, outcome: tell(n_done, len(pairs), outcome),
    )
    grid = Sweep(problem, tuple(axes), tuple(point for point, _ in pairs), outcomes, is_stopped=halt.is_set())
    varied = weight_varied(axes)
    if varied is None or halt.is_set() or not most_solves:
        return grid
    if on_solve is not None:
        on_solve(0)
    found = find_break_points(
        problem, *varied, known=_known(grid), stop=halt, most_solves=most_solves, on_solve=on_solve
    )
    return replace(grid, break_points=found, most_solves=most_solves, is_stopped=halt.is_set())


def _known(grid: Sweep) -> dict[Fraction, Plan]:
    """Plans of the grid by weight, where they were solved to the end."""
    if grid.problem.policy.solve.gap:
        return {}
    return {
        Fraction(str(point[0])): outcome.plan
        for point, outcome in zip(grid.points, grid.outcomes, strict=True)
        if outcome.plan is not None and outcome.plan.status == "optimal"
    }


def _is_finished(outcome: Outcome) -> bool:
    if outcome.plan is None:
        return outcome.state != "not_run"
    return not outcome.plan.document.interrupted


def _dtype(axis: Axis) -> str:
    if axis.is_text:
        return "string"
    return "Int64" if all(isinstance(value, int) for value in axis.values) else "Float64"
