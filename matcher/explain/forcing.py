"""The best plan with a pair that was not chosen, and the best one without a pair that was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from matcher.domain.policy import TierName
from matcher.domain.problem import Problem
from matcher.explain.losses import Loss, Pair, Step, exact, ordered_chain
from matcher.explain.standing import Optimum, Standing
from matcher.model.displacement import Displacement, Residual, build_residual
from matcher.modelling import Model
from matcher.pairing.candidates import Candidates


@dataclass(frozen=True)
class Change:
    """What follows from one change of the programme.

    Attributes
    ----------
    loss : of points (of the first tier where the policy does not ask for points); losses : by tier
    chain : the matches that change; pairs : the matches then, None where there is no plan
    """

    loss: Loss
    losses: Mapping[TierName, Loss]
    chain: tuple[Step, ...]
    pairs: frozenset[Pair] | None


def with_pair(standing: Standing, director_idx: int, company_idx: int) -> Change:
    """The best plan in which an eligible pair is a match.

    Notes
    -----
    A pair that was cut from the candidates is demanded by a pin, which brings it back among them. Found once a pair.
    """
    return _once(standing, "with", (director_idx, company_idx), lambda: _with_pair(standing, director_idx, company_idx))


def _with_pair(standing: Standing, director_idx: int, company_idx: int) -> Change:
    pair = (director_idx, company_idx)
    column = standing.column_of(*pair)
    if column is None:
        return _with_cut(standing, pair)
    if standing.residual is not None:
        return displaced(standing, standing.residual.forcing(column), first=pair)
    return changed(standing, standing.solve(standing.forced(column)), first=pair, is_narrower=True)


def _with_cut(standing: Standing, pair: Pair) -> Change:
    """The best plan in which a pair that was cut from the candidates is a match.

    Notes
    -----
    The plan is the best one of the programme with the pair but without its match, so a way through the pair is exact.
    """
    problem = pinned(standing.problem, pair)
    candidates, model = standing.rebuilt(problem)
    residual = None if standing.residual is None else _graph_without(standing, candidates, model, pair)
    if residual is None:
        return changed(standing, standing.solve_changed(problem, candidates, model), first=pair)
    column = int(np.flatnonzero((candidates.director_idx == pair[0]) & (candidates.company_idx == pair[1]))[0])
    return displaced(standing, residual.taking(column), first=pair, candidates=candidates)


def _graph_without(standing: Standing, candidates: Candidates, model: Model, pair: Pair) -> Residual | None:
    """The residual graph of the plan among other candidates, without a pair it lacks; None where it is no network."""
    is_pair = (candidates.director_idx == pair[0]) & (candidates.company_idx == pair[1])
    key = candidates.director_idx.astype(np.int64) * len(standing.problem.companies) + candidates.company_idx
    formulation = model.formulation
    if formulation.n_cols != key.size:
        return None
    lower, upper = (np.where(is_pair, 0, bound) for bound in (formulation.column_lower, formulation.column_upper))
    closed = replace(formulation, column_lower=lower, column_upper=upper)
    return build_residual(closed, np.isin(key, standing.key[standing.is_chosen]).astype(np.int64))


def without_pair(standing: Standing, column: int) -> Change:
    """The best plan in which a match of the plan is none, also where a pin demands it. Found once a pair."""
    return _once(standing, "without", standing.pair_of(column), lambda: _without_pair(standing, column))


def _without_pair(standing: Standing, column: int) -> Change:
    pair = standing.pair_of(column)
    is_free = bool(standing.model.formulation.column_lower[column] == 0)
    if standing.residual is not None and is_free:
        return displaced(standing, standing.residual.forbidding(column), first=pair)
    return changed(standing, standing.solve(standing.forbidden(column)), first=pair, is_narrower=is_free)


def with_company(standing: Standing, company_idx: int) -> Change:
    """The best plan that serves a company with candidates, whoever serves it. Found once a company.

    Notes
    -----
    In a network the smallest loss of its candidates, read off in one pass: of equal losses the pair with most points.
    """
    return _once(standing, "company", (-1, company_idx), lambda: _with_company(standing, company_idx))


def _with_company(standing: Standing, company_idx: int) -> Change:
    if standing.residual is not None:
        columns = np.flatnonzero(standing.candidates.company_idx == company_idx)
        losses, is_possible = standing.residual.losses_of_forcing(columns)
        order = np.lexsort((columns, -standing.candidates.points[columns], losses, ~is_possible))
        return with_pair(standing, *standing.pair_of(int(columns[order[0]])))
    formulation = standing.model.formulation
    family = next(family for family in formulation.families if family.name == "one_director")
    place = int(np.searchsorted(standing.model.meanings["one_director"].subject_idx, company_idx))
    lower = formulation.row_lower.copy()
    lower[family.start + place] = 1
    found = changed(standing, standing.solve(replace(formulation, row_lower=lower)), is_narrower=True)
    if found.pairs is None:
        return found
    first = next(pair for pair in found.pairs if pair[1] == company_idx)
    return replace(found, chain=ordered_chain(standing.pairs, found.pairs, first=first))


def _once(standing: Standing, way: str, pair: Pair, find: Callable[[], Change]) -> Change:
    found = standing.answered.get((way, *pair))
    if not isinstance(found, Change):
        found = standing.answered[way, pair[0], pair[1]] = find()
    return found


def changed(standing: Standing, optimum: Optimum, *, first: Pair | None = None, is_narrower: bool = False) -> Change:
    """The change from the plan to another optimum; `is_narrower` as in `Standing.losses`."""
    losses = standing.losses(optimum, is_narrower=is_narrower)
    by_tier = MappingProxyType(dict(zip(standing.tiers, losses, strict=True)))
    if optimum.values[0] is None:
        return Change(losses[standing.points_tier], by_tier, (), None)
    chain = ordered_chain(standing.pairs, optimum.pairs, first=first)
    return Change(losses[standing.points_tier], by_tier, chain, optimum.pairs)


def unchanged(standing: Standing) -> Change:
    """A change of the programme that changes no plan."""
    nothing = exact(0)
    return Change(nothing, MappingProxyType(dict.fromkeys(standing.tiers, nothing)), (), standing.pairs)


def displaced(
    standing: Standing, found: Displacement, *, first: Pair | None = None, candidates: Candidates | None = None
) -> Change:
    """The change that a chain in the residual graph is; `candidates` are those of its columns, if not the plan's."""
    of = candidates or standing.candidates
    loss = exact(found.loss)
    losses = MappingProxyType({standing.tiers[0]: loss})
    if found.loss is None:
        return Change(loss, losses, (), None)
    pairs = set(standing.pairs)
    for column, sign in found.steps:
        (pairs.add if sign > 0 else pairs.discard)((int(of.director_idx[column]), int(of.company_idx[column])))
    return Change(loss, losses, ordered_chain(standing.pairs, pairs, first=first), frozenset(pairs))


def pinned(problem: Problem, pair: Pair) -> Problem:
    """The problem with one pair demanded, whatever was wished of it before."""
    director, company = problem.director_ids[pair[0]], problem.company_ids[pair[1]]
    pairs = problem.tables["pairs"]
    row = {**dict.fromkeys(pairs.columns), "director_id": director, "company_id": company, "rule": "pin"}
    added = pd.DataFrame([row], columns=pairs.columns).astype(pairs.dtypes.to_dict())
    tables = {**problem.tables, "pairs": pd.concat([pairs, added], ignore_index=True)}
    return replace(problem, tables=MappingProxyType(tables))
