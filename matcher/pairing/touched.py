"""Whose pairs a change of tables may touch: the directors and the companies that the changed rows name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from matcher.domain.policy import Limits, Policy, Solve
from matcher.domain.problem import Problem
from matcher.domain.tables import TABLES
from matcher.pairing.network import reach
from matcher.pairing.sides import Bools, Ints

OF_DIRECTOR: Final[Mapping[str, str]] = MappingProxyType(
    {
        "directors": "id",
        "director_skills": "director_id",
        "director_regions": "director_id",
        "director_results": "director_id",
    }
)
OF_COMPANY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "companies": "id",
        "company_needs": "company_id",
        "pairs": "company_id",
        "engagements": "company_id",
        "distances": "to_id",
        "pair_hours": "company_id",
    }
)
"""The column of each table that names whom a row is about; of a row about a pair, the company."""

UNREAD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"directors": ("name", "note", "max_companies"), "companies": ("name",)}
)
"""Columns that no pair's points or rules depend on; neither do they on the tables named nowhere here."""


@dataclass(frozen=True)
class Touched:
    """Whose pairs may differ between two problems.

    Attributes
    ----------
    director_of, company_of : (n_before,) the index afterwards, −1 for those that are gone
    directors, companies : (n_after,) masks of those touched or new
    directors_before, companies_before : (n_before,) masks of those touched or gone
    """

    director_of: Ints
    company_of: Ints
    directors: Bools
    companies: Bools
    directors_before: Bools
    companies_before: Bools

    @property
    def is_empty(self) -> bool:
        """Whether every pair is as it was, under the same indices."""
        masks = (self.directors, self.companies, self.directors_before, self.companies_before)
        return not any(bool(mask.any()) for mask in masks)


def touched_by(before: Problem, after: Problem) -> Touched | None:
    """Whose pairs may differ; None where that cannot be told from rows: another policy of scoring, other people."""
    if not scores_alike(before.policy, after.policy):
        return None
    if any(_differ(before, after, name) for name in ("people", "person_skills")):
        return None
    directors, companies = set[str](), set[str]()
    for columns, names in ((OF_DIRECTOR, directors), (OF_COMPANY, companies)):
        for table, column in columns.items():
            if _differ(before, after, table):
                old, new = changed_rows(table, before.tables[table], after.tables[table])
                names |= set(before.tables[table].loc[old, column]) | set(after.tables[table].loc[new, column])
    director_of = after.director_idx(before.director_ids)
    if before.tables["ties"] is not after.tables["ties"] or (director_of < 0).any() or _is_longer(before, after):
        directors |= _other_reach(before, after, director_of)
    return Touched(
        director_of,
        after.company_idx(before.company_ids),
        _named(after.director_idx, directors, len(after.directors)),
        _named(after.company_idx, companies, len(after.companies)),
        _named(before.director_idx, directors, len(before.directors)),
        _named(before.company_idx, companies, len(before.companies)),
    )


def scores_alike(one: Policy, other: Policy) -> bool:
    """Whether two policies give every pair the same points, rules and tie values: all but limits, tiers and solving."""
    rest = {"limits": Limits(), "objective": ("points",), "solve": Solve()}
    return one.model_copy(update=rest) == other.model_copy(update=rest)


def changed_rows(name: str, before: pd.DataFrame, after: pd.DataFrame) -> tuple[Bools, Bools]:
    """(n_before,) and (n_after,) the rows without an equal row on the other side; all where keys repeat.

    Rows that differ in `UNREAD` columns alone are equal.
    """
    keys = list(TABLES[name].key)
    old, new = _same_keys(before[keys], after[keys])
    if old is None or new is None:
        return np.ones(len(before), np.bool_), np.ones(len(after), np.bool_)
    is_same = np.ones(old.size, np.bool_)
    for column in before.columns:
        if column not in keys and column not in UNREAD.get(name, ()):
            is_same &= _equal(before[column], after[column], old, new)
    is_old, is_new = np.ones(len(before), np.bool_), np.ones(len(after), np.bool_)
    is_old[old[is_same]] = False
    is_new[new[is_same]] = False
    return is_old, is_new


def _differ(before: Problem, after: Problem, name: str) -> bool:
    one, other = before.tables[name], after.tables[name]
    return one is not other and not (one.empty and other.empty)


def _is_longer(before: Problem, after: Problem) -> bool:
    return len(after.directors) > len(before.directors)


def _other_reach(before: Problem, after: Problem, director_of: Ints) -> set[str]:
    """The directors whose way to some person is another: ties go through directors too."""
    if any(problem.tables[name].empty for problem in (before, after) for name in ("ties", "people")):
        return set(before.director_ids) | set(after.director_ids) if _has_ties(before) or _has_ties(after) else set()
    stays = np.flatnonzero(director_of >= 0)
    is_other = (reach(before)[:, stays] != reach(after)[:, director_of[stays]]).any(axis=0)
    return set(before.director_ids[stays[is_other]])


def _has_ties(problem: Problem) -> bool:
    return not problem.tables["ties"].empty and not problem.tables["people"].empty


def _named(places_of: Callable[[Sequence[str]], Ints], names: set[str], n: int) -> Bools:
    """(n,) a mask of the places that some names have; a name may have none."""
    found = np.zeros(n + 1, np.bool_)
    found[places_of(list(names))] = True  # the last, of names without a place, is left out
    return found[:n]


def _same_keys(before: pd.DataFrame, after: pd.DataFrame) -> tuple[Ints | None, Ints | None]:
    """(n_same,) the places of the rows of equal key, before and after; None twice where a key repeats."""
    n_before = len(before)
    code = np.zeros(n_before + len(after), np.int64)
    for column in before.columns:
        found, values = pd.factorize(pd.concat([before[column], after[column]], ignore_index=True))
        code = pd.factorize(code * (len(values) + 1) + found + 1)[0].astype(np.int64)  # +1: −1 is a missing one
    of_before = np.full(int(code.max(initial=-1)) + 1, -1, np.int64)
    of_before[code[:n_before]] = np.arange(n_before)
    if np.unique(code[:n_before]).size < n_before or np.unique(code[n_before:]).size < len(after):
        return None, None
    old = of_before[code[n_before:]]
    new = np.flatnonzero(old >= 0)
    return old[new], new


def _equal(before: pd.Series, after: pd.Series, old: Ints, new: Ints) -> Bools:
    if before.dtype == "str":
        one, other = before.to_numpy(object)[old], after.to_numpy(object)[new]
    else:
        one, other = before.to_numpy()[old], after.to_numpy()[new]
    same: Bools = (one == other).astype(np.bool_)
    if not same.all():
        same |= np.asarray(pd.isna(one) & pd.isna(other))
    return same
