"""Limits over the whole plan: one director a company, quotas, the number of companies, the budget, rivals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain.policy import Quota, quota_value
from matcher.domain.problem import Problem
from matcher.model.formulation import NO_LIMIT, Int64, RowBlock
from matcher.modelling.rows import Rows, bounds, groups
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


def add_budget(rows: Rows, problem: Problem, candidates: Candidates, slots: Int64) -> None:
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
        bounds(1, -NO_LIMIT),
        bounds(1, most),
        coef=fee_of_pair[pairs],
    )
    rows.add(block, "plan", np.zeros(1, np.int64))


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
