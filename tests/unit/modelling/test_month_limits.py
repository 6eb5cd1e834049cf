"""Limits that hold in every month: companies of different periods share what a director and the budget have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcher.errors import DataError
from matcher.matching import match
from matcher.model.solvers.network import Network, as_network
from matcher.modelling import Model, build_model, build_months
from matcher.pairing.candidates import build_candidates
from matcher.plan.plan import Plan
from matcher.words.issues import issue_text
from tests.problems import small_problem

SPRING = {"start": "2027-04-01", "months": 3}
SUMMER = {"start": "2027-07-01", "months": 3}
LATE_SPRING = {"start": "2027-06-15", "months": 1}


def _model(**tables: Any) -> Model:
    problem = small_problem(**tables)
    return build_model(problem, build_candidates(problem))


def _served(**tables: Any) -> set[str]:
    plan = match(small_problem(**tables))
    assert plan.status == "optimal"
    return set(plan.assignments["company_id"])


def _families(model: Model) -> dict[str, int]:
    return {family.name: family.stop - family.start for family in model.formulation.families}


def test_slots_hold_in_every_month_and_are_free_again_afterwards() -> None:
    directors = [{"max_companies": 1}]
    assert _served(directors=directors, companies=[SPRING, SUMMER]) == {"c1", "c2"}
    assert len(_served(directors=directors, companies=[SPRING, LATE_SPRING])) == 1
    assert len(_served(directors=directors, companies=[LATE_SPRING, SUMMER])) == 1  # 15 June to 14 July: July counts
    assert len(_served(directors=directors, companies=[SPRING, {"months": 1}])) == 1  # without a start: every month


def test_rows_of_months_that_share_no_company_are_still_a_network() -> None:
    model = _model(directors=[{"max_companies": 1}] * 2, companies=[SPRING, SPRING, SUMMER, SUMMER])
    assert _families(model)["slots"] == 4
    assert model.formulation.families[0].side == "left"
    assert isinstance(as_network(model.formulation), Network)
    assert model.meanings["slots"].month is not None
    assert model.meanings["slots"].month.astype(str).tolist() == ["2027-04", "2027-07"] * 2


def test_rows_of_months_that_overlap_have_no_side() -> None:
    companies = [SPRING, {"start": "2027-05-01", "months": 4}, SUMMER]
    model = _model(directors=[{"max_companies": 1}], companies=companies)
    assert model.formulation.families[0].side == ""
    assert _families(model)["slots"] == 2
    assert _served(directors=[{"max_companies": 1}], companies=companies) == {"c1", "c3"}


def test_months_without_a_fullest_set_are_dropped() -> None:
    """April's companies still run in May, so May says all that April says; September is another set."""
    companies = [SPRING, {"start": "2027-05-01", "months": 2}, {"start": "2027-09-01"}]
    model = _model(directors=[{"max_companies": 2}], companies=companies)
    months = model.meanings["slots"].month
    assert months is not None
    assert months.astype(str).tolist() == ["2027-05", "2027-09"]


def test_batch_that_coincides_has_the_rows_of_one_period() -> None:
    """Same start, or none at all, whatever the length: not one row, bound or side differs."""
    directors = [{"max_companies": 2, "hours_per_month": 30, "fee_jpy_per_month": 3}] * 2
    policy = {"limits": {"budget_jpy_per_month": 8, "max_directors": 1}}
    lengths = [{"months": n, "hours_per_month": 11 + n} for n in (1, 4, 6)]
    plain = _model(directors=directors, companies=lengths, policy=policy)
    dated = _model(directors=directors, companies=[{**row, "start": "2027-04-01"} for row in lengths], policy=policy)
    for name in ("row_ptr", "col_idx", "coef", "row_lower", "row_upper"):
        np.testing.assert_array_equal(getattr(plain.formulation, name), getattr(dated.formulation, name))
    assert plain.formulation.families == dated.formulation.families
    assert all(meaning.month is None for meaning in dated.meanings.values())


def test_hours_hold_in_every_month() -> None:
    directors = [{"max_companies": 3, "hours_per_month": 20}]
    hours = {"hours_per_month": 15}
    assert _served(directors=directors, companies=[{**SPRING, **hours}, {**SUMMER, **hours}]) == {"c1", "c2"}
    assert len(_served(directors=directors, companies=[{**SPRING, **hours}, {**LATE_SPRING, **hours}])) == 1
    model = _model(directors=directors, companies=[{**SPRING, **hours}, {**SUMMER, **hours}])
    assert "hours" in model.not_binding


def test_budget_holds_in_every_month() -> None:
    directors = [{"max_companies": 3, "fee_jpy_per_month": 100}]
    policy = {"limits": {"budget_jpy_per_month": 100}}
    assert _served(directors=directors, companies=[SPRING, SUMMER], policy=policy) == {"c1", "c2"}
    assert len(_served(directors=directors, companies=[SPRING, LATE_SPRING], policy=policy)) == 1
    assert len(_served(directors=directors, companies=[SPRING, LATE_SPRING])) == 2
    model = _model(directors=directors, companies=[SPRING, LATE_SPRING, SUMMER], policy=policy)
    months = model.meanings["budget"].month
    assert months is not None
    assert months.astype(str).tolist() == ["2027-06", "2027-07"]


@pytest.mark.parametrize(
    ("until", "served"),
    [
        ("2027-03-31", {"c1", "c2"}),
        ("2027-04-01", {"c2"}),
        ("2027-06-30", {"c2"}),
        ("2027-07-01", set()),
        (None, set()),
    ],
)
def test_engagement_elsewhere_counts_until_its_month(until: str | None, served: set[str]) -> None:
    engagements = [{"director_id": "d1", "company_id": "X9", "until": until}]
    assert _served(companies=[SPRING, SUMMER], engagements=engagements) == served


def test_hours_elsewhere_count_until_their_month() -> None:
    directors = [{"max_companies": 3, "hours_per_month": 20}]
    companies = [{**SPRING, "hours_per_month": 15}, {**SUMMER, "hours_per_month": 15}]
    engagements = [{"director_id": "d1", "company_id": "X9", "until": "2027-06-10", "hours_per_month": 6}]
    assert _served(directors=directors, companies=companies, engagements=engagements) == {"c2"}
    engagements = [{**engagements[0], "hours_per_month": 5}]
    assert _served(directors=directors, companies=companies, engagements=engagements) == {"c1", "c2"}


def test_month_with_less_elsewhere_does_not_stand_for_the_one_before() -> None:
    """May holds April's company and more, but April has one slot less: both rows are needed."""
    companies = [SPRING, {"start": "2027-05-01", "months": 2}]
    engagements = [{"director_id": "d1", "company_id": "X9", "until": "2027-04-30"}]
    directors = [{"max_companies": 1}]
    model = _model(directors=directors, companies=companies, engagements=engagements)
    assert _families(model)["slots"] == 2
    assert _served(directors=directors, companies=companies, engagements=engagements) == {"c2"}


def test_months_of_a_batch_are_those_in_which_a_company_starts() -> None:
    months = build_months(small_problem(companies=[SPRING, {}, SUMMER, LATE_SPRING]))
    assert months.start.astype(str).tolist() == ["2027-04", "2027-06", "2027-07"]
    assert months.first.tolist() == [0, 0, 2, 1]
    assert months.last.tolist() == [1, 2, 2, 2]


def test_even_load_counts_the_companies_of_all_months() -> None:
    directors = [{"max_companies": 2, "experience_years": 10}, {"max_companies": 2}]
    companies = [SPRING, {"start": "2027-05-01", "months": 4}, SUMMER, SUMMER]
    policy = {"objective": ["companies_served", "even_load", "points"]}
    plan = match(small_problem(directors=directors, companies=companies, policy=policy))
    assert plan.objective["even_load"] == -(2**2 + 2**2)
    assert plan.directors["n_companies"].tolist() == [2, 2]


def test_max_directors_holds_over_the_months_together() -> None:
    directors = [{"max_companies": 1}] * 2
    policy = {"limits": {"max_directors": 1}}
    assert len(_served(directors=directors, companies=[SPRING, SPRING, SUMMER, SUMMER], policy=policy)) == 2
    assert len(_served(directors=directors, companies=[SPRING, SPRING, SUMMER, SUMMER])) == 4


def test_load_of_a_director_is_that_of_the_fullest_month() -> None:
    directors = [{"max_companies": 2, "hours_per_month": 40, "fee_jpy_per_month": 100}]
    companies = [{**SPRING, "hours_per_month": 10}, {**SUMMER, "hours_per_month": 15}]
    plan: Plan = match(small_problem(directors=directors, companies=companies))
    (load,) = plan.document.directors
    assert (load.n_companies, load.hours_per_month, load.slots_left) == (2, 15.0, 1)
    assert plan.document.metrics.fee_jpy_per_month == 100
    assert plan.document.metrics.fee_jpy_total == 600


def test_conflict_of_a_month_names_the_month() -> None:
    pins = [{"director_id": "d1", "company_id": name, "rule": "pin"} for name in ("c1", "c2")]
    plan = match(small_problem(companies=[SPRING, LATE_SPRING, SUMMER], pairs=pins))
    assert plan.status == "infeasible"
    assert plan.document.conflict is not None
    assert [(row.family, row.subject, row.month) for row in plan.document.conflict.rows] == [("slots", "d1", "2027-06")]


def test_an_engagement_of_an_unknown_director_is_named() -> None:
    problem = small_problem(engagements=[{"director_id": "d9", "company_id": "elsewhere"}])
    with pytest.raises(DataError) as caught:
        match(problem)
    (issue,) = caught.value.issues
    assert (issue.rule, issue.file, issue.value) == ("unknown_id", "engagements", "d9")
    assert "engagements, column director_id: there is no id d9 in directors." in issue_text(issue, "en")
