"""Limits of each director: slots, companies at least and new ones at most, and who is used at all."""

from __future__ import annotations

import numpy as np

from matcher.domain.policy import statuses_in_service
from matcher.domain.problem import Problem
from matcher.model.formulation import NO_LIMIT, Int64, RowBlock, Side
from matcher.modelling.months import rows_by_month
from matcher.modelling.rows import Rows, Slots, UnusedSlots, all_pairs, bounds, groups
from matcher.modelling.supplies import SUPPLY_FAMILIES
from matcher.pairing.candidates import Candidates


def add_slots(rows: Rows, problem: Problem, candidates: Candidates) -> Slots:
    """One row a director with candidates and month that matters.

    Where the policy asks for an even load, every slot is either used or a column of its own: the n-th company of a
    director adds 2n − 1 to the square, so the emptiest way to leave slots empty is found by the network itself. Where
    a director has rows of several months, one row more counts the companies of all months.
    """
    months = rows.months
    capacity = problem.directors["max_companies"].to_numpy(np.int64)
    by_month = np.maximum(capacity[:, None] - months.slots_elsewhere, 0)
    of = rows_by_month(
        months,
        candidates.director_idx,
        candidates.company_idx,
        n_groups=capacity.size,
        elsewhere=months.slots_elsewhere,
        every=all_pairs(candidates) if months.n_months > 1 else None,
    )
    left = by_month[of.group, of.month]
    at_most = np.zeros(capacity.size, np.int64)
    np.add.at(at_most, of.group, left)
    at_most = np.minimum(at_most, candidates.n_by_director)
    slots = Slots(of, left, by_month, at_most)
    is_even = "even_load" in problem.policy.objective
    if is_even and of.n_rows == np.unique(of.group).size:
        block = _load_block(rows, candidates, slots, "slots")
    else:
        if is_even:
            rows.add(_load_block(rows, candidates, slots, "load"), "director", np.unique(of.group))
        side: Side = "left" if of.is_disjoint else ""
        block = RowBlock("slots", of.row_idx, of.col_idx, bounds(of.n_rows, 0), left, side=side)
    rows.add(block, "director", of.group, of.month)
    return slots


def _load_block(rows: Rows, candidates: Candidates, slots: Slots, name: str) -> RowBlock:
    """One row a director with candidates: companies and empty slots add up to `slots.at_most`."""
    elsewhere = rows.months.slots_elsewhere[:, 0]
    directors, positions = groups(candidates.director_idx)
    most = slots.at_most[directors]
    owner = np.repeat(np.arange(directors.size), most)
    place = np.arange(owner.size) - np.repeat(np.cumsum(most) - most, most) + 1
    columns = rows.add_columns(owner.size)
    busy, idle = elsewhere[directors], np.delete(elsewhere, directors)
    full = int(((busy + most) ** 2).sum() + (idle**2).sum())
    rows.unused_slots = UnusedSlots(columns, 2 * (busy[owner] + place) - 1, full)
    row_idx = np.concatenate([positions, owner])
    col_idx = np.concatenate([np.arange(candidates.n_pairs), columns])
    return RowBlock(name, row_idx, col_idx, most, most, side="left")


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


def add_max_new(rows: Rows, problem: Problem, candidates: Candidates, slots: Slots) -> None:
    """One row a director who could get more new companies than that: a part of the slots, so it nests in them."""
    name = "max_new_companies_per_director"
    most = problem.policy.limits.max_new_companies_per_director
    if most is None:
        return
    is_new = ~candidates.is_running
    # Running pairs are kept by every search, so the others that are eligible are new.
    n_new = candidates.n_by_director - np.bincount(candidates.director_idx[~is_new], minlength=slots.at_most.size)
    can_bind = np.minimum(slots.at_most, n_new) > most
    if not can_bind.any():
        rows.not_binding.append(name)
        return
    pairs = np.flatnonzero(is_new & can_bind[candidates.director_idx])
    directors, positions = groups(candidates.director_idx[pairs])
    block = RowBlock(name, positions, pairs, bounds(directors.size, 0), bounds(directors.size, most), side="left")
    rows.add(block, "director", directors)


def add_max_directors(rows: Rows, problem: Problem, candidates: Candidates, slots: Slots) -> None:
    """One auxiliary column a director (this director is used), tied to every pair.

    A row a pair would do. The row for the slots (a third of a director has a third of the slots) tightens the bound: on
    `scenarios/roster` with two directors and no on-site days it falls from 9.2 % above the plan to the plan itself.
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
    of = slots.rows
    column_of = np.zeros(slots.at_most.size, np.int64)
    column_of[directors] = columns
    block = RowBlock(
        "slots_of_used_director",
        np.concatenate([of.row_idx, np.arange(of.n_rows)]),
        np.concatenate([of.col_idx, column_of[of.group]]),
        bounds(of.n_rows, -NO_LIMIT),
        bounds(of.n_rows, 0),
        coef=np.concatenate([np.ones(of.col_idx.size, np.int64), -slots.left]),
    )
    rows.add(block, "director", of.group, of.month)
    _add_supplies_of_used(rows, column_of)
    rows.add(
        RowBlock("max_directors", np.zeros_like(used), columns, bounds(1, 0), bounds(1, most)),
        "plan",
        np.zeros(1, np.int64),
    )


def _add_supplies_of_used(rows: Rows, column_of: Int64) -> None:
    """The hours and days of each director once more: a third of a director has a third of them.

    On `scenarios/roster` with two directors the bound falls from 13.9 % above the plan to 0.8 %.

    Parameters
    ----------
    column_of : (n_directors,) the column of each director
    """
    for block in tuple(rows.blocks):
        meaning = rows.meanings[block.name]
        if block.name.partition(":")[0] not in SUPPLY_FAMILIES:
            continue
        n_rows, n_entries = block.lower.size, block.col_idx.size
        coef = np.ones(n_entries, np.int64) if block.coef is None else block.coef
        coupled = RowBlock(
            f"of_used_director:{block.name}",
            np.concatenate([block.row_idx, np.arange(n_rows)]),
            np.concatenate([block.col_idx, column_of[meaning.subject_idx]]),
            bounds(n_rows, -NO_LIMIT),
            bounds(n_rows, 0),
            coef=np.concatenate([coef, -block.upper]),
        )
        rows.blocks.append(coupled)
        rows.meanings[coupled.name] = meaning
