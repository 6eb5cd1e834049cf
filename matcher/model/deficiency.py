"""`find_deficiency`: the sets that ask for more than all who could serve them have (Hall 1935; Ore 1955).

Everyone on the right wants one unit of somebody on the left. A set of them is short where it counts more than all
units of all its neighbours together. Its shortage is the difference, and the largest shortage of all sets is what a
maximum flow leaves unserved; of the sets that have it, one contains all the others (Dulmage & Mendelsohn 1958).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.model.answer import Limits
from matcher.model.formulation import Int64, RowBlock, build_formulation
from matcher.model.solvers import BACKENDS

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Deficiency:
    """The largest shortage there is, and who is short.

    Attributes
    ----------
    shortage : right members that no flow can serve
    is_short : (n_right,) the largest set of just this shortage, but for parts that share no unit with the rest and
        are not short themselves; empty where the shortage is 0
    part : (n_right,) its parts that share no unit, numbered from 0, −1 outside; all who have no unit at all are one
    """

    shortage: int
    is_short: Bools
    part: Int64


def find_deficiency(
    left_idx: npt.NDArray[np.integer],
    right_idx: npt.NDArray[np.integer],
    supply: npt.NDArray[np.integer],
    is_right: Bools,
) -> Deficiency:
    """The largest set of right members that is short of just as much as the worst set is.

    Parameters
    ----------
    left_idx, right_idx : (n_edges,) who could serve whom
    supply : (n_left,) units; is_right : (n_right,) the members that are looked at

    Notes
    -----
    A maximum flow, then a search backwards from spare units: whoever reaches one is not short.
    """
    is_edge = is_right[right_idx] & (supply[left_idx] > 0)
    left, right = left_idx[is_edge].astype(np.int64), right_idx[is_edge].astype(np.int64)
    is_served = _served(left, right, supply)
    loads = np.bincount(left[is_served], minlength=supply.size)
    shortage = int(np.count_nonzero(is_right)) - int(np.count_nonzero(is_served))
    is_short = np.zeros(is_right.size, np.bool_)
    part = np.full(is_right.size, -1, np.int64)
    if shortage:
        is_short = is_right & ~_reaching_spare(left, right, is_served, loads < supply, is_right.size)
        part = _parts(left, right, is_served, is_short, supply.size)
    return Deficiency(shortage, part >= 0, part)


def _served(left: Int64, right: Int64, supply: npt.NDArray[np.integer]) -> Bools:
    """(n_edges,) the edges of a maximum flow."""
    if not left.size:
        return np.zeros(0, np.bool_)
    lefts, left_at = np.unique(left, return_inverse=True)
    rights, right_at = np.unique(right, return_inverse=True)
    edges = np.arange(left.size)
    zero = np.zeros(lefts.size, np.int64)
    blocks = [
        RowBlock("supply", left_at, edges, zero, supply[lefts].astype(np.int64), side="left"),
        RowBlock(
            "demand", right_at, edges, np.zeros(rights.size, np.int64), np.ones(rights.size, np.int64), side="right"
        ),
    ]
    answer = BACKENDS["flow"].solve(build_formulation(np.ones(left.size, np.int64), blocks), Limits())
    assert answer.x is not None  # x = 0 is a flow
    return np.asarray(answer.x > 0)


def _reaching_spare(left: Int64, right: Int64, is_served: Bools, has_spare: Bools, n_right: int) -> Bools:
    """(n_right,) who could be served by a spare unit, were others to move to theirs."""
    reached_left, reached = has_spare.copy(), np.zeros(n_right, np.bool_)
    while True:
        before = np.count_nonzero(reached)
        reached[right[reached_left[left]]] = True
        if np.count_nonzero(reached) == before:
            return reached
        reached_left[left[is_served & reached[right]]] = True


def _parts(left: Int64, right: Int64, is_served: Bools, is_short: Bools, n_left: int) -> Int64:
    """(n_right,) the connected parts of the set that have a shortage of their own."""
    n_right = is_short.size
    inside = is_short[right]
    own_left, own_right = left[inside], right[inside]
    label = connected_parts(own_left, own_right, n_left, n_right)
    has_unit = np.zeros(n_right, np.bool_)
    has_unit[own_right] = True
    label = np.where(has_unit, label + 1, 0)
    n_members = np.bincount(label[is_short], minlength=n_right + 1)
    n_served = np.bincount(label[right[is_served & inside]], minlength=n_right + 1)
    stays = is_short & (n_members > n_served)[label]
    part = np.full(n_right, -1, np.int64)
    part[stays] = np.unique(label[stays], return_inverse=True)[1]
    return part


def connected_parts(
    left_idx: npt.NDArray[np.integer], right_idx: npt.NDArray[np.integer], n_left: int, n_right: int
) -> Int64:
    """(n_right,) the least right member that each one is connected with by edges, itself without any.

    Notes
    -----
    Everybody takes the least label around until nothing changes: as many rounds as a part is wide at most, mostly few.
    """
    label = np.arange(n_right)
    while True:
        least = np.full(n_left, n_right, np.int64)
        np.minimum.at(least, left_idx, label[right_idx])
        spread = label.copy()
        np.minimum.at(spread, right_idx, least[left_idx])
        spread = spread[spread]
        if (spread == label).all():
            return label
        label = spread
