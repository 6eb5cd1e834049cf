"""What holds for every data set: blocks do not matter, row order does not matter, points add up."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.domain.policy import CRITERIA
from matcher.domain.problem import Problem, build_problem
from matcher.pairing.candidates import HARD_RULES, RULES, Candidates, build_candidates
from matcher.pairing.columns import build_columns
from matcher.pairing.near_misses import explain_rules
from tests.problems import small_problem

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PREFECTURES = st.sampled_from(["Kochi", "Ehime", "Kagawa", "Tokyo", "Hokkaido"])
SKILLS = st.sampled_from(["SNS", "sns", "EC", "Design"])
LEVELS = st.integers(1, 5)
GOALS = st.sampled_from(["raise_revenue", "widen_market", "other"])


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def rows(**columns: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(columns)


DIRECTORS = rows(
    prefecture=PREFECTURES,
    status=st.sampled_from(["engaged", "engaged", "engaged", "applicant"]),
    hours_per_month=maybe(st.integers(5, 40)),
    on_site_days_per_month=maybe(st.integers(0, 4)),
    max_distance_km=maybe(st.sampled_from([50, 500, 2000])),
    available_until=maybe(st.dates(pd.Timestamp(2026, 7, 1).date(), pd.Timestamp(2026, 12, 1).date())),
    fee_jpy_per_month=maybe(st.integers(1, 9)),
    style=maybe(st.sampled_from(["support", "both"])),
    owner_years=maybe(st.integers(0, 9)),
    own_industry=maybe(st.sampled_from("AES")),
    own_prefecture=maybe(PREFECTURES),
    own_employees=maybe(st.integers(0, 50)),
)
COMPANIES = rows(
    prefecture=PREFECTURES,
    goal=GOALS,
    industry=maybe(st.sampled_from("AES")),
    employees=maybe(st.integers(0, 50)),
    hours_per_month=maybe(st.integers(5, 40)),
    on_site_days_per_month=maybe(st.integers(0, 4)),
    start=maybe(st.just("2026-04-01")),
    budget_jpy_per_month=maybe(st.integers(1, 9)),
    commitment=maybe(LEVELS),
    wanted_style=maybe(st.just("support")),
    priority=st.sampled_from([0.3, 1, 7]),
)
POLICIES = rows(
    thresholds=rows(min_score_points=maybe(st.integers(2000, 5000)), min_readiness=maybe(st.just(0.5))),
    candidates=rows(keep_per_company=maybe(st.integers(1, 2))),
    keep_points=st.sampled_from([0, 300]),
)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    n_directors, n_companies, n_people = draw(st.integers(1, 4)), draw(st.integers(1, 5)), draw(st.integers(0, 3))
    director = st.sampled_from([f"d{n}" for n in range(1, n_directors + 1)])
    company = st.sampled_from([f"c{n}" for n in range(1, n_companies + 1)])
    anyone = st.sampled_from(
        [f"{kind}{n}" for kind, k in (("d", n_directors), ("p", n_people)) for n in range(1, k + 1)]
    )
    person = st.sampled_from([f"p{n}" for n in range(1, n_people + 1)]) if n_people else st.nothing()

    def some(key: tuple[str, ...], **columns: st.SearchStrategy[Any]) -> list[dict[str, Any]]:
        return draw(st.lists(rows(**columns), max_size=8, unique_by=lambda row: tuple(row[name] for name in key)))

    pair = {"director_id": director, "company_id": company}
    return small_problem(
        draw(st.lists(DIRECTORS, min_size=n_directors, max_size=n_directors)),
        draw(st.lists(COMPANIES, min_size=n_companies, max_size=n_companies)),
        policy=draw(POLICIES),
        director_skills=some(
            ("director_id", "skill"), director_id=director, skill=SKILLS, level=LEVELS, hands_on=st.booleans()
        ),
        director_regions=some(
            ("director_id", "prefecture"), director_id=director, prefecture=PREFECTURES, knowledge=st.integers(0, 5)
        ),
        director_results=some(("director_id", "goal"), director_id=director, goal=GOALS, rating=st.integers(0, 5)),
        company_needs=some(
            ("company_id", "skill"),
            company_id=company,
            skill=SKILLS,
            level=LEVELS,
            weight=st.integers(1, 3),
            must=st.sampled_from([True, False, False]),
            hands_on=st.booleans(),
        ),
        people=[{"prefecture": draw(maybe(PREFECTURES))} for _ in range(n_people)],
        person_skills=some(("person_id", "skill"), person_id=person, skill=SKILLS, level=LEVELS) if n_people else [],
        ties=some(("from_id", "to_id"), from_id=anyone, to_id=anyone, strength=st.sampled_from([0.1, 0.7, 1.0])),
        pairs=some(
            ("director_id", "company_id", "rule"),
            **pair,
            rule=st.sampled_from(["pin", "forbid", "wish_director", "wish_company"]),
            value=maybe(st.sampled_from([-1, 0.3])),
            severity=maybe(st.sampled_from(["forbid", "disclose"])),
        ),
        engagements=some(("director_id", "company_id"), **pair),
        distances=some(("from_id", "to_id"), from_id=director, to_id=company, km=st.integers(0, 900)),
    )


def assert_same(one: Candidates, other: Candidates) -> None:
    """Equal to the bit in every field."""
    for name in (field.name for field in fields(Candidates)):
        left, right = getattr(one, name), getattr(other, name)
        if isinstance(left, np.ndarray):
            assert left.dtype == right.dtype, name
            np.testing.assert_array_equal(left, right, err_msg=name)
        elif name in ("criteria", "is_neutral", "tie_values"):
            assert list(left) == list(right)
            for key in left:
                np.testing.assert_array_equal(left[key], right[key], err_msg=f"{name} {key}")
        else:
            assert left == right, name


@quick
@given(problems(), st.integers(1, 12))
def test_blocks_of_any_size_give_the_same_candidates(problem: Problem, pairs_at_once: int) -> None:
    assert_same(build_candidates(problem), build_candidates(problem, pairs_at_once=pairs_at_once))


@quick
@given(problems(), st.integers(0, 2**31))
def test_row_order_does_not_change_the_candidates(problem: Problem, seed: int) -> None:
    shuffled = {name: table.sample(frac=1, random_state=seed % 2**31) for name, table in problem.tables.items()}
    assert_same(build_candidates(problem), build_candidates(build_problem(shuffled, policy=problem.policy)))


@quick
@given(problems())
def test_points_are_the_sum_of_their_parts_and_within_reach(problem: Problem) -> None:
    found = build_candidates(problem)
    np.testing.assert_array_equal(
        found.points, found.keep + sum(found.criteria[name].astype(np.int64) for name in CRITERIA)
    )
    highest = 10_000 * problem.companies["priority"].to_numpy()[found.company_idx] + len(CRITERIA)
    assert (found.points - found.keep <= highest).all()
    assert all((part >= 0).all() for part in found.criteria.values())


@quick
@given(problems())
def test_a_pair_is_a_candidate_exactly_when_its_rules_hold(problem: Problem) -> None:
    problem = problem.with_policy(problem.policy.model_copy(update={"candidates": type(problem.policy.candidates)()}))
    found = build_candidates(problem)
    pins = problem.tables["pairs"].query("rule == 'pin'")
    pinned = set(zip(problem.director_idx(pins["director_id"]), problem.company_idx(pins["company_id"]), strict=True))
    expected, contradicted, columns = [], [], build_columns(problem)
    for director in range(len(problem.directors)):
        for company in range(len(problem.companies)):
            failed = [
                check.name for check in explain_rules(problem, director, company, columns=columns) if not check.holds
            ]
            asked = HARD_RULES if (director, company) in pinned else RULES
            if not set(failed) & set(asked):
                expected.append((director, company))
            elif (director, company) in pinned:
                contradicted.append((director, company, tuple(name for name in failed if name in HARD_RULES)))
    assert list(zip(found.director_idx.tolist(), found.company_idx.tolist(), strict=True)) == expected
    assert [(one.director_idx, one.company_idx, one.failed) for one in found.contradictions] == contradicted
    assert set(found.near_misses) == set(range(len(problem.companies))) - {company for _, company in expected}


@quick
@given(problems())
def test_a_cut_keeps_the_best_of_each_company(problem: Problem) -> None:
    everyone = problem.with_policy(problem.policy.model_copy(update={"candidates": type(problem.policy.candidates)()}))
    full, cut = build_candidates(everyone), build_candidates(problem)
    k = problem.policy.candidates.keep_per_company or len(problem.directors)
    expected = set()
    for company in range(len(problem.companies)):
        at = np.flatnonzero(full.company_idx == company)
        best = sorted(at, key=lambda i: (-full.points[i], full.director_idx[i]))[:k]
        fixed = at[full.is_pinned[at] | full.is_running[at]]
        expected |= {(int(full.director_idx[i]), company) for i in [*best, *fixed]}
    assert set(zip(cut.director_idx.tolist(), cut.company_idx.tolist(), strict=True)) == expected
    assert cut.n_cut == full.n_pairs - cut.n_pairs
    assert (cut.of == "kept") == (cut.n_cut > 0)
