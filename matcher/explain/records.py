"""Answers as plain data with ids, for ``--json`` and `Explanation.to_dict`: codes and numbers, no sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.domain.policy import TierName
from matcher.explain.losses import Loss, Step
from matcher.explain.standing import Standing
from matcher.pairing.near_misses import RuleCheck

Record = dict[str, Any]
"""Any: whatever JSON holds."""


def loss_record(loss: Loss | None) -> Record:
    """loss_points, word, and the proved ends; null where nothing is known."""
    if loss is None:
        return {"loss_points": None, "word": None, "at_least_points": None, "at_most_points": None, "possible": None}
    return {
        "loss_points": loss.points,
        "word": loss.word,
        "at_least_points": loss.at_least,
        "at_most_points": loss.at_most,
        "possible": loss.is_possible,
    }


def chain_record(standing: Standing, chain: Iterable[Step]) -> list[Record]:
    """Every link in order: who gains, who leaves whom."""
    problem = standing.problem
    return [
        {
            "director_id": problem.director_ids[step.director_idx],
            "company_id": problem.company_ids[step.company_idx],
            "action": step.action,
        }
        for step in chain
    ]


def losses_record(losses: Mapping[TierName, Loss]) -> Record:
    """The loss of every tier of the policy."""
    return {name: loss_record(loss) for name, loss in losses.items()}


def rules_record(rules: Iterable[RuleCheck]) -> list[Record]:
    """Every rule, whether it holds, and the numbers that decide it."""
    return [
        {
            "name": rule.name,
            "holds": rule.holds,
            "detail": {
                "amounts": [
                    {"measure": one.measure, "offered": _number(one.offered), "wanted": _number(one.wanted)}
                    for one in rule.amounts
                ],
                "missing_skills": list(rule.missing_skills),
            },
        }
        for rule in rules
    ]


def _number(value: float) -> float | None:
    """A number JSON can hold; missing is null."""
    return None if value != value or value in (float("inf"), float("-inf")) else value
