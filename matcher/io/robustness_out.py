"""A robustness' output folder: a page with a chart, a workbook, the data, and tables as Parquet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from markupsafe import Markup

from matcher.errors import OutputError
from matcher.io.blocks_html import html_of
from matcher.io.outputs import earlier_record, folder_aside, refuse_edited, refuse_occupied, resolved_folder
from matcher.io.page_template import page_template
from matcher.io.sheet_style import shortened
from matcher.whatif.robustness_record import SCHEMA, record
from matcher.whatif.under_noise import Robustness
from matcher.words.catalog import Lang
from matcher.words.facts import facts_of
from matcher.words.robustness import ROBUSTNESS, robustness_parts

NAMES = (
    "robustness.html",
    "robustness.xlsx",
    "matches.parquet",
    "entering.parquet",
    "draws.parquet",
    "robustness.json",
)
_KINDS = {"stays": "n_stays", "other": "n_other_director", "unserved": "n_unserved"}
_WIDTH, _LINE, _ROWS = 420, 40, 60


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
    from matcher.io.robustness_excel import write_robustness_excel

    target = resolved_folder(folder)
    refuse_occupied_robustness(target, source=Path(found.plan.problem.source))
    content, earlier = record(found), _earlier(target)
    if earlier is not None and not force and earlier.get("digests") != content["digests"]:
        raise OutputError("out_holds_other_run", path=str(folder))
    if earlier is not None and not force:
        refuse_edited(target, NAMES[5])
    with folder_aside(target) as aside:
        (aside / NAMES[0]).write_text(render_robustness(found, lang), encoding="utf-8", newline="\n")
        write_robustness_excel(found, aside / NAMES[1], lang)
        for name, frame in zip(NAMES[2:5], (found.matches, found.entering, found.draws), strict=True):
            frame.to_parquet(aside / name, index=False)
        (aside / NAMES[5]).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [target / name for name in NAMES]


def render_robustness(found: Robustness, lang: Lang) -> str:
    """The page's HTML text; it asks no host for anything, and all text of users is escaped."""
    standing, tables = robustness_parts(found, lang, most=None)
    rows = _bars(found, lang)
    n_more = len(found.matches) - len(rows)
    return page_template("robustness.html.j2", "report.css").render(
        lang=lang,
        title=found.plan.problem.title or ROBUSTNESS["page"].fill(lang),
        lead=Markup(html_of(standing)),  # html_of escapes
        kinds=list(_KINDS),
        rows=rows,
        width=_WIDTH,
        height=_LINE * len(rows) + 4,
        cut=ROBUSTNESS["chart_cut"].fill(lang, n=n_more) if n_more > 0 else "",
        tables=[(heading, Markup(html_of(blocks))) for heading, blocks in tables],
        t=lambda code, **params: ROBUSTNESS[code].fill(lang, **params),
    )


def _bars(found: Robustness, lang: Lang) -> list[dict[str, object]]:
    """One bar a match: in how many draws it stays, goes to another director, or is not served; the weakest first."""
    facts = facts_of(found.plan.problem)
    rows = found.matches.sort_values(["n_stays", "director_id", "company_id"], kind="stable").head(_ROWS)
    out: list[dict[str, object]] = []
    for place, row in enumerate(rows.to_dict("records")):
        start, bars = 0.0, []
        for kind, name in _KINDS.items():
            width = _WIDTH * row[name] / max(1, row["n_draws"])
            bars.append((kind, round(start, 1), round(width, 1)))
            start += width
        director = facts.labelled_director(str(row["director_id"]), lang)
        full = f"{director} → {facts.labelled_company(str(row['company_id']), lang)}"
        text = f"{facts.director_name(str(row['director_id']))} → {facts.company_name(str(row['company_id']))}"
        count = f"{row['n_stays']:,} / {row['n_draws']:,}"
        out.append({"y": _LINE * place + 14, "name": shortened(text, 44), "text": full, "count": count, "bars": bars})
    return out


def _earlier(folder: Path) -> dict[str, Any] | None:
    """The robustness a folder holds, None where it holds none."""
    return earlier_record(folder / NAMES[5], SCHEMA)
