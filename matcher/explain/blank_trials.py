"""What becomes of the plan when a blank is filled in: each value is solved again where nothing shorter decides."""

from __future__ import annotations

import hashlib
import math
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from matcher.domain.problem import Problem
from matcher.errors import ModelError
from matcher.explain.blank_screen import moves_rows
from matcher.explain.blank_values import Value
from matcher.explain.blanks import LIMITS, Blank, filled
from matcher.explain.losses import Pair, Step, Word, ordered_chain
from matcher.explain.rescoring import Rescoring
from matcher.explain.standing import Optimum, Standing
from matcher.model.answer import Limits
from matcher.model.certificate import with_objective
from matcher.model.formulation import Formulation, Int64
from matcher.model.objectives import Tier
from matcher.model.solvers.incumbent import is_feasible
from matcher.modelling import Model, build_model
from matcher.pairing.candidates import Candidates
from matcher.pairing.sides import Array

Verdict = Literal["stays", "changes", "open"]

_HIGHEST = 2**30
_LEAST_S = 0.1
_ORDER: tuple[Word, ...] = ("proved", "claimed", "unknown")


@dataclass(frozen=True)
class Outcome:
    """What some values of a blank lead to.

    Attributes
    ----------
    values : as tried; of a blank that limits by a number, the first value at which the plan changes
    verdict : ``stays``: no plan is better than the published one by more than it may be off; ``changes``: one is, or
        the published one is not possible; ``open``: neither is known
    chain : what changes then; empty where the plan stays
    gain : points the best plan then has more than the published one; None where that one is not possible then
    stake : points at stake: the gain, or what is lost where the published plan is not possible
    word : how sure the new plan is, or that there is none
    """

    values: tuple[Value, ...]
    verdict: Verdict
    chain: tuple[Step, ...] = ()
    gain: int | None = 0
    stake: int = 0
    word: Word = "proved"
    is_possible: bool = True


_Found = tuple[frozenset[Pair] | None, Outcome]


@dataclass
class Trials:
    """Values tried on a plan; what leads to the same pairs, points and rows is solved once.

    `slack` is by how many points the plan may be off; 0 = proved. Nothing is begun after `until`, on the clock of
    `time.monotonic`.
    """

    standing: Standing
    rescoring: Rescoring
    slack: int = 0
    until: float = math.inf
    n_solved: int = 0
    _known: dict[str, _Found] = field(default_factory=dict)

    def outcomes(self, blank: Blank, values: Sequence[Value]) -> tuple[Outcome, ...] | None:
        """What every value leads to, values of one outcome together; those not in `values` change nothing.

        None where the time is used up before all are tried.
        """
        if time.monotonic() > self.until:
            return None
        if blank.effect == "limits":
            return self._limit(blank)
        found: dict[tuple[frozenset[Pair] | None, Verdict], list[tuple[Value, Outcome]]] = defaultdict(list)
        for value in blank.values:
            if value not in values:
                found[self.standing.pairs, "stays"].append((value, Outcome((value,), "stays")))
                continue
            if time.monotonic() > self.until:
                return None
            pairs, outcome = self._outcome(blank, value)
            found[pairs, outcome.verdict].append((value, outcome))
        return tuple(_together(same) for same in found.values())

    def _limit(self, blank: Blank) -> tuple[Outcome, ...]:
        """The first whole number at which the plan is not possible, by halving; one outcome that stays if none.

        Notes
        -----
        A number only takes plans away: as long as the plan is possible it is as good as it was.
        """
        try:
            return self._halved(blank)
        except ModelError:
            return (Outcome((0.0,), "open", gain=None, word="unknown"),)

    def _halved(self, blank: Blank) -> tuple[Outcome, ...]:
        is_low = LIMITS[blank.table, blank.field] == "low"
        mild, harsh = (_HIGHEST, 0) if is_low else (0, _HIGHEST)
        if self._is_possible(blank, harsh):
            return (Outcome((float(harsh),), "stays"),)
        while abs(mild - harsh) > 1:
            middle = (mild + harsh) // 2
            if self._is_possible(blank, middle):
                mild = middle
            else:
                harsh = middle
        return (self._outcome(blank, float(harsh))[1],)

    def _is_possible(self, blank: Blank, value: int) -> bool:
        changed = filled(self.standing.problem, [blank], float(value))
        candidates = self.rescoring.candidates(changed, blank.table, blank.field)
        if candidates.contradictions or self._points_of_plan(candidates) is None:
            return False
        return self._is_plan(build_model(changed, candidates).formulation, self._plan_in(candidates))

    def _is_plan(self, formulation: Formulation, x: Int64) -> bool:
        """Whether the pairs of (n_pairs,) x are a plan.

        Raises
        ------
        ModelError : where the model has columns that follow from the pairs, and no solver found what they are
        """
        if formulation.n_cols == formulation.n_pairs:
            return is_feasible(formulation, x)
        from matcher.model.tiers import solve_tiers

        lower, upper = formulation.column_lower.copy(), formulation.column_upper.copy()
        if (x < lower[: x.size]).any() or (x > upper[: x.size]).any():
            return False
        lower[: x.size], upper[: x.size] = x, x
        fixed = with_objective(
            replace(formulation, column_lower=lower, column_upper=upper), np.zeros(formulation.n_cols, np.int64)
        )
        solved = solve_tiers(fixed, (Tier("points", fixed.objective),), limits=self.standing.limits)
        if solved.answer.x is None and solved.answer.status != "infeasible":
            raise ModelError("too_little_time")
        return solved.answer.x is not None

    def _outcome(self, blank: Blank, value: Value) -> _Found:
        """The plan with one value, told from the published one."""
        changed = filled(self.standing.problem, [blank], value)
        candidates = self.rescoring.candidates(changed, blank.table, blank.field)
        if candidates.contradictions:
            return None, Outcome((value,), "changes", gain=None, is_possible=False)
        model = None
        if moves_rows(self.standing.problem, blank):
            try:
                model = build_model(changed, candidates)
            except ModelError:
                return None, Outcome((value,), "open", gain=None, word="unknown")
        key = _content(candidates, model)
        if key not in self._known:
            self._known[key] = self._solved(blank, changed, candidates, model)
        pairs, found = self._known[key]
        return pairs, replace(found, values=(value,))

    def _solved(self, blank: Blank, changed: Problem, candidates: Candidates, model: Model | None) -> _Found:
        standing = self.standing
        try:
            model = model or build_model(changed, candidates)
            held = self._held(candidates, model)
            # What only takes plans away leaves a plan that is possible as good as it was.
            if held is not None and (blank.effect in ("limits", "dated") or self._is_best(candidates, model, held)):
                return standing.pairs, Outcome((), "stays")
            self.n_solved += 1
            optimum = replace(standing, limits=self._limits).solve_changed(changed, candidates, model)
        except ModelError:
            return None, Outcome((), "open", gain=None, word="unknown")
        base = standing.base.values[0] or 0
        if optimum.values[0] is None:
            is_none = optimum.is_possible is False
            word: Word = optimum.none_word if is_none else "unknown"
            verdict: Verdict = "changes" if held is None else "open"
            return None, Outcome((), verdict, gain=None, stake=base, word=word, is_possible=not is_none)
        return self._told(optimum, held, base)

    def _told(self, optimum: Optimum, held: int | None, base: int) -> _Found:
        standing, word = self.standing, max(optimum.words, key=_ORDER.index)
        value, bound = optimum.values[0] or 0, optimum.bounds[0]
        is_summed = standing.tiers == ("points",)
        gain = value - held if held is not None and is_summed else None
        if optimum.pairs == standing.pairs or (gain is not None and gain <= self.slack):
            is_best = word == "proved" if not is_summed else bound is not None and bound <= (held or 0) + self.slack
            return standing.pairs, Outcome((), "stays" if is_best else "open", word="proved" if is_best else word)
        chain = ordered_chain(standing.pairs, optimum.pairs)
        stake = gain if gain else max(base - value, 0)
        return optimum.pairs, Outcome((), "changes", chain, gain, stake, word)

    @property
    def _limits(self) -> Limits:
        """What one solve may spend: no more than is left."""
        limits = self.standing.limits
        left = max(_LEAST_S, self.until - time.monotonic())
        known = left if limits.time_limit_s is None else min(left, limits.time_limit_s)
        return limits if math.isinf(known) else replace(limits, time_limit_s=known)

    def _held(self, candidates: Candidates, model: Model) -> int | None:
        """The published plan's points in a changed programme; None where it is not possible there."""
        points = self._points_of_plan(candidates)
        return points if points is not None and self._is_plan(model.formulation, self._plan_in(candidates)) else None

    def _is_best(self, candidates: Candidates, model: Model, points: int) -> bool:
        """Whether no plan is better by more than the published one may be off, proved."""
        from matcher.model.tiers import solve_tiers

        if self.standing.tiers != ("points",) or model.formulation.n_cols != model.formulation.n_pairs:
            return False
        start = self._plan_in(candidates)
        formulation = self.standing.for_solving(model.formulation)
        solved = solve_tiers(formulation, model.tiers[:1], limits=self._limits, start=start)
        bound = solved.results[0].certificate.bound
        return bound is not None and bound <= points + self.slack

    def _plan_in(self, candidates: Candidates) -> Int64:
        """(n_pairs,) the published plan among other candidates."""
        return np.isin(self._key(candidates), self.standing.key[self.standing.is_chosen]).astype(np.int64)

    def _points_of_plan(self, candidates: Candidates) -> int | None:
        """The published plan's points under other candidates; None where a match is none of them any more."""
        found = self._plan_in(candidates)
        n_matches = int(np.count_nonzero(self.standing.is_chosen))
        return int(candidates.points @ found) if int(found.sum()) == n_matches else None

    def _key(self, candidates: Candidates) -> Int64:
        return candidates.director_idx.astype(np.int64) * len(self.standing.problem.companies) + candidates.company_idx


def _together(same: Sequence[tuple[Value, Outcome]]) -> Outcome:
    """Values that lead to one plan, as one outcome: the most of its gains, and the weakest word."""
    first = same[0][1]
    return replace(
        first,
        values=tuple(value for value, _ in same),
        gain=max((one.gain for _, one in same if one.gain is not None), default=None),
        stake=max(one.stake for _, one in same),
        word=max((one.word for _, one in same), key=_ORDER.index),
    )


def _content(candidates: Candidates, model: Model | None) -> str:
    """A digest of who is eligible with how many points, of what breaks ties, and of the rows where they may differ."""
    columns: list[Array] = [
        candidates.director_idx,
        candidates.company_idx,
        candidates.points,
        *candidates.tie_values.values(),
    ]
    if model is not None:
        rows = model.formulation
        columns += [rows.row_ptr, rows.col_idx, rows.coef, rows.row_lower, rows.row_upper, rows.column_lower]
        columns += [tier.objective for tier in model.tiers]
    digest = hashlib.sha256()
    for column in columns:
        digest.update(np.int64(column.size).tobytes())
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
