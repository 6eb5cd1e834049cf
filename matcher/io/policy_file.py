"""Policy and scenario files: every fault with its line and column, and `--set key=value`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from matcher.domain.encodings import Encoding
from matcher.domain.policy import Policy
from matcher.errors import Issue, UsageError
from matcher.io.faults import FaultLog
from matcher.io.nearest import Nearest
from matcher.io.schema import find_rule, keys_at
from matcher.io.yaml_text import Keys, YamlFault, YamlText, plain_yaml

Model = TypeVar("Model", bound=BaseModel)

_OF_QUOTA_VALUE = ("not_in_list", "unknown_prefecture", "unknown_industry")


class Scenario(BaseModel):
    """A named data set and its policy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    data: str | None = None
    policy: Policy | str | None = None
    encoding: Encoding | None = None
    mapping: str | None = None


def set_overrides(text: YamlText, overrides: Sequence[str]) -> None:
    """Put `key=value` settings over the mapping; the value is read as YAML.

    Raises
    ------
    UsageError
        If a setting has no ``=``, or its value is no YAML.
    """
    for override in overrides:
        key, equals, value = override.partition("=")
        path: Keys = tuple(part.strip() for part in key.split("."))
        if not equals or not all(path):
            raise UsageError("override_shape", given=override)
        given = YamlText("--set", {})
        try:
            loaded = plain_yaml(value, given)
        except YamlFault:
            raise UsageError("override_value", given=override) from None
        node = text.content
        for part in path[:-1]:
            below = node.get(str(part))
            node[str(part)] = node = dict(below) if isinstance(below, dict) else {}
        node[str(path[-1])] = loaded
        text.set_by[path] = override
        text.typed |= {(*path, *at): typed for at, typed in given.typed.items()}


def validated(model: type[Model], text: YamlText, log: FaultLog) -> Model | None:
    """Return the mapping as `model`, or None after reporting every fault."""
    # JSON mode is strict about types ("20" is no number, true is none), yet takes lists where the model holds tuples.
    try:
        return model.model_validate_json(json.dumps(text.content, default=str), strict=True)
    except ValidationError as errors:
        found = errors.errors(include_url=False)
        for error in found:
            inside = any(other["loc"][:-1] == error["loc"] for other in found if other["loc"])
            if error["type"] == "too_short" and inside:
                continue  # pydantic counts only the good items: a list of one bad item is not an empty list
            log.fault(_issue(model, text, error))
    return None


def _issue(model: type[BaseModel], text: YamlText, error: Any) -> Issue:  # Any: pydantic's ErrorDetails
    # In brackets stands what is pydantic's: [key], or which shape of a value it took one for.
    loc: Keys = tuple(part for part in error["loc"] if not str(part).startswith("["))
    rule, params = find_rule(error)
    if rule == "unknown_key":
        known = keys_at(model, loc[:-1])
        params = {"known": known, "near": Nearest(known).of(str(loc[-1]))}
        return text.issue(rule, loc, **params)
    value = error.get("input")
    if isinstance(value, dict) and "value" in value and rule in _OF_QUOTA_VALUE:
        # A quota's value is judged together with what it is about, so pydantic blames the whole quota.
        return text.issue(rule, (*loc, "value"), **params, choices=value.get("by"))
    if value is None and text.typed.get(loc) == "":
        return text.issue("text_empty", loc)
    if "[key]" in error["loc"] or loc not in text.typed:
        shown = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
        return text.issue(rule, loc, shown, **params)
    return text.issue(rule, loc, **params)


def schema_of(kind: Literal["policy", "scenario"]) -> dict[str, Any]:  # Any: JSON Schema
    """Return the JSON Schema of a policy or scenario file, for editors."""
    schema = (Policy if kind == "policy" else Scenario).model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": kind, **schema}
