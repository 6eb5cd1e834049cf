"""Several skills in one cell, as in ECサイト運営、商品撮影: one row for each, told as a repair."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from matcher.domain.tables import columns_of
from matcher.domain.values import match_key
from matcher.errors import Issue
from matcher.io.faults import FaultLog, as_typed
from matcher.io.raw import RawColumn, RawTable

_BETWEEN = re.compile(r"[、､;；\n]|(?<!\d)[,，]|[,，](?!\d)")
"""What only stands between two words."""
_PERHAPS = re.compile(r"[・･/／]")
"""What also stands within one word, as in UI/UX: it parts a cell whose parts are all skills of the data set."""


def split_lists(raws: Mapping[str, RawTable], log: FaultLog) -> dict[str, RawTable]:
    """Return the tables with one row for each skill of a cell; a cell that may be a list is warned of."""
    columns = {name: _skill_column(name) for name in raws}
    known = {
        match_key(cell)
        for name, raw in raws.items()
        if columns[name] in raw.columns
        for cell in raw.columns[columns[name]].cells
        if isinstance(cell, str) and not _PERHAPS.search(cell) and not _BETWEEN.search(cell)
    }
    return {
        name: _split(raw, columns[name], known, log) if columns[name] in raw.columns else raw
        for name, raw in raws.items()
    }


def _skill_column(table: str) -> str:
    return next((column.name for column in columns_of(table) if column.kind == "skill"), "")


def _split(raw: RawTable, name: str, known: set[str], log: FaultLog) -> RawTable:
    column = raw.columns[name]
    parts: dict[int, list[str]] = {}
    doubtful: dict[int, str] = {}
    for code, cell in enumerate(column.cells):
        if type(cell) is not str:
            continue
        found, is_sure = _parts_of(cell, known)
        if len(found) > 1 and is_sure:
            parts[code] = found
        elif len(found) > 1:
            doubtful[code] = next(part for part in found if match_key(part) in known)
    _warn(raw, name, doubtful, log)
    if not parts:
        return raw
    is_list = np.append(np.isin(np.arange(len(column.cells)), list(parts)), False)
    for row in np.flatnonzero(is_list[column.codes]):
        code = int(column.codes[row])
        shown = " + ".join(as_typed(part) for part in parts[code])
        log.repair(_issue("read_list", raw, name, int(row), read=shown))
    return _spread(raw, name, parts)


def _parts_of(cell: str, known: set[str]) -> tuple[list[str], bool]:
    """The skills of a cell, and whether it surely is a list; one that has no part known is one skill."""
    if _BETWEEN.search(cell):
        found = [part for piece in _BETWEEN.split(cell) for part in _known_parts(piece.strip(), known)]
        return [part for part in found if part], True
    if match_key(cell) in known or not _PERHAPS.search(cell):
        return [cell], True
    found = [part.strip() for part in _PERHAPS.split(cell) if part.strip()]
    n_known = sum(match_key(part) in known for part in found)
    return (found, n_known == len(found)) if n_known else ([cell], True)


def _known_parts(piece: str, known: set[str]) -> list[str]:
    found, is_sure = _parts_of(piece, known) if _PERHAPS.search(piece) else ([piece], True)
    return found if is_sure else [piece]


def _spread(raw: RawTable, name: str, parts: Mapping[int, list[str]]) -> RawTable:
    """The table with the rows of lists repeated, each with one of its skills; they keep the number of their row."""
    column = raw.columns[name]
    n_parts = np.ones(len(column.cells) + 1, dtype=np.int64)
    cells, first = list(column.cells), np.arange(len(column.cells) + 1)
    first[-1] = -1
    for code, found in parts.items():
        n_parts[code], first[code] = len(found), len(cells)
        cells += found
    times = n_parts[column.codes]
    row_idx = np.repeat(np.arange(raw.rows.size), times)
    nth = np.arange(row_idx.size) - np.repeat(np.cumsum(times) - times, times)
    codes = first[column.codes[row_idx]] + nth
    columns = {key: RawColumn(other.codes[row_idx], other.cells) for key, other in raw.columns.items()}
    columns[name] = RawColumn(codes, cells)
    return RawTable(raw.table, raw.file, raw.sheet, raw.headers, columns, raw.rows[row_idx])


def _warn(raw: RawTable, name: str, doubtful: Mapping[int, str], log: FaultLog) -> None:
    codes = raw.columns[name].codes
    for code, part in doubtful.items():
        row = int(np.flatnonzero(codes == code)[0])
        log.warn(_issue("perhaps_list", raw, name, row, near=(part,)))


def _issue(rule: str, raw: RawTable, name: str, row: int, **params: object) -> Issue:
    value = as_typed(raw.columns[name].cell(row))
    known = {"table": raw.table, "field": name}
    return Issue(rule, raw.file, raw.sheet, int(raw.rows[row]), raw.headers[name], value, params=known | params)
