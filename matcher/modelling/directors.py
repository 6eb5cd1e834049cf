"""Limits of each director: slots, least number of companies, hours, and who is used at all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matcher.domain.policy import statuses_in_service
from matcher.domain.problem import Problem
from matcher.model.formulation import NO_LIMIT, Int64, RowBlock
from matcher.modelling.hours import pair_hours, thousandths
from matcher.modelling.rows import Rows, UnusedSlots, bounds, groups
from matcher.pairing.candidates import Candidates


def add_slots(rows: Rows, problem: Problem, candidates: Candidates, elsewhere: Int64) -> Int64:
    """One row a director with candidates; returns the slots left, (n_directors,).

    Where the policy asks for an even load, every slot is either used or a column of its own: the n-th company of a
    director adds 2n − 1 to the square, so the emptiest way to leave slots empty is found by the network itself.
    """
    slots = np.maximum(problem.directors["max_companies"].to_numpy(np.int64) - elsewhere, 0)
    directors, positions = groups(candidates.director_idx)
    pairs = np.arange(candidates.n_pairs)
    lower, upper = bounds(directors.size, 0), slots[directors]
    if "even_load" in problem.policy.objective:
        upper = np.minimum(upper, np.bincount(positions, minlength=directors.size))
        owner = np.repeat(np.arange(directors.size), upper)
        place = np.arange(owner.size) - np.repeat(np.cumsum(upper) - upper, upper) + 1
        columns = rows.add_columns(owner.size)
        busy = elsewhere[directors]
        idle = np.delete(elsewhere, directors)
        full = int(((busy + upper) ** 2).sum() + (idle**2).sum())
        rows.unused_slots = UnusedSlots(columns, 2 * (busy[owner] + place) - 1, full)
        positions, pairs, lower = np.concatenate([positions, owner]), np.concatenate([pairs, columns]), upper
    rows.add(RowBlock("slots", positions, pairs, lower, upper, side="left"), "director", directors)
    return slots


def add_min_companies(rows: Rows, problem: Problem, candidates: Candidates) -> None:
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
        bounds(directors.size, least),
        bounds(directors.size, NO_LIMIT),
        side="left",
    )
    rows.add(block, "director", directors)


def add_hours(
    rows: Rows, problem: Problem, candidates: Candidates, slots: Int64, elsewhere: npt.NDArray[np.float64]
) -> None:
    """One row a director whose hours could run out; hours nobody stated neither limit nor cost."""
    offered = problem.directors["hours_per_month"].to_numpy(float) - elsewhere
    demand = thousandths(pair_hours(problem, candidates), up=True)
    supply = thousandths(np.maximum(np.nan_to_num(offered, nan=0.0), 0.0), up=False)
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
        bounds(directors.size, -NO_LIMIT),
        supply[directors],
        coef=demand[pairs],
    )
    rows.add(block, "director", directors)


def add_max_directors(rows: Rows, problem: Problem, candidates: Candidates, slots: Int64) -> None:
    """One auxiliary column a director (this director is used), tied to every pair.

    A row a pair would do. The row a director (a third of a director has a third of the slots) tightens the bound: on
    `scenarios/roster` with two directors it falls from 9.2 % above the plan to the plan itself.
    """
    most = problem.policy.limits.max_directors
    if most is None:
        return
    directors, positions = groups(candidates.director_idx)
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
        bounds(n_pairs, -NO_LIMIT),
        bounds(n_pairs, 0),
        coef=np.repeat(np.array([1, -1]), n_pairs),
    )
    rows.add(block, "pair", pairs)
    block = RowBlock(
        "slots_of_used_director",
        np.concatenate([positions, used]),
        np.concatenate([pairs, columns]),
        bounds(directors.size, -NO_LIMIT),
        bounds(directors.size, 0),
        coef=np.concatenate([np.ones(n_pairs, np.int64), -slots[directors]]),
    )
    rows.add(block, "director", directors)
    rows.add(
        RowBlock("max_directors", np.zeros_like(used), columns, bounds(1, 0), bounds(1, most)),
        "plan",
        np.zeros(1, np.int64),
    )
