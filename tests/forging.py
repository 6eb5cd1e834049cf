"""Plans changed after they were written, by somebody who can compute every digest again."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from matcher.domain.policy import Policy
from matcher.domain.problem import Problem
from matcher.plan.document import PlanDocument
from matcher.plan.plan import Plan
from matcher.plan.tree_record import TreePart
from matcher.verifying.check import check_plan
from matcher.verifying.verification import Verification

Content = dict[str, Any]
Path = tuple[str | int, ...]


def content_of(plan: Plan) -> Content:
    """The content of plan.json, free to be changed."""
    content: Content = json.loads(plan.to_json())
    return content


def document_of(content: Content) -> PlanDocument:
    return PlanDocument.model_validate_json(json.dumps(content), strict=True)


def signed(content: Content) -> Content:
    """The same content under digests that fit it."""
    new = copy.deepcopy(content)
    for proof in new["proof"]:
        part = proof.get("tree")
        if isinstance(part, dict) and isinstance(part["tree"], dict):
            tree = TreePart.model_validate_json(json.dumps({**part, "sha256": ""}), strict=True).tree
            assert tree is not None
            part["sha256"] = tree.digest()
    new["digests"]["policy"] = Policy.model_validate(new["policy"]).digest()
    new["digests"]["plan"] = document_of(new).plan_digest()
    return new


def rules_of(verification: Verification) -> set[str]:
    return {finding.rule for finding in verification.problems}


def checked(content: Content, problem: Problem) -> Verification:
    return check_plan(document_of(content), problem)


def forged(content: Content, problem: Problem) -> Content:
    """A plan of other data or another policy, passed off as one of this problem."""
    new = copy.deepcopy(content)
    new["policy"] = problem.policy.model_dump(mode="json")
    new["digests"]["problem"] = problem.digest
    return signed(new)


def leaves(value: object, path: Path = ()) -> Iterator[Path]:
    """The path of every value that is no list and no object."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from leaves(part, (*path, at))
    else:
        yield path


def value_at(content: Content, path: Path) -> Any:  # Any: whatever JSON holds
    value: Any = content
    for key in path:
        value = value[key]
    return value


def put(content: Content, path: Path, value: object) -> Content:
    """The content with one value replaced."""
    new = copy.deepcopy(content)
    value_at(new, path[:-1])[path[-1]] = value
    return new


def others(value: object) -> list[object]:
    """Values that stand near another: what a forger would try."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value - 1, value + 1]
    if isinstance(value, float):
        return [value + 0.1, value - 0.001]
    return [0] if value is None else [f"{value}x"]
