"""What the comparison's template shows, ready as text and coordinates: no template asks a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.domain import japan_map
from matcher.io.comparison_charts import Chart, build_charts
from matcher.io.comparison_map import MoveMap, build_move_map
from matcher.io.page_cells import CellView, number_cell
from matcher.plan.document import PlanDocument
from matcher.whatif.chains import Chain
from matcher.whatif.comparing import Comparison
from matcher.whatif.frames import sides_of
from matcher.whatif.study import Case, Study
from matcher.words.catalog import Lang
from matcher.words.comparison import label, measure_name
from matcher.words.plan import number_text, tier_name, word_name
from matcher.words.whatif import case_title, reason_line, reason_lines, state_text, sure_text, tiers_of
from matcher.words.whatif_chains import (
    TEXTS,
    Names,
    cause_text,
    chain_text,
    move_text,
    names_of,
    origin_text,
    row_text,
    same_points_text,
    signed,
)

N_MOVES = 1_000
"""At most this many moves of a scenario are listed; the workbook has all."""
N_MAPS = 12
"""At most so many maps are drawn."""
N_CHANGES = 40

_FIGURES = ("n_served", "n_directors_used", "total_distance_km", "fee_jpy_per_month")


@dataclass(frozen=True, slots=True)
class RowView:
    """One scenario in the overview; `anchor` is empty where there is nothing more to tell of it."""

    title: str
    anchor: str
    is_base: bool
    is_planned: bool
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class ChainView:
    """Moves that hang together; `head` is empty for one alone, `cause` where it is told for all at once."""

    head: str
    cause: str
    steps: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class SideView:
    """A scenario against one base."""

    heading: str
    cause: str
    chains: tuple[ChainView, ...]
    notes: tuple[str, ...]
    cut: str
    map: MoveMap | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """One scenario: what it asks, what it changes, who moves."""

    anchor: str
    title: str
    question: str
    reasons: tuple[str, ...]
    changes: tuple[str, ...]
    changes_cut: str
    sides: tuple[SideView, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """The whole page."""

    kind: str
    title: str
    lead: str
    base: str
    summary: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[RowView, ...]
    charts: tuple[Chart, ...]
    charts_note: str
    charts_same: str
    charts_cut: str
    cases: tuple[CaseView, ...]
    figure_headings: tuple[str, ...]
    figure_rows: tuple[tuple[str, tuple[CellView, ...]], ...]
    source: tuple[tuple[str, str], ...]
    land: tuple[str, ...]
    map_size: tuple[int, int]


def build_comparison_view(study: Study, lang: Lang, digest: str) -> ComparisonView:
    """Everything the page shows, in `lang`."""
    base = case_title(study, study.base, lang)
    tiers = tiers_of(study)
    charts = build_charts(study, lang)
    asked = [case for case in study.cases if case.is_asked]
    drawn = [0]
    return ComparisonView(
        kind=label(study.kind, lang),
        title=study.title or label(study.kind, lang),
        lead=label("lead", lang, base=base, n=len(asked))
        if study.kind == "what-if"
        else label("lead_compare", lang, base=base, after=case_title(study, study.cases[0], lang)),
        base=base,
        summary=tuple(_summary(study, case, tiers, lang) for case in asked),
        headings=tuple(_headings(tiers, lang)),
        rows=tuple(_row(study, case, tiers, lang) for case in study.all_cases),
        charts=charts.charts,
        charts_note=label("charts_note", lang, base=base),
        charts_same=charts.same,
        charts_cut=charts.cut,
        cases=tuple(
            _case(study, case, lang, drawn) for case in study.all_cases if case is not study.base or not case.is_planned
        ),
        figure_headings=(label("measure", lang), *(case_title(study, case, lang) for case in study.all_cases)),
        figure_rows=tuple(_figure_rows(study, lang)),
        source=tuple(_source(study, digest, lang)),
        land=tuple(japan_map.outlines().values()),
        map_size=japan_map.size(),
    )


def anchor_of(study: Study, case: Case) -> str:
    """Where a case stands on the page; empty for a base with a plan, of which there is nothing to tell."""
    if case is study.base:
        return "" if case.is_planned else "s0"
    return f"s{study.cases.index(case) + 1}"


def _summary(study: Study, case: Case, tiers: Sequence[str], lang: Lang) -> str:
    title, document, comparison = case_title(study, case, lang), case.document, case.against_base
    if document is None or not case.is_planned:
        return f"{title}{'：' if lang == 'ja' else ': '}{reason_line(case, lang)}"
    tier = tiers[0]
    value = document.objective.get(tier)
    was = None if comparison is None else comparison.tiers.get(tier, (None, None))[0]
    n_moved = (
        (0, 0, 0) if comparison is None else tuple(map(len, (comparison.moved, comparison.entered, comparison.left)))
    )
    return label(
        "short",
        lang,
        title=title,
        tier=tier_name(tier, lang),
        value=number_text(value),
        change=signed(None if value is None or was is None else value - was),
        sure=_sure(document, lang),
        moved=n_moved[0],
        entered=n_moved[1],
        left=n_moved[2],
    )


def _sure(document: PlanDocument, lang: Lang) -> str:
    shown = sure_text(document, lang)
    return shown if lang == "ja" else shown[0].lower() + shown[1:]


def _headings(tiers: Sequence[str], lang: Lang) -> list[str]:
    out = [label("scenario", lang), label("status", lang)]
    for tier in tiers:
        out += [tier_name(tier, lang), label("change", lang)]
    out += [label("sure", lang), *(measure_name("figure", name, lang) for name in _FIGURES)]
    return [*out, *(label(kind, lang) for kind in ("moved", "entered", "left"))]


def _row(study: Study, case: Case, tiers: Sequence[str], lang: Lang) -> RowView:
    document, comparison = case.document, case.against_base
    headings = iter(_headings(tiers, lang)[1:])
    cells = [CellView(next(headings), state_text(case, lang))]
    for tier in tiers:
        value = None if document is None else document.objective.get(tier)
        was = None if comparison is None else comparison.tiers.get(tier, (None, None))[0]
        change = None if value is None or was is None else value - was
        cells += [_number(next(headings), value), _number(next(headings), change, is_change=True)]
    cells.append(CellView(next(headings), "–" if document is None else sure_text(document, lang)))
    figures = _values(study, case)
    cells += [_number(next(headings), figures["figure", name][0]) for name in _FIGURES]
    is_compared = comparison is not None and case.is_planned and study.base.is_planned
    for kind in ("moved", "entered", "left"):
        cells.append(_number(next(headings), len(getattr(comparison, kind)) if is_compared else None))
    return RowView(
        case_title(study, case, lang), anchor_of(study, case), case is study.base, case.is_planned, tuple(cells)
    )


def _number(heading: str, value: float | None, *, is_change: bool = False) -> CellView:
    text = signed(value) if is_change else number_text(value)
    return number_cell(heading, value, text)


def _values(study: Study, case: Case) -> dict[tuple[str, str], tuple[float | None, float | None, str | None]]:
    """(kind, measure) → value, change and word, as the Parquet file holds them."""
    frame = study.measures[study.measures["scenario"] == case.name]
    plain = frame.astype(object).where(frame.notna(), None)
    return {
        (row["kind"], row["measure"]): (row["value"], row["change"], row["word"]) for row in plain.to_dict("records")
    }


def _figure_rows(study: Study, lang: Lang) -> list[tuple[str, tuple[CellView, ...]]]:
    values = [_values(study, case) for case in study.all_cases]
    titles = [case_title(study, case, lang) for case in study.all_cases]
    rows = []
    for kind, name in values[0]:
        cells = []
        for title, found in zip(titles, values, strict=True):
            value, change, word = found[kind, name]
            text = number_text(value)
            if change:
                text += f" ({signed(change)})"
            if word is not None:
                text += f" {word_name(word, lang)}"
            cells.append(number_cell(title, value, text))
        rows.append((measure_name(kind, name, lang), tuple(cells)))
    return rows


def _case(study: Study, case: Case, lang: Lang, drawn: list[int]) -> CaseView:
    changes = [origin_text(origin, lang, of=case.name) for origin in case.origins or ()]
    comparison = case.against_base
    if case.origins is None and comparison is not None:
        changes = [*comparison.policy, *(row_text(row, lang) for row in comparison.rows)]
    return CaseView(
        anchor=anchor_of(study, case),
        title=case_title(study, case, lang),
        question=case.question,
        reasons=tuple(line.text for line in reason_lines(case, lang)),
        changes=tuple(changes[:N_CHANGES]),
        changes_cut=_cut(len(changes) - N_CHANGES, lang),
        sides=tuple(_side(study, case, base, comparison, lang, drawn) for base, comparison in sides_of(study, case))
        if case.is_planned
        else (),
    )


def _side(study: Study, case: Case, base: Case, comparison: Comparison, lang: Lang, drawn: list[int]) -> SideView:
    assert base.plan is not None and case.plan is not None
    names = names_of(base.plan.problem, case.plan.problem)
    causes = {cause_text(chain.cause, lang, of=case.name) for chain in comparison.chains}
    one_cause = next(iter(causes)) if len(causes) == 1 else ""
    moves = [move for chain in comparison.chains for move in chain.moves]
    notes = [same_points_text(comparison, lang)] if comparison.same_points else []
    if not base.is_planned:
        notes.append(f"{case_title(study, base, lang)}{'：' if lang == 'ja' else ': '}{reason_line(base, lang)}")
    elif not moves:
        notes.insert(0, TEXTS["same"].fill(lang))
    move_map = None
    if base is study.base and moves and drawn[0] < N_MAPS:
        move_map = build_move_map(moves, names, lang)
        drawn[0] += move_map is not None
    return SideView(
        heading=label("against", lang) + ("：" if lang == "ja" else ": ") + case_title(study, base, lang),
        cause=one_cause,
        chains=tuple(_chains(comparison.chains, names, lang, of=case.name, is_told=bool(one_cause))),
        notes=tuple(notes),
        cut=_cut(len(moves) - N_MOVES, lang),
        map=move_map,
    )


def _chains(chains: Sequence[Chain], names: Names, lang: Lang, *, of: str, is_told: bool) -> list[ChainView]:
    out = []
    number = 0
    for chain in chains:
        if number >= N_MOVES:
            break
        steps = [
            (number + at, move_text(move, names, lang))
            for at, move in enumerate(chain.moves[: N_MOVES - number], start=1)
        ]
        number += len(steps)
        head = chain_text(chain, lang) if len(chain.moves) > 1 else ""
        out.append(ChainView(head, "" if is_told else cause_text(chain.cause, lang, of=of), tuple(steps)))
    return out


def _cut(n_more: int, lang: Lang) -> str:
    return label("cut", lang, n=number_text(n_more)) if n_more > 0 else ""


def _source(study: Study, digest: str, lang: Lang) -> list[tuple[str, str]]:
    out = []
    for case in study.all_cases if study.kind == "compare" else (study.base,):
        if case.plan is not None:
            problem, name = case.plan.problem, case_title(study, case, lang)
            out += [
                (f"{label('source', lang)} · {name}", problem.digest),
                (f"{label('policy', lang)} · {name}", problem.policy.digest()),
            ]
    return [*out, (label("digest", lang), digest)]
