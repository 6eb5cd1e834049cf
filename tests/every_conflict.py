"""Whether demands that a plan says to be in conflict are, by trying every assignment: plain Python over the tables.

What a plan is always holds: one director a company, and eligible pairs only. Each demand is read as the person who
gets the plan reads it, from its record alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from matcher.plan.document import Conflict, ConflictRow
from tests.every_plan import REGION, Plan, Programme

Keeps = Callable[[Plan], bool]

STRUCTURE = ("one_director", "uses_director")


def assignments(programme: Programme) -> Iterator[Plan]:
    """Every way to give each company an eligible director or none, whatever the limits say."""
    n_directors, n_companies = len(programme.directors), len(programme.companies)
    options = [
        [None, *(d for d in range(n_directors) if (d, company) in programme.eligible)] for company in range(n_companies)
    ]
    for chosen in itertools.product(*options):
        yield {company: director for company, director in enumerate(chosen) if director is not None}


def demands_of(programme: Programme, conflict: Conflict) -> list[Keeps]:
    """What each demand of a conflict says of a plan."""
    said = [_of_row(programme, row) for row in conflict.rows if row.family not in STRUCTURE]
    return said + [_of_pair(pair) for pair in (*conflict.pins, *conflict.engagements)]


def _of_pair(pair: tuple[str, str]) -> Keeps:
    director, company = (int(name[1:]) - 1 for name in pair)
    return lambda plan: plan.get(company) == director


def _of_row(programme: Programme, row: ConflictRow) -> Keeps:
    kind, _, by = row.family.partition(":")
    subject, lower, upper = row.subject or "", row.lower or 0, 10**9 if row.upper is None else row.upper
    if kind == "quota":
        return lambda plan: lower <= sum(_value(programme, by.partition(":")[0], c) == subject for c in plan) <= upper
    if kind == "rivals":
        one, other = (int(name[1:]) - 1 for name in subject.split(" / "))
        return lambda plan: plan.get(one, -1) != plan.get(other, -2)
    if kind == "max_companies":
        return lambda plan: len(plan) <= upper
    if kind == "max_directors":
        return lambda plan: len(set(plan.values())) <= upper
    if kind in ("budget", "budget_total"):
        return lambda plan: _cost(programme, plan, row.month, kind) <= upper
    director = int(subject[1:]) - 1
    if kind == "min_companies_per_director":
        return lambda plan: list(plan.values()).count(director) >= lower
    if kind == "max_new_companies_per_director":
        return lambda plan: sum(d == director and (d, c) not in programme.running for c, d in plan.items()) <= upper
    assert kind in ("slots", "hours", "on_site_days"), kind
    return lambda plan: all(_fits(programme, plan, director, month, kind) for month in _months(programme, row.month))


def _months(programme: Programme, label: str | None) -> list[int]:
    if label is None:
        return programme.all_months
    year, month = label.split("-")
    return [12 * int(year) + int(month)]


def _value(programme: Programme, by: str, company: int) -> str:
    row = programme.companies[company]
    return REGION[row["prefecture"]] if by == "region" else row[by]


def _cost(programme: Programme, plan: Plan, label: str | None, kind: str) -> int:
    fee = {c: programme.directors[d].get("fee_jpy_per_month") or 0 for c, d in plan.items()}
    if kind == "budget_total":
        return sum(fee[c] * programme.companies[c].get("months", 4) for c in plan)
    return max(sum(fee[c] for c in plan if programme.runs(c, month)) for month in _months(programme, label))


def _fits(programme: Programme, plan: Plan, d: int, month: int, kind: str) -> bool:
    own = [c for c, director in plan.items() if director == d and programme.runs(c, month)]
    busy = [hours for who, hours, last in programme.elsewhere if who == d and (last is None or last >= month)]
    row = programme.directors[d]
    if kind == "slots":
        return not own or len(own) + len(busy) <= row["max_companies"]
    if kind == "hours":
        return sum(programme.hours(d, c) for c in own) <= max(row["hours_per_month"] - sum(busy), 0)
    return sum(programme.days(c) for c in own) <= row["on_site_days_per_month"]
