"""`matcher check --headers`: which of the user's columns was read as which, and by which headings one is known."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.domain.tables import columns_of
from matcher.io.check import HeadingsRead
from matcher.words.catalog import Lang
from matcher.words.cli import LINES
from matcher.words.headings import column_heading, heading_of, sheet_name


def heading_lines(tables: Sequence[HeadingsRead], lang: Lang) -> list[str]:
    """Each table with its columns: the user's heading, and the headings that are recognised."""
    lines = []
    for table in tables:
        place = " / ".join(part for part in (table.file, table.sheet) if part)
        lines.append(LINES["headings_of"].fill(lang, table=sheet_name(table.table, lang), place=place))
        for column in columns_of(table.table):
            shown = column_heading(table.table, column.name, lang)
            fixed, typed = _fixed(table, column.name), _typed(table, column.name)
            code = "heading_fixed" if fixed is not None else "heading_absent" if typed is None else "heading_read"
            known = _known(table.table, column.name)
            lines.append(f"  {LINES[code].fill(lang, column=shown, typed=typed if fixed is None else fixed)}")
            lines.append(f"      {LINES['headings_known'].fill(lang, known=known)}")
        lines.append("")
    return lines


def heading_records(tables: Sequence[HeadingsRead]) -> list[dict[str, object]]:
    """The same with stable keys. `heading` is None where there is no such column, `fixed` what a mapping puts there."""
    return [
        {"table": table.table, "file": table.file, "sheet": table.sheet, "columns": _columns(table)} for table in tables
    ]


def _columns(table: HeadingsRead) -> list[dict[str, object]]:
    return [
        {
            "column": column.name,
            "heading": _typed(table, column.name),
            "fixed": _fixed(table, column.name),
            "known": _known(table.table, column.name),
        }
        for column in columns_of(table.table)
    ]


def _fixed(table: HeadingsRead, column: str) -> str | None:
    """The text that the mapping puts into every row of a column."""
    return table.terms.fixed.get(column)


def _typed(table: HeadingsRead, column: str) -> str | None:
    return None if column in table.terms.fixed else table.read.get(column)


def _known(table: str, column: str) -> tuple[str, ...]:
    heading = heading_of(table, column)
    return tuple(dict.fromkeys((heading.ja, heading.en, *heading.also)))
