"""What every table and column is called, what it means, its unit and examples, in Japanese and English.

Readers take the headings to recognise a user's columns, templates to write them, messages to name units.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from matcher.domain import geography, values
from matcher.domain.industries import INDUSTRIES
from matcher.domain.tables import TABLES, column_of, columns_of
from matcher.words.catalog import Lang, Sentence, shown
from matcher.words.heading_data import COLUMNS, SHEETS
from matcher.words.heading_synonyms import SYNONYMS


@dataclass(frozen=True, slots=True)
class Heading:
    """One column as people see it. `also` are further headings it is recognised by."""

    ja: str
    en: str
    also: tuple[str, ...]
    about: Sentence
    unit: Sentence
    examples: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as people see it."""

    ja: str
    en: str
    also: tuple[str, ...]
    about: Sentence


@cache
def sheet_of(table: str) -> Sheet:
    """Return the names and the meaning of a table."""
    ja, also, about = SHEETS[table]
    return Sheet(ja, table, also, about)


@cache
def heading_of(table: str, column: str) -> Heading:
    """Return the headings, meaning, unit and examples of a column."""
    ja, also, about, unit, examples = COLUMNS[table][column]
    also += tuple(word for word in SYNONYMS.get(table, {}).get(column, ()) if word not in also)
    return Heading(ja, column, also, about, unit, examples)


def sheet_name(table: str, lang: Lang) -> str:
    """Return the name of a table in `lang`: ディレクター, directors."""
    return sheet_of(table).ja if lang == "ja" else table


def column_heading(table: str, column: str, lang: Lang) -> str:
    """Return the heading of a column in `lang`: 氏名, name."""
    return heading_of(table, column).ja if lang == "ja" else column


def name_key(text: str) -> str:
    """Return a heading or table name as it is compared: NFKC, lower case, no blanks, underscores, dashes or marks."""
    return re.sub(r"[\s_\-‐・*※]", "", values.match_key(text))


@cache
def tables_by_name() -> dict[str, str]:
    """Return comparison key → table, for every name a table goes by."""
    return {name_key(name): table for table in TABLES for name in (table, sheet_of(table).ja, *sheet_of(table).also)}


@cache
def columns_by_heading(table: str) -> dict[str, str]:
    """Return comparison key → column name, for every heading a column of the table goes by."""
    return {
        name_key(name): column.name
        for column in columns_of(table)
        for name in (column.name, heading_of(table, column.name).ja, *heading_of(table, column.name).also)
    }


def column_named(table: str, heading: str) -> str | None:
    """Return the column that a user's heading names, or None. A unit in brackets at the end does not count.

    Examples
    --------
    >>> column_named("directors", "稼働可能\\n時間（時間/月）")
    'hours_per_month'
    """
    known = columns_by_heading(table)
    key = name_key(heading)
    return known.get(key) or known.get(re.sub(r"[(\[【][^()\[\]【】]*[)\]】]$", "", key))


def choice_words(choices: str, lang: Lang) -> tuple[str, ...]:
    """Return the words of a closed list as `lang` writes them, in their order."""
    return tuple(stored if lang == "en" else words[0] for stored, words in values.CHOICES[choices].items())


def cell_text(table: str, column: str, value: object, lang: Lang) -> str:
    """Return a stored value as a user of `lang` would type it: 高知県 for 39, ○ for True, 応募 for applicant."""
    declared = column_of(table, column)
    if value is None:
        return ""
    if declared.kind == "flag":
        return {"ja": ("×", "○"), "en": ("no", "yes")}[lang][bool(value)]
    if declared.kind == "prefecture" and isinstance(value, int):
        return geography.prefecture_name(value, lang)
    if declared.kind == "industry":
        row = INDUSTRIES[str(value)]
        return f"{row.letter} {row.ja if lang == 'ja' else row.en}"
    if declared.kind == "choice":
        stored = tuple(values.CHOICES[declared.choices])
        return choice_words(declared.choices, lang)[stored.index(str(value))]
    if isinstance(value, dt.date):
        return value.isoformat()
    return shown(value, lang)
