"""What no single cell can tell: keys that repeat, ids that nobody has, rows that contradict each other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain.tables import TABLES, column_of, columns_of
from matcher.domain.values import match_key
from matcher.errors import Issue
from matcher.io.faults import FaultLog
from matcher.io.frames import CheckedTable
from matcher.io.nearest import Nearest

Checked = Mapping[str, CheckedTable]
Mask = npt.NDArray[np.bool_]

_UNDIRECTED = ("ties", "rivals")


def check_rows(checked: Checked, log: FaultLog) -> None:
    """Report every row that contradicts another row, another table, or itself."""
    for name, table in checked.items():
        _check_empty(name, table, log)
        _check_keys(name, table, log)
        _check_references(table, checked, log)
    _check_order_of_dates(checked, log)
    _check_pairs(checked, log)
    _check_loops(checked, log)
    _check_ratings(checked, log)


def is_among(ids: pd.Series, known: pd.Series) -> pd.Series:
    """Return which ids are known; arrow's own look-up, as `Series.isin` makes Python texts of a million ids."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.is_in(pa.array(ids), value_set=pa.array(known))
    return pd.Series(found.to_numpy(zero_copy_only=False))


def known_ids(checked: Checked, tables: tuple[str, ...]) -> pd.Series | None:
    """Return the ids of some tables, or None where one of them cannot be read, so that nothing can be said."""
    found = []
    for name in tables:
        if name not in checked:
            if TABLES[name].is_required:
                return None
            continue
        if not checked[name].has("id"):
            return None
        found.append(checked[name].frame["id"].dropna())
    return pd.concat(found, ignore_index=True) if found else pd.Series([], dtype="str")


def _check_empty(name: str, table: CheckedTable, log: FaultLog) -> None:
    if TABLES[name].is_required and table.frame.empty:
        log.fault(Issue("table_empty", table.raw.file, table.raw.sheet, params={"table": name}))


def _check_keys(name: str, table: CheckedTable, log: FaultLog) -> None:
    keys = list(TABLES[name].key)
    if not TABLES[name].is_keyed or not table.has(*keys):
        return
    frame = table.frame[keys]
    whole = frame.notna().all(axis=1).to_numpy(copy=True)
    for key in keys:
        whole &= ~table.is_bad[key]
    codes = [_codes(frame[key], column_of(name, key).kind) for key in keys]
    if name in _UNDIRECTED:
        both = pd.factorize(pd.concat([frame[keys[0]], frame[keys[1]]], ignore_index=True))[0].reshape(2, -1)
        codes = [both.min(axis=0), both.max(axis=0)]
    combined = codes[0]
    for code in codes[1:]:
        combined = combined * (int(code.max(initial=0)) + 2) + code
        combined = pd.factorize(combined)[0].astype(np.int64)
    rows = np.flatnonzero(whole)
    _, first, group = np.unique(combined[rows], return_index=True, return_inverse=True)
    first_row = rows[first][group]
    for row, earlier in zip(rows[first_row != rows], first_row[first_row != rows], strict=True):
        log.fault(_duplicate(table, keys, int(row), int(earlier), is_detailed=log.wants_detail))


def _codes(values: pd.Series, kind: str) -> npt.NDArray[np.int64]:
    """Return one number for values that mean the same: texts are compared as people read them, ids to the letter."""
    codes, different = pd.factorize(values)
    if kind not in ("skill", "text"):
        return codes.astype(np.int64)
    alike = pd.factorize(np.array([match_key(str(value)) for value in different], dtype=object))[0]
    return np.append(alike, -1)[codes].astype(np.int64)


def _duplicate(table: CheckedTable, keys: list[str], row: int, earlier: int, *, is_detailed: bool) -> Issue:
    rule = "duplicate_id" if keys == ["id"] else "duplicate_row"
    ids = [table.frame.iloc[row][key] for key in keys] if is_detailed else []
    first_ids = [table.frame.iloc[earlier][key] for key in keys] if is_detailed else []
    params: dict[str, object] = {"first_row": int(table.raw.rows[earlier]), "ids": ids, "fields": tuple(keys)}
    if table.raw.table not in _UNDIRECTED and ids != first_ids:
        return table.issue("duplicate_row_alike", row, keys[-1], first_ids=first_ids, **params)
    return table.issue(rule, row, keys[0], **params)


def _check_references(table: CheckedTable, checked: Checked, log: FaultLog) -> None:
    for column in columns_of(table.raw.table):
        if not column.refers or not table.has(column.name):
            continue
        known = known_ids(checked, column.refers)
        if known is None:
            continue
        ids = table.frame[column.name]
        lost = np.flatnonzero((ids.notna() & ~is_among(ids, known)).to_numpy())
        if not lost.size:
            continue
        nearest = Nearest(known)
        for row in lost:
            near = nearest.of(str(ids.iloc[row])) if log.wants_detail else ()
            log.fault(table.issue("unknown_id", int(row), column.name, refers=column.refers, near=near))


def _check_order_of_dates(checked: Checked, log: FaultLog) -> None:
    if "directors" not in checked or not checked["directors"].has("available_from", "available_until"):
        return
    table = checked["directors"]
    start, end = table.frame["available_from"], table.frame["available_until"]
    for row in np.flatnonzero((end < start).to_numpy()):
        log.fault(table.issue("end_before_start", int(row), "available_until", start=f"{start.iloc[row]:%Y-%m-%d}"))


def _check_pairs(checked: Checked, log: FaultLog) -> None:
    if "pairs" not in checked or not checked["pairs"].has("director_id", "company_id", "rule"):
        return
    table = checked["pairs"]
    frame = table.frame
    is_wish = frame["rule"].isin(["wish_director", "wish_company"]).to_numpy()
    valued = frame["value"].notna().to_numpy() | table.is_bad.get("value", np.zeros(len(frame), dtype=np.bool_))
    for row in np.flatnonzero(is_wish & ~valued):
        log.fault(table.issue("wish_without_value", int(row), "value"))
    forbids = (frame["severity"].isna() | (frame["severity"] == "forbid")).to_numpy()
    sides = ["director_id", "company_id"]
    pins = _rows_by_pair(frame[(frame["rule"] == "pin").to_numpy()][sides])
    for row in np.flatnonzero((frame["rule"] == "forbid").to_numpy() & forbids):
        pair = (frame["director_id"].iloc[row], frame["company_id"].iloc[row])
        if pair in pins:
            other = int(table.raw.rows[pins[pair]])
            log.fault(table.issue("pin_and_forbid", int(row), "rule", first_row=other, ids=pair))


def _rows_by_pair(frame: pd.DataFrame) -> dict[tuple[object, object], int]:
    whole = frame.dropna()
    return {(d, c): int(row) for row, d, c in zip(whole.index, *(whole[name] for name in whole), strict=True)}


def _check_loops(checked: Checked, log: FaultLog) -> None:
    for name, one, other, rule in (
        ("rivals", "company_id", "other_id", "rival_of_itself"),
        ("ties", "from_id", "to_id", "tie_to_itself"),
    ):
        if name in checked and checked[name].has(one, other):
            table = checked[name]
            for row in np.flatnonzero((table.frame[one] == table.frame[other]).to_numpy(dtype=bool)):
                log.fault(table.issue(rule, int(row), other))


def _check_ratings(checked: Checked, log: FaultLog) -> None:
    """A rating of a director's column for a company, or the other way round."""
    if "ratings" not in checked or not checked["ratings"].has("subject_id", "field"):
        return
    table = checked["ratings"]
    subjects, fields = table.frame["subject_id"], table.frame["field"]
    of_director: Mask = np.isin(fields.to_numpy(object), [c.name for c in columns_of("directors")])
    for owner, other, mask in (("directors", "companies", of_director), ("companies", "directors", ~of_director)):
        own, others = known_ids(checked, (owner,)), known_ids(checked, (other,))
        if own is None or others is None:
            continue
        wrong = mask & fields.notna().to_numpy() & (~is_among(subjects, own) & is_among(subjects, others)).to_numpy()
        for row in np.flatnonzero(wrong):
            log.fault(table.issue("rating_of_other_table", int(row), "field", owner=owner, subject=other))
