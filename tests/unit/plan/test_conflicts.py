"""Why there is no plan and what is enough, in people's terms: each limit where it fires, at its edge, and silent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.matching import match
from matcher.model.answer import Answer, Limits, Prices
from matcher.model.certificate import certify
from matcher.model.solvers import cpsat_model, flow, pricing
from matcher.model.solvers.cpsat_model import Outcome
from matcher.model.tiers import solve_tiers
from matcher.modelling import build_model
from matcher.pairing.candidates import build_candidates
from matcher.plan.conflicts import explain_infeasible
from matcher.plan.demands import demands_of, policy_field
from matcher.plan.document import BottleneckPart, Conflict, ConflictRow, PlanDocument, Relaxation
from matcher.verifying.check import check_plan
from tests.problems import small_problem

MUNICIPALITY = {"kind": "municipality"}


def _pin(director: str, company: str) -> dict[str, str]:
    return {"director_id": director, "company_id": company, "rule": "pin"}


def _policy(least: int, *, by: str = "kind", value: str = "municipality", **limits: Any) -> dict[str, Any]:
    return {"limits": {"quotas": [{"by": by, "value": value, "min": least}], **limits}}


def _document(**rows: Any) -> PlanDocument:
    return match(small_problem(**rows)).document


def _conflict(**rows: Any) -> Conflict:
    document = _document(**rows)
    assert (document.status, document.certificate.word) == ("infeasible", "proved")
    assert document.conflict is not None
    return document.conflict


def _is_feasible(**rows: Any) -> bool:
    document = _document(**rows)
    assert (document.conflict is None) == (document.status == "optimal")
    return document.status == "optimal"


Told = tuple[str, str, str | None, str | None, float, float | None, str]


def _told(found: Relaxation) -> Told:
    (change,) = found.changes
    assert found.word == "proved"
    return (
        change.family,
        change.side,
        change.subject,
        change.company_id,
        change.amount,
        change.after,
        found.least,
    )


def _all_told(conflict: Conflict) -> list[Told]:
    return [_told(found) for found in conflict.relaxations]


def test_quota_above_the_companies_with_anybody_falls_to_their_number() -> None:
    rows = {"directors": [{"max_companies": 3}] * 2, "companies": [MUNICIPALITY, MUNICIPALITY, {}, {}]}
    conflict = _conflict(**rows, policy=_policy(3))
    (quota,) = [row for row in conflict.rows if row.family == "quota:kind"]
    assert (quota.lower, quota.n_members, quota.members) == (3, 2, ("c1", "c2"))
    assert _all_told(conflict) == [("quota:kind", "least", "municipality", None, 1, 2, "proved")]
    assert _is_feasible(**rows, policy=_policy(2))


def test_quota_of_companies_without_anybody_falls_to_none() -> None:
    conflict = _conflict(companies=2, policy=_policy(2))
    assert [(row.family, row.n_members) for row in conflict.rows] == [("quota:kind", 0)]
    assert _all_told(conflict) == [("quota:kind", "least", "municipality", None, 2, 0, "proved")]
    assert conflict.bottleneck is None


def test_too_few_slots_name_the_companies_the_directors_and_what_is_missing() -> None:
    rows = {"directors": [{}, {}, {"max_companies": 0}], "companies": [MUNICIPALITY] * 4}
    conflict = _conflict(**rows, policy=_policy(3))
    found = conflict.bottleneck
    assert found is not None
    assert (found.unit, found.demand, found.supply, found.shortfall, found.loose) == ("companies", 3, 2, 1, 0)
    assert (found.companies, found.directors) == (("c1", "c2", "c3", "c4"), ("d1", "d2", "d3"))
    assert found.gives == (
        BottleneckPart(family="slots", amount=2, subjects=("d1", "d2", "d3"), subject_kind="director", n_subjects=3),
    )
    assert _all_told(conflict) == [
        ("quota:kind", "least", "municipality", None, 1, 2, "proved"),
        ("slots", "most", "d1", None, 1, 2, "proved"),
        ("slots", "most", "d2", None, 1, 2, "proved"),
        ("slots", "most", "d3", None, 1, 1, "proved"),
    ]
    assert _is_feasible(**{**rows, "directors": [{"max_companies": 2}, {}, {}]}, policy=_policy(3))


def test_company_with_another_director_is_not_among_those_that_compete() -> None:
    """c3 may go to d2 as well: only c1 and c2 have nobody but d1."""
    forbid = [{"director_id": "d2", "company_id": company, "rule": "forbid"} for company in ("c1", "c2")]
    conflict = _conflict(
        directors=[{}, {"max_companies": 3}], companies=[MUNICIPALITY] * 3, pairs=forbid, policy=_policy(3)
    )
    found = conflict.bottleneck
    assert found is not None
    assert (found.companies, found.directors) == (("c1", "c2"), ("d1",))
    assert found.demand == sum(part.amount for part in found.asks)
    assert found.supply == sum(part.amount for part in found.gives) + found.loose
    assert found.shortfall == 1


def test_pins_beyond_slots_can_be_dropped_or_a_slot_added() -> None:
    rows = {"directors": [{}, {"max_companies": 3}], "companies": 3}
    conflict = _conflict(**rows, pairs=[_pin("d1", "c1"), _pin("d1", "c2")])
    assert _all_told(conflict) == [
        ("slots", "most", "d1", None, 1, 2, "proved"),
        ("pins", "drop", "d1", "c1", 1, None, "proved"),
        ("pins", "drop", "d1", "c2", 1, None, "proved"),
    ]
    found = conflict.bottleneck
    assert found is not None
    assert (found.demand, found.supply, found.companies, found.directors) == (2, 1, (), ("d1",))
    assert _is_feasible(**rows, pairs=[_pin("d1", "c1")])


def test_minimum_for_every_director_is_one_number_of_the_policy() -> None:
    rows = {"directors": [{"max_companies": 3}] * 3, "companies": 4}
    conflict = _conflict(**rows, policy={"limits": {"min_companies_per_director": 2}})
    assert _all_told(conflict) == [("min_companies_per_director", "least", None, None, 1, 1, "proved")]
    assert conflict.bottleneck is not None
    assert (conflict.bottleneck.demand, conflict.bottleneck.supply) == (6, 4)
    assert _is_feasible(**rows, policy={"limits": {"min_companies_per_director": 1}})


def test_limit_on_companies_below_a_quota() -> None:
    rows = {"directors": [{"max_companies": 3}] * 3, "companies": [MUNICIPALITY] * 4 + [{}]}
    conflict = _conflict(**rows, policy=_policy(3, max_companies=2))
    assert _all_told(conflict) == [
        ("quota:kind", "least", "municipality", None, 1, 2, "proved"),
        ("max_companies", "most", None, None, 1, 3, "proved"),
    ]
    assert _is_feasible(**rows, policy=_policy(3, max_companies=3))


def test_budget_below_the_pins_is_told_in_yen_and_comes_last() -> None:
    fee = {"max_companies": 3, "fee_jpy_per_month": 200_000}
    rows = {"directors": [fee] * 2, "companies": 4, "pairs": [_pin("d1", "c1"), _pin("d2", "c2"), _pin("d1", "c3")]}
    conflict = _conflict(**rows, policy={"limits": {"budget_jpy_per_month": 500_000}})
    assert [told[0] for told in _all_told(conflict)] == ["pins", "pins", "pins", "budget"]
    assert _all_told(conflict)[-1] == ("budget", "most", None, None, 100_000, 600_000, "proved")
    found = conflict.bottleneck
    assert found is not None
    assert (found.unit, found.demand, found.supply, found.shortfall) == ("jpy", 600_000, 500_000, 100_000)
    assert _is_feasible(**rows, policy={"limits": {"budget_jpy_per_month": 600_000}})


def test_hours_too_short_for_pins_are_told_in_hours() -> None:
    companies = [{"hours_per_month": 15}, {"hours_per_month": 15.5}, {"hours_per_month": 20}]
    pairs = [_pin("d1", "c1"), _pin("d1", "c2"), _pin("d1", "c3")]
    rows = {"companies": companies, "pairs": pairs}
    conflict = _conflict(**rows, directors=[{"max_companies": 3, "hours_per_month": 40}])
    assert _all_told(conflict)[-1] == ("hours", "most", "d1", None, 10.5, 50.5, "proved")
    found = conflict.bottleneck
    assert found is not None
    assert (found.unit, found.demand, found.supply, found.shortfall) == ("hours", 50.5, 40, 10.5)
    assert _is_feasible(**rows, directors=[{"max_companies": 3, "hours_per_month": 50.5}])


def test_hours_of_a_quota_count_each_company_at_what_it_takes_at_least() -> None:
    """Any four of 20, 25, 30, 30, 30 hours take 105; the linear sum sees 90, and 80 are there."""
    companies = [{**MUNICIPALITY, "hours_per_month": hours} for hours in (20, 25, 30, 30, 30)]
    directors = [{"max_companies": 3, "hours_per_month": 40}] * 2
    conflict = _conflict(directors=directors, companies=companies, policy=_policy(4))
    found = conflict.bottleneck
    assert found is not None
    assert (found.demand, found.supply, found.loose) == (90, 80, 0)
    assert _all_told(conflict) == [
        ("quota:kind", "least", "municipality", None, 2, 2, "proved"),
        ("hours", "most", "d1", None, 35, 75, "proved"),
        ("hours", "most", "d2", None, 35, 75, "proved"),
    ]


def test_more_hours_also_make_more_candidates() -> None:
    """c1 and c2 take 12 hours together; with 11 hours c3 becomes a candidate, and counts for both quotas alone."""
    quotas = [{"by": "kind", "value": "municipality", "min": 1}, {"by": "goal", "value": "other", "min": 1}]
    rows: dict[str, Any] = {
        "companies": [
            {**MUNICIPALITY, "hours_per_month": 6},
            {"goal": "other", "hours_per_month": 6},
            {**MUNICIPALITY, "goal": "other", "hours_per_month": 11},
        ],
        "policy": {"limits": {"quotas": quotas}},
    }
    conflict = _conflict(directors=[{"max_companies": 2, "hours_per_month": 10}], **rows)
    assert ("hours", "most", "d1", None, 1, 11, "proved") in _all_told(conflict)
    assert _is_feasible(directors=[{"max_companies": 2, "hours_per_month": 11}], **rows)


def test_rivals_pinned_to_the_same_director() -> None:
    rows = {"directors": [{"max_companies": 3}] * 2, "companies": 3}
    rivals = [{"company_id": "c1", "other_id": "c2"}]
    conflict = _conflict(**rows, pairs=[_pin("d1", "c1"), _pin("d1", "c2")], rivals=rivals)
    assert _all_told(conflict)[0] == ("rivals", "drop", "c1 / c2", None, 1, None, "proved")
    assert [told[:4] for told in _all_told(conflict)[1:]] == [
        ("pins", "drop", "d1", "c1"),
        ("pins", "drop", "d1", "c2"),
    ]
    assert _is_feasible(**rows, pairs=[_pin("d1", "c1"), _pin("d2", "c2")], rivals=rivals)


def test_limit_on_directors_counts_directors_and_offers_their_slots() -> None:
    rows = {"directors": [{}] * 4, "companies": [MUNICIPALITY] * 4}
    conflict = _conflict(**rows, policy=_policy(3, max_directors=2))
    (count,) = [row for row in conflict.rows if row.family == "max_directors"]
    assert (count.members_kind, count.members) == ("director", ("d1", "d2", "d3", "d4"))
    assert [told[:3] for told in _all_told(conflict)] == [
        ("quota:kind", "least", "municipality"),
        ("max_directors", "most", None),
        *(("slots", "most", director) for director in ("d1", "d2", "d3", "d4")),
    ]
    assert _is_feasible(**rows, policy=_policy(3, max_directors=3))
    assert _is_feasible(**{**rows, "directors": [{"max_companies": 2}, {}, {}, {}]}, policy=_policy(3, max_directors=2))


def test_slots_that_count_as_empty_or_used_are_no_demand_for_more() -> None:
    policy = {"objective": ["companies_served", "even_load"], **_policy(3)}
    conflict = _conflict(directors=[{}, {}], companies=[MUNICIPALITY] * 4, policy=policy)
    assert _all_told(conflict) == [
        ("quota:kind", "least", "municipality", None, 1, 2, "proved"),
        ("slots", "most", "d1", None, 1, 2, "proved"),
        ("slots", "most", "d2", None, 1, 2, "proved"),
    ]


def test_one_more_slot_is_not_offered_where_hours_would_run_out_then() -> None:
    """With one slot of 15 hours, 20 hours cannot bind and are left out of the model; with two slots they do."""
    rows = {"companies": [{**MUNICIPALITY, "hours_per_month": 15}] * 2, "policy": _policy(2)}
    conflict = _conflict(directors=[{"hours_per_month": 20}], **rows)
    assert [told[0] for told in _all_told(conflict)] == ["quota:kind"]
    assert [(demand.family, demand.subject, demand.word) for demand in conflict.not_enough] == [
        ("slots", "d1", "proved")
    ]
    enough = _conflict(directors=[{"hours_per_month": 30}], **rows)
    assert ("slots", "most", "d1", None, 1, 2, "proved") in _all_told(enough)
    assert enough.not_enough == ()


def test_slots_used_up_elsewhere_have_to_come_back_first() -> None:
    conflict = _conflict(
        directors=[{"max_companies": 1}],
        companies=[MUNICIPALITY],
        engagements=[{"director_id": "d1", "company_id": f"x{n}"} for n in range(3)],
        policy=_policy(1),
    )
    assert ("slots", "most", "d1", None, 3, 4, "proved") in _all_told(conflict)


def test_quota_with_both_ends_gives_way_at_the_end_that_binds() -> None:
    policy = {"limits": {"quotas": [{"by": "kind", "value": "municipality", "min": 0, "max": 1}]}}
    pairs = [_pin("d1", "c1"), _pin("d1", "c2")]
    conflict = _conflict(directors=[{"max_companies": 2}], companies=[MUNICIPALITY] * 2, pairs=pairs, policy=policy)
    assert _all_told(conflict)[0] == ("quota:kind", "most", "municipality", None, 1, 2, "proved")


def test_two_contradictions_are_mended_together_at_the_least_cost() -> None:
    conflict = _conflict(
        directors=2,
        companies=[MUNICIPALITY, {}, {}, {}],
        pairs=[_pin("d1", "c2"), _pin("d1", "c3")],
        policy=_policy(2),
    )
    (together,) = conflict.relaxations
    assert [(change.family, change.subject, change.amount) for change in together.changes] == [
        ("quota:kind", "municipality", 1),
        ("slots", "d1", 1),
    ]
    assert (together.word, together.least) == ("proved", "proved")
    assert {(demand.family, demand.company_id) for demand in conflict.not_enough} == {
        ("slots", None),
        ("pins", "c2"),
        ("pins", "c3"),
    }
    assert conflict.n_untried == 0


def test_what_was_not_tried_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.plan.relaxations._MAX_TRIED", 2)
    rows = {"directors": [{}, {}, {"max_companies": 0}], "companies": [MUNICIPALITY] * 4}
    conflict = _conflict(**rows, policy=_policy(3))
    assert (len(conflict.relaxations), conflict.n_untried) == (2, 2)
    monkeypatch.setattr("matcher.plan.conflicts._WORK", 0.0)
    conflict = _conflict(**rows, policy=_policy(3))
    assert (conflict.relaxations, conflict.not_enough, conflict.n_untried) == ((), (), 4)


def test_limits_of_the_policy_are_found_by_name() -> None:
    assert policy_field("max_companies") == "max_companies"
    assert policy_field("budget") == "budget_jpy_per_month"
    assert policy_field("slots") is None
    assert policy_field("hours") is None


def test_family_that_nobody_knows_gives_way_on_its_rows() -> None:
    problem = small_problem(directors=[{}, {}], companies=[MUNICIPALITY] * 3, policy=_policy(3))
    candidates = build_candidates(problem)
    model = build_model(problem, candidates)
    families = tuple(
        replace(family, name="visits") if family.name == "slots" else family for family in model.formulation.families
    )
    meanings = {("visits" if name == "slots" else name): meaning for name, meaning in model.meanings.items()}
    strange = replace(model, formulation=replace(model.formulation, families=families), meanings=meanings)
    assert {demand.family for demand in demands_of(strange)} == {"quota", "visits"}
    solved = solve_tiers(strange.formulation, strange.tiers, limits=Limits())
    found = explain_infeasible(problem, candidates, strange, solved.answer, Limits())
    told = _all_told(found.conflict)
    assert told[1:] == [
        ("visits", "most", "d1", None, 1, None, "proved"),
        ("visits", "most", "d2", None, 1, None, "proved"),
    ]


# A claim without a second witness is not believed (docs/architecture.md, “A claim is not a proof”).


def _lying_backend(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    monkeypatch.setattr(flow, "solve", lambda formulation, limits, **_: answer)


def test_backend_that_lies_leaves_the_plan_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _is_feasible(directors=2, companies=2)
    _lying_backend(monkeypatch, Answer("infeasible", "flow"))
    document = _document(directors=2, companies=2)
    assert (document.status, document.certificate.word) == ("unknown", "unknown")
    assert document.conflict == Conflict(rows=(), pins=(), is_irreducible=False, word="unknown")


def test_verifier_takes_an_open_claim_and_no_other_conflict_beside_an_unknown_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _lying_backend(monkeypatch, Answer("infeasible", "flow"))
    problem = small_problem(directors=2, companies=2)
    document = match(problem).document

    def problems_of(document: PlanDocument) -> list[str]:
        return [found.rule for found in check_plan(document, problem).problems if found.where == "conflict"]

    assert document.conflict is not None
    assert problems_of(document) == []
    for change in ({"word": "claimed"}, {"rows": (_ROW,)}):
        told = document.conflict.model_copy(update=change)
        assert problems_of(document.model_copy(update={"conflict": told})) == ["conflict_wrong"]


_ROW = ConflictRow(family="slots", subject="d1", lower=None, upper=1, members=(), n_members=0)


def test_backend_that_lies_with_two_witnesses_is_refuted_by_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    _lying_backend(monkeypatch, Answer("infeasible", "flow", witnesses=("one", "other")))
    assert _document(directors=2, companies=2).status == "unknown"


def test_mutated_prices_are_no_witness(monkeypatch: pytest.MonkeyPatch) -> None:
    """The prices of another model, on one that has a plan; and on one that has none they are not needed."""
    problem = small_problem(directors=2, companies=[MUNICIPALITY] * 3, policy=_policy(3))
    model = build_model(problem, build_candidates(problem))
    farkas = flow.solve(model.formulation, Limits()).farkas
    assert farkas is not None
    assert certify(model.formulation, Answer("infeasible", "flow", farkas=farkas)).infeasible_proved
    mutated = Answer("infeasible", "flow", farkas=Prices(-farkas.row))
    assert not certify(model.formulation, mutated).infeasible_proved
    found = explain_infeasible(problem, build_candidates(problem), model, mutated, Limits())
    assert found.word == "proved"
    able = small_problem(directors=3, companies=[MUNICIPALITY] * 3, policy=_policy(3))
    can = build_model(able, build_candidates(able))
    wrong = Answer("infeasible", "flow", farkas=Prices(np.ones(can.formulation.n_rows, np.int64)))
    assert explain_infeasible(able, build_candidates(able), can, wrong, Limits()).word == "unknown"


def _whole_numbers_only() -> dict[str, Any]:
    """Three companies, each the rival of the others, and two directors: halves of companies would fit."""
    return {
        "directors": [{"max_companies": 3}] * 2,
        "companies": [MUNICIPALITY] * 3,
        "rivals": [{"company_id": one, "other_id": other} for one, other in (("c1", "c2"), ("c1", "c3"), ("c2", "c3"))],
        "policy": _policy(3),
    }


def test_contradiction_of_whole_numbers_is_proved_by_a_tree() -> None:
    conflict = _conflict(**_whole_numbers_only())
    assert (conflict.word, conflict.is_irreducible, conflict.bottleneck) == ("proved", True, None)
    assert [row.family for row in conflict.rows] == ["quota:kind", "rivals", "rivals", "rivals"]
    assert _all_told(conflict) == [
        ("quota:kind", "least", "municipality", None, 1, 2, "proved"),
        ("rivals", "drop", "c1 / c2", None, 1, None, "proved"),
        ("rivals", "drop", "c1 / c3", None, 1, None, "proved"),
        ("rivals", "drop", "c2 / c3", None, 1, None, "proved"),
    ]


@pytest.fixture
def no_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a model is too large for any tree to close."""
    monkeypatch.setattr(pricing, "_refuted", lambda climb: None)
    for module in ("conflict", "judging"):
        monkeypatch.setattr(f"matcher.model.{module}.refuting_tree", lambda *_: None)


@pytest.mark.parametrize("backend", ["cpsat", "mip", "pricing"])
def test_proof_of_the_conflict_stands_in_the_plan(backend: str) -> None:
    """CP-SAT and HiGHS prove nothing by themselves: what the conflict's own tree proves is what the plan keeps."""
    rows = _whole_numbers_only()
    problem = small_problem(**{**rows, "policy": {**rows["policy"], "solve": {"backend": backend}}})
    document = match(problem).document
    assert (document.status, document.certificate.word) == ("infeasible", "proved")
    assert document.proof[0].kind == "tree_infeasible"
    assert check_plan(document, problem).problems == ()


@pytest.mark.usefixtures("no_tree")
def test_contradiction_of_whole_numbers_is_claimed_by_two_runs() -> None:
    document = _document(**_whole_numbers_only())
    assert (document.status, document.certificate.word) == ("infeasible", "claimed")
    assert document.conflict is not None
    assert (document.conflict.word, document.conflict.bottleneck) == ("claimed", None)
    assert _told(document.conflict.relaxations[0])[::6] == ("quota:kind", "claimed")


@pytest.mark.usefixtures("no_tree")
@pytest.mark.parametrize("second", ["unknown", "feasible"])
def test_contradiction_that_only_one_run_sees_is_unknown(monkeypatch: pytest.MonkeyPatch, second: Any) -> None:
    def one_sided(formulation: Any, part: Any, spend: Any, **_: Any) -> Outcome:
        return Outcome("infeasible" if spend.presolve else second, None, None)

    monkeypatch.setattr(cpsat_model, "run", one_sided)
    document = _document(**_whole_numbers_only())
    assert (document.status, document.certificate.word) == ("unknown", "unknown")
