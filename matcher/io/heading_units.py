"""Units in headings and titles: 売上高（万円） is ten thousand yen a unit, 稼働時間（時間/週） no hours a month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matcher.domain.readings import UNITS
from matcher.domain.tables import Column, columns_of
from matcher.domain.values import is_blank, match_key, parse_text
from matcher.words.catalog import LANGUAGES
from matcher.words.headings import columns_by_heading, heading_of, name_key

_YEN_TIMES: Final = {
    **{"千円": 1_000, "万円": 10_000, "百万円": 1_000_000, "千万円": 10_000_000, "億円": 100_000_000},
    **{"thousandyen": 1_000, "millionyen": 1_000_000, "¥k": 1_000},
}
_ALSO: Final = {"months": ("月",), "yen": ("¥", "月額", "/月"), "hours": ("月",), "days": ("月",)}
_BRACKETS = re.compile(r"[(\[【<]([^()\[\]【】<>]*)[)\]】>]").findall
_LAST_BRACKET = re.compile(r"[(\[【<][^()\[\]【】<>]*[)\]】>]$")
_QUANTITY = re.compile(
    r"(千|万|百万|億)?(円|ドル|時間|分|日|週|月|年|社|人|名|件|km|m|キロ|泊|%|割|か月|ヶ月|カ月)(/\d*(日|週|月|年|回|人|社|件))?"
    r"|(年|日|週|時間?|総)(額|間|給|計)|合計|usd|\$"
).fullmatch
_HOLDS_QUANTITY = re.compile(
    r"[千万億]円|/\d*(日|週|年|回)|(年|日|週|総)額|時給|年間|週間|ドル|usd|\$|(?<!月)(あたり|当たり)"
).search
_TITLE_UNIT = re.compile(r"単位[:：]?(千円|万円|百万円|億円)|^\(?(千円|万円|百万円|億円)\)?$").search


@dataclass(frozen=True, slots=True)
class HeadingUnit:
    """What the brackets of a heading say: `times` the column's unit, or a unit that clashes with it."""

    typed: str = ""
    times: int = 1
    is_clash: bool = False


def unit_of(table: str, column: Column, heading: str) -> HeadingUnit:
    """Return the unit that a user's heading gives to a column of numbers.

    Examples
    --------
    >>> from matcher.domain.tables import column_of
    >>> unit_of("companies", column_of("companies", "revenue_jpy"), "売上高（百万円）").times
    1000000
    >>> unit_of("directors", column_of("directors", "hours_per_month"), "稼働可能時間（時間/週）").is_clash
    True
    """
    key = name_key(heading)
    if column.kind not in ("number", "integer") or key in columns_by_heading(table):
        return HeadingUnit()
    typed = _in_brackets(key)
    if _LAST_BRACKET.sub("", key) not in columns_by_heading(table):  # known by a mapping only: it may say anything
        loose = _outside_brackets(column, key, typed)
        if loose is not None:
            return loose
    if not typed:
        return HeadingUnit()
    bare = re.sub(r"/月$|per月$", "", typed)
    if column.unit == "yen" and bare in _YEN_TIMES:
        return HeadingUnit(typed, _YEN_TIMES[bare])
    own = {name_key(word) for word in (*UNITS[column.unit], *_ALSO.get(column.unit, ()))}
    own |= {name_key(heading_of(table, column.name).unit.fill(lang)) for lang in LANGUAGES}
    is_clash = typed not in own and (_QUANTITY(typed) or _HOLDS_QUANTITY(typed)) is not None
    return HeadingUnit(typed, is_clash=is_clash)


def _in_brackets(key: str) -> str:
    """The quantity in the last brackets that hold one, else what stands in brackets at the end."""
    texts = [re.sub(r"^単位[:：]?", "", text).replace("／", "/") for text in _BRACKETS(key)]
    amounts = [text for text in texts if text in _YEN_TIMES or _QUANTITY(text)]
    at_end = texts[-1:] if _LAST_BRACKET.search(key) else []
    return (amounts or at_end or [""])[-1]


def _outside_brackets(column: Column, key: str, typed: str) -> HeadingUnit | None:
    """A unit that a heading of a user's own says without brackets; None where it says none.

    At the end it is the unit (年商百万円); elsewhere what it is about is not guessed (1万円以上の売上).
    """
    if column.name.endswith("_per_month") and "月" not in key and "month" not in key:
        other = _HOLDS_QUANTITY(re.sub(r"[千万億]円", "", key))
        if other is not None:
            return HeadingUnit(other[0], is_clash=True)
    if column.unit != "yen" or typed:
        return None
    word = next((word for word in sorted(_YEN_TIMES, key=len, reverse=True) if word in key), None)
    if word is None:
        return None
    is_end = re.search(rf"(?<![0-9]){word}$", key) is not None
    return HeadingUnit(word, _YEN_TIMES[word]) if is_end else HeadingUnit(word, is_clash=True)


def unit_in_titles(table: str, titles: Sequence[Sequence[object]]) -> str:
    """Return the unit other than yen that a row above the header gives to all amounts, or an empty text."""
    if not any(column.unit == "yen" for column in columns_of(table)):
        return ""
    for row in titles:
        for cell in row:
            found = None if is_blank(cell) else _TITLE_UNIT(re.sub(r"\s", "", match_key(parse_text(cell))))
            if found:
                return found[1] or found[2]
    return ""
