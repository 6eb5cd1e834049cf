"""The template as one workbook: dropdowns, comments, text-typed codes, and a sheet that explains every column."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from matcher.domain import geography, values
from matcher.domain.industries import INDUSTRIES
from matcher.domain.tables import TABLES, Column, columns_of
from matcher.io.sheet_style import row_height
from matcher.io.template import example_rows
from matcher.words import template as words
from matcher.words.catalog import Lang
from matcher.words.headings import cell_text, choice_words, column_heading, heading_of, sheet_name, sheet_of

_ROW_POINTS = 18  # Japanese fonts are taller than what the default of 15 is made for
_EXPLANATION_WIDTHS = (20, 28, 12, 64, 19, 52, 32)
N_ROWS = 2_000  # rows that get dropdowns and number formats
_TEXT_KINDS = ("id", "text", "skill", "municipality", "corporate_number")

Format = Any
"""Any: xlsxwriter has no type stubs."""


def write_workbook(path: Path, lang: Lang) -> None:
    """Write the template workbook."""
    # In memory first: a disk that is full must not leave xlsxwriter's archive half-closed.
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(content, options) as book:
        styles = {
            "header": book.add_format(
                {"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "top"}
            ),
            "required": book.add_format(
                {"bold": True, "bg_color": "#FFE699", "border": 1, "text_wrap": True, "valign": "top"}
            ),
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        sheets = {table: book.add_worksheet(sheet_name(table, lang)) for table in TABLES}
        explanation = book.add_worksheet(words.EXPLANATION.fill(lang))
        lists = book.add_worksheet(words.LISTS.fill(lang))
        ranges = _write_lists(lists, lang)
        for table, sheet in sheets.items():
            _write_table(sheet, table, lang, styles, ranges)
        _write_explanation(explanation, lang, styles)
    path.write_bytes(content.getvalue())


def _write_lists(sheet: Any, lang: Lang) -> dict[str, str]:  # Any: see Format
    """Write every closed list as a column, as a list in a cell may hold 255 letters only; return name → range."""
    flags = tuple(cell_text("director_skills", "hands_on", value, lang) for value in (True, False))
    lists: dict[str, tuple[str, ...]] = {
        "prefecture": tuple(geography.prefecture_name(code, lang) for code in range(1, geography.N_PREFECTURES + 1)),
        "industry": tuple(cell_text("companies", "industry", letter, lang) for letter in INDUSTRIES),
        "flag": flags,
        **{name: choice_words(name, lang) for name in values.CHOICES},
    }
    ranges = {}
    for at, (name, items) in enumerate(lists.items()):
        sheet.write_column(0, at, items)
        letter = xl_col_to_name(at)
        ranges[name] = f"='{words.LISTS.fill(lang)}'!${letter}$1:${letter}${len(items)}"
    sheet.hide()
    return ranges


def _write_table(sheet: Any, table: str, lang: Lang, styles: dict[str, Format], ranges: dict[str, str]) -> None:
    columns = columns_of(table)
    sheet.set_default_row(_ROW_POINTS)
    for at, column in enumerate(columns):
        heading = column_heading(table, column.name, lang)
        style = styles["text"] if column.kind in _TEXT_KINDS else styles["date"] if column.kind == "date" else None
        sheet.set_column(at, at, max(12, min(28, 2 * len(heading) if lang == "ja" else len(heading) + 2)), style)
        sheet.write_string(0, at, heading, styles["required" if column.is_required else "header"])
        sheet.write_comment(0, at, _comment(table, column, lang), {"x_scale": 1.6})
        _restrict(sheet, at, column, lang, ranges)
    for row, cells in enumerate(example_rows(table, lang), start=1):
        for at, cell in enumerate(cells):
            if isinstance(cell, dt.date):
                sheet.write_datetime(row, at, dt.datetime.combine(cell, dt.time()), styles["date"])
            elif isinstance(cell, str):
                sheet.write_string(row, at, cell, styles["text"] if columns[at].kind in _TEXT_KINDS else None)
            elif cell is not None:
                sheet.write_number(row, at, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, N_ROWS, len(columns) - 1)
    _set_up_page(sheet, header_row=0)


def _set_up_page(sheet: Any, *, header_row: int) -> None:
    """Landscape A4, as wide as one page, the header on each."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header_row)
    sheet.set_footer("&L&A&R&P / &N")


def _comment(table: str, column: Column, lang: Lang) -> str:
    heading = heading_of(table, column.name)
    need = (words.REQUIRED if column.is_required else words.OPTIONAL).fill(lang)
    unit = heading.unit.fill(lang)
    return "\n".join(line for line in (heading.about.fill(lang), unit, need) if line)


def _restrict(sheet: Any, at: int, column: Column, lang: Lang, ranges: dict[str, str]) -> None:
    source = ranges.get(column.choices if column.kind == "choice" else column.kind)
    if source is not None:
        rule: dict[str, object] = {
            "validate": "list",
            "source": source,
            "error_title": words.NOT_IN_LIST_TITLE.fill(lang),
            "error_message": words.NOT_IN_LIST.fill(lang),
        }
    elif column.low is not None and column.high is not None and column.high <= 120:
        low, high = column.low, column.high
        rule = {
            "validate": "integer" if column.kind == "integer" else "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
            "error_title": words.OUT_OF_RANGE_TITLE.fill(lang),
            "error_message": words.OUT_OF_RANGE.fill(lang, low=low, high=high),
        }
        if column.kind == "integer" and high <= 5:
            rule = {**rule, "validate": "list", "source": [str(n) for n in range(int(low), int(high) + 1)]}
    else:
        return
    sheet.data_validation(1, at, N_ROWS, at, rule)


def _write_explanation(sheet: Any, lang: Lang, styles: dict[str, Format]) -> None:
    sheet.set_default_row(_ROW_POINTS)
    sheet.write_string(0, 0, words.INTRODUCTION.fill(lang))
    headings = words.EXPLANATION_COLUMNS.values()
    for at, (heading, width) in enumerate(zip(headings, _EXPLANATION_WIDTHS, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(1, at, heading.fill(lang), styles["header"])
    row = 2
    for table in TABLES:
        about = (sheet_name(table, lang), "", "", sheet_of(table).about.fill(lang), "", "", "")
        for texts in (about, *(_explained(table, column, lang) for column in columns_of(table))):
            for at, text in enumerate(texts):
                sheet.write_string(row, at, text, styles["wrap"])
            # Not every program fits the height of a row to wrapped text on opening.
            height = row_height(zip(texts, _EXPLANATION_WIDTHS, strict=True))
            sheet.set_row(row, max(height, _ROW_POINTS))
            row += 1
    sheet.freeze_panes(2, 2)
    _set_up_page(sheet, header_row=1)


def _explained(table: str, column: Column, lang: Lang) -> tuple[str, ...]:
    heading = heading_of(table, column.name)
    at = [entry.name for entry in columns_of(table)].index(column.name)
    example = next((row[at] for row in example_rows(table, lang) if row[at] is not None), "")
    allowed = choice_words(column.choices, lang) if column.kind == "choice" else ()
    return (
        sheet_name(table, lang),
        column_heading(table, column.name, lang),
        (words.REQUIRED if column.is_required else words.OPTIONAL).fill(lang),
        heading.about.fill(lang),
        heading.unit.fill(lang),
        " / ".join(allowed),
        str(example),
    )
