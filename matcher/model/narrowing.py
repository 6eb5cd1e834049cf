"""From one tier to the next: the formulation that keeps what the tiers before reached. Imports no solver.

Where a tier's prices are tight, the plans that are best for it are a face: some columns and rows stand at a bound, and
a network stays a network. Where they are not, a row keeps the points: objective · x ≥ value, and the columns that no
plan of so many points can choose, or leave out, are fixed by what prices say they would lose.

Of a tier that a forest proves every part stands at its own bound: each keeps its own points, and the parts stay apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matcher.errors import ModelError
from matcher.model.answer import Prices
from matcher.model.certificate import is_tight, optimal_face
from matcher.model.forest import parts_of, prices_of, proof_by_prices
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, RowFamily
from matcher.model.objectives import Tier
from matcher.model.proof import AnyProof, Domain, Forest, Proof, propagated, relaxed, tightened

_MAX_SUM = 2**62


def keep_points(formulation: Formulation, name: str, least: int) -> Formulation:
    """The formulation with one row more, family ``tier:<name>``: its own objective · x ≥ `least`.

    Raises
    ------
    ModelError : ``sum_too_large`` when the rows could leave int64
    """
    return _keep_each(formulation, name, [(np.flatnonzero(formulation.objective), least)])


def _keep_each(formulation: Formulation, name: str, kept: Sequence[tuple[Int64, int]]) -> Formulation:
    """The formulation with a row for each (columns, least points of them), all in one family ``tier:<name>``."""
    added = np.concatenate([cols for cols, _ in kept])
    coef = np.concatenate((formulation.coef, formulation.objective[added]))
    col_idx = np.concatenate((formulation.col_idx, added))
    size = np.abs(coef.astype(np.float64)) * formulation.column_upper[col_idx]
    if float(size.sum()) >= _MAX_SUM * 0.999:
        raise ModelError("sum_too_large", name=f"tier:{name}", limit=_MAX_SUM)
    n_rows, n_added = formulation.n_rows, len(kept)
    ends = formulation.col_idx.size + np.cumsum([cols.size for cols, _ in kept], dtype=np.int64)
    return replace(
        formulation,
        row_ptr=np.concatenate((formulation.row_ptr, ends)),
        col_idx=col_idx,
        coef=coef,
        row_lower=np.append(formulation.row_lower, [least for _, least in kept]).astype(np.int64),
        row_upper=np.append(formulation.row_upper, np.full(n_added, NO_LIMIT)).astype(np.int64),
        families=(*formulation.families, RowFamily(f"tier:{name}", n_rows, n_rows + n_added)),
    )


def narrowed(
    model: Formulation, tier: Tier, value: int, *, prices: Prices | None = None, proof: AnyProof | None = None
) -> Formulation:
    """The formulation of the next tier: the plans that keep this tier's points.

    Parameters
    ----------
    model : under the tier's own objective
    value : the points kept, `tier.constant` not counted
    prices : of its rows; a face where they are tight, else, or without them, a row keeps the points
    proof : of the same model, a forest one that holds; with either, columns are fixed by their losses

    Notes
    -----
    Exact: no plan that keeps the points is lost, and where prices are tight, or a forest's bound is the value, none of
    fewer points is left.
    """
    if tier.tolerance == 0 and prices is not None and is_tight(model, prices, value):
        return optimal_face(model, prices, value)
    least = value - tier.tolerance
    if isinstance(proof, Forest):
        return _narrowed_apart(model, tier.name, least, proof)
    root = proof
    if root is None and prices is not None:
        root = proof_by_prices(prices, 0)
    return keep_points(model if root is None else fixed_by(model, root, least), tier.name, least)


def _narrowed_apart(model: Formulation, name: str, least: int, forest: Forest) -> Formulation:
    """The plans of at least `least` points, by what each part may lose of its own bound.

    Notes
    -----
    No part can have more than its bound, so none may lose more than all together: bound − least. Where that is 0 every
    part stands at its bound, on its face or with a row of its own; else one row over all keeps the sum.
    """
    small, parts = parts_of(model, forest.of_column, len(forest.trees))
    spare = forest.bound - least
    lower, upper = model.column_lower.copy(), model.column_upper.copy()
    row_lower, row_upper = model.row_lower.copy(), model.row_upper.copy()
    kept: list[tuple[Int64, int]] = []
    for part, tree in zip(parts, forest.trees, strict=True):
        cols, rows = small.free_idx[part.col_idx], small.row_idx[part.row_idx]
        face = _face(part.formulation, tree) if spare == 0 else None
        left = fixed_by(part.formulation, tree, tree.bound - spare) if face is None else face
        lower[cols], upper[cols] = left.column_lower, left.column_upper
        is_raised = left.row_lower > part.formulation.row_lower
        is_lowered = left.row_upper < part.formulation.row_upper
        row_lower[rows[is_raised]] = model.row_upper[rows[is_raised]]
        row_upper[rows[is_lowered]] = model.row_lower[rows[is_lowered]]
        if face is None:
            kept.append((cols[part.formulation.objective != 0], tree.bound))
    narrow = replace(model, column_lower=lower, column_upper=upper, row_lower=row_lower, row_upper=row_upper)
    if spare != 0:
        return keep_points(narrow, name, least)
    return _keep_each(narrow, name, kept) if kept else narrow


def _face(model: Formulation, tree: Proof) -> Formulation | None:
    """The plans of exactly the tree's bound, where prices alone prove it and are tight; else None."""
    prices = prices_of(tree)
    if prices is None or not is_tight(model, prices, tree.bound):
        return None
    return optimal_face(model, prices, tree.bound)


def fixed_by(model: Formulation, proof: Proof, least: int) -> Formulation:
    """The model with every column fixed that has one value in all its plans of at least `least` points.

    Parameters
    ----------
    proof : its root's prices and rows kept whole say what a column would lose; its bound and branches are not asked

    Notes
    -----
    Any prices are right, good ones fix more. Nothing is fixed by a root that is malformed or too large for exact sums,
    and where it shows that there is no such plan.
    """
    try:
        whole = relaxed(model, proof.kept, scale=proof.scale, unit=proof.unit)
        domain = propagated(model, Domain(model.column_lower, model.column_upper))
        for price in proof.nodes[0].prices:
            if domain is None:
                break
            domain, _ = tightened(whole, domain, price, proof.scale * least)
    except (ValueError, OverflowError):
        return model
    return model if domain is None else replace(model, column_lower=domain.lower, column_upper=domain.upper)


def without_plan(formulation: Formulation, name: str, columns: Int64) -> Formulation:
    """The formulation with one row more, family `name`: every plan but that of exactly these pairs."""
    pairs = np.arange(formulation.n_pairs)
    coef = np.ones(formulation.n_pairs, np.int64)
    coef[columns] = -1
    n_rows = formulation.n_rows
    return replace(
        formulation,
        row_ptr=np.append(formulation.row_ptr, formulation.col_idx.size + pairs.size),
        col_idx=np.concatenate((formulation.col_idx, pairs)),
        coef=np.concatenate((formulation.coef, coef)),
        row_lower=np.append(formulation.row_lower, 1 - columns.size),
        row_upper=np.append(formulation.row_upper, NO_LIMIT),
        families=(*formulation.families, RowFamily(name, n_rows, n_rows + 1)),
    )


def closed(formulation: Formulation, points: Int64, floor: int) -> Formulation | None:
    """The formulation without the columns below the floor; None where one of them must be chosen."""
    is_below = points < floor
    is_below[formulation.n_pairs :] = False
    if (formulation.column_lower[is_below] > 0).any():
        return None
    return replace(formulation, column_upper=np.where(is_below, 0, formulation.column_upper))
