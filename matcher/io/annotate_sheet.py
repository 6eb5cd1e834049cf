"""The sheet of faults in an annotated copy: one row an issue, with a link to its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matcher.errors import Issue
from matcher.io.headers import column_letters
from matcher.io.sheet_style import row_height
from matcher.words.annotating import HEADINGS, KINDS, LACKS, LINE, MORE, NOTHING, PARTS, ROW, SHEET, SUMMARY
from matcher.words.catalog import Lang, Sentence
from matcher.words.issues import mend_text, what_text

if TYPE_CHECKING:
    from openpyxl import Workbook

SEVERITIES = ("fault", "warning", "repair")
FILLS = {"fault": "FFF8A5A5", "warning": "FFFFF2A8", "repair": "FFD9E9F7"}
_SEPARATOR = "、"
_FILL_COLUMN = len(HEADINGS) + 1
_WIDTHS = (18, 12, 22, 58, 58, 10)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


Cell = tuple[int, int]
"""Row and column, both from 1."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One issue and the cells it is about."""

    issue: Issue
    cells: tuple[Cell, ...]


def write_findings(
    book: Workbook,
    file: str,
    found: Sequence[Finding],
    counts: Mapping[str, int],
    lacks: Sequence[str],
    fills: Mapping[tuple[str, Cell], Any],
    lang: Lang,
    *,
    n_unmarked: int,
) -> str:
    """Put the sheet of faults before all others, shown when the workbook is opened; returns its name.

    Parameters
    ----------
    fills : (sheet, cell) → the fill that a cell had before it was marked; a hidden column keeps it
    """
    sheets = {name: at for at, name in enumerate(book.sheetnames)}
    sheet = book.create_sheet(SHEET.fill(lang), 0)
    _write_head(sheet, file, counts, lacks, lang)
    _write_row(sheet, [heading.fill(lang) for heading in HEADINGS])
    head = sheet.max_row
    _style_heading(sheet, head)
    ordered = sorted(found, key=lambda one: _order(one, sheets))
    for finding in ordered:
        _write_finding(sheet, finding, lang)
        for at in finding.cells[:1]:
            if (finding.issue.sheet, at) in fills:
                sheet.cell(sheet.max_row, _FILL_COLUMN).fill = fills[finding.issue.sheet, at]
    sheet.column_dimensions[column_letters(_FILL_COLUMN - 1)].hidden = True
    if n_unmarked:
        _write_row(sheet, [None, None, None, MORE.fill(lang, n=f"{n_unmarked:,}")])
    if not ordered:
        _write_row(sheet, [None, None, None, NOTHING.fill(lang)])
    sheet.auto_filter.ref = f"A{head}:{column_letters(len(HEADINGS) - 1)}{max(sheet.max_row, head + 1)}"
    sheet.freeze_panes = f"A{head + 1}"
    _set_up_page(sheet, head)
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet  # what is typed into sheets selected together goes into all
    book.active = 0
    for view in book.views:
        view.firstSheet = 0
    return str(sheet.title)


def fills_before(sheet: Any) -> dict[tuple[str, str], Any]:
    """Return (sheet, address) → the fill that a cell had before it was marked, as a sheet of faults keeps it."""
    found = {}
    for row in range(1, sheet.max_row + 1):
        name, address = sheet.cell(row, 1).value, sheet.cell(row, 2).value
        if name and address:
            found[str(name), str(address).split(_SEPARATOR)[0]] = copy(sheet.cell(row, _FILL_COLUMN).fill)
    return found


def _write_head(sheet: Any, file: str, counts: Mapping[str, int], lacks: Sequence[str], lang: Lang) -> None:
    from openpyxl.styles import Alignment, Font

    numbers = {f"n_{name}s": f"{counts.get(name, 0):,}" for name in SEVERITIES}
    _write_row(sheet, [SUMMARY.fill(lang, file=file, **numbers)])
    sheet.cell(1, 1).font = Font(bold=True, size=12)
    if lacks:
        parts: list[Sentence] = [PARTS[code] for code in lacks]
        _write_row(sheet, [LACKS.fill(lang, parts=parts)])
        sheet.cell(2, 1).font = Font(color="8A1C1C")
    for row in range(1, sheet.max_row + 1):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(HEADINGS))
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="center")
        sheet.row_dimensions[row].height = row_height([(str(sheet.cell(row, 1).value), sum(_WIDTHS))])


def _write_finding(sheet: Any, finding: Finding, lang: Lang) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    issue = finding.issue
    address = _SEPARATOR.join(f"{column_letters(column - 1)}{row}" for row, column in finding.cells)
    values = (issue.sheet or issue.file, address or _line(issue, lang), issue.value)
    _write_row(sheet, [*values, what_text(issue, lang), mend_text(issue, lang), KINDS[issue.severity].fill(lang)])
    row = sheet.max_row
    texts = [
        ("" if cell.value is None else str(cell.value), float(width))
        for cell, width in zip(sheet[row][: len(HEADINGS)], _WIDTHS, strict=True)
    ]
    sheet.row_dimensions[row].height = row_height(texts)
    for cell in sheet[row]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(row, 6).fill = PatternFill("solid", fgColor=FILLS[issue.severity])
    if finding.cells and issue.sheet in sheet.parent.sheetnames:
        first_row, first_column = finding.cells[0]
        place = f"'{issue.sheet.replace(chr(39), chr(39) * 2)}'!{column_letters(first_column - 1)}{first_row}"
        sheet.cell(row, 2).hyperlink = Hyperlink(ref=f"B{row}", location=place)
        sheet.cell(row, 2).font = Font(color="1F5FA8", underline="single")


def _line(issue: Issue, lang: Lang) -> str:
    """Where an issue is that is in no cell: a row, a line of a settings file, or nowhere in particular."""
    if not issue.row:
        return ""
    at = issue.params.get("yaml_column")
    return ROW.fill(lang, row=issue.row) if at is None else LINE.fill(lang, row=issue.row, at=at)


def _write_row(sheet: Any, values: Sequence[object]) -> None:
    """Append a row of texts, none of which is taken for a formula."""
    row = sheet.max_row + 1 if sheet.max_row > 1 or sheet.cell(1, 1).value is not None else 1
    for at, value in enumerate(values, 1):
        cell = sheet.cell(row, at)
        if value not in (None, ""):
            cell.value = _ILLEGAL.sub(" ", str(value))
            cell.data_type = "s"
        cell.number_format = "@"


def _style_heading(sheet: Any, row: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for cell in sheet[row]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F3A5F")
        cell.alignment = Alignment(vertical="center")


def _set_up_page(sheet: Any, head: int) -> None:
    for at, width in enumerate(_WIDTHS):
        sheet.column_dimensions[column_letters(at)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head}:{head}"


def _order(finding: Finding, sheets: Mapping[str, int]) -> tuple[int, int, int, int]:
    issue = finding.issue
    row, column = finding.cells[0] if finding.cells else (issue.row or 0, 0)
    return SEVERITIES.index(issue.severity), sheets.get(issue.sheet, -1), row, column
