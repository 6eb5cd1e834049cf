"""The smallest changes that would bring a pair that was not chosen into a best plan: of its points, slots, weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import numpy as np

from matcher.domain.policy import TierName
from matcher.domain.problem import Problem
from matcher.explain.forcing import without_pair
from matcher.explain.losses import Loss, Pair, Word, exact
from matcher.explain.membership import forced, is_in_best
from matcher.explain.records import Record, loss_record
from matcher.explain.slots import company_opens, slot_opens
from matcher.explain.standing import Standing
from matcher.explain.weights import WeightChange, weight_changes, weights_left_open
from matcher.explain.weights import record as weight_record
from matcher.modelling import build_model
from matcher.pairing.candidates import Candidates, Ranking, build_candidates

SlotKind = Literal["director_slots", "max_companies", "keep_per_company"]
NoPoints = Literal["no_plan", "tiers_before", "points_not_asked"]
CHEAP_COLUMNS = 3_000
"""Weights are tried unasked up to so many columns: 0.5 s at 172 and 2.5 s at 2,916, measured on no network."""
CHEAP_PAIRS = 200_000
"""More candidates a company are tried unasked up to so many pairs: all are scored again; 15 s at 10 million."""


@dataclass(frozen=True)
class PointsChange:
    """Points that the pair itself lacks.

    Attributes
    ----------
    needed : to be in one of several best plans; with one more every best plan has the pair. None: no points do it
    to_be_kept : of a pair that was cut: points until it is among the best k of its company; counted in `needed`
    why_not : ``no_plan`` allows the pair · ``tiers_before`` the points decide against it · ``points_not_asked`` by the
        policy, or the lowest points of any match come first
    """

    needed: Loss | None
    why_not: NoPoints | None = None
    to_be_kept: int | None = None


@dataclass(frozen=True)
class SlotChange:
    """One company more of this director or of the whole plan, or more candidates a company.

    Attributes
    ----------
    was, becomes : the number now, and the one that was tried
    value : of the policy's points tier in the best plan then; gain : against this plan
    is_enough : whether the pair is in a best plan then; None where that is not known
    why_not : ``not_kept``: the pair stays cut, so nothing was solved · ``not_tried``, as that takes long
    """

    kind: SlotKind
    was: int
    becomes: int
    value: int | None
    gain: int | None
    is_enough: bool | None
    word: Word
    why_not: Literal["not_kept", "not_tried"] | None = None


@dataclass(frozen=True)
class Changes:
    """All of them; `weights` is None where they were not tried, and empty where they are not needed or cannot help.

    `rank` is the place of a pair that was cut among the eligible pairs of its company, None for a candidate.
    """

    points: PointsChange
    slots: tuple[SlotChange, ...]
    weights: tuple[WeightChange, ...] | None
    rank: int | None = None


def smallest_changes(
    standing: Standing, pair: Pair, losses: Mapping[TierName, Loss], *, weights: bool | None = None
) -> Changes:
    """The smallest changes that would bring a candidate that was not chosen into a best plan.

    Parameters
    ----------
    losses : of forcing the pair, by tier
    weights : whether to try every criterion's weight; None = where the model is small
    """
    column = standing.column_of(*pair)
    if column is None:
        raise ValueError(f"{pair} is no candidate.\nTry: ask of a pair of Candidates.")
    points = _points(standing, losses)
    is_tried = standing.model.formulation.n_cols <= CHEAP_COLUMNS if weights is None else weights
    return Changes(
        points=points,
        slots=tuple(_slots(standing, pair, column)),
        weights=None if not is_tried else weight_changes(standing, column) if _can_help(points) else (),
    )


def changes_of_cut(
    standing: Standing,
    pair: Pair,
    losses: Mapping[TierName, Loss],
    ranking: Ranking,
    *,
    more_kept: bool | None = None,
) -> Changes:
    """The smallest changes that would bring an eligible pair that was cut from the candidates into a best plan.

    Parameters
    ----------
    losses : of forcing the pair, by tier; ranking : of its company
    more_kept : whether to solve with as many candidates a company as it takes; None = where there are few pairs

    Notes
    -----
    With enough points the pair takes the place of the last candidate of its company that is kept for its points; the
    plan it has to match is then the best one without that candidate.
    """
    k = standing.problem.policy.candidates.keep_per_company
    place = int(np.flatnonzero(ranking.director_idx == pair[0])[0])
    if k is None or place < k:
        raise ValueError(f"{pair} was not cut.\nTry: ask of a pair with the verdict not_kept.")
    is_tried = standing.candidates.n_considered <= CHEAP_PAIRS if more_kept is None else more_kept
    last = k - 1
    enter = int(ranking.points[last] - ranking.points[place]) + int(pair[0] > ranking.director_idx[last])
    column = None if ranking.is_fixed[last] else standing.column_of(int(ranking.director_idx[last]), pair[1])
    gone = without_pair(standing, column) if column is not None and standing.is_chosen[column] else None
    points = _points(standing, losses if gone is None else _beyond(losses, gone.losses), is_solved=gone is not None)
    return Changes(
        points=_kept_first(points, enter),
        slots=(_more_kept(standing, pair, k, place + 1, is_tried=is_tried), *_idle_slots(standing.problem, pair[0])),
        weights=weights_left_open(standing) if points.why_not != "no_plan" else (),
        rank=place + 1,
    )


def _beyond(losses: Mapping[TierName, Loss], gone: Mapping[TierName, Loss]) -> Mapping[TierName, Loss]:
    """Losses against the best plan that has lost something already."""
    return MappingProxyType({tier: _difference(loss, gone[tier]) for tier, loss in losses.items()})


def _difference(loss: Loss, gone: Loss) -> Loss:
    if loss.points is None or gone.points is None:
        return loss
    least = None if loss.at_least is None or gone.at_most is None else loss.at_least - gone.at_most
    most = None if loss.at_most is None or gone.at_least is None else loss.at_most - gone.at_least
    words: set[Word] = {loss.word, gone.word}
    word: Word = "unknown" if "unknown" in words else "claimed" if "claimed" in words else "proved"
    return Loss(loss.points - gone.points, word, least, most)


def _kept_first(points: PointsChange, enter: int) -> PointsChange:
    """Points to be among the candidates, and then in a best plan."""
    needed = points.needed
    if needed is None or needed.points is None:
        return replace(points, to_be_kept=enter)
    least, most = (None if end is None else max(end, enter) for end in (needed.at_least, needed.at_most))
    word: Word = "proved" if least is not None and least == most else needed.word
    return replace(points, needed=Loss(max(needed.points, enter), word, least, most), to_be_kept=enter)


def _more_kept(standing: Standing, pair: Pair, k: int, rank: int, *, is_tried: bool) -> SlotChange:
    """As many candidates a company as make the pair one."""
    if not is_tried:
        return SlotChange("keep_per_company", k, rank, None, None, None, "unknown", why_not="not_tried")
    policy = standing.problem.policy
    rules = policy.candidates.model_copy(update={"keep_per_company": rank})
    problem = standing.problem.with_policy(policy.model_copy(update={"candidates": rules}))
    candidates = build_candidates(problem)
    column = int(np.flatnonzero((candidates.director_idx == pair[0]) & (candidates.company_idx == pair[1]))[0])
    found = _compared(standing, problem, candidates, column)
    return SlotChange("keep_per_company", k, rank, *found)


def _idle_slots(problem: Problem, director_idx: int) -> Iterator[SlotChange]:
    for kind, was, _ in _one_more(problem, director_idx):
        yield SlotChange(kind, was, was + 1, None, None, False, "proved", why_not="not_kept")


def _can_help(points: PointsChange) -> bool:
    """Whether other weights could bring in what is not in: some plan has the pair, and none that is best does."""
    is_tie = points.needed is not None and points.needed.word == "proved" and points.needed.points == 0
    return points.why_not != "no_plan" and not is_tie


def _points(standing: Standing, losses: Mapping[TierName, Loss], *, is_solved: bool = False) -> PointsChange:
    """Points that the pair lacks; `is_solved`: the losses are against a plan with proved ends of its own."""
    tiers = standing.tiers
    if "points" not in tiers:
        return PointsChange(None, "points_not_asked")
    before = tiers[: tiers.index("points")]
    if "worst_match" in before:
        return PointsChange(None, "points_not_asked")
    if any(losses[name].points is None for name in (*before, "points")):
        is_none = any(losses[name].is_possible is False for name in tiers)
        return PointsChange(None, "no_plan") if is_none else PointsChange(losses["points"])
    decides = next((losses[name].points for name in before if losses[name].points), 0) or 0
    if decides > 0:
        return PointsChange(None, "tiers_before")
    if decides < 0:
        is_sure = all(losses[name].word == "proved" for name in before)
        return PointsChange(exact(0) if is_sure else Loss(None, "unknown"))
    loss, at = losses["points"], standing.points_tier
    value, bound = standing.base.values[at], standing.base.bounds[at]
    off_by = 0 if is_solved else None if value is None or bound is None else bound - value
    least = None if loss.at_least is None else max(0, loss.at_least)
    most = None if loss.at_most is None or off_by is None else max(0, loss.at_most + off_by)
    word: Word = "proved" if least is not None and least == most else "claimed" if loss.word != "unknown" else "unknown"
    return PointsChange(Loss(max(0, loss.points or 0), word, least, most))


def _slots(standing: Standing, pair: Pair, column: int) -> Iterator[SlotChange]:
    now = standing.base.values[standing.points_tier]
    for kind, was, problem in _one_more(standing.problem, pair[0]):
        opens = company_opens(standing, column) if kind == "max_companies" else slot_opens(standing, pair[0], column)
        if opens is not None and now is not None:
            yield SlotChange(kind, was, was + 1, now + opens[0], opens[0], opens[1], "proved")
            continue
        # Whom a director may serve, and with how many points, does not depend on how many companies there may be.
        yield SlotChange(kind, was, was + 1, *_compared(standing, problem, standing.candidates, column))


def _one_more(problem: Problem, director_idx: int) -> Iterator[tuple[SlotKind, int, Problem]]:
    """Every number of companies that could be one more, and the programme then."""
    yield (
        "director_slots",
        int(problem.directors["max_companies"].iloc[director_idx]),
        _with_slot(problem, director_idx),
    )
    limit = problem.policy.limits.max_companies
    if limit is not None:
        limits = problem.policy.limits.model_copy(update={"max_companies": limit + 1})
        yield "max_companies", limit, problem.with_policy(problem.policy.model_copy(update={"limits": limits}))


def _compared(
    standing: Standing, problem: Problem, candidates: Candidates, column: int
) -> tuple[int | None, int | None, bool | None, Word]:
    """Of a changed programme: the best value, its gain, whether a best plan has the pair, and how sure that is."""
    # Built anew: rows that could not bind are left out of a model.
    model = build_model(problem, candidates)
    best = standing.solve_model(problem, candidates, model)
    demanded = standing.solve_model(problem, candidates, forced(model, column))
    is_enough, word = is_in_best(best, demanded)
    at = standing.points_tier
    value, now = best.values[at], standing.base.values[at]
    return value, None if value is None or now is None else value - now, is_enough, word


def _with_slot(problem: Problem, director_idx: int) -> Problem:
    directors = problem.directors.copy()
    slots = directors["max_companies"].to_numpy(np.int64).copy()
    slots[director_idx] += 1
    directors["max_companies"] = slots
    return replace(problem, tables=MappingProxyType({**problem.tables, "directors": directors}))


def record(changes: Changes | None) -> list[Record]:
    """The changes as plain data, one entry each; weights that were not tried have none."""
    if changes is None:
        return []
    points = changes.points
    kept = {"to_be_kept_points": points.to_be_kept, "why_not": points.why_not}
    out: list[Record] = [{"kind": "points", **loss_record(points.needed), **kept}]
    for slot in changes.slots:
        value = {"value": slot.value, "gain": slot.gain, "enough": slot.is_enough, "word": slot.word}
        out.append({"kind": slot.kind, "was": slot.was, "becomes": slot.becomes, **value, "why_not": slot.why_not})
    return out + [weight_record(one) for one in changes.weights or ()]
