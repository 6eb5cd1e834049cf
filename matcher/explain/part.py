"""The best plan of a part of all plans: those that have some pairs, lack others, and keep further rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.errors import ModelError
from matcher.explain.losses import Pair, Word
from matcher.explain.standing import Standing
from matcher.model.formulation import Formulation, Int64, with_objective
from matcher.model.narrowing import closed, keep_points
from matcher.model.objectives import Tier
from matcher.modelling.rows import padded


@dataclass(frozen=True)
class Best:
    """The best plan of a part.

    Attributes
    ----------
    x : (n_cols,) its columns; None where none was found
    values : of each tier asked, as far as it was reached
    bound : no plan of the part has more of the first tier; None = not known
    word : of the first tier; of a part without a plan, how sure that is
    is_possible : whether the part has a plan; None = not known
    """

    x: Int64 | None
    values: tuple[int, ...]
    bound: int | None
    word: Word
    is_possible: bool | None


def ranking(standing: Standing) -> tuple[Formulation, tuple[Tier, ...]]:
    """The plans that are as good as the published one in every tier before the points, and what ranks them.

    Notes
    -----
    The tiers are the points (the first tier where the policy does not ask for points), then the policy's later tiers,
    its tie-breaks and the lot. Where points come first, as usual, all plans are ranked.
    """
    model = standing.model
    formulation = model.formulation
    for place in range(standing.points_tier):
        tier, value = model.tiers[place], standing.base.values[place]
        if value is None:
            continue
        if tier.kind == "least":
            formulation = closed(formulation, tier.objective, value) or formulation
        else:
            formulation = at_least(formulation, tier.name, tier.objective, value - tier.tolerance - tier.constant)
    return formulation, model.tiers[standing.points_tier :]


def at_least(formulation: Formulation, name: str, coef: Int64, least: int) -> Formulation:
    """The plans of which coef · x ≥ least."""
    row = keep_points(with_objective(formulation, coef), name, least)
    return replace(row, objective=formulation.objective)


def within(formulation: Formulation, *, forced: Iterable[int] = (), forbidden: Iterable[int] = ()) -> Formulation:
    """The plans that have some columns and lack others."""
    lower, upper = formulation.column_lower.copy(), formulation.column_upper.copy()
    lower[list(forced)] = 1
    upper[list(forbidden)] = 0
    return replace(formulation, column_lower=lower, column_upper=upper)


def solve_part(standing: Standing, formulation: Formulation, tiers: Sequence[Tier]) -> Best:
    """The best plan of a part; of several as good, what later tiers say."""
    from matcher.model.tiers import solve_tiers

    if (formulation.column_lower > formulation.column_upper).any():
        return Best(None, (), None, "proved", is_possible=False)
    backend = standing.problem.policy.solve.backend
    try:
        solved = solve_tiers(
            standing.for_solving(with_objective(formulation, tiers[0].objective)),
            tiers,
            limits=standing.limits,
            # A row more is no network: a policy that asks for flow leaves the choice here.
            backend=None if backend == "flow" else backend,
            of=standing.candidates.of,
        )
    except ModelError:
        return Best(None, (), None, "unknown", is_possible=None)
    first = solved.results[0]
    if solved.answer.x is None:
        is_none = solved.answer.status == "infeasible"
        is_proved = first.evidence.kind in ("infeasible", "tree_infeasible")
        word: Word = "proved" if is_proved else "claimed" if is_none else "unknown"
        return Best(None, (), None, word, is_possible=False if is_none else None)
    values = tuple(result.value for result in solved.results if result.value is not None)
    certificate = first.certificate
    return Best(solved.answer.x, values, certificate.bound, certificate.word, is_possible=True)


def solve_points(standing: Standing, formulation: Formulation, points: Int64) -> Best:
    """The plan of a part with the most of the points given, (n_pairs,)."""
    return solve_part(standing, formulation, (Tier("points", padded(points, formulation.n_cols)),))


def chosen_columns(standing: Standing, x: Int64) -> Int64:
    """The columns of a plan's pairs, in order."""
    return np.flatnonzero(x[: standing.candidates.n_pairs])


def pairs_of(standing: Standing, columns: Iterable[int]) -> frozenset[Pair]:
    """The matches that columns stand for."""
    return frozenset(standing.pair_of(int(column)) for column in columns)


def columns_of(standing: Standing, pairs: Iterable[Pair]) -> Int64:
    """The columns of matches, in order."""
    found = (standing.column_of(*pair) for pair in pairs)
    return np.array(sorted(column for column in found if column is not None), np.int64)
