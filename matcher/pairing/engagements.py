"""Which running engagements still run when the batch begins."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain.problem import Problem, from_tables


@from_tables("engagements", "companies")
def is_over(problem: Problem) -> npt.NDArray[np.bool_]:
    """(n_engagements,) whether an engagement ends before the work it would stand in the way of.

    Its `until` lies before its company's start, or, where the company has none or is not in the batch, before the
    earliest start of the batch. Without `until`, or without any start, an engagement runs on.
    """
    engagements = problem.tables["engagements"]
    if engagements.empty:
        return np.zeros(0, np.bool_)
    starts = problem.companies["start"]
    company_idx = problem.company_idx(engagements["company_id"])
    start = pd.Series(starts.to_numpy()[company_idx] if len(starts) else [], dtype="datetime64[s]")
    start = start.where(company_idx >= 0, pd.NaT).fillna(starts.min()) if len(starts) else start
    return np.asarray(engagements["until"].reset_index(drop=True) < start, dtype=np.bool_)
