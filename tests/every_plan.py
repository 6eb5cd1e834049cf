"""The best plan by trying every plan, written from the tables alone: plain Python, nothing of the program.

It knows what DOMAIN says of limits and tiers, and nothing of rows, months that matter, or models. Points come from
years of experience only (`WEIGHTS`), distances from the table `distances`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

WEIGHTS = {
    "experience": 1,
    **dict.fromkeys(
        (
            "hands_on",
            "local_culture",
            "network",
            "own_business",
            "goal_fit",
            "readiness",
            "style_fit",
            "nearness",
            "wishes",
        ),
        0,
    ),
}

Plan = dict[int, int]
"""Company → director, by place."""

REGION = {"Kochi": "四国", "Ehime": "四国", "Tokyo": "関東"}


class Programme:
    """One programme as rows that people write; directors are d1, d2, … and companies c1, c2, …"""

    def __init__(self, rows: Mapping[str, Any]) -> None:
        self.directors, self.companies = rows["directors"], rows["companies"]
        policy = rows["policy"]
        self.limits: Mapping[str, Any] = policy.get("limits", {})
        self.terms: Mapping[str, Any] = policy.get("engagements", {})
        self.keep_points = policy.get("keep_points", 0)
        self.objective = policy.get("objective", ["points"])
        self.first_start = min((row["start"] for row in self.companies if row.get("start")), default=None)
        self.months = [self._own_months(row) for row in self.companies]
        self.all_months = sorted({month for own in self.months if own for month in own}) or [0]
        if self.all_months != [0]:
            self.all_months = list(range(self.all_months[0], self.all_months[-1] + 1))
        self.elsewhere: list[tuple[int, float, int | None]] = []
        self.running: set[tuple[int, int]] = set()
        own_hours = {_pair(row): row["hours_per_month"] for row in rows["pair_hours"]}
        for row in rows["engagements"]:
            self._read_engagement(row, own_hours)
        self.own_hours = own_hours
        self.pinned = {_pair(row) for row in rows["pairs"] if row["rule"] == "pin"}
        self.forbidden = {_pair(row) for row in rows["pairs"] if row["rule"] == "forbid"}
        self.rivals = {frozenset((_place(row["company_id"]), _place(row["other_id"]))) for row in rows["rivals"]}
        self.km = {(_place(row["from_id"]), _place(row["to_id"])): row["km"] for row in rows["distances"]}
        if self.terms.get("fixed"):
            self.pinned |= self.running
        self.eligible = {
            (d, c) for d in range(len(self.directors)) for c in range(len(self.companies)) if self._is_eligible(d, c)
        }

    def _own_months(self, row: Mapping[str, Any]) -> list[int] | None:
        if not row.get("start"):
            return None
        day = dt.date.fromisoformat(row["start"])
        first = 12 * day.year + day.month
        return list(range(first, first + row.get("months", 4) + (day.day > 1)))

    def _read_engagement(self, row: Mapping[str, Any], own_hours: dict[tuple[int, int], float]) -> None:
        until = row.get("until")
        director, company = _pair(row)
        is_inside = company < len(self.companies)
        start = (self.companies[company].get("start") if is_inside else None) or self.first_start
        if until and start and until < start:
            return
        if is_inside:
            self.running.add((director, company))
            if row.get("hours_per_month") is not None:
                own_hours[director, company] = row["hours_per_month"]
            return
        last = None
        if until and self.first_start:
            day = dt.date.fromisoformat(until)
            last = 12 * day.year + day.month
        self.elsewhere.append((director, row.get("hours_per_month") or 0, last))

    def hours(self, director: int, company: int) -> float:
        found = self.own_hours.get((director, company), self.companies[company].get("hours_per_month"))
        return 0 if found is None else found

    def days(self, company: int) -> float:
        return self.companies[company].get("on_site_days_per_month") or 0

    def runs(self, company: int, month: int) -> bool:
        own = self.months[company]
        return own is None or month in own

    def _is_eligible(self, d: int, c: int) -> bool:
        offered, days = (self.directors[d].get(name) for name in ("hours_per_month", "on_site_days_per_month"))
        if offered is not None and self.hours(d, c) > offered:
            return False
        return not (days is not None and self.days(c) > days) and (d, c) not in self.forbidden

    @property
    def contradictions(self) -> set[tuple[int, int]]:
        return self.pinned - self.eligible

    def points(self, d: int, c: int) -> int:
        keep = self.keep_points if (d, c) in self.running else 0
        if (d, c) not in self.running and any(company == c for _, company in self.running):
            keep = -self.terms.get("move_price_points", 0)
        share = min(1, self.directors[d]["experience_years"] / 10)
        return keep + round(10_000 * self.companies[c].get("priority", 1.0) * share)

    def plans(self) -> Iterator[Plan]:
        """Every plan that keeps every limit."""
        options: list[list[int | None]] = []
        for c in range(len(self.companies)):
            pinned = [d for d, company in self.pinned if company == c]
            if len(pinned) > 1:
                return
            free: list[int | None] = [None, *(d for d in range(len(self.directors)) if (d, c) in self.eligible)]
            options.append(list(pinned) or free)
        yield from self._extended({}, options, 0)

    def _extended(self, plan: Plan, options: list[list[int | None]], at: int) -> Iterator[Plan]:
        if at == len(options):
            if self._has_enough(plan):
                yield plan
            return
        for director in options[at]:
            more = plan if director is None else {**plan, at: director}
            if director is None or self._is_within(more, director, at):
                yield from self._extended(more, options, at + 1)

    def _is_within(self, plan: Plan, d: int, c: int) -> bool:
        """Every limit from above, as far as it looks at the director and the company that came last."""
        row, limits = self.directors[d], self.limits
        own = [company for company, director in plan.items() if director == d]
        if any(frozenset((c, other)) in self.rivals for other in own):
            return False
        most_new = limits.get("max_new_companies_per_director")
        if most_new is not None and sum((d, company) not in self.running for company in own) > most_new:
            return False
        for month in self.all_months:
            now = [company for company in own if self.runs(company, month)]
            busy = [hours for who, hours, last in self.elsewhere if who == d and (last is None or last >= month)]
            if not any(company == c for company in now):
                continue
            if len(now) + len(busy) > row["max_companies"]:
                return False
            offered, days = row.get("hours_per_month"), row.get("on_site_days_per_month")
            if offered is not None and sum(self.hours(d, company) for company in now) > max(offered - sum(busy), 0):
                return False
            if days is not None and sum(self.days(company) for company in now) > days:
                return False
        return self._plan_is_within(plan, c)

    def _plan_is_within(self, plan: Plan, c: int) -> bool:
        limits = self.limits
        fee = {company: self.directors[d].get("fee_jpy_per_month") or 0 for company, d in plan.items()}
        if len(plan) > limits.get("max_companies", 99) or len(set(plan.values())) > limits.get("max_directors", 99):
            return False
        total = sum(fee[company] * self.companies[company].get("months", 4) for company in plan)
        if total > limits.get("budget_jpy_total", 10**9):
            return False
        for month in self.all_months:
            if self.runs(c, month):
                spent = sum(fee[company] for company in plan if self.runs(company, month))
                if spent > limits.get("budget_jpy_per_month", 10**9):
                    return False
        return all(self._members(quota, plan) <= quota.get("max", 99) for quota in limits.get("quotas", ()))

    def _has_enough(self, plan: Plan) -> bool:
        least = self.limits.get("min_companies_per_director", 0)
        served = list(plan.values())
        if any(served.count(d) < least for d in range(len(self.directors))):
            return False
        return all(self._members(quota, plan) >= quota.get("min", 0) for quota in self.limits.get("quotas", ()))

    def _members(self, quota: Mapping[str, Any], plan: Plan) -> int:
        def value(company: int) -> str:
            row = self.companies[company]
            return REGION[row["prefecture"]] if quota["by"] == "region" else row[quota["by"]]

        return sum(value(company) == quota["value"] for company in plan)

    def tiers(self, plan: Plan) -> tuple[int, ...]:
        """The value of every tier of the policy's objective, larger is better."""
        points = [self.points(d, c) for c, d in plan.items()]
        loads = [sum(who == d for who, _, _ in self.elsewhere) for d in range(len(self.directors))]
        for d in plan.values():
            loads[d] += 1
        best_pair = max([0, *(self.points(d, c) for d, c in self.eligible)])
        values = {
            "points": sum(points),
            "companies_served": len(plan),
            "fewest_changes": sum((d, c) in self.running for c, d in plan.items()),
            "worst_match": min(points, default=best_pair),
            "even_load": -sum(load**2 for load in loads),
            "distance_km": -sum(self.km[d, c] for c, d in plan.items()),
        }
        return tuple(values[name] for name in self.objective)


def _place(name: str) -> int:
    return int(name[1:]) - 1


def _pair(row: Mapping[str, Any]) -> tuple[int, int]:
    return _place(row["director_id"]), _place(row["company_id"])
