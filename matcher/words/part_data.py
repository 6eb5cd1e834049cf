"""Why a file is no plan, and what is allowed where a part of one breaks the schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matcher.words.catalog import Lang
from matcher.words.plan_data import table_of

PARTS: Final = table_of(
    {
        "missing": ("必要な項目がありません", "this part is missing, and every plan has it"),
        "extra_forbidden": ("この項目は計画にありません", "no plan has a part of this name"),
        "int_type": ("整数でなければなりません", "only a whole number is allowed here"),
        "float_type": ("数値でなければなりません", "only a number is allowed here"),
        "bool_type": ("true か false でなければなりません", "only true or false is allowed here"),
        "string_type": ("文字列でなければなりません", "only a text is allowed here"),
        "tuple_type": ("一覧（[ ] で囲んだもの）でなければなりません", "only a list, in [ ], is allowed here"),
        "dict_type": (
            "「キー: 値」の組（{{ }} で囲んだもの）でなければなりません",
            "only keys with values, in {{ }}, are allowed here",
        ),
        "literal_error": ("使えるのは {allowed} だけです", "only {allowed} is allowed here"),
        "least": ("{low} 以上でなければなりません", "only {low} or more is allowed here"),
        "above": ("{low} より大きくなければなりません", "only more than {low} is allowed here"),
        "most": ("{high} 以下でなければなりません", "only {high} or less is allowed here"),
        "below": ("{high} より小さくなければなりません", "only less than {high} is allowed here"),
        "finite_number": ("有限の数でなければなりません", "only a finite number is allowed here"),
        "other": ("値の形が違います", "the value is not of the kind that belongs here"),
    }
)
"""What is allowed where a part breaks the schema."""

_PART_CODES: Final = {
    "int_from_float": "int_type",
    "int_parsing": "int_type",
    "list_type": "tuple_type",
    "model_type": "dict_type",
    "model_attributes_type": "dict_type",
    "mapping_type": "dict_type",
    "too_short": "tuple_type",
    "too_long": "tuple_type",
    "enum": "literal_error",
    "greater_than_equal": "least",
    "greater_than": "above",
    "less_than_equal": "most",
    "less_than": "below",
    "int_parsing_size": "int_type",
}

REASONS: Final = table_of(
    {
        "not_utf8": ("文字の文書（UTF-8）ではありません", "it is no text in UTF-8"),
        "empty": ("空です", "it is empty"),
        "broken": (
            "{line}行目{column}文字目で JSON として読めなくなります",
            "from line {line}, column {column} on it is no JSON",
        ),
        "nested": ("入れ子が深すぎます", "it is nested too deeply"),
        "number_too_long": ("桁の多すぎる数があります", "it holds a number of too many digits"),
        "constant": ("JSON にない数「{given}」があります", "it holds {given}, which is no number in JSON"),
        "key_twice": ("キー「{given}」が2回あります", "the key {given} stands twice in one place"),
        "no_plan": ("matcher の計画ではない内容です", "what it holds is not a plan of matcher"),
        "part": (
            "形式に合わない部分が{n}か所あります。最初は {part}",
            "parts that do not fit the schema: {n}, the first at {part}",
        ),
    }
)
"""Why a file is no plan."""


def part_text(params: Mapping[str, object], lang: Lang) -> str:
    """What is allowed at a part, from pydantic's code and what it carries."""
    code = str(params["reason"])
    code = _PART_CODES.get(code, code)
    return PARTS[code if code in PARTS else "other"].fill(lang, **{"low": "", "high": "", "allowed": "", **params})


def reason_text(params: Mapping[str, object], lang: Lang) -> str:
    """Why a file is no plan, from the code of ``plan_not_json`` and what it carries."""
    code = str(params.get("reason"))
    return REASONS[code].fill(lang, **params) if code in REASONS else code
