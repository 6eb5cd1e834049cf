"""`Comparison`: what two plans differ in, by id, also where their data are not the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from matcher.domain.problem import Problem
from matcher.domain.tables import TABLES, columns_of
from matcher.plan.document import Assignment, PlanDocument


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


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of a table that is not the same in both data sets; `fields` are those that differ, empty where the row
    is in one of them only (`side`: before, after)."""

    table: str
    key: tuple[str, ...]
    fields: tuple[str, ...] = ()
    side: str = "both"


@dataclass(frozen=True)
class Comparison:
    """From one plan to another.

    Attributes
    ----------
    moved, entered, left : companies that change their director, that are served now, that are served no more
    tiers : tier → (before, after); metrics : figure → (before, after), where both have it or one of them
    n_same : matches in both plans
    rows : what differs in the data, at most as many as asked for; n_rows : all of them
    policy : settings that differ, as dotted keys
    """

    moved: tuple[Move, ...]
    entered: tuple[Move, ...]
    left: tuple[Move, ...]
    tiers: Mapping[str, tuple[int | None, int | None]]
    metrics: Mapping[str, tuple[float | None, float | None]]
    n_same: int
    rows: tuple[Difference, ...]
    n_rows: int
    policy: tuple[str, ...]


def compare(
    before: PlanDocument,
    after: PlanDocument,
    *,
    data: tuple[Problem, Problem] | None = None,
    most_rows: int = 200,
) -> Comparison:
    """What the second plan has other than the first.

    Parameters
    ----------
    data : their problems, where rows of the data shall be compared too
    """
    was = {match.company_id: match for match in before.assignments}
    becomes = {match.company_id: match for match in after.assignments}
    moves = [
        _move(company_id, was.get(company_id), becomes.get(company_id))
        for company_id in sorted(was.keys() | becomes.keys())
    ]
    changed = [move for move in moves if move.before_id != move.after_id]
    rows = () if data is None else tuple(_differences(*data))
    return Comparison(
        moved=tuple(move for move in changed if move.before_id is not None and move.after_id is not None),
        entered=tuple(move for move in changed if move.before_id is None),
        left=tuple(move for move in changed if move.after_id is None),
        tiers=MappingProxyType(_both(before.objective, after.objective)),
        metrics=MappingProxyType(_both(_numbers(before), _numbers(after))),
        n_same=len(moves) - len(changed),
        rows=rows[:most_rows],
        n_rows=len(rows),
        policy=tuple(_changed_keys(before.policy, after.policy)),
    )


def _move(company_id: str, before: Assignment | None, after: Assignment | None) -> Move:
    return Move(
        company_id,
        None if before is None else before.director_id,
        None if after is None else after.director_id,
        None if before is None else before.points,
        None if after is None else after.points,
    )


def _numbers(document: PlanDocument) -> dict[str, float | None]:
    return dict(document.metrics.model_dump())


def _both(before: Mapping[str, float | None], after: Mapping[str, float | None]) -> dict:  # type: ignore[type-arg]
    """name → (before, after), names of the first in their order, then those only the second has."""
    return {name: (before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after))}


def _differences(before: Problem, after: Problem) -> Sequence[Difference]:
    """Rows that are in one of the data sets only, or differ in some field; tables in their order."""
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
        differs = ~((a == b) | (a.isna() & b.isna()))
        for key in shared[differs.any(axis=1).to_numpy()]:
            row = differs.loc[key]
            row = row.iloc[0] if isinstance(row, pd.DataFrame) else row
            found.append(Difference(name, _key(key), tuple(field for field in fields if bool(row[field]))))
    return found


def _key(key: object) -> tuple[str, ...]:
    return tuple(str(part) for part in key) if isinstance(key, tuple) else (str(key),)


def _changed_keys(before: object, after: object, path: str = "") -> list[str]:
    """Settings that differ, as dotted keys, in order."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = dict.fromkeys((*before, *after))
        below = [_changed_keys(before.get(key), after.get(key), f"{path}.{key}".lstrip(".")) for key in keys]
        return [key for part in below for key in part]
    return [] if before == after else [path]
