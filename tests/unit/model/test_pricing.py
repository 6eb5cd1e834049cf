"""Prices, dives and trees together: optima proved where linear prices leave a gap, and nothing that depends on luck."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from benchmarks.gap import formulate
from benchmarks.gap_made import make
from benchmarks.instances import limited
from matcher.model.answer import Limits
from matcher.model.certificate import bound_of, certify
from matcher.model.formulation import Formulation, RowBlock, build_formulation
from matcher.model.knapsack import choose_rows
from matcher.model.proof import Domain, holds
from matcher.model.solvers import pricing
from matcher.model.solvers.branching import SCALE, Search, scale_for
from matcher.model.solvers.climb import Climb, use_prices
from matcher.model.solvers.cpsat_model import Run, run, whole
from matcher.model.solvers.diving import Dives, _compatible, dive
from matcher.model.solvers.linear_prices import relax
from matcher.model.solvers.rival import Rival, solve_large_core
from tests.brute_force import brute_force


@cache
def tight(kind: str = "d", n_agents: int = 4, n_jobs: int = 24) -> Formulation:
    """Every job to one agent, hours by pair, most of the hours used."""
    return formulate(make(kind, n_agents, n_jobs, seed=3), "min")


@pytest.mark.parametrize("kind", ["c", "d", "e"])
def test_optimum_is_proved_where_linear_prices_leave_a_gap(kind: str) -> None:
    formulation = tight(kind)
    answer = pricing.solve(formulation, Limits())
    certificate = certify(formulation, answer)
    assert (answer.status, certificate.word) == ("optimal", "proved")
    other = run(formulation, whole(formulation), Run(work_limit=20.0))
    assert other.status == "optimal" and other.bound == certificate.value
    assert answer.prices is not None and answer.proof is not None
    assert bound_of(formulation, answer.prices) > answer.proof.bound


def test_equal_input_gives_equal_answers_and_proofs() -> None:
    formulation = tight()
    first, second = (pricing.solve(formulation, Limits(seed=5)) for _ in range(2))
    assert first.x is not None and second.x is not None and (first.x == second.x).all()
    assert first.proof is not None and second.proof is not None
    assert len(first.proof.nodes) == len(second.proof.nodes)
    assert all(
        len(one.prices) == len(other.prices)
        and all((a == b).all() for a, b in zip(one.prices, other.prices, strict=True))
        for one, other in zip(first.proof.nodes, second.proof.nodes, strict=True)
    )


def test_gap_is_enough() -> None:
    formulation = tight("d", 5, 40)
    answer = pricing.solve(formulation, Limits(gap=0.05))
    certificate = certify(formulation, answer)
    assert certificate.gap is not None and 0 < certificate.gap <= 0.05
    assert answer.counts["n_nodes"] <= 1


def test_time_that_is_over_still_gives_a_bound_and_no_false_word() -> None:
    formulation = tight("d", 10, 100)
    answer = pricing.solve(formulation, Limits(time_limit_s=0.6))
    certificate = certify(formulation, answer)
    assert certificate.bound is not None and certificate.word == "unknown"
    assert answer.status in ("feasible", "unknown")


def test_progress_never_goes_back() -> None:
    seen: list[tuple[int, int]] = []
    pricing.solve(tight("e"), Limits(), on_progress=lambda value, bound: seen.append((value, bound)))
    values, bounds = zip(*seen, strict=True)
    assert list(values) == sorted(values) and list(bounds) == sorted(bounds, reverse=True)
    assert values[-1] == bounds[-1]


@pytest.mark.parametrize("seed", range(12))
def test_random_rows_of_every_kind_against_every_plan(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, free = 12, -(2**62)
    pairs, nothing = np.arange(n), np.zeros(n, int)
    hours, fees = rng.integers(1, 9, n), rng.integers(5, 20, n) * 10_000
    rows = [
        RowBlock("one", pairs % 4, pairs, np.zeros(4, int), np.ones(4, int)),
        RowBlock("hours", pairs // 4, pairs, np.full(3, free), rng.integers(3, 12, 3), coef=hours),
        RowBlock("budget", nothing, pairs, np.full(1, free), np.array([250_000]), coef=fees),
        RowBlock("quota", nothing[:4], pairs[:4], rng.integers(0, 3, 1), np.array([2**62])),
    ]
    formulation = build_formulation(rng.integers(-5, 30, n), rows)
    best = brute_force(formulation).value
    answer = pricing.solve(formulation, Limits(seed=seed))
    certificate = certify(formulation, answer)
    assert certificate.value == best
    if best is None:
        assert certificate.infeasible_proved
    else:
        assert certificate.word == "proved"


def test_points_are_counted_more_finely_where_a_priced_row_is_in_yen() -> None:
    pairs = np.arange(4)
    budget = RowBlock(
        "budget", np.zeros(4, int), pairs, np.full(1, -(2**62)), np.array([200_000]), coef=np.full(4, 100_000)
    )
    formulation = build_formulation([9, 8, 7, 6], [budget])
    assert scale_for(formulation, np.zeros(0, np.int64)) > 1000 * SCALE
    assert scale_for(formulation, np.zeros(1, np.int64)) == SCALE  # kept whole, it needs no price
    assert scale_for(build_formulation(np.full(4, 2**57), [budget]), np.zeros(0, np.int64)) == 1


def test_points_too_large_for_tables_are_left_to_cpsat() -> None:
    hours = RowBlock("hours", np.zeros(3, int), np.arange(3), np.full(1, -(2**62)), np.array([3]), coef=np.full(3, 2))
    formulation = build_formulation([2**55, 2**55 - 1, 2**54], [hours])
    answer = pricing.solve(formulation, Limits())
    assert answer.x is not None and formulation.value_of(answer.x) == 2**55
    assert certify(formulation, answer).word in ("proved", "claimed")


def test_dive_offers_a_plan_of_its_target_or_none_and_proves_nothing() -> None:
    formulation = tight("d", 5, 40)
    found: list[int] = []

    def take(x: np.ndarray) -> int:
        found.append(formulation.value_of(x))
        return max(found)

    search = Search(formulation, relax(formulation).prices, value=-(10**6), take=take)
    search.root(math.inf, 60)
    before = search.proof()
    assert before is not None
    root = search.bound
    assert root is not None
    assert search.left is not None
    assert dive(search, search.left, root - 40, 600, math.inf, lambda domain, target: None) is bool(found)
    assert all(value >= root - 40 for value in found[-1:])
    assert not dive(search, search.left, root + 1, 200, math.inf, lambda domain, target: None)
    assert len(search.nodes) == len(before.nodes) and holds(formulation, before)


@pytest.mark.parametrize("kind", ["d", "e"])
def test_dives_come_down_to_a_plan_near_the_bound_where_directors_want_the_same_companies(kind: str) -> None:
    climb, tree = _rooted(tight(kind, 8, 64))
    assert Dives(climb).from_root(tree, 2_000)
    assert climb.value is not None and climb.bound is not None
    assert climb.bound - climb.value < 0.02 * abs(climb.value)


def test_dives_from_a_plan_better_it_and_are_the_same_each_time() -> None:
    formulation = tight("d", 8, 64)
    first = run(formulation, whole(formulation), Run(work_limit=0.05)).x
    assert first is not None

    def value() -> int | None:
        climb, tree = _rooted(formulation)
        climb.take(first)
        Dives(climb).from_plan(tree, 800)
        return climb.value

    best = value()
    assert best is not None and best > formulation.value_of(first)
    assert value() == best


def test_dive_fixes_no_two_choices_that_a_row_forbids_together() -> None:
    formulation = tight()
    search = Search(formulation, relax(formulation).prices, value=None, take=formulation.value_of)
    whole_domain = Domain(formulation.column_lower, formulation.column_upper)
    # Columns 0 and 24 are the first company with the first and the second director.
    assert _compatible(search, whole_domain, np.array([0, 24, 1, 2]), 2).tolist() == [0, 1]


def _rooted(formulation: Formulation) -> tuple[Climb, Search]:
    """A climb without a plan, and a tree that found it a bound."""
    climb = Climb(formulation, Limits(), None, math.inf)

    def take(x: np.ndarray) -> int:
        climb.take(x)
        return formulation.value_of(x) if climb.value is None else climb.value

    tree = Search(formulation, relax(formulation).prices, value=None, take=take)
    tree.root(math.inf, 200)
    climb.bound = tree.bound
    return climb, tree


def test_columns_of_many_values_are_not_split_and_end_the_bound() -> None:
    # 2x ≤ 7 with x up to 5 leaves a gap to fractions that no 0/1 column closes.
    pairs = np.arange(2)
    wide = RowBlock("hours", np.zeros(2, int), pairs, np.full(1, -(2**62)), np.array([7]), coef=np.array([2, 4]))
    formulation = build_formulation([10, 19], [wide], column_upper=np.array([5, 5]))
    search = Search(formulation, relax(formulation).prices, value=30, take=formulation.value_of)
    search.root(math.inf, 50)
    search.grow(math.inf, 100)
    assert search.nodes[0].column == -1
    assert len(search.nodes) == 1 and not search.is_done
    assert search.bound is not None and search.bound > 30
    answer = pricing.solve(formulation, Limits())
    assert answer.x is not None and formulation.value_of(answer.x) == 30
    assert certify(formulation, answer).word in ("proved", "claimed")


def test_large_core_betters_the_greedy_plan_of_a_model_with_every_limit() -> None:
    formulation = limited(60, 600)
    climb = Climb(formulation, Limits(), None, math.inf)
    relaxation = relax(formulation)
    use_prices(climb, relaxation)
    greedy = climb.value
    solve_large_core(climb, relaxation)
    assert greedy is not None and climb.value is not None and relaxation.bound is not None
    assert greedy < climb.value <= relaxation.bound
    assert relaxation.bound - climb.value < 0.005 * climb.value


@pytest.mark.parametrize(("threads", "time_limit_s"), [(1, 5.0), (2, None)])
def test_highs_joins_only_with_a_second_thread_and_a_limit(threads: int, time_limit_s: float | None) -> None:
    deadline = math.inf if time_limit_s is None else 10.0**12
    climb = Climb(tight(), Limits(threads=threads, time_limit_s=time_limit_s), None, deadline)
    rival = Rival(climb)
    rival.start()
    rival.finish()
    assert rival.thread is None and climb.x is None


def test_plan_that_highs_finds_beside_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    formulation = tight("e", 5, 40)
    climb = Climb(formulation, Limits(threads=2, time_limit_s=5.0), None, time.monotonic() + 5.0)
    rival = Rival(climb)
    rival.start()
    assert rival.thread is not None
    rival.thread.join(30.0)
    rival.exchange()
    assert climb.x is not None and climb.value is not None


def test_rows_that_are_kept_are_the_hours() -> None:
    formulation = tight()
    hours = next(family for family in formulation.families if family.name != "one_director" and family.stop)
    kept = choose_rows(formulation)
    assert kept.size == 4
    search = Search(formulation, relax(formulation).prices, value=None, take=formulation.value_of)
    assert (search.start[kept] == 0).all()
    assert hours is not None
    whole_domain = Domain(formulation.column_lower, formulation.column_upper)
    assert search.model.value_of(search.start, whole_domain) is not None
