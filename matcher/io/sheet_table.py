"""A table on a sheet of a workbook: header in row 1, filters, frozen header, A4 landscape one page wide."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from matcher.io.sheet_style import Styles, row_height, text_width
from matcher.words.blocks import Block, Grid
from matcher.words.catalog import Lang

CREATED: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Written as the workbook's date, so that the same content gives the same bytes."""

_A4 = 9
_MIN_WIDTH, _HEADING_WIDTH, _MAX_WIDTH = 7.0, 11.0, 34.0
_ROWS_MEASURED = 200
_SHORT_TEXT, _LONG_TEXT = 16, 64.0

Cell = str | int | float | dt.date | None
Kind = Literal["text", "long", "integer", "number", "amount", "date", "points", "flag", "setting"]
"""How the cells of a column look; of an ``amount`` those that are whole are written without a decimal, and a
``setting`` stands as it was typed."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its heading, how its cells are written, and its width where it wraps."""

    heading: str
    kind: Kind
    width: float | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands at the head and the foot of a printed page, on the left."""

    header: str
    footer: str


@contextmanager
def new_book(path: Path, lang: Lang, title: str) -> Iterator[tuple[Any, Styles]]:  # xlsxwriter ships no types
    """A workbook and its styles, written to `path` at the end; an existing file is replaced.

    Text of users is always text, never a formula, a link or a number.
    """
    import xlsxwriter

    content = io.BytesIO()  # in memory first: a disk that is full must not leave the archive half-closed
    with xlsxwriter.Workbook(content, _book_options(lang)) as workbook:
        workbook.set_properties({"title": title, "created": CREATED})
        yield workbook, Styles(workbook, lang)
    path.write_bytes(content.getvalue())


def _book_options(lang: Lang) -> dict[str, Any]:  # Any: xlsxwriter's options
    return {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": "Yu Gothic" if lang == "ja" else "Calibri", "font_size": 10},
    }


def write_table(
    workbook: Any,
    styles: Styles,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    printed: Printed,
    if_empty: str,
    below: Sequence[Block] = (),
) -> Any:  # xlsxwriter ships no types
    """One sheet: header in row 1, one row each, and a sentence where there is none.

    Parameters
    ----------
    name : what the sheet is called
    below : what stands under the table, a row apart, and is not filtered with it
    """
    sheet = workbook.add_worksheet(name)
    widths = [_width(column, number, rows) for number, column in enumerate(columns)]
    for number, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.write_string(0, number, column.heading, styles.header(column.kind))
        sheet.set_column(number, number, width, styles.cell(_look(column.kind, None)))
    sheet.set_row(0, row_height((column.heading, width) for column, width in zip(columns, widths, strict=True)) + 4)
    wrapped = [number for number, column in enumerate(columns) if column.kind == "long"]
    for row_number, row in enumerate(rows, start=1):
        sheet.set_row(row_number, row_height((str(row[number]), widths[number]) for number in wrapped))
        for number, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write_cell(sheet, row_number, number, value, styles.cell(_look(column.kind, value)))
    if not rows:
        sheet.write_string(1, 0, if_empty, styles.message)
    last = max(len(rows), 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.freeze_panes(1, 2 if len(columns) > 3 else 0)
    end = _write_below(styles, sheet, below, widths, first_row=last + 2) if below else last
    _set_up_print(sheet, printed, last_row=end, last_column=len(columns) - 1)
    return sheet


def _write_below(styles: Styles, sheet: Any, below: Sequence[Block], widths: Sequence[float], *, first_row: int) -> int:
    """Sentences over the whole width, tables under headings of their own; returns the last row."""
    row, last_column, whole = first_row, len(widths) - 1, sum(widths)
    for block in below:
        if isinstance(block, Grid):
            row = _write_grid(styles, sheet, block, widths, first_row=row)
            continue
        text = f"・{block.text}" if block.kind == "item" else block.text
        style = styles.section if block.kind in ("title", "heading") else styles.cell("long")
        sheet.set_row(row, row_height([(text, whole)]))
        sheet.merge_range(row, 0, row, last_column, text, style)
        row += 1
    return row - 1


def _write_grid(styles: Styles, sheet: Any, grid: Grid, widths: Sequence[float], *, first_row: int) -> int:
    """A table among the sentences; returns the row behind it."""
    row = first_row
    for cells, is_head in [(grid.headings, True), *((cells, False) for cells in grid.rows)]:
        sheet.set_row(row, row_height((str(cell), width) for cell, width in zip(cells, widths, strict=False)))
        for column, value in enumerate(cells):
            kind = "integer" if isinstance(value, int) else "long"
            _write_cell(sheet, row, column, value, styles.header("long") if is_head else styles.cell(kind))
        row += 1
    return row


def grid_columns(grid: Grid) -> list[Column]:
    """The columns of a table of words: numbers on the right, long texts wrapped."""
    columns = []
    last = len(grid.headings) - 1
    for number, heading in enumerate(grid.headings):
        cells = [row[number] for row in grid.rows[:_ROWS_MEASURED]]
        if any(isinstance(cell, int) for cell in cells):
            columns.append(Column(heading, "integer", None if all(isinstance(c, int | None) for c in cells) else 18.0))
            continue
        widest = max((text_width(cell) for cell in cells if isinstance(cell, str)), default=0)
        width = None if widest <= _SHORT_TEXT else min(widest + 3.0, _LONG_TEXT if number == last else _MAX_WIDTH)
        columns.append(Column(heading, "text" if width is None else "long", width))
    return columns


def _look(kind: Kind, value: Cell) -> str:
    if kind != "amount":
        return kind
    return "number" if isinstance(value, float) and not value.is_integer() else "integer"


def _write_cell(sheet: Any, row: int, column: int, value: Cell, style: Any) -> None:  # xlsxwriter ships no types
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), style)
    else:
        sheet.write_number(row, column, value, style)


def _width(column: Column, number: int, rows: Sequence[Sequence[Cell]]) -> float:
    if column.width is not None:
        return column.width
    shown = [row[number] for row in rows[:_ROWS_MEASURED]]
    widest = max((text_width(value if isinstance(value, str) else f"{value:,}") for value in shown if value), default=0)
    heading = min(text_width(column.heading) + 3, _HEADING_WIDTH)
    return min(max(widest + 3, heading, _MIN_WIDTH), _MAX_WIDTH)


def _set_up_print(sheet: Any, printed: Printed, *, last_row: int, last_column: int) -> None:  # xlsxwriter: no types
    title = printed.header[:80].replace("&", "&&")
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    # The space ends the font size: a title that starts with a digit would join it.
    sheet.set_header(f"&L&10 {title}&R&10 &A")
    sheet.set_footer(f"&L&8 {printed.footer}&R&8 &P / &N")
