"""Why companies have no director, decided once more: exactly the companies without a match, each with its reason."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.pairing.candidates import RULES, SOFT_RULES
from matcher.plan.document import NearMissRecord, Unserved, UnservedDetail
from matcher.verifying.claim import Claim, rows_of
from matcher.verifying.figures import fees_over_time
from matcher.verifying.limits import counts
from matcher.verifying.verification import Finding

REASONS = (
    "busy_elsewhere",
    "outcompeted",
    "hours_used_up",
    "on_site_days_used_up",
    "rival_served",
    "new_companies_used_up",
    "limit_reached",
    "quota_reached",
    "budget_used_up",
    "move_costs_more",
    "limit_reached",
)
"""From the farthest to the nearest: what keeps the best placed candidate from taking the company."""


def unserved_findings(claim: Claim) -> Iterator[Finding]:
    """What does not hold of the companies nobody serves."""
    served = {match.company_id for match in claim.document.assignments}
    wanted = [company_id for company_id in claim.companies if company_id not in served]
    stated = [company.company_id for company in claim.document.unserved]
    if stated != wanted:
        missing, more = sorted(set(wanted) - set(stated)), sorted(set(stated) - set(wanted))
        yield Finding("unserved_wrong", "unserved", {"missing": missing[:5], "more": more[:5]})
        return
    found = _Found(claim)
    for company in claim.document.unserved:
        reason, detail = found.reason(company.company_id), found.detail(company.company_id)
        if company.reason != reason:
            yield Finding("reason_wrong", company.company_id, {"stated": company.reason, "found": reason})
        yield from _details(company, detail)


def _details(company: Unserved, detail: UnservedDetail) -> Iterator[Finding]:
    for name in UnservedDetail.model_fields:
        stated, found = getattr(company.detail, name), getattr(detail, name)
        if stated != found:
            yield Finding("detail_wrong", company.company_id, {"field": name, "stated": stated, "found": found})


class _Found:
    """Reasons and details, from one table of all candidate pairs."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.director_ids = list(claim.directors)
        self.company_idx = {company_id: at for at, company_id in enumerate(claim.companies)}
        self._look_up()
        pairs = self._pairs()
        nearest = pairs.groupby("company")["place"].max()
        self.nearest = dict(zip(nearest.index.tolist(), nearest.tolist(), strict=True))
        # The first of equal points is the first director in id order: candidates are ordered by director.
        best = pairs.sort_values("points", ascending=False, kind="stable").drop_duplicates("company")
        pointed = zip(best["director"].tolist(), best["points"].tolist(), strict=True)
        self.best = dict(zip(best["company"].tolist(), pointed, strict=True))
        self.lowest = min((match.points for match in claim.matches), default=None)

    def _pairs(self) -> pd.DataFrame:
        """Every candidate pair by its indices, and how near it is to being made: a place in REASONS."""
        candidates, company_ids = self.claim.candidates, list(self.claim.companies)
        blocked = self._is_blocked()
        place = [
            self._place(pair, self.director_ids[director], company_ids[company], is_blocked=bool(blocked[pair]))
            for pair, (director, company) in enumerate(
                zip(candidates.director_idx.tolist(), candidates.company_idx.tolist(), strict=True)
            )
        ]
        columns = {"director": candidates.director_idx, "company": candidates.company_idx, "points": candidates.points}
        return pd.DataFrame({**columns, "place": np.array(place, np.int64)})

    def _place(self, pair: int, director: str, company: str, *, is_blocked: bool) -> int:
        claim, row = self.claim, self.claim.directors[director]
        # Between two starts companies only end: every month of the company is looked at, and none is left out.
        months = claim.months_of(company)
        full = [at for at in months if self._taken[at][director] + claim.n_used[director, at] >= row["max_companies"]]
        if full:
            return int(any(claim.n_used[director, at] for at in full))
        hours = max(self._hours[at][director] + claim.hours_used.get((director, at), 0.0) for at in months)
        # A thousandth of an hour is the unit hours are counted in; missing hours limit nobody.
        if _is_short(row["hours_per_month"], hours + claim.hours_of(director, company)):
            return 2
        days = max(claim.days_used.get((director, at), 0.0) for at in months)
        if _is_short(row["on_site_days_per_month"], days + claim.days_of(company)):
            return 3
        if is_blocked:
            return 4
        most_new = claim.problem.policy.limits.max_new_companies_per_director
        if not claim.candidates.is_running[pair] and most_new is not None and self._n_new[director] >= most_new:
            return 5
        return self._plan_wide(pair, director, company, months)

    def _plan_wide(self, pair: int, director: str, company: str, months: range | tuple[int, ...]) -> int:
        """A limit over the plan that alone stands in the way has a name of its own."""
        claim, limits = self.claim, self.claim.problem.policy.limits
        fee = math.ceil(claim.directors[director]["fee_jpy_per_month"] or 0)
        total = fee * int(claim.companies[company]["months"])
        most, most_total = limits.budget_jpy_per_month, limits.budget_jpy_total
        is_dear = most is not None and max(self._fees[at] for at in months) + fee > most
        is_dear |= most_total is not None and self._fee_total + total > most_total
        is_dear &= fee > 0
        is_full = bool(self.full_quotas(company))
        n_used = len(claim.n_companies_of)
        others = limits.max_companies is not None and len(claim.matches) >= limits.max_companies
        others |= (
            limits.max_directors is not None and n_used >= limits.max_directors and not claim.n_companies_of[director]
        )
        if is_dear + is_full + others > 1 or others:
            return 6
        if is_full or is_dear:
            return 7 if is_full else 8
        return 9 if claim.candidates.keep[pair] < 0 and claim.candidates.points[pair] <= 0 else 10

    def full_quotas(self, company: str) -> tuple[int, ...]:
        """The places of the company's quotas that are at their maximum."""
        row = self.claim.companies[company]
        return tuple(at for at in self._full if counts(row, self.claim.problem.policy.limits.quotas[at]))

    def _look_up(self) -> None:
        claim = self.claim
        self._taken = {month: claim.elsewhere_in(month) for month in claim.months}
        self._hours = {month: claim.hours_elsewhere_in(month) for month in claim.months}
        self._fees = {month: math.fsum(claim.fees_in(month)) for month in claim.months}
        self._fee_total = math.fsum(fees_over_time(claim))
        self._n_new = Counter(match.director_id for match in claim.matches if match.is_new)
        served = [claim.companies[match.company_id] for match in claim.matches]
        self._full = [
            at
            for at, quota in enumerate(claim.problem.policy.limits.quotas)
            if claim.has_plan and quota.max is not None and sum(counts(row, quota) for row in served) >= quota.max
        ]

    def _is_blocked(self) -> npt.NDArray[np.bool_]:
        """(n_pairs,) whether the pair's director serves a rival of the pair's company."""
        director_of = {match.company_id: match.director_id for match in self.claim.matches}
        ends = [(row["company_id"], row["other_id"]) for row in rows_of(self.claim.problem.tables["rivals"])]
        ends += [(other, one) for one, other in ends]
        director_idx = {key: at for at, key in enumerate(self.director_ids)}
        n_companies = len(self.company_idx)
        blocked = [
            director_idx[director_of[other]] * n_companies + self.company_idx[one]
            for one, other in ends
            if other in director_of
        ]
        candidates = self.claim.candidates
        return np.isin(candidates.director_idx.astype(np.int64) * n_companies + candidates.company_idx, blocked)

    def reason(self, company_id: str) -> str:
        if not self.claim.has_plan:
            return "no_plan"
        at = self.company_idx[company_id]
        if at in self.nearest:
            return REASONS[self.nearest[at]]
        near = self.claim.candidates.near_misses.get(at)
        is_soft = near is not None and set(near.failed) <= set(SOFT_RULES)
        return "below_threshold" if is_soft else "nobody_eligible"

    def detail(self, company_id: str) -> UnservedDetail:
        candidates, at = self.claim.candidates, self.company_idx[company_id]
        near = candidates.near_misses.get(at)
        director, points = self.best.get(at, (None, None))
        failed = zip(RULES, candidates.n_rejected_by_company[at].tolist(), strict=True)
        return UnservedDetail(
            n_candidates=int(candidates.n_candidates_by_company[at]),
            n_failed_by_rule={rule: n for rule, n in failed if n},
            nearest=None
            if near is None
            else NearMissRecord(
                director_id=self.director_ids[near.director_idx],
                failed=near.failed,
                amounts={rule: (float(offered), float(wanted)) for rule, (offered, wanted) in near.amounts.items()},
                measures=dict(near.measures),
                missing_skills=near.missing_skills,
            ),
            best_director_id=None if director is None else self.director_ids[director],
            best_points=points,
            lowest_chosen_points=self.lowest,
            full_quotas=self.full_quotas(company_id),
        )


def _is_short(offered: float | None, wanted: float) -> bool:
    return offered is not None and wanted > float(offered) + 0.001
