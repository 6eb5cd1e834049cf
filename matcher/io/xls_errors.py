"""Where Excel errors stand in an .xls, which the reader library gives as blanks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcher.io.raw import ErrorCell

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_CODES = b"[" + b"".join(re.escape(bytes([code])) for code in _ERRORS) + b"]"
# Records of BIFF8, the format of Excel 97 to 2003 ([MS-XLS] 2.4.21, 2.4.24, 2.4.127): a sheet begins; a cell that is an
# error; a formula whose last result was one.
_BEGIN = re.compile(rb"\x09\x08\x10\x00\x00\x06([\x05\x06\x10\x20\x40])\x00", re.DOTALL)
_BOOL_ERR = re.compile(rb"\x05\x02\x08\x00(..)(.\x00)..(" + _CODES + rb")\x01", re.DOTALL)
_FORMULA = re.compile(rb"\x06\x00..(..)(.\x00)..\x02.(" + _CODES + rb")...\xff\xff", re.DOTALL)
_GLOBALS = b"\x05"


def xls_error_cells(
    content: bytes, sheet_idx: int, rows: Sequence[Sequence[object]]
) -> dict[tuple[int, int], ErrorCell]:
    """Return (row, column) from 0 → the error that stands there, in the sheet at a position from 0 of the workbook.

    Notes
    -----
    The records are looked for as bytes, and held against the cells that the library gives: where one has a value, or
    lies outside of `rows`, the bytes were no record. One that two far sectors of the file part between them is missed.
    """
    starts = [at.start() for at in _BEGIN.finditer(content) if at[1] != _GLOBALS]
    if sheet_idx >= len(starts):
        return {}
    end = starts[sheet_idx + 1] if sheet_idx + 1 < len(starts) else len(content)
    found: dict[tuple[int, int], ErrorCell] = {}
    for pattern in (_BOOL_ERR, _FORMULA):
        for record in pattern.finditer(content, starts[sheet_idx], end):
            place = int.from_bytes(record[1], "little"), int.from_bytes(record[2], "little")
            if _is_blank_at(rows, *place):
                found[place] = ErrorCell(_ERRORS[record[3][0]], "cell_error")
    return found


def _is_blank_at(rows: Sequence[Sequence[object]], row: int, column: int) -> bool:
    return row < len(rows) and column < len(rows[row]) and rows[row][column] in ("", None)
