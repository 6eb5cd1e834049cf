"""Which blanks can change a plan, against every value of every blank and every plan there is."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from matcher.domain.problem import Problem
from matcher.explain import ask_next
from matcher.explain.blanks import LIMITS, Blank, Value, blanks_of, filled, most_matches, reached
from matcher.explain.loss_ends import loss_ends
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from matcher.modelling import build_model
from matcher.pairing.candidates import build_candidates
from tests.brute_force import brute_force
from tests.problems import small_problem

_directors = st.fixed_dictionaries(
    {"prefecture": st.sampled_from(("Kochi", "Ehime", "Tokyo")), "max_companies": st.integers(1, 2)},
    optional={
        "experience_years": st.sampled_from((0, 5, 10)),
        "hands_on_rating": st.sampled_from((1, 3, 5)),
        "style": st.sampled_from(("support", "propose", "both")),
        "owner_years": st.sampled_from((0, 5)),
        "own_employees": st.sampled_from((5, 40)),
        "own_industry": st.sampled_from(("E", "M")),
        "hours_per_month": st.sampled_from((20, 40)),
        "fee_jpy_per_month": st.just(3),
    },
)
_companies = st.fixed_dictionaries(
    {"prefecture": st.sampled_from(("Kochi", "Ehime", "Tokyo")), "goal": st.sampled_from(("raise_revenue", "other"))},
    optional={
        "commitment": st.sampled_from((1, 3, 5)),
        "openness": st.sampled_from((2, 4)),
        "wanted_style": st.sampled_from(("support", "propose")),
        "employees": st.sampled_from((4, 30)),
        "industry": st.sampled_from(("E", "M")),
        "hours_per_month": st.sampled_from((15, 20)),
        "budget_jpy_per_month": st.just(3),
        "priority": st.sampled_from((0.5, 1.2)),
        "kind": st.just("company"),
    },
)


@st.composite
def programmes(draw: st.DrawFn) -> dict[str, Any]:
    """At most 3 × 3 pairs with many blanks: networks, and with rivals or hours none."""
    directors = draw(st.lists(_directors, min_size=1, max_size=3))
    companies = draw(st.lists(_companies, min_size=1, max_size=3))
    thresholds = draw(
        st.sampled_from(({}, {}, {"min_by_criterion": {"local_culture": 0.4}}, {"min_score_points": 3000}))
    )
    limits: dict[str, Any] = {"max_companies": draw(st.integers(1, 3))}
    if draw(st.booleans()):
        limits["quotas"] = [{"by": "industry", "value": "E", "max": 1}]
    rivals = [{"company_id": "c1", "other_id": "c2"}] if len(companies) > 1 and draw(st.booleans()) else []
    regions = [{"director_id": "d1", "prefecture": "Tokyo", "knowledge": draw(st.integers(0, 5))}]
    return {
        "directors": directors,
        "companies": companies,
        "rivals": rivals,
        "director_regions": regions if draw(st.booleans()) else [],
        "director_results": [{"director_id": "d1", "goal": "other", "rating": 4}] if draw(st.booleans()) else [],
        "policy": {"limits": limits, "thresholds": thresholds},
    }


def _standing(rows: dict[str, Any]) -> Standing:
    plan = match(small_problem(**rows))
    if plan.status != "optimal":
        reject()
    return build_standing(plan)


def _holds(standing: Standing, problem: Problem) -> bool:
    """Whether the published plan is one of the best plans of a changed problem: every plan is tried."""
    candidates = build_candidates(problem)
    model = build_model(problem, candidates)
    pairs = list(zip(candidates.director_idx.tolist(), candidates.company_idx.tolist(), strict=True))
    if not standing.pairs <= set(pairs):
        return False
    own = tuple(int(pair in standing.pairs) for pair in pairs)
    return any(x[: candidates.n_pairs] == own for x in brute_force(model.formulation).optimal)


def _changing(standing: Standing, blank: Blank) -> set[Value]:
    return {value for value in blank.values if not _holds(standing, filled(standing.problem, [blank], value))}


def _asked(standing: Standing, blanks: tuple[Blank, ...]) -> ask_next.AskNextAnswer:
    """The answer about a few blanks: each costs a scoring for every value, and again here."""
    with patch("matcher.explain.ask_next.blanks_of", lambda problem: blanks):
        return ask_next.ask(standing, budget=600)


@settings(max_examples=5)
@given(programmes(), st.randoms(use_true_random=False))
def test_blanks_that_matter_are_those_that_change_the_best_plan(rows: dict[str, Any], draws: random.Random) -> None:
    standing = _standing(rows)
    every = blanks_of(standing.problem)
    by_field = {(blank.table, blank.field): blank for blank in draws.sample(every, len(every))}
    blanks = tuple(draws.sample(list(by_field.values()), min(6, len(by_field))))
    answer = _asked(standing, blanks)
    assert answer.is_comparable and not answer.is_out_of_time
    found = {finding.blank: finding for finding in answer.matter}
    assert {*found, *answer.irrelevant, *answer.not_examined} == set(blanks)
    assert all(blank.effect == "date" for blank in answer.not_examined)
    for blank in (*found, *answer.irrelevant):
        if blank.effect == "scored":
            outcomes = found[blank].outcomes if blank in found else ()
            said = {value for outcome in outcomes if outcome.chain for value in outcome.values}
            assert said == _changing(standing, blank), blank
            _check_gains(standing, blank, outcomes)
        else:
            _check_limit(standing, blank, found.get(blank))


def _check_gains(standing: Standing, blank: Blank, outcomes: tuple[ask_next.Outcome, ...]) -> None:
    """A gain is the most that any of its values gives."""
    for outcome in outcomes:
        gains = []
        for value in outcome.values:
            problem = filled(standing.problem, [blank], value)
            best = brute_force(build_model(problem, build_candidates(problem)).formulation).value
            held = _points(standing, problem)
            gains += [] if held is None or best is None else [best - held]
        assert outcome.gain == max(gains, default=None)


@settings(max_examples=15)
@given(programmes())
def test_losses_are_never_told_too_high(rows: dict[str, Any]) -> None:
    standing = _standing(rows)
    ends = loss_ends(standing)
    found = brute_force(standing.model.formulation)
    assert found.value is not None
    objective = standing.model.formulation.objective
    for column in range(standing.candidates.n_pairs):
        wanted = [x for x in found.feasible if bool(x[column]) != bool(standing.is_chosen[column])]
        best = max((int(objective @ np.array(x)) for x in wanted), default=None)
        said = ends.forbidding[column] if standing.is_chosen[column] else ends.forcing[column]
        assert said >= 0
        if best is not None:
            assert said <= found.value - best
            assert said == found.value - best or standing.residual is None


def _check_limit(standing: Standing, blank: Blank, finding: ask_next.Finding | None) -> None:
    is_low = LIMITS[blank.table, blank.field] == "low" if blank.effect == "limits" else True
    if blank.effect == "date":
        return
    if finding is None:
        for value in (0, 1, 14, 15, 19, 20, 29, 40, 100, 10**6):
            assert _holds(standing, filled(standing.problem, [blank], float(value))), blank
        return
    first = int(float(finding.outcomes[0].values[0]))
    assert not _holds(standing, filled(standing.problem, [blank], float(first)))
    for beyond in (1, 2, 10):
        assert _holds(
            standing, filled(standing.problem, [blank], float(first + beyond if is_low else max(first - beyond, 0)))
        )


def _points(standing: Standing, problem: Problem) -> int | None:
    candidates = build_candidates(problem)
    pairs = list(zip(candidates.director_idx.tolist(), candidates.company_idx.tolist(), strict=True))
    if not standing.pairs <= set(pairs):
        return None
    return int(sum(int(candidates.points[at]) for at, pair in enumerate(pairs) if pair in standing.pairs))


def test_a_company_that_could_overtake_is_asked_about() -> None:
    # c2 is 125 points short of c1 as long as its commitment counts as neutral.
    ratings = {"investment": 3, "uniqueness": 3, "openness": 3}
    rows: dict[str, Any] = {
        "directors": [{"max_companies": 1}],
        "companies": [{"commitment": 4, **ratings}, ratings],
    }
    standing = _standing(rows)
    assert standing.pairs == {(0, 0)}
    blanks = tuple(blank for blank in blanks_of(standing.problem) if blank.field == "commitment")
    (finding,) = _asked(standing, blanks).matter
    assert finding.blank.idx == 1 and finding.blank.table == "companies"
    assert [(one.values, one.gain, bool(one.chain)) for one in finding.outcomes] == [
        ((1.0, 2.0, 3.0, 4.0), 0, False),
        ((5.0,), 63, True),
    ]
    assert finding.stake_points == 63


def test_a_limit_changes_the_plan_where_it_first_cuts() -> None:
    rows: dict[str, Any] = {
        "directors": [{"max_companies": 1, "style": "both"}, {"max_companies": 1, "prefecture": "Tokyo"}],
        "companies": [{"hours_per_month": 20, "budget_jpy_per_month": 3}],
    }
    standing = _standing(rows)
    assert standing.pairs == {(0, 0)}
    blanks = tuple(b for b in blanks_of(standing.problem) if b.subject == "director" and b.effect == "limits")
    answer = _asked(standing, blanks)
    # No on-site day is wanted, so days and distance of d1 limit nothing; d2 is not in the plan.
    first = {found.blank.field: found.outcomes[0].values for found in answer.matter}
    assert first == {"hours_per_month": (19.0,), "fee_jpy_per_month": (4.0,)}
    assert {found.blank.idx for found in answer.matter} == {0}
    assert {blank.field for blank in answer.irrelevant if blank.idx == 0} == {
        "on_site_days_per_month",
        "max_distance_km",
    }
    assert sum(blank.idx == 1 for blank in answer.irrelevant) == 4 and answer.n_solved == 2


def test_what_a_director_knows_reaches_neighbours_and_region() -> None:
    companies = [{"prefecture": name} for name in ("Kochi", "Ehime", "Kagawa", "Tokyo")]
    problem = small_problem(companies=companies)
    blank = Blank("director_regions", "knowledge", 0, "scored", (0.0, 5.0), 39)
    assert reached(problem, blank).tolist() == [True, True, True, False]
    before = build_candidates(problem).points
    moved = build_candidates(filled(problem, [replace(blank, key=38)], 5.0)).points != before
    assert (moved <= reached(problem, replace(blank, key=38))).all() and moved.any()


@pytest.mark.parametrize(
    ("starts", "most"),
    [((None, None, None), 2), (("2027-01-04", "2027-03-01", None), 2), (("2027-01-04", "2028-01-04", None), 3)],
)
def test_slots_bound_the_matches_only_of_companies_that_run_together(starts: tuple[str | None, ...], most: int) -> None:
    companies = [{} if start is None else {"start": start} for start in starts]
    problem = small_problem(directors=[{"max_companies": 2}], companies=companies)
    assert most_matches(problem, Blank("directors", "style", 0, "scored")) == most
    assert most_matches(problem, Blank("companies", "kind", 0, "scored")) == 1


def test_an_unproved_plan_is_not_compared() -> None:
    standing = _standing({"directors": 1, "companies": 1})
    document = standing.plan.document
    tiers = tuple(tier.model_copy(update={"word": "unknown"}) for tier in document.tiers)
    plan = replace(standing.plan, document=document.model_copy(update={"tiers": tiers}))
    answer = ask_next.ask(build_standing(plan))
    assert not answer.is_comparable
    assert not answer.matter and not answer.irrelevant and np.size(answer.not_examined) > 0
