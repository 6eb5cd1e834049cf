"""Raw tables into canonical frames, with every bad cell reported."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain.tables import Column, column_of, columns_of
from matcher.errors import Issue
from matcher.io.cells import Verdict, explain, fill, judge, read_text
from matcher.io.faults import N_KEPT, FaultLog, as_typed
from matcher.io.heading_units import unit_of
from matcher.io.raw import RawTable
from matcher.io.total_rows import without_totals


@dataclass(frozen=True)
class CheckedTable:
    """A table whose cells have been judged.

    Attributes
    ----------
    frame : canonical columns, rows in file order; a bad cell is missing
    is_bad : column → (n_rows,) bool, bad or wrongly blank cells
    """

    raw: RawTable
    frame: pd.DataFrame
    is_bad: dict[str, npt.NDArray[np.bool_]]

    def has(self, *columns: str) -> bool:
        """Whether the file has all these columns."""
        return all(column in self.raw.columns for column in columns)

    def issue(self, rule: str, row_idx: int, column: str | None = None, **params: object) -> Issue:
        """Return an issue about a row, or about one of its cells."""
        raw = self.raw
        value = None
        if column is not None and column in raw.columns:
            cell = raw.columns[column].cell(row_idx)
            value = None if cell is None else as_typed(cell)
        heading = None if column is None else raw.headers.get(column, column)
        known = {"table": raw.table} | ({} if column is None else {"field": column})
        return Issue(rule, raw.file, raw.sheet, int(raw.rows[row_idx]), heading, value, params=known | params)


def check_table(raw: RawTable, log: FaultLog) -> CheckedTable:
    """Return a table with its cells parsed; report every bad cell, row by row."""
    raw = without_totals(raw, log)
    n_rows = raw.rows.size
    series: dict[str, pd.Series] = {}
    bad: dict[str, npt.NDArray[np.bool_]] = {}
    verdicts: dict[str, Verdict] = {}
    for column in columns_of(raw.table):
        cells = raw.columns.get(column.name)
        verdict = None if cells is None else judge(column, cells.cells, times=_times(raw, column, log))
        series[column.name] = fill(column, cells, verdict, n_rows)
        if cells is not None and verdict is not None:
            verdicts[column.name] = verdict
            # The last place answers for code −1: a blank cell is bad where one is required.
            bad[column.name] = np.append(verdict.is_bad, column.is_required)[cells.codes]
    checked = CheckedTable(raw, pd.DataFrame(series), bad)
    _report(checked, verdicts, log)
    for name, verdict in verdicts.items():
        if verdict.repairs:
            _report_repairs(checked, column_of(raw.table, name), verdict, log)
    return checked


def _times(raw: RawTable, column: Column, log: FaultLog) -> int:
    """How many of a column's units one of its numbers stands for; a heading with another unit is a fault."""
    heading = raw.headers[column.name]
    unit = unit_of(raw.table, column, heading)
    params = {"table": raw.table, "field": column.name, "unit_typed": unit.typed, "read": f"×{unit.times:,}"}
    place = Issue("", raw.file, raw.sheet, column=heading, value=unit.typed, params=params)
    if unit.is_clash:
        log.fault(replace(place, rule="heading_unit"))
    elif unit.times != 1 and raw.columns[column.name].cells:
        log.repair(replace(place, rule="read_heading_unit"))
    return unit.times


def _report(checked: CheckedTable, verdicts: dict[str, Verdict], log: FaultLog) -> None:
    columns: list[Column] = [column for column in columns_of(checked.raw.table) if column.name in checked.is_bad]
    hits = [np.flatnonzero(checked.is_bad[column.name]) for column in columns]
    if not any(hit.size for hit in hits):
        return
    row_idx = np.concatenate(hits)
    column_idx = np.repeat(np.arange(len(columns)), [hit.size for hit in hits])
    for at in np.lexsort((column_idx, row_idx)):
        column, row = columns[column_idx[at]], int(row_idx[at])
        log.fault(_cell_issue(checked, column, row, verdicts[column.name], log.wants_detail))


def _report_repairs(checked: CheckedTable, column: Column, verdict: Verdict, log: FaultLog) -> None:
    """Report every cell of a column that was read although it is not written as it should be, one kind at a time."""
    codes = checked.raw.columns[column.name].codes
    for rule in dict.fromkeys(verdict.repairs.values()):
        is_of_rule = np.zeros(len(verdict.rules) + 1, dtype=np.bool_)
        is_of_rule[[idx for idx, repair in verdict.repairs.items() if repair == rule]] = True
        rows = np.flatnonzero(is_of_rule[codes])
        for at, row in enumerate(rows):
            shown = read_text(column, verdict.values[codes[row]])
            issue = checked.issue(rule, int(row), column.name, read=shown)
            if not log.wants_repairs:
                log.repair(issue, rows.size - at)
                break
            log.repair(issue)
        if rule == "read_era_over":
            for row in rows[:N_KEPT]:
                shown = read_text(column, verdict.values[codes[row]])
                log.warn(checked.issue("era_over", int(row), column.name, read=shown))


def _cell_issue(checked: CheckedTable, column: Column, row_idx: int, verdict: Verdict, is_detailed: bool) -> Issue:
    code = checked.raw.columns[column.name].codes[row_idx]
    if code < 0:
        return checked.issue("required_blank", row_idx, column.name)
    rule = str(verdict.rules[code])
    params: dict[str, object] = {"low": column.low, "high": column.high, "above": column.above}
    if is_detailed:  # pydantic looks at the bad cells only, and only at those that are shown
        told = explain(checked.raw.table, column.name, checked.raw.columns[column.name].cells[code])
        if told is not None:
            rule, details = told
            params |= details
    return checked.issue(rule, row_idx, column.name, **{k: v for k, v in params.items() if v is not None})
