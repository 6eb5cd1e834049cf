"""A problem as what it has other than a base, so that it travels without what both have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from matcher.domain.policy import Policy
from matcher.domain.problem import Problem


@dataclass(frozen=True)
class Departure:
    """What leads from a base to a problem: the tables that are not the base's, and all else that is small."""

    tables: Mapping[str, pd.DataFrame]
    policy: Policy
    title: str
    source: str
    digest: str


def departure_of(problem: Problem, base: Problem) -> Departure:
    """What `problem` has other than `base`; tables count as the same where they are the same frame."""
    tables = {name: frame for name, frame in problem.tables.items() if frame is not base.tables.get(name)}
    return Departure(tables, problem.policy, problem.title, problem.source, problem.digest)


def arrived(departure: Departure, base: Problem) -> Problem:
    """The problem that a departure was made from; `base` has the content of the base it was made with."""
    tables = MappingProxyType({**base.tables, **departure.tables})
    problem = Problem(tables, departure.policy, departure.title, departure.source)
    problem.__dict__["digest"] = departure.digest
    return problem
