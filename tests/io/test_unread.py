"""What is there and was not read: misnamed files, sheets, columns and settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from matcher.errors import DataError, Issue
from matcher.io import CheckReport, check_source, read_source
from matcher.io.faults import UNREAD
from matcher.io.template import write_template
from matcher.words.issues import issue_text
from tests.io.datasets import COMPANIES, DIRECTORS, check_tables, rules, write_folder
from tests.io.test_workbooks import write_book

PAIRS = "director_id,company_id,rule\nD1,C1,固定\n"


def unread(report: CheckReport) -> list[tuple[str, str]]:
    return [(i.rule, i.sheet or i.file) for i in (*report.warnings, *report.notes) if i.rule in UNREAD]


@pytest.mark.parametrize(
    ("name", "rule", "near"),
    [
        ("pairz.csv", "file_unknown", "pairs"),
        ("my_pairs.csv", "file_unknown", "pairs"),
        ("組合せ.csv", "file_unknown", "pairs"),
        ("組み合せ指定.csv", "file_unknown", "pairs"),
        ("directors_skill.csv", "file_unknown", "director_skills"),
        ("ratings.csv.csv", "file_unknown", "ratings"),
        ("ratings (1).csv", "file_unknown", "ratings"),
        ("面談評価 - コピー.csv", "file_unknown", "ratings"),
        ("pairs.txt", "file_kind", "pairs"),
        ("pairs.csv.txt", "file_kind", "pairs"),
        ("pairs.xlsx", "file_kind", "pairs"),
        ("pairs.ods", "file_kind", "pairs"),
        ("pairs", "file_kind", "pairs"),
    ],
)
def test_a_misnamed_file_is_a_warning_with_the_name_it_may_be(tmp_path: Path, name: str, rule: str, near: str) -> None:
    folder = write_folder(tmp_path / "data")
    (folder / name).write_text(PAIRS, encoding="utf-8")
    report = check_source(folder)
    (found,) = [i for i in report.warnings if i.rule in UNREAD]
    assert (found.rule, found.file, report.n_unread, report.n_notes) == (rule, name, 1, 0)
    assert found.params["near_tables"][0] == near  # type: ignore[index]
    assert "読み込んでいません" in issue_text(found, "ja") or "読みません" in issue_text(found, "ja")
    assert "not read" in issue_text(found, "en")


def test_the_hint_names_the_near_table_both_ways_and_lists_all(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data")
    (folder / "組合せ.csv").write_text(PAIRS, encoding="utf-8")
    (found,) = [i for i in check_source(folder).warnings if i.rule in UNREAD]
    assert issue_text(found, "ja").startswith(
        "組合せ.csv：この名前の表はないため、このファイルは読み込んでいません。\n"
        "対処：「組合せ指定（pairs）」か「組合せ別稼働時間（pair_hours）」のことでしたら、ファイル名を直してください。"
        "表の名前の一覧：ディレクター（directors）、スキル（director_skills）、"
    )
    assert issue_text(found, "en").startswith(
        "組合せ.csv: there is no table of this name, so this file was not read.\n"
        "Try: if you mean pairs (組合せ指定) or pair_hours (組合せ別稼働時間), rename the file; "
        "the names of tables are: directors (ディレクター), "
    )


def test_a_misnamed_sheet_is_a_warning_with_the_name_it_may_be(tmp_path: Path) -> None:
    report = check_source(write_book(tmp_path / "d.xlsx", {"組合せ": (("ディレクターID", "企業ID", "指定"),)}))
    (found,) = [i for i in report.warnings if i.rule in UNREAD]
    assert (found.rule, found.sheet, found.params["near_tables"]) == (
        "sheet_unknown",
        "組合せ",
        ("pairs", "pair_hours"),
    )


@pytest.mark.parametrize("name", ["メモ.csv", "notes.csv", "parties.csv", "写真一覧.csv", "会計.xlsx"])
def test_a_file_like_no_table_is_a_note_with_the_list_of_tables(tmp_path: Path, name: str) -> None:
    folder = write_folder(tmp_path / "data")
    (folder / name).write_text(PAIRS, encoding="utf-8")
    report = check_source(folder)
    assert [(i.rule, i.file) for i in report.notes] == [("file_ignored", name)]
    assert "pairs (組合せ指定), rivals (競合)" in issue_text(report.notes[0], "en")


@pytest.mark.parametrize("name", ["directors (1).csv", "directors - コピー.csv", "ディレクター_最新.csv"])
def test_a_second_file_for_a_table_that_was_read_is_named(tmp_path: Path, name: str) -> None:
    folder = write_folder(tmp_path / "data")
    (folder / name).write_text("ID\nD9\n", encoding="utf-8")
    report = check_source(folder)
    assert unread(report) == [("file_copy", name)]
    assert "was read from directors.csv" in issue_text(report.warnings[0], "en")


def test_a_required_table_under_another_name_is_a_fault_alone(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data")
    (folder / "directors.csv").rename(folder / "directors_final.csv")
    report = check_source(folder)
    assert [(i.rule, i.params["near"]) for i in report.faults] == [("table_missing", ("directors_final.csv",))]
    assert unread(report) == []


@pytest.mark.parametrize("kind", ["folder", "broken link", "loop of links"])
def test_what_has_the_name_of_a_table_and_is_no_file_is_a_fault(tmp_path: Path, kind: str) -> None:
    folder = write_folder(tmp_path / "data")
    if kind == "folder":
        (folder / "pairs.csv").mkdir()
    else:
        (folder / "pairs.csv").symlink_to("pairs.csv" if kind == "loop of links" else "nowhere.csv")
    assert [(i.rule, i.file) for i in check_source(folder).faults] == [("not_a_file", "pairs.csv")]


def test_a_heading_like_nothing_known_is_told_with_the_headings_that_are_missing(tmp_path: Path) -> None:
    report = check_tables(tmp_path, rivals=(("company_id", "other_id", "qqq"), ("C1", "C2", 1)))
    assert [(i.rule, i.column) for i in report.notes] == [("column_extra", "qqq")]
    ties = (("from_id", "to_id", "つよさ"), ("D1", "D2", 0.9))
    (note,) = check_tables(tmp_path / "2", ties=ties).notes
    assert (note.rule, note.column, note.params["known_fields"]) == ("column_ignored", "つよさ", ("strength",))
    assert issue_text(note, "en") == (
        "ties.csv, row 1, column つよさ: つよさ is not a known heading, so this column was not read.\n"
        "Try: leave it if it is only for yourselves; if it is one of these, correct the heading: strength."
    )


@pytest.mark.parametrize(("heading", "field"), [("予算額", "budget_jpy_per_month"), ("budget", "budget_jpy_per_month")])
def test_a_heading_that_is_part_of_a_known_one_is_a_warning(tmp_path: Path, heading: str, field: str) -> None:
    rows = ((*COMPANIES[0], heading), ("C1", "", "高知", "売上拡大", 1))
    (found,) = [i for i in check_tables(tmp_path, companies=rows).warnings if i.rule in UNREAD]
    assert (found.rule, found.column) == ("header_unknown", heading)
    assert field in found.params["near_fields"]  # type: ignore[operator]


@pytest.mark.parametrize("name", ["polcy.yaml", "方針.yaml", "policy.txt", "policy.yaml.txt", "policy-2026.yml"])
def test_settings_under_another_name_are_told(tmp_path: Path, name: str) -> None:
    folder = write_folder(tmp_path / "data")
    (folder / name).write_text("keep_points: 5\n", encoding="utf-8")
    assert unread(check_source(folder)) == [("settings_unread", name)]
    (folder / "policy.yaml").write_text("keep_points: 4\n", encoding="utf-8")
    assert unread(check_source(folder)) == []
    (folder / "policy.yml").write_text("keep_points: 3\n", encoding="utf-8")
    assert unread(check_source(folder)) == [("settings_unread", "policy.yml")]
    assert unread(check_source(folder, policy=folder / "policy.yml")) == []


def test_settings_beside_a_workbook_are_told_until_they_are_named(tmp_path: Path) -> None:
    book = write_template(tmp_path / "t.xlsx", "ja", workbook=True)
    assert unread(check_source(book)) == [("settings_unread", "t-policy.yaml")]
    assert unread(check_source(book, policy=tmp_path / "t-policy.yaml")) == []


def test_settings_beside_a_scenario_that_names_its_own_are_left_alone(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data")
    (folder / "policy.yaml").write_text("keep_points: 5\n")
    (folder / "scenario.yaml").write_text("policy: {keep_points: 4}\n")
    assert unread(check_source(folder)) == []


def test_reading_hands_on_what_was_not_read_also_before_a_fault(tmp_path: Path) -> None:
    told: list[Issue] = []
    folder = write_folder(tmp_path / "data", {"directors": (*DIRECTORS, ("D3", "", "火星", 1)), "組合せ": (("a",),)})
    with pytest.raises(DataError):
        read_source(folder, on_unread=told.append)
    assert [(i.rule, i.file) for i in told] == [("file_unknown", "組合せ.csv")]
    assert rules(check_source(folder)) == ["unknown_prefecture"]


@pytest.mark.skipif(os.name == "nt", reason="needs a named pipe")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data")
    os.mkfifo(folder / "pairs.csv")
    assert rules(check_source(folder)) == ["not_a_file"]


def test_a_column_without_a_heading_is_told_with_its_first_value(tmp_path: Path) -> None:
    rows = ((*COMPANIES[0], "", ""), ("C1", "", "高知", "売上拡大", "", ""), ("C2", "", "高知", "売上拡大", "", "本気"))
    report = check_tables(tmp_path, companies=rows)
    assert [(i.rule, i.row, i.column, i.value) for i in report.warnings if i.rule in UNREAD] == [
        ("column_unnamed", 3, "F", "本気")
    ]
    assert report.n_unread == 1


def test_a_column_without_a_heading_is_told_in_a_large_file_too(tmp_path: Path) -> None:
    rows = [(*COMPANIES[0], ""), *((f"C{i}", "", "高知", "売上拡大", "本気") for i in range(9_000))]
    report = check_source(write_folder(tmp_path, {"companies": rows}))
    assert [(i.rule, i.column, i.params["n"]) for i in report.warnings if i.rule in UNREAD] == [
        ("column_unnamed", "E", 9_000)
    ]
