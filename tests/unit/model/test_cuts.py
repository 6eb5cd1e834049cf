"""Rows that follow from knapsacks: no plan is lost, fractions are."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.model.cuts import FAMILY, rounded_row, strengthened
from matcher.model.formulation import NO_LIMIT, RowBlock, build_formulation
from matcher.model.solvers.linear_prices import relax
from tests.brute_force import brute_force


@given(
    st.lists(st.tuples(st.integers(-9, 15), st.booleans()), min_size=1, max_size=6),
    st.integers(-5, 40),
    st.integers(1, 20),
)
def test_a_rounded_row_loses_no_whole_x(columns: list[tuple[int, bool]], limit: int, divisor: int) -> None:
    coef = np.array([one for one, _ in columns], np.int64)
    is_complemented = np.array([one for _, one in columns], np.bool_)
    found, bound = rounded_row(coef, limit, divisor, is_complemented)
    for x in itertools.product((0, 1), repeat=coef.size):
        if coef @ np.array(x) <= limit:
            assert found @ np.array(x) <= bound


def test_cuts_keep_the_plans_and_lower_the_linear_bound() -> None:
    weights = np.array([5, 5, 5, 3, 3, 7])
    block = RowBlock("budget", np.zeros(6, np.int64), np.arange(6), np.array([-NO_LIMIT]), np.array([11]), coef=weights)
    formulation = build_formulation(np.array([50, 51, 52, 29, 31, 69]), [block], n_pairs=6)
    stronger = strengthened(formulation)
    assert stronger.families[-1].name == FAMILY and stronger.n_rows > formulation.n_rows
    assert brute_force(stronger) == brute_force(formulation)
    before, after = relax(formulation).bound, relax(stronger).bound
    best = brute_force(formulation).value
    assert before is not None and after is not None and best is not None and best <= after < before
