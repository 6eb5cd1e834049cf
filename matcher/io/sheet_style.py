"""How cells of a workbook look: one format for each kind of cell, and how wide Japanese text is."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from matcher.words.catalog import Lang

_LINE_POINTS, _PADDING_POINTS, _MAX_HEIGHT = 14.0, 4.0, 409.0
_INK, _RULE, _HEAD, _MUTED = "#1F2A37", "#D5DCE4", "#1F3A5F", "#5B6775"


class Styles:
    """The formats of one workbook, by kind of column."""

    def __init__(self, workbook: Any, lang: Lang) -> None:  # xlsxwriter ships no types
        base = {"valign": "top", "font_color": _INK, "bottom": 1, "bottom_color": _RULE}
        head = {"bold": True, "font_color": "#FFFFFF", "bg_color": _HEAD, "valign": "vcenter", "text_wrap": True}
        mark = "＊" if lang == "ja" else "*"
        date = "yyyy/mm/dd" if lang == "ja" else "yyyy-mm-dd"
        kinds: dict[str, dict[str, Any]] = {
            "text": {"num_format": "@", "align": "left", "indent": 1},
            "long": {"num_format": "@", "align": "left", "indent": 1, "text_wrap": True},
            "integer": {"num_format": "#,##0", "align": "right"},
            "number": {"num_format": "#,##0.0", "align": "right"},
            "date": {"num_format": date, "align": "center"},
            "points": {"num_format": "#,##0", "align": "right", "bold": True},
            "setting": {"num_format": "General", "align": "right"},
            "flag": {"num_format": "@", "align": "center"},
        }
        self._cells = {kind: workbook.add_format(base | more) for kind, more in kinds.items()}
        self._left = workbook.add_format(head | {"align": "left", "indent": 1})
        self._right = workbook.add_format(head | {"align": "center"})
        self.neutral = workbook.add_format(
            base | kinds["integer"] | {"italic": True, "font_color": _MUTED, "num_format": f'#,##0"{mark}"'}
        )
        self.section = workbook.add_format(
            base | {"bold": True, "bg_color": "#EAF0F6", "num_format": "@", "align": "left", "indent": 1}
        )
        self.message = workbook.add_format({"bold": True, "font_color": "#8A1C1C", "num_format": "@"})

    def cell(self, kind: str) -> Any:
        """The format of a kind of cell."""
        return self._cells[kind]

    def header(self, kind: str) -> Any:
        """The format of the heading above a kind of cell."""
        return self._left if kind in ("text", "long") else self._right


def row_height(texts: Iterable[tuple[str, float]]) -> float:
    """The height in points that shows every (text, column width) in full.

    Programs differ in whether they fit a row to wrapped text on opening, so the height is stated. Widths are cut a
    little, as Japanese text never breaks before 、 and 。.
    """
    lines = 1
    for text, width in texts:
        usable = max((width - 2) * 0.96, 2.0)
        lines = max(lines, sum(max(math.ceil(text_width(part) / usable), 1) for part in text.split("\n")))
    return min(lines * _LINE_POINTS + _PADDING_POINTS, _MAX_HEIGHT)


def text_width(text: str) -> int:
    """How wide the widest line is, in half-width characters: a full-width one counts two.

    Examples
    --------
    >>> text_width("高知県"), text_width("ｺｳﾁ"), text_width("a\\nabc")
    (6, 3, 3)
    """
    # cp932 writes a full-width character in two bytes and a half-width one in one: 20 times faster than asking
    # unicodedata for each; the few it lacks count one.
    return max(len(line.encode("cp932", "replace")) for line in text.split("\n"))


def shortened(text: str, width: int) -> str:
    """The text, or as much of it as fits `width` half-width characters with an ellipsis."""
    if text_width(text) <= width:
        return text
    while text_width(text) > width - 2:
        text = text[:-1]
    return f"{text}…"
