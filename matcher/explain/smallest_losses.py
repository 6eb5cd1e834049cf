"""Of some pairs that were not chosen, those the whole plan would lose least with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.explain.forcing import Change, with_pair
from matcher.explain.standing import Standing

TRIED = 8
"""Pairs solved again at most where there is no residual graph to read losses off: 20 to 60 ms each on the scenarios."""


@dataclass(frozen=True)
class Nearly:
    """Pairs in order of what the plan would lose with each.

    Attributes
    ----------
    found : (column, change), the smallest loss first; pairs no plan can have come last
    n_pairs, n_known : pairs there are, and those whose loss was found: all in a network, else the most promising
    """

    found: tuple[tuple[int, Change], ...]
    n_pairs: int
    n_known: int


def smallest_losses(
    standing: Standing,
    columns: npt.NDArray[np.integer],
    promise: npt.NDArray[np.integer],
    *,
    most: int,
    tried: int = TRIED,
) -> Nearly:
    """The pairs that were nearly chosen.

    Parameters
    ----------
    columns : (n,) candidates that are no matches; promise : (n,) the higher, the sooner it is solved again

    Notes
    -----
    In a network all losses come from one pass a director (9 ms at 200,000 pairs); else each is one solving again.
    """
    if standing.residual is not None:
        losses, is_possible = standing.residual.losses_of_forcing(columns)
        order = np.lexsort((columns, -promise, losses, ~is_possible))[:most]
        found = tuple((column, with_pair(standing, *standing.pair_of(column))) for column in columns[order].tolist())
        return Nearly(found, int(columns.size), int(columns.size))
    order = np.lexsort((columns, -promise))[:tried]
    solved = [(column, with_pair(standing, *standing.pair_of(column))) for column in columns[order].tolist()]
    solved.sort(key=lambda one: _rank(one[1]))
    return Nearly(tuple(solved[:most]), int(columns.size), len(solved))


def _rank(change: Change) -> tuple[float, ...]:
    """Smaller losses first, tier by tier; without a plan last."""
    return tuple(float("inf") if loss.points is None else float(loss.points) for loss in change.losses.values())
