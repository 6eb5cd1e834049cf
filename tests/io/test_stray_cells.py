"""A cell far away from the data: found before the reader library takes memory for everything in between."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import PatternFill

from matcher.io import check_source
from matcher.io.sheet_xml import Extent, extent_of, may_be_stretched
from matcher.words.issues import issue_text
from tests.io.datasets import DIRECTORS
from tests.io.test_workbooks import write_book


def write_stray(path: Path, *addresses: str, blank: bool = False) -> Path:
    book = openpyxl.load_workbook(write_book(path))
    for address in addresses:
        if blank:
            book["ディレクター"][address].fill = PatternFill("solid", fgColor="FF0000")
        else:
            book["ディレクター"][address] = "x"
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("addresses", "named"),
    [
        (("XFD1048576",), "XFD1048576"),
        (("A1048576",), "A1048576"),
        (("A1048576", "XFD3"), "A1048576, XFD3"),
        (("WZZ9000",), "WZZ9000"),
        (("Z200000",), "Z200000"),
    ],
)
def test_a_stray_cell_is_a_fault_that_names_it(tmp_path: Path, addresses: tuple[str, ...], named: str) -> None:
    report = check_source(write_stray(tmp_path / "d.xlsx", *addresses))
    (fault,) = report.faults
    assert (fault.rule, fault.file, fault.sheet) == ("sheet_stretched", "d.xlsx", "ディレクター")
    assert f"far away from the data ({named})" in issue_text(fault, "en")
    assert "右クリックの「削除」" in issue_text(fault, "ja")


def test_a_cell_that_is_only_coloured_is_no_stray(tmp_path: Path) -> None:
    report = check_source(write_stray(tmp_path / "d.xlsx", "XFD1048576", blank=True))
    assert report.n_faults == 0


def test_a_cell_not_so_far_away_is_read_as_any_other(tmp_path: Path) -> None:
    report = check_source(write_stray(tmp_path / "d.xlsx", "Z900"))
    assert report.n_faults == 0
    assert [(i.rule, i.row, i.column, i.value, i.params["n"]) for i in report.warnings[:1]] == [
        ("column_unnamed", 900, "Z", "x", 1)
    ]


def test_a_stray_cell_of_xlsxwriter_and_a_dimension_that_lies(tmp_path: Path) -> None:
    path = tmp_path / "d.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in (
            ("directors", DIRECTORS),
            ("companies", (("id", "prefecture", "goal"), ("C1", 39, "other"))),
        ):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
        sheet.write_number(1_048_575, 16_383, 1)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    part = "xl/worksheets/sheet2.xml"
    assert b'<dimension ref="A1:XFD1048576"/>' in parts[part]
    parts[part] = parts[part].replace(b"A1:XFD1048576", b"A1:C2")
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    assert [(i.rule, i.sheet, i.params["cells"]) for i in check_source(path).faults] == [
        ("sheet_stretched", "companies", ("XFD1048576",))
    ]


def measured(xml: str) -> Extent:
    return extent_of(io.BytesIO(xml.encode()))


@pytest.mark.parametrize(
    ("xml", "extent"),
    [
        ("<sheetData/>", Extent()),
        ('<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" s="1"/></row>', Extent(2, 2, 1, "B2", "B2")),
        ('<row r="2"><c s="1" r="AA2"><v>0</v></c><c r="Z9" s="1"></c></row>', Extent(2, 27, 1, "AA2", "AA2")),
        ("<x:row r='2'><x:c r='B2'><x:v>0</x:v></x:c></x:row>", Extent(2, 2, 1, "B2", "B2")),
        ('<row r="1048576"><c><v>1</v></c></row>', Extent(1_048_576, 1, 0, "A1048576", "")),
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="A9"/></row>', Extent(1, 1, 1, "A1", "A1")),
        ('<row r="1"><c r="A1"><v>1</v></c></row><cols><col min="1" max="9"/></cols>', Extent(1, 1, 1, "A1", "A1")),
    ],
)
def test_how_far_a_sheet_reaches(xml: str, extent: Extent) -> None:
    assert measured(xml) == extent


@pytest.mark.parametrize("n_before", range(1_048_520, 1_048_580, 7))
def test_a_cell_at_the_edge_of_a_piece_is_seen_once(n_before: int) -> None:
    text = f'{" " * n_before}<c r="XFD7" s="1"></c><c r="A1048576" t="n"><v>1</v></c>'
    assert measured(text) == Extent(1_048_576, 1, 1, "A1048576", "A1048576")


def test_a_text_of_many_megabytes_takes_no_time() -> None:
    text = f'<c r="A1" t="inlineStr"><is><t>{"x" * 30_000_000}</t></is></c><c r="B2"><v>1</v></c>'
    assert measured(text) == Extent(2, 2, 2, "B2", "B2")


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ('<row r="9"><c r="Z9"><v>1</v></c></row>', False),
        ('<row r="99999"><c r="A99999"><v>1</v></c></row>', True),
        ('<row r="1"><c r="A99999"><v>1</v></c></row>', True),
        ('<row r="999"><c r="XFD999"><v>1</v></c></row>', True),
        ('<row r="999"><c r="ZZ999"><v>1</v></c></row>', False),
        ("<row r='1'><c r='A99999'><v>1</v></c></row>", True),
        ('<row r="1048576"><c><v>1</v></c></row>', True),
        ('<row r="1048576"><c t="n"><v>1</v></c></row>', True),
        ('<row r="99999"><c r="A99999"><v>1</v></c></row>' * 60_000, False),
    ],
)
def test_which_sheets_are_looked_at_cell_by_cell(xml: str, expected: bool) -> None:
    assert may_be_stretched(io.BytesIO(xml.encode())) is expected


def test_memory_stays_bounded(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    path = write_stray(tmp_path / "d.xlsx", "XFD1048576")
    code = (
        "import resource; from matcher.io import check_source; resource.setrlimit(resource.RLIMIT_AS, (1 << 31,) * 2)"
        f"; print(check_source({str(path)!r}).faults[0].rule)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60)
    assert done.stdout.strip() == "sheet_stretched", done.stderr


def test_a_workbook_of_the_older_kind_that_is_too_large(tmp_path: Path, soffice: str) -> None:
    write_stray(tmp_path / "d.xlsx", "IV65536")
    words = [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xls"]
    subprocess.run([*words, "--outdir", str(tmp_path), str(tmp_path / "d.xlsx")], check=True, capture_output=True)
    (fault,) = check_source(tmp_path / "d.xls").faults
    assert (fault.rule, fault.params) == ("sheet_too_large", {"n_rows": "65,536", "n_columns": 256})
    assert "65,536 rows, 256 columns" in issue_text(fault, "en")


@pytest.mark.parametrize(("part", "kind"), [("content.xml", "ods"), ("xl/workbook.bin", "xlsb")])
def test_another_kind_of_workbook_under_the_name_xlsx(tmp_path: Path, part: str, kind: str) -> None:
    with zipfile.ZipFile(tmp_path / "d.xlsx", "w") as package:
        package.writestr(part, "x")
    (fault,) = check_source(tmp_path / "d.xlsx").faults
    assert (fault.rule, fault.params["kind"]) == ("not_what_it_says", kind)
    assert f".{kind}" in issue_text(fault, "ja")
