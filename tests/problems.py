"""A tiny builder of Problems for tests: say what matters, the rest is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from matcher.domain.policy import Policy
from matcher.domain.problem import Problem, build_problem, dtype_of, empty_table
from matcher.domain.tables import TABLES, columns_of

Row = Mapping[str, Any]

FILLED_IN: Mapping[str, Row] = {
    "directors": {"prefecture": "Kochi", "max_companies": 1},
    "director_skills": {"level": 3},
    "director_regions": {"knowledge": 3},
    "director_results": {"rating": 3},
    "companies": {"prefecture": "Kochi", "goal": "raise_revenue"},
    "company_needs": {"level": 3},
    "person_skills": {"level": 3},
    "pairs": {"rule": "pin"},
}


def small_problem(
    directors: Sequence[Row] | int = 1,
    companies: Sequence[Row] | int = 1,
    *,
    policy: Mapping[str, Any] | None = None,
    **tables: Sequence[Row],
) -> Problem:
    """A Problem from rows as people write them.

    Rows are parsed by the row models (``"Kochi"``, ``"○"`` and ``"2026-04-01"`` are fine). A number of directors or
    companies stands for that many rows; ids count d1, d2, … and c1, c2, … where none is given. Missing required
    fields come from FILLED_IN.

    Example
    -------
    >>> small_problem(companies=[{}, {"hours_per_month": 40}]).company_ids.tolist()
    ['c1', 'c2']
    """
    rows = {"directors": _rows(directors), "companies": _rows(companies), **tables}
    unknown = set(rows) - set(TABLES)
    if unknown:
        raise ValueError(f"no table named {sorted(unknown)}")
    for name, letter in (("directors", "d"), ("companies", "c"), ("people", "p")):
        rows[name] = [{"id": f"{letter}{n}", **row} for n, row in enumerate(rows.get(name, ()), start=1)]
    frames = {name: _frame(name, some) for name, some in rows.items()}
    return build_problem(frames, policy=Policy.model_validate(policy or {}), title="small", source="tests")


def _rows(given: Sequence[Row] | int) -> Sequence[Row]:
    return [{} for _ in range(given)] if isinstance(given, int) else given


def _frame(name: str, rows: Sequence[Row]) -> pd.DataFrame:
    if not rows:
        return empty_table(name)
    model, known = TABLES[name].row, {column.name for column in columns_of(name)}
    for row in rows:
        if set(row) - known:
            raise ValueError(f"{name} has no column {sorted(set(row) - known)}")
    parsed = [model.model_validate({**FILLED_IN.get(name, {}), **row}).model_dump() for row in rows]
    columns = {}
    for column in columns_of(name):
        cells = [row[column.name] for row in parsed]
        if column.kind == "prefecture":
            cells = [0 if cell is None else cell for cell in cells]
        columns[column.name] = pd.Series(cells, dtype="object").astype(dtype_of(column))
    return pd.DataFrame(columns)
