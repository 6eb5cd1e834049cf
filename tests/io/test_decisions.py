"""Decisions typed into a plan's workbook, saved by other programs, and read back with every fault named by its cell."""

from __future__ import annotations

import datetime as dt
import subprocess
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from matcher.errors import DataError, UsageError
from matcher.io.decision_conflicts import name_both_sides
from matcher.io.decisions import read_decisions
from matcher.io.package_size import N_BYTES_OF_PART
from matcher.io.plan_excel import write_plan_excel
from matcher.matching import match
from matcher.plan.decided import Decided
from matcher.plan.plan import Plan
from matcher.whatif.decided import match_decided
from matcher.words.catalog import LANGUAGES, Lang
from matcher.words.issues import issue_text
from tests.problems import small_problem

Edit = Callable[[Any, Any], None]
WORDS = {"ja": ("割当", "決定", "条件"), "en": ("Matches", "Decisions", "Run")}


def small_plan() -> Plan:
    directors = [{"name": name, "experience_years": years} for name, years in (("北", 10), ("南", 5), ("=東", 1))]
    companies = [{"name": "㈱髙﨑", "priority": 2}, {"name": "乙"}, {"name": "丙", "priority": 0.5}]
    return match(small_problem(directors=directors, companies=companies, policy={"limits": {"max_companies": 2}}))


def edited(plan: Plan, path: Path, edit: Edit, lang: Lang = "ja") -> Path:
    """The plan's workbook, changed and saved by another library."""
    write_plan_excel(plan, path, lang)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*extension is not supported")
        book = load_workbook(path)
    matches, decisions, _ = WORDS[lang]
    edit(book[matches], book[decisions])
    book.save(path)
    return path


def column(sheet: Any, heading: str) -> int:
    return [cell.value for cell in sheet[1]].index(heading) + 1


def decide(matches: Any, decisions: Any) -> None:
    first = column(matches, "確定")
    for offset, value in enumerate(["除外", "面談で合わない", "鈴木", dt.date(2026, 4, 1)]):
        matches.cell(2, first + offset, value)
    matches.cell(3, first, "固定")
    for place, value in enumerate(["d3", None, "c1", None, "pin", None, "佐藤", "2026/4/2"], start=1):
        decisions.cell(2, place, value)


EXPECTED = [
    ("d1", "c1", "forbid", "面談で合わない", "鈴木", "2026-04-01", "割当", 2),
    ("d2", "c2", "pin", "", "", "", "割当", 3),
    ("d3", "c1", "pin", "", "佐藤", "2026-04-02", "決定", 2),
]


def told(decided: Decided) -> list[tuple[object, ...]]:
    return [tuple(one.model_dump().values()) for one in decided.decisions]


def test_decisions_come_back_with_who_and_when(tmp_path: Path) -> None:
    plan = small_plan()
    decided = read_decisions(edited(plan, tmp_path / "plan.xlsx", decide), plan.problem)
    assert told(decided) == EXPECTED
    assert [(one.director_id, one.company_id) for one in decided.earlier] == [("d1", "c1"), ("d2", "c2")]
    assert (decided.earlier_plan, decided.is_other_data) == (plan.document.digests["plan"], False)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_an_office_program_may_save_them(tmp_path: Path, soffice: str, kind: str) -> None:
    plan = small_plan()
    edited(plan, tmp_path / "plan.xlsx", decide)
    home = (tmp_path / "home").as_uri()
    convert = [soffice, f"-env:UserInstallation={home}", "--headless", "--convert-to", kind, "--outdir"]
    subprocess.run([*convert, str(tmp_path / "saved"), str(tmp_path / "plan.xlsx")], check=True, capture_output=True)
    decided = read_decisions(tmp_path / "saved" / f"plan.{kind}", plan.problem)
    assert told(decided) == EXPECTED


def test_sorted_rows_a_title_above_and_a_renamed_sheet_do_no_harm(tmp_path: Path) -> None:
    def move(matches: Any, decisions: Any) -> None:
        decide(matches, decisions)
        rows = [[cell.value for cell in row] for row in matches.iter_rows(min_row=2, max_row=3)]
        for number, row in zip((3, 2), rows, strict=True):
            for place, value in enumerate(row, start=1):
                matches.cell(number, place, value)
        matches.insert_rows(1)
        matches["A1"] = "四月の割当案"
        matches.title = "四月"

    plan = small_plan()
    decided = read_decisions(edited(plan, tmp_path / "plan.xlsx", move), plan.problem)
    assert {row[:3] for row in told(decided)} == {row[:3] for row in EXPECTED}
    assert [(one.sheet, one.row) for one in decided.decisions if one.director_id == "d1"] == [("四月", 4)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_decisions_survive_into_the_next_workbook(tmp_path: Path, lang: Lang) -> None:
    plan = small_plan()
    first = read_decisions(edited(plan, tmp_path / "one.xlsx", decide), plan.problem)
    second = match_decided(plan.problem, first)
    write_plan_excel(second, tmp_path / "two.xlsx", lang)
    again = read_decisions(tmp_path / "two.xlsx", plan.problem)
    assert {row[:6] for row in told(again)} == {row[:6] for row in EXPECTED}
    assert not again.is_other_data
    third = match_decided(plan.problem, again)
    assert third.document.assignments == second.document.assignments


def test_the_sheet_of_changes_says_who_moves_and_why(tmp_path: Path) -> None:
    plan = small_plan()
    second = match_decided(plan.problem, read_decisions(edited(plan, tmp_path / "one.xlsx", decide), plan.problem))
    write_plan_excel(second, tmp_path / "two.xlsx", "ja")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*extension is not supported")
        sheet = load_workbook(tmp_path / "two.xlsx")["前回からの変更"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][:8] == [
        "交代",
        "c1",
        "㈱髙﨑",
        "北（d1）",
        "=東（d3）",
        rows[1][5],
        rows[1][6],
        rows[1][6] - rows[1][5],
    ]
    assert "除外（シート「割当」2行目、鈴木、2026-04-01、理由「面談で合わない」）" in rows[1][9]
    assert "固定（シート「決定」2行目、佐藤、2026-04-02）" in rows[1][9]
    assert rows[3][0] == "前回と同じ組合せ：1件 / 前回 2件"
    assert rows[4][0] == "前回の組合せを保っても、合計点は減りません（証明済み）。"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def _bad_word(matches: Any, decisions: Any) -> None:
    matches.cell(2, column(matches, "確定"), "たぶん")


def _a_wish(matches: Any, decisions: Any) -> None:
    matches.cell(2, column(matches, "確定"), "希望（企業）")


def _bad_id(matches: Any, decisions: Any) -> None:
    decisions["A2"], decisions["C2"], decisions["E2"] = "d1", "C-9", "固定"


def _half_row(matches: Any, decisions: Any) -> None:
    decisions["A2"], decisions["C2"] = "d1", "c1"


def _bad_day(matches: Any, decisions: Any) -> None:
    first = column(matches, "確定")
    matches.cell(2, first, "固定")
    matches.cell(2, first + 3, "4月ごろ")


def _otherwise(matches: Any, decisions: Any) -> None:
    matches.cell(2, column(matches, "確定"), "固定")
    decisions["A2"], decisions["C2"], decisions["E2"] = "d1", "c1", "除外"


def _two_directors(matches: Any, decisions: Any) -> None:
    matches.cell(2, column(matches, "確定"), "固定")
    decisions["A2"], decisions["C2"], decisions["E2"] = "d2", "c1", "固定"


def _other_name(matches: Any, decisions: Any) -> None:
    decisions["A2"], decisions["B2"], decisions["C2"], decisions["E2"] = "d1", "南", "c1", "固定"


def _deleted(matches: Any, decisions: Any) -> None:
    matches.delete_rows(2)


def _swapped(matches: Any, decisions: Any) -> None:
    matches["A2"] = "d2"


@pytest.mark.parametrize(
    ("edit", "rule", "place", "text"),
    [
        (_bad_word, "decision_word_unknown", ("割当", 2, "確定"), "固定、除外、空欄"),
        (_a_wish, "decision_word_unknown", ("割当", 2, "確定"), "希望（企業）"),
        (_bad_id, "decision_id_unknown", ("決定", 2, "企業ID"), "C-9"),
        (_half_row, "decision_incomplete", ("決定", 2, "確定"), "空欄"),
        (_bad_day, "decision_date_wrong", ("割当", 2, "決めた日"), "4月ごろ"),
        (_otherwise, "decision_twice", ("決定", 2, None), "シート「割当」、2行目"),
        (_two_directors, "decision_two_directors", ("決定", 2, None), "「d1」も固定"),
        (_other_name, "decision_name_differs", ("決定", 2, "ディレクター"), "データでは「北」"),
        (_deleted, "decisions_matches_edited", ("割当", None, None), "書き出し 2件、今 1件"),
        (_swapped, "decisions_matches_edited", ("割当", None, None), "ID・点の書き換え"),
    ],
)
def test_a_wrong_decision_is_named_by_its_cell(
    tmp_path: Path, edit: Edit, rule: str, place: tuple[object, ...], text: str
) -> None:
    plan = small_plan()
    path = edited(plan, tmp_path / "plan.xlsx", edit)
    with pytest.raises(DataError) as found:
        read_decisions(path, plan.problem)
    (issue,) = found.value.issues
    assert (issue.rule, issue.file, (issue.sheet, issue.row, issue.column)) == (rule, "plan.xlsx", place)
    assert text in issue_text(issue, "ja")
    assert "{" not in issue_text(issue, "en") and issue_text(issue, "en").isascii() is not issue_text(issue, "ja")


def test_a_plan_of_other_people_is_another_run_and_changed_data_are_said(tmp_path: Path) -> None:
    plan = small_plan()
    path = edited(plan, tmp_path / "plan.xlsx", decide)
    other = small_problem(directors=[{"name": "誰か"}] * 3, companies=[{"name": "どこか"}] * 3)
    with pytest.raises(DataError) as found:
        read_decisions(path, other)
    assert [issue.rule for issue in found.value.issues] == ["decisions_of_other_run"]
    directors = plan.problem.directors.assign(max_companies=2)
    assert read_decisions(path, plan.problem.with_tables({"directors": directors})).is_other_data


def test_what_is_no_workbook_of_a_plan_is_told(tmp_path: Path) -> None:
    problem = small_plan().problem
    with pytest.raises(UsageError) as absent:
        read_decisions(tmp_path / "none.xlsx", problem)
    (tmp_path / "plan.csv").write_text("a,b\n")
    with pytest.raises(UsageError) as kind:
        read_decisions(tmp_path / "plan.csv", problem)
    assert (absent.value.code, kind.value.code) == ("decisions_no_file", "decisions_kind_unknown")
    (tmp_path / "junk.xlsx").write_bytes(b"PK\x03\x04 no book")
    with pytest.raises(DataError) as junk:
        read_decisions(tmp_path / "junk.xlsx", problem)
    assert [issue.rule for issue in junk.value.issues] == ["decisions_not_read"]


def test_both_sides_of_a_contradiction_are_named_with_their_rows(tmp_path: Path, scenarios: Path) -> None:
    from matcher.io import read_source

    problem = read_source(scenarios / "pilot")
    records = [
        {"director_id": "D005", "company_id": "C034", "decision": "pin", "sheet": "決定", "row": 7},
        {"director_id": "D001", "company_id": "C002", "decision": "pin", "sheet": "決定", "row": 8},
    ]
    decided = Decided.model_validate(
        {"file": "p.xlsx", "earlier_plan": "", "data": "", "is_other_data": False, "earlier": [], "decisions": records}
    )
    with pytest.raises(DataError) as found:
        match_decided(problem, decided)
    issues = name_both_sides(found.value.issues, decided, problem, scenarios / "pilot", policy=None, overrides=())
    texts = {issue.row: issue_text(issue, "ja") for issue in issues}
    assert "除外が指定されている" in texts[7] and "pairs.csv、2行目" in texts[7]
    assert (
        "訪問可能距離を超える" in texts[8] and "directors.csv、2行目" in texts[8] and "companies.csv、3行目" in texts[8]
    )


def test_a_workbook_that_unpacks_to_very_much_is_refused_before_it_is(tmp_path: Path) -> None:
    plan = small_plan()
    path = edited(plan, tmp_path / "plan.xlsx", decide)
    assert read_decisions(path, plan.problem).decisions
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, b" " * (N_BYTES_OF_PART + 1) if part == "xl/styles.xml" else old.read(part))
    with pytest.raises(DataError) as caught:
        read_decisions(tmp_path / "bomb.xlsx", plan.problem)
    (issue,) = caught.value.issues
    assert (issue.rule, issue.params["part"]) == ("workbook_bulky", "xl/styles.xml")


@pytest.mark.parametrize(
    ("name", "typed", "rule"),
    [
        ("確定", "#N/A", "cell_error"),
        ("確定", '=IF(1,"固定","")', "formula_not_calculated"),
        ("決めた人", "#REF!", "cell_error"),
    ],
)
def test_an_error_or_a_formula_without_a_result_is_no_blank(tmp_path: Path, name: str, typed: str, rule: str) -> None:
    def edit(matches: Any, decisions: Any) -> None:
        decide(matches, decisions)
        matches.cell(3, column(matches, name), typed)

    plan = small_plan()
    with pytest.raises(DataError) as caught:
        read_decisions(edited(plan, tmp_path / "plan.xlsx", edit), plan.problem)
    (issue,) = caught.value.issues
    assert (issue.rule, issue.sheet, issue.row, issue.column) == (rule, "割当", 3, name)


@pytest.mark.parametrize(("lang", "sheet", "heading"), [("ja", "決定", "確定"), ("en", "Matches", "Company ID")])
def test_decisions_under_a_heading_that_is_gone_are_not_passed_over(
    tmp_path: Path, lang: Lang, sheet: str, heading: str
) -> None:
    def edit(matches: Any, decisions: Any) -> None:
        found = matches if sheet == matches.title else decisions
        found.cell(1, column(found, heading)).value = "判断"

    plan = small_plan()
    with pytest.raises(DataError) as caught:
        read_decisions(edited(plan, tmp_path / "plan.xlsx", edit, lang), plan.problem)
    (issue,) = caught.value.issues
    assert (issue.rule, issue.sheet, issue.params["headings"]) == ("decisions_heading_missing", sheet, (heading,))


def test_two_rows_that_say_the_same_keep_both_reasons_and_people(tmp_path: Path) -> None:
    def edit(matches: Any, decisions: Any) -> None:
        for row, why, by in ((2, "縁がある", "佐藤"), (3, "", "鈴木"), (4, "縁がある", "佐藤")):
            for place, value in enumerate(["d3", None, "c1", None, "pin", why, by], start=1):
                decisions.cell(row, place, value)

    plan = small_plan()
    (one,) = read_decisions(edited(plan, tmp_path / "plan.xlsx", edit), plan.problem).decisions
    assert (one.row, one.reason, one.by) == (2, "縁がある", "佐藤; 鈴木")
