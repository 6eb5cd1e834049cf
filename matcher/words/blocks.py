"""What an explanation is shown as, wherever it is shown: headings, sentences, lists and tables, already in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["title", "heading", "text", "item", "note"]


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, or a few that belong together."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Cells are texts or whole numbers; numbers stand on the right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str | int | None, ...], ...]
    title: str = ""


Block = Line | Grid
