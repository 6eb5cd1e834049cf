"""Whom a director can bring in: the strongest introduction to every person within a few hops.

A tie's strength is the chance that an introduction works, so a path is worth the product of its ties and only the
best path counts. Strengths are computed once per director; blocks of companies then read them by skill, level and
prefecture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain.problem import Problem, from_tables
from matcher.pairing.culture import N_AREAS
from matcher.pairing.sides import Floats, Ints, skill_codes

if TYPE_CHECKING:
    import networkx as nx

N_LEVELS = 5
DIRECTORS_AT_ONCE = 256  # × 10,000 people × 8 bytes = 20 MB while strengths are found

LEVEL_SHARE: Floats = np.minimum(1.0, np.arange(N_LEVELS + 1)[:, None] / np.maximum(np.arange(N_LEVELS + 1), 1)[None])
"""(6, 6) min(1, level offered / level needed); row 0 = skill not listed."""


@dataclass(frozen=True)
class Network:
    """How well each director's network covers a skill.

    Attributes
    ----------
    strength : (n_people, n_directors) best product of strengths along a path, 0 = out of reach; people who have a
        needed skill and can be reached by someone
    start : first row of each (skill, prefecture), as `skill · 48 + prefecture`; prefecture 0 = not known
    person, level : (n_rows,) person skills in that order
    anywhere : (n_skills · 5, n_directors) the best over people anywhere, for needed levels 1–5, ×`elsewhere_factor`
    reaches_someone : (n_directors,) whether the director has a network at all
    """

    strength: Floats
    start: Ints
    person: Ints
    level: Ints
    anywhere: Floats
    reaches_someone: npt.NDArray[np.bool_]

    def of_some(self, director_idx: Ints) -> Network:
        """The networks of some directors."""
        return replace(
            self,
            strength=np.ascontiguousarray(self.strength[:, director_idx]),
            anywhere=np.ascontiguousarray(self.anywhere[:, director_idx]),
            reaches_someone=self.reaches_someone[director_idx],
        )

    def coverage(self, skill: Ints, level: Ints, prefecture: Ints) -> Floats:
        """How surely someone who covers each need can be brought in.

        Parameters
        ----------
        skill, level, prefecture : (n_needs,) the needs, with the prefecture of their company

        Returns
        -------
        (n_needs, n_directors) in [0, 1]: the best over people of strength × share of the level, × 1 where the person
        lives in the company's prefecture, × `elsewhere_factor` where not or not known
        """
        best = self.anywhere[skill * N_LEVELS + level - 1]
        local = skill * N_AREAS + prefecture
        low, high = self.start[local], self.start[local + 1]
        for rank in range(int((high - low).max(initial=0))):
            at = np.flatnonzero(low + rank < high)
            row = low[at] + rank
            share = LEVEL_SHARE[self.level[row], level[at]]
            best[at] = np.maximum(best[at], self.strength[self.person[row]] * share[:, None])
        capped: Floats = np.minimum(best, 1.0)
        return capped

    def coverage_of(self, skill: Ints, level: Ints, prefecture: Ints, director: Ints) -> Floats:
        """`coverage` of single pairs: (n,) of a need, with the prefecture of its company, by one director each."""
        best = self.anywhere[skill * N_LEVELS + level - 1, director]
        local = skill * N_AREAS + prefecture
        low, high = self.start[local], self.start[local + 1]
        for rank in range(int((high - low).max(initial=0))):
            at = np.flatnonzero(low + rank < high)
            row = low[at] + rank
            share = LEVEL_SHARE[self.level[row], level[at]]
            best[at] = np.maximum(best[at], self.strength[self.person[row], director[at]] * share)
        capped: Floats = np.minimum(best, 1.0)
        return capped


def graph_of_ties(problem: Problem) -> nx.Graph:
    """The undirected graph of ties: nodes are ids of directors and people, `strength` on each edge.

    Of repeated ties the strongest counts, whichever way round they are written; a tie with oneself counts for nothing.
    """
    import networkx as nx

    ties = problem.tables["ties"]
    kept = ties[ties["from_id"] != ties["to_id"]].sort_values("strength", kind="stable")
    # The later edge overwrites: sorted by strength, the strongest stays.
    return nx.from_pandas_edgelist(kept, "from_id", "to_id", edge_attr="strength")


def strengths(graph: nx.Graph, sources: list[str], targets: list[str], *, max_hops: int) -> Floats:
    """The best product of strengths along a path of at most `max_hops` ties.

    Parameters
    ----------
    sources, targets : ids; those without a tie reach nobody and are reached by nobody

    Returns
    -------
    (n_targets, n_sources) in [0, 1], 0 = out of reach; nobody reaches themselves

    Notes
    -----
    Relaxes all edges of the entries that improved, hop by hop: O(sources · edges) each hop at worst. Strengths are at
    most 1, so a walk that returns to a node is never better than the path without the loop.
    """
    nodes = pd.Index(sorted(graph.nodes), dtype=object)
    start, neighbour, strength = _adjacency(graph, nodes)
    source, target = nodes.get_indexer(sources).astype(np.int64), nodes.get_indexer(targets).astype(np.int64)
    found = np.zeros((len(targets), len(sources)))
    tied = np.flatnonzero(source >= 0)
    for first in range(0, tied.size, DIRECTORS_AT_ONCE):
        some = tied[first : first + DIRECTORS_AT_ONCE]
        best = np.zeros((some.size, len(nodes)))
        flat = best.reshape(-1)
        frontier = np.arange(some.size) * len(nodes) + source[some]
        flat[frontier] = 1.0
        for _ in range(max_hops):
            frontier = _relax(flat, frontier, start, neighbour, strength)
        best[np.arange(some.size), source[some]] = 0.0
        found[:, some] = np.where(target >= 0, best[:, target], 0.0).T
    return found


@from_tables("ties", "people", "director_ids", under=lambda policy: policy.constants.network_max_hops)
def reach(problem: Problem) -> Floats:
    """(n_people, n_directors) how surely each director can bring in each person: `strengths` of the ties."""
    people = problem.tables["people"]["id"].tolist()
    max_hops = problem.policy.constants.network_max_hops
    return strengths(graph_of_ties(problem), problem.director_ids.tolist(), people, max_hops=max_hops)


def build_network(problem: Problem, skill_keys: tuple[str, ...]) -> Network | None:
    """The directors' networks, for the skills that companies need; None when there are no ties to people.

    Parameters
    ----------
    skill_keys : the needed skills' match keys; a position here is a skill's code
    """
    if problem.tables["ties"].empty or problem.tables["people"].empty:
        return None
    constants = problem.policy.constants
    people = problem.tables["people"]
    ids = people["id"].tolist()
    every = reach(problem)
    is_within_reach = every > 0
    person, skill, level = _person_skills(problem, ids, skill_keys)
    keep = np.any(is_within_reach, axis=1)[person]
    person, skill, level = person[keep], skill[keep], level[keep]
    area = people["prefecture"].to_numpy(np.int64)[person]
    order = np.lexsort((person, area, skill))
    person, skill, level, area = person[order], skill[order], level[order], area[order]
    used, person = np.unique(person, return_inverse=True)
    strength = np.ascontiguousarray(every[used])
    place = skill * N_AREAS + area
    return Network(
        strength=strength,
        start=np.searchsorted(place, np.arange(len(skill_keys) * N_AREAS + 1)).astype(np.int64),
        person=person.astype(np.int64),
        level=level,
        anywhere=_anywhere(strength, person, skill, level, len(skill_keys)) * constants.network_elsewhere_factor,
        reaches_someone=np.any(is_within_reach, axis=0),
    )


def _adjacency(graph: nx.Graph, nodes: pd.Index) -> tuple[Ints, Ints, Floats]:
    edges = list(graph.edges(data="strength"))
    one = nodes.get_indexer(pd.Index([edge[0] for edge in edges], dtype=object))
    other = nodes.get_indexer(pd.Index([edge[1] for edge in edges], dtype=object))
    weight = np.array([edge[2] for edge in edges], dtype=np.float64)
    tail, head = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.lexsort((head, tail))
    start = np.searchsorted(tail[order], np.arange(len(nodes) + 1))
    return start.astype(np.int64), head[order].astype(np.int64), np.tile(weight, 2)[order]


def _relax(best: Floats, frontier: Ints, start: Ints, neighbour: Ints, strength: Floats) -> Ints:
    """Passes every frontier entry on to its neighbours, raising `best` in place; the entries that improved."""
    n_nodes = start.size - 1
    row, node = np.divmod(frontier, n_nodes)
    low, count = start[node], start[node + 1] - start[node]
    edge = np.repeat(low - np.cumsum(count) + count, count) + np.arange(int(count.sum()))
    entry = np.repeat(row * n_nodes, count) + neighbour[edge]
    passed = np.repeat(best[frontier], count) * strength[edge]
    is_better = passed > best[entry]
    np.maximum.at(best, entry[is_better], passed[is_better])
    return np.unique(entry[is_better])


def _person_skills(problem: Problem, ids: list[str], skill_keys: tuple[str, ...]) -> tuple[Ints, Ints, Ints]:
    table = problem.tables["person_skills"]
    person = pd.Index(ids, dtype=object).get_indexer(pd.Index(table["person_id"].to_numpy(object), dtype=object))
    skill = skill_codes(table["skill"], skill_keys)
    keep = (skill >= 0) & (person >= 0)
    level = table["level"].to_numpy(np.int64)
    return person[keep].astype(np.int64), skill[keep].astype(np.int64), level[keep]


def _anywhere(strength: Floats, person: Ints, skill: Ints, level: Ints, n_skills: int) -> Floats:
    """(n_skills · 5, n_directors) the best strength × share of the level, whoever and wherever the person is."""
    n_directors = strength.shape[1]
    held = np.zeros((n_skills, N_LEVELS, n_directors))  # best strength by level held, then by level needed
    order = np.lexsort((level, skill))
    group = (skill * N_LEVELS + level - 1)[order]
    groups, first, count = np.unique(group, return_index=True, return_counts=True)
    flat = held.reshape(-1, n_directors)
    for rank in range(int(count.max(initial=0))):
        at = np.flatnonzero(rank < count)
        flat[groups[at]] = np.maximum(flat[groups[at]], strength[person[order[first[at] + rank]]])
    needed = np.empty_like(held)
    for level_needed in range(1, N_LEVELS + 1):
        share = LEVEL_SHARE[1:, level_needed]
        needed[:, level_needed - 1] = (held * share[:, None]).max(axis=1, initial=0.0)
    return needed.reshape(-1, n_directors)
