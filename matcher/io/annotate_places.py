"""Which cell of the user's workbook an issue is about."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.domain.values import is_blank
from matcher.errors import Issue
from matcher.io.annotate_sheet import Cell
from matcher.io.check import HeadingsRead
from matcher.io.faults import as_typed
from matcher.io.header_rows import Header, find_header
from matcher.io.heading_units import unit_in_titles
from matcher.io.mapping import TableTerms
from matcher.io.sheet_xml import column_number, error_cells

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class SheetPlaces:
    """The cells of one sheet that holds a table, row by row from the first, and the header found in them."""

    terms: TableTerms
    rows: Sequence[Sequence[object]]
    header: Header

    def cells_of(self, issue: Issue) -> list[Cell]:
        """Return the cells that an issue of this sheet is about; none where it is about the sheet."""
        header_row = self.header.last + 1
        if issue.rule == "column_unnamed" and issue.row and issue.column:
            return [(issue.row, column_number(issue.column))]
        if issue.rule == "column_missing":
            return self._missing(issue)
        if issue.rule == "title_unit":
            return self._title(issue)
        if issue.rule == "read_two_headers":
            return [self._heading_cell(at) for at, text in enumerate(self.header.texts) if text == issue.value]
        if issue.column is not None and (issue.row is None or issue.row <= header_row):
            return [self._heading_cell(at) for at in self._headings(issue)]
        if issue.row is None:
            return []
        if issue.column is not None:
            return [(issue.row, at + 1) for at in self._positions(issue.column)[:1]]
        return self._in_row(issue, issue.row)

    def _positions(self, heading: str) -> list[int]:
        """Where a heading stands. Of columns under one heading the first is the one that is read."""
        return [at for at, text in enumerate(self.header.texts) if text == heading]

    def _headings(self, issue: Issue) -> list[int]:
        found = self._positions(issue.column or "")
        if issue.rule != "header_twice":
            return found
        field = issue.params.get("field")
        same = [at for at, text in enumerate(self.header.texts) if text and self.terms.column(text) == field]
        return [at for at in found if at != same[0]] if same else found

    def _heading_cell(self, at: int) -> Cell:
        """The cell of a heading: the lowest one of the header's rows with anything in it."""
        rows = range(self.header.last, max(self.header.last - 2, -1), -1)
        row = next((row for row in rows if not is_blank(self._cell(row, at))), self.header.last)
        return row + 1, at + 1

    def _missing(self, issue: Issue) -> list[Cell]:
        """The user's own heading that may be meant, else the first of the header."""
        near = issue.params.get("near")
        named = [at for text in near for at in self._positions(str(text))] if isinstance(near, tuple) else []
        filled = [at for at, text in enumerate(self.header.texts) if text]
        return [self._heading_cell(at) for at in (named or filled or [0])[:1]]

    def _title(self, issue: Issue) -> list[Cell]:
        for row, cells in enumerate(self.rows[: self.header.last]):
            for at, cell in enumerate(cells):
                if unit_in_titles(self.terms.table, [[cell]]) == issue.value:
                    return [(row + 1, at + 1)]
        return []

    def _in_row(self, issue: Issue, row: int) -> list[Cell]:
        """The cell of a row that an issue without a column shows, else the first one with anything in it."""
        cells = self.rows[row - 1] if row <= len(self.rows) else ()
        first = len(self.header.texts) if issue.rule == "too_many_cells" else 0
        filled = [at for at, cell in enumerate(cells) if at >= first and not is_blank(cell)]
        shown = [at for at in filled if as_typed(cells[at]) == issue.value]
        return [(row, at + 1) for at in (shown or filled)[:1]]

    def _cell(self, row: int, at: int) -> object:
        cells = self.rows[row]
        return cells[at] if at < len(cells) else None


def sheet_places(content: bytes, read: Sequence[HeadingsRead]) -> Mapping[str, SheetPlaces]:
    """Return sheet → where its cells are, of the sheets of a workbook that were read as tables."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    places = {}
    for one in read:
        rows: list[list[object]] = [
            list(row) for row in book.get_sheet_by_name(one.sheet).to_python(skip_empty_area=False)
        ]
        for (row, column), cell in error_cells(content, one.sheet).items():  # as the reader sees them
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = cell
        header = find_header(one.terms, rows)
        if header is not None:
            places[one.sheet] = SheetPlaces(one.terms, rows, header)
    return places


def cells_of(issue: Issue, places: Mapping[str, SheetPlaces]) -> list[Cell]:
    """Return the cells that an issue is about, none where it is about no cell or about another file."""
    if issue.rule == "sheet_stretched":
        found = [_ADDRESS.fullmatch(str(address)) for address in _listed(issue.params.get("cells"))]
        return [(int(one[2]), column_number(one[1])) for one in found if one is not None]
    sheet = places.get(issue.sheet)
    return [] if sheet is None else sheet.cells_of(issue)


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()
