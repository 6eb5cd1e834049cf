"""Every fault of the data at once: where it is, what it is, and what is near."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.errors import DataError, Issue
from matcher.io import check_source, read_source
from matcher.words.issues import issue_text
from tests.io.datasets import COMPANIES, DIRECTORS, Rows, check_tables, rules, write_folder

PAIR = ("director_id", "company_id", "rule", "value")


@pytest.mark.parametrize(
    ("table", "rows", "rule", "row", "column", "value"),
    [
        ("directors", (DIRECTORS[0], ("D1", "", "高知", "二")), "not_a_number", 2, "担当可能社数", "二"),
        ("directors", (DIRECTORS[0], ("D1", "", "高知", 1.5)), "not_whole", 2, "担当可能社数", "1.5"),
        ("directors", (DIRECTORS[0], ("D1", "", "高知", -1)), "below_minimum", 2, "担当可能社数", "-1"),
        ("directors", (DIRECTORS[0], ("D1", "", "高知", "")), "required_blank", 2, "担当可能社数", None),
        ("directors", (DIRECTORS[0], ("D1", "", "高地", 1)), "unknown_prefecture", 2, "拠点都道府県", "高地"),
        ("directors", (*DIRECTORS, ("D1", "", "高知", 1)), "duplicate_id", 4, "ID", "D1"),
        ("director_skills", (("director_id", "skill", "level"), ("D1", "EC", 7)), "above_maximum", 2, "level", "7"),
        ("director_skills", (("director_id", "skill", "level"), ("D9", "EC", 5)), "unknown_id", 2, "director_id", "D9"),
        (
            "director_regions",
            (("director_id", "prefecture", "knowledge"), ("D1", "高知", 6)),
            "above_maximum",
            2,
            "knowledge",
            "6",
        ),
        ("pairs", (PAIR, ("D1", "C1", "wish_company", "")), "wish_without_value", 2, "value", None),
        ("pairs", (PAIR, ("D1", "C1", "wish_company", 2)), "above_maximum", 2, "value", "2"),
        ("pairs", (PAIR, ("D1", "C1", "pin", ""), ("D1", "C1", "除外", "")), "pin_and_forbid", 3, "rule", "除外"),
        ("rivals", (("company_id", "other_id"), ("C1", "C1")), "rival_of_itself", 2, "other_id", "C1"),
        ("rivals", (("company_id", "other_id"), ("C1", "C2"), ("C2", "C1")), "duplicate_row", 3, "company_id", "C2"),
        ("ties", (("from_id", "to_id"), ("D1", "D1")), "tie_to_itself", 2, "to_id", "D1"),
        (
            "ratings",
            (("subject_id", "field", "rater", "rating"), ("D1", "本気度", "A", 3)),
            "rating_of_other_table",
            2,
            "field",
            "本気度",
        ),
        ("companies", (COMPANIES[0],), "table_empty", None, None, None),
    ],
)
def test_one_fault_is_placed(
    tmp_path: Path, table: str, rows: Rows, rule: str, row: int | None, column: str | None, value: str | None
) -> None:
    report = check_tables(tmp_path, **{table: rows})
    assert [(i.rule, i.row, i.column, i.value) for i in report.faults] == [(rule, row, column, value)]
    assert report.faults[0].file == f"{table}.csv"


@pytest.mark.parametrize(
    ("rule", "value"), [("accepted", 5), ("below_minimum", 0.9), ("accepted", 1), ("above_maximum", 5.1)]
)
def test_a_rating_is_from_1_to_5(tmp_path: Path, rule: str, value: float) -> None:
    report = check_tables(tmp_path, companies=((*COMPANIES[0], "本気度"), ("C1", "", "高知", "売上拡大", value)))
    assert rules(report) == ([] if rule == "accepted" else [rule])


def test_end_before_start_names_both_days(tmp_path: Path) -> None:
    rows = ((*DIRECTORS[0], "稼働開始日", "稼働終了日"), ("D1", "", "高知", 1, "2026-04-02", "2026年4月1日"))
    (fault,) = check_tables(tmp_path, directors=rows).faults
    assert (fault.rule, fault.column, fault.value, fault.params["start"]) == (
        "end_before_start", "稼働終了日", "2026年4月1日", "2026-04-02",
    )  # fmt: skip
    rows = (rows[0], ("D1", "", "高知", 1, "2026-04-01", "2026年4月1日"))
    assert rules(check_tables(tmp_path, directors=rows)) == []


def test_a_misspelt_required_heading_names_the_users_own(tmp_path: Path) -> None:
    rows = (("ID", "名称", "都道府県欄", "目的"), *COMPANIES[1:])
    (fault,) = check_tables(tmp_path, companies=rows).faults
    assert (fault.rule, fault.params["field"], fault.params["near"]) == (
        "column_missing",
        "prefecture",
        ("都道府県欄",),
    )


def test_a_misspelt_optional_heading_is_a_warning_and_a_stranger_a_note(tmp_path: Path) -> None:
    rows = ((*COMPANIES[0], "月額予算案", "社長の趣味"), ("C1", "", "高知", "売上拡大", 1, "釣り"))
    report = check_tables(tmp_path, companies=rows)
    assert [(i.rule, i.column, i.params["near_fields"]) for i in report.warnings if i.rule == "header_unknown"] == [
        ("header_unknown", "月額予算案", ("budget_jpy_per_month",))
    ]
    assert [(i.rule, i.column) for i in report.notes] == [("column_ignored", "社長の趣味")]
    assert report.n_faults == 0


@pytest.mark.parametrize(("typed", "near"), [("ｄ１", "D1"), ("D-01", "D1"), ("DI1", "D1"), ("全然違う", None)])
def test_an_unknown_id_names_the_nearest(tmp_path: Path, typed: str, near: str | None) -> None:
    rows = (("director_id", "skill", "level"), (typed, "EC", 5))
    (fault,) = check_tables(tmp_path, director_skills=rows).faults
    assert fault.params["near"] == (() if near is None else (near,))


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = (DIRECTORS[0], ("D1", "", "火星", "多"), ("", "", "高知", -1), ("D1", "", "高知", 1))
    report = check_tables(tmp_path, directors=rows, rivals=(("company_id", "other_id"), ("C1", "C8")))
    assert [(i.rule, i.row) for i in report.faults] == [
        ("unknown_prefecture", 2), ("not_a_number", 2), ("required_blank", 3), ("below_minimum", 3),
        ("duplicate_id", 4), ("unknown_id", 2),
    ]  # fmt: skip
    with pytest.raises(DataError) as caught:
        read_source(tmp_path)
    assert (caught.value.exit_code, caught.value.n_issues, len(caught.value.issues)) == (1, 6, 6)


def test_a_fault_of_a_required_table_does_not_set_off_faults_elsewhere(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"director_skills": (("director_id", "skill", "level"), ("D1", "EC", 5))})
    (folder / "directors.csv").unlink()
    assert rules(check_source(folder)) == ["table_missing"]


def test_a_hundred_thousand_faults_are_counted_streamed_and_bounded(tmp_path: Path) -> None:
    rows = [DIRECTORS[0], *((f"D{i}", "", f"火星{i}", "x") for i in range(50_000))]
    streamed: list[Issue] = []
    report = check_source(write_folder(tmp_path, {"directors": rows}), sink=streamed.append)
    assert (report.n_faults, len(report.faults), len(streamed)) == (100_000, 1_000, 100_000)
    assert (streamed[-1].row, streamed[-1].rule, streamed[-1].value) == (50_001, "not_a_number", "x")


def test_a_pin_that_breaks_a_hard_rule_names_both_sides(tmp_path: Path) -> None:
    directors = ((*DIRECTORS[0], "状態"), ("D1", "", "高知", 1, "休止"), ("D2", "", "高知", 1, ""))
    report = check_tables(tmp_path, directors=directors, pairs=(PAIR, ("D1", "C1", "固定", "")))
    (fault,) = report.faults
    assert (fault.rule, fault.file, fault.row) == ("pin_breaks_hard_rule", "pairs.csv", 2)
    assert (fault.params["director_id"], fault.params["company_id"], fault.params["failed"]) == (
        "D1",
        "C1",
        ("in_service",),
    )


def test_ratings_are_averaged_into_the_column(tmp_path: Path) -> None:
    ratings = (("subject_id", "field", "rater", "rating"), ("C1", "本気度", "A", 3), ("C1", "commitment", "B", 4))
    problem = read_source(write_folder(tmp_path, {"ratings": ratings}))
    assert problem.companies["commitment"].tolist()[0] == 3.5


def test_a_number_of_the_user_is_shown_as_typed_and_cut(tmp_path: Path) -> None:
    report = check_tables(tmp_path, directors=(DIRECTORS[0], ("D1", "", "高" * 200, 1)))
    assert report.faults[0].value == "高" * 79 + "…"


def test_an_id_column_without_its_table_in_the_heading_is_recognised_as_near(tmp_path: Path) -> None:
    (fault,) = check_tables(tmp_path, director_skills=(("ID", "スキル", "レベル"), ("D1", "EC", 3))).faults
    assert (fault.rule, fault.params["field"], fault.params["near"]) == ("column_missing", "director_id", ("ID",))


def test_faults_warnings_and_notes_all_reach_the_sink(tmp_path: Path) -> None:
    directors = ((*DIRECTORS[0], "趣味"), ("D1", "柚子", "火星", 1, "釣り"), ("D2", "柚子", "高知", 1, ""))
    streamed: list[Issue] = []
    report = check_source(write_folder(tmp_path, {"directors": directors}), sink=streamed.append)
    assert sorted((i.rule, i.severity) for i in streamed) == [
        ("column_ignored", "warning"), ("duplicate_name", "warning"), ("unknown_prefecture", "fault"),
    ]  # fmt: skip
    assert (report.n_faults, report.n_warnings, report.n_notes) == (1, 1, 1)


@pytest.mark.parametrize(
    ("first", "second"),
    [("ＥＣ運営", "EC運営"), ("EC 運営", "ｅｃ　　運営"), ("カフェ", "ｶﾌｪ"), ("株式会社", "㍿")],
)
@pytest.mark.parametrize(
    ("table", "owner", "head"),
    [
        ("director_skills", "D1", ("director_id", "skill", "level")),
        ("company_needs", "C1", ("company_id", "skill", "level")),
        ("person_skills", "P1", ("person_id", "skill", "level")),
    ],
)
def test_a_skill_written_in_another_width_is_the_same_row_twice(
    tmp_path: Path, table: str, owner: str, head: tuple[str, ...], first: str, second: str
) -> None:
    rows = (head, (owner, first, 3), (owner, "別の技能", 3), (owner, second, 4))
    report = check_tables(tmp_path, people=(("id",), ("P1",)), **{table: rows})
    (fault,) = report.faults
    assert (fault.rule, fault.row, fault.column, fault.value) == ("duplicate_row_alike", 4, "skill", second)
    assert fault.params["first_row"] == 2
    assert f"（{owner}、{second}）は、2行目の（{owner}、{first}）と同じです。" in issue_text(fault, "ja")
    assert f"in row 2 ({owner}, {first})" in issue_text(fault, "en")


def test_a_skill_of_another_director_or_another_word_is_no_duplicate(tmp_path: Path) -> None:
    rows = (
        ("director_id", "skill", "level"),
        *(("D1", "ＥＣ運営", 3), ("D2", "EC運営", 3), ("D1", "EC運用", 4), ("D1", "EC運営支援", 4)),
    )
    assert rules(check_tables(tmp_path, director_skills=rows)) == []


def test_a_rater_written_in_another_width_rates_twice(tmp_path: Path) -> None:
    head = ("subject_id", "field", "rater", "rating")
    report = check_tables(tmp_path, ratings=(head, ("C1", "本気度", "Ａ氏", 3), ("C1", "commitment", "A氏", 4)))
    assert [(i.rule, i.row, i.value) for i in report.faults] == [("duplicate_row_alike", 3, "A氏")]


def test_ids_are_compared_to_the_letter(tmp_path: Path) -> None:
    rows = (DIRECTORS[0], ("D1", "", "高知", 1), ("d1", "", "高知", 1), ("Ｄ１", "", "高知", 1))
    assert rules(check_tables(tmp_path, directors=rows)) == []


def test_the_same_row_twice_is_still_named_as_such(tmp_path: Path) -> None:
    rows = (("director_id", "skill", "level"), ("D1", "EC", 3), ("D1", "EC", 4))
    (fault,) = check_tables(tmp_path, director_skills=rows).faults
    assert (fault.rule, fault.row, fault.params["first_row"], fault.column) == ("duplicate_row", 3, 2, "director_id")


@pytest.mark.parametrize("fixed", ["true", "false"])
def test_an_engagement_of_an_unknown_director_is_a_fault_however_it_is_treated(tmp_path: Path, fixed: str) -> None:
    engagements = (("director_id", "company_id"), ("D9", "C1"), ("D1", "ELSEWHERE"))
    folder = write_folder(tmp_path / "data", {"engagements": engagements})
    report = check_source(folder, overrides=(f"engagements.fixed={fixed}",))
    assert [(issue.rule, issue.row, issue.value) for issue in report.faults] == [("unknown_id", 2, "D9")]
