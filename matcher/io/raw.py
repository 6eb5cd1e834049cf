"""`RawTable`: one table as it stands in a file, before any cell is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.domain.values import is_blank


class ErrorCell(str):
    """An Excel error such as #N/A, or a formula that was never calculated: no value at all. `rule` says which."""

    rule: str

    def __new__(cls, text: str, rule: str) -> ErrorCell:
        cell = super().__new__(cls, text)
        cell.rule = rule
        return cell


def put_errors(rows: list[list[object]], errors: Mapping[tuple[int, int], ErrorCell]) -> None:
    """Put cells that hold no value into the rows of a sheet, (row, column) from 0, which grow where they are short."""
    for (row, column), cell in errors.items():
        while len(rows) <= row:
            rows.append([])
        rows[row].extend([None] * (column + 1 - len(rows[row])))
        rows[row][column] = cell


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet or file, row by row from the very first row, and where they came from.

    `sheet` is empty for a file that is one table. `first_row` is the row number of ``rows[0]``.
    """

    file: str
    sheet: str
    rows: Sequence[Sequence[object]]
    first_row: int = 1


@dataclass(frozen=True, slots=True)
class RawColumn:
    """One column as its different cells and, per row, which of them it is.

    Attributes
    ----------
    codes : (n_rows,) int64, positions in `cells`, −1 for a blank cell
    cells : the different cells, none of them blank
    """

    codes: npt.NDArray[np.int64]
    cells: Sequence[object]

    def where(self, keep: npt.NDArray[np.bool_]) -> RawColumn:
        """Return the rows in mask `keep`."""
        return RawColumn(self.codes[keep], self.cells)

    def cell(self, row_idx: int) -> object:
        """Return the cell of one row, None where it is blank."""
        code = self.codes[row_idx]
        return None if code < 0 else self.cells[code]


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table as it stands in a file.

    Attributes
    ----------
    table : its name in `TABLES`
    headers : column name → heading as the user wrote it
    columns : column name → cells
    rows : (n_rows,) int64 row numbers as the user's program shows them; a row with several skills stands once for each
    """

    table: str
    file: str
    sheet: str
    headers: dict[str, str]
    columns: dict[str, RawColumn]
    rows: npt.NDArray[np.int64]


def column_of_cells(cells: Iterable[object]) -> RawColumn:
    """Return a column with equal cells found once. Type counts: 1 and True are different cells.

    Notes
    -----
    One dictionary look-up a cell, about 0.1 µs.
    """
    cells = tuple(cells)
    index: dict[object, int] = {}
    keys: Iterable[object] = cells
    if not set(map(type, cells)) <= {str}:
        keys = ((type(cell), cell) for cell in cells)
    codes = [index.setdefault(key, len(index)) for key in keys]
    found = [key[1] if isinstance(key, tuple) else key for key in index]
    return without_blanks(np.asarray(codes, dtype=np.int64), found)


def without_blanks(codes: npt.NDArray[np.int64], cells: Sequence[object]) -> RawColumn:
    """Return a column whose blank cells have code −1."""
    blank = np.fromiter((is_blank(cell) for cell in cells), dtype=np.bool_, count=len(cells))
    if not blank.any():
        return RawColumn(codes, cells)
    lookup = np.where(blank, -1, np.cumsum(~blank) - 1)
    lookup = np.append(lookup, -1)  # code −1 stays −1
    return RawColumn(lookup[codes], [cell for cell, gone in zip(cells, blank, strict=True) if not gone])


def drop_blank_rows(raw: RawTable) -> RawTable:
    """Return the table without the rows in which every known column is blank."""
    if not raw.columns:
        return RawTable(raw.table, raw.file, raw.sheet, raw.headers, {}, raw.rows[:0])
    filled = np.zeros(raw.rows.size, dtype=np.bool_)
    for column in raw.columns.values():
        filled |= column.codes >= 0
    if filled.all():
        return raw
    kept: dict[str, RawColumn] = {name: column.where(filled) for name, column in raw.columns.items()}
    return RawTable(raw.table, raw.file, raw.sheet, raw.headers, kept, raw.rows[filled])
