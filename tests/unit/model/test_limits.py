"""What a backend may spend: work that is the same on every machine, and a stop from outside."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest

from matcher.errors import UsageError
from matcher.model.answer import Answer, Limits
from matcher.model.conflict import find_conflict
from matcher.model.formulation import Formulation, build_formulation
from matcher.model.judging import Effort
from matcher.model.solvers import BACKENDS, cpsat_model
from matcher.model.solvers.branching import Search
from matcher.model.solvers.climb import Climb
from matcher.model.solvers.cpsat_model import Run, whole
from matcher.model.solvers.diving import dive
from matcher.model.solvers.incumbent import is_feasible
from matcher.model.solvers.linear_prices import relax
from matcher.model.solvers.mathopt import MipRun, programme_of, solve_integer
from matcher.model.solvers.stopping import ended_by, unless_stopped
from tests.contract.zoo import ZOO, block

CASES = {case.name: case for case in ZOO}


def _assignment(n_directors: int = 12, n_companies: int = 60) -> Formulation:
    """Hours that nearly all companies' hours fill, dear where they are long: minutes for every backend."""
    rng = np.random.default_rng(7)
    hours = rng.integers(1, 101, (n_directors, n_companies))
    points = 100 + hours + rng.integers(-10, 11, hours.shape)
    room = int(0.8 * hours.sum() / n_directors**2)
    place = np.arange(hours.size).reshape(hours.shape)
    return build_formulation(
        points.ravel().tolist(),
        [
            block("hours", place.tolist(), [room] * n_directors, coef=hours.tolist()),
            block("companies", place.T.tolist(), [1] * n_companies),
        ],
    )


@pytest.mark.parametrize("name", ["cpsat", "pricing"])
def test_stop_gives_the_best_plan_so_far(name: str) -> None:
    formulation, stop = _assignment(), threading.Event()
    limits = Limits(stop=stop, deterministic_limit=20.0)
    answer = BACKENDS[name].solve(formulation, limits, on_progress=lambda value, bound: stop.set())
    assert answer.status == "feasible" and answer.x is not None and is_feasible(formulation, answer.x)
    assert answer.counts["deterministic_time"] < 1.0


def test_stop_gives_the_best_plan_so_far_of_mip() -> None:
    formulation, stop = _assignment(), threading.Event()
    limits = Limits(stop=stop, time_limit_s=10.0)
    answer = BACKENDS["mip"].solve(formulation, limits, on_progress=lambda value, bound: stop.set())
    assert answer.x is not None and is_feasible(formulation, answer.x)
    assert (answer.counts["n_steps"], answer.counts["n_open"]) == (0, 0)


def test_stop_ends_a_run_of_cpsat_that_is_under_way() -> None:
    formulation, stop = _assignment(), threading.Event()
    spend = Run(work_limit=30.0, stop=stop)
    outcome = cpsat_model.run(formulation, whole(formulation), spend, on_value=lambda value, bound: stop.set())
    assert outcome.status == "feasible" and outcome.work < 20.0


def test_cpsat_leaves_ctrl_c_to_the_program() -> None:
    assert cpsat_model._parameters(Run()).catch_sigint_signal is False


def test_stop_leaves_highs_behind() -> None:
    formulation, stop = _assignment(), threading.Event()
    programme = programme_of(formulation, np.arange(formulation.n_cols), formulation.column_lower, is_integer=True)
    run = MipRun(time_limit_s=3.0, stop=stop, on_log=lambda lines: stop.set())
    assert solve_integer(programme, run).status == "unknown"


def test_stop_gives_no_prices() -> None:
    stop = threading.Event()
    stop.set()
    large = _assignment(40, 200)  # above the size that is sifted
    assert relax(large, stop=stop).status == "unsolved"
    assert relax(large).status == "optimal"


def test_ended_by_calls_until_the_block_is_over() -> None:
    stop, called = threading.Event(), threading.Semaphore(0)
    stop.set()
    with ended_by(stop, called.release):
        assert called.acquire(timeout=10) and called.acquire(timeout=10)
    before = threading.active_count()
    with ended_by(None, called.release):
        assert threading.active_count() == before


def test_unless_stopped_returns_raises_or_leaves_behind() -> None:
    stop, forever = threading.Event(), threading.Event()
    assert unless_stopped(stop, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        unless_stopped(stop, lambda: 1 // 0)
    threading.Timer(0.05, stop.set).start()
    assert unless_stopped(stop, lambda: forever.wait(60)) is None
    forever.set()


@pytest.mark.parametrize("name", ["cpsat", "pricing"])
def test_deterministic_limit_ends_the_search_at_the_same_plan(name: str) -> None:
    formulation = _assignment()
    first, second = (BACKENDS[name].solve(formulation, Limits(deterministic_limit=0.4)) for _ in range(2))
    assert first.x is not None and second.x is not None
    assert first.x.tolist() == second.x.tolist()
    assert first.counts["deterministic_time"] == second.counts["deterministic_time"]
    assert 0.4 <= first.counts["deterministic_time"] < 0.6
    assert first.status == "feasible"


def test_tree_pays_for_every_valuing_and_ends_when_told() -> None:
    formulation = _assignment()
    paid: list[float] = []

    def pay(work: float) -> bool:
        paid.append(work)
        return len(paid) >= 40

    tree = Search(formulation, relax(formulation).prices, value=None, take=formulation.value_of, pay=pay)
    tree.root(math.inf, 20)
    assert len(paid) == tree.n_values < 40
    tree.grow(math.inf, 10_000)
    assert len(paid) == tree.n_values == 40 and tree.heap
    assert tree.left is not None
    dive(tree, tree.left, 10**6, 10_000, math.inf, lambda domain, target: None)
    assert len(paid) == 40
    larger = Search(_assignment(24, 60), None, value=None, take=formulation.value_of)
    assert larger.work_of_value > paid[0] > 0


def test_climb_is_over_when_its_work_is_spent() -> None:
    search = Climb(_assignment(2, 3), Limits(deterministic_limit=1.0), None, math.inf)
    assert not search.pay(0.5) and search.bounded(Run(work_limit=9.0)).work_limit == 0.5
    assert search.pay(0.5) and search.is_done


def test_deterministic_limit_is_refused_by_highs() -> None:
    with pytest.raises(UsageError) as caught:
        BACKENDS["mip"].solve(_assignment(2, 3), Limits(deterministic_limit=1.0))
    assert caught.value.code == "no_deterministic_limit"
    assert caught.value.params["name"] == "mip" and "pricing" in caught.value.params["known"]


def test_flow_has_nothing_to_limit() -> None:
    formulation = build_formulation([3, 2], [block("slots", [[0, 1]], [1], side="left")])
    answer = BACKENDS["flow"].solve(formulation, Limits(deterministic_limit=1e-9))
    assert answer.status == "optimal"


def test_stop_spends_all_effort() -> None:
    stop = threading.Event()
    effort = Effort(time_limit_s=None, work=9.0, stop=stop)
    assert not effort.is_spent and effort.run().stop is stop
    stop.set()
    assert effort.is_spent


def test_stop_ends_the_search_for_a_conflict() -> None:
    stop = threading.Event()
    stop.set()
    formulation = CASES["parity"].build()
    claim = Answer("infeasible", "cpsat", witnesses=("cp_sat", "cp_sat_presolve_off"))
    assert find_conflict(formulation, claim, Limits()).irreducible
    assert not find_conflict(formulation, claim, Limits(stop=stop)).irreducible


def test_limits_are_equal_whoever_may_stop_them() -> None:
    assert Limits(stop=threading.Event()) == Limits() and "stop" not in repr(Limits(stop=threading.Event()))
