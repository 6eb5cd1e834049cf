"""`matcher check --annotate`: the workbook's copy with marks, and the lines about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matcher.errors import OutputError, UsageError
from matcher.io.annotate import Findings, workbook_to_copy, write_annotated
from matcher.io.check import HeadingsRead
from matcher.words.annotating import LINES, PARTS
from matcher.words.catalog import Lang


@dataclass(frozen=True)
class Marking:
    """A copy that was asked for, and what is to be marked in it."""

    book: Path
    target: Path
    findings: Findings = field(default_factory=Findings)

    @classmethod
    def of(cls, source: Path, target: Path | None, faults: Path | None, *, force: bool) -> Marking | None:
        """Return what was asked for, None where no copy was; a wrong target is refused before any work.

        Raises
        ------
        OutputError : as `workbook_to_copy`, and where the copy and the list of faults are one file
        """
        if target is None:
            if force:
                raise UsageError("annotate_force_alone")
            return None
        if not source.exists():
            raise UsageError("source_not_found", path=str(source))
        book = workbook_to_copy(source, target, force=force)
        if faults is not None and faults.resolve() == target.resolve():
            raise OutputError("annotate_is_faults", path=str(target))
        return cls(book, target)

    def write(self, read: Sequence[HeadingsRead], lang: Lang) -> list[str]:
        """Write the copy; returns what is said about it."""
        lacks = write_annotated(self.book, self.target, self.findings, read, lang)
        lines = [LINES["annotated"].fill(lang, path=self.target)]
        if lacks:
            lines.append(LINES["annotated_lacks"].fill(lang, parts=[PARTS[code] for code in lacks]))
        return lines
