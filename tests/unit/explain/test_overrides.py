"""The cost of every override, and the plan after every refusal, against every plan there is and independent runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.problem import Problem
from matcher.explain import overrides, refusals
from matcher.explain.forcing import Change
from matcher.explain.losses import Loss
from matcher.explain.overrides import OverridesAnswer
from matcher.explain.questions import ask
from matcher.explain.root_bounds import least_losses
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from matcher.model.inner_network import settled_by_network
from matcher.modelling import build_model
from matcher.pairing.candidates import build_candidates
from tests.brute_force import brute_force
from tests.problems import small_problem
from tests.properties.test_match_properties import programmes


def _standing(problem: Problem) -> Standing | None:
    if build_candidates(problem).contradictions:
        return None
    plan = match(problem)
    return None if plan.status == "infeasible" else build_standing(plan)


def _hours(**more: Any) -> Problem:
    """Three directors whose hours run out, which is no network; two plans of equal points."""
    return small_problem(
        directors=[{"max_companies": 3, "hours_per_month": 30, "experience_years": years} for years in (2, 6, 6)],
        companies=[{"hours_per_month": hours, "commitment": 1 + hours % 5} for hours in (11, 14, 16, 17)],
        **more,
    )


@settings(max_examples=12)
@given(programmes())
def test_every_override_costs_what_all_plans_say(rows: dict[str, Any]) -> None:
    problem = small_problem(**rows)
    standing = _standing(problem)
    if standing is None:
        return
    formulation = build_model(problem, build_candidates(problem)).formulation
    every = brute_force(formulation)
    assert every.value is not None
    answer = overrides.ask(standing)
    assert len(answer.overrides) == standing.candidates.n_pairs
    for one in answer.overrides:
        column = standing.column_of(one.director_idx, one.company_idx)
        assert column is not None
        wanted = 0 if one.is_chosen else 1
        values = [int(formulation.objective @ np.array(x)) for x in every.feasible if x[column] == wanted]
        if values and one.loss.word == "proved":
            assert one.loss.points == every.value - max(values)
        elif not values:
            assert one.loss.is_possible is False
    _assert_in_order(answer)


def _assert_in_order(answer: OverridesAnswer) -> None:
    losses = [one.loss.points for one in answer.overrides if one.loss.points is not None]
    assert losses == sorted(losses)


@settings(max_examples=12)
@given(programmes())
def test_what_the_proof_says_is_never_more_than_is_lost(rows: dict[str, Any]) -> None:
    problem = small_problem(**rows)
    standing = _standing(problem)
    if standing is None:
        return
    least = least_losses(standing)
    assert least is not None
    formulation = standing.model.formulation
    every = brute_force(formulation)
    assert every.value is not None
    for column, at_least in enumerate(least.tolist()):
        wanted = 0 if standing.is_chosen[column] else 1
        values = [int(formulation.objective @ np.array(x)) for x in every.feasible if x[column] == wanted]
        assert not values or 0 <= at_least <= every.value - max(values)


def test_what_time_does_not_reach_says_at_least_how_much() -> None:
    standing = _standing(_hours())
    assert standing is not None
    assert standing.residual is None
    late = overrides.ask(standing, budget=1e-9)
    least = least_losses(standing)
    assert least is not None
    assert least.max() > 0
    open_ = [one for one in late.overrides if one.loss.word != "proved"]
    assert (late.n_solved, late.n) == (0, len(open_))
    assert open_
    for one in open_:
        column = standing.column_of(one.director_idx, one.company_idx)
        assert one.loss.word == "unknown"
        assert one.loss.points is None and one.chain is None
        assert one.loss.at_least == least[column]
    assert "--budget" in ask(standing, "overrides", budget=1e-9).to_text("en")


def test_a_tree_says_at_least_how_much_of_every_pair() -> None:
    draw = np.random.default_rng(0)
    directors = [
        {"max_companies": 4, "hours_per_month": int(hours), "experience_years": int(years)}
        for hours, years in zip(draw.integers(30, 50, 3), draw.integers(1, 10, 3), strict=True)
    ]
    companies = [
        {"hours_per_month": int(hours), "priority": int(priority) / 10}
        for hours, priority in zip(draw.integers(8, 25, 7), draw.integers(5, 20, 7), strict=True)
    ]
    plan = match(small_problem(directors, companies))
    assert plan.document.proof[0].kind == "tree"
    standing = build_standing(plan)
    least = least_losses(standing)
    assert least is not None
    answer = overrides.ask(standing)
    exact = {column: loss for column, loss in zip(answer.columns, answer.losses, strict=True) if loss.word == "proved"}
    assert len(exact) > 15
    for column, loss in exact.items():
        assert loss.points is not None
        assert 0 <= least[column] <= loss.points
    assert any(loss.points == least[column] > 0 for column, loss in exact.items())


@settings(max_examples=20)
@given(
    st.lists(st.integers(12, 40), min_size=2, max_size=3),
    st.lists(st.integers(5, 20), min_size=3, max_size=5),
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
    st.integers(1, 4),
)
def test_what_the_network_settles_is_what_all_plans_say(
    hours: list[int], wanted: list[int], years: list[int], most: int
) -> None:
    problem = small_problem(
        directors=[
            {"max_companies": 3, "hours_per_month": n, "experience_years": y}
            for n, y in zip(hours, years, strict=False)
        ],
        companies=[{"hours_per_month": n, "commitment": 1 + n % 5} for n in wanted],
        policy={"limits": {"max_companies": most}},
    )
    standing = _standing(problem)
    assert standing is not None
    formulation = standing.model.formulation
    found = settled_by_network(formulation, standing.is_chosen.astype(np.int64))
    if found is None:
        return
    every = brute_force(formulation)
    plans = np.array(list(every.feasible))
    for column in np.flatnonzero(found.is_settled).tolist():
        values = plans[plans[:, column] != standing.is_chosen[column]] @ formulation.objective
        assert bool(found.ways.is_possible[column]) == bool(values.size)
        if not values.size:
            continue
        assert every.value is not None
        assert found.ways.loss[column] == every.value - values.max()
        then = standing.is_chosen.astype(np.int64)
        then[column] = 1 - then[column]
        for at, sign in found.ways.further(column):
            then[at] += sign
        assert (plans == then).all(axis=1).any()
        assert formulation.value_of(then) == values.max()


def test_the_network_settles_some_and_not_what_breaks_an_hour() -> None:
    standing = _standing(_hours(policy={"limits": {"max_companies": 2}}))
    assert standing is not None and standing.residual is None
    found = settled_by_network(standing.model.formulation, standing.is_chosen.astype(np.int64))
    assert found is not None
    assert 0 < found.is_settled.sum() < found.is_settled.size
    answer = overrides.ask(standing)
    assert (answer.n_solved, answer.n) == (n := int((~found.is_settled).sum()), n)
    by_solving = [overrides._without_or_with(standing, column) for column in answer.columns]
    assert [one.loss for one in by_solving] == list(answer.losses)
    assert all(
        one.chain is not None and len(one.chain) <= len(solved.chain)
        for one, solved in zip(answer.overrides, by_solving, strict=True)
    )


def test_the_cheapest_overrides_are_exact_and_the_first_of_all() -> None:
    problem = small_problem(
        directors=[{"max_companies": 2, "hours_per_month": 32, "experience_years": n} for n in (1, 4, 11)],
        companies=[
            {"hours_per_month": hours, "priority": 0.5 + 0.3 * n, "commitment": 1 + n % 5}
            for n, hours in enumerate((22, 12, 9, 13, 15, 23))
        ],
        policy={"limits": {"max_companies": 3}},
    )
    standing = _standing(problem)
    assert standing is not None and standing.residual is None
    every, few = overrides.ask(standing), overrides.cheapest(standing, 6)
    assert (every.n_solved, every.n) == (18, 18) and few.n_solved < 12
    assert [loss.points for loss in few.losses[:6]] == [loss.points for loss in every.losses[:6]]
    assert all(loss.word == "proved" for loss in few.losses[:6])
    assert any(loss.word == "unknown" for loss in few.losses)


def test_the_proof_of_the_plan_mends_what_a_solver_left_open() -> None:
    open_loss = Loss(50, "unknown", 3, 50)
    change = Change(open_loss, {"points": open_loss}, (), frozenset())
    assert overrides._loss(change, 20) == Loss(50, "unknown", 20, 50)
    assert overrides._loss(change, 1) == open_loss
    assert overrides._loss(None, 20) == Loss(None, "unknown", 20, None, is_possible=None)


@pytest.mark.parametrize("is_network", [True, False])
def test_a_refusal_is_an_independent_run_without_the_pair(is_network: bool) -> None:
    problem = (
        _hours()
        if not is_network
        else small_problem(
            directors=[{"max_companies": 1, "experience_years": years} for years in (2, 6, 6)],
            companies=[{"commitment": 1}, {"commitment": 4}, {"commitment": 5}],
        )
    )
    standing = _standing(problem)
    assert standing is not None
    assert (standing.residual is not None) == is_network
    answer = refusals.ask(standing)
    assert len(answer.declined) == len(standing.pairs)
    total = standing.base.values[0]
    assert total is not None
    for one in answer.declined:
        assert one.company_idx is not None
        row = {"director_id": f"d{one.director_idx + 1}", "company_id": f"c{one.company_idx + 1}", "rule": "forbid"}
        without = match(_again(problem, pairs=[row])).objective["points"]
        assert without is not None and one.loss.word == "proved"
        assert one.loss.points == total - without
        _assert_fewest_changes(standing, one.change.pairs if one.change else None, (one.director_idx, one.company_idx))
    for one in answer.withdrawn:
        rows = [
            {"director_id": f"d{one.director_idx + 1}", "company_id": c, "rule": "forbid"} for c in problem.company_ids
        ]
        without = match(_again(problem, pairs=rows)).objective["points"]
        assert without is not None
        assert one.loss.points == total - without


def _again(problem: Problem, *, pairs: list[dict[str, Any]]) -> Problem:
    """The same tables with these rows of pairs."""
    rows = small_problem(problem.director_ids.size, problem.company_ids.size, pairs=pairs)
    return replace(problem, tables={**problem.tables, "pairs": rows.tables["pairs"]})


def _assert_fewest_changes(standing: Standing, pairs: frozenset[tuple[int, int]] | None, gone: tuple[int, int]) -> None:
    assert pairs is not None
    formulation = standing.model.formulation
    every = brute_force(standing.forbidden(standing.column_of(*gone) or 0))
    kept = [sum(standing.is_chosen[at] for at in np.flatnonzero(x[: formulation.n_pairs])) for x in every.optimal]
    assert len(pairs & standing.pairs) == max(kept)


def test_who_withdraws_owes_no_companies_and_no_pin() -> None:
    problem = small_problem(
        directors=[{"max_companies": 2}, {"max_companies": 2}],
        companies=3,
        pairs=[{"director_id": "d1", "company_id": "c1"}],
        policy={"limits": {"min_companies_per_director": 1}},
    )
    standing = _standing(problem)
    assert standing is not None
    answer = refusals.ask(standing)
    first = answer.withdrawn[0]
    assert first.director_idx == 0 and first.change is not None
    assert first.change.pairs is not None
    assert {director for director, _ in first.change.pairs} == {1}
    assert len(first.change.pairs) == 2


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("question", ["overrides", "refusals"])
def test_both_are_told_to_staff_and_not_to_a_company(question: str, lang: str) -> None:
    standing = _standing(_hours())
    assert standing is not None
    told = ask(standing, question)
    assert "d2" in told.to_text(lang) and "<table" in told.to_html(lang)
    private = ask(standing, question, audience="company").to_text(lang)
    assert "d2" not in private and "c1" not in private
    key = "overrides" if question == "overrides" else "declined"
    assert told.to_dict()[key][0]["word"] == "proved"


def test_several_objectives_are_ordered_by_the_first() -> None:
    standing = _standing(_hours(policy={"objective": ["companies_served", "points"]}))
    assert standing is not None
    answer = overrides.ask(standing)
    order = [tuple(loss.points for loss in one.losses.values()) for one in answer.overrides if one.losses]
    known = [losses for losses in order if None not in losses]
    assert known == sorted(known)  # type: ignore[type-var]
    assert "objectives" in ask(standing, "overrides").to_text("en")
