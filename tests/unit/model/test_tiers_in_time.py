"""How tiers share time and work, and what a stop leaves of them."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from matcher.model import tiers as tiers_module
from matcher.model.answer import Answer, Limits
from matcher.model.formulation import Formulation, build_formulation
from matcher.model.objectives import Tier
from matcher.model.solvers import cpsat, flow
from matcher.model.tiers import solve_tiers
from tests.contract.zoo import block


def test_time_is_shared_and_later_tiers_get_some(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Limits] = []
    real = cpsat.solve

    def watched(formulation: Formulation, limits: Limits, **more: object) -> Answer:
        given.append(limits)
        return real(formulation, limits, **more)

    monkeypatch.setattr(cpsat, "solve", watched)
    formulation = build_formulation([0] * 4, [block("hours", [[0, 1, 2, 3]], [3], coef=[[2, 2, 2, 2]])])
    tiers = [Tier("points", np.array([7, 7, 7, 7])), Tier("a", np.array([1, 1, 1, 0])), Tier("b", np.arange(4))]
    solve_tiers(formulation, tiers, limits=Limits(time_limit_s=10.0, gap=0.01), backend="cpsat")
    assert [limits.gap for limits in given] == [0.01, 0.0, 0.0]
    assert given[0].time_limit_s == pytest.approx(6.0, abs=0.2)
    assert all(limits.time_limit_s is not None and limits.time_limit_s >= 0.5 for limits in given)


@pytest.mark.parametrize(("used", "given"), [(10.0, 0.5), (10.8, 0.2), (11.0, 0.0), (100.0, 0.0)])
def test_tier_after_the_limit_gets_a_twentieth_until_all_have_spent_a_tenth_more(used: float, given: float) -> None:
    tiers = [Tier(name, np.zeros(1, np.int64)) for name in "abc"]
    now = time.monotonic()
    spend = tiers_module._spend(Limits(time_limit_s=10.0, deterministic_limit=10.0), tiers, 1, now - used, used)
    assert spend.time_limit_s == pytest.approx(given, abs=0.05)
    assert spend.deterministic_limit == pytest.approx(given)


@pytest.mark.parametrize("kind", ["sum", "least"])
def test_five_tiers_end_within_a_tenth_of_the_limit(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Each solve takes all it is given and half a second more, as presolve does not look at the clock."""
    clock = [100.0]
    monkeypatch.setattr(tiers_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    def slow(formulation: Formulation, limits: Limits, **_: object) -> Answer:
        assert limits.time_limit_s is not None
        clock[0] += limits.time_limit_s + 0.5
        return Answer("feasible", "cpsat", x=np.eye(1, formulation.n_cols, dtype=np.int64)[0])

    monkeypatch.setattr(cpsat, "solve", slow)
    formulation = build_formulation([0, 0], [block("hours", [[0, 1]], [3], coef=[[2, 2]])])
    tiers = [Tier("t0", np.array([9, 1]))]
    tiers += [Tier(f"t{at}", np.array([1, 9 - at]), kind="least" if kind == "least" else "sum") for at in range(1, 5)]
    answer = solve_tiers(formulation, tiers, limits=Limits(time_limit_s=10.0), backend="cpsat")
    assert clock[0] - 100.0 <= 1.1 * 10.0 + 0.5
    assert [result.name for result in answer.results] == ["t0", "t1", "t2", "t3", "t4"]
    assert answer.results[-1].certificate.word == "unknown"


def test_stop_begins_no_further_tier_and_leaves_them_open(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, solved = threading.Event(), []

    def stopped(formulation: Formulation, limits: Limits, **_: object) -> Answer:
        solved.append(limits.stop)
        stop.set()
        return Answer("feasible", "cpsat", x=np.array([1, 0]))

    monkeypatch.setattr(cpsat, "solve", stopped)
    formulation = build_formulation([0, 0], [block("hours", [[0, 1]], [3], coef=[[2, 2]])])
    tiers = [
        Tier("points", np.array([10, 10])),
        Tier("next", np.array([3, 4])),
        Tier("worst_match", np.array([7, 9]), kind="least"),
        Tier("lot", np.array([1, 2]), is_tie_break=True),
    ]
    answer = solve_tiers(formulation, tiers, limits=Limits(stop=stop), backend="cpsat")
    assert solved == [stop]
    assert [(one.name, one.value, one.certificate.word) for one in answer.results] == [
        ("points", 10, "unknown"),
        ("next", 3, "unknown"),
        ("worst_match", 7, "unknown"),
    ]
    assert answer.answer.status == "feasible"


def test_stop_ends_the_search_for_a_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight floors would be three solves after the first; the second is stopped."""
    stop, n_solved = threading.Event(), [0]
    real = flow.solve

    def counted(formulation: Formulation, limits: Limits, **more: object) -> Answer:
        n_solved[0] += 1
        if n_solved[0] == 2:
            stop.set()
        return real(formulation, limits, **more)

    monkeypatch.setattr(flow, "solve", counted)
    formulation = build_formulation([0] * 8, [block("slots", [list(range(8))], [1], lower=[1], side="left")])
    tier = Tier("worst_match", np.arange(8), kind="least")
    answer = solve_tiers(formulation, [tier], limits=Limits(stop=stop))
    assert n_solved == [2]
    assert answer.results[0].certificate.word == "unknown"
    assert answer.answer.x is not None


def test_work_is_shared_by_the_tiers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first gets 60 %; what it counts is taken off, and the last is not begun once 110 % are spent."""
    given: list[float | None] = []

    def counted(formulation: Formulation, limits: Limits, **_: object) -> Answer:
        given.append(limits.deterministic_limit)
        counts: dict[str, int | float] = {"deterministic_time": 5.0 if len(given) == 1 else 6.0}
        return Answer("feasible", "cpsat", x=np.array([1, 0]), counts=counts)

    monkeypatch.setattr(cpsat, "solve", counted)
    formulation = build_formulation([0, 0], [block("hours", [[0, 1]], [3], coef=[[2, 2]])])
    tiers = [Tier(name, np.array([2, 1])) for name in "abc"]
    answer = solve_tiers(formulation, tiers, limits=Limits(deterministic_limit=10.0), backend="cpsat")
    assert given == pytest.approx([6.0, 2.5])
    assert len(answer.results) == 3 and answer.results[2].backend == "none"


def test_progress_names_every_tier_with_value_and_bound() -> None:
    seen: list[tuple[str, int | None, int | None]] = []
    formulation = build_formulation([0, 0, 0], [block("slots", [[0, 1, 2]], [1], side="left")])
    tiers = [
        Tier("points", np.array([5, 5, 4]), constant=100),
        Tier("worst_match", np.array([5, 3, 9]), kind="least"),
        Tier("lot", np.array([0, 1, 9]), is_tie_break=True),
    ]
    solve_tiers(formulation, tiers, limits=Limits(), on_progress=lambda *told: seen.append(told))
    assert [name for name, value, _ in seen if value is None] == ["points", "worst_match", "lot"]
    assert ("points", 105, 105) in seen and ("worst_match", 5, 5) in seen and ("lot", 0, 0) in seen


@pytest.mark.parametrize(
    ("kinds", "seconds"),
    [
        ("p", [10.0]),
        ("ptt", [9.5, 5.0, 10.0]),
        ("ppt", [5.7, 9.5, 10.0]),
        ("ppp", [6.0, 5.0, 10.0]),
    ],
)
def test_tie_breaks_leave_the_time_to_the_policy(kinds: str, seconds: list[float]) -> None:
    """What each tier gets of 10 s when those before it took nothing."""
    tiers = [Tier(kind, np.zeros(1, np.int64), is_tie_break=kind == "t") for kind in kinds]
    now = time.monotonic()
    given = [tiers_module._spend(Limits(time_limit_s=10.0), tiers, at, now).time_limit_s for at in range(len(tiers))]
    assert given == pytest.approx(seconds, abs=0.1)
