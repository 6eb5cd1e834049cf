"""Whom a director can bring in: hops, products, the strongest path, and who lives where."""

from __future__ import annotations

import itertools
from typing import Any

import networkx as nx
import numpy as np
import pytest

from matcher.pairing.block import Block
from matcher.pairing.columns import build_columns
from matcher.pairing.criteria import network
from matcher.pairing.network import graph_of_ties, strengths
from tests.problems import small_problem

Row = dict[str, Any]


def tie(one: str, other: str, strength: float = 0.5) -> Row:
    return {"from_id": one, "to_id": other, "strength": strength}


def covered(
    ties: list[Row],
    people: list[Row],
    *,
    needs: list[Row] | None = None,
    skills: list[Row] | None = None,
    policy: Row | None = None,
) -> tuple[float, bool]:
    """The criterion for a director in Tokyo and a company in Kochi that needs SNS at level 4."""
    problem = small_problem(
        [{"prefecture": "Tokyo"}],
        [{"prefecture": "Kochi"}],
        people=people,
        person_skills=skills or [{"person_id": f"p{len(people)}", "skill": "SNS", "level": 4}],
        ties=ties,
        company_needs=[{"company_id": "c1", "skill": "SNS", "level": 4}] if needs is None else needs,
        policy=policy,
    )
    found = network(Block(build_columns(problem), 0, 1).mesh())
    return float(found.value[0, 0]), bool(np.broadcast_to(found.is_neutral, (1, 1))[0, 0])


KOCHI, OSAKA = {"prefecture": "Kochi"}, {"prefecture": "Osaka"}


def test_network_multiplies_strengths_along_the_path() -> None:
    assert covered([tie("d1", "p1", 0.5), tie("p1", "p2", 0.4)], [KOCHI] * 2) == (pytest.approx(0.2), False)


def test_network_counts_the_third_hop_and_not_the_fourth() -> None:
    chain = [tie("d1", "p1", 1), tie("p1", "p2", 1), tie("p2", "p3", 1), tie("p3", "p4", 1)]
    assert covered(chain, [KOCHI] * 3 + [OSAKA], skills=[{"person_id": "p3", "skill": "SNS", "level": 4}])[0] == 1.0
    assert covered(chain, [KOCHI] * 4)[0] == 0.0
    assert covered(chain, [KOCHI] * 4, policy={"constants": {"network_max_hops": 4}})[0] == 1.0


@pytest.mark.parametrize(("person", "expected"), [(KOCHI, 0.5), (OSAKA, 0.4), ({}, 0.4)])
def test_network_counts_people_elsewhere_less(person: Row, expected: float) -> None:
    assert covered([tie("d1", "p1")], [person])[0] == pytest.approx(expected)


@pytest.mark.parametrize(("level", "expected"), [(1, 0.125), (2, 0.25), (4, 0.5), (5, 0.5)])
def test_network_counts_levels_up_to_the_need(level: int, expected: float) -> None:
    assert (
        covered([tie("d1", "p1")], [KOCHI], skills=[{"person_id": "p1", "skill": "ＳＮＳ", "level": level}])[0]
        == expected
    )


def test_network_takes_the_best_person_not_the_nearest() -> None:
    skills = [{"person_id": "p1", "skill": "SNS", "level": 1}, {"person_id": "p2", "skill": "SNS", "level": 4}]
    ties = [tie("d1", "p1", 1), tie("d1", "p2", 0.9)]
    assert covered(ties, [KOCHI, OSAKA], skills=skills)[0] == pytest.approx(0.9 * 0.8)


def test_network_takes_the_best_path_even_if_longer() -> None:
    ties = [tie("d1", "p2", 0.3), tie("d1", "p1", 0.9), tie("p1", "p2", 0.9)]
    assert covered(ties, [OSAKA, KOCHI])[0] == pytest.approx(0.81)


def test_network_takes_the_strongest_of_repeated_ties_either_way_round() -> None:
    ties = [tie("d1", "p1", 0.2), tie("p1", "d1", 0.7), tie("p1", "d1", 0.1)]
    assert covered(ties, [KOCHI])[0] == pytest.approx(0.7)


def test_network_ignores_ties_with_oneself_and_people_out_of_reach() -> None:
    assert covered([tie("d1", "d1", 1), tie("p1", "p1", 1)], [KOCHI]) == (0.0, False)


def test_network_weighs_the_needs() -> None:
    needs = [
        {"company_id": "c1", "skill": "SNS", "level": 4, "weight": 3},
        {"company_id": "c1", "skill": "EC", "level": 1},
    ]
    assert covered([tie("d1", "p1")], [KOCHI], needs=needs)[0] == pytest.approx(3 * 0.5 / 4)


def test_network_without_needs_is_neutral_for_who_reaches_someone() -> None:
    assert covered([tie("d1", "p1")], [KOCHI], needs=[]) == (0.5, True)
    assert covered([tie("p1", "p2")], [KOCHI] * 2, needs=[]) == (0.0, False)


def test_network_is_zero_without_ties() -> None:
    assert covered([], [KOCHI]) == (0.0, False)


def test_strengths_agree_with_every_simple_path() -> None:
    rng = np.random.default_rng(7)
    names = [f"d{n}" for n in range(4)] + [f"p{n}" for n in range(8)]
    pairs = [pair for pair in itertools.combinations(names, 2) if rng.random() < 0.3]
    rows = [tie(one, other, float(rng.random())) for one, other in pairs]
    graph = graph_of_ties(
        small_problem([{"id": f"d{n}"} for n in range(4)], people=[{"id": n} for n in names[4:]], ties=rows)
    )
    found = strengths(graph, names[:4], names[4:], max_hops=3)
    for (row, target), (column, source) in itertools.product(enumerate(names[4:]), enumerate(names[:4])):
        paths = nx.all_simple_paths(graph, source, target, cutoff=3) if {source, target} <= set(graph) else ()
        products = [np.prod([graph.edges[edge]["strength"] for edge in itertools.pairwise(path)]) for path in paths]
        assert found[row, column] == pytest.approx(max(products, default=0.0))
