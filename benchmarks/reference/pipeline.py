"""Scoring, candidates and flow, plainly. Frozen: see `benchmarks.reference`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

N_SKILLS = 40
_COMPANIES_AT_ONCE = 500


@dataclass(frozen=True)
class Tables:
    """People as columns: levels are (n, N_SKILLS), places (n, 2) in km, the rest (n,)."""

    director_level: Floats
    director_place: Floats
    director_industry: Ints
    director_years: Floats
    reach_km: Floats
    slots: Ints
    company_need: Floats
    company_place: Floats
    company_industry: Ints
    company_rating: Floats


@dataclass(frozen=True)
class Pairs:
    """(n_pairs,) each, by director, then company."""

    director: Ints
    company: Ints
    points: Ints


def made(n_directors: int, n_companies: int, *, seed: int = 1) -> Tables:
    """Made tables; the same seed gives the same bytes."""
    draw = np.random.default_rng(seed)
    return Tables(
        director_level=draw.integers(0, 6, (n_directors, N_SKILLS)).astype(np.float64),
        director_place=draw.random((n_directors, 2)) * 1500,
        director_industry=draw.integers(0, 13, n_directors),
        director_years=draw.integers(0, 20, n_directors).astype(np.float64),
        reach_km=draw.integers(300, 1500, n_directors).astype(np.float64),
        slots=draw.integers(1, 8, n_directors),
        company_need=(draw.random((n_companies, N_SKILLS)) < 3 / N_SKILLS)
        * draw.integers(1, 6, (n_companies, N_SKILLS)).astype(np.float64),
        company_place=draw.random((n_companies, 2)) * 1500,
        company_industry=draw.integers(0, 13, n_companies),
        company_rating=draw.integers(1, 6, n_companies).astype(np.float64),
    )


def score(tables: Tables, *, keep: int = 20) -> Pairs:
    """The `keep` best directors of each company within reach."""
    directors, companies, points = [], [], []
    n_companies = tables.company_rating.size
    for first in range(0, n_companies, _COMPANIES_AT_ONCE):
        block = np.arange(first, min(first + _COMPANIES_AT_ONCE, n_companies))
        value, is_near = _block(tables, block)
        value = np.where(is_near, value, -1)
        best = np.argsort(-value, axis=0, kind="stable")[:keep]
        kept = np.take_along_axis(value, best, axis=0)
        at, place = np.nonzero(kept >= 0)
        directors.append(best[at, place])
        companies.append(block[place])
        points.append(kept[at, place])
    director, company, value = (np.concatenate(parts).astype(np.int64) for parts in (directors, companies, points))
    order = np.lexsort((company, director))
    return Pairs(director[order], company[order], value[order])


def _block(tables: Tables, block: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """(n_directors, n_block) points from 0 to 10,000, and who is within reach."""
    need = tables.company_need[block]
    covered = np.zeros((tables.slots.size, block.size))
    for skill in range(N_SKILLS):
        wanted = need[:, skill]
        has = np.minimum(1.0, tables.director_level[:, skill, None] / np.where(wanted > 0, wanted, 1.0))
        covered += np.where(wanted > 0, has, 0.0)
    experience = covered / np.maximum((need > 0).sum(axis=1), 1)
    gap = tables.director_place[:, None, :] - tables.company_place[None, block, :]
    distance = np.sqrt((gap**2).sum(axis=2))
    own = np.where(tables.director_industry[:, None] == tables.company_industry[None, block], 1.0, 0.2)
    years = 1 - np.exp(-tables.director_years / 5)
    total = 4000 * experience + 2500 * np.exp(-distance / 500) + 2000 * own * years[:, None]
    total += 1500 * (tables.company_rating[None, block] - 1) / 4
    return np.rint(total).astype(np.int64), distance <= tables.reach_km[:, None]


def solve(pairs: Pairs, slots: Ints, n_companies: int) -> int:
    """The most points at one director a company and `slots` companies a director, by OR-Tools' flow alone."""
    from ortools.graph.python import min_cost_flow

    n_directors = slots.size
    directors, companies = np.arange(n_directors), np.arange(n_companies)
    outside = n_directors + n_companies
    tail = np.concatenate((pairs.director, np.full(n_directors, outside), n_directors + companies))
    head = np.concatenate((n_directors + pairs.company, directors, np.full(n_companies, outside)))
    capacity = np.concatenate((np.ones(pairs.points.size, np.int64), slots, np.ones(n_companies, np.int64)))
    cost = np.concatenate((-pairs.points, np.zeros(n_directors + n_companies, np.int64)))
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tail.astype(np.int32), head.astype(np.int32), capacity, cost)
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("the reference flow found no optimum")
    return -int(solver.optimal_cost())
