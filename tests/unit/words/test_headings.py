from __future__ import annotations

import pytest

from matcher.domain.tables import TABLES, column_of, columns_of
from matcher.words.catalog import LANGUAGES
from matcher.words.heading_data import COLUMNS, SHEETS
from matcher.words.headings import (
    cell_text,
    choice_words,
    column_heading,
    column_named,
    heading_of,
    name_key,
    sheet_name,
    sheet_of,
    tables_by_name,
)

ALL = [(table, column.name) for table in TABLES for column in columns_of(table)]


@pytest.mark.parametrize(("table", "column"), ALL)
def test_every_column_has_all_its_words(table: str, column: str) -> None:
    heading = heading_of(table, column)
    assert heading.ja and heading.en == column
    assert heading.about.ja and heading.about.en
    assert bool(heading.unit.ja) == bool(heading.unit.en)
    assert heading.examples
    if column_of(table, column).is_required:
        assert None not in heading.examples
    for name in (heading.ja, heading.en, *heading.also):
        assert column_named(table, name) == column


def test_no_words_are_left_over() -> None:
    assert set(SHEETS) == set(COLUMNS) == set(TABLES)
    assert {(table, column) for table in COLUMNS for column in COLUMNS[table]} == set(ALL)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_names_that_name_nothing_else(table: str) -> None:
    sheet = sheet_of(table)
    assert sheet.about.ja and sheet.about.en
    assert len(sheet.ja) <= 31  # Excel's limit
    for name in (table, sheet.ja, *sheet.also):
        assert tables_by_name()[name_key(name)] == table
    seen: dict[str, str] = {}
    for column in columns_of(table):
        heading = heading_of(table, column.name)
        for name in (heading.ja, heading.en, *heading.also):
            assert seen.setdefault(name_key(name), column.name) == column.name


def test_a_heading_is_known_in_any_width_case_and_line_break() -> None:
    assert column_named("directors", "Max Companies") == "max_companies"
    assert column_named("directors", "稼働可能\n時間（月）") == "hours_per_month"
    assert column_named("pairs", "希望の強さ＊") == "value"
    assert column_named("directors", "星座") is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_values_as_users_type_them(lang: str) -> None:
    shown = {
        "ja": ("高知県", "○", "応募", "本気度", "E 製造業", "2026-04-01", ""),
        "en": ("Kochi", "yes", "applicant", "commitment", "E Manufacturing", "2026-04-01", ""),
    }[lang]
    import datetime as dt

    assert shown == (
        cell_text("companies", "prefecture", 39, lang),  # type: ignore[arg-type]
        cell_text("director_skills", "hands_on", True, lang),  # type: ignore[arg-type]
        cell_text("directors", "status", "applicant", lang),  # type: ignore[arg-type]
        cell_text("ratings", "field", "commitment", lang),  # type: ignore[arg-type]
        cell_text("companies", "industry", "E", lang),  # type: ignore[arg-type]
        cell_text("companies", "start", dt.date(2026, 4, 1), lang),  # type: ignore[arg-type]
        cell_text("companies", "name", None, lang),  # type: ignore[arg-type]
    )


def test_choices_tables_and_columns_have_names_in_both_languages() -> None:
    assert choice_words("status", "ja") == ("応募", "登録", "休止")
    assert choice_words("status", "en") == ("applicant", "engaged", "paused")
    assert (sheet_name("pairs", "ja"), sheet_name("pairs", "en")) == ("組合せ指定", "pairs")
    assert column_heading("companies", "goal", "ja") == "目的"
