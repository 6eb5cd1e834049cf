"""Why nobody serves a company: the one reason that decided, and what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.modelling import HOURS_UNIT, fees_of_directors, pair_days, pair_hours, quota_members
from matcher.modelling.hours import days_of_companies
from matcher.pairing.candidates import RULES, SOFT_RULES, Candidates, NearMiss
from matcher.pairing.census import Census
from matcher.pairing.qualified import classes_of
from matcher.plan.columns import Column, Records, counts, models, parts, records, repeated, texts, where, whole
from matcher.plan.document import NearMissRecord, Unserved, UnservedDetail, UnservedReason
from matcher.plan.usage import Usage

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_ASKED_AT_ONCE = 2_000_000


def unserved_companies(
    problem: Problem, candidates: Candidates, usage: Usage, *, has_plan: bool, known: Mapping[str, Unserved]
) -> Records[Unserved]:
    """Every company without a match, in id order, with the one reason that decided it.

    Parameters
    ----------
    known : of another plan, by text
    """
    is_served = np.zeros(len(problem.companies), bool)
    is_served[candidates.company_idx[usage.chosen]] = True
    company = np.flatnonzero(~is_served)
    best = _best_pairs(candidates, len(problem.companies))[company]
    near = [candidates.near_misses.get(one) for one in company.tolist()]
    reasons: list[UnservedReason] = ["no_plan"] * company.size
    if has_plan:
        obstacles = _obstacles(problem, candidates, usage)
        reasons = [
            obstacles[one] if pair >= 0 else _without_candidates(miss)
            for one, pair, miss in zip(company.tolist(), best.tolist(), near, strict=True)
        ]
    fields = {
        "company_id": texts(problem.company_ids[company]),
        "reason": repeated(reasons),
        "detail": _details(problem, candidates, usage, company, best, near, has_plan=has_plan),
    }
    return records(Unserved, fields, known)


def _without_candidates(near: NearMiss | None) -> UnservedReason:
    is_soft = near is not None and set(near.failed) <= set(SOFT_RULES)
    return "below_threshold" if is_soft else "nobody_eligible"


def _obstacles(problem: Problem, candidates: Candidates, usage: Usage) -> list[UnservedReason]:
    """(n_companies,) what keeps each company's candidates from taking it as things stand.

    The best placed candidate counts. From the farthest: no slot in some month of the company, all of them taken
    elsewhere, or by this plan; a slot but too few hours; hours but too few on-site days; serving a rival; no room for
    one more new company. Free in every respect, a limit over the plan decided: see `_plan_wide`.
    """
    nearest = np.full(len(problem.companies), -1)
    names = _places(nearest, problem, _Asked.of(problem, candidates), candidates, usage)
    if candidates.census is not None:
        _ask_all(nearest, candidates.census, problem, candidates, usage)
    # −1, where nothing holds, is the last of them.
    return [names[place] for place in nearest.tolist()]


@dataclass(frozen=True)
class _Asked:
    """Pairs that are asked why they were not made: (n,) each; hours and days a month."""

    director_idx: npt.NDArray[np.integer]
    company_idx: npt.NDArray[np.integer]
    is_running: Bools
    is_loss: Bools
    hours: npt.NDArray[np.float64]
    days: npt.NDArray[np.float64]

    @classmethod
    def of(cls, problem: Problem, candidates: Candidates) -> _Asked:
        """All candidates."""
        return cls(
            candidates.director_idx,
            candidates.company_idx,
            candidates.is_running,
            (candidates.keep < 0) & (candidates.points <= 0),
            pair_hours(problem, candidates),
            pair_days(problem, candidates),
        )


def _ask_all(nearest: Ints, census: Census, problem: Problem, candidates: Candidates, usage: Usage) -> None:
    """The same of all eligible pairs where a search kept some: each director once for all companies alike.

    Companies are alike where they take the same in the same months and count towards the same quotas; one with a rival
    is like no other. Pairs that rows speak of are candidates, so they are asked already.
    """
    is_served = np.zeros(len(problem.companies), np.bool_)
    is_served[candidates.company_idx[usage.chosen]] = True
    rivals = problem.tables["rivals"]
    has_rival = np.concatenate([problem.company_idx(rivals[name]) for name in ("company_id", "other_id")])
    alone = np.zeros(is_served.size, np.int64)
    alone[has_rival[has_rival >= 0]] = 1 + has_rival[has_rival >= 0]
    quotas = [quota_members(problem, quota) for quota in problem.policy.limits.quotas]
    company = np.flatnonzero(~is_served)
    first, kind = classes_of([one[company] for one in (census.classes[1], alone, *quotas)], company.size)
    n_directors = len(problem.directors)
    stated = problem.companies["hours_per_month"].fillna(0.0).to_numpy(np.float64)
    width = max(1, _ASKED_AT_ONCE // max(n_directors, 1))
    for low in range(0, first.size, width):
        some = company[first[low : low + width]]
        director, of = np.tile(np.arange(n_directors), some.size), np.repeat(some, n_directors)
        no = np.zeros(of.size, np.bool_)
        asked = _Asked(director, of, no, no, stated[of], days_of_companies(problem)[of])
        rank = np.full(of.size, -1)
        _places(rank, problem, asked, candidates, usage, np.arange(of.size))
        here = np.flatnonzero((kind >= low) & (kind < low + width))
        found = census.highest(company[here], kind[here] - low, rank.reshape(some.size, n_directors))
        nearest[company[here]] = np.maximum(nearest[company[here]], found)


def _places(
    nearest: Ints, problem: Problem, asked: _Asked, candidates: Candidates, usage: Usage, at: Ints | None = None
) -> tuple[UnservedReason, ...]:
    """Writes the place of the nearest pair of each company, or of `at`; returns what each place is called."""
    pairs = _PairsByMonth(asked, usage)
    has_slot = ~pairs.somewhen(usage.slots_left <= 0)
    is_taken_here = pairs.somewhen((usage.slots_left <= 0) & (usage.n_taken > 0))
    has_hours = pairs.has_left(problem, "hours_per_month", usage.hours, asked.hours)
    has_days = pairs.has_left(problem, "on_site_days_per_month", usage.days, asked.days)
    has_no_rival = ~_serves_rival(problem, asked, candidates, usage.chosen)
    is_able = has_slot & has_hours & has_days & has_no_rival
    is_free = is_able.copy()
    most_new = problem.policy.limits.max_new_companies_per_director
    if most_new is not None:
        is_free &= asked.is_running | (usage.n_new < most_new)[asked.director_idx]
    places: tuple[tuple[UnservedReason, Bools], ...] = (
        ("outcompeted", is_taken_here),
        ("hours_used_up", has_slot),
        ("on_site_days_used_up", has_slot & has_hours),
        ("rival_served", has_slot & has_hours & has_days),
        ("new_companies_used_up", is_able),
        *_plan_wide(problem, asked, candidates, usage, pairs, is_free),
    )
    whose = asked.company_idx if at is None else at
    for place, (_, holds) in enumerate(places):  # from the farthest to the nearest: the nearest stays
        nearest[whose[holds]] = place
    return (*(reason for reason, _ in places), "busy_elsewhere")


def _plan_wide(
    problem: Problem, asked: _Asked, candidates: Candidates, usage: Usage, pairs: _PairsByMonth, is_free: Bools
) -> tuple[tuple[UnservedReason, Bools], ...]:
    """What holds back pairs whose director is free: a limit alone is named, several or none are “the limits”.

    A pair that nothing holds back, and that the price of moving makes a loss, is not worth its move.
    """
    limits, director, company = problem.policy.limits, asked.director_idx, asked.company_idx
    quota_full = np.zeros(director.size, np.bool_)
    for members in _full_quotas(problem, candidates, usage).values():
        quota_full |= members[company]
    too_dear = _exceeds_budget(problem, asked, usage, pairs)
    others = np.full(director.size, limits.max_companies is not None and usage.chosen.size >= limits.max_companies)
    n_used = np.count_nonzero(usage.n_companies)
    if limits.max_directors is not None and n_used >= limits.max_directors:
        others |= (usage.n_companies == 0)[director]
    is_loss = asked.is_loss
    is_open = is_free & ~quota_full & ~too_dear & ~others
    return (
        ("limit_reached", is_free),
        ("quota_reached", is_free & quota_full & ~too_dear & ~others),
        ("budget_used_up", is_free & too_dear & ~quota_full & ~others),
        ("move_costs_more", is_open & is_loss),
        ("limit_reached", is_open & ~is_loss),
    )


def _full_quotas(problem: Problem, candidates: Candidates, usage: Usage) -> dict[int, Bools]:
    """The quotas at their maximum: place in the policy's list → (n_companies,) who counts towards it."""
    is_served = np.zeros(len(problem.companies), np.bool_)
    is_served[candidates.company_idx[usage.chosen]] = True
    full = {}
    for at, quota in enumerate(problem.policy.limits.quotas):
        members = quota_members(problem, quota)
        if quota.max is not None and np.count_nonzero(members & is_served) >= quota.max:
            full[at] = members
    return full


def _exceeds_budget(problem: Problem, asked: _Asked, usage: Usage, pairs: _PairsByMonth) -> Bools:
    """(n_pairs,) whether the pair's fee is more than what is left of the budget, in a month or in total."""
    limits = problem.policy.limits
    fee = fees_of_directors(problem)[asked.director_idx]
    exceeds = np.zeros(fee.size, np.bool_)
    if limits.budget_jpy_per_month is not None:
        spent = np.broadcast_to(usage.fee_by_month, usage.hours.shape)
        exceeds |= pairs.most(spent) + fee > limits.budget_jpy_per_month
    if limits.budget_jpy_total is not None:
        months = problem.companies["months"].to_numpy(np.int64)[asked.company_idx]
        exceeds |= usage.fee_total + fee * months > limits.budget_jpy_total
    found: Bools = exceeds & (fee > 0)
    return found


class _PairsByMonth:
    """Figures by director and month, looked at over the months in which each pair would run."""

    def __init__(self, asked: _Asked, usage: Usage) -> None:
        self.director = asked.director_idx
        self.first = usage.months.first[asked.company_idx]
        self.last = usage.months.last[asked.company_idx]

    def most(self, amounts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """(n_pairs,) the most of (n_directors, n_months) amounts in any month of the pair."""
        found = np.full(self.first.size, -np.inf)
        for month in range(amounts.shape[1]):
            runs = (self.first <= month) & (month <= self.last)
            found[runs] = np.maximum(found[runs], amounts[self.director[runs], month])
        return found

    def somewhen(self, holds: Bools) -> Bools:
        """(n_pairs,) whether (n_directors, n_months) holds in some month of the pair."""
        return self.most(holds.astype(np.float64)) > 0

    def has_left(
        self, problem: Problem, supply: str, used: npt.NDArray[np.float64], wanted: npt.NDArray[np.float64]
    ) -> Bools:
        """(n_pairs,) whether the director's supply of a month is enough for the pair too; a missing one is."""
        offered = problem.directors[supply].to_numpy(float)[self.director]
        found: Bools = ~(self.most(used) + wanted > offered + 1 / HOURS_UNIT)
        return found


def _serves_rival(problem: Problem, asked: _Asked, candidates: Candidates, chosen: Ints) -> Bools:
    """(n_pairs,) whether the pair's director serves a rival of the pair's company in this plan."""
    rivals = problem.tables["rivals"]
    n_companies = len(problem.companies)
    one, other = problem.company_idx(rivals["company_id"]), problem.company_idx(rivals["other_id"])
    server = np.full(n_companies, -1, np.int64)
    server[candidates.company_idx[chosen]] = candidates.director_idx[chosen]
    ends = np.concatenate([one, other]), np.concatenate([other, one])
    is_taken = server[ends[1]] >= 0
    blocked = np.unique(server[ends[1]][is_taken] * n_companies + ends[0][is_taken])
    keys = asked.director_idx.astype(np.int64) * n_companies + asked.company_idx
    return np.isin(keys, blocked)


def _best_pairs(candidates: Candidates, n_companies: int) -> Ints:
    """(n_companies,) the pair with most points, the first director on ties; −1 where there is none."""
    company, points = candidates.company_idx, candidates.points
    most = np.full(n_companies, np.iinfo(np.int64).min)
    np.maximum.at(most, company, points)
    # Pairs come by director: written from the last to the first, the first of equal points stays.
    first = np.flatnonzero(points == most[company])[::-1]
    best = np.full(n_companies, -1, np.int64)
    best[company[first]] = first
    return best


def _details(
    problem: Problem,
    candidates: Candidates,
    usage: Usage,
    company: Ints,
    best: Ints,
    near: Sequence[NearMiss | None],
    *,
    has_plan: bool,
) -> Column:
    """(n_unserved,) what stands behind each reason.

    Parameters
    ----------
    company : (n_unserved,) indices; best : the best pair of each, −1 where it has none; near : its nearest miss
    """
    chosen, has_best = usage.chosen, best >= 0
    lowest = int(candidates.points[chosen].min()) if chosen.size else None
    full = _full_quotas(problem, candidates, usage) if has_plan else {}
    is_full = np.column_stack([np.zeros((company.size, 0), np.bool_), *(members[company] for members in full.values())])
    pair = np.where(has_best, best, 0) if candidates.n_pairs else np.zeros(0, np.int64)
    ids = problem.director_ids[candidates.director_idx[pair]] if pair.size else [""] * company.size
    points = candidates.points[pair] if pair.size else np.zeros(company.size, np.int64)
    fields = {
        "n_candidates": whole(candidates.n_candidates_by_company[company]),
        "n_failed_by_rule": counts(RULES, candidates.n_rejected_by_company[company]),
        "nearest": models([None if miss is None else _near_miss(problem, miss) for miss in near]),
        "best_director_id": where(has_best, texts(ids)),
        "best_points": where(has_best, whole(points)),
        "lowest_chosen_points": repeated([lowest] * company.size),
        "full_quotas": repeated(tuple(compress(full, row)) for row in is_full.tolist()),
    }
    return parts(UnservedDetail, fields)


def _near_miss(problem: Problem, near: NearMiss) -> NearMissRecord:
    return NearMissRecord(
        director_id=problem.director_ids[near.director_idx],
        failed=near.failed,
        amounts={rule: (float(offered), float(wanted)) for rule, (offered, wanted) in near.amounts.items()},
        measures=dict(near.measures),
        missing_skills=near.missing_skills,
    )
