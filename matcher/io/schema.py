"""What pydantic says about a policy, as rule codes; and which keys a place in a model knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

_RULES = {
    "extra_forbidden": "unknown_key",
    "greater_than_equal": "below_minimum",
    "less_than_equal": "above_maximum",
    "greater_than": "not_above",
    "less_than": "not_below",
    "literal_error": "not_in_list",
    "int_type": "not_whole",
    "int_from_float": "not_whole",
    "float_type": "not_a_number",
    "bool_type": "not_true_or_false",
    "bool_parsing": "not_true_or_false",
    "finite_number": "not_a_number",
    "string_type": "not_a_text",
    "string_too_short": "text_empty",
    "model_type": "not_a_section",
    "dict_type": "not_a_section",
    "model_attributes_type": "not_a_section",
    "tuple_type": "not_a_sequence",
    "list_type": "not_a_sequence",
    "too_short": "list_empty",
    "missing": "key_missing",
    "json_invalid": "yaml_syntax",  # half a surrogate pair: YAML can write one, no text can hold it
}
_LIMITS = {"ge": "low", "le": "high", "gt": "above", "lt": "below"}


def find_rule(error: Any) -> tuple[str, dict[str, object]]:  # Any: pydantic's ErrorDetails
    """Return the rule code of one of pydantic's errors, and what fills its sentence."""
    rule = _RULES.get(error["type"], error["type"])
    context = error.get("ctx") or {}
    params: dict[str, object] = {_LIMITS.get(key, key): value for key, value in context.items() if key != "error"}
    if error["type"] == "literal_error":
        params["allowed"] = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    return rule, params


def keys_at(model: type[BaseModel], loc: Sequence[str | int]) -> tuple[str, ...]:
    """Return the keys that the section at `loc` knows, in their order."""
    here: Any = model
    for part in loc:
        here = _below(here, part)
    found = _model_in(here)
    return tuple(found.model_fields) if found is not None else ()


def _below(kind: Any, part: str | int) -> Any:  # Any: a type annotation
    found = _model_in(kind)
    if isinstance(part, str) and found is not None and part in found.model_fields:
        return found.model_fields[part].annotation
    return kind if isinstance(part, int) or found is not None else None


def _model_in(kind: Any) -> type[BaseModel] | None:  # Any: a type annotation
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    if get_origin(kind) is Literal:
        return None
    return next((model for part in get_args(kind) if (model := _model_in(part)) is not None), None)
