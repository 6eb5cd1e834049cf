"""A robustness' output folder: a page with a chart, the data, and tables as Parquet."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import escape

from matcher.errors import OutputError
from matcher.io.blocks_html import html_of
from matcher.io.outputs import earlier_record, folder_aside, refuse_edited, refuse_occupied, resolved_folder
from matcher.whatif.robustness_record import SCHEMA, record
from matcher.whatif.under_noise import Robustness
from matcher.words.catalog import Lang
from matcher.words.robustness import ROBUSTNESS, robustness_blocks, title_of

NAMES = ("robustness.html", "matches.parquet", "entering.parquet", "draws.parquet", "robustness.json")
_BAR, _LINE, _LABEL = 520, 18, 160


def refuse_occupied_robustness(folder: Path, *, source: Path) -> None:
    """Raise OutputError where writing would destroy something else; asked before any work is done."""
    refuse_occupied(folder, source=source, own_files=frozenset(NAMES), earlier=_earlier)


def write_robustness(found: Robustness, folder: Path, *, lang: Lang, force: bool) -> list[Path]:
    """Write the files of NAMES; the folder appears whole or not at all.

    Raises
    ------
    OutputError : the folder holds something else, or the result of other data or policy, or a file
        that was edited since, and `force` is off
    """
    target = resolved_folder(folder)
    refuse_occupied_robustness(target, source=Path(found.plan.problem.source))
    content, earlier = record(found), _earlier(target)
    if earlier is not None and not force and earlier.get("digests") != content["digests"]:
        raise OutputError("out_holds_other_run", path=str(folder))
    if earlier is not None and not force:
        refuse_edited(target, NAMES[4])
    with folder_aside(target) as aside:
        (aside / NAMES[0]).write_text(render_robustness(found, lang), encoding="utf-8", newline="\n")
        for name, frame in zip(NAMES[1:4], (found.matches, found.entering, found.draws), strict=True):
            frame.to_parquet(aside / name, index=False)
        (aside / NAMES[4]).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [target / name for name in NAMES]


def render_robustness(found: Robustness, lang: Lang) -> str:
    """The page's HTML text; it asks no host for anything, and all text of users is escaped."""
    css = (files("matcher.io") / "templates" / "report.css").read_text(encoding="utf-8")
    title = escape(title_of(found, lang))
    blocks = robustness_blocks(found, lang, most=None)
    return f"""<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>{css}
.chart {{ width: 100%; max-width: 760px; height: auto; display: block; margin: 1.5rem 0; }}
.chart text {{ font: 400 12px var(--sans); fill: var(--ink); }}
.chart .stays {{ fill: var(--ai); }} .chart .other {{ fill: var(--ai-soft); }} .chart .unserved {{ fill: var(--rule); }}
table {{ border-collapse: collapse; }}
th, td {{ padding: .35rem .75rem; border-bottom: 1px solid var(--rule); text-align: left; }}
.number {{ text-align: right; }}
</style>
</head>
<body><div class="page"><main>
{html_of(blocks[:1])}
{_chart(found, lang)}
{html_of(blocks[1:])}
</main></div></body>
</html>
"""


def _chart(found: Robustness, lang: Lang) -> str:
    """One bar a match: how often it stays, goes to another director, or is not served."""
    rows = found.matches.sort_values(["n_stays", "director_id", "company_id"], kind="stable").to_dict("records")
    kinds = {"stays": "n_stays", "other": "n_other_director", "unserved": "n_unserved"}
    out = []
    for place, kind in enumerate(kinds):
        x = _LABEL + 150 * place
        out.append(f'<rect class="{kind}" x="{x}" y="2" width="12" height="12"/>')
        out.append(f'<text x="{x + 16}" y="13">{escape(ROBUSTNESS[kind].fill(lang))}</text>')
    for place, row in enumerate(rows, start=1):
        y, start = _LINE * place + 6, float(_LABEL)
        out.append(f'<text x="0" y="{y + 12}">{escape(row["director_id"])} · {escape(row["company_id"])}</text>')
        for kind, name in kinds.items():
            width = _BAR * row[name] / max(1, row["n_draws"])
            out.append(f'<rect class="{kind}" x="{start:.1f}" y="{y}" width="{width:.1f}" height="14"/>')
            start += width
        out.append(f'<text x="{_LABEL + _BAR + 8}" y="{y + 12}">{row["n_stays"]:,} / {row["n_draws"]:,}</text>')
    label = escape(ROBUSTNESS["chart"].fill(lang))
    size = f"0 0 {_LABEL + _BAR + 100} {_LINE * (len(rows) + 1) + 12}"
    return f'<svg class="chart" role="img" aria-label="{label}" viewBox="{size}">{"".join(out)}</svg>'


def _earlier(folder: Path) -> dict[str, Any] | None:
    """The robustness a folder holds, None where it holds none."""
    return earlier_record(folder / NAMES[4], SCHEMA)
