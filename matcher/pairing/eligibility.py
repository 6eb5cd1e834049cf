"""Who could serve whom at all: every rule is one named function on `Pairs`.

A rule returns a `Verdict`: where it holds and, where numbers decide, what is offered and what is wanted.

A pin overrides the soft rules; no rule here looks at pins, `candidates` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from matcher.domain import geography
from matcher.domain.policy import CRITERIA
from matcher.pairing.block import Pairs
from matcher.pairing.columns import Columns
from matcher.pairing.criteria import Scores, readiness_by_company
from matcher.pairing.sides import Array, Bools

HARD_RULES = (
    "in_service",
    "in_period",
    "has_hours",
    "in_reach",
    "has_must_skills",
    "in_budget",
    "no_conflict_of_interest",
    "not_forbidden",
)
SOFT_RULES = ("is_ready", "criterion_floor", "min_score")
RULES = HARD_RULES + SOFT_RULES
"""Reason codes, in the order in which they are asked; a pin overrides the soft ones only."""


class Amounts(NamedTuple):
    """What a rule compares, of the pairs' shape or broadcasting to it: it holds unless wanted > offered.

    `measure` names the unit, such as ``hours_per_month``. NaN on either side holds.
    """

    measure: str
    offered: Array
    wanted: Array


def _no_amounts() -> tuple[Amounts, ...]:
    return ()


class Verdict(NamedTuple):
    """One rule: where it `holds` (broadcasting to the pairs' shape), and on demand the numbers that decide.

    Where several numbers decide, the rule holds where none of them falls short.
    """

    holds: Bools
    amounts: Callable[[], tuple[Amounts, ...]] = _no_amounts


HOLDS: Final = Verdict(np.ones((), dtype=np.bool_))


def in_service(pairs: Pairs) -> Verdict:
    """The director is engaged, or an applicant where the policy's roster counts applicants; never a paused one."""
    return Verdict(pairs.of_director(pairs.columns.director.is_in_service))


def in_period(pairs: Pairs) -> Verdict:
    """The director is available on every day of work, from the company's start to the period's last day.

    Both ends inclusive: four months from 1 April end on 31 July, and availability until 31 July covers them. A
    missing start holds; a missing end of the availability is open. Amounts in days: available within the period, and
    the period's length.
    """
    director, company = pairs.columns.director, pairs.columns.company
    start, last = pairs.of_company(company.start), pairs.of_company(company.last_day)
    begins, ends = pairs.of_director(director.available_from), pairs.of_director(director.available_until)
    holds = ~((begins > start) | (ends < last))

    def amounts() -> tuple[Amounts, ...]:
        day = np.timedelta64(1, "D")
        offered = np.maximum((np.fmin(last, ends) - np.fmax(start, begins) + day) / day, 0.0)
        return (Amounts("days", offered, (last - start + day) / day),)

    return Verdict(holds, amounts)


def has_hours(pairs: Pairs) -> Verdict:
    """The pair wants no more hours a month than the director has; a missing number fits.

    A pair wants the hours of its running engagement, else its own of `pair_hours`, else the company's.
    """
    offered = pairs.of_director(pairs.columns.director.hours_per_month)
    wanted = pairs.of_company(pairs.columns.company.hours_per_month)
    if pairs.columns.hours.n_rows:
        own = pairs.rows(pairs.columns.hours, np.nan)
        wanted = np.where(np.isnan(own), wanted, own)
    return _verdict(Amounts("hours_per_month", offered, wanted))


def in_reach(pairs: Pairs) -> Verdict:
    """The director comes on site as many days as the company wants and, where it wants any, lives near enough.

    A missing number of days or distance fits; wanted days 0 or missing: no distance is too far. Amounts in on-site
    days a month and in kilometres, the reach being what the director offers and the distance what is wanted.
    """
    director, company = pairs.columns.director, pairs.columns.company
    days = pairs.of_director(director.on_site_days_per_month)
    wanted_days = pairs.of_company(company.on_site_days_per_month)
    km = np.where(wanted_days > 0, pairs.distance_km, np.nan)
    return _verdict(
        Amounts("on_site_days_per_month", days, wanted_days),
        Amounts("distance_km", pairs.of_director(director.max_distance_km), km),
    )


def has_must_skills(pairs: Pairs) -> Verdict:
    """The director has every skill the company must have, at its level, and by own hands where it asks for that.

    A skill the director does not list is not there. Amounts count must-needs: met, and listed.
    """
    n_met, n_must = pairs.block.must_counts
    return _verdict(Amounts("must_skills", pairs.in_block(n_met), n_must[pairs.company]))


def in_budget(pairs: Pairs) -> Verdict:
    """The director's monthly fee is within the company's budget; a missing number fits.

    Offered is the budget, wanted the fee.
    """
    offered = pairs.of_company(pairs.columns.company.budget_jpy_per_month)
    wanted = pairs.of_director(pairs.columns.director.fee_jpy_per_month)
    return _verdict(Amounts("fee_jpy_per_month", offered, wanted))


def no_conflict_of_interest(pairs: Pairs) -> Verdict:
    """The director does not run a business in the company's industry and area.

    The policy's `conflict_of_interest` says how far the area goes and which industries and kinds of company are
    exempt. Without an own industry, or with 0 years of owning one, no own business is known; a missing own prefecture
    is the director's prefecture; a company's missing industry is no conflict, its missing kind is not exempt.
    """
    director, company = pairs.columns.director, pairs.columns.company
    industry = pairs.of_director(np.where(director.is_owner, director.own_industry, -1))
    is_same = (industry == pairs.of_company(company.industry)) & (industry >= 0)
    area = conflict_area(pairs.columns)
    is_close = area[pairs.of_director(director.own_prefecture), pairs.of_company(company.prefecture)]
    return Verdict(~(is_same & is_close & ~pairs.of_company(company.is_exempt)))


def not_forbidden(pairs: Pairs) -> Verdict:
    """No row forbids the pair.

    A row that asks for approval or disclosure does not forbid, and neither does one that ended before the company's
    start; one that ends on that day or later, or without an end, or for a company without a start, does.
    """
    return Verdict(~pairs.has_row(pairs.columns.forbids))


def is_ready(pairs: Pairs) -> Verdict:
    """The company's readiness reaches the policy's minimum; missing ratings count as the criterion counts them."""
    wanted = pairs.columns.policy.thresholds.min_readiness
    if wanted is None:
        return HOLDS
    offered = np.round(readiness_by_company(pairs.columns)[0], 12)
    return _verdict(Amounts("readiness", pairs.of_company(offered), np.asarray(wanted)))


def criterion_floor(pairs: Pairs, scores: Scores) -> Verdict:
    """Every criterion that has a floor in the policy reaches it; the measures are the criteria's names."""
    floors = pairs.columns.policy.thresholds.min_by_criterion
    return _verdict(
        *(
            # 2 of 5 by six needs is 0.39999999999999997: twelve digits decide, not the last bit of a sum.
            Amounts(name, np.round(scores.values[name], 12), np.asarray(floors[name]))
            for name in CRITERIA
            if name in floors
        )
    )


def min_score(pairs: Pairs, scores: Scores) -> Verdict:
    """The pair's points, `keep` included, reach the policy's minimum."""
    wanted = pairs.columns.policy.thresholds.min_score_points
    if wanted is None:
        return HOLDS
    return _verdict(Amounts("points", scores.points, np.asarray(wanted)))


UNSCORED_RULES: Final[Mapping[str, Callable[[Pairs], Verdict]]] = MappingProxyType(
    {
        "in_service": in_service,
        "in_period": in_period,
        "has_hours": has_hours,
        "in_reach": in_reach,
        "has_must_skills": has_must_skills,
        "in_budget": in_budget,
        "no_conflict_of_interest": no_conflict_of_interest,
        "not_forbidden": not_forbidden,
        "is_ready": is_ready,
    }
)
SCORED_RULES: Final[Mapping[str, Callable[[Pairs, Scores], Verdict]]] = MappingProxyType(
    {"criterion_floor": criterion_floor, "min_score": min_score}
)


def _verdict(*amounts: Amounts) -> Verdict:
    """Holds where no amount wanted is above the amount offered; a missing one never is."""
    holds: Bools = np.ones((), dtype=np.bool_)
    for one in amounts:
        holds = holds & ~(one.wanted > one.offered)
    return Verdict(holds, lambda: amounts)


def conflict_area(columns: Columns) -> Bools:
    """(48, 48) whether a business in the first prefecture is too close to a company in the second."""
    neighbours = geography.neighbour_matrix()
    home = np.eye(len(neighbours), dtype=np.bool_)
    match columns.policy.conflict_of_interest.area:
        case "off":
            return np.zeros_like(home)
        case "same_prefecture":
            return home
        case "neighbouring":
            return home | neighbours
        case "same_region":
            return home | geography.same_region_matrix()
        case "anywhere":
            return np.ones_like(home)
