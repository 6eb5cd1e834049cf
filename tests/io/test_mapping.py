"""A user's own headings, read by a mapping file."""

from __future__ import annotations

from pathlib import Path

from matcher.io import check_source, read_source
from matcher.words.issues import issue_text
from tests.io.datasets import write_folder

MAPPING = """sheets:
  companies:
    table: 企業・自治体
    columns: {申込番号: ID, 申込団体名: name, 所在地: prefecture, ご相談: goal}
    values:
      ご相談: {売上をのばす: 売上拡大}
    ignore: [メモ]
"""
COMPANIES = (("申込番号", "申込団体名", "所在地", "ご相談", "メモ"), ("C1", "柚子園", "高知", "売上をのばす", "x"))


def _mapping(tmp_path: Path, text: str = MAPPING) -> Path:
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_own_headings_and_words_are_read(tmp_path: Path) -> None:
    data = write_folder(tmp_path / "data", {"companies": COMPANIES})
    assert "column_missing" in [issue.rule for issue in check_source(data).faults]
    problem = read_source(data, mapping=_mapping(tmp_path))
    assert problem.companies[["id", "name", "goal"]].to_numpy().tolist() == [["C1", "柚子園", "raise_revenue"]]


def test_faults_of_a_mapping_name_line_and_nearest(tmp_path: Path) -> None:
    data = write_folder(tmp_path / "data", {"companies": COMPANIES})
    for wrong, rule, near in (
        ("name", "mapping_field_unknown", "name"),
        ("申込団体名", "mapping_header_missing", "申込団体名"),
    ):
        text = MAPPING.replace("申込団体名: name", "申込団体名: nama" if wrong == "name" else "申込団体: name")
        (issue,) = check_source(data, mapping=_mapping(tmp_path, text)).faults
        assert (issue.rule, issue.row) == (rule, 4)
        assert near in issue_text(issue, "ja") and near in issue_text(issue, "en")


def test_a_unit_in_a_mapped_heading_is_read_and_told(tmp_path: Path) -> None:
    rows = ((*COMPANIES[0], "年商百万円"), (*COMPANIES[1], "120"))
    data = write_folder(tmp_path / "data", {"companies": rows})
    mapping = _mapping(tmp_path, MAPPING.replace("ご相談: goal}", "ご相談: goal, 年商百万円: revenue_jpy}"))
    report = check_source(data, mapping=mapping)
    assert report.problem is not None
    assert report.problem.companies["revenue_jpy"].tolist() == [120e6]
    assert [group.first[0].rule for group in report.repair_groups] == ["read_heading_unit"]
