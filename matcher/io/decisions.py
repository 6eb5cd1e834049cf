"""Decisions read back from the workbook of an earlier plan, as Excel and LibreOffice save it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic_core import PydanticCustomError

from matcher.domain.problem import Problem
from matcher.domain.values import is_blank, match_key, parse_choice, parse_date, parse_id, parse_text
from matcher.errors import DataError, Issue, UsageError
from matcher.io.decided_sheets import OWN_SHEETS, DecisionSheet, Grids, content_of, missing_headings, sheet_of
from matcher.io.nearest import Nearest
from matcher.io.package_size import Bulk
from matcher.io.raw import ErrorCell
from matcher.plan.decided import Decided, DecisionRecord, EarlierMatch
from matcher.words.catalog import LANGUAGES, Sentence
from matcher.words.decisions import both
from matcher.words.facts import facts_of
from matcher.words.issues import where_text
from matcher.words.report import LABELS, digest_name, label

KINDS = (".xlsx", ".xlsm", ".xls", ".ods")


_NAMED = {"director_id": "director", "company_id": "company"}
"""The column that holds the name of an id."""


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
    decided = reader.read(content_of(file))
    if reader.issues or decided is None:
        raise DataError("decisions_have_faults", issues=reader.issues, path=str(path), n=len(reader.issues))
    return decided


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

    def read(self, grids: Grids | Bulk | None) -> Decided | None:
        if isinstance(grids, Bulk):
            self._fault("workbook_bulky", part=grids.part, n_megabytes=f"{grids.n_bytes >> 20:,}")
            return None
        if grids is None:
            self._fault("decisions_not_read")
            return None
        sheets = [sheet for name, grid in grids.items() if (sheet := sheet_of(name, grid)) is not None]
        self._refuse_lost_headings(grids, {sheet.name for sheet in sheets})
        if self.issues:
            return None
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
            decisions=_joined(decisions),
            earlier=tuple(earlier),
        )

    def _fault(self, rule: str, sheet: str = "", row: int | None = None, **more: object) -> None:
        column, value = more.pop("column", None), more.pop("value", None)
        heading = None if column is None else str(column)
        text = None if value is None else parse_text(value)
        self.issues.append(Issue(rule, self.file, sheet, row, heading, text, params=more))

    def _refuse_lost_headings(self, grids: Grids, found: set[str]) -> None:
        """A sheet of ours whose headings were renamed or deleted would be passed over, with all its decisions."""
        for name, wanted in OWN_SHEETS.items():
            if name in grids and name not in found:
                missing = missing_headings(grids[name], wanted)
                self._fault("decisions_heading_missing", name, headings=missing)

    def _earlier(self, sheets: Sequence[DecisionSheet], record: str) -> list[EarlierMatch]:
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

    def _decisions(self, sheet: DecisionSheet) -> list[DecisionRecord]:
        return [one for number, row in sheet.rows if (one := self._decision(sheet, number, row)) is not None]

    def _decision(self, sheet: DecisionSheet, number: int, row: Sequence[object]) -> DecisionRecord | None:
        """The decision of one row; None where there is none, or where it is at fault."""
        errors = {name: cell for name in sheet.columns if isinstance(cell := sheet.cell(row, name), ErrorCell)}
        for name in errors.keys() & {"decision", "director_id", "company_id", "why", "by", "on"}:
            self._fault(errors[name].rule, sheet.name, number, column=sheet.headings[name], value=str(errors[name]))
        if errors:
            return None
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

    def _word(self, sheet: DecisionSheet, number: int, typed: object) -> str | None:
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

    def _is_called(self, sheet: DecisionSheet, row: Sequence[object], name: str) -> bool:
        """Whether the data call an id as the row does; a blank name is no other name."""
        known, typed = self._names[name].get(_id(sheet.cell(row, name))), sheet.cell(row, _NAMED[name])
        return known is not None and (typed is None or match_key(parse_text(typed)) == match_key(known))

    def _judge_id(self, sheet: DecisionSheet, number: int, name: str, row: Sequence[object]) -> None:
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

    def _day(self, sheet: DecisionSheet, number: int, value: object) -> str:
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


def _joined(decisions: Sequence[DecisionRecord]) -> tuple[DecisionRecord, ...]:
    """One decision a pair, in their order; where two rows say the same, with the reasons and people of both."""
    found: dict[tuple[str, str], DecisionRecord] = {}
    for one in decisions:
        first = found.setdefault((one.director_id, one.company_id), one)
        both_say = {name: _both(getattr(first, name), getattr(one, name)) for name in ("reason", "by", "on")}
        found[one.director_id, one.company_id] = first.model_copy(update=both_say)
    return tuple(found.values())


def _both(one: str, other: str) -> str:
    return one if not other or other in one.split("; ") else f"{one}; {other}" if one else other


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
