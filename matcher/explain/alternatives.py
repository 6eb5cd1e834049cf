"""The other plans that are nearly as good, best first, and how often each match of the plan is kept in them.

All plans but those found are cut into disjoint parts, one for each pair of the last plan found: this pair forbidden,
those before it forced. The best plan of each part waits in a queue; the best of them all is the next plan. So none is
missed and none comes twice, however many there are.

Source: Murty, An algorithm for ranking all the assignments in order of increasing cost (1968); Lawler, A procedure for
computing the K best solutions to discrete optimization problems (1972).
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from types import MappingProxyType

import numpy as np

from matcher.errors import UsageError
from matcher.explain.grades import BUDGET_S, SPREAD_POINTS, Grades, grades
from matcher.explain.losses import Pair, Step, Word, ordered_chain
from matcher.explain.part import Best, at_least, chosen_columns, pairs_of, ranking, solve_part, within
from matcher.explain.records import Record, chain_record
from matcher.explain.standing import Standing
from matcher.model.displacement import build_residual
from matcher.model.formulation import Formulation, Int64, with_objective
from matcher.model.objectives import Tier, value_at

WITHIN = "1%"
N_BEST = 10


@dataclass(frozen=True)
class OtherPlan:
    """One other plan.

    Attributes
    ----------
    pairs : its matches; points : of the tier that ranks; ranked : every tier from there on, tie-breaks included
    chain : what differs from the published plan
    """

    pairs: frozenset[Pair]
    points: int
    ranked: Mapping[str, int]
    chain: tuple[Step, ...]


@dataclass(frozen=True)
class AlternativesAnswer:
    """The other plans within a tolerance.

    Attributes
    ----------
    tier : what ranks: the points; the first tier where the policy does not ask for points
    points : of the published plan; ranked : its tiers from there on; tolerance_points, within : as given
    plans : at most `n_best`, best first; plans of equal points as the policy's tie-breaks put them
    is_all : whether there are no more within the tolerance; `is_out_of_time` where that was not found out
    word : ``proved``: the list is exactly that · ``claimed``: a solver says so of some part · ``unknown``: plans may be
        missing, and there may be better ones
    n_kept : match of the published plan → in how many of `plans` it is kept
    grades : of every match
    """

    tier: str
    points: int
    ranked: Mapping[str, int]
    tolerance_points: int
    within: str
    n_best: int
    plans: tuple[OtherPlan, ...]
    is_all: bool
    word: Word
    n_kept: Mapping[Pair, int]
    grades: Grades
    is_out_of_time: bool = False

    @property
    def tied(self) -> tuple[OtherPlan, ...]:
        """The plans of equal points."""
        return tuple(plan for plan in self.plans if plan.points == self.points)


def ask(
    standing: Standing,
    *,
    within: str = WITHIN,
    best: int = N_BEST,
    spread: int = SPREAD_POINTS,
    budget: float = BUDGET_S,
) -> AlternativesAnswer:
    """The best other plans.

    Parameters
    ----------
    within : how many points they may be short of the plan's: ``1%`` of its points, or ``120`` points
    best : how many are shown
    spread : points by which each pair's may be off, for the grades
    budget : seconds for the plans, and as many for the grades; what is listed by then stands

    Raises
    ------
    UsageError : ``within_not_read`` (given); ``best_too_small`` (given); ``no_value_to_compare`` where the plan was
        not solved as far as its points
    """
    if best < 1:
        raise UsageError("best_too_small", given=best)
    points = standing.base.values[standing.points_tier]
    if points is None:
        raise UsageError("no_value_to_compare")
    tolerance = tolerance_of(within, points)
    formulation, tiers = ranking(standing)
    search = _Search(standing, formulation, tiers, points - tolerance, time.monotonic() + budget)
    plans: list[OtherPlan] = []
    for plan in search.plans():
        if len(plans) == best:
            search.is_more = True
            break
        plans.append(plan)
    kept = {pair: sum(pair in plan.pairs for plan in plans) for pair in sorted(standing.pairs)}
    return AlternativesAnswer(
        tier=tiers[0].name,
        points=points,
        ranked=MappingProxyType(search.ranked(search.published)),
        tolerance_points=tolerance,
        within=within,
        n_best=best,
        plans=tuple(plans),
        is_all=not search.is_more,
        word=search.word,
        n_kept=MappingProxyType(kept),
        is_out_of_time=search.is_out_of_time,
        grades=grades(standing, spread_points=spread, budget_s=budget),
    )


def tolerance_of(within: str, points: int) -> int:
    """Points a plan may be short of, from ``1%`` or ``120``; a share is rounded down to whole points.

    Raises
    ------
    UsageError : ``within_not_read`` (given)
    """
    text = within.strip().replace("％", "%")
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise UsageError("within_not_read", given=within)
    # In whole hundred-millionths: 0.1 % of 30,000 is 30, not 29.999….
    return round(number * 1e6) * abs(points) // 10**8 if text.endswith("%") else int(number)


@dataclass(frozen=True)
class _Part:
    """A part of all plans: which columns it has and lacks, and of which columns it has one at least."""

    forced: tuple[int, ...] = ()
    forbidden: tuple[int, ...] = ()
    some_beside: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class _Waiting:
    """A part in the queue: not solved yet (no `best`), solved for its points, or ranked by all tiers."""

    part: _Part
    best: Best | None = None
    is_ranked: bool = False


_Queue = list[tuple[tuple[float, ...], int, _Waiting]]
"""(minus what ranks, turn, …): what is not ranked yet comes before everything that may be its equal."""

_OPEN = float("-inf")


@dataclass
class _Search:
    """The queue of parts; grows while `plans` is read."""

    standing: Standing
    formulation: Formulation
    tiers: tuple[Tier, ...]
    least: int
    ends_at: float
    word: Word = "proved"
    is_more: bool = False
    is_out_of_time: bool = False
    _order: Iterator[int] = field(default_factory=count)

    @property
    def published(self) -> Int64:
        """(n_cols,) the plan's pairs; auxiliary columns are left 0, as no tier that ranks is read off them."""
        x = np.zeros(self.formulation.n_cols, np.int64)
        x[: self.standing.candidates.n_pairs] = self.standing.is_chosen
        return x

    def ranked(self, x: Int64) -> dict[str, int]:
        """Every tier that ranks, by name; what is no sum over pairs is left out."""
        n_pairs = self.standing.candidates.n_pairs
        found = {tier.name: value_at(tier, x, n_pairs) for tier in self.tiers if tier.name != "even_load"}
        return {name: value for name, value in found.items() if value is not None}

    def plans(self) -> Iterator[OtherPlan]:
        """The other plans, best first, down to the least points."""
        base, place = self.standing.base, self.standing.points_tier
        is_proved = all(word == "proved" for word in base.words[: place + 1])
        start = Best(self.published, (), None, "proved" if is_proved else "unknown", is_possible=True)
        bound = base.bounds[place]
        queue: _Queue = []
        self._branch(queue, _Part(), start, float("inf") if bound is None else bound)
        while queue:
            key, _, waiting = heapq.heappop(queue)
            if -key[0] < self.least:
                return
            if time.monotonic() > self.ends_at:
                self.is_more = self.is_out_of_time = True
                return
            if waiting.best is None or not waiting.is_ranked:
                self._rank(queue, waiting)
                continue
            yield self._plan(waiting.best)
            self._branch(queue, waiting.part, waiting.best, waiting.best.values[0])

    def _rank(self, queue: _Queue, waiting: _Waiting) -> None:
        """Solve a part for its points; one whose turn has come with all tiers.

        Notes
        -----
        Most parts are never asked for more than their points, and where no prices are tight each tier costs a tree.
        """
        is_turn = waiting.best is not None
        best = solve_part(self.standing, self._formulation(waiting.part), self.tiers[: None if is_turn else 1])
        order: tuple[Word, ...] = ("proved", "claimed", "unknown")
        self.word = max(self.word, best.word, key=order.index)
        if best.x is None or best.values[0] < self.least:
            return
        n_open = len(self.tiers) - len(best.values)
        ranks = (*(-value for value in best.values), *[float("inf") if is_turn else _OPEN] * n_open)
        heapq.heappush(queue, (ranks, next(self._order), _Waiting(waiting.part, best, is_turn)))

    def _branch(self, queue: _Queue, part: _Part, best: Best, most: float) -> None:
        """Queue the parts of what is left of a part without its best plan, each under a bound of its points."""
        assert best.x is not None
        chosen = chosen_columns(self.standing, best.x)
        lower = self.formulation.column_lower
        free = [int(column) for column in chosen if lower[column] == 0 and column not in part.forced]
        bounds = self._bounds(part, best, free, most)
        for place, column in enumerate(free):
            bound = bounds[column]
            if bound is not None and bound >= self.least:
                child = replace(part, forced=(*part.forced, *free[:place]), forbidden=(*part.forbidden, column))
                heapq.heappush(queue, ((-bound, _OPEN), next(self._order), _Waiting(child)))
        if self._may_grow(part, chosen, best):
            others = np.setdiff1d(np.arange(self.standing.candidates.n_pairs), chosen)
            beside = (*part.some_beside, tuple(others.tolist()))
            child = replace(part, forced=tuple(chosen.tolist()), some_beside=beside)
            heapq.heappush(queue, ((-most, _OPEN), next(self._order), _Waiting(child)))

    def _may_grow(self, part: _Part, chosen: Int64, best: Best) -> bool:
        """Whether a plan may hold all of a best plan's pairs and more.

        Notes
        -----
        Not where every other pair has points above 0: such a plan would have more points than the best one.
        """
        is_open = self.formulation.column_upper[: self.standing.candidates.n_pairs] > 0
        is_open[chosen] = False
        is_open[list(part.forbidden)] = False
        if self.tiers[0].kind == "least" or best.word != "proved":
            return bool(is_open.any())
        return bool((self.tiers[0].objective[: is_open.size][is_open] <= 0).any())

    def _bounds(self, part: _Part, best: Best, free: list[int], most: float) -> Mapping[int, float | None]:
        """Column → points that no plan without it has more of; None where there is none.

        Notes
        -----
        In a network the loss of forbidding a pair alone, exact; forcing others beside it can only lose more.
        """
        residual = None
        formulation = self._formulation(part)
        is_plain = formulation.n_cols == formulation.n_pairs and self.tiers[0].kind == "sum"
        if best.word == "proved" and is_plain and best.x is not None and not self.tiers[0].tolerance:
            residual = build_residual(with_objective(formulation, self.tiers[0].objective), best.x)
        if residual is None or best.x is None:
            return dict.fromkeys(free, most)
        losses, is_possible = residual.losses_of_forbidding(np.array(free, np.int64))
        value = int(self.tiers[0].objective @ best.x)
        return {
            column: float(value - loss) if possible else None
            for column, loss, possible in zip(free, losses.tolist(), is_possible.tolist(), strict=True)
        }

    def _formulation(self, part: _Part) -> Formulation:
        out = within(self.formulation, forced=part.forced, forbidden=part.forbidden)
        for place, beside in enumerate(part.some_beside):
            coef = np.zeros(out.n_cols, np.int64)
            coef[list(beside)] = 1
            out = at_least(out, f"beside:{place}", coef, 1)
        return out

    def _plan(self, best: Best) -> OtherPlan:
        assert best.x is not None
        pairs = pairs_of(self.standing, chosen_columns(self.standing, best.x))
        ranked = MappingProxyType(self.ranked(best.x))
        return OtherPlan(pairs, best.values[0], ranked, ordered_chain(self.standing.pairs, pairs))


def record(standing: Standing, answer: AlternativesAnswer) -> Record:
    """The answer as plain data."""
    problem = standing.problem
    grade_of = {match.pair: match for match in answer.grades.matches}
    return {
        "tier": answer.tier,
        "points": answer.points,
        "ranked": dict(answer.ranked),
        "within": answer.within,
        "tolerance_points": answer.tolerance_points,
        "word": answer.word,
        "is_all": answer.is_all,
        "out_of_time": answer.is_out_of_time,
        "n_tied": len(answer.tied),
        "plans": [
            {
                "points": plan.points,
                "loss_points": answer.points - plan.points,
                "ranked": dict(plan.ranked),
                "matches": [
                    {"director_id": problem.director_ids[d], "company_id": problem.company_ids[c]}
                    for d, c in sorted(plan.pairs)
                ],
                "chain": chain_record(standing, plan.chain),
            }
            for plan in answer.plans
        ],
        "spread_points": answer.grades.spread_points,
        "matches": [
            {
                "director_id": problem.director_ids[pair[0]],
                "company_id": problem.company_ids[pair[1]],
                "n_kept": n_kept,
                "grade": grade_of[pair].grade,
                "grade_reason": grade_of[pair].reason,
                "grade_word": grade_of[pair].word,
            }
            for pair, n_kept in answer.n_kept.items()
        ],
        "off_by_points": standing.off_by,
    }
