"""On-site days, hours by pair, new companies, the total budget, quotas that overlap, running engagements."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.errors import DataError
from matcher.matching import match
from matcher.model.solvers.network import Network, as_network
from matcher.modelling import Model, build_model
from matcher.pairing.candidates import build_candidates
from matcher.plan.plan import Plan
from tests.problems import small_problem


def _model(**tables: Any) -> Model:
    problem = small_problem(**tables)
    return build_model(problem, build_candidates(problem))


def _plan(**tables: Any) -> Plan:
    plan = match(small_problem(**tables))
    assert plan.status == "optimal"
    return plan


def _pairs(plan: Plan) -> set[tuple[str, str]]:
    return set(zip(plan.assignments["director_id"], plan.assignments["company_id"], strict=True))


def _served(**tables: Any) -> set[str]:
    return set(_plan(**tables).assignments["company_id"])


def _families(model: Model) -> list[str]:
    return [family.name for family in model.formulation.families]


# On-site days


def test_on_site_days_of_a_director_limit_the_sum() -> None:
    companies = [{"on_site_days_per_month": 2}, {"on_site_days_per_month": 2.5}, {}]
    assert len(_served(directors=[{"max_companies": 3, "on_site_days_per_month": 4.499}], companies=companies)) == 2
    assert len(_served(directors=[{"max_companies": 3, "on_site_days_per_month": 4.5}], companies=companies)) == 3
    assert len(_served(directors=[{"max_companies": 3}], companies=companies)) == 3  # missing: no limit


def test_on_site_days_that_cannot_bind_are_left_out() -> None:
    companies = [{"on_site_days_per_month": 2}] * 3
    model = _model(directors=[{"max_companies": 2, "on_site_days_per_month": 4}], companies=companies)
    assert model.not_binding == ("on_site_days",)
    assert _families(model) == ["slots", "one_director"]


def test_days_that_are_all_alike_are_counted_and_stay_a_network() -> None:
    """Two days each, five days: two companies. No knapsack, so prices prove the plan."""
    directors = [{"max_companies": 4, "on_site_days_per_month": 5}]
    companies = [{"on_site_days_per_month": 2}] * 4
    model = _model(directors=directors, companies=companies)
    assert isinstance(as_network(model.formulation), Network)
    assert "on_site_days" not in _families(model)
    plan = _plan(directors=directors, companies=companies)
    assert (len(plan.assignments), plan.certificate.word, plan.document.solver.backend) == (2, "proved", "flow")


def test_counts_are_no_stand_in_where_small_ones_fill_the_rest() -> None:
    """3 days for 2 + 1 + 1: any two may go, the three may not, and only the knapsack says so."""
    directors = [{"max_companies": 3, "on_site_days_per_month": 3}]
    companies = [{"on_site_days_per_month": 2}, {"on_site_days_per_month": 1}, {"on_site_days_per_month": 1}]
    assert "on_site_days" in _families(_model(directors=directors, companies=companies))
    assert len(_served(directors=directors, companies=companies)) == 2


def test_counts_tighten_hours_too() -> None:
    """Two of 3 hours never fit into 5: without the count half a company more would be promised."""
    directors = [{"max_companies": 2, "hours_per_month": 5}] * 2
    plan = _plan(directors=directors, companies=[{"hours_per_month": 3}] * 4)
    assert (len(plan.assignments), plan.certificate.word) == (2, "proved")


# Hours by pair


def test_hours_of_the_pair_stand_before_those_of_the_company() -> None:
    directors = [{"max_companies": 2, "hours_per_month": 20, "experience_years": 10}, {"max_companies": 2}]
    companies = [{"hours_per_month": 15}, {"hours_per_month": 15}]
    assert _pairs(_plan(directors=directors, companies=companies)) in (
        {("d1", "c1"), ("d2", "c2")},
        {("d1", "c2"), ("d2", "c1")},
    )
    less = [{"director_id": "d1", "company_id": "c2", "hours_per_month": 5}]
    assert _pairs(_plan(directors=directors, companies=companies, pair_hours=less)) == {("d1", "c1"), ("d1", "c2")}


@pytest.mark.parametrize(("hours", "n_served"), [(20, 1), (20.5, 0)])
def test_pair_that_takes_more_hours_than_there_are_is_not_eligible(hours: float, n_served: int) -> None:
    row = [{"director_id": "d1", "company_id": "c1", "hours_per_month": hours}]
    plan = _plan(directors=[{"hours_per_month": 20}], companies=[{"hours_per_month": 1}], pair_hours=row)
    assert len(plan.assignments) == n_served
    if not n_served:
        assert plan.document.unserved[0].detail.n_failed_by_rule == {"has_hours": 1}


def test_hours_of_a_running_engagement_stand_before_those_of_the_pair() -> None:
    tables: dict[str, Any] = {
        "directors": [{"hours_per_month": 20}],
        "companies": [{"hours_per_month": 30}],
        "pair_hours": [{"director_id": "d1", "company_id": "c1", "hours_per_month": 25}],
    }
    assert _served(**tables) == set()
    engagement = {"director_id": "d1", "company_id": "c1", "hours_per_month": 20}
    plan = _plan(**tables, engagements=[engagement])
    assert plan.directors["hours_per_month"].tolist() == [20.0]
    over = {**engagement, "until": "2027-03-31"}
    tables["companies"][0]["start"] = "2027-04-01"
    assert _served(**tables, engagements=[over]) == set()


# New companies


def test_new_companies_of_a_director_are_limited_and_running_ones_are_not_counted() -> None:
    directors = [{"max_companies": 4}]
    limits: dict[str, Any] = {"max_new_companies_per_director": 1}
    assert len(_served(directors=directors, companies=3)) == 3
    assert len(_served(directors=directors, companies=3, policy={"limits": limits})) == 1
    running = [{"director_id": "d1", "company_id": "c1"}]
    plan = _plan(directors=directors, companies=3, engagements=running, policy={"limits": limits})
    assert len(plan.assignments) == 2
    assert "c1" in set(plan.assignments["company_id"])
    limits["max_new_companies_per_director"] = 0
    assert _served(directors=directors, companies=3, engagements=running, policy={"limits": limits}) == {"c1"}


def test_new_companies_nest_in_the_slots() -> None:
    running = [{"director_id": "d1", "company_id": "c1"}]
    policy = {"limits": {"max_new_companies_per_director": 1, "min_companies_per_director": 1}}
    tables = {"directors": [{"max_companies": 3}] * 2, "companies": 4, "engagements": running, "policy": policy}
    model = _model(**tables)
    assert "max_new_companies_per_director" in _families(model)
    assert isinstance(as_network(model.formulation), Network)
    assert _plan(**tables).certificate.word == "proved"


def test_new_companies_that_cannot_be_too_many_are_left_out() -> None:
    policy = {"limits": {"max_new_companies_per_director": 2}}
    model = _model(directors=[{"max_companies": 2}], companies=3, policy=policy)
    assert model.not_binding == ("max_new_companies_per_director",)


# Budget in total


def test_total_budget_counts_the_months_of_each_match() -> None:
    directors = [{"fee_jpy_per_month": 100}] * 2
    companies = [{"months": 6, "priority": 3}, {"months": 2}]
    assert len(_served(directors=directors, companies=companies, policy={"limits": {"budget_jpy_total": 800}})) == 2
    assert _served(directors=directors, companies=companies, policy={"limits": {"budget_jpy_total": 799}}) == {"c1"}
    assert _served(directors=directors, companies=companies, policy={"limits": {"budget_jpy_total": 599}}) == {"c2"}
    assert _served(directors=directors, companies=companies, policy={"limits": {"budget_jpy_total": 199}}) == set()


def test_total_budget_that_cannot_bind_is_left_out() -> None:
    directors = [{"fee_jpy_per_month": 100}, {}]
    companies = [{"months": 6}, {"months": 2}]
    model = _model(directors=directors, companies=companies, policy={"limits": {"budget_jpy_total": 600}})
    assert model.not_binding == ("budget_total",)
    model = _model(directors=directors, companies=companies, policy={"limits": {"budget_jpy_total": 599}})
    assert "budget_total" in _families(model)


# Quotas that overlap

KOCHI, EHIME, TOKYO = ({"prefecture": name} for name in ("Kochi", "Ehime", "Tokyo"))


def test_region_and_prefecture_both_hold_and_stay_a_network() -> None:
    quotas = [{"by": "region", "value": "四国", "max": 2}, {"by": "prefecture", "value": "高知", "max": 1}]
    tables: dict[str, Any] = {"directors": 5, "companies": [KOCHI, KOCHI, EHIME, EHIME, TOKYO]}
    assert len(_served(**tables)) == 5
    served = _served(**tables, policy={"limits": {"quotas": quotas}})
    assert len(served) == 3
    assert len(served & {"c1", "c2"}) <= 1
    assert len(served & {"c1", "c2", "c3", "c4"}) == 2
    plan = _plan(**tables, policy={"limits": {"quotas": quotas}})
    assert plan.document.solver.backend == "flow"


def test_same_value_twice_is_two_demands() -> None:
    quotas = [{"by": "prefecture", "value": "高知", "max": 3}, {"by": "prefecture", "value": "39", "max": 1, "min": 1}]
    tables: dict[str, Any] = {"directors": 3, "companies": [KOCHI, KOCHI, KOCHI]}
    model = _model(**tables, policy={"limits": {"quotas": quotas}})
    assert _families(model)[-2:] == ["quota:prefecture", "quota:prefecture:2"]
    plan = _plan(**tables, policy={"limits": {"quotas": quotas}})
    assert (len(plan.assignments), plan.document.solver.backend) == (1, "flow")


def test_quotas_of_one_value_that_contradict_each_other_are_both_named() -> None:
    quotas = [{"by": "kind", "value": "company", "min": 2}, {"by": "kind", "value": "企業", "max": 1}]
    companies = [{"kind": "company"}] * 2
    plan = match(small_problem(directors=2, companies=companies, policy={"limits": {"quotas": quotas}}))
    assert plan.status == "infeasible"
    assert plan.document.conflict is not None
    assert {row.family for row in plan.document.conflict.rows} == {"quota:kind", "quota:kind:2"}


# Running engagements

DIRECTORS = [{"experience_years": 10}, {"experience_years": 5}]
RUNNING = [{"director_id": "d2", "company_id": "c1"}]


def test_price_of_moving_is_taken_off_the_points_of_another_director() -> None:
    free = _plan(directors=DIRECTORS, companies=1, engagements=RUNNING)
    gain = int(free.assignments["points"].iloc[0]) - _points_of("d2")
    for price, director in ((gain - 1, "d1"), (gain + 1, "d2")):
        policy = {"engagements": {"move_price_points": price}}
        plan = _plan(directors=DIRECTORS, companies=1, engagements=RUNNING, policy=policy)
        (found,) = plan.document.assignments
        assert found.director_id == director
        assert found.keep == (-price if director == "d1" else 0)
        assert found.points == sum(found.criteria.values()) + found.keep


def _points_of(director: str) -> int:
    pin = [{"director_id": director, "company_id": "c1", "rule": "pin"}]
    return int(_plan(directors=DIRECTORS, companies=1, pairs=pin).assignments["points"].iloc[0])


def test_price_of_moving_above_the_points_leaves_the_company_alone() -> None:
    """The director of the engagement is taken by a pin; nobody else is worth the price. A demand may still force it."""
    pins = [{"director_id": "d2", "company_id": "c2", "rule": "pin"}]
    policy: dict[str, Any] = {"engagements": {"move_price_points": 50_000}}
    tables: dict[str, Any] = {"directors": DIRECTORS, "companies": 2, "engagements": RUNNING, "pairs": pins}
    plan = _plan(**tables, policy=policy)
    assert _pairs(plan) == {("d2", "c2")}
    assert plan.document.unserved[0].reason == "move_costs_more"
    policy["limits"] = {"min_companies_per_director": 1}
    plan = _plan(**tables, policy=policy)
    assert _pairs(plan) == {("d1", "c1"), ("d2", "c2")}
    assert plan.objective["points"] is not None
    assert plan.objective["points"] < 0


def test_fixed_engagements_are_kept_against_points_and_soft_rules() -> None:
    policy: dict[str, Any] = {"thresholds": {"min_score_points": 4_000}}
    tables: dict[str, Any] = {"directors": [{"experience_years": 20}, {}], "companies": 1, "engagements": RUNNING}
    assert _pairs(_plan(**tables, policy=policy)) == {("d1", "c1")}
    policy["engagements"] = {"fixed": True}
    plan = _plan(**tables, policy=policy)
    assert _pairs(plan) == {("d2", "c1")}
    assert plan.assignments["pinned"].tolist() == [True]


def test_fixed_engagement_that_breaks_a_hard_rule_is_reported_with_both_sides() -> None:
    directors = [{}, {"status": "paused"}]
    policy = {"engagements": {"fixed": True}}
    with pytest.raises(DataError) as told:
        match(small_problem(directors=directors, companies=1, engagements=RUNNING, policy=policy))
    (issue,) = told.value.issues
    assert (issue.rule, issue.file) == ("fixed_engagement_breaks_hard_rule", "engagements")
    assert issue.params == {"director_id": "d2", "company_id": "c1", "failed": ("in_service",)}
    assert _pairs(_plan(directors=directors, companies=1, engagements=RUNNING)) == {("d1", "c1")}


def test_two_fixed_engagements_of_one_company_are_a_conflict() -> None:
    both = [{"director_id": name, "company_id": "c1"} for name in ("d1", "d2")]
    plan = match(small_problem(directors=2, companies=1, engagements=both, policy={"engagements": {"fixed": True}}))
    assert plan.status == "infeasible"
    assert plan.document.conflict is not None
    assert set(plan.document.conflict.engagements) == {("d1", "c1"), ("d2", "c1")}


def test_engagement_that_is_over_is_neither_fixed_nor_priced() -> None:
    over = [{**RUNNING[0], "until": "2027-03-31"}]
    policy = {"engagements": {"fixed": True, "move_price_points": 50_000}}
    plan = _plan(directors=DIRECTORS, companies=[{"start": "2027-04-01"}], engagements=over, policy=policy)
    assert _pairs(plan) == {("d1", "c1")}
    assert plan.assignments["keep"].tolist() == [0]
