"""Sets of companies that are short, and what one more director is worth, against all subsets and a fresh programme."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.problem import Problem
from matcher.explain.bottlenecks import ask, record
from matcher.explain.hall_sets import find_hall_sets
from matcher.explain.profiles import Relief
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from matcher.model.deficiency import find_deficiency
from tests.problems import small_problem

SKILLS = ("EC", "写真")
MONTH = {"2027-04-01": 0, "2027-06-01": 2}

_directors = st.fixed_dictionaries(
    {
        "prefecture": st.sampled_from(("Kochi", "Ehime", "Miyagi")),
        "max_companies": st.sampled_from((1, 0, 2)),
        "hours_per_month": st.sampled_from((None, 12, 20)),
        "experience_years": st.integers(1, 10),
    }
)
_companies = st.fixed_dictionaries(
    {
        "prefecture": st.sampled_from(("Kochi", "Iwate", "Miyagi")),
        "start": st.sampled_from((None, None, *MONTH)),
        "months": st.integers(1, 3),
        "hours_per_month": st.sampled_from((None, 8, 10)),
    }
)


@st.composite
def programmes(draw: st.DrawFn) -> dict[str, Any]:
    directors = draw(st.lists(_directors, min_size=1, max_size=3))
    companies = draw(st.lists(_companies, min_size=1, max_size=5))
    skills = [
        {"director_id": f"d{at}", "skill": skill, "level": draw(st.integers(2, 5))}
        for at in range(1, len(directors) + 1)
        for skill in SKILLS
        if draw(st.booleans())
    ]
    needs = [
        {"company_id": f"c{at}", "skill": skill, "level": draw(st.integers(2, 5)), "must": draw(st.booleans())}
        for at in range(1, len(companies) + 1)
        for skill in draw(st.sets(st.sampled_from(SKILLS), max_size=2))
    ]
    limits = draw(st.sampled_from(({}, {}, {"max_companies": 2}, {"max_directors": 1})))
    rivals = [{"company_id": "c1", "other_id": "c2"}] if len(companies) > 1 and draw(st.booleans()) else []
    return {
        "directors": directors,
        "companies": companies,
        "director_skills": skills,
        "company_needs": needs,
        "rivals": rivals,
        "director_regions": [{"director_id": "d1", "prefecture": "Kochi", "knowledge": 2}],
        "policy": {"limits": limits},
    }


def _standing(rows: Mapping[str, Any]) -> Standing:
    return build_standing(match(small_problem(**rows)))


def _shortages(standing: Standing) -> dict[tuple[int, frozenset[int]], int]:
    """(month, companies) → how many more these are than the slots of all who are eligible for any of them."""
    problem, months = standing.problem, standing.model.months
    capacity = problem.directors["max_companies"].tolist()
    pairs = list(zip(standing.candidates.director_idx.tolist(), standing.candidates.company_idx.tolist(), strict=True))
    found = {}
    for month in range(months.n_months):
        runs = [c for c in range(len(problem.companies)) if months.first[c] <= month <= months.last[c]]
        for size in range(1, len(runs) + 1):
            for some in itertools.combinations(runs, size):
                able = {d for d, c in pairs if c in some}
                found[month, frozenset(some)] = size - sum(capacity[d] for d in able)
    return found


@settings(max_examples=40)
@given(programmes())
def test_sets_are_short_of_what_their_directors_have_and_the_first_is_the_worst_there_is(rows: dict[str, Any]) -> None:
    standing = _standing(rows)
    shortages, sets = _shortages(standing), find_hall_sets(standing)
    worst = max(shortages.values())
    assert (sets[0].shortage if sets else 0) == max(worst, 0)
    labels = [str(month) for month in standing.model.months.start]
    for one in sets:
        month = labels.index(one.month) if one.month else 0
        assert shortages[month, frozenset(one.company_idx)] == one.shortage > 0
        assert len(one.company_idx) - one.supply == one.shortage
        assert max(part.shortage for part in one.months) == one.shortage
    for one, other in itertools.permutations(sets, 2):
        assert one.shortage != other.shortage or not set(one.company_idx) <= set(other.company_idx)
    assert [one.shortage for one in sets] == sorted((one.shortage for one in sets), reverse=True)


@settings(max_examples=40)
@given(programmes())
def test_every_short_prefecture_is_told_unless_a_larger_set_tells_as_much(rows: dict[str, Any]) -> None:
    standing = _standing(rows)
    shortages, sets = _shortages(standing), find_hall_sets(standing)
    prefecture = standing.problem.companies["prefecture"].tolist()
    for code in set(prefecture):
        own = {c for c, where in enumerate(prefecture) if where == code}
        worst = max((short for (_, some), short in shortages.items() if some <= own), default=0)
        told = [one for one in sets if one.shortage == worst and own & set(one.company_idx)]
        assert worst <= 0 or told


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), unique=True, max_size=14),
    st.lists(st.integers(0, 2), min_size=4, max_size=4),
)
def test_no_worst_set_has_a_short_part_outside_of_the_one_that_is_found(
    edges: list[tuple[int, int]], supply: list[int]
) -> None:
    left, right = (np.array([edge[side] for edge in edges], np.int64) for side in (0, 1))
    found = find_deficiency(left, right, np.array(supply), np.ones(6, np.bool_))

    def short(some: tuple[int, ...]) -> int:
        return len(some) - sum(supply[d] for d in {d for d, c in edges if c in some})

    subsets = [some for size in range(7) for some in itertools.combinations(range(6), size)]
    worst = max(map(short, subsets))
    members = set(np.flatnonzero(found.is_short).tolist())
    assert found.shortage == worst == short(tuple(members))
    for some in subsets:
        outside = tuple(set(some) - members)
        assert short(some) < worst or not outside or short(outside) == 0
    parts = [tuple(np.flatnonzero(found.part == at).tolist()) for at in range(int(found.part.max()) + 1)]
    assert sum(map(short, parts)) == worst and all(short(part) > 0 for part in parts)


def test_who_reaches_a_spare_slot_by_a_chain_of_moves_is_not_short() -> None:
    # 0 and 1 could have slots of 2's two directors, one of which is spare; 3 and 4 have one slot between them.
    edges = np.array([(0, 0), (2, 0), (1, 1), (2, 1), (0, 2), (1, 2), (2, 3), (2, 4)])
    found = find_deficiency(edges[:, 0], edges[:, 1], np.array([2, 2, 1]), np.ones(5, np.bool_))
    assert found.shortage == 1 and found.part.tolist() == [-1, -1, -1, 0, 0]


def _with(rows: Mapping[str, Any], relief: Relief) -> Problem:
    """The programme with the new director, from rows as people would write them."""
    profile, name = relief.profile, "d9"
    return small_problem(
        **{
            **rows,
            "directors": [
                *({"id": f"d{at}", **row} for at, row in enumerate(rows["directors"], start=1)),
                {"id": name, "prefecture": profile.prefecture, "max_companies": profile.slots},
            ],
            "director_skills": [
                *rows["director_skills"],
                *({"director_id": name, "skill": skill, "level": level} for skill, level in profile.skills),
            ],
            "director_regions": [
                *rows["director_regions"],
                *({"director_id": name, "prefecture": code, "knowledge": 2} for code in profile.regions),
            ],
        }
    )


@settings(max_examples=8)
@given(programmes())
def test_a_profile_gains_what_the_programme_with_such_a_director_has_more(rows: dict[str, Any]) -> None:
    standing = _standing(rows)
    answer = ask(standing)
    record(standing, answer)
    value = standing.plan.certificate.value
    assert value is not None
    for bottleneck in answer.bottlenecks[:2]:
        assert bottleneck.advice is not None
        for relief in (bottleneck.advice.whole, bottleneck.advice.one):
            fresh = match(_with(rows, relief))
            assert fresh.certificate.word == relief.loss.word == "proved"
            assert fresh.certificate.value == value - (relief.loss.points or 0)
            assert len(relief.serves) <= relief.profile.slots
            assert (relief.loss.points or 0) <= 0
        whole, one = bottleneck.advice.whole.loss.points, bottleneck.advice.one.loss.points
        assert whole is not None and one is not None and whole <= one
