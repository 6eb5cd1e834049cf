"""Why companies have no director, decided once more: exactly the companies without a match, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.pairing.candidates import RULES, SOFT_RULES
from matcher.plan.document import NearMissRecord, Unserved, UnservedDetail
from matcher.verifying.claim import Claim, rows_of
from matcher.verifying.verification import Finding

REASONS = ("busy_elsewhere", "outcompeted", "hours_used_up", "rival_served", "limit_reached")
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
        claim, candidates = self.claim, self.claim.candidates
        director = candidates.director_idx
        n_free = np.array(
            [
                int(row["max_companies"]) - claim.n_elsewhere[key] - claim.n_companies_of[key]
                for key, row in claim.directors.items()
            ]
        )
        is_taken = np.array([claim.n_companies_of[key] > 0 for key in claim.directors], np.bool_)
        has_slot = n_free[director] > 0
        # A thousandth of an hour is the unit hours are counted in; missing hours limit nobody.
        has_hours = ~(self._hours() > np.array(self._hours_left())[director] + 0.001)
        has_no_rival = ~self._is_blocked()
        nearest_first = [has_slot & has_hours & has_no_rival, has_slot & has_hours, has_slot, is_taken[director]]
        place = np.select(nearest_first, [4, 3, 2, 1], 0)
        columns = {"director": director, "company": candidates.company_idx, "points": candidates.points}
        return pd.DataFrame({**columns, "place": place})

    def _hours(self) -> npt.NDArray[np.float64]:
        """(n_pairs,) hours a month of each candidate pair; only running engagements have hours of their own."""
        claim, candidates = self.claim, self.claim.candidates
        company_ids = list(claim.companies)
        of_company = np.array([row["hours_per_month"] or 0.0 for row in claim.companies.values()], np.float64)
        hours = of_company[candidates.company_idx]
        for pair in np.flatnonzero(candidates.is_running).tolist():
            director, company = candidates.director_idx[pair], candidates.company_idx[pair]
            hours[pair] = claim.hours_of(self.director_ids[director], company_ids[company])
        return hours

    def _hours_left(self) -> list[float]:
        """(n_directors,) hours a month that nothing uses; NaN where nobody said how many there are."""
        claim = self.claim
        used = dict(claim.hours_elsewhere)
        for match in claim.matches:
            used[match.director_id] += claim.hours_of(match.director_id, match.company_id)
        offered = [row["hours_per_month"] for row in claim.directors.values()]
        return [np.nan if hours is None else hours - used[key] for key, hours in zip(used, offered, strict=True)]

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
        )
