"""Changes applied to a problem: a new problem each time, the base is never edited."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, ValidationError, create_model

from matcher.domain import geography
from matcher.domain.policy import Policy
from matcher.domain.problem import Problem, dtype_of
from matcher.domain.tables import NO_REPAIRS, TABLES, Row, column_of, columns_of
from matcher.domain.values import match_key
from matcher.whatif.change_faults import ChangeFault, ChangeFaults, Path
from matcher.whatif.scenario import Between, Change, PairOf, RemoveRows, SetRows, Step, TableName, _Rows

Bools = npt.NDArray[np.bool_]
Adopted = Callable[[str], Sequence[tuple[str, str]]]
"""From the name of an earlier plan to its matches, as ids."""

REGION = "region"


def apply_change(problem: Problem, change: Change, *, adopted: Adopted | None = None) -> Problem:
    """The problem after one change.

    Raises
    ------
    ChangeFaults : unknown fields or ids, values that are not allowed, a filter that fits no row, an id that is taken
    """
    if change.set is not None:
        return _set(problem, change.set)
    if change.add is not None:
        return _add(problem, change.add)
    if change.remove is not None:
        return _remove(problem, change.remove)
    if change.policy is not None:
        return problem.with_policy(_policy(problem.policy, change.policy))
    if change.pin is not None:
        return _demand(problem, [change.pin], "pin", ("pin",))
    if change.forbid is not None:
        return _demand(problem, [change.forbid], "forbid", ("forbid",))
    assert change.adopt is not None
    pairs = [] if adopted is None else adopted(change.adopt)
    wanted = [PairOf(director_id=director, company_id=company) for director, company in pairs]
    return _demand(problem, wanted, "pin", ("adopt",))


def _set(problem: Problem, change: SetRows) -> Problem:
    frame = problem.tables[change.table]
    faults: list[ChangeFault] = []
    where = np.zeros(len(frame), np.bool_)  # where the rows are at fault, the values are judged all the same
    try:
        where = _rows_of(problem, change, ("set",))
    except ChangeFaults as found:
        faults += found.faults
    columns: dict[str, pd.Series] = {}
    for name, value in change.values.items():
        path: Path = ("set", "values", name)
        if not _knows(change.table, name):
            faults.append(_unknown_field(change.table, name, path))
            continue
        if name in TABLES[change.table].key and name.endswith("id"):
            faults.append(ChangeFault(path, "key_field_fixed", name))
            continue
        try:
            columns[name] = _with_cells(frame[name], where, change.table, name, value, path)
        except ChangeFaults as found:
            faults += found.faults
    if faults:
        raise ChangeFaults(faults)
    return _with_table(problem, change.table, frame.assign(**columns))


def _with_cells(series: pd.Series, where: Bools, table: TableName, name: str, value: object, path: Path) -> pd.Series:
    """The column with new cells in some rows."""
    cells = series.astype(object).to_numpy(copy=True)
    if isinstance(value, Step):
        if column_of(table, name).kind not in ("integer", "number"):
            raise ChangeFaults([ChangeFault(path, "step_not_number", name)])
        for row in np.flatnonzero(where & series.notna().to_numpy()).tolist():
            moved = float(cells[row]) + value.add if value.add is not None else float(cells[row]) * (value.times or 0.0)
            cells[row] = _parsed(table, name, moved, path)
    else:
        cells[where] = _parsed(table, name, value, path)
    return pd.Series(cells, index=series.index, dtype=dtype_of(column_of(table, name)))


def _add(problem: Problem, change: Mapping[TableName, Sequence[Mapping[str, Any]]]) -> Problem:
    faults: list[ChangeFault] = []
    frames: dict[TableName, pd.DataFrame] = {}
    places: dict[TableName, list[int]] = {}
    unread: set[str] = set()  # ids of rows that are at fault themselves: nobody else is blamed for naming them
    for table, rows in change.items():
        frames[table], places[table] = problem.tables[table], []
        for place, row in enumerate(rows):
            path: Path = ("add", table, place)
            unknown = [name for name in row if not _knows(table, name)]
            faults += [_unknown_field(table, name, (*path, name)) for name in unknown]
            try:
                parsed = TABLES[table].row.model_validate(
                    {k: v for k, v in row.items() if k not in unknown}, context=NO_REPAIRS
                )
            except ValidationError as errors:
                faults += [
                    ChangeFault((*path, *error["loc"]), "", error.get("input"), error=error)
                    for error in errors.errors(include_url=False)
                ]
                unread.add(str(row.get("id")))
                continue
            frames[table] = pd.concat([frames[table], _frame_of(table, parsed)], ignore_index=True)
            places[table].append(place)
    named: dict[str, pd.DataFrame] = {str(table): frame for table, frame in frames.items()}
    added = replace(problem, tables=MappingProxyType({**problem.tables, **named}))
    for table, sound in places.items():
        first = len(frames[table]) - len(sound)
        for at, place in enumerate(sound, start=first):
            found = _row_faults(added, table, frames[table], at, ("add", table, place))
            faults += [fault for fault in found if fault.rule != "unknown_id" or fault.value not in unread]
    if faults:
        raise ChangeFaults(faults)
    return problem.with_tables(named)


def _remove(problem: Problem, change: RemoveRows) -> Problem:
    where = _rows_of(problem, change, ("remove",))
    frame = problem.tables[change.table]
    tables = {str(change.table): frame[~where]}
    if "id" in frame.columns:
        gone = set(frame["id"][where])
        for name in TABLES:
            if name == change.table:
                continue
            refers = [column.name for column in columns_of(name) if change.table in column.refers]
            if refers:
                is_gone = problem.tables[name][refers].isin(gone).any(axis=1)
                if is_gone.any():
                    tables[name] = problem.tables[name][~is_gone]
    return problem.with_tables(tables)


def _policy(policy: Policy, change: Mapping[str, Any]) -> Policy:
    """The policy with some settings replaced; sections are merged, lists are replaced."""
    merged = _merged(policy.model_dump(mode="json"), _nested(change))
    try:
        # JSON mode is strict about types, yet takes lists where the model holds tuples.
        return Policy.model_validate_json(json.dumps(merged, default=str), strict=True)
    except ValidationError as errors:
        raise ChangeFaults(
            [
                ChangeFault(("policy", *error["loc"]), "", error.get("input"), error=error)
                for error in errors.errors(include_url=False)
            ]
        ) from None


def _nested(change: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with dotted keys (``weights.network``) as sections."""
    out: dict[str, Any] = {}
    for key, value in change.items():
        head, dot, rest = key.partition(".")
        below = _nested({rest: value}) if dot else _nested(value) if isinstance(value, Mapping) else value
        out[head] = _merged(out[head], below) if isinstance(out.get(head), dict) and isinstance(below, dict) else below
    return out


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(old)
    for key, value in new.items():
        before = out.get(key)
        out[key] = _merged(before, value) if isinstance(before, dict) and isinstance(value, Mapping) else value
    return out


def _demand(problem: Problem, wanted: Sequence[PairOf], rule: str, path: Path) -> Problem:
    """The problem with pins or forbids; what was pinned or forbidden of the same pair before gives way."""
    faults = []
    for pair in wanted:
        for table, value in (("directors", pair.director_id), ("companies", pair.company_id)):
            known = problem.director_idx if table == "directors" else problem.company_idx
            if int(known([value])[0]) < 0:
                key = "director_id" if table == "directors" else "company_id"
                faults.append(_unknown_id(problem, table, value, (*path, key)))
    if faults:
        raise ChangeFaults(faults)
    pairs = problem.tables["pairs"]
    named = {(pair.director_id, pair.company_id) for pair in wanted}
    both = zip(pairs["director_id"], pairs["company_id"], pairs["rule"], strict=True)
    stays = [one[2] not in ("pin", "forbid") or one[:2] not in named for one in both]
    frames = [pairs[np.array(stays, np.bool_)]]
    for pair in wanted:
        row = {"director_id": pair.director_id, "company_id": pair.company_id, "rule": rule}
        frames.append(_frame_of("pairs", TABLES["pairs"].row.model_validate(row)))
    return _with_table(problem, "pairs", pd.concat(frames, ignore_index=True))


def _rows_of(problem: Problem, change: _Rows, path: Path) -> Bools:
    """(n_rows,) the rows a change speaks of.

    Raises
    ------
    ChangeFaults : an unknown id, an unknown field, or no row at all
    """
    frame = problem.tables[change.table]
    if change.ids is not None:
        if "id" not in frame.columns:
            raise ChangeFaults([ChangeFault((*path, "ids"), "table_without_ids", change.table)])
        known = set(frame["id"])
        missing = [one for one in change.ids if one not in known]
        if missing:
            raise ChangeFaults([_unknown_id(problem, change.table, one, (*path, "ids")) for one in missing])
        return frame["id"].isin(list(change.ids)).to_numpy(bool)
    assert change.where is not None
    mask = np.ones(len(frame), np.bool_)
    faults: list[ChangeFault] = []
    for name, wanted in change.where.items():
        try:
            mask &= _fits(frame, change.table, name, wanted, (*path, "where", name))
        except ChangeFaults as found:
            faults += found.faults
    if faults:
        raise ChangeFaults(faults)
    if not mask.any():
        raise ChangeFaults([ChangeFault((*path, "where"), "no_row_fits", change.table)])
    return mask


def _fits(frame: pd.DataFrame, table: TableName, name: str, wanted: object, path: Path) -> Bools:
    if name == REGION and "prefecture" in frame.columns:
        names = wanted if isinstance(wanted, tuple) else (wanted,)
        regions = [geography.region_id(str(one)) for one in names]
        if None in regions:
            unknown = [one for one, region in zip(names, regions, strict=True) if region is None]
            raise ChangeFaults([ChangeFault(path, "unknown_region", one) for one in unknown])
        inside = [code for code in range(1, 48) if geography.region_of(code) in regions]
        return frame["prefecture"].isin(inside).to_numpy(bool)
    if not _knows(table, name):
        raise ChangeFaults([_unknown_field(table, name, path)])
    series = frame[name]
    if wanted is None:
        return series.isna().to_numpy(bool)
    if isinstance(wanted, Between):
        if column_of(table, name).kind not in ("integer", "number"):
            raise ChangeFaults([ChangeFault(path, "step_not_number", name)])
        numbers = series.to_numpy(float)
        low = -np.inf if wanted.min is None else wanted.min
        high = np.inf if wanted.max is None else wanted.max
        return np.asarray((numbers >= low) & (numbers <= high))
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    parsed: list[object] = []
    faults: list[ChangeFault] = []
    for value in values:
        try:
            parsed.append(_parsed(table, name, value, path))
        except ChangeFaults as found:
            faults += found.faults
    if faults:
        raise ChangeFaults(faults)
    if column_of(table, name).kind in ("skill", "text"):
        keys = {match_key(str(value)) for value in parsed}
        return series.map(lambda cell: isinstance(cell, str) and match_key(cell) in keys).to_numpy(bool)
    return series.isin(parsed).to_numpy(bool)


@cache
def _cell_model(table: TableName, name: str) -> type[BaseModel]:
    info = TABLES[table].row.model_fields[name]
    return create_model(f"{table}_{name}", __base__=Row, **{name: (info.annotation, info)})  # type: ignore[call-overload, no-any-return]


def _parsed(table: TableName, name: str, value: object, path: Path) -> Any:  # Any: a cell
    """One cell, parsed and judged as in a file.

    Raises
    ------
    ChangeFaults : it is no value of the column
    """
    try:
        cell = getattr(_cell_model(table, name).model_validate({name: value}, context=NO_REPAIRS), name)
    except ValidationError as errors:
        raise ChangeFaults(
            [ChangeFault(path, "", value, error=error) for error in errors.errors(include_url=False)]
        ) from None
    if cell is None and column_of(table, name).kind == "prefecture":
        return 0
    return cell


def _frame_of(table: str, row: BaseModel) -> pd.DataFrame:
    """A parsed row as a frame of one row in canonical dtypes."""
    columns = {}
    for column in columns_of(table):
        cell = getattr(row, column.name)
        if column.kind == "prefecture" and cell is None:
            cell = 0
        columns[column.name] = pd.Series([cell], dtype=dtype_of(column))
    return pd.DataFrame(columns)


def _row_faults(problem: Problem, table: str, frame: pd.DataFrame, at: int, path: Path) -> list[ChangeFault]:
    """An added row whose key is taken, or that names an id nobody has."""
    faults = []
    row = frame.iloc[at]
    keys = list(TABLES[table].key)
    same = (frame[keys] == row[keys]).all(axis=1)
    if int(same.sum()) > 1:
        faults.append(ChangeFault(path, "key_taken", ", ".join(str(row[key]) for key in keys), {"table": table}))
    for column in columns_of(table):
        value = row[column.name]
        if not column.refers or not isinstance(value, str):
            continue
        if not any((problem.tables[name]["id"] == value).any() for name in column.refers):
            faults.append(_unknown_id(problem, column.refers[0], value, (*path, column.name)))
    return faults


def _knows(table: str, name: str) -> bool:
    return any(column.name == name for column in columns_of(table))


def _unknown_field(table: str, name: str, path: Path) -> ChangeFault:
    known = tuple(column.name for column in columns_of(table))
    return ChangeFault(path, "unknown_key", name, {"known": known})


def _unknown_id(problem: Problem, table: str, value: str, path: Path) -> ChangeFault:
    known = tuple(str(one) for one in problem.tables[table]["id"])
    return ChangeFault(path, "unknown_id", value, {"refers": (table,), "known": known})


def _with_table(problem: Problem, name: str, frame: pd.DataFrame) -> Problem:
    # The ratings table has stood in for the columns already: a change of it changes no column.
    return problem.with_tables({name: frame})
