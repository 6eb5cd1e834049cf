"""Numbers and days as people write them, and what is left unread because it could mean two things."""

from __future__ import annotations

import datetime as dt

import pytest

from matcher.domain.readings import read_date, read_number


@pytest.mark.parametrize(
    ("text", "unit", "number", "repair"),
    [
        ("1200", "yen", 1200, None),
        ("-3", "", -3, None),
        ("１２", "", 12, "read_width"),
        ("−５", "", -5, "read_width"),
        ("1,200", "yen", 1200, "read_thousands"),
        ("1200万円", "yen", 12_000_000, "read_unit"),
        ("1億2,000万円", "yen", 120_000_000, "read_unit"),
        ("1.2億", "yen", 120_000_000, "read_unit"),
        ("3百万円", "yen", 3_000_000, "read_unit"),
        ("５００千円", "yen", 500_000, "read_unit"),
        ("￥1,200", "yen", 1200, "read_unit"),
        ("▲5", "yen", -5, "read_negative"),
        ("△５", "hours", -5, "read_negative"),
        ("▲1,200万円", "yen", -12_000_000, "read_unit"),
        ("60時間", "hours", 60, "read_unit"),
        ("4ヶ月", "months", 4, "read_unit"),
        ("10㎞", "km", 10, "read_unit"),
    ],
)
def test_a_number_and_what_was_repaired(text: str, unit: str, number: float, repair: str | None) -> None:
    assert read_number(text, unit) == (number, repair)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("12,00", "yen"), ("1,2", ""), ("約5", "yen"), ("5〜10", "hours"), ("3日", "hours"), ("1200万", "hours"),
        ("2,000万3億", "yen"), ("(5)", "yen"), ("", "yen"), ("円", "yen"), ("▲", ""), ("5%", ""), ("1200万ドル", "yen"),
        ("--5", ""), ("▲-5", ""),
    ],
)  # fmt: skip
def test_what_could_mean_two_things_or_nothing_is_no_number(text: str, unit: str) -> None:
    assert read_number(text, unit) is None


@pytest.mark.parametrize(
    ("cell", "repair"),
    [
        ("2026/4/1", None), ("2026-04-01", None), ("2026年4月1日", None), (dt.datetime(2026, 4, 1), None),
        ("2026年４月１日", "read_width"), ("令和8年4月1日", "read_era"), ("㋿８年４月１日", "read_era"),
        ("R8.4.1", "read_era"), ("Ｒ８／４／１", "read_era"), ("令8.4.1", "read_era"),
        ("平成38年4月1日", "read_era_over"), ("H38.4.1", "read_era_over"), ("46113", "read_serial"),
        (46113.0, "read_serial"), (46113, "read_serial"),
        ("20260401", "read_compact"), ("2026年4月1日（水）", "read_weekday"), ("R8.4.1(水曜)", "read_era"),
        (dt.datetime(2026, 4, 1, 9, 30), "read_time"), (46113.5, "read_time"),
    ],
)  # fmt: skip
def test_the_first_of_april_in_every_way(cell: object, repair: str | None) -> None:
    assert read_date(cell) == (dt.date(2026, 4, 1), repair)


@pytest.mark.parametrize(
    ("text", "day", "repair"),
    [
        ("令和元年5月1日", dt.date(2019, 5, 1), "read_era"),
        ("R元.5.1", dt.date(2019, 5, 1), "read_era"),
        ("令和元年4月30日", dt.date(2019, 4, 30), "read_era_over"),
        ("平成31年4月30日", dt.date(2019, 4, 30), "read_era"),
        ("S64.1.7", dt.date(1989, 1, 7), "read_era"),
        ("昭和64年1月8日", dt.date(1989, 1, 8), "read_era_over"),
    ],
)
def test_the_ends_of_eras(text: str, day: dt.date, repair: str) -> None:
    assert read_date(text) == (day, repair)


@pytest.mark.parametrize(
    "cell",
    [
        "4/1",
        "26/4/1",
        "4/1/2026",
        2026,
        "2026",
        7,
        "1200",
        "令和8年2月30日",
        "令和0年4月1日",
        "R8.4",
        "2026/4/1(木)",
        20261301,
        True,
        "x",
    ],
)
def test_what_could_mean_two_days_or_none_is_no_day(cell: object) -> None:
    assert read_date(cell) is None
