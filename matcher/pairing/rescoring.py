"""Candidates again after a change: only the pairs it touches are scored, the others are taken over as they are.

A director touched is scored against all companies, a company touched with all directors. Where only the best k of a
company are kept, a director who falls may make room for one that was cut before, and was never written down: such a
company is scored as a whole too. The result is that of `build_candidates`, to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType

import numpy as np

from matcher.domain.policy import CRITERIA
from matcher.domain.problem import Problem
from matcher.pairing.block import Block
from matcher.pairing.candidates import PAIRS_AT_ONCE, Candidates, build_candidates, candidates_of, flags_of
from matcher.pairing.columns import Columns, build_columns
from matcher.pairing.near_misses import NearMiss, nearest_misses
from matcher.pairing.parts import Contradiction, Part, build_part
from matcher.pairing.sides import Array, Bools, Ints
from matcher.pairing.touched import Touched, scores_alike, touched_by

FEW_PAIRS = 20_000
"""Up to here scoring all is as quick as finding out what to score."""

MOST_SHARE = 0.5
"""Of all pairs: where more are touched everything is scored, in one go."""


@dataclass(frozen=True)
class Rebuilt:
    """Candidates, and what it took: `n_scored` pairs of all; `is_whole` where everything was scored anew."""

    candidates: Candidates
    n_scored: int
    is_whole: bool


def rebuild_candidates(
    base: Candidates,
    before: Problem,
    problem: Problem,
    *,
    few_pairs: int = FEW_PAIRS,
    most_share: float = MOST_SHARE,
    pairs_at_once: int = PAIRS_AT_ONCE,
) -> Rebuilt:
    """`build_candidates(problem)` out of the candidates of another problem.

    Parameters
    ----------
    base : the candidates of `before`
    few_pairs, most_share : up to so many pairs, and from such a share that is touched, everything is scored

    Raises
    ------
    ModelError : as `build_candidates`

    Notes
    -----
    Everything is scored where the change cannot be told from rows (points weighed otherwise, other people in the
    networks), or touches more than half of all pairs. O(rows of the tables changed + pairs scored + pairs kept).
    """
    shapes = [(len(one.directors), len(one.companies)) for one in (before, problem)]
    n_all = shapes[1][0] * shapes[1][1]
    if not base.is_part and scores_alike(before.policy, problem.policy) and _has_same_tables(before, problem):
        return Rebuilt(base, 0, False)
    # Of a search only the pairs are known that mattered to its own plan.
    touched = (
        None if base.is_part or n_all <= few_pairs or 0 in (*shapes[0], *shapes[1]) else touched_by(before, problem)
    )
    if touched is None or _share(touched) > most_share:
        return Rebuilt(build_candidates(problem, pairs_at_once=pairs_at_once), n_all, True)
    if touched.is_empty:
        return Rebuilt(base, 0, False)
    again = _Again(base, build_columns(before), build_columns(problem), touched, pairs_at_once)
    return Rebuilt(again.candidates(), again.n_scored, False)


def _has_same_tables(before: Problem, problem: Problem) -> bool:
    return all(before.tables[name] is frame for name, frame in problem.tables.items())


def _share(touched: Touched) -> float:
    """The share of all pairs that are touched, at most."""
    return float(touched.directors.mean() + touched.companies.mean())


@dataclass(frozen=True)
class _Pairs:
    """Some pairs: indices of the problem, what decides which are kept, and their places in the pool of all columns."""

    director: Ints
    company: Ints
    points: Ints
    is_fixed: Bools
    place: Ints

    def where(self, stays: Bools | Ints) -> _Pairs:
        return _Pairs(*(getattr(self, one.name)[stays] for one in fields(self)))


class _Pool:
    """The columns of the base's pairs and of those scored since, by their names in `Part`, one behind the other."""

    def __init__(self, base: Candidates) -> None:
        self.base = _columns_of(base)
        self.added: list[Mapping[str, Array]] = []
        self.n_base, self.n_added = base.n_pairs, 0

    def add(self, director: Ints, company: Ints, columns: Mapping[str, Array]) -> _Pairs:
        first = self.n_base + self.n_added
        self.added.append(columns)
        self.n_added += director.size
        is_fixed = columns["is_pinned"] | columns["is_running"]
        return _Pairs(director, company, columns["points"], is_fixed, first + np.arange(director.size))

    def columns(self, place: Ints) -> dict[str, Array]:
        """The columns of some places: few of them are added ones, so the base's are taken first."""
        new = np.flatnonzero(place >= self.n_base)
        if not self.n_base:
            return {name: np.concatenate([one[name] for one in self.added])[place] for name in self.base}
        old = np.minimum(place, self.n_base - 1)
        found = {}
        for name, column in self.base.items():
            found[name] = column[old]
            if new.size:
                found[name][new] = np.concatenate([one[name] for one in self.added])[place[new] - self.n_base]
        return found


@dataclass(frozen=True)
class _Scored:
    """Some directors with some companies, scored: the pairs kept, and what was counted, in the problem's indices."""

    directors: Ints
    companies: Ints
    pairs: _Pairs
    rejected_by_company: Ints
    rejected_by_director: Ints
    eligible_by_company: Ints
    eligible_by_director: Ints
    near_misses: dict[int, NearMiss]
    contradictions: tuple[Contradiction, ...]


class _Again:
    """One rebuilding; `n_scored` counts the pairs looked at."""

    def __init__(self, base: Candidates, old: Columns, new: Columns, touched: Touched, pairs_at_once: int) -> None:
        self.base, self.old, self.new, self.touched = base, old, new, touched
        self.pairs_at_once = pairs_at_once
        self.pool = _Pool(base)
        self.n_scored = 0

    def candidates(self) -> Candidates:
        touched, new = self.touched, self.new
        directors, companies = np.flatnonzero(touched.directors), np.flatnonzero(touched.companies)
        others = np.flatnonzero(~touched.companies)
        old_others = np.flatnonzero(~touched.companies_before)
        # Each touched director with the companies that are not touched themselves, then these with everybody.
        rows_before = self.score(self.old, np.flatnonzero(touched.directors_before), old_others, cut=False)
        rows = self.score(new, directors, others, cut=False)
        columns_before = self.score(self.old, np.arange(self.old.n_directors), np.flatnonzero(touched.companies_before))
        columns = self.score(new, np.arange(new.n_directors), companies)
        taken = self.taken_over()
        eligible = self.base.n_candidates_by_company[old_others] - rows_before.eligible_by_company
        is_nobody = np.zeros(new.n_companies, np.bool_)
        is_nobody[others] = eligible + rows.eligible_by_company == 0
        pairs, is_unknown = self.best(taken, rows, others, eligible)
        near, is_unknown_too = self.near_misses(is_nobody, directors)
        whole = self.score(new, np.arange(new.n_directors), np.flatnonzero(is_unknown | is_unknown_too))
        is_whole = touched.companies | is_unknown | is_unknown_too
        parts = [pairs.where(~is_whole[pairs.company]), columns.pairs, whole.pairs]
        return self.joined(
            parts,
            self.by_company(rows_before, rows, columns),
            self.by_director(columns_before, rows, columns),
            {**near, **columns.near_misses, **whole.near_misses},
            self.contradictions(is_whole, rows, (columns, whole)),
        )

    def score(self, columns: Columns, directors: Ints, companies: Ints, *, cut: bool = True) -> _Scored:
        """Some directors with some companies; all directors where near misses and the best k are asked for (`cut`)."""
        rules = columns.policy.candidates
        policy = columns.policy.model_copy(
            update={"candidates": rules if cut else rules.model_copy(update={"keep_per_company": None})}
        )
        some = columns.of_some(directors, companies, policy)
        self.n_scored += directors.size * companies.size
        width = max(1, self.pairs_at_once // max(directors.size, 1))
        parts = [
            build_part(Block(some, first, min(first + width, companies.size)), with_near_misses=cut)
            for first in range(0, max(companies.size, 1), width)
        ]
        return self._scored(directors, companies, parts)

    def _scored(self, directors: Ints, companies: Ints, parts: Sequence[Part]) -> _Scored:
        names = parts[0].columns
        pairs = self.pool.add(
            directors[np.concatenate([part.director for part in parts])],
            companies[np.concatenate([part.company for part in parts])],
            {name: np.concatenate([part.columns[name] for part in parts]) for name in names},
        )
        near = {at: miss for part in parts for at, miss in part.near_misses.items()}
        contradictions = [one for part in parts for one in part.contradictions]
        return _Scored(
            directors,
            companies,
            pairs,
            np.concatenate([part.rejected_by_company for part in parts]),
            np.sum([part.rejected_by_director for part in parts], axis=0),
            np.concatenate([part.eligible_by_company for part in parts]),
            np.sum([part.eligible_by_director for part in parts], axis=0),
            _renumbered(near, directors, companies),
            tuple(
                replace(one, director_idx=int(directors[one.director_idx]), company_idx=int(companies[one.company_idx]))
                for one in contradictions
            ),
        )

    def taken_over(self) -> _Pairs:
        """The pairs of nobody touched, under their new indices."""
        base, touched = self.base, self.touched
        stays = ~touched.directors_before[base.director_idx] & ~touched.companies_before[base.company_idx]
        place = np.flatnonzero(stays)
        return _Pairs(
            touched.director_of[base.director_idx[place]],
            touched.company_of[base.company_idx[place]],
            base.points[place],
            (base.is_pinned | base.is_running)[place],
            place,
        )

    def best(self, taken: _Pairs, rows: _Scored, others: Ints, eligible: Ints) -> tuple[_Pairs, Bools]:
        """The pairs kept of companies not touched, and (n_companies,) where a pair cut before may be among the best.

        Parameters
        ----------
        eligible : (n_others,) eligible pairs of the companies `others` with directors not touched
        """
        n_companies = self.new.n_companies
        is_unknown = np.zeros(n_companies, np.bool_)
        most = self.new.policy.candidates.keep_per_company
        pairs = _together([taken, rows.pairs])
        if most is None:
            return pairs, is_unknown
        base, touched = self.base, self.touched
        is_asked = np.zeros(n_companies, np.bool_)
        is_asked[rows.pairs.company] = True
        fell = touched.company_of[base.company_idx[touched.directors_before[base.director_idx]]]
        is_asked[fell[fell >= 0]] = True
        asked = np.flatnonzero(is_asked[pairs.company])
        order, place = _ranked(pairs.company[asked], pairs.points[asked], pairs.director[asked])
        asked, stays = asked[order], np.ones(pairs.company.size, np.bool_)
        stays[asked] = (place < most) | pairs.is_fixed[asked]
        last = asked[place == most - 1]
        n_cut = np.zeros(n_companies, np.int64)
        n_cut[others] = eligible - np.bincount(taken.company, minlength=n_companies)[others]
        is_unknown = is_asked & (n_cut > 0)
        # Whoever was cut is behind the last that was kept: it stays cut as long as the new last is no worse.
        points, director = self.last_before(most, is_asked)
        at = pairs.company[last]
        is_known = _is_no_worse(pairs.points[last], pairs.director[last], points[at], director[at])
        is_unknown[at[is_known]] = False
        return pairs.where(stays), is_unknown

    def last_before(self, most: int, is_asked: Bools) -> tuple[Ints, Ints]:
        """(n_companies,) points and director of the last of the best k before; a director who is gone is −1."""
        base, touched = self.base, self.touched
        company = touched.company_of[base.company_idx]
        pairs = np.flatnonzero((company >= 0) & is_asked[company])
        order, place = _ranked(company[pairs], base.points[pairs], base.director_idx[pairs].astype(np.int64))
        last = pairs[order[place == most - 1]]
        company = company[last]
        points = np.full(self.new.n_companies, np.iinfo(np.int64).max, dtype=np.int64)
        director = np.full(self.new.n_companies, -1, np.int64)
        points[company] = base.points[last]
        director[company] = touched.director_of[base.director_idx[last]]
        return points, director

    def near_misses(self, is_nobody: Bools, directors: Ints) -> tuple[dict[int, NearMiss], Bools]:
        """The near misses of companies not touched, and (n_companies,) where all directors have to be asked again.

        The one who was nearest is nearest still, unless somebody touched is nearer now.
        """
        touched = self.touched
        is_unknown = is_nobody.copy()
        known: dict[int, NearMiss] = {}
        for company, miss in self.base.near_misses.items():
            at, director = int(touched.company_of[company]), int(touched.director_of[miss.director_idx])
            if at >= 0 and is_nobody[at] and director >= 0 and not touched.directors_before[miss.director_idx]:
                known[at] = replace(miss, director_idx=director)
                is_unknown[at] = False
        if known and directors.size:
            rivals = np.union1d(directors, [miss.director_idx for miss in known.values()])
            known = self.nearest(rivals, np.array(sorted(known), np.int64))
        return known, is_unknown

    def nearest(self, directors: Ints, companies: Ints) -> dict[int, NearMiss]:
        some = self.new.of_some(directors, companies, self.new.policy)
        self.n_scored += directors.size * companies.size
        width = max(1, self.pairs_at_once // directors.size)
        found: dict[int, NearMiss] = {}
        for first in range(0, companies.size, width):
            block = Block(some, first, min(first + width, companies.size))
            found |= nearest_misses(block, np.arange(block.n_companies))
        return _renumbered(found, directors, companies)

    def by_company(self, before: _Scored, rows: _Scored, columns: _Scored) -> tuple[Ints, Ints]:
        """(n_companies, n_rules) rejected and (n_companies,) eligible."""
        base = self.base
        rejected = np.zeros((self.new.n_companies, base.n_rejected_by_company.shape[1]), np.int64)
        eligible = np.zeros(self.new.n_companies, np.int64)
        at = rows.companies
        rejected[at] = base.n_rejected_by_company[before.companies] - before.rejected_by_company
        rejected[at] += rows.rejected_by_company
        eligible[at] = base.n_candidates_by_company[before.companies] - before.eligible_by_company
        eligible[at] += rows.eligible_by_company
        rejected[columns.companies] = columns.rejected_by_company
        eligible[columns.companies] = columns.eligible_by_company
        return rejected, eligible

    def by_director(self, before: _Scored, rows: _Scored, columns: _Scored) -> tuple[Ints, Ints]:
        """(n_directors, n_rules) rejected and (n_directors,) eligible."""
        base, touched = self.base, self.touched
        same = np.flatnonzero(~touched.directors_before)
        at = touched.director_of[same]
        rejected, eligible = columns.rejected_by_director.copy(), columns.eligible_by_director.copy()
        rejected[at] += base.n_rejected_by_director[same] - before.rejected_by_director[same]
        eligible[at] += base.n_candidates_by_director[same] - before.eligible_by_director[same]
        rejected[rows.directors] += rows.rejected_by_director
        eligible[rows.directors] += rows.eligible_by_director
        return rejected, eligible

    def contradictions(self, is_whole: Bools, rows: _Scored, others: Sequence[_Scored]) -> tuple[Contradiction, ...]:
        touched = self.touched
        found = [one for part in others for one in part.contradictions]
        found += [one for one in rows.contradictions if not is_whole[one.company_idx]]
        for one in self.base.contradictions:
            director, company = int(touched.director_of[one.director_idx]), int(touched.company_of[one.company_idx])
            if min(director, company) >= 0 and not is_whole[company] and not touched.directors[director]:
                found.append(replace(one, director_idx=director, company_idx=company))
        return tuple(sorted(found, key=lambda one: (one.director_idx, one.company_idx)))

    def joined(
        self,
        parts: Sequence[_Pairs],
        by_company: tuple[Ints, Ints],
        by_director: tuple[Ints, Ints],
        near_misses: dict[int, NearMiss],
        contradictions: tuple[Contradiction, ...],
    ) -> Candidates:
        pairs = _together(parts)
        # Nearly in order already, which a stable sort is quick with.
        pairs = pairs.where(np.argsort(pairs.director * self.new.n_companies + pairs.company, kind="stable"))
        n_cut = int(by_company[1].sum()) - pairs.director.size
        return candidates_of(
            pairs.director.astype(np.int32),
            pairs.company.astype(np.int32),
            self.pool.columns(pairs.place),
            tie_break=self.new.policy.tie_break,
            n_rejected_by_company=by_company[0].astype(np.int32),
            n_rejected_by_director=by_director[0].astype(np.int32),
            n_candidates_by_company=by_company[1].astype(np.int32),
            n_candidates_by_director=by_director[1].astype(np.int32),
            near_misses=MappingProxyType(dict(sorted(near_misses.items()))),
            contradictions=contradictions,
            flags=flags_of(self.new),
            n_cut=n_cut,
            n_considered=self.new.n_directors * self.new.n_companies,
        )


def _renumbered(found: dict[int, NearMiss], directors: Ints, companies: Ints) -> dict[int, NearMiss]:
    return {
        int(companies[at]): replace(miss, director_idx=int(directors[miss.director_idx])) for at, miss in found.items()
    }


def _columns_of(base: Candidates) -> dict[str, Array]:
    """The columns of all pairs by their names in `Part`."""
    found: dict[str, Array] = {name: getattr(base, name) for name in ("points", "keep", "is_pinned", "is_running")}
    found["distance_km"] = base.distance_km
    for name in CRITERIA:
        found[f"points:{name}"] = base.criteria[name]
        found[f"neutral:{name}"] = base.is_neutral[name]
    return found | {f"tie:{name}": values for name, values in base.tie_values.items()}


def _together(parts: Sequence[_Pairs]) -> _Pairs:
    return _Pairs(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(_Pairs)))


def _ranked(company: Ints, points: Ints, director: Ints) -> tuple[Ints, Ints]:
    """The order by company, most points, first director; and each one's place in its company, in that order."""
    order = np.lexsort((director, -points, company))
    sorted_company = company[order]
    first = np.flatnonzero(np.append(True, sorted_company[1:] != sorted_company[:-1])) if order.size else order
    size = np.diff(np.append(first, order.size))
    return order, np.arange(order.size) - np.repeat(first, size)


def _is_no_worse(points: Ints, director: Ints, old_points: Ints, old_director: Ints) -> Bools:
    """Whether each new last pair stands before all that were behind the old last pair of its company."""
    is_first = (points == old_points) & (old_director >= 0) & (director <= old_director)
    is_no_worse: Bools = (points > old_points) | is_first
    return is_no_worse
