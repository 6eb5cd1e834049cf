"""The plan that is best over all draws together: by its mean points, or by the mean of its worst tenth.

The mean is linear: the mean over draws of a sum of points is the sum of the mean points. So the plan of the best mean
is that of one ordinary assignment problem, whose points are added up over the draws, and is certified as any other.

The mean of the worst tenth (the K draws in which the plan has fewest points; CVaR) is not. But for every weighting of
the draws that gives none more than 1/K of all, the weighted points of a plan are at least the mean of its worst K. So
the certified bound of the assignment problem with those points bounds the worst tenth of every plan. The weightings are
found by fictitious play: the K worst draws of the latest plan are added to the weights, and the plan that is best for
them is the next. Of all plans seen (those of the draws too) the best is kept; its worst tenth is counted exactly. What
is left between it and the least bound is the gap; the steps end where it is within the policy's. Source:
Rockafellar, Uryasev, Optimization of conditional value-at-risk (2000), whose dual this is; Brown, Iterative solution of
games by fictitious play (1951).

Pairs are those eligible as the data stand; a pair counts with its drawn points also where a draw lets it fall below a
threshold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from matcher.errors import UsageError
from matcher.model.formulation import Int64
from matcher.model.tiers import solve_tiers
from matcher.whatif.drawing import Draw, draw_of
from matcher.whatif.redrawing import DrawResult, Redrawing

Aim = Literal["mean", "tail"]
AIMS: tuple[Aim, ...] = ("mean", "tail")

_TAIL = 10
_MOST_STEPS = 40


@dataclass(frozen=True)
class BestOverDraws:
    """The plan that is best by one aim.

    Attributes
    ----------
    chosen : (n_chosen,) its columns
    value, base_value : mean points a draw, of all draws or of the worst tenth of this plan's (the base plan's) own
    bound : what no plan passes; word : ``proved`` where the value meets it, else ``claimed`` or ``unknown``
    n_counted : draws that the mean is of
    """

    aim: Aim
    chosen: Int64
    value: Fraction
    base_value: Fraction
    bound: Fraction | None
    word: Literal["proved", "claimed", "unknown"]
    n_counted: int

    @property
    def gap(self) -> float | None:
        """(bound − value) / value, None without a bound."""
        return None if self.bound is None else float((self.bound - self.value) / max(Fraction(1), abs(self.value)))


def best_over_draws(redrawing: Redrawing, results: Sequence[DrawResult], aim: Aim) -> BestOverDraws | None:
    """The plan of the best mean, or of the best mean of the worst tenth, over the draws of `results`; None if stopped.

    Raises
    ------
    UsageError : ``best_needs_points`` where the policy does not maximise points first; ``unknown_aim`` (given, known)
    """
    if aim not in AIMS:
        raise UsageError("unknown_aim", given=aim, known=AIMS)
    refuse_without_points(redrawing.drawable.problem.policy.objective)
    if not results:
        return None
    draws = [
        draw_of(redrawing.drawable.problem, redrawing.spread, seed=redrawing.seed, number=result.number)
        for result in results
    ]
    over = _OverDraws(redrawing, draws)
    return over.mean() if aim == "mean" else over.tail([result.chosen for result in results if result.has_plan])


def refuse_without_points(objective: Sequence[str]) -> None:
    """Raise UsageError where points are not what a policy maximises first."""
    if objective[0] != "points":
        raise UsageError("best_needs_points", first=objective[0])


@dataclass(frozen=True)
class _OverDraws:
    redrawing: Redrawing
    draws: list[Draw]

    @property
    def base(self) -> Int64:
        return np.flatnonzero(self.redrawing.x[: self.redrawing.drawable.candidates.n_pairs] > 0)

    def mean(self) -> BestOverDraws | None:
        n_draws = len(self.draws)
        found = self._solved(np.ones(n_draws, np.int64))
        if found is None:
            return None
        value = Fraction(int(self._points(found.chosen).sum()), n_draws)
        base_value = Fraction(int(self._points(self.base).sum()), n_draws)
        bound = None if found.bound is None else Fraction(found.bound, n_draws)
        return BestOverDraws("mean", found.chosen, value, base_value, bound, found.word, n_draws)

    def tail(self, plans: list[Int64]) -> BestOverDraws | None:
        n_draws = len(self.draws)
        n_worst = -(-n_draws // _TAIL)
        uniform = self._solved(np.ones(n_draws, np.int64))
        if uniform is None:
            return None
        bounds = [] if uniform.bound is None else [Fraction(uniform.bound, n_draws)]
        best, worth = self._best_of([self.base, uniform.chosen, *plans], n_worst)
        counts, latest = np.zeros(n_draws, np.int64), uniform.chosen
        for _ in range(_MOST_STEPS):
            if _is_within(worth, bounds, n_worst, self.redrawing.limits.gap):
                break
            counts[_worst(self._points(latest), n_worst)] += 1
            found = self._solved(counts)
            if found is None:
                break
            if found.bound is not None:
                bounds.append(Fraction(found.bound, int(counts.sum())))
            latest = found.chosen
            reached = _tail_sum(self._points(latest), n_worst)
            if reached > worth:
                best, worth = latest, reached
        bound = min(bounds, default=None)
        base_value = Fraction(_tail_sum(self._points(self.base), n_worst), n_worst)
        is_met = _is_met(worth, bounds, n_worst)
        word: Literal["proved", "unknown"] = "proved" if is_met else "unknown"
        value = Fraction(worth, n_worst)
        return BestOverDraws("tail", best, value, base_value, value if is_met else bound, word, n_worst)

    def _best_of(self, plans: list[Int64], n_worst: int) -> tuple[Int64, int]:
        """The plan of the best tail among those whose pairs are all eligible as the data stand, and its tail's sum."""
        is_eligible = self.redrawing.drawable.as_is().is_eligible
        distinct = {plan.tobytes(): plan for plan in plans if is_eligible[plan].all()}
        union = np.unique(np.concatenate(list(distinct.values())))
        points = np.stack([self.redrawing.drawable.points_at(draw, union) for draw in self.draws])
        sums = [_tail_sum(points[:, np.searchsorted(union, plan)].sum(axis=1), n_worst) for plan in distinct.values()]
        at = int(np.argmax(sums))
        return list(distinct.values())[at], sums[at]

    def _points(self, chosen: Int64) -> Int64:
        """(n_draws,) the points of a plan in each draw."""
        return np.array([int(self.redrawing.drawable.points_at(draw, chosen).sum()) for draw in self.draws], np.int64)

    def _solved(self, counts: Int64) -> _Solved | None:
        """The best plan for the points of the draws, each taken so many times, among the pairs eligible as they are."""
        drawable, limits = self.redrawing.drawable, self.redrawing.limits
        if limits.is_stopped:
            return None
        total = np.zeros(drawable.candidates.n_pairs, np.int64)
        for at in np.flatnonzero(counts).tolist():
            total += counts[at] * drawable.points(self.draws[at]).points
        as_is = drawable.as_is()
        solved = solve_tiers(
            drawable.formulation(as_is, total),
            drawable.tiers(as_is, total),
            limits=limits,
            backend=drawable.problem.policy.solve.backend,
            of=drawable.candidates.of,
            start=self.redrawing.x,
        )
        if solved.answer.x is None or limits.is_stopped:
            return None
        certificate = solved.results[0].certificate
        chosen = np.flatnonzero(solved.answer.x[: total.size] > 0)
        return _Solved(chosen, certificate.bound, certificate.word)


@dataclass(frozen=True)
class _Solved:
    chosen: Int64
    bound: int | None
    word: Literal["proved", "claimed", "unknown"]


def _worst(points: Int64, n_worst: int) -> Int64:
    """(n_worst,) the draws of fewest points, ties going to the first."""
    return np.argsort(points, kind="stable")[:n_worst]


def _tail_sum(points: Int64, n_worst: int) -> int:
    return int(np.sort(points)[:n_worst].sum())


def _is_within(worth: int, bounds: Sequence[Fraction], n_worst: int, gap: float) -> bool:
    """Whether the plan at hand is as good as was asked for."""
    if _is_met(worth, bounds, n_worst):
        return True
    return bool(bounds) and min(bounds) * n_worst - worth <= Fraction(gap) * abs(worth)


def _is_met(worth: int, bounds: Sequence[Fraction], n_worst: int) -> bool:
    """Whether no plan's worst draws can have a larger sum: sums are whole."""
    return bool(bounds) and worth >= (min(bounds) * n_worst).__floor__()


__all__ = ["AIMS", "Aim", "BestOverDraws", "best_over_draws", "refuse_without_points"]
