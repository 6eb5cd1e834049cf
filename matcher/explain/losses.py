"""`Loss`: what a plan loses by a change, and how sure that is; and `ordered_chain`, who takes whom because of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Word = Literal["proved", "claimed", "unknown"]
Pair = tuple[int, int]
"""(director index, company index)"""


@dataclass(frozen=True, slots=True)
class Loss:
    """Points that the published plan has more than the best plan with the change.

    Attributes
    ----------
    points : the figure; below 0 where the change is a gain; None where no plan allows it, or none is known
    word : ``proved``: exact, both optima are proved · ``claimed``: a solver says so of one of them · ``unknown``: the
        true figure lies between `at_least` and `at_most`
    at_least, at_most : proved ends; None where there is none
    is_possible : whether a plan with the change exists; None where that is not known
    """

    points: int | None
    word: Word
    at_least: int | None = None
    at_most: int | None = None
    is_possible: bool | None = True


def exact(points: int | None) -> Loss:
    """A loss that is proved; None = proved that no plan allows the change."""
    if points is None:
        return Loss(None, "proved", is_possible=False)
    return Loss(points, "proved", points, points)


@dataclass(frozen=True, slots=True)
class Step:
    """One link of a chain: a director takes a company or leaves it."""

    director_idx: int
    company_idx: int
    action: Literal["gains", "leaves"]


def ordered_chain(before: Iterable[Pair], after: Iterable[Pair], *, first: Pair | None = None) -> tuple[Step, ...]:
    """What differs between two plans, told as a chain: who takes a company, who it was left by, and so on.

    Parameters
    ----------
    first : where the story begins; the rest follows from director to company and back, other links come in id order
    """
    was, becomes = set(before), set(after)
    gains, leaves = becomes - was, was - becomes
    left = dict.fromkeys(leaves, "leaves") | dict.fromkeys(gains, "gains")
    out: list[Step] = []

    def tell(pair: Pair) -> None:
        action = left.pop(pair)
        out.append(Step(*pair, "gains" if action == "gains" else "leaves"))

    def follow(pair: Pair, *, by_director: bool) -> None:
        """Along the chain: from a taken company to who leaves, from a left one to who takes."""
        while True:
            wanted = "leaves" if pair in gains else "gains"
            side = 0 if by_director else 1
            found = sorted(p for p, action in left.items() if action == wanted and p[side] == pair[side])
            if not found:
                return
            pair, by_director = found[0], not by_director
            tell(pair)

    queue = [first] if first in left else []
    while left:
        pair = queue.pop() if queue else min(left, key=lambda p: (left[p] != "gains", p))
        tell(pair)
        follow(pair, by_director=True)
        follow(pair, by_director=False)
    return tuple(out)
