from __future__ import annotations

import pytest
from pydantic import ValidationError

from matcher.domain.tables import NO_REPAIRS, TABLES, CompanyRow, PairRow, column_of, columns_of


def test_every_table_declares_its_key_among_its_columns() -> None:
    for table in TABLES.values():
        assert set(table.key) <= {column.name for column in columns_of(table.name)}
        assert all(column_of(table.name, key).is_required for key in table.key)


def test_columns_are_read_off_the_row_models() -> None:
    level = column_of("company_needs", "level")
    assert (level.kind, level.is_required, level.low, level.high, level.above) == ("integer", True, 1, 5, None)
    priority = column_of("companies", "priority")
    assert (priority.kind, priority.default, priority.low, priority.above, priority.high) == (
        "number",
        1.0,
        None,
        0,
        1000,
    )
    rating = column_of("companies", "commitment")
    assert (rating.is_required, rating.default, rating.low, rating.high) == (False, None, 1, 5)
    assert column_of("ties", "to_id").refers == ("directors", "people")
    assert column_of("engagements", "company_id").refers == ()
    assert column_of("pairs", "kind").choices == "conflict_kind"
    assert column_of("ratings", "field").choices == "rated_field"


def test_references_name_tables_with_an_id() -> None:
    for table in TABLES:
        for column in columns_of(table):
            assert all(column_of(name, "id").kind == "id" for name in column.refers)


def test_a_row_takes_what_people_write() -> None:
    row = CompanyRow.model_validate({"id": 7, "prefecture": "高知", "goal": "売上アップ", "start": "2026/4/1"})
    assert (row.id, row.prefecture, row.goal, row.months, row.priority, row.commitment) == (
        "7",
        39,
        "raise_revenue",
        4,
        1.0,
        None,
    )


@pytest.mark.parametrize(
    ("value", "rule"), [(1.01, "less_than_equal"), (-1.01, "greater_than_equal"), ("ぜひ", "not_a_number")]
)
def test_a_wish_is_from_minus_1_to_1(value: object, rule: str) -> None:
    with pytest.raises(ValidationError) as caught:
        PairRow.model_validate({"director_id": "D1", "company_id": "C1", "rule": "wish_company", "value": value})
    assert [error["type"] for error in caught.value.errors()] == [rule]


def test_a_rated_field_may_be_named_by_its_heading() -> None:
    row = TABLES["ratings"].row.model_validate({"subject_id": "C1", "field": "本気度", "rater": "A", "rating": 3})
    assert row.model_dump()["field"] == "commitment"


@pytest.mark.parametrize(
    ("cell", "is_plain"),
    [
        ({"revenue_jpy": "1200万円"}, False),
        ({"start": "令和8年4月1日"}, False),
        ({"start": 46113}, False),
        ({"revenue_jpy": "1,200"}, True),
        ({"start": "2026/4/1"}, True),
        ({"employees": 5}, True),
    ],
)
def test_where_nobody_would_be_told_only_plain_values_are_taken(cell: dict[str, object], is_plain: bool) -> None:
    row = {"id": "C1", "prefecture": "高知", "goal": "other", **cell}
    TABLES["companies"].row.model_validate(row)
    if is_plain:
        TABLES["companies"].row.model_validate(row, context=NO_REPAIRS)
    else:
        with pytest.raises(ValidationError):
            TABLES["companies"].row.model_validate(row, context=NO_REPAIRS)
