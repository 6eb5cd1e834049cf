"""Decisions read back from the workbook of an earlier plan, as Excel and LibreOffice save it."""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import PydanticCustomError

from matcher.domain.problem import Problem
from matcher.domain.values import is_blank, match_key, parse_choice, parse_date, parse_id, parse_text
from matcher.errors import DataError, Issue, UsageError
from matcher.io.nearest import Nearest
from matcher.io.package_size import Bulk, bulk_of
from matcher.plan.decided import Decided, DecisionRecord, EarlierMatch
from matcher.words.catalog import LANGUAGES, Sentence
from matcher.words.decisions import both
from matcher.words.facts import facts_of
from matcher.words.issues import where_text
from matcher.words.report import LABELS, digest_name, label

KINDS = (".xlsx", ".xlsm", ".xls", ".ods")
_MOST_BYTES = 200_000_000
_MOST_ROWS = 1_000_000
_NAMED = {"director_id": "director", "company_id": "company"}
"""The column that holds the name of an id."""

_HEADING_ROWS = 10
"""A heading is looked for in so many rows: people put titles above."""


@dataclass(frozen=True)
class _Sheet:
    """One sheet on which pairs are decided: where each column is, and its rows with their numbers."""

    name: str
    columns: dict[str, int]
    headings: dict[str, str]
    rows: list[tuple[int, list[object]]]

    @property
    def has_matches(self) -> bool:
        return "points" in self.columns

    def cell(self, row: Sequence[object], column: str) -> object:
        at = self.columns.get(column)
        value = None if at is None or at >= len(row) else row[at]
        return None if is_blank(value) else value


def matches_record(matches: Iterable[tuple[str, str, int]]) -> str:
    """What a workbook keeps of its matches, to tell whether somebody deleted or changed one: a count and a digest."""
    rows = sorted(matches)
    text = "\n".join(f"{len(d)}:{d}{len(c)}:{c}{points}" for d, c, points in rows)
    return f"{len(rows)} {hashlib.sha256(text.encode()).hexdigest()[:32]}"


def read_decisions(path: str | Path, problem: Problem) -> Decided:
    """What people decided in the workbook of an earlier plan, and that plan's matches.

    Parameters
    ----------
    path : a plan.xlsx, as it was written or saved again; .xls and .ods are read too
    problem : the data that are matched now

    Raises
    ------
    UsageError : ``decisions_no_file`` (path); ``decisions_kind_unknown`` (path, known)
    DataError : ``decisions_have_faults`` (path, n), with an issue for each cell: an unknown word or id, a half-filled
        row, two decisions that cannot both hold, rows that were deleted, a plan of other data
    """
    file = Path(path)
    if not file.is_file():
        raise UsageError("decisions_no_file", path=str(path))
    if file.suffix.lower() not in KINDS:
        raise UsageError("decisions_kind_unknown", path=str(path), known=KINDS)
    reader = _Reader(file.name, problem)
    decided = reader.read(_content(file))
    if reader.issues or decided is None:
        raise DataError("decisions_have_faults", issues=reader.issues, path=str(path), n=len(reader.issues))
    return decided


_Grids = dict[str, list[list[object]]]


def _content(file: Path) -> _Grids | Bulk | None:
    """Every sheet's cells by name, or what would fill the memory once unpacked; None where it is no workbook."""
    if file.stat().st_size > _MOST_BYTES:
        return None
    content = file.read_bytes()
    try:
        bulk = bulk_of(content) if content.startswith(b"PK") else None
    except zipfile.BadZipFile:  # it unpacks to another size than it says
        return None
    return _grids(file) if bulk is None else bulk


def _grids(file: Path) -> _Grids | None:
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(file))
        return {
            name: [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=_MOST_ROWS)]
            for name in book.sheet_names
        }
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a damaged file may make the Rust reader panic, which is no Exception
        return None


class _Reader:
    """One workbook while it is read; every fault of it is collected."""

    def __init__(self, file: str, problem: Problem) -> None:
        self.file, self.problem = file, problem
        self.issues: list[Issue] = []
        self._near = {
            "director_id": Nearest(map(str, problem.director_ids)),
            "company_id": Nearest(map(str, problem.company_ids)),
        }
        facts = facts_of(problem)
        self._names = {
            "director_id": {key: facts.director_name(key) for key in facts.directors},
            "company_id": {key: facts.company_name(key) for key in facts.companies},
        }

    def read(self, grids: _Grids | Bulk | None) -> Decided | None:
        if isinstance(grids, Bulk):
            self._fault("workbook_bulky", part=grids.part, n_megabytes=f"{grids.n_bytes >> 20:,}")
            return None
        if grids is None:
            self._fault("decisions_not_read")
            return None
        sheets = [sheet for name, grid in grids.items() if (sheet := _sheet(name, grid)) is not None]
        if not any(sheet.has_matches for sheet in sheets):
            self._fault("decisions_not_found")
            return None
        lines = _run_lines(grids)
        record = _first(lines, both("matches_record"))
        if record is None:
            self._fault("decisions_without_record")
            return None
        earlier = self._earlier(sheets, record)
        if self.issues:
            return None
        decisions = [one for sheet in sheets for one in self._decisions(sheet)]
        self._refuse_clashes(decisions)
        data = _first(lines, both("data_digest")) or _first(lines, _digest_items("problem")) or ""
        return Decided(
            file=self.file,
            earlier_plan=_first(lines, _digest_items("plan")) or "",
            data=self.problem.digest,
            is_other_data=data != self.problem.digest,
            decisions=tuple({(one.director_id, one.company_id): one for one in reversed(decisions)}.values())[::-1],
            earlier=tuple(earlier),
        )

    def _fault(self, rule: str, sheet: str = "", row: int | None = None, **more: object) -> None:
        column, value = more.pop("column", None), more.pop("value", None)
        heading = None if column is None else str(column)
        text = None if value is None else parse_text(value)
        self.issues.append(Issue(rule, self.file, sheet, row, heading, text, params=more))

    def _earlier(self, sheets: Sequence[_Sheet], record: str) -> list[EarlierMatch]:
        """The earlier plan's matches, as they were written."""
        sheet = next(sheet for sheet in sheets if sheet.has_matches)
        found: list[EarlierMatch] = []
        is_known = False
        for _, row in sheet.rows:
            points = sheet.cell(row, "points")
            ids = _id(sheet.cell(row, "director_id")), _id(sheet.cell(row, "company_id"))
            if ids[0] and ids[1] and isinstance(points, int | float):
                found.append(EarlierMatch(director_id=ids[0], company_id=ids[1], points=round(points)))
                is_known |= self._is_called(sheet, row, "director_id") or self._is_called(sheet, row, "company_id")
        if matches_record((one.director_id, one.company_id, one.points) for one in found) != record:
            self._fault("decisions_matches_edited", sheet.name, n=record.split()[0], found=len(found))
        elif found and not is_known:
            self._fault("decisions_of_other_run", sheet.name, value=found[0].director_id)
        return found

    def _decisions(self, sheet: _Sheet) -> list[DecisionRecord]:
        return [one for number, row in sheet.rows if (one := self._decision(sheet, number, row)) is not None]

    def _decision(self, sheet: _Sheet, number: int, row: Sequence[object]) -> DecisionRecord | None:
        """The decision of one row; None where there is none, or where it is at fault."""
        typed = sheet.cell(row, "decision")
        ids = {name: sheet.cell(row, name) for name in ("director_id", "company_id")}
        if typed is None and (sheet.has_matches or all(value is None for value in ids.values())):
            return None
        n_before = len(self.issues)
        word = self._word(sheet, number, typed)
        for name in ids:
            self._judge_id(sheet, number, name, row)
        on = self._day(sheet, number, sheet.cell(row, "on"))
        if len(self.issues) > n_before or word is None:
            return None
        return DecisionRecord(
            director_id=_id(ids["director_id"]),
            company_id=_id(ids["company_id"]),
            decision="pin" if word == "pin" else "forbid",
            reason=_text(sheet.cell(row, "why")),
            by=_text(sheet.cell(row, "by")),
            on=on,
            sheet=sheet.name,
            row=number,
        )

    def _word(self, sheet: _Sheet, number: int, typed: object) -> str | None:
        heading = sheet.headings["decision"]
        if typed is None:
            self._fault("decision_incomplete", sheet.name, number, column=heading)
            return None
        try:
            word = parse_choice("rule", typed)
        except PydanticCustomError:
            word = ""
        if word not in ("pin", "forbid"):
            self._fault("decision_word_unknown", sheet.name, number, column=heading, value=typed)
            return None
        return word

    def _is_called(self, sheet: _Sheet, row: Sequence[object], name: str) -> bool:
        """Whether the data call an id as the row does; a blank name is no other name."""
        known, typed = self._names[name].get(_id(sheet.cell(row, name))), sheet.cell(row, _NAMED[name])
        return known is not None and (typed is None or match_key(parse_text(typed)) == match_key(known))

    def _judge_id(self, sheet: _Sheet, number: int, name: str, row: Sequence[object]) -> None:
        value = sheet.cell(row, name)
        heading = sheet.headings[name]
        if value is None:
            self._fault("decision_incomplete", sheet.name, number, column=heading)
        elif _id(value) not in self._names[name]:
            near = self._near[name].of(_id(value) or parse_text(value))
            self._fault("decision_id_unknown", sheet.name, number, column=heading, value=value, near=near)
        elif not self._is_called(sheet, row, name):
            column = sheet.headings[_NAMED[name]]
            typed, known = sheet.cell(row, _NAMED[name]), self._names[name][_id(value)]
            self._fault(
                "decision_name_differs", sheet.name, number, column=column, value=typed, id=_id(value), known=known
            )

    def _day(self, sheet: _Sheet, number: int, value: object) -> str:
        if value is None:
            return ""
        try:
            return parse_date(value).isoformat()
        except PydanticCustomError:
            self._fault("decision_date_wrong", sheet.name, number, column=sheet.headings["on"], value=value)
            return ""

    def _refuse_clashes(self, decisions: Sequence[DecisionRecord]) -> None:
        """A fault for each decision that cannot hold together with one above it."""
        words: dict[tuple[str, str], DecisionRecord] = {}
        pins: dict[str, DecisionRecord] = {}
        for one in decisions:
            first = words.setdefault((one.director_id, one.company_id), one)
            if first.decision != one.decision:
                self._fault("decision_twice", one.sheet, one.row, first=self.place(first))
            if one.decision != "pin":
                continue
            other = pins.setdefault(one.company_id, one)
            if other.director_id != one.director_id:
                self._fault(
                    "decision_two_directors",
                    one.sheet,
                    one.row,
                    company_id=one.company_id,
                    other=other.director_id,
                    first=self.place(other),
                )

    def place(self, record: DecisionRecord) -> Sentence:
        """Where a decision stands, in both languages."""
        return place_text(Issue("", self.file, record.sheet, record.row))


def place_text(issue: Issue) -> Sentence:
    """Where an issue is, in both languages, to be named inside another sentence."""
    ja, en = (where_text(issue, lang).rstrip("：: ").replace("{", "{{").replace("}", "}}") for lang in LANGUAGES)
    return Sentence(ja, en)


def _sheet(name: str, grid: Sequence[list[object]]) -> _Sheet | None:
    """A sheet with columns for director, company and decision; None where it has no such heading."""
    for at, row in enumerate(grid[:_HEADING_ROWS]):
        keys = [match_key(cell) if isinstance(cell, str) else "" for cell in row]
        columns = {code: keys.index(key) for key, code in _HEADINGS.items() if key in keys}
        if {"director_id", "company_id", "decision"} <= columns.keys():
            headings = {code: parse_text(row[place]) for code, place in columns.items()}
            return _Sheet(name, columns, headings, list(enumerate(grid[at + 1 :], start=at + 2)))
    return None


def _headings() -> dict[str, str]:
    found: dict[str, str] = {}
    for code in ("director_id", "director", "company_id", "company", "points"):
        found |= {match_key(text): code for text in (LABELS[code].ja, LABELS[code].en)}
    for code in ("decision", "why", "by", "on"):
        found |= {match_key(text): code for text in both(code)}
    return found


_HEADINGS = _headings()
"""Every heading that is read, in either language → what it is."""


def _run_lines(grids: dict[str, list[list[object]]]) -> dict[str, str]:
    """Item → content of the sheet that says what the plan was made from."""
    names = (LABELS["run"].ja, LABELS["run"].en)
    rows = next((grid for name, grid in grids.items() if name in names), [])
    return {parse_text(row[0]): parse_text(row[1]) for row in rows if len(row) > 1 and not is_blank(row[1])}


def _digest_items(what: str) -> list[str]:
    return [label("digest_of", lang, name=digest_name(what, lang)) for lang in LANGUAGES]


def _first(lines: dict[str, str], items: Iterable[str]) -> str | None:
    return next((lines[item] for item in items if item in lines), None)


def _id(value: object) -> str:
    """An id as it is compared; empty where the cell holds none."""
    if value is None or isinstance(value, dt.date):
        return ""
    try:
        return parse_id(value)
    except PydanticCustomError:
        return ""


def _text(value: object) -> str:
    return "" if value is None else parse_text(value)
