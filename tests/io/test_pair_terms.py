"""What a pair says of its own: hours by pair are read like any table, and fixed engagements are checked like pins."""

from __future__ import annotations

from pathlib import Path

from matcher.io import check_source
from tests.io.datasets import DIRECTORS, check_tables, rules, write_folder

HOURS = ("ディレクターID", "企業ID", "必要稼働時間")
ENGAGED = ("ディレクターID", "企業ID", "稼働時間", "終了予定日")


def test_hours_by_pair_are_read_under_their_japanese_name(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"組合せ別稼働時間": (HOURS, ("D1", "C2", "7.5"))})
    problem = check_source(folder).problem
    assert problem is not None
    assert problem.tables["pair_hours"].to_numpy().tolist() == [["D1", "C2", 7.5]]


def test_hours_by_pair_must_name_whom_they_are_about(tmp_path: Path) -> None:
    rows = (HOURS, ("D1", "C9", 5), ("D1", "C1", -1), ("D1", "C2", ""), ("D2", "C2", 1), ("D2", "C2", 2))
    report = check_tables(tmp_path, pair_hours=rows)
    assert sorted(rules(report)) == ["below_minimum", "duplicate_row", "required_blank", "unknown_id"]


def test_fixed_engagement_that_breaks_a_hard_rule_names_its_row(tmp_path: Path) -> None:
    directors = ((*DIRECTORS[0], "状態"), ("D1", "", "高知", 1, "休止"), ("D2", "", "高知", 1, ""))
    engagements = (ENGAGED, ("D2", "C1", "", ""), ("D1", "C1", "", ""))
    report = check_tables(tmp_path / "free", directors=directors, engagements=engagements)
    assert rules(report) == []
    folder = tmp_path / "fixed"
    folder.mkdir()
    (folder / "policy.yaml").write_text("engagements: {fixed: true}\n", encoding="utf-8")
    report = check_tables(folder, directors=directors, engagements=engagements)
    (fault,) = report.faults
    assert (fault.rule, fault.file, fault.row) == ("fixed_engagement_breaks_hard_rule", "engagements.csv", 3)
    assert fault.params["failed"] == ("in_service",)
    assert "engagement_breaks_rule" not in [warning.rule for warning in report.warnings]
