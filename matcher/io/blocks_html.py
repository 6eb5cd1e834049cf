"""Blocks of words as a fragment of HTML, for a notebook or as a section of the report."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from matcher.words.blocks import Block, Grid


def html_of(blocks: Sequence[Block]) -> str:
    """The blocks as HTML; all text is escaped."""
    out: list[str] = []
    is_list = False
    for block in blocks:
        is_item = not isinstance(block, Grid) and block.kind == "item"
        if is_item != is_list:
            out.append("<ul>" if is_item else "</ul>")
            is_list = is_item
        out.append(_grid(block) if isinstance(block, Grid) else _line(block.kind, block.text))
    return "\n".join([*out, "</ul>"] if is_list else out)


def _line(kind: str, text: str) -> str:
    tag = {"title": "h3", "heading": "h4", "item": "li"}.get(kind, "p")
    style = ' class="note"' if kind == "note" else ""
    return f"<{tag}{style}>{escape(text)}</{tag}>"


def _grid(grid: Grid) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in grid.headings)
    rows = "".join("<tr>" + "".join(_cell(value) for value in row) + "</tr>" for row in grid.rows)
    caption = f"<caption>{escape(grid.title)}</caption>" if grid.title else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(value: str | int | None) -> str:
    if isinstance(value, int):
        return f'<td class="number">{value:,}</td>'
    return f"<td>{'–' if value is None else escape(value)}</td>"
