"""The optimum by trying every x: the reference every solver and certificate is held against."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from matcher.model.formulation import Formulation

MAX_POINTS = 2**17


@dataclass(frozen=True)
class BruteForce:
    """`value` is None when nothing is feasible; `optimal` holds every optimal x, `feasible` every feasible x."""

    value: int | None
    optimal: frozenset[tuple[int, ...]]
    feasible: frozenset[tuple[int, ...]]


def brute_force(formulation: Formulation) -> BruteForce:
    """Every feasible and every optimal x, from a dense matrix and a full list of points: no code under test.

    Sums stay inside int64 because `build_formulation` refuses larger ones.
    """
    f = formulation
    ranges = [range(int(low), int(high) + 1) for low, high in zip(f.column_lower, f.column_upper, strict=True)]
    n_points = int(np.prod([len(r) for r in ranges], dtype=float)) if ranges else 1
    if n_points > MAX_POINTS:
        raise ValueError(f"{n_points} points are too many to try; allowed are {MAX_POINTS}")
    matrix = np.zeros((f.n_rows, f.n_cols), np.int64)
    for row in range(f.n_rows):
        for entry in range(int(f.row_ptr[row]), int(f.row_ptr[row + 1])):
            matrix[row, f.col_idx[entry]] += f.coef[entry]
    points = np.array(list(itertools.product(*ranges)), np.int64).reshape(n_points, f.n_cols)
    activity = points @ matrix.T
    feasible = points[((activity >= f.row_lower) & (activity <= f.row_upper)).all(axis=1)]
    values = feasible @ f.objective
    best = int(values.max()) if values.size else None
    optimal = feasible[values == best] if values.size else feasible
    return BruteForce(best, frozenset(map(tuple, optimal.tolist())), frozenset(map(tuple, feasible.tolist())))
