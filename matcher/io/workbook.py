"""Excel workbooks: each sheet a table; errors and formulas that were never calculated are found by cell."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from matcher.domain.tables import TABLES, columns_of
from matcher.domain.values import parse_text
from matcher.errors import Issue
from matcher.io.csv_files import read_bytes
from matcher.io.faults import FaultLog
from matcher.io.headers import read_grid
from matcher.io.mapping import NO_MAPPING, ColumnMapping
from matcher.io.package_size import bulk_of
from matcher.io.raw import ErrorCell, Grid, RawColumn, RawTable, put_errors
from matcher.io.sheet_xml import counts_days_from_1904, error_cells, hidden_rows, stretched
from matcher.io.strangers import Stranger, report_strangers
from matcher.io.xls_errors import xls_error_cells
from matcher.words.annotating import SHEET
from matcher.words.headings import name_key

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

EXPLANATION_SHEETS = {"説明": "ja", "explanation": "en", "lists": "", "選択肢": ""}
"""Sheets of our own template that hold no data."""
EXPLANATION_SHEETS |= {name_key(SHEET.ja): "ja", name_key(SHEET.en): "en"}  # and of an annotated copy

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_N_ROWS_NAMED = 10
_XLS_CELLS_MOST = 5_000_000  # an .xls holds at most 65,536 × 256, and the values in it are not counted beforehand


def read_workbook(path: Path, log: FaultLog, mapping: ColumnMapping = NO_MAPPING) -> dict[str, RawTable] | None:
    """Return the tables of a workbook, or None after reporting why it cannot be read."""
    if path.name.startswith("~$"):
        log.fault(Issue("lock_file", path.name, params={"name": path.name[2:]}))
        return None
    content = read_bytes(path, log, shown=path.name)
    if content is None or not _is_what_it_says(content, path, log) or _is_bulky(content, path, log):
        return None
    book = _open(content, path, log)
    if book is None:
        return None
    found = _sheets_by_table(book, path, log, mapping)
    if not found:
        return None
    raws = {}
    is_1904 = content.startswith(_ZIP) and counts_days_from_1904(content)
    for table in TABLES:
        if table in found:
            grid = _grid(book, content, found[table], path, log)
            raw = None if grid is None else read_grid(table, grid, log, mapping.terms(table, found[table]))
            if raw is not None:
                raws[table] = _refuse_serials(raw) if is_1904 else raw
                _warn_of_hidden(content, raw, log)
    return raws


def _refuse_serials(raw: RawTable) -> RawTable:
    """The table with the numbers in its columns of days marked: counted from 1904, they are other days than usual."""
    columns = dict(raw.columns)
    for column in columns_of(raw.table):
        found = raw.columns.get(column.name)
        if column.kind == "date" and found is not None:
            cells = [
                ErrorCell(parse_text(cell), "serial_from_1904") if type(cell) in (int, float) else cell
                for cell in found.cells
            ]
            columns[column.name] = RawColumn(found.codes, cells)
    return replace(raw, columns=columns)


def _warn_of_hidden(content: bytes, raw: RawTable, log: FaultLog) -> None:
    rows = hidden_rows(content, raw.sheet) if content.startswith(_ZIP) else []
    hidden = np.intersect1d(raw.rows, np.asarray(rows, dtype=np.int64)) if rows else np.zeros(0)
    if hidden.size:
        params = {"table": raw.table, "n": int(hidden.size), "rows": tuple(hidden[:_N_ROWS_NAMED].tolist())}
        log.warn(Issue("rows_hidden", raw.file, raw.sheet, params=params))


def _is_what_it_says(content: bytes, path: Path, log: FaultLog) -> bool:
    is_zip, is_ole = content.startswith(_ZIP), content.startswith(_OLE)
    wants_zip = path.suffix.lower() != ".xls"
    other = _other_office_kind(content) if is_zip else None
    if other is not None:
        log.fault(Issue("not_what_it_says", path.name, params={"suffix": path.suffix, "kind": other}))
        return False
    if (is_zip and wants_zip) or (is_ole and not wants_zip):
        return True
    if is_ole and _ENCRYPTED in content:
        log.fault(Issue("file_encrypted", path.name))
        return False
    kind = "xlsx" if is_zip else "xls" if is_ole else "text" if b"\0" not in content[:4096] else "other"
    log.fault(Issue("not_what_it_says", path.name, params={"suffix": path.suffix, "kind": kind}))
    return False


def _is_bulky(content: bytes, path: Path, log: FaultLog) -> bool:
    """Whether a workbook would fill the memory once unpacked; reported, as is one that lies about its size."""
    if not content.startswith(_ZIP):
        return False
    try:
        bulk = bulk_of(content)
    except zipfile.BadZipFile:
        log.fault(Issue("workbook_damaged", path.name))
        return True
    if bulk is not None:
        params = {"part": bulk.part, "n_megabytes": f"{bulk.n_bytes >> 20:,}"}
        log.fault(Issue("workbook_bulky", path.name, params=params))
    return bulk is not None


def _other_office_kind(content: bytes) -> str | None:
    """An .ods or .xlsb under another name: the library would read it, yet how far it reaches cannot be asked before."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return None
    return "xlsb" if "xl/workbook.bin" in names else "ods" if "content.xml" in names else None


def _open(content: bytes, path: Path, log: FaultLog) -> CalamineWorkbook | None:
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError:
        log.fault(Issue("file_encrypted", path.name))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a damaged file may make the Rust reader panic, which is no Exception
        log.fault(Issue("workbook_damaged", path.name))
    return None


def _sheets_by_table(book: CalamineWorkbook, path: Path, log: FaultLog, mapping: ColumnMapping) -> dict[str, str]:
    from python_calamine import SheetVisibleEnum

    mapping.report([sheet.name for sheet in book.sheets_metadata], log)
    found: dict[str, str] = {}
    strangers: list[Stranger] = []
    for sheet in book.sheets_metadata:
        table = mapping.table_of(sheet.name)
        if table is None:
            if name_key(sheet.name) not in EXPLANATION_SHEETS and not mapping.ignores(sheet.name):
                strangers.append(Stranger(path.name, sheet.name, sheet.name))
            continue
        if table in found:
            params = {"table": table, "first": found[table]}
            log.fault(Issue("table_twice", path.name, sheet.name, params=params))
            continue
        found[table] = sheet.name
        if sheet.visible != SheetVisibleEnum.Visible:
            log.warn(Issue("sheet_hidden", path.name, sheet.name))
    if not found:
        near = tuple(one.sheet for one in strangers)
        log.fault(Issue("not_a_data_set", path.name, params={"near": near}))
        return {}
    report_strangers(strangers, found, path.name, log)
    return found


def _grid(book: CalamineWorkbook, content: bytes, sheet: str, path: Path, log: FaultLog) -> Grid | None:
    if _is_stretched(content, sheet, path, log):
        return None
    try:
        found = book.get_sheet_by_name(sheet)
        n_rows, n_columns = (at + 1 for at in found.end or (-1, -1))
        if n_rows * n_columns > _XLS_CELLS_MOST and path.suffix.lower() == ".xls":
            params = {"n_rows": f"{n_rows:,}", "n_columns": n_columns}
            log.fault(Issue("sheet_too_large", path.name, sheet, params=params))
            return None
        rows: list[list[object]] = [list(row) for row in found.to_python(skip_empty_area=False)]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # as in _open
        log.fault(Issue("workbook_damaged", path.name, sheet))
        return None
    if content.startswith(_ZIP):
        errors = error_cells(content, sheet)
    else:
        errors = xls_error_cells(content, list(book.sheet_names).index(sheet), rows)
    put_errors(rows, errors)
    return Grid(path.name, sheet, rows)


def _is_stretched(content: bytes, sheet: str, path: Path, log: FaultLog) -> bool:
    """Whether a stray cell makes the sheet too large to be read; asked before the reader library takes the memory."""
    extent = stretched(content, sheet) if content.startswith(_ZIP) else None
    if extent is None:
        return False
    params = {"cells": extent.far_cells, "n_values": f"{extent.n_values:,}"}
    log.fault(Issue("sheet_stretched", path.name, sheet, params=params))
    return True
