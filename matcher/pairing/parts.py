"""One block's part of the candidates: filter, score, keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.domain.policy import CRITERIA
from matcher.pairing.block import Block, Pairs
from matcher.pairing.columns import PairColumn
from matcher.pairing.criteria import POINTS, Scores, score_pairs
from matcher.pairing.eligibility import RULES, SCORED_RULES, SOFT_RULES, UNSCORED_RULES
from matcher.pairing.near_misses import NearMiss, nearest_misses
from matcher.pairing.sides import Array, Bools, Ints


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
class Part:
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


def build_part(block: Block, *, with_near_misses: bool = True) -> Part:
    """What becomes of a block's pairs; without near misses where the block holds some of the directors only."""
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
    return Part(
        director=pairs.director[chosen].astype(np.int32),
        company=(block.first + pairs.company[chosen]).astype(np.int32),
        columns=pair_columns(pairs, scores, chosen, is_pinned[pairs.director, pairs.company]),
        rejected_by_company=rejected_by_company,
        rejected_by_director=rejected_by_director,
        eligible_by_company=eligible_by_company,
        eligible_by_director=np.bincount(pairs.director[passes], minlength=shape[0]),
        near_misses=nearest_misses(block, np.flatnonzero(eligible_by_company == 0)) if with_near_misses else {},
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


def pair_columns(pairs: Pairs, scores: Scores, chosen: Ints, is_pinned: Bools) -> dict[str, Array]:
    """Columns of the chosen pairs by their names in Candidates; by criterion: ``points:``, ``neutral:``, ``tie:``.

    Parameters
    ----------
    pairs : flat; is_pinned : (n_pairs,)
    """
    found: dict[str, Array] = {
        "points": scores.points[chosen],
        "keep": scores.keep[chosen],
        "is_pinned": is_pinned[chosen],
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
