"""`Candidates`: who could serve whom, how well, and who could not and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.domain.policy import CRITERIA, CriterionName
from matcher.domain.problem import Problem
from matcher.pairing.block import Block
from matcher.pairing.census import Census
from matcher.pairing.columns import Columns, build_columns
from matcher.pairing.eligibility import HARD_RULES, RULES, SOFT_RULES
from matcher.pairing.near_misses import Amount, NearMiss
from matcher.pairing.parts import Contradiction, Part, build_part
from matcher.pairing.sides import Array, Ints

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
    place : (n_pairs,) int64, the place of each pair among all eligible pairs, where a search kept those that prices do
        not rule out (`matcher.pairing.search`); None where these are all there are, or where the policy cut them
    census : what a search counted of all eligible pairs; None where these are all there are
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
    place: npt.NDArray[np.int64] | None = None
    census: Census | None = None

    @property
    def n_pairs(self) -> int:
        return int(self.points.size)

    @cached_property
    def n_by_director(self) -> npt.NDArray[np.int64]:
        """(n_directors,) pairs; of all that are eligible where a search kept some."""
        if self.census is not None:
            return self.n_candidates_by_director.astype(np.int64)
        return np.bincount(self.director_idx, minlength=self.n_candidates_by_director.size)

    @property
    def is_part(self) -> bool:
        """Whether these are only the pairs that a search kept: enough for the best plan, not for any other."""
        return self.place is not None

    @property
    def n_asked(self) -> int:
        """The pairs that questions about a plan are about: all eligible ones, but for those that the policy cut."""
        return self.n_pairs + self.n_cut * self.is_part


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


def build_candidates(
    problem: Problem,
    *,
    pairs_at_once: int = PAIRS_AT_ONCE,
    columns: Columns | None = None,
    block: Callable[[int, int], Block] | None = None,
) -> Candidates:
    """Who could serve whom, how well, and who could not and why, under the problem's own policy.

    Block → filter → score → keep.

    Parameters
    ----------
    pairs_at_once : bound on the pairs of a block; changes memory and time, never the result
    columns : the problem's, where they are known; block : the block of companies `first` … `last` − 1 of them, likewise

    Raises
    ------
    ModelError
        If a priority is so high that points could pass 2³¹ − 1.

    Notes
    -----
    Time O(directors · companies), memory O(block + kept pairs). With `keep_per_company` = k each company keeps its k
    eligible pairs with the most points, ties going to the first director; pinned and running pairs stay beyond that.
    """
    columns = columns or build_columns(problem)
    width = max(1, pairs_at_once // max(columns.n_directors, 1))
    block_of = block or partial(Block, columns)
    parts = [
        build_part(block_of(first, min(first + width, columns.n_companies)))
        for first in range(0, max(columns.n_companies, 1), width)
    ]
    return _joined(columns, parts)


def rank_company(problem: Problem, company_idx: int) -> Ranking:
    """Every eligible pair of one company, those that were cut as well, best first. O(directors)."""
    policy = problem.policy
    every = policy.model_copy(update={"candidates": policy.candidates.model_copy(update={"keep_per_company": None})})
    part = build_part(Block(build_columns(problem.with_policy(every)), company_idx, company_idx + 1))
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


def _joined(columns: Columns, parts: list[Part]) -> Candidates:
    director = np.concatenate([part.director for part in parts])
    n_eligible = sum(int(part.eligible_by_company.sum()) for part in parts)
    order = _stable_order(director, columns.n_directors)
    return candidates_of(
        director[order],
        np.concatenate([part.company for part in parts])[order],
        {name: np.concatenate([part.columns[name] for part in parts])[order] for name in parts[0].columns},
        tie_break=columns.policy.tie_break,
        n_rejected_by_company=np.concatenate([part.rejected_by_company for part in parts]).astype(np.int32),
        n_rejected_by_director=np.sum([part.rejected_by_director for part in parts], axis=0).astype(np.int32),
        n_candidates_by_company=np.concatenate([part.eligible_by_company for part in parts]).astype(np.int32),
        n_candidates_by_director=np.sum([part.eligible_by_director for part in parts], axis=0).astype(np.int32),
        near_misses=MappingProxyType({at: miss for part in parts for at, miss in part.near_misses.items()}),
        contradictions=tuple(
            sorted(
                (one for part in parts for one in part.contradictions), key=lambda c: (c.director_idx, c.company_idx)
            )
        ),
        flags=flags_of(columns),
        n_cut=n_eligible - director.size,
        n_considered=columns.n_directors * columns.n_companies,
    )


def candidates_of(
    director: npt.NDArray[np.int32],
    company: npt.NDArray[np.int32],
    columns: Mapping[str, Array],
    *,
    tie_break: Sequence[CriterionName],
    n_rejected_by_company: npt.NDArray[np.int32],
    n_rejected_by_director: npt.NDArray[np.int32],
    n_candidates_by_company: npt.NDArray[np.int32],
    n_candidates_by_director: npt.NDArray[np.int32],
    near_misses: Mapping[int, NearMiss],
    contradictions: tuple[Contradiction, ...],
    flags: Mapping[tuple[int, int], tuple[tuple[str, str], ...]],
    n_cut: int,
    n_considered: int,
    place: npt.NDArray[np.int64] | None = None,
    census: Census | None = None,
) -> Candidates:
    """The candidates out of pairs by director, then company, and what was counted.

    Parameters
    ----------
    columns : (n_pairs,) arrays by their names in `matcher.pairing.parts.Part`
    """
    return Candidates(
        director_idx=director,
        company_idx=company,
        points=columns["points"],
        criteria=MappingProxyType({name: columns[f"points:{name}"] for name in CRITERIA}),
        keep=columns["keep"],
        is_neutral=MappingProxyType({name: columns[f"neutral:{name}"] for name in CRITERIA}),
        is_pinned=columns["is_pinned"],
        is_running=columns["is_running"],
        distance_km=columns["distance_km"],
        n_rejected_by_company=n_rejected_by_company,
        n_rejected_by_director=n_rejected_by_director,
        n_candidates_by_company=n_candidates_by_company,
        n_candidates_by_director=n_candidates_by_director,
        tie_values=MappingProxyType({name: columns[f"tie:{name}"] for name in tie_break}),
        near_misses=near_misses,
        contradictions=contradictions,
        flags=flags,
        of="kept" if n_cut and place is None else "all",
        n_cut=n_cut,
        n_considered=n_considered,
        place=place,
        census=census,
    )


def _stable_order(director: npt.NDArray[np.int32], n_directors: int) -> Ints:
    """The order by director that leaves companies as they are: a radix sort where 16 bits hold the directors."""
    key = director.astype(np.uint16) if n_directors <= 2**16 else director
    return np.argsort(key, kind="stable")


def flags_of(columns: Columns) -> Mapping[tuple[int, int], tuple[tuple[str, str], ...]]:
    """(director index, company index) → what asks for approval or disclosure; see `Candidates`."""
    found: dict[tuple[int, int], tuple[tuple[str, str], ...]] = {}
    for director, company, severity, kind in columns.flags:
        found[director, company] = (*found.get((director, company), ()), (severity, kind))
    return MappingProxyType(found)
