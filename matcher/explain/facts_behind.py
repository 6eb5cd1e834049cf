"""The facts behind every criterion of a pair: the numbers its definition reads, and nothing that is scored again.

A fact is a code and the values that stand behind it, as the data and the policy state them. The facts of a criterion
are all that its definition in `matcher.pairing.criteria` reads, so its value follows from them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np

from matcher.domain import geography
from matcher.domain.policy import CriterionName
from matcher.explain.introductions import introductions
from matcher.pairing.block import Block, Pairs
from matcher.pairing.columns import Columns, PairColumn
from matcher.pairing.sides import GOALS, READINESS_RATINGS, STYLES

Value = str | int | float | bool | None | tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """One thing a criterion goes by.

    Attributes
    ----------
    code : what is stated; values : its numbers, ids and JIS, industry or goal codes by name; None = missing
    """

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def number(self, name: str) -> float:
        """A value that is a number.

        Raises
        ------
        TypeError : it is missing, or a text
        """
        value = self.values[name]
        if not isinstance(value, int | float):
            raise TypeError(f"{self.code}.{name} is {value!r}, not a number")
        return value

    def text(self, name: str) -> str:
        """A value as text; missing is empty."""
        value = self.values[name]
        return "" if value is None else str(value)


Facts = tuple[Fact, ...]


def facts_behind(columns: Columns, director_idx: int, company_idx: int) -> Mapping[CriterionName, Facts]:
    """The facts of every criterion of one pair, in the order of the criteria.

    Parameters
    ----------
    columns : `build_columns(problem)`

    Notes
    -----
    Reads the rows of this director and this company alone, but for the ties, which it follows from the director on.
    """
    return MappingProxyType({name: ask(columns, director_idx, company_idx) for name, ask in _FACTS.items()})


def _experience(columns: Columns, director_idx: int, company_idx: int) -> Facts:
    needs = _needs(columns, director_idx, company_idx)
    if needs:
        return tuple(Fact("need", need) for need in needs)
    years = _number(columns.director.experience_years[director_idx])
    if years is None:
        return (Fact("years_missing", {"neutral": _neutral(columns)}),)
    return (Fact("years", {"years": years, "for_full": columns.policy.constants.experience_years_for_full}),)


def _hands_on(columns: Columns, director_idx: int, company_idx: int) -> Facts:
    marked = [need for need in _needs(columns, director_idx, company_idx) if need["wants_hands"]]
    if marked:
        return tuple(Fact("need_by_hand", need) for need in marked)
    rating = _number(columns.director.hands_on_rating[director_idx])
    if rating is None:
        return (Fact("hands_on_rating_missing", {"neutral": _neutral(columns)}),)
    return (Fact("hands_on_rating", {"rating": rating}),)


def _needs(columns: Columns, director_idx: int, company_idx: int) -> list[dict[str, Value]]:
    """What the company needs and the director's level of it, 0 = not listed; `by_hand` is the level by own hands."""
    needs = columns.needs
    return [
        {
            "skill": str(needs.name[row]),
            "wanted": int(needs.level[row]),
            "weight": float(needs.weight[row]),
            "is_must": bool(needs.is_must[row]),
            "wants_hands": bool(needs.is_hands_on[row]),
            "level": int(columns.level[needs.skill[row], director_idx]),
            "by_hand": int(columns.hands_on_level[needs.skill[row], director_idx]),
        }
        for row in range(int(needs.start[company_idx]), int(needs.start[company_idx + 1]))
    ]


def _local_culture(columns: Columns, director_idx: int, company_idx: int) -> Facts:
    constants = columns.policy.constants
    area, home = int(columns.company.prefecture[company_idx]), int(columns.director.prefecture[director_idx])
    table = columns.problem.tables["director_regions"]
    own = table[(table["director_id"] == columns.problem.director_ids[director_idx]).to_numpy()]
    stated = dict(zip(own["prefecture"].tolist(), own["knowledge"].astype(float).tolist(), strict=True))
    if area == home:
        values = {"prefecture": area, "knowledge": stated.get(area), "at_least": 5 * constants.culture_at_home}
        return (Fact("home", values),)
    if area in stated:
        return (Fact("knowledge", {"prefecture": area, "knowledge": stated[area]}),)
    known = stated | {home: max(stated.get(home, 0.0), 5 * constants.culture_at_home)}
    for code, belongs, factor in (
        ("neighbour", geography.neighbour_matrix(), constants.culture_neighbour_factor),
        ("region", geography.same_region_matrix(), constants.culture_region_factor),
    ):
        near = sorted(other for other in known if belongs[area, other])
        if near:
            best = max(near, key=lambda other: known[other])
            values = {"prefecture": area, "known_prefecture": best, "knowledge": known[best], "factor": factor}
            return (Fact(code, values),)
    return (Fact("culture_unknown", {"prefecture": area}),)


def _network(columns: Columns, director_idx: int, company_idx: int) -> Facts:
    found = introductions(columns, director_idx, company_idx)
    if found is None:
        return (Fact("no_network"),)
    needs = _needs(columns, director_idx, company_idx)
    if not needs:
        return (Fact("network_without_needs", {"neutral": _neutral(columns)}),)
    facts = []
    for need, one in zip(needs, found, strict=True):
        base: dict[str, Value] = {name: need[name] for name in ("skill", "wanted", "weight")}
        if one is None:
            facts.append(Fact("nobody", base))
            continue
        more: dict[str, Value] = {
            "person_id": one.person_id,
            "level": one.level,
            "prefecture": one.prefecture or None,
            "strength": one.strength,
            "hops": one.hops,
            "via": one.via,
            "is_local": one.is_local,
            "factor": one.factor,
        }
        facts.append(Fact("introduction", base | more))
    return tuple(facts)


def _own_business(columns: Columns, director_idx: int, company_idx: int) -> Facts:
    director, company, constants = columns.director, columns.company, columns.policy.constants
    if not director.is_owner[director_idx]:
        return (Fact("no_business"),)
    years = _number(director.owner_years[director_idx])
    base: dict[str, Value] = {"base": constants.own_business_base}
    if years is None:
        owner = Fact("owner_years_missing", {"neutral": _neutral(columns)} | base)
    else:
        owner = Fact("owner", {"years": years, "scale": constants.owner_years_scale} | base)
    own_industry, industry = int(director.own_industry[director_idx]), int(company.industry[company_idx])
    own, theirs = _number(director.own_employees[director_idx]), _number(company.employees[company_idx])
    factor = constants.similar_size_factor
    is_similar = own is not None and theirs is not None and own <= factor * theirs and theirs <= factor * own
    return (
        owner,
        Fact(
            "industry",
            {
                "own": _letter(own_industry),
                "company": _letter(industry),
                "is_same": own_industry == industry and own_industry >= 0,
                "adds": constants.own_business_same_industry,
            },
        ),
        Fact(
            "size",
            {
                "own": own,
                "company": theirs,
                "is_similar": is_similar,
                "factor": factor,
                "adds": constants.own_business_similar_size,
            },
        ),
    )


def _goal_fit(columns: Columns, director_idx: int, company_idx: int) -> Facts:
    goal = int(columns.company.goal[company_idx])
    table = columns.problem.tables["director_results"]
    own = table[(table["director_id"] == columns.problem.director_ids[director_idx]).to_numpy()]
    stated = dict(zip(own["goal"].tolist(), own["rating"].astype(float).tolist(), strict=True))
    if GOALS[goal] in stated:
        return (Fact("result", {"goal": GOALS[goal], "rating": stated[GOALS[goal]]}),)
    if stated:
        other = max(sorted(stated), key=lambda name: stated[name])
        factor = columns.policy.constants.goal_other_factor
        values = {"goal": GOALS[goal], "other_goal": other, "rating": stated[other], "factor": factor}
        return (Fact("result_elsewhere", values),)
    return (Fact("no_result", {"goal": GOALS[goal]}),)


def _readiness(columns: Columns, director_idx: int, company_idx: int) -> Facts:
    ratings = columns.company.ratings[company_idx]
    stated = [(name, _number(rating)) for name, rating in zip(READINESS_RATINGS, ratings, strict=True)]
    return tuple(
        Fact("rating_missing", {"field": name, "neutral": _neutral(columns)})
        if rating is None
        else Fact("rating", {"field": name, "rating": rating})
        for name, rating in stated
    )


def _style_fit(columns: Columns, director_idx: int, company_idx: int) -> Facts:
    style, wanted = int(columns.director.style[director_idx]), int(columns.company.wanted_style[company_idx])
    values: dict[str, Value] = {
        "style": STYLES[style] if style >= 0 else None,
        "wanted": STYLES[wanted] if wanted >= 0 else None,
    }
    if style < 0 or wanted < 0:
        return (Fact("style_missing", values | {"neutral": _neutral(columns)}),)
    return (Fact("style_fits" if style in (wanted, STYLES.index("both")) else "style_differs", values),)


def _nearness(columns: Columns, director_idx: int, company_idx: int) -> Facts:
    pair = Pairs(Block(columns, company_idx, company_idx + 1), np.array([director_idx]), np.array([0]))
    constants = columns.policy.constants
    days = _number(columns.company.on_site_days_per_month[company_idx])
    values: dict[str, Value] = {
        "distance_km": float(pair.distance_km[0]),
        "is_stated": _stated(columns.distances, director_idx, company_idx) is not None,
        "days": days,
    }
    if not days:
        return (Fact("no_visits", values),)
    more: dict[str, Value] = {"days_for_full": constants.on_site_days_for_full, "scale": constants.nearness_scale_km}
    return (Fact("distance", values | more),)


def _wishes(columns: Columns, director_idx: int, company_idx: int) -> Facts:
    found = []
    for code, rows in (
        ("wish_of_director", columns.wishes_of_director),
        ("wish_of_company", columns.wishes_of_company),
    ):
        wish = _stated(rows, director_idx, company_idx)
        if wish is not None:
            found.append(Fact(code, {"wish": wish}))
    return tuple(found) or (Fact("no_wish"),)


_FACTS: Final[Mapping[CriterionName, Callable[[Columns, int, int], Facts]]] = MappingProxyType(
    {
        "experience": _experience,
        "hands_on": _hands_on,
        "local_culture": _local_culture,
        "network": _network,
        "own_business": _own_business,
        "goal_fit": _goal_fit,
        "readiness": _readiness,
        "style_fit": _style_fit,
        "nearness": _nearness,
        "wishes": _wishes,
    }
)


def _stated(rows: PairColumn, director_idx: int, company_idx: int) -> float | None:
    """The value of the pair's row; the last of several, as the criteria read them."""
    here = rows.within(company_idx, company_idx + 1)
    at = np.flatnonzero(here.director_idx == director_idx)
    return float(here.value[at[-1]]) if at.size else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _letter(code: int) -> str | None:
    return None if code < 0 else chr(ord("A") + code)


def _neutral(columns: Columns) -> float:
    return float(columns.policy.thresholds.neutral)
