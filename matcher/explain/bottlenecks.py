"""Where directors are too few: sets of companies that compete for them, and the director who would relieve each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from matcher.explain.hall_sets import HallSet, find_hall_sets
from matcher.explain.profiles import MAX_SLOTS, NOT_STATED, Advice, Profile, Relief, advise, relieve
from matcher.explain.records import Record, loss_record, losses_record
from matcher.explain.standing import Standing

MAX_SETS = 10
"""Sets told, the largest shortages first."""
SMALL = 20_000
"""Pairs looked at up to which every set gets a profile; solving again is quick then, and in a network."""
N_TRIED = 4
N_SETS_OF_LARGE, N_TRIED_OF_LARGE = 2, 1


@dataclass(frozen=True)
class Bottleneck:
    """A set that is short; `advice` is None where none was looked for."""

    found: HallSet
    advice: Advice | None


@dataclass(frozen=True)
class BottlenecksAnswer:
    """Sets that are short, largest shortage first.

    Attributes
    ----------
    n_sets : sets there are; more than MAX_SETS are not told
    n_pairs : pairs looked at; above SMALL, outside networks, few sets get a profile, and few profiles are tried
    is_bounded : whether they are
    n_advised : sets for which a profile was looked for: the first of those where directors are the reason, then of
        the others
    """

    bottlenecks: tuple[Bottleneck, ...]
    n_sets: int
    n_companies: int
    n_pairs: int
    n_advised: int
    is_bounded: bool
    off_by: int | None


def ask(standing: Standing) -> BottlenecksAnswer:
    """The sets of companies that compete for too few directors, and who would relieve them.

    Notes
    -----
    Sets count slots; hours, days on site and rivals may leave even less room. The profiles' gains come from solving
    the whole programme, with all its limits.
    """
    every = find_hall_sets(standing)
    sets = every[:MAX_SETS]
    is_quick = standing.candidates.n_considered <= SMALL or standing.residual is not None
    n_advised = min(len(sets), MAX_SETS if is_quick else N_SETS_OF_LARGE)
    n_tried = N_TRIED if is_quick else N_TRIED_OF_LARGE
    order = sorted(range(len(sets)), key=lambda place: sets[place].reason != "directors")
    advised = set(order[:n_advised])

    @cache
    def relieved(profile: Profile) -> Relief:
        return relieve(standing, profile)

    found = tuple(
        Bottleneck(one, _advice(standing, one, relieved, n_tried) if place in advised else None)
        for place, one in enumerate(sets)
    )
    return BottlenecksAnswer(
        found,
        n_sets=len(every),
        n_companies=len(standing.problem.companies),
        n_pairs=standing.candidates.n_considered,
        n_advised=n_advised,
        is_bounded=not is_quick,
        off_by=standing.off_by,
    )


def sets_only(standing: Standing) -> BottlenecksAnswer:
    """The sets that are short, without looking for who would relieve them: nothing is solved again."""
    every = find_hall_sets(standing)
    return BottlenecksAnswer(
        tuple(Bottleneck(one, None) for one in every[:MAX_SETS]),
        n_sets=len(every),
        n_companies=len(standing.problem.companies),
        n_pairs=standing.candidates.n_considered,
        n_advised=0,
        is_bounded=False,
        off_by=standing.off_by,
    )


def _advice(standing: Standing, one: HallSet, relieved: Callable[[Profile], Relief], n_tried: int) -> Advice:
    skill = str(one.value) if one.scope in ("must_skill", "skill") else None
    slots = min(one.shortage, MAX_SLOTS)
    return advise(standing, one.company_idx, relieved, skill=skill, slots=slots, n_tried=n_tried)


def record(standing: Standing, answer: BottlenecksAnswer) -> Record:
    """The answer as plain data. A gain is a loss below 0."""
    return {
        "n_companies": answer.n_companies,
        "n_sets": answer.n_sets,
        "n_sets_left_out": answer.n_sets - len(answer.bottlenecks),
        "n_advised": answer.n_advised,
        "n_pairs_considered": answer.n_pairs,
        "bounds": {
            "sets": MAX_SETS,
            "advised_sets": N_SETS_OF_LARGE if answer.is_bounded else MAX_SETS,
            "profiles_tried_per_set": N_TRIED_OF_LARGE if answer.is_bounded else N_TRIED,
            "because_pairs_exceed": SMALL if answer.is_bounded else None,
        },
        "off_by_points": answer.off_by,
        "bottlenecks": [_bottleneck_record(standing, one) for one in answer.bottlenecks],
    }


def _bottleneck_record(standing: Standing, one: Bottleneck) -> Record:
    problem, found = standing.problem, one.found
    return {
        "scope": found.scope,
        "value": found.value,
        "month": found.month or None,
        "months": [
            {
                "month": one.month or None,
                "demand_slots": one.n_companies,
                "supply_slots": one.supply,
                "shortage_slots": one.shortage,
            }
            for one in found.months
        ],
        "company_ids": [problem.company_ids[idx] for idx in found.company_idx],
        "director_ids": [problem.director_ids[idx] for idx in found.director_idx],
        "demand_slots": len(found.company_idx),
        "supply_slots": found.supply,
        "shortage_slots": found.shortage,
        "reason": found.reason,
        "allowed_companies": found.allowed,
        "quota": found.quota,
        "advice": None
        if one.advice is None
        else {
            "n_tried": one.advice.n_tried,
            "all_tried_proved": one.advice.is_proved,
            "whole": _relief_record(standing, one.advice.whole),
            "one_slot": _relief_record(standing, one.advice.one),
        },
    }


def _relief_record(standing: Standing, relief: Relief) -> Record:
    problem, profile = standing.problem, relief.profile
    gain = None if relief.loss.points is None else -relief.loss.points
    return {
        "profile": {
            "prefecture": profile.prefecture,
            "skills": [{"skill": skill, "level": level, "hands_on": True} for skill, level in profile.skills],
            "regions": [{"prefecture": code, "knowledge": profile.knowledge} for code in profile.regions],
            "slots": profile.slots,
            "status": "engaged",
            "not_stated": list(NOT_STATED),
        },
        "gain_points": gain,
        **loss_record(relief.loss),
        "losses": losses_record(relief.losses),
        "serves": [problem.company_ids[idx] for idx in relief.serves],
        "newly_served": [
            {
                "company_id": problem.company_ids[company],
                "director_id": None if director == len(problem.directors) else problem.director_ids[director],
            }
            for director, company in relief.newly
        ],
        "no_longer_served": [problem.company_ids[idx] for idx in relief.no_longer],
    }
