"""`Answer`: what a backend claims. `certificate.py` decides what of it is proved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.model.formulation import Int64
from matcher.model.proof import Proof

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True)
class Prices:
    """Integer row prices in units of 1/`scale` points: `row` is (n_rows,) int64, `scale` ≥ 1.

    Positive prices act on a row's upper bound, negative ones on its lower bound. Any prices give a valid bound; good
    ones a tight one.
    """

    row: Int64
    scale: int = 1


@dataclass(frozen=True)
class Answer:
    """A backend's claim.

    Attributes
    ----------
    status : the claim; ``infeasible`` counts only with `farkas` or a second witness
    x : (n_cols,) int64 or None
    prices : prices for the bound, or None
    proof : a stronger proof of a bound than prices alone, or None; that of an infeasible answer speaks of the
        objective 0 and has a bound below 0
    farkas : prices that prove that no x exists (the bound of the zero objective is below 0), or None
    claimed_bound : the solver's own bound, in points; information only
    """

    status: Status
    backend: str
    x: npt.NDArray[np.int64] | None = None
    prices: Prices | None = None
    proof: Proof | None = None
    farkas: Prices | None = None
    claimed_bound: int | None = None
    witnesses: tuple[str, ...] = ()
    counts: dict[str, int | float] = field(default_factory=dict)
    log: str = ""


@dataclass(frozen=True)
class Limits:
    """What a backend may spend. `time_limit_s` None = no limit; `gap` relative, 0 = to the optimum."""

    time_limit_s: float | None = None
    gap: float = 0.0
    seed: int = 0
    threads: int = 1
    log: bool = False
