"""A network that differs a little from one that was solved: the old prices decide most of it.

First guess: a company whose best offer at the old prices is ahead of its second by far keeps it, one without any good
offer stays without, and only the others are solved. Whether the plan found is a best one of the whole is seen from its
residual graph, which has potentials then, and only then; they are the prices that prove it.

Second, where the guess was wrong: the network is solved on the columns that the old prices do not exceed by far, then
priced; a column left out that the new prices do not exceed comes in, and it is solved again until there is none.

Source: sifting, e.g. Bixby, Gregory, Lustig, Marsten, Shanno, Very large-scale linear programming (1992).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError
from matcher.model.answer import Answer, Limits, Prices
from matcher.model.certificate import reduced_costs
from matcher.model.formulation import Formulation, Int64, RowFamily
from matcher.model.near import Near
from matcher.model.shrinking import shrink
from matcher.model.solvers import flow
from matcher.model.solvers.network import Network, as_network

COLUMNS_PER_ROW = 2.0
"""Columns to begin sifting with. 10,983 rows with 200 k columns: 22 k columns, one round or two."""

_MARGIN = 2e-2
"""Of the middle of all points: what counts as far. 4,600 of 200 k columns are left to solve there."""

_MOST_SHARE = 0.5
_SIFTING_ROUNDS = 10
_PRICE_ROUNDS = 60
"""Twice what prices of a right guess were seen to take; a wrong one would take as many rounds as there are nodes."""


def solve_near(formulation: Formulation, near: Near, limits: Limits) -> Answer | None:
    """The answer of `flow.solve`, found from the row prices of a model like this one; None where that is no shorter.

    Returns
    -------
    Answer : the optimum, and the prices that `flow.solve` finds: they do not depend on the way to the optimum. None
        where half of the columns would be left, a row lacks columns, or prices keep changing.

    Raises
    ------
    ModelError : as `flow.solve`
    """
    network = as_network(formulation)
    if isinstance(network, str):
        return None
    ways: tuple[Callable[[Formulation, Near], tuple[Int64, int] | None], ...] = (_guessed, _sifted)
    for name, find in zip(("guessed", "sifted"), ways, strict=True):
        found = find(formulation, near)
        answer = None if found is None else _proved(formulation, network, found[0], limits, {name: found[1]})
        if answer is not None:
            return answer
    return None


def _proved(
    formulation: Formulation, network: Network, x: Int64, limits: Limits, counts: dict[str, int]
) -> Answer | None:
    """The answer with prices; None where `_PRICE_ROUNDS` do not find any, as where x is no optimum."""
    known = {"n_nodes": network.n_nodes, "n_arcs": int(network.tail.size), **counts}
    try:
        return flow.answer_of(formulation, network, x, limits, known, max_rounds=_PRICE_ROUNDS)
    except ModelError as error:
        if error.code != "negative_cycle":
            raise
        return None


def _guessed(formulation: Formulation, near: Near) -> tuple[Int64, int] | None:
    """(n_cols,) the best plan in which every company that old prices decide is decided so, and the columns left."""
    family = _choices(formulation)
    if family is None:
        return None
    entries = slice(int(formulation.row_ptr[family.start]), int(formulation.row_ptr[family.stop]))
    cols = formulation.col_idx[entries]
    size = np.diff(formulation.row_ptr[family.start : family.stop + 1])
    price = near.price.copy()
    price[family.start : family.stop] = 0
    offer = reduced_costs(formulation, Prices(price))
    is_open = _in_rows(formulation, near.is_open, family)
    far = max(1, int(_MARGIN * float(np.median(formulation.objective)))) if formulation.n_cols else 1
    start = formulation.row_ptr[family.start : family.stop] - entries.start
    known = np.where(is_open[cols], -(2**60), offer[cols])
    best = np.repeat(np.maximum.reduceat(known, start), size)
    is_choice = is_open[cols] | ((known >= best - far) & (known >= -far))
    is_alone = np.repeat(np.add.reduceat(is_choice.astype(np.int64), start) == 1, size)
    is_sure = is_choice & is_alone & (known > far)
    lower, upper = formulation.column_lower.copy(), formulation.column_upper.copy()
    upper[cols[~is_choice & (lower[cols] == 0)]] = 0
    lower[cols[is_sure]] = upper[cols[is_sure]]
    n_left = int(np.count_nonzero(lower < upper))
    if n_left > _MOST_SHARE * formulation.n_cols:
        return None
    small = shrink(replace(formulation, column_lower=lower, column_upper=upper))
    found = None if small.is_contradiction else flow.solve(small.formulation, Limits())
    return None if found is None or found.x is None else (small.widen_x(found.x), n_left)


def _choices(formulation: Formulation) -> RowFamily | None:
    """The family whose every row allows one of its columns, at most, as that of the companies does; else None."""
    for family in formulation.families:
        rows = slice(family.start, family.stop)
        if family.side == "right" and family.stop > family.start and (formulation.row_upper[rows] == 1).all():
            is_free = (formulation.row_lower[rows] <= 0).all() and (np.diff(formulation.row_ptr)[rows] > 0).all()
            return family if is_free else None
    return None


def _in_rows(formulation: Formulation, is_row: npt.NDArray[np.bool_], but: RowFamily) -> npt.NDArray[np.bool_]:
    """(n_cols,) the columns of some rows, those of the family `but` not counted."""
    found = np.zeros(formulation.n_cols, np.bool_)
    for row in np.flatnonzero(is_row).tolist():
        if not but.start <= row < but.stop:
            found[formulation.col_idx[formulation.row_ptr[row] : formulation.row_ptr[row + 1]]] = True
    return found


def _sifted(formulation: Formulation, near: Near) -> tuple[Int64, int] | None:
    """(n_cols,) the best plan, and the rounds it took."""
    upper = formulation.column_upper
    n_core = int(COLUMNS_PER_ROW * formulation.n_rows)
    if n_core >= _MOST_SHARE * formulation.n_cols:
        return None
    reduced = reduced_costs(formulation, Prices(near.price))
    is_core = reduced >= min(int(np.partition(reduced, -n_core)[-n_core]), 1)
    is_core |= formulation.column_lower > 0
    for n_rounds in range(1, _SIFTING_ROUNDS + 1):
        if np.count_nonzero(is_core) > _MOST_SHARE * formulation.n_cols:
            return None
        small = shrink(replace(formulation, column_upper=np.where(is_core, upper, 0)))
        found = None if small.is_contradiction else flow.solve(small.formulation, Limits())
        prices = None if found is None else small.widen_prices(found.prices, formulation.n_rows)
        if found is None or found.x is None or prices is None:
            return None
        is_wrong = ~is_core & (reduced_costs(formulation, prices) > 0) & (upper > 0)
        if not is_wrong.any():
            return small.widen_x(found.x), n_rounds
        is_core |= is_wrong
    return None
