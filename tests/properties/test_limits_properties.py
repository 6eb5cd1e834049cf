"""Random combinations of every limit and tier, against every plan there is (`tests.every_plan`)."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import DataError
from matcher.matching import match
from tests.every_plan import WEIGHTS, Programme
from tests.problems import small_problem

TIERS = ("points", "companies_served", "fewest_changes", "worst_match", "even_load", "distance_km")
STARTS = ("2027-04-01", "2027-04-01", "2027-05-01", "2027-05-20", "2027-07-01")
UNTIL = ("2027-03-15", "2027-04-30", "2027-05-31", "2027-06-30")
VALUES = {
    "prefecture": ("Kochi", "Ehime", "Tokyo"),
    "region": ("四国", "関東"),
    "kind": ("company", "municipality"),
    "goal": ("raise_revenue", "other"),
}

_directors = st.fixed_dictionaries(
    {
        "experience_years": st.integers(1, 10),
        "max_companies": st.sampled_from((3, 2, 4, 1)),
        "hours_per_month": st.sampled_from((15, 18, 12, 24, None)),
        "on_site_days_per_month": st.sampled_from((3, 4, 5, 2, None)),
        "fee_jpy_per_month": st.sampled_from((2, 3, 1, 5, None)),
    }
)
_companies = st.fixed_dictionaries(
    {
        **{name: st.sampled_from(VALUES[name]) for name in ("prefecture", "kind", "goal")},
        "start": st.sampled_from((None, *STARTS)),
        "months": st.integers(1, 4),
        "hours_per_month": st.sampled_from((8, 10, 6, 4, None)),
        "on_site_days_per_month": st.sampled_from((1, 2, 3, None)),
        "priority": st.sampled_from((0.5, 1.0, 2.0)),
    }
)
_quotas = st.sampled_from(sorted(VALUES)).flatmap(
    lambda by: st.builds(
        lambda value, low, more: {"by": by, "value": value, "min": low, "max": low + more},
        st.sampled_from(VALUES[by]),
        st.sampled_from((0, 0, 0, 1)),
        st.integers(0, 2),
    )
)
_LIMITS: dict[str, st.SearchStrategy[Any]] = {
    "max_companies": st.integers(2, 5),
    "max_directors": st.sampled_from((2, 1)),
    "budget_jpy_per_month": st.sampled_from((5, 3, 6, 4, 8)),
    "budget_jpy_total": st.sampled_from((16, 12, 20, 8, 30)),
    "min_companies_per_director": st.just(1),
    "max_new_companies_per_director": st.integers(0, 2),
    "quotas": st.lists(_quotas, min_size=1, max_size=3),
}
_limits = st.lists(st.sampled_from(sorted(_LIMITS)), min_size=1, max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: _LIMITS[name] for name in names})
)


@st.composite
def programmes(
    draw: st.DrawFn, n_directors: tuple[int, int] = (2, 3), n_companies: tuple[int, int] = (4, 6)
) -> dict[str, Any]:
    """Rows of a programme in which any limit may stand beside any other."""
    directors = draw(st.lists(_directors, min_size=n_directors[0], max_size=n_directors[1]))
    companies = draw(st.lists(_companies, min_size=n_companies[0], max_size=n_companies[1]))
    ids = [f"d{n}" for n, _ in enumerate(directors, start=1)], [f"c{n}" for n, _ in enumerate(companies, start=1)]
    director, company = st.sampled_from(ids[0]), st.sampled_from(ids[1])

    def some(
        extra: dict[str, Any], most: int, optional: dict[str, Any] | None = None, more: tuple[str, ...] = ()
    ) -> Any:
        row = st.fixed_dictionaries(
            {"director_id": director, "company_id": st.sampled_from((*ids[1], *more)), **extra}, optional=optional or {}
        )
        return draw(st.lists(row, max_size=most, unique_by=lambda one: (one["director_id"], one["company_id"])))

    two = st.tuples(company, company).filter(lambda ends: ends[0] != ends[1])
    rivals = draw(st.lists(two, max_size=2, unique_by=lambda ends: tuple(sorted(ends))))
    twist = draw(st.integers(0, 9))
    terms = {"hours_per_month": st.integers(1, 15), "until": st.sampled_from(UNTIL)}
    return {
        "directors": directors,
        "companies": companies,
        "pairs": some({"rule": st.sampled_from(("pin", "forbid", "forbid"))}, 2),
        "rivals": [{"company_id": one, "other_id": other} for one, other in rivals],
        "engagements": some({}, 3, terms, more=("x91", "x92")),
        "pair_hours": some({"hours_per_month": st.integers(1, 20)}, 3),
        "distances": [
            {"from_id": d, "to_id": c, "km": (7 * x + 3 * y * y + twist) % 10}
            for x, d in enumerate(ids[0])
            for y, c in enumerate(ids[1])
        ],
        "policy": {
            "limits": draw(_limits),
            "engagements": draw(
                st.fixed_dictionaries(
                    {}, optional={"fixed": st.booleans(), "move_price_points": st.sampled_from((0, 900, 9_000))}
                )
            ),
            "keep_points": draw(st.sampled_from((0, 500))),
            "weights": WEIGHTS,
            "tie_break": [],
        },
    }


def _assert_best(rows: dict[str, Any]) -> None:
    programme = Programme(rows)
    problem = small_problem(**rows)
    if programme.contradictions:
        with pytest.raises(DataError) as told:
            match(problem)
        named = {(issue.params["director_id"], issue.params["company_id"]) for issue in told.value.issues}
        assert named == {(f"d{d + 1}", f"c{c + 1}") for d, c in programme.contradictions}
        return
    plan = match(problem)
    every = list(programme.plans())
    best = max(map(programme.tiers, every), default=None)
    if best is None:
        assert plan.status == "infeasible"
        return
    assert plan.status == "optimal"
    assert tuple(plan.objective.values()) == best
    served = zip(plan.assignments["company_id"], plan.assignments["director_id"], strict=True)
    found = {int(company[1:]) - 1: int(director[1:]) - 1 for company, director in served}
    assert found in every, "the plan itself keeps every limit, not only its value"
    assert plan.assignments["points"].sum() == sum(programme.points(d, c) for c, d in found.items())
    assert plan.certificate.bound is not None
    assert plan.certificate.value is not None
    assert plan.certificate.bound >= plan.certificate.value


@settings(max_examples=25)
@given(programmes(), st.permutations(TIERS), st.integers(1, 3))
def test_any_limits_and_tiers_give_the_best_of_all_plans(rows: dict[str, Any], order: list[str], n_tiers: int) -> None:
    objective = order[:n_tiers]
    if objective[0] in ("even_load", "distance_km", "worst_match"):  # alone they are best by serving nobody
        objective = ["companies_served", *(name for name in objective if name != "companies_served")]
    rows["policy"]["objective"] = objective
    _assert_best(rows)


@settings(max_examples=4)
@given(programmes(n_directors=(5, 5), n_companies=(6, 6)))
def test_larger_programmes_give_the_best_of_all_plans(rows: dict[str, Any]) -> None:
    _assert_best(rows)


_RELAXED = (
    "max_companies",
    "max_directors",
    "budget_jpy_per_month",
    "budget_jpy_total",
    "max_new_companies_per_director",
)


def _relaxed(rows: dict[str, Any], draw: st.DataObject) -> dict[str, Any]:
    """The same programme with one limit raised or dropped."""
    more = copy.deepcopy(rows)
    limits = more["policy"]["limits"]
    ways = [name for name in _RELAXED if name in limits]
    ways += [name for name in ("quotas", "min_companies_per_director") if limits.get(name)]
    ways += [
        name for name in ("rivals", "engagements elsewhere") if more["rivals" if name == "rivals" else "engagements"]
    ]
    ways += ["max_companies of d1", "hours_per_month of d1", "on_site_days_per_month of d1"]
    way = draw.draw(st.sampled_from(ways))
    if way in _RELAXED:
        limits[way] += 1
    elif way == "quotas":
        limits["quotas"].pop()
    elif way == "min_companies_per_director":
        limits.pop(way)
    elif way == "rivals":
        more["rivals"].pop()
    elif way == "engagements elsewhere":
        more["engagements"] = [row for row in more["engagements"] if not row["company_id"].startswith("x")]
    else:
        name = way.partition(" ")[0]
        director = more["directors"][0]
        if director[name] is not None:
            director[name] += 1
    return more


@settings(max_examples=15)
@given(programmes(), st.data())
def test_relaxing_a_limit_never_lowers_the_first_tier(rows: dict[str, Any], data: st.DataObject) -> None:
    if Programme(rows).contradictions:
        return
    before = match(small_problem(**rows))
    if before.status == "infeasible":
        return
    after = match(small_problem(**_relaxed(rows, data)))
    assert after.status == "optimal"
    assert before.objective["points"] is not None
    assert after.objective["points"] is not None
    assert after.objective["points"] >= before.objective["points"]
