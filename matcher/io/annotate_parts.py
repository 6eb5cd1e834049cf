"""What the library that writes the copy does not keep: parts that are named, and values that are put back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from matcher.io.sheet_xml import part_of

Value = tuple[str, str]
"""What a cell's XML says of its value: its kind (an empty text for a number) and its text.

Kind `READ_ALOUD` is a text with its reading (furigana), as the XML of both.
"""
READ_ALOUD = "inlineStr"

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PARTS: Mapping[str, str] = {
    "charts": r"xl/charts/chart|xl/charts/chartEx|xl/chartsheets/",
    "images": r"xl/media/|xl/richData/",
    "pivots": r"xl/pivotTables/",
    "slicers": r"xl/slicers/|xl/timelines/",
    "threads": r"xl/threadedComments/",
    "controls": r"xl/ctrlProps/|xl/activeX/|xl/embeddings/",
    "connections": r"xl/connections\.xml|xl/queryTables/|xl/model/",
    "comment_looks": r"xl/comments",
    "signatures": r"_xmlsignatures/",
    "custom_xml": r"customXml/",
    "printers": r"xl/printerSettings/",
}
_SHEETS = r"xl/worksheets/[^/]*\.xml"
_WITHIN: Sequence[tuple[str, str, bytes]] = (
    ("shapes", r"xl/drawings/drawing[^/]*\.xml", rb"<xdr:(?:sp|cxnSp|grpSp)[ >]"),
    ("phonetics", _SHEETS, rb"<c [^>]*\bph=[\"']1"),
    ("readings", _SHEETS, rb"<(?:\w+:)?rPh[ >]"),
    ("readings", r"xl/sharedStrings\.xml", rb"<\w+:rPh[ >]"),
    ("extended_rules", _SHEETS, rb"<x14:(?:dataValidation|conditionalFormatting|sparklineGroup)[ >]"),
    ("views", _SHEETS, rb"<(?:protectedRanges|customSheetViews|cellWatches|scenarios)[ >]"),
    ("spilling", _SHEETS, rb"<c [^>]*\bcm="),
)
_CHUNK = 1 << 20
_OVERLAP = 256
_TEXT_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?) t="inlineStr"><is>.*?</is></c>', re.DOTALL)
_CELL = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)(?: t="[a-zA-Z]+")?>'
    rb"((?:<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>))?)<v(?:\s*/>|>[^<]*</v>)</c>"
)


def lost_parts(content: bytes) -> tuple[str, ...]:
    """Return the codes in `matcher.words.annotating.PARTS` of what a workbook has and its copy will not."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        found += [code for code, path in _PARTS.items() if any(re.match(path, name) for name in names)]
        for code, path, mark in _WITHIN:
            pattern = re.compile(mark)
            if any(re.fullmatch(path, name) and _holds(package, name, pattern) for name in names):
                found.append(code)
    return tuple(dict.fromkeys(found))


def _holds(package: zipfile.ZipFile, name: str, pattern: re.Pattern[bytes]) -> bool:
    tail = b""
    with package.open(name) as part:
        while chunk := part.read(_CHUNK):
            text = tail + chunk
            if pattern.search(text):
                return True
            tail = text[-_OVERLAP:]
    return False


def values_as_saved(content: bytes, sheet: str) -> dict[str, Value]:
    """Return address → value, to the letter, of all cells but those with a text and no more.

    These are numbers, days, truth values, errors, the last results of formulas, and texts with their readings.
    """
    found: dict[str, Value] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as package, package.open(part_of(package, sheet)) as xml:
        aloud = _read_aloud(package)
        for _, element in ElementTree.iterparse(xml):
            if element.tag == f"{_MAIN}row":
                element.clear()
            if element.tag != f"{_MAIN}c":
                continue
            kind, value = element.get("t", ""), element.findtext(f"{_MAIN}v")
            if kind == "s" and value in aloud:
                found[element.get("r", "")] = (READ_ALOUD, aloud[value])
            elif value is not None and kind not in ("s", "inlineStr"):
                found[element.get("r", "")] = (kind, value)
    return found


def _read_aloud(package: zipfile.ZipFile) -> dict[str, str]:
    """The shared texts that have a reading, by their number."""
    if "xl/sharedStrings.xml" not in package.namelist():
        return {}
    texts = package.read("xl/sharedStrings.xml")
    if b"<rPh" not in texts:
        return {}
    found = enumerate(re.findall(rb"<si(?:/>|>(.*?)</si>)", texts, re.DOTALL))
    return {str(at): text.decode() for at, text in found if b"<rPh" in text}


def with_values(saved: bytes, values: Sequence[Mapping[str, Value]]) -> bytes:
    """Return a workbook as the library saved it, with the values put back.

    Parameters
    ----------
    saved : its sheets are the parts xl/worksheets/sheet1.xml and so on
    values : of each sheet in this order; cells that are not named stay as they are
    """
    parts = {f"xl/worksheets/sheet{at}.xml": known for at, known in enumerate(values, 1)}
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved)) as package,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for info in package.infolist():
            content = package.read(info)
            known = parts.get(info.filename)
            copy.writestr(info, _restored(content, known) if known else content, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def _restored(xml: bytes, known: Mapping[str, Value]) -> bytes:
    from xml.sax.saxutils import escape

    def put_back(cell: re.Match[bytes]) -> bytes:
        value = known.get(cell[1].decode())
        if value is None or value[0] == READ_ALOUD:
            return cell[0]
        kind = f' t="{value[0]}"' if value[0] else ""
        text = escape(value[1]).encode()
        return b'<c r="%b"%b%b>%b<v>%b</v></c>' % (cell[1], cell[2], kind.encode(), cell[3], text)

    def put_reading_back(cell: re.Match[bytes]) -> bytes:
        kind, text = known.get(cell[1].decode(), ("", ""))
        if kind != READ_ALOUD:
            return cell[0]
        return b'<c r="%b"%b t="inlineStr"><is>%b</is></c>' % (cell[1], cell[2], text.encode())

    return _TEXT_CELL.sub(put_reading_back, _CELL.sub(put_back, xml))
