"""One weight of a programme, asked again and again: its best plans as lines, and where a plan is sure.

`matcher.whatif.breakpoints` says what is asked and why.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.domain.policy import CriterionName
from matcher.domain.problem import Problem
from matcher.errors import MatcherError, ModelError
from matcher.model.answer import Limits
from matcher.model.formulation import Formulation, Int64, with_objective
from matcher.model.narrowing import without_plan
from matcher.model.objectives import Tier
from matcher.model.parametric import Line, Seen, held
from matcher.modelling import Model, build_model
from matcher.modelling.weight_lines import (
    MOST_SCORES,
    Rounding,
    WeightLines,
    build_rounding,
    build_weight_lines,
    valued_candidates,
)
from matcher.pairing.candidates import Candidates
from matcher.plan.plan import Plan

MOST_UNPROVED = 4
"""Answers: where plans are not proved, more of them would not tell where the best plan changes."""

_MOST_BEATEN = 3
_MOST_RUNS = 12
_MOST_CUT = 5_000

Pairs = frozenset[tuple[str, str]]
"""(director's id, company's id) of a plan's matches."""

Span = tuple[Fraction, Fraction]
"""From one weight to another, both on the step."""

WhyNot = Literal["depends_on_points", "points_not_asked", "no_plan", "too_large"]


@dataclass
class _Span:
    """A plan, the lines that are lowered for it and raised for all others, and what was found above it at which w."""

    plan: Int64
    lines: WeightLines
    formulation: Formulation
    rivals: dict[Fraction, Int64] = field(default_factory=dict)


class Search:
    """Asks about one weight, and counts.

    Attributes
    ----------
    plans : line → the columns of a plan that has it; scored : weight → the programme's own plan there
    is_short : whether something was left open for want of solves
    """

    def __init__(
        self,
        problem: Problem,
        criterion: CriterionName,
        stop: threading.Event | None,
        most_solves: int,
        on_solve: Callable[[int], None],
    ) -> None:
        self.problem, self.criterion, self.stop = problem, criterion, stop
        self.candidates: Candidates = valued_candidates(problem)
        self.model: Model = build_model(problem, self.candidates)
        self.lines: WeightLines = build_weight_lines(problem, self.candidates, criterion)
        self.rounding: Rounding = build_rounding(problem, self.candidates, criterion, self.lines)
        self.scored: dict[Fraction, Plan] = {}
        self.plans: dict[Line, Int64] = {}
        self.most_solves, self.on_solve, self.n_solves = most_solves, on_solve, 0
        self.n_unproved = 0
        self.is_short = False
        self.why_not: WhyNot = "no_plan"
        companies = np.int64(len(problem.companies))
        self.keys: Int64 = self.candidates.director_idx.astype(np.int64) * companies + self.candidates.company_idx

    def ask(self, w: Fraction, most_solves: int) -> Seen | None:
        """The line of the best plan at `w`, before points are rounded; None once too many answers were not proved."""
        if self.n_unproved >= MOST_UNPROVED:
            self.is_short = True
            return None
        found = self._solve(self.lines, w, most_solves)
        if found is None:
            return None
        columns, most, is_claimed = found
        line = line_of(self.lines, columns)
        self.plans.setdefault(line, columns)
        self.n_unproved += most is None or most > line.at(w)
        return Seen(w, line, most, is_claimed)

    def _may_solve(self, most_solves: int) -> bool:
        is_over = self.n_solves >= most_solves or (self.stop is not None and self.stop.is_set())
        self.is_short |= is_over
        self.n_solves += not is_over
        return not is_over

    def _solve(
        self, lines: WeightLines, w: Fraction, most_solves: int, formulation: Formulation | None = None
    ) -> tuple[Int64, Fraction | None, bool] | None:
        """The best plan's columns, what no plan's line exceeds, and whether a solver says that none is better."""
        from matcher.model.tiers import solve_tiers

        found = lines.costs(w, self.model.formulation.n_cols)
        if found is None:
            self.why_not, self.is_short = "too_large", True
            return None
        if not self._may_solve(most_solves):
            return None
        costs, common = found
        place = self.problem.policy.objective.index("points")
        tiers = (*self.model.tiers[:place], Tier("points", costs))
        solve = self.problem.policy.solve
        limits = Limits(
            solve.time_limit_s, 0.0, solve.seed, solve.threads, deterministic_limit=solve.deterministic_limit
        )
        try:
            solved = solve_tiers(
                with_objective(self.model.formulation if formulation is None else formulation, tiers[0].objective),
                tiers,
                limits=limits,
                # A row more is no network: a policy that asks for flow leaves the choice here.
                backend=solve.backend if formulation is None or solve.backend != "flow" else None,
                of=self.candidates.of,
            )
        except ModelError:
            self.is_short = True
            return None
        finally:
            self.on_solve(self.n_solves)
        if solved.answer.x is None or len(solved.results) <= place:
            return None
        words = [result.certificate.word for result in solved.results]
        bound = solved.results[place].certificate.bound
        is_bounded = bound is not None and all(word == "proved" for word in words[:place])
        most = Fraction(bound * common, w.denominator) if bound is not None and is_bounded else None
        chosen = np.flatnonzero(solved.answer.x[: self.candidates.n_pairs])
        return chosen, most, all(word in ("proved", "claimed") for word in words)

    def _challenge(self, w: Fraction, span: _Span) -> Seen | None:
        """The best line of all plans less that of the span's, whose pairs are lowered and all others raised."""
        found = self._solve(span.lines, w, self.most_solves, span.formulation)
        if found is None:
            return None
        columns, most, _ = found
        if most is None:
            return None
        best, own = line_of(span.lines, columns), line_of(span.lines, span.plan)
        if best.at(w) > own.at(w):
            span.rivals[w] = columns
        return Seen(w, Line(best.at_zero - own.at_zero, best.slope - own.slope), most - own.at(w))

    def sure(self, plan: Int64, between: Span, step: Fraction, beaten: tuple[Int64, ...] = ()) -> tuple[Span, ...]:
        """Where a plan is the only best one on the step, as the policy scores it.

        Parameters
        ----------
        beaten : plans that have fewer points at every weight of the span
        """
        weights = [n * step for n in range(math.ceil(between[0] / step), math.floor(between[1] / step) + 1)]
        if not weights or self.n_solves >= self.most_solves:
            return ()
        below, above = self.rounding.off(weights)
        above[plan] = below[plan]
        formulation = self.model.formulation
        for number, rival in enumerate(beaten):
            formulation = without_plan(formulation, f"beaten:{number}", rival)
        span = _Span(plan, self.lines.raised(above), formulation)
        found = held(lambda w: self._challenge(w, span), weights[0], weights[-1], step=step)
        parts: list[Span] = []
        if found is not None:
            parts.append(found)
            left = [(between[0], found[0] - step), (found[1] + step, between[1])] if not beaten else []
            for one in left:
                parts += self._sure_beside(span, one, step, beaten)
        else:
            parts += self._sure_beside(span, between, step, beaten)
        return _joined(sorted(parts), step)

    def _sure_beside(self, span: _Span, between: Span, step: Fraction, beaten: tuple[Int64, ...]) -> tuple[Span, ...]:
        """The same where a rival comes near: at the weights at which it has fewer points."""
        weights = [n * step for n in range(math.ceil(between[0] / step), math.floor(between[1] / step) + 1)]
        near = [w for w in span.rivals if between[0] <= w <= between[1]]
        rival = span.rivals[near[-1]] if near else None
        if rival is None or not weights or len(beaten) >= _MOST_BEATEN or span.lines.slope.size > _MOST_CUT:
            return ()
        if len(weights) * (span.plan.size + rival.size) > MOST_SCORES:
            return ()
        ahead = self.rounding.points(weights, np.setdiff1d(span.plan, rival)).sum(axis=1)
        ahead -= self.rounding.points(weights, np.setdiff1d(rival, span.plan)).sum(axis=1)
        runs = sorted(_runs(ahead > 0), key=lambda run: run[0] - run[1])[:_MOST_RUNS]
        out: list[Span] = []
        for first, last in runs:
            out += self.sure(span.plan, (weights[first], weights[last]), step, (*beaten, rival))
        return tuple(out)

    def plan_at(self, w: Fraction) -> Plan | None:
        """The programme's own plan at a weight, everything built anew."""
        from matcher.matching import match

        if w not in self.scored:
            if not self._may_solve(self.most_solves):
                return None
            policy = self.problem.policy
            weights = policy.weights.model_copy(update={self.criterion: float(w)})
            try:
                found = match(self.problem.with_policy(policy.model_copy(update={"weights": weights})), stop=self.stop)
            except MatcherError:
                self.is_short = True
                return None
            finally:
                self.on_solve(self.n_solves)
            if found.document.interrupted:
                self.is_short = True
                return None
            self.scored[w] = found
        return self.scored[w]

    def columns_of(self, plan: Plan) -> Int64 | None:
        """A plan's columns, None where one of its matches is none here."""
        matches = plan.document.assignments
        director = self.problem.director_idx([match.director_id for match in matches])
        company = self.problem.company_idx([match.company_id for match in matches])
        keys = np.sort(director.astype(np.int64) * len(self.problem.companies) + company)
        at = np.searchsorted(self.keys, keys)
        is_known = (at < self.keys.size).all() and (self.keys[at] == keys).all()
        return at.astype(np.int64) if is_known else None

    def pairs(self, columns: Int64) -> Pairs:
        directors = [str(one) for one in self.problem.director_ids[self.candidates.director_idx[columns]]]
        companies = [str(one) for one in self.problem.company_ids[self.candidates.company_idx[columns]]]
        return frozenset(zip(directors, companies, strict=True))


def line_of(lines: WeightLines, columns: Int64) -> Line:
    """A plan's line."""
    return Line(int(lines.at_zero[columns].sum()), int(lines.slope[columns].sum()))


def _runs(is_true: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(first, last) of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_true, [False]]).astype(np.int8)))
    return [(int(first), int(last) - 1) for first, last in edges.reshape(-1, 2)]


def _joined(spans: Sequence[Span], step: Fraction) -> tuple[Span, ...]:
    out: list[Span] = []
    for low, high in spans:
        if out and low - out[-1][1] <= step:
            out[-1] = out[-1][0], high
        else:
            out.append((low, high))
    return tuple(out)
