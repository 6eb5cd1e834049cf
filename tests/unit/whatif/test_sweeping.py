"""Grids of settings: how they are written, and that each point is the programme under those settings."""

from __future__ import annotations

from fractions import Fraction

import pytest

from matcher.errors import UsageError
from matcher.whatif.engine import Threads
from matcher.whatif.running import AsIs, Task, run_tasks
from matcher.whatif.sweeping import parse_axis, plan_letters, sweep_tasks, weight_varied
from tests.problems import small_problem


def test_axes_as_ranges_and_lists() -> None:
    assert parse_axis("weights.network=0:1:0.25").values == (0, 0.25, 0.5, 0.75, 1)
    assert parse_axis("weights.network=0:7:3").values == (0, 3, 6)
    assert parse_axis("limits.max_companies=3, 6,9").values == (3, 6, 9)
    assert parse_axis("roster=engaged,with_applicants").values == ("engaged", "with_applicants")


@pytest.mark.parametrize(
    "text", ["x", "x=", "=3", "x=1:2", "x=3:1:1", "x=0:1:0", "x=0:1:-1", "x=0:inf:1", "x=a:b:c", "x=1,,2"]
)
def test_axes_that_cannot_be_read(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_axis(text)
    assert raised.value.code == "axis_shape"


def test_grids_that_are_too_large_or_name_a_key_twice() -> None:
    with pytest.raises(UsageError) as raised:
        parse_axis("x=0:1000000:0.001")
    assert raised.value.code == "axis_too_long"
    axis = parse_axis("weights.network=0:100:1")
    with pytest.raises(UsageError) as raised:
        sweep_tasks(small_problem(), [axis, axis])
    assert raised.value.code == "axis_twice"


def test_points_come_in_order_whatever_the_workers() -> None:
    problem = small_problem(directors=2, companies=3)
    axes = [parse_axis("limits.max_companies=1,2")]
    points = sweep_tasks(problem, axes)
    for workers in (1, 3):
        found = run_tasks(problem, [task for _, task in points], engine=Threads(workers))
        assert [one.state for one in found] == ["done", "done"]
        assert [len(one.plan.document.assignments) for one in found if one.plan] == [1, 2]


@pytest.mark.parametrize("text", ["limits.max_companies=1,x", "weights.netwrok=1", "limits.max_companies=1.5"])
def test_a_value_the_policy_refuses_is_told_before_anything_is_solved(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        sweep_tasks(small_problem(), [parse_axis(text)])
    assert raised.value.code == "settings_not_applied"


def test_nothing_is_begun_once_stopped() -> None:
    import threading

    stop = threading.Event()
    stop.set()
    assert [one.state for one in run_tasks(small_problem(), [Task("a", "a", AsIs())], stop=stop)] == ["not_run"]


@pytest.mark.parametrize("text", ["x=5,5", "x=5,5.0,6", "x=a,b,a"])
def test_a_value_named_twice_is_refused_before_it_is_solved_twice(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_axis(text)
    assert raised.value.code == "axis_value_twice"


def test_one_weight_that_is_varied_alone() -> None:
    weight, other = parse_axis("weights.network=0:4:0.5"), parse_axis("limits.max_companies=1,2")
    assert weight_varied([weight]) == ("network", Fraction(0), Fraction(4))
    assert weight_varied([parse_axis("weights.network=0.5,0.1")]) == ("network", Fraction(1, 10), Fraction(1, 2))
    assert weight_varied([weight, other]) is None
    assert weight_varied([other]) is None
    assert weight_varied([parse_axis("weights.network=3")]) is None


def test_each_different_plan_has_a_letter() -> None:
    plans = [frozenset({("d1", f"c{n}")}) for n in (0, 1, 0, *range(2, 28))]
    letters = plan_letters(plans)
    assert [letters[plans[at]] for at in (0, 1, 2, 3, 27, 28)] == ["A", "B", "A", "C", "AA", "AB"]
