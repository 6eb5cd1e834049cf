"""Each limit of the model: it binds, it leaves alone what it does not concern, it is left out where it cannot bind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcher.matching import match
from matcher.model.solvers.network import Network, as_network
from matcher.modelling import Model, build_model, engaged_elsewhere
from matcher.pairing.candidates import build_candidates
from matcher.plan.plan import Plan
from tests.problems import small_problem


def _model(**tables: Any) -> Model:
    problem = small_problem(**tables)
    return build_model(problem, build_candidates(problem))


def _pairs(plan: Plan) -> set[tuple[str, str]]:
    return set(zip(plan.assignments["director_id"], plan.assignments["company_id"], strict=True))


def _plan(**tables: Any) -> Plan:
    plan = match(small_problem(**tables))
    assert plan.certificate.word == "proved" or plan.document.solver.backend == "cpsat"
    return plan


def test_slots_limit_a_director() -> None:
    assert len(_plan(directors=[{"max_companies": 2}], companies=3).assignments) == 2
    assert len(_plan(directors=[{"max_companies": 3}], companies=3).assignments) == 3
    assert len(_plan(directors=[{"max_companies": 0}], companies=3).assignments) == 0


def test_company_gets_one_director() -> None:
    assert len(_plan(directors=3, companies=1).assignments) == 1


def test_max_companies_is_one_row_and_stays_a_network() -> None:
    model = _model(directors=3, companies=3, policy={"limits": {"max_companies": 2}})
    assert isinstance(as_network(model.formulation), Network)
    plan = _plan(directors=3, companies=3, policy={"limits": {"max_companies": 2}})
    assert (len(plan.assignments), plan.document.solver.backend) == (2, "flow")


def test_max_companies_that_cannot_bind_is_left_out_and_named() -> None:
    model = _model(directors=3, companies=3, policy={"limits": {"max_companies": 3}})
    assert model.not_binding == ("max_companies",)
    assert [family.name for family in model.formulation.families] == ["slots", "one_director"]


def test_quota_max_and_min_choose_by_kind() -> None:
    companies = [
        {"kind": "company", "priority": 2},
        {"kind": "company", "priority": 2},
        {"kind": "municipality"},
        {"kind": "municipality"},
    ]
    free = {"max_companies": 2}
    quota = {"by": "kind", "value": "自治体", "min": 1}
    assert _served(companies, {"limits": free}) == {"c1", "c2"}
    assert len(_served(companies, {"limits": {**free, "quotas": [quota]}}) & {"c3", "c4"}) == 1
    most = {"by": "kind", "value": "company", "max": 0}
    assert _served(companies, {"limits": {**free, "quotas": [most]}}) == {"c3", "c4"}


def _served(companies: list[dict[str, Any]], policy: dict[str, Any]) -> set[str]:
    return set(_plan(directors=4, companies=companies, policy=policy).assignments["company_id"])


@pytest.mark.parametrize(
    ("by", "value", "field", "members"),
    [
        ("prefecture", "Kochi", "prefecture", ("高知県", "徳島県")),
        ("region", "四国", "prefecture", ("高知県", "東京都")),
        ("industry", "製造業", "industry", ("E", "M")),
        ("goal", "市場拡大", "goal", ("widen_market", "other")),
    ],
)
def test_quota_counts_the_companies_its_words_name(by: str, value: str, field: str, members: tuple[str, str]) -> None:
    companies = [{field: member} for member in members]
    policy = {"limits": {"quotas": [{"by": by, "value": value, "max": 0}]}}
    assert _served(companies, policy) == {"c2"}


def test_quotas_on_overlapping_groups_leave_the_network() -> None:
    quotas = [
        {"by": "kind", "value": "company", "max": 1},
        {"by": "prefecture", "value": "Kochi", "max": 1},
    ]
    companies = [
        {"kind": "company", "prefecture": "Kochi"},
        {"kind": "company", "prefecture": "Tokyo"},
        {"kind": "municipality", "prefecture": "Kochi"},
    ]
    plan = _plan(directors=3, companies=companies, policy={"limits": {"quotas": quotas}})
    assert plan.document.solver.backend == "pricing"
    assert set(plan.assignments["company_id"]) == {"c2", "c3"}


def test_pin_is_kept_against_points_and_forbid_is_obeyed() -> None:
    directors = [{"experience_years": 20}, {"experience_years": 0}]
    assert _pairs(_plan(directors=directors, companies=1)) == {("d1", "c1")}
    pin = [{"director_id": "d2", "company_id": "c1", "rule": "pin"}]
    plan = _plan(directors=directors, companies=1, pairs=pin)
    assert _pairs(plan) == {("d2", "c1")}
    assert plan.assignments["pinned"].tolist() == [True]
    forbid = [{"director_id": "d1", "company_id": "c1", "rule": "forbid"}]
    assert _pairs(_plan(directors=directors, companies=1, pairs=forbid)) == {("d2", "c1")}


def test_two_pins_of_one_company_are_infeasible_and_named() -> None:
    pins = [{"director_id": name, "company_id": "c1", "rule": "pin"} for name in ("d1", "d2")]
    plan = match(small_problem(directors=2, companies=1, pairs=pins))
    assert plan.status == "infeasible"
    assert plan.certificate.word == "proved"
    conflict = plan.document.conflict
    assert conflict is not None
    assert conflict.is_irreducible
    assert set(conflict.pins) == {("d1", "c1"), ("d2", "c1")}
    assert [(row.family, row.subject) for row in conflict.rows] == [("one_director", "c1")]


HOURS = [{"hours_per_month": 20}, {"hours_per_month": 20}, {"hours_per_month": 25}]


def test_hours_of_a_director_limit_the_sum() -> None:
    director = {"max_companies": 3, "hours_per_month": 40}
    assert set(_plan(directors=[director], companies=HOURS).assignments["company_id"]) == {"c1", "c2"}
    more = {**director, "hours_per_month": 64.999}
    assert len(_plan(directors=[more], companies=HOURS).assignments) == 2
    enough = {**director, "hours_per_month": 65}
    assert len(_plan(directors=[enough], companies=HOURS).assignments) == 3


def test_hours_that_cannot_bind_are_left_out() -> None:
    model = _model(directors=[{"max_companies": 2, "hours_per_month": 50}], companies=HOURS)
    assert "hours" in model.not_binding
    assert isinstance(as_network(model.formulation), Network)


def test_hours_in_thirds_never_overbook() -> None:
    thirds = [{"hours_per_month": 10 / 3}] * 3
    director = {"max_companies": 3, "hours_per_month": 10}
    assert len(_plan(directors=[director], companies=thirds).assignments) == 2  # 3.334 · 3 > 10: rounded up
    halves = [{"hours_per_month": 2.5}] * 4
    assert len(_plan(directors=[{"max_companies": 4, "hours_per_month": 10}], companies=halves).assignments) == 4


def test_missing_hours_neither_limit_nor_cost() -> None:
    assert len(_plan(directors=[{"max_companies": 3}], companies=HOURS).assignments) == 3
    companies = [{"hours_per_month": 20}, {}, {}]
    assert len(_plan(directors=[{"max_companies": 3, "hours_per_month": 20}], companies=companies).assignments) == 3


def test_budget_limits_the_fees() -> None:
    directors = [{"fee_jpy_per_month": 300_000}, {"fee_jpy_per_month": 200_000}, {}]
    limits = {"budget_jpy_per_month": 299_999}
    plan = _plan(directors=directors, companies=3, policy={"limits": limits})
    assert set(plan.assignments["director_id"]) == {"d2", "d3"}
    assert plan.document.metrics.n_unknown_fees == 1
    plan = _plan(directors=directors, companies=3, policy={"limits": {"budget_jpy_per_month": 500_000}})
    assert len(plan.assignments) == 3
    assert plan.document.solver.not_binding == ("budget",)


def test_rivals_never_share_a_director() -> None:
    rivals = [{"company_id": "c1", "other_id": "c2"}]
    directors = [{"max_companies": 3}]
    assert len(_plan(directors=directors, companies=3).assignments) == 3
    plan = _plan(directors=directors, companies=3, rivals=rivals)
    assert len(plan.assignments) == 2
    assert "c3" in set(plan.assignments["company_id"])
    assert len(_plan(directors=[{"max_companies": 3}] * 2, companies=3, rivals=rivals).assignments) == 3


def test_rivals_written_both_ways_are_one_demand() -> None:
    both = [{"company_id": "c1", "other_id": "c2"}, {"company_id": "c2", "other_id": "c1"}]
    model = _model(directors=[{"max_companies": 2}], companies=2, rivals=both)
    family = next(family for family in model.formulation.families if family.name == "rivals")
    assert family.stop - family.start == 1


def test_max_directors_limits_who_is_used() -> None:
    plan = _plan(directors=3, companies=3, policy={"limits": {"max_directors": 2}})
    assert plan.assignments["director_id"].nunique() == 2
    assert len(plan.assignments) == 2
    many = [{"max_companies": 3}] * 3
    assert len(_plan(directors=many, companies=3, policy={"limits": {"max_directors": 1}}).assignments) == 3


def test_max_directors_that_cannot_bind_stays_a_network() -> None:
    limits = {"max_directors": 2, "max_companies": 2}
    plan = _plan(directors=3, companies=3, policy={"limits": limits})
    assert plan.document.solver.backend == "flow"
    assert plan.document.solver.not_binding == ("max_directors",)


def test_max_directors_bound_is_tight_where_slots_are_shared() -> None:
    """Six half-used directors of three slots each would serve nine companies if only pairs were tied to use."""
    plan = match(
        small_problem(directors=[{"max_companies": 3}] * 6, companies=12, policy={"limits": {"max_directors": 2}})
    )
    assert len(plan.assignments) == 6
    assert plan.certificate.word == "proved"


def test_min_companies_per_director_serves_even_at_a_loss_of_points() -> None:
    directors = [{"max_companies": 2, "experience_years": 20}, {"max_companies": 2, "experience_years": 1}]
    limits: dict[str, Any] = {}
    assert set(_plan(directors=directors, companies=2, policy={"limits": limits}).assignments["director_id"]) == {"d1"}
    limits["min_companies_per_director"] = 1
    plan = _plan(directors=directors, companies=2, policy={"limits": limits})
    assert set(plan.assignments["director_id"]) == {"d1", "d2"}


def test_min_companies_of_a_director_nobody_needs_is_named() -> None:
    directors = [{}, {"max_companies": 0}]
    plan = match(small_problem(directors=directors, companies=2, policy={"limits": {"min_companies_per_director": 1}}))
    assert plan.status == "infeasible"
    assert plan.document.conflict is not None
    named = {(row.family, row.subject) for row in plan.document.conflict.rows}
    assert ("min_companies_per_director", "d2") in named


def test_engagement_elsewhere_uses_slot_and_hours() -> None:
    engagements = [{"director_id": "d1", "company_id": "X9", "hours_per_month": 15}]
    problem = small_problem(directors=[{"max_companies": 2}], companies=2, engagements=engagements)
    slots, hours = engaged_elsewhere(problem)
    assert (slots.tolist(), hours.tolist()) == ([1], [15.0])
    plan = match(problem)
    assert len(plan.assignments) == 1
    assert plan.directors.loc[0, ["n_elsewhere", "slots_left"]].tolist() == [1, 0]
    assert plan.directors.loc[0, "hours_per_month"] == 15.0


@pytest.mark.parametrize(("until", "n_slots"), [("2027-03-31", 0), ("2027-04-01", 1), (None, 1)])
def test_engagement_that_ends_before_the_batch_starts_is_over(until: str | None, n_slots: int) -> None:
    engagement = {"director_id": "d1", "company_id": "X9", "until": until}
    problem = small_problem(companies=[{"start": "2027-04-01"}, {}], engagements=[engagement])
    assert engaged_elsewhere(problem)[0].tolist() == [n_slots]


def test_running_engagement_in_the_batch_is_kept_for_its_points() -> None:
    directors = [{"experience_years": 10}, {"experience_years": 8}]
    engagements = [{"director_id": "d2", "company_id": "c1"}]
    plan = _plan(directors=directors, companies=1, engagements=engagements)
    assert _pairs(plan) == {("d1", "c1")}
    assert plan.assignments["is_new"].tolist() == [True]
    plan = _plan(directors=directors, companies=1, engagements=engagements, policy={"keep_points": 5_000})
    assert _pairs(plan) == {("d2", "c1")}
    assert plan.assignments["is_new"].tolist() == [False]
    assert plan.assignments["keep"].tolist() == [5_000]


def test_running_engagement_costs_its_own_hours() -> None:
    directors = [{"max_companies": 2, "hours_per_month": 20}]
    companies = [{"hours_per_month": 15}, {"hours_per_month": 15}]
    assert len(_plan(directors=directors, companies=companies).assignments) == 1
    engagements = [{"director_id": "d1", "company_id": "c1", "hours_per_month": 5}]
    assert len(_plan(directors=directors, companies=companies, engagements=engagements).assignments) == 2


@pytest.mark.parametrize(
    ("objective", "expected"),
    [(["points"], "d1"), (["distance_km", "points"], None), (["companies_served", "distance_km"], "d2")],
)
def test_objective_tiers_decide_in_order(objective: list[str], expected: str | None) -> None:
    directors = [{"prefecture": "Tokyo", "experience_years": 20, "owner_years": 30}, {"prefecture": "Tokushima"}]
    plan = _plan(directors=directors, companies=1, policy={"objective": objective})
    assert plan.assignments["director_id"].tolist() == ([] if expected is None else [expected])
    assert list(plan.objective) == objective


def test_fewest_changes_keeps_running_engagements_first() -> None:
    directors = [{"experience_years": 10}, {"experience_years": 1}]
    engagements = [{"director_id": "d2", "company_id": "c1"}]
    policy = {"objective": ["fewest_changes", "points"]}
    assert _pairs(_plan(directors=directors, companies=1, engagements=engagements, policy=policy)) == {("d2", "c1")}


def test_worst_match_raises_the_least_points_of_any_match() -> None:
    directors = [{"experience_years": 10}, {"experience_years": 2}]
    companies: list[dict[str, Any]] = [{"priority": 2}, {"priority": 1}]
    first = {"objective": ["companies_served", "points"]}
    plan = _plan(directors=directors, companies=companies, policy=first)
    assert _pairs(plan) == {("d1", "c1"), ("d2", "c2")}
    policy = {"objective": ["companies_served", "worst_match", "points"]}
    plan = _plan(directors=directors, companies=companies, policy=policy)
    assert _pairs(plan) == {("d2", "c1"), ("d1", "c2")}
    assert plan.objective["worst_match"] == plan.assignments["points"].min()
    assert [tier.word for tier in plan.document.tiers[:3]] == ["proved"] * 3


def test_worst_match_alone_promises_nothing_where_nobody_need_be_served() -> None:
    plan = _plan(directors=2, companies=2, policy={"objective": ["worst_match"]})
    assert plan.objective["worst_match"] == (plan.assignments["points"].min() if len(plan.assignments) else 10_000)


def test_even_load_spreads_companies_and_stays_a_network() -> None:
    directors = [{"max_companies": 3, "experience_years": 10}, {"max_companies": 3}, {"max_companies": 3}]
    plan = _plan(directors=directors, companies=3)
    assert plan.directors["n_companies"].tolist() == [3, 0, 0]
    policy = {"objective": ["companies_served", "even_load", "points"]}
    plan = _plan(directors=directors, companies=3, policy=policy)
    assert plan.directors["n_companies"].tolist() == [1, 1, 1]
    assert plan.objective["even_load"] == -3
    assert plan.document.solver.backend == "flow"
    assert plan.certificate.word == "proved"


def test_even_load_counts_companies_elsewhere() -> None:
    engagements = [{"director_id": "d1", "company_id": name} for name in ("X1", "X2")]
    directors = [{"max_companies": 4, "experience_years": 10}, {"max_companies": 4}]
    policy = {"objective": ["companies_served", "even_load"]}
    plan = _plan(directors=directors, companies=2, engagements=engagements, policy=policy)
    assert plan.directors["n_companies"].tolist() == [0, 2]
    assert plan.objective["even_load"] == -(2**2 + 2**2)


def test_even_load_holds_together_with_max_directors() -> None:
    directors = [{"max_companies": 3}] * 3
    policy = {"objective": ["companies_served", "even_load"], "limits": {"max_directors": 2}}
    plan = _plan(directors=directors, companies=4, policy=policy)
    assert sorted(plan.directors["n_companies"]) == [0, 2, 2]


def test_tie_break_decides_between_equal_points_even_without_weight() -> None:
    directors = [{}, {}]
    results = [
        {"director_id": "d1", "goal": "raise_revenue", "rating": 2},
        {"director_id": "d2", "goal": "raise_revenue", "rating": 3},
    ]
    policy = {"weights": {"goal_fit": 0}, "tie_break": ["goal_fit"]}
    plan = _plan(directors=directors, companies=1, director_results=results, policy=policy)
    assert plan.assignments["director_id"].tolist() == ["d2"]


def test_lot_settles_what_is_equal_in_all_else_and_is_recorded() -> None:
    drawn = {
        seed: match(small_problem(directors=5, companies=1, policy={"solve": {"seed": seed}})) for seed in range(8)
    }
    chosen = {seed: plan.assignments["director_id"].iloc[0] for seed, plan in drawn.items()}
    assert len(set(chosen.values())) > 1
    assert all(plan.document.seed == seed for seed, plan in drawn.items())
    again = match(small_problem(directors=5, companies=1, policy={"solve": {"seed": 3}}))
    assert again.assignments["director_id"].iloc[0] == chosen[3]


def test_rows_mean_what_they_say() -> None:
    model = _model(directors=2, companies=3, policy={"limits": {"max_companies": 1}})
    assert model.meanings["slots"].kind == "director"
    np.testing.assert_array_equal(model.meanings["slots"].subject_idx, [0, 1])
    np.testing.assert_array_equal(model.meanings["one_director"].subject_idx, [0, 1, 2])
