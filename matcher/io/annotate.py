"""A copy of the user's workbook with what `check` found marked in it: coloured cells, comments, a sheet of faults."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.errors import Issue, OutputError
from matcher.io.annotate_parts import lost_parts, values_as_saved, with_values
from matcher.io.annotate_places import cells_of, sheet_places
from matcher.io.annotate_sheet import FILLS, SEVERITIES, Cell, Finding, fills_before, write_findings
from matcher.io.check import HeadingsRead
from matcher.io.outputs import aside_of
from matcher.io.source import places_of
from matcher.words.annotating import HEADINGS, KINDS, MARK, SHEET
from matcher.words.catalog import LANGUAGES, Lang
from matcher.words.issues import mend_text, what_text

if TYPE_CHECKING:
    from openpyxl import Workbook

N_MARKED = 10_000
"""So many issues of each severity are marked; the rest is counted."""
N_CELLS_MOST = 1_500_000
"""The library that writes the copy takes some 1.2 kB a cell, and 40 s of CPU for a million."""
KINDS_READ = (".xlsx", ".xlsm")
_AUTHOR = "matcher"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_COMMENT_CHARS = 2_000
_UNREADABLE_RULES = frozenset(
    {"lock_file", "file_locked", "file_unreadable", "file_empty", "file_encrypted", "not_what_it_says"}
    | {"workbook_damaged", "workbook_bulky"}
)


@dataclass
class Findings:
    """Collects issues as they are found: the first `N_MARKED` of each severity, and how many there are."""

    kept: list[Issue] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, issue: Issue) -> None:
        """Count an issue, and keep it if it is one of the first of its severity."""
        self.counts[issue.severity] += 1
        if self.counts[issue.severity] <= N_MARKED:
            self.kept.append(issue)

    @property
    def n_unmarked(self) -> int:
        """How many are counted only."""
        return self.counts.total() - len(self.kept)


def workbook_to_copy(source: Path, target: Path, *, force: bool) -> Path:
    """Return the workbook of a source, after seeing to it that its copy may be written to `target`.

    Raises
    ------
    OutputError
        If the source is no .xlsx or .xlsm workbook; if `target` is the source itself, is of another kind, is no file,
        or is there already without `force`.
    """
    book = places_of(source)[-1]
    suffix = book.suffix.lower()
    if book.is_dir() or suffix not in KINDS_READ:
        raise OutputError("annotate_xls" if suffix == ".xls" else "annotate_no_workbook", path=str(book))
    if target.is_dir():
        raise OutputError("annotate_is_folder", path=str(target))
    if target.suffix.lower() != suffix:
        raise OutputError("annotate_suffix", path=str(target), suffix=suffix)
    try:
        places = [place for place in (book, *places_of(source)) if place.exists()]
        if target.exists() and any(target.samefile(place) for place in places):
            raise OutputError("annotate_in_source", path=str(target))
    except (RuntimeError, OSError):  # a loop of links
        raise OutputError("annotate_is_folder", path=str(target)) from None
    if target.exists() and not target.is_file():
        raise OutputError("annotate_is_folder", path=str(target))
    if target.is_symlink() and not target.exists():
        raise OutputError("annotate_is_folder", path=str(target))
    if target.exists() and not force:
        raise OutputError("annotate_exists", path=str(target))
    return book


def write_annotated(
    book: Path, target: Path, findings: Findings, read: Sequence[HeadingsRead], lang: Lang
) -> tuple[str, ...]:
    """Write the copy, whole or not at all, and return the codes in `PARTS` of what it lacks.

    Parameters
    ----------
    read : the sheets that were read as tables

    Raises
    ------
    OutputError
        If the workbook cannot be read, is too large, or the copy would not hold the same values.
    """
    bad = next((one for one in findings.kept if one.rule in _UNREADABLE_RULES and one.file == book.name), None)
    if bad is not None:
        raise OutputError("annotate_unreadable", path=str(book))
    content = book.read_bytes()
    n_cells = _count_cells(content)
    if n_cells > N_CELLS_MOST:
        raise OutputError("annotate_too_large", path=str(book), n=f"{n_cells:,}", most=f"{N_CELLS_MOST:,}")
    lacks = lost_parts(content)
    saved = _annotated(content, book, findings, read, lang, lacks)
    if not _is_same(content, saved):
        raise OutputError("annotate_not_same", path=str(book))
    with aside_of(target) as aside:
        aside.write_bytes(saved)
    return lacks


def _count_cells(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = [name for name in package.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return sum(package.read(name).count(b"<c ") for name in names)


def _annotated(
    content: bytes, path: Path, findings: Findings, read: Sequence[HeadingsRead], lang: Lang, lacks: tuple[str, ...]
) -> bytes:
    places = sheet_places(content, read)
    book = _load(content, path)
    _remove_earlier_marks(book)
    found = [Finding(issue, _shown(book, issue.sheet, cells_of(issue, places))) for issue in findings.kept]
    fills = {
        (sheet, at): _mark(book[sheet], at, issues, lang)
        for sheet, cells in _by_cell(found).items()
        if sheet in book.sheetnames
        for at, issues in cells.items()
    }
    own = write_findings(book, path.name, found, findings.counts, lacks, fills, lang, n_unmarked=findings.n_unmarked)
    buffer = io.BytesIO()
    try:
        book.save(buffer)
    except Exception as error:  # the library refuses in many ways what it does not know
        raise OutputError("annotate_not_possible", path=str(path), reason=type(error).__name__) from error
    values: list[Mapping[str, tuple[str, str]]] = [
        {} if sheet.title == own else values_as_saved(content, sheet.title) for sheet in book.worksheets
    ]
    return with_values(buffer.getvalue(), values)


def _load(content: bytes, path: Path) -> Workbook:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the copy lacks is told in words of ours
            return openpyxl.load_workbook(
                io.BytesIO(content), rich_text=True, keep_vba=path.suffix.lower() == ".xlsm", keep_links=True
            )
    except Exception as error:  # as above; calamine reads more than this library does
        raise OutputError("annotate_not_possible", path=str(path), reason=type(error).__name__) from error


def _by_cell(found: Iterable[Finding]) -> dict[str, dict[Cell, list[Issue]]]:
    cells: dict[str, dict[Cell, list[Issue]]] = {}
    for finding in found:
        for cell in finding.cells:
            cells.setdefault(finding.issue.sheet, {}).setdefault(cell, []).append(finding.issue)
    return cells


def _mark(sheet: Any, at: Cell, issues: list[Issue], lang: Lang) -> Any:  # openpyxl: a sheet of any kind
    """Colour a cell by the worst that was found there, and say all of it in a comment below the user's own.

    Returns the fill that the cell had.
    """
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = _cell(sheet, at)
    fill = copy(cell.fill)
    worst = min((issue.severity for issue in issues), key=SEVERITIES.index)
    cell.fill = PatternFill("solid", fgColor=FILLS[worst])
    lines = [f"{KINDS[one.severity].fill(lang)}: {what_text(one, lang)}\n→ {mend_text(one, lang)}" for one in issues]
    text = _ILLEGAL.sub(" ", f"{MARK.fill(lang)}\n" + "\n".join(lines))
    text = text if len(text) <= _COMMENT_CHARS else f"{text[: _COMMENT_CHARS - 1]}…"
    users = f"{cell.comment.text.rstrip()}\n\n" if cell.comment is not None else ""
    author = cell.comment.author if cell.comment is not None else _AUTHOR
    n_lines = sum(1 + len(line) // 24 for line in (users + text).split("\n"))
    cell.comment = Comment(users + text, author, width=340, height=min(24 + 20 * n_lines, 600))
    return fill


def _shown(book: Workbook, name: str, cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells that show what stands at these: of merged cells the first."""
    from openpyxl.cell.cell import MergedCell

    if name not in book.sheetnames:
        return ()
    sheet, shown = book[name], []
    for at in cells:
        if isinstance(sheet._cells.get(at), MergedCell):
            over = next(one for one in sheet.merged_cells.ranges if sheet.cell(*at).coordinate in one)
            shown.append((over.min_row, over.min_col))
        else:
            shown.append(at)
    return tuple(dict.fromkeys(shown))


def _cell(sheet: Any, at: Cell) -> Any:
    """The cell at a place; a new one looks like its row or column."""
    row, column = at
    is_new = at not in sheet._cells
    cell = sheet.cell(row, column)
    if is_new:
        rows = [sheet.row_dimensions[row]] if row in sheet.row_dimensions else []
        columns = [one for one in sheet.column_dimensions.values() if (one.min or 0) <= column <= (one.max or 0)]
        styled = next((one for one in (*rows, *columns) if one.has_style), None)
        if styled is not None:
            cell._style = copy(styled._style)
    return cell


def _remove_earlier_marks(book: Workbook) -> None:
    """Take our own sheet, colours and comments out of a workbook that is an annotated copy itself."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    fills: dict[tuple[str, str], Any] = {}
    for own in [sheet for sheet in book.worksheets if _is_ours(sheet)]:
        fills |= fills_before(own)
        del book[own.title]
    marks = tuple(MARK.fill(lang) for lang in LANGUAGES)
    for sheet in book.worksheets:
        for cell in list(sheet._cells.values()):  # going through all rows would make cells where there are none
            if cell.comment is None or not any(mark in cell.comment.text for mark in marks):
                continue
            users = re.split("|".join(map(re.escape, marks)), cell.comment.text)[0].rstrip()
            cell.comment = Comment(users, cell.comment.author) if users else None
            if cell.fill.fgColor.rgb in FILLS.values():
                cell.fill = fills.get((sheet.title, cell.coordinate), PatternFill())


def _is_ours(sheet: Any) -> bool:
    is_named = any(sheet.title == SHEET.fill(lang) for lang in LANGUAGES)
    heads = {tuple(heading.fill(lang) for heading in HEADINGS) for lang in LANGUAGES}
    return is_named and any(
        tuple(row[: len(HEADINGS)]) in heads for row in sheet.iter_rows(max_row=10, values_only=True)
    )


def _is_same(content: bytes, saved: bytes) -> bool:
    """Whether the reader finds the same values in the copy, whatever the library that wrote it does to them."""
    from python_calamine import CalamineWorkbook

    old, new = (CalamineWorkbook.from_filelike(io.BytesIO(book)) for book in (content, saved))
    names = set(new.sheet_names)
    ours = {SHEET.fill(lang) for lang in LANGUAGES}
    return all(
        name in names and _values(old, name) == _values(new, name) for name in old.sheet_names if name not in ours
    )


def _values(book: Any, name: str) -> list[list[object]]:  # CalamineWorkbook is imported where it is used
    """The cells of a sheet up to the last that holds anything."""
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    kept = [list(row) for row in rows]
    for row in kept:
        while row and row[-1] == "":
            row.pop()
    while kept and not kept[-1]:
        kept.pop()
    return kept
