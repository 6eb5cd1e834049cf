"""Who serves a company and why, who could instead, or why nobody does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from matcher.domain.policy import CriterionName
from matcher.explain.facts_behind import Facts, facts_behind
from matcher.explain.forcing import Change, with_company
from matcher.explain.records import Record, chain_record, loss_record, losses_record, rules_record
from matcher.explain.smallest_losses import Nearly, smallest_losses
from matcher.explain.standing import Standing
from matcher.pairing.candidates import RULES
from matcher.pairing.columns import build_columns
from matcher.pairing.near_misses import RuleCheck, explain_rules, nearest_directors
from matcher.plan.document import Unserved

N_ALTERNATIVES = 3
N_NEAREST = 3


@dataclass(frozen=True)
class Alternative:
    """A director who could serve the company too.

    Attributes
    ----------
    points : of the pair; change : what the plan would lose if the pair were demanded
    serves : companies this director serves in the plan; n_elsewhere : running engagements outside the batch, in the
        fullest month of the company
    """

    director_idx: int
    points: int
    change: Change
    serves: tuple[int, ...]
    n_elsewhere: int


@dataclass(frozen=True)
class NearMissOf:
    """A director who cannot serve the company, and every rule of the pair."""

    director_idx: int
    rules: tuple[RuleCheck, ...]


@dataclass(frozen=True)
class CompanyAnswer:
    """Everything about one company.

    Attributes
    ----------
    served_by : a director, None where nobody serves it
    points, keep, criteria, neutral, is_pinned : of the match; None, 0 and empty without one
    facts : criterion → what stands behind its points
    alternatives : the directors the plan would lose least with, at most 3, and `nearly` of how many that is known
    unserved : the plan's own reason, None where it is served
    failed : rule → directors who fail it, where nobody is eligible or above the threshold
    nearest : the directors who come nearest then, at most 3
    serving : of a company that is not served but has candidates: the best plan that serves it
    """

    company_idx: int
    served_by: int | None
    points: int | None
    keep: int
    criteria: Mapping[str, int]
    neutral: tuple[str, ...]
    is_pinned: bool
    facts: Mapping[CriterionName, Facts]
    alternatives: tuple[Alternative, ...]
    nearly: Nearly
    unserved: Unserved | None = None
    failed: Mapping[str, int] = field(default_factory=dict)
    nearest: tuple[NearMissOf, ...] = ()
    serving: Change | None = None
    off_by: int | None = None


def ask(standing: Standing, company_idx: int) -> CompanyAnswer:
    """What the plan says of one company.

    Notes
    -----
    In a network every loss is a way in the residual graph; else the most promising directors are solved again, and one
    solving more demands that the company be served.
    """
    candidates = standing.candidates
    columns = np.flatnonzero(candidates.company_idx == company_idx)
    chosen = columns[standing.is_chosen[columns]]
    others = columns[~standing.is_chosen[columns]]
    nearly = smallest_losses(standing, others, candidates.points[others], most=N_ALTERNATIVES)
    alternatives = tuple(_alternative(standing, column, change) for column, change in nearly.found)
    if chosen.size:
        return _served(standing, company_idx, int(chosen[0]), alternatives, nearly)
    company_id = standing.problem.company_ids[company_idx]
    unserved = next(one for one in standing.plan.document.unserved if one.company_id == company_id)
    failed: dict[str, int] = {}
    nearest: tuple[NearMissOf, ...] = ()
    if not columns.size:
        counts = candidates.n_rejected_by_company[company_idx].tolist()
        failed = {rule: n for rule, n in zip(RULES, counts, strict=True) if n}
        nearest = _nearest(standing, company_idx)
    return CompanyAnswer(
        company_idx,
        None,
        None,
        0,
        MappingProxyType({}),
        (),
        False,
        MappingProxyType({}),
        alternatives,
        nearly,
        unserved=unserved,
        failed=MappingProxyType(failed),
        nearest=nearest,
        serving=with_company(standing, company_idx) if columns.size else None,
        off_by=standing.off_by,
    )


def _served(
    standing: Standing, company_idx: int, column: int, alternatives: tuple[Alternative, ...], nearly: Nearly
) -> CompanyAnswer:
    candidates = standing.candidates
    director_idx = int(candidates.director_idx[column])
    return CompanyAnswer(
        company_idx,
        served_by=director_idx,
        points=int(candidates.points[column]),
        keep=int(candidates.keep[column]),
        criteria=MappingProxyType({name: int(points[column]) for name, points in candidates.criteria.items()}),
        neutral=tuple(name for name, flags in candidates.is_neutral.items() if flags[column]),
        is_pinned=bool(candidates.is_pinned[column]),
        facts=facts_behind(build_columns(standing.problem), director_idx, company_idx),
        alternatives=alternatives,
        nearly=nearly,
        off_by=standing.off_by,
    )


def _alternative(standing: Standing, column: int, change: Change) -> Alternative:
    director_idx, company_idx = standing.pair_of(column)
    months = standing.model.months
    own = slice(int(months.first[company_idx]), int(months.last[company_idx]) + 1)
    return Alternative(
        director_idx,
        int(standing.candidates.points[column]),
        change,
        serves=tuple(sorted(company for director, company in standing.pairs if director == director_idx)),
        n_elsewhere=int(months.slots_elsewhere[director_idx, own].max()),
    )


def _nearest(standing: Standing, company_idx: int) -> tuple[NearMissOf, ...]:
    columns = build_columns(standing.problem)
    return tuple(
        NearMissOf(director, explain_rules(standing.problem, director, company_idx, columns=columns))
        for director in nearest_directors(columns, company_idx, most=N_NEAREST)
    )


def facts_record(facts: Mapping[CriterionName, Facts]) -> Record:
    """criterion → its facts: the code and every value by name."""
    return {name: [{"code": fact.code, **fact.values} for fact in some] for name, some in facts.items()}


def record(standing: Standing, answer: CompanyAnswer) -> Record:
    """The answer as plain data."""
    problem = standing.problem
    return {
        "company_id": problem.company_ids[answer.company_idx],
        "served_by": None if answer.served_by is None else problem.director_ids[answer.served_by],
        "points": answer.points,
        "criteria": dict(answer.criteria),
        "keep": answer.keep,
        "neutral": list(answer.neutral),
        "pinned": answer.is_pinned,
        "facts": facts_record(answer.facts),
        "alternatives": [
            {
                "director_id": problem.director_ids[one.director_idx],
                "points": one.points,
                **loss_record(one.change.loss),
                "losses": losses_record(one.change.losses),
                "chain": chain_record(standing, one.change.chain),
                "serves": [problem.company_ids[company] for company in one.serves],
                "n_elsewhere": one.n_elsewhere,
            }
            for one in answer.alternatives
        ],
        "n_alternatives": answer.nearly.n_pairs,
        "n_alternatives_known": answer.nearly.n_known,
        "reason": None if answer.unserved is None else answer.unserved.reason,
        "n_failed_by_rule": dict(answer.failed),
        "nearest": [
            {"director_id": problem.director_ids[one.director_idx], "rules": rules_record(one.rules)}
            for one in answer.nearest
        ],
        "serving": None
        if answer.serving is None
        else {
            **loss_record(answer.serving.loss),
            "losses": losses_record(answer.serving.losses),
            "chain": chain_record(standing, answer.serving.chain),
        },
        "off_by_points": answer.off_by,
    }
