"""`write_template`: an empty-handed start, as a folder of CSV files or one workbook, with example rows that pass."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matcher.domain.tables import TABLES, Column, columns_of
from matcher.errors import OutputError
from matcher.words.catalog import Lang, Sentence
from matcher.words.headings import cell_text, column_heading, heading_of
from matcher.words.reasons import reason_of
from matcher.words.template import POLICY

Cell = str | float | dt.date | None


def write_template(path: str | Path, lang: Lang, *, workbook: bool = False) -> Path:
    """Write a template with example rows and return its path.

    Parameters
    ----------
    path : the folder to write, or with `workbook` the .xlsx file (its policy goes beside it)
    lang : the language of headings, examples and comments

    Raises
    ------
    OutputError
        If something stands at `path` already (an empty folder may), or the disk refuses.
    """
    target = Path(path)
    if not target.name.strip("."):
        raise OutputError("target_without_name", path=str(target))
    try:
        if workbook:
            _write_workbook(target, lang)
        else:
            _write_folder(target, lang)
    except OSError as error:
        raise OutputError("out_not_writable", path=str(target), reason=reason_of(error)) from error
    return target


def policy_beside(workbook: Path) -> Path:
    """Return where the policy of a workbook template goes."""
    return workbook.with_name(f"{workbook.stem}-policy.yaml")


def example_rows(table: str, lang: Lang) -> list[list[Cell]]:
    """Return the example rows of a table in the order of its columns; texts in `lang`, numbers and dates as such."""
    columns = columns_of(table)
    examples = [heading_of(table, column.name).examples for column in columns]
    n_rows = max(len(values) for values in examples)
    return [
        [
            _cell(table, column, values[row] if row < len(values) else None, lang)
            for column, values in zip(columns, examples, strict=True)
        ]
        for row in range(n_rows)
    ]


def _cell(table: str, column: Column, value: object, lang: Lang) -> Cell:
    if isinstance(value, Sentence):
        return value.fill(lang)
    if value is None:
        return None
    if column.kind in ("number", "integer") and isinstance(value, int | float):
        return value
    if isinstance(value, dt.date):
        return value
    return cell_text(table, column.name, value, lang)


def _write_folder(target: Path, lang: Lang) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OutputError("target_not_empty", path=str(target))
    with _aside(target) as aside:
        aside.mkdir()
        for table in TABLES:
            # Excel reads UTF-8 only behind its mark, and expects CRLF.
            with (aside / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file, lineterminator="\r\n")
                writer.writerow(column_heading(table, column.name, lang) for column in columns_of(table))
                writer.writerows(example_rows(table, lang))
        (aside / "policy.yaml").write_text(POLICY[lang], encoding="utf-8")
        if target.exists():
            target.rmdir()
        aside.rename(target)


def _write_workbook(target: Path, lang: Lang) -> None:
    from matcher.io.template_workbook import write_workbook

    policy = policy_beside(target)
    if target.suffix.lower() != ".xlsx":
        raise OutputError("target_not_xlsx", path=str(target))
    for taken in (target, policy):
        if taken.exists():
            raise OutputError("target_not_empty", path=str(taken))
    with _aside(target) as aside, _aside(policy) as policy_aside:
        write_workbook(aside, lang)
        policy_aside.write_text(POLICY[lang], encoding="utf-8")
        policy_aside.rename(policy)
        aside.rename(target)


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """A name beside `target`; whatever still stands there at the end is removed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        yield aside
    finally:
        if aside.is_dir():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.unlink(missing_ok=True)
