"""Why a director works with a company, or why not, and what the whole plan would lose if they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

import numpy as np

from matcher.domain.policy import TierName
from matcher.explain.changes import Changes, changes_of_cut, smallest_changes
from matcher.explain.changes import record as changes_record
from matcher.explain.forcing import Change, with_pair, without_pair
from matcher.explain.losses import Loss, Step, exact
from matcher.explain.records import Record, chain_record, loss_record, losses_record, rules_record
from matcher.explain.standing import Standing
from matcher.pairing.candidates import rank_company
from matcher.pairing.columns import build_columns
from matcher.pairing.near_misses import RuleCheck, explain_rules

Verdict = Literal["chosen", "ineligible", "not_kept", "loses"]


@dataclass(frozen=True)
class PairAnswer:
    """Everything about one pair.

    Attributes
    ----------
    verdict : ``chosen``; ``ineligible``: a rule fails; ``not_kept``: eligible, but cut from the candidates before the
        plan was solved; ``loses``: a candidate that was not chosen
    points, criteria : of the pair; None and empty where it is not eligible
    neutral : criteria in which the neutral value stood in for something missing
    loss : of points, were the pair demanded (chosen: 0); None where it is not eligible
    losses : the same by tier of the policy
    chain : what would change then
    without : of a chosen pair: the loss if it were forbidden; `without_losses` by tier, `without_chain` what would
        change then
    rules : every rule, with the numbers that decide it
    changes : of an eligible pair that was not chosen: the smallest that would bring it into a best plan
    off_by : points by which the plan itself may be short of the best; None = not known
    """

    director_idx: int
    company_idx: int
    verdict: Verdict
    points: int | None
    criteria: Mapping[str, int]
    neutral: tuple[str, ...]
    keep: int
    loss: Loss | None
    losses: Mapping[TierName, Loss]
    chain: tuple[Step, ...]
    rules: tuple[RuleCheck, ...]
    without: Loss | None = None
    without_losses: Mapping[TierName, Loss] = field(default_factory=lambda: MappingProxyType({}))
    without_chain: tuple[Step, ...] = ()
    off_by: int | None = None
    is_pinned: bool = False
    changes: Changes | None = None


def ask(standing: Standing, director_idx: int, company_idx: int, *, weights: bool | None = None) -> PairAnswer:
    """What the plan says of one pair.

    Parameters
    ----------
    weights : whether to look for the smallest change of every weight, and to solve with more candidates a company; None
        = where the model is small

    Notes
    -----
    A candidate of a network with one tier is answered by a way in the residual graph, anything else by solving again.
    """
    problem = standing.problem
    column = standing.column_of(director_idx, company_idx)
    rules = explain_rules(problem, director_idx, company_idx, columns=build_columns(problem))
    if column is None:
        if not all(rule.holds for rule in rules):
            return _answer(standing, (director_idx, company_idx), "ineligible", rules, None)
        return _not_kept(standing, (director_idx, company_idx), rules, more_kept=weights)
    if standing.is_chosen[column]:
        gone = without_pair(standing, column)
        return _answer(standing, (director_idx, company_idx), "chosen", rules, None, without=gone)
    pair = director_idx, company_idx
    found = with_pair(standing, *pair)
    answer = _answer(standing, pair, "loses", rules, found)
    return replace(answer, changes=smallest_changes(standing, pair, found.losses, weights=weights))


def _not_kept(
    standing: Standing, pair: tuple[int, int], rules: tuple[RuleCheck, ...], *, more_kept: bool | None
) -> PairAnswer:
    found, ranking = with_pair(standing, *pair), rank_company(standing.problem, pair[1])
    at = int(np.flatnonzero(ranking.director_idx == pair[0])[0])
    return replace(
        _answer(standing, pair, "not_kept", rules, found),
        points=int(ranking.points[at]),
        criteria=MappingProxyType({name: int(points[at]) for name, points in ranking.criteria.items()}),
        neutral=tuple(name for name, flags in ranking.is_neutral.items() if flags[at]),
        keep=int(ranking.keep[at]),
        changes=changes_of_cut(standing, pair, found.losses, ranking, more_kept=more_kept),
    )


def _answer(
    standing: Standing,
    pair: tuple[int, int],
    verdict: Verdict,
    rules: tuple[RuleCheck, ...],
    found: Change | None,
    *,
    without: Change | None = None,
) -> PairAnswer:
    candidates, column = standing.candidates, standing.column_of(*pair)
    loss = exact(0) if verdict == "chosen" else None if found is None else found.loss
    scored: dict[str, int] = {}
    if column is not None:
        scored = {name: int(points[column]) for name, points in candidates.criteria.items()}
    return PairAnswer(
        director_idx=pair[0],
        company_idx=pair[1],
        verdict=verdict,
        points=None if column is None else int(candidates.points[column]),
        criteria=MappingProxyType(scored),
        neutral=() if column is None else tuple(name for name, flags in candidates.is_neutral.items() if flags[column]),
        keep=0 if column is None else int(candidates.keep[column]),
        loss=loss,
        losses=MappingProxyType({} if found is None else dict(found.losses)),
        chain=() if found is None else found.chain,
        rules=rules,
        without=None if without is None else without.loss,
        without_losses=MappingProxyType({} if without is None else dict(without.losses)),
        without_chain=() if without is None else without.chain,
        off_by=standing.off_by,
        is_pinned=column is not None and bool(candidates.is_pinned[column]),
    )


def record(standing: Standing, answer: PairAnswer) -> Record:
    """The answer as plain data."""
    problem = standing.problem
    return {
        "director_id": problem.director_ids[answer.director_idx],
        "company_id": problem.company_ids[answer.company_idx],
        "verdict": answer.verdict,
        "tier": standing.tiers[standing.points_tier],
        "points": answer.points,
        "criteria": dict(answer.criteria),
        "keep": answer.keep,
        "neutral": list(answer.neutral),
        "pinned": answer.is_pinned,
        **loss_record(answer.loss),
        "losses": losses_record(answer.losses),
        "chain": chain_record(standing, answer.chain),
        "without": loss_record(answer.without),
        "without_losses": losses_record(answer.without_losses),
        "without_chain": chain_record(standing, answer.without_chain),
        "rules": rules_record(answer.rules),
        "changes": changes_record(answer.changes),
        "off_by_points": answer.off_by,
    }
