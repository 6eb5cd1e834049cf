"""The sheets of a plan's workbook on which people decide about pairs: how they are found and what stands in them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.domain.values import is_blank, match_key, parse_text
from matcher.io.package_size import Bulk, bulk_of
from matcher.io.raw import put_errors
from matcher.io.sheet_xml import error_cells
from matcher.io.xls_errors import xls_error_cells
from matcher.words.catalog import LANGUAGES, Lang
from matcher.words.decisions import TEXTS, both
from matcher.words.report import LABELS

_MOST_BYTES = 200_000_000
_MOST_ROWS = 1_000_000
_HEADING_ROWS = 10
"""A heading is looked for in so many rows: people put titles above."""


Grids = dict[str, list[list[object]]]


@dataclass(frozen=True)
class DecisionSheet:
    """One sheet on which pairs are decided: where each column is, and its rows with their numbers."""

    name: str
    columns: dict[str, int]
    headings: dict[str, str]
    rows: list[tuple[int, list[object]]]

    @property
    def has_matches(self) -> bool:
        return "points" in self.columns

    def cell(self, row: Sequence[object], column: str) -> object:
        at = self.columns.get(column)
        value = None if at is None or at >= len(row) else row[at]
        return None if is_blank(value) else value


def content_of(file: Path) -> Grids | Bulk | None:
    """Every sheet's cells by name, or what would fill the memory once unpacked; None where it is no workbook."""
    if file.stat().st_size > _MOST_BYTES:
        return None
    content = file.read_bytes()
    try:
        bulk = bulk_of(content) if content.startswith(b"PK") else None
    except zipfile.BadZipFile:  # it unpacks to another size than it says
        return None
    return _grids(file, content) if bulk is None else bulk


def _grids(file: Path, content: bytes) -> Grids | None:
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(file))
        grids: Grids = {
            name: [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=_MOST_ROWS)]
            for name in book.sheet_names
        }
        for at, (name, rows) in enumerate(grids.items()):
            # The library gives a blank for an error and for a formula without a result: neither is “no decision”.
            is_zip = content.startswith(b"PK")
            put_errors(rows, error_cells(content, name) if is_zip else xls_error_cells(content, at, rows))
        return grids
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a damaged file may make the Rust reader panic, which is no Exception
        return None


def sheet_of(name: str, grid: Sequence[list[object]]) -> DecisionSheet | None:
    """A sheet with columns for director, company and decision; None where it has no such heading."""
    for at, row in enumerate(grid[:_HEADING_ROWS]):
        keys = [match_key(cell) if isinstance(cell, str) else "" for cell in row]
        columns = {code: keys.index(key) for key, code in _HEADINGS.items() if key in keys}
        if {"director_id", "company_id", "decision"} <= columns.keys():
            headings = {code: parse_text(row[place]) for code, place in columns.items()}
            return DecisionSheet(name, columns, headings, list(enumerate(grid[at + 1 :], start=at + 2)))
    return None


def missing_headings(grid: Sequence[list[object]], wanted: Lang) -> tuple[str, ...]:
    """The headings for director, company and decision that no single row has all of, as we write them."""
    names = {"director_id": LABELS["director_id"], "company_id": LABELS["company_id"], "decision": TEXTS["decision"]}
    rows = [{_HEADINGS.get(match_key(cell)) for cell in row if isinstance(cell, str)} for row in grid[:_HEADING_ROWS]]
    best = max(rows, key=lambda codes: len(codes & names.keys()), default=set[str | None]())
    return tuple(text.fill(wanted) for code, text in names.items() if code not in best)


def _headings() -> dict[str, str]:
    found: dict[str, str] = {}
    for code in ("director_id", "director", "company_id", "company", "points"):
        found |= {match_key(text): code for text in (LABELS[code].ja, LABELS[code].en)}
    for code in ("decision", "why", "by", "on"):
        found |= {match_key(text): code for text in both(code)}
    return found


_HEADINGS = _headings()
"""Every heading that is read, in either language → what it is."""


OWN_SHEETS: dict[str, Lang] = {
    text.fill(lang): lang for text in (LABELS["matches"], TEXTS["sheet"]) for lang in LANGUAGES
}
"""The sheets that decisions are typed on, as a run calls them → the language of their headings."""
