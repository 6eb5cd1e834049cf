"""A robustness as a workbook: what was drawn, each match, each pair that comes in, and every draw."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from matcher.io.sheet_table import Cell, Column, Printed, new_book, write_table
from matcher.whatif.under_noise import Robustness
from matcher.words.blocks import Line
from matcher.words.catalog import Lang
from matcher.words.facts import Facts, facts_of
from matcher.words.robustness import ROBUSTNESS, robustness_parts, title_of

_COUNTS = {
    "points": "points",
    "n_stays": "stays",
    "n_other_director": "other",
    "n_unserved": "unserved",
    "n_draws": "draws",
}
_DRAWS = ("draw", "n_stays", "base_points", "best_points", "bound_points", "regret_low", "regret_high")


def write_robustness_excel(found: Robustness, path: Path, lang: Lang) -> None:
    """Write all of it as a workbook; an existing file is replaced. Text of users is always written as text."""
    title = found.plan.problem.title or ROBUSTNESS["page"].fill(lang)
    printed = Printed(title, ROBUSTNESS["page"].fill(lang))
    with new_book(path, lang, title) as (workbook, styles):

        def write(name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
            write_table(
                workbook,
                styles,
                ROBUSTNESS[name].fill(lang),
                columns,
                rows,
                printed=printed,
                if_empty=ROBUSTNESS["nothing"].fill(lang),
            )

        standing, _ = robustness_parts(found, lang, most=None)
        texts = [[block.text] for block in standing if isinstance(block, Line)]
        write("sheet_summary", [Column(title_of(found, lang), "long", 100.0)], texts)
        facts = facts_of(found.plan.problem)
        matches = found.matches.sort_values(["n_stays", "director_id", "company_id"], kind="stable")
        columns, rows = _pairs(matches, list(_COUNTS), facts, lang)
        nexts = zip(matches["next_director_id"], matches["n_next"], strict=True)
        for row, (director, n_next) in zip(rows, nexts, strict=True):
            row += [facts.director_name(str(director)), int(n_next)] if n_next else ["", None]
        more = [Column(ROBUSTNESS["next"].fill(lang), "long", 22), Column(ROBUSTNESS["draws"].fill(lang), "integer")]
        write("sheet_matches", [*columns, *more], rows)
        write("sheet_entering", *_pairs(found.entering, ["points", "n_draws"], facts, lang))
        frame = found.draws[list(_DRAWS)]
        names = [Column(ROBUSTNESS[f"of_{name}"].fill(lang), "integer") for name in _DRAWS]
        write("sheet_draws", names, frame.astype(object).where(frame.notna(), None).to_numpy().tolist())


def _pairs(
    frame: pd.DataFrame, counts: Sequence[str], facts: Facts, lang: Lang
) -> tuple[list[Column], list[list[Any]]]:
    """The columns and rows of pairs with their counts. Any: cells of kinds."""
    columns = [
        Column(ROBUSTNESS["director_id"].fill(lang), "text"),
        Column(ROBUSTNESS["director"].fill(lang), "long", 22),
        Column(ROBUSTNESS["company_id"].fill(lang), "text"),
        Column(ROBUSTNESS["company"].fill(lang), "long", 34),
    ]
    columns += [Column(ROBUSTNESS[_COUNTS[name]].fill(lang), "integer") for name in counts]
    rows = [
        [
            *(str(row["director_id"]), facts.director_name(str(row["director_id"]))),
            *(str(row["company_id"]), facts.company_name(str(row["company_id"]))),
            *(int(row[name]) for name in counts),
        ]
        for row in frame.to_dict("records")
    ]
    return columns, rows
