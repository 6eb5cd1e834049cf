"""What a run's files say of every match and of unserved companies: only where it is exact and costs next to nothing.

What is shown is decided by counts, never by a clock: the same plan gives the same files on any machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import cast

import numpy as np
import numpy.typing as npt

from matcher.domain.policy import TierName
from matcher.explain.forcing import with_company, without_pair
from matcher.explain.losses import Loss, exact
from matcher.explain.standing import Standing
from matcher.model.displacement import Residual
from matcher.model.solvers import BACKENDS
from matcher.plan.plan import Plan

MAX_SOLVE_CELLS = 10_000
"""Times a model that is no network is solved again for the files of one run × its candidates: some 0.4 s."""
MAX_WAY_CELLS = 5_000_000
"""Ends of ways × arcs of a network: some 0.3 s."""
_WORK = 0.2
"""Deterministic seconds of one solving again, so that an unusual model costs seconds and not the time limit."""

Losses = Mapping[TierName, Loss]


@dataclass(frozen=True)
class Serving:
    """What serving a company costs, with the director it costs least with; None where no plan serves it."""

    director_id: str | None
    losses: Losses


@dataclass(frozen=True)
class Summary:
    """Losses of one change each.

    Attributes
    ----------
    without : (director id, company id) → loss by tier if the match were none; None: left out
    serving : id of an unserved company that has candidates → what serving it would cost; None: left out
    """

    without: Mapping[tuple[str, str], Losses] | None
    serving: Mapping[str, Serving] | None


_LEFT_OUT = Summary(None, None)


def summary_of(plan: Plan) -> Summary:
    """The losses that a run's files show; computed once a plan.

    Notes
    -----
    A network is answered by ways, all matches and companies in a few passes; anything else by one solve a match, then
    one a company. A plan that is not proved, and one too large for either, is left to ``matcher explain``.
    """
    if not plan.document.assignments or not is_proved(plan):
        return _LEFT_OUT
    n_pairs = plan.candidates.n_asked
    n_ends = min(len(plan.problem.directors), len(plan.problem.companies))
    may_solve = is_counted(plan) and len(plan.document.assignments) * n_pairs <= MAX_SOLVE_CELLS
    may_walk = plan.document.solver.backend == "flow" and 2 * n_pairs * n_ends <= MAX_WAY_CELLS
    if not (may_solve or may_walk):
        return _LEFT_OUT
    standing = cast("Standing", plan.standing)
    found = standing.answered.get(("summary", 0, 0))
    if not isinstance(found, Summary):
        found = _summary(standing, may_solve=may_solve)
        standing.answered["summary", 0, 0] = found
    return found


def is_proved(plan: Plan) -> bool:
    """Whether every tier of the policy is proved."""
    tiers = [tier for tier in plan.document.tiers if not tier.is_tie_break]
    return len(tiers) == len(plan.problem.policy.objective) and all(tier.word == "proved" for tier in tiers)


def is_counted(plan: Plan) -> bool:
    """Whether the backend that the policy asks for ends after counted work; what a clock ends is shown in no file."""
    backend = plan.problem.policy.solve.backend
    return backend is None or BACKENDS[backend].counts_work


def brief_of(standing: Standing) -> Standing:
    """The same with solving again kept short by counted work; one a plan, so that nothing is solved twice."""
    found = standing.answered.get(("brief", 0, 0))
    if not isinstance(found, Standing):
        limits = replace(standing.limits, time_limit_s=None, deterministic_limit=_WORK)
        found = replace(standing, limits=limits, answered={})
        standing.answered["brief", 0, 0] = found
    return found


def _summary(standing: Standing, *, may_solve: bool) -> Summary:
    if not is_of_these_data(standing):
        return _LEFT_OUT
    if standing.residual is not None:
        return _by_ways(standing, standing.residual)
    return _by_solving(standing) if may_solve else _LEFT_OUT


def is_of_these_data(standing: Standing) -> bool:
    """Whether the matches are candidates with the points they are said to have: else no difference means anything."""
    problem, matches = standing.problem, standing.plan.document.assignments
    directors = problem.director_idx([match.director_id for match in matches])
    companies = problem.company_idx([match.company_id for match in matches])
    columns = [standing.column_of(int(d), int(c)) for d, c in zip(directors, companies, strict=True)]
    points = standing.candidates.points
    return all(at is not None and int(points[at]) == match.points for at, match in zip(columns, matches, strict=True))


def _unserved_columns(standing: Standing) -> npt.NDArray[np.intp]:
    """The candidates of companies that nobody serves."""
    served = np.zeros(len(standing.problem.companies), np.bool_)
    served[standing.candidates.company_idx[standing.is_chosen]] = True
    return np.flatnonzero(~served[standing.candidates.company_idx])


def _by_ways(standing: Standing, residual: Residual) -> Summary:
    chosen, columns = np.flatnonzero(standing.is_chosen), _unserved_columns(standing)
    tier = standing.tiers[0]

    def losses(found: tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]) -> list[Losses]:
        points, is_possible = found
        each = zip(points.tolist(), is_possible.tolist(), strict=True)
        return [MappingProxyType({tier: exact(n if possible else None)}) for n, possible in each]

    serving: dict[str, Serving] = {}
    for column, one in zip(columns.tolist(), losses(residual.losses_of_forcing(columns)), strict=True):
        director_id, company_id = _ids(standing, column)
        if company_id not in serving or _rank(one) < _rank(serving[company_id].losses):
            serving[company_id] = Serving(None if one[tier].points is None else director_id, one)
    return _summed(standing, chosen, losses(residual.losses_of_forbidding(chosen)), serving)


def _by_solving(standing: Standing) -> Summary:
    brief = brief_of(standing)
    chosen = np.flatnonzero(standing.is_chosen)
    gone = [without_pair(brief, int(column)).losses for column in chosen]
    companies = np.unique(standing.candidates.company_idx[_unserved_columns(standing)])
    if (chosen.size + companies.size) * standing.candidates.n_pairs > MAX_SOLVE_CELLS:
        return _summed(standing, chosen, gone, None)
    serving: dict[str, Serving] = {}
    for company in companies.tolist():
        found = with_company(brief, company)
        by = next((director for director, served in found.pairs or () if served == company), None)
        director_id = None if by is None else str(standing.problem.director_ids[by])
        serving[str(standing.problem.company_ids[company])] = Serving(director_id, found.losses)
    return _summed(standing, chosen, gone, serving)


def _summed(
    standing: Standing, chosen: npt.NDArray[np.intp], gone: list[Losses], serving: Mapping[str, Serving] | None
) -> Summary:
    without = {_ids(standing, int(column)): losses for column, losses in zip(chosen, gone, strict=True)}
    return Summary(MappingProxyType(without), None if serving is None else MappingProxyType(dict(serving)))


def _rank(losses: Losses) -> tuple[float, ...]:
    return tuple(float("inf") if loss.points is None else loss.points for loss in losses.values())


def _ids(standing: Standing, column: int) -> tuple[str, str]:
    director, company = standing.pair_of(column)
    return str(standing.problem.director_ids[director]), str(standing.problem.company_ids[company])
