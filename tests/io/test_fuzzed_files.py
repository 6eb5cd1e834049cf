"""Files that are broken in any way end in a fault with a place, never in a traceback, and in bounded memory.

FUZZ_EXAMPLES=100000 makes an hour of it.
"""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matcher.io.package_size as package_size
from matcher.io import check_source
from matcher.words.catalog import LANGUAGES
from matcher.words.issues import issue_text
from tests.io.datasets import COMPANIES, rules, write_folder
from tests.io.test_workbooks import write_book

N_EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "60"))
FUZZ = settings(max_examples=N_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
UGLY = [
    *(
        "1200万円",
        "▲5",
        "△",
        "令和8年4月1日",
        "平成38年13月",
        "R0.1.1",
        "１，２００",
        "46113",
        "1e400",
        "=NA()",
        "合計",
        "計",
    ),
    *(
        "EC、商品",
        "・",
        "／",
        "㈱①",
        "\u3000",
        "\ufeff",
        "\u202e",
        "－",
        "0392014",
        "39201",
        "○",
        "単位：千円",
        '"',
        "\n",
        "\t",
    ),
]
CELLS = st.one_of(st.sampled_from(UGLY), st.text(max_size=6), st.integers().map(str), st.floats().map(str))
HEADINGS = st.sampled_from(
    [
        "ID",
        "名称",
        "都道府県",
        "目的",
        "売上高（百万円）",
        "開始日",
        "法人番号",
        "市区町村コード",
        "稼働",
        "必要",
        "時間",
        "",
    ]
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932", "euc-jp", "iso-2022-jp"])


@cache
def _book(tool: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "d.xlsx"
        if tool == "openpyxl":
            return write_book(path).read_bytes()
        import xlsxwriter

        with xlsxwriter.Workbook(str(path)) as book:
            directors, companies = book.add_worksheet("directors"), book.add_worksheet("companies")
            directors.write_row(0, 0, ["ID", "氏名", "拠点都道府県", "担当可能社数"])
            directors.write_row(1, 0, ["D1", "髙橋", "高知", 2])
            companies.write_row(0, 0, ["ID", "名称", "都道府県", "目的", "開始日"])
            companies.write_row(1, 0, ["C1", "=1/0", "高知", "売上拡大", 46113])
        return path.read_bytes()


def _checked(path: Path, source: Path | None = None) -> None:
    report = check_source(source or path)
    for issue in (*report.faults[:20], *report.warnings[:20], *report.notes[:20], *report.repairs[:20]):
        for lang in LANGUAGES:
            assert issue_text(issue, lang)


@FUZZ
@given(st.sampled_from(["openpyxl", "xlsxwriter"]), st.data())
def test_a_workbook_with_bytes_of_its_parts_changed(tool: str, data: st.DataObject) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_book(tool))) as old, zipfile.ZipFile(out, "w") as new:
        hit = data.draw(st.sampled_from([name for name in old.namelist() if name.startswith("xl/") or "rels" in name]))
        for name in old.namelist():
            content = bytearray(old.read(name))
            if name == hit:
                at = data.draw(st.integers(0, max(len(content) - 1, 0)))
                size = data.draw(st.integers(0, 40))
                content[at : at + size] = data.draw(st.one_of(st.binary(max_size=30), st.sampled_from(_XML)))
            new.writestr(name, bytes(content))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "d.xlsx"
        path.write_bytes(out.getvalue())
        _checked(path)


_XML = [
    b"</row>",
    b'<c r="ZZZ9999999"><v>1</v></c>',
    b't="e"',
    b't="s"',
    b"<v>99999999999</v>",
    b"&#0;",
    b"<f>",
    b'r="A0"',
]


@FUZZ
@given(st.sampled_from(["openpyxl", "xlsxwriter"]), st.integers(0, 6000), st.binary(max_size=20))
def test_a_workbook_cut_or_overwritten(tool: str, at: int, piece: bytes) -> None:
    content = _book(tool)
    at = min(at, len(content))
    for name, broken in (("cut.xlsx", content[:at]), ("over.xlsx", content[:at] + piece + content[at + len(piece) :])):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(broken)
            _checked(path)


@FUZZ
@given(st.lists(HEADINGS, max_size=8), st.lists(st.lists(CELLS, max_size=8), max_size=6), ENCODINGS, st.data())
def test_a_csv_of_ugly_cells(headings: list[str], rows: list[list[str]], encoding: str, data: st.DataObject) -> None:
    text = "\r\n".join(",".join(row) for row in (headings, *rows))
    content = bytearray(text.encode(encoding, "replace"))
    at = data.draw(st.integers(0, len(content)))
    content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with tempfile.TemporaryDirectory() as folder:
        source = write_folder(Path(folder) / "d")
        (source / "companies.csv").write_bytes(bytes(content))
        _checked(source)


@FUZZ
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=5))
def test_a_sheet_of_ugly_cells(rows: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = write_folder(Path(folder) / "d")
        lines = [COMPANIES[0], *rows]
        text = "".join(",".join('"' + str(cell).replace('"', '""') + '"' for cell in line) + "\n" for line in lines)
        (source / "companies.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
        _checked(source)


def _with_part(path: Path, name: str, content: bytes) -> Path:
    out = path.with_name(f"bomb-{name.rpartition('/')[2]}.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml"])
def test_a_part_that_unpacks_to_very_much_is_refused_before_it_is_unpacked(tmp_path: Path, part: str) -> None:
    bomb = _with_part(write_book(tmp_path / "d.xlsx"), part, b" " * (package_size.N_BYTES_OF_PART + 1))
    assert bomb.stat().st_size < 200_000
    (fault,) = check_source(bomb).faults
    assert (fault.rule, fault.params["part"], fault.params["n_megabytes"]) == ("workbook_bulky", part, "64")


def test_sheets_are_refused_by_their_sum_and_by_how_densely_they_are_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_book(tmp_path / "d.xlsx")
    monkeypatch.setattr(package_size, "N_BYTES_DENSE", 1 << 20)
    dense = _with_part(path, "xl/worksheets/sheet1.xml", b"<row/>" * 300_000)
    assert rules(check_source(dense)) == ["workbook_bulky"]
    monkeypatch.setattr(package_size, "N_BYTES_MOST", 5_000)
    assert rules(check_source(path)) == ["workbook_bulky"]


def test_a_part_that_lies_about_its_size_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_book(tmp_path / "d.xlsx")
    with zipfile.ZipFile(path) as package:
        part = package.getinfo("xl/worksheets/sheet1.xml")
    content = path.read_bytes()
    lied = content.replace(part.file_size.to_bytes(4, "little"), (part.file_size - 9).to_bytes(4, "little"))
    assert lied != content
    path.write_bytes(lied)
    monkeypatch.setattr(package_size, "_DEFLATE_MOST", package_size.N_BYTES_MOST)
    assert rules(check_source(path)) == ["workbook_damaged"]
