"""Which blanks can change a plan, against every value of every blank and every plan there is."""

from __future__ import annotations

import datetime as dt
import random
import re
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from matcher.domain.problem import Problem
from matcher.explain import ask_next, questions
from matcher.explain.blank_screen import most_matches, reached
from matcher.explain.blank_trials import Outcome
from matcher.explain.blank_values import Span, Value, listed
from matcher.explain.blanks import Blank, blanks_of, filled
from matcher.explain.loss_ends import loss_ends
from matcher.explain.rescoring import Rescoring
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
        "on_site_days_per_month": st.sampled_from((2, 6)),
        "available_from": st.just("2027-03-15"),
        "available_until": st.sampled_from(("2027-05-31", "2027-06-30")),
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
        "on_site_days_per_month": st.sampled_from((1, 2)),
        "start": st.sampled_from(("2027-03-01", "2027-03-15", "2027-05-01")),
        "months": st.sampled_from((1, 2, 3)),
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
    if draw(st.booleans()):
        limits[draw(st.sampled_from(("budget_jpy_per_month", "max_directors")))] = draw(st.integers(1, 4))
    rivals = [{"company_id": "c1", "other_id": "c2"}] if len(companies) > 1 and draw(st.booleans()) else []
    regions = [{"director_id": "d1", "prefecture": "Tokyo", "knowledge": draw(st.integers(0, 5))}]
    running = {"director_id": "d1", "company_id": draw(st.sampled_from(("c1", "elsewhere"))), "until": "2027-04-10"}
    forbidden = {"director_id": "d1", "company_id": "c1", "rule": "forbid", "until": "2027-03-10"}
    return {
        "directors": directors,
        "companies": companies,
        "rivals": rivals,
        "director_regions": regions if draw(st.booleans()) else [],
        "director_results": [{"director_id": "d1", "goal": "other", "rating": 4}] if draw(st.booleans()) else [],
        "engagements": [running] if draw(st.booleans()) else [],
        "pairs": [forbidden] if draw(st.booleans()) else [],
        "policy": {
            "limits": limits,
            "thresholds": thresholds,
            "objective": draw(st.sampled_from((["points"], ["points"], ["companies_served", "points"]))),
            "candidates": {"keep_per_company": draw(st.sampled_from((None, None, None, 1)))},
        },
    }


def _standing(rows: dict[str, Any]) -> Standing:
    plan = match(small_problem(**rows))
    if plan.status != "optimal":
        reject()
    return build_standing(plan)


def _short_of_best(standing: Standing, problem: Problem) -> int | None:
    """How far the published plan is below the best of a changed problem; None where it is no plan: every plan is tried.

    Of the first tier in which it is.
    """
    candidates = build_candidates(problem)
    if candidates.contradictions:
        return None
    model = build_model(problem, candidates)
    pairs = list(zip(candidates.director_idx.tolist(), candidates.company_idx.tolist(), strict=True))
    if not standing.pairs <= set(pairs):
        return None
    own = tuple(int(pair in standing.pairs) for pair in pairs)
    found = brute_force(model.formulation)
    tiers = [tier.objective for tier in model.tiers[: model.n_policy_tiers]]
    values = {x: tuple(int(objective @ np.array(x)) for objective in tiers) for x in found.feasible}
    held = [value for x, value in values.items() if x[: candidates.n_pairs] == own]
    if not held:
        return None
    return next((best - own for best, own in zip(max(values.values()), max(held), strict=True) if best != own), 0)


def _asked(standing: Standing, blanks: tuple[Blank, ...]) -> ask_next.AskNextAnswer:
    """The answer about a few blanks: each costs a scoring for every value, and again here."""
    with patch("matcher.explain.ask_next.blanks_of", lambda problem: blanks):
        return ask_next.ask(standing, budget=600)


def _within(span: Span, value: Value) -> bool:
    """Whether a value lies in a stretch, both ends inclusive."""
    low, high = span
    if isinstance(value, str):
        return value == low
    return (low is None or low <= value) and (high is None or value <= high)  # type: ignore[operator]


def _grid(blank: Blank, draws: random.Random) -> list[Value]:
    """Values of a blank, also such as were never tried: the ends of its stretches, and any in between."""
    if blank.effect == "limits":
        return [float(value) for value in (0, 1, 2, 3, 4, 14, 15, 19, 20, 29, 40, 41, 100, 10**6)]
    ends = [end for span in blank.scale.spans for end in span if end is not None]
    if not ends or isinstance(ends[0], dt.date):
        first = dt.date(2026, 11, 1)
        days: list[Value] = [first + dt.timedelta(days=draws.randrange(300)) for _ in range(8)]
        known = [end for end in ends if isinstance(end, dt.date)]
        days += [
            end + dt.timedelta(days=near) for end in draws.sample(known, min(4, len(known))) for near in (-1, 0, 1)
        ]
        return [day for day in days if any(_within(span, day) for span in blank.scale.spans)]
    if not blank.scale.is_ordered:
        return list(draws.sample(blank.values, min(8, len(blank.values))))
    high = max(float(end) for end in ends if not isinstance(end, str | dt.date))
    low = min(float(end) for end in ends if not isinstance(end, str | dt.date))
    some = [float(draws.randint(int(low), int(high) + 3)) for _ in range(6)] + draws.sample(ends, min(4, len(ends)))
    return [value for value in some if any(_within(span, value) for span in blank.scale.spans)]


@settings(max_examples=5)
@given(programmes(), st.integers(0, 40), st.randoms(use_true_random=False))
def test_blanks_that_matter_are_those_that_change_the_best_plan(
    rows: dict[str, Any], off_by: int, draws: random.Random
) -> None:
    standing = _standing(rows)
    is_unproved = draws.random() < 0.3 and standing.tiers == ("points",)
    slack = off_by if is_unproved else 0
    standing = _as_told(standing, slack) if slack else standing
    every = blanks_of(standing.problem)
    by_field = {(blank.table, blank.field): blank for blank in draws.sample(every, len(every))}
    blanks = tuple(draws.sample(list(by_field.values()), min(4, len(by_field))))
    answer = _asked(standing, blanks)
    assert answer.off_by == slack and not answer.is_out_of_time
    found = {finding.blank: finding for finding in answer.matter}
    left = dict(answer.not_examined)
    assert {*found, *answer.irrelevant, *left} == set(blanks)
    assert all(why == "cut" and blank.is_narrowing for blank, why in left.items())
    for blank in (*found, *answer.irrelevant):
        outcomes = found[blank].outcomes if blank in found else ()
        changing = [span for one in outcomes if one.verdict == "changes" for span in blank.spans(one.values)]
        assert bool(changing) == (blank in found)
        for value in _grid(blank, draws):
            short = _short_of_best(standing, filled(standing.problem, [blank], value))
            assert (short is None or short > slack) == any(_within(span, value) for span in changing), (blank, value)
        if standing.tiers == ("points",):
            _check_gains(standing, blank, outcomes)


def _as_told(standing: Standing, points: int | None) -> Standing:
    tiers = tuple(
        tier.model_copy(update={"word": "unknown", "bound": None if points is None else (tier.value or 0) + points})
        for tier in standing.plan.document.tiers
    )
    return build_standing(replace(standing.plan, document=standing.plan.document.model_copy(update={"tiers": tiers})))


def _check_gains(standing: Standing, blank: Blank, outcomes: tuple[Outcome, ...]) -> None:
    """A gain is the most that any of its values gives."""
    for outcome in outcomes:
        if outcome.verdict != "changes":
            continue
        shorts = [_short_of_best(standing, filled(standing.problem, [blank], value)) for value in outcome.values]
        assert outcome.gain == max((short for short in shorts if short is not None), default=None)


@settings(max_examples=15)
@given(programmes())
def test_losses_are_never_told_too_high(rows: dict[str, Any]) -> None:
    rows["policy"] |= {"objective": ["points"]}
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
    assert [(one.values, one.gain, one.verdict) for one in finding.outcomes] == [
        ((1.0, 2.0, 3.0, 4.0), 0, "stays"),
        ((5.0,), 63, "changes"),
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
    blank = Blank("director_regions", "knowledge", 0, "scored", listed((0.0, 5.0)), 39)
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
    assert most_matches(problem, "director").tolist() == [most]
    assert most_matches(problem, "company").tolist() == [1, 1, 1]


@settings(max_examples=15)
@given(programmes(), st.randoms(use_true_random=False))
def test_scoring_what_a_blank_touches_scores_as_everything_does(rows: dict[str, Any], draws: random.Random) -> None:
    problem = small_problem(**rows)
    rescoring, n = Rescoring(problem), len(problem.companies)
    blanks = [blank for blank in blanks_of(problem) if blank.values]
    for blank in draws.sample(blanks, min(6, len(blanks))):
        changed = filled(problem, [blank], draws.choice(blank.values))
        whole = build_candidates(changed)
        key = whole.director_idx.astype(np.int64) * n + whole.company_idx
        again = rescoring.candidates(changed, blank.table, blank.field)
        assert again.points.tolist() == whole.points.tolist()
        assert (again.director_idx.tolist(), again.company_idx.tolist()) == (
            whole.director_idx.tolist(),
            whole.company_idx.tolist(),
        )
        if whole.of == "all":
            mine = (whole.director_idx if blank.subject == "director" else whole.company_idx) == blank.idx
            touched = rescoring.touched(changed, [blank])
            assert touched.key.tolist() == key[mine].tolist()
            assert touched.points.tolist() == whole.points[mine].tolist()


def test_a_day_changes_the_plan_where_work_is_no_longer_covered() -> None:
    rows: dict[str, Any] = {
        "directors": [{"style": "both"}, {"prefecture": "Tokyo"}],
        "companies": [{"start": "2027-01-18", "months": 4}],
    }
    standing = _standing(rows)
    assert standing.pairs == {(0, 0)}
    blanks = tuple(b for b in blanks_of(standing.problem) if b.effect == "dated")
    answer = _asked(standing, blanks)
    told = {
        found.blank.field: [(one.verdict, found.blank.spans(one.values)) for one in found.outcomes]
        for found in answer.matter
    }
    assert told == {
        "available_from": [
            ("stays", ((None, dt.date(2027, 1, 18)),)),
            ("changes", ((dt.date(2027, 1, 19), None),)),
        ],
        "available_until": [
            ("changes", ((None, dt.date(2027, 5, 16)),)),
            ("stays", ((dt.date(2027, 5, 17), None),)),
        ],
    }
    assert {found.blank.idx for found in answer.matter} == {0}
    assert {blank.idx for blank in answer.irrelevant} == {1}


def test_a_start_frees_the_months_in_which_a_company_does_not_run() -> None:
    rows: dict[str, Any] = {
        "directors": [{"max_companies": 1}],
        "companies": [{"start": "2027-03-01", "months": 2, "priority": 2}, {"months": 1}],
    }
    standing = _standing(rows)
    assert standing.pairs == {(0, 0)}
    (finding,) = _asked(standing, tuple(b for b in blanks_of(standing.problem) if b.field == "start")).matter
    told = [(one.verdict, finding.blank.spans(one.values)) for one in finding.outcomes]
    # One month: it must end before March begins, or begin when April is over.
    assert told == [
        ("changes", ((None, dt.date(2027, 2, 1)), (dt.date(2027, 5, 1), None))),
        ("stays", ((dt.date(2027, 2, 2), dt.date(2027, 4, 30)),)),
    ]


def test_a_municipality_decides_who_is_near_and_in_reach() -> None:
    """The prefectural office is in reach of d1; where a town is not, d2 of Tokyo serves the company."""
    rows: dict[str, Any] = {
        "directors": [{"max_distance_km": 60, "experience_years": 10}, {"prefecture": "Tokyo"}],
        "companies": [{"on_site_days_per_month": 2}],
    }
    standing = _standing(rows)
    assert standing.pairs == {(0, 0)}
    blanks = tuple(blank for blank in blanks_of(standing.problem) if blank.field == "municipality_code")
    (blank,) = blanks
    assert "392014" in blank.values and all(str(value).startswith("39") for value in blank.values)
    (finding,) = _asked(standing, blanks).matter
    changing = {value for one in finding.outcomes if one.verdict == "changes" for value in one.values}
    for value in blank.values:
        short = _short_of_best(standing, filled(standing.problem, [blank], value))
        assert (short is None or short > 0) == (value in changing)
    # The city of the office itself changes nothing; Shimanto, 90 km to the west, does.
    assert "392014" not in changing and "392103" in changing


def test_a_town_lets_in_who_is_out_of_reach_of_the_office() -> None:
    """d1 of Ehime would serve c1 for more than d2 serves c2; Kochi city is too far, towns near the border are not."""
    rows: dict[str, Any] = {
        "directors": [
            {"max_distance_km": 80, "prefecture": "Ehime", "experience_years": 10, "hands_on_rating": 5},
            {"experience_years": 0, "hands_on_rating": 1},
        ],
        "companies": [{"on_site_days_per_month": 2}, {"on_site_days_per_month": 2, "priority": 1.2}],
        "pairs": [{"director_id": "d1", "company_id": "c2", "rule": "forbid"}],
        "policy": {"limits": {"max_companies": 1}},
    }
    standing = _standing(rows)
    assert standing.pairs == {(1, 1)}
    blanks = tuple(b for b in blanks_of(standing.problem) if b.field == "municipality_code" and b.idx == 0)
    (finding,) = _asked(standing, blanks).matter
    changing = {value for one in finding.outcomes if one.verdict == "changes" for value in one.values}
    assert "392014" not in changing
    for value in blanks[0].values:
        assert (_short_of_best(standing, filled(standing.problem, [blanks[0]], value)) != 0) == (value in changing)


@pytest.mark.parametrize(("lang", "said"), [("ja", r"ほか\d+市区町村"), ("en", r"and \d+ more")])
def test_many_municipalities_are_told_as_some_and_how_many_more(lang: str, said: str) -> None:
    rows: dict[str, Any] = {
        "directors": [{"max_distance_km": 60}],
        "companies": [{"on_site_days_per_month": 2}],
    }
    text = questions.ask(_standing(rows), "ask-next").to_text(lang)
    assert re.search(said, text)
    assert max(len(line) for line in text.splitlines()) < 400


def test_numbers_of_people_are_whole() -> None:
    rows: dict[str, Any] = {
        "directors": [{"owner_years": 5, "own_employees": 15, "own_industry": "M"}],
        "companies": [{"employees": 15}, {}],
    }
    standing = _standing(rows)
    assert standing.pairs == {(0, 0)}
    blank = next(b for b in blanks_of(standing.problem) if b.field == "employees")
    assert blank.scale.spans == ((0.0, 3.0), (4.0, 60.0), (61.0, None))


def test_an_unproved_plan_is_judged_by_how_far_it_may_be_off() -> None:
    ratings = {"investment": 3, "uniqueness": 3, "openness": 3}
    rows: dict[str, Any] = {
        "directors": [{"max_companies": 1}],
        "companies": [{"commitment": 4, **ratings}, ratings],
    }
    standing = _standing(rows)
    blanks = tuple(blank for blank in blanks_of(standing.problem) if blank.field == "commitment")
    # A commitment of 5 makes another plan 63 points better.
    answer = _asked(_as_told(standing, 62), blanks)
    assert [found.stake_points for found in answer.matter] == [63] and answer.off_by == 62
    answer = _asked(_as_told(standing, 63), blanks)
    assert not answer.matter and answer.irrelevant == blanks


def test_of_a_plan_without_a_bound_only_what_takes_plans_away_is_judged() -> None:
    standing = _as_told(_standing({"directors": 2, "companies": [{"hours_per_month": 20}]}), None)
    answer = ask_next.ask(standing)
    assert answer.off_by is None
    assert {blank.field for blank, why in answer.not_examined if why == "unproved"} >= {"style", "commitment"}
    ((director, _),) = standing.pairs
    assert "hours_per_month" in {found.blank.field for found in answer.matter if found.blank.idx == director}
    assert {blank.effect for blank in answer.irrelevant} == {"limits", "dated"}
