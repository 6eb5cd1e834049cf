from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from matcher.domain.policy import Policy
from matcher.domain.problem import build_problem, dtype_of, empty_table
from matcher.domain.tables import TABLES, column_of, columns_of


def frame(table: str, **columns: list[object]) -> pd.DataFrame:
    """A table in canonical dtypes from some of its columns; the others are missing or their defaults."""
    n_rows = len(next(iter(columns.values())))
    series = {}
    for column in columns_of(table):
        blank = empty_table(table)[column.name]
        given = columns.get(column.name)
        default = column.default if column.default is not None else 0 if dtype_of(column) == "int64" else None
        series[column.name] = pd.Series(given or [default] * n_rows, dtype=blank.dtype)
    return pd.DataFrame(series)


COMPANIES = frame("companies", id=["C2", "C1"], prefecture=[39, 13], goal=["other", "other"], commitment=[np.nan, 2.0])
RATINGS = frame("ratings", subject_id=["C2", "C2"], field=["commitment"] * 2, rater=["a", "b"], rating=[3.0, 4.0])


def test_every_table_is_there_and_rows_are_in_key_order() -> None:
    problem = build_problem({"companies": COMPANIES})
    assert set(problem.tables) == set(TABLES)
    assert problem.company_ids.tolist() == ["C1", "C2"]
    assert problem.directors.empty
    assert COMPANIES["id"].tolist() == ["C2", "C1"]  # the input is not changed


def test_ids_and_indices() -> None:
    problem = build_problem({"companies": COMPANIES})
    assert problem.company_idx(["C2", "C9", "C1"]).tolist() == [1, -1, 0]
    assert problem.director_idx(["D1"]).tolist() == [-1]


def test_the_mean_of_ratings_stands_in_where_there_is_one() -> None:
    problem = build_problem({"companies": COMPANIES, "ratings": RATINGS})
    assert problem.companies["commitment"].tolist() == [2.0, 3.5]


def test_the_digest_does_not_depend_on_the_order_of_rows() -> None:
    one = build_problem({"companies": COMPANIES, "ratings": RATINGS})
    other = build_problem({"companies": COMPANIES.iloc[::-1], "ratings": RATINGS.iloc[::-1]}, title="x", source="y")
    assert one.digest == other.digest
    assert one.digest == one.with_policy(Policy(keep_points=1)).digest
    changed = COMPANIES.assign(priority=2.0)
    assert build_problem({"companies": changed, "ratings": RATINGS}).digest != one.digest


def test_rows_with_equal_keys_are_ordered_by_their_other_columns() -> None:
    twice = pd.concat([RATINGS, RATINGS.assign(rating=1.0)], ignore_index=True)
    one, other = build_problem({"ratings": twice}), build_problem({"ratings": twice.iloc[::-1]})
    assert one.digest == other.digest
    assert one.tables["ratings"]["rating"].tolist() == [1.0, 3.0, 1.0, 4.0]


@pytest.mark.parametrize(
    ("table", "column", "dtype"),
    [
        ("directors", "max_companies", "int64"),
        ("companies", "months", "int64"),
        ("companies", "priority", "float64"),
        ("companies", "employees", "float64"),
        ("companies", "prefecture", "int64"),
        ("company_needs", "must", "bool"),
        ("companies", "start", "datetime64[s]"),
        ("companies", "goal", "str"),
    ],
)
def test_canonical_dtypes(table: str, column: str, dtype: str) -> None:
    assert dtype_of(column_of(table, column)) == dtype
    assert str(empty_table(table)[column].dtype) == dtype


@pytest.mark.parametrize(
    ("column", "value", "is_same"),
    [("name", "い", False), ("name", None, False), ("note", "n", True), ("priority", 2.0, False)],
)
def test_the_digest_after_a_change_is_that_of_tables_read_anew(column: str, value: object, is_same: bool) -> None:
    companies = frame("companies", id=["a", "b", "c"], name=["あ", None, "x:1"], note=[None, None, "n"])
    problem = build_problem({"companies": companies})
    before = problem.digest
    changed = problem.companies.copy()
    changed.loc[2, column] = value
    after = problem.with_tables({"companies": changed})
    assert after.digest == build_problem({"companies": changed.copy()}).digest
    assert (after.digest == before) == is_same
