"""The template: passes check as it is, in both languages and both forms, and never overwrites."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from matcher.domain.policy import Policy
from matcher.domain.tables import TABLES, columns_of
from matcher.errors import OutputError
from matcher.io import check_source, read_source
from matcher.io.template import policy_beside, write_template
from matcher.words.catalog import LANGUAGES, Lang
from matcher.words.headings import column_heading, sheet_name


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("workbook", [False, True])
def test_a_template_passes_check_without_fault_or_warning(tmp_path: Path, lang: Lang, workbook: bool) -> None:
    path = write_template(tmp_path / ("t.xlsx" if workbook else "t"), lang, workbook=workbook)
    report = check_source(path, policy=policy_beside(path) if workbook else None)
    assert (report.faults, report.warnings, report.notes) == ((), (), ())
    problem = read_source(path)
    assert all(2 <= len(problem.tables[name]) <= 3 for name in ("directors", "companies", "people"))
    assert all(len(table) for table in problem.tables.values())
    assert problem.policy.digest() == Policy().digest()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_folder_and_workbook_hold_the_same(tmp_path: Path, lang: Lang) -> None:
    folder, book = write_template(tmp_path / "t", lang), write_template(tmp_path / "t.xlsx", lang, workbook=True)
    assert read_source(folder).digest == read_source(book).digest


def test_a_template_can_be_matched(tmp_path: Path) -> None:
    from matcher.matching import match

    plan = match(read_source(write_template(tmp_path / "t", "ja")))
    assert len(plan.assignments) >= 2


def test_files_open_in_excel_as_they_are(tmp_path: Path) -> None:
    folder = write_template(tmp_path / "t", "ja")
    content = (folder / "directors.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfID,")
    assert content.count(b"\n") == content.count(b"\r\n") == 4


def test_the_workbook_has_dropdowns_comments_text_cells_and_an_explanation(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx", "ja", workbook=True))
    assert book.sheetnames == [sheet_name(table, "ja") for table in TABLES] + ["説明", "選択肢"]
    sheet = book["企業・自治体"]
    headings = [column_heading("companies", column.name, "ja") for column in columns_of("companies")]
    assert [cell.value for cell in sheet[1]] == headings
    assert all(cell.comment is not None for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    code = headings.index("市区町村コード") + 1
    assert (sheet.cell(2, code).value, sheet.cell(2, code).number_format) == ("392014", "@")
    restricted = {str(rule.sqref).split("2:")[0] for rule in sheet.data_validations.dataValidation}
    assert {"C", "E", "G", "J"} <= restricted
    explained = {(row[0].value, row[1].value) for row in book["説明"].iter_rows(min_row=3)}
    for table in TABLES:
        for column in columns_of(table):
            assert (sheet_name(table, "ja"), column_heading(table, column.name, "ja")) in explained


@pytest.mark.parametrize("workbook", [False, True])
def test_nothing_is_overwritten(tmp_path: Path, workbook: bool) -> None:
    target = tmp_path / "t.xlsx"
    if workbook:
        target.write_bytes(b"mine")
    else:
        target.mkdir()
        (target / "mine").write_bytes(b"mine")
    with pytest.raises(OutputError) as caught:
        write_template(target, "ja", workbook=workbook)
    assert (caught.value.code, caught.value.exit_code) == ("target_not_empty", 2)
    assert [path.name for path in tmp_path.iterdir()] == ["t.xlsx"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    assert write_template(tmp_path / "t", "en") == tmp_path / "t"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sheet_prints_as_wide_as_one_page_with_its_header_on_each(tmp_path: Path, lang: Lang) -> None:
    book = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx", lang, workbook=True))
    for sheet in book.worksheets[:-1]:
        is_explanation = sheet is book.worksheets[-2]
        page = sheet.page_setup
        assert (page.orientation, int(page.paperSize), page.fitToHeight) == ("landscape", 9, 0), sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert page.fitToWidth in (None, 1)
        assert sheet.print_title_rows == ("$2:$2" if is_explanation else "$1:$1")


def test_the_explanation_leaves_room_for_texts_of_two_lines(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx", "en", workbook=True))["Explanation"]
    rows = {(row[0].value, row[1].value): row[0].row for row in sheet.iter_rows(min_row=3)}
    heights = [sheet.row_dimensions[rows["directors", name]].height for name in ("own_industry", "own_prefecture")]
    assert heights == pytest.approx([32, 18], abs=0.5)  # whole pixels
