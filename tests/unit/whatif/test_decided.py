"""A plan made again after decisions: as many earlier matches as can stay, what that costs, and who moves why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import DataError
from matcher.matching import match
from matcher.pairing.candidates import build_candidates
from matcher.plan.decided import Decided, DecisionRecord, EarlierMatch
from matcher.plan.plan import Plan
from matcher.verifying.check import check_plan
from matcher.whatif.decided import changes_of, match_decided
from tests.problems import small_problem

Pair = tuple[str, str]


def decided_of(earlier: Sequence[Pair] = (), **words: Sequence[Pair]) -> Decided:
    """Decisions of two words, `pin` and `forbid`, after a plan with some matches of 5,000 points each."""
    return Decided(
        file="plan.xlsx",
        earlier_plan="",
        data="",
        is_other_data=False,
        decisions=tuple(
            DecisionRecord(director_id=d, company_id=c, decision=word, sheet="S", row=2)  # type: ignore[arg-type]
            for word, pairs in words.items()
            for d, c in pairs
        ),
        earlier=tuple(EarlierMatch(director_id=d, company_id=c, points=5000) for d, c in earlier),
    )


def pairs_of(plan: Plan) -> set[Pair]:
    return {(one.director_id, one.company_id) for one in plan.document.assignments}


def two_by_two(**policy: Any) -> Any:
    """d1 is better than d2, and c1 counts twice: alone, d1 serves c1."""
    directors = [{"experience_years": 10}, {"experience_years": 1}]
    return small_problem(directors=directors, companies=[{"priority": 2}, {"priority": 1}], policy=policy)


def test_a_told_match_stays_though_another_plan_has_more_points_and_the_price_is_said() -> None:
    problem = two_by_two()
    free = match(problem)
    assert pairs_of(free) == {("d1", "c1"), ("d2", "c2")}
    plan = match_decided(problem, decided_of([("d2", "c1"), ("d1", "c2")]))
    assert pairs_of(plan) == {("d2", "c1"), ("d1", "c2")}
    decided = plan.document.decided
    assert decided is not None and decided.prices is not None
    assert plan.document.policy["objective"] == ["earlier_matches", "points"]
    assert [(one.tier, one.value, one.free) for one in decided.prices] == [
        ("points", plan.objective["points"], free.objective["points"])
    ]
    assert decided.price_points == free.objective["points"] - plan.objective["points"] > 0  # type: ignore[operator]
    assert decided.word == "proved"


def test_the_policy_may_say_where_earlier_matches_come() -> None:
    plan = match_decided(two_by_two(objective=["points", "earlier_matches"]), decided_of([("d2", "c1"), ("d1", "c2")]))
    assert pairs_of(plan) == {("d1", "c1"), ("d2", "c2")}
    assert plan.objective["earlier_matches"] == 0
    assert plan.document.decided is not None and plan.document.decided.price_points == 0


def test_a_forbidden_match_moves_nobody_who_need_not_move() -> None:
    directors = [{"experience_years": years} for years in (10, 5, 1)]
    problem = small_problem(directors=directors, companies=[{"priority": 2}, {}])
    earlier = [("d1", "c1"), ("d2", "c2")]
    plan = match_decided(problem, decided_of(earlier, forbid=[("d1", "c1")]))
    assert pairs_of(plan) == {("d3", "c1"), ("d2", "c2")}  # d2 for c1 has more points, and would move c2
    changes = changes_of(plan.document)
    assert changes is not None and changes.n_moves == 1
    move, cause = changes.chains[0].moves[0], changes.chains[0].cause
    assert (move.company_id, move.before_id, move.after_id) == ("c1", "d1", "d3")
    assert (cause.known, [origin.number for origin in cause.origins]) == ("these", [1])


def test_a_pin_of_what_stays_is_behind_no_change() -> None:
    problem = small_problem(directors=3, companies=2)
    earlier = [("d1", "c1"), ("d2", "c2")]
    plan = match_decided(problem, decided_of(earlier, pin=[("d2", "c2")], forbid=[("d1", "c1")]))
    changes = changes_of(plan.document)
    assert changes is not None
    assert [origin.kind for chain in changes.chains for origin in chain.cause.origins] == ["forbid"]


def test_a_plan_of_decisions_verifies_and_its_data_alone_do_not() -> None:
    problem = two_by_two()
    plan = match_decided(problem, decided_of([("d2", "c1")], forbid=[("d1", "c2")]))
    assert plan.document.decided is not None
    again = plan.document.decided.applied(problem)
    assert again.digest == plan.problem.digest != problem.digest
    assert check_plan(plan.document, again).ok
    assert [one.rule for one in check_plan(plan.document, problem).problems][:1] == ["problem_digest"]
    other = plan.document.decided.model_copy(update={"earlier": ()})
    forged = plan.document.model_copy(update={"decided": other})
    assert "plan_digest" in {one.rule for one in check_plan(forged, other.applied(problem)).problems}


def test_the_digest_of_a_problem_knows_the_earlier_matches_and_plans_without_decisions_keep_theirs() -> None:
    problem = two_by_two()
    assert replace(problem, earlier=(("d1", "c1"),)).digest != problem.digest
    document = match(problem).document
    assert "decided" not in document.to_json()
    assert document.digests["plan"] == document.plan_digest()


def test_what_is_pinned_twice_over_is_a_conflict_not_a_plan() -> None:
    problem = small_problem(directors=[{"max_companies": 1}, {}], companies=2)
    plan = match_decided(problem, decided_of(pin=[("d1", "c1"), ("d1", "c2")]))
    assert plan.status == "infeasible" and plan.document.conflict is not None
    assert set(plan.document.conflict.pins) == {("d1", "c1"), ("d1", "c2")}
    assert plan.document.decided is not None and plan.document.decided.prices is None
    assert changes_of(plan.document) is None


def test_a_pin_that_the_data_forbid_is_refused_and_neither_gives_way() -> None:
    pairs = [{"director_id": "d1", "company_id": "c1", "rule": "forbid"}]
    problem = small_problem(directors=2, companies=1, pairs=pairs)
    with pytest.raises(DataError) as told:
        match_decided(problem, decided_of(pin=[("d1", "c1")]))
    assert [issue.params["failed"] for issue in told.value.issues] == [("not_forbidden",)]


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 12), min_size=3, max_size=3),
    st.lists(st.sampled_from([0.5, 1.0, 2.0, 3.0]), min_size=3, max_size=3),
    st.permutations(range(3)),
    st.sets(st.integers(0, 8), max_size=3),
)
def test_no_plan_keeps_more_earlier_matches_or_as_many_with_more_points(
    years: list[int], priorities: list[float], before: list[int], forbidden: set[int]
) -> None:
    directors = [{"experience_years": n} for n in years]
    problem = small_problem(directors=directors, companies=[{"priority": one} for one in priorities])
    earlier = [(f"d{d + 1}", f"c{c + 1}") for c, d in enumerate(before)]
    gone = {(f"d{n // 3 + 1}", f"c{n % 3 + 1}") for n in forbidden}
    plan = match_decided(problem, decided_of(earlier, forbid=sorted(gone)))
    candidates = build_candidates(problem)
    points = {
        (f"d{d + 1}", f"c{c + 1}"): int(n)
        for d, c, n in zip(candidates.director_idx, candidates.company_idx, candidates.points, strict=True)
    }
    best = (0, 0)
    for order in permutations(range(3)):
        chosen = {(f"d{d + 1}", f"c{c + 1}") for c, d in enumerate(order)} - gone
        best = max(best, (len(chosen & set(earlier)), sum(points[pair] for pair in chosen)))
    assert (plan.objective["earlier_matches"], plan.objective["points"]) == best
