"""Where the best plan changes along one weight: exactly, not by sampling.

Before points are rounded every plan is a straight line in the weight, so the best plans are the upper envelope of these
lines, and its corners are exact fractions (`matcher.model.parametric.envelope`). The points of the policy are rounded.
A plan that stays best even if each of its pairs lost all that rounding takes at any weight of a span, and every other
pair gained as much, is the plan as the policy scores it; where it is so at both ends, it is so all along the span. Of a
rival that comes nearer than that, the points are added up at every weight, and it is left out where it has fewer. Spans
are of weights on a step, at most 10,000 of them in all: 0.01 from 0 to 40. Around a corner, where rounding decides, the
programme itself is solved, built anew, until two neighbouring weights are left.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from matcher.domain.policy import CRITERIA, CriterionName, Policy
from matcher.domain.problem import Problem
from matcher.model.certificate import Word
from matcher.model.parametric import Line, Piece, envelope
from matcher.plan.plan import Plan
from matcher.whatif.along_weight import Pairs, Search, Span, WhyNot, line_of

MOST_SOLVES = 400
"""Of one weight: the lines, what rounding leaves, and the programme itself together."""

_SHARE_OF_LINES = 0.5
_DIGITS = 4


@dataclass(frozen=True)
class Region:
    """Weights between two corners.

    Attributes
    ----------
    low, high : exact, before points are rounded
    plan : the best plan there; `line` its points × sum of weights
    word : of being best before rounding; short_points : no plan is better by more, None where that is not known
    sure : (from, to) of weights on the step at which it is the plan as the policy scores it, proved; elsewhere
        rounding may decide, or as good a plan exists
    solved_at : a weight at which the programme itself was solved and gave `plan`; None where it gave another, or was
        not; is_scored : whether there is one
    objective : of `plan`, as the policy scores it at `solved_at`
    """

    low: Fraction
    high: Fraction
    plan: Pairs
    line: Line
    word: Word
    short_points: int | None
    sure: tuple[Span, ...] = ()
    solved_at: Fraction | None = None
    is_scored: bool = False
    objective: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Break:
    """From one region to the next.

    Attributes
    ----------
    w : the corner, exact, before points are rounded
    last, first : neighbouring weights at which the programme was solved, or the plan is sure: at `last` the plan is
        still the one before, at `first` no longer; None where that was not found out
    is_next_at_first : whether it is the plan after then
    """

    w: Fraction
    last: Fraction | None
    first: Fraction | None
    is_next_at_first: bool = False


@dataclass(frozen=True)
class BreakPoints:
    """The regions of one weight from `low` to `high`, all other weights as they are, and the breaks between them.

    Attributes
    ----------
    step : weights are solved on its multiples; gap : the policy's, which is not used here: plans are solved to the end
    is_complete : whether nothing was left open for want of solves
    """

    key: str
    low: Fraction
    high: Fraction
    step: Fraction
    gap: float
    regions: tuple[Region, ...]
    breaks: tuple[Break, ...]
    n_solves: int
    is_complete: bool
    why_not: WhyNot | None = None


def criterion_of(key: str) -> CriterionName | None:
    """The criterion whose weight a setting is."""
    section, _, name = key.partition(".")
    return next((known for known in CRITERIA if section == "weights" and known == name), None)


def find_break_points(
    problem: Problem,
    criterion: CriterionName,
    low: Fraction,
    high: Fraction,
    *,
    known: Mapping[Fraction, Plan] | None = None,
    stop: threading.Event | None = None,
    most_solves: int = MOST_SOLVES,
    on_solve: Callable[[int], None] | None = None,
) -> BreakPoints:
    """The best plan at every weight of one criterion from `low` to `high`.

    Parameters
    ----------
    known : plans of the same programme by weight, solved to the end
    stop : once set, nothing more is solved; what is left is open
    on_solve : called with the number of solves so far

    Notes
    -----
    Where points decide who is a candidate, or come after `worst_match`, plans are no lines: ``depends_on_points``.
    """
    policy = _to_the_end(problem.policy)
    key = f"weights.{criterion}"
    step = Fraction(10) ** (math.ceil(math.log10(high - low)) - _DIGITS)
    nothing = BreakPoints(key, low, high, step, problem.policy.solve.gap, (), (), 0, False)
    why_not = _why_not(policy)
    if why_not is not None:
        return _without(nothing, why_not)
    search = Search(problem.with_policy(policy), criterion, stop, most_solves, on_solve or (lambda n: None))
    search.scored.update(known or {})
    pieces = envelope(lambda w: search.ask(w, int(_SHARE_OF_LINES * most_solves)), low, high)
    if not pieces:
        return _without(nothing, search.why_not)
    regions = tuple(_region(search, piece, step) for piece in pieces)
    breaks = tuple(_between(search, one, other, step) for one, other in itertools.pairwise(regions))
    return BreakPoints(
        key, low, high, step, problem.policy.solve.gap, regions, breaks, search.n_solves, not search.is_short
    )


def _without(nothing: BreakPoints, why_not: WhyNot) -> BreakPoints:
    return BreakPoints(nothing.key, nothing.low, nothing.high, nothing.step, nothing.gap, (), (), 0, False, why_not)


def _to_the_end(policy: Policy) -> Policy:
    return policy.model_copy(update={"solve": policy.solve.model_copy(update={"gap": 0.0})})


def _why_not(policy: Policy) -> WhyNot | None:
    if "points" not in policy.objective:
        return "points_not_asked"
    before = policy.objective[: policy.objective.index("points")]
    is_fixed = policy.thresholds.min_score_points is None and policy.candidates.keep_per_company is None
    return None if is_fixed and "worst_match" not in before else "depends_on_points"


def _region(search: Search, piece: Piece, step: Fraction) -> Region:
    """A piece with its plan, and where that is sure."""
    columns = search.plans[piece.line]
    at = _inside(piece.low, piece.high, step, search.scored)
    scored = None if at is None else search.plan_at(at)
    is_scored = False
    if scored is not None:
        own = search.columns_of(scored)
        is_scored = own is not None and line_of(search.lines, own) == piece.line
        columns = own if is_scored and own is not None else columns
    sure = search.sure(columns, (piece.low, piece.high), step) if piece.short == 0 else ()
    short = None
    if piece.short is not None:
        short = math.ceil(piece.short / search.lines.total(piece.low))
    word: Word = "proved" if piece.short == 0 else "claimed" if piece.is_claimed else "unknown"
    return Region(
        piece.low,
        piece.high,
        search.pairs(columns),
        piece.line,
        word,
        short,
        sure,
        at if is_scored else None,
        is_scored,
        scored.document.objective if scored is not None and is_scored else {},
    )


def _between(search: Search, one: Region, other: Region, step: Fraction) -> Break:
    """Two neighbouring weights between which the plan changes as the policy scores it."""
    before = _weights_of(one)
    after = _weights_of(other)
    if not before or not after or not one.word == other.word == "proved":
        return Break(one.high, None, None)
    last, first = max(before), min(after)
    is_next = True
    while True:
        middle = _inside(last, first, step, {})
        plan = None if middle is None else search.plan_at(middle)
        if middle is None:
            return Break(one.high, last, first, is_next)
        if plan is None:
            return Break(one.high, None, None)
        pairs = pairs_of(plan)
        if pairs == one.plan:
            last = middle
        else:
            first, is_next = middle, pairs == other.plan


def pairs_of(plan: Plan) -> Pairs:
    """A plan's matches by id."""
    return frozenset((match.director_id, match.company_id) for match in plan.document.assignments)


def _weights_of(region: Region) -> list[Fraction]:
    """Weights at which its plan is the plan."""
    found = [w for span in region.sure for w in span]
    return [*found, region.solved_at] if region.is_scored and region.solved_at is not None else found


def _inside(low: Fraction, high: Fraction, step: Fraction, known: Mapping[Fraction, object]) -> Fraction | None:
    """A multiple of the step between two weights: a known one, else the middle; None where there is none."""
    middle = (low + high) / 2
    near: Sequence[Fraction] = [w for w in known if low < w < high]
    if near:
        return min(near, key=lambda w: abs(w - middle))
    at = round(middle / step) * step
    if low < at < high:
        return at
    at = math.floor(low / step) * step + step
    return at if low < at < high else None
