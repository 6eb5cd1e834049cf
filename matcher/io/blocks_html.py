"""Blocks of words as a fragment of HTML, for a notebook or as a section of the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import escape

from matcher.words.blocks import Block, Grid

Cut = Callable[[int, int], str]
"""(rows shown, all rows) → the sentence that says so."""


def html_of(blocks: Sequence[Block], *, level: int = 3, most_rows: int | None = None, cut: Cut | None = None) -> str:
    """The blocks as HTML; all text is escaped.

    Parameters
    ----------
    level : of a title's heading; other headings are one below
    most_rows, cut : a longer table is cut to so many rows, and says so
    """
    out: list[str] = []
    is_list = False
    for block in blocks:
        is_item = not isinstance(block, Grid) and block.kind == "item"
        if is_item != is_list:
            out.append("<ul>" if is_item else "</ul>")
            is_list = is_item
        if isinstance(block, Grid):
            out.append(_grid(block, most_rows))
            if cut is not None and most_rows is not None and len(block.rows) > most_rows:
                out.append(_line("note", cut(most_rows, len(block.rows)), level))
        else:
            out.append(_line(block.kind, block.text, level))
    return "\n".join([*out, "</ul>"] if is_list else out)


def _line(kind: str, text: str, level: int) -> str:
    tag = {"title": f"h{level}", "heading": f"h{level + 1}", "item": "li"}.get(kind, "p")
    style = ' class="note"' if kind == "note" else ""
    return f"<{tag}{style}>{escape(text)}</{tag}>"


def _grid(grid: Grid, most_rows: int | None) -> str:
    """A table whose rows may be stacked: every cell knows its heading, every element its role."""
    is_number = [any(isinstance(row[at], int) for row in grid.rows) for at in range(len(grid.headings))]
    head = "".join(
        f'<th scope="col" role="columnheader"{_class(right)}>{escape(name)}</th>'
        for name, right in zip(grid.headings, is_number, strict=True)
    )
    rows = "".join(
        '<tr role="row">' + "".join(map(_cell, row, grid.headings, is_number)) + "</tr>"
        for row in grid.rows[:most_rows]
    )
    caption = f"<caption>{escape(grid.title)}</caption>" if grid.title else ""
    return (
        f'<table class="stacked" role="table">{caption}<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _class(is_number: bool) -> str:
    return ' class="n"' if is_number else ""


def _cell(value: str | int | None, heading: str, is_number: bool) -> str:
    text = "–" if value is None else f"{value:,}" if isinstance(value, int) else escape(value)
    return (
        f'<td role="cell"{_class(is_number and not isinstance(value, str))} data-label="{escape(heading)}">{text}</td>'
    )
