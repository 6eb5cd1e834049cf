"""The whole way from rows to a plan, on small random programmes, against every plan there is."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.problem import Problem
from matcher.matching import match
from matcher.modelling import build_model
from matcher.pairing.candidates import Candidates, build_candidates
from tests.brute_force import brute_force
from tests.problems import small_problem

PREFECTURES = ("Kochi", "Ehime", "Tokyo")
KINDS = ("company", "municipality", "association")


@st.composite
def programmes(draw: st.DrawFn) -> dict[str, Any]:
    """Rows of a programme with at most 3 × 4 pairs, any limits, often full of ties."""
    directors = draw(st.lists(_directors, min_size=1, max_size=3))
    companies = draw(st.lists(_companies, min_size=1, max_size=4))
    director_ids = [f"d{n}" for n, _ in enumerate(directors, start=1)]
    company_ids = [f"c{n}" for n, _ in enumerate(companies, start=1)]
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(director_ids), st.sampled_from(company_ids), st.sampled_from(("pin", "forbid"))),
            max_size=2,
            unique_by=lambda row: row[:2],
        )
    )
    two = st.tuples(st.sampled_from(company_ids), st.sampled_from(company_ids)).filter(lambda ends: ends[0] != ends[1])
    rivals = draw(st.lists(two, max_size=2)) if len(company_ids) > 1 else []
    limits = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "max_companies": st.integers(0, 4),
                "max_directors": st.integers(0, 4),
                "budget_jpy_per_month": st.integers(0, 8),
                "min_companies_per_director": st.integers(0, 1),
                "quotas": st.lists(_quotas, max_size=2),
            },
        )
    )
    return {
        "directors": directors,
        "companies": companies,
        "pairs": [{"director_id": d, "company_id": c, "rule": rule} for d, c, rule in pairs],
        "rivals": [{"company_id": one, "other_id": other} for one, other in rivals],
        "policy": {"limits": limits, "weights": draw(st.sampled_from(({}, {"experience": 0, "local_culture": 0})))},
    }


_directors = st.fixed_dictionaries(
    {"prefecture": st.sampled_from(PREFECTURES), "max_companies": st.integers(0, 3)},
    optional={
        "experience_years": st.sampled_from((0, 5, 10)),
        "hours_per_month": st.integers(0, 30),
        "fee_jpy_per_month": st.integers(0, 5),
    },
)
_companies = st.fixed_dictionaries(
    {"prefecture": st.sampled_from(PREFECTURES), "kind": st.sampled_from(KINDS)},
    optional={"hours_per_month": st.integers(0, 15), "priority": st.sampled_from((0.5, 2.0))},
)
_quotas = st.builds(
    lambda value, low, more: {"by": "kind", "value": value, "min": low, "max": low + more},
    st.sampled_from(KINDS),
    st.integers(0, 1),
    st.integers(0, 2),
)


@settings(max_examples=80)
@given(programmes())
def test_plan_is_the_best_of_all_plans(rows: dict[str, Any]) -> None:
    problem = small_problem(**rows)
    candidates = build_candidates(problem)
    if candidates.contradictions:
        return
    model = build_model(problem, candidates)
    reference = brute_force(model.formulation)
    plan = match(problem)
    if reference.value is None:
        assert plan.status == "infeasible"
        assert plan.assignments.empty
        assert plan.document.conflict is not None
        assert plan.document.conflict.rows or plan.document.conflict.pins
    else:
        assert plan.status == "optimal"
        assert plan.objective["points"] == reference.value == int(plan.assignments["points"].sum())
        assert plan.certificate.bound is not None
        assert plan.certificate.bound >= reference.value
        assert (plan.certificate.word == "proved") == (plan.certificate.bound == reference.value)
    if plan.document.solver.backend == "flow":
        assert plan.certificate.word == "proved"


TIERS = ("points", "companies_served", "worst_match", "even_load", "fewest_changes", "distance_km")


def _tier_value(name: str, chosen: np.ndarray, problem: Problem, candidates: Candidates) -> int:
    """A tier's value of some pairs, from its definition: no code under test."""
    points = candidates.points[chosen]
    if name == "points":
        return int(points.sum())
    if name == "companies_served":
        return int(chosen.size)
    if name == "worst_match":
        return int(points.min()) if chosen.size else int(candidates.points.max(initial=0))
    if name == "even_load":
        loads = np.bincount(candidates.director_idx[chosen], minlength=len(problem.directors))
        return -int((loads**2).sum())
    if name == "fewest_changes":
        return int(candidates.is_running[chosen].sum())
    return -int(np.rint(candidates.distance_km[chosen]).sum())


@settings(max_examples=80)
@given(programmes(), st.permutations(TIERS), st.integers(1, 3))
def test_every_tier_is_the_best_left_by_those_before(rows: dict[str, Any], order: list[str], n_tiers: int) -> None:
    # What must be served first gives the others something to choose between.
    objective = ["companies_served", *(name for name in order[:n_tiers] if name != "companies_served")]
    objective = order[:n_tiers] if order[0] == "points" else objective
    plain = small_problem(**rows)
    candidates = build_candidates(plain)
    if candidates.contradictions:
        return
    reference = brute_force(build_model(plain, candidates).formulation)
    plan = match(small_problem(**{**rows, "policy": {**rows["policy"], "objective": objective}}))
    if reference.value is None:
        assert plan.status == "infeasible"
        return
    n_pairs = candidates.n_pairs
    left = [np.flatnonzero(x[:n_pairs]) for x in reference.feasible]
    for name in objective:
        values = [_tier_value(name, chosen, plain, candidates) for chosen in left]
        best = max(values)
        left = [chosen for chosen, value in zip(left, values, strict=True) if value == best]
        assert plan.objective[name] == best, objective
    assert all(tier.word in ("proved", "claimed") for tier in plan.document.tiers)


@settings(max_examples=25)
@given(programmes(), st.randoms(use_true_random=False))
def test_order_of_rows_never_decides(rows: dict[str, Any], shuffler: random.Random) -> None:
    problem = small_problem(**rows)
    if build_candidates(problem).contradictions:
        return
    named = {
        name: [{"id": f"{letter}{n}", **row} for n, row in enumerate(rows[name], start=1)]
        for name, letter in (("directors", "d"), ("companies", "c"))
    }
    shuffled = {**rows, **named}
    for name in ("directors", "companies", "pairs", "rivals"):
        shuffled[name] = shuffler.sample(shuffled[name], len(shuffled[name]))
    other = small_problem(**shuffled)
    assert other.digest == problem.digest
    assert _digest(other) == _digest(problem)


@settings(max_examples=25)
@given(programmes())
def test_one_more_slot_never_hurts(rows: dict[str, Any]) -> None:
    rows["policy"]["limits"].pop("min_companies_per_director", None)
    problem = small_problem(**rows)
    if build_candidates(problem).contradictions:
        return
    plan = match(problem)
    if plan.status == "infeasible":
        return
    first, *others = rows["directors"]
    richer = {**rows, "directors": [{**first, "max_companies": first["max_companies"] + 1}, *others]}
    more = match(small_problem(**richer))
    before, after = plan.objective["points"], more.objective["points"]
    assert before is not None and after is not None
    assert after >= before


def _digest(problem: Problem) -> str:
    return match(problem).document.digests["plan"]
