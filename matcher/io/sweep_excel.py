"""A sweep as a workbook: one row a combination, every match, every plan, and the break points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.io.sheet_style import Styles, text_width
from matcher.io.sheet_table import Cell, Column, Kind, Printed, grid_columns, new_book, write_table
from matcher.io.sweep_html import FIGURES, tiers_of
from matcher.io.sweep_matches import matches_over
from matcher.whatif.frames import values_of
from matcher.whatif.swept import Sweep
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.comparison import label as kind_name
from matcher.words.comparison import measure_name
from matcher.words.facts import facts_of
from matcher.words.plan import number_text, tier_name, word_name
from matcher.words.sweep_page import label, state_of
from matcher.words.sweeping import break_blocks
from matcher.words.whatif import outcome_reasons, sure_text

N_ROWS = 100_000
"""A sheet lists at most so many matches or figures; the Parquet files have all."""


@dataclass(frozen=True)
class _Book:
    """A workbook while it is written."""

    workbook: Any  # xlsxwriter ships no types
    styles: Styles
    sweep: Sweep
    lang: Lang
    printed: Printed

    def write(
        self, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], below: Sequence[Block] = ()
    ) -> None:
        write_table(
            self.workbook,
            self.styles,
            label(name, self.lang),
            columns,
            rows,
            printed=self.printed,
            if_empty=label("matches_none", self.lang),
            below=below,
        )

    def settings(self) -> list[Column]:
        """A column for each setting, as it was typed."""
        return [
            Column(axis.key, "text" if axis.is_text else "setting", min(text_width(axis.key) + 4.0, 32.0))
            for axis in self.sweep.axes
        ]

    def column(self, code: str, kind: Kind, width: float | None = None) -> Column:
        return Column(label(code, self.lang), kind, width)


def write_sweep_excel(sweep: Sweep, path: Path, lang: Lang) -> None:
    """Write the sweep as a workbook; an existing file is replaced. Text of users is always written as text."""
    title = sweep.problem.title or label("sweep", lang)
    with new_book(path, lang, title) as (workbook, styles):
        book = _Book(workbook, styles, sweep, lang, Printed(title, label("sweep", lang)))
        _write_grid(book)
        _write_breaks(book)
        _write_reasons(book)
        _write_matches(book)
        _write_plans(book)
        _write_figures(book)


def _write_grid(book: _Book) -> None:
    sweep, lang = book.sweep, book.lang
    tiers = tiers_of(sweep)
    measures = [*(("tier", tier) for tier in tiers), *(("figure", name) for name in FIGURES)]
    columns = [book.column("point", "integer"), *book.settings()]
    columns += [book.column("plan", "flag"), book.column("status", "text"), book.column("sure", "text")]
    columns += [Column(tier_name(tier, lang), "points") for tier in tiers]
    columns += [Column(measure_name("figure", name, lang), "amount") for name in FIGURES]
    rows: list[list[Cell]] = []
    for at, outcome in enumerate(sweep.outcomes):
        document = None if outcome.plan is None else outcome.plan.document
        values = values_of(document)
        row: list[Cell] = [at + 1, *sweep.settings_of(at), sweep.letter_of(at), state_of(outcome, lang)]
        row.append("" if document is None else sure_text(document, lang))
        row += [values[measure][0] if measure in values else None for measure in measures]
        rows.append(row)
    book.write("sheet_grid", columns, rows)


def _write_figures(book: _Book) -> None:
    """Every measure of every combination, one a row, as the Parquet file has them."""
    sweep, lang = book.sweep, book.lang
    columns = [book.column("point", "integer"), *book.settings(), book.column("plan", "flag")]
    columns += [book.column("kind", "text"), book.column("measure", "long", 34), book.column("value", "amount", 18)]
    columns += [book.column("bound", "amount", 18), book.column("sure", "text")]
    frame = sweep.measures.head(N_ROWS)
    rows: list[list[Cell]] = [
        [
            *(row["point"], *(row[key] for key in sweep.keys), row["plan"], kind_name(row["kind"], lang)),
            measure_name(row["kind"], row["measure"], lang),
            *(row["value"], row["bound"], "" if row["word"] is None else word_name(row["word"], lang)),
        ]
        for row in frame.astype(object).where(frame.notna(), None).to_dict("records")
    ]
    book.write("sheet_figures", columns, rows, _cut(len(sweep.measures), "figures_all", lang))


def _write_breaks(book: _Book) -> None:
    """The intervals of one weight as a table, and below it at each break point who changes."""
    found = book.sweep.break_points
    if found is None:
        return
    blocks = break_blocks(found, book.sweep.letters, book.sweep.problem, book.sweep.most_solves, book.lang)
    grid = next((block for block in blocks if isinstance(block, Grid)), None)
    if grid is not None:
        book.write("sheet_breaks", grid_columns(grid), grid.rows, [block for block in blocks if block is not grid])
        return
    texts = [[block.text] for block in blocks if isinstance(block, Line)]
    book.write("sheet_breaks", [book.column("sheet_breaks", "long", 90)], texts)


def _write_reasons(book: _Book) -> None:
    """Why there is no plan, one sentence a row; no sheet where every combination has one."""
    rows: list[list[Cell]] = [
        [at + 1, *book.sweep.settings_of(at), line.text]
        for at, outcome in enumerate(book.sweep.outcomes)
        for line in outcome_reasons(outcome, book.lang)
    ]
    if rows:
        columns = [book.column("point", "integer"), *book.settings(), book.column("what", "long", 90)]
        book.write("sheet_reasons", columns, rows)


def _write_matches(book: _Book) -> None:
    sweep, facts, found = book.sweep, facts_of(book.sweep.problem), matches_over(book.sweep)
    n_planned = sum(plan is not None for plan in sweep.plans)
    columns = [
        book.column("director_id", "text"),
        book.column("director", "long", 22),
        book.column("company_id", "text"),
        book.column("company", "long", 34),
        book.column("n_points", "integer"),
        book.column("share", "number"),
        book.column("in_plans", "long", 40),
    ]
    rows: list[list[Cell]] = [
        [
            one.director_id,
            facts.director_name(one.director_id),
            one.company_id,
            facts.company_name(one.company_id),
            one.n_points,
            100.0 * one.n_points / n_planned,
            ", ".join(one.plans),
        ]
        for one in found[:N_ROWS]
    ]
    book.write("sheet_matches", columns, rows, _cut(len(found), "matches_all", book.lang))


def _write_plans(book: _Book) -> None:
    facts = facts_of(book.sweep.problem)
    columns = [
        book.column("plan", "flag"),
        book.column("director_id", "text"),
        book.column("director", "long", 22),
        book.column("company_id", "text"),
        book.column("company", "long", 34),
    ]
    pairs = [(letter, *pair) for plan, letter in book.sweep.letters.items() for pair in sorted(plan)]
    rows: list[list[Cell]] = [
        [letter, director, facts.director_name(director), company, facts.company_name(company)]
        for letter, director, company in pairs[:N_ROWS]
    ]
    book.write("sheet_plans", columns, rows, _cut(len(pairs), "matches_all", book.lang))


def _cut(n: int, code: str, lang: Lang) -> list[Block]:
    return [Line("note", label(code, lang, n=number_text(n - N_ROWS)))] if n > N_ROWS else []
