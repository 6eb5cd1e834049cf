"""CSV and TSV files: which encoding, which delimiter, which record is which row."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from matcher.errors import Issue
from matcher.io.encodings import decode
from matcher.io.faults import FaultLog
from matcher.io.headers import read_grid
from matcher.io.large_csv import read_large_csv
from matcher.io.mapping import TableTerms
from matcher.io.raw import Grid, RawTable
from matcher.words.reasons import reason_of


def read_csv_table(
    table: str,
    path: Path,
    log: FaultLog,
    *,
    shown: str,
    encoding: str | None = None,
    terms: TableTerms | None = None,
) -> RawTable | None:
    """Return a CSV or TSV file as a raw table, one record a row as spreadsheets show it; None after reporting why not.

    Parameters
    ----------
    shown : the file's name in messages
    encoding : one of ENCODINGS where the user named it; None for the one the file tells
    terms : the user's own headings, where a mapping gives them
    """
    content = read_bytes(path, log, shown=shown)
    text = None if content is None else decode(content, log, shown=shown, encoding=encoding)
    if text is None:
        return None
    delimiter = _delimiter(path, text)
    quick = read_large_csv(table, text, delimiter, log, shown=shown, terms=terms)
    if quick is not None:
        return quick
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        log.fault(Issue("broken_quotes", shown, row=len(rows) + 1))
        return None
    return read_grid(table, Grid(shown, "", rows), log, terms)


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


def _delimiter(path: Path, text: str) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    header = next((line for line in text[:10_000].splitlines() if line.strip()), "")
    if "," not in header and header.count(";") > header.count("\t"):
        return ";"  # what Excel writes where the comma is the decimal mark
    return "\t" if header.count("\t") > header.count(",") else ","
