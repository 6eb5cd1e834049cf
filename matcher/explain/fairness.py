"""How evenly a plan treats directors and companies: load, points, envy, blocking pairs, and who is served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.domain import geography
from matcher.domain.policy import statuses_in_service
from matcher.explain.envy import ORDERS, Blocking, Order, blocking, build_ranks, envied
from matcher.explain.forcing import with_pair
from matcher.explain.losses import Loss, Pair
from matcher.explain.records import Record, loss_record
from matcher.explain.standing import Standing
from matcher.plan.usage import Usage, build_usage

Grouping = Literal["kind", "region", "prefecture"]
MAX_LISTED = 10
N_LOSSES = 5
SMALL = 20_000
"""Pairs looked at up to which the loss of a listed pair is worked out by solving again."""


@dataclass(frozen=True, slots=True)
class ListedPair:
    """One envied match or blocking pair.

    Attributes
    ----------
    points : of the pair; company_points : of the company's match, None without one
    director_points : of the match the director would give up, None where a slot is free or there is no match
    present_idx : the company's director in the plan, None without one
    loss : what the plan loses if the two are matched; None where it was not worked out
    """

    pair: Pair
    points: int
    present_idx: int | None
    company_points: int | None
    director_points: int | None
    loss: Loss | None = None


@dataclass(frozen=True, slots=True)
class Unhappy:
    """What one of the orders says.

    Attributes
    ----------
    n_envied, n_envious : pairs of a director and another's match they would rather have; directors with any such
    n_blocking, n_blocking_unserved : pairs that both sides prefer; those of them whose company has no match
    envy, blocking, blocking_unserved : the worst of each, most points to be gained first; `blocking` here are those
        whose company has a match
    """

    n_envied: int
    n_envious: int
    n_blocking: int
    n_blocking_unserved: int
    envy: tuple[ListedPair, ...]
    blocking: tuple[ListedPair, ...]
    blocking_unserved: tuple[ListedPair, ...]


@dataclass(frozen=True, slots=True)
class GroupCount:
    """Companies of one group: `value` is a kind, region id or JIS code; None where the kind is not stated."""

    value: str | int | None
    n_applicants: int
    n_served: int


FEWEST_SHOWN = 5
"""Applicants of a group that is told to others: of fewer, who knows the applicants knows who was served."""


def without_small(counts: tuple[GroupCount, ...]) -> tuple[tuple[GroupCount, ...], GroupCount | None]:
    """The groups that may be told to anybody, and all others put together; None where there are none.

    Notes
    -----
    What is put together has as many applicants as well, by the next smallest groups if it has to: what all others leave
    of the total would tell of it.
    """
    small = [one for one in counts if one.n_applicants < FEWEST_SHOWN]
    larger = sorted((one for one in counts if one.n_applicants >= FEWEST_SHOWN), key=lambda one: one.n_applicants)
    while small and larger and sum(one.n_applicants for one in small) < FEWEST_SHOWN:
        small.append(larger.pop(0))
    if not small:
        return counts, None
    rest = GroupCount(None, sum(one.n_applicants for one in small), sum(one.n_served for one in small))
    return tuple(one for one in counts if one not in small), rest


@dataclass(frozen=True)
class FairnessAnswer:
    """How evenly a plan treats both sides.

    Attributes
    ----------
    lowest, median : points of the worst match and in the middle (of two, their mean); None without matches
    worst : the pairs with the lowest points
    gini_points : over the matches; gini_load : of matches over directors in service; see `gini`
    loads : (companies, directors in service who have so many), ascending
    slots_used, slots : of all directors in service, in the month with most in use, work elsewhere included
    full_share : least, middle and largest share of a director's slots in use in their own fullest month
    by_order : what envy there is and which pairs block, by the order both sides are taken to have
    groups : kind, region, prefecture → counts
    """

    lowest: int | None
    median: float | None
    worst: tuple[Pair, ...]
    gini_points: float | None
    gini_load: float | None
    loads: tuple[tuple[int, int], ...]
    slots_used: int
    slots: int
    full_share: tuple[float, float, float] | None
    by_order: Mapping[Order, Unhappy]
    groups: Mapping[Grouping, tuple[GroupCount, ...]]
    n_applicants: int
    n_served: int


def gini(values: npt.NDArray[np.integer]) -> float | None:
    """The mean difference between any two, by twice the mean: Σᵢ Σⱼ |xᵢ − xⱼ| / (2 n² x̄); 0 = all alike.

    None where there are no values, one is below 0, or all are 0.
    """
    total = int(values.sum()) if values.size else 0
    if total <= 0 or int(values.min()) < 0:
        return None
    ascending = np.sort(values).astype(np.float64)
    place = np.arange(1, values.size + 1)
    return float(2 * (place * ascending).sum() / (values.size * total) - (values.size + 1) / values.size)


def ask(standing: Standing, *, n_losses: int = N_LOSSES) -> FairnessAnswer:
    """How evenly the plan treats directors and companies. O(pairs · matches of the busiest director).

    Parameters
    ----------
    n_losses : of how many pairs of each list the loss of matching the two is worked out, where that is quick
    """
    problem, candidates = standing.problem, standing.candidates
    usage = build_usage(problem, candidates, standing.model.months, np.flatnonzero(standing.is_chosen))
    points = candidates.points[usage.chosen]
    lowest = int(points.min()) if points.size else None
    is_in_service = problem.directors["status"].isin(statuses_in_service(problem.policy)).to_numpy(np.bool_)
    load = usage.n_companies[is_in_service]
    used, slots, share = _slots(standing, usage, is_in_service)
    return FairnessAnswer(
        lowest=lowest,
        median=float(np.median(points)) if points.size else None,
        worst=tuple(standing.pair_of(int(column)) for column in usage.chosen[points == lowest][:MAX_LISTED]),
        gini_points=gini(points),
        gini_load=gini(load),
        loads=tuple((int(n), int(count)) for n, count in zip(*np.unique(load, return_counts=True), strict=True)),
        slots_used=used,
        slots=slots,
        full_share=share,
        by_order=MappingProxyType({order: _unhappy(standing, usage, order, n_losses) for order in ORDERS}),
        groups=_groups(standing, usage),
        n_applicants=len(problem.companies),
        n_served=int(usage.chosen.size),
    )


def _slots(
    standing: Standing, usage: Usage, is_in_service: npt.NDArray[np.bool_]
) -> tuple[int, int, tuple[float, float, float] | None]:
    capacity = standing.problem.directors["max_companies"].to_numpy(np.int64)[is_in_service]
    used = capacity[:, None] - usage.slots_left[is_in_service]
    has_slots = capacity > 0
    share = used[has_slots].max(axis=1) / capacity[has_slots]
    ends = (float(share.min()), float(np.median(share)), float(share.max())) if share.size else None
    return int(used.sum(axis=0).max()), int(capacity.sum()), ends


def _unhappy(standing: Standing, usage: Usage, order: Order, n_losses: int) -> Unhappy:
    ranks = build_ranks(standing, order)
    director, points = standing.candidates.director_idx, standing.candidates.points
    envy = np.flatnonzero(envied(standing, usage, ranks))
    lowest = np.full(len(standing.problem.directors), np.iinfo(np.int64).max)
    np.minimum.at(lowest, director[usage.chosen], points[usage.chosen])
    has_match = usage.n_companies[director[envy]] > 0
    above = points[envy] - np.where(has_match, lowest[director[envy]], 0)
    pairs = blocking(standing, usage, ranks)
    is_served = np.zeros(len(standing.problem.companies), np.bool_)
    is_served[standing.candidates.company_idx[usage.chosen]] = True
    worst = envy[np.lexsort((envy, -above))][:MAX_LISTED].tolist()
    meets_served = is_served[standing.candidates.company_idx[pairs.column]]
    return Unhappy(
        n_envied=envy.size,
        n_envious=np.unique(director[envy]).size,
        n_blocking=pairs.column.size,
        n_blocking_unserved=int(np.count_nonzero(~meets_served)),
        envy=tuple(
            _listed(standing, usage, column, int(lowest[at]) if usage.n_companies[at := director[column]] else None)
            for column in worst
        ),
        blocking=_blocking_pairs(standing, usage, pairs, meets_served, n_losses),
        blocking_unserved=_blocking_pairs(standing, usage, pairs, ~meets_served, n_losses),
    )


def _blocking_pairs(
    standing: Standing, usage: Usage, pairs: Blocking, is_told: npt.NDArray[np.bool_], n_losses: int
) -> tuple[ListedPair, ...]:
    points = standing.candidates.points
    is_quick = standing.residual is not None or standing.candidates.n_considered <= SMALL
    listed = []
    for number, place in enumerate(np.flatnonzero(is_told)[:MAX_LISTED].tolist()):
        column, left = int(pairs.column[place]), int(pairs.left[place])
        given_up = None if left < 0 else int(points[left])
        loss = with_pair(standing, *standing.pair_of(column)).loss if is_quick and number < n_losses else None
        listed.append(_listed(standing, usage, column, given_up, loss))
    return tuple(listed)


def _listed(
    standing: Standing, usage: Usage, column: int, given_up: int | None, loss: Loss | None = None
) -> ListedPair:
    director, company = standing.pair_of(column)
    at = usage.chosen[standing.candidates.company_idx[usage.chosen] == company]
    present = None if not at.size else int(at[0])
    return ListedPair(
        pair=(director, company),
        points=int(standing.candidates.points[column]),
        present_idx=None if present is None else standing.pair_of(present)[0],
        company_points=None if present is None else int(standing.candidates.points[present]),
        director_points=given_up,
        loss=loss,
    )


def _groups(standing: Standing, usage: Usage) -> Mapping[Grouping, tuple[GroupCount, ...]]:
    companies = standing.problem.companies
    prefecture = companies["prefecture"].to_numpy(np.int64)
    kinds = companies["kind"].astype(object).where(companies["kind"].notna(), "").to_numpy(object)
    region_of = np.array(["", *(geography.region_of(code) for code in range(1, geography.N_PREFECTURES + 1))], object)
    is_served = np.zeros(len(companies), np.bool_)
    is_served[standing.candidates.company_idx[usage.chosen]] = True
    columns: dict[Grouping, npt.NDArray[np.generic]] = {
        "kind": kinds,
        "region": region_of[prefecture],
        "prefecture": prefecture,
    }
    found: dict[Grouping, tuple[GroupCount, ...]] = {}
    for name, values in columns.items():
        present = set(values.tolist())
        order = [one for one in geography.REGIONS if one in present] if name == "region" else sorted(present)
        found[name] = tuple(
            GroupCount(value or None, int((values == value).sum()), int((values == value)[is_served].sum()))
            for value in order
        )
    return MappingProxyType(found)


def record(standing: Standing, answer: FairnessAnswer) -> Record:
    """The answer as plain data."""
    problem = standing.problem

    def ids(pair: Pair) -> Record:
        return {"director_id": problem.director_ids[pair[0]], "company_id": problem.company_ids[pair[1]]}

    def listed(one: ListedPair) -> Record:
        return {
            **ids(one.pair),
            "points": one.points,
            "served_by": None if one.present_idx is None else problem.director_ids[one.present_idx],
            "company_points": one.company_points,
            "director_points": one.director_points,
            "loss": loss_record(one.loss),
        }

    return {
        "lowest_points": answer.lowest,
        "median_points": answer.median,
        "worst_matches": [ids(pair) for pair in answer.worst],
        "gini_points": answer.gini_points,
        "gini_load": answer.gini_load,
        "loads": [{"n_companies": n, "n_directors": count} for n, count in answer.loads],
        "slots_used": answer.slots_used,
        "slots": answer.slots,
        "full_share": None
        if answer.full_share is None
        else dict(zip(("least", "median", "largest"), answer.full_share, strict=True)),
        "orders": {
            order: {
                "n_envied": one.n_envied,
                "n_envious_directors": one.n_envious,
                "n_blocking": one.n_blocking,
                "n_blocking_unserved": one.n_blocking_unserved,
                "envy": [listed(pair) for pair in one.envy],
                "blocking": [listed(pair) for pair in one.blocking],
                "blocking_unserved": [listed(pair) for pair in one.blocking_unserved],
            }
            for order, one in answer.by_order.items()
        },
        "groups": {
            name: [{"value": one.value, "n_applicants": one.n_applicants, "n_served": one.n_served} for one in counts]
            for name, counts in answer.groups.items()
        },
        "n_applicants": answer.n_applicants,
        "n_served": answer.n_served,
    }
