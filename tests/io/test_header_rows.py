"""Headers and rows as people lay them out: titles, two rows of headings, units in brackets, sums below."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.domain.tables import TABLES, column_of, columns_of
from matcher.io.header_rows import find_header
from matcher.io.heading_units import unit_of
from matcher.io.mapping import TableTerms
from matcher.io.total_rows import _is_total
from matcher.words.heading_synonyms import SYNONYMS
from matcher.words.headings import column_named, heading_of, name_key
from tests.io.datasets import COMPANIES, Rows, check_tables

TWO_ROWS: Rows = (
    ("令和8年度 ディレクター名簿", "", "", "", "", ""),
    ("", "", "", "", "", ""),
    ("ID", "拠点", "担当", "稼働可能", "", "備考"),
    ("", "都道府県", "可能社数", "時間", "日数（日/月）", ""),
    ("D1", "高知", 2, 60, 3, ""),
    ("D2", "火星", 1, "", "", ""),
)


def test_two_rows_of_merged_headings_are_one_header_and_told(tmp_path: Path) -> None:
    report = check_tables(tmp_path, directors=TWO_ROWS)
    assert [(i.rule, i.row, i.column, i.value) for i in report.faults] == [
        ("unknown_prefecture", 6, "拠点 都道府県", "火星")
    ]
    read = {i.params["field"]: i.value for i in report.repairs}
    assert read == {
        "prefecture": "拠点 都道府県", "max_companies": "担当 可能社数", "hours_per_month": "稼働可能 時間",
    }  # fmt: skip
    assert {i.rule for i in report.repairs} == {"read_two_headers"}


def test_a_row_above_completes_headings_that_are_not_known_alone() -> None:
    header = find_header(TableTerms("directors"), [["", "", "", "稼働可能"], ["ID", "氏名", "拠点都道府県", "時間"]])
    assert header is not None
    assert (header.last, header.texts[3], header.joined) == (1, "稼働可能 時間", (3,))


@pytest.mark.parametrize(
    "rows",
    [
        [["ID", "氏名", "拠点都道府県"], ["D1", "稼働時間", "高知"]],
        [["ID", "氏名", "稼働"], ["D1", "", "時間"]],
        [["ID", "氏名", "稼働"], ["", "", "可能"]],
    ],
)
def test_a_row_of_data_is_no_second_row_of_headings(rows: Rows) -> None:
    header = find_header(TableTerms("directors"), rows)
    assert header is not None and (header.last, header.joined) == (0, ())


def test_amounts_are_read_in_the_unit_of_their_heading(tmp_path: Path) -> None:
    rows = (
        (*COMPANIES[0], "売上高\n（百万円）"),
        ("C1", "", "高知", "売上拡大", 12),
        ("C2", "", "高知", "売上拡大", "3億円"),
    )
    report = check_tables(tmp_path, companies=(tuple(f'"{c}"' for c in rows[0]), *rows[1:]))
    assert report.problem is not None
    assert report.problem.companies["revenue_jpy"].tolist() == [12e6, 3e8]
    assert ("read_heading_unit", None, "×1,000,000") in [(i.rule, i.row, i.params["read"]) for i in report.repairs]


@pytest.mark.parametrize(
    ("table", "column", "heading", "times", "is_clash"),
    [
        ("companies", "revenue_jpy", "売上高（千円）", 1_000, False),
        ("companies", "revenue_jpy", "年商【単位：万円】", 10_000, False),
        ("companies", "revenue_jpy", "売上高（円）", 1, False),
        ("companies", "revenue_jpy", "売上高（直近）", 1, False),
        ("companies", "revenue_jpy", "売上高（ドル）", 1, True),
        ("companies", "revenue_jpy", "売上高（税抜・千円）", 1, True),
        ("companies", "revenue_jpy", "売上高（税抜）", 1, False),
        ("directors", "hours_per_month", "稼働可能時間（1日あたり）", 1, True),
        ("directors", "hours_per_month", "稼働可能時間（月あたり）", 1, False),
        ("companies", "budget_jpy_per_month", "予算（年額）", 1, True),
        ("companies", "budget_jpy_per_month", "予算（月額）", 1, False),
        ("directors", "hours_per_month", "稼働可能時間（時間/週）", 1, True),
        ("directors", "hours_per_month", "稼働可能時間（時間／月）", 1, False),
        ("directors", "fee_jpy_per_month", "月額報酬（万円/月）", 10_000, False),
        ("companies", "months", "支援期間（か月）", 1, False),
        ("companies", "months", "支援期間（週）", 1, True),
        ("companies", "commitment", "本気度（1〜5）", 1, False),
    ],
)
def test_units_in_headings(table: str, column: str, heading: str, times: int, is_clash: bool) -> None:
    unit = unit_of(table, column_of(table, column), heading)
    assert (unit.times, unit.is_clash) == (times, is_clash)


def test_a_heading_in_another_unit_and_a_unit_in_the_title_are_faults(tmp_path: Path) -> None:
    rows = (
        ("（単位：千円）",),
        (*COMPANIES[0], "売上高", "必要稼働時間（時間/週）"),
        ("C1", "", "高知", "売上拡大", 1, 2),
    )
    faults = check_tables(tmp_path, companies=rows).faults
    assert [(i.rule, i.column) for i in faults] == [("title_unit", None), ("heading_unit", "必要稼働時間（時間/週）")]


def test_every_default_unit_of_a_template_is_the_columns_own() -> None:
    for table in TABLES:
        for column in columns_of(table):
            for lang in ("ja", "en"):
                heading = heading_of(table, column.name)
                text = f"{heading.ja}（{heading.unit.fill(lang)}）"
                assert unit_of(table, column, text).times == 1 and not unit_of(table, column, text).is_clash, text


def test_rows_of_sums_and_remarks_are_left_out_and_told(tmp_path: Path) -> None:
    rows = (
        (*COMPANIES[0], "売上高", "社内用"),
        ("C1", "計", "高知", "売上拡大", 5, ""),
        ("", "小　計", "", "", 5, ""),
        ("", "", "", "", "", "確認済"),
        ("", "", "", "", "", ""),
        ("【合計】", "", "", "", 5, ""),
    )
    report = check_tables(tmp_path, companies=rows)
    assert report.n_faults == 0
    found = sorted((i.row, i.rule, i.value) for i in report.repairs)
    assert found == [(3, "row_total", "小　計"), (4, "row_unread", "確認済"), (6, "row_total", "【合計】")]


@pytest.mark.parametrize(
    "cell", ["合計", "総計", "計", "小計", "累計", "平均", "合計（税込）", "Total", "grand total", "Subtotal:"]
)
def test_what_says_sum(cell: str) -> None:
    assert _is_total(cell)


@pytest.mark.parametrize("cell", ["会計", "計画", "株式会社合計", "Total Inc.", "C1", "時計", 5, "合計特殊出生率"])
def test_what_does_not_say_sum(cell: object) -> None:
    assert not _is_total(cell)


def test_every_synonym_means_one_column() -> None:
    for table, columns in SYNONYMS.items():
        known: dict[str, str] = {}
        for column in columns_of(table):
            heading = heading_of(table, column.name)
            for text in (column.name, heading.ja, *heading.also):
                assert known.setdefault(name_key(text), column.name) == column.name, text
                assert column_named(table, text) == column.name
        assert set(columns) <= {column.name for column in columns_of(table)}
    assert column_named("companies", "優先順位") is None  # 1 is the first: not a larger weight


@pytest.mark.parametrize(
    ("rows", "last", "texts"),
    [  # a heading known alone, over two of one's own; one known alone below, twice; and none that is known alone
        ([["ID", "年商（万円）", ""], ["", "今期", "前期"]], 1, ["ID", "年商（万円） 今期", "年商（万円） 前期"]),
        ([["", "本社", "支店"], ["ID", "県", "県"]], 1, ["ID", "本社 県", "支店 県"]),
        ([["", "本社", ""], ["ID", "県", "名称"]], 1, ["ID", "本社 県", "名称"]),
        ([["令和8年度"], ["", "本社", "年商（万円）"], ["", "県", "今期"]], 2, ["", "本社 県", "年商（万円） 今期"]),
    ],
)
def test_two_rows_are_one_heading_where_a_mapping_names_both(rows: Rows, last: int, texts: list[str]) -> None:
    own = {"本社 県": "prefecture", "年商（万円） 今期": "revenue_jpy"}
    header = find_header(TableTerms("companies", headers=own, ignored=("年商（万円） 前期", "支店 県")), rows)
    assert header is not None and (header.last, header.texts) == (last, texts)


@pytest.mark.parametrize(
    ("heading", "times"),
    [
        ("年商百万円", 1_000_000),
        ("年商（百万円）2025年度", 1_000_000),
        ("直近の売上(単位:千円)※任意", 1_000),
        ("業績（万円）（任意）", 10_000),
        ("会社の規模", 1),
    ],
)
def test_a_heading_of_ones_own_says_its_unit_anywhere(heading: str, times: int) -> None:
    unit = unit_of("companies", column_of("companies", "revenue_jpy"), heading)
    assert (unit.times, unit.is_clash) == (times, False)


@pytest.mark.parametrize(
    ("name", "heading", "is_clash"),
    [
        ("budget_jpy_per_month", "10万円以上の予定額", True),
        ("budget_jpy_per_month", "年間の予定額（円）", True),
        ("hours_per_month", "週間の作業", True),
        ("hours_per_month", "年間計画での月の作業", False),
        ("revenue_jpy", "年間の商い", False),
    ],
)
def test_a_heading_of_ones_own_in_another_unit_is_asked_about(name: str, heading: str, is_clash: bool) -> None:
    assert unit_of("companies", column_of("companies", name), heading).is_clash is is_clash
