"""`Chain`: moves that hang together, told one after the other, and which change of the scenario is behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from matcher.domain.tables import TABLES, columns_of

Kind = Literal["moved", "entered", "left"]
Known = Literal["these", "these_and_more", "settings", "elsewhere", "none", "unproved"]


@dataclass(frozen=True, slots=True)
class Move:
    """One company whose director changes; a side without one is None.

    `before_points` and `after_points` are those of its match in either plan.
    """

    company_id: str
    before_id: str | None
    after_id: str | None
    before_points: int | None
    after_points: int | None

    @property
    def kind(self) -> Kind:
        return "entered" if self.before_id is None else "left" if self.after_id is None else "moved"

    @property
    def points_change(self) -> int:
        """What the plan gains by this step alone: the match that comes, less the match that goes."""
        return (self.after_points or 0) - (self.before_points or 0)


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of a table that is not the same in both data sets; `fields` are those that differ, empty where the row
    is in one of them only (`side`: before, after)."""

    table: str
    key: tuple[str, ...]
    fields: tuple[str, ...] = ()
    side: Literal["before", "after", "both"] = "both"

    def parties(self, of: Literal["directors", "companies"]) -> tuple[str, ...]:
        """The directors or companies that the row is about, by id."""
        if self.table == of:
            return self.key
        refers = {column.name: column.refers for column in columns_of(self.table)}
        refers |= {"company_id": ("companies",)} if self.table == "engagements" else {}  # may be of no applicant
        return tuple(
            value for name, value in zip(TABLES[self.table].key, self.key, strict=True) if of in refers.get(name, ())
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """One change of a scenario, or one row that differs between two runs, and whom it touches.

    Attributes
    ----------
    kind : a kind of change (`matcher.whatif.scenario.KINDS`), ``row`` or ``settings``
    number : place among the changes of its what-if, from 1; 0 where it is no change
    whatif : name of the what-if that holds it
    rows, settings : what it makes different in the data and, as dotted keys, in the policy
    """

    kind: str
    number: int = 0
    whatif: str = ""
    reason: str = ""
    rows: tuple[Difference, ...] = ()
    settings: tuple[str, ...] = ()

    def touched(self) -> Iterable[tuple[str, str]]:
        """(director or company, id) of everybody whose rows it makes different."""
        for row in self.rows:
            yield from (("director", one) for one in row.parties("directors"))
            yield from (("company", one) for one in row.parties("companies"))


@dataclass(frozen=True, slots=True)
class Cause:
    """What a chain comes from, as far as that can be told exactly.

    `known`: ``these`` = nothing but `origins` is different; ``these_and_more`` = `origins` touch somebody of the
    chain, and more is different; ``settings`` = only settings are; ``elsewhere`` = rows of others are;
    ``none`` = nothing is, for all that is known; ``unproved`` = a plan is not proved best in every tier, so that moves
    may come from how far it was solved, and `origins` are those that touch somebody of the chain.
    """

    known: Known
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """Moves joined by directors they share, in the order in which they are told.

    `shares_places`: both plans serve as many as they may, and it is certain who takes the places that are given up, so
    that chains without a director in common are one.
    """

    moves: tuple[Move, ...]
    cause: Cause
    shares_places: bool = False

    @property
    def points_change(self) -> int:
        """The sum over its moves."""
        return sum(move.points_change for move in self.moves)


def chains_of(
    moves: Sequence[Move], origins: Sequence[Origin], *, is_full: bool = False, is_proved: bool = True
) -> tuple[Chain, ...]:
    """The moves as chains, those that cost most first.

    Parameters
    ----------
    is_full : both plans serve as many companies as they may
    is_proved : either plan is proved to be the one plan of its data and policy, its lot included

    Notes
    -----
    O(moves + rows that differ).
    """
    origins = [origin for origin in origins if origin.rows or origin.settings]
    touching: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, origin in enumerate(origins):
        for party in dict.fromkeys(origin.touched()):
            touching[party].append(place)
    apart = _walks(moves, {party for party, places in touching.items() if places})
    joined = _joined_by_places(apart) if is_full else []
    chains = []
    for chain in [*joined, *(one for one in apart if not joined or not _places(one))]:
        places = sorted({place for move in chain for party in _parties(move) for place in touching.get(party, ())})
        chains.append(Chain(chain, _cause(places, origins, is_proved=is_proved), bool(joined) and chain is joined[0]))
    return tuple(sorted(chains, key=lambda chain: (chain.points_change, chain.moves[0].company_id)))


_RANK = {"left": 0, "moved": 1, "entered": 2}
_PLACES = {"left": -1, "moved": 0, "entered": 1}


def _places(chain: Sequence[Move]) -> int:
    """How many companies more are served after a chain."""
    return sum(_PLACES[move.kind] for move in chain)


def _joined_by_places(apart: Sequence[tuple[Move, ...]]) -> list[tuple[Move, ...]]:
    """The one chain of those that take a place another gives up; none where it is not certain who takes whose."""
    giving = [chain for chain in apart if _places(chain) < 0]
    taking = [chain for chain in apart if _places(chain) > 0]
    is_even = sum(map(_places, apart)) == 0
    is_certain = is_even and giving and min(len(giving), len(taking)) == 1
    return [tuple(move for chain in (*giving, *taking) for move in chain)] if is_certain else []


def _directors(move: Move) -> list[tuple[str, str]]:
    return [("director", one) for one in (move.before_id, move.after_id) if one is not None]


def _parties(move: Move) -> list[tuple[str, str]]:
    return [*_directors(move), ("company", move.company_id)]


def _walks(moves: Sequence[Move], touched: Set[tuple[str, str]]) -> list[tuple[Move, ...]]:
    """Moves joined by directors, each next to one it shares a director with; whoever is touched is told first."""
    by_director: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, move in enumerate(moves):
        for node in _directors(move):
            by_director[node].append(at)
    is_first = [not any(party in touched for party in _parties(move)) for move in moves]
    found, seen = [], [False] * len(moves)
    for start in sorted(range(len(moves)), key=lambda at: (is_first[at], _RANK[moves[at].kind], at)):
        out: list[Move] = []
        stack = [start]
        while stack:
            at = stack.pop()
            if seen[at]:
                continue
            seen[at] = True
            out.append(moves[at])
            # Whoever takes what a move leaves free is told next: pushed last, popped first.
            nodes = sorted(_directors(moves[at]), key=lambda node: node == ("director", moves[at].before_id))
            for node in nodes:
                stack += [other for other in reversed(by_director[node]) if not seen[other]]
        found += [tuple(out)] if out else []
    return found


def _cause(places: Sequence[int], origins: Sequence[Origin], *, is_proved: bool) -> Cause:
    touching = tuple(origins[place] for place in places)
    if not is_proved:
        return Cause("unproved", touching)
    if not origins:
        return Cause("none")
    if len(origins) == 1 and not _is_settings(origins[0]):
        return Cause("these", tuple(origins))
    if places:
        return Cause("these" if len(places) == len(origins) else "these_and_more", touching)
    return Cause("settings" if all(_is_settings(origin) for origin in origins) else "elsewhere")


def _is_settings(origin: Origin) -> bool:
    return not origin.rows
