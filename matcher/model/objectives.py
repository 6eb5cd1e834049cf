"""`Tier`: one objective of several, and `lot`, the last of them, which leaves one plan. Imports no solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError
from matcher.model.formulation import Int64

_LOT_BITS = 40


@dataclass(frozen=True, slots=True)
class Tier:
    """One objective, maximised: `objective` is (n_cols,) int64 points.

    `kind` ``sum`` adds up the points of the chosen columns and `constant`; ``least`` raises the least points of any
    chosen pair. `tolerance` is how many points of a sum later tiers may give up. A tie-break is asked only where every
    tier before it is settled: among plans that may still be bettered there is no tie to break.
    """

    name: str
    objective: Int64
    tolerance: int = 0
    is_tie_break: bool = False
    kind: Literal["sum", "least"] = "sum"
    constant: int = 0


def value_at(tier: Tier, x: Int64, n_pairs: int) -> int | None:
    """A plan's value of a tier; None where a least is asked of no chosen column."""
    if tier.kind == "sum":
        return int(np.dot(tier.objective, x)) + tier.constant
    points = tier.objective[:n_pairs][x[:n_pairs] > 0]
    return int(points.min()) if points.size else None


def lot(n_cols: int, seed: int, places: Int64 | None = None) -> Int64:
    """(n_cols,) int64 ≥ 0: the recorded lot, one weight per column, the same on every machine and in every version.

    Parameters
    ----------
    seed : any integer; it is recorded with the plan
    places : (n,) those of the `n_cols` columns whose weights are asked for; all without any

    Returns
    -------
    The splitmix64 hash of (seed, column), cut to the most bits with Σ < 2⁶¹, at most 40.

    Notes
    -----
    Isolation lemma: with weights drawn from W values, more than one best plan is left with probability ≤ n_cols / W,
    whatever the set of plans. 10,000 columns and 2⁴⁰ values: 10⁻⁸. Then every exact backend returns the same plan,
    whatever its workers. More than 40 bits would come near the 53 of the doubles that linear prices are computed in.

    Source: Mulmuley, Vazirani, Vazirani, Matching is as easy as matrix inversion (1987); Steele, Lea, Flood, Fast
    splittable pseudorandom number generators (2014).
    """
    bits = min(_LOT_BITS, 61 - max(n_cols, 1).bit_length())
    if bits < 1:
        raise ModelError("sum_too_large", name="lot", limit=2**61)
    place = np.arange(n_cols) if places is None else places
    state = (place + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    state += _mixed(np.array([seed % 2**64], np.uint64))
    return (_mixed(state) >> np.uint64(64 - bits)).astype(np.int64)


def _mixed(state: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
