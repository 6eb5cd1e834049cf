"""`Comparison`: what two plans differ in, by id, also where their data are not the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from matcher.domain.problem import Problem
from matcher.domain.tables import TABLES, columns_of
from matcher.plan.document import Assignment, PlanDocument
from matcher.whatif.chains import Chain, Difference, Move, Origin, chains_of
from matcher.whatif.figures import figures_of, has_plan


@dataclass(frozen=True)
class Comparison:
    """From one plan to another.

    Attributes
    ----------
    moved, entered, left : companies that change their director, that are served now, that are served no more
    chains : the same moves as they hang together, each with what it comes from
    tiers : tier → (before, after); metrics : figure → (before, after), where both have it or one of them
    n_same, same_points : matches in both plans, and by how much their points change together
    rows : what differs in the data, at most as many as asked for; n_rows : all of them
    policy : settings that differ, as dotted keys
    """

    moved: tuple[Move, ...]
    entered: tuple[Move, ...]
    left: tuple[Move, ...]
    chains: tuple[Chain, ...]
    tiers: Mapping[str, tuple[int | None, int | None]]
    metrics: Mapping[str, tuple[float | None, float | None]]
    n_same: int
    same_points: int
    rows: tuple[Difference, ...]
    n_rows: int
    policy: tuple[str, ...]


def compare(
    before: PlanDocument,
    after: PlanDocument,
    *,
    data: tuple[Problem, Problem] | None = None,
    origins: Sequence[Origin] | None = None,
    most_rows: int = 200,
) -> Comparison:
    """What the second plan has other than the first; where one of them is no plan, nobody moves.

    Parameters
    ----------
    data : their problems, where rows of the data shall be compared too
    origins : the changes that lead from the first to the second; without them every row that differs is one
    most_rows : so many of the rows that differ are kept, all are counted
    """
    was = {match.company_id: match for match in before.assignments}
    becomes = {match.company_id: match for match in after.assignments}
    is_planned = has_plan(before) and has_plan(after)
    moves = [
        _move(company_id, was.get(company_id), becomes.get(company_id))
        for company_id in (sorted(was.keys() | becomes.keys()) if is_planned else ())
    ]
    changed = [move for move in moves if move.before_id != move.after_id]
    rows = () if data is None else differences(*data)
    policy = changed_keys(before.policy, after.policy)
    if origins is None:
        origins = [Origin("row", rows=(row,)) for row in rows]
        origins += [Origin("settings", settings=policy)] if policy else []
    return Comparison(
        moved=tuple(move for move in changed if move.before_id is not None and move.after_id is not None),
        entered=tuple(move for move in changed if move.before_id is None),
        left=tuple(move for move in changed if move.after_id is None),
        chains=chains_of(
            changed,
            origins,
            is_full=_is_full(before) and _is_full(after),
            is_proved=_is_proved(before) and _is_proved(after),
        ),
        tiers=MappingProxyType(_both(before.objective, after.objective)),
        metrics=MappingProxyType(_both(figures_of(before), figures_of(after))),
        n_same=len(moves) - len(changed),
        same_points=sum(move.points_change for move in moves if move.before_id == move.after_id),
        rows=rows[:most_rows],
        n_rows=len(rows),
        policy=policy,
    )


def _move(company_id: str, before: Assignment | None, after: Assignment | None) -> Move:
    return Move(
        company_id,
        None if before is None else before.director_id,
        None if after is None else after.director_id,
        None if before is None else before.points,
        None if after is None else after.points,
    )


def _is_full(document: PlanDocument) -> bool:
    """Whether a plan serves as many companies as its policy lets it."""
    most: object = document.policy.get("limits", {}).get("max_companies")
    return most == len(document.assignments)


def _is_proved(document: PlanDocument) -> bool:
    """Whether every tier is proved, tie-breaks and lot too: then it is the one plan of its data and policy."""
    return all(tier.word == "proved" and tier.value == tier.bound for tier in document.tiers)


def _both(before: Mapping[str, float | None], after: Mapping[str, float | None]) -> dict:  # type: ignore[type-arg]
    """name → (before, after), names of the first in their order, then those only the second has."""
    return {name: (before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after))}


def differences(before: Problem, after: Problem) -> tuple[Difference, ...]:
    """Rows that are in one of the data sets only, or differ in some field; tables in their order.

    Notes
    -----
    O(rows) in numpy; Python takes a step only for a row that differs.
    """
    found: list[Difference] = []
    for name, table in TABLES.items():
        one, other = before.tables[name], after.tables[name]
        if one is other or one.equals(other):
            continue
        keys = list(table.key)
        left, right = (frame.drop_duplicates(keys).set_index(keys) for frame in (one, other))
        only_left, only_right = left.index.difference(right.index), right.index.difference(left.index)
        found += [Difference(name, _key(key), side="before") for key in only_left]
        found += [Difference(name, _key(key), side="after") for key in only_right]
        shared = left.index.intersection(right.index)
        fields = [column.name for column in columns_of(name) if column.name not in keys]
        a, b = left.loc[shared, fields], right.loc[shared, fields]
        differs = (~((a == b) | (a.isna() & b.isna()))).to_numpy(bool)
        for at in np.flatnonzero(differs.any(axis=1)).tolist():
            changed = tuple(field for field, is_other in zip(fields, differs[at], strict=True) if is_other)
            found.append(Difference(name, _key(shared[at]), changed))
    return tuple(found)


def _key(key: object) -> tuple[str, ...]:
    return tuple(str(part) for part in key) if isinstance(key, tuple) else (str(key),)


def changed_keys(before: object, after: object, path: str = "") -> tuple[str, ...]:
    """Settings that differ, as dotted keys, in order."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = dict.fromkeys((*before, *after))
        below = [changed_keys(before.get(key), after.get(key), f"{path}.{key}".lstrip(".")) for key in keys]
        return tuple(key for part in below for key in part)
    return () if before == after else (path,)
