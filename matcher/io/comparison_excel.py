"""A study as a workbook: one row a scenario, every figure, every move with its chain, every change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from matcher.io.sheet_style import Styles
from matcher.io.sheet_table import Cell, Column, Kind, Printed, new_book, write_table
from matcher.whatif.frames import sides_of
from matcher.whatif.study import Case, Study
from matcher.words.catalog import Lang
from matcher.words.comparison import label, measure_name
from matcher.words.plan import tier_name, word_name
from matcher.words.whatif import case_title, reason_line, reason_lines, state_text, sure_text, tiers_of
from matcher.words.whatif_chains import cause_text, kind_text, names_of, origin_text, row_text

_FIGURES = ("n_served", "n_directors_used", "mean_points", "lowest_points", "total_distance_km", "fee_jpy_per_month")
"""Figures on the first sheet; all of them stand on the second."""

_Kinds = Sequence[tuple[str, Kind, float | None]]


@dataclass(frozen=True)
class _Book:
    """A workbook while it is written."""

    workbook: Any  # xlsxwriter ships no types
    styles: Styles
    study: Study
    lang: Lang
    printed: Printed

    def write(self, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], if_empty: str = "") -> None:
        write_table(
            self.workbook,
            self.styles,
            label(name, self.lang),
            columns,
            rows,
            printed=self.printed,
            if_empty=if_empty,
        )

    def columns(self, kinds: _Kinds) -> list[Column]:
        return [Column(label(code, self.lang), kind, width) for code, kind, width in kinds]

    def title(self, case: Case) -> str:
        return case_title(self.study, case, self.lang)


def write_comparison_excel(study: Study, path: Path, lang: Lang) -> None:
    """Write the study as a workbook; an existing file is replaced. Text of users is always written as text."""
    title = study.title or label(study.kind, lang)
    with new_book(path, lang, title) as (workbook, styles):
        book = _Book(workbook, styles, study, lang, Printed(title, label(study.kind, lang)))
        _write_overview(book)
        _write_figures(book)
        _write_moves(book)
        _write_changes(book)


def _write_overview(book: _Book) -> None:
    study, lang = book.study, book.lang
    tiers = tiers_of(study)
    values = _by_measure(study.measures)
    columns = [*book.columns([("scenario", "long", 34), ("status", "text", None), ("sure", "text", None)])]
    for tier in tiers:
        name = tier_name(tier, lang)
        columns += [Column(name, "points"), Column(label("change_of", lang, name=name), "amount")]
    columns += [Column(measure_name("figure", name, lang), "amount") for name in _FIGURES]
    columns += book.columns([("moved", "integer", None), ("entered", "integer", None), ("left", "integer", None)])
    has_own = any(case.own_base is not None for case in study.cases)
    if has_own:
        columns += book.columns([("own_base", "long", 24)])
        columns += [Column(label("own_change_of", lang, name=tier_name(tier, lang)), "amount") for tier in tiers]
    columns += book.columns([("question", "long", 44), ("reason", "long", 44)])
    rows: list[list[Cell]] = []
    for case in study.all_cases:
        document, comparison = case.document, case.against_base if case.is_planned else None
        row: list[Cell] = [book.title(case)]
        row += [state_text(case, lang), "" if document is None else sure_text(document, lang)]
        for tier in tiers:
            row += values[case.name, "tier", tier][:2]
        row += [values[case.name, "figure", name][0] for name in _FIGURES]
        moved = None if comparison is None else (comparison.moved, comparison.entered, comparison.left)
        row += [None] * 3 if moved is None else [len(moves) for moves in moved]
        if has_own:
            row.append("" if case.own_base is None else book.title(study.case(case.own_base)))
            row += [values[case.name, "tier", tier][2] for tier in tiers]
        rows.append([*row, case.question, reason_line(case, lang)])
    book.write("sheet_overview", columns, rows)


def _by_measure(measures: pd.DataFrame) -> dict[tuple[str, str, str], tuple[Cell, Cell, Cell]]:
    """(scenario, kind, measure) → value, change, change from its own base."""
    plain = measures.astype(object).where(measures.notna(), None)
    cells = zip(*(plain[name] for name in ("value", "change", "own_change")), strict=True)
    keys = zip(*(plain[name] for name in ("scenario", "kind", "measure")), strict=True)
    return dict(zip(keys, cells, strict=True))


def _write_figures(book: _Book) -> None:
    study, lang = book.study, book.lang
    kinds: _Kinds = [
        ("scenario", "long", 34),
        ("kind", "text", None),
        ("measure", "long", 26),
        ("value", "amount", 18),
        ("bound", "amount", 18),
        ("sure", "text", None),
        ("change", "amount", 16),
        ("own_base", "long", 24),
        ("own_change", "amount", 16),
        ("reason", "long", 44),
    ]
    titles = {case.name: book.title(case) for case in study.all_cases}
    reasons = {case.name: reason_line(case, lang) for case in study.all_cases}
    plain = study.measures.astype(object).where(study.measures.notna(), None)
    rows: list[list[Cell]] = [
        [
            titles[row["scenario"]],
            label(row["kind"], lang),
            measure_name(row["kind"], row["measure"], lang),
            row["value"],
            row["bound"],
            "" if row["word"] is None else word_name(row["word"], lang),
            row["change"],
            "" if row["own_base"] is None else titles[row["own_base"]],
            row["own_change"],
            reasons[row["scenario"]],
        ]
        for row in plain.to_dict("records")
    ]
    book.write("sheet_figures", book.columns(kinds), rows)


def _write_moves(book: _Book) -> None:
    study, lang = book.study, book.lang
    kinds: _Kinds = [
        ("scenario", "long", 34),
        ("against", "long", 24),
        ("chain", "integer", None),
        ("step", "integer", None),
        ("kind", "text", None),
        ("company_id", "text", None),
        ("company", "long", 24),
        ("before_id", "text", None),
        ("before", "text", None),
        ("after_id", "text", None),
        ("after", "text", None),
        ("before_points", "integer", None),
        ("after_points", "integer", None),
        ("change", "integer", None),
        ("cause", "long", 56),
    ]
    rows: list[list[Cell]] = []
    for case in study.cases:
        for base, comparison in sides_of(study, case):
            if base.plan is None or case.plan is None:
                continue
            names = names_of(base.plan.problem, case.plan.problem)
            for number, chain in enumerate(comparison.chains, start=1):
                cause = cause_text(chain.cause, lang, of=case.name)
                rows += [
                    [
                        book.title(case),
                        book.title(base),
                        number,
                        step,
                        kind_text(move, lang),
                        move.company_id,
                        names.company_name(move.company_id),
                        move.before_id,
                        names.director_name(move.before_id),
                        move.after_id,
                        names.director_name(move.after_id),
                        move.before_points,
                        move.after_points,
                        move.points_change,
                        cause,
                    ]
                    for step, move in enumerate(chain.moves, start=1)
                ]
    book.write("sheet_moves", book.columns(kinds), rows, label("moves_none", lang))


def _write_changes(book: _Book) -> None:
    """What every scenario changes; of finished runs the rows and settings that differ."""
    study, lang = book.study, book.lang
    rows: list[list[Cell]] = []
    for case in study.cases:
        title, comparison = book.title(case), case.against_base
        for origin in case.origins or ():
            what = origin_text(origin, lang, of=origin.whatif, with_reason=False)
            rows.append([title, origin.whatif, origin.number, what, origin.reason])
        if case.origins is None and comparison is not None:
            rows += [[title, "", None, key, ""] for key in comparison.policy]
            rows += [[title, "", None, row_text(row, lang), ""] for row in comparison.rows]
        rows += [[title, case.name, None, line.text, ""] for line in reason_lines(case, lang)]
    kinds: _Kinds = [
        ("scenario", "long", 34),
        ("whatif", "text", None),
        ("number", "integer", None),
        ("what", "long", 70),
        ("why", "long", 44),
    ]
    book.write("sheet_changes", book.columns(kinds), rows, label("changes_none", lang))
