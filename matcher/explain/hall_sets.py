"""Sets of companies that compete for too few directors: more of them than slots of all who could serve any of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.domain import geography
from matcher.domain.problem import Problem
from matcher.explain.standing import Standing
from matcher.model.deficiency import Bools, find_deficiency
from matcher.model.formulation import Int64
from matcher.modelling import quota_members

Scope = Literal["all", "part", "must_skill", "skill", "region", "prefecture"]
Reason = Literal["directors", "max_companies", "max_directors", "quota"]


@dataclass(frozen=True, slots=True)
class ShortMonth:
    """What is short in one month; `month` is YYYY-MM, empty where all companies start together."""

    month: str
    n_companies: int
    supply: int
    shortage: int


@dataclass(frozen=True)
class HallSet:
    """Companies that want more slots than there are for them, in the month in which most are short.

    Attributes
    ----------
    scope, value : among whom the set was looked for: ``all`` companies, a ``part`` of these that shares no director
        with the rest, those that must have or need a skill, those of a region (id) or prefecture (JIS code)
    month : that month; months : all months in which companies of this scope are short, in order
    company_idx : of the set; director_idx : all who are eligible for any of them
    supply : slots of those directors in that month; shortage : companies − supply, ≥ 1
    reason : ``directors``, or the limit that lets fewer of them be served than the directors could
    allowed : companies of the set that this limit lets through; quota : its place in the policy
    """

    scope: Scope
    value: str | int | None
    month: str
    months: tuple[ShortMonth, ...]
    company_idx: tuple[int, ...]
    director_idx: tuple[int, ...]
    supply: int
    shortage: int
    reason: Reason = "directors"
    allowed: int | None = None
    quota: int | None = None


@dataclass(frozen=True)
class _Slots:
    """Who could serve whom, and by_month (n_directors, n_months) the slots left beside work elsewhere."""

    director: Int64
    company: Int64
    by_month: Int64


def find_hall_sets(standing: Standing) -> tuple[HallSet, ...]:
    """The sets, largest shortage first, none within another one of the same shortage.

    Notes
    -----
    Of each scope the first month in which most are short. One maximum flow a month for all companies, and where these
    are short one more for every skill, region and prefecture: O(months · (skills + prefectures)) flows, each over the
    pairs of its companies.
    """
    problem, months = standing.problem, standing.model.months
    slots = _slots(standing)
    by_scope: dict[tuple[Scope, str | int | None], list[HallSet]] = {}
    for month in range(months.n_months):
        runs = (months.first <= month) & (month <= months.last)
        label = "" if months.n_months == 1 else str(months.start[month])
        whole = _sets_within(slots, runs, month)
        if not whole:
            continue  # no part of them is short either
        named: list[tuple[Scope, str | int | None, HallSet]] = [("all", None, whole[0])]
        named += [("part", number, part) for number, part in enumerate(_told_parts(whole[1:]))]
        for scope, value, is_in in _scopes(problem):
            named += [(scope, value, part) for part in _sets_within(slots, runs & is_in, month)[:1]]
        for scope_of, value_of, one in named:
            told = replace(one, scope=scope_of, value=value_of, month=label)
            by_scope.setdefault((scope_of, value_of), []).append(told)
    found = [_worst(ones) for ones in by_scope.values()]
    found.sort(key=lambda one: (-one.shortage, -len(one.company_idx)))
    return tuple(_with_reason(standing, one) for one in _largest(found))


def _told_parts(parts: list[HallSet]) -> list[HallSet]:
    """Those worth telling beside the whole: not the only one for whom anybody is eligible."""
    has_directors = [part for part in parts if part.director_idx]
    return parts if len(has_directors) > 1 else [part for part in parts if not part.director_idx]


def _worst(ones: list[HallSet]) -> HallSet:
    months = tuple(ShortMonth(one.month, len(one.company_idx), one.supply, one.shortage) for one in ones)
    worst = max(ones, key=lambda one: one.shortage)
    return replace(worst, months=months, value=None if worst.scope == "part" else worst.value)


def _slots(standing: Standing) -> _Slots:
    capacity = standing.problem.directors["max_companies"].to_numpy(np.int64)
    by_month = np.maximum(capacity[:, None] - standing.model.months.slots_elsewhere, 0)
    candidates = standing.candidates
    return _Slots(candidates.director_idx.astype(np.int64), candidates.company_idx.astype(np.int64), by_month)


def _sets_within(slots: _Slots, is_in: Bools, month: int) -> list[HallSet]:
    """The set of the largest shortage among some companies, then its parts where there are several."""
    supply = slots.by_month[:, month]
    found = find_deficiency(slots.director, slots.company, supply, is_in)
    if not found.shortage:
        return []
    n_parts = int(found.part.max(initial=-1)) + 1
    members = [found.is_short, *((found.part == number for number in range(n_parts)) if n_parts > 1 else ())]
    return [_set(slots, is_member, supply) for is_member in members]


def _set(slots: _Slots, is_member: Bools, supply: Int64) -> HallSet:
    directors = np.unique(slots.director[is_member[slots.company]])
    companies = np.flatnonzero(is_member)
    total = int(supply[directors].sum())
    return HallSet(
        "all", None, "", (), tuple(companies.tolist()), tuple(directors.tolist()), total, companies.size - total
    )


def _scopes(problem: Problem) -> Iterator[tuple[Scope, str | int, Bools]]:
    """What companies are looked at together: (n_companies,) masks."""
    needs = problem.tables["company_needs"]
    company, skill = problem.company_idx(needs["company_id"]), needs["skill"].to_numpy(object)
    is_must = needs["must"].to_numpy(np.bool_)
    n = len(problem.companies)
    for name in sorted(set(skill)):
        yield "must_skill", name, _mask(company[(skill == name) & is_must], n)
        yield "skill", name, _mask(company[skill == name], n)
    prefecture = problem.companies["prefecture"].to_numpy(np.int64)
    codes = np.unique(prefecture)
    regions = np.array([geography.region_of(int(code)) for code in codes], object)
    for region in dict.fromkeys(regions.tolist()):
        yield "region", region, np.isin(prefecture, codes[regions == region])
    for code in codes.tolist():
        yield "prefecture", code, prefecture == code


def _mask(members: npt.NDArray[np.integer], n: int) -> Bools:
    is_in = np.zeros(n, np.bool_)
    is_in[members] = True
    return is_in


def _largest(found: list[HallSet]) -> list[HallSet]:
    """The sets that are in no other of the same shortage."""
    kept: list[HallSet] = []
    for one in found:
        own = set(one.company_idx)
        if not any(other.shortage == one.shortage and own <= set(other.company_idx) for other in kept):
            kept.append(one)
    return kept


def _with_reason(standing: Standing, one: HallSet) -> HallSet:
    """The set with the limit that lets fewer of its companies be served than its directors could, if there is one."""
    problem, limits = standing.problem, standing.problem.policy.limits
    n = len(one.company_idx)
    allowed: list[tuple[int, Reason, int | None]] = []
    if limits.max_companies is not None:
        allowed.append((min(n, limits.max_companies), "max_companies", None))
    if limits.max_directors is not None:
        capacity = np.sort(problem.directors["max_companies"].to_numpy(np.int64)[list(one.director_idx)])[::-1]
        allowed.append((min(n, int(capacity[: limits.max_directors].sum())), "max_directors", None))
    for place, quota in enumerate(limits.quotas):
        if quota.max is not None:
            n_members = int(np.count_nonzero(quota_members(problem, quota)[list(one.company_idx)]))
            allowed.append((n - n_members + min(n_members, quota.max), "quota", place))
    tightest = min(allowed, key=lambda limit: limit[0], default=None)
    if tightest is None or tightest[0] >= n - one.shortage:
        return one
    return replace(one, reason=tightest[1], allowed=tightest[0], quota=tightest[2])
