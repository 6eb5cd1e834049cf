"""What reading found: every fault counted, the first thousand kept, all of them streamed on request."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from matcher.errors import Issue

N_KEPT = 1_000
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


class FaultLog:
    """Collects issues in the order in which they are found; memory stays bounded whatever a file holds."""

    def __init__(self, sink: Sink | None = None) -> None:
        self.faults: list[Issue] = []
        self.warnings: list[Issue] = []
        self.notes: list[Issue] = []
        self.n_faults = 0
        self.n_warnings = 0
        self.n_notes = 0
        self.n_unread = 0
        self._sink = sink

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


def as_typed(cell: object) -> str:
    """Return a cell as its user sees it, cut to what fits a message."""
    from matcher.domain.values import parse_text

    # A line break or an escape sequence would take a message apart, or a terminal.
    text = _CONTROL.sub(" ", parse_text(cell))
    return text if len(text) <= N_VALUE_CHARS else text[: N_VALUE_CHARS - 1] + "…"
