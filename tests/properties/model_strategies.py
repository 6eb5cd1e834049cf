"""Hypothesis strategies for small formulations: networks of every shape the flow backend accepts, and general ones.

Points come from a narrow range on purpose (ties everywhere), sometimes from a wide one; some are negative.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from matcher.model.formulation import NO_LIMIT, Formulation, RowBlock, Side, build_formulation

Pairs = list[tuple[int, int]]

_POINTS = st.one_of(st.integers(-2, 3), st.integers(-(10**6), 10**6))


@st.composite
def pair_lists(draw: st.DrawFn, max_pairs: int = 9) -> Pairs:
    """Eligible (director, company) pairs of up to 4 directors and 5 companies, in any order, possibly none."""
    every = [(i, c) for i in range(4) for c in range(5)]
    return draw(st.lists(st.sampled_from(every), unique=True, max_size=max_pairs))


@st.composite
def bounds(draw: st.DrawFn, n_rows: int, *, most: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Row bounds with lower ≤ upper: zero capacity, no bound at all, and in one family of four lower bounds.

    With more lower bounds most formulations have no plan at all, and the tests look at little else.
    """
    lowers = draw(st.sampled_from([[0, 0, -1, -NO_LIMIT]] * 3 + [[0, 0, 1, 2]]))
    low, high = [], []
    for _ in range(n_rows):
        lower = draw(st.sampled_from(lowers))
        upper = draw(st.one_of(st.integers(max(lower, 0), max(lower, 0) + most), st.just(NO_LIMIT)))
        low.append(lower)
        high.append(upper)
    return np.array(low, np.int64), np.array(high, np.int64)


@st.composite
def family(draw: st.DrawFn, name: str, side: Side, row_of_pair: list[int | None], n_rows: int) -> RowBlock:
    """One block with disjoint rows: pair j stands in row `row_of_pair[j]`, or in none."""
    low, high = draw(bounds(n_rows))
    cols = [j for j, row in enumerate(row_of_pair) if row is not None]
    rows = [row for row in row_of_pair if row is not None]
    return RowBlock(name, np.array(rows, np.int64), np.array(cols, np.int64), low, high, side=side)


@st.composite
def networks(draw: st.DrawFn, max_pairs: int = 9) -> Formulation:
    """Slots, director groups, companies, disjoint quotas (covering some companies) and a total, in any order."""
    pairs = draw(pair_lists(max_pairs))
    region = draw(st.lists(st.sampled_from([0, 1, 1, None]), min_size=5, max_size=5))
    team = draw(st.lists(st.sampled_from([0, 0, 1, None]), min_size=4, max_size=4))
    shapes: list[tuple[str, Side, list[int | None], int]] = [
        ("slots", "left", [i for i, _ in pairs], 4),
        ("team", "left", [team[i] for i, _ in pairs], 2),
        ("company", "right", [c for _, c in pairs], 5),
        ("quota", "right", [region[c] for _, c in pairs], 2),
        ("total", "right", [0 for _ in pairs], 1),
    ]
    chosen = draw(st.lists(st.sampled_from(shapes), unique_by=lambda shape: shape[0], max_size=5))
    blocks = [draw(family(*shape)) for shape in chosen]
    return draw(_with_columns(pairs, blocks))


@st.composite
def general_formulations(draw: st.DrawFn, max_pairs: int = 8) -> Formulation:
    """A network plus knapsack rows with any coefficients, also negative ones and rows that overlap."""
    pairs = draw(pair_lists(max_pairs))
    blocks = [
        draw(family("slots", "left", [i for i, _ in pairs], 4)),
        draw(family("company", "right", [c for _, c in pairs], 5)),
    ]
    for k in range(draw(st.integers(0, 2))):
        cols = [j for j in range(len(pairs)) if draw(st.booleans())]
        coef = [draw(st.integers(-3, 9)) for _ in cols]
        low, high = draw(bounds(1, most=12))
        rows = np.zeros(len(cols), np.int64)
        blocks.append(RowBlock(f"hours{k}", rows, np.array(cols, np.int64), low, high, coef=np.array(coef, np.int64)))
    return draw(_with_columns(pairs, blocks))


@st.composite
def _with_columns(draw: st.DrawFn, pairs: Pairs, blocks: list[RowBlock]) -> Formulation:
    """The objective, and each column free, pinned, forbidden or (rarely) allowed twice."""
    n = len(pairs)
    points = draw(st.lists(_POINTS, min_size=n, max_size=n))
    kinds = st.sampled_from([(0, 1)] * 8 + [(1, 1), (0, 0), (0, 2)])
    columns = draw(st.lists(kinds, min_size=n, max_size=n))
    return build_formulation(
        np.array(points, np.int64),
        blocks,
        column_lower=np.array([low for low, _ in columns], np.int64),
        column_upper=np.array([high for _, high in columns], np.int64),
    )


@st.composite
def prices_for(draw: st.DrawFn, n_rows: int, *, largest: int = 10**6) -> tuple[np.ndarray, int]:
    """Any row prices and any scale: a bound from them must hold whatever they are."""
    values = draw(
        st.lists(st.one_of(st.integers(-3, 3), st.integers(-largest, largest)), min_size=n_rows, max_size=n_rows)
    )
    return np.array(values, np.int64), draw(st.sampled_from([1, 2, 7, 1000, 2**40]))
