from __future__ import annotations

import datetime as dt

import pytest
from pydantic_core import PydanticCustomError

from matcher.domain import values


def refused(parse: object, *args: object) -> str:
    with pytest.raises(PydanticCustomError) as caught:
        parse(*args)  # type: ignore[operator]
    return caught.value.type


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("3", 3),
        ("３．５", 3.5),
        ("1,200", 1200),
        ("－3", -3),
        (" 7 ", 7),
        ("1e3", 1000),
        (".5", 0.5),
        ("5.", 5),
        (2, 2),
    ],
)
def test_numbers_as_people_type_them(cell: object, number: float) -> None:
    assert values.parse_number(cell) == number


@pytest.mark.parametrize("cell", ["", "三", "1,20", "1_000", "nan", "inf", "1e999", float("inf"), True, "10円", "0x10"])
def test_what_is_no_number(cell: object) -> None:
    assert refused(values.parse_number, cell) == "not_a_number"


def test_whole_numbers() -> None:
    assert values.parse_integer("3.0") == 3
    assert refused(values.parse_integer, "3.5") == "not_whole"


@pytest.mark.parametrize(
    ("cell", "flag"),
    [
        ("○", True),
        ("◯", True),
        ("有", True),
        ("YES", True),
        (1, True),
        ("×", False),
        ("✕", False),
        (0.0, False),
        ("なし", False),
    ],
)
def test_flags(cell: object, flag: bool) -> None:
    assert values.parse_flag(cell) is flag


@pytest.mark.parametrize("cell", ["△", "2", 2, "maybe"])
def test_what_is_no_flag(cell: object) -> None:
    assert refused(values.parse_flag, cell) == "not_a_flag"


@pytest.mark.parametrize(
    "cell",
    [
        "2026-04-01",
        "2026/4/1",
        "2026.4.1",
        "２０２６年４月１日",
        "2026-04-01 00:00:00",
        dt.date(2026, 4, 1),
        dt.datetime(2026, 4, 1, 9),
    ],
)
def test_dates(cell: object) -> None:
    assert values.parse_date(cell) == dt.date(2026, 4, 1)


@pytest.mark.parametrize("cell", ["2026-02-29", "4/1", "2026-04", "0000-01-01", 2026, "来月"])
def test_what_is_no_date(cell: object) -> None:
    assert refused(values.parse_date, cell) == "not_a_date"


@pytest.mark.parametrize("name", values.CHOICES)
def test_every_word_of_a_closed_list_means_its_stored_word(name: str) -> None:
    for stored, words in values.CHOICES[name].items():
        assert all(values.parse_choice(name, word) == stored for word in (stored, stored.upper(), *words))
    assert refused(values.parse_choice, name, "そのほか全部") == "not_in_list"


def test_text_stays_as_typed_but_for_outer_blanks() -> None:
    assert values.parse_text("　㈱①～髙﨑𠮷 ") == "㈱①～髙﨑𠮷"
    assert (values.parse_text(17.0), values.parse_text(1.5), values.parse_text(True)) == ("17", "1.5", "true")


def test_match_keys_fold_width_case_and_blanks() -> None:
    assert values.match_key("ＥＣ　 サイト") == values.match_key("ec サイト ")


@pytest.mark.parametrize(
    ("cell", "blank"), [(None, True), ("", True), ("　 ", True), (float("nan"), True), (0, False), ("0", False)]
)
def test_blank_cells(cell: object, blank: bool) -> None:
    assert values.is_blank(cell) is blank


def test_places_and_industries() -> None:
    assert (values.parse_prefecture("高知"), values.parse_prefecture(39.0)) == (39, 39)
    assert (values.parse_industry("製造業"), values.parse_municipality("39201")) == ("E", "392014")
    assert refused(values.parse_prefecture, "高地") == "unknown_prefecture"
    assert refused(values.parse_industry, "宇宙業") == "unknown_industry"
    assert refused(values.parse_municipality, "999999") == "unknown_municipality"


def test_corporate_numbers_have_a_check_digit() -> None:
    assert (
        values.parse_corporate_number("５８３５６７８２５６２４６") == "5835678256246"
    )  # the example of python-stdnum
    assert refused(values.parse_corporate_number, "2835678256246") == "corporate_number_check_digit"
    assert refused(values.parse_corporate_number, "58356") == "not_a_corporate_number"
