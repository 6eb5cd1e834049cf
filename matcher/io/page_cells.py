"""Cells of the tables of a page, which sort by number where there is one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell: its heading, what it says, and what it is sorted by where it is a number."""

    heading: str
    text: str
    sort: str | None = None


def number_cell(heading: str, value: float | None, text: str) -> CellView:
    """A number as it is written in `text`, sorted by itself; one that is missing stands before all others."""
    return CellView(heading, text, "" if value is None else f"{value:.12g}")
