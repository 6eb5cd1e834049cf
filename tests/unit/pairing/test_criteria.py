"""Each criterion: its value by hand, its boundary, and what a missing value means; and the points they make."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from matcher.domain.policy import CRITERIA
from matcher.errors import ModelError
from matcher.pairing.block import Block
from matcher.pairing.candidates import build_candidates
from matcher.pairing.columns import build_columns
from matcher.pairing.criteria import CRITERION_FUNCTIONS, score_pairs
from tests.problems import small_problem

Row = dict[str, Any]


def value(
    name: str, director: Row | None = None, company: Row | None = None, policy: Row | None = None, **tables: list[Row]
) -> tuple[float, bool]:
    """The criterion of the one pair, and whether the neutral value stood in."""
    problem = small_problem([director or {}], [company or {}], policy=policy, **tables)
    scores = score_pairs(Block(build_columns(problem), 0, 1).mesh())
    shape = (1, 1)
    return (
        float(np.broadcast_to(scores.values[name], shape)[0, 0]),
        bool(np.broadcast_to(scores.is_neutral[name], shape)[0, 0]),
    )


def need(skill: str, level: int, **more: Any) -> Row:
    return {"company_id": "c1", "skill": skill, "level": level, **more}


def skill(name: str, level: int, **more: Any) -> Row:
    return {"director_id": "d1", "skill": name, "level": level, **more}


def test_criteria_stand_in_the_order_of_the_policy() -> None:
    assert tuple(CRITERION_FUNCTIONS) == CRITERIA


@pytest.mark.parametrize(
    ("needs", "skills", "expected"),
    [
        ([need("SNS", 4)], [skill("SNS", 2)], 0.5),
        ([need("SNS", 2)], [skill("SNS", 5)], 1.0),
        ([need("SNS", 2)], [skill("EC", 5)], 0.0),
        ([need("SNS", 2)], [skill("ＳＮＳ", 2)], 1.0),
        ([need("SNS", 4, weight=3), need("EC", 1)], [skill("SNS", 2)], 1.5 / 4),
        ([need("SNS", 4)], [skill("SNS", 4, hands_on=False)], 1.0),
    ],
)
def test_experience_is_the_weighted_share_of_levels(needs: list[Row], skills: list[Row], expected: float) -> None:
    assert value("experience", company_needs=needs, director_skills=skills) == (expected, False)


@pytest.mark.parametrize(
    ("years", "expected"), [(5, (0.5, False)), (10, (1.0, False)), (30, (1.0, False)), (None, (0.5, True))]
)
def test_experience_without_needs_counts_years(years: float | None, expected: tuple[float, bool]) -> None:
    assert value("experience", {"experience_years": years}) == expected
    assert value("experience", {"experience_years": years}, company_needs=[need("SNS", 1)]) == (0.0, False)


@pytest.mark.parametrize(
    ("is_marked", "is_by_hand", "expected"), [(True, True, 0.5), (True, False, 0.0), (False, True, 0.6)]
)
def test_hands_on_counts_marked_needs_by_own_hands(is_marked: bool, is_by_hand: bool, expected: float) -> None:
    needs = [need("SNS", 4, hands_on=is_marked), need("EC", 5)]
    skills = [skill("SNS", 2, hands_on=is_by_hand), skill("EC", 5)]
    found = value("hands_on", {"hands_on_rating": 3}, company_needs=needs, director_skills=skills)
    assert found == (expected, False)


@pytest.mark.parametrize(("rating", "expected"), [(1, (0.2, False)), (5, (1.0, False)), (None, (0.3, True))])
def test_hands_on_without_marked_needs_is_the_rating(rating: float | None, expected: tuple[float, bool]) -> None:
    assert value("hands_on", {"hands_on_rating": rating}, policy={"thresholds": {"neutral": 0.3}}) == expected


@pytest.mark.parametrize(
    ("known", "prefecture", "expected"),
    [
        ({}, "Kochi", 0.8),
        ({"Kochi": 5}, "Kochi", 1.0),
        ({"Kochi": 1}, "Kochi", 0.8),
        ({"Tokyo": 3}, "Tokyo", 0.6),
        ({}, "Ehime", 0.4),  # Kochi, home, is its neighbour
        ({"Tokushima": 5}, "Ehime", 0.5),
        ({"Ehime": 0}, "Ehime", 0.0),
        ({}, "Kagawa", 0.2),  # Kochi is of its region, no neighbour
        ({"Ehime": 1}, "Kagawa", 0.1),  # a neighbour with a row goes before the region
        ({}, "Tokyo", 0.0),
        ({"Kanagawa": 2}, "Tokyo", 0.2),
        ({"Aomori": 5}, "Hokkaido", 0.0),
    ],
)
def test_local_culture_falls_from_row_to_neighbour_to_region(
    known: dict[str, float], prefecture: str, expected: float
) -> None:
    rows = [{"director_id": "d1", "prefecture": name, "knowledge": level} for name, level in known.items()]
    found, is_neutral = value("local_culture", {}, {"prefecture": prefecture}, director_regions=rows)
    assert (found, is_neutral) == (pytest.approx(expected), False)


MATURE = 1 - math.exp(-1)  # five years of owning


@pytest.mark.parametrize(
    ("director", "company", "expected"),
    [
        ({}, {}, (0.0, False)),
        ({"owner_years": 0, "own_industry": "E"}, {"industry": "E"}, (0.0, False)),
        ({"owner_years": 5}, {"industry": "E", "employees": 10}, (0.6 * MATURE, False)),
        ({"owner_years": 5, "own_industry": "E"}, {"industry": "E"}, (0.8 * MATURE, False)),
        ({"owner_years": 5, "own_industry": "E"}, {"industry": "F"}, (0.6 * MATURE, False)),
        ({"owner_years": 5, "own_employees": 10}, {"employees": 40}, (0.8 * MATURE, False)),
        ({"owner_years": 5, "own_employees": 10}, {"employees": 41}, (0.6 * MATURE, False)),
        ({"owner_years": 5, "own_employees": 40}, {"employees": 10}, (0.8 * MATURE, False)),
        ({"owner_years": 5, "own_employees": 41}, {"employees": 10}, (0.6 * MATURE, False)),
        ({"own_industry": "E"}, {"industry": "F"}, (0.5 * 0.6, True)),
    ],
)
def test_own_business_grows_with_years_and_kinship(director: Row, company: Row, expected: tuple[float, bool]) -> None:
    found, is_neutral = value("own_business", director, company)
    assert (found, is_neutral) == (pytest.approx(expected[0]), expected[1])


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ({"raise_revenue": 4}, 0.8),
        ({"raise_revenue": 0, "widen_market": 5}, 0.0),
        ({"widen_market": 2, "other": 4}, 0.4),
        ({}, 0.0),
    ],
)
def test_goal_fit_takes_the_goal_or_half_the_best_other(ratings: dict[str, float], expected: float) -> None:
    rows = [{"director_id": "d1", "goal": goal, "rating": rating} for goal, rating in ratings.items()]
    assert value("goal_fit", director_results=rows) == (pytest.approx(expected), False)


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [((1, 1, 1, 1), 0.0), ((5, 5, 5, 5), 1.0), ((4, 3, 5, 4), 0.75), ((5, 5, 5, None), 0.9), ((None,) * 4, 0.6)],
)
def test_readiness_is_the_mean_rating(ratings: tuple[float | None, ...], expected: float) -> None:
    company = dict(zip(("commitment", "investment", "uniqueness", "openness"), ratings, strict=True))
    found, is_neutral = value("readiness", {}, company, {"thresholds": {"neutral": 0.6}})
    assert (found, is_neutral) == (pytest.approx(expected), None in ratings)


@pytest.mark.parametrize(
    ("style", "wanted", "expected"),
    [
        ("support", "support", (1.0, False)),
        ("propose", "support", (0.0, False)),
        ("both", "support", (1.0, False)),
        ("both", "propose", (1.0, False)),
        (None, "support", (0.4, True)),
        ("both", None, (0.4, True)),
    ],
)
def test_style_fit_is_all_or_nothing(style: str | None, wanted: str | None, expected: tuple[float, bool]) -> None:
    policy = {"thresholds": {"neutral": 0.4}}
    assert value("style_fit", {"style": style}, {"wanted_style": wanted}, policy) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(None, 1.0), (0, 1.0), (2, 1 - 0.5 * (1 - math.exp(-0.5))), (4, math.exp(-0.5)), (8, math.exp(-0.5))],
)
def test_nearness_counts_distance_by_on_site_days(days: float | None, expected: float) -> None:
    distances = [{"from_id": "d1", "to_id": "c1", "km": 250}]
    found = value("nearness", {}, {"on_site_days_per_month": days}, distances=distances)
    assert found == (pytest.approx(expected), False)


@pytest.mark.parametrize(
    ("director", "company", "expected"),
    [(None, None, 0.5), (1, None, 0.75), (None, -1, 0.25), (1, 1, 1.0), (-1, -1, 0.0), (0.5, -1, 0.375)],
)
def test_wishes_add_both_sides(director: float | None, company: float | None, expected: float) -> None:
    said = (("wish_director", director), ("wish_company", company))
    rows = [
        {"director_id": "d1", "company_id": "c1", "rule": rule, "value": wish}
        for rule, wish in said
        if wish is not None
    ]
    assert value("wishes", pairs=rows) == (expected, False)


def test_wishes_take_a_wish_without_a_value_as_a_full_one() -> None:
    assert value("wishes", pairs=[{"director_id": "d1", "company_id": "c1", "rule": "wish_company"}]) == (0.75, False)


WORKED: dict[str, Any] = {
    "directors": [
        {
            "prefecture": "Kochi",
            "style": "both",
            "owner_years": 5,
            "own_industry": "E",
            "own_prefecture": "Tokyo",
            "own_employees": 10,
        }
    ],
    "companies": [
        {
            "prefecture": "Tokushima",
            "industry": "E",
            "employees": 30,
            "on_site_days_per_month": 2,
            "commitment": 4,
            "investment": 3,
            "uniqueness": 5,
            "openness": 4,
            "wanted_style": "propose",
            "priority": 1.2,
        }
    ],
    "director_skills": [skill("SNS", 3), skill("EC", 2, hands_on=False)],
    "company_needs": [need("SNS", 4, weight=2, hands_on=True), need("EC", 2), need("Design", 3)],
    "director_regions": [{"director_id": "d1", "prefecture": "Ehime", "knowledge": 5}],
    "director_results": [{"director_id": "d1", "goal": "widen_market", "rating": 4}],
    "people": [{"prefecture": "Tokushima"}, {"prefecture": "Tokyo"}],
    "person_skills": [
        {"person_id": "p1", "skill": "design", "level": 3},
        {"person_id": "p2", "skill": "SNS", "level": 4},
        {"person_id": "p2", "skill": "EC", "level": 1},
    ],
    "ties": [{"from_id": "d1", "to_id": "p1", "strength": 0.5}, {"from_id": "p1", "to_id": "p2", "strength": 0.8}],
    "distances": [{"from_id": "d1", "to_id": "c1", "km": 250}],
    "pairs": [
        {"director_id": "d1", "company_id": "c1", "rule": "wish_director", "value": 1},
        {"director_id": "d1", "company_id": "c1", "rule": "wish_company", "value": -0.5},
    ],
    "engagements": [{"director_id": "d1", "company_id": "c1"}],
    "policy": {"keep_points": 77},
}

BY_HAND = {  # 10,000 · priority 1.2 = 12,000, × weight, × value
    "experience": 1500,  # 2,400 × (2 · 3/4 + 1 · 2/2 + 1 · 0) / 4 = 2,400 × 0.625
    "hands_on": 1350,  # 1,800 × 3/4, of the one need marked
    "local_culture": 900,  # 1,800 × 5/5 · 0.5: Ehime, a neighbour of Tokushima, before home with 0.8 · 0.5
    "network": 390,  # 1,200 × (2 · 0.4·0.8 + 1 · 0.4·0.8·1/2 + 1 · 0.5) / 4 = 1,200 × 0.325
    "own_business": 759,  # 1,200 × (1 − 1/e) · (0.6 + 0.2 + 0.2) = 758.54
    "goal_fit": 576,  # 1,440 × 0.5 · 4/5
    "readiness": 900,  # 1,200 × (16/4 − 1) / 4
    "style_fit": 360,  # 360 × 1: both
    "nearness": 289,  # 360 × (1 − 2/4 · (1 − e^−0.5)) = 360 × 0.80327 = 289.18
    "wishes": 150,  # 240 × (0.5 + 0.25 − 0.125)
}


def test_points_of_the_worked_example_are_those_by_hand() -> None:
    found = build_candidates(small_problem(**WORKED))
    assert {name: part.tolist() for name, part in found.criteria.items()} == {
        name: [points] for name, points in BY_HAND.items()
    }
    assert found.keep.tolist() == [77]
    assert found.points.tolist() == [77 + 7174]
    assert found.is_running.tolist() == [True]
    assert found.distance_km.tolist() == [250.0]


def test_points_round_half_to_even() -> None:
    policy = {"weights": {name: 1.0 if name == "wishes" else 0.0 for name in CRITERIA}}
    # 10,000 · priority · 0.5 = 0.5 and 3.5 points
    found = build_candidates(small_problem(1, [{"priority": 0.0001}, {"priority": 0.0007}], policy=policy))
    assert found.points.tolist() == [0, 4]


def test_points_refuse_a_priority_beyond_32_bits() -> None:
    problem = small_problem()
    problem.companies["priority"] = 214_749.0
    with pytest.raises(ModelError) as error:
        build_candidates(problem)
    assert error.value.code == "priority_too_high"


def test_tie_values_are_free_of_weight_and_priority() -> None:
    policy = {"weights": {"local_culture": 0}, "tie_break": ["local_culture"]}
    found = build_candidates(small_problem(1, [{"priority": 3}], policy=policy))
    assert {name: part.tolist() for name, part in found.tie_values.items()} == {"local_culture": [8000]}
    assert found.criteria["local_culture"].tolist() == [0]
