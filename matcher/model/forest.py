"""A proof in parts, checked part by part: each tree bounds the points of its own columns. Imports no solver.

Of a part's columns only those rows speak that hold no free column of another part. Leaving rows out allows more plans,
never fewer, so the bounds add up to a bound of the whole however the columns were parted: that no row joins two parts
makes it tight, not right.
"""

from __future__ import annotations

import numpy as np

from matcher.errors import ModelError
from matcher.model import proof as tree
from matcher.model.answer import Prices
from matcher.model.components import Components, Part, split
from matcher.model.formulation import Formulation, Int64
from matcher.model.proof import AnyProof, Forest, Proof, ProofNode
from matcher.model.shrinking import Shrunk, shrink

_NO_ROWS: Int64 = np.zeros(0, np.int64)


def parts_of(formulation: Formulation, of_column: Int64, n_parts: int) -> tuple[Shrunk, list[Part]]:
    """The formulation without fixed columns, and each part of it with the rows that are its alone.

    Parameters
    ----------
    of_column : (n_cols,) the part of each column, 0 to n_parts − 1

    Raises
    ------
    ValueError : a column in no part, or labels of another model

    Notes
    -----
    O(n_entries) for all parts together.
    """
    if of_column.shape != (formulation.n_cols,):
        raise ValueError("parts of another model")
    small = shrink(formulation)
    label = of_column[small.free_idx]
    if label.size and (label.min() < 0 or label.max() >= n_parts):
        raise ValueError("a column in no part")
    return small, list(split(small.formulation, Components(label, _owners(small.formulation, label), n_parts)))


def _owners(formulation: Formulation, label: Int64) -> Int64:
    """(n_rows,) the part that holds all of a row's columns, −1 where there is none."""
    owner = np.full(formulation.n_rows, -1, np.int64)
    is_filled = np.diff(formulation.row_ptr) > 0
    starts = formulation.row_ptr[:-1][is_filled]
    if starts.size:
        of_entry = label[formulation.col_idx]
        least, most = np.minimum.reduceat(of_entry, starts), np.maximum.reduceat(of_entry, starts)
        owner[is_filled] = np.where(least == most, least, -1)
    return owner


def proof_by_prices(prices: Prices, bound: int) -> Proof:
    """Prices as a tree of one node."""
    return Proof(bound, int(prices.scale), _NO_ROWS, _NO_ROWS, (ProofNode((prices.row,)),))


def prices_of(proof: Proof) -> Prices | None:
    """The prices of a tree that is nothing but one price vector; None where it is more."""
    node = proof.nodes[0] if len(proof.nodes) == 1 else None
    is_bare = node is not None and node.column < 0 and not proof.kept.size and len(node.prices) == 1
    return Prices(node.prices[0], proof.scale) if node is not None and is_bare else None


def holds(formulation: Formulation, proof: AnyProof) -> bool:
    """Whether a proof proves its bound: a tree as `proof.holds` says, a forest where every tree of it does.

    Notes
    -----
    A forest's bound is at least the sum of its trees' and of the points of the fixed columns.
    """
    if not isinstance(proof, Forest):
        return tree.holds(formulation, proof)
    try:
        small, parts = parts_of(formulation, proof.of_column, len(proof.trees))
    except ValueError:
        return False
    if small.constant + sum(one.bound for one in proof.trees) > proof.bound:
        return False
    return all(_holds_of_part(part.formulation, one) for part, one in zip(parts, proof.trees, strict=True))


def _holds_of_part(part: Formulation, proof: Proof) -> bool:
    """As `proof.holds`; by prices alone also where points are too large for its tables, as a lot's are."""
    from matcher.model.certificate import bound_of  # which asks here whether a proof holds

    prices = prices_of(proof)
    if prices is not None:
        try:
            if bound_of(part, prices) <= proof.bound:
                return True
        except ModelError:
            return False
    return tree.holds(part, proof)
