"""`Candidates`: who could serve whom, how well, and who could not and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.domain.policy import CRITERIA
from matcher.domain.problem import Problem
from matcher.pairing.block import Block, Pairs
from matcher.pairing.columns import Columns, PairColumn, build_columns
from matcher.pairing.criteria import POINTS, Scores, score_pairs
from matcher.pairing.eligibility import HARD_RULES, RULES, SCORED_RULES, SOFT_RULES, UNSCORED_RULES
from matcher.pairing.near_misses import Amount, NearMiss, nearest_misses
from matcher.pairing.sides import Array, Bools, Ints

__all__ = [
    "HARD_RULES",
    "PAIRS_AT_ONCE",
    "RULES",
    "SOFT_RULES",
    "Amount",
    "Candidates",
    "Contradiction",
    "NearMiss",
    "Ranking",
    "build_candidates",
    "rank_company",
]

PAIRS_AT_ONCE = 250_000
"""Pairs a block looks at: about 60 MB of masks and values at a time."""


@dataclass(frozen=True)
class Contradiction:
    """A pin that breaks hard rules, or under the policy's `engagements.fixed` a running engagement that does.

    `is_engagement` tells one that no pin demands.
    """

    director_idx: int
    company_idx: int
    failed: tuple[str, ...]
    is_engagement: bool = False


@dataclass(frozen=True)
class Candidates:
    """Every eligible pair with its points. No row = not eligible, with a reason.

    Attributes
    ----------
    director_idx, company_idx : (n_pairs,) int32, ordered by director, then company (id order)
    points : (n_pairs,) int64; exactly the sum of `criteria` and `keep`
    criteria : criterion → (n_pairs,) int32 points, in the order of CRITERIA
    keep : (n_pairs,) int64, the policy's keep_points where the pair is a running engagement; minus its
        move_price_points where the company's running engagement is another director's; else 0
    is_neutral : criterion → (n_pairs,) bool: the neutral value stood in for something missing
    is_pinned, is_running : (n_pairs,) bool; under the policy's `engagements.fixed` a running one is pinned
    distance_km : (n_pairs,) float64
    n_rejected_by_company : (n_companies, len(RULES)) int32: directors that fail the rule for this company; one pair
        may fail several. A soft rule does not reject a pinned pair, and the rules that need the points
        (criterion_floor, min_score) are asked only of pairs that no other rule rejects
    n_rejected_by_director : (n_directors, len(RULES)) int32, counted alike
    n_candidates_by_company, n_candidates_by_director : int32, eligible pairs, also those that were cut afterwards
    tie_values : criterion of the policy's tie_break → (n_pairs,) int32, round(10,000 · value) without weight and
        priority
    near_misses : company index → nearest miss, for every company without any eligible pair
    contradictions : pins that break hard rules, by director, then company
    flags : (director index, company index) → (severity, kind) of every row that asks for approval or disclosure,
        whether or not the pair is eligible; kind is empty where none was given
    of : ``all``, or ``kept`` when the policy cut the eligible pairs to the best k a company
    n_cut, n_considered : pairs that were cut; pairs that were looked at
    """

    director_idx: npt.NDArray[np.int32]
    company_idx: npt.NDArray[np.int32]
    points: npt.NDArray[np.int64]
    criteria: Mapping[str, npt.NDArray[np.int32]]
    keep: npt.NDArray[np.int64]
    is_neutral: Mapping[str, npt.NDArray[np.bool_]]
    is_pinned: npt.NDArray[np.bool_]
    is_running: npt.NDArray[np.bool_]
    distance_km: npt.NDArray[np.float64]
    n_rejected_by_company: npt.NDArray[np.int32]
    n_rejected_by_director: npt.NDArray[np.int32]
    n_candidates_by_company: npt.NDArray[np.int32]
    n_candidates_by_director: npt.NDArray[np.int32]
    tie_values: Mapping[str, npt.NDArray[np.int32]]
    near_misses: Mapping[int, NearMiss]
    contradictions: tuple[Contradiction, ...]
    flags: Mapping[tuple[int, int], tuple[tuple[str, str], ...]]
    of: Literal["all", "kept"]
    n_cut: int
    n_considered: int

    @property
    def n_pairs(self) -> int:
        return int(self.points.size)


@dataclass(frozen=True)
class Ranking:
    """The eligible pairs of one company, in the order in which `keep_per_company` counts them.

    Attributes
    ----------
    director_idx, points, keep : (n,), most points first, ties going to the first director
    is_fixed : (n,) bool: pinned or running, so never cut
    criteria, is_neutral : criterion → (n,), as in Candidates
    """

    director_idx: npt.NDArray[np.int32]
    points: npt.NDArray[np.int64]
    keep: npt.NDArray[np.int64]
    is_fixed: npt.NDArray[np.bool_]
    criteria: Mapping[str, npt.NDArray[np.int32]]
    is_neutral: Mapping[str, npt.NDArray[np.bool_]]


@dataclass(frozen=True)
class _Part:
    """One block's outcome: its kept pairs by director, then company, and what was counted on the way.

    `rejected_*` are (n, len(RULES)), `eligible_*` (n,); `director` and `company` are indices of the problem.
    """

    director: npt.NDArray[np.int32]
    company: npt.NDArray[np.int32]
    columns: Mapping[str, Array]
    rejected_by_company: Ints
    rejected_by_director: Ints
    eligible_by_company: Ints
    eligible_by_director: Ints
    near_misses: Mapping[int, NearMiss]
    contradictions: tuple[Contradiction, ...]


def build_candidates(problem: Problem, *, pairs_at_once: int = PAIRS_AT_ONCE) -> Candidates:
    """Who could serve whom, how well, and who could not and why, under the problem's own policy.

    Block → filter → score → keep.

    Parameters
    ----------
    pairs_at_once : bound on the pairs of a block; changes memory and time, never the result

    Raises
    ------
    ModelError
        If a priority is so high that points could pass 2³¹ − 1.

    Notes
    -----
    Time O(directors · companies), memory O(block + kept pairs). With `keep_per_company` = k each company keeps its k
    eligible pairs with the most points, ties going to the first director; pinned and running pairs stay beyond that.
    """
    columns = build_columns(problem)
    width = max(1, pairs_at_once // max(columns.n_directors, 1))
    parts = [
        _part(Block(columns, first, min(first + width, columns.n_companies)))
        for first in range(0, max(columns.n_companies, 1), width)
    ]
    return _joined(columns, parts)


def rank_company(problem: Problem, company_idx: int) -> Ranking:
    """Every eligible pair of one company, those that were cut as well, best first. O(directors)."""
    policy = problem.policy
    every = policy.model_copy(update={"candidates": policy.candidates.model_copy(update={"keep_per_company": None})})
    part = _part(Block(build_columns(problem.with_policy(every)), company_idx, company_idx + 1))
    order = np.lexsort((part.director, -part.columns["points"]))
    own = {name: values[order] for name, values in part.columns.items()}
    return Ranking(
        director_idx=part.director[order],
        points=own["points"],
        keep=own["keep"],
        is_fixed=own["is_pinned"] | own["is_running"],
        criteria=MappingProxyType({name: own[f"points:{name}"] for name in CRITERIA}),
        is_neutral=MappingProxyType({name: own[f"neutral:{name}"] for name in CRITERIA}),
    )


def _part(block: Block) -> _Part:
    shape, mesh = block.shape, block.mesh()
    is_pinned = np.broadcast_to(mesh.has_row(block.columns.pins), shape)
    if block.columns.policy.engagements.fixed:
        is_pinned = is_pinned | mesh.has_row(block.columns.running)
    rejected_by_company = np.zeros((shape[1], len(RULES)), dtype=np.int64)
    rejected_by_director = np.zeros((shape[0], len(RULES)), dtype=np.int64)
    is_eligible = np.ones(shape, dtype=np.bool_)
    failing: dict[str, Bools] = {}
    for name, rule in UNSCORED_RULES.items():
        holds = np.broadcast_to(rule(mesh).holds, shape)
        if name in SOFT_RULES:
            holds = holds | is_pinned
        elif is_pinned.any():
            failing[name] = is_pinned & ~holds
        if not holds.all():
            rejected_by_company[:, RULES.index(name)] = shape[0] - np.count_nonzero(holds, axis=0)
            rejected_by_director[:, RULES.index(name)] = shape[1] - np.count_nonzero(holds, axis=1)
            is_eligible &= holds
    pairs = Pairs(block, *np.nonzero(is_eligible))
    scores = score_pairs(pairs)
    passes = np.ones(pairs.shape, dtype=np.bool_)
    for name, scored_rule in SCORED_RULES.items():
        holds = scored_rule(pairs, scores).holds | is_pinned[pairs.director, pairs.company]
        if not holds.all():
            rejected_by_company[:, RULES.index(name)] = np.bincount(pairs.company[~holds], minlength=shape[1])
            rejected_by_director[:, RULES.index(name)] = np.bincount(pairs.director[~holds], minlength=shape[0])
            passes &= holds
    eligible_by_company = np.bincount(pairs.company[passes], minlength=shape[1])
    chosen = np.flatnonzero(_kept(pairs, scores, passes, is_pinned))
    return _Part(
        director=pairs.director[chosen].astype(np.int32),
        company=(block.first + pairs.company[chosen]).astype(np.int32),
        columns=_pair_columns(pairs, scores, chosen, is_pinned),
        rejected_by_company=rejected_by_company,
        rejected_by_director=rejected_by_director,
        eligible_by_company=eligible_by_company,
        eligible_by_director=np.bincount(pairs.director[passes], minlength=shape[0]),
        near_misses=nearest_misses(block, np.flatnonzero(eligible_by_company == 0)),
        contradictions=_contradictions(block, failing),
    )


def _kept(pairs: Pairs, scores: Scores, passes: Bools, is_pinned: Bools) -> Bools:
    """(n,) the pairs that stay: the best k of each company, and every pinned or running one."""
    k = pairs.columns.policy.candidates.keep_per_company
    n_directors, n_companies = pairs.block.shape
    if k is None or k >= n_directors:
        return passes
    # One number a pair: more points first, then the first director; all different, so the k-th is a clean cut.
    rank = scores.points * n_directors + (n_directors - 1 - pairs.director)
    table = np.full((n_companies, n_directors), np.iinfo(np.int64).min, dtype=np.int64)
    table[pairs.company[passes], pairs.director[passes]] = rank[passes]
    cut = np.partition(table, n_directors - k, axis=1)[:, n_directors - k]
    is_best = rank >= cut[pairs.company]
    is_fixed = is_pinned[pairs.director, pairs.company] | pairs.has_row(pairs.columns.running)
    return passes & (is_best | is_fixed)


def _pair_columns(pairs: Pairs, scores: Scores, chosen: Ints, is_pinned: Bools) -> dict[str, Array]:
    """Columns of the chosen pairs by their names in Candidates; by criterion: ``points:``, ``neutral:``, ``tie:``."""
    found: dict[str, Array] = {
        "points": scores.points[chosen],
        "keep": scores.keep[chosen],
        "is_pinned": is_pinned[pairs.director[chosen], pairs.company[chosen]],
        "is_running": pairs.has_row(pairs.columns.running)[chosen],
        "distance_km": pairs.distance_km[chosen],
    }
    for name in CRITERIA:
        found[f"points:{name}"] = scores.criteria[name][chosen]
        found[f"neutral:{name}"] = np.broadcast_to(scores.is_neutral[name], pairs.shape)[chosen]
    for name in pairs.columns.policy.tie_break:
        value = np.broadcast_to(scores.values[name], pairs.shape)[chosen]
        found[f"tie:{name}"] = np.rint(POINTS * value).astype(np.int32)
    return found


def _contradictions(block: Block, failing: Mapping[str, Bools]) -> tuple[Contradiction, ...]:
    pinned = _named_pairs(block, block.columns.pins)
    running = _named_pairs(block, block.columns.running) if block.columns.policy.engagements.fixed else set()
    found = []
    for director, company in sorted(pinned | running):
        failed = tuple(name for name, mask in failing.items() if mask[director, company - block.first])
        if failed:
            found.append(Contradiction(director, company, failed, is_engagement=(director, company) not in pinned))
    return tuple(found)


def _named_pairs(block: Block, column: PairColumn) -> set[tuple[int, int]]:
    rows = column.within(block.first, block.last)
    return set(zip(rows.director_idx.tolist(), rows.company_idx.tolist(), strict=True))


def _joined(columns: Columns, parts: list[_Part]) -> Candidates:
    director = np.concatenate([part.director for part in parts])
    order = _stable_order(director, columns.n_directors)
    ordered = {name: np.concatenate([part.columns[name] for part in parts])[order] for name in parts[0].columns}
    n_eligible = sum(int(part.eligible_by_company.sum()) for part in parts)
    n_cut = n_eligible - director.size
    return Candidates(
        director_idx=director[order],
        company_idx=np.concatenate([part.company for part in parts])[order],
        points=ordered["points"],
        criteria=MappingProxyType({name: ordered[f"points:{name}"] for name in CRITERIA}),
        keep=ordered["keep"],
        is_neutral=MappingProxyType({name: ordered[f"neutral:{name}"] for name in CRITERIA}),
        is_pinned=ordered["is_pinned"],
        is_running=ordered["is_running"],
        distance_km=ordered["distance_km"],
        n_rejected_by_company=np.concatenate([part.rejected_by_company for part in parts]).astype(np.int32),
        n_rejected_by_director=np.sum([part.rejected_by_director for part in parts], axis=0).astype(np.int32),
        n_candidates_by_company=np.concatenate([part.eligible_by_company for part in parts]).astype(np.int32),
        n_candidates_by_director=np.sum([part.eligible_by_director for part in parts], axis=0).astype(np.int32),
        tie_values=MappingProxyType({name: ordered[f"tie:{name}"] for name in columns.policy.tie_break}),
        near_misses=MappingProxyType({at: miss for part in parts for at, miss in part.near_misses.items()}),
        contradictions=tuple(
            sorted(
                (one for part in parts for one in part.contradictions), key=lambda c: (c.director_idx, c.company_idx)
            )
        ),
        flags=_flags(columns),
        of="kept" if n_cut else "all",
        n_cut=n_cut,
        n_considered=columns.n_directors * columns.n_companies,
    )


def _stable_order(director: npt.NDArray[np.int32], n_directors: int) -> Ints:
    """The order by director that leaves companies as they are: a radix sort where 16 bits hold the directors."""
    key = director.astype(np.uint16) if n_directors <= 2**16 else director
    return np.argsort(key, kind="stable")


def _flags(columns: Columns) -> Mapping[tuple[int, int], tuple[tuple[str, str], ...]]:
    found: dict[tuple[int, int], tuple[tuple[str, str], ...]] = {}
    for director, company, severity, kind in columns.flags:
        found[director, company] = (*found.get((director, company), ()), (severity, kind))
    return MappingProxyType(found)
