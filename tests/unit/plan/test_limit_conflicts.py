"""Each further limit with no room, alone and beside another: the set, the sentences, what is enough, and that less is
not."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from matcher.matching import match
from matcher.model.relaxation import Give
from matcher.modelling import build_model
from matcher.pairing.candidates import build_candidates
from matcher.plan.demands import demand_family, demands_of, policy_field
from matcher.plan.document import Conflict
from matcher.plan.elastic_form import elastic_form
from matcher.words.catalog import Lang
from matcher.words.conflicts import conflict_passages
from matcher.words.facts import facts_of
from tests.problems import small_problem

MUNICIPALITY = {"kind": "municipality"}
BOTH = [{"director_id": "d1", "company_id": name, "rule": "pin"} for name in ("c1", "c2")]
RUNNING = [{"director_id": "d1", "company_id": "c1"}, {"director_id": "d2", "company_id": "c2"}]
MONTHS = [{"start": "2027-04-01", "months": 3}, {"start": "2027-06-01", "months": 3}]


def _quota(**ends: int) -> list[dict[str, Any]]:
    return [{"by": "kind", "value": "municipality", **ends}]


class Told:
    """What is told of rows that have no plan."""

    def __init__(self, **rows: Any) -> None:
        plan = match(small_problem(**rows))
        assert (plan.status, plan.certificate.word) == ("infeasible", "proved")
        conflict = plan.document.conflict
        assert conflict is not None
        assert (conflict.is_irreducible, conflict.word) == (True, "proved")
        self.conflict: Conflict = conflict
        self.passages = {lang: conflict_passages(conflict, facts_of(plan.problem), lang) for lang in get_args(Lang)}

    @property
    def said(self) -> list[tuple[str, str | None]]:
        pairs = [("pins", company) for _, company in self.conflict.pins]
        pairs += [("engagements", company) for _, company in self.conflict.engagements]
        return [(row.family, row.subject) for row in self.conflict.rows] + pairs

    @property
    def enough(self) -> list[tuple[str, str | None, float, float | None, str]]:
        found = []
        for relaxation in self.conflict.relaxations:
            (change,) = relaxation.changes
            assert relaxation.word == "proved"
            found.append(
                (change.family, change.company_id or change.subject, change.amount, change.after, relaxation.least)
            )
        return found

    def demands(self, lang: Lang) -> tuple[str, ...]:
        return self.passages[lang][0].lines

    def ways(self, lang: Lang) -> tuple[str, ...]:
        return self.passages[lang][-1].lines


def _is_feasible(**rows: Any) -> bool:
    return match(small_problem(**rows)).status == "optimal"


def test_companies_of_one_month_share_its_slots_and_others_do_not() -> None:
    told = Told(companies=MONTHS, pairs=BOTH)
    assert told.said == [("slots", "d1"), ("pins", "c1"), ("pins", "c2")]
    assert told.conflict.rows[0].month == "2027-06"
    assert told.enough[0] == ("slots", "d1", 1, 2, "proved")
    assert told.demands("ja")[0] == "2027年6月：d1が今回担当できるのは1社までです。（関係するのは2件：c1、c2）"
    assert told.demands("en")[0] == "2027-06: d1 can take at most 1 of these companies. (This concerns 2: c1, c2)"
    assert _is_feasible(companies=[{**MONTHS[0], "months": 2}, MONTHS[1]], pairs=BOTH)


def test_budget_of_every_month_is_one_number_and_names_the_month_it_is_short_in() -> None:
    rows: dict[str, Any] = {
        "directors": [{"max_companies": 3, "fee_jpy_per_month": 100_000}],
        "companies": [*MONTHS, {"start": "2027-12-01"}],
        "pairs": [*BOTH, {"director_id": "d1", "company_id": "c3", "rule": "pin"}],
    }
    told = Told(**rows, policy={"limits": {"budget_jpy_per_month": 150_000}})
    assert told.said == [("budget", None), ("pins", "c1"), ("pins", "c2")]
    assert told.enough[-1] == ("budget", None, 50_000, 200_000, "proved")
    assert told.demands("ja")[0] == "2027年6月：報酬の合計は月150,000円までです。"
    assert told.demands("en")[0] == "2027-06: Fees add up to at most 150,000 yen a month."
    assert told.ways("en")[-1].startswith("Raising the monthly budget from 150,000 yen to 200,000 yen is enough.")
    assert told.ways("ja")[-1].startswith("「月ごとの予算の上限」を150,000円から200,000円に上げる。")
    assert _is_feasible(**rows, policy={"limits": {"budget_jpy_per_month": 200_000}})
    assert not _is_feasible(**rows, policy={"limits": {"budget_jpy_per_month": 199_999}})


def test_limit_that_binds_in_several_months_is_one_demand() -> None:
    companies = [{"start": f"2027-0{month}-01", "months": 1} for month in (4, 4, 6, 6)]
    directors = [{"max_companies": 2, "fee_jpy_per_month": 100_000}]
    policy = {"limits": {"budget_jpy_per_month": 150_000}}
    problem = small_problem(directors=directors, companies=companies, policy=policy)
    model = build_model(problem, build_candidates(problem))
    (budget,) = [demand for demand in demands_of(model) if demand.family == "budget"]
    assert (budget.kind, len(budget.rows)) == ("plan", 2)
    assert budget.give(model.formulation) == Give("most", budget.rows, most=50_000, weight=budget.weight)


def test_on_site_days_too_few_for_pins_are_told_in_days() -> None:
    rows = {"companies": [{"on_site_days_per_month": 3}, {"on_site_days_per_month": 2}], "pairs": BOTH}
    told = Told(**rows, directors=[{"max_companies": 3, "on_site_days_per_month": 4.5}])
    assert told.said == [("on_site_days", "d1"), ("pins", "c1"), ("pins", "c2")]
    assert told.enough[0] == ("on_site_days", "d1", 0.5, 5, "proved")
    assert told.demands("ja")[0] == "d1が現地を訪問できるのは月4.5日までです。（関係するのは2件：c1、c2）"
    assert told.ways("ja")[0].startswith("d1の現地訪問日数をあと月0.5日増やす。")
    assert told.ways("en")[0].startswith("0.5 more on-site days a month for d1 is enough.")
    found = told.conflict.bottleneck
    assert found is not None
    assert (found.unit, found.demand, found.supply, found.shortfall) == ("days", 5, 4.5, 0.5)
    assert "Short by 0.5 on-site days a month." in told.passages["en"][1].lines[0]
    assert _is_feasible(**rows, directors=[{"max_companies": 3, "on_site_days_per_month": 5}])
    assert not _is_feasible(**rows, directors=[{"max_companies": 3, "on_site_days_per_month": 4.999}])


def test_on_site_days_against_a_quota_read_as_days_where_the_model_counts_companies() -> None:
    rows = {
        "companies": [{**MUNICIPALITY, "on_site_days_per_month": 3}] * 3,
        "policy": {"limits": {"quotas": _quota(min=3)}},
    }
    few = {"max_companies": 3, "on_site_days_per_month": 4}
    told = Told(**rows, directors=[few] * 2)
    assert told.said == [("quota:kind", "municipality"), ("on_site_days", "d1"), ("on_site_days", "d2")]
    assert told.enough == [
        ("quota:kind", "municipality", 1, 2, "proved"),
        ("on_site_days", "d1", 2, 6, "proved"),
        ("on_site_days", "d2", 2, 6, "proved"),
    ]
    assert told.demands("en")[1] == "d1 has at most 4 on-site days a month. (This concerns 3: c1, c2, c3)"
    assert told.ways("en")[1].startswith("2 more on-site days a month for any of d1, d2 is enough.")
    found = told.conflict.bottleneck
    assert found is not None
    assert (found.unit, found.demand, found.supply) == ("companies", 3, 2)
    assert [(part.family, part.amount, part.subjects) for part in found.gives] == [
        ("on_site_days_count", 2, ("d1", "d2"))
    ]
    assert _is_feasible(**rows, directors=[few, {**few, "on_site_days_per_month": 6}])
    assert not _is_feasible(**rows, directors=[few, {**few, "on_site_days_per_month": 5.999}])


def test_more_on_site_days_also_make_more_candidates() -> None:
    """c1 and c2 take 4 days together; with 3.5 days c3 becomes a candidate, and counts for both quotas alone."""
    companies = [
        {**MUNICIPALITY, "on_site_days_per_month": 2},
        {"goal": "other", "on_site_days_per_month": 2},
        {**MUNICIPALITY, "goal": "other", "on_site_days_per_month": 3.5},
    ]
    quotas = [*_quota(min=1), {"by": "goal", "value": "other", "min": 1}]
    told = Told(
        directors=[{"max_companies": 2, "on_site_days_per_month": 3}],
        companies=companies,
        policy={"limits": {"quotas": quotas}},
    )
    assert ("on_site_days", "d1", 0.5, 3.5, "proved") in told.enough


def test_hours_of_the_pair_decide_how_many_more_are_needed() -> None:
    rows = {
        "companies": [{"hours_per_month": 5}] * 2,
        "pair_hours": [{"director_id": "d1", "company_id": "c1", "hours_per_month": 16}],
        "pairs": BOTH,
    }
    told = Told(**rows, directors=[{"max_companies": 2, "hours_per_month": 17.5}])
    assert told.enough[-1] == ("hours", "d1", 3.5, 21, "proved")
    assert told.demands("en")[0] == "d1 has at most 17.5 hours a month for these companies. (This concerns 2: c1, c2)"
    assert told.demands("ja")[0] == "d1が今回使える時間は月17.5時間までです。（関係するのは2件：c1、c2）"


def test_bottleneck_of_fractions_of_companies_is_not_told() -> None:
    """Two thirds of a company could be had for the money, so the prices ask for 266,666.67 yen."""
    directors = [{"fee_jpy_per_month": 300_000}, {"fee_jpy_per_month": 350_000}]
    policy = {"limits": {"budget_jpy_per_month": 200_000, "quotas": _quota(min=1)}}
    told = Told(directors=directors, companies=[{**MUNICIPALITY}, {**MUNICIPALITY}], policy=policy)
    assert told.enough[-1] == ("budget", None, 100_000, 300_000, "proved")
    found = told.conflict.bottleneck
    assert found is None or float(found.demand).is_integer()


def test_total_budget_below_the_pins() -> None:
    rows: dict[str, Any] = {
        "directors": [{"max_companies": 2, "fee_jpy_per_month": 100_000}],
        "companies": [{"months": 3}, {"months": 4}],
        "pairs": BOTH,
    }
    told = Told(**rows, policy={"limits": {"budget_jpy_total": 650_000}})
    assert told.said == [("budget_total", None), ("pins", "c1"), ("pins", "c2")]
    assert told.enough[-1] == ("budget_total", None, 50_000, 700_000, "proved")
    assert told.demands("ja")[0] == "報酬（月額×支援月数）の合計は650,000円までです。"
    assert told.demands("en")[0] == "Fees (a month, times the months) add up to at most 650,000 yen."
    assert told.ways("en")[-1].startswith("Raising the total budget from 650,000 yen to 700,000 yen is enough.")
    assert _is_feasible(**rows, policy={"limits": {"budget_jpy_total": 700_000}})
    assert not _is_feasible(**rows, policy={"limits": {"budget_jpy_total": 699_999}})


def test_new_companies_at_most_below_companies_at_least() -> None:
    rows = {"directors": [{"max_companies": 3}] * 2, "companies": 4}
    told = Told(**rows, policy={"limits": {"max_new_companies_per_director": 1, "min_companies_per_director": 2}})
    assert told.said == [("min_companies_per_director", "d2"), ("max_new_companies_per_director", "d2")]
    assert told.enough == [
        ("min_companies_per_director", None, 1, 1, "proved"),
        ("max_new_companies_per_director", None, 1, 2, "proved"),
    ]
    assert told.demands("en")[1].startswith("d2 can take at most 1 new company.")
    assert told.demands("ja")[1].startswith("d2が新しく担当できるのは1社までです。")
    assert told.ways("en")[0].startswith("Lowering the companies each director must have from 2 to 1 is enough.")
    one = {"max_new_companies_per_director": 1, "min_companies_per_director": 1}
    assert _is_feasible(**rows, policy={"limits": one})


def _kept(most: int, *, fixed: bool = True) -> dict[str, Any]:
    return {"limits": {"quotas": _quota(max=most)}, "engagements": {"fixed": fixed}}


def test_engagements_that_are_kept_against_a_quota_are_named_as_that() -> None:
    rows = {"directors": 2, "companies": [MUNICIPALITY] * 2}
    told = Told(**rows, engagements=RUNNING, policy=_kept(1))
    assert told.said == [("quota:kind", "municipality"), ("engagements", "c1"), ("engagements", "c2")]
    assert told.conflict.pins == ()
    assert "running engagements that are kept: 2 companies, of c1, c2" in told.passages["en"][1].lines[0]
    assert told.enough == [
        ("quota:kind", "municipality", 1, 2, "proved"),
        ("engagements", "c1", 1, None, "proved"),
        ("engagements", "c2", 1, None, "proved"),
        ("engagements_fixed", None, 1, None, "proved"),
    ]
    assert told.demands("ja") == (
        "区分が「自治体」の企業は1社までです。（関係するのは2件：c1、c2）",
        "d1はc1をすでに支援中で、支援中の組合せはすべて続けます（engagements.fixed）。",
        "d2はc2をすでに支援中で、支援中の組合せはすべて続けます（engagements.fixed）。",
    )
    assert told.demands("en")[:2] == (
        "At most 1 company with kind “municipality”. (This concerns 2: c1, c2)",
        "d1 already works with c1, and running engagements are all kept (engagements.fixed).",
    )
    assert told.ways("en")[1:] == (
        "Ending any one of these running engagements: d1 – c1, d2 – c2 is enough.",
        "No longer keeping all running engagements (engagements.fixed: false) is enough.",
    )
    assert told.ways("ja")[1:] == (
        "次の支援中の組合せのどれか一つを終える：d1とc1、d2とc2。",
        "支援中の組合せをすべて続ける設定をやめる（engagements.fixed: false）。",
    )
    assert _is_feasible(**rows, engagements=RUNNING[:1], policy=_kept(1))
    assert _is_feasible(**rows, engagements=RUNNING, policy=_kept(1, fixed=False))
    assert _is_feasible(**rows, engagements=RUNNING, policy=_kept(2))


def test_engagement_that_is_also_pinned_ends_with_its_pin_only() -> None:
    """Neither dropping the pin nor ending the engagement is enough: the other one still demands the pair."""
    rows = {"companies": [MUNICIPALITY], "engagements": RUNNING[:1]}
    told = Told(**rows, pairs=BOTH[:1], policy=_kept(0))
    assert told.said == [("quota:kind", "municipality"), ("pins", "c1")]
    assert told.enough[1:] == [("pinned_engagements", "c1", 1, None, "proved")]
    assert told.ways("en")[1:] == ("Ending the running engagement d1 – c1 and dropping its pin is enough.",)
    assert told.ways("ja")[1:] == ("支援中の組合せを終え、その固定もやめる：d1とc1。",)
    assert not _is_feasible(**rows, policy=_kept(0))
    assert not _is_feasible(companies=[MUNICIPALITY], pairs=BOTH[:1], policy=_kept(0))


def test_pin_and_engagement_beyond_a_slot_in_a_month() -> None:
    rows = {"directors": 1, "companies": MONTHS, "engagements": RUNNING[:1], "pairs": BOTH[1:]}
    told = Told(**rows, policy={"engagements": {"fixed": True}})
    assert told.said == [("slots", "d1"), ("pins", "c2"), ("engagements", "c1")]
    assert [name for name, *_ in told.enough] == ["slots", "pins", "engagements", "engagements_fixed"]


def test_hours_of_directors_at_work_read_as_their_hours() -> None:
    rows = {"companies": [{**MUNICIPALITY, "hours_per_month": 11}] * 3}
    few = {"max_companies": 2, "hours_per_month": 20}
    policy = {"limits": {"quotas": _quota(min=3), "max_directors": 2}}
    told = Told(**rows, directors=[few] * 3, policy=policy)
    assert {name.partition(":")[0] for name, _ in told.said} == {"quota", "hours", "max_directors"}
    assert ("hours", "d1", 2, 22, "proved") in told.enough
    assert told.demands("en")[1] == "d1 has at most 20 hours a month for these companies. (This concerns 3: c1, c2, c3)"
    assert not any("at work" in line for line in told.demands("en"))
    assert _is_feasible(**rows, directors=[{**few, "hours_per_month": 22}, few, few], policy=policy)
    assert not _is_feasible(**rows, directors=[{**few, "hours_per_month": 21.999}, few, few], policy=policy)


def test_slots_short_in_a_late_month_need_no_more_than_that_month() -> None:
    """d1 works for two others until May; what is missing is missing in June, not beside all the work of April."""
    elsewhere = [{"director_id": "d1", "company_id": f"x{n}", "until": "2027-05-31"} for n in (1, 2)]
    companies = [{"start": "2027-04-01", "months": 1}, *[{"start": "2027-06-01"}] * 2]
    pairs = [{"director_id": "d1", "company_id": name, "rule": "pin"} for name in ("c2", "c3")]
    told = Told(companies=companies, engagements=elsewhere, pairs=pairs)
    assert told.enough[0] == ("slots", "d1", 1, 2, "proved")


@pytest.mark.parametrize(
    ("family", "demand"),
    [
        ("slots", "slots"),
        ("slots_of_used_director", "slots"),
        ("hours_count:3", "hours"),
        ("on_site_days_count:1", "on_site_days"),
        ("of_used_director:hours", "hours"),
        ("of_used_director:on_site_days_count:2", "on_site_days"),
        ("quota:kind:2", "quota"),
        ("load", None),
        ("visits", "visits"),
    ],
)
def test_rows_that_follow_from_a_demand_are_that_demand(family: str, demand: str | None) -> None:
    assert demand_family(family) == demand


def test_limits_of_the_policy_with_a_unit_are_told_apart() -> None:
    assert policy_field("budget") == "budget_jpy_per_month"
    assert policy_field("budget_total") == "budget_jpy_total"
    assert policy_field("max_new_companies_per_director") == "max_new_companies_per_director"
    assert policy_field("on_site_days") is None


def test_elastic_form_states_each_supply_once_a_month() -> None:
    directors = [{"max_companies": 2, "hours_per_month": 20, "on_site_days_per_month": 3}] * 2
    companies = [{**month, "hours_per_month": 15, "on_site_days_per_month": 2} for month in MONTHS]
    policy = {"limits": {"max_directors": 1}}
    problem = small_problem(directors=directors, companies=companies, policy=policy)
    candidates = build_candidates(problem)
    model = build_model(problem, candidates)
    form = elastic_form(problem, candidates, model)
    names = {family.name for family in form.formulation.families}
    assert {"hours", "on_site_days", "uses_director", "slots"} <= names
    assert not any(name.startswith(("of_used", "hours_count", "slots_of")) for name in names)
    hours = next(family for family in form.formulation.families if family.name == "hours")
    assert form.formulation.row_upper[hours.start : hours.stop].tolist() == [20_000] * 4
    plain = small_problem(directors=2, companies=2)
    same = build_model(plain, build_candidates(plain))
    assert elastic_form(plain, build_candidates(plain), same) is same
