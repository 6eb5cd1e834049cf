"""CSV and TSV files: which encoding, which delimiter, which record is which row."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

from matcher.errors import Issue
from matcher.io.faults import FaultLog
from matcher.io.headers import read_grid
from matcher.io.large_csv import read_large_csv
from matcher.io.raw import Grid, RawTable
from matcher.words.reasons import reason_of

_BINARY_STARTS = (
    (b"PK\x03\x04", "Excel/zip"),
    (b"\xd0\xcf\x11\xe0", "Excel/OLE"),
    (b"PAR1", "Parquet"),
    (b"%PDF", "PDF"),
)
# Characters no text file holds; a file with one of them is not text whatever an encoding makes of it.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_csv_table(table: str, path: Path, log: FaultLog, *, shown: str) -> RawTable | None:
    """Return a CSV or TSV file as a raw table, one record a row as spreadsheets show it; None after reporting why not.

    Parameters
    ----------
    shown : the file's name in messages
    """
    content = read_bytes(path, log, shown=shown)
    text = None if content is None else decode(content, log, shown=shown)
    if text is None:
        return None
    delimiter = _delimiter(path, text)
    quick = read_large_csv(table, text, delimiter, log, shown=shown)
    if quick is not None:
        return quick
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        log.fault(Issue("broken_quotes", shown, row=len(rows) + 1))
        return None
    return read_grid(table, Grid(shown, "", rows), log)


def read_bytes(path: Path, log: FaultLog, *, shown: str) -> bytes | None:
    """Return a file's bytes, or None after reporting that it is locked, gone or empty."""
    try:
        content = path.read_bytes()
    except PermissionError:
        log.fault(Issue("file_locked", shown))
        return None
    except OSError as error:
        log.fault(Issue("file_unreadable", shown, params={"reason": reason_of(error)}))
        return None
    if not content.strip():
        log.fault(Issue("file_empty", shown))
        return None
    return content


def decode(content: bytes, log: FaultLog, *, shown: str) -> str | None:
    """Return the text of a file: UTF-16 by its mark, UTF-8 with or without one, else cp932; None after a fault.

    Notes
    -----
    Nothing is guessed from frequencies: statistical detectors misread cp932 with ㈱ ① ～.
    """
    for start, kind in _BINARY_STARTS:
        if content.startswith(start):
            log.fault(Issue("not_text", shown, params={"kind": kind}))
            return None
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            break
        return text.lstrip("\ufeff")  # programs that save a file twice may mark it twice
    else:
        log.fault(Issue("encoding_unknown", shown))
        return None
    log.fault(Issue("not_text", shown, params={"kind": ""}))
    return None


def _delimiter(path: Path, text: str) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    header = next((line for line in text[:10_000].splitlines() if line.strip()), "")
    if "," not in header and header.count(";") > header.count("\t"):
        return ";"  # what Excel writes where the comma is the decimal mark
    return "\t" if header.count("\t") > header.count(",") else ","
