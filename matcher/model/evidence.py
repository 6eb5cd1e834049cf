"""`Evidence`: what a tier leaves behind so that anybody can compute its bound again without a solver. Imports none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from matcher.model.answer import Answer, Prices
from matcher.model.certificate import Certificate, bound_of, certify
from matcher.model.forest import parts_of
from matcher.model.formulation import Formulation, Int64, RowFamily
from matcher.model.proof import AnyProof, Forest, Proof

EvidenceKind = Literal["prices", "floor", "infeasible", "tree", "tree_infeasible", "open"]

MAX_NUMBERS = 50_000_000
"""Prices × rows of a tree, and columns × its depth: 400 MB each in the checker, the most a tree may ask for."""

MAX_WORK = 4_000_000_000_000
"""Prices × (rows, columns, entries and all cells the tables of its rows kept whole could have): hours at the worst.

Trees of ours come to seconds: nearly all cells are left out where prices are good (`knapsack`), so only prices made to
be bad take as long.
"""

MAX_PRICE = 2**53
"""Beyond it no sum over prices is exact in `proof`, and the difference of two may leave int64."""


@dataclass(frozen=True)
class Evidence:
    """Why a tier cannot be better, and what of it the next tiers must keep.

    Attributes
    ----------
    kind : ``prices`` prove the bound of a sum, ``tree`` a proof with branches · ``floor`` of a least: `prices` or
        `proof` prove that no plan keeps `floor`, the next one above the bound; no floor = no pair has more points than
        the bound; a floor without either is one that a pinned pair is below · ``infeasible``: `prices` prove that there
        is no plan at all, ``tree_infeasible``: `proof` does, of the objective 0 · ``open``: nothing is proved
    kept : the points that later tiers keep; None where there is no plan
    prices : (n_rows,) of the formulation the tier was solved on
    families : the row families of that formulation
    proof : of that formulation, a tree or a forest
    """

    kind: EvidenceKind
    kept: int | None = None
    prices: Prices | None = None
    floor: int | None = None
    families: tuple[RowFamily, ...] = ()
    proof: AnyProof | None = None

    def by_family(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """Family → (row counted from its first one, price) of every price other than 0."""
        if self.prices is None:
            return {}
        found = {}
        for family in self.families:
            price = self.prices.row[family.start : family.stop]
            rows = np.flatnonzero(price)
            if rows.size:
                found[family.name] = tuple(zip(rows.tolist(), price[rows].tolist(), strict=True))
        return found


def evidence_of(model: Formulation, answer: Answer, certificate: Certificate, kept: int | None) -> Evidence:
    """What proves the certificate's bound of a sum: prices where they are enough, else the tree.

    Parameters
    ----------
    certificate : of this answer to this model; kept : as in `Evidence`
    """
    if certificate.bound is None:
        return Evidence("open", kept)
    if answer.prices is not None and bound_of(model, answer.prices) == certificate.bound:
        return Evidence("prices", kept, answer.prices, families=model.families)
    return Evidence("tree", kept, families=model.families, proof=answer.proof)


def evidence_of_none(model: Formulation, answer: Answer) -> Evidence | None:
    """What proves that the model has no plan: prices where they do, else the tree; None where neither does."""
    bare = Answer("infeasible", answer.backend, farkas=answer.farkas)
    if certify(model, bare).infeasible_proved:
        return Evidence("infeasible", prices=answer.farkas, families=model.families)
    if answer.status == "infeasible" and certify(model, Answer("infeasible", "", proof=answer.proof)).infeasible_proved:
        return Evidence("tree_infeasible", families=model.families, proof=answer.proof)
    return None


def is_checkable(model: Formulation, proof: AnyProof) -> bool:
    """Whether a proof is small enough to be kept with a plan and checked again.

    Notes
    -----
    The search ends its trees far below these limits; they are for whoever is handed a tree by somebody else. The trees
    of a forest are measured together.
    """
    if not isinstance(proof, Forest):
        cost = _cost_of_tree(model, proof)
        return cost is not None and cost.is_affordable
    _, parts = parts_of(model, proof.of_column, len(proof.trees))
    costs = [_cost_of_tree(part.formulation, tree) for part, tree in zip(parts, proof.trees, strict=True)]
    known = [cost for cost in costs if cost is not None]
    return len(known) == len(costs) and total(known).is_affordable


def _cost_of_tree(model: Formulation, proof: Proof) -> Cost | None:
    n_prices = sum(len(node.prices) for node in proof.nodes)
    depth = depth_of([(node.at_one, node.at_zero) for node in proof.nodes])
    is_small = all(int(np.abs(price).max(initial=0)) <= MAX_PRICE for node in proof.nodes for price in node.prices)
    if depth is None or not is_small:
        return None
    return cost_of(model, n_prices=n_prices, depth=depth, kept=proof.kept, unit=proof.unit)


class Cost(NamedTuple):
    """What it takes to check trees: the numbers in them, columns × depth, and prices × what each is multiplied with."""

    n_numbers: int
    n_bounds: int
    work: float

    @property
    def is_affordable(self) -> bool:
        """Whether it is within `MAX_NUMBERS` and `MAX_WORK`."""
        return max(self.n_numbers, self.n_bounds) <= MAX_NUMBERS and self.work <= MAX_WORK


def total(costs: Iterable[Cost]) -> Cost:
    """What several trees take, held at once and checked one after the other."""
    listed = list(costs)
    return Cost(
        sum(cost.n_numbers for cost in listed),
        max((cost.n_bounds for cost in listed), default=0),
        sum(cost.work for cost in listed),
    )


def cost_of(model: Formulation, *, n_prices: int, depth: int, kept: Int64, unit: Int64) -> Cost:
    """What a tree of so many price vectors, so deep, takes to be checked."""
    n_entries = np.diff(model.row_ptr)[kept].astype(np.float64)
    size = model.n_rows + model.n_cols + model.col_idx.size + float(n_entries @ (model.row_upper[kept] // unit + 1))
    return Cost(n_prices * model.n_rows, depth * model.n_cols, n_prices * size)


def depth_of(children: list[tuple[int, int]]) -> int | None:
    """The nodes on the longest way down; None where some node but the first has no parent, or two, or a later one.

    Notes
    -----
    A node with two parents would be walked twice, and a chain of n such nodes 2ⁿ times.
    """
    depth = [1] * len(children)
    has_parent = [False] * len(children)
    for place, pair in enumerate(children):
        for child in pair:
            if child == -1:
                continue
            if not place < child < len(children) or has_parent[child]:
                return None
            has_parent[child], depth[child] = True, depth[place] + 1
    return max(depth, default=0) if all(has_parent[1:]) else None
