"""Scoring a plan's programme again with some cells filled in: what no such cell can touch is worked out once.

Skills, networks, distances and rows that name a pair do not depend on any cell that may be blank, the start and the
municipality of a company aside: they are most of the work, and stand for every value of every blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.domain.problem import Problem
from matcher.explain.blanks import Blank
from matcher.model.formulation import Int64
from matcher.pairing.block import Block, Pairs
from matcher.pairing.candidates import PAIRS_AT_ONCE, Candidates, build_candidates
from matcher.pairing.columns import Columns, build_columns, results_by_goal
from matcher.pairing.criteria import score_pairs
from matcher.pairing.culture import culture_by_prefecture
from matcher.pairing.eligibility import SCORED_RULES, SOFT_RULES, UNSCORED_RULES
from matcher.pairing.sides import Bools, company_columns, director_columns

_KEPT_OF_BLOCK = ("km_by_prefecture", "given_km", "must_counts", "experience", "hands_on", "network")


@dataclass(frozen=True)
class Touched:
    """The pairs of some directors, or of some companies, under a change, by director, then company.

    Attributes
    ----------
    key : (n,) director · n_companies + company of those that are eligible, ascending
    points : (n,)
    """

    key: Int64
    points: Int64

    def of(self, blank: Blank, n_companies: int) -> Touched:
        """The pairs of one blank's director or company."""
        if blank.subject == "director":
            low, high = np.searchsorted(self.key, (blank.idx * n_companies, (blank.idx + 1) * n_companies))
            return Touched(self.key[low:high], self.points[low:high])
        order, company = self._by_company(n_companies)
        low, high = np.searchsorted(company, (blank.idx, blank.idx + 1))
        return Touched(self.key[order[low:high]], self.points[order[low:high]])

    def _by_company(self, n_companies: int) -> tuple[Int64, Int64]:
        """(n,) the pairs by company, then director, and their companies; worked out once."""
        known = vars(self).get("_ordered")
        if known is None:
            company = self.key % n_companies
            order = np.argsort(company, kind="stable")
            known = vars(self)["_ordered"] = (order, company[order])
        ordered: tuple[Int64, Int64] = known
        return ordered


class Rescoring:
    """A programme's columns, ready to take other values of its blanks."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.columns = build_columns(problem)
        width = max(1, PAIRS_AT_ONCE // max(self.columns.n_directors, 1))
        n_companies = self.columns.n_companies
        self.blocks = [
            Block(self.columns, first, min(first + width, n_companies))
            for first in range(0, max(n_companies, 1), width)
        ]

    def columns_with(self, changed: Problem, table: str, field: str) -> Columns:
        """The columns of the programme with another field of a table."""
        if field == "start":  # engagements and rows that forbid a pair end before it, or do not
            return build_columns(changed)
        found = replace(self.columns, problem=changed, policy=changed.policy)
        if table == "directors":
            found = replace(found, director=director_columns(changed), culture=culture_by_prefecture(changed))
        elif table == "companies":
            found = replace(found, company=company_columns(changed))
        elif table == "director_regions":
            found = replace(found, culture=culture_by_prefecture(changed))
        elif table == "director_results":
            found = replace(found, results=results_by_goal(changed))
        return found

    def candidates(self, changed: Problem, table: str, field: str) -> Candidates:
        """`build_candidates` of the programme with another field of a table."""
        columns = self.columns_with(changed, table, field)
        return build_candidates(changed, columns=columns, block=lambda first, last: self._block(columns, first, last))

    def touched(self, changed: Problem, blanks: Sequence[Blank]) -> Touched:
        """The pairs of the blanks' directors or companies; the blanks are of one table and field."""
        columns = self.columns_with(changed, blanks[0].table, blanks[0].field)
        subjects = np.unique([blank.idx for blank in blanks])
        parts = []
        for base in self.blocks:
            block = self._block(columns, base.first, base.last)
            if blanks[0].subject == "director":
                director, company = (
                    np.repeat(subjects, block.n_companies),
                    np.tile(np.arange(block.n_companies), subjects.size),
                )
            else:
                mine = subjects[(subjects >= block.first) & (subjects < block.last)] - block.first
                director = np.repeat(np.arange(columns.n_directors), mine.size)
                company = np.tile(mine, columns.n_directors)
            parts.append(_eligible(Pairs(block, director, company), columns.n_companies))
        key = np.concatenate([part.key for part in parts])
        order = np.argsort(key, kind="stable")
        return Touched(key[order], np.concatenate([part.points for part in parts])[order])

    def _block(self, columns: Columns, first: int, last: int) -> Block:
        block = Block(columns, first, last)
        # With several blocks what is kept would hold every pair at a time.
        if len(self.blocks) == 1:
            for name in _KEPT_OF_BLOCK:
                vars(block)[name] = getattr(self.blocks[0], name)
            if not self._stands_as_before(columns):
                del vars(block)["km_by_prefecture"]
        return block

    def _stands_as_before(self, columns: Columns) -> bool:
        """Whether every company's office is where it was."""
        was, now = self.columns.company, columns.company
        return np.array_equal(was.latitude, now.latitude) and np.array_equal(was.longitude, now.longitude)


def _eligible(pairs: Pairs, n_companies: int) -> Touched:
    """The pairs that every rule lets through, and their points."""
    is_pinned = _is_pinned(pairs)
    passes = np.ones(pairs.shape, np.bool_)
    for name, rule in UNSCORED_RULES.items():
        holds = np.broadcast_to(rule(pairs).holds, pairs.shape)
        passes &= holds | is_pinned if name in SOFT_RULES else holds
    left = np.flatnonzero(passes)
    some = Pairs(pairs.block, pairs.director[left], pairs.company[left])
    scores = score_pairs(some)
    stays = np.ones(some.shape, np.bool_)
    for scored_rule in SCORED_RULES.values():
        stays &= scored_rule(some, scores).holds | is_pinned[left]
    found = np.flatnonzero(stays)
    key = some.director[found].astype(np.int64) * n_companies + pairs.block.first + some.company[found]
    return Touched(key, scores.points[found])


def _is_pinned(pairs: Pairs) -> Bools:
    columns = pairs.columns
    is_pinned = pairs.has_row(columns.pins)
    return is_pinned | pairs.has_row(columns.running) if columns.policy.engagements.fixed else is_pinned
