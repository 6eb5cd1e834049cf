"""A comparison's output folder: HTML, workbook, tidy Parquet and JSON, whole or not at all, like a run's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from matcher.errors import OutputError
from matcher.io.comparison_record import SCHEMAS, asked_digest, study_digest, study_record
from matcher.io.outputs import earlier_record, folder_aside, refuse_edited, refuse_occupied, resolved_folder
from matcher.whatif.study import Study
from matcher.words.catalog import Lang

NAMES: Final = ("comparison.html", "comparison.xlsx", "comparison.parquet", "moves.parquet", "comparison.json")


def refuse_taken(folder: Path, *, source: Path | None = None) -> None:
    """Raise OutputError where writing `folder` would destroy something; asked before any work is done."""
    refuse_occupied(folder, source=source, own_files=frozenset(NAMES), earlier=_earlier)


def write_comparison(study: Study, folder: Path, *, lang: Lang = "ja", force: bool = False) -> list[Path]:
    """Write all of a study's files; returns the paths.

    Parameters
    ----------
    folder : made if absent; the same comparison that it holds already is replaced, and one of the same that was cut
        short
    lang : of the page and the workbook
    force : replace another comparison as well, and one whose files were edited since

    Raises
    ------
    OutputError : the folder holds another or an edited comparison and `force` is off, or something else
    """
    from matcher.io.comparison_excel import write_comparison_excel
    from matcher.io.comparison_html import render_comparison

    target = resolved_folder(folder)
    source = study.base.plan.problem.source if study.base.plan is not None else ""
    refuse_taken(target, source=Path(source) if source else None)
    if not force:
        _refuse_other(study, target)
    with folder_aside(target) as aside:
        page = render_comparison(study, lang)
        (aside / "comparison.html").write_text(page, encoding="utf-8", newline="\n")
        write_comparison_excel(study, aside / "comparison.xlsx", lang)
        study.measures.to_parquet(aside / "comparison.parquet", index=False)
        study.moves.to_parquet(aside / "moves.parquet", index=False)
        # Last: a folder that holds it is whole.
        text = json.dumps(study_record(study, lang), ensure_ascii=False, indent=1)
        (aside / "comparison.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return [target / name for name in NAMES]


def _refuse_other(study: Study, folder: Path) -> None:
    earlier = _earlier(folder)
    if earlier is None:
        return
    is_begun = bool(earlier.get("is_unfinished")) and earlier.get("asked") == asked_digest(study)
    if earlier.get("digest") != study_digest(study) and not is_begun:
        raise OutputError("out_holds_other_run", path=str(folder))
    refuse_edited(folder, "comparison.json")


def _earlier(folder: Path) -> dict[str, Any] | None:
    """The comparison a folder holds, or None where it holds none."""
    path = folder / "comparison.json"
    return next((found for schema in SCHEMAS.values() if (found := earlier_record(path, schema)) is not None), None)
