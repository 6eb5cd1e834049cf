"""Mapping files read: every fault with its line and column, and the nearest word that is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from matcher.domain.tables import TABLES, column_of, columns_of
from matcher.domain.values import match_key
from matcher.errors import UsageError
from matcher.io.cells import explain, judge
from matcher.io.faults import FaultLog
from matcher.io.mapping import ColumnMapping, TableTerms
from matcher.io.nearest import Nearest
from matcher.io.policy_file import validated
from matcher.io.yaml_text import Keys, YamlText, read_yaml
from matcher.words import headings

Words = dict[str, str]


class SheetMapping(BaseModel):
    """One sheet or file: which table it holds, and its own words for columns and values."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    columns: dict[str, str] = {}
    ignore: tuple[str, ...] = ()
    fixed: dict[str, Any] = {}  # Any: YAML values, taken as they were typed
    values: dict[str, dict[str, Any]] = {}


class MappingFile(BaseModel):
    """The content of a mapping file. `ignore`: sheets and files that are not read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheets: dict[str, SheetMapping]
    ignore: tuple[str, ...] = ()


def read_mapping(path: Path, log: FaultLog) -> ColumnMapping | None:
    """Return a mapping, or None after reporting all its faults.

    Raises
    ------
    UsageError : ``mapping_not_found``
    """
    try:
        is_there = path.is_file()
    except OSError:
        is_there = False
    if not is_there:
        raise UsageError("mapping_not_found", path=str(path))
    n_before = log.n_faults
    text = read_yaml(path, log, shown=path.name)
    file = None if text is None else validated(MappingFile, text, log)
    if text is None or file is None:
        return None
    sheets: dict[str, TableTerms] = {}
    for name, sheet in file.sheets.items():
        at: Keys = ("sheets", name)
        table = _table(sheet.table, (*at, "table"), text, log)
        if table is None:
            continue
        if table in sheets:
            params = {"table": table, "first": sheets[table].sheet}
            log.fault(text.issue("mapping_table_twice", (*at, "table"), sheet.table, **params))
            continue
        sheets[table] = _Sheet(name, table, sheet, text, log).terms()
    if log.n_faults > n_before:
        return None
    return ColumnMapping(path.as_posix(), sheets, file.ignore, text)


def _table(typed: str, at: Keys, text: YamlText, log: FaultLog) -> str | None:
    known = headings.tables_by_name()
    found = known.get(headings.name_key(typed))
    if found is None:
        names = [name for table in TABLES for name in (table, headings.sheet_of(table).ja)]
        params = {"near": Nearest(names).of(typed), "known_tables": tuple(TABLES)}
        log.fault(text.issue("mapping_table_unknown", at, typed, **params))
    return found


class _Sheet:
    """One sheet's part of a mapping, judged key by key."""

    def __init__(self, name: str, table: str, sheet: SheetMapping, text: YamlText, log: FaultLog) -> None:
        self._at: Keys = ("sheets", name)
        self._name, self._table, self._sheet, self._text, self._log = name, table, sheet, text, log

    def terms(self) -> TableTerms:
        """What the sheet says that can be used; faults are reported."""
        headers = self._headers()
        fixed = self._fixed(headers)
        words = self._words(headers)
        return TableTerms(self._table, self._name, headers, self._sheet.ignore, fixed, words, self._text)

    def _headers(self) -> Words:
        headers: Words = {}
        by_field: Words = {}
        ignored = set(map(headings.name_key, self._sheet.ignore))
        for typed, field in self._sheet.columns.items():
            at = (*self._at, "columns", typed)
            if headings.name_key(typed) in ignored:
                self._fault("mapping_header_ignored", at, typed)
                continue
            name = self._field(field, at)
            if name is None:
                continue
            if name in by_field:
                self._fault("mapping_field_twice", at, typed, field=name, first=by_field[name])
                continue
            if headings.name_key(typed) in map(headings.name_key, headers):
                self._fault("mapping_header_twice", at, typed)
                continue
            headers[typed], by_field[name] = name, typed
        return headers

    def _fixed(self, headers: Words) -> Words:
        fixed: Words = {}
        for field, value in self._sheet.fixed.items():
            at = (*self._at, "fixed", field)
            name = self._field(field, at)
            if name is None:
                continue
            first = next((typed for typed, column in headers.items() if column == name), None)
            if first is not None or name in fixed:
                self._fault("mapping_field_twice", at, field, field=name, first=first or field)
                continue
            typed = self._scalar(value, at)
            if typed == "":
                self._log.fault(self._text.issue("text_empty", at))
            elif typed is not None and self._holds(name, typed, at):
                fixed[name] = typed
        return fixed

    def _words(self, headers: Words) -> dict[str, Words]:
        found: dict[str, Words] = {}
        for heading, pairs in self._sheet.values.items():
            at = (*self._at, "values", heading)
            name = TableTerms(self._table, headers=headers).column(heading)
            if name is None:
                near = Nearest(headers).of(heading)
                self._fault("mapping_values_of_unknown", at, heading, near=near)
                continue
            words = found.setdefault(name, {})
            for theirs, ours in pairs.items():
                here = (*at, theirs)
                typed = self._scalar(ours, here)
                if match_key(theirs) in words:
                    self._log.fault(self._text.issue("named_twice", here, theirs))
                elif typed is not None and (typed == "" or self._holds(name, typed, here)):
                    words[match_key(theirs)] = typed
        return found

    def _field(self, typed: str, at: Keys) -> str | None:
        name = headings.column_named(self._table, typed)
        if name is None:
            columns = [column.name for column in columns_of(self._table)]
            known = [text for column in columns for text in (column, headings.heading_of(self._table, column).ja)]
            self._fault("mapping_field_unknown", at, typed, known_fields=columns, near=Nearest(known).of(typed))
        return name

    def _scalar(self, value: object, at: Keys) -> str | None:
        """A value as it was typed, so that a code keeps its zeros; None after reporting that it is no single value."""
        if isinstance(value, dict | list):
            self._log.fault(self._text.issue("mapping_not_a_value", at))
            return None
        return value if isinstance(value, str) else "" if value is None else self._text.typed.get(at, str(value))

    def _holds(self, name: str, typed: str, at: Keys) -> bool:
        """Whether a column can hold a value; reported as a cell's fault would be."""
        column = column_of(self._table, name)
        rule = judge(column, [typed]).rules[0]
        if rule is None:
            return True
        told = explain(self._table, name, typed)
        details: dict[str, Any] = {} if told is None else dict(told[1])
        limits = {"low": column.low, "high": column.high, "above": column.above}
        params = {key: limit for key, limit in limits.items() if limit is not None} | details
        self._fault(str(rule) if told is None else told[0], at, typed, field=name, **params)
        return False

    def _fault(self, rule: str, at: Keys, value: object, **params: object) -> None:
        self._log.fault(self._text.issue(rule, at, value, table=self._table, **params))
