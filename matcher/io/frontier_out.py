"""A frontier's output folder: a page with a chart, the data, and tables for a spreadsheet."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.domain.problem import Problem
from matcher.errors import OutputError
from matcher.io.csv_out import plain_cell
from matcher.io.outputs import CSV_ROWS, earlier_record, folder_aside, refuse_edited, refuse_occupied, resolved_folder
from matcher.io.page_template import page_template
from matcher.whatif.frontier_record import SCHEMA, frontier_frame, record
from matcher.whatif.trade_off import Frontier, shown_values
from matcher.words.catalog import Lang
from matcher.words.facts import facts_of
from matcher.words.frontier import AXES, FRONTIER, frontier_grid, standing_lines, title_of
from matcher.words.plan import number_text

if TYPE_CHECKING:
    import pyarrow as pa

_OWN_FILES = frozenset({"frontier.html", "frontier.json", "frontier.csv", "matches.csv", "matches.parquet"})
_WIDTH, _HEIGHT, _MARGIN = 720, 420, 70


def refuse_occupied_frontier(folder: Path, *, source: Path) -> None:
    """Raise OutputError where writing a frontier would destroy something else; asked before any work is done."""
    refuse_occupied(folder, source=source, own_files=_OWN_FILES, earlier=_earlier)


def write_frontier(frontier: Frontier, problem: Problem, folder: Path, *, lang: Lang, force: bool) -> list[Path]:
    """Write frontier.html, frontier.json, frontier.csv and the matches of every point; the folder appears whole.

    Raises
    ------
    OutputError : the folder holds something else, or the frontier of other data, policy or objectives, or a file
        that was edited since, and `force` is off
    """
    target = resolved_folder(folder)
    refuse_occupied_frontier(target, source=Path(problem.source))
    content = record(frontier, problem)
    earlier = _earlier(target)
    is_other = earlier is not None and any(earlier.get(name) != content[name] for name in ("digests", "objectives"))
    if is_other and not force:
        raise OutputError("out_holds_other_run", path=str(folder))
    if earlier is not None and not force:
        refuse_edited(target, "frontier.json")
    with folder_aside(target) as aside:
        (aside / "frontier.html").write_text(render_frontier(frontier, problem, lang), encoding="utf-8", newline="\n")
        _write_csv(_points_table(frontier), aside / "frontier.csv")
        matches = _matches_table(frontier, problem)
        name = "matches.csv" if matches.num_rows <= CSV_ROWS else "matches.parquet"
        if name == "matches.csv":
            _write_csv(_plain(matches), aside / name)
        else:
            import pyarrow.parquet as pa_parquet

            pa_parquet.write_table(matches, aside / name)
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (aside / "frontier.json").write_text(text, encoding="utf-8")
    return [target / one for one in ("frontier.html", "frontier.json", "frontier.csv", name)]


def render_frontier(frontier: Frontier, problem: Problem, lang: Lang) -> str:
    """The page's HTML text; it asks no host for anything, and all text of users is escaped."""
    facts = facts_of(problem)
    plans = [
        [
            (facts.labelled_director(director, lang), facts.labelled_company(company, lang), number_text(points))
            for director, company, points in point.matches
        ]
        for point in frontier.points
    ]
    return page_template("frontier.html.j2", "report.css").render(
        lang=lang,
        title=title_of(frontier, problem, lang),
        lines=standing_lines(frontier, lang),
        grid=frontier_grid(frontier, lang),
        chart=_chart(frontier, lang),
        plans=plans,
        number=lambda value: number_text(value) if isinstance(value, int) else value,
        t=lambda code, **params: FRONTIER[code].fill(lang, **params),
    )


def _chart(frontier: Frontier, lang: Lang) -> dict[str, Any]:
    """Where each point stands in the drawing: the second objective to the right, the first upwards."""
    shown = [shown_values(frontier, point) for point in frontier.points]
    ys, xs = [values[0] for values in shown], [values[1] for values in shown]
    marks = [
        {
            "x": round(_MARGIN + _share(values[1], xs) * (_WIDTH - 2 * _MARGIN), 1),
            "y": round(_HEIGHT - _MARGIN - _share(values[0], ys) * (_HEIGHT - 2 * _MARGIN), 1),
            "kind": {True: "on", False: "off", None: "open"}[point.is_supported],
            "number": number,
            # Above the mark, then below: neighbours stand close.
            "label_y": 18 if number % 2 == 0 else -8,
            "text": ", ".join(number_text(value) for value in values),
        }
        for number, (point, values) in enumerate(zip(frontier.points, shown, strict=True), start=1)
    ]
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "margin": _MARGIN,
        "marks": marks,
        "hull": " ".join(f"{mark['x']},{mark['y']}" for mark in marks if mark["kind"] == "on"),
        "x": AXES[frontier.objectives[1]].fill(lang),
        "y": AXES[frontier.objectives[0]].fill(lang),
        "x_ends": [number_text(min(xs)), number_text(max(xs))],
        "y_ends": [number_text(min(ys)), number_text(max(ys))],
    }


def _share(value: int, values: list[int]) -> float:
    low, high = min(values), max(values)
    return 0.5 if high == low else (value - low) / (high - low)


def _points_table(frontier: Frontier) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_pandas(frontier_frame(frontier), preserve_index=False)


def _matches_table(frontier: Frontier, problem: Problem) -> pa.Table:
    import pyarrow as pa

    facts = facts_of(problem)
    rows = [(number, *match) for number, point in enumerate(frontier.points, start=1) for match in point.matches]
    return pa.table(
        {
            "number": pa.array([row[0] for row in rows], pa.int64()),
            "director_id": pa.array([row[1] for row in rows], pa.string()),
            "director": pa.array([facts.director_name(row[1]) for row in rows], pa.string()),
            "company_id": pa.array([row[2] for row in rows], pa.string()),
            "company": pa.array([facts.company_name(row[2]) for row in rows], pa.string()),
            "points": pa.array([row[3] for row in rows], pa.int64()),
        }
    )


def _plain(table: pa.Table) -> pa.Table:
    """The table with texts that no spreadsheet takes for a formula."""
    import pyarrow as pa

    for at, name in enumerate(table.column_names):
        if pa.types.is_string(table.schema.field(name).type):
            table = table.set_column(at, name, pa.array([plain_cell(text) for text in table[name].to_pylist()]))
    return table


def _write_csv(table: pa.Table, path: Path) -> None:
    import pyarrow.csv as pa_csv

    buffer = io.BytesIO()
    pa_csv.write_csv(table, buffer)
    # Excel reads UTF-8 only behind this mark, and expects CRLF.
    path.write_bytes(b"\xef\xbb\xbf" + buffer.getvalue().replace(b"\n", b"\r\n"))


def _earlier(folder: Path) -> dict[str, Any] | None:
    """The frontier a folder holds, None where it holds none."""
    return earlier_record(folder / "frontier.json", SCHEMA)
