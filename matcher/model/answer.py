"""`Answer`: what a backend claims. `certificate.py` decides what of it is proved."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from matcher.model.formulation import Int64
from matcher.model.proof import AnyProof

if TYPE_CHECKING:
    from matcher.model.journal import Journal

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
    proof : a stronger proof of a bound than prices alone, a tree or a forest, or None; that of an infeasible answer
        speaks of the objective 0 and has a bound below 0
    farkas : prices that prove that no x exists (the bound of the zero objective is below 0), or None
    claimed_bound : the solver's own bound, in points; information only
    """

    status: Status
    backend: str
    x: npt.NDArray[np.int64] | None = None
    prices: Prices | None = None
    proof: AnyProof | None = None
    farkas: Prices | None = None
    claimed_bound: int | None = None
    witnesses: tuple[str, ...] = ()
    counts: dict[str, int | float] = field(default_factory=dict)
    log: str = ""


@dataclass(frozen=True)
class Limits:
    """What a backend may spend, and who may end it before.

    Attributes
    ----------
    time_limit_s : wall seconds, None = no limit
    gap : relative, 0 = to the optimum
    deterministic_limit : work that is counted instead of timed, None = no limit; one unit is about a second on a core
        of the 2020s and the same on every machine. CP-SAT counts its own; a valuing of prices (`branching`) and a
        linear programme count by the entries of the model. With one thread and no time limit it ends at the same plan,
        however busy the machine. A network flow counts for nothing, and HiGHS, which counts nothing, refuses it.
    proof_work : work, in the same unit, that may go into proving an optimum which a solver already claims
    stop : once set, every backend comes back with the best plan so far as soon as it can: CP-SAT, the tree and linear
        programmes within a tenth of a second, HiGHS is left behind, a flow of seconds ends first
    journal : asked before each tier is solved, and told what was found
    """

    time_limit_s: float | None = None
    gap: float = 0.0
    seed: int = 0
    threads: int = 1
    log: bool = False
    deterministic_limit: float | None = None
    proof_work: float = 15.0
    stop: threading.Event | None = field(default=None, compare=False, repr=False)
    journal: Journal | None = field(default=None, compare=False, repr=False)

    @property
    def is_stopped(self) -> bool:
        return self.stop is not None and self.stop.is_set()
