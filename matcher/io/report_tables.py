"""The answers that the report shows as sections: what is read at once, and what is folded below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from markupsafe import Markup

from matcher.explain.tables import tables_of
from matcher.io.blocks_html import html_of
from matcher.plan.plan import Plan
from matcher.words.blocks import Block, Line
from matcher.words.catalog import Lang
from matcher.words.explain_tables import left_out_line, section
from matcher.words.plan import number_text
from matcher.words.report import label

MAX_ROWS = 50
"""Rows of one table of the report; plan.xlsx has the others."""


@dataclass(frozen=True, slots=True)
class TableView:
    """One answer: `lead` is always to be seen, `detail` (empty where there is none) folded."""

    id: str
    title: str
    lead: Markup
    detail: Markup


def table_views(plan: Plan, lang: Lang) -> tuple[TableView, ...]:
    """A section for each answer at hand."""
    tables = tables_of(plan)
    if tables is None:
        return ()
    views = []
    for name in tables.answers:
        title, blocks = section(tables, name, lang)
        lead = _lead(blocks)
        views.append(TableView(name, title, _html(lead, lang), _html(blocks[len(lead) :], lang)))
    return tuple(views)


def tables_left_out(plan: Plan, lang: Lang) -> tuple[str, ...]:
    """The sentence of what is not shown, if there is any."""
    line = left_out_line(tables_of(plan), lang)
    return (line,) if line else ()


def _is_sentence(block: Block) -> bool:
    return isinstance(block, Line) and block.kind in ("text", "note")


def _lead(blocks: Sequence[Block]) -> list[Block]:
    """The sentences up to the first table, list or next heading."""
    first = blocks[0]
    if isinstance(first, Line) and first.kind == "heading":
        return [first, *takewhile(_is_sentence, blocks[1:])]
    return list(takewhile(_is_sentence, blocks))


def _html(blocks: Sequence[Block], lang: Lang) -> Markup:
    def cut(n_shown: int, n_all: int) -> str:
        return label("cut_note", lang, shown=number_text(n_shown), n=number_text(n_all))

    return Markup(html_of(blocks, level=2, most_rows=MAX_ROWS, cut=cut))
