"""Best plans along one number: where they change, where one stays best, where a demand first costs nothing.

Each plan is worth a straight line in w, so the best plan's value is convex in w: no plan is above the chord between
two bounds, and a plan that is best at two w is best between them. The best plan with something demanded is convex as
well, but their difference is neither convex nor concave: it may touch 0 on several intervals, and halving the way would
miss them. So both are asked where the best known lines cross, and an interval is left out only where the lines already
lie above the chord of the other. Numbers only; imports no solver.

Source: Eisner, Severance, Mathematical techniques for efficient record segmentation (1976): an envelope from its
breakpoints.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal


@dataclass(frozen=True, slots=True)
class Line:
    """`at_zero` + `slope` · w."""

    at_zero: int
    slope: int

    def at(self, w: Fraction) -> Fraction:
        return self.at_zero + self.slope * w


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known at one w.

    Attributes
    ----------
    best : the line of a plan that is best there, so nowhere above the best
    most : what no plan with the demand exceeds at `w`
    """

    w: Fraction
    best: Line
    most: Fraction

    @property
    def loss(self) -> Fraction:
        return self.best.at(self.w) - self.most


@dataclass(frozen=True, slots=True)
class Zero:
    """How a search ended.

    Attributes
    ----------
    outcome : ``found``: at `w` nothing is lost, and before it something is · ``none``: nowhere up to the end ·
        ``unknown``: more questions were needed than allowed
    margin : of ``none``: the loss, over the scale, is at least this everywhere on the way
    """

    outcome: Literal["found", "none", "unknown"]
    w: Fraction | None = None
    margin: Fraction = Fraction(0)


def first_zero(ask: Callable[[Fraction], Asked | None], start: Fraction, end: Fraction, *, scale: Line) -> Zero:
    """The first w from `start` to `end`, above or below it, at which the demand costs nothing.

    Parameters
    ----------
    ask : what is known at a w; None where no more may be asked
    scale : positive from `start` to `end`; a margin is a loss over it
    """
    near, far = ask(start), ask(end)
    if near is None or far is None:
        return Zero("unknown")
    if near.loss <= 0:
        return Zero("found", start)
    margin = near.loss / scale.at(start)
    left = [(near, far)]
    while left:
        near, far = left.pop()
        at = _crossing(near, far)
        if at is not None:
            share = (at - near.w) / (far.w - near.w)
            above = near.best.at(at) - (near.most + share * (far.most - near.most))
            if above <= 0:
                middle = ask(at)
                if middle is None:
                    return Zero("unknown")
                left += [(middle, far), (near, middle)]
                continue
            margin = min(margin, above / scale.at(at))
        if far.loss <= 0:
            return Zero("found", far.w)
        margin = min(margin, far.loss / scale.at(far.w))
    return Zero("none", margin=margin)


def _crossing(near: Asked, far: Asked) -> Fraction | None:
    """Where the lines of two w cross between them; None where one of them is the envelope all the way."""
    if near.best.slope == far.best.slope:
        return None
    at = Fraction(far.best.at_zero - near.best.at_zero, near.best.slope - far.best.slope)
    low, high = sorted((near.w, far.w))
    return at if low < at < high else None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a solve says at one w.

    Attributes
    ----------
    line : of a plan found there
    most : what no plan exceeds at `w`; None where nothing is known
    is_claimed : whether a solver says that none is better
    """

    w: Fraction
    line: Line
    most: Fraction | None
    is_claimed: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """From `low` to `high` no plan that was found is better than `line`.

    Attributes
    ----------
    short : no plan at all is better by more than this anywhere on the piece; 0 = proved best, None = not known
    is_claimed : whether a solver says that none is better at both ends
    """

    low: Fraction
    high: Fraction
    line: Line
    short: Fraction | None
    is_claimed: bool = False


def envelope(ask: Callable[[Fraction], Seen | None], low: Fraction, high: Fraction) -> tuple[Piece, ...]:
    """The best lines from `low` to `high`, in order, joined where they cross.

    Parameters
    ----------
    ask : None where no more may be asked, or no plan was found; asked at no w twice

    Notes
    -----
    Asks at the ends, then where the best known lines cross and a better one may lie between: the widest doubt first.
    With proved answers n lines take n − 1 crossings and as many questions as there are lines. Empty where nothing was
    found at either end.
    """
    seen: dict[Fraction, Seen] = {}
    asked = {low, high}
    for w in (low, high):
        found = ask(w)
        if found is not None:
            seen[w] = found
    while seen:
        parts = _upper({one.line for one in seen.values()}, low, high)
        doubts = [(_doubt(seen, end, line), end) for _, end, line in parts[:-1] if end not in asked]
        open_ = [(doubt, end) for doubt, end in doubts if doubt is None or doubt > 0]
        if not open_:
            return tuple(_piece(seen, *part) for part in parts)
        _, w = min(open_, key=lambda one: (one[0] is not None, -(one[0] or 0), one[1]))
        asked.add(w)
        found = ask(w)
        if found is not None:
            seen[w] = found
    return ()


def _upper(lines: set[Line], low: Fraction, high: Fraction) -> list[tuple[Fraction, Fraction, Line]]:
    """(from, to, line) of the upper envelope of some lines."""
    out: list[tuple[Fraction, Fraction, Line]] = []
    at, line = low, max(lines, key=lambda one: (one.at(low), one.slope))
    while True:
        steeper = [one for one in lines if one.slope > line.slope]
        crossings = [(Fraction(line.at_zero - one.at_zero, one.slope - line.slope), -one.slope, one) for one in steeper]
        end, _, following = min(crossings, key=lambda one: one[:2], default=(high, 0, line))
        if end >= high:
            return [*out, (at, high, line)]
        if end > at:
            out.append((at, end, line))
        at, line = end, following


def _doubt(seen: dict[Fraction, Seen], w: Fraction, line: Line) -> Fraction | None:
    """By how much a plan may be better at `w` than `line`, by the chord of what is known on both sides of it."""
    known = sorted((one.w, one.most) for one in seen.values() if one.most is not None)
    before = max((one for one in known if one[0] <= w), default=None)
    after = min((one for one in known if one[0] >= w), default=None)
    if before is None or after is None:
        return None
    share = Fraction(0) if after[0] == before[0] else (w - before[0]) / (after[0] - before[0])
    return before[1] + share * (after[1] - before[1]) - line.at(w)


def _piece(seen: dict[Fraction, Seen], low: Fraction, high: Fraction, line: Line) -> Piece:
    """What is known of a piece: the chords less the line are largest where a chord ends, or the piece does."""
    places = [low, high, *(w for w in seen if low < w < high)]
    doubts = [_doubt(seen, w, line) for w in places]
    short = None if None in doubts else max(doubt for doubt in doubts if doubt is not None)
    ends = [seen.get(w) for w in (low, high)]
    return Piece(low, high, line, short, all(end is not None and end.is_claimed for end in ends))


def held(
    ask: Callable[[Fraction], Seen | None], low: Fraction, high: Fraction, *, step: Fraction
) -> tuple[Fraction, Fraction] | None:
    """The widest interval from `low` to `high` on which nothing is above 0; None where there is none, or it is open.

    Parameters
    ----------
    ask : at a w the best line of something whose best is convex and nowhere below 0, such as all others less one plan
    step : ends within `low` and `high` are whole multiples of it, rounded inwards

    Notes
    -----
    Newton's way from either side: a line that is above 0 is so up to its own zero, so nothing on the way there holds.
    """
    ends = []
    for start, end, sign in ((low, high, 1), (high, low, -1)):
        w = start
        while True:
            found = ask(w)
            if found is None or found.most is None:
                return None
            if found.most <= 0:
                break
            if found.line.at(w) <= 0 or sign * found.line.slope >= 0:
                return None
            zero = Fraction(-found.line.at_zero, found.line.slope)
            w = sign * -(-sign * zero // step) * step
            if sign * w > sign * end:
                return None
        ends.append(w)
    return (ends[0], ends[1]) if ends[0] <= ends[1] else None
