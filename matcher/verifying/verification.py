"""What a check of a plan comes to: `Verification`, and `Finding`, one thing that does not hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Word = Literal["proved", "claimed", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One thing in a plan that does not hold.

    `rule` is a stable code with a sentence in `matcher.words.verifying`; `where` names the part of the plan by ids or
    by its key in plan.json; `params` fill the sentence in.
    """

    rule: str
    where: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


def schema_fault(fault: Any) -> dict[str, object]:  # Any: pydantic's ErrorDetails
    """What fills in a finding about a part that breaks the schema: pydantic's code as `reason`, and what is allowed."""
    context = fault.get("ctx") or {}
    names = {"ge": "low", "gt": "low", "le": "high", "lt": "high", "expected": "allowed"}
    filled = {names[key]: value for key, value in context.items() if key in names}
    if "allowed" in filled:
        filled["allowed"] = re.findall(r"'([^']*)'", str(filled["allowed"])) or filled["allowed"]
    return {"reason": fault["type"], **filled}


@dataclass(frozen=True)
class TierVerdict:
    """One tier as the checker finds it: its value and bound, computed again, and what is proved of it.

    `claimed`: the plan says that a solver found the optimum, and nothing else says so. `bound` is None where nothing
    in the plan proves one.
    """

    name: str
    value: int | None
    bound: int | None
    word: Word
    is_tie_break: bool = False


@dataclass(frozen=True)
class Verification:
    """The outcome of a check.

    Attributes
    ----------
    problems : everything that does not hold, none = the plan holds
    value, bound : of the tier that the plan's certificate speaks of, computed again; None where there is none
    word : ``proved`` when this check proved every tier of the policy (or that no plan exists), ``claimed`` when a
        solver's word stands in for a proof, ``unknown`` otherwise, and whenever there are problems
    tiers : every tier, tie-breaks included
    n_matches : matches in the plan
    """

    problems: tuple[Finding, ...]
    value: int | None
    bound: int | None
    word: Word
    tiers: tuple[TierVerdict, ...] = ()
    n_matches: int = 0

    @property
    def ok(self) -> bool:
        """Whether the plan holds."""
        return not self.problems
