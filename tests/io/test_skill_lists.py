"""Several skills in one cell."""

from __future__ import annotations

from pathlib import Path

from tests.io.datasets import Rows, check_tables

SKILLS: Rows = (
    ("ディレクターID", "スキル", "レベル"),
    ("D1", "EC、商品撮影", 4),
    ("D2", "EC・商品撮影", 3),
    ("D1", "UI/UX", 2),
    ("D2", "ブランド／EC", 2),
    ("D1", "ブランディング", 5),
    ("D2", "1，000人の集客", 5),
)
NEEDS: Rows = (("企業ID", "スキル", "レベル"), ("C1", "EC", 3), ("C1", "商品撮影", 2), ("C2", "UI/UX", 2))


def test_a_list_is_one_row_for_each_skill_and_told(tmp_path: Path) -> None:
    report = check_tables(tmp_path, director_skills=SKILLS, company_needs=NEEDS)
    assert report.n_faults == 0 and report.problem is not None
    held = report.problem.tables["director_skills"]
    found = {(row.director_id, row.skill, row.level) for row in held.itertuples()}
    assert found == {
        ("D1", "EC", 4), ("D1", "商品撮影", 4), ("D2", "EC", 3), ("D2", "商品撮影", 3), ("D1", "UI/UX", 2),
        ("D2", "ブランド／EC", 2), ("D1", "ブランディング", 5), ("D2", "1，000人の集客", 5),
    }  # fmt: skip
    repairs = [(i.rule, i.row, i.value, i.params["read"]) for i in report.repairs]
    assert repairs == [
        ("read_list", 2, "EC、商品撮影", "EC + 商品撮影"),
        ("read_list", 3, "EC・商品撮影", "EC + 商品撮影"),
    ]
    doubtful = [(i.row, i.value, i.params["near"]) for i in report.warnings if i.rule == "perhaps_list"]
    assert doubtful == [(5, "ブランド／EC", ("EC",))]


def test_a_fault_below_a_list_keeps_its_row(tmp_path: Path) -> None:
    rows = (SKILLS[0], ("D1", "a、b、c", 1), ("D1", "d", 9), ("D1", "e,f".replace(",", "，"), "高"))
    report = check_tables(tmp_path, director_skills=rows)
    assert [(i.rule, i.row) for i in report.faults] == [
        ("above_maximum", 3), ("not_a_number", 4), ("not_a_number", 4),
    ]  # fmt: skip
