"""Where, along one number, a restricted optimum first meets the unrestricted one. Numbers only; imports no solver.

Each plan is worth a straight line in w, so the best plan's value is convex in w, and so is that of the best plan with
something demanded. Their difference is neither convex nor concave: it may touch 0 on several intervals, and halving
the way would miss them. So both are asked where the best known lines cross, and an interval is left out only where the
lines already lie above the chord of the other.

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
