"""Which blank of the tables could change the plan, and at which values; and that the others cannot.

A blank is dropped without solving where exact sums show that the plan stays best at every value: a pair that was not
chosen comes in only if its points rise by what forcing it costs, a match leaves only if its points fall by what
forbidding it costs. What is left is filled in, value by value, and the whole programme is solved again.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from matcher.domain.problem import Problem
from matcher.errors import DataError, ModelError
from matcher.explain.blanks import (
    CRITERION_OF,
    LIMITS,
    Blank,
    Value,
    blanks_of,
    filled,
    has_steps,
    most_matches,
    reached,
)
from matcher.explain.loss_ends import LossEnds, loss_ends
from matcher.explain.losses import Pair, Step, Word, ordered_chain
from matcher.explain.records import Record, chain_record
from matcher.explain.standing import Optimum, Standing
from matcher.model.formulation import Int64
from matcher.modelling import build_model
from matcher.pairing.candidates import Candidates, build_candidates
from matcher.pairing.criteria import POINTS

BUDGET_S = 60.0
_HIGHEST = 2**30


@dataclass(frozen=True)
class Outcome:
    """What some values of a blank lead to.

    Attributes
    ----------
    values : as tried; of a blank that limits, the first value at which the plan changes
    chain : what changes then; empty where the plan stays
    gain : points the best plan then has more than the published one; None where that one is not possible then
    stake : points at stake: the gain, or what is lost where the published plan is not possible
    word : how sure the new plan is
    """

    values: tuple[Value, ...]
    chain: tuple[Step, ...]
    gain: int | None
    stake: int
    word: Word
    is_possible: bool = True


@dataclass(frozen=True)
class Finding:
    """One blank that changes the plan: `outcomes` by value, and the most points at stake."""

    blank: Blank
    outcomes: tuple[Outcome, ...]
    stake_points: int


@dataclass(frozen=True)
class AskNextAnswer:
    """The blanks, by what they can do to the plan.

    Attributes
    ----------
    matter : those that change it at some value, most points at stake first
    irrelevant : those that are proved to change nothing; n_solved : of these, by solving again
    not_examined : those left when the time was used up, dates of directors and companies in question, and blanks whose
        solving again proved nothing
    is_comparable : False where the plan is not proved, so that no blank can be judged
    """

    matter: tuple[Finding, ...]
    irrelevant: tuple[Blank, ...]
    n_solved: int
    not_examined: tuple[Blank, ...]
    is_comparable: bool
    is_out_of_time: bool


def ask(standing: Standing, *, budget: float = BUDGET_S) -> AskNextAnswer:
    """Which blanks to ask for next.

    Parameters
    ----------
    budget : seconds; blanks not reached are listed as not examined

    Notes
    -----
    One scoring a field and value serves all blanks of the field. Where the policy keeps only the best candidates, or
    has tiers besides the points, nothing is screened and every value is solved.
    """
    blanks = blanks_of(standing.problem)
    if any(word != "proved" for word in standing.base.words):
        return AskNextAnswer((), (), 0, blanks, is_comparable=False, is_out_of_time=False)
    started = time.monotonic()
    return _Search(standing, started + budget / 2, started + budget).answer(blanks)


@dataclass
class _Search:
    """The blanks while they are looked through."""

    standing: Standing
    screens_until: float
    ends_at: float
    is_out_of_time: bool = False
    _known: dict[str, tuple[frozenset[Pair] | None, Outcome]] = field(default_factory=dict)

    def answer(self, blanks: Sequence[Blank]) -> AskNextAnswer:
        dropped, queue, dates = self._screened(blanks)
        matter, solved, left = [], [], list(dates)
        for blank, values in queue:
            if self._is_over():
                left.append(blank)
                continue
            outcomes = self._limit_outcomes(blank) if blank.effect == "limits" else self._outcomes(blank, values)
            if any(outcome.chain or not outcome.is_possible for outcome in outcomes):
                matter.append(Finding(blank, outcomes, max(outcome.stake for outcome in outcomes)))
            elif all(outcome.word == "proved" for outcome in outcomes):
                solved.append(blank)
            else:
                left.append(blank)
        order = {blank: place for place, blank in enumerate(blanks)}
        matter.sort(key=lambda found: (-found.stake_points, order[found.blank]))
        none = sorted((*dropped, *solved), key=order.__getitem__)
        examined = sorted(left, key=order.__getitem__)
        return AskNextAnswer(
            tuple(matter), tuple(none), len(solved), tuple(examined), True, is_out_of_time=self.is_out_of_time
        )

    def _is_over(self) -> bool:
        self.is_out_of_time |= time.monotonic() > self.ends_at
        return self.is_out_of_time

    def _screened(
        self, blanks: Sequence[Blank]
    ) -> tuple[list[Blank], list[tuple[Blank, tuple[Value, ...]]], list[Blank]]:
        """Blanks that change nothing; those left with the values to solve, in the plan first; dates left."""
        dropped, dates = [], []
        queue: list[tuple[Blank, tuple[Value, ...]]] = []
        groups: dict[tuple[str, str, int | str | None], list[Blank]] = defaultdict(list)
        for blank in blanks:
            if blank.effect == "scored":
                groups[blank.table, blank.field, blank.key].append(blank)
            elif not self._is_in_plan(blank) and blank.field != "start":
                dropped.append(blank)
            elif blank.effect == "limits":
                queue.append((blank, ()))
            else:
                dates.append(blank)
        ends = loss_ends(self.standing) if self._can_screen and groups else None
        unscreened: list[Blank] = []
        # What takes few scorings first, missing rows last.
        for group in sorted(groups.values(), key=lambda group: (group[0].key is not None, len(group[0].values))):
            if ends is not None and not self._moves_rows(group[0]):
                far = {blank for blank in group if self._cannot_reach(blank, ends)}
                dropped += far
                group = [blank for blank in group if blank not in far]
            if not group:
                continue
            if time.monotonic() > self.screens_until or ends is None or self._moves_rows(group[0]):
                unscreened += group
                continue
            for blank, values in self._open_values(group, ends):
                dropped += [blank] if not values else []
                queue += [(blank, values)] if values else []
        queue += [(blank, blank.values) for blank in unscreened]
        last = set(unscreened)
        queue.sort(key=lambda item: (item[0] in last, not self._is_in_plan(item[0])))
        return dropped, queue, dates

    @property
    def _can_screen(self) -> bool:
        problem = self.standing.problem
        is_plain = self.standing.tiers == ("points",) and not self.standing.model.tiers[0].tolerance
        return is_plain and problem.policy.candidates.keep_per_company is None

    def _moves_rows(self, blank: Blank) -> bool:
        """Whether a value also moves a company from one quota to another."""
        return blank.subject == "company" and any(
            quota.by == blank.field for quota in self.standing.problem.policy.limits.quotas
        )

    def _is_in_plan(self, blank: Blank) -> bool:
        side = 0 if blank.subject == "director" else 1
        return any(pair[side] == blank.idx for pair in self.standing.pairs)

    def _open_values(self, group: Sequence[Blank], ends: LossEnds) -> Iterator[tuple[Blank, tuple[Value, ...]]]:
        """The values at which a blank is not shown to change nothing; all blanks of a group are filled at once.

        Notes
        -----
        Each blank moves pairs of its own director or company only, so one scoring shows what each does alone.
        """
        left: dict[Blank, list[Value]] = {blank: [] for blank in group}
        values = group[0].values
        ends_only = {values[0], values[-1]} if has_steps(group[0]) else set(values)
        for value in values:
            asked = [blank for blank in group if value in ends_only or left[blank] or self._is_in_plan(blank)]
            if not asked:
                continue
            changed = build_candidates(filled(self.standing.problem, asked, value))
            for blank in asked:
                if not self._stays(blank, changed, ends):
                    left[blank].append(value)
        for blank, found in left.items():
            # Pairs of somebody outside the plan rise most at one end of a scale: shown there, shown everywhere.
            yield blank, blank.values if found and not self._is_in_plan(blank) else tuple(found)

    def _stays(self, blank: Blank, changed: Candidates, ends: LossEnds) -> bool:
        """Whether the plan is shown to stay best when one director's, or one company's, pairs score as in `changed`.

        Notes
        -----
        A plan that takes up other pairs of the subject gains at most what these rise by, together, and what the plan's
        own pairs rise by, less the highest of their losses; one that only drops pairs of the plan gains at most what
        they fall by, less their loss. Neither may pass what the published plan itself gains.
        """
        standing = self.standing
        before = standing.candidates.director_idx if blank.subject == "director" else standing.candidates.company_idx
        after = changed.director_idx if blank.subject == "director" else changed.company_idx
        was, is_now = np.flatnonzero(before == blank.idx), np.flatnonzero(after == blank.idx)
        n_companies = len(standing.problem.companies)
        old = standing.key[was]
        new = changed.director_idx[is_now].astype(np.int64) * n_companies + changed.company_idx[is_now]
        if np.setdiff1d(new, old).size:
            return False
        is_kept = np.isin(old, new)
        rise = changed.points[is_now] - standing.candidates.points[was[is_kept]]
        is_own = standing.is_chosen[was]
        if (is_own & ~is_kept).any():
            return False
        own, other = rise[is_own[is_kept]], rise[~is_own[is_kept]]
        gain = int(own.sum())
        falls = int(np.maximum(-own, 0).sum())
        if falls and falls > int(ends.forbidding[was[is_own]].min()):
            return False
        losses = ends.forcing[was[is_kept]][~is_own[is_kept]]
        most = most_matches(standing.problem, blank)
        if most == 1:
            return bool((other - losses <= gain).all())
        beside = int(np.maximum(own, 0).sum())
        return _most_gained(other, losses, most) <= gain - beside

    def _cannot_reach(self, blank: Blank, ends: LossEnds) -> bool:
        """Whether even a full score in the blank's criterion changes nothing: of somebody outside the plan, unscored.

        Notes
        -----
        Not where a floor may let pairs in, or the blank decides more than its criterion.
        """
        standing, thresholds = self.standing, self.standing.problem.policy.thresholds
        name = CRITERION_OF.get(blank.field)
        if name is None or self._is_in_plan(blank) or name in thresholds.min_by_criterion:
            return False
        if thresholds.min_score_points is not None or (name == "readiness" and thresholds.min_readiness is not None):
            return False
        candidates = standing.candidates
        subject = candidates.director_idx if blank.subject == "director" else candidates.company_idx
        of = np.flatnonzero((subject == blank.idx) & reached(standing.problem, blank)[candidates.company_idx])
        priority = standing.problem.companies["priority"].to_numpy(np.float64)[candidates.company_idx[of]]
        weight = standing.problem.policy.weights.normalised()[name]
        full = np.rint(POINTS * priority * weight).astype(np.int64)
        rises = full - candidates.criteria[name][of]
        return _most_gained(rises, ends.forcing[of], most_matches(standing.problem, blank)) <= 0

    def _outcomes(self, blank: Blank, values: Sequence[Value]) -> tuple[Outcome, ...]:
        """What every value leads to, values of one outcome together; those that were not solved change nothing."""
        found: dict[frozenset[Pair] | None, list[tuple[Value, Outcome]]] = defaultdict(list)
        for value in blank.values:
            if value not in values:
                found[self.standing.pairs].append((value, Outcome((value,), (), 0, 0, "proved")))
                continue
            pairs, outcome = self._outcome(blank, value)
            found[pairs].append((value, outcome))
        order: tuple[Word, ...] = ("proved", "claimed", "unknown")
        return tuple(
            Outcome(
                values=tuple(value for value, _ in same),
                chain=same[0][1].chain,
                gain=max((one.gain for _, one in same if one.gain is not None), default=None),
                stake=max(one.stake for _, one in same),
                word=max((one.word for _, one in same), key=order.index),
                is_possible=same[0][1].is_possible,
            )
            for same in found.values()
        )

    def _outcome(self, blank: Blank, value: Value) -> tuple[frozenset[Pair] | None, Outcome]:
        """The plan with one value, told from the published one."""
        standing = self.standing
        changed = filled(standing.problem, [blank], value)
        candidates = build_candidates(changed)
        is_scored = blank.effect == "scored" and not self._moves_rows(blank)
        key = _content(candidates)
        if is_scored and key in self._known:
            pairs, known = self._known[key]
            return pairs, replace(known, values=(value,))
        found = self._solved(changed, candidates, value, is_scored=is_scored)
        if is_scored:
            self._known[key] = found
        return found

    def _solved(
        self, changed: Problem, candidates: Candidates, value: Value, *, is_scored: bool
    ) -> tuple[frozenset[Pair] | None, Outcome]:
        standing = self.standing
        stays = self._value_of_plan(candidates) if standing.tiers == ("points",) else None
        if is_scored and stays is not None and self._is_best(changed, candidates, stays):
            return standing.pairs, Outcome((value,), (), 0, 0, "proved")
        try:
            optimum = standing.solve_problem(changed)
        except (DataError, ModelError):
            return None, Outcome((value,), (), None, 0, "proved", is_possible=False)
        base = standing.base.values[0] or 0
        if optimum.values[0] is None:
            is_none = optimum.is_possible is False
            word: Word = optimum.none_word if is_none else "unknown"
            return None, Outcome((value,), (), None, base, word, is_possible=not is_none)
        word = _weakest(optimum)
        gain = None if stays is None else optimum.values[0] - stays
        if optimum.pairs == standing.pairs or (gain == 0 and is_scored):
            return standing.pairs, Outcome((value,), (), 0, 0, word)
        chain = ordered_chain(standing.pairs, optimum.pairs)
        stake = gain if gain else max(base - optimum.values[0], 0)
        return optimum.pairs, Outcome((value,), chain, gain, stake, word)

    def _is_best(self, changed: Problem, candidates: Candidates, points: int) -> bool:
        """Whether no plan has more points than the published one then, proved; sooner than asking which plan is best.

        Notes
        -----
        Only for values that move points: the limits of the plan are as before, so it is still a plan.
        """
        from matcher.model.tiers import solve_tiers

        if candidates.contradictions:
            return False
        model = build_model(changed, candidates)
        try:
            solved = solve_tiers(model.formulation, model.tiers[:1], limits=self.standing.limits)
        except ModelError:
            return False
        bound = solved.results[0].certificate.bound
        return bound is not None and bound <= points

    def _value_of_plan(self, candidates: Candidates) -> int | None:
        """The published plan's points under other candidates; None where a match is none of them any more."""
        key = candidates.director_idx.astype(np.int64) * len(self.standing.problem.companies) + candidates.company_idx
        wanted: Int64 = self.standing.key[self.standing.is_chosen]
        found = np.isin(key, wanted)
        return int(candidates.points[found].sum()) if int(found.sum()) == wanted.size else None

    def _limit_outcomes(self, blank: Blank) -> tuple[Outcome, ...]:
        """The first whole number at which the plan no longer holds, by halving; one outcome without a chain if none."""
        is_low = LIMITS[blank.table, blank.field] == "low"
        mild, harsh = (_HIGHEST, 0) if is_low else (0, _HIGHEST)
        pairs, outcome = self._outcome(blank, float(harsh))
        if pairs == self.standing.pairs:
            return (outcome,)
        while abs(mild - harsh) > 1:
            middle = (mild + harsh) // 2
            pairs, found = self._outcome(blank, float(middle))
            if pairs == self.standing.pairs:
                mild = middle
            else:
                harsh, outcome = middle, found
        return (replace(outcome, values=(float(harsh),)),)


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


def _content(candidates: Candidates) -> str:
    """A digest of who is eligible with how many points, and of what breaks ties."""
    columns = (candidates.director_idx, candidates.company_idx, candidates.points, *candidates.tie_values.values())
    digest = hashlib.sha256()
    for column in columns:
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()


def _weakest(optimum: Optimum) -> Word:
    order: tuple[Word, ...] = ("proved", "claimed", "unknown")
    return max(optimum.words, key=order.index)


def blank_record(standing: Standing, blank: Blank) -> Record:
    """Where a value is missing."""
    problem = standing.problem
    ids = problem.director_ids if blank.subject == "director" else problem.company_ids
    return {"table": blank.table, "field": blank.field, f"{blank.subject}_id": ids[blank.idx], "key": blank.key}


def record(standing: Standing, answer: AskNextAnswer) -> Record:
    """The answer as plain data."""
    return {
        "comparable": answer.is_comparable,
        "matter": [
            {
                **blank_record(standing, found.blank),
                "stake_points": found.stake_points,
                "outcomes": [
                    {
                        "values": list(outcome.values),
                        "chain": chain_record(standing, outcome.chain),
                        "gain_points": outcome.gain,
                        "stake_points": outcome.stake,
                        "word": outcome.word,
                        "possible": outcome.is_possible,
                    }
                    for outcome in found.outcomes
                ],
            }
            for found in answer.matter
        ],
        "n_irrelevant": len(answer.irrelevant),
        "n_irrelevant_by_solving": answer.n_solved,
        "irrelevant": [blank_record(standing, blank) for blank in answer.irrelevant],
        "not_examined": [blank_record(standing, blank) for blank in answer.not_examined],
        "out_of_time": answer.is_out_of_time,
    }
