"""The smallest changes of a pair, against every plan, an independent run, and sums done by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.policy import CRITERIA, CandidateRules
from matcher.domain.problem import Problem
from matcher.explain import changes, pair
from matcher.explain.changes import Changes, smallest_changes
from matcher.explain.forcing import pinned, with_pair
from matcher.explain.losses import Word
from matcher.explain.membership import is_in_best
from matcher.explain.questions import ask
from matcher.explain.standing import Optimum, Standing, build_standing
from matcher.matching import match
from matcher.model.formulation import with_objective
from matcher.modelling import build_model
from matcher.pairing.candidates import build_candidates, rank_company
from tests.brute_force import brute_force
from tests.problems import Row, small_problem
from tests.properties.test_match_properties import programmes

ONLY = dict.fromkeys(CRITERIA, 0)


def _standing(problem: Problem) -> Standing | None:
    if build_candidates(problem).contradictions:
        return None
    plan = match(problem)
    return None if plan.status == "infeasible" else build_standing(plan)


def _changes(standing: Standing, column: int, *, weights: bool = False) -> Changes:
    pair = standing.pair_of(column)
    return smallest_changes(standing, pair, with_pair(standing, *pair).losses, weights=weights)


def _stands(problem: Problem, pair: tuple[int, int], bonus: int = 0) -> tuple[bool, int | None]:
    """Whether some best plan of all plans has the pair, were it worth more, and the best value."""
    candidates = build_candidates(problem)
    at = np.flatnonzero((candidates.director_idx == pair[0]) & (candidates.company_idx == pair[1]))[0]
    formulation = build_model(problem, candidates).formulation
    costs = formulation.objective.copy()
    costs[at] += bonus
    every = brute_force(with_objective(formulation, costs))
    return any(x[at] for x in every.optimal), every.value


@settings(max_examples=10)
@given(programmes())
def test_points_and_slots_are_what_all_plans_say(rows: dict[str, Any]) -> None:
    problem = small_problem(**rows)
    standing = _standing(problem)
    if standing is None:
        return
    for column in np.flatnonzero(~standing.is_chosen)[:4].tolist():
        pair = standing.pair_of(column)
        changes = _changes(standing, column)
        needed = changes.points.needed
        if needed is None:
            assert not _stands(problem, pair, bonus=10**6)[0]
        elif needed.word == "proved" and needed.points is not None:
            assert _stands(problem, pair, needed.points)[0]
            assert needed.points == 0 or not _stands(problem, pair, needed.points - 1)[0]
        for slot in changes.slots:
            more = _more(rows, pair[0], slot.kind)
            stands, value = _stands(more, pair)
            assert slot.is_enough in (stands, None)
            assert slot.word == "unknown" or slot.is_enough is not None
            assert slot.word != "proved" or slot.value == value


def _more(rows: dict[str, Any], director: int, kind: str) -> Problem:
    if kind == "director_slots":
        directors = [
            {**row, "max_companies": row["max_companies"] + (n == director)} for n, row in enumerate(rows["directors"])
        ]
        return small_problem(**{**rows, "directors": directors})
    limits = rows["policy"]["limits"]
    policy = {**rows["policy"], "limits": {**limits, "max_companies": limits["max_companies"] + 1}}
    return small_problem(**{**rows, "policy": policy})


_directors = st.fixed_dictionaries(
    {
        "max_companies": st.integers(1, 2),
        "experience_years": st.integers(0, 10),
        "hands_on_rating": st.integers(1, 5),
    },
    optional={"hours_per_month": st.integers(10, 30)},
)
_companies = st.fixed_dictionaries(
    {"commitment": st.integers(1, 5), "priority": st.sampled_from((1.0, 1.3))},
    optional={"hours_per_month": st.integers(5, 15)},
)


@settings(max_examples=6)
@given(
    st.lists(_directors, min_size=2, max_size=3),
    st.lists(_companies, min_size=2, max_size=3),
    st.integers(1, 2),
    st.integers(5, 15),
)
def test_a_weight_found_brings_the_pair_in_and_one_ruled_out_does_not(
    directors: list[dict[str, Any]], companies: list[dict[str, Any]], most: int, weight: int
) -> None:
    base = {"experience": 20, "hands_on": weight, "readiness": 5}
    policy = {"weights": {**ONLY, **base}, "limits": {"max_companies": most}}
    standing = _standing(small_problem(directors, companies, policy=policy))
    assert standing is not None

    def stands(pair: tuple[int, int], name: str, value: float) -> bool:
        weights = {**ONLY, **base, name: value}
        return _stands(small_problem(directors, companies, policy={**policy, "weights": weights}), pair)[0]

    column = int(np.flatnonzero(~standing.is_chosen)[0])
    pair = standing.pair_of(column)
    if with_pair(standing, *pair).loss.points is None:
        return
    tried = _changes(standing, column, weights=True).weights
    assert tried is not None
    for change in tried:
        for way in (change.up, change.down):
            assert way.outcome != "found" or way.word != "proved" or stands(pair, change.criterion, way.weight or 0.0)
            if way.outcome == "none" and way.word == "proved" and change.criterion in base:
                for share in (0.5, 1.0):
                    value = change.was + share * (way.end - change.was)
                    assert value == change.was or not stands(pair, change.criterion, value)


def _by_hand(*, engagements: Sequence[Row] = (), **more: Any) -> Standing:
    """d1 has experience 1 and hands-on 0.2, d2 has 0 and 1; one company, weights 60 and 40: 6,800 against 4,000."""
    standing = _standing(
        small_problem(
            directors=[
                {"experience_years": 10, "hands_on_rating": 1},
                {"experience_years": 0, "hands_on_rating": 5},
            ],
            policy={"weights": {**ONLY, "experience": 60, "hands_on": 40}, **more},
            engagements=engagements,
        )
    )
    assert standing is not None
    return standing


def test_weights_of_an_example_by_hand() -> None:
    standing = _by_hand()
    changes = _changes(standing, 1, weights=True)
    assert changes.points.needed is not None
    assert changes.points.needed.points == 2_800
    assert changes.weights is not None
    ways = {one.criterion: one for one in changes.weights}
    # 60 + 0.2 w = w at 75; v + 8 = 40 at 32. With rounded points d2 has 5,556 of 5,555 + 5,556 there.
    hands_on, experience = ways["hands_on"], ways["experience"]
    assert (hands_on.up.weight, hands_on.up.exact, hands_on.up.word) == (75.0, Fraction(75), "proved")
    assert (hands_on.down.outcome, hands_on.down.word) == ("none", "proved")
    assert (experience.down.weight, experience.down.exact, experience.down.word) == (32.0, Fraction(32), "proved")
    assert (experience.up.outcome, experience.up.word) == ("none", "proved")
    # What nobody differs in changes nothing.
    assert (ways["wishes"].up.outcome, ways["wishes"].up.word) == ("none", "proved")


def test_points_for_a_running_engagement_do_not_change_with_the_weight() -> None:
    standing = _by_hand(keep_points=500, engagements=[{"director_id": "d2", "company_id": "c1"}])
    tried = _changes(standing, 1, weights=True).weights
    assert tried is not None
    up = {one.criterion: one for one in tried}["hands_on"].up
    # 600,000 + 2,000 w = 10,000 w + 500 (60 + w)
    assert (up.exact, up.weight, up.word) == (Fraction(1140, 17), 67.06, "proved")


def test_what_rounding_could_change_is_not_called_proved() -> None:
    problem = small_problem(
        directors=[{"experience_years": 10}, {"experience_years": 9.99}],
        policy={"weights": {**ONLY, "experience": 1, "hands_on": 1}},
    )
    standing = _standing(problem)
    assert standing is not None
    tried = _changes(standing, 1, weights=True).weights
    assert tried is not None
    # 5 points less now, 6.7 at most on the way; ten rounded criteria could make that up.
    up = tried[0].up
    assert (tried[0].criterion, up.outcome, up.word, up.why_not) == ("experience", "none", "unknown", "rounding")
    assert (tried[0].down.outcome, tried[0].down.weight) == ("found", 0.0)


def test_a_pair_of_a_plan_as_good_needs_no_weights() -> None:
    standing = _standing(small_problem(directors=2))
    assert standing is not None
    column = int(np.flatnonzero(~standing.is_chosen)[0])
    changes = _changes(standing, column, weights=True)
    assert changes.points.needed is not None
    assert (changes.points.needed.points, changes.weights) == (0, ())


def _optimum(value: int | None, bound: int | None, word: Word) -> Optimum:
    return Optimum(("points",), (value,), (bound,), (word,), frozenset(), value is not None, word)


def test_membership_is_proved_only_where_both_are() -> None:
    proved = _optimum(10, 10, "proved")
    assert is_in_best(proved, _optimum(10, 10, "proved")) == (True, "proved")
    assert is_in_best(proved, _optimum(9, 9, "proved")) == (False, "proved")
    assert is_in_best(_optimum(10, None, "unknown"), _optimum(8, 9, "unknown")) == (False, "proved")
    assert is_in_best(proved, _optimum(9, 12, "claimed")) == (False, "claimed")
    assert is_in_best(proved, _optimum(9, 12, "unknown")) == (None, "unknown")
    assert is_in_best(proved, _optimum(None, None, "proved")) == (False, "proved")
    assert is_in_best(_optimum(10, 12, "claimed"), _optimum(10, 12, "claimed")) == (True, "claimed")


def test_weights_that_decide_who_is_a_candidate_are_left_open() -> None:
    standing = _by_hand(thresholds={"min_score_points": 100})
    tried = _changes(standing, 1, weights=True).weights
    assert tried is not None
    assert {one.up.why_not for one in tried} == {"depends_on_points"}
    assert {one.up.outcome for one in tried} == {"unknown"}


def test_points_do_not_help_where_another_tier_comes_first() -> None:
    rows = [{"experience_years": 10}, {"experience_years": 0}]
    problem = small_problem(
        directors=rows,
        policy={"objective": ["fewest_changes", "points"]},
        engagements=[{"director_id": "d2", "company_id": "c1"}],
    )
    standing = _standing(problem)
    assert standing is not None
    assert standing.pairs == {(1, 0)}
    assert _changes(standing, 0).points.why_not == "tiers_before"


def test_one_more_slot_is_enough_where_only_slots_lack() -> None:
    problem = small_problem(directors=1, companies=[{"commitment": 5}, {"commitment": 1}])
    standing = _standing(problem)
    assert standing is not None
    column = int(np.flatnonzero(~standing.is_chosen)[0])
    (slot,) = _changes(standing, column).slots
    assert (slot.kind, slot.was, slot.is_enough, slot.word) == ("director_slots", 1, True, "proved")
    assert slot.value == int(standing.candidates.points.sum())


def test_one_more_is_read_off_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slots for four companies, of which the policy allows two: one more of either, and no solving."""
    directors = [{"experience_years": years, "max_companies": most} for years, most in ((10, 1), (6, 1), (2, 1))]
    companies = [{"priority": priority} for priority in (2, 1.6, 1.2, 1)]
    policy = {"weights": {**ONLY, "experience": 1}, "limits": {"max_companies": 2}}
    standing = _standing(small_problem(directors, companies, policy=policy))
    assert standing is not None and standing.residual is not None
    columns = np.flatnonzero(~standing.is_chosen).tolist()
    solved = {}
    for column in columns:
        for kind, _, problem in changes._one_more(standing.problem, standing.pair_of(column)[0]):
            solved[column, kind] = changes._compared(standing, problem, standing.candidates, column)
    assert {enough for _, _, enough, _ in solved.values()} == {True, False}
    monkeypatch.setattr(Standing, "solve_model", lambda *_: pytest.fail("solved again"))
    for column in columns:
        for slot in _changes(standing, column).slots:
            assert (slot.value, slot.gain, slot.is_enough, slot.word) == solved[column, slot.kind]


@pytest.mark.parametrize(("supply", "is_enough"), [(20, False), (30, True)])
def test_one_more_slot_counts_hours_that_one_slot_never_filled(supply: int, is_enough: bool) -> None:
    """15 and 8 hours: with a second slot 20 hours bind, which the model of the plan does not say."""
    companies = [{"hours_per_month": hours, "priority": priority} for hours, priority in ((15, 2), (8, 1), (8, 0.5))]
    standing = _standing(small_problem([{"max_companies": 1, "hours_per_month": supply}], companies))
    assert standing is not None and "hours" in standing.model.not_binding
    column = standing.column_of(0, 1)
    assert column is not None
    (slot,) = _changes(standing, column).slots
    assert (slot.is_enough, slot.word) == (is_enough, "proved")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_changes_are_told_to_staff_and_not_to_a_company(lang: str) -> None:
    standing = _by_hand()
    told = ask(standing, "pair", ("d2", "c1"), weights=True)
    assert "75" in told.to_text(lang)
    assert "2,800" in told.to_text(lang)
    kinds = [one["kind"] for one in told.to_dict()["changes"]]
    assert kinds == ["points", "director_slots", *["weight"] * len(CRITERIA)]
    private = ask(standing, "pair", ("d2", "c1"), audience="company", weights=True).to_text(lang)
    assert "2,800" not in private and "75" not in private


def _best_of_cut(problem: Problem, pair: tuple[int, int], bonus: int) -> bool:
    """Whether a best plan has the pair, were it worth more: cut anew by hand, and every plan tried."""
    k = problem.policy.candidates.keep_per_company
    assert k is not None
    every = build_candidates(problem.with_policy(problem.policy.model_copy(update={"candidates": CandidateRules()})))
    points = every.points + bonus * ((every.director_idx == pair[0]) & (every.company_idx == pair[1]))
    kept = every.is_pinned | every.is_running
    for company in range(len(problem.companies)):
        own = np.flatnonzero(every.company_idx == company)
        kept[own[np.lexsort((every.director_idx[own], -points[own]))][:k]] = True
    formulation = build_model(problem, every).formulation
    upper = np.where(kept, formulation.column_upper[: kept.size], 0)
    upper = np.concatenate([upper, formulation.column_upper[kept.size :]])
    objective = np.concatenate([points, formulation.objective[kept.size :]])
    found = brute_force(with_objective(replace(formulation, column_upper=upper), objective))
    at = np.flatnonzero((every.director_idx == pair[0]) & (every.company_idx == pair[1]))[0]
    return any(x[at] for x in found.optimal)


@settings(max_examples=12)
@given(programmes(), st.integers(1, 2))
def test_a_pair_that_was_cut_comes_in_with_just_these_points(rows: dict[str, Any], keep: int) -> None:
    rows["policy"]["candidates"] = {"keep_per_company": keep}
    problem = small_problem(**rows)
    standing = _standing(problem)
    if standing is None:
        return
    cut = [
        (director, company)
        for director in range(len(problem.directors))
        for company in range(len(problem.companies))
        if pair.ask(standing, director, company).verdict == "not_kept"
    ]
    for one in cut[:3]:
        answer = pair.ask(standing, *one)
        assert answer.changes is not None and answer.points is not None
        assert answer.points == sum(answer.criteria.values()) + answer.keep
        needed, enter = answer.changes.points.needed, answer.changes.points.to_be_kept
        assert enter is not None and enter >= 0
        if needed is None:
            assert not _best_of_cut(problem, one, 10**6)
        elif needed.word == "proved" and needed.points is not None:
            assert _best_of_cut(problem, one, needed.points)
            assert needed.points == 0 or not _best_of_cut(problem, one, needed.points - 1)
        more = answer.changes.slots[0]
        assert (more.kind, more.was, more.becomes) == ("keep_per_company", keep, answer.changes.rank)
        rules = CandidateRules(keep_per_company=more.becomes)
        wider = problem.with_policy(problem.policy.model_copy(update={"candidates": rules}))
        assert more.is_enough in (_stands(wider, one)[0], None)


@settings(max_examples=12)
@given(programmes(), st.integers(1, 2))
def test_a_pair_that_was_cut_costs_what_a_run_with_its_pin_says(rows: dict[str, Any], keep: int) -> None:
    rows["policy"]["candidates"] = {"keep_per_company": keep}
    problem = small_problem(**rows)
    standing = _standing(problem)
    if standing is None or standing.tiers != ("points",):
        return
    every = build_candidates(problem.with_policy(problem.policy.model_copy(update={"candidates": CandidateRules()})))
    pairs = list(zip(every.director_idx.tolist(), every.company_idx.tolist(), strict=True))
    for one in pairs:
        if standing.column_of(*one) is not None:
            continue
        found, then = with_pair(standing, *one), match(pinned(problem, one))
        wanted = None if then.status == "infeasible" else then.document.tiers[0].value
        now = standing.base.values[0]
        assert now is not None and found.loss.points == (None if wanted is None else now - wanted)
        assert (found.pairs is None) == (wanted is None)
        if found.pairs is not None:
            points = dict(zip(pairs, every.points.tolist(), strict=True))
            assert one in found.pairs and sum(points[each] for each in found.pairs) == wanted


def test_a_cut_pair_of_a_network_is_a_way_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    directors = [{"experience_years": years, "max_companies": 1} for years in (10, 9, 8)]
    policy = {"weights": {**ONLY, "experience": 1}, "candidates": {"keep_per_company": 1}}
    standing = _standing(small_problem(directors, 2, policy=policy))
    assert standing is not None and standing.residual is not None
    monkeypatch.setattr(Standing, "solve_changed", lambda *_: pytest.fail("solved again"))
    best = int(rank_company(standing.problem, 0).points[0])
    # Both companies kept d1 alone; d3 with the one served is a loss, with the other a gain.
    (served,) = (company for _, company in standing.pairs)
    less, more = with_pair(standing, 2, served), with_pair(standing, 2, 1 - served)
    third = int(rank_company(standing.problem, 0).points[2])
    assert (less.loss.points, more.loss.points) == (-third, -third)
    assert more.pairs == {(0, served), (2, 1 - served)} and less.pairs == {(0, 1 - served), (2, served)}
    assert best == standing.base.values[0]


def _cut_by_hand() -> Standing:
    """d1 and d2 are kept for c1, d3 is third and was cut."""
    directors = [{"experience_years": years, "max_companies": 1} for years in (10, 9, 8)]
    policy = {"weights": {**ONLY, "experience": 1}, "candidates": {"keep_per_company": 2}}
    standing = _standing(small_problem(directors, 1, policy=policy))
    assert standing is not None
    return standing


def test_changes_of_a_cut_pair_by_hand() -> None:
    standing = _cut_by_hand()
    first, second, third = (int(points) for points in rank_company(standing.problem, 0).points)
    answer = pair.ask(standing, 2, 0)
    assert answer.changes is not None and answer.changes.points.needed is not None
    assert (answer.points, answer.changes.rank) == (third, 3)
    # One more than d2, who stands first where the points are equal; a tie with d1 is a best plan.
    assert answer.changes.points.to_be_kept == second - third + 1
    assert answer.changes.points.needed.points == first - third
    kept, slots = answer.changes.slots
    assert (kept.kind, kept.was, kept.becomes, kept.is_enough, kept.word) == ("keep_per_company", 2, 3, False, "proved")
    assert (slots.kind, slots.is_enough, slots.why_not) == ("director_slots", False, "not_kept")
    assert {way.up.why_not for way in answer.changes.weights or ()} == {"depends_on_points"}


def test_a_cut_pair_takes_the_place_of_a_match_of_the_plan() -> None:
    directors = [{"experience_years": years, "max_companies": 1} for years in (10, 5)]
    policy = {"weights": {**ONLY, "experience": 1}, "candidates": {"keep_per_company": 1}}
    companies = [{"priority": 1}, {"priority": 2}]
    forbidden = [{"director_id": "d1", "company_id": "c2", "rule": "forbid"}]
    problem = small_problem(directors, companies, policy=policy, pairs=forbidden)
    standing = _standing(problem)
    assert standing is not None and standing.pairs == {(0, 0), (1, 1)}
    answer = pair.ask(standing, 1, 0)
    assert answer.loss is not None and answer.changes is not None and answer.changes.points.needed is not None
    points = {standing.pair_of(column): int(standing.candidates.points[column]) for column in range(2)}
    assert answer.points is not None and answer.loss.points == points[0, 0] + points[1, 1] - answer.points
    # In d1's place d2 has to make up for c2 alone: d1 is no candidate of c1 then.
    needed = answer.changes.points.needed
    assert needed.points == max(points[1, 1] - answer.points, points[0, 0] - answer.points + 1)
    assert _best_of_cut(problem, (1, 0), needed.points) and not _best_of_cut(problem, (1, 0), needed.points - 1)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ja", ("この企業の候補の中で3番目", "企業ごとに2名まで", "候補に残り", "2名から3名", "外れたまま")),
        (
            "en",
            ("number 3 among", "keeps 2 for each", "kept as a candidate", "With 3 candidates", "still no candidate"),
        ),
    ],
)
def test_a_cut_pair_is_told_what_would_bring_it_in(lang: str, said: tuple[str, ...]) -> None:
    text = ask(_cut_by_hand(), "pair", ("d3", "c1")).to_text(lang)
    assert all(words in text for words in said)


@pytest.mark.parametrize(("lang", "said"), [("ja", "時間がかかるため"), ("en", "was not tried; --weights tries it")])
def test_more_candidates_of_many_pairs_are_tried_where_asked(
    lang: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "CHEAP_PAIRS", 2)
    told = ask(_cut_by_hand(), "pair", ("d3", "c1"))
    assert said in told.to_text(lang)
    more = told.to_dict()["changes"][1]
    assert (more["kind"], more["becomes"], more["enough"], more["why_not"]) == (
        "keep_per_company",
        3,
        None,
        "not_tried",
    )
    asked = ask(_cut_by_hand(), "pair", ("d3", "c1"), weights=True)
    assert said not in asked.to_text(lang) and asked.to_dict()["changes"][1]["enough"] is False
