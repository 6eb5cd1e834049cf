"""What makes a pair good: ten criteria, each one named function and one column in [0, 1].

Each function takes `Pairs` and returns `Scored`: the value of every pair, and where the policy's neutral value stood
in for something missing. Constants come from the policy under the names used here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from matcher.domain.policy import CriterionName
from matcher.errors import ModelError
from matcher.pairing.block import Pairs
from matcher.pairing.columns import Columns
from matcher.pairing.sides import STYLES, Bools, Floats

POINTS = 10_000
"""Points of a pair of priority 1 whose every criterion is 1."""

_MAX_POINTS = 2**31 - 1


class Scored(NamedTuple):
    """One criterion: `value` in [0, 1] and `is_neutral`, both of the pairs' shape (or broadcasting to it)."""

    value: Floats
    is_neutral: Bools


NEVER: Final = np.zeros((), dtype=np.bool_)


def experience(pairs: Pairs) -> Scored:
    """How much of what the company needs the director has done.

    Σ weight · min(1, director's level / needed level) / Σ weight over the needs; a skill not listed counts 0. Without
    needs: years of experience / `experience_years_for_full`, at most 1; missing years: neutral.
    """
    share, weight = pairs.block.experience
    constants = pairs.columns.policy.constants
    years = pairs.of_director(pairs.columns.director.experience_years)
    return _else_by_director(pairs, share, weight, np.minimum(1.0, years / constants.experience_years_for_full))


def hands_on(pairs: Pairs) -> Scored:
    """How much of what must be done by own hands the director does by own hands.

    As `experience`, over the needs marked hands_on and the skills the director does by own hands. Without such needs:
    hands_on_rating / 5; missing rating: neutral.
    """
    share, weight = pairs.block.hands_on
    return _else_by_director(pairs, share, weight, pairs.of_director(pairs.columns.director.hands_on_rating) / 5)


def local_culture(pairs: Pairs) -> Scored:
    """How well the director knows the company's prefecture.

    knowledge / 5, home counting as at least `culture_at_home`. Without a row for the prefecture: the best knowledge of
    a neighbouring prefecture × `culture_neighbour_factor`; where there is none either, the best of the same region
    × `culture_region_factor`; else 0. A director's home counts as known there too.
    """
    prefecture = pairs.of_company(pairs.columns.company.prefecture)
    return Scored(pairs.columns.culture[pairs.director, prefecture], NEVER)


def network(pairs: Pairs) -> Scored:
    """How surely the director can bring in people who cover what the company needs.

    Σ weight · best over people of strength · min(1, level / needed level) / Σ weight, where strength is the best
    product along a path of at most `network_max_hops` ties, × `network_elsewhere_factor` unless the person lives in
    the company's prefecture. Who reaches nobody has 0. Without needs: neutral for a director who reaches someone.
    """
    reach, known = pairs.columns.network, pairs.block.network
    if reach is None or known is None:
        return Scored(np.zeros(pairs.shape), NEVER)
    share = pairs.in_block(known)
    is_neutral = np.isnan(share) & pairs.of_director(reach.reaches_someone)
    return Scored(np.where(np.isnan(share), np.where(is_neutral, _neutral(pairs), 0.0), share), is_neutral)


def own_business(pairs: Pairs) -> Scored:
    """How much the director knows from running a business like the company's.

    0 without one; else (1 − exp(−owner_years / `owner_years_scale`)) × (`own_business_base` +
    `own_business_same_industry` in the same JSIC major group + `own_business_similar_size` where the employees are
    within `similar_size_factor` of each other, inclusive). A missing industry or number of employees earns nothing;
    an own industry without owner_years: neutral in place of the first factor.
    """
    director, company, constants = pairs.columns.director, pairs.columns.company, pairs.columns.policy.constants
    is_unknown = director.is_owner & np.isnan(director.owner_years)
    by_years = -np.expm1(-director.owner_years / constants.owner_years_scale)
    maturity = np.where(is_unknown, _neutral(pairs), np.where(director.is_owner, by_years, 0.0))
    industry = pairs.of_director(director.own_industry)
    is_same = (industry == pairs.of_company(company.industry)) & (industry >= 0)
    own, theirs = pairs.of_director(director.own_employees), pairs.of_company(company.employees)
    factor = constants.similar_size_factor
    is_similar = (own <= factor * theirs) & (theirs <= factor * own)
    kinship = (
        constants.own_business_base
        + constants.own_business_same_industry * is_same
        + constants.own_business_similar_size * is_similar
    )
    return Scored(np.minimum(1.0, pairs.of_director(maturity) * kinship), pairs.of_director(is_unknown))


def goal_fit(pairs: Pairs) -> Scored:
    """What the director has achieved for the company's goal: rating / 5.

    Without a row for the goal: `goal_other_factor` × the best rating for another goal / 5; without any row: 0.
    """
    results = pairs.columns.results
    best = np.fmax.reduce(results, axis=1, initial=0.0)
    found = np.where(np.isnan(results), pairs.columns.policy.constants.goal_other_factor * best[:, None], results)
    return Scored(found[pairs.director, pairs.of_company(pairs.columns.company.goal)], NEVER)


def readiness(pairs: Pairs) -> Scored:
    """How ready the company is: the mean of commitment, investment, uniqueness and openness, from 1–5 to 0–1.

    A missing rating counts as neutral.
    """
    value, is_neutral = readiness_by_company(pairs.columns)
    return Scored(pairs.of_company(value), pairs.of_company(is_neutral))


def style_fit(pairs: Pairs) -> Scored:
    """1 where the director supports in the style the company wishes, or in both; 0 in the other; missing: neutral."""
    style, wanted = (
        pairs.of_director(pairs.columns.director.style),
        pairs.of_company(pairs.columns.company.wanted_style),
    )
    is_neutral = (style < 0) | (wanted < 0)
    fits = (style == wanted) | (style == STYLES.index("both"))
    return Scored(np.where(is_neutral, _neutral(pairs), np.where(fits, 1.0, 0.0)), is_neutral)


def nearness(pairs: Pairs) -> Scored:
    """How little distance is in the way, in so far as the company wants the director on site.

    1 − w · (1 − exp(−distance / `nearness_scale_km`)), w = on-site days a month / `on_site_days_for_full`, at most 1;
    missing days: none wanted, so 1.
    """
    constants = pairs.columns.policy.constants
    days = pairs.of_company(pairs.columns.company.on_site_days_per_month)
    share = np.minimum(1.0, np.nan_to_num(days, nan=0.0) / constants.on_site_days_for_full)
    return Scored(1.0 + share * np.expm1(-pairs.distance_km / constants.nearness_scale_km), NEVER)


def wishes(pairs: Pairs) -> Scored:
    """What both sides said of each other: 0.5 + 0.25 · the director's wish + 0.25 · the company's, each −1 … 1.

    No wish counts 0; a wish without a value counts 1.
    """
    columns = pairs.columns
    said = 0.25 * pairs.rows(columns.wishes_of_director, 0.0) + 0.25 * pairs.rows(columns.wishes_of_company, 0.0)
    return Scored(0.5 + said, NEVER)


CRITERION_FUNCTIONS: Final[Mapping[CriterionName, Callable[[Pairs], Scored]]] = MappingProxyType(
    {
        "experience": experience,
        "hands_on": hands_on,
        "local_culture": local_culture,
        "network": network,
        "own_business": own_business,
        "goal_fit": goal_fit,
        "readiness": readiness,
        "style_fit": style_fit,
        "nearness": nearness,
        "wishes": wishes,
    }
)


@dataclass(frozen=True)
class Scores:
    """The scores of some pairs, all of the pairs' shape.

    Attributes
    ----------
    values, is_neutral : criterion → `Scored`'s two arrays, which may only broadcast to the shape
    criteria : criterion → int32 points
    keep : int64 points for a running engagement, else 0
    points : int64, exactly `keep` plus the sum of `criteria`
    """

    values: Mapping[CriterionName, Floats]
    is_neutral: Mapping[CriterionName, Bools]
    criteria: Mapping[CriterionName, npt.NDArray[np.int32]]
    keep: npt.NDArray[np.int64]
    points: npt.NDArray[np.int64]


def score_pairs(pairs: Pairs) -> Scores:
    """The points of some pairs: round(10,000 · priority · weight · value) a criterion, half to even, and `keep`.

    The four factors are multiplied from left to right; weights are normalised to sum 1.

    Raises
    ------
    ModelError
        If a priority is so high that one criterion's points could pass 2³¹ − 1.
    """
    columns = pairs.columns
    found = {name: criterion(pairs) for name, criterion in CRITERION_FUNCTIONS.items()}
    values = {name: one.value for name, one in found.items()}
    keep = _keep(pairs)
    points, total = weigh(scale_of(pairs), columns.policy.weights.normalised(), values, keep)
    return Scores(
        values=values,
        is_neutral={name: one.is_neutral for name, one in found.items()},
        criteria=points,
        keep=keep,
        points=total,
    )


def scale_of(pairs: Pairs) -> Floats:
    """What a criterion of weight 1 and value 1 is worth: 10,000 · priority, for each pair.

    Raises
    ------
    ModelError : a priority so high that one criterion's points could pass 2³¹ − 1
    """
    scale: Floats = POINTS * pairs.of_company(_checked_priority(pairs.columns))
    return scale


def weigh(
    scale: Floats,
    weights: Mapping[CriterionName, float],
    values: Mapping[CriterionName, Floats],
    keep: npt.NDArray[np.int64],
) -> tuple[dict[CriterionName, npt.NDArray[np.int32]], npt.NDArray[np.int64]]:
    """The points by criterion and in total; `score_pairs` says how they are rounded.

    Parameters
    ----------
    scale : see `scale_of`; weights : summing to 1; values : each in [0, 1]; keep : points added as they are
    """
    points = {name: np.rint(scale * weights[name] * value).astype(np.int32) for name, value in values.items()}
    total = keep.copy()
    for part in points.values():
        total += part
    return points, total


def _keep(pairs: Pairs) -> npt.NDArray[np.int64]:
    """`keep_points` for a running engagement; minus the price of moving where another director serves the company."""
    policy = pairs.columns.policy
    is_running = pairs.has_row(pairs.columns.running)
    keep = np.where(is_running, np.int64(policy.keep_points), np.int64(0))
    price = policy.engagements.move_price_points
    if not price:
        return keep
    return np.where(~is_running & pairs.of_company(pairs.columns.is_engaged), np.int64(-price), keep)


def readiness_by_company(columns: Columns) -> tuple[Floats, Bools]:
    """(n_companies,) `readiness`, and where a rating is missing."""
    ratings = columns.company.ratings
    return readiness_of(ratings, columns.policy.thresholds.neutral), np.any(np.isnan(ratings), axis=1)


def readiness_of(ratings: Floats, neutral: float) -> Floats:
    """(n_companies,) `readiness` of the four ratings, (n_companies, 4) from 1 to 5; NaN counts as neutral."""
    shares = (ratings - 1) / 4
    filled = np.where(np.isnan(shares), neutral, shares)
    # Added one by one: a mean over an axis may add in another order, and change the last bit.
    return (filled[:, 0] + filled[:, 1] + filled[:, 2] + filled[:, 3]) / 4


def _else_by_director(pairs: Pairs, share: Floats, weight: Floats, otherwise: Floats) -> Scored:
    """`share` where the company's needs have weight; else `otherwise`; else, where that is NaN, neutral."""
    is_listed = weight[pairs.company] > 0
    is_neutral = ~is_listed & np.isnan(otherwise)
    value = np.where(is_listed, pairs.in_block(share), np.where(is_neutral, _neutral(pairs), otherwise))
    return Scored(value, is_neutral)


def _neutral(pairs: Pairs) -> float:
    return pairs.columns.policy.thresholds.neutral


def _checked_priority(columns: Columns) -> Floats:
    priority = columns.company.priority
    highest = float(priority.max(initial=0.0))
    if highest * POINTS > _MAX_POINTS:
        raise ModelError("priority_too_high", priority=highest, allowed=_MAX_POINTS // POINTS)
    return priority
