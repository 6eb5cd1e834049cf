"""The other plans and the grades of matches against every plan there is, on small random programmes."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from matcher.errors import UsageError
from matcher.explain import alternatives
from matcher.explain.alternatives import AlternativesAnswer, tolerance_of
from matcher.explain.grades import grades
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from matcher.model.objectives import value_at
from tests.brute_force import brute_force
from tests.problems import small_problem
from tests.properties.test_match_properties import programmes


def _standing(rows: dict[str, Any]) -> Standing:
    from matcher.pairing.candidates import build_candidates

    problem = small_problem(**rows)
    plan = None if build_candidates(problem).contradictions else match(problem)
    if plan is None or plan.status != "optimal":
        reject()
    return build_standing(plan)


def _every_plan(standing: Standing) -> np.ndarray:
    """(n_plans, n_pairs) every plan once, whatever its auxiliary columns."""
    found = brute_force(standing.model.formulation).feasible
    n_pairs = standing.candidates.n_pairs
    plans = sorted({x[:n_pairs] for x in found})
    return np.array(plans, np.int64).reshape(len(plans), n_pairs)


def _ranked(standing: Standing, plans: np.ndarray) -> list[tuple[tuple[int, ...], frozenset[tuple[int, int]]]]:
    """What ranks each plan, and its matches, best first; for policies whose tiers add up over pairs."""
    tiers, n_pairs = standing.model.tiers, standing.candidates.n_pairs
    rows = []
    for x in plans:
        key = tuple(int(tier.objective[:n_pairs] @ x) for tier in tiers)
        rows.append((key, frozenset(standing.pair_of(int(column)) for column in np.flatnonzero(x))))
    return sorted(rows, key=lambda row: row[0], reverse=True)


def _check(standing: Standing, plans: np.ndarray, within: int, best: int) -> AlternativesAnswer:
    answer = alternatives.ask(standing, within=str(within), best=best)
    ranked = _ranked(standing, plans)
    assert ranked[0][1] == standing.pairs
    others = [row for row in ranked[1:] if row[0][0] >= ranked[0][0][0] - within]
    assert answer.word in ("proved", "claimed")
    assert [plan.pairs for plan in answer.plans] == [pairs for _, pairs in others[:best]]
    assert [plan.points for plan in answer.plans] == [key[0] for key, _ in others[:best]]
    assert answer.is_all == (len(others) <= best)
    assert dict(answer.n_kept) == {
        pair: sum(pair in pairs for _, pairs in others[:best]) for pair in sorted(standing.pairs)
    }
    return answer


@settings(max_examples=20)
@given(programmes(), st.sampled_from((0, 500, 3000, 100_000)), st.integers(1, 8))
def test_other_plans_are_the_best_of_all_in_order(rows: dict[str, Any], within: int, best: int) -> None:
    standing = _standing(rows)
    _check(standing, _every_plan(standing), within, best)


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """4 × 4 pairs of whole-number wishes, full of ties: slots and a total are all their limits."""
    wishes = draw(st.lists(st.sampled_from((-1.0, -0.5, 0.0, 0.5)), min_size=16, max_size=16))
    pairs = [
        {"director_id": f"d{d}", "company_id": f"c{c}", "rule": "wish_company", "value": value}
        for (d, c), value in zip(itertools.product(range(1, 5), range(1, 5)), wishes, strict=True)
    ]
    slots = draw(st.lists(st.integers(0, 2), min_size=4, max_size=4))
    weights = {**dict.fromkeys(("experience", "hands_on", "local_culture", "network", "own_business"), 0)}
    weights |= {**dict.fromkeys(("goal_fit", "readiness", "style_fit", "nearness"), 0), "wishes": 1}
    return {
        "directors": [{"max_companies": n} for n in slots],
        "companies": [{} for _ in range(4)],
        "pairs": pairs,
        "policy": {"weights": weights, "limits": {"max_companies": draw(st.integers(1, 4))}, "tie_break": []},
    }


def _network_plans(standing: Standing, rows: dict[str, Any]) -> np.ndarray:
    slots = [row["max_companies"] for row in rows["directors"]]
    most = rows["policy"]["limits"]["max_companies"]
    out = []
    for choice in itertools.product(range(-1, 4), repeat=4):
        served = [d for d in choice if d >= 0]
        if len(served) <= most and all(served.count(d) <= slots[d] for d in range(4)):
            x = np.zeros(standing.candidates.n_pairs, np.int64)
            for company, director in enumerate(choice):
                if director >= 0:
                    column = standing.column_of(director, company)
                    assert column is not None
                    x[column] = 1
            out.append(x)
    return np.array(out)


@settings(max_examples=12)
@given(networks(), st.sampled_from((0, 2500, 6000)))
def test_other_plans_of_a_network_come_in_order(rows: dict[str, Any], within: int) -> None:
    standing = _standing(rows)
    assert standing.residual is not None
    answer = _check(standing, _network_plans(standing, rows), within, 12)
    assert answer.word == "proved"


def _graded(standing: Standing, plans: np.ndarray, spread: int) -> dict[tuple[int, int], str]:
    """Every grade from its definition: every corner of the points, every plan."""
    points, n_pairs = standing.candidates.points, standing.candidates.n_pairs
    corners = np.array(list(itertools.product((-spread, spread), repeat=n_pairs)), np.int64).reshape(
        2**n_pairs, n_pairs
    )
    values = plans @ (points + corners).T
    is_best = values == values.max(axis=0)
    plain = plans @ points
    out = {}
    for column in np.flatnonzero(standing.is_chosen):
        lacks = plans[:, column] == 0
        is_tie = bool((plain[lacks] == plain.max()).any())
        grade = "C" if is_tie else "B" if bool(is_best[lacks].any()) else "A"
        out[standing.pair_of(int(column))] = grade
    return out


@settings(max_examples=25)
@given(programmes(), st.sampled_from((0, 1, 100, 400, 1000, 3000)))
def test_a_grade_is_what_every_corner_of_the_points_says(rows: dict[str, Any], spread: int) -> None:
    standing = _standing(rows)
    assume(standing.candidates.n_pairs <= 8)
    found = grades(standing, spread_points=spread)
    assert all(match.grade is not None for match in found.matches)
    assert {match.pair: match.grade for match in found.matches} == _graded(standing, _every_plan(standing), spread)


@settings(max_examples=12)
@given(networks(), st.sampled_from((0, 1250, 1300, 2000)))
def test_grades_of_a_network_agree_too(rows: dict[str, Any], spread: int) -> None:
    rows = {**rows, "directors": rows["directors"][:2], "companies": rows["companies"]}
    rows["pairs"] = [row for row in rows["pairs"] if row["director_id"] in ("d1", "d2")]
    standing = _standing(rows)
    found = grades(standing, spread_points=spread)
    graded = _graded(standing, _every_plan(standing), spread)
    assert {match.pair: match.grade for match in found.matches} == graded


def test_swaps_elsewhere_do_not_lower_a_grade() -> None:
    # d1 with c1 leads; d2 could as well take c3 instead of c2. Against the published plan a rival gains by leaving c1
    # *and* by swapping c2, but a plan with c1 can swap too.
    wishes = {("d1", "c1"): 0.5, ("d1", "c4"): 0.0, ("d2", "c2"): 0.5, ("d2", "c3"): 0.5}
    ids = [(f"d{d}", f"c{c}") for d in (1, 2) for c in (1, 2, 3, 4)]
    rows: dict[str, Any] = {
        "directors": [{}, {}],
        "companies": [{} for _ in range(4)],
        "pairs": [
            {"director_id": d, "company_id": c, "rule": "wish_company", "value": wishes[d, c]}
            if (d, c) in wishes
            else {"director_id": d, "company_id": c, "rule": "forbid"}
            for d, c in ids
        ],
    }
    standing = _standing(rows)
    points = {standing.pair_of(n): int(p) for n, p in enumerate(standing.candidates.points)}
    lead = points[0, 0] - points[0, 3]
    spread = (lead - 1) // 2
    assert lead < 4 * spread
    grade = {match.pair: match.grade for match in grades(standing, spread_points=spread).matches}
    assert grade[0, 0] == "A"
    assert sorted(grade.values()) == ["A", "C"]
    assert {match.grade for match in grades(standing, spread_points=lead).matches} == {"B", "C"}


@pytest.mark.parametrize(
    ("within", "points"), [("1%", 300), ("0.1%", 30), ("0.5％", 150), ("120", 120), ("0", 0), (" 2 % ", 600)]
)
def test_tolerance_is_a_share_or_points(within: str, points: int) -> None:
    assert tolerance_of(within, 30_000) == points


@pytest.mark.parametrize("within", ["", "-1", "abc", "nan", "inf%", "1 percent"])
def test_tolerance_that_says_nothing_is_refused(within: str) -> None:
    with pytest.raises(UsageError) as refused:
        tolerance_of(within, 30_000)
    assert refused.value.code == "within_not_read"


def test_tiers_before_the_points_are_kept() -> None:
    rows: dict[str, Any] = {
        "directors": [{"max_companies": 2}],
        "companies": [{"priority": 1.0}, {"priority": 3.0}, {"priority": 2.0}],
        "policy": {"objective": ["companies_served", "points"]},
    }
    standing = _standing(rows)
    answer = alternatives.ask(standing, within="100%", best=10)
    tier = standing.model.tiers[0]
    assert all(len(plan.pairs) == 2 for plan in answer.plans) and len(answer.plans) == 2
    assert value_at(tier, standing.is_chosen.astype(np.int64), 3) == 2
    assert answer.is_all and answer.tier == "points"
