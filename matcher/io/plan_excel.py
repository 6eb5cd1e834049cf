"""The workbook staff receive: matches, unserved companies, directors, scores, and what the run was made from."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from matcher.domain.policy import CRITERIA
from matcher.io.plan_rows import (
    Cell,
    RunLine,
    director_rows,
    explanation_rows,
    match_rows,
    run_lines,
    score_rows,
    unserved_rows,
)
from matcher.io.sheet_style import Styles, row_height, text_width
from matcher.plan.plan import Plan
from matcher.words.catalog import Lang
from matcher.words.conflicts import Passage, conflict_passages
from matcher.words.facts import Facts, facts_of
from matcher.words.plan import criterion_name, number_text, status_line, word_name
from matcher.words.report import label, language_of

CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Written as the workbook's date, so that the same plan gives the same bytes."""

_A4 = 9
_MIN_WIDTH, _HEADING_WIDTH, _MAX_WIDTH = 7.0, 11.0, 34.0
_ROWS_MEASURED = 200

Kind = Literal["text", "long", "integer", "number", "date", "points", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its heading, how its cells are written, and its width where it wraps."""

    heading: str
    kind: Kind
    width: float | None = None


@dataclass(frozen=True)
class _Book:
    """A workbook while it is written."""

    workbook: Any  # xlsxwriter ships no types
    styles: Styles
    plan: Plan
    facts: Facts
    lang: Lang

    def label(self, code: str, **params: object) -> str:
        return label(code, self.lang, **params)


def write_plan_excel(plan: Plan, path: Path, lang: str) -> None:
    """Write the plan as a workbook: header in row 1, filters, frozen header, A4 landscape one page wide.

    Parameters
    ----------
    path : where to write; an existing file is replaced
    lang : ja or en

    Raises
    ------
    ValueError
        If the language is neither.

    Notes
    -----
    Text of users is always written as text: it becomes neither a formula nor a link. The same plan gives the same
    bytes. O(matches + companies); about 0.2 s for 800 companies.
    """
    import xlsxwriter

    known = language_of(lang)
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": "Yu Gothic" if known == "ja" else "Calibri", "font_size": 10},
    }
    # In memory first: a disk that is full must not leave xlsxwriter's archive half-closed.
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, options) as workbook:
        title = plan.document.title or label("report", known)
        workbook.set_properties({"title": title, "created": CREATED})
        book = _Book(workbook, Styles(workbook, known), plan, facts_of(plan.problem), known)
        passages = conflict_passages(plan.document.conflict, book.facts, known)
        if passages:
            _write_conflict(book, passages)
        _write_matches(book)
        _write_unserved(book)
        _write_directors(book)
        _write_scores(book)
        _write_explanations(book)
        _write_run(book)
    path.write_bytes(content.getvalue())


def _write_conflict(book: _Book, passages: Sequence[Passage]) -> None:
    rows: list[list[Cell]] = [[line] for passage in passages for line in (f"■ {passage.heading}", *passage.lines)]
    _write_table(book, "conflict", [Column(book.label("demand"), "long", 110)], rows)


def _write_matches(book: _Book) -> None:
    kinds: list[tuple[str, Kind, float | None]] = [
        ("director_id", "text", None),
        ("director", "text", None),
        ("base", "text", None),
        ("company_id", "text", None),
        ("company", "long", 24),
        ("place", "long", 16),
        ("goal", "long", 14),
        ("points", "points", 10),
        ("full", "integer", None),
        ("distance", "number", None),
        ("fee", "integer", None),
        ("start", "date", 12),
        ("state", "flag", None),
        ("pinned", "flag", None),
        ("flags", "long", 20),
        ("why", "long", 56),
    ]
    rows = match_rows(book.plan, book.facts, book.lang)
    sheet = _write_table(book, "matches", _columns(book, kinds), rows)
    _add_bars(sheet, column=7, rows=rows, full=[row[8] for row in rows])


def _write_unserved(book: _Book) -> None:
    kinds: list[tuple[str, Kind, float | None]] = [
        ("company_id", "text", None),
        ("company", "long", 24),
        ("place", "long", 16),
        ("goal", "long", 14),
        ("reason", "long", 16),
        ("explanation", "long", 54),
        ("n_candidates", "integer", None),
        ("best_director", "text", None),
        ("best_points", "integer", None),
        ("letter", "long", 48),
    ]
    rows = unserved_rows(book.plan, book.facts, book.lang)
    _write_table(book, "unserved", _columns(book, kinds), rows, if_empty=book.label("unserved_none"))


def _write_directors(book: _Book) -> None:
    kinds: list[tuple[str, Kind, float | None]] = [
        ("director_id", "text", None),
        ("director", "text", None),
        ("base", "text", None),
        ("n_companies", "integer", None),
        ("n_elsewhere", "integer", None),
        ("slots_left", "integer", None),
        ("hours", "number", None),
        ("mean_points", "integer", None),
        ("companies", "long", 60),
    ]
    rows = director_rows(book.plan, book.facts, book.lang)
    _write_table(book, "directors", _columns(book, kinds), rows)


def _write_scores(book: _Book) -> None:
    ids: list[tuple[str, Kind, float | None]] = [
        ("director_id", "text", None),
        ("director", "text", None),
        ("company_id", "text", None),
        ("company", "long", 24),
    ]
    ends: list[tuple[str, Kind, float | None]] = [
        ("total", "points", 10),
        ("full", "integer", 9),
        ("neutral_list", "long", 24),
    ]
    criteria = [Column(_criterion_heading(book, name), "integer", 11) for name in CRITERIA]
    keep = Column(criterion_name("keep", book.lang), "integer", 10)
    columns = [*_columns(book, ids), *criteria, keep, *_columns(book, ends)]
    rows = score_rows(book.plan, book.facts, book.lang)
    sheet = _write_table(book, "scores", columns, rows)
    first, total = len(ids), len(ids) + len(criteria) + 1
    for offset, name in enumerate(CRITERIA):
        full = [book.facts.possible_points(match.company_id)[name] for match in book.plan.document.assignments]
        _add_bars(sheet, column=first + offset, rows=rows, full=full)
    _add_bars(sheet, column=total, rows=rows, full=[row[total + 1] for row in rows])
    for number, match in enumerate(book.plan.document.assignments, start=1):
        for neutral in match.neutral:
            column = first + [str(name) for name in CRITERIA].index(neutral)
            sheet.write_number(number, column, match.criteria[neutral], book.styles.neutral)


def _write_explanations(book: _Book) -> None:
    rows = explanation_rows(book.plan, book.facts, book.lang)
    if not rows:
        return
    kinds: list[tuple[str, Kind, float | None]] = [
        ("director_id", "text", None),
        ("director", "text", None),
        ("company_id", "text", None),
        ("company", "long", 24),
        ("loss_points", "integer", 10),
        ("change", "long", 70),
    ]
    _write_table(book, "explanations", _columns(book, kinds), rows)


def _criterion_heading(book: _Book, name: str) -> str:
    """The points of a full score where they are the same for every match, else the share of them."""
    matches = book.plan.document.assignments
    possible = {book.facts.possible_points(match.company_id)[name] for match in matches}
    if len(possible) == 1:
        return book.label("header_full", name=criterion_name(name, book.lang), possible=number_text(possible.pop()))
    share = {str(key): value for key, value in book.facts.policy.weights.normalised().items()}[name]
    return book.label("header_share", name=criterion_name(name, book.lang), share=f"{share:.1%}")


def _write_run(book: _Book) -> None:
    columns = [Column(book.label("item"), "long", 34), Column(book.label("content"), "long", 96)]
    lines: Sequence[RunLine] = run_lines(book.plan, book.lang)
    rows: list[list[Cell]] = [[line.item, line.content] for line in lines]
    sheet = _write_table(book, "run", columns, rows)
    for number, line in enumerate(lines, start=1):
        if line.is_heading:
            sheet.write_string(number, 0, line.item, book.styles.section)
            sheet.write_string(number, 1, line.content, book.styles.section)


def _columns(book: _Book, kinds: Sequence[tuple[str, Kind, float | None]]) -> list[Column]:
    return [Column(book.label(code), kind, width) for code, kind, width in kinds]


def _write_table(
    book: _Book, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, if_empty: str = ""
) -> Any:  # xlsxwriter ships no types
    """One sheet: header in row 1, one row each, and a sentence where there is none."""
    sheet = book.workbook.add_worksheet(book.label(name))
    widths = [_width(column, number, rows) for number, column in enumerate(columns)]
    for number, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.write_string(0, number, column.heading, book.styles.header(column.kind))
        sheet.set_column(number, number, width, book.styles.cell(column.kind))
    sheet.set_row(0, row_height((column.heading, width) for column, width in zip(columns, widths, strict=True)) + 4)
    wrapped = [number for number, column in enumerate(columns) if column.kind == "long"]
    for row_number, row in enumerate(rows, start=1):
        sheet.set_row(row_number, row_height((str(row[number]), widths[number]) for number in wrapped))
        for number, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write_cell(sheet, row_number, number, value, book.styles.cell(column.kind))
    if not rows:
        sheet.write_string(1, 0, if_empty or status_line(book.plan.document, book.lang), book.styles.message)
    last = max(len(rows), 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.freeze_panes(1, 2 if len(columns) > 3 else 0)
    _set_up_print(book, sheet, last_row=last, last_column=len(columns) - 1)
    return sheet


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


def _set_up_print(book: _Book, sheet: Any, *, last_row: int, last_column: int) -> None:  # xlsxwriter ships no types
    document = book.plan.document
    title = (document.title or book.label("report"))[:80].replace("&", "&&")
    word = word_name(document.certificate.word, book.lang)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    # The space ends the font size: a title that starts with a digit would join it.
    sheet.set_header(f"&L&10 {title}&R&10 &A")
    sheet.set_footer(f"&L&8 {word}　{document.digests.get('plan', '')[:12]}&R&8 &P / &N")


def _add_bars(sheet: Any, *, column: int, rows: Sequence[object], full: Sequence[object]) -> None:
    """Data bars from 0 to the largest full score, so that a bar means the same in every row."""
    largest = max((value for value in full if isinstance(value, int)), default=0)
    if not rows or not largest:
        return
    bar = {
        "type": "data_bar",
        "bar_solid": True,
        "bar_color": "#BFD3E6",
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": largest,
    }
    sheet.conditional_format(1, column, len(rows), column, bar)
