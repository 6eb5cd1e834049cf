"""The workbook as Excel would open it, read back by another library."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import warnings
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from matcher.io.plan_excel import write_plan_excel
from matcher.io.sheet_style import row_height, text_width
from matcher.plan.document import Conflict
from tests.plans import (
    COMPANIES,
    DIRECTORS,
    FULL,
    document_of,
    empty_plan,
    flagged_plan,
    infeasible_plan,
    match_of,
    pilot_plan,
    plan_of,
    problem_of,
    same_ids_plan,
    short_of_slots_plan,
)


def opened(plan: object, folder: Path, lang: str = "ja") -> Workbook:
    path = folder / "plan.xlsx"
    write_plan_excel(plan, path, lang)
    with warnings.catch_warnings():
        # The library drops the data bars' extension, and says so; Excel and LibreOffice read it.
        warnings.filterwarnings("ignore", message=".*extension is not supported")
        return load_workbook(BytesIO(path.read_bytes()))


def column(sheet: object, heading: str) -> list[object]:
    """The cells below the heading that starts so."""
    for cells in sheet.iter_cols(values_only=True):
        if str(cells[0]).startswith(heading):
            return list(cells[1:])
    raise AssertionError(heading)


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("ja", ["割当", "未割当", "決定", "ディレクター別", "採点内訳", "説明", "条件"]),
        ("en", ["Matches", "Unserved", "Decisions", "Directors", "Scores", "Explanations", "Run"]),
    ],
)
def test_workbook_has_its_sheets_in_both_languages(tmp_path: Path, lang: str, names: list[str]) -> None:
    assert opened(pilot_plan(), tmp_path, lang).sheetnames == names


def test_every_sheet_is_set_up_for_filters_and_paper(tmp_path: Path) -> None:
    for sheet in opened(pilot_plan(), tmp_path).worksheets:
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.print_area
        assert sheet.oddHeader.left.text == "実証 2026"
        assert sheet.oddFooter.right.text == "&P / &N"


def test_matches_hold_values_of_the_plan(tmp_path: Path) -> None:
    sheet = opened(pilot_plan(), tmp_path)["割当"]
    assert column(sheet, "ディレクターID") == ["D2", "D2", "D1"]
    assert column(sheet, "点") == [9100, 9800, 8810]
    assert column(sheet, "満点") == [10_000] * 3
    assert column(sheet, "区分") == ["新規", "継続", "新規"]
    assert column(sheet, "固定") == [None, None, "○"]
    assert column(sheet, "月額報酬") == [240_000, 240_000, None]
    assert column(sheet, "選定理由")[0].endswith("企業の準備度は情報なしのため中立値です。")
    assert sheet.conditional_formatting


@pytest.mark.parametrize("title", ["2026 spring", "&" * 100, "a" * 79 + "&b"])
def test_title_never_joins_the_codes_of_the_print_header(tmp_path: Path, title: str) -> None:
    write_plan_excel(pilot_plan(title=title), tmp_path / "plan.xlsx", "en")
    with ZipFile(tmp_path / "plan.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    header, footer = (
        re.search(f"<{part}>(.*)</{part}>", sheet)[1].replace("&amp;", "&") for part in ("oddHeader", "oddFooter")
    )
    left = "&L&10 " + title[:80].replace("&", "&&")
    assert header == f"{left}&R&10 &A"
    assert footer == "&L&8 Proved　000000000000&R&8 &P / &N"


def test_relations_that_ask_for_something_have_a_column(tmp_path: Path) -> None:
    sheet = opened(flagged_plan(), tmp_path)["割当"]
    assert column(sheet, "要確認の関係") == ["要承認：親族\n要開示：取引", "要開示", None]
    assert column(opened(flagged_plan(), tmp_path, "en")["Matches"], "Relations")[0] == (
        "Needs approval: family\nTo be disclosed: trade"
    )


def test_equal_ids_of_both_tables_keep_their_names(tmp_path: Path) -> None:
    sheet = opened(same_ids_plan(), tmp_path)["割当"]
    assert [cell.value for cell in sheet[2]][:5] == ["1", "北原 澪", "北海道", "1", "港町水産"]


def test_workbook_opens_in_an_office_program(tmp_path: Path, soffice: str) -> None:
    write_plan_excel(flagged_plan(), tmp_path / "plan.xlsx", "ja")
    home = (tmp_path / "profile").as_uri()
    convert = [soffice, f"-env:UserInstallation={home}", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*convert, str(tmp_path / "plan.xlsx")], check=True, capture_output=True, timeout=60)
    pdf = tmp_path / "plan.pdf"
    assert pdf.read_bytes().startswith(b"%PDF-")
    if reader := shutil.which("pdftotext"):
        run = subprocess.run([reader, str(pdf), "-"], check=True, capture_output=True, encoding="utf-8", timeout=60)
        assert run.stdout.count("\f") >= 5  # one page or more for each sheet
        first = run.stdout.partition("\f")[0]
        assert all(text in first for text in ("割当", "瀬戸 航平", "高知県四万十市", "10,000", "要承認：親族"))


def test_user_text_stays_text(tmp_path: Path) -> None:
    book = opened(pilot_plan(), tmp_path)
    cell = next(c for row in book["割当"].iter_rows() for c in row if c.value == "=SUM(A1:A9)")
    assert cell.data_type == "s"
    link = next(c for row in book["未割当"].iter_rows() for c in row if c.value == "https://host.invalid/x")
    assert link.data_type == "s"
    assert link.hyperlink is None
    ids = column(book["未割当"], "企業ID")
    assert ids == ["0004", "C5", "C6"]


def test_missing_name_shows_the_id(tmp_path: Path) -> None:
    sheet = opened(pilot_plan(), tmp_path)["未割当"]
    assert column(sheet, "企業・自治体") == [
        "琴平町",
        "https://host.invalid/x",
        "C6",
    ]


def test_unserved_says_why_and_drafts_a_letter_without_names(tmp_path: Path) -> None:
    sheet = opened(pilot_plan(), tmp_path)["未割当"]
    assert column(sheet, "理由") == ["条件を満たす人がいない", "担当枠が他社で埋まった", "計画全体の上限"]
    assert "北原 澪" in column(sheet, "説明")[0]
    assert "40km超過" in column(sheet, "説明")[0]
    letters = column(sheet, "企業への連絡文案")
    assert "距離（240km）が、訪問できる範囲を超えていました。" in letters[0]
    assert not any(name in letter for letter in letters for name in ("北原", "瀬戸", "7,200"))


def test_scores_sum_to_the_points_as_plain_integers(tmp_path: Path) -> None:
    sheet = opened(pilot_plan(), tmp_path)["採点内訳"]
    headings = [cell.value for cell in sheet[1]]
    first, total = headings.index("実務経験\n満点 2,000"), headings.index("合計")
    for row in sheet.iter_rows(min_row=2, values_only=True):
        assert all(isinstance(value, int) for value in row[first : total + 1])
        assert sum(row[first:total]) == row[total]
    assert column(sheet, "情報なしの項目") == ["企業の準備度", None, None]
    neutral = sheet.cell(2, headings.index("企業の準備度\n満点 1,000") + 1)
    assert (neutral.value, neutral.number_format) == (500, '#,##0"＊"')


def test_scores_show_shares_where_priorities_differ(tmp_path: Path) -> None:
    companies = [{**COMPANIES[0], "priority": 2.0}, COMPANIES[1]]
    problem = problem_of(DIRECTORS, companies)
    twice = {name: -points for name, points in FULL.items()}
    matches = [match_of("D2", "C1", lost=twice), match_of("D2", "C2")]
    sheet = opened(plan_of(problem, document_of(problem, matches, ())), tmp_path)["採点内訳"]
    assert sheet["E1"].value == "実務経験\n配点 20.0%"
    assert column(sheet, "満点") == [20_000, 10_000]


def test_dates_are_dates(tmp_path: Path) -> None:
    companies = [{**COMPANIES[0], "start": dt.date(2027, 1, 18)}]
    problem = problem_of(DIRECTORS, companies)
    plan = plan_of(problem, document_of(problem, [match_of("D2", "C1")], ()))
    sheet = opened(plan, tmp_path)["割当"]
    assert column(sheet, "開始日") == [dt.datetime(2027, 1, 18)]
    assert column(opened(plan, tmp_path)["未割当"], "企業ID") == ["未割当の企業はありません。"]


def test_run_sheet_tells_what_repeats_the_plan(tmp_path: Path) -> None:
    plan = pilot_plan()
    rows = dict(opened(plan, tmp_path)["条件"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert rows["同じ結果を得るコマンド"] == "matcher run pilot --out out --lang ja"
    assert rows["ダイジェスト（データ）"] == plan.problem.digest
    assert rows["支援する企業数の上限"] == "3社"
    assert "27,710点は" in rows["証明済み"]


def test_run_sheet_says_what_a_bound_presumes(tmp_path: Path) -> None:
    plan = pilot_plan()
    assert (
        "上の行が最良となる"
        in dict(opened(plan, tmp_path)["条件"].iter_rows(max_col=2, values_only=True))["目的ごとの結果"]
    )
    certificate = plan.certificate.model_copy(update={"given": ("fewest_changes",), "word": "claimed"})
    sheet = opened(pilot_plan(certificate=certificate), tmp_path)["条件"]
    rows = dict(sheet.iter_rows(min_row=2, max_col=2, values_only=True))
    assert "「変更の少なさ」が最良となる計画の中で" in rows["ソルバーの申告"]
    assert rows["対象"] == "条件を満たすすべての組合せ（「変更の少なさ」が最良となる計画の中で）"


def test_infeasible_plan_opens_with_the_conflict(tmp_path: Path) -> None:
    book = opened(infeasible_plan(), tmp_path)
    assert book.sheetnames[0] == "両立しない条件"
    assert book["両立しない条件"]["A3"].value.startswith("瀬戸 航平（D2）が今回担当できるのは2社までです。")
    assert book["割当"]["A2"].value == "すべての条件を同時に満たす計画はありません。両立しない条件を下に示します。"


def test_conflict_sheet_tells_where_it_falls_short_and_what_is_enough(tmp_path: Path) -> None:
    book = opened(short_of_slots_plan(), tmp_path)
    cells = [row[0].value for row in book["両立しない条件"].iter_rows(min_row=2)]
    headings = [at for at, cell in enumerate(cells) if cell.startswith("■ ")]
    assert [cells[at][2:] for at in headings][1] == "どこで足りないか"
    assert cells[headings[1] + 1].startswith("必要なのは3社")
    assert [cell.partition("。")[0] for cell in cells[headings[2] + 1 :]] == [
        "区分が「自治体」の企業の下限を3社から2社に下げる",
        "d1、d2のいずれか1名の担当枠をあと1枠増やす",
    ]


def test_claim_without_a_witness_has_no_conflict_sheet(tmp_path: Path) -> None:
    nothing = Conflict(rows=(), pins=(), is_irreducible=False, word="unknown")
    book = opened(pilot_plan(status="unknown", assignments=(), conflict=nothing), tmp_path)
    assert "両立しない条件" not in book.sheetnames
    assert book["割当"]["A2"].value.startswith("ソルバーは「計画はない」と報告しました")


def test_empty_plan_says_so(tmp_path: Path) -> None:
    assert opened(empty_plan(), tmp_path)["割当"]["A2"].value == "6件のうち、ディレクターが決まった企業はありません。"


def test_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    write_plan_excel(pilot_plan(), one, "ja")
    write_plan_excel(pilot_plan(), other, "ja")
    assert one.read_bytes() == other.read_bytes()


def test_width_counts_full_width_twice() -> None:
    assert (text_width("高知県"), text_width("ｺｳﾁ"), text_width("a\nabc")) == (6, 3, 3)


def test_row_is_as_high_as_its_longest_text() -> None:
    assert row_height([("短い", 20.0)]) == 18.0
    assert row_height([("短い", 20.0), ("あ" * 50, 22.0)]) == 6 * 14 + 4
