"""Whom a director would bring in for each need of a company: the person, the way there, and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.pairing.columns import Columns
from matcher.pairing.network import graph_of_ties
from matcher.pairing.sides import skill_codes

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True)
class Introduction:
    """The best person for one need.

    Attributes
    ----------
    level : of the needed skill; prefecture : JIS code, 0 = not known
    strength : product of the ties along the way; hops : ties of it; via : ids between the director and the person
    factor : 1 where the person lives in the company's prefecture, else the policy's `network_elsewhere_factor`
    """

    person_id: str
    level: int
    prefecture: int
    strength: float
    hops: int
    via: tuple[str, ...]
    is_local: bool
    factor: float


def introductions(columns: Columns, director_idx: int, company_idx: int) -> tuple[Introduction | None, ...] | None:
    """One introduction a need of the company, in its order, None where nobody within reach has the skill.

    Returns
    -------
    None where the director reaches nobody at all

    Notes
    -----
    Of several people who cover a need alike, the strongest tie counts, then the first in id order.
    """
    problem, constants = columns.problem, columns.policy.constants
    people, ties = problem.tables["people"], problem.tables["ties"]
    if people.empty or ties.empty:
        return None
    source = str(problem.director_ids[director_idx])
    ways = _ways(graph_of_ties(problem), source, max_hops=constants.network_max_hops)
    area = dict(zip(people["id"].tolist(), people["prefecture"].astype(int).tolist(), strict=True))
    ways = {person: way for person, way in ways.items() if person in area and person != source}
    if not ways:
        return None
    skills = problem.tables["person_skills"]
    code = skill_codes(skills["skill"], columns.skill_keys)
    here = int(columns.company.prefecture[company_idx])
    needs = columns.needs
    found: list[Introduction | None] = []
    for row in range(int(needs.start[company_idx]), int(needs.start[company_idx + 1])):
        wanted = int(needs.level[row])
        holders = skills.iloc[np.flatnonzero(code == needs.skill[row])]
        some = []
        for person, level in zip(holders["person_id"].tolist(), holders["level"].astype(int).tolist(), strict=True):
            if person not in ways:
                continue
            strength, way = ways[person]
            is_local = area[person] == here
            factor = 1.0 if is_local else constants.network_elsewhere_factor
            one = Introduction(person, level, area[person], strength, len(way), way[:-1], is_local, factor)
            some.append((-strength * min(1.0, level / wanted) * factor, -strength, person, one))
        found.append(min(some, key=lambda best: best[:3])[3] if some else None)
    return tuple(found)


def _ways(graph: nx.Graph, source: str, *, max_hops: int) -> Mapping[str, tuple[float, tuple[str, ...]]]:
    """Node → the best product of strengths within some hops, and the nodes of a shortest way of that product."""
    if source not in graph:
        return {}
    best: dict[str, tuple[float, tuple[str, ...]]] = {source: (1.0, ())}
    frontier = [source]
    for _ in range(max_hops):
        passed: dict[str, tuple[float, tuple[str, ...]]] = {}
        for node in frontier:
            strength, way = best[node]
            for other in sorted(graph[node]):
                reached = strength * graph[node][other]["strength"]
                if reached > passed.get(other, best.get(other, (0.0, ())))[0]:
                    passed[other] = (reached, (*way, other))
        best |= passed
        frontier = sorted(passed)
    return best
