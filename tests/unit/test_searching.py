"""Large inputs: a search finds the plan that scoring every pair finds, proves it over all, and says what it did."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

import matcher
from matcher import matching
from matcher.domain.policy import Policy
from matcher.domain.problem import Problem
from matcher.explain.standing import build_standing
from matcher.model.answer import Limits, Prices
from matcher.model.certificate import bound_of, reduced_costs
from matcher.model.solvers.linear_prices import relax
from matcher.modelling import build_model
from matcher.modelling.pair_prices import prices_of_pairs
from matcher.modelling.searching import priced_search
from matcher.pairing import search as searching
from matcher.pairing.candidates import build_candidates
from matcher.pairing.rescoring import rebuild_candidates
from matcher.pairing.search import begin_search, why_not
from matcher.verifying.check import check_plan
from matcher.words.plan import solver_line
from tests.problems import small_problem

SKILLS = ("SNS", "EC", "Design", "Sales")
PREFECTURES = ("Kochi", "Ehime", "Kagawa", "Tokyo", "Hokkaido")


def programme(
    seed: int,
    n_directors: int = 12,
    n_companies: int = 60,
    *,
    has_hours: bool = False,
    has_months: bool = False,
    n_rivals: int = 0,
    **policy: Any,
) -> Problem:
    """A made-up programme in which slots are scarce and some pairs are named; hours never bind unless asked for."""
    draw = np.random.default_rng(seed)

    def one(of: Any) -> Any:
        return of[int(draw.integers(len(of)))]

    directors = [
        {
            "prefecture": one(PREFECTURES),
            "status": one(("engaged", "engaged", "engaged", "applicant")),
            "max_companies": int(draw.integers(1, 4)),
            "max_distance_km": one((None, 300, 900)),
            "fee_jpy_per_month": one((None, 100, 300)),
            "experience_years": one((None, 3, 12)),
            "owner_years": one((None, 0, 5)),
            "own_industry": one((None, "A", "E")),
            "own_employees": one((None, 5, 40)),
        }
        for _ in range(n_directors)
    ]
    companies = [
        {
            "prefecture": one(PREFECTURES),
            "goal": one(("raise_revenue", "widen_market", "other")),
            "industry": one((None, "A", "E")),
            "employees": one((None, 3, 9, 100)),
            "budget_jpy_per_month": one((None, 50, 200, 400)),
            "on_site_days_per_month": one((None, 0, 1)),
            "commitment": one((None, 1, 5)),
            "priority": one((1, 1, 1.2)),
        }
        for _ in range(n_companies)
    ]
    d, c = [f"d{n + 1}" for n in range(n_directors)], [f"c{n + 1}" for n in range(n_companies)]
    if has_hours:
        for director in directors:
            director.update(hours_per_month=one((None, 20, 35)), on_site_days_per_month=one((None, 2)))
        for company in companies:
            company["hours_per_month"] = one((None, 6, 9, 12, 15))
    if has_months:
        for company in companies:
            company.update(start=one((None, "2026-04-01", "2026-06-01", "2026-08-01")), months=one((1, 3, 12)))
    return small_problem(
        directors,
        companies,
        rivals=[{"company_id": c[n], "other_id": c[n + 1]} for n in range(n_rivals)],
        policy={"keep_points": 50, **policy},
        director_skills=[
            {
                "director_id": who,
                "skill": skill,
                "level": int(draw.integers(1, 6)),
                "hands_on": bool(draw.random() < 0.5),
            }
            for who in d
            for skill in SKILLS
            if draw.random() < 0.6
        ],
        company_needs=[
            {
                "company_id": what,
                "skill": skill,
                "level": int(draw.integers(1, 5)),
                "weight": int(draw.integers(1, 4)),
                "must": bool(draw.random() < 0.2),
                "hands_on": bool(draw.random() < 0.3),
            }
            for what in c
            for skill in SKILLS
            if draw.random() < 0.5
        ],
        director_results=[
            {"director_id": who, "goal": "raise_revenue", "rating": int(draw.integers(1, 6))} for who in d[::2]
        ],
        people=[{"prefecture": one(PREFECTURES)} for _ in range(4)],
        person_skills=[{"person_id": f"p{n + 1}", "skill": one(SKILLS), "level": 4} for n in range(4)],
        ties=[{"from_id": one(d), "to_id": f"p{n + 1}", "strength": 0.7} for n in range(4)],
        pairs=[
            {"director_id": d[0], "company_id": c[3], "rule": "wish_company", "value": 1},
            {"director_id": d[1], "company_id": c[4], "rule": "forbid"},
        ],
        engagements=[{"director_id": d[2], "company_id": c[5]}, {"director_id": d[3], "company_id": "elsewhere"}],
        distances=[{"from_id": d[4], "to_id": c[6], "km": 10}],
    )


def under(problem: Problem, how: str) -> Problem:
    rules = problem.policy.candidates.model_copy(update={"search": how})
    return problem.with_policy(problem.policy.model_copy(update={"candidates": rules}))


def content(plan: matcher.Plan) -> dict[str, Any]:
    """All of plan.json but how candidates were looked for, and what follows from that."""
    found = plan.document.model_dump(mode="json", exclude={"policy", "digests", "seconds", "command"})
    for name in ("search", "search_reason", "n_kept", "n_rounds"):
        found["solver"]["params"].pop(name, None)
    return found


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kept", [1, 3])
def test_the_plan_is_that_of_every_pair(seed: int, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Matches, ties, bounds, proofs, reasons and counts: everything that plan.json holds."""
    monkeypatch.setattr(searching, "KEPT_AT_FIRST", kept)
    monkeypatch.setattr(searching, "ADDED_AT_ONCE", 1)
    problem = programme(seed)
    every, found = matcher.match(under(problem, "every_pair")), matcher.match(under(problem, "bounded"))
    assert (found.certificate.word, found.certificate.of) == ("proved", "all")
    assert found.candidates.is_part and found.candidates.n_pairs < every.candidates.n_pairs
    assert content(found) == content(every)
    assert check_plan(found.document, problem).ok


WIDE: tuple[dict[str, Any], ...] = (
    {"max_companies": 9},
    {
        "quotas": [
            {"by": "prefecture", "value": "Kochi", "min": 2, "max": 4},
            {"by": "industry", "value": "A", "max": 5},
        ]
    },
    {"quotas": [{"by": "region", "value": "Shikoku", "max": 6}], "max_companies": 12},
    {"quotas": [{"by": "prefecture", "value": "Hokkaido", "min": 6}], "max_companies": 16},
    {"min_companies_per_director": 1},
    {"max_new_companies_per_director": 1, "max_companies": 10},
)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("limits", WIDE)
def test_limits_over_the_plan_are_priced(limits: dict[str, Any], seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every company pays for the quotas it counts towards: plan, bound and reasons are those of every pair."""
    monkeypatch.setattr(searching, "KEPT_AT_FIRST", 1)
    monkeypatch.setattr(searching, "ADDED_AT_ONCE", 1)
    problem = programme(seed, limits=limits)
    every, found = matcher.match(under(problem, "every_pair")), matcher.match(under(problem, "bounded"))
    params = found.document.solver.params
    if params["search"] == "every_pair":  # what is kept at first has no plan, or there is none
        assert params["search_reason"] == "model"
    wanted, has = content(every), content(found)
    if found.document.solver.backend != "flow":  # of what is no network, optimal prices are many
        assert every.certificate.word == found.certificate.word == "proved"
        wanted.pop("proof"), has.pop("proof")
    assert has == wanted
    assert check_plan(found.document, problem).ok


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "kinds",
    [
        {"has_hours": True},
        {"has_months": True},
        {"n_rivals": 30},
        {"limits": {"budget_jpy_per_month": 1500}, "solve": {"deterministic_limit": 0.2}},
        {"has_hours": True, "has_months": True, "n_rivals": 20, "limits": {"max_companies": 14}},
    ],
)
def test_what_is_no_network_is_bounded_over_all_pairs(
    kinds: dict[str, Any], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound is the linear one of all pairs, no plan is above it, and a plan that meets it is a best one of all."""
    monkeypatch.setattr(searching, "KEPT_AT_FIRST", 1)
    monkeypatch.setattr(searching, "ADDED_AT_ONCE", 1)
    problem = programme(seed, **kinds)
    every, found = matcher.match(under(problem, "every_pair")), matcher.match(under(problem, "bounded"))
    assert found.document.solver.params["search"] == "bounded"
    assert found.candidates.n_pairs < every.candidates.n_pairs
    model = build_model(problem, every.candidates)
    kept = build_model(problem, found.candidates)
    assert [(one.name, one.start, one.stop) for one in kept.formulation.families] == [
        (one.name, one.start, one.stop) for one in model.formulation.families
    ]
    assert kept.not_binding == model.not_binding
    np.testing.assert_array_equal(kept.formulation.row_upper, model.formulation.row_upper)
    linear = relax(model.formulation).bound
    assert found.certificate.bound is not None and linear is not None
    assert linear <= found.certificate.bound <= linear + 1
    assert found.certificate.value is not None and every.certificate.bound is not None
    assert found.certificate.value <= every.certificate.bound
    if found.certificate.word == every.certificate.word == "proved":
        assert content(found)["assignments"] == content(every)["assignments"]
    assert check_plan(found.document, problem).ok


def test_a_pair_pays_what_its_rows_cost() -> None:
    """Any prices of any rows: what a pair costs is what the model takes off its points."""
    quotas = [{"by": "prefecture", "value": "Kochi", "min": 1}, {"by": "industry", "value": "A", "max": 5}]
    limits = {"max_companies": 14, "quotas": quotas, "min_companies_per_director": 1, "budget_jpy_per_month": 1500}
    problem = programme(3, has_hours=True, has_months=True, limits=limits)
    candidates = begin_search(problem).candidates()
    model = build_model(problem, candidates)
    names = {family.name.partition(":")[0] for family in model.formulation.families}
    assert {"quota", "max_companies", "hours", "hours_count", "slots", "budget", "min_companies_per_director"} <= names
    price = np.random.default_rng(1).integers(-3, 9, model.formulation.n_rows)
    asked = prices_of_pairs(model, price, problem, candidates)
    paid = candidates.points - reduced_costs(model.formulation, Prices(price))[: candidates.n_pairs]
    director, company = candidates.director_idx.astype(np.int64), candidates.company_idx.astype(np.int64)
    is_own = np.isin(company, [5])  # a running engagement states hours of its own
    np.testing.assert_array_equal(asked.of(director, company)[~is_own], paid[~is_own])


def test_whole_numbers_settle_some_of_what_is_no_network() -> None:
    """Where the linear bound is met, the plan is proved over all pairs, and its ties are drawn among all."""
    words = []
    for seed in range(4):
        problem = programme(seed, has_months=True)
        found = matcher.match(under(problem, "bounded"))
        words.append(found.certificate.word)
        if found.certificate.word == "proved":
            every = matcher.match(under(problem, "every_pair"))
            assert content(found)["tiers"] == content(every)["tiers"]
            assert len(found.document.tiers) > 1
    assert "proved" in words


class _After:
    """An event that is set once it was looked at so often."""

    def __init__(self, n: int) -> None:
        self.n = n

    def is_set(self) -> bool:
        self.n -= 1
        return self.n < 0


@pytest.mark.parametrize("kinds", [{}, {"has_hours": True, "has_months": True, "limits": {"max_companies": 14}}])
@pytest.mark.parametrize("n", [0, 1, 2, 4, 8])
def test_a_search_that_is_ended_keeps_its_best_plan(
    n: int, kinds: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bound is above every plan of all pairs, and the checker finds it again."""
    monkeypatch.setattr(searching, "KEPT_AT_FIRST", 1)
    monkeypatch.setattr(searching, "ADDED_AT_ONCE", 1)
    problem = under(programme(2, **kinds), "bounded")
    best = matcher.match(under(problem, "every_pair")).certificate.value
    stop: Any = _After(n)
    search = begin_search(problem)
    found = priced_search(problem, search, Limits(stop=stop))
    assert found is not None and not found.is_whole
    bound = bound_of(build_model(problem, build_candidates(problem)).formulation, found.held)
    assert bound == bound_of(found.model.formulation, found.held) >= best


def test_who_stops_a_search_gets_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "KEPT_AT_FIRST", 1)
    monkeypatch.setattr(searching, "ADDED_AT_ONCE", 1)
    kinds: dict[str, Any] = {"has_hours": True, "limits": {"max_companies": 14}}
    problem = under(programme(2, **kinds), "bounded")
    stop = threading.Event()

    def on_progress(step: str, tier: str | None, value: int | None, bound: int | None) -> None:
        if step == "solve":
            stop.set()

    plan = matcher.match(problem, stop=stop, on_progress=on_progress)
    assert plan.document.interrupted and plan.document.status == "feasible" and plan.document.assignments
    assert plan.document.solver.params["search_reason"] == "cut_short"
    assert check_plan(plan.document, problem).ok


def test_what_is_out_of_time_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "KEPT_AT_FIRST", 1)
    monkeypatch.setattr(searching, "ADDED_AT_ONCE", 1)
    problem = under(programme(2, solve={"time_limit_s": 1e-6}), "bounded")
    plan = matcher.match(problem)
    best = matcher.match(under(programme(2), "every_pair"))
    assert plan.document.solver.params["search_reason"] == "cut_short"
    assert plan.certificate.word == "unknown" and plan.document.status == "feasible"
    assert plan.certificate.value <= best.certificate.value < plan.certificate.bound
    assert check_plan(plan.document, problem).ok
    assert "its bound covers all eligible pairs" in solver_line(plan.document.solver, "en")
    assert "すべての組合せに及びます" in solver_line(plan.document.solver, "ja")


def test_pairs_as_good_as_those_in_the_plan_take_part_in_the_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody is alike, so the tie-breaks alone choose, among all pairs and not among those kept at first."""
    monkeypatch.setattr(searching, "KEPT_AT_FIRST", 1)
    problem = small_problem(6, 9, policy={})
    every, found = matcher.match(under(problem, "every_pair")), matcher.match(under(problem, "bounded"))
    assert content(found) == content(every)


def test_the_plan_says_how_candidates_were_found() -> None:
    plan = matcher.match(under(programme(1), "bounded"))
    assert plan.document.solver.params["search"] == "bounded"
    assert plan.document.solver.params["n_kept"] == plan.candidates.n_pairs
    assert "bound and proof cover all eligible pairs" in solver_line(plan.document.solver, "en")
    assert "すべての組合せに及びます" in solver_line(plan.document.solver, "ja")


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ({"candidates": {"search": "bounded", "keep_per_company": 2}}, "keep_per_company"),
        ({"thresholds": {"min_score_points": 100}}, "thresholds"),
        ({"thresholds": {"min_by_criterion": {"experience": 0.1}}}, "thresholds"),
        ({"objective": ["companies_served", "points"]}, "objective"),
        ({"objective": ["points", "worst_match"]}, "objective"),
        ({"limits": {"max_directors": 3}}, "limits"),
        ({"limits": {"budget_jpy_total": 900}}, "limits"),
        ({"engagements": {"move_price_points": 1}}, "move_price"),
    ],
)
def test_where_every_pair_is_scored_the_plan_says_why(policy: dict[str, Any], reason: str) -> None:
    problem = programme(2, n_directors=6, n_companies=8, **{"candidates": {"search": "bounded"}, **policy})
    assert why_not(problem) == reason
    plan = matcher.match(problem)
    assert plan.document.solver.params["search_reason"] == reason and not plan.candidates.is_part
    assert "Every pair was scored" in solver_line(plan.document.solver, "en")
    assert "すべての組合せを採点しました" in solver_line(plan.document.solver, "ja")


def test_many_named_pairs_are_scored_in_full() -> None:
    policy = {"candidates": {"search": "bounded"}}
    named = small_problem(2, 2, policy=policy, distances=[{"from_id": "d1", "to_id": "c1", "km": 3}])
    assert why_not(named) == "named_pairs"


def test_small_inputs_are_not_searched_unless_asked() -> None:
    problem = small_problem(3, 3)
    assert why_not(problem) == "few_pairs" and why_not(under(problem, "every_pair")) == "asked"
    assert why_not(under(problem, "bounded")) is None
    assert Policy().candidates.search == "auto"
    assert "search" not in matcher.match(problem).document.solver.params


def test_a_pin_against_a_hard_rule_is_refused_as_ever() -> None:
    pairs = [{"director_id": "d1", "company_id": "c1", "rule": rule} for rule in ("pin", "forbid")]
    problem = small_problem(5, 9, policy={"candidates": {"search": "bounded"}}, pairs=pairs)
    assert why_not(problem) is None
    with pytest.raises(matcher.DataError) as caught:
        matcher.match(problem)
    assert caught.value.issues[0].rule == "pin_breaks_hard_rule"


def test_the_best_director_of_each_company_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an unserved company is told is the best of all, not the best of those kept."""
    monkeypatch.setattr(searching, "KEPT_AT_FIRST", 1)
    problem = under(programme(4), "bounded")
    every = matcher.match(under(problem, "every_pair")).candidates
    search = begin_search(problem)
    best = np.full(len(problem.companies), -1)
    np.maximum.at(best, every.company_idx, every.points)
    found = np.full(len(problem.companies), -1)
    np.maximum.at(found, search.company, search.found["points"])
    np.testing.assert_array_equal(found, best)


def test_what_differs_from_the_plan_is_asked_of_every_pair() -> None:
    """A changed programme, and a question, may want a pair that the best plan does not."""
    problem = under(programme(5), "bounded")
    base = matching.match_base(problem)
    assert base.plan.candidates.is_part
    changed = programme(5).with_policy(problem.policy.model_copy(update={"keep_points": 3000}))
    again = matching.match(changed, base=base)
    assert content(again) == content(matcher.match(changed))
    standing = build_standing(base.plan)
    assert not standing.candidates.is_part and standing.candidates.n_pairs == base.plan.candidates.n_asked


def test_pairs_of_a_search_are_never_taken_over_as_all() -> None:
    problem = under(programme(5), "bounded")
    part = matcher.match(problem).candidates
    every = rebuild_candidates(part, problem, problem).candidates
    assert part.is_part and not every.is_part and every.n_pairs == part.n_asked
