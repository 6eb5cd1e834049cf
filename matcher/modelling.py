"""Candidates and Policy into a Formulation, and rows of it back into what they say of whom.

A row family is left out where it cannot bind (two slots of at most 20 hours never fill 60 hours): that keeps the model
a network wherever the programme is one. Families left out are named in `Model.not_binding`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain.policy import Quota, TierName, quota_value, statuses_in_service
from matcher.domain.problem import Problem
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, RowBlock, build_formulation
from matcher.model.objectives import Tier, lot
from matcher.pairing.candidates import Candidates
from matcher.pairing.engagements import is_over

HOURS_UNIT = 1000
"""Hours are counted in thousandths, demand rounded up and supply down: a plan never overbooks by rounding."""


SubjectKind = Literal["director", "company", "rivals", "pair", "quota", "plan"]


@dataclass(frozen=True, slots=True)
class FamilyMeaning:
    """Of whom the rows of a family speak.

    `subject_idx` is (n_rows,): a director or company index, or the position of a quota or a rivals row.
    """

    kind: SubjectKind
    subject_idx: Int64


@dataclass(frozen=True)
class Model:
    """The formulation, its tiers in order, and what its rows mean.

    `tiers` are the policy's objective, then the tie-breaks, then the lot; the first `n_policy_tiers` are the policy's.
    `slots_elsewhere`, `hours_elsewhere` : (n_directors,) used up by running engagements outside this batch.
    """

    formulation: Formulation
    tiers: tuple[Tier, ...]
    n_policy_tiers: int
    meanings: dict[str, FamilyMeaning]
    not_binding: tuple[str, ...]
    slots_elsewhere: Int64
    hours_elsewhere: npt.NDArray[np.float64]


@dataclass(frozen=True)
class _UnusedSlots:
    """One column a slot that may stay empty: `gain` is what it takes off the sum of squared loads.

    `full` is that sum when no slot is empty.
    """

    col_idx: Int64
    gain: Int64
    full: int


@dataclass
class _Rows:
    """Row blocks, their meanings and the auxiliary columns while the model grows."""

    blocks: list[RowBlock]
    meanings: dict[str, FamilyMeaning]
    not_binding: list[str]
    n_cols: int
    unused_slots: _UnusedSlots | None = None

    def add_columns(self, n: int) -> npt.NDArray[np.int64]:
        """The indices of `n` more auxiliary columns, each 0 or 1."""
        first, self.n_cols = self.n_cols, self.n_cols + n
        return np.arange(first, self.n_cols)

    def add(self, block: RowBlock, kind: SubjectKind, subject_idx: npt.NDArray[np.integer]) -> None:
        self.blocks.append(block)
        self.meanings[block.name] = FamilyMeaning(kind, subject_idx.astype(np.int64))


def build_model(problem: Problem, candidates: Candidates) -> Model:
    """The assignment model of a batch.

    Raises
    ------
    ModelError : points whose sum could leave int64
    """
    slots_elsewhere, hours_elsewhere = engaged_elsewhere(problem)
    rows = _Rows([], {}, [], candidates.n_pairs)
    slots = _add_slots(rows, problem, candidates, slots_elsewhere)
    _add_min_companies(rows, problem, candidates)
    _add_companies(rows, candidates)
    _add_quotas(rows, problem, candidates)
    _add_max_companies(rows, problem, candidates)
    _add_hours(rows, problem, candidates, slots, hours_elsewhere)
    _add_budget(rows, problem, candidates, slots)
    _add_rivals(rows, problem, candidates)
    _add_max_directors(rows, problem, candidates, slots)
    tiers = _tiers(problem, candidates, rows)
    formulation = build_formulation(
        tiers[0].objective,
        rows.blocks,
        n_pairs=candidates.n_pairs,
        column_lower=_padded(candidates.is_pinned.astype(np.int64), rows.n_cols),
    )
    return Model(
        formulation=formulation,
        tiers=tiers,
        n_policy_tiers=len(problem.policy.objective),
        meanings=rows.meanings,
        not_binding=tuple(rows.not_binding),
        slots_elsewhere=slots_elsewhere,
        hours_elsewhere=hours_elsewhere,
    )


def engaged_elsewhere(problem: Problem) -> tuple[Int64, npt.NDArray[np.float64]]:
    """Slots and hours that running engagements outside this batch use up, (n_directors,) each.

    An engagement whose company is in the batch is a candidate pair and uses nothing here; one that is over (see
    `matcher.pairing.engagements.is_over`) uses nothing either.
    """
    engagements = problem.tables["engagements"]
    n_directors = len(problem.directors)
    is_outside = (problem.company_idx(engagements["company_id"]) < 0) & ~is_over(problem)
    outside = engagements[is_outside]
    director_idx = problem.director_idx(outside["director_id"])
    slots = np.bincount(director_idx, minlength=n_directors).astype(np.int64)
    hours = np.bincount(director_idx, weights=outside["hours_per_month"].fillna(0.0).to_numpy(), minlength=n_directors)
    return slots, hours.astype(np.float64)


def pair_hours(problem: Problem, candidates: Candidates) -> npt.NDArray[np.float64]:
    """(n_pairs,) hours a month each pair costs: the running engagement's own where it has one, else the company's.

    Hours that nobody stated count as 0 and are reported as missing, not as none.
    """
    hours = problem.companies["hours_per_month"].fillna(0.0).to_numpy(float)[candidates.company_idx]
    engagements = problem.tables["engagements"]
    stated = engagements[engagements["hours_per_month"].notna()]
    if candidates.is_running.any() and len(stated):
        n_companies = len(problem.companies)
        company_idx = problem.company_idx(stated["company_id"])
        keys = problem.director_idx(stated["director_id"]) * n_companies + company_idx
        own = dict(zip(keys[company_idx >= 0].tolist(), stated["hours_per_month"][company_idx >= 0], strict=True))
        for pair in np.flatnonzero(candidates.is_running).tolist():
            key = int(candidates.director_idx[pair]) * n_companies + int(candidates.company_idx[pair])
            hours[pair] = own.get(key, hours[pair])
    return hours


def quota_members(problem: Problem, quota: Quota) -> npt.NDArray[np.bool_]:
    """(n_companies,) whether a company counts towards a quota."""
    wanted = quota_value(quota.by, quota.value)
    if quota.by == "region":
        from matcher.domain import geography

        prefectures = problem.companies["prefecture"].to_numpy()
        inside = [code for code in range(1, 48) if geography.region_of(code) == wanted]
        return np.isin(prefectures, inside)
    return (problem.companies[quota.by] == wanted).fillna(False).to_numpy(bool)


def _tiers(problem: Problem, candidates: Candidates, rows: _Rows) -> tuple[Tier, ...]:
    """The policy's objective, its tie-breaks, and the recorded lot."""
    policy = problem.policy
    tiers = [_tier(name, candidates, rows) for name in policy.objective]
    tiers += [
        Tier(f"tie_break:{name}", _padded(candidates.tie_values[name], rows.n_cols), is_tie_break=True)
        for name in policy.tie_break
    ]
    drawn = lot(candidates.n_pairs, policy.solve.seed)
    return (*tiers, Tier("tie_break:lot", _padded(drawn, rows.n_cols), is_tie_break=True))


def _tier(name: TierName, candidates: Candidates, rows: _Rows) -> Tier:
    """One tier of the policy; every tier is maximised.

    points: the points · companies_served: the matches · fewest_changes: the running engagements kept · worst_match:
    the least points of any match · even_load: minus the sum over directors of their squared number of companies, those
    elsewhere included · distance_km: minus the whole kilometres.
    """
    if name == "even_load" and rows.unused_slots is not None:
        empty = rows.unused_slots
        gain = np.zeros(rows.n_cols, np.int64)
        gain[empty.col_idx] = empty.gain
        return Tier(name, gain, constant=-empty.full)
    values: dict[TierName, npt.NDArray[np.integer]] = {
        "points": candidates.points,
        "worst_match": candidates.points,
        "companies_served": np.ones(candidates.n_pairs, np.int64),
        "fewest_changes": candidates.is_running.astype(np.int64),
        "distance_km": -np.rint(candidates.distance_km).astype(np.int64),
    }
    return Tier(name, _padded(values[name], rows.n_cols), kind="least" if name == "worst_match" else "sum")


def _padded(values: npt.NDArray[np.integer], n_cols: int) -> Int64:
    return np.concatenate([values.astype(np.int64), np.zeros(n_cols - values.size, np.int64)])


def _bounds(n_rows: int, value: int) -> Int64:
    return np.full(n_rows, value, np.int64)


def _groups(member_of: npt.NDArray[np.integer]) -> tuple[Int64, Int64]:
    """The distinct groups in order, and each pair's position among them."""
    groups, positions = np.unique(member_of, return_inverse=True)
    return groups.astype(np.int64), positions.astype(np.int64)


def _add_slots(rows: _Rows, problem: Problem, candidates: Candidates, elsewhere: Int64) -> Int64:
    """One row a director with candidates; returns the slots left, (n_directors,).

    Where the policy asks for an even load, every slot is either used or a column of its own: the n-th company of a
    director adds 2n − 1 to the square, so the emptiest way to leave slots empty is found by the network itself.
    """
    slots = np.maximum(problem.directors["max_companies"].to_numpy(np.int64) - elsewhere, 0)
    directors, positions = _groups(candidates.director_idx)
    pairs = np.arange(candidates.n_pairs)
    lower, upper = _bounds(directors.size, 0), slots[directors]
    if "even_load" in problem.policy.objective:
        upper = np.minimum(upper, np.bincount(positions, minlength=directors.size))
        owner = np.repeat(np.arange(directors.size), upper)
        place = np.arange(owner.size) - np.repeat(np.cumsum(upper) - upper, upper) + 1
        columns = rows.add_columns(owner.size)
        busy = elsewhere[directors]
        idle = np.delete(elsewhere, directors)
        full = int(((busy + upper) ** 2).sum() + (idle**2).sum())
        rows.unused_slots = _UnusedSlots(columns, 2 * (busy[owner] + place) - 1, full)
        positions, pairs, lower = np.concatenate([positions, owner]), np.concatenate([pairs, columns]), upper
    rows.add(RowBlock("slots", positions, pairs, lower, upper, side="left"), "director", directors)
    return slots


def _add_min_companies(rows: _Rows, problem: Problem, candidates: Candidates) -> None:
    """One row a director in service, also one without candidates: that demand then fails by name."""
    least = problem.policy.limits.min_companies_per_director
    if not least:
        return
    is_in_service = problem.directors["status"].isin(statuses_in_service(problem.policy)).to_numpy()
    row_of = np.cumsum(is_in_service) - 1
    pairs = np.flatnonzero(is_in_service[candidates.director_idx])
    directors = np.flatnonzero(is_in_service)
    block = RowBlock(
        "min_companies_per_director",
        row_of[candidates.director_idx[pairs]],
        pairs,
        _bounds(directors.size, least),
        _bounds(directors.size, NO_LIMIT),
        side="left",
    )
    rows.add(block, "director", directors)


def _add_companies(rows: _Rows, candidates: Candidates) -> None:
    companies, positions = _groups(candidates.company_idx)
    block = RowBlock(
        "one_director",
        positions,
        np.arange(candidates.n_pairs),
        _bounds(companies.size, 0),
        _bounds(companies.size, 1),
        side="right",
    )
    rows.add(block, "company", companies)


def _add_quotas(rows: _Rows, problem: Problem, candidates: Candidates) -> None:
    """One family for each field that quotas are stated by; the values of one field never overlap."""
    quotas = problem.policy.limits.quotas
    for by in dict.fromkeys(quota.by for quota in quotas):
        numbers = [number for number, quota in enumerate(quotas) if quota.by == by]
        members = [quota_members(problem, quotas[number])[candidates.company_idx] for number in numbers]
        row_idx = np.concatenate([np.full(int(is_in.sum()), row) for row, is_in in enumerate(members)])
        col_idx = np.concatenate([np.flatnonzero(is_in) for is_in in members])
        lower = np.array([quotas[number].min or 0 for number in numbers], np.int64)
        upper = np.array([NO_LIMIT if (most := quotas[number].max) is None else most for number in numbers], np.int64)
        rows.add(RowBlock(f"quota:{by}", row_idx, col_idx, lower, upper, side="right"), "quota", np.array(numbers))


def _add_max_companies(rows: _Rows, problem: Problem, candidates: Candidates) -> None:
    most = problem.policy.limits.max_companies
    if most is None:
        return
    if most >= np.unique(candidates.company_idx).size:
        rows.not_binding.append("max_companies")
        return
    pairs = np.arange(candidates.n_pairs)
    block = RowBlock("max_companies", np.zeros_like(pairs), pairs, _bounds(1, 0), _bounds(1, most), side="right")
    rows.add(block, "plan", np.zeros(1, np.int64))


def _add_hours(
    rows: _Rows, problem: Problem, candidates: Candidates, slots: Int64, elsewhere: npt.NDArray[np.float64]
) -> None:
    """One row a director whose hours could run out; hours nobody stated neither limit nor cost."""
    offered = problem.directors["hours_per_month"].to_numpy(float) - elsewhere
    demand = _thousandths(pair_hours(problem, candidates), up=True)
    supply = _thousandths(np.maximum(np.nan_to_num(offered, nan=0.0), 0.0), up=False)
    n_directors = len(problem.directors)
    largest = np.zeros(n_directors, np.int64)
    np.maximum.at(largest, candidates.director_idx, demand)
    n_candidates = np.bincount(candidates.director_idx, minlength=n_directors)
    can_bind = ~np.isnan(offered) & (np.minimum(slots, n_candidates) * largest > supply)
    if not can_bind.any():
        if problem.directors["hours_per_month"].notna().any():
            rows.not_binding.append("hours")
        return
    directors = np.flatnonzero(can_bind)
    row_of = np.cumsum(can_bind) - 1
    pairs = np.flatnonzero(can_bind[candidates.director_idx] & (demand > 0))
    block = RowBlock(
        "hours",
        row_of[candidates.director_idx[pairs]],
        pairs,
        _bounds(directors.size, -NO_LIMIT),
        supply[directors],
        coef=demand[pairs],
    )
    rows.add(block, "director", directors)


def _thousandths(hours: npt.NDArray[np.float64], *, up: bool) -> Int64:
    """Hours in units of 1/HOURS_UNIT; a number that is whole in that unit but for float noise stays itself."""
    scaled = hours * HOURS_UNIT
    whole = np.rint(scaled)
    rounded = np.ceil(scaled) if up else np.floor(scaled)
    return np.where(np.abs(scaled - whole) < 1e-6, whole, rounded).astype(np.int64)


def _add_budget(rows: _Rows, problem: Problem, candidates: Candidates, slots: Int64) -> None:
    most = problem.policy.limits.budget_jpy_per_month
    if most is None:
        return
    fees = np.ceil(problem.directors["fee_jpy_per_month"].fillna(0.0).to_numpy(float)).astype(np.int64)
    n_candidates = np.bincount(candidates.director_idx, minlength=fees.size)
    limit = problem.policy.limits.max_companies
    dearest = int((np.minimum(slots, n_candidates) * fees).sum())
    if limit is not None and candidates.n_pairs:
        dearest = min(dearest, limit * int(fees[candidates.director_idx].max()))
    if dearest <= most:
        rows.not_binding.append("budget")
        return
    fee_of_pair = fees[candidates.director_idx]
    pairs = np.flatnonzero(fee_of_pair > 0)
    block = RowBlock(
        "budget",
        np.zeros(pairs.size, np.int64),
        pairs,
        _bounds(1, -NO_LIMIT),
        _bounds(1, most),
        coef=fee_of_pair[pairs],
    )
    rows.add(block, "plan", np.zeros(1, np.int64))


def _add_rivals(rows: _Rows, problem: Problem, candidates: Candidates) -> None:
    """One row for each rival pair of companies and each director who is a candidate for both."""
    rivals = problem.tables["rivals"]
    if rivals.empty:
        return
    pairs = pd.DataFrame(
        {
            "director": candidates.director_idx,
            "company": candidates.company_idx,
            "pair": np.arange(candidates.n_pairs),
        }
    )
    stated = pd.DataFrame(
        {
            "rivals": np.arange(len(rivals)),
            "company": problem.company_idx(rivals["company_id"]),
            "other": problem.company_idx(rivals["other_id"]),
        }
    )
    ends = np.sort(stated[["company", "other"]].to_numpy(), axis=1)
    stated = stated[~pd.DataFrame(ends).duplicated().to_numpy()]
    both = stated.merge(pairs, on="company").merge(
        pairs.rename(columns={"company": "other", "pair": "other_pair"}), on=["other", "director"]
    )
    both = both.sort_values(["rivals", "director"], kind="stable")
    n_rows = len(both)
    if not n_rows:
        return
    block = RowBlock(
        "rivals",
        np.tile(np.arange(n_rows), 2),
        np.concatenate([both["pair"].to_numpy(), both["other_pair"].to_numpy()]),
        _bounds(n_rows, -NO_LIMIT),
        _bounds(n_rows, 1),
    )
    rows.add(block, "rivals", both["rivals"].to_numpy())


def _add_max_directors(rows: _Rows, problem: Problem, candidates: Candidates, slots: Int64) -> None:
    """One auxiliary column a director (this director is used), tied to every pair.

    A row a pair would do. The row a director (a third of a director has a third of the slots) tightens the bound: on
    `scenarios/roster` with two directors it falls from 9.2 % above the plan to the plan itself.
    """
    most = problem.policy.limits.max_directors
    if most is None:
        return
    directors, positions = _groups(candidates.director_idx)
    limit = problem.policy.limits.max_companies
    if most >= directors.size or (limit is not None and limit <= most):
        rows.not_binding.append("max_directors")
        return
    n_pairs = candidates.n_pairs
    pairs, used = np.arange(n_pairs), np.arange(directors.size)
    columns = rows.add_columns(directors.size)
    block = RowBlock(
        "uses_director",
        np.tile(pairs, 2),
        np.concatenate([pairs, columns[positions]]),
        _bounds(n_pairs, -NO_LIMIT),
        _bounds(n_pairs, 0),
        coef=np.repeat(np.array([1, -1]), n_pairs),
    )
    rows.add(block, "pair", pairs)
    block = RowBlock(
        "slots_of_used_director",
        np.concatenate([positions, used]),
        np.concatenate([pairs, columns]),
        _bounds(directors.size, -NO_LIMIT),
        _bounds(directors.size, 0),
        coef=np.concatenate([np.ones(n_pairs, np.int64), -slots[directors]]),
    )
    rows.add(block, "director", directors)
    rows.add(
        RowBlock("max_directors", np.zeros_like(used), columns, _bounds(1, 0), _bounds(1, most)),
        "plan",
        np.zeros(1, np.int64),
    )
