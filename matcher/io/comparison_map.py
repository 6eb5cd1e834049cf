"""The map of moves: the matches that end and those that begin, with the numbers of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.io.report_map import RADIUS, MapLine, base_places, has_places, match_lines
from matcher.plan.document import Assignment
from matcher.whatif.chains import Move
from matcher.words.catalog import Lang
from matcher.words.comparison import label
from matcher.words.facts import Facts
from matcher.words.whatif_chains import Names

N_DRAWN = 40
"""With more moves than this no map is drawn: it would be a tangle."""


@dataclass(frozen=True, slots=True)
class MoveMap:
    """All that is drawn over the land, in map units.

    Attributes
    ----------
    gone, new : matches that end and that begin; a company that only loses its director (`alone`, by number) has its
        mark at the end of the line that goes, any other at the end of the new one
    """

    gone: tuple[MapLine, ...]
    new: tuple[MapLine, ...]
    alone: frozenset[int]
    bases: tuple[tuple[float, float], ...]
    radius: float
    text: str


def build_move_map(moves: Sequence[Move], names: Names, lang: Lang) -> MoveMap | None:
    """The map of moves numbered from 1; None where there are too many, or no place is known."""
    if len(moves) > N_DRAWN:
        return None
    facts = Facts(
        {**names.before.directors, **names.after.directors},
        {**names.before.companies, **names.after.companies},
        names.after.policy,
    )
    ends = [(number, _match(move, move.before_id)) for number, move in enumerate(moves, start=1)]
    begins = [(number, _match(move, move.after_id)) for number, move in enumerate(moves, start=1)]
    gone = [(number, match) for number, match in ends if match is not None and has_places(match, facts)]
    new = [(number, match) for number, match in begins if match is not None and has_places(match, facts)]
    if not gone and not new:
        return None
    is_new = {number for number, _ in new}
    # A company that changes its director has one mark, at the end of its new line.
    marked = _lines([*new, *((n, match) for n, match in gone if n not in is_new)], facts, lang, RADIUS)
    by_number = {line.number: line for line in marked}
    old = _lines([(n, match) for n, match in gone if n in is_new], facts, lang, 0)
    return MoveMap(
        gone=(*old, *(by_number[n] for n, _ in gone if n not in is_new)),
        new=tuple(by_number[n] for n, _ in new),
        alone=frozenset(by_number) - is_new,
        bases=tuple(base_places([match for _, match in (*gone, *new)], facts).values()),
        radius=RADIUS,
        text=label("map_label", lang, n=len(by_number)),
    )


def _lines(numbered: Sequence[tuple[int, Assignment]], facts: Facts, lang: Lang, radius: float) -> tuple[MapLine, ...]:
    return match_lines([number for number, _ in numbered], [match for _, match in numbered], facts, lang, radius)


def _match(move: Move, director_id: str | None) -> Assignment | None:
    """A match as the map takes one; only who and where count there."""
    if director_id is None:
        return None
    return Assignment(
        director_id=director_id,
        company_id=move.company_id,
        points=0,
        criteria={},
        keep=0,
        neutral=(),
        distance_km=None,
        pinned=False,
        is_new=True,
    )
