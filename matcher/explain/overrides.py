"""What every possible override of a plan would cost: each pair demanded, or each match forbidden, alone."""

from __future__ import annotations

import time
from bisect import insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from os import cpu_count
from threading import TIMEOUT_MAX, Event, Timer

import numpy as np

from matcher.domain.policy import TierName
from matcher.explain.forcing import Change, changed
from matcher.explain.losses import Loss, Step, exact, ordered_chain
from matcher.explain.records import Record, chain_record, loss_record, losses_record
from matcher.explain.root_bounds import least_losses
from matcher.explain.standing import Standing
from matcher.model.formulation import Int64, with_objective
from matcher.model.inner_network import Settled, settled_by_network
from matcher.model.ways import Ways, changing

TOTAL_TIME_S = 60.0
"""What solving again may take in all where nobody says."""


@dataclass(frozen=True)
class Override:
    """One pair.

    Attributes
    ----------
    is_chosen : a match, and the loss that of forbidding it; else the loss of demanding it
    losses : by tier of the policy; empty where it was not solved again
    chain : what else changes then; None where that is not known
    """

    director_idx: int
    company_idx: int
    points: int
    is_chosen: bool
    loss: Loss
    losses: Mapping[TierName, Loss]
    chain: tuple[Step, ...] | None


@dataclass(frozen=True)
class OverridesAnswer:
    """Every eligible pair, the cheapest override first; what no plan allows stands last.

    Attributes
    ----------
    ways : what a network settles; for pairs in `changes`, which were solved again, these stand instead
    n_solved : pairs that were solved again, of `n` that had to be; both 0 for a network
    total_time_s : what solving again was given; None: only the cheapest were solved again
    """

    standing: Standing
    columns: tuple[int, ...]
    losses: tuple[Loss, ...]
    changes: dict[int, Change]
    ways: Ways | None
    n_solved: int
    n: int
    total_time_s: float | None

    @cached_property
    def overrides(self) -> tuple[Override, ...]:
        """All of them, in order."""
        return tuple(self.first(len(self.columns)))

    def first(self, n: int) -> Iterator[Override]:
        """The first n."""
        points = self.standing.candidates.points
        for column, loss in zip(self.columns[:n], self.losses, strict=False):
            pair, is_chosen = self.standing.pair_of(column), bool(self.standing.is_chosen[column])
            yield Override(
                *pair, int(points[column]), is_chosen, loss, self._by_tier(column, loss), self._chain(column, loss)
            )

    def _by_tier(self, column: int, loss: Loss) -> Mapping[TierName, Loss]:
        if column in self.changes:
            return self.changes[column].losses
        return {self.standing.tiers[0]: loss} if self._is_by_ways(loss) else {}

    def _chain(self, column: int, loss: Loss) -> tuple[Step, ...] | None:
        change = self.changes.get(column)
        if change is not None:
            return None if change.pairs is None else change.chain
        if self.ways is None or loss.points is None:
            return None
        pair = self.standing.pair_of(column)
        steps = [(column, -1 if self.standing.is_chosen[column] else 1), *self.ways.further(column)]
        gone = {self.standing.pair_of(at) for at, sign in steps if sign < 0}
        come = {self.standing.pair_of(at) for at, sign in steps if sign > 0}
        return ordered_chain(gone, come, first=pair)

    def _is_by_ways(self, loss: Loss) -> bool:
        return self.ways is not None and loss.word == "proved"


def ask(standing: Standing, *, budget: float = TOTAL_TIME_S) -> OverridesAnswer:
    """The exact cost of every override of a candidate.

    Parameters
    ----------
    budget : seconds; what solving again may take in all, where the model is no network

    Notes
    -----
    A network is answered by ways in its residual graph, and so is whatever the network among the rows settles. Every
    other pair is solved again, those first that the plan's own proof says may cost least; of those that time does not
    reach, the proof says how much they lose at least.
    """
    known, least = _known(standing), least_losses(standing)
    order = _to_solve(standing, known, least)
    changes = solved_again(standing, order, _without_or_with, budget)
    return _answer(standing, known, least, changes, len(order), budget)


def cheapest(standing: Standing, n: int) -> OverridesAnswer:
    """The answer that is exact for the `n` cheapest overrides; of the rest, what needs no solving again.

    Notes
    -----
    Solved one after the other in the order of what they lose at least, until `n` are known to cost no more than any
    that is left. After 2 · `n` it ends, and some of the first may then be open. No clock decides: the same plan gives
    the same answer.
    """
    known, least = _known(standing), least_losses(standing)
    order = _to_solve(standing, known, least)
    found = [] if known is None else sorted(known.ways.loss[known.is_settled & known.ways.is_possible].tolist())
    changes: dict[int, Change] = {}
    for column in order[: 2 * n]:
        if least is not None and len(found) >= n and found[n - 1] <= least[column]:
            break
        changes[column] = _without_or_with(standing, column)
        points = changes[column].loss.points
        if points is not None:
            insort(found, points)
    return _answer(standing, known, least, changes, len(order), None)


def _known(standing: Standing) -> Settled | None:
    """What needs no solving again."""
    residual = standing.residual
    if residual is not None:
        ways = changing(residual)
        return Settled(ways, np.ones(ways.loss.size, np.bool_))
    formulation = standing.model.formulation
    tier = standing.model.tiers[0]
    is_plain = standing.tiers == ("points",) and not tier.tolerance and formulation.n_cols == formulation.n_pairs
    if not is_plain:
        return None
    return settled_by_network(with_objective(formulation, tier.objective), standing.is_chosen.astype(np.int64))


def _to_solve(standing: Standing, known: Settled | None, least: Int64 | None) -> list[int]:
    """The columns that have to be solved again, those first that may cost least."""
    is_open = np.ones(standing.candidates.n_pairs, np.bool_) if known is None else ~known.is_settled
    columns = np.flatnonzero(is_open)
    order = columns if least is None else columns[np.argsort(least[columns], kind="stable")]
    return [int(column) for column in order]


def _answer(
    standing: Standing,
    known: Settled | None,
    least: Int64 | None,
    changes: dict[int, Change],
    n: int,
    total_time_s: float | None,
) -> OverridesAnswer:
    losses = []
    for column in range(standing.candidates.n_pairs):
        if known is not None and known.is_settled[column]:
            is_possible = bool(known.ways.is_possible[column])
            losses.append(exact(int(known.ways.loss[column]) if is_possible else None))
        else:
            losses.append(_loss(changes.get(column), None if least is None else int(least[column])))
    ways = None if known is None else known.ways
    return _ordered(standing, losses, changes, ways, (len(changes), n), total_time_s)


def solved_again(
    standing: Standing,
    tasks: Sequence[int],
    solve: Callable[[Standing, int], Change],
    total_time_s: float,
) -> dict[int, Change]:
    """What each task comes to, as many as can be begun in the time, in parallel.

    Notes
    -----
    When the time is over a solver that still runs comes back with what it has, which is then proved or not.
    """
    stop, deadline = Event(), time.monotonic() + total_time_s
    timer = Timer(min(total_time_s, TIMEOUT_MAX), stop.set)
    timer.daemon = True
    # Filled before threads share it: they all read the published plan.
    standing.base, standing.pairs, standing.key  # noqa: B018
    one = replace(standing, limits=replace(standing.limits, stop=stop))
    one.base, one.pairs, one.key, one.points_tier  # noqa: B018

    def spend(task: int) -> Change | None:
        return None if stop.is_set() or time.monotonic() >= deadline else solve(one, task)

    timer.start()
    try:
        with ThreadPoolExecutor(max_workers=max(1, min(4, cpu_count() or 1))) as pool:
            found = list(pool.map(spend, tasks))
    finally:
        timer.cancel()
    return {task: change for task, change in zip(tasks, found, strict=True) if change is not None}


def _without_or_with(standing: Standing, column: int) -> Change:
    formulation = standing.forbidden(column) if standing.is_chosen[column] else standing.forced(column)
    return changed(standing, standing.solve(formulation), first=standing.pair_of(column))


def _loss(change: Change | None, least: int | None) -> Loss:
    """The loss, with what the plan's own proof says of it where that says more."""
    if change is None:
        return Loss(None, "unknown", at_least=least, is_possible=None)
    loss = change.loss
    if loss.word == "proved" or least is None or loss.is_possible is False:
        return loss
    return replace(loss, at_least=least if loss.at_least is None else max(least, loss.at_least))


def _ordered(
    standing: Standing,
    losses: Sequence[Loss],
    changes: dict[int, Change],
    ways: Ways | None,
    solved: tuple[int, int],
    total_time_s: float | None,
) -> OverridesAnswer:
    def place(column: int) -> tuple[bool, tuple[int, ...], bool, int]:
        """What is impossible last; by the policy's objectives in their order, each as far as it is known.

        Of equals those first of which that is all there is to be known.
        """
        loss = losses[column]
        by_tier = tuple(changes[column].losses.values()) if column in changes and len(standing.tiers) > 1 else (loss,)
        known = [one.at_least if one.points is None else one.points for one in by_tier]
        return loss.is_possible is False, tuple(one or 0 for one in known), loss.word == "unknown", column

    order = sorted(range(len(losses)), key=place)
    ordered = tuple(losses[column] for column in order)
    return OverridesAnswer(standing, tuple(order), ordered, changes, ways, *solved, total_time_s)


def record(standing: Standing, answer: OverridesAnswer) -> Record:
    """The answer as plain data."""
    problem = standing.problem
    return {
        "overrides": [
            {
                "director_id": problem.director_ids[one.director_idx],
                "company_id": problem.company_ids[one.company_idx],
                "points": one.points,
                "action": "forbid" if one.is_chosen else "force",
                **loss_record(one.loss),
                "losses": losses_record(one.losses),
                "chain": None if one.chain is None else chain_record(standing, one.chain),
            }
            for one in answer.overrides
        ],
        "n_solved": answer.n_solved,
        "n_to_solve": answer.n,
        "total_time_s": answer.total_time_s if answer.n else None,
        "off_by_points": standing.off_by,
    }
