"""Edits of a problem for tests: one change, a problem made beforehand, a refusal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.domain.problem import Problem
from matcher.errors import UsageError
from matcher.whatif.applying import apply_change
from matcher.whatif.running import Tell
from matcher.whatif.scenario import Change


@dataclass(frozen=True)
class Changed:
    """One change, as it would stand in a what-if file."""

    change: Mapping[str, object]

    def apply(self, base: Problem, tell: Tell) -> Problem:
        return apply_change(base, Change.model_validate(self.change))

    def key(self) -> str:
        return json.dumps(self.change)


@dataclass(frozen=True)
class Ready:
    """A problem that is there already."""

    problem: Problem

    def apply(self, base: Problem, tell: Tell) -> Problem:
        return self.problem

    def key(self) -> str:
        return self.problem.digest + self.problem.policy.digest()


@dataclass(frozen=True)
class Refused:
    """What cannot be applied."""

    def apply(self, base: Problem, tell: Tell) -> Problem:
        raise UsageError("axis_twice", given="no")

    def key(self) -> str:
        return "refused"
