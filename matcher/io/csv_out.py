"""CSV cells that a spreadsheet shows as they are."""

from __future__ import annotations

from typing import Final

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(text: str) -> str:
    """The text, behind a quote mark where a spreadsheet would take it for a formula.

    Examples
    --------
    >>> plain_cell("=1+1"), plain_cell("D01")
    ("'=1+1", 'D01')
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
