"""Tiny data sets as files, for the tests of the input side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matcher.io import CheckReport, check_source
from matcher.words.catalog import LANGUAGES
from matcher.words.issues import issue_text

Rows = Sequence[Sequence[object]]

DIRECTORS: Rows = (
    ("ID", "氏名", "拠点都道府県", "担当可能社数"),
    ("D1", "髙橋", "高知", 2),
    ("D2", "𠮷田", "東京都", 1),
)
COMPANIES: Rows = (
    ("ID", "名称", "都道府県", "目的"),
    ("C1", "柚子園", "高知県", "売上拡大"),
    ("C2", "工房", "愛媛", "市場拡大"),
)


def write_folder(folder: Path, tables: Mapping[str, Rows] | None = None, *, encoding: str = "utf-8") -> Path:
    """Write a folder of CSV files: the tiny data set with some of its tables replaced or added."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in {"directors": DIRECTORS, "companies": COMPANIES, **(tables or {})}.items():
        text = "".join(",".join(str(cell) for cell in row) + "\r\n" for row in rows)
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    return folder


def rules(report: CheckReport) -> list[str]:
    """The rule of each fault, in order."""
    return [issue.rule for issue in report.faults]


def check_tables(folder: Path, **tables: Rows) -> CheckReport:
    """Check the tiny data set with some of its tables replaced or added; every issue must read in both languages."""
    report = check_source(write_folder(folder, tables))
    for issue in (*report.faults[:50], *report.warnings, *report.notes):
        for lang in LANGUAGES:
            text = issue_text(issue, lang)
            assert text.count("\n") == 1 and "{" not in text and "()" not in text and "「」" not in text, text
    return report
