"""Losses, gains and chains of many small programmes against every plan: seeds instead of Hypothesis, for their number.

Networks are checked on the residual graph, some 24,000 changes; programmes with every kind of limit, months and tiers,
which are solved again, by what pair, company and director ask; and any plan of them, told as one that is not proved.
Points come from a narrow range, so that ties are everywhere. `check_network`, `check_programme` and `check_unproved`
take any seed: run them over more of them after a change of what they check.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from matcher.explain.forcing import Change, with_company, with_pair, without_pair
from matcher.explain.losses import exact
from matcher.explain.root_bounds import least_losses
from matcher.explain.slots import slot_value, with_slots
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from matcher.model.displacement import Displacement, Residual, build_residual
from matcher.model.formulation import Formulation, Int64, RowBlock, Side, build_formulation
from matcher.modelling import Model, build_model
from matcher.pairing.candidates import build_candidates
from matcher.plan.plan import Plan
from matcher.plan.proof_record import TierProof
from tests.limited_programme import programme
from tests.problems import small_problem

N_NETWORKS = 1_500
N_PROGRAMMES = 10
N_UNPROVED = 5
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


@dataclass(frozen=True)
class Plans:
    """Every plan of a model: x (n_plans, n_cols), its value of every tier of the policy (n_plans, n_tiers)."""

    x: Int64
    values: Int64

    def best(self, *, column: int | None = None, is_in: bool = True) -> tuple[int, ...] | None:
        """The values of the best plan, tier by tier, of those that have, or lack, a column."""
        own = self.values if column is None else self.values[self.x[:, column] == int(is_in)]
        return max((tuple(row) for row in own.tolist()), default=None)


def every_plan(model: Model) -> Plans:
    every = every_x(model.formulation)
    f = model.formulation
    is_plan = ((every.activity >= f.row_lower) & (every.activity <= f.row_upper)).all(axis=1)
    x = every.x[is_plan]
    tiers = model.tiers[: model.n_policy_tiers]
    return Plans(x, np.stack([x @ tier.objective + tier.constant for tier in tiers], axis=1))


Told = Callable[[Change, tuple[int, ...] | None], None]


def check_programme(rows: dict[str, Any]) -> tuple[int, bool]:
    """Number of changes compared, and whether the programme is a network."""
    problem = small_problem(**rows)
    if not build_candidates(problem).n_pairs:
        return 0, True
    plan = match(problem)
    if plan.status == "infeasible":
        assert not every_plan(build_model(problem, plan.candidates)).x.size
        return 0, True
    standing = build_standing(plan)
    plans = every_plan(standing.model)
    assert standing.base.values == plans.best()
    return _check_changes(standing, plans, partial(_told, standing)), standing.residual is not None


def check_unproved(rows: dict[str, Any], rng: np.random.Generator) -> int:
    """The same of any plan of a programme, told with a bound some points above the best: what is said must hold."""
    rows["policy"]["objective"] = ["points"]
    problem = small_problem(**rows)
    if not build_candidates(problem).n_pairs:
        return 0
    plan = match(problem)
    if plan.status == "infeasible" or not plan.document.assignments:
        return 0
    standing = build_standing(plan)
    plans = every_plan(standing.model)
    best = plans.best()
    assert best is not None
    place = int(rng.integers(len(plans.x)))
    bound = best[0] + int(rng.integers(0, 3)) * 500
    poor = build_standing(_retold(plan, plans.x[place], int(plans.values[place, 0]), bound))
    assert poor.off_by == bound - int(plans.values[place, 0]) >= best[0] - int(plans.values[place, 0])
    value = int(plans.values[place, 0])
    told = build_standing(_retold(plan, plans.x[place], value, bound, proof=plan.document.proof))
    least = least_losses(told)
    for column in range(0 if least is None else told.candidates.n_pairs):
        other = plans.best(column=column, is_in=not told.is_chosen[column])
        assert least is not None and (other is None or least[column] <= value - other[0])
    return _check_changes(poor, plans, partial(_holds, poor))


def _retold(plan: Plan, x: Int64, value: int, bound: int, proof: tuple[TierProof, ...] = ()) -> Plan:
    """Another plan of the same programme under the record of a run that was not carried to its end."""
    candidates, template = plan.candidates, plan.document.assignments[0]
    matches = [
        template.model_copy(
            update={
                "director_id": str(plan.problem.director_ids[candidates.director_idx[column]]),
                "company_id": str(plan.problem.company_ids[candidates.company_idx[column]]),
            }
        )
        for column in np.flatnonzero(x[: candidates.n_pairs]).tolist()
    ]
    first, *_ = plan.document.tiers
    tier = first.model_copy(update={"value": value, "bound": bound, "word": "proved" if bound == value else "unknown"})
    update = {"assignments": tuple(matches), "tiers": (tier,), "proof": proof, "status": "feasible"}
    return replace(plan, document=plan.document.model_copy(update=update))


def _check_changes(standing: Standing, plans: Plans, told: Told) -> int:
    """Every change that pair, company and director tell, each beside the best of all plans."""
    problem, n = standing.problem, 0
    for column in range(standing.candidates.n_pairs):
        if standing.is_chosen[column]:
            told(without_pair(standing, column), plans.best(column=column, is_in=False))
        else:
            told(with_pair(standing, *standing.pair_of(column)), plans.best(column=column))
        n += 1
    served = {company for _, company in standing.pairs}
    for company in set(standing.candidates.company_idx.tolist()) - served:
        columns = np.flatnonzero(standing.candidates.company_idx == company).tolist()
        values = [value for column in columns if (value := plans.best(column=column)) is not None]
        told(with_company(standing, company), max(values, default=None))
        n += 1
    for director in range(len(problem.directors)):
        value = slot_value(standing, director)
        for change, by in ((value.more, 1), (value.less, -1)):
            best = every_plan(build_model(with_slots(problem, by, director), standing.candidates)).best()
            if value.idle is None:
                told(change, best)
            else:  # nothing follows from it, also where the plan itself is not the best
                assert change.loss == exact(0) and best == plans.best()
            n += 1
    return n


def _told(standing: Standing, change: Change, wanted: tuple[int, ...] | None) -> None:
    """Of a proved plan every figure is exact, and the chain leads to a plan of just these values."""
    first = change.losses[standing.tiers[0]]
    assert first.word == "proved" and first.is_possible == (wanted is not None)
    if wanted is None:
        assert first.points is None
        return
    base = standing.base.values
    lost = tuple(change.losses[tier].points for tier in standing.tiers)
    assert lost == tuple(now - then for now, then in zip(base, wanted, strict=True) if now is not None)
    pairs = set(standing.pairs)
    for step in change.chain:
        pair = (step.director_idx, step.company_idx)
        assert (pair in pairs) == (step.action == "leaves")
        (pairs.remove if step.action == "leaves" else pairs.add)(pair)
    assert pairs == change.pairs
    columns = [column for pair in pairs if (column := standing.column_of(*pair)) is not None]
    assert len(columns) == len(pairs)
    for tier, value in zip(standing.model.tiers, wanted, strict=False):
        assert int(tier.objective[columns].sum()) + tier.constant == value


def _holds(standing: Standing, change: Change, wanted: tuple[int, ...] | None) -> None:
    """Of a plan that may be off, the true difference lies between the ends, and is the figure that is called proved."""
    loss, now = change.loss, standing.base.values[0]
    assert now is not None and loss.is_possible in (wanted is not None, None)
    if wanted is None:
        assert loss.points is None
        return
    true = now - wanted[0]
    assert loss.at_least is None or loss.at_least <= true
    assert loss.at_most is None or true <= loss.at_most
    assert loss.points is not None and loss.points >= true
    assert loss.word != "proved" or loss.points == true


def test_every_change_of_a_programme_with_hours_costs_what_every_plan_says() -> None:
    done = [check_programme(programme(np.random.default_rng(seed))) for seed in range(N_PROGRAMMES)]
    assert sum(not is_network for _, is_network in done) > N_PROGRAMMES / 3
    assert sum(n for n, _ in done) > 4 * N_PROGRAMMES


def test_what_is_told_of_a_plan_that_is_not_proved_holds() -> None:
    draws = [np.random.default_rng(1_000 + seed) for seed in range(N_UNPROVED)]
    assert sum(check_unproved(programme(rng), rng) for rng in draws) > 2 * N_UNPROVED


def test_the_programmes_tried_have_every_kind_of_limit() -> None:
    """Of the first seeds: each kind of row, several months, two tiers, and points that are equal."""
    found: Counter[str] = Counter()
    for seed in range(60):
        rows = programme(np.random.default_rng(seed))
        problem = small_problem(**rows)
        candidates = build_candidates(problem)
        if candidates.n_pairs:
            model = build_model(problem, candidates)
            found.update({name.split(":")[0] for name in model.meanings})
            found["months"] += model.months.n_months > 1
            found["tiers"] += model.n_policy_tiers > 1
            found["ties"] += np.unique(candidates.points).size < candidates.n_pairs
    wanted = (
        "slots", "one_director", "hours", "hours_count", "on_site_days", "on_site_days_count", "rivals", "budget",
        "budget_total", "quota", "max_companies", "max_directors", "months", "tiers", "ties",
    )  # fmt: skip
    assert min(found[name] for name in wanted) > 0, found
