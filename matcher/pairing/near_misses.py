"""Why a company has nobody: the director who came nearest; and every rule of a single pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from matcher.domain.problem import Problem
from matcher.pairing.block import Block, Pairs
from matcher.pairing.columns import Columns, build_columns
from matcher.pairing.criteria import score_pairs
from matcher.pairing.eligibility import SCORED_RULES, UNSCORED_RULES, Verdict
from matcher.pairing.sides import Bools, Floats, Ints


class Amount(NamedTuple):
    """One number that decides a rule: it holds unless `wanted` > `offered`; NaN = missing.

    `measure` names it with its unit: ``days``, ``hours_per_month``, ``on_site_days_per_month``, ``distance_km``,
    ``must_skills``, ``fee_jpy_per_month``, ``readiness``, ``points`` or a criterion.
    """

    offered: float
    wanted: float
    measure: str


@dataclass(frozen=True)
class NearMiss:
    """The director who came nearest to serving a company nobody can serve.

    `failed` are the rules that fail; `amounts` says by how much where a number does (rule → (offered, wanted) of its
    worst number) and `measures` what that number is (rule → `Amount.measure`); `missing_skills` names the must-needs
    that are not met, as the company wrote them
    """

    director_idx: int
    failed: tuple[str, ...]
    amounts: Mapping[str, tuple[float, float]]
    measures: Mapping[str, str] = field(default_factory=dict)
    missing_skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleCheck:
    """One rule of one pair: whether it holds, and every number that decides it.

    `missing_skills` names the must-needs that are not met, as the company wrote them (has_must_skills only)
    """

    name: str
    holds: bool
    amounts: tuple[Amount, ...] = ()
    missing_skills: tuple[str, ...] = ()


def explain_rules(
    problem: Problem, director_idx: int, company_idx: int, *, columns: Columns | None = None
) -> tuple[RuleCheck, ...]:
    """Every rule of one pair, in the order of RULES, soft rules also where a pin overrides them.

    Parameters
    ----------
    columns : `build_columns(problem)`, to be handed in where many pairs are asked about
    """
    known = build_columns(problem) if columns is None else columns
    block = Block(known, company_idx, company_idx + 1)
    pair = Pairs(block, np.array([director_idx]), np.array([0]))
    verdicts = ask_rules(pair)
    return tuple(
        RuleCheck(
            name,
            bool(np.broadcast_to(verdict.holds, (1,))[0]),
            _amounts_at(verdict, pair.shape, (0,)),
            _missing_skills(known, director_idx, company_idx) if name == "has_must_skills" else (),
        )
        for name, verdict in verdicts.items()
    )


def ask_rules(pairs: Pairs, *, with_scores: bool = True) -> dict[str, Verdict]:
    """Every rule of some pairs, in the order of RULES; `with_scores` False leaves out those that need the points."""
    verdicts = {name: rule(pairs) for name, rule in UNSCORED_RULES.items()}
    if with_scores:
        scores = score_pairs(pairs)
        verdicts |= {name: rule(pairs, scores) for name, rule in SCORED_RULES.items()}
    return verdicts


def nearest_misses(block: Block, companies: Ints) -> dict[int, NearMiss]:
    """The nearest director for each of some companies of a block: none of their pairs is eligible.

    Fewest failed rules first; then the smallest shortfall, added over the failed rules: 1 − offered / wanted for the
    worst number of a rule, 1 for a rule without numbers; then the most points; then the first director.

    Parameters
    ----------
    companies : (n,) places within the block

    Returns
    -------
    dict
        company index → its near miss; empty without directors
    """
    if not companies.size or not block.columns.n_directors:
        return {}
    pairs, verdicts, n_failed, shortfall = _misses(block, companies)
    is_best = n_failed == n_failed.min(axis=0)
    shortfall[~is_best] = np.inf
    is_best &= shortfall == shortfall.min(axis=0)
    director = _best_scored(block, companies, is_best)
    return {
        block.first + int(companies[at]): _near_miss(
            block.columns, block.first + int(companies[at]), verdicts, pairs.shape, (int(director[at]), at)
        )
        for at in range(companies.size)
    }


def nearest_directors(columns: Columns, company_idx: int, *, most: int) -> tuple[int, ...]:
    """The directors who come nearest to serving a company that nobody can serve, in the order of `nearest_misses`."""
    if not columns.n_directors:
        return ()
    block = Block(columns, company_idx, company_idx + 1)
    _, _, n_failed, shortfall = _misses(block, np.zeros(1, np.int64))
    points = score_pairs(Pairs(block, np.arange(columns.n_directors), np.zeros(columns.n_directors, np.int64))).points
    order = np.lexsort((-points, shortfall[:, 0], n_failed[:, 0]))
    return tuple(order[:most].tolist())


def _misses(block: Block, companies: Ints) -> tuple[Pairs, dict[str, Verdict], Ints, Floats]:
    """All directors against some companies: every rule asked, how many fail, and the shortfalls added up."""
    thresholds = block.columns.policy.thresholds
    has_score_rules = bool(thresholds.min_by_criterion) or thresholds.min_score_points is not None
    pairs = Pairs(block, np.arange(block.columns.n_directors)[:, None], companies[None, :])
    verdicts = ask_rules(pairs, with_scores=has_score_rules)
    n_failed = np.zeros(pairs.shape, dtype=np.int64)
    shortfall = np.zeros(pairs.shape)
    for verdict in verdicts.values():
        n_failed += ~verdict.holds
        shortfall += _shortfall(verdict, pairs)
    return pairs, verdicts, n_failed, shortfall


def _best_scored(block: Block, companies: Ints, is_tied: Bools) -> Ints:
    """(n,) the tied director with the most points, the first of them, for each company."""
    points = np.full(is_tied.shape, np.iinfo(np.int64).min, dtype=np.int64)  # the price of moving may go below 0
    director, at = np.nonzero(is_tied)
    points[director, at] = score_pairs(Pairs(block, director, companies[at])).points
    best: Ints = np.argmax(points, axis=0)
    return best


def _near_miss(
    columns: Columns, company_idx: int, verdicts: Mapping[str, Verdict], shape: tuple[int, ...], at: tuple[int, int]
) -> NearMiss:
    failed = tuple(name for name, verdict in verdicts.items() if not np.broadcast_to(verdict.holds, shape)[at])
    worst: dict[str, Amount] = {}
    for name in failed:
        found = [one for one in _amounts_at(verdicts[name], shape, at) if one.wanted > one.offered]
        if found:
            worst[name] = max(found, key=lambda one: 1 - one.offered / one.wanted)
    return NearMiss(
        director_idx=at[0],
        failed=failed,
        amounts=MappingProxyType({name: (one.offered, one.wanted) for name, one in worst.items()}),
        measures=MappingProxyType({name: one.measure for name, one in worst.items()}),
        missing_skills=_missing_skills(columns, at[0], company_idx) if "has_must_skills" in failed else (),
    )


def _amounts_at(verdict: Verdict, shape: tuple[int, ...], at: tuple[int, ...]) -> tuple[Amount, ...]:
    return tuple(
        Amount(
            float(np.broadcast_to(one.offered, shape)[at]), float(np.broadcast_to(one.wanted, shape)[at]), one.measure
        )
        for one in verdict.amounts()
    )


def _shortfall(verdict: Verdict, pairs: Pairs) -> Floats:
    """Of the pairs' shape: the worst number's relative shortfall; 1 where the rule fails without one; 0 elsewhere."""
    worst = np.zeros(pairs.shape)
    for one in verdict.amounts():
        is_short = np.broadcast_to(one.wanted > one.offered, pairs.shape)
        share = np.divide(one.offered, one.wanted, out=np.ones(pairs.shape), where=is_short)
        worst = np.maximum(worst, np.where(is_short, 1.0 - share, 0.0))
    return np.where(~verdict.holds & (worst == 0.0), 1.0, worst)


def _missing_skills(columns: Columns, director_idx: int, company_idx: int) -> tuple[str, ...]:
    needs = columns.needs
    rows = np.arange(needs.start[company_idx], needs.start[company_idx + 1])
    skill = needs.skill[rows]
    level = np.where(
        needs.is_hands_on[rows], columns.hands_on_level[skill, director_idx], columns.level[skill, director_idx]
    )
    return tuple(str(name) for name in needs.name[rows[needs.is_must[rows] & (level < needs.level[rows])]])
