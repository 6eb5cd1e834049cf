"""The annotated copy of a user's workbook: the right cells are marked, and nothing else is another."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from matcher.errors import MatcherError, OutputError
from matcher.io import check_source
from matcher.io.annotate import N_MARKED, Findings, workbook_to_copy, write_annotated
from matcher.io.annotate_parts import lost_parts, with_values
from matcher.io.annotate_sheet import FILLS
from matcher.words.annotating import HEADINGS, PARTS, SHEET
from matcher.words.catalog import LANGUAGES, Lang
from tests.conftest import Command
from tests.io.datasets import COMPANIES, DIRECTORS

RED, YELLOW, BLUE = FILLS["fault"], FILLS["warning"], FILLS["repair"]


def write_book(path: Path) -> Path:
    """A workbook as staff lay it out: titles, a header of two rows, merged cells, formulas with their results."""
    book = openpyxl.Workbook()
    directors, companies = book.active, book.create_sheet("企業・自治体")
    directors.title = "ディレクター"
    directors["A1"] = "令和8年度 一覧"
    directors.merge_cells("A1:F1")
    directors["A1"].font = Font(bold=True, size=14)
    for row, cells in {
        3: ("ID", "氏名", "拠点都道府県", "担当可能社数", "稼働", None, "趣味"),
        4: (None, None, None, None, "開始日", "終了日", None),
        5: ("D1", "髙橋", "火星", 2, dt.date(2026, 4, 1), None, "釣り"),
        6: ("D2", "𠮷田", "東京都", "二", "いつか", None, None),
        7: ("D3", "𠮷田", "高知", "3社", None, None, None),
        8: ("合計", None, None, None, None, None, None),
    }.items():
        for at, cell in enumerate(cells, 1):
            directors.cell(row, at, cell)
    for area in ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3"):
        directors.merge_cells(area)
    directors["C5"].comment = Comment("担当：佐藤", "佐藤")
    directors["D6"].fill = PatternFill("solid", fgColor="FF00FF00")
    directors.column_dimensions["B"].width = 33
    for cells in (
        ("ID", "名称", "都道府県", "目的", "月額予算", "開始日"),
        ("C1", "柚子園", "高知県", "売上拡大", "=5*100", dt.date(2026, 4, 1)),
        ("C1", "=1+1", "愛媛", "市場拡大", "=2*100", 0.1 + 0.2),
    ):
        companies.append(cells)
    rule = DataValidation(type="list", formula1='"高知県,愛媛県"')
    rule.add("C2:C9")
    companies.add_data_validation(rule)
    companies.conditional_formatting.add(
        "E2:E9", CellIsRule("lessThan", formula=["0"], fill=PatternFill(bgColor="FF0000"))
    )
    companies.print_area = "A1:F9"
    companies["E2"].number_format = "#,##0"
    companies["F3"].number_format = "yyyy/m/d"
    notes = book.create_sheet("メモ")
    notes["A1"], notes.sheet_state = "覚え書き", "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    results = {
        "E2": ("", "500"),
        "E3": ("", "200.00000000000003"),
        "B3": ("str", "工房 <2>"),
        "F3": ("", "0.30000000000000004"),
    }
    path.write_bytes(with_values(buffer.getvalue(), [{}, results, {}]))
    return path


def annotate(source: Path, target: Path, lang: Lang = "ja", *, force: bool = False) -> tuple[str, ...]:
    findings = Findings()
    book = workbook_to_copy(source, target, force=force)
    report = check_source(source, sink=findings.add)
    return write_annotated(book, target, findings, report.headings, lang)


def marks(path: Path) -> dict[str, str]:
    book = openpyxl.load_workbook(path)
    found = {}
    for sheet in book.worksheets:
        if sheet.title not in (SHEET.ja, SHEET.en):
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb in FILLS.values()):
                assert "matcher" in cell.comment.text
                found[f"{sheet.title}!{cell.coordinate}"] = str(cell.fill.fgColor.rgb)
    return found


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    rows = [row[: len(HEADINGS)] for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    heads = [tuple(heading.fill(lang) for heading in HEADINGS) for lang in LANGUAGES]
    return rows[next(at for at, row in enumerate(rows) if row in heads) + 1 :]


def test_the_cells_that_are_marked_are_those_that_check_names(tmp_path: Path) -> None:
    annotate(write_book(tmp_path / "book.xlsx"), tmp_path / "copy.xlsx")
    assert marks(tmp_path / "copy.xlsx") == {
        "ディレクター!C5": RED,
        "ディレクター!D6": RED,
        "ディレクター!E6": RED,
        "ディレクター!B7": YELLOW,
        "ディレクター!D7": BLUE,
        "ディレクター!A8": BLUE,
        "ディレクター!G3": YELLOW,
        "ディレクター!E4": BLUE,
        "ディレクター!F4": BLUE,
        "企業・自治体!A3": RED,
        "企業・自治体!F3": RED,
    }
    text = openpyxl.load_workbook(tmp_path / "copy.xlsx")["ディレクター"]["C5"].comment.text
    assert text.startswith("担当：佐藤\n\n【matcher】\n誤り: 「火星」")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sheet_of_faults_has_a_row_for_each(tmp_path: Path, lang: Lang) -> None:
    annotate(write_book(tmp_path / "book.xlsx"), tmp_path / "copy.xlsx", lang)
    book = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    assert book.sheetnames == [SHEET.fill(lang), "ディレクター", "企業・自治体", "メモ"]
    assert book.active.title == SHEET.fill(lang)
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [SHEET.fill(lang)]
    rows = {row[:3]: row[3:] for row in rows_of(tmp_path / "copy.xlsx")}
    reason, mend, kind = rows["ディレクター", "C5", "火星"]
    assert (kind, "火星" in reason) == ("誤り" if lang == "ja" else "Fault", True)
    assert "対処" not in mend and "Try" not in mend
    assert ("メモ", None, None) in rows


def test_everything_else_is_as_it_was(tmp_path: Path) -> None:
    source, target = write_book(tmp_path / "book.xlsx"), tmp_path / "copy.xlsx"
    before = source.read_bytes()
    annotate(source, target)
    assert source.read_bytes() == before
    marked = marks(target)
    for is_result in (False, True):
        old, new = (openpyxl.load_workbook(path, data_only=is_result) for path in (source, target))
        for sheet in old.worksheets:
            twin = new[sheet.title]
            assert twin.sheet_state == sheet.sheet_state
            assert (twin.print_area, twin.merged_cells.ranges) == (sheet.print_area, sheet.merged_cells.ranges)
            assert {k: v.width for k, v in twin.column_dimensions.items()} == {
                k: v.width for k, v in sheet.column_dimensions.items()
            }
            assert [(r.sqref, r.formula1) for r in twin.data_validations.dataValidation] == [
                (r.sqref, r.formula1) for r in sheet.data_validations.dataValidation
            ]
            assert list(map(str, twin.conditional_formatting)) == list(map(str, sheet.conditional_formatting))
            for row in sheet.iter_rows():
                for cell in row:
                    other = twin[cell.coordinate]
                    assert (other.value, other.number_format) == (cell.value, cell.number_format)
                    assert [repr(other.font), repr(other.border)] == [repr(cell.font), repr(cell.border)]
                    if f"{sheet.title}!{cell.coordinate}" not in marked:
                        assert repr(other.fill) == repr(cell.fill)
    assert new["企業・自治体"]["E3"].value == 200.00000000000003


def test_a_number_is_kept_to_the_letter_also_where_it_looks_like_a_day(tmp_path: Path) -> None:
    source, target = write_book(tmp_path / "book.xlsx"), tmp_path / "copy.xlsx"
    annotate(source, target)
    with zipfile.ZipFile(target) as package:
        assert b"<v>0.30000000000000004</v>" in package.read("xl/worksheets/sheet3.xml")


def test_readings_of_names_stay(tmp_path: Path) -> None:
    write_book(tmp_path / "plain.xlsx")
    text = "<t>髙橋</t><rPh sb='0' eb='2'><t>タカハシ</t></rPh><phoneticPr fontId='1'/>"
    shared = f"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si/><si>{text}</si></sst>"
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(tmp_path / "book.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                typed = "髙橋".encode("ascii", "xmlcharrefreplace").decode()
                content = content.replace(f't="inlineStr"><is><t>{typed}</t></is>', 't="s"><v>1</v>')
            elif name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
                part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
                content = content.replace("</Types>", part)
            elif name == "xl/_rels/workbook.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
                part = f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
                content = content.replace("</Relationships>", part)
            new.writestr(name, content)
        new.writestr("xl/sharedStrings.xml", shared)
    assert openpyxl.load_workbook(tmp_path / "book.xlsx")["ディレクター"]["B5"].value == "髙橋"
    assert annotate(tmp_path / "book.xlsx", tmp_path / "copy.xlsx") == ("comment_looks",)
    with zipfile.ZipFile(tmp_path / "copy.xlsx") as package:
        assert f"<is>{text}</is>" in package.read("xl/worksheets/sheet2.xml").decode()
    assert openpyxl.load_workbook(tmp_path / "copy.xlsx")["ディレクター"]["B5"].value == "髙橋"


def test_the_copy_is_read_again_once_mended_and_marks_of_before_go(tmp_path: Path) -> None:
    annotate(write_book(tmp_path / "book.xlsx"), tmp_path / "copy.xlsx")
    again = check_source(tmp_path / "copy.xlsx")
    assert again.n_faults == check_source(tmp_path / "book.xlsx").n_faults
    assert [i.rule for i in again.faults if i.rule == "formula_not_calculated"] == []
    assert [i.sheet for i in again.notes if i.rule == "sheet_ignored"] == ["メモ"]
    book = openpyxl.load_workbook(tmp_path / "copy.xlsx", data_only=True)
    book["ディレクター"]["C5"], book["ディレクター"]["D6"] = "高知", 2
    book["ディレクター"]["E6"] = None
    book["企業・自治体"]["A3"], book["企業・自治体"]["F3"] = "C2", dt.date(2026, 4, 1)
    book.save(tmp_path / "mended.xlsx")
    assert check_source(tmp_path / "mended.xlsx").n_faults == 0
    annotate(tmp_path / "mended.xlsx", tmp_path / "copy2.xlsx", "en")
    assert [place for place, fill in marks(tmp_path / "copy2.xlsx").items() if fill == RED] == []
    book = openpyxl.load_workbook(tmp_path / "copy2.xlsx")
    assert book.sheetnames[:2] == [SHEET.en, "ディレクター"]
    assert book["ディレクター"]["C5"].comment.text == "担当：佐藤"
    assert book["ディレクター"]["D6"].fill.fgColor.rgb == "FF00FF00"
    assert book["ディレクター"]["C5"].fill.fill_type is None


def test_a_cell_that_was_not_there_looks_like_its_column(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_book(tmp_path / "book.xlsx"))
    sheet = book["企業・自治体"]
    sheet.column_dimensions["A"].number_format = "@"
    sheet["B4"] = "柚子園"
    sheet["C4"] = "高知"
    sheet["D4"] = "売上拡大"
    book.save(tmp_path / "book.xlsx")
    annotate(tmp_path / "book.xlsx", tmp_path / "copy.xlsx")
    assert marks(tmp_path / "copy.xlsx")["企業・自治体!A4"] == RED
    assert openpyxl.load_workbook(tmp_path / "copy.xlsx")["企業・自治体"]["A4"].number_format == "@"


def test_a_copy_with_other_values_is_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_book(tmp_path / "book.xlsx")
    monkeypatch.setattr("matcher.io.annotate.with_values", lambda saved, values: saved)
    with pytest.raises(OutputError) as caught:
        annotate(source, tmp_path / "copy.xlsx")
    assert caught.value.code == "annotate_not_same"
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]


def test_a_charted_workbook_is_copied_and_what_goes_is_named(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        for name, rows in (("directors", DIRECTORS), ("companies", (*COMPANIES, ("C3", "", "火星", "売上拡大")))):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=directors!$D$2:$D$3"})
        sheet.insert_chart("F2", chart)
        sheet.insert_textbox("F20", "覚え書き")
        sheet.conditional_format("H1:H9", {"type": "data_bar", "data_bar_2010": True})
        sheet.write_dynamic_array_formula("J1", "=UNIQUE(A1:A9)")
    lacks = annotate(tmp_path / "book.xlsx", tmp_path / "copy.xlsx")
    assert set(lacks) == {"charts", "shapes", "extended_rules", "spilling"}
    assert marks(tmp_path / "copy.xlsx")["companies!C4"] == RED


@pytest.mark.parametrize(("heading", "cell"), [("社数のめやす", "A3"), ("担当可能社数ほか", "D3")])
def test_a_missing_column_is_told_at_the_header_row_and_a_missing_table_on_the_sheet(
    tmp_path: Path, heading: str, cell: str
) -> None:
    book = openpyxl.load_workbook(write_book(tmp_path / "book.xlsx"))
    del book["企業・自治体"]
    book["ディレクター"]["D3"] = heading
    book.save(tmp_path / "book.xlsx")
    annotate(tmp_path / "book.xlsx", tmp_path / "copy.xlsx", "en")
    rows = rows_of(tmp_path / "copy.xlsx")
    assert [(row[0], row[1]) for row in rows if "missing" in row[3]] == [("book.xlsx", None), ("ディレクター", cell)]
    assert marks(tmp_path / "copy.xlsx")[f"ディレクター!{cell}"] == RED


def test_a_formula_among_the_values_stays_a_text(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_book(tmp_path / "book.xlsx"))
    cell = book["ディレクター"]["C5"]
    cell.value, cell.data_type = '=HYPERLINK("x")', "s"
    book.save(tmp_path / "book.xlsx")
    annotate(tmp_path / "book.xlsx", tmp_path / "copy.xlsx")
    found = [cell for row in openpyxl.load_workbook(tmp_path / "copy.xlsx").worksheets[0].iter_rows() for cell in row]
    assert [cell.data_type for cell in found if cell.value == '=HYPERLINK("x")'] == ["s"]


def test_the_copy_never_replaces_what_it_should_not(tmp_path: Path) -> None:
    source = write_book(tmp_path / "book.xlsx")
    (tmp_path / "there.xlsx").write_bytes(b"mine")
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "link.xlsx").symlink_to(source)
    (tmp_path / "data").mkdir()
    for where, target, force, code in (
        (source, "book.xlsx", True, "annotate_in_source"),
        (source, "link.xlsx", True, "annotate_in_source"),
        (source, "there.xlsx", False, "annotate_exists"),
        (source, "folder.xlsx", True, "annotate_is_folder"),
        (source, "copy.csv", False, "annotate_suffix"),
        (source, "copy.xlsm", False, "annotate_suffix"),
        (tmp_path / "data", "copy.xlsx", False, "annotate_no_workbook"),
    ):
        with pytest.raises(OutputError) as caught:
            workbook_to_copy(where, tmp_path / target, force=force)
        assert (caught.value.code, caught.value.exit_code) == (code, 2)
    assert (tmp_path / "there.xlsx").read_bytes() == b"mine"
    annotate(source, tmp_path / "there.xlsx", force=True)
    assert marks(tmp_path / "there.xlsx")


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, old = write_book(tmp_path / "book.xlsx"), tmp_path / "old.xlsx"
    old.write_bytes(b"earlier")

    def is_full(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", is_full)
    for name in ("copy.xlsx", "old.xlsx"):
        with pytest.raises(OSError, match="No space"):
            annotate(source, tmp_path / name, force=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.xlsx", "old.xlsx"]
    assert old.read_bytes() == b"earlier"


def test_what_the_copy_lacks_is_told(tmp_path: Path) -> None:
    source = write_book(tmp_path / "book.xlsx")
    assert lost_parts(source.read_bytes()) == ("comment_looks",)
    with zipfile.ZipFile(source, "a") as package:
        package.writestr("xl/media/image1.png", b"")
        package.writestr("xl/threadedComments/threadedComment1.xml", b"")
        package.writestr("xl/drawings/drawing9.xml", b"<xdr:wsDr><xdr:sp macro=''></xdr:sp></xdr:wsDr>")
    assert set(lost_parts(source.read_bytes())) == {"comment_looks", "images", "threads", "shapes"}
    lacks = annotate(source, tmp_path / "copy.xlsx")
    text = openpyxl.load_workbook(tmp_path / "copy.xlsx").worksheets[0]["A2"].value
    assert all(PARTS[code].ja in text for code in lacks) and len(lacks) == 4


def test_a_workbook_that_cannot_be_read_has_no_copy(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(MatcherError) as caught:
        annotate(tmp_path / "book.xlsx", tmp_path / "copy.xlsx")
    assert caught.value.code == "annotate_unreadable"
    assert not (tmp_path / "copy.xlsx").exists()


def test_faults_are_bounded_and_the_rest_counted() -> None:
    from matcher.errors import Issue

    findings = Findings()
    for at in range(N_MARKED + 3):
        findings.add(Issue("required_blank", row=at))
    findings.add(Issue("required_blank", severity="repair"))
    assert (len(findings.kept), findings.n_unmarked) == (N_MARKED + 1, 3)


def test_macros_stay_in_a_workbook_that_has_them(tmp_path: Path) -> None:
    write_book(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(tmp_path / "book.xlsm", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b"sheet.main+xml", b"MACRO", 1).replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.MACRO",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            new.writestr(name, content)
        new.writestr("xl/vbaProject.bin", b"macros")
    annotate(tmp_path / "book.xlsm", tmp_path / "copy.xlsm")
    with zipfile.ZipFile(tmp_path / "copy.xlsm") as package:
        assert package.read("xl/vbaProject.bin") == b"macros"
        assert b"macroEnabled" in package.read("[Content_Types].xml")
    assert marks(tmp_path / "copy.xlsm")


def test_the_command_writes_the_copy_and_keeps_the_exit_code(matcher_command: Command, tmp_path: Path) -> None:
    write_book(tmp_path / "book.xlsx")
    done = matcher_command("check", "book.xlsx", "--annotate", "copy.xlsx", "--faults", "faults.csv", MATCHER_LANG="en")
    assert (done.returncode, done.stderr) == (1, "")
    assert "A copy with marks is in copy.xlsx." in done.stdout and "the looks and sizes of comments" in done.stdout
    assert (tmp_path / "faults.csv").exists() and marks(tmp_path / "copy.xlsx")
    done = matcher_command("check", "book.xlsx", "--annotate", "copy.xlsx", MATCHER_LANG="ja")
    assert (done.returncode, done.stdout) == (2, "") and "すでにあります" in done.stderr and "対処：" in done.stderr
    done = matcher_command("check", "book.xlsx", "--annotate", "copy.xlsx", "--force", "--json", MATCHER_LANG="ja")
    assert done.returncode == 1 and done.stdout.startswith("{") and "copy.xlsx に書き出しました" in done.stderr
    shutil.copy(tmp_path / "book.xlsx", tmp_path / "second.xlsx")
    for words, said in (
        (["--force"], "--force goes with --annotate"),
        (["--annotate", "x.xlsx", "--faults", "x.xlsx"], "named by both"),
    ):
        done = matcher_command("check", "second.xlsx", *words, MATCHER_LANG="en")
        assert (done.returncode, said in done.stderr) == (2, True)
