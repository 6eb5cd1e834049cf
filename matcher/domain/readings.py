"""Numbers and days that are not written as a column asks, and what they can only mean: 1200万円, ▲5, 令和8年4月1日.

Each reader returns the value and which kind of repair it was (the rule code of the resulting `Issue`), or None where
nothing had to be repaired. What could mean two things is not read at all.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Final

UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    "": (),
    "yen": ("円", "円/月", "yen", "jpy"),
    "hours": ("時間", "時間/月", "h", "hours", "hour"),
    "days": ("日", "日間", "日/月", "days", "day"),
    "years": ("年", "年間", "years", "year"),
    "months": (
        "か月",
        "ヶ月",
        "ヵ月",
        "カ月",
        "ケ月",
        "箇月",
        "か月間",
        "ヶ月間",
        "ヵ月間",
        "カ月間",
        "months",
        "month",
    ),
    "people": ("人", "名", "people"),
    "companies": ("社", "件", "companies"),
    "km": ("km", "キロ", "キロメートル"),
}
"""What may stand behind a number of each unit; a number with another word behind it is not read."""

HYPHENS: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣⁃˗", "-"))
_NEGATIVE = "▲△"
_TIMES: Final = {"千": 10**3, "百万": 10**6, "万": 10**4, "億": 10**8, "兆": 10**12}
_AMOUNT = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_PLAIN = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(e[+-]?\d+)?").fullmatch
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?").fullmatch
_PARTS = re.compile(rf"({_AMOUNT})\s*(千万|百万|千|万|億|兆)?").match
_WIDE = re.compile(r"[\u3000\uff01-\uff9f]").search
_SERIAL = range(20_000, 80_001)  # 1954-10-03 to 2119-01-10: a year or a count typed by mistake is no serial
_WEEKDAYS = "月火水木金土日"
_WEEKDAY = re.compile(rf"\s*\(([{_WEEKDAYS}])(?:曜日?)?\)$").search
_ZERO_DAY = dt.date(1899, 12, 30)


def is_wide(text: str) -> bool:
    """Whether a text holds full-width letters, digits or blanks, or half-width kana."""
    return _WIDE(text) is not None


def read_number(text: str, unit: str = "") -> tuple[float, str | None] | None:
    """Return the number a text can only mean, or None.

    Parameters
    ----------
    text : as typed
    unit : one of UNITS; 千, 万, 億 and 兆 are read in amounts of yen only

    Examples
    --------
    >>> read_number("1億2,000万円", "yen"), read_number("▲５"), read_number("3日", "hours")
    ((120000000.0, 'read_unit'), (-5.0, 'read_negative'), None)
    """
    typed = text.strip()
    key = unicodedata.normalize("NFKC", typed).strip().casefold().translate(HYPHENS)
    if _PLAIN(key):
        is_plain = key == typed.casefold()
        return float(key), None if is_plain else "read_width"
    if _GROUPED(key):
        return float(key.replace(",", "")), "read_thousands"
    is_negative = key[:1] in (*_NEGATIVE, "-")
    body = key[1:].strip() if is_negative or key[:1] == "+" else key
    if unit == "yen" and body[:1] in ("¥", "\\"):
        body = body[1:].strip()
    number, rest = _sum_of_parts(body, unit)
    rest = re.sub(r"\s", "", rest)
    if number is None or (rest and rest not in UNITS[unit]):
        return None
    rule = "read_unit" if body != key and not is_negative else "read_negative"
    is_bare = _PLAIN(body) is not None or _GROUPED(body) is not None
    if not is_bare:
        rule = "read_unit"
    return float(-number if is_negative else number), rule


def _sum_of_parts(body: str, unit: str) -> tuple[Decimal | None, str]:
    """The amount at the start of a text and what stands behind it: 1億2000万 is a sum of falling multiples."""
    total, least, at = Decimal(0), 10**20, 0
    while found := _PARTS(body, at):
        times = _TIMES.get(found[2] or "", 10**7 if found[2] == "千万" else 1)
        if times > 1 and unit != "yen":
            return None, body
        if times >= least:
            return None, body
        total, least, at = total + Decimal(found[1].replace(",", "")) * times, times, found.end()
        if times == 1:
            break
    return (None, body) if at == 0 else (total, body[at:])


def read_date(cell: object) -> tuple[dt.date, str | None] | None:
    """Return the day a cell can only mean, or None.

    That is a date cell, 2026-04-01, 2026/4/1, 2026年4月1日, 令和8年4月1日, R8.4.1, 20260401, or the serial number that
    spreadsheets keep.

    Examples
    --------
    >>> read_date("Ｒ８．４．１"), read_date(46113)
    ((datetime.date(2026, 4, 1), 'read_era'), (datetime.date(2026, 4, 1), 'read_serial'))
    """
    if isinstance(cell, dt.datetime):
        return cell.date(), "read_time" if cell.time() != dt.time(0) else None
    if isinstance(cell, dt.date):
        return cell, None
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return _number_day(cell) if cell == cell and abs(cell) < 1e9 else None
    typed = str(cell).strip()
    key = unicodedata.normalize("NFKC", typed).strip().casefold().translate(HYPHENS)
    weekday = _WEEKDAY(key)
    if weekday is not None:
        plain = read_date(key[: weekday.start()])
        is_right = plain is not None and _WEEKDAYS[plain[0].weekday()] == weekday[1]
        return (plain[0], plain[1] or "read_weekday") if plain is not None and is_right else None
    found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ t]00?:00(?::00(?:\.0+)?)?)?", key) or re.fullmatch(
        r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日", key
    )
    if found:
        day = _day(*(int(part) for part in found.groups()))
        return None if day is None else (day, None if key == typed.casefold() else "read_width")
    if key.isascii() and re.fullmatch(r"\d{5}|\d{8}", key):
        return _number_day(int(key))
    return _era_day(key)


def _number_day(number: float) -> tuple[dt.date, str] | None:
    whole = int(number)
    if whole in _SERIAL:
        return _ZERO_DAY + dt.timedelta(days=whole), "read_serial" if whole == number else "read_time"
    day = _day(whole // 10_000, whole // 100 % 100, whole % 100) if whole == number and whole > 19_000_000 else None
    return None if day is None else (day, "read_compact")


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


_ERA = re.compile(
    r"(明治|大正|昭和|平成|令和|[明大昭平令]|[mtshr])\s*\.?\s*(元|\d{1,2})"
    r"(?:\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日|\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{1,2}))"
).fullmatch


def _era_day(key: str) -> tuple[dt.date, str] | None:
    """The day of an era's date; a day outside its era is read as the years run on, and told as such."""
    found = _ERA(key)
    if found is None:
        return None
    start, end = _eras()[found[1]]
    year = 1 if found[2] == "元" else int(found[2])
    if year == 0:
        return None
    month, day = int(found[3] or found[5]), int(found[4] or found[6])
    date = _day(start.year + year - 1, month, day)
    if date is None:
        return None
    is_inside = start <= date and (end is None or date < end)
    return date, "read_era" if is_inside else "read_era_over"


@cache
def _eras() -> dict[str, tuple[dt.date, dt.date | None]]:
    """Kanji name, its first sign, and Latin letter → the first day of an era, and of the next one, from Meiji on."""
    from japanera import ERA_DATA_GENERAL

    eras = [era for era in ERA_DATA_GENERAL if era.since.year >= 1868]
    found: dict[str, tuple[dt.date, dt.date | None]] = {}
    for era in eras:
        span = (_as_date(era.since), None if era.until is None else _as_date(era.until))
        for name in (era.kanji, era.kanji[0], era.english[0].casefold()):
            found[name] = span
    return found


def _as_date(day: dt.date) -> dt.date:
    return dt.date(day.year, day.month, day.day)
