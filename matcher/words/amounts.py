"""Numbers in their units as people read them: 3社, 1 company, 4.5 hours a month."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from matcher.words.catalog import Lang, Sentence

_UNITS: Final = MappingProxyType(
    {
        "companies": Sentence(ja="{n}社", en="{n:company|companies}"),
        "new_companies": Sentence(ja="{n}社", en="{n:new company|new companies}"),
        "these_companies": Sentence(ja="{n}社", en="{n} of these companies"),
        "directors": Sentence(ja="{n}名", en="{n:director|directors}"),
        "slots": Sentence(ja="{n}枠", en="{n:slot|slots}"),
        "hours": Sentence(ja="月{n}時間", en="{n:hour|hours} a month"),
        "days": Sentence(ja="月{n}日", en="{n:on-site day|on-site days} a month"),
        "jpy": Sentence(ja="月{n}円", en="{n} yen a month"),
        "jpy_total": Sentence(ja="{n}円", en="{n} yen"),
        "demands": Sentence(ja="{n}件", en="{n:demand|demands}"),
    }
)
"""A number in its unit; a unit that is not listed is told as a bare number."""

UNIT_OF_FAMILY: Final = MappingProxyType(
    {
        "quota": "companies",
        "max_companies": "companies",
        "min_companies_per_director": "companies",
        "max_new_companies_per_director": "companies",
        "max_directors": "directors",
        "slots": "slots",
        "hours": "hours",
        "on_site_days": "days",
        "budget": "jpy",
        "budget_total": "jpy_total",
    }
)
"""The unit a demand's number is told in."""


def amount_text(unit: str, number: float, lang: Lang) -> str:
    """A number in its unit; bare where the unit is not known.

    Examples
    --------
    >>> amount_text("companies", 1, "en"), amount_text("companies", 3, "ja"), amount_text("", 1234.5, "en")
    ('1 company', '3社', '1,234.5')
    """
    text = number_text(number)
    return _UNITS[unit].fill(lang, n=text) if unit in _UNITS else text


def number_text(number: float) -> str:
    """The number alone, thousands apart, to thousandths: nothing is counted finer."""
    return f"{number:,.3f}".rstrip("0").rstrip(".")
