"""The points of all pairs under a draw, without scoring the pairs again.

A criterion's value depends on a drawn rating in two places only: `readiness`, and `hands_on` of a company without needs
marked hands_on. Their columns are computed anew and all ten are weighed again, by the functions that score a plan; the
rows of the model stay. 22,001 pairs take 2 ms, where scoring them takes 0.2 s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matcher.domain.policy import CriterionName
from matcher.domain.problem import Problem
from matcher.model.formulation import Formulation, Int64, with_objective
from matcher.model.objectives import Tier, lot
from matcher.modelling import Model, build_model
from matcher.modelling.rows import padded
from matcher.pairing.block import Block, Pairs
from matcher.pairing.candidates import Candidates, build_candidates
from matcher.pairing.columns import build_columns
from matcher.pairing.criteria import POINTS, Scores, readiness_of, scale_of, score_pairs, weigh
from matcher.pairing.eligibility import SCORED_RULES
from matcher.pairing.sides import Bools, Floats
from matcher.whatif.drawing import Draw


@dataclass(frozen=True)
class DrawnPoints:
    """What a draw says of the pairs: `points` (n_pairs,) int64, whether each `is_eligible`, and its `scores`."""

    points: Int64
    is_eligible: Bools
    scores: Scores


@dataclass(frozen=True)
class Drawable:
    """A problem with its model, ready for draws.

    Attributes
    ----------
    candidates, model : of every pair that a threshold could let in under some draw. Under `keep_per_company` the
        candidates are those that are kept as the data stand: what is proved is proved of these
    pairs, scores, scale : of the candidates, as the data stand
    is_rated : (n_pairs,) where hands_on comes from hands_on_rating, as the company marks no need
    """

    problem: Problem
    candidates: Candidates
    model: Model
    pairs: Pairs
    scores: Scores
    scale: Floats
    is_rated: Bools

    @property
    def has_thresholds(self) -> bool:
        """Whether who is eligible depends on drawn values."""
        thresholds = self.problem.policy.thresholds
        return bool(
            thresholds.min_by_criterion
            or thresholds.min_readiness is not None
            or thresholds.min_score_points is not None
        )

    def points(self, draw: Draw) -> DrawnPoints:
        """Points and eligibility under a draw: to the bit those of `drawn_problem`."""
        readiness = readiness_of(draw.readiness, self.problem.policy.thresholds.neutral)
        values = self._values(draw)
        criteria, total = weigh(self.scale, draw.weights.normalised(), values, self.scores.keep)
        scores = replace(self.scores, values=values, criteria=criteria, points=total)
        return DrawnPoints(total, self._is_eligible(scores, readiness), scores)

    def points_at(self, draw: Draw, at: Int64) -> Int64:
        """(n_at,) the points of some pairs under a draw, whether or not they are eligible there."""
        values = {name: value[at] for name, value in self._values(draw).items()}
        return weigh(self.scale[at], draw.weights.normalised(), values, self.scores.keep[at])[1]

    def as_is(self) -> DrawnPoints:
        """Points and eligibility as the data stand."""
        columns = self.pairs.columns
        readiness = readiness_of(columns.company.ratings, columns.policy.thresholds.neutral)
        return DrawnPoints(self.scores.points, self._is_eligible(self.scores, readiness), self.scores)

    def formulation(self, drawn: DrawnPoints, objective: Int64 | None = None) -> Formulation:
        """The model under a draw: pairs that are not eligible stay at 0. `objective` (n_pairs,), else the points."""
        base = self.model.formulation
        model = with_objective(base, padded(drawn.points if objective is None else objective, base.n_cols))
        if drawn.is_eligible.all():
            return model
        upper = base.column_upper.copy()
        upper[: base.n_pairs] = np.where(drawn.is_eligible, upper[: base.n_pairs], 0)
        return replace(model, column_upper=upper)

    def tiers(self, drawn: DrawnPoints, objective: Int64 | None = None) -> tuple[Tier, ...]:
        """The policy's tiers under a draw, down to the lot, which is drawn for the eligible pairs alone.

        So the last tier leaves the same plan as a run on the drawn problem does.
        """
        n_cols, n_pairs = self.model.formulation.n_cols, self.candidates.n_pairs
        fortune = np.zeros(n_pairs, np.int64)
        eligible = np.flatnonzero(drawn.is_eligible)
        fortune[eligible] = lot(eligible.size, self.problem.policy.solve.seed)
        known = {"points": drawn.points if objective is None else objective, "worst_match": drawn.points}
        known["tie_break:lot"] = fortune
        for name in self.problem.policy.tie_break:
            value = np.broadcast_to(drawn.scores.values[name], (n_pairs,))
            known[f"tie_break:{name}"] = np.rint(POINTS * value).astype(np.int64)
        return tuple(
            replace(tier, objective=padded(known[tier.name], n_cols)) if tier.name in known else tier
            for tier in self.model.tiers
        )

    def _values(self, draw: Draw) -> dict[CriterionName, Floats]:
        neutral = self.problem.policy.thresholds.neutral
        hands_on = draw.hands_on[self.pairs.director] / 5
        rated = np.where(np.isnan(hands_on), neutral, hands_on)
        return {
            **self.scores.values,
            "readiness": readiness_of(draw.readiness, neutral)[self.pairs.company],
            "hands_on": np.where(self.is_rated, rated, self.scores.values["hands_on"]),
        }

    def _is_eligible(self, scores: Scores, readiness: Floats) -> Bools:
        wanted = self.problem.policy.thresholds.min_readiness
        holds = np.ones(self.candidates.n_pairs, np.bool_)
        if wanted is not None:
            holds &= (np.round(readiness, 12) >= wanted)[self.pairs.company]
        for rule in SCORED_RULES.values():
            holds &= rule(self.pairs, scores).holds
        return holds | self.candidates.is_pinned


def build_drawable(problem: Problem) -> Drawable:
    """A problem ready for draws.

    Raises
    ------
    ModelError : as `build_candidates` and `build_model`
    """
    candidates = build_candidates(_without_thresholds(problem))
    columns = build_columns(problem)
    block = Block(columns, 0, columns.n_companies)
    pairs = Pairs(block, candidates.director_idx.astype(np.int64), candidates.company_idx.astype(np.int64))
    found = score_pairs(pairs)
    values = {name: _full(value, pairs.shape) for name, value in found.values.items()}
    listed = block.hands_on[1][pairs.company] > 0
    return Drawable(
        problem=problem,
        candidates=candidates,
        model=build_model(problem, candidates),
        pairs=pairs,
        scores=replace(found, values=values),
        scale=scale_of(pairs),
        is_rated=~listed,
    )


def _full(value: Floats, shape: tuple[int, ...]) -> Floats:
    return np.ascontiguousarray(np.broadcast_to(value, shape))


def _without_thresholds(problem: Problem) -> Problem:
    """The problem without soft rules; under `keep_per_company` as it is, as there they decide who is kept."""
    policy = problem.policy
    if policy.candidates.keep_per_company is not None:
        return problem
    open_: dict[str, object] = {"min_readiness": None, "min_score_points": None, "min_by_criterion": {}}
    return problem.with_policy(policy.model_copy(update={"thresholds": policy.thresholds.model_copy(update=open_)}))


def columns_of_pairs(
    drawable: Drawable, director_ids: npt.NDArray[np.object_], company_ids: npt.NDArray[np.object_]
) -> Int64:
    """(n,) the columns of pairs given by their ids, −1 where a pair is no candidate."""
    problem, candidates = drawable.problem, drawable.candidates
    n_companies = len(problem.companies)
    keys = candidates.director_idx.astype(np.int64) * n_companies + candidates.company_idx
    wanted = problem.director_idx(director_ids) * n_companies + problem.company_idx(company_ids)
    at = np.minimum(np.searchsorted(keys, wanted), max(0, keys.size - 1))
    return np.where(keys[at] == wanted, at, -1) if keys.size else np.full(wanted.size, -1, np.int64)


__all__ = ["Drawable", "DrawnPoints", "build_drawable", "columns_of_pairs"]
