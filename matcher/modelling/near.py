"""The prices of a solved model as prices of another: rows are the same where they say the same of the same people."""

from __future__ import annotations

import numpy as np

from matcher.domain.problem import Problem
from matcher.model.formulation import Int64
from matcher.model.near import Near
from matcher.modelling.model import Model
from matcher.modelling.rows import FamilyMeaning, SubjectKind

_MONTHS = 2**20
"""More than there are months since 1970; a subject and a month are one number."""


def near_prices(before: Problem, solved: Model, price: Int64, problem: Problem, model: Model) -> Near | None:
    """The first tier's prices of a solved model, on the rows of a model of a changed problem.

    Parameters
    ----------
    before : the problem that was solved; price : (n_rows,) of the rows of `solved`

    Returns
    -------
    None where the first tiers are not the same: prices of another objective say nothing.
    """
    if solved.tiers[0].name != model.tiers[0].name or solved.tiers[0].kind != model.tiers[0].kind:
        return None
    new_of: dict[SubjectKind, Int64] = {
        "director": problem.director_idx(before.director_ids),
        "company": problem.company_idx(before.company_ids),
    }
    old, new = solved.formulation, model.formulation
    rows_of = {family.name: slice(family.start, family.stop) for family in old.families}
    found, is_open = np.zeros(new.n_rows, np.int64), np.ones(new.n_rows, np.bool_)
    for family in new.families:
        if family.name not in rows_of:
            continue
        was, now = solved.meanings[family.name], model.meanings[family.name]
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
    return Near(found, is_open)


def _keys(meaning: FamilyMeaning, new_of: Int64 | None) -> Int64:
    """(n_rows,) subject and month as one number, below 0 for a subject that is gone."""
    subject = meaning.subject_idx if new_of is None else new_of[meaning.subject_idx]
    if meaning.month is None:
        return subject * _MONTHS
    month = np.where(np.isnat(meaning.month), 0, meaning.month.astype(np.int64) + 1)
    return np.where(subject < 0, -1, subject * _MONTHS + month)
