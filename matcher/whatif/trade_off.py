"""The frontier of a programme: the plans that give more of one objective only for less of another.

Of two objectives it is exact: every pair of values that no plan betters, each with its plan, found and proved by the
same solves as any plan (`matcher.model.pareto`). Of three it is a sample on a grid of demands, and says so.

Not `frontier.py`: a submodule of that name would hide the function `matcher.whatif.frontier`.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.domain.policy import TIERS, TierName
from matcher.domain.problem import Problem
from matcher.errors import ModelError, UsageError
from matcher.matching import refuse_contradictions
from matcher.model.answer import Limits
from matcher.model.certificate import Word
from matcher.model.formulation import Formulation, Int64, with_objective
from matcher.model.pareto import Corner, supported, trace
from matcher.modelling import Model, build_model
from matcher.modelling.demands import with_at_least
from matcher.pairing.candidates import Candidates, build_candidates
from matcher.plan.document import Metrics
from matcher.plan.metrics import build_metrics
from matcher.plan.usage import build_usage
from matcher.whatif.along_weight import Pairs

MOST_POINTS = 50

_DEMANDED: tuple[TierName, ...] = (
    "companies_served",
    "worst_match",
    "fewest_changes",
    "earlier_matches",
    "even_load",
    "distance_km",
    "points",
)
"""Which of two objectives is the demand: the one whose row disturbs a model least."""


Match = tuple[str, str, int]

LESS_IS_MORE: tuple[TierName, ...] = ("even_load", "distance_km")
"""Objectives whose value is shown without its sign: kilometres, and the squares of how many each director has."""


@dataclass(frozen=True)
class Point:
    """One plan of a frontier.

    Attributes
    ----------
    values : of each objective, in the order asked for; every one is maximised, so kilometres stand below 0
    matches : director's id, company's id and points, in order
    word : that no plan betters these values: proved, claimed by a solver, or unknown
    is_supported : whether the plan is best for some weighing of the two objectives; None = not known, or of three
    is_open_after : whether further points may lie between this one and the next
    """

    values: tuple[int, ...]
    matches: tuple[Match, ...]
    metrics: Metrics
    word: Word
    is_supported: bool | None = None
    is_open_after: bool = False

    @property
    def pairs(self) -> Pairs:
        return frozenset((director, company) for director, company, _ in self.matches)


@dataclass(frozen=True)
class Frontier:
    """Points from the most of the first objective on.

    Attributes
    ----------
    first : tiers that the policy puts before these; every plan is best for them
    is_sample : of three objectives; then `is_complete` is False
    is_complete : whether these are all, proved
    of : what the plans are chosen from: ``all`` eligible pairs, or those ``kept``
    """

    objectives: tuple[TierName, ...]
    first: tuple[TierName, ...]
    points: tuple[Point, ...]
    is_sample: bool
    is_complete: bool
    n_solves: int
    most_points: int
    of: str
    is_stopped: bool = False


def shown_values(frontier: Frontier, point: Point) -> tuple[int, ...]:
    """A point's values as people know them: kilometres above 0."""
    return tuple(
        -value if name in LESS_IS_MORE else value for name, value in zip(frontier.objectives, point.values, strict=True)
    )


def parse_objectives(text: str) -> tuple[TierName, ...]:
    """``points,distance_km``: two or three tiers of a policy.

    Raises
    ------
    UsageError : ``objectives_not_known`` (given, known), ``objectives_not_two`` (n), ``objective_twice`` (given)
    """
    names = [part.strip() for part in text.split(",")]
    unknown = [name for name in names if name not in TIERS]
    if unknown:
        raise UsageError("objectives_not_known", given=unknown, known=TIERS)
    twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if twice is not None:
        raise UsageError("objective_twice", given=twice)
    if not 2 <= len(names) <= 3:
        raise UsageError("objectives_not_two", n=len(names))
    return tuple(name for wanted in names for name in TIERS if name == wanted)


def find_frontier(
    problem: Problem,
    objectives: Sequence[TierName],
    *,
    most_points: int = MOST_POINTS,
    stop: threading.Event | None = None,
    on_point: Callable[[int], None] | None = None,
) -> Frontier:
    """The plans of a problem that no other plan betters in all objectives.

    Parameters
    ----------
    objectives : two or three tiers. The limits of the policy hold, and the tiers that it puts before all of these come
        first; the order of what follows them does not count
    most_points : as many are looked for; of a longer frontier they are spread along
    stop : once set, nothing more is solved; what was found stands, and the rest is open
    on_point : called with the number of solves so far

    Raises
    ------
    DataError : as `matcher.match`
    UsageError : ``most_too_small`` for fewer than two points

    Notes
    -----
    Of plans with the same values the policy's tie-breaks and its lot decide. Solved to the end, whatever the policy's
    gap.
    """
    if most_points < 2:
        raise UsageError("most_too_small", given=most_points)
    search = _Search(problem, tuple(objectives), stop, on_point or (lambda n: None))
    is_sample = len(objectives) == 3
    points: tuple[Point, ...] = ()
    if search.base is not None:
        points = search.of_three(most_points) if is_sample else search.of_two(most_points)
    return Frontier(
        tuple(objectives),
        search.first,
        points,
        is_sample,
        not is_sample and search.is_complete,
        search.n_solves,
        most_points,
        search.candidates.of,
        stop is not None and stop.is_set(),
    )


@dataclass(frozen=True)
class _Plan:
    """One plan found: its columns, the value of each objective, and how sure each is."""

    x: Int64
    values: Mapping[TierName, int]
    word: Word


class _Search:
    """Solves under demands, and counts."""

    def __init__(
        self,
        problem: Problem,
        objectives: tuple[TierName, ...],
        stop: threading.Event | None,
        on_point: Callable[[int], None],
    ) -> None:
        self.first = _before(problem.policy.objective, objectives)
        policy = problem.policy.model_copy(update={"objective": (*self.first, *objectives)})
        self.problem, self.objectives = problem.with_policy(policy), objectives
        self.candidates: Candidates = build_candidates(self.problem)
        refuse_contradictions(self.problem, self.candidates)
        self.model: Model = build_model(self.problem, self.candidates)
        names = (*self.first, *objectives)
        self.tier = dict(zip(names, self.model.tiers[: len(names)], strict=True))
        solve = policy.solve
        self.limits = Limits(
            solve.time_limit_s,
            seed=solve.seed,
            threads=solve.threads,
            deterministic_limit=solve.deterministic_limit,
            stop=stop,
        )
        self.stop, self.on_point, self.n_solves = stop, on_point, 0
        self.plans: list[_Plan] = []
        self.is_complete = False
        self.base: Formulation | None = self.model.formulation
        self.first_word: Word = "proved"
        self._keep_first()

    def _keep_first(self) -> None:
        """The tiers that come first, as demands on every plan."""
        if not self.first:
            return
        best = self.solve(self.first, {})
        self.plans.clear()
        if best is None:
            self.base = None
            return
        self.first_word = best.word
        for name in self.first:
            if self.base is not None:
                self.base = with_at_least(self.base, self.tier[name], best.values[name])

    def solve(
        self, order: Sequence[TierName], demands: Mapping[TierName, int], start: Int64 | None = None
    ) -> _Plan | None:
        """The best plan by the objectives in this order, under demands; None where none was found."""
        from matcher.model.tiers import solve_tiers

        if self.stop is not None and self.stop.is_set():
            return None
        formulation = self.base
        tiers = (*(self.tier[name] for name in order), *self.model.tiers[self.model.n_policy_tiers :])
        backend = self.problem.policy.solve.backend
        self.n_solves += 1
        try:
            for name, least in demands.items():
                formulation = None if formulation is None else with_at_least(formulation, self.tier[name], least)
            if formulation is None:
                return None
            solved = solve_tiers(
                with_objective(formulation, tiers[0].objective),
                tiers,
                limits=self.limits,
                # A row more is no network: a policy that asks for flow leaves the choice here.
                backend=None if backend == "flow" and formulation is not self.model.formulation else backend,
                of=self.candidates.of,
                start=start,
            )
        except ModelError:
            return None
        finally:
            self.on_point(self.n_solves)
        results = solved.results[: len(order)]
        if solved.answer.x is None or len(results) < len(order) or self.limits.is_stopped:
            return None
        words: list[Word] = [result.certificate.word for result in results]
        levels: tuple[Word, ...] = ("proved", "claimed", "unknown")
        values = {name: result.value for name, result in zip(order, results, strict=True) if result.value is not None}
        plan = _Plan(solved.answer.x, values, max([*words, self.first_word], key=levels.index))
        self.plans.append(plan)
        return plan

    def of_two(self, most_points: int) -> tuple[Point, ...]:
        """Every point, or as many as were asked for, spread along."""
        kept = min(self.objectives, key=_DEMANDED.index)
        main = next(name for name in self.objectives if name != kept)

        def corner(plan: _Plan | None) -> Corner | None:
            if plan is None:
                return None
            return Corner(plan.values[main], plan.values[kept], plan.word == "proved", len(self.plans) - 1)

        def best_main(least: int | None, at_hand: Corner | None) -> Corner | None:
            start = None if at_hand is None else self.plans[at_hand.tag].x
            return corner(self.solve((main, kept), {} if least is None else {kept: least}, start))

        found = trace(best_main, lambda: corner(self.solve((kept, main), {})), most=most_points)
        self.is_complete = found.is_complete and self.first_word == "proved"
        marks = supported(found)
        is_open = (*found.is_open, False)
        points = [
            replace(self.point(self.plans[one.tag]), is_supported=mark, is_open_after=open_)
            for one, mark, open_ in zip(found.corners, marks, is_open, strict=False)
        ]
        if main != self.objectives[0]:  # the other way round, and what is open belongs to the point before
            points.reverse()
            points = [
                replace(point, is_open_after=open_)
                for point, open_ in zip(points, (*reversed(found.is_open), False), strict=False)
            ]
        return tuple(points)

    def of_three(self, most_points: int) -> tuple[Point, ...]:
        """A sample: the first objective raised under every demand of a grid over the other two, between their ends."""
        first, *others = self.objectives
        ends = [
            self.solve(order, {}) for order in ((name, *_without(self.objectives, name)) for name in self.objectives)
        ]
        known = [plan for plan in ends if plan is not None]
        n_steps = max(2, math.isqrt(most_points))
        if known:
            ranges = [_steps([plan.values[name] for plan in known], n_steps) for name in others]
            done: list[tuple[tuple[int, ...], _Plan]] = []
            for least in itertools.product(*ranges):
                is_known = any(
                    all(was <= now for was, now in zip(demand, least, strict=True))
                    and all(plan.values[name] >= now for name, now in zip(others, least, strict=True))
                    for demand, plan in done
                )
                plan = None if is_known else self.solve((first, *others), dict(zip(others, least, strict=True)))
                if plan is not None:
                    done.append((least, plan))
        best = _not_bettered([(tuple(plan.values[name] for name in self.objectives), plan) for plan in self.plans])
        return tuple(self.point(plan) for plan in best)

    def point(self, plan: _Plan) -> Point:
        """A plan found, in people's terms."""
        chosen = np.flatnonzero(plan.x[: self.candidates.n_pairs])
        directors = self.problem.director_ids[self.candidates.director_idx[chosen]]
        companies = self.problem.company_ids[self.candidates.company_idx[chosen]]
        usage = build_usage(self.problem, self.candidates, self.model.months, chosen)
        return Point(
            tuple(plan.values[name] for name in self.objectives),
            tuple(
                (str(one), str(other), int(points))
                for one, other, points in zip(directors, companies, self.candidates.points[chosen], strict=True)
            ),
            build_metrics(self.problem, self.candidates, usage),
            plan.word,
        )


def _before(policy: Sequence[TierName], objectives: Sequence[TierName]) -> tuple[TierName, ...]:
    """The policy's tiers before the first of the objectives; none where it asks for none of them."""
    place = next((at for at, name in enumerate(policy) if name in objectives), 0)
    return tuple(policy[:place])


def _without(names: Sequence[TierName], name: TierName) -> tuple[TierName, ...]:
    return tuple(one for one in names if one != name)


def _steps(values: Sequence[int], n_steps: int) -> list[int]:
    """Whole numbers from the least to the most, about evenly apart."""
    low, high = min(values), max(values)
    return sorted({low + (high - low) * at // (n_steps - 1) for at in range(n_steps)})


def _not_bettered(found: Sequence[tuple[tuple[int, ...], _Plan]]) -> list[_Plan]:
    """The plans that no other betters, one for each values, from the most of the first objective on."""
    one_each = dict(reversed(found))
    return [
        one_each[values]
        for values in sorted(one_each, reverse=True)
        if not any(other != values and all(a >= b for a, b in zip(other, values, strict=True)) for other in one_each)
    ]
