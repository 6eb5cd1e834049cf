"""What is not certain about a programme's data, and draws of it.

Drawn are the interview ratings, which people give by impression, and the weights, which people agree on:

- The five fields that table `ratings` may hold several raters' rows for: a director's `hands_on_rating` and a company's
  `commitment`, `investment`, `uniqueness` and `openness`. Levels of skills, knowledge of prefectures and results are
  statements about facts and stay as they are.
- A rating's draw is normal around the value in use (the mean of its raters) with the standard error sd / √n, n being
  its raters (1 where the table has none), cut to 1 … 5 and not rounded: a mean of three is no whole number either.
- sd, the spread of one rater, is given, or comes from the raters: pooled over all subjects of a field that have two or
  more. Not each subject's own: two raters who agree by chance would pass for certain. A field that nobody has rated
  twice takes the spread pooled over all fields; without any, `DEFAULT_RATING_SD`.
- A weight is multiplied by exp(s · z), z standard normal: by e^±s in two of three draws, and never below 0.

What is missing stays missing, and counts as neutral in every draw. Thresholds (`min_readiness`, `min_by_criterion`,
`min_score_points`) judge the drawn values: a company may fall short of them in one draw and not in the next.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.domain.policy import CriterionName, Weights
from matcher.domain.problem import Problem
from matcher.domain.tables import column_of
from matcher.domain.values import RATING_FIELDS
from matcher.errors import UsageError
from matcher.pairing.sides import READINESS_RATINGS, Floats

DEFAULT_RATING_SD = 0.7
DEFAULT_WEIGHT_SD = 0.1
MOST_RATING_SD = 4.0
MOST_WEIGHT_SD = 3.0
_MOST_WEIGHT = 1_000_000.0

Origin = Literal["given", "raters", "all_fields", "default"]
"""Where a field's spread is from: stated, its own raters, the raters of all fields, or `DEFAULT_RATING_SD`."""


@dataclass(frozen=True)
class Spread:
    """How far draws go.

    Attributes
    ----------
    rating_sd : field → standard deviation of one rater, in points of the scale 1–5, and where it is from
    hands_on : (n_directors,) standard error of each hands_on_rating
    readiness : (n_companies, 4) standard errors of commitment, investment, uniqueness and openness
    weight_sd : standard deviation of each weight's logarithm
    """

    rating_sd: Mapping[str, tuple[float, Origin]]
    hands_on: Floats
    readiness: Floats
    weight_sd: float


@dataclass(frozen=True)
class Draw:
    """One draw: `hands_on` (n_directors,) and `readiness` (n_companies, 4) from 1 to 5, NaN = missing; `weights`."""

    hands_on: Floats
    readiness: Floats
    weights: Weights


def spread_of(problem: Problem, *, rating_sd: float | None = None, weight_sd: float = DEFAULT_WEIGHT_SD) -> Spread:
    """The spread of a programme's ratings and weights; see the module.

    Parameters
    ----------
    rating_sd : of one rater, 0 … 4, for all fields; None takes it from table `ratings`
    weight_sd : of a weight's logarithm, 0 … 3

    Raises
    ------
    UsageError : ``spread_out_of_range`` (name, given, most)
    """
    for name, given, most in (
        ("--rating-sd", 0.0 if rating_sd is None else rating_sd, MOST_RATING_SD),
        ("--weight-sd", weight_sd, MOST_WEIGHT_SD),
    ):
        if not 0 <= given <= most:  # NaN is not
            raise UsageError("spread_out_of_range", name=name, given=given, most=most)
    sds = _rating_sds(problem, rating_sd)
    hands_on = sds["hands_on_rating"][0] / np.sqrt(_n_raters(problem, "directors", "hands_on_rating"))
    columns = [sds[field][0] / np.sqrt(_n_raters(problem, "companies", field)) for field in READINESS_RATINGS]
    return Spread(MappingProxyType(sds), hands_on, np.stack(columns, axis=1), float(weight_sd))


def draw_of(problem: Problem, spread: Spread, *, seed: int, number: int) -> Draw:
    """Draw `number` of a seed: the same whatever was drawn before, and however many are.

    Notes
    -----
    Numbers are drawn for every rating in id order, also for missing ones, then for the weights in the order of
    CRITERIA, from PCG64 seeded with both: a rating that is filled in later changes no other draw.
    """
    rng = np.random.default_rng((seed, number))
    hands_on = _ratings(problem, "directors", ("hands_on_rating",))[:, 0]
    readiness = _ratings(problem, "companies", READINESS_RATINGS)
    low, high = _range()
    drawn_hands_on = np.clip(hands_on + spread.hands_on * rng.standard_normal(hands_on.shape), low, high)
    drawn_readiness = np.clip(readiness + spread.readiness * rng.standard_normal(readiness.shape), low, high)
    weights = problem.policy.weights.as_dict()
    factors = np.exp(spread.weight_sd * rng.standard_normal(len(weights))).tolist()
    moved: dict[CriterionName, float] = {
        name: min(weight * factor, _MOST_WEIGHT)
        for (name, weight), factor in zip(weights.items(), factors, strict=True)
    }
    return Draw(drawn_hands_on, drawn_readiness, Weights(**moved))


def drawn_problem(problem: Problem, draw: Draw) -> Problem:
    """The problem with a draw written into its tables and its policy: what `matcher.match` makes the draw's plan from.

    Table `ratings` stays as it is: the drawn means stand in the tables of directors and companies.
    """
    directors = problem.directors.assign(hands_on_rating=draw.hands_on)
    companies = problem.companies.assign(
        **{name: draw.readiness[:, place] for place, name in enumerate(READINESS_RATINGS)}
    )
    tables = {**problem.tables, "directors": directors, "companies": companies}
    policy = problem.policy.model_copy(update={"weights": draw.weights})
    return replace(problem, tables=MappingProxyType(tables), policy=policy)


def _ratings(problem: Problem, table: str, fields: tuple[str, ...]) -> Floats:
    return np.stack([problem.tables[table][name].to_numpy(np.float64) for name in fields], axis=1)


def _range() -> tuple[float, float]:
    column = column_of("directors", "hands_on_rating")
    return (1.0 if column.low is None else column.low), (5.0 if column.high is None else column.high)


def _n_raters(problem: Problem, subject: str, field: str) -> npt.NDArray[np.float64]:
    """(n_subjects,) how many rated the field of each, 1 where the table has no row."""
    ratings = problem.tables["ratings"]
    counts = ratings[ratings["field"] == field].groupby("subject_id")["rating"].size()
    found = problem.tables[subject]["id"].map(counts).to_numpy(np.float64)
    return np.where(np.isnan(found), 1.0, found)


def _rating_sds(problem: Problem, given: float | None) -> dict[str, tuple[float, Origin]]:
    if given is not None:
        return dict.fromkeys(RATING_FIELDS, (float(given), "given"))
    ratings = problem.tables["ratings"]
    by_subject = ratings.groupby(["field", "subject_id"])["rating"]
    squares = (ratings["rating"] - by_subject.transform("mean")).to_numpy(np.float64) ** 2
    field = ratings["field"].to_numpy(object)
    n_free = {
        name: int((field == name).sum()) - int(ratings["subject_id"][field == name].nunique()) for name in RATING_FIELDS
    }
    total = sum(n_free.values())
    out: dict[str, tuple[float, Origin]] = {}
    for name in RATING_FIELDS:
        if n_free[name]:
            out[name] = math.sqrt(float(squares[field == name].sum()) / n_free[name]), "raters"
        elif total:
            out[name] = math.sqrt(float(squares.sum()) / total), "all_fields"
        else:
            out[name] = DEFAULT_RATING_SD, "default"
    return out
