"""`Columns`: a Problem as numbers, before any pair is looked at.

What depends on one director alone, on one company alone, or on one row that names a pair stands here as an array, so
that rules and criteria need no look-up by name. Missing numbers are NaN, missing dates NaT, missing codes −1.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain import values
from matcher.domain.policy import Policy
from matcher.domain.problem import Problem, from_tables
from matcher.pairing.culture import culture_by_prefecture
from matcher.pairing.engagements import is_over
from matcher.pairing.hours import stated_hours
from matcher.pairing.network import Network, build_network
from matcher.pairing.sides import (
    GOALS,
    Bools,
    CompanyColumns,
    DirectorColumns,
    Floats,
    Ints,
    codes,
    company_columns,
    days,
    director_columns,
    numbers,
    skill_codes,
)


@dataclass(frozen=True)
class PairColumn:
    """Rows that name a pair, ordered by company, then director: (n_rows,) indices and one value each."""

    director_idx: Ints
    company_idx: Ints
    value: Floats

    @property
    def n_rows(self) -> int:
        return int(self.value.size)

    def within(self, first: int, last: int) -> PairColumn:
        """The rows of companies `first` … `last` − 1."""
        low, high = np.searchsorted(self.company_idx, (first, last))
        return PairColumn(self.director_idx[low:high], self.company_idx[low:high], self.value[low:high])

    def renumbered(self, director_of: Ints, company_of: Ints) -> PairColumn:
        """The rows of which both sides have a new number, ascending with the old one; −1 = none."""
        director, company = director_of[self.director_idx], company_of[self.company_idx]
        stays = (director >= 0) & (company >= 0)
        return PairColumn(director[stays], company[stays], self.value[stays])


_NO_ROWS = PairColumn(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


@dataclass(frozen=True)
class Needs:
    """The companies' needs in key order: one slice of rows a company, `start[c]` … `start[c + 1]`.

    Attributes
    ----------
    start : (n_companies + 1,) first row of each company
    skill : (n_needs,) code of the need's skill; two spellings with one match key share a code
    level : (n_needs,) 1–5
    weight : (n_needs,) 1–3
    is_must, is_hands_on : (n_needs,)
    name : (n_needs,) the skill as it is written
    """

    start: Ints
    skill: Ints
    level: Ints
    weight: Floats
    is_must: Bools
    is_hands_on: Bools
    name: npt.NDArray[np.object_]

    def of_some(self, company_idx: Ints) -> Needs:
        """The needs of some companies."""
        count = np.diff(self.start)[company_idx]
        start = np.concatenate((np.zeros(1, np.int64), np.cumsum(count)))
        rows = np.repeat(self.start[company_idx] - start[:-1], count) + np.arange(int(start[-1]))
        return Needs(
            start,
            self.skill[rows],
            self.level[rows],
            self.weight[rows],
            self.is_must[rows],
            self.is_hands_on[rows],
            self.name[rows],
        )


@dataclass(frozen=True)
class Columns:
    """Everything that rules and criteria read; see the module.

    Attributes
    ----------
    problem : where the columns come from, whole; policy : the one they are read under
    network : who can be brought in, and how surely; None when nobody can
    level, hands_on_level : (n_skills, n_directors) int8, a director's level in each needed skill, 0 = not listed;
        the second counts only what the director does by own hands
    culture : (n_directors, 48) how well a director knows each prefecture
    results : (n_directors, n_goals) share of 5, NaN without a row
    pins, forbids, wishes_of_director, wishes_of_company, running, distances, hours : rows that name a pair; `forbids`
        only those that forbid the pair now, `distances` in km, `hours` as in `matcher.pairing.hours.stated_hours`
    flags : (director index, company index, severity, kind) of rows that ask for approval or disclosure
    skill_keys : the needed skills' match keys; a position here is a skill's code
    """

    problem: Problem
    policy: Policy
    director: DirectorColumns
    company: CompanyColumns
    network: Network | None
    needs: Needs
    level: npt.NDArray[np.int8]
    hands_on_level: npt.NDArray[np.int8]
    culture: Floats
    results: Floats
    pins: PairColumn
    forbids: PairColumn
    wishes_of_director: PairColumn
    wishes_of_company: PairColumn
    running: PairColumn
    distances: PairColumn
    hours: PairColumn
    flags: tuple[tuple[int, int, str, str], ...]
    skill_keys: tuple[str, ...]

    @property
    def n_directors(self) -> int:
        return int(self.director.prefecture.size)

    @property
    def n_companies(self) -> int:
        return int(self.company.prefecture.size)

    @cached_property
    def is_engaged(self) -> Bools:
        """(n_companies,) whether a running engagement serves the company now."""
        engaged = np.zeros(self.n_companies, dtype=np.bool_)
        engaged[self.running.company_idx] = True
        return engaged

    def of_some(self, director_idx: Ints, company_idx: Ints, policy: Policy) -> Columns:
        """The columns of some directors and companies, in ascending order, under a policy that scores alike.

        Everything about a pair is the same to the bit; indices count within those taken.
        """
        director_of, company_of = np.full(self.n_directors, -1), np.full(self.n_companies, -1)
        director_of[director_idx] = np.arange(director_idx.size)
        company_of[company_idx] = np.arange(company_idx.size)
        pairs = {name: getattr(self, name).renumbered(director_of, company_of) for name in PAIR_COLUMNS}
        return replace(
            self,
            policy=policy,
            director=_rows_of(self.director, director_idx),
            company=_rows_of(self.company, company_idx),
            network=None if self.network is None else self.network.of_some(director_idx),
            needs=self.needs.of_some(company_idx),
            level=self.level[:, director_idx],
            hands_on_level=self.hands_on_level[:, director_idx],
            culture=self.culture[director_idx],
            results=self.results[director_idx],
            flags=(),
            **pairs,
        )


def build_columns(problem: Problem) -> Columns:
    """The columns of a problem.

    Notes
    -----
    Time grows with the rows, and memory with directors × needed skills (1 byte each, twice) and directors × 48.
    """
    needs, skill_keys = _needs(problem)
    level, hands_on_level = _levels(problem)
    rules = _pair_rules(problem)
    return Columns(
        problem=problem,
        policy=problem.policy,
        director=director_columns(problem),
        company=company_columns(problem),
        network=_network(problem),
        needs=needs,
        level=level,
        hands_on_level=hands_on_level,
        culture=culture_by_prefecture(problem),
        results=results_by_goal(problem),
        pins=rules.pins,
        forbids=rules.forbids,
        wishes_of_director=rules.wishes_of_director,
        wishes_of_company=rules.wishes_of_company,
        running=_running(problem),
        distances=_distances(problem),
        hours=PairColumn(*stated_hours(problem)),
        flags=rules.flags,
        skill_keys=skill_keys,
    )


PAIR_COLUMNS = (
    "pins", "forbids", "wishes_of_director", "wishes_of_company", "running", "distances", "hours"
)  # fmt: skip

S = TypeVar("S", DirectorColumns, CompanyColumns)


def _rows_of(side: S, idx: Ints) -> S:
    return replace(side, **{one.name: getattr(side, one.name)[idx] for one in fields(side)})


class _PairRules(NamedTuple):
    """What the table of pairs says; see `Columns`."""

    pins: PairColumn
    forbids: PairColumn
    wishes_of_director: PairColumn
    wishes_of_company: PairColumn
    flags: tuple[tuple[int, int, str, str], ...]


@from_tables("pairs", "companies", "director_ids")
def _pair_rules(problem: Problem) -> _PairRules:
    pairs = problem.tables["pairs"]
    if pairs.empty:
        return _PairRules(_NO_ROWS, _NO_ROWS, _NO_ROWS, _NO_ROWS, ())
    is_flag = np.isin(pairs["severity"].to_numpy(object), ("needs_approval", "disclose"))
    is_expired = _is_expired(problem, pairs)
    rule = pairs["rule"].to_numpy(object)
    wish = pairs["value"].fillna(1.0)
    return _PairRules(
        pins=_pair_column(problem, pairs[rule == "pin"]),
        forbids=_pair_column(problem, pairs[(rule == "forbid") & ~is_flag & ~is_expired]),
        wishes_of_director=_pair_column(problem, pairs[rule == "wish_director"], value=wish),
        wishes_of_company=_pair_column(problem, pairs[rule == "wish_company"], value=wish),
        flags=_flags(problem, pairs[is_flag & ~is_expired]),
    )


@from_tables("engagements", "companies", "director_ids")
def _running(problem: Problem) -> PairColumn:
    return _pair_column(problem, problem.tables["engagements"][~is_over(problem)])


@from_tables("distances", "director_ids", "company_ids")
def _distances(problem: Problem) -> PairColumn:
    table = problem.tables["distances"]
    return _pair_column(problem, table, names=("from_id", "to_id"), value=table["km"])


@from_tables("company_needs", "company_ids")
def _needs(problem: Problem) -> tuple[Needs, tuple[str, ...]]:
    table = problem.tables["company_needs"]
    company_idx = problem.company_idx(table["company_id"])
    keys = tuple(sorted({values.match_key(str(name)) for name in pd.unique(table["skill"])}))
    needs = Needs(
        start=np.searchsorted(company_idx, np.arange(len(problem.companies) + 1)).astype(np.int64),
        skill=skill_codes(table["skill"], keys),
        level=table["level"].to_numpy(np.int64),
        weight=numbers(table, "weight"),
        is_must=table["must"].to_numpy(np.bool_),
        is_hands_on=table["hands_on"].to_numpy(np.bool_),
        name=table["skill"].to_numpy(object),
    )
    return needs, keys


@from_tables("director_skills", "director_ids", "company_needs", "company_ids")
def _levels(problem: Problem) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    table = problem.tables["director_skills"]
    _, keys = _needs(problem)
    skill = skill_codes(table["skill"], keys)
    director = problem.director_idx(table["director_id"])
    given = table["level"].to_numpy(np.int8)
    by_hand = np.where(table["hands_on"].to_numpy(np.bool_), given, np.int8(0))
    is_needed = skill >= 0
    at = (skill[is_needed], director[is_needed])
    level = np.zeros((len(keys), len(problem.directors)), dtype=np.int8)
    hands_on_level = level.copy()
    np.maximum.at(level, at, given[is_needed])
    np.maximum.at(hands_on_level, at, by_hand[is_needed])
    return level, hands_on_level


@from_tables(
    "ties", "people", "person_skills", "company_needs", "director_ids", "company_ids", under=lambda p: p.constants
)
def _network(problem: Problem) -> Network | None:
    return build_network(problem, _needs(problem)[1])


@from_tables("director_results", "director_ids")
def results_by_goal(problem: Problem) -> Floats:
    """(n_directors, n_goals) share of 5, NaN without a row."""
    table = problem.tables["director_results"]
    found = np.full((len(problem.directors), len(GOALS)), np.nan)
    found[problem.director_idx(table["director_id"]), codes(table["goal"], GOALS)] = (
        table["rating"].to_numpy(np.float64) / 5
    )
    return found


def _is_expired(problem: Problem, pairs: pd.DataFrame) -> Bools:
    """(n_rows,) whether the row ended before the company's start; not where either is missing."""
    start = days(problem.companies, "start")
    expired: Bools = days(pairs, "until") < start[problem.company_idx(pairs["company_id"])]
    return expired


def _pair_column(
    problem: Problem,
    rows: pd.DataFrame,
    *,
    names: tuple[str, str] = ("director_id", "company_id"),
    value: pd.Series | None = None,
) -> PairColumn:
    if rows.empty:
        return _NO_ROWS
    director = problem.director_idx(rows[names[0]])
    company = problem.company_idx(rows[names[1]])
    amount = np.ones(len(rows)) if value is None else value.loc[rows.index].to_numpy(np.float64)
    order = np.lexsort((director, company))
    order = order[(director[order] >= 0) & (company[order] >= 0)]
    return PairColumn(director[order], company[order], amount[order])


def _flags(problem: Problem, rows: pd.DataFrame) -> tuple[tuple[int, int, str, str], ...]:
    kinds = rows["kind"].fillna("")
    found = zip(
        problem.director_idx(rows["director_id"]).tolist(),
        problem.company_idx(rows["company_id"]).tolist(),
        rows["severity"].tolist(),
        kinds.tolist(),
        strict=True,
    )
    return tuple(sorted(set(found)))
