"""Large inputs: the model of the pairs that its own prices do not rule out, found by solving it again and again.

`matcher.pairing.search` says which pairs a company begins with, and which of the others given prices do not rule out;
here the model is solved on those that are kept, and its prices handed back, until no pair left out could better the
plan or take the place of one that is in it.

Where the rows are no network, its linear relaxation is solved instead: its prices bound every plan of all pairs.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from matcher.domain.problem import Problem
from matcher.model.answer import Limits, Prices
from matcher.model.certificate import bound_of, reduced_costs
from matcher.model.formulation import Int64
from matcher.model.near import Near
from matcher.model.solvers.linear_prices import relax
from matcher.model.solvers.network import as_network
from matcher.model.tiers import solve_tiers
from matcher.modelling.model import Model, build_model
from matcher.modelling.near import Solved, near_prices
from matcher.modelling.pair_prices import prices_of_pairs
from matcher.pairing.candidates import Candidates
from matcher.pairing.search import Beyond, Search

SHARE = 0.5
"""Of the time limit: after that the search ends, and the plan is made of the pairs kept so far."""


LAST_SECONDS, LAST_GAP = 10.0, 0.05
"""What is still spent on a plan of the pairs kept, once somebody stopped the search: there is none before."""

SHARE_OF_GAP = 0.01
"""Of the gap that the policy allows, what pairs left out may add to the bound of a model that is no network."""

NEAR = 1000
"""Points below its price up to which a column is looked at first, once there are prices."""


@dataclass(frozen=True)
class Searched:
    """The model of the pairs kept, and the prices of its first tier that rule out all others.

    Attributes
    ----------
    held : prices of the first tier that bound all plans, also those with pairs left out
    n_rounds : how often it was solved; n_kept : pairs kept of all that are eligible
    is_whole : False where the limits ended the search, so that a pair left out could better the plan
    seconds : of the time limit that are spent
    """

    candidates: Candidates
    model: Model
    near: Near | None
    held: Prices
    n_rounds: int
    is_whole: bool
    seconds: float

    def left_of(self, limits: Limits) -> Limits:
        """What is left of the limits, half of the time at least; a moment for a plan where the search was stopped."""
        if limits.is_stopped and not self.is_whole:
            most = LAST_SECONDS if limits.time_limit_s is None else min(LAST_SECONDS, limits.time_limit_s)
            return replace(limits, stop=None, time_limit_s=most, gap=max(limits.gap, LAST_GAP))
        if limits.time_limit_s is None:
            return limits
        return replace(limits, time_limit_s=max(limits.time_limit_s - self.seconds, (1 - SHARE) * limits.time_limit_s))

    @property
    def n_kept(self) -> int:
        return self.candidates.n_pairs


class _Round(NamedTuple):
    """Prices of the first tier, and the plan they belong to; an x only of a network."""

    prices: Prices
    x: Int64 | None


def priced_search(problem: Problem, search: Search, limits: Limits) -> Searched | None:
    """The model that keeps every pair of any best plan; None where it has no plan.

    Parameters
    ----------
    search : as it begins; pairs are added to it
    limits : once `stop` is set, or `SHARE` of the time is spent, the search ends as it stands

    Notes
    -----
    When no pair left out is above its prices, these are the prices of the model of all pairs too: they are the
    distances from 0 in a residual graph, and an arc that keeps them changes none. A pair exactly at its prices may be
    in a plan as good, so it is added as well, and the later tiers choose among all plans that are best for the first.
    Of a model that is no network the linear relaxation has such prices; what integers leave open stays open.
    """
    started, rounds = time.monotonic(), 0
    solved: _Round | None = None
    candidates = search.candidates(with_places=False)
    model, near = build_model(problem, candidates), None
    held = raised(model, Prices(np.zeros(model.formulation.n_rows, np.int64)), search.most_points)
    while True:
        rounds += 1
        solved = _solved(model, limits, started, near, None if solved is None else solved.prices)
        if solved is None and not _is_over(limits, started):
            return None
        before, beyond = None, None
        if solved is not None:
            prices, x = solved
            asked = prices_of_pairs(model, prices.row, problem, candidates, scale=prices.scale)
            beyond = search.beyond(asked, limits.stop)
            before = None if x is None else Solved(problem, candidates, model, prices.row, x)
        is_whole = False
        if solved is not None and beyond is not None:
            # The rows are those of all pairs in every round, so prices of one bound the plans of any.
            held = raised(model, solved.prices, beyond.excess)
            is_whole = _is_enough(model, solved, beyond, held, limits.gap)
        is_done = is_whole or _is_over(limits, started)
        candidates = search.candidates(with_places=is_done)
        model = build_model(problem, candidates)
        near = None if before is None else near_prices(before, problem, candidates, model)
        if is_done:
            return Searched(candidates, model, near, held, rounds, is_whole, time.monotonic() - started)


def _is_enough(model: Model, solved: _Round, beyond: Beyond, held: Prices, gap: float) -> bool:
    """Whether no pair left out betters the plan; of no network, whether none betters its bound, or by little."""
    if solved.x is not None or (beyond.is_whole and not beyond.n_better):
        return beyond.is_whole and not beyond.n_better
    bound = bound_of(model.formulation, solved.prices)
    allowed = int(SHARE_OF_GAP * gap * abs(bound))
    return (beyond.is_whole or allowed > 0) and bound_of(model.formulation, held) <= bound + allowed


def _is_over(limits: Limits, started: float) -> bool:
    """Whether the search's share of the limits is spent."""
    time_s = limits.time_limit_s
    return limits.is_stopped or (time_s is not None and time.monotonic() - started >= SHARE * time_s)


def _solved(model: Model, limits: Limits, started: float, near: Near | None, known: Prices | None) -> _Round | None:
    """Prices that bound the model of the pairs kept: of its optimum, or of its linear relaxation.

    Parameters
    ----------
    known : of the round before
    """
    if isinstance(as_network(model.formulation), str):
        # One that is cut short has no prices, so the last of them may use up what is the plan's.
        time_s = limits.time_limit_s
        left_s = None if time_s is None else max(SHARE * time_s, time_s - (time.monotonic() - started))
        is_near = None
        if known is not None and known.row.size == model.formulation.n_rows:
            is_near = reduced_costs(model.formulation, known) >= -NEAR * known.scale
        found = relax(model.formulation, time_limit_s=left_s, stop=limits.stop, first=is_near)
        return None if found.prices is None else _Round(found.prices, None)
    # A flow has no clock, and what of it is given up has no prices.
    unlimited = replace(limits, time_limit_s=None, stop=None, deterministic_limit=None)
    solved = solve_tiers(model.formulation, model.tiers[:1], limits=unlimited, near=near)
    first, x = solved.results[0], solved.answer.x
    prices = first.evidence.prices
    if first.certificate.word != "proved" or x is None or prices is None or prices.scale != 1:
        return None
    return _Round(prices, x)


def raised(model: Model, prices: Prices, excess: Int64) -> Prices:
    """Prices that no pair is above: each company's raised by what pairs left out exceed it, at most.

    Parameters
    ----------
    excess : (n_companies,) in the units of the prices, 0 where no pair is above
    """
    row = prices.row.copy()
    family = next((one for one in model.formulation.families if one.name == "one_director"), None)
    if family is None or not excess.any():  # nobody is eligible for anything, or nothing is above
        return prices
    row[family.start : family.stop] += excess[model.meanings["one_director"].subject_idx]
    return Prices(row, prices.scale)
