"""Where a plan's workbook takes decisions, and where it tells what changed since the earlier plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from matcher.io.decisions import matches_record
from matcher.io.plan_rows import RunLine
from matcher.io.plan_sheet import Book, write_table
from matcher.io.sheet_table import Cell, Column, Kind
from matcher.plan.decided import DecisionRecord
from matcher.plan.document import PlanDocument
from matcher.whatif.decided import changes_of
from matcher.words.decisions import TEXTS, change_notes, change_rows, decision_word

N_FREE_ROWS = 60
"""Rows on the sheet of decisions that are ready to be filled in."""

_DECISION: tuple[tuple[str, Kind, float | None], ...] = (
    ("decision", "flag", 9),
    ("why", "long", 20),
    ("by", "text", 12),
    ("on", "date", 12),
)


def decision_columns(book: Book) -> list[Column]:
    """Decision, why, by whom and when, as they stand behind a match."""
    return [Column(TEXTS[code].fill(book.lang), kind, width) for code, kind, width in _DECISION]


def decisions_by_pair(document: PlanDocument) -> Mapping[tuple[str, str], DecisionRecord]:
    """What was decided before this plan, by director and company."""
    decided = document.decided
    return {} if decided is None else {(one.director_id, one.company_id): one for one in decided.decisions}


def decision_cells(record: DecisionRecord | None, book: Book) -> list[Cell]:
    """The cells of one decision; blank where none was made."""
    if record is None:
        return [None, None, None, None]
    day = dt.date.fromisoformat(record.on) if record.on else None
    return [decision_word(record.decision, book.lang), record.reason, record.by, day]


def offer_words(book: Book, sheet: Any, column: int, first: int, last: int) -> None:  # xlsxwriter ships no types
    """A dropdown with pin and forbid, blank being allowed."""
    if last < first:
        return
    rule = {
        "validate": "list",
        "source": [decision_word(word, book.lang) for word in ("pin", "forbid")],
        "input_title": TEXTS["input_title"].fill(book.lang),
        "input_message": TEXTS["input_pin"].fill(book.lang),
    }
    sheet.data_validation(first, column, last, column, rule)


def write_decisions(book: Book) -> None:
    """The sheet on which any pair can be decided; what was decided of pairs that are no match stands there already."""
    document = book.plan.document
    matches = {(match.director_id, match.company_id) for match in document.assignments}
    earlier = [one for pair, one in decisions_by_pair(document).items() if pair not in matches]
    columns = [Column(book.label(code), "text", 16) for code in ("director_id", "director", "company_id")]
    columns += [Column(book.label("company"), "long", 24), *decision_columns(book)]
    rows: list[list[Cell]] = [
        [
            one.director_id,
            book.facts.director_name(one.director_id),
            one.company_id,
            book.facts.company_name(one.company_id),
            *decision_cells(one, book),
        ]
        for one in earlier
    ]
    blank: Sequence[list[Cell]] = [[None] * len(columns) for _ in range(N_FREE_ROWS)]
    sheet = write_table(book, TEXTS["sheet"].fill(book.lang), columns, [*rows, *blank])
    offer_words(book, sheet, 4, 1, len(rows) + N_FREE_ROWS)


def write_changes(book: Book) -> None:
    """Who has another director than in the earlier plan, and which decision is behind it; nothing without one."""
    document, lang = book.plan.document, book.lang
    decided = document.decided
    if decided is None:
        return
    kinds: list[tuple[str, Kind, float | None]] = [
        ("before", "text", 20),
        ("after", "text", 20),
        ("before_points", "integer", 10),
        ("after_points", "integer", 10),
        ("points_change", "integer", 10),
        ("chain", "long", 24),
        ("cause", "long", 60),
    ]
    columns = [
        Column(TEXTS["change"].fill(lang), "flag", 8),
        Column(book.label("company_id"), "text"),
        Column(book.label("company"), "long", 24),
        *(Column(TEXTS[code].fill(lang), kind, width) for code, kind, width in kinds),
    ]
    changes = changes_of(document)
    rows: list[list[Cell]] = []
    if changes is not None:
        rows = [list(row.cells) for row in change_rows(changes, decided, book.facts, lang)]
    write_table(
        book,
        TEXTS["changes_sheet"].fill(lang),
        columns,
        rows,
        if_empty=TEXTS["no_plan" if changes is None else "none"].fill(lang),
        below=[] if changes is None else change_notes(document, decided, lang),
    )


def record_line(book: Book) -> RunLine:
    """What tells a reader of the workbook whether its matches are as they were written."""
    matches = book.plan.document.assignments
    record = matches_record((match.director_id, match.company_id, match.points) for match in matches)
    return RunLine(TEXTS["matches_record"].fill(book.lang), record)
