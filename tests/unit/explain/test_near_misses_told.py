"""What is said to make a director eligible does: with just that change the pair is a candidate, with less it is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from matcher.domain.problem import Problem
from matcher.explain import company
from matcher.explain.standing import build_standing
from matcher.matching import match
from matcher.pairing.candidates import build_candidates
from matcher.pairing.columns import build_columns
from matcher.pairing.near_misses import explain_rules, nearest_directors
from matcher.words.explain_near import near_miss_line, rounded_up
from tests.problems import small_problem
from tests.properties.test_pairing_properties import problems

Row = dict[str, Any]


@settings(max_examples=15)
@given(problems())
def test_nearest_director_is_the_one_the_plan_names(problem: Problem) -> None:
    columns = build_columns(problem)
    for company_idx, miss in build_candidates(problem).near_misses.items():
        nearest = nearest_directors(columns, company_idx, most=3)
        assert nearest[0] == miss.director_idx
        assert len(nearest) == len(set(nearest)) == min(3, len(problem.directors))


@pytest.mark.parametrize(
    ("column", "offered", "wanted", "said"),
    [
        ("max_distance_km", 700.0, {"on_site_days_per_month": 1, "prefecture": "Tokyo"}, "km more reach"),
        ("hours_per_month", 10.05, {"hours_per_month": 15}, "5 more hours a month"),
        ("on_site_days_per_month", 1.0, {"on_site_days_per_month": 3.5}, "2.5 more on-site days a month"),
    ],
)
def test_director_is_eligible_with_just_the_change_told(column: str, offered: float, wanted: Row, said: str) -> None:
    problem = small_problem([{column: offered}], [wanted])
    (rule,) = [one for one in explain_rules(problem, 0, 0) if not one.holds]
    amount = next(one for one in rule.amounts if one.wanted > one.offered)
    assert said in near_miss_line("D", [rule], "en")
    by = rounded_up(amount)
    step = 1 if column == "max_distance_km" else 0.1 if column == "hours_per_month" else 0.01
    assert build_candidates(small_problem([{column: offered + by}], [wanted])).n_pairs == 1
    assert build_candidates(small_problem([{column: offered + by - step}], [wanted])).n_pairs == 0


def test_company_nobody_can_serve_is_told_every_rule_and_the_nearest_three() -> None:
    directors = [
        {"max_distance_km": 100},
        {"max_distance_km": 600},
        {"max_distance_km": 650, "status": "paused"},
        {"max_distance_km": 500},
        {"max_distance_km": 550},
    ]
    far = {"prefecture": "Tokyo", "on_site_days_per_month": 1}
    answer = company.ask(build_standing(match(small_problem(directors, [far]))), 0)
    assert answer.unserved is not None and answer.unserved.reason == "nobody_eligible"
    assert dict(answer.failed) == {"in_service": 1, "in_reach": 5}
    assert [one.director_idx for one in answer.nearest] == [1, 4, 3]
    assert answer.serving is None and answer.alternatives == ()


def test_company_below_the_threshold_is_told_the_points_it_lacks() -> None:
    problem = small_problem(1, 1, policy={"thresholds": {"min_score_points": 9000}})
    answer = company.ask(build_standing(match(problem)), 0)
    assert answer.unserved is not None and answer.unserved.reason == "below_threshold"
    assert dict(answer.failed) == {"min_score": 1}
    scored = build_candidates(small_problem(1, 1)).points[0]
    assert near_miss_line("D", answer.nearest[0].rules, "ja") == (
        f"D：点が{9000 - int(scored):,}点上がることで、条件を満たします。"
    )
