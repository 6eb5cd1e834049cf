"""Excel workbooks: each sheet a table; errors and formulas that were never calculated are found by cell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from matcher.domain.tables import TABLES
from matcher.errors import Issue
from matcher.io.csv_files import read_bytes
from matcher.io.faults import FaultLog
from matcher.io.headers import read_grid
from matcher.io.raw import ErrorCell, Grid, RawTable
from matcher.io.strangers import Stranger, report_strangers
from matcher.words.headings import name_key, tables_by_name

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

EXPLANATION_SHEETS = {"説明": "ja", "explanation": "en", "lists": "", "選択肢": ""}
"""Sheets of our own template that hold no data."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_workbook(path: Path, log: FaultLog) -> dict[str, RawTable] | None:
    """Return the tables of a workbook, or None after reporting why it cannot be read."""
    content = read_bytes(path, log, shown=path.name)
    if content is None or not _is_what_it_says(content, path, log):
        return None
    book = _open(content, path, log)
    if book is None:
        return None
    found = _sheets_by_table(book, path, log)
    if not found:
        return None
    raws = {}
    for table in TABLES:
        if table in found:
            grid = _grid(book, content, found[table], path, log)
            raw = None if grid is None else read_grid(table, grid, log)
            if raw is not None:
                raws[table] = raw
    return raws


def _is_what_it_says(content: bytes, path: Path, log: FaultLog) -> bool:
    is_zip, is_ole = content.startswith(_ZIP), content.startswith(_OLE)
    wants_zip = path.suffix.lower() != ".xls"
    if (is_zip and wants_zip) or (is_ole and not wants_zip):
        return True
    if is_ole and _ENCRYPTED in content:
        log.fault(Issue("file_encrypted", path.name))
        return False
    kind = "xlsx" if is_zip else "xls" if is_ole else "text" if b"\0" not in content[:4096] else "other"
    log.fault(Issue("not_what_it_says", path.name, params={"suffix": path.suffix, "kind": kind}))
    return False


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


def _sheets_by_table(book: CalamineWorkbook, path: Path, log: FaultLog) -> dict[str, str]:
    from python_calamine import SheetVisibleEnum

    found: dict[str, str] = {}
    strangers: list[Stranger] = []
    for sheet in book.sheets_metadata:
        table = tables_by_name().get(name_key(sheet.name))
        if table is None:
            if name_key(sheet.name) not in EXPLANATION_SHEETS:
                strangers.append(Stranger(path.name, sheet.name, sheet.name))
            continue
        if table in found:
            params = {"table": table, "first": found[table]}
            log.fault(Issue("table_twice", path.name, sheet.name, params=params))
            continue
        found[table] = sheet.name
        if sheet.visible != SheetVisibleEnum.Visible:
            log.note(Issue("sheet_hidden", path.name, sheet.name))
    if not found:
        near = tuple(one.sheet for one in strangers)
        log.fault(Issue("not_a_data_set", path.name, params={"near": near}))
        return {}
    report_strangers(strangers, found, path.name, log)
    return found


def _grid(book: CalamineWorkbook, content: bytes, sheet: str, path: Path, log: FaultLog) -> Grid | None:
    try:
        rows: list[list[object]] = [list(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # as in _open
        log.fault(Issue("workbook_damaged", path.name, sheet))
        return None
    for (row, column), cell in error_cells(content, sheet).items():
        while len(rows) <= row:
            rows.append([])
        rows[row].extend([None] * (column + 1 - len(rows[row])))
        rows[row][column] = cell
    return Grid(path.name, sheet, rows)


def error_cells(content: bytes, sheet: str) -> Mapping[tuple[int, int], ErrorCell]:
    """Return (row, column) from 0 → the error or never-calculated formula that stands there.

    Notes
    -----
    The reader library gives an empty text for both, so a sheet that holds any is looked through once more. Only .xlsx:
    an .xls gives them as blanks.
    """
    if not content.startswith(_ZIP):
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            xml = package.read(_part_of(package, sheet))
        if b"<f" not in xml and b't="e"' not in xml:
            return {}
        return dict(_scan(xml))
    except (KeyError, ValueError, zipfile.BadZipFile, ElementTree.ParseError, NotImplementedError):
        return {}  # the library has read the sheet; only this second look is not possible


def _part_of(package: zipfile.ZipFile, sheet: str) -> str:
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for element in book.iter(f"{_MAIN}sheet"):
        if element.get("name") == sheet:
            link = next(value for key, value in element.items() if key.endswith("}id"))
            target = targets[link]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(sheet)


def _scan(xml: bytes) -> Iterator[tuple[tuple[int, int], ErrorCell]]:
    for _, element in ElementTree.iterparse(io.BytesIO(xml)):
        if element.tag == f"{_MAIN}row":
            element.clear()
        if element.tag != f"{_MAIN}c":
            continue
        formula, value = element.find(f"{_MAIN}f"), element.findtext(f"{_MAIN}v") or ""
        if element.get("t") == "e":
            yield _position(element.get("r", "")), ErrorCell(value or "#ERROR", "cell_error")
        elif formula is not None and not value and element.get("t") not in ("str", "inlineStr"):
            yield _position(element.get("r", "")), ErrorCell(f"={formula.text or ''}", "formula_not_calculated")


def _position(address: str) -> tuple[int, int]:
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]+)", address)
    if found is None:
        raise ValueError(address)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1
