"""What a plan carries so that its bounds can be computed again without a solver: one record a tier, in tier order.

Rows are counted within their family, families are named as in `matcher.modelling`; both follow from the data and the
policy alone, so a reader who builds the model again finds the same rows. Prices of 0 are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from matcher.model.evidence import Evidence
from matcher.plan.tree_record import Forest, TreePart, tree_part

Kept = Annotated[int, Field(gt=-(2**62), lt=2**62)]
Price = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Row = Annotated[int, Field(ge=0, lt=2**63)]
RowPrices = dict[str, tuple[tuple[Row, Price], ...]]
"""Family → (row, price) of every price other than 0."""

Scale = Annotated[int, Field(ge=1, lt=2**63)]


class _TierProof(BaseModel):
    """`tier` is the tier's name, `kept` the points of it that the tiers behind must keep; None without a plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tier: str
    kept: Kept | None


class PriceProof(_TierProof):
    """The bound follows from row prices in units of 1/`scale` points (weak duality)."""

    kind: Literal["prices"] = "prices"
    scale: Scale
    prices: RowPrices


class TreeProof(_TierProof):
    """The bound follows from a tree of branchings with prices at every node."""

    kind: Literal["tree"] = "tree"
    tree: TreePart


class FloorProof(_TierProof):
    """Of the least points of any match: the prices, or the tree, prove that no plan keeps `floor`.

    Without a floor no pair has more points than the bound; without prices and tree a pinned pair is below it.
    """

    kind: Literal["floor"] = "floor"
    floor: int | None
    scale: Scale
    prices: RowPrices
    tree: TreePart | None = None


class NoPlanProof(_TierProof):
    """The prices prove that no plan meets every demand (Farkas)."""

    kind: Literal["infeasible"] = "infeasible"
    scale: Scale
    prices: RowPrices


class NoPlanTreeProof(_TierProof):
    """The tree proves that no plan meets every demand: a plan would have 0 points, and none has more than its bound."""

    kind: Literal["tree_infeasible"] = "tree_infeasible"
    tree: TreePart


class OpenTier(_TierProof):
    """Nothing is proved of this tier."""

    kind: Literal["open"] = "open"


TierProof = Annotated[
    PriceProof | TreeProof | FloorProof | NoPlanProof | NoPlanTreeProof | OpenTier, Field(discriminator="kind")
]
"""One tier's proof. Another kind of proof is another model with a `kind` of its own."""

PRICED = (PriceProof, NoPlanProof, OpenTier)
"""The kinds that never hold a tree."""


def with_tree(proof: TierProof, change: Callable[[str, TreePart], TreePart]) -> TierProof:
    """The record with its tree, if it has one, as `change` makes it of the tier's name and the tree."""
    if isinstance(proof, PRICED) or proof.tree is None:
        return proof
    return proof.model_copy(update={"tree": change(proof.tier, proof.tree)})


def n_nodes(proofs: Iterable[TierProof]) -> int:
    """How many nodes the trees have in all: how hard it was to prove the plan, as a count."""
    parts = [proof.tree for proof in proofs if not isinstance(proof, PRICED) and proof.tree is not None]
    trees = [part.tree for part in parts if part.tree is not None]
    return sum(sum(len(one.nodes) for one in (tree.trees if isinstance(tree, Forest) else (tree,))) for tree in trees)


def tier_proofs(named: Iterable[tuple[str, Evidence]]) -> tuple[TierProof, ...]:
    """The records of what the tiers left behind, by (tier's name, evidence)."""
    return tuple(_tier_proof(name, evidence) for name, evidence in named)


def _tier_proof(name: str, evidence: Evidence) -> TierProof:
    kept, prices = evidence.kept, evidence.by_family()
    scale = 1 if evidence.prices is None else int(evidence.prices.scale)
    tree = None if evidence.proof is None else tree_part(evidence.proof, evidence.families)
    if evidence.kind == "prices":
        return PriceProof(tier=name, kept=kept, scale=scale, prices=prices)
    if evidence.kind == "floor":
        return FloorProof(tier=name, kept=kept, floor=evidence.floor, scale=scale, prices=prices, tree=tree)
    if evidence.kind == "infeasible":
        return NoPlanProof(tier=name, kept=kept, scale=scale, prices=prices)
    if evidence.kind == "tree" and tree is not None:
        return TreeProof(tier=name, kept=kept, tree=tree)
    if evidence.kind == "tree_infeasible" and tree is not None:
        return NoPlanTreeProof(tier=name, kept=kept, tree=tree)
    return OpenTier(tier=name, kept=kept)
