"""Policy and scenario files: strict YAML, every fault with its line and column, and `--set key=value`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from matcher.domain.policy import Policy
from matcher.errors import Issue, UsageError
from matcher.io.csv_files import decode, read_bytes
from matcher.io.faults import FaultLog, as_typed
from matcher.io.nearest import Nearest
from matcher.io.schema import find_rule, keys_at

_N_NODES = 100_000  # a file that unfolds to more (aliases of aliases) is no policy
_DEPTH = 40

Model = TypeVar("Model", bound=BaseModel)
Path_ = tuple[str | int, ...]


class Scenario(BaseModel):
    """A named data set and its policy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    data: str | None = None
    policy: Policy | str | None = None


@dataclass
class YamlText:
    """A YAML mapping as plain values, and where each of its keys stands.

    `places` maps a path of keys to (line, column), both from 1. `set_by` holds the paths that `--set` gave, with the
    text as typed.
    """

    file: str
    content: dict[str, Any]  # Any: YAML values; the models type them
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    set_by: dict[Path_, str] = field(default_factory=dict)

    def below(self, key: str) -> YamlText:
        """Return the section under `key` as a text of its own; places keep pointing into the file."""
        places = {path[1:]: place for path, place in self.places.items() if path[0] == key}
        return YamlText(self.file, self.content[key], places)

    def issue(self, rule: str, path: Path_, value: object = None, **params: object) -> Issue:
        """Return an issue about the key at `path`, or about the nearest key above it that has a place."""
        shown = None if value is None else as_typed(value)
        at: Path_ = path
        while at and at not in self.set_by and at not in self.places:
            at = at[:-1]
        name = key_name(path)
        if at in self.set_by:
            return Issue(rule, "--set", column=name, value=shown, params={"yaml_column": 0, **params})
        line, column = self.places.get(at, (1, 1))
        return Issue(rule, self.file, row=line, column=name, value=shown, params={"yaml_column": column, **params})


def key_name(path: Sequence[str | int]) -> str:
    """Return a path of keys as people write it: ``limits.quotas[0].min``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def read_yaml(path: Path, log: FaultLog, *, shown: str) -> YamlText | None:
    """Return a YAML file's mapping with places, or None after reporting why it cannot be read."""
    content = read_bytes(path, log, shown=shown)
    text = None if content is None else decode(content, log, shown=shown)
    return None if text is None else parse_yaml(text, log, shown=shown)


def parse_yaml(text: str, log: FaultLog, *, shown: str) -> YamlText | None:
    """Return the mapping in `text` (YAML 1.2; a key that stands twice is refused)."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import DuplicateKeyError
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        loaded = YAML(typ="rt", pure=True).load(text)
    except DuplicateKeyError as error:
        mark = error.problem_mark
        log.fault(Issue("key_twice", shown, row=mark.line + 1, params={"yaml_column": mark.column + 1}))
        return None
    except (YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        log.fault(Issue("yaml_syntax", shown, row=line, params={"yaml_column": column}))
        return None
    if loaded is None:
        return YamlText(shown, {})
    if not isinstance(loaded, Mapping):
        log.fault(Issue("yaml_not_mapping", shown, row=1, params={"yaml_column": 1}))
        return None
    found = YamlText(shown, {})
    budget = iter(range(_N_NODES))
    try:
        found.content = _plain(loaded, (), found.places, budget)
    except StopIteration:
        log.fault(Issue("yaml_too_large", shown, row=1, params={"yaml_column": 1}))
        return None
    return found


def set_overrides(text: YamlText, overrides: Sequence[str]) -> None:
    """Put `key=value` settings over the mapping; the value is read as YAML.

    Raises
    ------
    UsageError
        If a setting has no ``=``, or its value is no YAML.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    for override in overrides:
        key, equals, value = override.partition("=")
        path: Path_ = tuple(part.strip() for part in key.split("."))
        if not equals or not all(path):
            raise UsageError("override_shape", given=override)
        try:
            loaded = _plain(YAML(typ="rt", pure=True).load(value), (), {}, iter(range(_N_NODES)))
        except (YAMLError, ValueError, RecursionError, StopIteration):
            raise UsageError("override_value", given=override) from None
        node = text.content
        for part in path[:-1]:
            below = node.get(str(part))
            node[str(part)] = node = dict(below) if isinstance(below, dict) else {}
        node[str(path[-1])] = loaded
        text.set_by[path] = override


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
    loc: Path_ = tuple(part for part in error["loc"] if part != "[key]")
    rule, params = find_rule(error)
    if rule == "unknown_key":
        known = keys_at(model, loc[:-1])
        params = {"known": known, "near": Nearest(known).of(str(loc[-1]))}
        return text.issue(rule, loc, **params)
    value = error.get("input")
    if not isinstance(value, str | dict | list):
        value = json.dumps(value, default=str)
    return text.issue(rule, loc, None if isinstance(value, dict | list) else value, **params)


def _plain(node: Any, path: Path_, places: dict[Path_, tuple[int, int]], budget: Iterator[int]) -> Any:  # Any: YAML
    if next(budget, None) is None or len(path) > _DEPTH:
        raise StopIteration
    if isinstance(node, Mapping):
        plain = {}
        for key, value in node.items():
            here = (*path, str(key))
            line, column = node.lc.key(key) if hasattr(node, "lc") else (0, 0)
            places[here] = (line + 1, column + 1)
            plain[str(key)] = _plain(value, here, places, budget)
        return plain
    if isinstance(node, list | tuple | set):
        items = []
        for at, value in enumerate(node):
            here = (*path, at)
            if hasattr(node, "lc") and at in (node.lc.data or {}):
                line, column = node.lc.item(at)
                places[here] = (line + 1, column + 1)
            items.append(_plain(value, here, places, budget))
        return items
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)  # ruamel's own subclasses remember how the text was written
    return node.isoformat() if isinstance(node, dt.date) else str(node)


def schema_of(kind: Literal["policy", "scenario"]) -> dict[str, Any]:  # Any: JSON Schema
    """Return the JSON Schema of a policy or scenario file, for editors."""
    schema = (Policy if kind == "policy" else Scenario).model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": kind, **schema}
