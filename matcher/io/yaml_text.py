"""YAML files as plain values: every key with its line and column, every value as it was typed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from matcher.errors import Issue
from matcher.io.csv_files import read_bytes
from matcher.io.encodings import decode
from matcher.io.faults import FaultLog, as_typed

_N_CHARS = 1_000_000
_N_NODES = 100_000  # a file that unfolds to more (aliases of aliases) is no policy
_DEPTH = 40
_N_BRACKETS = 100  # the time ruamel takes grows with the square of the brackets that are open

Keys = tuple[str | int, ...]


@dataclass
class YamlText:
    """A YAML mapping as plain values, and where each of its keys stands.

    `places` maps a path of keys to (line, column), both from 1; `typed` to the value as its author wrote it. `set_by`
    holds the paths that `--set` gave, with the text as typed.
    """

    file: str
    content: dict[str, Any]  # Any: YAML values; the models type them
    places: dict[Keys, tuple[int, int]] = field(default_factory=dict)
    typed: dict[Keys, str] = field(default_factory=dict)
    set_by: dict[Keys, str] = field(default_factory=dict)

    def below(self, key: str) -> YamlText:
        """Return the section under `key` as a text of its own; places keep pointing into the file."""
        places = {path[1:]: place for path, place in self.places.items() if path[:1] == (key,)}
        typed = {path[1:]: text for path, text in self.typed.items() if path[:1] == (key,)}
        return YamlText(self.file, self.content[key], places, typed)

    def issue(self, rule: str, path: Keys, value: object = None, **params: object) -> Issue:
        """Return an issue about the key at `path`, or about the nearest key above it that has a place.

        Its value is `value`, or where that is None what was typed at `path`.
        """
        shown = as_typed(value) if value is not None else self.typed.get(path) if path else None
        at: Keys = path
        while at and at not in self.set_by and at not in self.places:
            at = at[:-1]
        name = as_typed(key_name(path))
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
    if content is None:
        return None
    text = decode(content, FaultLog(), shown=shown)
    if text is None:
        # What to try is not what helps a table: nobody saves settings from Excel.
        log.fault(Issue("settings_not_text", shown))
        return None
    return parse_yaml(text, log, shown=shown)


def parse_yaml(text: str, log: FaultLog, *, shown: str) -> YamlText | None:
    """Return the mapping in `text` (YAML 1.2 and merge keys; a key that stands twice is refused)."""
    found = YamlText(shown, {})
    try:
        plain = plain_yaml(text, found)
    except YamlFault as fault:
        log.fault(replace(fault.issue, file=shown))
        return None
    if plain is None:
        return found
    if not isinstance(plain, dict):
        log.fault(Issue("yaml_not_mapping", shown, row=1, params={"yaml_column": 1}))
        return None
    found.content = plain
    return found


class YamlFault(Exception):
    """What keeps a text from being read, as an issue without its file."""

    def __init__(self, rule: str, mark: Any, value: str | None = None) -> None:  # Any: ruamel's mark, or None
        super().__init__(rule)
        line, column = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
        self.issue = Issue(rule, row=line, value=value, params={"yaml_column": column})


def plain_yaml(text: str, into: YamlText) -> Any:  # Any: YAML values
    """Return what a YAML text holds as plain values; the places of its keys go to `into`.

    Raises
    ------
    YamlFault
        If it is no YAML, too large or too deep, or holds itself.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if len(text) > _N_CHARS or _n_open(text) > _N_BRACKETS:
        raise YamlFault("yaml_too_large", None)
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text)
    except RecursionError:
        raise YamlFault("yaml_too_large", None) from None
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        raise YamlFault("yaml_syntax", mark) from None
    return None if node is None else _Unfolding(text, into, yaml.constructor).value(node, ())


def _n_open(text: str) -> int:
    """How many brackets are open at once, at most; those in quotes and comments count too."""
    steps = [1 if bracket in "[{" else -1 for bracket in re.findall(r"[\[\]{}]", text)]
    return max(accumulate(steps, lambda depth, step: max(depth + step, 0)), default=0)


class _Unfolding:
    """From ruamel's nodes to plain values.

    Its own constructors would unfold aliases without a bound, and keep neither the place of a merged key nor the text
    of a value.
    """

    def __init__(self, text: str, into: YamlText, constructor: Any) -> None:  # Any: ruamel's, untyped
        self._text = text
        self._into = into
        self._constructor = constructor
        self._open: set[int] = set()
        self._n_nodes = 0

    def value(self, node: Any, path: Keys) -> Any:  # Any: ruamel's node; YAML values
        self._n_nodes += 1
        if self._n_nodes > _N_NODES or len(path) > _DEPTH:
            raise YamlFault("yaml_too_large", node.start_mark)
        if id(node) in self._open:
            raise YamlFault("yaml_holds_itself", node.start_mark)
        self._into.typed[path] = self._as_typed(node)
        self._open.add(id(node))
        try:
            if node.id == "mapping":
                return self._mapping(node, path)
            if node.id == "sequence":
                return [self._item(item, (*path, at)) for at, item in enumerate(node.value)]
            return self._scalar(node)
        finally:
            self._open.discard(id(node))

    def _as_typed(self, node: Any) -> str:
        if node.id == "scalar":
            return as_typed(node.value)
        return as_typed(" ".join(self._text[node.start_mark.index : node.end_mark.index].split()))

    def _item(self, node: Any, path: Keys) -> Any:
        self._into.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        return self.value(node, path)

    def _mapping(self, node: Any, path: Keys) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        seen: set[str] = set()
        for key, value in node.value:
            if self._is_merge(key):
                continue
            if key.id != "scalar":
                raise YamlFault("yaml_syntax", key.start_mark)
            name = str(key.value)
            if name in seen:
                raise YamlFault("key_twice", key.start_mark)
            seen.add(name)
            here = (*path, name)
            self._into.places[here] = (key.start_mark.line + 1, key.start_mark.column + 1)
            plain[name] = self.value(value, here)
        for key, value in node.value:
            if self._is_merge(key):
                self._merge(value, path, plain)
        return plain

    @staticmethod
    def _is_merge(key: Any) -> bool:
        return key.id == "scalar" and str(key.tag).endswith(":merge")

    def _merge(self, node: Any, path: Keys, plain: dict[str, Any]) -> None:
        """Add what ``<<`` brings in: a key that stands here, or that an earlier base has, keeps its value."""
        for base in node.value if node.id == "sequence" else [node]:
            if base.id != "mapping":
                raise YamlFault("merge_not_mapping", base.start_mark, self._as_typed(base))
            brought = YamlText("", {})
            aside = _Unfolding(self._text, brought, self._constructor)
            aside._open, aside._n_nodes = self._open, self._n_nodes
            values = aside.value(base, path)
            self._n_nodes = aside._n_nodes
            for name, value in values.items():
                if name in plain:
                    continue
                plain[name] = value
                below = (*path, name)
                n_keys = len(below)
                places, typed = brought.places.items(), brought.typed.items()
                self._into.places |= {at: place for at, place in places if at[:n_keys] == below}
                self._into.typed |= {at: text for at, text in typed if at[:n_keys] == below}

    def _scalar(self, node: Any) -> Any:
        from ruamel.yaml.error import YAMLError

        try:
            value = self._constructor.construct_object(node)
        except (YAMLError, ValueError, OverflowError):
            raise YamlFault("yaml_syntax", node.start_mark) from None
        if isinstance(value, bool | int | float | str) or value is None:
            return value
        return value.isoformat() if isinstance(value, dt.date) else str(value)
