"""What reading found: every fault counted, the first thousand kept, all of them streamed on request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from matcher.errors import Issue

N_KEPT = 1_000
N_FIRST = 3
"""So many of a column's repairs of one kind are kept as examples."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
N_VALUE_CHARS = 80

Sink = Callable[[Issue], None]

UNREAD = frozenset(
    {
        *("file_unknown", "file_ignored", "file_copy", "file_kind", "settings_unread"),
        *("sheet_unknown", "sheet_ignored", "sheet_copy"),
        *("header_unknown", "column_ignored", "column_extra", "column_unnamed"),
    }
)
"""Rules that tell of something which is there and was not read."""


@dataclass(slots=True)
class RepairGroup:
    """The repairs of one kind in one column: the first few, and how many there are."""

    first: list[Issue]
    n: int = 0


class RepairGroups:
    """Repairs by file, sheet, column and rule, in the order in which they were found."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, str | None, str], RepairGroup] = {}

    def __iter__(self) -> Iterator[RepairGroup]:
        return iter(self._groups.values())

    @property
    def n(self) -> int:
        """How many repairs there are."""
        return sum(group.n for group in self)

    def add(self, issue: Issue, n: int = 1) -> None:
        """Count `n` repairs like `issue`, which is the first of them."""
        key = (issue.file, issue.sheet, issue.column, issue.rule)
        group = self._groups.setdefault(key, RepairGroup([]))
        group.n += n
        if len(group.first) < N_FIRST:
            group.first.append(issue)


class FaultLog:
    """Collects issues in the order in which they are found; memory stays bounded whatever a file holds.

    Parameters
    ----------
    sink : called with every issue
    is_strict : a repair is a fault
    hands_on_repairs : whether the sink is called with repairs too
    """

    def __init__(self, sink: Sink | None = None, *, is_strict: bool = False, hands_on_repairs: bool = True) -> None:
        self.faults: list[Issue] = []
        self.warnings: list[Issue] = []
        self.notes: list[Issue] = []
        self.repairs: list[Issue] = []
        self.repair_groups = RepairGroups()
        self.n_faults = 0
        self.n_warnings = 0
        self.n_notes = 0
        self.n_unread = 0
        self._sink = sink
        self._is_strict = is_strict
        self._repair_sink = sink if hands_on_repairs else None

    @property
    def wants_detail(self) -> bool:
        """Whether the next fault is one of those that are kept, and so worth a hint."""
        return self.n_faults < N_KEPT

    def fault(self, issue: Issue) -> None:
        """Count a fault, keep it if it is one of the first, hand it on."""
        self.n_faults += 1
        if len(self.faults) < N_KEPT:
            self.faults.append(issue)
        if self._sink is not None:
            self._sink(issue)

    def warn(self, issue: Issue) -> None:
        """The same for something that does not stop a run."""
        warning = replace(issue, severity="warning")
        self.n_warnings += 1
        self.n_unread += warning.rule in UNREAD
        if len(self.warnings) < N_KEPT:
            self.warnings.append(warning)
        if self._sink is not None:
            self._sink(warning)

    def note(self, issue: Issue) -> None:
        """The same for something that was done without being asked for, such as an ignored column."""
        note = replace(issue, severity="warning")
        self.n_notes += 1
        self.n_unread += note.rule in UNREAD
        if len(self.notes) < N_KEPT:
            self.notes.append(note)
        if self._sink is not None:
            self._sink(note)

    @property
    def wants_repairs(self) -> bool:
        """Whether the next repair is kept, handed on or a fault, and so worth an issue of its own."""
        return self._is_strict or self._repair_sink is not None or len(self.repairs) < N_KEPT

    def repair(self, issue: Issue, n: int = 1) -> None:
        """The same for a cell that was read in a way its column does not ask for; `n` stands for more alike.

        `n` above 1 is for those that follow where `wants_repairs` is false.
        """
        if self._is_strict:
            self.fault(issue)
            return
        repair = replace(issue, severity="repair")
        self.repair_groups.add(repair, n)
        if len(self.repairs) < N_KEPT:
            self.repairs.append(repair)
        if self._repair_sink is not None:
            self._repair_sink(repair)


def as_typed(cell: object) -> str:
    """Return a cell as its user sees it, cut to what fits a message."""
    from matcher.domain.values import parse_text

    # A line break or an escape sequence would take a message apart, or a terminal.
    text = _CONTROL.sub(" ", parse_text(cell))
    return text if len(text) <= N_VALUE_CHARS else text[: N_VALUE_CHARS - 1] + "…"
