"""The smallest changes that would bring a pair that was not chosen into a best plan: of its points, slots, weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import numpy as np

from matcher.domain.policy import TierName
from matcher.domain.problem import Problem
from matcher.explain.losses import Loss, Pair, Word
from matcher.explain.membership import forced, is_in_best
from matcher.explain.records import Record, loss_record
from matcher.explain.standing import Standing
from matcher.explain.weights import WeightChange, weight_changes
from matcher.explain.weights import record as weight_record
from matcher.modelling import build_model

SlotKind = Literal["director_slots", "max_companies"]
NoPoints = Literal["no_plan", "tiers_before", "points_not_asked"]
CHEAP_COLUMNS = 3_000
"""Weights are tried unasked up to so many columns: 0.5 s at 172 and 2.5 s at 2,916, measured on no network."""


@dataclass(frozen=True)
class PointsChange:
    """Points that the pair itself lacks.

    Attributes
    ----------
    needed : to be in one of several best plans; with one more every best plan has the pair. None: no points do it
    why_not : ``no_plan`` allows the pair · ``tiers_before`` the points decide against it · ``points_not_asked`` by the
        policy, or the lowest points of any match come first
    """

    needed: Loss | None
    why_not: NoPoints | None = None


@dataclass(frozen=True)
class SlotChange:
    """One more company: of this director, or of the whole plan.

    Attributes
    ----------
    was : the number now; value : of the policy's points tier in the best plan then, `gain` against this plan
    is_enough : whether the pair is in a best plan then; None where that is not known
    """

    kind: SlotKind
    was: int
    value: int | None
    gain: int | None
    is_enough: bool | None
    word: Word


@dataclass(frozen=True)
class Changes:
    """All of them; `weights` is None where they were not tried, and empty where they are not needed or cannot help."""

    points: PointsChange
    slots: tuple[SlotChange, ...]
    weights: tuple[WeightChange, ...] | None


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


def _can_help(points: PointsChange) -> bool:
    """Whether other weights could bring in what is not in: some plan has the pair, and none that is best does."""
    is_tie = points.needed is not None and points.needed.word == "proved" and points.needed.points == 0
    return points.why_not != "no_plan" and not is_tie


def _points(standing: Standing, losses: Mapping[TierName, Loss]) -> PointsChange:
    tiers = standing.tiers
    if "points" not in tiers:
        return PointsChange(None, "points_not_asked")
    before = tiers[: tiers.index("points")]
    if "worst_match" in before:
        return PointsChange(None, "points_not_asked")
    if any(losses[name].points is None for name in (*before, "points")):
        is_none = any(losses[name].is_possible is False for name in tiers)
        return PointsChange(None, "no_plan") if is_none else PointsChange(losses["points"])
    if any(losses[name].points != 0 for name in before):
        return PointsChange(None, "tiers_before")
    loss, at = losses["points"], standing.points_tier
    value, bound = standing.base.values[at], standing.base.bounds[at]
    off_by = None if value is None or bound is None else bound - value
    least = None if loss.at_least is None else max(0, loss.at_least)
    most = None if loss.at_most is None or off_by is None else max(0, loss.at_most + off_by)
    word: Word = "proved" if least is not None and least == most else "claimed" if loss.word != "unknown" else "unknown"
    return PointsChange(Loss(max(0, loss.points or 0), word, least, most))


def _slots(standing: Standing, pair: Pair, column: int) -> Iterator[SlotChange]:
    """Everything is built anew: rows that could not bind were left out of the model."""
    problem = standing.problem
    was = int(problem.directors["max_companies"].iloc[pair[0]])
    yield _slot(standing, column, _with_slot(problem, pair[0]), "director_slots", was)
    limit = problem.policy.limits.max_companies
    if limit is not None:
        limits = problem.policy.limits.model_copy(update={"max_companies": limit + 1})
        more = problem.with_policy(problem.policy.model_copy(update={"limits": limits}))
        yield _slot(standing, column, more, "max_companies", limit)


def _slot(standing: Standing, column: int, problem: Problem, kind: SlotKind, was: int) -> SlotChange:
    # Whom a director may serve, and with how many points, does not depend on how many companies there may be.
    model = build_model(problem, standing.candidates)
    best = standing.solve_model(problem, standing.candidates, model)
    demanded = standing.solve_model(problem, standing.candidates, forced(model, column))
    is_enough, word = is_in_best(best, demanded)
    at = standing.points_tier
    value, now = best.values[at], standing.base.values[at]
    return SlotChange(kind, was, value, None if value is None or now is None else value - now, is_enough, word)


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
    out: list[Record] = [{"kind": "points", **loss_record(points.needed), "why_not": points.why_not}]
    for slot in changes.slots:
        value = {"value": slot.value, "gain": slot.gain, "enough": slot.is_enough, "word": slot.word}
        out.append({"kind": slot.kind, "was": slot.was, "becomes": slot.was + 1, **value})
    return out + [weight_record(one) for one in changes.weights or ()]
