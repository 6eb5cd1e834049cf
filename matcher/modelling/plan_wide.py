"""Limits over the whole plan: one director a company, quotas, the number of companies, the budget, rivals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain.policy import Quota, quota_value
from matcher.domain.problem import Problem
from matcher.model.formulation import NO_LIMIT, Int64, RowBlock
from matcher.modelling.months import rows_by_month
from matcher.modelling.rows import Rows, Slots, bounds, groups
from matcher.pairing.candidates import Candidates


def quota_members(problem: Problem, quota: Quota) -> npt.NDArray[np.bool_]:
    """(n_companies,) whether a company counts towards a quota."""
    wanted = quota_value(quota.by, quota.value)
    if quota.by == "region":
        from matcher.domain import geography

        prefectures = problem.companies["prefecture"].to_numpy()
        inside = [code for code in range(1, 48) if geography.region_of(code) == wanted]
        return np.isin(prefectures, inside)
    return (problem.companies[quota.by] == wanted).fillna(False).to_numpy(bool)


def add_companies(rows: Rows, candidates: Candidates) -> None:
    companies, positions = groups(candidates.company_idx)
    block = RowBlock(
        "one_director",
        positions,
        np.arange(candidates.n_pairs),
        bounds(companies.size, 0),
        bounds(companies.size, 1),
        side="right",
    )
    rows.add(block, "company", companies)


def add_quotas(rows: Rows, problem: Problem, candidates: Candidates) -> None:
    """One family for each field that quotas are stated by, whose values never overlap.

    A value stated a second time is a demand of its own and starts a second family, ``quota:kind:2``.
    """
    quotas = problem.policy.limits.quotas
    families: dict[str, list[int]] = {}
    stated: dict[tuple[str, object], int] = {}
    for number, quota in enumerate(quotas):
        value = (quota.by, quota_value(quota.by, quota.value))
        stated[value] = stated.get(value, 0) + 1
        name = f"quota:{quota.by}" + (f":{stated[value]}" if stated[value] > 1 else "")
        families.setdefault(name, []).append(number)
    for name, numbers in families.items():
        members = [quota_members(problem, quotas[number])[candidates.company_idx] for number in numbers]
        row_idx = np.concatenate([np.full(int(is_in.sum()), row) for row, is_in in enumerate(members)])
        col_idx = np.concatenate([np.flatnonzero(is_in) for is_in in members])
        lower = np.array([quotas[number].min or 0 for number in numbers], np.int64)
        upper = np.array([NO_LIMIT if (most := quotas[number].max) is None else most for number in numbers], np.int64)
        rows.add(RowBlock(name, row_idx, col_idx, lower, upper, side="right"), "quota", np.array(numbers))


def add_max_companies(rows: Rows, problem: Problem, candidates: Candidates) -> None:
    most = problem.policy.limits.max_companies
    if most is None:
        return
    if most >= np.unique(candidates.company_idx).size:
        rows.not_binding.append("max_companies")
        return
    pairs = np.arange(candidates.n_pairs)
    block = RowBlock("max_companies", np.zeros_like(pairs), pairs, bounds(1, 0), bounds(1, most), side="right")
    rows.add(block, "plan", np.zeros(1, np.int64))


def fees_of_directors(problem: Problem) -> Int64:
    """(n_directors,) whole yen a month, rounded up; a fee that nobody stated costs nothing."""
    fees: Int64 = np.ceil(problem.directors["fee_jpy_per_month"].fillna(0.0).to_numpy(float)).astype(np.int64)
    return fees


def add_budget(rows: Rows, problem: Problem, candidates: Candidates, slots: Slots) -> None:
    """One row a month that matters and whose fees could exceed the budget."""
    most = problem.policy.limits.budget_jpy_per_month
    if most is None:
        return
    fees = fees_of_directors(problem)
    pairs = np.flatnonzero(fees[candidates.director_idx] > 0)
    director, company = candidates.director_idx[pairs], candidates.company_idx[pairs]
    all_directors, all_companies, n_pairs = _paid(candidates, fees)
    all_of = rows_by_month(rows.months, np.zeros(all_directors.size, np.int64), all_companies, n_groups=1)
    every = np.zeros(all_directors.size, np.int64), all_companies
    of = rows_by_month(rows.months, np.zeros(pairs.size, np.int64), company, n_groups=1, every=every)
    dearest = np.zeros(of.n_rows, np.int64)
    for row, month in enumerate(of.month.tolist()):
        here = all_of.col_idx[all_of.row_idx == row]
        served = all_directors[here]
        n_most = np.minimum(slots.by_month[:, month], np.bincount(served, n_pairs[here], fees.size).astype(np.int64))
        dearest[row] = _at_most(problem, int((n_most * fees).sum()), fees[served])
    can_bind = dearest > most
    if not can_bind.any():
        rows.not_binding.append("budget")
        return
    of = of.where(can_bind)
    fee = fees[director[of.col_idx]]
    lower, upper = bounds(of.n_rows, -NO_LIMIT), bounds(of.n_rows, most)
    block = RowBlock("budget", of.row_idx, pairs[of.col_idx], lower, upper, coef=fee)
    rows.add(block, "plan", np.zeros(of.n_rows, np.int64), of.month)


def _paid(candidates: Candidates, fees: Int64) -> tuple[Int64, Int64, Int64]:
    """(n,) directors with a fee, companies, and how many pairs each stands for: all eligible ones."""
    director, company = candidates.director_idx.astype(np.int64), candidates.company_idx.astype(np.int64)
    n_pairs = np.ones(director.size, np.int64)
    if candidates.census is not None:
        counted = candidates.census.counted
        director, company, n_pairs = counted.director_idx, counted.company_idx, counted.n_pairs
    is_paid = fees[director] > 0
    return director[is_paid], company[is_paid], n_pairs[is_paid]


def add_budget_total(rows: Rows, problem: Problem, candidates: Candidates, slots: Slots) -> None:
    """One row over the whole plan: the fee of each match, times the months of its company."""
    most = problem.policy.limits.budget_jpy_total
    if most is None:
        return
    n_months = problem.companies["months"].to_numpy(np.int64)
    cost = fees_of_directors(problem)[candidates.director_idx] * n_months[candidates.company_idx]
    by_director, by_company = np.zeros(slots.at_most.size, np.int64), np.zeros(n_months.size, np.int64)
    np.maximum.at(by_director, candidates.director_idx, cost)
    np.maximum.at(by_company, candidates.company_idx, cost)
    dearest = min(int((slots.at_most * by_director).sum()), int(by_company.sum()))
    if _at_most(problem, dearest, cost) <= most:
        rows.not_binding.append("budget_total")
        return
    pairs = np.flatnonzero(cost > 0)
    zeros = np.zeros(pairs.size, np.int64)
    block = RowBlock("budget_total", zeros, pairs, bounds(1, -NO_LIMIT), bounds(1, most), coef=cost[pairs])
    rows.add(block, "plan", np.zeros(1, np.int64))


def _at_most(problem: Problem, dearest: int, costs: Int64) -> int:
    """The most that a plan can cost: `dearest`, or fewer companies, each at the dearest cost."""
    limit = problem.policy.limits.max_companies
    return dearest if limit is None else min(dearest, limit * int(costs.max(initial=0)))


def add_rivals(rows: Rows, problem: Problem, candidates: Candidates) -> None:
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
    if candidates.census is not None:
        _add_rivals_of_all(rows, candidates, stated)
        return
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
        bounds(n_rows, -NO_LIMIT),
        bounds(n_rows, 1),
    )
    rows.add(block, "rivals", both["rivals"].to_numpy())


def _add_rivals_of_all(rows: Rows, candidates: Candidates, stated: pd.DataFrame) -> None:
    """The same rows where a search kept some pairs: also for directors of whose two pairs one or none is here."""
    assert candidates.census is not None
    one, other = (stated[name].to_numpy(np.int64) for name in ("company", "other"))
    is_known = (one >= 0) & (other >= 0)
    place, director = candidates.census.both(one[is_known], other[is_known])
    if not place.size:
        return
    n_directors = int(candidates.n_candidates_by_director.size)
    key = candidates.company_idx.astype(np.int64) * n_directors + candidates.director_idx
    order = np.argsort(key)
    row_idx, col_idx = [], []
    for company in (one[is_known], other[is_known]):
        wanted = company[place] * n_directors + director
        at = np.minimum(np.searchsorted(key, wanted, sorter=order), max(key.size - 1, 0))
        is_here = key[order[at]] == wanted if key.size else np.zeros(wanted.size, np.bool_)
        row_idx.append(np.flatnonzero(is_here))
        col_idx.append(order[at[is_here]])
    lower, upper = bounds(place.size, -NO_LIMIT), bounds(place.size, 1)
    block = RowBlock("rivals", np.concatenate(row_idx), np.concatenate(col_idx), lower, upper)
    rows.add(block, "rivals", stated["rivals"].to_numpy(np.int64)[is_known][place])
