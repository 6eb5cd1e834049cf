"""A model in which one unit of a number is one unit of a bound.

Hours and on-site days may stand in a model as counts of companies, and beside columns of directors at work: exact, but
no bound there moves with the number. One knapsack row a director and month says the same of whole plans, and does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from matcher.domain.problem import Problem
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, RowBlock, RowFamily, build_formulation
from matcher.modelling import HOURS_UNIT, FamilyMeaning, Model, pair_days, pair_hours
from matcher.pairing.candidates import Candidates
from matcher.plan.demands import SUPPLIES, demand_family


def elastic_form(problem: Problem, candidates: Candidates, model: Model) -> Model:
    """The model with one row for each supply of a director and month that it limits, and none that follows from it.

    Notes
    -----
    It has the same plans: a director's companies fit into the supply or they do not, and a director who is not at work
    has none (a row for each pair says so). The same model where it has no such rows, so a network stays one.
    """
    replaced = [family for family in model.formulation.families if _follows(family.name)]
    if not replaced:
        return model
    kept = [family for family in model.formulation.families if not _follows(family.name)]
    blocks = [_block(model.formulation, family) for family in kept]
    meanings = {family.name: model.meanings[family.name] for family in kept}
    for supply in SUPPLIES:
        named = [family.name for family in replaced if demand_family(family.name) == supply]
        if named:
            directors = np.unique(np.concatenate([model.meanings[name].subject_idx for name in named]))
            block, meanings[supply] = _supply_block(problem, candidates, model, supply, directors)
            blocks.append(block)
    formulation = build_formulation(
        np.zeros(model.formulation.n_cols, np.int64),
        blocks,
        n_pairs=model.formulation.n_pairs,
        column_lower=model.formulation.column_lower,
        column_upper=model.formulation.column_upper,
    )
    return replace(model, formulation=formulation, meanings=meanings)


def _follows(name: str) -> bool:
    family = demand_family(name)
    return family in SUPPLIES or family is None or (family == "slots" and name != "slots")


def _block(formulation: Formulation, family: RowFamily) -> RowBlock:
    entries = slice(int(formulation.row_ptr[family.start]), int(formulation.row_ptr[family.stop]))
    rows = slice(family.start, family.stop)
    return RowBlock(
        family.name,
        formulation.entry_row_idx[entries] - family.start,
        formulation.col_idx[entries],
        formulation.row_lower[rows],
        formulation.row_upper[rows],
        coef=formulation.coef[entries],
        side=family.side,
    )


def supply_left(problem: Problem, model: Model, supply: str) -> Int64:
    """(n_directors, n_months) thousandths of a supply left beside the work elsewhere; NO_LIMIT where none is stated."""
    offered = problem.directors[SUPPLIES[supply]].to_numpy(np.float64)[:, None]
    elsewhere = model.months.hours_elsewhere if supply == "hours" else np.zeros_like(model.months.hours_elsewhere)
    left = np.maximum(offered - elsewhere, 0.0)
    return np.where(np.isnan(left), NO_LIMIT, np.floor(np.nan_to_num(left) * HOURS_UNIT + 1e-6)).astype(np.int64)


def _supply_block(
    problem: Problem, candidates: Candidates, model: Model, supply: str, directors: Int64
) -> tuple[RowBlock, FamilyMeaning]:
    wanted = (pair_hours if supply == "hours" else pair_days)(problem, candidates)
    demand = np.ceil(wanted * HOURS_UNIT - 1e-6).astype(np.int64)
    rows = list(_runs(candidates, model, directors, demand > 0))
    sizes = [columns.size for _, _, columns in rows]
    col_idx = np.concatenate([columns for _, _, columns in rows]) if rows else np.zeros(0, np.int64)
    subject = np.array([director for director, _, _ in rows], np.int64)
    month = np.array([place for _, place, _ in rows], np.int64)
    block = RowBlock(
        supply,
        np.repeat(np.arange(len(rows)), sizes),
        col_idx,
        np.full(len(rows), -NO_LIMIT),
        supply_left(problem, model, supply)[subject, month],
        coef=demand[col_idx],
    )
    months = None if model.months.n_months == 1 else model.months.start[month]
    return block, FamilyMeaning("director", subject, months)


def _runs(
    candidates: Candidates, model: Model, directors: Int64, takes: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Iterator[tuple[int, int, Int64]]:
    """Director, month and the pairs that take something of the director in it."""
    first, last = model.months.first[candidates.company_idx], model.months.last[candidates.company_idx]
    for director in directors.tolist():
        own = np.flatnonzero(takes & (candidates.director_idx == director))
        for month in range(model.months.n_months):
            yield director, month, own[(first[own] <= month) & (last[own] >= month)]
