"""Rows of sums below the data: 合計, 小計, total. They are no company and no director."""

from __future__ import annotations

import re

import numpy as np

from matcher.domain.values import match_key
from matcher.errors import Issue
from matcher.io.faults import FaultLog, as_typed
from matcher.io.raw import RawColumn, RawTable

_N_LONGEST = 20
_MAY_BE = re.compile(
    r"[計均\uff21-\uff5a]|total|sum|average", re.IGNORECASE
).search  # the whole takes ten times as long
_TOTAL = re.compile(
    r"[<\[(【〈《]?(?:(?:[総累小中大]?合?計|平均)(?:\(.{1,8}\))?|(?:grand|sub)?[ -]?totals?|sum|average)[>\])】〉》]?:?"
).fullmatch


def without_totals(raw: RawTable, log: FaultLog) -> RawTable:
    """Return the table without its rows of sums, each told as a repair.

    A row is one where its first cell that is not blank says so: a company called 計 has its id before its name.
    """
    is_total = np.zeros(raw.rows.size, dtype=np.bool_)
    is_open = np.ones(raw.rows.size, dtype=np.bool_)  # rows whose cells so far are all blank
    label: dict[int, object] = {}
    for column in raw.columns.values():
        if not is_open.any():
            break
        says_total = np.append(
            np.fromiter((_is_total(cell) for cell in column.cells), dtype=np.bool_, count=len(column.cells)), False
        )
        hit = is_open & says_total[column.codes]
        label |= {int(row): column.cell(int(row)) for row in np.flatnonzero(hit)}
        is_total |= hit
        is_open &= column.codes < 0
    if not is_total.any():
        return raw
    for row, cell in label.items():
        params = {"table": raw.table, "read": "–"}
        log.repair(Issue("row_total", raw.file, raw.sheet, int(raw.rows[row]), value=as_typed(cell), params=params))
    kept: dict[str, RawColumn] = {name: column.where(~is_total) for name, column in raw.columns.items()}
    return RawTable(raw.table, raw.file, raw.sheet, raw.headers, kept, raw.rows[~is_total])


def _is_total(cell: object) -> bool:
    if not isinstance(cell, str) or len(cell) > _N_LONGEST or not _MAY_BE(cell):
        return False
    key = match_key(cell)
    return _TOTAL(key.replace(" ", "") if not key.isascii() else key) is not None
