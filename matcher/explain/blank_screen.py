"""Blanks that are shown to change nothing by adding up, without solving.

A pair that was not chosen comes in only if its points rise by what forcing it costs, a match leaves only if its points
fall by what forbidding it costs. Costs are counted from the plan's proved bound: where the plan is that bound they say
that it stays best, else that it is off by no more than it may be now.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from matcher.domain import geography
from matcher.domain.problem import Problem
from matcher.explain.blank_values import Value
from matcher.explain.blanks import CRITERION_OF, Blank, Subject, filled
from matcher.explain.loss_ends import LossEnds, loss_ends
from matcher.explain.rescoring import Rescoring, Touched
from matcher.explain.standing import Standing
from matcher.model.formulation import Int64
from matcher.pairing.candidates import RULES
from matcher.pairing.criteria import POINTS
from matcher.pairing.sides import days, last_day_of_work

_IN_REACH = RULES.index("in_reach")


@dataclass(frozen=True)
class Screened:
    """Blanks that change nothing; those that may, with the values that do not show it; those nobody may judge."""

    dropped: list[Blank] = field(default_factory=list)
    queue: list[tuple[Blank, tuple[Value, ...]]] = field(default_factory=list)
    left: list[Blank] = field(default_factory=list)


def screened(standing: Standing, blanks: Sequence[Blank], rescoring: Rescoring, *, until: float) -> Screened:
    """What needs no solving.

    Parameters
    ----------
    until : on the clock of `time.monotonic`; what is not reached is queued with all its values

    Notes
    -----
    One scoring a field and value serves all blanks of the field. Where the policy has cut pairs, a value may let
    another pair in for one it takes away: there nothing is shown by adding up.
    """
    return _Screen(standing, rescoring, until).result(blanks)


def is_cut(standing: Standing) -> bool:
    """Whether the policy kept only the best candidates of each company, and cut some."""
    return standing.candidates.n_cut > 0


def is_in_plan(standing: Standing, blank: Blank) -> bool:
    """Whether the blank's director or company has a match."""
    side = 0 if blank.subject == "director" else 1
    return any(pair[side] == blank.idx for pair in standing.pairs)


def moves_rows(problem: Problem, blank: Blank) -> bool:
    """Whether a value may change who counts towards a limit, or what a pair takes of it."""
    return blank.effect != "scored" or (
        blank.subject == "company" and any(quota.by == blank.field for quota in problem.policy.limits.quotas)
    )


@dataclass
class _Screen:
    standing: Standing
    rescoring: Rescoring
    until: float

    def result(self, blanks: Sequence[Blank]) -> Screened:
        out = Screened()
        unscreened: list[Blank] = []
        groups: dict[tuple[str, str, int | str | None, tuple[Value, ...]], list[Blank]] = defaultdict(list)
        for blank in blanks:
            if is_cut(self.standing):
                (out.left if blank.is_narrowing else unscreened).append(blank)
            elif blank.is_narrowing and not self._is_in_plan(blank):
                out.dropped.append(blank)
            elif moves_rows(self.standing.problem, blank) or not self._can_add_up:
                unscreened.append(blank)
            else:
                groups[blank.table, blank.field, blank.key, blank.values].append(blank)
        ends = loss_ends(self.standing) if groups else None
        # What takes few scorings first, missing rows last.
        for group in sorted(groups.values(), key=lambda group: (group[0].key is not None, len(group[0].scale))):
            assert ends is not None
            near = [blank for blank in group if not self._cannot_reach(blank, ends)]
            out.dropped.extend(blank for blank in group if blank not in set(near))
            found = self._open_values(near, ends) if near else {}
            if found is None:
                unscreened += near
                continue
            for blank, values in found.items():
                if values:
                    out.queue.append((blank, values))
                else:
                    out.dropped.append(blank)
        out.queue.sort(key=lambda item: not self._is_in_plan(item[0]))
        unscreened.sort(key=lambda blank: (len(blank.scale), not self._is_in_plan(blank)))
        out.queue.extend((blank, blank.values) for blank in unscreened)
        return out

    @cached_property
    def _most_of(self) -> dict[Subject, Int64]:
        problem = self.standing.problem
        return {"director": most_matches(problem, "director"), "company": most_matches(problem, "company")}

    def _most(self, blank: Blank) -> int:
        return int(self._most_of[blank.subject][blank.idx])

    @property
    def _can_add_up(self) -> bool:
        return self.standing.tiers == ("points",) and not self.standing.model.tiers[0].tolerance

    @cached_property
    def _served(self) -> tuple[frozenset[int], frozenset[int]]:
        return (
            frozenset(director for director, _ in self.standing.pairs),
            frozenset(company for _, company in self.standing.pairs),
        )

    def _is_in_plan(self, blank: Blank) -> bool:
        return blank.idx in self._served[0 if blank.subject == "director" else 1]

    def _open_values(self, group: Sequence[Blank], ends: LossEnds) -> dict[Blank, tuple[Value, ...]] | None:
        """The values at which a blank is not shown to change nothing; all blanks of a group are filled at once.

        None once the time is used up.

        Notes
        -----
        Each blank moves pairs of its own director or company only, so one scoring shows what each does alone.
        """
        left: dict[Blank, list[Value]] = {blank: [] for blank in group}
        n_companies = len(self.standing.problem.companies)
        before = {blank: self._before(blank) for blank in group}
        for value in group[0].values:
            asked = [blank for blank in group if value in blank.scale.probes or left[blank] or self._is_in_plan(blank)]
            if not asked:
                continue
            if time.monotonic() > self.until:
                return None
            changed = self.rescoring.touched(filled(self.standing.problem, asked, value), asked)
            for blank in asked:
                if not self._stays(blank, before[blank], changed.of(blank, n_companies), ends):
                    left[blank].append(value)
        # Pairs of somebody outside the plan rise most at one end of a scale: shown there, shown everywhere.
        return {
            blank: blank.values if found and not self._is_in_plan(blank) else tuple(found)
            for blank, found in left.items()
        }

    def _before(self, blank: Blank) -> Int64:
        """The columns of the blank's director or company."""
        if blank.subject == "director":
            low, high = np.searchsorted(self.standing.candidates.director_idx, (blank.idx, blank.idx + 1))
            return np.arange(low, high)
        order, start = self._by_company
        return order[start[blank.idx] : start[blank.idx + 1]]

    @cached_property
    def _by_company(self) -> tuple[Int64, Int64]:
        company = self.standing.candidates.company_idx
        order = np.argsort(company, kind="stable")
        return order, np.searchsorted(company[order], np.arange(len(self.standing.problem.companies) + 1))

    def _stays(self, blank: Blank, was: Int64, changed: Touched, ends: LossEnds) -> bool:
        """Whether the plan is shown to stay as good as it is when one director's, or company's, pairs score otherwise.

        Notes
        -----
        A plan that takes up other pairs of the subject gains at most what these rise by, together, and what the plan's
        own pairs rise by, less the highest of their losses; one that only drops pairs of the plan gains at most what
        they fall by, less their loss. Neither may pass what the published plan itself gains.
        """
        standing = self.standing
        old = standing.key[was]
        if not _is_in(changed.key, old).all():
            return False
        is_kept = _is_in(old, changed.key)
        rise = changed.points - standing.candidates.points[was[is_kept]]
        is_own = standing.is_chosen[was]
        if (is_own & ~is_kept).any():
            return False
        own, other = rise[is_own[is_kept]], rise[~is_own[is_kept]]
        gain = int(own.sum())
        falls = int(np.maximum(-own, 0).sum())
        if falls and falls > int(ends.forbidding[was[is_own]].min()):
            return False
        losses = ends.forcing[was[is_kept]][~is_own[is_kept]]
        most = self._most(blank)
        if most == 1:
            return bool((other - losses <= gain).all())
        beside = int(np.maximum(own, 0).sum())
        return _most_gained(other, losses, most) <= gain - beside

    def _cannot_reach(self, blank: Blank, ends: LossEnds) -> bool:
        """Whether even a full score in the blank's criterion changes nothing: unscored, where no match is touched.

        Notes
        -----
        Not where a floor or the reach may let pairs in, or the blank decides more than its criterion.
        """
        standing, thresholds = self.standing, self.standing.problem.policy.thresholds
        name = CRITERION_OF.get(blank.field)
        if name is None or name in thresholds.min_by_criterion:
            return False
        if thresholds.min_score_points is not None or (name == "readiness" and thresholds.min_readiness is not None):
            return False
        if name == "nearness" and standing.candidates.n_rejected_by_company[blank.idx, _IN_REACH]:
            return False
        candidates = standing.candidates
        of = self._before(blank)
        of = of[reached(standing.problem, blank)[candidates.company_idx[of]]]
        if standing.is_chosen[of].any():
            return False
        priority = standing.problem.companies["priority"].to_numpy(np.float64)[candidates.company_idx[of]]
        weight = standing.problem.policy.weights.normalised()[name]
        full = np.rint(POINTS * priority * weight).astype(np.int64)
        rises = full - candidates.criteria[name][of]
        return _most_gained(rises, ends.forcing[of], self._most(blank)) <= 0


def _is_in(some: Int64, every: Int64) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(n,) whether each number is one of others, all of them ascending."""
    at = np.searchsorted(every, some)
    return np.asarray(np.append(every, -1)[at] == some)


def _most_gained(rises: Int64, losses: Int64, most: int) -> int:
    """Points gained at most by taking up at most so many pairs, each forced at a loss, whose points rise.

    Notes
    -----
    Of the pairs taken up take the one of the highest loss: all others are among those of no higher loss.
    """
    if not rises.size:
        return 0
    order = np.argsort(losses, kind="stable")
    up = np.maximum(rises[order], 0)
    together = np.minimum(np.cumsum(up), most * np.maximum.accumulate(up))
    return int((together - losses[order]).max())


def most_matches(problem: Problem, subject: Subject) -> Int64:
    """(n,) how many matches of one plan a director, or a company, may have: one director each, so many slots each."""
    if subject == "company":
        return np.ones(len(problem.companies), np.int64)
    most = len(problem.companies)
    if problem.policy.limits.max_companies is not None:
        most = min(most, problem.policy.limits.max_companies)
    # Slots are counted by the month: only companies that all run on one day share none.
    start = days(problem.companies, "start")
    last = last_day_of_work(start, problem.companies["months"].to_numpy(np.int64))[~np.isnat(start)]
    start = start[~np.isnat(start)]
    is_together = not start.size or bool(start.max() <= last.min())
    slots = problem.directors["max_companies"].to_numpy(np.int64)
    return np.minimum(slots, most) if is_together else np.full(slots.size, most, np.int64)


def reached(problem: Problem, blank: Blank) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(n_companies,) whether a blank's own criterion may score a company otherwise.

    Notes
    -----
    What a director knows of a prefecture tells of its neighbours and its region too.
    """
    if blank.subject == "company":
        return np.asarray(np.arange(len(problem.companies)) == blank.idx, np.bool_)
    if blank.table != "director_regions":
        return np.ones(len(problem.companies), np.bool_)
    area = geography.neighbour_matrix() | geography.same_region_matrix()
    prefecture = problem.companies["prefecture"].to_numpy(np.int64)
    return np.asarray(area[int(blank.key or 0)][prefecture] | (prefecture == blank.key), np.bool_)
