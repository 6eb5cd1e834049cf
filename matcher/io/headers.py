"""From a grid of cells to a `RawTable`: which row is the header, which column is which."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from matcher.domain.tables import column_of, columns_of
from matcher.domain.values import is_blank
from matcher.errors import Issue
from matcher.io.faults import FaultLog, as_typed
from matcher.io.header_rows import Header, find_header
from matcher.io.heading_units import unit_in_titles, unit_of
from matcher.io.mapping import TableTerms
from matcher.io.raw import Grid, RawTable, column_of_cells, drop_blank_rows
from matcher.io.strangers import is_part
from matcher.words import headings

_ALIKE = 0.6
_N_NEAR = 3


def read_grid(table: str, grid: Grid, log: FaultLog, terms: TableTerms | None = None) -> RawTable | None:
    """Return the grid as a raw table, or None if it holds nothing at all.

    Parameters
    ----------
    terms : the user's own headings, where a mapping gives them
    """
    terms = terms or TableTerms(table)
    found = find_header(terms, grid.rows)
    if found is None:
        log.fault(Issue("sheet_empty", grid.file, grid.sheet, params={"table": table}))
        return None
    header, row = found.texts, grid.first_row + found.last
    places = match_headers(table, header, Issue("", grid.file, grid.sheet, row), log, terms)
    _report_joined(table, found, places, Issue("", grid.file, grid.sheet, row), log)
    _report_title_unit(table, grid, found, places, log)
    body = grid.rows[found.last + 1 :]
    _report_wide_rows(grid, len(header), body, row + 1, log)
    cells = list(zip_longest(*body)) if body else []
    _report_unnamed(grid, header, cells, row + 1, log)
    columns = {
        name: column_of_cells(cells[place] if place < len(cells) else (None,) * len(body))
        for name, place in places.items()
    }
    headers = {name: header[place] for name, place in places.items()}
    rows = np.arange(row + 1, row + 1 + len(body), dtype=np.int64)
    raw = RawTable(table, grid.file, grid.sheet, headers, columns, rows)
    kept = drop_blank_rows(raw)
    _report_dropped(raw, kept, body, log)
    return terms.applied(kept)


def _report_joined(table: str, header: Header, places: Mapping[str, int], place: Issue, log: FaultLog) -> None:
    """Tell of headings that were put together from two rows."""
    for name, at in places.items():
        if at in header.joined:
            params = {"table": table, "field": name, "read": name}
            log.repair(replace(place, rule="read_two_headers", value=header.texts[at], params=params))


def _report_title_unit(table: str, grid: Grid, header: Header, places: Mapping[str, int], log: FaultLog) -> None:
    """A unit above the header: which columns it is about is not guessed."""
    unit = unit_in_titles(table, grid.rows[: header.last])
    columns = [column_of(table, name) for name in places]
    bare = [
        column.name
        for column in columns
        if column.unit == "yen" and not unit_of(table, column, header.texts[places[column.name]]).typed
    ]
    if unit and bare:
        params = {"table": table, "unit_typed": unit, "fields": tuple(bare)}
        log.fault(Issue("title_unit", grid.file, grid.sheet, value=unit, params=params))


def _report_dropped(raw: RawTable, kept: RawTable, body: Sequence[Sequence[object]], log: FaultLog) -> None:
    """Tell of rows that hold something, but nothing in a known column, and are therefore not read."""
    if kept.rows.size == raw.rows.size or not raw.columns:
        return
    for row in np.setdiff1d(raw.rows, kept.rows).tolist():
        cell = next((cell for cell in body[row - int(raw.rows[0])] if not is_blank(cell)), None)
        if cell is not None:
            params = {"table": raw.table, "read": "–"}
            log.repair(Issue("row_unread", raw.file, raw.sheet, row, value=as_typed(cell), params=params))


def match_headers(
    table: str, header: Sequence[str], place: Issue, log: FaultLog, terms: TableTerms | None = None
) -> dict[str, int]:
    """Return column name → position in the header; report headings that are unknown, missing or there twice.

    Parameters
    ----------
    place : an issue without a rule, for its file, sheet and row
    """
    terms = terms or TableTerms(table)
    places: dict[str, int] = {}
    strangers: list[str] = []
    for at, heading in enumerate(header):
        name = terms.column(heading) if heading else None
        if name is None:
            strangers += [heading] if heading and not terms.ignores(heading) else []
        elif name in places:
            params = {"table": table, "field": name, "first": header[places[name]]}
            log.fault(replace(place, rule=terms.twice, column=heading, params=params))
        else:
            places[name] = at
    claimed: set[str] = set()
    for column in columns_of(table):
        if column.is_required and column.name not in places and not terms.gives(column.name):
            near = nearest_headings(table, column.name, strangers)
            claimed.update(near)
            missing = {"table": table, "field": column.name, "near": near}
            log.fault(replace(place, rule="column_missing", params=missing))
    _report_strangers(table, [s for s in strangers if s not in claimed], set(places), place, log)
    terms.report(header, places, log)
    return places


def nearest_headings(table: str, name: str, strangers: Sequence[str]) -> tuple[str, ...]:
    """Return the user's own unknown heading that is most like a column's headings, if one is."""
    heading = headings.heading_of(table, name)
    known = [headings.name_key(text) for text in (heading.ja, heading.en, *heading.also)]
    scored = []
    for stranger in strangers:
        key = headings.name_key(stranger)
        ratio = max(difflib.SequenceMatcher(None, key, text).ratio() for text in known)
        if len(key) >= 2 and any(key in text for text in known):
            ratio = max(ratio, _ALIKE)  # “ID” where “director_id” is wanted
        scored.append((ratio, stranger))
    best = max(scored, default=(0.0, ""))
    return (best[1],) if best[0] >= _ALIKE else ()


def _report_strangers(table: str, strangers: Sequence[str], taken: set[str], place: Issue, log: FaultLog) -> None:
    """Report headings that are not read; those that look like a column which is missing as a warning."""
    known = headings.columns_by_heading(table)
    free = [key for key, name in known.items() if name not in taken]
    missing = tuple(column.name for column in columns_of(table) if column.name not in taken)
    for stranger in strangers:
        key = headings.name_key(stranger)
        near = difflib.get_close_matches(key, free, n=_N_NEAR, cutoff=0.7)
        near += [text for text in free if is_part(text, key)]
        fields = tuple(dict.fromkeys(known[text] for text in near))[:_N_NEAR]
        params = {"table": table, "near_fields": fields, "known_fields": missing}
        rule = "header_unknown" if fields else "column_ignored" if missing else "column_extra"
        issue = replace(place, rule=rule, column=stranger, params=params)
        (log.warn if fields else log.note)(issue)


def _report_unnamed(
    grid: Grid, header: Sequence[str], cells: Sequence[Sequence[object]], first_row: int, log: FaultLog
) -> None:
    for at, column in enumerate(cells[: len(header)]):
        if header[at]:
            continue
        filled = [idx for idx, cell in enumerate(column) if not is_blank(cell)]
        if filled:
            value, params = as_typed(column[filled[0]]), {"n": len(filled)}
            row, letters = first_row + filled[0], column_letters(at)
            log.warn(Issue("column_unnamed", grid.file, grid.sheet, row, letters, value, params))


def column_letters(at: int) -> str:
    """Return what spreadsheets call the column at a position from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(26), column_letters(16_383)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    while at >= 0:
        letters = chr(ord("A") + at % 26) + letters
        at = at // 26 - 1
    return letters


def _report_wide_rows(grid: Grid, width: int, body: Sequence[Sequence[object]], first_row: int, log: FaultLog) -> None:
    if not any(size > width for size in set(map(len, body))):
        return
    for idx, row in enumerate(body):
        extra = [cell for cell in row[width:] if not is_blank(cell)]
        if extra:
            params = {"n_cells": len(row), "n_columns": width}
            log.fault(
                Issue("too_many_cells", grid.file, grid.sheet, first_row + idx, value=as_typed(extra[0]), params=params)
            )
