"""One sheet of the plan's workbook: what is printed on its pages, and what stands where it has no row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matcher.io import sheet_table
from matcher.io.sheet_style import Styles
from matcher.io.sheet_table import Cell, Column, Kind, Printed
from matcher.plan.plan import Plan
from matcher.words.blocks import Block
from matcher.words.catalog import Lang
from matcher.words.facts import Facts
from matcher.words.plan import status_line, word_name
from matcher.words.report import label


@dataclass(frozen=True)
class Book:
    """A workbook while it is written."""

    workbook: Any  # xlsxwriter ships no types
    styles: Styles
    plan: Plan
    facts: Facts
    lang: Lang

    def label(self, code: str, **params: object) -> str:
        return label(code, self.lang, **params)


def columns_of(book: Book, kinds: Sequence[tuple[str, Kind, float | None]]) -> list[Column]:
    return [Column(book.label(code), kind, width) for code, kind, width in kinds]


def write_table(
    book: Book,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    if_empty: str = "",
    below: Sequence[Block] = (),
) -> Any:  # xlsxwriter ships no types
    """`sheet_table.write_table` in the plan's workbook; without a row the plan's status, or `if_empty`."""
    document = book.plan.document
    word = word_name(document.certificate.word, book.lang)
    return sheet_table.write_table(
        book.workbook,
        book.styles,
        name,
        columns,
        rows,
        printed=Printed(document.title or book.label("report"), f"{word}　{document.digests.get('plan', '')[:12]}"),
        if_empty=if_empty or status_line(document, book.lang),
        below=below,
    )
