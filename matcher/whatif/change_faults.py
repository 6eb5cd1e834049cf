"""What is wrong with changes, and what only seems wrong because an earlier change could not be applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class ChangeFault:
    """What is wrong with one change: the path of keys below it, a rule code, the value, and what fills its sentence."""

    path: Path
    rule: str
    value: object = None
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    error: Any = None  # Any: pydantic's ErrorDetails, where the rule is read off it


class ChangeFaults(Exception):
    """A change that cannot be applied, with everything that is wrong with it."""

    def __init__(self, faults: Sequence[ChangeFault]) -> None:
        super().__init__(len(faults))
        self.faults = tuple(faults)


class Unapplied:
    """Changes that could not be applied, and so what later ones cannot be blamed for.

    A row that was to be added is unknown to later changes, a row that was to be changed fits no filter, a row that was
    to be removed still has its id.
    """

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._tables: set[str] = set()
        self._removed: set[str] = set()

    def note(self, change: object) -> None:
        """Remember a faulty change, as it was typed: it may have any shape."""
        kinds: Mapping[Any, Any] = change if isinstance(change, Mapping) else {}
        added = kinds.get("add")
        for table, rows in added.items() if isinstance(added, Mapping) else ():
            self._tables.add(str(table))
            self._ids |= {str(row.get("id")) for row in rows if isinstance(row, Mapping)} if _is_list(rows) else set()
        for kind in ("set", "remove"):
            table = kinds[kind].get("table") if isinstance(kinds.get(kind), Mapping) else None
            self._tables |= {str(table)} if table is not None else set()
        if isinstance(kinds.get("remove"), Mapping):
            self._removed.add(str(kinds["remove"].get("table")))

    def own_faults(self, faults: Sequence[ChangeFault]) -> list[ChangeFault]:
        """Those that stand whatever becomes of the changes before."""
        return [fault for fault in faults if not self._follows(fault)]

    def _follows(self, fault: ChangeFault) -> bool:
        if fault.rule == "unknown_id":
            return str(fault.value) in self._ids
        if fault.rule == "no_row_fits":
            return str(fault.value) in self._tables
        return fault.rule == "key_taken" and str(fault.params.get("table")) in self._removed


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
