"""Cells that are read although they are not written as their column asks: each is listed, and a fault on request."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.errors import DataError
from matcher.io import check_source, read_source
from matcher.io.faults import N_FIRST, N_KEPT, RepairGroups
from tests.io.datasets import COMPANIES, DIRECTORS, Rows, check_tables, write_folder

UGLY_COMPANIES: Rows = (
    (*COMPANIES[0], "売上高", "開始日", "市区町村コード", "法人番号"),
    ("C1", "㈱①髙﨑𠮷", "高知", "売上拡大", "1200万円", "令和8年4月1日", "39201", "6-0100-0103-0403"),
    ("C2", " Ｎｏ１　ｶﾌｪ", "０１", "売上拡大", '"1,200"', "46113", "11002", ""),
)
READ = [
    (2, "売上高", "1200万円", "12000000", "read_unit"),
    (2, "法人番号", "6-0100-0103-0403", "6010001030403", "read_width"),
    (2, "市区町村コード", "39201", "392014", "read_check_digit"),
    (2, "開始日", "令和8年4月1日", "2026-04-01", "read_era"),
    (3, "売上高", "1,200", "1200", "read_thousands"),
    (3, "市区町村コード", "11002", "011002", "read_zero"),
    (3, "都道府県", "０１", "1", "read_width"),
    (3, "開始日", "46113", "2026-04-01", "read_serial"),
]


def test_every_repair_is_listed_with_its_cell(tmp_path: Path) -> None:
    report = check_tables(tmp_path, companies=UGLY_COMPANIES)
    assert report.n_faults == 0
    found = sorted((i.row, i.column, i.value, i.params["read"], i.rule) for i in report.repairs)
    assert found == sorted(READ) and {i.severity for i in report.repairs} == {"repair"}
    assert report.problem is not None
    assert report.problem.companies["name"].tolist() == ["㈱①髙﨑𠮷", "Ｎｏ１　ｶﾌｪ"]


def test_strict_makes_repairs_faults(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"companies": UGLY_COMPANIES})
    report = check_source(folder, strict=True)
    assert (report.n_faults, report.repair_groups.n, report.problem) == (len(READ), 0, None)
    with pytest.raises(DataError):
        read_source(folder, strict=True)
    heard: list[RepairGroups] = []
    read_source(folder, on_repairs=heard.append)
    assert heard[0].n == len(READ)


def test_words_of_a_list_and_plain_values_are_no_repairs(tmp_path: Path) -> None:
    rows = (("ID", "拠点都道府県", "担当可能社数", "状態", "稼働開始日"), ("D1", "Kochi", "+2", "登録", "2026/4/1"))
    wishes = (("ディレクターID", "企業ID", "区分", "値"), ("D1", "C1", "希望（ディレクター）", "0.5"))
    report = check_tables(tmp_path, directors=rows, pairs=wishes)
    assert (report.n_faults, report.repairs) == (0, ())


def test_a_repaired_value_is_still_judged(tmp_path: Path) -> None:
    rows = ((*DIRECTORS[0], "月額報酬"), ("D1", "", "高知", "２", "▲５万円"))
    report = check_tables(tmp_path, directors=rows)
    assert [(i.rule, i.value) for i in report.faults] == [("below_minimum", "▲５万円")]
    assert [i.value for i in report.repairs] == ["２"]


def test_a_day_outside_of_its_era_is_warned_of(tmp_path: Path) -> None:
    rows = ((*DIRECTORS[0], "稼働開始日"), ("D1", "", "高知", 2, "平成38年4月1日"))
    report = check_tables(tmp_path, directors=rows)
    assert ("era_over", 2, "2026-04-01") in [(i.rule, i.row, i.params.get("read")) for i in report.warnings]
    assert [i.rule for i in report.repairs] == ["read_era_over"]


def test_many_repairs_are_counted_and_bounded_and_stream_to_a_sink(tmp_path: Path) -> None:
    n = 30_000
    rows = [COMPANIES[0] + ("売上高",), *((f"C{at}", "", "高知", "売上拡大", f"{at % 7}千円") for at in range(n))]
    folder = write_folder(tmp_path, {"companies": rows})
    report = check_source(folder)
    (group,) = report.repair_groups
    assert (group.n, len(group.first), len(report.repairs)) == (n, N_FIRST, N_KEPT)
    heard: list[int | None] = []
    check_source(folder, sink=lambda issue: heard.append(issue.row) if issue.severity == "repair" else None)
    assert heard == list(range(2, n + 2))
