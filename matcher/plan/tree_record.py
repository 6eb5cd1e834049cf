"""Trees of branchings as a plan carries them, and back to proofs on the model built again.

Prices change little from a node to its children: what is written are the changes. A tree of 150 nodes on 3,500 rows
holds 475,000 prices, of which 2,100 change.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from matcher.model import proof as proofs
from matcher.model.evidence import MAX_PRICE, Cost, cost_of, depth_of, total
from matcher.model.forest import parts_of
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, RowFamily
from matcher.model.knapsack import MAX_CAPACITY
from matcher.model.proof import AnyProof, Proof, ProofNode

TREE_FILE: Literal["proof.json.gz"] = "proof.json.gz"
MAX_INLINE = 5_000_000
"""Characters of trees that plan.json holds itself; where there are more, they go to `TREE_FILE` beside it."""

Change = Annotated[int, Field(ge=-(2**54), le=2**54)]
Whole = Annotated[int, Field(ge=0, lt=2**53)]
Place = Annotated[int, Field(ge=-1, lt=2**53)]
Positive = Annotated[int, Field(ge=1, lt=2**53)]
Bound = Annotated[int, Field(gt=-(2**62), lt=2**62)]

PriceChange = tuple[tuple[Whole, Change], ...]
"""(row, change) of every price other than in the prices before; rows are counted along `Tree.rows`."""

TreeNode = tuple[Place, Place, Place, tuple[PriceChange, ...]]
"""The column split on, the nodes where it is 1 and where it is 0 (−1 each at a leaf), and the prices in turn."""


class TreeFault(ValueError):
    """A tree that does not fit the model; the argument is the part of it that does not."""


class Tree(BaseModel):
    """No plan has more than `bound` points: node 0 is the whole model, and every leaf is closed by its prices.

    Attributes
    ----------
    scale : prices are in units of 1/`scale` points
    rows : family → rows, counted within it; the tree's other rows are numbers of these, counted through all families
    kept : (row, unit) of the rows kept whole, and what their tables count in
    nodes : parents before children; a node's first prices change the last of its parent, those of node 0 change 0
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bound: Bound
    scale: Positive
    rows: dict[str, tuple[Whole, ...]]
    kept: tuple[tuple[Whole, Positive], ...]
    nodes: Annotated[tuple[TreeNode, ...], Field(min_length=1)]

    def to_json(self) -> str:
        """The tree as text, always the same for the same tree."""
        return json.dumps(self.model_dump(mode="json"), separators=(",", ":"), sort_keys=True, ensure_ascii=False)

    def digest(self) -> str:
        """SHA-256 of `to_json`."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


Length = Annotated[int, Field(ge=1, lt=2**53)]


class Forest(BaseModel):
    """No plan has more than `bound` points: the columns are parted, each tree bounds its part, and the bounds add up.

    Attributes
    ----------
    parts : (part, how many columns) one after the other, through all columns of the model
    trees : one a part; of its free columns, and of the rows whose free columns are all its own, both counted in it
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bound: Bound
    parts: tuple[tuple[Whole, Length], ...]
    trees: Annotated[tuple[Tree, ...], Field(min_length=1)]

    def to_json(self) -> str:
        """The forest as text, always the same for the same forest."""
        return json.dumps(self.model_dump(mode="json"), separators=(",", ":"), sort_keys=True, ensure_ascii=False)

    def digest(self) -> str:
        """SHA-256 of `to_json`."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


AnyTree = Tree | Forest


class TreePart(BaseModel):
    """A tree or forest, or where it is: `file` names the file beside plan.json that holds that of this SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    file: Literal["proof.json.gz"] | None = None
    tree: AnyTree | None = None


class TreeFile(BaseModel):
    """The content of `TREE_FILE`: tier → tree or forest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trees: dict[str, AnyTree]


def tree_part(proof: AnyProof, families: tuple[RowFamily, ...]) -> TreePart:
    """The record of a proof of a model with these row families."""
    tree = _forest(proof) if isinstance(proof, proofs.Forest) else _tree(proof, families)
    return TreePart(sha256=tree.digest(), tree=tree)


def _forest(forest: proofs.Forest) -> Forest:
    starts = np.flatnonzero(np.diff(forest.of_column, prepend=-1))
    lengths = np.diff(np.append(starts, forest.of_column.size))
    return Forest(
        bound=forest.bound,
        parts=tuple(zip(forest.of_column[starts].tolist(), lengths.tolist(), strict=True)),
        trees=tuple(_tree(tree, families) for tree, families in zip(forest.trees, forest.families, strict=True)),
    )


def _tree(proof: Proof, families: tuple[RowFamily, ...]) -> Tree:
    priced = [price for node in proof.nodes for price in node.prices]
    is_used = np.zeros(max((family.stop for family in families), default=0), np.bool_)
    is_used[proof.kept] = True
    for price in priced:
        is_used[np.flatnonzero(price)] = True
    number = np.cumsum(is_used) - 1
    last: dict[int, Int64] = {0: np.zeros(is_used.size, np.int64)}
    nodes: list[TreeNode] = []
    for place, node in enumerate(proof.nodes):
        before, changes = last.pop(place), []
        for price in node.prices:
            at = np.flatnonzero(price != before)
            changes.append(tuple(zip(number[at].tolist(), (price - before)[at].tolist(), strict=True)))
            before = price
        for child in (node.at_one, node.at_zero):
            if child >= 0:
                last[child] = before
        nodes.append((node.column, node.at_one, node.at_zero, tuple(changes)))
    rows = {family.name: np.flatnonzero(is_used[family.start : family.stop]) for family in families}
    return Tree(
        bound=proof.bound,
        scale=proof.scale,
        rows={name: tuple(places.tolist()) for name, places in rows.items() if places.size},
        kept=tuple(zip(number[proof.kept].tolist(), proof.unit.tolist(), strict=True)),
        nodes=tuple(nodes),
    )


def proof_of(tree: AnyTree, model: Formulation) -> AnyProof:
    """The proof that a tree or forest stands for, on a model built again; whether it holds `forest.holds` says.

    Raises
    ------
    TreeFault : ``rows``, ``kept``, ``nodes`` or ``prices`` that no tree of this model has, ``parts`` that are not of
        its columns, ``size`` where checking would take more memory or time than any tree of ours

    Notes
    -----
    What could make a check long is refused before any of it is built: nodes with two parents, tables of more than
    `MAX_CAPACITY` cells a row, and trees beyond what `evidence.Cost` allows, those of a forest taken together.
    """
    if isinstance(tree, Forest):
        return _forest_of(tree, model)
    outline = _outline(tree, model)
    if not outline.cost.is_affordable:
        raise TreeFault("size")
    return _proof(tree, outline, model)


def _forest_of(forest: Forest, model: Formulation) -> proofs.Forest:
    n_parts = len(forest.trees)
    lengths = [length for _, length in forest.parts]
    if sum(lengths) != model.n_cols or any(part >= n_parts for part, _ in forest.parts) or n_parts > model.n_cols:
        raise TreeFault("parts")
    of_column = np.repeat(np.array([part for part, _ in forest.parts], np.int64), lengths)
    models = [part.formulation for part in parts_of(model, of_column, n_parts)[1]]
    outlines = [_outline(tree, part) for tree, part in zip(forest.trees, models, strict=True)]
    if not total(outline.cost for outline in outlines).is_affordable:
        raise TreeFault("size")
    trees = tuple(_proof(*each) for each in zip(forest.trees, outlines, models, strict=True))
    return proofs.Forest(forest.bound, of_column, trees, tuple(part.families for part in models))


class _Outline(NamedTuple):
    """The model's row of each of the tree's, the rows kept whole with their units, and what checking takes."""

    row_of: list[int]
    kept: Int64
    unit: Int64
    cost: Cost


def _outline(tree: Tree, model: Formulation) -> _Outline:
    row_of = _rows(tree, model)
    kept = np.array([_at(row_of, row, "kept") for row, _ in tree.kept], np.int64)
    unit = np.array([unit for _, unit in tree.kept], np.int64)
    if np.unique(kept).size < kept.size or (model.row_upper[kept] >= NO_LIMIT).any():
        raise TreeFault("kept")
    if (model.row_upper[kept] // unit > MAX_CAPACITY).any():
        raise TreeFault("size")
    depth = depth_of([(at_one, at_zero) for _, at_one, at_zero, _ in tree.nodes])
    if depth is None:
        raise TreeFault("nodes")
    n_prices = sum(len(changes) for *_, changes in tree.nodes)
    return _Outline(row_of, kept, unit, cost_of(model, n_prices=n_prices, depth=depth, kept=kept, unit=unit))


def _proof(tree: Tree, outline: _Outline, model: Formulation) -> Proof:
    nodes = _nodes(tree, outline.row_of, model.n_rows)
    return Proof(tree.bound, tree.scale, outline.kept, outline.unit, nodes)


def _rows(tree: Tree, model: Formulation) -> list[int]:
    """The model's row of each of the tree's, in the order the tree counts them in."""
    starts = {family.name: family for family in model.families}
    found = []
    for name in starts:
        family, places = starts[name], tree.rows.get(name, ())
        if any(place >= family.stop - family.start for place in places) or len(set(places)) < len(places):
            raise TreeFault("rows")
        found += [family.start + place for place in places]
    if not set(tree.rows) <= set(starts):
        raise TreeFault("rows")
    return found


def _at(row_of: list[int], row: int, part: str) -> int:
    if row >= len(row_of):
        raise TreeFault(part)
    return row_of[row]


def _nodes(tree: Tree, row_of: list[int], n_rows: int) -> tuple[ProofNode, ...]:
    last: dict[int, Int64] = {0: np.zeros(n_rows, np.int64)}
    nodes = []
    for place, (column, at_one, at_zero, changes) in enumerate(tree.nodes):
        before, prices = last.pop(place), []
        for change in changes:
            before = _changed(before, change, row_of)
            prices.append(before)
        last.update({child: before for child in (at_one, at_zero) if child >= 0})
        nodes.append(ProofNode(tuple(prices), column, at_one, at_zero))
    return tuple(nodes)


def _changed(price: Int64, change: PriceChange, row_of: list[int]) -> Int64:
    rows = [_at(row_of, row, "prices") for row, _ in change]
    if len(set(rows)) < len(rows):
        raise TreeFault("prices")
    new = price.copy()
    new[rows] += np.array([amount for _, amount in change], np.int64)
    if int(np.abs(new).max(initial=0)) > MAX_PRICE:
        raise TreeFault("prices")
    return new
