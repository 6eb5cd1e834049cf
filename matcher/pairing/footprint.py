"""How much memory a run will take, from its sizes, before any pair is scored.

Measured as the peak of the process over what it held when the data had been read (2026-12, x86-64 Linux), on programmes
of `matcher generate` of 1,000 × 4,000 with 0.08 to 1.7 million pairs kept: 150 MB whatever the pairs, and 290 to 350
bytes a pair, of scoring, model and solver together, for flows and for prices alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.domain.problem import Problem
from matcher.pairing.columns import build_columns
from matcher.pairing.qualified import CELLS_AT_ONCE, qualify
from matcher.pairing.search import why_not

BYTES_PER_PAIR = 330
"""Of each pair that is kept, at the peak of scoring and solving."""

BYTES_AT_LEAST = 150_000_000
"""Solvers, and the block of pairs that is being scored."""

BYTES_PER_COMPANY_SEARCHED = 20_000
"""Of a search by bounds: 2.2 GB at 10,000 × 100,000."""


@dataclass(frozen=True)
class Footprint:
    """What a run takes beyond the data that are read already.

    Attributes
    ----------
    n_pairs : that are kept at most; 0 for a search by bounds, which decides itself how many it keeps
    n_bytes : at the peak
    is_exact : the pairs were counted as the run will keep them; else thresholds or a search keep fewer, so this is
        reason for a warning and none for a refusal
    """

    n_pairs: int
    n_bytes: int
    is_exact: bool


def most_of(problem: Problem, *, every_pair: bool = False) -> Footprint:
    """The footprint if every pair were eligible: what it costs nothing to know.

    Parameters
    ----------
    every_pair : every pair is scored, whatever the policy says of searching, as by the checker
    """
    n_directors, n_companies = len(problem.directors), len(problem.companies)
    if not every_pair and why_not(problem) is None:
        return Footprint(0, BYTES_AT_LEAST + BYTES_PER_COMPANY_SEARCHED * n_companies, False)
    most = problem.policy.candidates.keep_per_company
    n_pairs = n_companies * (n_directors if most is None else min(most, n_directors)) + _n_fixed(problem)
    return Footprint(n_pairs, _bytes_of(n_pairs), False)


def footprint_of(problem: Problem, *, every_pair: bool = False) -> Footprint:
    """The footprint with the eligible pairs counted, each rule asked by class of companies; no pair is scored.

    Parameters
    ----------
    every_pair : as in `most_of`

    Raises
    ------
    ModelError : as `build_candidates`

    Notes
    -----
    Time: one bit a pair, 0.4 s of CPU for 10 million.
    """
    if not every_pair and why_not(problem) is None:
        return most_of(problem)
    columns = build_columns(problem)
    qualified = qualify(columns)
    most = problem.policy.candidates.keep_per_company
    width = max(1, CELLS_AT_ONCE // max(columns.n_directors, 1))
    n_pairs = 0 if most is None else _n_fixed(problem)
    for first in range(0, columns.n_companies, width):
        bits = qualified.of_all(np.arange(first, min(first + width, columns.n_companies)))
        n_eligible = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
        n_pairs += int((n_eligible if most is None else np.minimum(n_eligible, most)).sum())
    thresholds = problem.policy.thresholds
    is_exact = not thresholds.min_by_criterion and thresholds.min_score_points is None
    return Footprint(n_pairs, _bytes_of(n_pairs), is_exact)


def _n_fixed(problem: Problem) -> int:
    """Pairs that are kept whatever their points: pinned and running ones, at most."""
    return len(problem.tables["pairs"]) + len(problem.tables["engagements"])


def _bytes_of(n_pairs: int) -> int:
    return BYTES_AT_LEAST + BYTES_PER_PAIR * n_pairs
