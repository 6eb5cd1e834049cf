"""A programme's own workbook is mapped once, and then checked, matched, verified and explained by its own words."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.conftest import Command

MAPPING = """sheets:
  応募一覧:
    table: 企業・自治体
    columns: {申込番号: ID, 申込団体名: 企業・自治体名, 所在地: 都道府県, ご相談: 目的}
    values:
      ご相談: {売上をのばす: 売上拡大}
    fixed: {区分: 企業}
    ignore: [メモ]
  専門家:
    table: ディレクター
    columns: {番号: ID, お名前: 氏名, 拠点: 都道府県, 手を動かす: 実行力}
    fixed: {max_companies: '1'}
"""
SHEETS = {
    "応募一覧": [
        ["令和8年度 応募一覧（架空）"],
        ["申込番号", "申込団体名", "所在地", "ご相談", "メモ"],
        ["A-1", "架空柚子園", "高知", "売上をのばす", "電話"],
        ["A-2", "架空酒造", "愛媛", "売上をのばす", ""],
    ],
    "専門家": [["番号", "お名前", "拠点", "手を動かす"], ["S1", "架空 花", "高知", 5], ["S2", "架空 海", "愛媛", 4]],
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with xlsxwriter.Workbook(tmp_path / "応募.xlsx") as workbook:
        for name, rows in SHEETS.items():
            sheet = workbook.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    (tmp_path / "対応.yaml").write_text(MAPPING, encoding="utf-8")
    return tmp_path / "応募.xlsx"


def test_a_sheet_of_ones_own_works_under_its_own_headings(book: Path, matcher_command: Command) -> None:
    assert matcher_command("check", book.name).returncode == 1
    assert matcher_command("check", book.name, "--mapping", "対応.yaml").returncode == 0
    done = matcher_command("run", book.name, "--mapping", "対応.yaml", "--out", "out", "--formats", "none")
    assert done.returncode == 0, done.stderr
    plan = json.loads((book.parent / "out" / "plan.json").read_text(encoding="utf-8"))
    assert len(plan["assignments"]) == 2 and plan["mapping"] == "対応.yaml"
    assert "--mapping" in plan["command"]
    assert matcher_command("verify", "out").returncode == 0
    assert matcher_command("explain", "out", "company", "A-1").returncode == 0


def test_a_plan_whose_mapping_is_gone_says_so(book: Path, matcher_command: Command) -> None:
    matcher_command("run", book.name, "--mapping", "対応.yaml", "--out", "out", "--formats", "none")
    (book.parent / "対応.yaml").rename(book.parent / "別.yaml")
    gone = matcher_command("verify", "out")
    assert gone.returncode == 2 and "対応.yaml" in gone.stderr and "--mapping" in gone.stderr
    assert matcher_command("verify", "out", "--mapping", "別.yaml").returncode == 0


def test_a_scenario_names_its_mapping(book: Path, matcher_command: Command) -> None:
    (book.parent / "scenario.yaml").write_text("data: 応募.xlsx\nmapping: 対応.yaml\n", encoding="utf-8")
    swept = matcher_command("sweep", "scenario.yaml", "--vary", "limits.max_companies=1,2", "--json")
    assert swept.returncode == 0, swept.stderr
    assert [point["state"] for point in json.loads(swept.stdout)["points"]] == ["done", "done"]


def test_what_is_wrong_is_named_under_the_headings_of_the_sheet(book: Path, matcher_command: Command) -> None:
    wrong = MAPPING.replace("売上をのばす: 売上拡大", "売上を伸ばす: 売上拡大")
    (book.parent / "対応.yaml").write_text(wrong, encoding="utf-8")
    done = matcher_command("check", book.name, "--mapping", "対応.yaml", "--lang", "ja")
    assert done.returncode == 1
    assert "応募一覧" in done.stdout and "3行目" in done.stdout and "ご相談" in done.stdout


def test_marks_stand_on_the_cells_of_a_mapped_sheet(book: Path, matcher_command: Command) -> None:
    wrong = MAPPING.replace("売上をのばす: 売上拡大", "売上を伸ばす: 売上拡大")
    (book.parent / "対応.yaml").write_text(wrong, encoding="utf-8")
    matcher_command("check", book.name, "--mapping", "対応.yaml", "--annotate", "印.xlsx")
    sheet = openpyxl.load_workbook(book.parent / "印.xlsx")["応募一覧"]
    marked = [cell.coordinate for row in sheet for cell in row if cell.comment is not None]
    assert marked == ["D3", "D4"]


def test_a_decision_against_a_mapped_row_is_named_with_that_row(book: Path, matcher_command: Command) -> None:
    workbook = openpyxl.load_workbook(book)
    for at, text in enumerate(["状態", "登録", "休止"], start=1):
        workbook["専門家"].cell(at, 5, text)
    workbook.save(book)
    asked = ("run", book.name, "--mapping", "対応.yaml", "--lang", "ja")
    assert matcher_command(*asked, "--out", "out", "--formats", "xlsx").returncode == 0
    with warnings.catch_warnings(action="ignore"):  # of what the library leaves out of the copy
        plan = openpyxl.load_workbook(book.parent / "out" / "plan.xlsx")
    for cell, text in {"A2": "S2", "C2": "A-1", "E2": "固定", "F2": "試し", "G2": "架空", "H2": "2026-12-01"}.items():
        plan["決定"][cell] = text
    plan.save(book.parent / "決定.xlsx")
    done = matcher_command(*asked, "--out", "again", "--decisions", "決定.xlsx")
    assert done.returncode == 1
    assert "シート「専門家」、3行目" in done.stderr and "シート「応募一覧」、3行目" in done.stderr


def test_letters_find_a_mapping_that_was_moved(book: Path, matcher_command: Command) -> None:
    matcher_command("run", book.name, "--mapping", "対応.yaml", "--out", "out", "--formats", "none")
    (book.parent / "対応.yaml").rename(book.parent / "別.yaml")
    assert matcher_command("letters", "out", "--out", "letters").returncode == 2
    assert matcher_command("letters", "out", "--out", "letters", "--mapping", "別.yaml").returncode == 0


def test_headers_tell_what_a_mapping_puts_into_every_row(book: Path, matcher_command: Command) -> None:
    done = matcher_command("check", book.name, "--mapping", "対応.yaml", "--headers", "--json")
    tables = {table["table"]: table["columns"] for table in json.loads(done.stdout)["headers"]}
    kind = next(column for column in tables["companies"] if column["column"] == "kind")
    assert (kind["heading"], kind["fixed"]) == (None, "企業")


def test_the_command_for_all_faults_names_how_the_source_was_read(book: Path, matcher_command: Command) -> None:
    workbook = openpyxl.load_workbook(book)
    for row in range(5, 20):
        workbook["応募一覧"].cell(row, 1, f"B-{row}")
    workbook.save(book)
    done = matcher_command("check", book.name, "--mapping", "対応.yaml", "--lang", "en")
    assert "matcher check 応募.xlsx --mapping 対応.yaml --faults faults.csv" in done.stdout
