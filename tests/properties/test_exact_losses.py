"""Losses, gains and chains of many small programmes against every plan: seeds instead of Hypothesis, for their number.

Networks are checked on the residual graph, some 24,000 changes; programmes with hours, rivals or a budget, which are
solved again, by what pair, company and director ask. Points come from a narrow range, so that ties are everywhere.
`check_network` and `check_programme` take any seed: run them over more of them after a change of what they check.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.explain.forcing import Change, with_company, with_pair, without_pair
from matcher.explain.slots import slot_value, with_slots
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from matcher.model.displacement import Displacement, Residual, build_residual
from matcher.model.formulation import Formulation, Int64, RowBlock, Side, build_formulation
from matcher.modelling import build_model
from matcher.pairing.candidates import build_candidates
from tests.problems import small_problem

N_NETWORKS = 1_500
N_PROGRAMMES = 10
"""Some 0.3 s each, as every change is solved again."""


@dataclass(frozen=True)
class Every:
    """Every x of a formulation: (n_x, n_cols), its activity (n_x, n_rows) and value (n_x,)."""

    formulation: Formulation
    x: Int64
    activity: Int64
    value: Int64

    def best(self, *, column: int | None = None, is_in: bool = True, row: int | None = None, by: int = 0) -> int | None:
        """The most points of a plan that has, or lacks, a column; or with another upper bound of a row."""
        f = self.formulation
        upper = f.row_upper.copy()
        if row is not None:
            upper[row] += by
        is_plan = ((self.activity >= f.row_lower) & (self.activity <= upper)).all(axis=1)
        if column is not None:
            is_plan &= self.x[:, column] == int(is_in)
        return int(self.value[is_plan].max()) if is_plan.any() else None


def every_x(formulation: Formulation) -> Every:
    """Tried one by one, from a dense matrix: no code under test."""
    matrix = np.zeros((formulation.n_rows, formulation.n_cols), np.int64)
    np.add.at(matrix, (formulation.entry_row_idx, formulation.col_idx), formulation.coef)
    ranges = [
        range(int(low), int(high) + 1)
        for low, high in zip(formulation.column_lower, formulation.column_upper, strict=True)
    ]
    x = np.array(list(itertools.product(*ranges)), np.int64).reshape(-1, formulation.n_cols)
    return Every(formulation, x, x @ matrix.T, x @ formulation.objective)


def network(rng: np.random.Generator) -> Formulation:
    """Slots of up to 3 directors, one director a company, and in every second one a limit on companies."""
    n_directors, n_companies = int(rng.integers(1, 4)), int(rng.integers(1, 5))
    every = np.array(list(itertools.product(range(n_directors), range(n_companies))))
    pairs = every[np.sort(rng.choice(len(every), size=min(len(every), int(rng.integers(1, 9))), replace=False))]
    n = len(pairs)
    most = int(rng.choice((4, 3, 10**6)))
    blocks = [
        _block("slots", "left", pairs[:, 0], rng.integers(0, 3, n_directors)),
        _block("one_director", "right", pairs[:, 1], np.ones(n_companies, np.int64)),
    ]
    if rng.random() < 0.5:
        blocks.append(_block("max_companies", "right", np.zeros(n, np.int64), rng.integers(0, n_companies + 1, 1)))
    return build_formulation(rng.integers(-1, most, n), blocks)


def _block(name: str, side: Side, row: Int64, upper: Int64) -> RowBlock:
    """Every pair in its row, at most `upper` of them."""
    return RowBlock(name, row, np.arange(row.size), np.zeros(upper.size, np.int64), upper, side=side)


def check_network(formulation: Formulation) -> int:
    """Number of changes compared."""
    every = every_x(formulation)
    best = every.best()
    assert best is not None
    is_plan = ((every.activity >= formulation.row_lower) & (every.activity <= formulation.row_upper)).all(axis=1)
    residual = build_residual(formulation, every.x[is_plan & (every.value == best)][0])
    assert residual is not None
    for column in range(formulation.n_cols):
        for found, is_in in ((residual.forcing(column), True), (residual.forbidding(column), False)):
            wanted = every.best(column=column, is_in=is_in)
            _same(residual, found, None if wanted is None else best - wanted)
    for row in range(formulation.n_rows):
        more = every.best(row=row, by=1)
        assert more is not None and residual.raising(row).loss == best - more
        column = row % formulation.n_cols
        wanted = every.best(column=column, row=row, by=1)
        found, raised = residual.raised(row)
        assert found.loss == best - more
        _same(raised, raised.forcing(column), None if wanted is None else more - wanted)
        if formulation.row_upper[row]:
            less = every.best(row=row, by=-1)
            assert residual.lowering(row).loss == (None if less is None else best - less)
    return 2 * formulation.n_cols + 3 * formulation.n_rows


def _same(residual: Residual, found: Displacement, wanted: int | None) -> None:
    """The figure, and the chain leads to a plan of just that loss."""
    assert found.loss == wanted
    if found.loss is None:
        return
    x = residual.x.copy()
    for column, sign in found.steps:
        x[column] += sign
    formulation = residual.formulation
    activity = formulation.row_activity(x)
    assert ((activity >= formulation.row_lower) & (activity <= formulation.row_upper)).all()
    assert formulation.value_of(residual.x) - formulation.value_of(x) == wanted


def test_every_change_of_a_network_costs_what_every_plan_says() -> None:
    n = sum(check_network(network(np.random.default_rng(seed))) for seed in range(N_NETWORKS))
    assert n > 10 * N_NETWORKS


def programme(rng: np.random.Generator) -> dict[str, Any]:
    """Up to 3 directors and 4 companies with hours that leave no network, often rivals or a budget; ties everywhere."""
    n_directors, n_companies = int(rng.integers(1, 4)), int(rng.integers(2, 5))
    fees = rng.integers(1, 4, n_directors).tolist()
    directors = [
        {
            "max_companies": int(rng.integers(1, 4)),
            "hours_per_month": int(rng.integers(8, 22)),
            "experience_years": int(rng.choice((4, 8))),
            "fee_jpy_per_month": fee,
        }
        for fee in fees
    ]
    companies = [
        {"hours_per_month": int(rng.integers(4, 12)), "priority": float(rng.choice((1, 1, 2)))}
        for _ in range(n_companies)
    ]
    ids = [f"c{n}" for n in range(1, n_companies + 1)]
    rivals = [{"company_id": ids[0], "other_id": ids[1]}] if rng.random() < 0.3 else []
    pairs = [
        {"director_id": f"d{d}", "company_id": one, "rule": "forbid"}
        for d in range(1, n_directors + 1)
        for one in ids
        if rng.random() < 0.2
    ]
    limits: dict[str, Any] = {}
    if rng.random() < 0.3:
        limits["budget_jpy_per_month"] = int(rng.integers(1, 8))
    if rng.random() < 0.3:
        limits["max_companies"] = int(rng.integers(1, n_companies + 1))
    weights = {"experience": 1, **dict.fromkeys(("hands_on", "local_culture", "network", "own_business"), 0)}
    policy = {"limits": limits, "weights": weights}
    return {"directors": directors, "companies": companies, "pairs": pairs, "rivals": rivals, "policy": policy}


def check_programme(rows: dict[str, Any]) -> tuple[int, bool]:
    """Number of changes compared, and whether the programme is a network."""
    problem = small_problem(**rows)
    if not build_candidates(problem).n_pairs:
        return 0, True
    standing = build_standing(match(problem))
    every = every_x(standing.model.formulation)
    best = every.best()
    assert best is not None and standing.base.values[0] == best
    n = 0
    for column in range(standing.candidates.n_pairs):
        if standing.is_chosen[column]:
            found, wanted = without_pair(standing, column), every.best(column=column, is_in=False)
        else:
            found, wanted = with_pair(standing, *standing.pair_of(column)), every.best(column=column)
        n += _told(standing, found, best, wanted)
    served = {company for _, company in standing.pairs}
    for company in set(standing.candidates.company_idx.tolist()) - served:
        columns = np.flatnonzero(standing.candidates.company_idx == company).tolist()
        values = [value for column in columns if (value := every.best(column=column)) is not None]
        n += _told(standing, with_company(standing, company), best, max(values, default=None))
    for director in range(len(problem.directors)):
        value = slot_value(standing, director)
        for change, by in ((value.more, 1), (value.less, -1)):
            other = every_x(build_model(with_slots(problem, by, director), standing.candidates).formulation).best()
            n += _told(standing, change, best, other)
    return n, standing.residual is not None


def _told(standing: Standing, change: Change, best: int, wanted: int | None) -> int:
    assert change.loss.points == (None if wanted is None else best - wanted)
    assert change.loss.is_possible == (wanted is not None)
    assert change.loss.word == "proved"
    if wanted is not None:
        pairs = set(standing.pairs)
        for step in change.chain:
            pair = (step.director_idx, step.company_idx)
            assert (pair in pairs) == (step.action == "leaves")
            (pairs.remove if step.action == "leaves" else pairs.add)(pair)
        assert pairs == change.pairs
        columns = [standing.column_of(*pair) for pair in pairs]
        assert sum(int(standing.candidates.points[column]) for column in columns if column is not None) == wanted
    return 1


def test_every_change_of_a_programme_with_hours_costs_what_every_plan_says() -> None:
    done = [check_programme(programme(np.random.default_rng(seed))) for seed in range(N_PROGRAMMES)]
    assert sum(not is_network for _, is_network in done) > N_PROGRAMMES / 3
    assert sum(n for n, _ in done) > 5 * N_PROGRAMMES
