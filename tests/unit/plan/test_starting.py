"""Starting from an earlier plan: what of it is used, what is left out, and that nothing else changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import matcher
from matcher.errors import UsageError
from matcher.matching import match
from matcher.model.formulation import build_formulation
from matcher.model.solvers.incumbent import is_feasible
from matcher.model.starting import start_from
from matcher.plan.plan import Plan
from tests.contract.zoo import block
from tests.problems import small_problem

HOURS = {"objective": ["points"], "solve": {"seed": 3}}


def _plan(n_companies: int = 4, *, room: int = 20, **more: object) -> Plan:
    directors = [{"max_companies": 4, "hours_per_month": room}] * 2
    companies = [{"hours_per_month": 7 + at, "priority": 1 + at % 2} for at in range(n_companies)]
    return match(small_problem(directors=directors, companies=companies, policy=HOURS), **more)  # type: ignore[arg-type]


def test_proved_optimum_is_the_same_plan_with_and_without_a_start() -> None:
    plain = _plan()
    assert plain.status == "optimal" and len(plain.document.assignments) == 4
    poor = _plan(2)
    for earlier, n_matches in ((plain, 4), (poor, 2), (poor.document, 2)):
        again = _plan(start=earlier)
        assert again.document.digests == plain.document.digests
        assert again.start is not None and again.start.n_used == again.start.n_all == n_matches
    assert plain.start is None


def test_start_is_read_from_its_folder(tmp_path: Path) -> None:
    plan = _plan()
    matcher.write(plan, tmp_path / "result", formats=())
    again = _plan(start=tmp_path / "result")
    assert again.start is not None and (again.start.n_all, again.start.n_used) == (4, 4)
    with pytest.raises(UsageError) as caught:
        _plan(start=tmp_path / "nowhere")
    assert caught.value.code == "plan_not_found"


def test_matches_that_are_gone_or_no_longer_fit_are_counted() -> None:
    earlier = _plan(4)
    gone = _plan(3, start=earlier)
    assert gone.start is not None
    assert (gone.start.n_all, gone.start.n_gone, gone.start.n_unfit, gone.start.n_used) == (4, 1, 0, 3)
    tight = _plan(4, room=11, start=earlier)
    assert tight.start is not None and tight.start.x is not None
    assert (tight.start.n_gone, tight.start.n_unfit, tight.start.n_used) == (0, 2, 2)


def test_start_keeps_the_most_points_that_fit() -> None:
    formulation = build_formulation([5, 9, 8, 1], [block("hours", [[0, 1, 2, 3]], [4], coef=[[2, 2, 2, 1]])])
    x = start_from(formulation, np.array([0, 1, 2]))
    assert x is not None and x.tolist() == [0, 1, 1, 0]
    whole = start_from(formulation, np.array([0, 2]))
    assert whole is not None and whole.tolist() == [1, 0, 1, 0]


def test_start_opens_the_columns_of_rows_that_fall_short() -> None:
    formulation = build_formulation([5, 9, 8], [block("least", [[0, 1], [2]], [2, 1], lower=[2, 0])])
    x = start_from(formulation, np.array([0, 2]))
    assert x is not None and is_feasible(formulation, x) and x.tolist() == [1, 1, 1]


def test_start_without_any_plan_is_none() -> None:
    formulation = build_formulation([5, 9], [block("least", [[0, 1]], [3], lower=[3], coef=[[2, 2]])])
    assert start_from(formulation, np.array([0])) is None
