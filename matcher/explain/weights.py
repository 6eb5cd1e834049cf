"""The smallest change of one criterion's weight with which a pair stands in a best plan.

Weights are only ratios, so points times the sum of all weights are straight lines in one weight: the first weight at
which the pair costs nothing is found exactly on these lines (`matcher.model.parametric`). Points that people see are
rounded, so the weight found is rounded away from the present one and tried on the programme itself, built anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np

from matcher.domain.policy import CRITERIA, CriterionName, Weights
from matcher.errors import ModelError
from matcher.explain.losses import Word
from matcher.explain.membership import forced, is_in_best
from matcher.explain.records import Record
from matcher.explain.standing import Standing
from matcher.model.formulation import Formulation, Int64, with_objective
from matcher.model.objectives import Tier
from matcher.model.parametric import Asked, Line, first_zero
from matcher.modelling import build_model
from matcher.modelling.weight_lines import WeightLines, build_weight_lines, exact_weight, valued_candidates
from matcher.pairing.candidates import Candidates, build_candidates

MOST_SOLVES = 40
"""Of one criterion, both directions and the trials on the programme itself together."""

_DIGITS = 4
_TRIALS = ((1, (0, 1, 2)), (100, (0, 1)))
"""Grids on which a weight is tried, as parts of a step, and how many of its steps further out."""

Outcome = Literal["found", "none", "unknown"]
WhyNot = Literal["solves_used_up", "rounding", "not_proved", "too_large", "depends_on_points", "only_criterion"]


@dataclass(frozen=True)
class Way:
    """One direction from the present weight.

    Attributes
    ----------
    outcome : ``found``: with `weight` the pair is in a best plan · ``none`` up to `end` · ``unknown``
    exact : the first weight at which the pair costs nothing before points are rounded
    word : of ``found``: that the pair is in a best plan then; of ``none``: also with rounded points
    """

    outcome: Outcome
    end: float
    weight: float | None = None
    exact: Fraction | None = None
    word: Word = "unknown"
    why_not: WhyNot | None = None


@dataclass(frozen=True)
class WeightChange:
    """One criterion, the weights of all others as they are; `n_solves` is what was spent."""

    criterion: CriterionName
    was: float
    up: Way
    down: Way
    n_solves: int


@dataclass
class _Search:
    """Asks about one criterion, and counts; `known` is shared by all, which ask the same at the present weights."""

    standing: Standing
    column: int
    lines: WeightLines
    known: dict[bytes, tuple[Int64, int]]
    n_solves: int = 0
    why_not: WhyNot = "solves_used_up"

    def ask(self, w: Fraction) -> Asked | None:
        """The best plan's line at `w`, and what no plan with the pair exceeds."""
        found = self.lines.costs(w, self.standing.model.formulation.n_cols)
        if found is None:
            self.why_not = "too_large"
            return None
        costs, common = found
        key = costs.tobytes()
        if key not in self.known:
            if self.n_solves + 2 > MOST_SOLVES:
                return None
            self.n_solves += 2
            best, _ = _solved(self.standing, self.standing.model.formulation, costs)
            _, most = _solved(self.standing, self.standing.forced(self.column), costs)
            if best is None or most is None:
                self.why_not = "not_proved"
                return None
            self.known[key] = best, most
        best, most = self.known[key]
        chosen = np.flatnonzero(best[: self.lines.slope.size])
        line = Line(int(self.lines.at_zero[chosen].sum()), int(self.lines.slope[chosen].sum()))
        return Asked(w, line, Fraction(most * common, w.denominator))


def _solved(standing: Standing, formulation: Formulation, costs: Int64) -> tuple[Int64 | None, int | None]:
    """(n_cols,) the best plan for these costs, and what no plan exceeds; None for what is not known."""
    from matcher.model.tiers import solve_tiers

    try:
        solved = solve_tiers(
            standing.for_solving(with_objective(formulation, costs)),
            (Tier("points", costs),),
            limits=standing.limits,
            backend=standing.problem.policy.solve.backend,
            of=standing.candidates.of,
        )
    except ModelError:
        return None, None
    return solved.answer.x, solved.results[0].certificate.bound


def weight_changes(standing: Standing, column: int) -> tuple[WeightChange, ...]:
    """For every criterion the nearest weights, above and below, with which a candidate stands in a best plan.

    Notes
    -----
    From 0 to the sum of all weights now, where the criterion alone counts for half or more. Where the policy asks for
    another tier before points, or where points decide who is a candidate, nothing is said (``depends_on_points``).
    """
    policy = standing.problem.policy
    is_fixed = policy.thresholds.min_score_points is None and policy.candidates.keep_per_company is None
    if standing.tiers[0] != "points" or not is_fixed:
        return weights_left_open(standing)
    values = valued_candidates(standing.problem)
    known: dict[bytes, tuple[Int64, int]] = {}
    return tuple(_of_criterion(standing, column, name, values, known) for name in CRITERIA)


def weights_left_open(standing: Standing) -> tuple[WeightChange, ...]:
    """For every criterion that nothing is said, as weights also decide what is compared."""
    weights = standing.problem.policy.weights.as_dict()
    up = Way("unknown", sum(weights.values()), why_not="depends_on_points")
    down = Way("unknown", 0.0, why_not="depends_on_points")
    return tuple(WeightChange(name, weights[name], up, down, 0) for name in CRITERIA)


def _of_criterion(
    standing: Standing,
    column: int,
    name: CriterionName,
    values: Candidates,
    known: dict[bytes, tuple[Int64, int]],
) -> WeightChange:
    weights = {key: exact_weight(weight) for key, weight in standing.problem.policy.weights.as_dict().items()}
    now, total = weights[name], sum(weights.values(), Fraction(0))
    if total == now:
        alone = Way("none", float(total), word="proved", why_not="only_criterion")
        return WeightChange(name, float(now), alone, replace(alone, end=0.0), 0)
    search = _Search(standing, column, build_weight_lines(standing.problem, values, name), known)
    step = Fraction(10) ** (math.floor(math.log10(total)) - _DIGITS)
    up = _way(search, name, now, total, step)
    down = _way(search, name, now, Fraction(0), step)
    return WeightChange(name, float(now), up, down, search.n_solves)


def _way(search: _Search, name: CriterionName, start: Fraction, end: Fraction, step: Fraction) -> Way:
    if start == end:
        return Way("none", float(end), word="proved")
    zero = first_zero(search.ask, start, end, scale=Line(search.lines.rest, search.lines.unit))
    if zero.outcome == "unknown":
        return Way("unknown", float(end), why_not=search.why_not)
    if zero.w is None:
        is_sure = zero.margin > _rounding(search.standing)
        return Way("none", float(end), word="proved" if is_sure else "unknown", why_not=None if is_sure else "rounding")
    for weight in _trials(zero.w, start, end, step):
        if search.n_solves + 2 > MOST_SOLVES:
            return Way("unknown", float(end), exact=zero.w, why_not="solves_used_up")
        search.n_solves += 2
        is_in, word = _tried(search, name, float(weight))
        if is_in:
            return Way("found", float(end), float(weight), zero.w, word)
    return Way("unknown", float(end), exact=zero.w, why_not="rounding")


def _trials(at: Fraction, start: Fraction, end: Fraction, step: Fraction) -> Iterator[Fraction]:
    """Weights from the zero on, away from the present weight: on the grid people read, then on a finer one."""
    sign = 1 if end > start else -1
    for parts, further in _TRIALS:
        grid = step / parts
        first = sign * math.ceil(sign * at / grid)
        first += sign if first * grid == start else 0
        for more in further:
            weight = (first + sign * more) * grid
            if weight >= 0 and sign * weight <= sign * end:
                yield weight


def _tried(search: _Search, name: CriterionName, weight: float) -> tuple[bool | None, Word]:
    """Whether the pair is in a best plan of the programme with that weight, everything built anew."""
    standing = search.standing
    policy = standing.problem.policy
    weights = Weights.model_validate({**policy.weights.as_dict(), name: weight})
    problem = standing.problem.with_policy(policy.model_copy(update={"weights": weights}))
    candidates = build_candidates(problem)
    model = build_model(problem, candidates)
    best = standing.solve_model(problem, candidates, model)
    return is_in_best(best, standing.solve_model(problem, candidates, forced(model, search.column)))


def _rounding(standing: Standing) -> Fraction:
    """Points by which two plans may differ more or less with rounded points than with those of the lines."""
    problem = standing.problem
    n_matches = int(np.unique(standing.candidates.company_idx).size)
    n_matches = min(n_matches, int(problem.directors["max_companies"].sum()))
    if problem.policy.limits.max_companies is not None:
        n_matches = min(n_matches, problem.policy.limits.max_companies)
    highest = Fraction(float(problem.companies["priority"].max()))
    # Half a point for each criterion, half for what the lines round, and half of the priority for its 1/10,000.
    return 2 * n_matches * (Fraction(len(CRITERIA), 2) + Fraction(1, 2) + highest / 2)


def record(change: WeightChange) -> Record:
    """One criterion as plain data."""
    return {
        "kind": "weight",
        "criterion": change.criterion,
        "was": change.was,
        "up": _way_record(change.up),
        "down": _way_record(change.down),
        "solves": change.n_solves,
    }


def _way_record(way: Way) -> Record:
    return {
        "outcome": way.outcome,
        "weight": way.weight,
        "word": way.word,
        "before_rounding": None if way.exact is None else f"{way.exact.numerator}/{way.exact.denominator}",
        "end": way.end,
        "why_not": way.why_not,
    }
