"""Cells into values: each different cell of a column is judged once, by the rules its row model declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, ValidationError, create_model
from pydantic_core import PydanticCustomError

from matcher.domain import geography, industries, values
from matcher.domain.problem import NO_PREFECTURE, dtype_of
from matcher.domain.tables import TABLES, Column
from matcher.io.raw import ErrorCell, RawColumn

_PLAIN_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)").fullmatch

_RULE_OF_TYPE = {
    "greater_than_equal": "below_minimum",
    "less_than_equal": "above_maximum",
    "greater_than": "not_above",
    "string_too_short": "required_blank",
}


@dataclass(frozen=True)
class Verdict:
    """What the different cells of a column are worth.

    Attributes
    ----------
    values : (n_cells,) parsed values; what stands at a bad cell means nothing
    rules : (n_cells,) the rule a cell breaks, or None
    repairs : position of a cell → the rule code of what had to be repaired in it
    """

    values: npt.NDArray[np.generic] | list[object]
    rules: npt.NDArray[np.object_]
    repairs: dict[int, str] = field(default_factory=dict)

    @property
    def is_bad(self) -> npt.NDArray[np.bool_]:
        """(n_cells,) whether a cell breaks a rule."""
        return np.fromiter((rule is not None for rule in self.rules), dtype=np.bool_, count=len(self.rules))


def judge(column: Column, cells: Sequence[object], *, times: int = 1) -> Verdict:
    """Return the values of different, non-blank cells, and the rule each bad one breaks.

    Parameters
    ----------
    times : how many of the column's units a number without a unit of its own stands for
    """
    verdict = _judge_kind(column, cells, times)
    for idx, cell in enumerate(cells):
        if type(cell) is ErrorCell:
            verdict.rules[idx] = cell.rule
    for idx in [idx for idx in verdict.repairs if verdict.rules[idx] is not None]:
        del verdict.repairs[idx]  # a fault is told once
    return verdict


def read_text(column: Column, value: object) -> str:
    """Return a value that was read as a message shows it: 12000000, 2026-04-01, 392014."""
    if column.kind in ("number", "integer"):
        number = float(str(value))
        return str(int(number)) if number.is_integer() else repr(number)
    return str(value)[:10] if column.kind == "date" else str(value)


def _judge_kind(column: Column, cells: Sequence[object], times: int) -> Verdict:
    if column.kind in ("number", "integer"):
        return _judge_numbers(column, cells, times)
    rules = np.full(len(cells), None, dtype=object)
    if column.kind in ("text", "skill"):
        return Verdict([values.parse_text(cell) for cell in cells], rules)
    parse = _parser(column)
    found: list[object] = [None] * len(cells)
    repairs: dict[int, str] = {}
    for idx, cell in enumerate(cells):
        try:
            found[idx], repair = parse(cell)
        except PydanticCustomError as error:
            rules[idx] = error.type
            continue
        if repair is not None:
            repairs[idx] = repair
    return Verdict(found, rules, repairs)


def fill(column: Column, raw: RawColumn | None, verdict: Verdict | None, n_rows: int) -> pd.Series:
    """Return a column in its canonical dtype: defaults where cells are blank, missing where they are bad."""
    dtype = dtype_of(column)
    if raw is None or verdict is None:
        raw, verdict = RawColumn(np.full(n_rows, -1, dtype=np.int64), []), Verdict([], np.empty(0, dtype=object))
    default = column.default
    if dtype == "str":
        good = [None if bad else value for value, bad in zip(verdict.values, verdict.is_bad, strict=True)]
        pool = pd.array([*good, default], dtype="str")
        return pd.Series(pool.take(np.where(raw.codes < 0, len(good), raw.codes)))
    blank: object = {"int64": NO_PREFECTURE, "float64": np.nan, "bool": False}.get(dtype, np.datetime64("NaT"))
    pool_values = np.full(len(verdict.rules) + 1, blank, dtype=dtype)
    good_idx = np.flatnonzero(~verdict.is_bad)
    if isinstance(verdict.values, np.ndarray):
        pool_values[good_idx] = verdict.values[good_idx]
    else:
        for idx in good_idx:
            pool_values[idx] = verdict.values[idx]
    if default is not None:
        pool_values[-1] = default
    return pd.Series(pool_values[raw.codes])


def explain(table: str, column: str, cell: object) -> tuple[str, Mapping[str, object]] | None:
    """Return the rule that the row model says a cell breaks, and what fills its sentence, or None if it is fine."""
    if isinstance(cell, ErrorCell):
        return cell.rule, {}
    try:
        _cell_model(table, column)(**{column: cell})
    except ValidationError as errors:
        first = errors.errors(include_url=False)[0]
        rule = _RULE_OF_TYPE.get(first["type"], first["type"])
        limits = {"ge": "low", "le": "high", "gt": "above"}
        return rule, {limits.get(key, key): value for key, value in first.get("ctx", {}).items()}
    return None


@cache
def _cell_model(table: str, column: str) -> type[BaseModel]:
    field = TABLES[table].row.model_fields[column]
    return create_model(f"{table}_{column}", **{column: (field.annotation, field)})  # type: ignore[call-overload,no-any-return]


def _judge_numbers(column: Column, cells: Sequence[object], times: int) -> Verdict:
    numbers = np.full(len(cells), np.nan)
    rules = np.full(len(cells), None, dtype=object)
    repairs: dict[int, str] = {}
    if set(map(type, cells)) == {float}:
        numbers[:] = cells
        cells = ()
    for idx, cell in enumerate(cells):
        if isinstance(cell, str) and _PLAIN_NUMBER(cell):
            numbers[idx] = float(cell)
            continue
        try:
            numbers[idx], repair = values.number_and_repair(cell, column.unit)
        except PydanticCustomError as error:
            rules[idx] = error.type
            continue
        if repair is not None:
            repairs[idx] = repair
    if times != 1:
        has_own_unit = [idx for idx, repair in repairs.items() if repair == "read_unit"]
        own = numbers[has_own_unit]
        numbers = np.round(numbers * times, 6)
        numbers[has_own_unit] = own
    rules[~np.isfinite(numbers)] = "not_a_number"
    fine = np.isfinite(numbers)
    checks: list[tuple[str, npt.NDArray[np.bool_]]] = []
    if column.kind == "integer":
        checks.append(("not_whole", numbers != np.floor(numbers)))
    if column.low is not None:
        checks.append(("below_minimum", numbers < column.low))
    if column.above is not None:
        checks.append(("not_above", numbers <= column.above))
    if column.high is not None:
        checks.append(("above_maximum", numbers > column.high))
    for rule, broken in checks:
        rules[fine & broken] = rule
        fine &= ~broken
    return Verdict(numbers, rules, repairs)


def _parser(column: Column) -> Callable[[object], tuple[object, str | None]]:
    """Return what gives a cell's value and what had to be repaired in it; those that would look for a hint at every bad
    cell come without it.
    """
    if column.kind == "date":
        return _parse_day
    plain: dict[str, Callable[[object], object]] = {
        "id": values.parse_id,
        "flag": values.parse_flag,
        "choice": partial(values.parse_choice, column.choices),
        "prefecture": _parse_prefecture,
        "industry": _parse_industry,
        "municipality": values.parse_municipality,
        "corporate_number": values.parse_corporate_number,
    }
    parse = plain[column.kind]

    if column.kind == "id":
        return lambda cell: (values.parse_id(cell), None)

    def parse_and_repair(cell: object) -> tuple[object, str | None]:
        value = parse(cell)
        return value, values.repair_of(column.kind, cell, value)

    return parse_and_repair


def _parse_day(cell: object) -> tuple[np.datetime64, str | None]:
    day, repair = values.date_and_repair(cell)
    return np.datetime64(day, "s"), repair


def _parse_prefecture(cell: object) -> int:
    code = geography.prefecture_code(values.parse_text(cell))
    if code is None:
        raise PydanticCustomError("unknown_prefecture", "unknown prefecture")
    return code


def _parse_industry(cell: object) -> str:
    letter = industries.industry_letter(values.parse_text(cell))
    if letter is None:
        raise PydanticCustomError("unknown_industry", "unknown industry")
    return letter
