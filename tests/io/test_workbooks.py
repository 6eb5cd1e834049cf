"""Excel workbooks as other programs write them, and files that only say they are."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from matcher.io import check_source, read_source
from tests.io.datasets import COMPANIES, DIRECTORS, Rows, rules, write_folder


def write_book(path: Path, sheets: dict[str, Rows] | None = None) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in {"ディレクター": DIRECTORS, "企業・自治体": COMPANIES, **(sheets or {})}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def test_a_workbook_gives_the_same_problem_as_a_folder(tmp_path: Path) -> None:
    book = read_source(write_book(tmp_path / "data.xlsx"))
    assert book.digest == read_source(write_folder(tmp_path / "folder")).digest


def test_a_workbook_of_xlsxwriter_with_dates_and_text_numbers(tmp_path: Path) -> None:
    path = tmp_path / "data.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy/m/d"})
        directors, companies = book.add_worksheet("directors"), book.add_worksheet("companies")
        for at, row in enumerate(DIRECTORS):
            directors.write_row(at, 0, row)
        companies.write_row(0, 0, ["id", "prefecture", "goal", "start", "name"])
        companies.write_row(1, 0, [7, 39, "other", None, "=A1"])
        companies.write_datetime(1, 3, dt.datetime(2026, 4, 1), day)
        companies.write_string(1, 4, "=A1")
    problem = read_source(path)
    assert problem.company_ids.tolist() == ["7"]
    assert problem.companies["start"].astype(str).tolist() == ["2026-04-01"]
    assert problem.companies["name"].tolist() == ["=A1"]


def test_a_fault_names_sheet_row_and_heading(tmp_path: Path) -> None:
    rows = (DIRECTORS[0], (), ("D1", "髙橋", "高知", -3))
    (fault,) = check_source(write_book(tmp_path / "d.xlsx", {"ディレクター": rows})).faults
    assert (fault.file, fault.sheet, fault.row, fault.column, fault.value, fault.rule) == (
        "d.xlsx", "ディレクター", 3, "担当可能社数", "-3", "below_minimum",
    )  # fmt: skip


def test_error_cells_and_formulas_never_calculated_are_faults(tmp_path: Path) -> None:
    path = write_book(tmp_path / "d.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["ディレクター"]
    sheet["B2"].value, sheet["B2"].data_type = "#N/A", "e"
    sheet["D3"] = "=1+1"
    book.save(path)
    found = [(i.rule, i.row, i.column, i.value) for i in check_source(path).faults]
    assert found == [
        ("cell_error", 2, "氏名", "#N/A"),
        ("formula_not_calculated", 3, "担当可能社数", "=1+1"),
    ]


def test_hidden_sheets_are_read_and_warned_of(tmp_path: Path) -> None:
    path = write_book(tmp_path / "d.xlsx", {"メモ帳": (("x",),), "スキルズ": (("x",),)})
    book = openpyxl.load_workbook(path)
    book["企業・自治体"].sheet_state = "hidden"
    book.save(path)
    report = check_source(path)
    assert (report.n_faults, [(i.rule, i.sheet) for i in report.notes]) == (0, [("sheet_ignored", "メモ帳")])
    assert ("sheet_hidden", "企業・自治体") in [(i.rule, i.sheet) for i in report.warnings]
    assert ("sheet_unknown", "スキルズ") in [(i.rule, i.sheet) for i in report.warnings]


def test_a_missing_sheet_names_the_one_that_may_be_it(tmp_path: Path) -> None:
    path = write_book(tmp_path / "d.xlsx")
    book = openpyxl.load_workbook(path)
    book["ディレクター"].title = "ディレクタ"
    book.save(path)
    (fault,) = check_source(path).faults
    assert (fault.rule, fault.params["near"]) == ("table_missing", ("ディレクタ",))


@pytest.mark.parametrize(
    ("name", "content", "rule", "kind"),
    [
        ("a.xlsx", b"", "file_empty", None),
        ("a.xlsx", b"ID,x\n", "not_what_it_says", "text"),
        ("a.xlsx", b"\x00\x01\x02", "not_what_it_says", "other"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not_what_it_says", "xls"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "file_encrypted", None),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook_damaged", None),
        ("a.xlsx", b"PK\x03\x04 no workbook", "workbook_damaged", None),
    ],
)
def test_files_that_are_not_what_they_say(
    tmp_path: Path, name: str, content: bytes, rule: str, kind: str | None
) -> None:
    (tmp_path / name).write_bytes(content)
    (fault,) = check_source(tmp_path / name).faults
    assert (fault.rule, fault.params.get("kind")) == (rule, kind)


def test_a_truncated_workbook(tmp_path: Path) -> None:
    path = write_book(tmp_path / "d.xlsx")
    path.write_bytes(path.read_bytes()[:4000])
    assert rules(check_source(path)) == ["workbook_damaged"]


def test_a_new_workbook_renamed_xls(tmp_path: Path) -> None:
    path = write_book(tmp_path / "d.xlsx").rename(tmp_path / "d.xls")
    (fault,) = check_source(path).faults
    assert (fault.rule, fault.params["kind"]) == ("not_what_it_says", "xlsx")


def test_a_workbook_without_tables(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "d.xlsx")
    assert rules(check_source(tmp_path / "d.xlsx")) == ["not_a_data_set"]


def test_parquet_gives_the_same_problem_as_csv(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    plain = read_source(write_folder(tmp_path / "plain"))
    folder = write_folder(tmp_path / "parquet")
    for name, rows in (("directors", DIRECTORS), ("companies", COMPANIES)):
        (folder / f"{name}.csv").unlink()
        columns = {str(head): pa.array([row[at] for row in rows[1:]]) for at, head in enumerate(rows[0])}
        columns["都道府県" if name == "companies" else "拠点都道府県"] = columns[
            "都道府県" if name == "companies" else "拠点都道府県"
        ].dictionary_encode()
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    assert read_source(folder).digest == plain.digest
    (folder / "companies.parquet").write_bytes((folder / "companies.parquet").read_bytes()[:200])
    assert rules(check_source(folder)) == ["parquet_damaged"]


def test_hidden_rows_of_data_are_warned_of(tmp_path: Path) -> None:
    path = write_book(tmp_path / "d.xlsx")
    book = openpyxl.load_workbook(path)
    book["企業・自治体"].row_dimensions[3].hidden = True
    book["企業・自治体"].row_dimensions[9].hidden = True  # nothing stands there
    book["ディレクター"].row_dimensions[1].hidden = True  # the header
    book.save(path)
    (warning,) = [issue for issue in check_source(path).warnings if issue.rule == "rows_hidden"]
    assert (warning.sheet, warning.params["n"], warning.params["rows"]) == ("企業・自治体", 1, (3,))


def test_serial_days_are_read_and_those_from_1904_are_asked_about(tmp_path: Path) -> None:
    rows = ((*COMPANIES[0], "開始日"), ("C1", "", "高知", "売上拡大", 46113))
    path = write_book(tmp_path / "d.xlsx", {"企業・自治体": rows})
    assert read_source(path).companies["start"].astype(str).tolist() == ["2026-04-01"]
    book = openpyxl.load_workbook(path)
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.save(path)
    assert [(i.rule, i.value) for i in check_source(path).faults] == [("serial_from_1904", "46113")]


def test_an_xls_of_libreoffice_reads_as_the_xlsx_it_was_and_names_errors(tmp_path: Path, soffice: str) -> None:
    rows = ((*COMPANIES[0], "開始日", "売上高"), ("C1", "㈱①髙﨑", "高知", "売上拡大", "R8.4.1", "1,200万円"))
    path = write_book(tmp_path / "d.xlsx", {"企業・自治体": rows})
    broken = write_book(tmp_path / "e.xlsx", {"企業・自治体": (*rows, ("C2", "", "高知", "売上拡大", "=NA()", "=1/0"))})
    words = [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xls"]
    subprocess.run([*words, path, broken], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert read_source(tmp_path / "d.xls").digest == read_source(path).digest
    found = [(i.rule, i.sheet, i.row, i.column, i.value) for i in check_source(tmp_path / "e.xls").faults]
    assert found == [
        ("cell_error", "企業・自治体", 3, "売上高", "#DIV/0!"),
        ("cell_error", "企業・自治体", 3, "開始日", "#N/A"),
    ]
