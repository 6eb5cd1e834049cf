"""The plans that no other plan betters in one of two objectives without losing in the other. Numbers only.

One objective is raised among the plans that have at least so much of the other, then the other among those: such a
plan is never bettered (ε-constraint, lexicographic). Between two neighbours found so, more may lie only in the
rectangle they leave open; the largest is halved first, so that a search that is cut short has found points all along.

Source: Haimes, Lasdon, Wismer, On a bicriterion formulation (1971); Boland, Charkhgard, Savelsbergh, A criterion space
search algorithm for biobjective integer programming: the balanced box method (2015).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Corner:
    """One plan by its two objectives, both maximised whole numbers.

    Attributes
    ----------
    kept : the objective of which at least so much is demanded; main : the other
    is_proved : whether it is proved that `main`, and after it `kept`, cannot be more under that demand
    tag : what the caller knows the plan by
    """

    main: int
    kept: int
    is_proved: bool
    tag: int


@dataclass(frozen=True)
class Frontier:
    """What was found, from the most of `main` on.

    Attributes
    ----------
    is_open : (n − 1,) whether further ones may lie between a corner and the next: what was not asked, or not answered
    is_proved : whether every answer was proved; else others may better these, or lie between them
    """

    corners: tuple[Corner, ...]
    is_open: tuple[bool, ...]
    is_proved: bool

    @property
    def is_complete(self) -> bool:
        return self.is_proved and not any(self.is_open)


@dataclass(frozen=True, slots=True)
class _Box:
    """Between two neighbours: `kept` from `low`, below `high`, is not looked at yet; above, there is nothing."""

    one: Corner
    other: Corner
    low: int
    high: int
    is_halved: bool = False

    @property
    def size(self) -> int:
        return (self.one.main - self.other.main - 1) * (self.high - self.low)


def trace(
    best_main: Callable[[int | None, Corner | None], Corner | None],
    best_kept: Callable[[], Corner | None],
    *,
    most: int,
) -> Frontier:
    """Every pair of values that is not bettered, or `most` of them spread along.

    Parameters
    ----------
    best_main : given the least of `kept` (None: no demand), and a corner that has as much: the most of `main`, then of
        `kept`; None where nothing was found
    best_kept : the most of `kept`, then of `main`

    Notes
    -----
    One question a corner, and at most two for each two neighbours that find nothing more between them.
    """
    first, last = best_main(None, None), best_kept()
    if first is None or last is None:
        found = [corner for corner in (first, last) if corner is not None]
        return Frontier(tuple(found), (), False)
    corners, is_proved = {first}, first.is_proved and last.is_proved
    boxes: list[_Box] = []
    if first.kept < last.kept:
        corners.add(last)
        boxes.append(_Box(first, last, first.kept + 1, last.kept))
    unanswered: list[_Box] = []
    while boxes and len(corners) < most:
        box = boxes.pop(max(range(len(boxes)), key=lambda at: boxes[at].size))
        if box.size <= 0:
            continue
        least = box.low if box.is_halved else (box.low + box.high) // 2
        corner = best_main(least, box.other)
        if corner is None:
            unanswered.append(box)
            continue
        is_proved &= corner.is_proved
        if corner.main <= box.other.main and not corner.is_proved:
            unanswered.append(box)
            continue
        if corner.main <= box.other.main:
            boxes.append(_Box(box.one, box.other, box.low, least, is_halved=True))
            continue
        corners.add(corner)
        boxes.append(_Box(box.one, corner, box.low, least))
        boxes.append(_Box(corner, box.other, corner.kept + 1, box.high))
    left = [box for box in (*boxes, *unanswered) if box.size > 0]
    kept = not_bettered(list(corners))
    is_open = tuple(
        any(other.main < box.one.main and box.other.main < one.main for box in left)
        for one, other in itertools.pairwise(kept)
    )
    return Frontier(tuple(kept), is_open, is_proved)


def not_bettered(corners: Sequence[Corner]) -> list[Corner]:
    """The corners that no other betters, from the most of `main` on; of equal ones the first."""
    kept: list[Corner] = []
    for corner in sorted(corners, key=lambda one: (-one.main, -one.kept, one.tag)):
        if not kept or corner.kept > kept[-1].kept:
            kept.append(corner)
    return kept


def supported(frontier: Frontier) -> tuple[bool | None, ...]:
    """Whether each corner is best for some weighing of the two: on the convex hull of all.

    Notes
    -----
    False is certain whatever else there is; True only where the frontier is complete, else None.
    """
    hull: list[Corner] = []
    for corner in frontier.corners:
        while len(hull) > 1 and _turn(hull[-2], hull[-1], corner) > 0:
            hull.pop()
        hull.append(corner)
    on_hull = set(hull)
    yes = True if frontier.is_complete else None
    return tuple(yes if corner in on_hull else False for corner in frontier.corners)


def _turn(one: Corner, middle: Corner, other: Corner) -> int:
    """Above 0 where the middle lies below the line from one corner to the other; 0 on it."""
    return (other.kept - one.kept) * (middle.main - one.main) * -1 + (other.main - one.main) * (middle.kept - one.kept)
