"""What every pair that was not chosen would cost at least, and every match, proved: exact in a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.explain.root_bounds import least_losses
from matcher.explain.standing import Standing
from matcher.model.formulation import Int64

IMPOSSIBLE = 2**61
"""The loss where no plan allows the change."""

_FEW_MATCHES = 40


@dataclass(frozen=True)
class LossEnds:
    """(n_pairs,) points that every plan with a pair forced, or a match forbidden, stays below the proved bound.

    At least; 0 where nothing is known. Of a plan that is proved the bound is its points.
    """

    forcing: Int64
    forbidding: Int64


def loss_ends(standing: Standing) -> LossEnds:
    """Proved lower ends of all losses, of a plan with a bound whose policy adds up points.

    Notes
    -----
    Outside networks from the plan's own proof: what its first prices leave of the bound. A few matches are then
    forbidden one by one, each a solve; not in a plan that is not proved, where a solve is not short.
    """
    n_pairs = standing.candidates.n_pairs
    chosen = np.flatnonzero(standing.is_chosen)
    forbidding = np.zeros(n_pairs, np.int64)
    if standing.residual is not None:
        forcing, is_possible = standing.residual.losses_of_forcing(np.arange(n_pairs))
        losses, is_free = standing.residual.losses_of_forbidding(chosen)
        forbidding[chosen] = np.where(is_free, losses, IMPOSSIBLE)
        return LossEnds(np.where(is_possible, forcing, IMPOSSIBLE), forbidding)
    least = least_losses(standing, standing.base.bounds[0])
    forcing = np.zeros(n_pairs, np.int64) if least is None else np.where(standing.is_chosen, 0, least)
    forbidding = np.zeros(n_pairs, np.int64) if least is None else np.where(standing.is_chosen, least, 0)
    if standing.off_by != 0 or chosen.size > _FEW_MATCHES:
        return LossEnds(forcing, forbidding)
    for column in chosen.tolist():
        loss = standing.loss(standing.solve_untied(standing.forbidden(column)))
        if loss.is_possible is False and loss.word == "proved":
            forbidding[column] = IMPOSSIBLE
        else:
            forbidding[column] = max(loss.at_least or 0, int(forbidding[column]))
    return LossEnds(forcing, forbidding)
