"""A sweep as one self-contained page: readable on a phone, on paper, and without a network or scripts."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from matcher.io.blocks_html import html_of
from matcher.io.page_cells import CellView, number_cell
from matcher.io.page_template import page_template
from matcher.io.sweep_charts import Chart, build_charts
from matcher.io.sweep_matches import matches_over
from matcher.whatif.frames import values_of
from matcher.whatif.swept import Sweep
from matcher.words.catalog import Lang
from matcher.words.comparison import measure_name
from matcher.words.facts import facts_of
from matcher.words.plan import number_text, tier_name
from matcher.words.sweep_page import label, lead_text, reason_blocks, standing_texts, state_of
from matcher.words.sweeping import break_blocks
from matcher.words.whatif import sure_text

N_MATCHES = 300
"""At most so many matches are listed; the workbook has all."""

N_REASONS = 20

FIGURES = ("n_served", "n_directors_used", "lowest_points", "total_distance_km", "fee_jpy_per_month")
"""Figures in the table; all of them are drawn where they differ, and stand in the workbook."""


@dataclass(frozen=True, slots=True)
class SweepView:
    """The whole page, ready as text and coordinates."""

    title: str
    lead: str
    standing: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[bool, tuple[CellView, ...]], ...]
    charts: tuple[Chart, ...]
    charts_notes: tuple[str, ...]
    breaks: Markup
    reasons: Markup
    match_headings: tuple[str, ...]
    matches: tuple[tuple[bool, tuple[CellView, ...]], ...]
    matches_note: str
    matches_cut: str
    source: tuple[tuple[str, str], ...]


def render_sweep(sweep: Sweep, lang: Lang) -> str:
    """The page's HTML text. All text of users is escaped, and its content policy forbids every request."""
    return page_template("sweep.html.j2", "report.css", "sweep.css", "report.js").render(
        lang=lang, view=build_sweep_view(sweep, lang), t=lambda code, **params: label(code, lang, **params)
    )


def build_sweep_view(sweep: Sweep, lang: Lang) -> SweepView:
    """Everything the page shows, in `lang`."""
    tiers, charts = tiers_of(sweep), build_charts(sweep, lang)
    found = sweep.break_points
    *others, last = sweep.keys
    across = label("charts_axes" if others else "charts_across", lang, key=last, others=others)
    notes = [across, label("charts_note", lang)]
    if found is not None and found.breaks:
        notes.append(label("charts_breaks", lang))
    blocks = [] if found is None else break_blocks(found, sweep.letters, sweep.problem, sweep.most_solves, lang)[1:]
    matches, match_headings, cut = _matches(sweep, lang)
    n_planned = sum(plan is not None for plan in sweep.plans)
    return SweepView(
        title=sweep.problem.title or label("sweep", lang),
        lead=lead_text(sweep, lang),
        standing=tuple(standing_texts(sweep, lang)),
        headings=tuple(headings_of(sweep, tiers, lang)),
        rows=tuple(_row(sweep, at, tiers, lang) for at in range(len(sweep.points))),
        charts=charts.charts,
        charts_notes=tuple(note for note in (*notes, charts.cut, charts.same) if note),
        breaks=Markup(html_of(blocks, level=2)),  # html_of escapes
        reasons=Markup(html_of(reason_blocks(sweep, lang, most=N_REASONS), level=2)),
        match_headings=match_headings,
        matches=matches,
        matches_note=label("matches_note", lang, n=number_text(n_planned)),
        matches_cut=cut,
        source=(
            (label("source", lang), sweep.problem.digest),
            (label("policy", lang), sweep.problem.policy.digest()),
        ),
    )


def tiers_of(sweep: Sweep) -> list[str]:
    """The objective tiers of every combination, in order of the first that has them."""
    documents = [one.plan.document for one in sweep.outcomes if one.plan is not None]
    return list(dict.fromkeys(tier for document in documents for tier in document.objective))


def headings_of(sweep: Sweep, tiers: list[str], lang: Lang) -> list[str]:
    """The table's headings: the settings, the plan, its tiers and figures."""
    out = [label("point", lang), *sweep.keys, label("plan", lang), *(tier_name(tier, lang) for tier in tiers)]
    out += [measure_name("figure", name, lang) for name in FIGURES]
    return [*out, label("sure", lang), label("status", lang)]


def _row(sweep: Sweep, at: int, tiers: list[str], lang: Lang) -> tuple[bool, tuple[CellView, ...]]:
    outcome, letter = sweep.outcomes[at], sweep.letter_of(at)
    document = None if outcome.plan is None else outcome.plan.document
    values = values_of(document)
    names = iter(headings_of(sweep, tiers, lang))
    cells = [CellView(next(names), str(at + 1), str(at + 1))]
    for value in sweep.points[at]:
        cells.append(CellView(next(names), str(value), None if isinstance(value, str) else str(value)))
    cells.append(CellView(next(names), letter or "–"))
    for measure in (*(("tier", tier) for tier in tiers), *(("figure", name) for name in FIGURES)):
        number = values[measure][0] if measure in values else None
        cells.append(number_cell(next(names), number, number_text(number)))
    cells.append(CellView(next(names), "–" if document is None else sure_text(document, lang)))
    cells.append(CellView(next(names), state_of(outcome, lang)))
    return letter is None, tuple(cells)


def _matches(sweep: Sweep, lang: Lang) -> tuple[tuple[tuple[bool, tuple[CellView, ...]], ...], tuple[str, ...], str]:
    facts, found = facts_of(sweep.problem), matches_over(sweep)
    headings = tuple(label(code, lang) for code in ("director", "company", "n_points", "in_plans"))
    rows = []
    for one in found[:N_MATCHES]:
        texts = (
            facts.labelled_director(one.director_id, lang),
            facts.labelled_company(one.company_id, lang),
            number_text(one.n_points),
            ", ".join(one.plans),
        )
        sorts = (None, None, str(one.n_points), None)
        rows.append((False, tuple(CellView(*cell) for cell in zip(headings, texts, sorts, strict=True))))
    n_more = len(found) - N_MATCHES
    return tuple(rows), headings, label("matches_cut", lang, n=number_text(n_more)) if n_more > 0 else ""
