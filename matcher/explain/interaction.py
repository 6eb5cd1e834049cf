"""What of the points is the director's, what the company's, and what only the two of them together.

Were everyone matched once, what is the same for all directors or for all companies would cancel: it decides who is
chosen, and only the interaction decides who goes with whom.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.explain.records import Record
from matcher.explain.standing import Standing
from matcher.model.deficiency import connected_parts
from matcher.pairing.candidates import Candidates

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.integer]

TOTAL, KEEP = "total", "keep"
NO_INTERACTION = 0.01
"""Up to this share a criterion counts as one without interaction: rounding to whole points alone makes a little."""

_EXACT = 1e-12
"""Share of a sum of squares that counts as none."""
_DIGITS = 1e-10
_MAX_ROUNDS = 1_000


@dataclass(frozen=True, slots=True)
class Parts:
    """Of what the points of the eligible pairs differ by.

    Attributes
    ----------
    name : a criterion, ``keep`` or ``total``
    deviation : standard deviation over the pairs, in points
    director, company, interaction : shares of the variance, adding up to 1; None where the points are all the same
    of_interaction : the criterion's share of the interaction of the total, adding up to 1 over the criteria; below 0
        where it works against the others; None where the total has none
    """

    name: str
    deviation: float
    director: float | None
    company: float | None
    interaction: float | None
    of_interaction: float | None


@dataclass(frozen=True)
class InteractionAnswer:
    """The points of all eligible pairs in parts.

    Attributes
    ----------
    n_pairs, n_directors, n_companies : what was looked at: pairs, and who is in any of them
    n_free : pairs that effects of directors and companies cannot fit; at 0 nothing is known of the interaction
    total, criteria : the parts of the points, and of every criterion that has any
    of : ``all`` pairs, or those ``kept``
    """

    n_pairs: int
    n_directors: int
    n_companies: int
    n_free: int
    total: Parts
    criteria: tuple[Parts, ...]
    of: str

    @property
    def without_interaction(self) -> tuple[str, ...]:
        """Criteria that differ between pairs, but hardly by who goes with whom."""
        return tuple(
            one.name for one in self.criteria if one.interaction is not None and one.interaction <= NO_INTERACTION
        )


def ask(standing: Standing) -> InteractionAnswer:
    """The parts of the points of the plan's candidates."""
    return interaction_of(standing.problem, standing.candidates)


def interaction_of(problem: Problem, candidates: Candidates) -> InteractionAnswer:
    """The points of the eligible pairs as mean + director + company + interaction.

    Notes
    -----
    Effects are fitted by least squares on the eligible pairs (`residuals`); what is left is the interaction. Where not
    everybody is eligible for everybody, directors and companies share some of what they explain; it is halved: each
    gets the mean of what it explains alone, and of what it adds to the other (Shapley 1953; Lindeman, Merenda & Gold
    1980). With all pairs eligible this is the usual analysis of variance.
    """
    names = [str(name) for name in candidates.criteria]
    values = np.array([*candidates.criteria.values(), candidates.keep], np.float64).reshape(len(names) + 1, -1)
    director, company = candidates.director_idx, candidates.company_idx
    rest = np.zeros_like(values)
    is_varying = (values != values[:, :1]).any(axis=1)
    rest[is_varying] = residuals(director, company, values[is_varying])
    total_rest = rest.sum(axis=0)
    whole = _dot(total_rest, total_rest)
    parts = tuple(
        _parts(name, director, company, value, own, _dot(own, total_rest) / whole if whole > _EXACT else None)
        for name, value, own in zip([*names, KEEP], values, rest, strict=True)
        if value.any()
    )
    n_directors, n_companies = np.unique(director).size, np.unique(company).size
    part = connected_parts(director, company, len(problem.directors), len(problem.companies))
    n_parts = np.unique(part[company]).size
    total = values.sum(axis=0)
    return InteractionAnswer(
        n_pairs=candidates.n_pairs,
        n_directors=n_directors,
        n_companies=n_companies,
        n_free=candidates.n_pairs - n_directors - n_companies + n_parts,
        total=_parts(TOTAL, director, company, total, total_rest, 1.0 if whole > _EXACT else None),
        criteria=parts,
        of=candidates.of,
    )


def residuals(director: Indices, company: Indices, values: Floats) -> Floats:
    """(n_values, n_pairs) what effects of directors and companies leave of each row of values, by least squares.

    Parameters
    ----------
    director, company : (n_pairs,); values : (n_values, n_pairs)

    Notes
    -----
    The effects of the larger side are the means of what those of the smaller side leave; put in, what is left are
    equations of the smaller side alone, solved by conjugate gradients to ten digits. O(n_pairs) a round; one round
    where everybody is eligible for everybody.
    """
    if not values.size:
        return values
    _, one = np.unique(director, return_inverse=True)
    _, other = np.unique(company, return_inverse=True)
    if one.max() > other.max():
        one, other = other, one
    centred = values - values.mean(axis=1, keepdims=True)
    weight = np.bincount(one).astype(np.float64)

    def means(rows: Floats) -> Floats:
        return np.asarray(_sums(other, rows) / np.bincount(other))

    def left(effects: Floats) -> Floats:
        """S · effects: what the pairs' sums by the smaller side change by, the larger side adapting."""
        spread = effects[:, one]
        return np.asarray(weight * effects - _sums(one, means(spread)[:, other]))

    size = np.square(centred).sum(axis=1)
    effects = _solved(left, _sums(one, centred - means(centred)[:, other]), weight, size)
    rest = centred - effects[:, one]
    rest -= means(rest)[:, other]
    rest[np.square(rest).sum(axis=1) <= _EXACT * size] = 0.0  # what is the same for all is so to the last digit
    return np.asarray(rest)


def _solved(left: Callable[[Floats], Floats], right: Floats, weight: Floats, whole: Floats) -> Floats:
    """Conjugate gradients for several right sides at once, scaled by the weights.

    `whole` is (n_values,) the sums of squares that the ten digits are meant of: a right side may be all but 0.
    """
    effects = np.zeros_like(right)
    rest = right.copy()
    scaled = rest / weight
    way, size = scaled.copy(), (rest * scaled).sum(axis=1)
    for _ in range(_MAX_ROUNDS):
        is_open = size > _DIGITS**2 * whole
        if not is_open.any():
            break
        image = left(way)
        slope = (way * image).sum(axis=1)
        step = np.where(is_open & (slope > 0), size / np.where(slope > 0, slope, 1.0), 0.0)[:, None]
        effects += step * way
        rest -= step * image
        scaled = rest / weight
        before, size = size, (rest * scaled).sum(axis=1)
        way = scaled + (size / np.where(before > 0, before, 1.0))[:, None] * way
    return effects


def _sums(group: Indices, rows: Floats) -> Floats:
    """(n_values, n_groups) the sum of each group of pairs."""
    return np.array([np.bincount(group, weights=row) for row in rows])


def _parts(
    name: str, director: Indices, company: Indices, value: Floats, rest: Floats, of_interaction: float | None
) -> Parts:
    centred = value - value.mean() if value.size else value
    total = _dot(centred, centred)
    deviation = (total / max(value.size, 1)) ** 0.5
    if total <= _EXACT * max(_dot(value, value), 1.0):
        return Parts(name, 0.0, None, None, None, of_interaction)
    alone = [_explained(group, centred) / total for group in (director, company)]
    interaction = min(max(_dot(rest, rest) / total, 0.0), 1.0)
    interaction = 0.0 if interaction < _EXACT else interaction
    by_director = min(max((alone[0] + (1 - interaction) - alone[1]) / 2, 0.0), 1 - interaction)
    return Parts(name, deviation, by_director, 1 - interaction - by_director, interaction, of_interaction)


def _dot(one: Floats, other: Floats) -> float:
    """Σ one · other. Not by BLAS, whose threads wait for each other longer than this takes."""
    return float((one * other).sum())


def _explained(group: Indices, centred: Floats) -> float:
    """What the means of groups alone explain, as a sum of squares."""
    counts = np.bincount(group)
    sums = np.bincount(group, weights=centred)
    return float((sums**2 / np.maximum(counts, 1)).sum())


def record(standing: Standing, answer: InteractionAnswer) -> Record:
    """The answer as plain data."""

    def part(one: Parts) -> Record:
        return {
            "deviation_points": one.deviation,
            "director": one.director,
            "company": one.company,
            "interaction": one.interaction,
            "of_interaction": one.of_interaction,
        }

    return {
        "n_pairs": answer.n_pairs,
        "n_directors": answer.n_directors,
        "n_companies": answer.n_companies,
        "n_free": answer.n_free,
        "of": answer.of,
        "total": part(answer.total),
        "criteria": {one.name: part(one) for one in answer.criteria},
        "without_interaction": list(answer.without_interaction),
    }
