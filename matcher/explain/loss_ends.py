"""What every pair that was not chosen would cost at least, and every match, proved: exact in a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.errors import ModelError
from matcher.explain.standing import Standing
from matcher.model.answer import Prices
from matcher.model.certificate import bound_of
from matcher.model.formulation import Formulation, Int64
from matcher.model.proof import Proof

IMPOSSIBLE = 2**61
"""The loss where no plan allows the change."""


@dataclass(frozen=True)
class LossEnds:
    """(n_pairs,) points lost at least when a pair is forced, or a match forbidden; 0 where nothing is known."""

    forcing: Int64
    forbidding: Int64


def loss_ends(standing: Standing) -> LossEnds:
    """Proved lower ends of all losses of a proved plan whose policy adds up points.

    Notes
    -----
    Outside networks from prices: forcing a pair costs at least what its points fall short of its prices by, less what
    the prices leave open. Matches are then forbidden one by one, each a solve.
    """
    n_pairs = standing.candidates.n_pairs
    chosen = np.flatnonzero(standing.is_chosen)
    forbidding = np.zeros(n_pairs, np.int64)
    if standing.residual is not None:
        forcing, is_possible = standing.residual.losses_of_forcing(np.arange(n_pairs))
        losses, is_free = standing.residual.losses_of_forbidding(chosen)
        forbidding[chosen] = np.where(is_free, losses, IMPOSSIBLE)
        return LossEnds(np.where(is_possible, forcing, IMPOSSIBLE), forbidding)
    for column in chosen.tolist():
        loss = standing.loss(standing.solve_untied(standing.forbidden(column)))
        if loss.is_possible is False and loss.word == "proved":
            forbidding[column] = IMPOSSIBLE
        else:
            forbidding[column] = max(loss.at_least or 0, 0)
    return LossEnds(_by_prices(standing), forbidding)


def _by_prices(standing: Standing) -> Int64:
    from matcher.model.tiers import solve_tiers

    formulation, n_pairs = standing.model.formulation, standing.candidates.n_pairs
    nothing = np.zeros(n_pairs, np.int64)
    value = standing.base.values[0]
    try:
        solved = solve_tiers(formulation, standing.model.tiers[:1], limits=standing.limits)
    except ModelError:
        return nothing
    evidence = solved.results[0].evidence
    prices = solved.answer.prices or evidence.prices
    if isinstance(evidence.proof, Proof) and evidence.proof.nodes:
        root = Prices(evidence.proof.nodes[0].prices[0], evidence.proof.scale)
        bounds = [bound_of(formulation, one) for one in (root, prices) if one is not None]
        prices = root if prices is None or bounds[0] < bounds[1] else prices
    if prices is None or value is None:
        return nothing
    return _short_of(formulation, prices, value)[:n_pairs]


def _short_of(formulation: Formulation, prices: Prices, value: int) -> Int64:
    """(n_cols,) how far below `value` every plan with each column stays at least."""
    used = np.zeros(formulation.n_cols, np.int64)
    np.add.at(used, formulation.col_idx, formulation.coef * prices.row[formulation.entry_row_idx])
    left = prices.scale * formulation.objective - used
    # The bound is rounded down from the exact one: one point more covers it.
    most = bound_of(formulation, prices) + 1 - (np.maximum(-left, 0) // prices.scale)
    return np.asarray(np.maximum(value - most, 0), np.int64)
