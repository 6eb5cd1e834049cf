"""What a column of an invented table holds, before it is written as text or typed cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from matcher.generating.draws import Ints, Mask

Word = str | float | bool | dt.date


@dataclass(frozen=True, slots=True)
class Column:
    """One column: whole numbers, or places in a list of words.

    Parameters
    ----------
    values : ndarray of int64, shape (n,)
    words : what each value stands for; empty where the values are the cells themselves
    blank : where the cell is missing; None where none is
    number : put behind the word where it is 0 or more, filled with zeros to `width` digits, and followed by `end`
    """

    values: Ints
    words: tuple[Word, ...] = ()
    blank: Mask | None = None
    number: Ints | None = None
    width: int = 0
    end: str = ""

    def __len__(self) -> int:
        return int(self.values.size)

    def take(self, rows: Ints | slice) -> Column:
        """Return these rows of the column."""
        return replace(
            self,
            values=self.values[rows],
            blank=None if self.blank is None else self.blank[rows],
            number=None if self.number is None else self.number[rows],
        )

    def cells(self) -> list[object]:
        """Return the cells as plain Python values, None where missing; for looking, not for writing millions."""
        cells: list[object] = [self.words[value] if self.words else int(value) for value in self.values]
        if self.number is not None:
            numbers = self.number.tolist()
            cells = [
                f"{cell}{number:0{self.width}d}{self.end}" if number >= 0 else f"{cell}{self.end}"
                for cell, number in zip(cells, numbers, strict=True)
            ]
        if self.blank is not None:
            cells = [None if is_blank else cell for cell, is_blank in zip(cells, self.blank, strict=True)]
        return cells


Rows = Mapping[str, Column]
"""The columns of some rows of a table, all of one length."""


ID_DIGITS: Final = 7
"""Digits of every id, whatever the size of a programme: the first companies of a larger one are called the same."""


def ids(letter: str, idx: Ints) -> Column:
    """Return ids such as C0000001 for the 0-based places `idx`."""
    return Column(np.zeros(idx.size, dtype=np.int64), (letter,), number=idx + 1, width=ID_DIGITS)


def taken(columns: Rows, rows: Ints | slice) -> dict[str, Column]:
    """Return some rows of every column."""
    return {name: column.take(rows) for name, column in columns.items()}
