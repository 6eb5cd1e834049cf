"""An earlier plan as the start of a new one: which of its matches are still candidates, and which still fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.model.answer import Limits
from matcher.model.starting import start_from
from matcher.modelling import Model
from matcher.pairing.candidates import Candidates

if TYPE_CHECKING:
    from matcher.plan.document import PlanDocument

_TIME_SHARE = 0.05


@dataclass(frozen=True)
class Start:
    """What an earlier plan was good for.

    Attributes
    ----------
    x : (n_cols,) int64, a plan of the model; None where no part of the earlier plan makes one
    n_all, n_gone, n_unfit : its matches; those that are no candidates any more; those that no longer fit together
    """

    x: npt.NDArray[np.int64] | None
    n_all: int
    n_gone: int
    n_unfit: int

    @property
    def n_used(self) -> int:
        return 0 if self.x is None else self.n_all - self.n_gone - self.n_unfit


def start_of(earlier: PlanDocument, problem: Problem, candidates: Candidates, model: Model, limits: Limits) -> Start:
    """The matches of an earlier plan as a plan of this model, less those that do not go together any more."""
    n_all = len(earlier.assignments)
    director = problem.director_idx([match.director_id for match in earlier.assignments])
    company = problem.company_idx([match.company_id for match in earlier.assignments])
    n_companies = len(problem.companies)
    # An id that is not in the data has the index −1.
    key = np.where((director < 0) | (company < 0), -1, director * n_companies + company)
    known = candidates.director_idx.astype(np.int64) * n_companies + candidates.company_idx
    wanted = np.flatnonzero(np.isin(known, key))
    x = start_from(
        model.formulation,
        wanted,
        seed=limits.seed,
        time_limit_s=None if limits.time_limit_s is None else _TIME_SHARE * limits.time_limit_s,
        stop=limits.stop,
    )
    n_unfit = wanted.size if x is None else int(np.count_nonzero(x[wanted] == 0))
    return Start(x, n_all, n_all - int(wanted.size), int(n_unfit))
