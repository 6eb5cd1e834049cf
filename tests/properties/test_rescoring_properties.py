"""Candidates of a changed problem are the same whether they are built anew or out of those before: to the bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.domain.problem import Problem
from matcher.errors import ModelError
from matcher.pairing.candidates import build_candidates
from matcher.pairing.rescoring import rebuild_candidates
from matcher.pairing.touched import changed_rows, touched_by
from matcher.whatif.applying import ChangeFaults, apply_change
from matcher.whatif.scenario import Change
from tests.problems import small_problem
from tests.properties.test_pairing_properties import COMPANIES, DIRECTORS, GOALS, LEVELS, SKILLS, assert_same, problems

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

FIELDS = {
    "directors": DIRECTORS,
    "companies": COMPANIES,
    "director_skills": st.fixed_dictionaries({"level": LEVELS, "hands_on": st.booleans()}),
    "director_regions": st.fixed_dictionaries({"knowledge": st.integers(0, 5)}),
    "director_results": st.fixed_dictionaries({"rating": st.integers(0, 5)}),
    "company_needs": st.fixed_dictionaries({"level": LEVELS, "must": st.booleans(), "weight": st.integers(1, 3)}),
    "people": st.fixed_dictionaries({"prefecture": st.sampled_from(["Kochi", "Tokyo"])}),
    "person_skills": st.fixed_dictionaries({"level": LEVELS}),
    "ties": st.fixed_dictionaries({"strength": st.sampled_from([0.2, 0.9])}),
    "pairs": st.fixed_dictionaries({"severity": st.sampled_from([None, "forbid", "disclose"])}),
    "engagements": st.fixed_dictionaries({"hours_per_month": st.sampled_from([None, 7, 90])}),
    "distances": st.fixed_dictionaries({"km": st.integers(0, 900)}),
}
SETTINGS = (
    {"limits.max_companies": 2},
    {"thresholds.min_score_points": 2500},
    {"weights.network": 40},
    {"roster": "with_applicants"},
    {"tie_break": ["network"]},
    {"objective": ["companies_served", "points"]},
    {"engagements.fixed": True},
    {"candidates.keep_per_company": 3},
)


@st.composite
def changes(draw: st.DrawFn, problem: Problem) -> Change:
    """One change of any kind that may be applied to a problem."""
    kind = draw(st.sampled_from(["set", "set", "set", "remove", "remove", "add", "policy", "pin", "forbid", "adopt"]))
    directors, companies = problem.director_ids.tolist(), problem.company_ids.tolist()
    pair = {"director_id": draw(st.sampled_from(directors)), "company_id": draw(st.sampled_from(companies))}
    if kind in ("pin", "forbid"):
        return Change.model_validate({kind: pair})
    if kind == "adopt":
        return Change(adopt="earlier")
    if kind == "policy":
        return Change.model_validate({"policy": draw(st.sampled_from(SETTINGS))})
    if kind == "add":
        return Change.model_validate({"add": draw(_added(pair))})
    table = draw(st.sampled_from([name for name in FIELDS if len(problem.tables[name])]))
    row = problem.tables[table].iloc[draw(st.integers(0, len(problem.tables[table]) - 1))]
    key = next(name for name in ("id", "director_id", "company_id", "person_id", "from_id") if name in row.index)
    rows: dict[str, Any] = {"table": table, "where": {key: row[key]}}
    if kind == "remove":
        return Change.model_validate({"remove": rows})
    values = draw(FIELDS[table])
    some = draw(st.lists(st.sampled_from(sorted(values)), min_size=1, unique=True))
    return Change.model_validate({"set": {**rows, "values": {name: _plain(values[name]) for name in some}}})


def _added(pair: dict[str, str]) -> st.SearchStrategy[dict[str, Any]]:
    skill = st.fixed_dictionaries({"skill": SKILLS, "level": LEVELS})
    return st.one_of(
        DIRECTORS.map(lambda row: {"directors": [{"id": "d2b", "max_companies": 1, **_plain_row(row)}]}),
        COMPANIES.map(lambda row: {"companies": [{"id": "c0", **_plain_row(row)}]}),
        skill.map(lambda row: {"company_needs": [{"company_id": pair["company_id"], **row}]}),
        skill.map(lambda row: {"director_skills": [{"director_id": pair["director_id"], **row}]}),
        GOALS.map(lambda goal: {"director_results": [{"director_id": pair["director_id"], "goal": goal, "rating": 4}]}),
        st.just({"engagements": [{**pair, "hours_per_month": 9}]}),
        st.just({"pair_hours": [{**pair, "hours_per_month": 30}]}),
        st.just({"people": [{"id": "p9"}], "ties": [{"from_id": pair["director_id"], "to_id": "p9", "strength": 0.5}]}),
    )


def _plain(value: object) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _plain_row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items()}


@quick
@given(st.data(), problems(), st.integers(1, 3), st.sampled_from([5, 10_000]))
def test_rebuilt_candidates_are_those_built_anew(
    data: st.DataObject, problem: Problem, n_changes: int, pairs_at_once: int
) -> None:
    if not len(problem.directors) or not len(problem.companies):
        return
    base, changed = build_candidates(problem), problem
    for _ in range(n_changes):
        if not len(changed.directors) or not len(changed.companies):
            break
        change = data.draw(changes(changed))
        adopted = [(changed.director_ids[0], changed.company_ids[0])]
        try:
            changed = apply_change(changed, change, adopted=lambda _, adopted=adopted: adopted)
        except ChangeFaults:
            continue
    found = rebuild_candidates(base, problem, changed, few_pairs=0, most_share=3, pairs_at_once=pairs_at_once)
    assert_same(found.candidates, build_candidates(changed))


def _batch(seed: int, *, keep: int | None = 3, n_directors: int = 12, n_companies: int = 30) -> Problem:
    draw = np.random.default_rng(seed)
    directors = [
        {
            "prefecture": int(draw.integers(1, 48)),
            "max_distance_km": int(draw.integers(300, 1500)),
            "max_companies": 2,
            "on_site_days_per_month": 9,
        }
        for _ in range(n_directors)
    ]
    companies = [
        {"prefecture": int(draw.integers(1, 48)), "on_site_days_per_month": int(draw.integers(0, 3))}
        for _ in range(n_companies)
    ]
    return small_problem(directors, companies, policy={"candidates": {"keep_per_company": keep}})


def test_a_director_who_falls_lets_in_who_was_cut_before() -> None:
    problem = _batch(1)
    base = build_candidates(problem)
    kept = np.bincount(base.director_idx, minlength=12)
    who = problem.director_ids[int(kept.argmax())]
    for change in (
        {"set": {"table": "directors", "ids": [who], "values": {"max_distance_km": 10}}},
        {"set": {"table": "directors", "ids": [who], "values": {"prefecture": "Okinawa"}}},
        {"set": {"table": "directors", "ids": [who], "values": {"experience_years": 40}}},
        {"remove": {"table": "directors", "ids": [who]}},
        {"set": {"table": "companies", "ids": ["c7"], "values": {"prefecture": "Okinawa"}}},
    ):
        changed = apply_change(problem, Change.model_validate(change))
        found = rebuild_candidates(base, problem, changed, few_pairs=0)
        assert_same(found.candidates, build_candidates(changed))
        assert not found.is_whole


def test_one_company_scores_its_own_pairs_alone() -> None:
    problem = _batch(2)
    base = build_candidates(problem)
    change = Change.model_validate({"set": {"table": "companies", "ids": ["c7"], "values": {"priority": 2}}})
    found = rebuild_candidates(base, problem, apply_change(problem, change), few_pairs=0)
    # Twelve directors with one company, before and after.
    assert (found.n_scored, found.is_whole) == (24, False)


def test_limits_leave_the_candidates_as_they_are() -> None:
    problem = _batch(3)
    base = build_candidates(problem)
    change = Change.model_validate({"policy": {"limits.max_companies": 3, "solve.seed": 5}})
    found = rebuild_candidates(base, problem, apply_change(problem, change), few_pairs=0)
    assert found.candidates is base
    assert found.n_scored == 0


def test_slots_and_names_leave_the_candidates_as_they_are() -> None:
    problem = _batch(3)
    base = build_candidates(problem)
    rows = {"table": "directors", "ids": ["d3"], "values": {"max_companies": 5, "name": "another"}}
    changed = apply_change(problem, Change.model_validate({"set": rows}))
    assert rebuild_candidates(base, problem, changed, few_pairs=0).candidates is base
    assert_same(base, build_candidates(changed))


def test_weights_score_every_pair_anew_and_say_so() -> None:
    problem = _batch(4)
    base = build_candidates(problem)
    changed = apply_change(problem, Change.model_validate({"policy": {"weights.nearness": 30}}))
    found = rebuild_candidates(base, problem, changed, few_pairs=0)
    assert (found.n_scored, found.is_whole) == (360, True)
    assert_same(found.candidates, build_candidates(changed))


def test_a_priority_too_high_is_refused_as_in_a_build() -> None:
    problem = _batch(5)
    base = build_candidates(problem)
    changed = problem.with_tables({"companies": problem.companies.assign(priority=[1e9] + [1.0] * 29)})
    errors = []
    for build in (lambda: build_candidates(changed), lambda: rebuild_candidates(base, problem, changed, few_pairs=0)):
        try:
            build()
        except ModelError as error:
            errors.append((error.code, error.params))
    assert len(errors) == 2
    assert errors[0] == errors[1]


def test_a_director_whose_network_lost_a_step_is_touched() -> None:
    problem = small_problem(
        3,
        2,
        people=[{}],
        person_skills=[{"person_id": "p1", "skill": "EC"}],
        company_needs=[{"company_id": "c1", "skill": "EC"}],
        ties=[{"from_id": one, "to_id": other} for one, other in (("d1", "d2"), ("d2", "p1"), ("d3", "p1"))],
    )
    changed = apply_change(problem, Change.model_validate({"remove": {"table": "directors", "ids": ["d2"]}}))
    touched = touched_by(problem, changed)
    assert touched is not None
    assert touched.directors.tolist() == [True, False]
    assert touched.directors_before.tolist() == [True, True, False]


def test_changed_rows_are_those_without_an_equal_row() -> None:
    problem = small_problem(
        3, 1, director_skills=[{"director_id": f"d{n}", "skill": skill} for n in (1, 2, 3) for skill in ("EC", "SNS")]
    )
    before = problem.tables["director_skills"]
    after = before.drop(index=1).reset_index(drop=True)
    after.loc[3, "level"] = 5
    old, new = changed_rows("director_skills", before, after)
    assert old.tolist() == [False, True, False, False, True, False]
    assert new.tolist() == [False, False, False, True, False]
    twice = pd.concat([before, before.iloc[:1]], ignore_index=True)
    assert changed_rows("director_skills", before, twice)[1].all()
