"""A tree written down and read back is the same tree; one that fits no model is told by the part that does not fit."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from matcher.model import evidence as evidence_module
from matcher.model.formulation import Formulation
from matcher.model.proof import holds
from matcher.plan.tree_record import Tree, TreeFault, proof_of, tree_part
from tests.brute_force import brute_force
from tests.forging import leaves, others, put, value_at
from tests.trees import grown, knapsacks


def _tree(formulation: Formulation) -> Tree:
    tree = tree_part(grown(formulation), formulation.families).tree
    assert tree is not None
    return tree


def _read(content: dict[str, Any]) -> Tree:
    return Tree.model_validate_json(json.dumps(content), strict=True)


@pytest.mark.parametrize("seed", range(4))
def test_tree_is_read_back_as_it_was(seed: int) -> None:
    formulation = knapsacks(seed, 3, 16)
    proof = grown(formulation)
    part = tree_part(proof, formulation.families)
    assert part.tree is not None and part.sha256 == part.tree.digest() and len(part.sha256) == 64
    back = proof_of(Tree.model_validate_json(part.tree.to_json(), strict=True), formulation)
    assert (back.bound, back.scale) == (proof.bound, proof.scale)
    assert back.kept.tolist() == proof.kept.tolist() and back.unit.tolist() == proof.unit.tolist()
    assert len(back.nodes) == len(proof.nodes) > 1
    for node, old in zip(back.nodes, proof.nodes, strict=True):
        assert (node.column, node.at_one, node.at_zero) == (old.column, old.at_one, old.at_zero)
        assert [price.tolist() for price in node.prices] == [price.tolist() for price in old.prices]
    assert holds(formulation, back)


def test_only_changes_of_prices_are_written() -> None:
    formulation = knapsacks(0, 3, 16)
    proof = grown(formulation)
    written = sum(len(change) for *_, changes in _tree(formulation).nodes for change in changes)
    assert 0 < written < sum(np.count_nonzero(price) for node in proof.nodes for price in node.prices)


FAULTS: list[tuple[tuple[str | int, ...], Any, str]] = [
    (("rows", "friends"), [0], "rows"),
    (("rows", "hours"), [0, 0], "rows"),
    (("rows", "hours"), [99], "rows"),
    (("kept", 0, 0), 99, "kept"),
    (("kept",), [[0, 1], [0, 1]], "kept"),
    (("nodes", 0, 1), 0, "nodes"),
    (("nodes", 0, 1), 2, "nodes"),
    (("nodes", 0, 2), -1, "nodes"),
    (("nodes", 0, 2), 10**6, "nodes"),
    (("nodes", 0, 3), [[[99, 1]]], "prices"),
    (("nodes", 0, 3), [[[0, 1], [0, 1]]], "prices"),
    (("nodes", 0, 3), [[[0, 2**54]]], "prices"),
    (("nodes", 0, 3), [[[0, -(2**53)]], [[0, -1]]], "prices"),
]


@pytest.mark.parametrize(("path", "value", "part"), FAULTS)
def test_tree_that_fits_no_model_is_told_by_its_part(path: tuple[str | int, ...], value: Any, part: str) -> None:
    formulation = knapsacks(0)
    content = json.loads(_tree(formulation).to_json())
    assert len(content["nodes"]) > 2
    with pytest.raises(TreeFault) as caught:
        proof_of(_read(put(content, path, value)), formulation)
    assert caught.value.args == (part,)


def test_row_without_an_upper_bound_is_not_kept_whole() -> None:
    formulation = knapsacks(0)
    content = json.loads(_tree(formulation).to_json())
    content["rows"]["least"] = [0]
    last = sum(len(places) for places in content["rows"].values()) - 1
    with pytest.raises(TreeFault) as caught:
        proof_of(_read({**content, "kept": [[last, 1]]}), formulation)
    assert caught.value.args == ("kept",)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("bound",), 2**63),
        (("bound",), 10**30),
        (("bound",), 1.5),
        (("bound",), True),
        (("scale",), 0),
        (("scale",), "1024"),
        (("kept", 0, 1), 0),
        (("kept", 0, 0), -1),
        (("kept", 0), [1, 1, 1]),
        (("nodes",), []),
        (("nodes", 0), [1, 2, 3]),
        (("nodes", 0, 0), -2),
        (("nodes", 0, 3), [[[0]]]),
        (("nodes", 0, 3), [[[0, 2**63]]]),
        (("nodes", 0, 3), [[[-1, 1]]]),
        (("rows", "hours"), [-1]),
        (("more",), 1),
    ],
)
def test_tree_of_another_shape_is_refused_by_the_schema(path: tuple[str | int, ...], value: Any) -> None:
    content = json.loads(_tree(knapsacks(0)).to_json())
    with pytest.raises(ValidationError):
        _read(put(content, path, value))


def test_trees_that_would_fill_the_memory_are_refused_before_they_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation = knapsacks(0)
    tree = _tree(formulation)
    assert proof_of(tree, formulation)
    monkeypatch.setattr(evidence_module, "MAX_NUMBERS", formulation.n_rows - 1)
    with pytest.raises(TreeFault) as caught:
        proof_of(tree, formulation)
    assert caught.value.args == ("size",)


def test_tables_finer_than_ours_are_refused() -> None:
    formulation = knapsacks(0)
    tree = _tree(formulation)
    upper = np.where(formulation.row_upper < 100, 5_000, formulation.row_upper)
    with pytest.raises(TreeFault) as caught:
        proof_of(tree, replace(formulation, row_upper=upper))
    assert caught.value.args == ("size",)


@pytest.mark.parametrize("seed", [0, 3, 7])
def test_no_changed_number_proves_less_than_the_best_plan(seed: int) -> None:
    """Every single number of a tree changed by one, swapped children included: it proves no bound below the best."""
    formulation = knapsacks(seed)
    best = brute_force(formulation).value
    assert best is not None
    content = json.loads(_tree(formulation).to_json())
    assert len(content["nodes"]) > 3
    n_held = n_open = 0
    for path in leaves(content):
        for value in others(value_at(content, path)):
            try:
                changed = proof_of(_read(put(content, path, value)), formulation)
            except (ValidationError, TreeFault):
                continue
            is_held = holds(formulation, changed)
            assert changed.bound >= best or not is_held
            n_held, n_open = n_held + is_held, n_open + (not is_held)
    assert n_held > 5 and n_open > 5
