"""The prices of a solved model as prices of another: rows are the same where they say the same of the same people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.domain.problem import Problem
from matcher.model.formulation import Int64
from matcher.model.near import Near
from matcher.modelling.model import Model
from matcher.modelling.rows import FamilyMeaning, SubjectKind
from matcher.pairing.candidates import Candidates

_MONTHS = 2**20
"""More than there are months since 1970; a subject and a month are one number."""


@dataclass(frozen=True)
class Solved:
    """A model that was solved: of which pairs, the prices of its first tier, (n_rows,), and its plan, (n_cols,)."""

    problem: Problem
    candidates: Candidates
    model: Model
    price: Int64
    x: Int64


def near_prices(solved: Solved, problem: Problem, candidates: Candidates, model: Model) -> Near | None:
    """The first tier's prices and the plan of a solved model, on the rows and columns of that of a changed problem.

    Returns
    -------
    None where the first tiers are not the same: prices of another objective say nothing.
    """
    before, price, first = solved.problem, solved.price, solved.model.tiers[0]
    if first.name != model.tiers[0].name or first.kind != model.tiers[0].kind:
        return None
    new_of: dict[SubjectKind, Int64] = {
        "director": problem.director_idx(before.director_ids),
        "company": problem.company_idx(before.company_ids),
    }
    old, new = solved.model.formulation, model.formulation
    rows_of = {family.name: slice(family.start, family.stop) for family in old.families}
    found, is_open = np.zeros(new.n_rows, np.int64), np.ones(new.n_rows, np.bool_)
    for family in new.families:
        if family.name not in rows_of:
            continue
        was, now = solved.model.meanings[family.name], model.meanings[family.name]
        if was.kind != now.kind or now.kind in ("pair", "rivals"):
            continue
        key = _keys(was, new_of.get(was.kind))
        order = np.argsort(key, kind="stable")
        wanted = _keys(now, None)
        at = np.minimum(np.searchsorted(key, wanted, sorter=order), key.size - 1)
        if not key.size:
            continue
        row = rows_of[family.name].start + order[at]
        here = np.arange(family.start, family.stop)
        is_known = key[order[at]] == wanted
        found[here] = np.where(is_known, price[row], 0)
        is_same = (old.row_lower[row] == new.row_lower[here]) & (old.row_upper[row] == new.row_upper[here])
        is_open[here] = ~(is_known & is_same)
    return Near(found, is_open, _plan(solved, new_of["director"], new_of["company"], candidates, new.n_cols))


def _plan(solved: Solved, director_of: Int64, company_of: Int64, candidates: Candidates, n_cols: int) -> Int64:
    """(n_cols,) the old plan on the pairs there are now; 0 for the others, and for columns that are no pairs."""
    x = np.zeros(n_cols, np.int64)
    before = solved.candidates
    chosen = np.flatnonzero(solved.x[: before.n_pairs])
    director, company = director_of[before.director_idx[chosen]], company_of[before.company_idx[chosen]]
    width = int(candidates.company_idx.max(initial=0)) + 1
    key = candidates.director_idx.astype(np.int64) * width + candidates.company_idx  # ascending, as pairs are ordered
    wanted = (director * width + company)[(director >= 0) & (company >= 0) & (company < width)]
    at = np.minimum(np.searchsorted(key, wanted), max(key.size - 1, 0))
    if key.size:
        x[at[key[at] == wanted]] = 1
    return x


def _keys(meaning: FamilyMeaning, new_of: Int64 | None) -> Int64:
    """(n_rows,) subject and month as one number, below 0 for a subject that is gone."""
    subject = meaning.subject_idx if new_of is None else new_of[meaning.subject_idx]
    if meaning.month is None:
        return subject * _MONTHS
    month = np.where(np.isnat(meaning.month), 0, meaning.month.astype(np.int64) + 1)
    return np.where(subject < 0, -1, subject * _MONTHS + month)
