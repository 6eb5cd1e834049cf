"""A run's output folder: written aside, then renamed, so that it appears whole or not at all."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.errors import OutputError, UsageError
from matcher.io.csv_out import plain_cell
from matcher.plan.document import SCHEMA, PlanDocument
from matcher.plan.plan import Plan
from matcher.plan.tree_record import TREE_FILE
from matcher.words.catalog import LANGUAGES, Lang, language

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

FORMATS = ("html", "xlsx", "candidates")
"""What may be written beside plan.json."""

CSV_ROWS = 200_000
"""Up to this many candidates are written as CSV, which Excel opens; beyond it as Parquet."""

_SAME_MOMENT_S = 2.0  # some file systems keep times to two seconds


def refuse_occupied(
    folder: Path,
    *,
    source: Path | None = None,
    own_files: frozenset[str] | None = None,
    earlier: Callable[[Path], object | None] | None = None,
) -> None:
    """Raise OutputError where writing `folder` would destroy something; asked before any work is done.

    An absent or empty folder is free, and so is one that holds a run and nothing else (`write_run` asks which run). A
    folder that holds anything else, the source or the current folder is never replaced.

    Parameters
    ----------
    own_files, earlier : the names a result has, and what tells one in a folder from none; by default those of a run
    """
    target = resolved_folder(folder)
    if source is not None and (target == source.resolve() or target in source.resolve().parents):
        raise OutputError("out_holds_source", path=str(folder))
    if target == Path.cwd().resolve():
        raise OutputError("out_is_current_folder", path=str(folder))
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputError("out_is_file", path=str(folder))
    is_own = (earlier or _earlier_digests)(folder) is not None
    own_files = _OWN_FILES if own_files is None else own_files
    strangers = sorted(path.name for path in folder.iterdir() if not (is_own and path.name in own_files))
    if strangers:
        raise OutputError("out_holds_other_files", path=str(folder), files=strangers[:5])


def resolved_folder(folder: Path) -> Path:
    """The folder behind links; written through, never replaced by a folder of its own."""
    try:
        return folder.resolve()
    except (OSError, RuntimeError):  # RuntimeError: a loop of links, up to Python 3.12
        raise OutputError("out_not_usable", path=str(folder)) from None


def write_run(
    plan: Plan,
    folder: str | os.PathLike[str],
    *,
    lang: str = "ja",
    force: bool = False,
    formats: Sequence[str] = FORMATS,
    seconds: Mapping[str, float] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> list[Path]:
    """Write plan.json and, beside it, the report, the workbook and the candidates; returns the paths.

    Trees too large for plan.json (`tree_record.MAX_INLINE`) are written beside it, whatever the formats.

    Parameters
    ----------
    folder : made if absent; the same run that it holds already is replaced
    lang : ja or en, of the report and the workbook
    force : replace another run as well, and one whose files were edited since
    formats : which of FORMATS are written beside plan.json
    seconds, clock : more entries for the plan's `seconds`, and what `seconds.write` (all but plan.json) is taken from

    Raises
    ------
    OutputError : the folder holds another or an edited run and `force` is off; it holds the plan's own source, or
        something that is no run
    UsageError : an unknown format or language
    """
    target = resolved_folder(Path(folder))
    refuse_unknown(formats)
    refuse_occupied(target, source=Path(plan.problem.source) if plan.problem.source else None)
    if not force:
        _refuse_other_run(plan, target)
    with folder_aside(target) as aside:
        started = clock()
        names = _write_formats(plan, aside, formats, language(lang))
        taken = {**(seconds or {}), **plan.document.seconds, "write": round(clock() - started, 4)}
        document = plan.document.model_copy(update={"seconds": taken, **_places_in(plan.document)})
        document, trees = document.parted()
        if trees is not None:
            # No name and no time in it: the same trees give the same bytes.
            (aside / TREE_FILE).write_bytes(gzip.compress(trees.encode(), mtime=0))
            names.append(TREE_FILE)
        # Last: a folder with a plan.json in it is a whole run.
        (aside / "plan.json").write_text(document.to_json(), encoding="utf-8")
    return [target / name for name in (*names, "plan.json")]


def refuse_edited_tables(run: Path) -> None:
    """Raise OutputError where a person has changed the report or the workbook of a run: they are not written again.

    Parameters
    ----------
    run : a run's folder, or its plan.json
    """
    folder = _folder_of(run)
    edited = [name for name in _edited(folder) if name in ("report.html", "plan.xlsx")]
    if edited:
        raise OutputError("tables_were_edited", path=str(folder), files=edited)


def rewrite_tables(plan: Plan, run: Path, *, lang: str) -> list[Path]:
    """Write the report and the workbook of a finished run again, with what is known of the plan now.

    Parameters
    ----------
    run : the run's folder, or its plan.json, which is left as it is
    lang : ja or en

    Returns
    -------
    The paths of the two files. Both are written aside first, so that neither is ever half-written.

    Raises
    ------
    OutputError : ``tables_were_edited`` (path, files)
    """
    from matcher.io.plan_excel import write_plan_excel
    from matcher.io.plan_html import write_plan_html

    refuse_edited_tables(run)
    folder, spoken = _folder_of(run), language(lang)
    report, workbook = folder / "report.html", folder / "plan.xlsx"
    # Of the moment of the run: what is younger than plan.json counts as edited by a person.
    written = (folder / "plan.json").stat()
    with aside_of(report) as new_report, aside_of(workbook) as new_workbook:
        write_plan_html(plan, new_report, spoken)
        write_plan_excel(plan, new_workbook, spoken)
        for path in (new_report, new_workbook):
            os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))
    return [report, workbook]


def language_of_report(run: Path) -> Lang | None:
    """The language that a run's report is in; None where there is none."""
    try:
        with (_folder_of(run) / "report.html").open(encoding="utf-8", errors="replace") as file:
            found = re.search(r'<html lang="(\w+)">', file.read(200))
    except OSError:
        return None
    return None if found is None else next((lang for lang in LANGUAGES if lang == found[1]), None)


def _folder_of(run: Path) -> Path:
    return run if run.is_dir() else run.parent


def _places_in(document: PlanDocument) -> dict[str, str]:
    """Where a plan's data and their mapping are, as plan.json keeps it."""
    mapping = {} if document.mapping is None else {"mapping": place_of(document.mapping)}
    return {"source": place_of(document.source), **mapping}


def place_of(source: str) -> str:
    """A source as plan.json keeps it: relative where it was typed so or lies in the current folder, else as typed.

    A person's folders are nobody's business as long as the plan can be checked without them.
    """
    path = Path(source)
    if not source or not path.is_absolute():
        return _utf8(path.as_posix() if source else "")
    here = Path.cwd()
    return _utf8((path.relative_to(here) if path.is_relative_to(here) else path).as_posix())


def _utf8(text: str) -> str:
    # A path that is no valid text on this machine is shown, not kept: the plan is UTF-8.
    return text.encode("utf-8", "replace").decode("utf-8")


def _refuse_other_run(plan: Plan, folder: Path) -> None:
    """Raise OutputError where a folder holds a run of other data or policy, or one that somebody has worked in."""
    earlier = _earlier_digests(folder)
    if earlier is None:
        return
    if any(earlier.get(name) != plan.document.digests[name] for name in ("problem", "policy")):
        raise OutputError("out_holds_other_run", path=str(folder))
    refuse_edited(folder, "plan.json")


def refuse_edited(folder: Path, last: str) -> None:
    """Raise OutputError where a file is younger than the one that was written last: a person has worked in it."""
    edited = _edited(folder, last)
    if edited:
        raise OutputError("out_was_edited", path=str(folder), files=edited)


def _edited(folder: Path, last: str = "plan.json") -> list[str]:
    """The files that a person changed: those younger than the one that was written last."""
    written = (folder / last).stat().st_mtime
    return sorted(path.name for path in folder.iterdir() if path.stat().st_mtime > written + _SAME_MOMENT_S)


def refuse_unknown(formats: Sequence[str]) -> None:
    """Raise UsageError where a format is not one of FORMATS."""
    for name in formats:
        if name not in FORMATS:
            raise UsageError("unknown_format", name=name, known=FORMATS)


def _write_formats(plan: Plan, folder: Path, formats: Sequence[str], lang: Lang) -> list[str]:
    names = []
    if "html" in formats:
        from matcher.io.plan_html import write_plan_html

        write_plan_html(plan, folder / "report.html", lang)
        names.append("report.html")
    if "xlsx" in formats:
        from matcher.io.plan_excel import write_plan_excel

        write_plan_excel(plan, folder / "plan.xlsx", lang)
        names.append("plan.xlsx")
    if "candidates" in formats:
        names.append(write_candidates(plan, folder))
    return names


def write_candidates(plan: Plan, folder: Path) -> str:
    """Write every candidate pair with its points; returns the file's name."""
    import pyarrow as pa
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pa_parquet

    candidates, problem = plan.candidates, plan.problem
    is_csv = candidates.n_pairs <= CSV_ROWS
    director_ids = [plain_cell(text) if is_csv else text for text in problem.director_ids]
    company_ids = [plain_cell(text) if is_csv else text for text in problem.company_ids]
    table: pa.Table = pa.table(
        {
            "director_id": pa.array(director_ids, pa.string()).take(pa.array(candidates.director_idx)),
            "company_id": pa.array(company_ids, pa.string()).take(pa.array(candidates.company_idx)),
            "points": candidates.points,
            **candidates.criteria,
            "keep": candidates.keep,
            "distance_km": candidates.distance_km.round(1),
            "pinned": candidates.is_pinned,
            "running": candidates.is_running,
        }
    )
    if not is_csv:
        pa_parquet.write_table(table, folder / "candidates.parquet")
        return "candidates.parquet"
    buffer = io.BytesIO()
    pa_csv.write_csv(table, buffer)
    # Excel reads UTF-8 only behind this mark, and expects CRLF.
    (folder / "candidates.csv").write_bytes(b"\xef\xbb\xbf" + buffer.getvalue().replace(b"\n", b"\r\n"))
    return "candidates.csv"


@contextmanager
def aside_of(path: Path) -> Iterator[Path]:
    """A file beside `path` to write into, which takes its place when the block ends well, and vanishes when not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        yield aside
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


_OWN_FILES = frozenset({"plan.json", TREE_FILE, "plan.xlsx", "report.html", "candidates.csv", "candidates.parquet"})


def earlier_record(path: Path, schema: str) -> dict[str, Any] | None:
    """The record that a file holds, of any version of the schema; None where it holds none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_own = isinstance(content, dict) and str(content.get("schema", "")).split("/")[0] == schema.split("/")[0]
    return content if is_own else None


def _earlier_digests(folder: Path) -> dict[str, str] | None:
    """The digests of the run a folder holds, or None where it holds none."""
    content = earlier_record(folder / "plan.json", SCHEMA)
    digests = {} if content is None else content.get("digests", {})
    return None if content is None else digests if isinstance(digests, dict) else {}


@contextmanager
def folder_aside(folder: Path) -> Iterator[Path]:
    """A folder beside the target that takes its place when the block ends well, and vanishes when it does not."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    token = uuid.uuid4().hex[:8]
    aside = folder.parent / f".{folder.name}.{token}.part"
    old = folder.parent / f".{folder.name}.{token}.old"
    aside.mkdir()
    try:
        yield aside
        if folder.exists():
            folder.rename(old)
        aside.rename(folder)
    finally:
        # Whatever stopped us, also between the two renames: the earlier run is given up only for a whole new one.
        if old.exists() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
