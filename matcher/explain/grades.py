"""How sure each match of a plan is: A also where points are a little off, B not quite, C only by a tie-break.

Every pair's points may be off by up to s, each by its own amount; who is eligible does not change.

- C: another plan without the match is as good in every tier of the policy. Only the tie-break chose it.
- A: whatever the points do within ± s, every plan of the most points has the match.
- B: neither: some points within ± s make a plan without the match as good as any with it.

A plan P without the match is the best for some points within ± s only if it is so for those that favour it most: + s on
its pairs, − s on all others. Against a plan Q they leave it v(P) − v(Q) + s · (pairs in just one of the two). So the
match is A unless some P without it has that at 0 or above against *every* Q with it. The published plan alone as Q
settles most matches by one solve; the others are settled by collecting Qs until no P is left (A), or a P holds out (B).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from matcher.errors import UsageError
from matcher.explain.forcing import Change, changed, without_pair
from matcher.explain.losses import Loss, Pair, Word
from matcher.explain.part import at_least, chosen_columns, columns_of, ranking, solve_points, within
from matcher.explain.standing import Standing
from matcher.model.displacement import build_residual
from matcher.model.formulation import Formulation, Int64, with_objective

SPREAD_POINTS = 100
"""1 % of a full score: less than one step of one rating in most criteria (a step of goal_fit is 240 points)."""

MOST_ROUNDS = 12
BUDGET_S = 60.0

Grade = Literal["A", "B", "C"]
Reason = Literal[
    "pinned",
    "no_plan_without",
    "keeps_lead",
    "overtaken",
    "tie_break",
    "plan_not_proved",
    "points_not_first",
    "not_settled",
    "out_of_time",
]


@dataclass(frozen=True)
class MatchGrade:
    """How sure one match is.

    Attributes
    ----------
    grade : None where it was not settled; `reason` says why
    word : ``proved``, or ``claimed`` where a solver's word decided
    loss : of points, without the match; None where it was not asked
    instead : for B the matches of a plan without it that the spread lets overtake, for C those of one as good
    """

    pair: Pair
    grade: Grade | None
    reason: Reason
    word: Word
    loss: Loss | None = None
    instead: frozenset[Pair] = frozenset()


@dataclass(frozen=True)
class Grades:
    """The grades of all matches, in order, for points that may be off by `spread_points` each."""

    spread_points: int
    matches: tuple[MatchGrade, ...]

    def count(self, grade: Grade | None) -> int:
        return sum(match.grade == grade for match in self.matches)


def grades(standing: Standing, *, spread_points: int = SPREAD_POINTS, budget_s: float = BUDGET_S) -> Grades:
    """The grade of every match of a plan.

    Parameters
    ----------
    spread_points : by how many points each pair's may be off, ≥ 0
    budget_s : seconds for all matches; those not reached stay without a grade

    Raises
    ------
    UsageError : ``spread_below_zero`` (given)

    Notes
    -----
    Where the policy puts tiers before the points, the plans compared are those as good in these. No grades where the
    plan is not proved, or points are not what is added up. One solve a match, in a network one for all; more only for
    matches that the spread could take: each round adds one Q, and after `MOST_ROUNDS` a match stays without a grade.
    """
    if spread_points < 0:
        raise UsageError("spread_below_zero", given=spread_points)
    pairs = sorted(standing.pairs)
    place = standing.points_tier
    if standing.tiers[place] != "points":
        return Grades(spread_points, tuple(MatchGrade(pair, None, "points_not_first", "unknown") for pair in pairs))
    if any(word != "proved" for word in standing.base.words):
        return Grades(spread_points, tuple(MatchGrade(pair, None, "plan_not_proved", "unknown") for pair in pairs))
    test = _Test(standing, ranking(standing)[0], spread_points)
    ends_at = time.monotonic() + budget_s
    is_kept = test.keeps_lead(columns_of(standing, pairs))
    out = []
    for pair in pairs:
        if time.monotonic() > ends_at:
            out.append(MatchGrade(pair, None, "out_of_time", "unknown"))
            continue
        out.append(_grade(test, pair, is_kept.get(pair)))
    return Grades(spread_points, tuple(out))


def _grade(test: _Test, pair: Pair, is_kept: bool | None) -> MatchGrade:
    standing = test.standing
    column = standing.column_of(*pair)
    assert column is not None
    if standing.model.formulation.column_lower[column] > 0:
        return MatchGrade(pair, "A", "pinned", "proved")
    gone = _without(standing, column)
    if gone.loss.points is None:
        if gone.loss.is_possible is None:
            return MatchGrade(pair, None, "not_settled", "unknown", gone.loss)
        return MatchGrade(pair, "A", "no_plan_without", gone.loss.word, gone.loss)
    assert gone.pairs is not None
    if all(loss.points == 0 for loss in gone.losses.values()):
        return MatchGrade(pair, "C", "tie_break", "proved", gone.loss, gone.pairs)
    if is_kept:
        return MatchGrade(pair, "A", "keeps_lead", "proved", gone.loss)
    return test.settled(pair, column, gone)


def _without(standing: Standing, column: int) -> Change:
    """A best plan without a match; which of several does not matter here."""
    if standing.residual is not None:
        return without_pair(standing, column)
    return changed(standing, standing.solve_untied(standing.forbidden(column)), first=standing.pair_of(column))


@dataclass(frozen=True)
class _Test:
    """A plan under points that may be off by `spread` each, among the plans of `formulation`."""

    standing: Standing
    formulation: Formulation
    spread: int

    @property
    def points(self) -> Int64:
        return self.standing.candidates.points

    def favouring(self, columns: Int64) -> Int64:
        """(n_pairs,) the points that favour a plan most: + s on its pairs, − s on all others."""
        out = self.points - self.spread
        out[columns] += 2 * self.spread
        return out

    def against(self, columns: Int64) -> tuple[Int64, int]:
        """(n_pairs,) coefficients and what their sum reaches in just those plans that some points put level with Q."""
        coef = self.points + self.spread
        coef[columns] -= 2 * self.spread
        return coef, int(self.points[columns].sum()) - self.spread * int(columns.size)

    def keeps_lead(self, columns: Int64) -> dict[Pair, bool]:
        """Match → whether the published plan leads every plan without it, for all matches of a network at once."""
        formulation = self.formulation
        if self.standing.residual is None or formulation.n_cols != formulation.n_pairs:
            return {}
        coef, level = self.against(columns)
        best = solve_points(self.standing, formulation, coef)
        if best.x is None or best.word != "proved":
            return {}
        residual = build_residual(with_objective(formulation, coef), best.x)
        if residual is None:
            return {}
        losses, is_possible = residual.losses_of_forbidding(columns)
        without = int(coef @ best.x) - losses
        keeps = ~is_possible | (without < level)
        return {self.standing.pair_of(int(column)): bool(kept) for column, kept in zip(columns, keeps, strict=True)}

    def settled(self, pair: Pair, column: int, gone: Change) -> MatchGrade:
        """The grade of a match that is no tie."""
        assert gone.pairs is not None
        without = within(self.formulation, forbidden=(column,))
        rivals = [columns_of(self.standing, self.standing.pairs)]
        coef, level = self.against(rivals[0])
        best = solve_points(self.standing, without, coef)
        if best.bound is not None and best.bound < level:
            return MatchGrade(pair, "A", "keeps_lead", "proved", gone.loss)
        if best.is_possible is None or (best.word == "unknown" and best.x is not None):
            return MatchGrade(pair, None, "not_settled", "unknown", gone.loss)
        if best.values and best.values[0] < level:
            return MatchGrade(pair, "A", "keeps_lead", "claimed", gone.loss)
        return self._searched(pair, column, gone, without, rivals)

    def _searched(self, pair: Pair, column: int, gone: Change, without: Formulation, rivals: list[Int64]) -> MatchGrade:
        """Plans without the match that every known Q leaves level, until one holds out or none is left."""
        open_ = MatchGrade(pair, None, "not_settled", "unknown", gone.loss)
        assert gone.pairs is not None
        plan = columns_of(self.standing, gone.pairs)
        with_it = within(self.formulation, forced=(column,))
        for _ in range(MOST_ROUNDS):
            favour = self.favouring(plan)
            best = solve_points(self.standing, with_it, favour)
            if best.x is None or best.bound is None:
                return open_
            if best.bound <= int(favour[plan].sum()):
                pairs = frozenset(self.standing.pair_of(int(one)) for one in plan)
                return MatchGrade(pair, "B", "overtaken", "proved", gone.loss, pairs)
            rivals.append(chosen_columns(self.standing, best.x))
            found = solve_points(self.standing, self._level_with(without, rivals), self.points)
            if found.is_possible is False:
                return MatchGrade(pair, "A", "keeps_lead", found.word, gone.loss)
            if found.x is None:
                return open_
            plan = chosen_columns(self.standing, found.x)
        return open_

    def _level_with(self, without: Formulation, rivals: Sequence[Int64]) -> Formulation:
        out = without
        for place, rival in enumerate(rivals):
            coef, level = self.against(rival)
            padding = np.zeros(out.n_cols - coef.size, np.int64)
            out = at_least(out, f"rival:{place}", np.concatenate((coef, padding)), level)
        return out
