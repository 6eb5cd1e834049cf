"""Every limit, counted in people's terms from the tables and the policy: no formulation is built or asked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from matcher.domain import geography
from matcher.domain.policy import Quota, quota_value, statuses_in_service
from matcher.verifying.claim import Claim, Row, rows_of
from matcher.verifying.verification import Finding


def limit_findings(claim: Claim) -> Iterator[Finding]:
    """Every limit that the matches break; nothing where there is no plan."""
    if not claim.has_plan:
        return
    yield from _slots(claim)
    yield from _hours(claim)
    yield from _days(claim)
    yield from _new_companies(claim)
    yield from _engagements(claim)
    yield from _of_the_plan(claim)
    yield from _least_per_director(claim)
    yield from _budget(claim)
    yield from _quotas(claim)
    yield from _rivals(claim)


def thousandths(hours: float, *, up: bool) -> int:
    """Hours in thousandths: demand is rounded up and supply down, but for float noise of a millionth of one."""
    scaled = hours * 1000
    if abs(scaled - round(scaled)) < 1e-6:
        return round(scaled)
    return math.ceil(scaled) if up else math.floor(scaled)


def _slots(claim: Claim) -> Iterator[Finding]:
    for (director_id, month), n in claim.n_used.items():
        most = int(claim.directors[director_id]["max_companies"])
        elsewhere = claim.elsewhere_in(month)[director_id]
        if n + elsewhere > most:
            params = {"n": n, "elsewhere": elsewhere, "most": most, "month": month_text(month)}
            yield Finding("slots_exceeded", director_id, params)


def _hours(claim: Claim) -> Iterator[Finding]:
    for (director_id, month), matches in claim.running_in.items():
        offered = claim.directors[director_id]["hours_per_month"]
        if offered is None:
            continue
        demand = sum(thousandths(claim.hours_of(match.director_id, match.company_id), up=True) for match in matches)
        supply = thousandths(max(float(offered) - claim.hours_elsewhere_in(month)[director_id], 0.0), up=False)
        if demand > supply:
            params = {"hours": demand / 1000, "most": supply / 1000, "month": month_text(month)}
            yield Finding("hours_exceeded", director_id, params)


def _days(claim: Claim) -> Iterator[Finding]:
    for (director_id, month), matches in claim.running_in.items():
        offered = claim.directors[director_id]["on_site_days_per_month"]
        if offered is None:
            continue
        demand = sum(thousandths(claim.days_of(match.company_id), up=True) for match in matches)
        supply = thousandths(float(offered), up=False)
        if demand > supply:
            params = {"days": demand / 1000, "most": supply / 1000, "month": month_text(month)}
            yield Finding("on_site_days_exceeded", director_id, params)


def month_text(month: int) -> str:
    """2027-04 for 12 · 2027 + 4; empty where the batch is one period."""
    return f"{(month - 1) // 12}-{(month - 1) % 12 + 1:02}" if month else ""


def _new_companies(claim: Claim) -> Iterator[Finding]:
    most = claim.problem.policy.limits.max_new_companies_per_director
    running = {(row["director_id"], row["company_id"]) for row in claim.running}
    new = Counter(m.director_id for m in claim.matches if (m.director_id, m.company_id) not in running)
    for director_id, n in new.items():
        if most is not None and n > most:
            yield Finding("too_many_new_companies", director_id, {"n": n, "most": most})


def _engagements(claim: Claim) -> Iterator[Finding]:
    """Where the policy keeps running engagements, each of them is in the plan."""
    if not claim.problem.policy.engagements.fixed:
        return
    served = {(match.director_id, match.company_id) for match in claim.matches}
    for row in claim.running:
        pair = (row["director_id"], row["company_id"])
        if row["company_id"] in claim.companies and pair not in served:
            yield Finding("engagement_not_kept", pair[0], {"company_id": pair[1]})


def _of_the_plan(claim: Claim) -> Iterator[Finding]:
    limits = claim.problem.policy.limits
    n_companies, n_directors = len(claim.matches), len(claim.n_companies_of)
    if limits.max_companies is not None and n_companies > limits.max_companies:
        yield Finding("too_many_companies", "limits.max_companies", {"n": n_companies, "most": limits.max_companies})
    if limits.max_directors is not None and n_directors > limits.max_directors:
        yield Finding("too_many_directors", "limits.max_directors", {"n": n_directors, "most": limits.max_directors})


def _least_per_director(claim: Claim) -> Iterator[Finding]:
    policy = claim.problem.policy
    least = policy.limits.min_companies_per_director or 0
    serving = statuses_in_service(policy)
    for director_id, row in claim.directors.items():
        n = claim.n_companies_of[director_id]
        if row["status"] in serving and n < least:
            yield Finding("too_few_companies", director_id, {"n": n, "least": least})


def _budget(claim: Claim) -> Iterator[Finding]:
    """A director's fee is due for each company; broken yen count as whole ones, and a fee nobody stated as none."""
    limits = claim.problem.policy.limits
    most, most_total = limits.budget_jpy_per_month, limits.budget_jpy_total
    for month in claim.months if most is not None else ():
        spent = sum(math.ceil(fee) for fee in claim.fees_in(month))
        if spent > (most or 0):
            params = {"jpy": spent, "most": most, "month": month_text(month)}
            yield Finding("over_budget", "limits.budget_jpy_per_month", params)
    fees = [claim.directors[match.director_id]["fee_jpy_per_month"] or 0.0 for match in claim.matches]
    months = [int(claim.companies[match.company_id]["months"]) for match in claim.matches]
    total = sum(math.ceil(fee) * n for fee, n in zip(fees, months, strict=True))
    if most_total is not None and total > most_total:
        yield Finding("over_budget", "limits.budget_jpy_total", {"jpy": total, "most": most_total})


def _quotas(claim: Claim) -> Iterator[Finding]:
    served = [claim.companies[match.company_id] for match in claim.matches]
    for number, quota in enumerate(claim.problem.policy.limits.quotas):
        n = sum(counts(row, quota) for row in served)
        if n < (quota.min or 0) or (quota.max is not None and n > quota.max):
            params = {"by": quota.by, "value": quota.value, "n": n, "least": quota.min or 0, "most": quota.max}
            yield Finding("quota_missed", f"limits.quotas[{number}]", params)


def counts(company: Row, quota: Quota) -> bool:
    wanted = quota_value(quota.by, quota.value)
    if quota.by == "region":
        code = int(company["prefecture"])
        return code > 0 and geography.region_of(code) == wanted
    return bool(company[quota.by] == wanted)


def _rivals(claim: Claim) -> Iterator[Finding]:
    director_of = {match.company_id: match.director_id for match in claim.matches}
    for row in rows_of(claim.problem.tables["rivals"]):
        one, other = row["company_id"], row["other_id"]
        director = director_of.get(one)
        if director is not None and one != other and director == director_of.get(other):
            yield Finding("rivals_together", director, {"one": one, "other": other})
