"""One cell's text into one value: the scalar parsers that readers and row models share.

Each takes whatever a cell holds (text, number, date, bool) and returns the stored value, or raises
`PydanticCustomError` whose type is the rule code of the resulting `Issue`. Match keys are NFKC-normalised; stored
text never is (NFKC rewrites ㈱ and ①).
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from pydantic_core import PydanticCustomError

from matcher.domain import geography, industries, readings

CHOICES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "status": {"applicant": ("応募",), "engaged": ("登録",), "paused": ("休止",)},
    "style": {"support": ("後押し型", "後押し"), "propose": ("提案型", "提案"), "both": ("どちらも", "両方")},
    "wanted_style": {"support": ("後押し型", "後押し"), "propose": ("提案型", "提案")},
    "kind": {"company": ("企業", "会社"), "municipality": ("自治体",), "association": ("団体",)},
    "goal": {
        "raise_revenue": ("売上拡大", "売上アップ"),
        "widen_market": ("市場拡大", "販路拡大"),
        "fill_off_season": ("閑散期収益化", "閑散期"),
        "other": ("その他",),
    },
    "rule": {
        "pin": ("固定",),
        "forbid": ("除外", "禁止"),
        "wish_director": ("希望(ディレクター)", "希望（ディレクター）"),
        "wish_company": ("希望(企業)", "希望（企業）"),
    },
    "severity": {"forbid": ("禁止",), "needs_approval": ("要承認",), "disclose": ("開示",)},
    "conflict_kind": {
        "rival": ("競合",),
        "kin": ("親族",),
        "advisory_contract": ("顧問契約",),
        "investment": ("出資",),
        "trade": ("取引",),
        "former_employer": ("前職",),
        "past_support": ("過去支援",),
    },
    "rated_field": {
        "hands_on_rating": ("実行力",),
        "commitment": ("本気度",),
        "investment": ("投資姿勢",),
        "uniqueness": ("独自性",),
        "openness": ("柔軟さ",),
    },
}
"""Every closed list: the stored word, then the Japanese words that mean it."""

_WORDS: Final = frozenset(word for words in CHOICES.values() for also in words.values() for word in also)

RATING_FIELDS: Final = tuple(CHOICES["rated_field"])

_TRUE: Final = {"○", "◯", "〇", "true", "yes", "1", "有", "y", "はい", "あり"}
_FALSE: Final = {"×", "✕", "x", "false", "no", "0", "無", "n", "いいえ", "なし"}
N_MUNICIPALITY_DIGITS: Final = 6
N_ID_CHARS: Final = 200
"""An id is shown in every table, message and file name of a plan; nobody's is longer."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]").search


def match_key(text: str) -> str:
    """The text as it is compared, never as it is stored: NFKC, lower case, no outer or doubled blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def is_blank(cell: object) -> bool:
    """Whether a cell counts as missing: None, NaN, NaT, or nothing but blanks."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return not cell.strip()
    return isinstance(cell, float) and math.isnan(cell)


def parse_text(cell: object) -> str:
    """The text exactly as typed, without outer blanks; a whole number loses its “.0”."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def parse_id(cell: object) -> str:
    """An id as typed: one line of at most N_ID_CHARS characters."""
    text = parse_text(cell)
    if len(text) > N_ID_CHARS:
        raise PydanticCustomError("id_too_long", "too long", {"high": N_ID_CHARS})
    if _CONTROL(text):
        raise PydanticCustomError("id_of_lines", "more than one line")
    return text


def parse_number(cell: object, unit: str = "") -> float:
    """A finite number, also written as `readings.read_number` understands it; `unit` is one of its UNITS."""
    return number_and_repair(cell, unit)[0]


def number_and_repair(cell: object, unit: str) -> tuple[float, str | None]:
    """The number of `parse_number`, and the rule code of what had to be repaired in it."""
    found: tuple[float, str | None] | None = None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        found = float(cell), None
    elif not isinstance(cell, bool):
        found = readings.read_number(str(cell), unit)
    if found is None or not math.isfinite(found[0]):
        raise PydanticCustomError("not_a_number", "not a number")
    return found


def parse_integer(cell: object, unit: str = "") -> int:
    """A whole number; 3.0 is one, 3.5 is not."""
    number = parse_number(cell, unit)
    if not number.is_integer():
        raise PydanticCustomError("not_whole", "not a whole number")
    return int(number)


def parse_flag(cell: object) -> bool:
    """○ or ×, true or false, 有 or 無, 1 or 0."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float) and cell in (0, 1):
        return bool(cell)
    key = match_key(str(cell))
    if key in _TRUE or str(cell).strip() in _TRUE:
        return True
    if key in _FALSE or str(cell).strip() in _FALSE:
        return False
    raise PydanticCustomError("not_a_flag", "not ○ or ×")


def parse_date(cell: object) -> dt.date:
    """A calendar day, as `readings.read_date` understands it."""
    return date_and_repair(cell)[0]


def date_and_repair(cell: object) -> tuple[dt.date, str | None]:
    """The day of `parse_date`, and the rule code of what had to be repaired in it."""
    found = readings.read_date(cell)
    if found is None:
        raise PydanticCustomError("not_a_date", "not a date")
    return found


def refuse_repair(kind: str, cell: object, unit: str) -> None:
    """Raise where a number or day is not written plainly; other widths and commas between thousands are plain."""
    read = date_and_repair(cell) if kind == "date" else number_and_repair(cell, unit)
    if read[1] not in (None, "read_width", "read_thousands", "read_time"):
        raise PydanticCustomError("not_a_date" if kind == "date" else "not_a_number", "not written plainly")


def parse_choice(name: str, cell: object) -> str:
    """The stored word of closed list `name` (a key of CHOICES)."""
    key = match_key(str(cell))
    for stored, words in CHOICES[name].items():
        if key == stored or key in (match_key(word) for word in words):
            return stored
    raise PydanticCustomError("not_in_list", "not in the list", {"allowed": list(CHOICES[name])})


def parse_prefecture(cell: object) -> int:
    """A prefecture's JIS code, 1 to 47, from 高知, 高知県, Kochi or 39."""
    code = geography.prefecture_code(parse_text(cell))
    if code is None:
        near = geography.nearest_prefectures(parse_text(cell))
        raise PydanticCustomError("unknown_prefecture", "unknown prefecture", {"near": near})
    return code


def parse_industry(cell: object) -> str:
    """A JSIC major group's letter, A to T, from the letter or its label."""
    letter = industries.industry_letter(parse_text(cell))
    if letter is None:
        near = industries.nearest_industries(parse_text(cell))
        raise PydanticCustomError("unknown_industry", "unknown industry", {"near": near})
    return letter


def parse_municipality(cell: object) -> str:
    """A six-digit municipality code with its check digit; five digits get theirs."""
    code = geography.normalise_municipality_code(parse_text(cell))
    if code is None:
        raise PydanticCustomError("unknown_municipality", "unknown municipality")
    return code


def repair_of(kind: str, cell: object, value: object) -> str | None:
    """The rule code of what had to be repaired in a cell that is no number and no date, or None.

    Parameters
    ----------
    kind : of `tables.Kind`; `value` is what its parser returned for `cell`
    """
    if kind in ("text", "skill", "id"):
        return None  # kept exactly as typed
    typed = parse_text(cell)
    if kind == "municipality" and len(match_key(typed)) < N_MUNICIPALITY_DIGITS:
        return "read_check_digit" if str(value).startswith(match_key(typed)) else "read_zero"
    if kind == "corporate_number" and match_key(typed) != value:
        return "read_width"
    if kind == "industry" and str(value) in industries.INDUSTRIES:
        typed = typed.replace(industries.INDUSTRIES[str(value)].ja, "")  # its official label has wide commas
    return "read_width" if readings.is_wide(typed) and typed not in _WORDS else None


def parse_corporate_number(cell: object) -> str:
    """A 法人番号 as its 13 digits, the first being the check digit of the rest (checked by python-stdnum)."""
    from stdnum.exceptions import InvalidChecksum, ValidationError
    from stdnum.jp import cn

    text = match_key(parse_text(cell)).translate(readings.HYPHENS)
    try:
        return str(cn.validate(text))
    except InvalidChecksum:
        expected = cn.calc_check_digit(cn.compact(text)[1:])
        raise PydanticCustomError("corporate_number_check_digit", "check digit", {"expected": expected}) from None
    except ValidationError:
        raise PydanticCustomError("not_a_corporate_number", "not a corporate number") from None
