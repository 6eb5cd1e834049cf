"""The director who is missing: a made-up one is added to the tables, and the programme is solved with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from matcher.domain import geography
from matcher.domain.policy import TierName, statuses_in_service
from matcher.domain.problem import Problem, empty_table
from matcher.explain.losses import Loss, Pair
from matcher.explain.standing import Standing
from matcher.model.formulation import Int64
from matcher.pairing.candidates import build_candidates

Row = dict[str, Any]
"""Any: a cell is a text or a number."""

MAX_SLOTS = 3
N_PLACES = 5
MUST_COUNTS = 3
"""A must-need weighs this many times a need when skills are chosen."""
NOT_STATED = (
    "hours_per_month",
    "on_site_days_per_month",
    "max_distance_km",
    "available_from",
    "available_until",
    "fee_jpy_per_month",
    "experience_years",
    "style",
    "hands_on_rating",
    "owner_years",
    "own_industry",
    "results",
    "ties",
)
"""What is left out of a made-up director: hours, days and reach suffice, no fee is counted, style is neutral; without
own business, results and ties these criteria give 0 points."""

_OF_DIRECTORS = ("director_results", "ties", "pairs", "engagements", "ratings", "distances", "pair_hours")


@dataclass(frozen=True)
class Profile:
    """A made-up director, in service all the time; everything in `NOT_STATED` is missing.

    Attributes
    ----------
    prefecture : home, JIS code; skills : (skill, level) by own hands
    regions : JIS codes of the prefectures they know at level `knowledge`; none where nobody states any
    """

    prefecture: int
    skills: tuple[tuple[str, int], ...]
    regions: tuple[int, ...]
    knowledge: float | None
    slots: int


@dataclass(frozen=True)
class Relief:
    """What a profile brings.

    Attributes
    ----------
    loss : of points, below 0 where it brings some; losses : by tier of the policy
    serves : companies the new director serves; newly : (director, company) of companies without a match before, the
        new director counted as n_directors; no_longer : companies that lose theirs
    """

    profile: Profile
    loss: Loss
    losses: Mapping[TierName, Loss]
    serves: tuple[int, ...]
    newly: tuple[Pair, ...]
    no_longer: tuple[int, ...]

    @property
    def is_gain(self) -> bool:
        """Whether the first tier that differs is the better for it."""
        decides = next((loss for loss in self.losses.values() if loss.points != 0), None)
        return decides is not None and decides.points is not None and decides.points < 0


@dataclass(frozen=True)
class Advice:
    """The profile with the largest gain of those tried: with all its slots, and with one.

    `is_proved` tells whether the gains of all that were tried are.
    """

    whole: Relief
    one: Relief
    n_tried: int
    is_proved: bool


def advise(
    standing: Standing,
    companies: Sequence[int],
    relieved: Callable[[Profile], Relief],
    *,
    skill: str | None,
    slots: int,
    n_tried: int,
) -> Advice:
    """The best of a handful of profiles for some companies.

    Parameters
    ----------
    relieved : `relieve`, which may remember what it has solved
    skill : one that every profile has; slots : of the new director; n_tried : programmes solved to choose

    Notes
    -----
    Profiles are first ordered by what their director's points exceed those of the companies' present matches by, and
    the best `n_tried` are solved. Skills of no use to whom the new director then serves are taken off the best of
    them, and what is reported is solved once more with just the skills that are left.
    """
    tried = _promising(standing, _profiles(standing.problem, companies, skill, slots), companies)[:n_tried]
    reliefs = [relieved(profile) for profile in tried]
    best = min(reliefs, key=lambda one: _rank(one.losses))
    needed = _trimmed(standing.problem, best.profile, best.serves)
    is_proved = all(loss.word == "proved" for one in reliefs for loss in one.losses.values())
    return Advice(relieved(needed), relieved(replace(needed, slots=1)), len(tried), is_proved)


def relieve(standing: Standing, profile: Profile) -> Relief:
    """Solve the programme with a director of a profile."""
    optimum = standing.solve_problem(with_director(standing.problem, profile))
    new = len(standing.problem.directors)
    served = {company for _, company in standing.pairs}
    is_served = {company for _, company in optimum.pairs}
    losses = standing.losses(optimum)
    return Relief(
        profile,
        losses[standing.points_tier],
        MappingProxyType(dict(zip(standing.tiers, losses, strict=True))),
        tuple(sorted(company for director, company in optimum.pairs if director == new)),
        tuple(sorted((pair for pair in optimum.pairs if pair[1] not in served), key=lambda pair: pair[1])),
        tuple(sorted(served - is_served)) if optimum.pairs else (),
    )


def with_director(problem: Problem, profile: Profile) -> Problem:
    """The problem with one director more, who stands after all others."""
    tables = dict(problem.tables)
    for name, rows in _rows(_new_id(problem), profile).items():
        tables[name] = _appended(problem.tables[name], rows)
    return replace(problem, tables=MappingProxyType(tables))


def _new_id(problem: Problem) -> str:
    """An id behind all others, so that no index moves."""
    return f"{max(problem.director_ids, default='')}+"


def _rows(director_id: str, profile: Profile) -> dict[str, list[Row]]:
    return {
        "directors": [
            {
                "id": director_id,
                "prefecture": profile.prefecture,
                "status": "engaged",
                "max_companies": profile.slots,
                "own_prefecture": 0,
            }
        ],
        "director_skills": [
            {"director_id": director_id, "skill": skill, "level": level, "hands_on": True}
            for skill, level in sorted(profile.skills)
        ],
        "director_regions": [
            {"director_id": director_id, "prefecture": code, "knowledge": profile.knowledge} for code in profile.regions
        ],
    }


def _appended(table: pd.DataFrame, rows: list[Row]) -> pd.DataFrame:
    if not rows:
        return table
    full = [{**dict.fromkeys(table.columns), **row} for row in rows]
    added = pd.DataFrame(full, columns=table.columns).astype(table.dtypes.to_dict())
    return added if table.empty else pd.concat([table, added], ignore_index=True)


def _rank(losses: Mapping[TierName, Loss]) -> tuple[tuple[bool, int], ...]:
    return tuple((loss.points is None, loss.points or 0) for loss in losses.values())


def _profiles(problem: Problem, companies: Sequence[int], skill: str | None, slots: int) -> list[Profile]:
    """Homes in the middle of the companies, times the skills that these want, or those of them in the same region."""
    prefecture = problem.companies["prefecture"].to_numpy(np.int64)[list(companies)]
    knowledge = _typical_knowledge(problem)
    codes = np.unique(prefecture).tolist()
    found = []
    for home in _homes(prefecture):
        around = [code for code in codes if geography.region_of(code) == geography.region_of(home)]
        near = [company for company, code in zip(companies, prefecture.tolist(), strict=True) if code in around]
        for crowd in (companies, near):
            bundle = _bundle(problem, crowd, skill)
            found.append(Profile(home, bundle, tuple(around) if knowledge is not None else (), knowledge, slots))
    return list(dict.fromkeys(found))


def _typical_knowledge(problem: Problem) -> float | None:
    """The median of all levels that directors in service state of prefectures; None where they state none."""
    is_in_service = problem.directors["status"].isin(statuses_in_service(problem.policy)).to_numpy()
    known = problem.tables["director_regions"]
    levels = known["knowledge"].to_numpy(np.float64)[is_in_service[problem.director_idx(known["director_id"])]]
    return float(np.median(levels)) if levels.size else None


def _homes(prefecture: Int64) -> list[int]:
    """The prefecture that is nearest to all companies together, then those with the most of them."""
    codes, counts = np.unique(prefecture, return_counts=True)
    latitude, longitude = geography.prefecture_office(codes)
    km = geography.great_circle_km(latitude[:, None], longitude[:, None], latitude[None, :], longitude[None, :])
    order = [int(np.argmin(km @ counts)), *np.argsort(-counts, kind="stable").tolist()]
    return [int(codes[place]) for place in dict.fromkeys(order)][:N_PLACES]


def _bundle(problem: Problem, companies: Sequence[int], skill: str | None) -> tuple[tuple[str, int], ...]:
    """The skills that weigh most in what companies need, each at the highest level wanted.

    As many as a director of the present ones lists in the middle, and no fewer than a company must have.
    """
    needs = problem.tables["company_needs"]
    own = needs[np.isin(problem.company_idx(needs["company_id"]), list(companies))]
    if own.empty:
        return ()
    weight = (own["weight"] * np.where(own["must"], MUST_COUNTS, 1)).groupby(own["skill"]).sum()
    order = sorted(weight.index, key=lambda name: (name != skill, -float(weight[name]), name))
    listed = problem.tables["director_skills"].groupby("director_id").size()
    n_must = own[own["must"]].groupby("company_id").size()
    n = max(int(listed.median()) if len(listed) else 1, int(n_must.max()) if len(n_must) else 1)
    level = own.groupby("skill")["level"].max()
    return tuple(sorted((str(name), int(level[name])) for name in order[:n]))


def _promising(standing: Standing, profiles: list[Profile], companies: Sequence[int]) -> list[Profile]:
    """The profiles, those first whose director has most points above the present matches in their best companies."""
    problem = standing.problem
    tables = {**problem.tables, **{name: empty_table(name) for name in _OF_DIRECTORS}}
    made = [_rows(f"{place:04}", profile) for place, profile in enumerate(profiles)]
    for name in ("directors", "director_skills", "director_regions"):
        tables[name] = _appended(empty_table(name), [row for rows in made for row in rows[name]])
    candidates = build_candidates(replace(problem, tables=MappingProxyType(tables)))
    present = np.zeros(len(problem.companies), np.int64)
    present[standing.candidates.company_idx[standing.is_chosen]] = standing.candidates.points[standing.is_chosen]
    worth = []
    for place, profile in enumerate(profiles):
        own = candidates.director_idx == place
        above = np.sort(candidates.points[own] - present[candidates.company_idx[own]])[::-1]
        worth.append(int(np.maximum(above[: profile.slots], 0).sum()))
    return [profiles[place] for place in np.argsort(-np.array(worth), kind="stable").tolist()]


def _trimmed(problem: Problem, profile: Profile, serves: Sequence[int]) -> Profile:
    """The profile without skills and levels that none of the companies it serves needs."""
    if not serves:
        return profile
    needs = problem.tables["company_needs"]
    own = needs[np.isin(problem.company_idx(needs["company_id"]), list(serves))]
    level = own.groupby("skill")["level"].max()
    skills = tuple((name, min(held, int(level[name]))) for name, held in profile.skills if name in level.index)
    prefecture = set(problem.companies["prefecture"].to_numpy(np.int64)[list(serves)].tolist())
    regions = tuple(code for code in profile.regions if code in prefecture)
    return replace(profile, skills=skills, regions=regions)
