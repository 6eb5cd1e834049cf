"""What the reader library does not tell about an .xlsx sheet: how far its cells reach, and where errors stand."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import IO
from xml.etree import ElementTree

from matcher.io.raw import ErrorCell

N_CELLS_MOST = 50_000_000
N_CELLS_SMALL = 2_000_000
N_CELLS_PER_VALUE = 50
N_ROWS_USUAL, N_COLUMNS_USUAL = 10_000, 200
"""A sheet whose rectangle is above the first, or above the second with fewer values than one in so many cells, is not
read: the reader library takes some 40 bytes for each cell of the rectangle, whether anything stands there or not."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CHUNK = 1 << 20
_TAG_MOST = 4096
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*?\s)?r=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^<>]*?(/>|>\s*</(?:\w+:)?c>|>)")
_UNPLACED_CELL = re.compile(rb"<(?:\w+:)?c(?:>|\s(?![^<>]*\br=)[^<>]*[^/]>)")
_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^<>]*?\s)?r=[\"']([0-9]{1,7})[\"']")


_OPEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^<>]*>")
_IS_HIDDEN = re.compile(rb"\shidden=[\"'](?:1|true)[\"']")

_UNREADABLE = (
    *(KeyError, ValueError, EOFError, OSError, NotImplementedError, RuntimeError, OverflowError),
    *(zipfile.BadZipFile, zlib.error, ElementTree.ParseError),
)
"""What Python's zip and XML readers raise over a part that is missing, cut off, damaged, locked or packed in a way they
do not know. The reader library may read such a file all the same."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far the cells of a sheet that hold anything reach. `bottom` and `right` are the addresses furthest out."""

    n_rows: int = 0
    n_columns: int = 0
    n_values: int = 0
    bottom: str = ""
    right: str = ""

    @property
    def n_cells(self) -> int:
        """How many cells the rectangle from A1 has."""
        return self.n_rows * self.n_columns

    @property
    def far_cells(self) -> tuple[str, ...]:
        """The addresses that make the rectangle large."""
        far = [self.bottom] if self.n_rows > N_ROWS_USUAL else []
        far += [self.right] if self.n_columns > N_COLUMNS_USUAL else []
        return tuple(dict.fromkeys(far))

    @property
    def is_stretched(self) -> bool:
        """Whether the rectangle is far larger than what stands in it, or than any sheet that can be read."""
        is_sparse = self.n_cells > N_CELLS_SMALL and self.n_cells > N_CELLS_PER_VALUE * self.n_values
        return is_sparse or self.n_cells > N_CELLS_MOST


def stretched(content: bytes, sheet: str) -> Extent | None:
    """Return how far a sheet reaches if that is too far to be read; None for any other, and where no XML is found.

    Notes
    -----
    The XML is streamed, and its <dimension> not believed. A sheet that cannot be stretched is seen to be so at some 10
    million cells a second; another is looked at cell by cell, about 0.4 million a second.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            part = part_of(package, sheet)
            with package.open(part) as xml:
                if not may_be_stretched(xml):
                    return None
            with package.open(part) as xml:
                extent = extent_of(xml)
            return extent if extent.is_stretched else None
    except _UNREADABLE:
        return None  # the library, which reads it next, says what is wrong


def may_be_stretched(xml: IO[bytes]) -> bool:
    """Whether a sheet has to be looked at cell by cell, as the lengths of its addresses bound it too loosely."""
    n_letters = n_digits = 1
    n_values = 0
    for text in _pieces(xml):
        n_values += text.count(b"</v>")
        if b"<c>" in text or text.count(b' r="') < text.count(b"<c ") + text.count(b"<row "):
            return True  # a cell without an address, or one in single quotes
        while n_letters < 3 and _more_letters(n_letters).search(text):
            n_letters += 1
        while n_digits < 7 and _more_digits(n_digits).search(text):
            n_digits += 1
    n_columns = sum(26**n for n in range(1, n_letters + 1))
    return Extent(10**n_digits - 1, n_columns, n_values).is_stretched


@cache
def _more_letters(n: int) -> re.Pattern[bytes]:
    return re.compile(rb"r=[\"'][A-Z]{%d}" % (n + 1))


@cache
def _more_digits(n: int) -> re.Pattern[bytes]:
    return re.compile(rb"r=[\"'][A-Z]*[0-9]{%d}" % (n + 1))


def extent_of(xml: IO[bytes]) -> Extent:
    """Return how far the cells of a sheet that hold anything reach."""
    n_values = n_rows = n_columns = last_row = 0
    bottom = right = ""
    has_unplaced = False
    for text in _pieces(xml):
        found = [(row, column) for column, row, end in _CELL.findall(text) if end == b">"]
        has_unplaced = has_unplaced or _UNPLACED_CELL.search(text) is not None
        last_row = max([last_row, *map(int, _ROW.findall(text))])
        if not found:
            continue
        n_values += len(found)
        row, column = max(found, key=lambda cell: int(cell[0]))
        if int(row) > n_rows:
            n_rows, bottom = int(row), f"{column.decode()}{row.decode()}"
        row, column = max(found, key=lambda cell: (len(cell[1]), cell[1]))
        if column_number(column.decode()) > n_columns:
            n_columns, right = column_number(column.decode()), f"{column.decode()}{row.decode()}"
    if has_unplaced and last_row > n_rows:
        n_rows, n_columns, bottom = last_row, max(n_columns, 1), f"A{last_row}"
    return Extent(n_rows, n_columns, n_values, bottom, right)


def _pieces(xml: IO[bytes]) -> Iterator[bytes]:
    """The text in pieces that never part a cell's opening tag from the tag behind it."""
    tail = b""
    while chunk := xml.read(_CHUNK):
        text = tail + chunk
        cut = text.rfind(b"<")
        while cut > 0 and text[cut : cut + 2] in (b"<", b"</"):
            cut = text.rfind(b"<", 0, cut)
        yield text[: max(cut, 0)]
        tail = text[max(cut, 0) :]
        if len(tail) > _CHUNK:  # one text of a megabyte, with no cell in it
            tail = tail[:_TAG_MOST]
    yield tail


def error_cells(content: bytes, sheet: str) -> Mapping[tuple[int, int], ErrorCell]:
    """Return (row, column) from 0 → the error or never-calculated formula that stands there.

    Notes
    -----
    The reader library gives an empty text for both, so a sheet that holds any is looked through once more.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            xml = package.read(part_of(package, sheet))
        if b"<f" not in xml and b't="e"' not in xml:
            return {}
        return dict(_scan(xml))
    except _UNREADABLE:
        return {}  # the library has read the sheet; only this second look is not possible


def hidden_rows(content: bytes, sheet: str) -> list[int]:
    """Return the rows, from 1, that the sheet does not show: hidden by hand or by a filter."""
    hidden: list[int] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package, package.open(part_of(package, sheet)) as xml:
            for text in _pieces(xml):
                if b"hidden=" not in text:
                    continue
                for tag in _OPEN_ROW.findall(text):
                    found = _ROW.match(tag) if _IS_HIDDEN.search(tag) else None
                    hidden += [int(found[1])] if found else []
    except _UNREADABLE:
        return []  # as in error_cells
    return hidden


def counts_days_from_1904(content: bytes) -> bool:
    """Whether the workbook counts days from 1904, as those of old Macintoshes do."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    except _UNREADABLE:
        return False
    return any(part.tag.endswith("}workbookPr") and part.get("date1904") in ("1", "true") for part in book.iter())


def part_of(package: zipfile.ZipFile, sheet: str) -> str:
    """Return the part of a workbook that holds a sheet; KeyError, or what the zip and XML readers raise, where none."""
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for element in book.iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
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
    return int(found[2]) - 1, column_number(found[1]) - 1


def column_number(letters: str) -> int:
    """Return which column letters name, from 1.

    Examples
    --------
    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
