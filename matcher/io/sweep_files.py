"""A sweep's output folder: a page with charts, a workbook, tidy Parquet and JSON, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from matcher.errors import OutputError
from matcher.io.outputs import earlier_record, folder_aside, refuse_edited, refuse_occupied, resolved_folder
from matcher.io.sweep_record import SCHEMA, Record
from matcher.whatif.swept import Sweep
from matcher.words.catalog import Lang

NAMES: Final = ("sweep.html", "sweep.xlsx", "sweep.parquet", "matches.parquet", "sweep.json")


def refuse_occupied_sweep(folder: Path, *, source: Path | None = None) -> None:
    """Raise OutputError where writing `folder` would destroy something; asked before any work is done."""
    refuse_occupied(folder, source=source, own_files=frozenset(NAMES), earlier=_earlier)


def write_sweep(sweep: Sweep, content: Record, folder: Path, *, lang: Lang, force: bool = False) -> list[Path]:
    """Write all of a sweep's files; returns the paths.

    Parameters
    ----------
    content : what sweep.json holds (`matcher.io.sweep_record.sweep_record`)
    folder : made if absent; the same sweep that it holds already is replaced
    force : replace another sweep as well, and one whose files were edited since, or a whole one by one cut short

    Raises
    ------
    OutputError : the folder holds another, an edited or a more complete sweep and `force` is off, or something else
    """
    from matcher.io.sweep_excel import write_sweep_excel
    from matcher.io.sweep_html import render_sweep

    target = resolved_folder(folder)
    refuse_occupied_sweep(target, source=Path(sweep.problem.source) if sweep.problem.source else None)
    if not force:
        _refuse_other(content, target)
    with folder_aside(target) as aside:
        (aside / NAMES[0]).write_text(render_sweep(sweep, lang), encoding="utf-8", newline="\n")
        write_sweep_excel(sweep, aside / NAMES[1], lang)
        sweep.measures.to_parquet(aside / NAMES[2], index=False)
        sweep.matches.to_parquet(aside / NAMES[3], index=False)
        # Last: a folder that holds it is whole.
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (aside / NAMES[4]).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return [target / name for name in NAMES]


def _refuse_other(content: Record, folder: Path) -> None:
    earlier = _earlier(folder)
    if earlier is None:
        return
    if any(earlier.get(name) != content[name] for name in ("axes", "digests")):
        raise OutputError("out_holds_other_run", path=str(folder))
    if content["is_interrupted"] and not earlier.get("is_interrupted"):
        raise OutputError("out_holds_whole_run", path=str(folder))
    refuse_edited(folder, NAMES[4])


def _earlier(folder: Path) -> dict[str, Any] | None:
    """The sweep a folder holds, or None where it holds none."""
    return earlier_record(folder / NAMES[4], SCHEMA)
