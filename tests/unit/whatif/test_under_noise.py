"""A plan under noise: what stays, what it loses, and the plans that are best over all draws."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import matcher
import matcher.whatif
from matcher.domain.problem import Problem
from matcher.errors import UsageError
from matcher.pairing.candidates import build_candidates
from matcher.whatif.drawing import draw_of, drawn_problem
from matcher.whatif.under_noise import Robustness, robustness, wilson
from tests.problems import small_problem


@pytest.fixture(scope="module")
def pilot(scenarios: Path) -> Problem:
    return matcher.read(scenarios / "pilot")


@pytest.fixture(scope="module")
def found(pilot: Problem) -> Robustness:
    return matcher.whatif.robustness(pilot, draws=40, best=("mean", "tail"))


def near_ties(**policy: object) -> Problem:
    """Two directors of one slot, each at home near two of four companies that readiness tells apart, by a little."""
    companies = [
        {"commitment": c, "investment": 3, "uniqueness": 3, "openness": 3, "prefecture": prefecture}
        for c, prefecture in ((3.0, "Kochi"), (3.1, "Ehime"), (3.2, "Kochi"), (3.3, "Ehime"))
    ]
    directors = [{"hands_on_rating": 3, "prefecture": "Kochi"}, {"hands_on_rating": 3.5, "prefecture": "Ehime"}]
    return small_problem(directors, companies, policy=policy)


def every_best(problem: Problem) -> tuple[int, set[frozenset[tuple[str, str]]]]:
    """The most points and every plan that has them, by trying all: each director of one slot serves at most one."""
    candidates = build_candidates(problem)
    ids = list(
        zip(
            problem.director_ids[candidates.director_idx],
            problem.company_ids[candidates.company_idx],
            candidates.points.tolist(),
            strict=True,
        )
    )
    best, plans = -1, set()
    for n in range(len(problem.directors) + 1):
        for some in itertools.combinations(ids, n):
            if len({pair[0] for pair in some}) < n or len({pair[1] for pair in some}) < n:
                continue
            value = sum(pair[2] for pair in some)
            if value > best:
                best, plans = value, set()
            if value == best:
                plans.add(frozenset((pair[0], pair[1]) for pair in some))
    return best, plans


@pytest.mark.parametrize("settings", [(), ("solve.gap=0.01",)])
def test_without_spread_every_match_stays_and_nothing_is_lost(scenarios: Path, settings: tuple[str, ...]) -> None:
    problem = matcher.read(scenarios / "pilot", overrides=settings)
    found = robustness(problem, draws=5, rating_sd=0, weight_sd=0)
    assert found.matches["n_stays"].tolist() == [5, 5, 5] and found.n_unchanged == 5
    assert found.entering.empty
    assert found.regret is not None and found.regret.max[0] == 0 and found.regret.mean[0] == 0.0
    assert found.draws["best_points"].tolist() == [found.plan.certificate.value] * 5


def test_a_draw_is_solved_as_a_run_on_the_drawn_problem_is(scenarios: Path) -> None:
    problem = matcher.read(scenarios / "pilot", overrides=("thresholds.min_readiness=0.65",))
    found = robustness(problem, draws=6, rating_sd=1.5, seed=11)
    assert found.n_base_refused > 0
    for result in found.results:
        run = matcher.match(drawn_problem(problem, draw_of(problem, found.spread, seed=11, number=result.number)))
        candidates = found.drawable.candidates
        chosen = zip(
            problem.director_ids[candidates.director_idx[result.chosen]],
            problem.company_ids[candidates.company_idx[result.chosen]],
            strict=True,
        )
        assert set(chosen) == set(zip(run.assignments["director_id"], run.assignments["company_id"], strict=True))
        assert (result.best_points, result.bound_points) == (run.certificate.value, run.certificate.bound)


def test_counts_and_regret_are_those_of_trying_every_plan() -> None:
    problem = near_ties(tie_break=[])
    found = robustness(problem, draws=30, rating_sd=0.3, weight_sd=0.2, seed=2)
    base = set(zip(found.matches["director_id"], found.matches["company_id"], strict=True))
    counts: Counter[tuple[str, str]] = Counter()
    n_tied = 0
    for row in found.draws.itertuples():
        drawn = drawn_problem(problem, draw_of(problem, found.spread, seed=2, number=row.draw))
        best, plans = every_best(drawn)
        assert row.best_points == row.bound_points == best
        scored = build_candidates(drawn)
        keys = zip(drawn.director_ids[scored.director_idx], drawn.company_ids[scored.company_idx], strict=True)
        points = dict(zip(keys, scored.points.tolist(), strict=True))
        assert row.regret_low == row.regret_high == best - sum(points[pair] for pair in base)
        # Of several best plans the lot takes one: the same that a run on the drawn tables takes.
        n_tied += len(plans) > 1
        (plan,) = plans if len(plans) == 1 else [_matched(drawn)]
        assert plan in plans
        assert row.n_stays == len(base & plan)
        counts.update(plan)
    assert n_tied < 3, "most draws have one best plan, found by trying all"
    assert {(row.director_id, row.company_id): row.n_stays for row in found.matches.itertuples()} == {
        pair: counts[pair] for pair in base
    }
    assert 0 < min(counts[pair] for pair in base) < 30
    new = {(row.director_id, row.company_id): row.n_draws for row in found.entering.itertuples()}
    assert new == {pair: n for pair, n in counts.items() if pair not in base} and sum(counts.values()) == 2 * 30
    for row in found.matches.itertuples():
        others = sum(n for pair, n in counts.items() if pair[1] == row.company_id and pair[0] != row.director_id)
        assert (row.n_other_director, row.n_unserved) == (others, 30 - others - counts[row.director_id, row.company_id])


def _matched(problem: Problem) -> frozenset[tuple[str, str]]:
    plan = matcher.match(problem)
    return frozenset((match.director_id, match.company_id) for match in plan.document.assignments)


def test_best_mean_and_worst_tenth_are_those_of_trying_every_plan() -> None:
    problem = near_ties()
    found = robustness(problem, draws=30, rating_sd=0.6, weight_sd=0.3, seed=4, best=("mean", "tail"))
    rows = []
    for number in range(30):
        candidates = build_candidates(drawn_problem(problem, draw_of(problem, found.spread, seed=4, number=number)))
        rows.append(candidates.points)
    points = np.stack(rows)
    pairs = list(zip(candidates.director_idx.tolist(), candidates.company_idx.tolist(), strict=True))
    plans = [
        [one, other]
        for one, other in itertools.combinations(range(len(pairs)), 2)
        if pairs[one][0] != pairs[other][0] and pairs[one][1] != pairs[other][1]
    ]
    sums = np.stack([points[:, plan].sum(axis=1) for plan in plans])
    mean, tail = found.best["mean"], found.best["tail"]
    assert (mean.value, mean.word) == (Fraction(int(sums.sum(axis=1).max()), 30), "proved")
    best_tail = Fraction(int(np.sort(sums, axis=1)[:, :3].sum(axis=1).max()), 3)
    assert tail.value == best_tail and tail.n_counted == 3
    assert tail.bound is not None and tail.bound >= best_tail
    assert tail.value >= tail.base_value and mean.value >= mean.base_value


def test_answer_is_the_same_whatever_the_workers(pilot: Problem, found: Robustness) -> None:
    one = robustness(pilot, draws=40, workers=1)
    pd.testing.assert_frame_equal(one.matches, found.matches)
    pd.testing.assert_frame_equal(one.entering, found.entering)
    pd.testing.assert_frame_equal(one.draws, found.draws)
    other = robustness(pilot, draws=40, seed=1)
    assert not other.draws["base_points"].equals(found.draws["base_points"])
    few = robustness(pilot, draws=7)
    pd.testing.assert_frame_equal(few.draws, found.draws.head(7))


def test_a_plan_can_be_handed_in(pilot: Problem, found: Robustness) -> None:
    again = robustness(matcher.match(pilot), draws=5)
    pd.testing.assert_frame_equal(again.draws, found.draws.head(5))


def test_within_a_gap_regret_is_an_interval_that_holds_the_exact_one(scenarios: Path, found: Robustness) -> None:
    problem = matcher.read(scenarios / "pilot", overrides=("solve.gap=0.0005", "objective=[points]"))
    loose = robustness(problem, draws=40)
    assert loose.keep_bonus_points == 4
    exact = found.draws["best_points"].to_numpy(int)
    assert (loose.draws["best_points"].to_numpy(int) <= exact).all()
    assert (loose.draws["bound_points"].to_numpy(int) >= exact).all()
    assert (loose.draws["regret_low"].to_numpy(int) >= 0).all()
    # Ten points are not worth a move where 13 (0.05 %) may be left lying.
    assert loose.matches["n_stays"].sum() > found.matches["n_stays"].sum()


def test_stopped_draws_leave_what_is_done(pilot: Problem) -> None:
    stop = threading.Event()
    plan = matcher.match(pilot)

    def tell(n_done: int) -> None:
        if n_done >= 3:
            stop.set()

    part = robustness(plan, draws=500, stop=stop, on_done=tell)
    assert 3 <= part.n_draws < 60 and part.n_asked == 500
    assert part.matches["n_draws"].tolist() == [part.n_draws] * 3


def test_other_objectives_have_counts_and_no_regret(scenarios: Path) -> None:
    problem = matcher.read(scenarios / "pilot", overrides=("objective=[companies_served,points]",))
    found = robustness(problem, draws=3)
    assert found.regret is None and found.matches["n_draws"].tolist() == [3, 3, 3]
    with pytest.raises(UsageError) as refused:
        robustness(problem, draws=3, best=("mean",))
    assert refused.value.code == "best_needs_points"


@pytest.mark.parametrize("draws", [0, -1, 10**9])
def test_draws_out_of_range_are_refused(pilot: Problem, draws: int) -> None:
    with pytest.raises(UsageError) as refused:
        robustness(pilot, draws=draws)
    assert refused.value.code == "draws_out_of_range"


def test_wrong_questions_are_refused(pilot: Problem) -> None:
    with pytest.raises(UsageError) as unknown:
        robustness(pilot, draws=3, best=("median",))  # type: ignore[arg-type]
    assert (unknown.value.code, unknown.value.params["given"]) == ("unknown_aim", "median")
    with pytest.raises(UsageError) as without:
        impossible = small_problem(
            1, 1, policy={"limits": {"quotas": [{"by": "goal", "value": "raise_revenue", "min": 2}]}}
        )
        robustness(impossible, draws=3)
    assert without.value.code == "no_plan_to_draw_for"


def test_wilson_interval_of_a_share() -> None:
    low, high = wilson(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert wilson(0, 10)[0] == 0.0 and wilson(10, 10)[1] == pytest.approx(1.0)
