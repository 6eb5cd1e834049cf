"""What every possible override of a plan would cost: each pair demanded, or each match forbidden, alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from os import cpu_count
from threading import Event, Timer

import numpy as np

from matcher.domain.policy import TierName
from matcher.explain.forcing import Change, changed
from matcher.explain.losses import Loss, Step, exact, ordered_chain
from matcher.explain.records import Record, chain_record, loss_record, losses_record
from matcher.explain.root_bounds import least_losses
from matcher.explain.standing import Standing
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
    n_solved : pairs that were solved again, of `n` that had to be; both 0 for a network
    total_time_s : what solving again was given
    """

    standing: Standing
    columns: tuple[int, ...]
    losses: tuple[Loss, ...]
    changes: dict[int, Change]
    ways: Ways | None
    n_solved: int
    n: int
    total_time_s: float

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
        if self.ways is not None:
            return {self.standing.tiers[0]: loss}
        return self.changes[column].losses if column in self.changes else {}

    def _chain(self, column: int, loss: Loss) -> tuple[Step, ...] | None:
        if self.ways is None:
            change = self.changes.get(column)
            return None if change is None or change.pairs is None else change.chain
        if loss.points is None:
            return None
        pair = self.standing.pair_of(column)
        steps = [(column, -1 if self.standing.is_chosen[column] else 1), *self.ways.further(column)]
        gone = {self.standing.pair_of(at) for at, sign in steps if sign < 0}
        come = {self.standing.pair_of(at) for at, sign in steps if sign > 0}
        return ordered_chain(gone, come, first=pair)


def ask(standing: Standing, *, budget: float = TOTAL_TIME_S) -> OverridesAnswer:
    """The exact cost of every override of a candidate.

    Parameters
    ----------
    budget : seconds; what solving again may take in all, where the model is no network

    Notes
    -----
    A network is answered by ways in its residual graph. Else every pair is solved again, those first that the plan's
    own proof says may cost least; of those that time does not reach, the proof says how much they lose at least.
    """
    residual = standing.residual
    if residual is not None:
        ways = changing(residual)
        losses = [
            exact(points if is_possible else None)
            for points, is_possible in zip(ways.loss.tolist(), ways.is_possible.tolist(), strict=True)
        ]
        return _ordered(standing, losses, {}, ways, (0, 0), budget)
    least = least_losses(standing)
    columns = np.arange(standing.candidates.n_pairs)
    order = columns if least is None else np.argsort(least, kind="stable")
    changes = solved_again(standing, order.tolist(), lambda one, column: _without_or_with(one, column), budget)
    losses = [_loss(changes.get(column), None if least is None else int(least[column])) for column in columns.tolist()]
    return _ordered(standing, losses, changes, None, (len(changes), columns.size), budget)


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
    timer = Timer(total_time_s, stop.set)
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
    total_time_s: float,
) -> OverridesAnswer:
    def place(column: int) -> tuple[bool, tuple[int, ...], int]:
        """What is impossible last; by the policy's objectives in their order, each as far as it is known."""
        loss = losses[column]
        by_tier = tuple(changes[column].losses.values()) if column in changes and len(standing.tiers) > 1 else (loss,)
        known = [one.at_least if one.points is None else one.points for one in by_tier]
        return loss.is_possible is False, tuple(one or 0 for one in known), column

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
