"""`matcher check`: every fault and warning, on the terminal, as JSON, or all of them in a file."""

from __future__ import annotations

import codecs
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from matcher.cli.annotating import Marking
from matcher.cli.foreseeing import need_line
from matcher.cli.headings import heading_lines, heading_records
from matcher.cli.show import N_ISSUES_SHOWN, as_asked, repair_lines, unread_lines
from matcher.errors import Issue, OutputError
from matcher.io.check import CheckReport, check_source
from matcher.io.csv_out import plain_cell
from matcher.io.faults import UNREAD, Sink
from matcher.io.source import places_of
from matcher.words.catalog import Lang
from matcher.words.cli import LINES
from matcher.words.issues import issue_text

SCHEMA = "matcher.check/1"
_COLUMNS = ("severity", "file", "sheet", "row", "column", "value", "rule", "message")


def run_check(
    source: Path,
    *,
    policy: Path | None,
    overrides: tuple[str, ...],
    mapping: Path | None = None,
    lang: Lang,
    as_json: bool,
    faults: Path | None,
    annotate: Path | None = None,
    force: bool = False,
    headers: bool = False,
    strict: bool = False,
    encoding: str | None = None,
) -> bool:
    """Check and print; returns whether there was no fault."""
    marking = Marking.of(source, annotate, faults, force=force)
    sinks: list[Sink] = [] if marking is None else [marking.findings.add]
    with ExitStack() as stack:
        if faults is not None:
            _refuse_to_replace(faults, source)
            sinks.append(stack.enter_context(_fault_list(faults, lang)))
        sink = _all_of(sinks) if sinks else None
        report = check_source(
            source, policy=policy, overrides=overrides, sink=sink, mapping=mapping, strict=strict, encoding=encoding
        )
    if as_json:
        record = _as_json(report, lang)
        record |= {"headers": heading_records(report.headings)} if headers else {}
        print(json.dumps(record, ensure_ascii=False))
    else:
        if headers:
            print("\n".join(heading_lines(report.headings, lang)))
        print("\n".join(_lines(report, as_asked(source, mapping, encoding), lang, faults)))
    if marking is not None:
        lines = marking.write(report.headings, lang)
        print("\n".join(lines), file=sys.stderr if as_json else sys.stdout)
    return report.n_faults == 0


def _all_of(sinks: Sequence[Sink]) -> Sink:
    def hand_on(issue: Issue) -> None:
        for sink in sinks:
            sink(issue)

    return hand_on


def _refuse_to_replace(path: Path, source: Path) -> None:
    """Raise OutputError where writing the list of faults would put it among the data, or replace anything but one."""
    try:
        target = path.resolve()
        places = [place.resolve() for place in places_of(source) if place.exists()]
    except RuntimeError:  # a loop of links, up to Python 3.12
        raise OutputError("faults_not_usable", path=str(path)) from None
    for place in places:
        if place in (target, *target.parents):
            raise OutputError("faults_in_source", path=str(path))
    if path.is_dir():
        raise OutputError("faults_is_folder", path=str(path))
    if path.exists() and not _is_fault_list(path):
        raise OutputError("faults_not_ours", path=str(path))


def _is_fault_list(path: Path) -> bool:
    header = codecs.BOM_UTF8 + ",".join(_COLUMNS).encode()
    try:
        if not path.is_file():  # opening a pipe would wait for whoever writes into it
            return False
        with path.open("rb") as file:
            return file.read(len(header) + 1).rstrip(b"\r\n") == header
    except OSError:
        return False


@contextmanager
def _fault_list(path: Path, lang: Lang) -> Iterator[Sink]:
    """What every issue streams through into a CSV file, which appears whole or not at all."""
    from matcher.io.outputs import aside_of

    with aside_of(path) as aside, aside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)

        def write(issue: Issue) -> None:
            record = issue_record(issue, lang)
            cells = ("" if record[name] is None else str(record[name]) for name in _COLUMNS)
            writer.writerow([plain_cell(cell) for cell in cells])

        yield write


def issue_record(issue: Issue, lang: Lang) -> dict[str, object]:
    """One issue with stable keys."""
    return {
        "severity": issue.severity,
        "file": issue.file,
        "sheet": issue.sheet,
        "row": issue.row,
        "column": issue.column,
        "value": issue.value,
        "rule": issue.rule,
        "message": issue_text(issue, lang),
    }


def _as_json(report: CheckReport, lang: Lang) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "n_faults": report.n_faults,
        "faults": [issue_record(issue, lang) for issue in report.faults],
        "warnings": [issue_record(issue, lang) for issue in (*report.warnings, *report.notes)],
        "n_repairs": report.repair_groups.n,
        "repairs": [issue_record(issue, lang) for issue in report.repairs],
    }


def _lines(report: CheckReport, source: str, lang: Lang, faults: Path | None) -> list[str]:
    found = (*report.warnings, *report.notes)
    unread = [issue for issue in found if issue.rule in UNREAD]
    warnings = [issue for issue in found if issue.rule not in UNREAD]
    n_warnings = report.n_warnings + report.n_notes - report.n_unread
    sections = (
        _section("check_faults", report.faults, report.n_faults, source, lang, faults),
        unread_lines(unread, report.n_unread, source, lang),
        _section("check_warnings", warnings, n_warnings, source, lang, faults),
        repair_lines(report.repair_groups, source, lang),
    )
    lines = [line for section in sections if section for line in (*section, "")]
    if faults is not None:
        n_written = report.n_warnings + report.n_notes + report.repair_groups.n
        code = "faults_written" if report.n_faults else "faults_only_warnings_written"
        code = code if report.n_faults or n_written else "faults_none_written"
        lines.append(LINES[code].fill(lang, path=faults, n=f"{n_written:,}"))
    if report.problem is not None and not report.n_faults:
        n_directors, n_companies = len(report.problem.directors), len(report.problem.companies)
        lines.append(LINES["check_ok"].fill(lang, n_directors=n_directors, n_companies=n_companies))
        need = need_line(report.problem, lang)
        lines += [] if need is None else [need]
    return lines


def _section(name: str, issues: Sequence[Issue], n_all: int, source: str, lang: Lang, faults: Path | None) -> list[str]:
    if not n_all:
        return []
    shown = issues[:N_ISSUES_SHOWN]
    lines = [LINES[name].fill(lang, n=f"{n_all:,}"), *(issue_text(issue, lang) for issue in shown)]
    if n_all > len(shown) and faults is None:
        lines.append(LINES["more"].fill(lang, n=f"{n_all - len(shown):,}", source=source))
    return lines
