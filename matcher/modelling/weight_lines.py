"""Points along one weight: a straight line for every pair, and by how much the points people see may leave it.

Weights are only ratios, so points times the sum of all weights are straight in one weight, in whole numbers. The points
of a policy are rounded criterion by criterion, after the weights were normalised: they step around that line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from matcher.domain.policy import CRITERIA, CriterionName
from matcher.domain.problem import Problem
from matcher.model.formulation import Int64
from matcher.pairing.block import Block, Pairs
from matcher.pairing.candidates import Candidates, build_candidates
from matcher.pairing.columns import build_columns
from matcher.pairing.criteria import POINTS, score_pairs

MOST_SCORES = 20_000_000
"""Pairs times weights that are scored one by one; about 2 s."""

_SCORES_AT_ONCE = 200_000
_LARGEST = 2**53


@dataclass(frozen=True)
class WeightLines:
    """Points × sum of weights of every pair, in 1/`unit`.

    Attributes
    ----------
    at_zero, slope : (n_pairs,) int64: `at_zero` + `slope` · weight
    rest, unit : `rest` + `unit` · weight is the sum of all weights, in 1/`unit`
    """

    at_zero: Int64
    slope: Int64
    rest: int
    unit: int

    def total(self, w: Fraction) -> Fraction:
        """What a line's value is divided by to be points."""
        return self.rest + self.unit * w

    def costs(self, w: Fraction, n_cols: int) -> tuple[Int64, int] | None:
        """(n_cols,) whole numbers in the ratio of all points at `w`, and what they were divided by; None: too large."""
        largest = (int(abs(self.at_zero).max(initial=0)), int(abs(self.slope).max(initial=0)))
        if w.denominator * largest[0] + abs(w.numerator) * largest[1] >= _LARGEST:
            return None
        found = w.denominator * self.at_zero + w.numerator * self.slope
        common = int(np.gcd.reduce(found)) or 1
        return np.concatenate([found // common, np.zeros(n_cols - found.size, np.int64)]), common

    def raised(self, thousandths: Int64) -> WeightLines:
        """A thousand times the lines, each pair's points raised by so many thousandths at every weight."""
        return WeightLines(
            1000 * self.at_zero + thousandths * self.rest,
            1000 * self.slope + thousandths * self.unit,
            1000 * self.rest,
            1000 * self.unit,
        )


def exact_weight(weight: float) -> Fraction:
    """A weight as it was written."""
    return Fraction(repr(weight)).limit_denominator(1_000_000)


def valued_candidates(problem: Problem) -> Candidates:
    """The candidates with the value of every criterion, in 1/10,000."""
    policy = problem.policy.model_copy(update={"tie_break": CRITERIA})
    return build_candidates(problem.with_policy(policy))


def build_weight_lines(problem: Problem, values: Candidates, name: CriterionName) -> WeightLines:
    """The lines along one criterion's weight, all other weights as they are.

    Parameters
    ----------
    values : from `valued_candidates`
    """
    weights = {key: exact_weight(weight) for key, weight in problem.policy.weights.as_dict().items()}
    unit = math.lcm(*(weight.denominator for weight in weights.values()))
    priority = _priority(problem, values)
    rest = sum(int(weight * unit) for key, weight in weights.items() if key != name)
    at_zero = rest * values.keep
    for key, weight in weights.items():
        if key != name:
            at_zero = at_zero + int(weight * unit) * _scored(values, key, priority)
    return WeightLines(at_zero, unit * (values.keep + _scored(values, name, priority)), rest, unit)


@dataclass(frozen=True)
class Rounding:
    """By how much the points of the policy leave the lines of one weight.

    Attributes
    ----------
    values : criterion → (n_pairs,) in [0, 1], as they are scored; scale : (n_pairs,) 10,000 · priority
    at_most : (n_pairs,) thousandths of a point: more than points may be off at any weight
    """

    problem: Problem
    name: CriterionName
    lines: WeightLines
    values: Mapping[CriterionName, npt.NDArray[np.float64]]
    scale: npt.NDArray[np.float64]
    keep: Int64
    at_most: Int64

    def off(self, weights: Sequence[Fraction]) -> tuple[Int64, Int64]:
        """(n_pairs,) twice: thousandths of a point that points are below and above the lines at most, at these weights.

        Notes
        -----
        Scored as the policy does it, to the bit, at each weight; beyond `MOST_SCORES` scores the worst at any weight.
        """
        if len(weights) * self.scale.size > MOST_SCORES:
            return -self.at_most, self.at_most
        low, high = np.full(self.scale.size, np.inf), np.full(self.scale.size, -np.inf)
        at_once = max(1, _SCORES_AT_ONCE // max(1, self.scale.size))
        for first in range(0, len(weights), at_once):
            off = self._off(weights[first : first + at_once])
            low, high = np.minimum(low, off.min(axis=0)), np.maximum(high, off.max(axis=0))
        # Outwards by a millionth of a point, as the lines are compared in floats here.
        below, above = np.floor(1000 * (low - 1e-6)), np.ceil(1000 * (high + 1e-6))
        return below.astype(np.int64), above.astype(np.int64)

    def points(self, weights: Sequence[Fraction], columns: Int64) -> Int64:
        """(n_weights, n_columns) the points of some pairs, scored as the policy does it, to the bit."""
        raw = self.problem.policy.weights.as_dict()
        now = np.array([float(w) for w in weights])
        # Added up as `Weights.normalised` does it: another order may change the last bit, and with it a point.
        totals = np.array([sum({**raw, self.name: one}.values()) for one in now.tolist()])
        points = np.repeat(self.keep[None, columns], len(weights), axis=0)
        for key, value in self.values.items():
            share = (now if key == self.name else raw[key]) / totals
            points += np.rint(self.scale[None, columns] * share[:, None] * value[None, columns]).astype(np.int64)
        return points

    def _off(self, weights: Sequence[Fraction]) -> npt.NDArray[np.float64]:
        """(n_weights, n_pairs) points less the line's."""
        w = np.array([float(one) for one in weights])[:, None]
        lines = self.lines
        points = self.points(weights, np.arange(self.scale.size))
        return np.asarray(points - (lines.at_zero + lines.slope * w) / (lines.rest + lines.unit * w))


def build_rounding(problem: Problem, values: Candidates, name: CriterionName, lines: WeightLines) -> Rounding:
    """The rounding along one criterion's weight.

    Parameters
    ----------
    values, lines : from `valued_candidates` and `build_weight_lines`

    Notes
    -----
    At most half a point for each criterion that adds any, and for the line itself half of the priority, as its values
    are whole 1/10,000, and half a point where the priority is no whole number.
    """
    columns = build_columns(problem)
    where = values.director_idx.astype(np.int64), values.company_idx.astype(np.int64)
    pairs = Pairs(Block(columns, 0, columns.n_companies), *where)
    scored = score_pairs(pairs).values
    shown = {key: np.broadcast_to(scored[key], pairs.shape).astype(np.float64) for key in CRITERIA}
    priority = _priority(problem, values)
    weights = problem.policy.weights.as_dict()
    n_parts = sum((shown[key] > 0).astype(np.int64) for key in CRITERIA if weights[key] > 0 or key == name)
    off = n_parts / 2 + priority / 2 + np.where(priority == np.rint(priority), 0.0, 0.5)
    at_most = np.floor(1000 * off).astype(np.int64) + 1
    return Rounding(problem, name, lines, shown, POINTS * priority, values.keep, at_most)


def _priority(problem: Problem, values: Candidates) -> npt.NDArray[np.float64]:
    return problem.companies["priority"].to_numpy(float)[values.company_idx]


def _scored(values: Candidates, name: str, priority: npt.NDArray[np.float64]) -> Int64:
    """(n_pairs,) 10,000 · priority · value, rounded."""
    return np.rint(priority * values.tie_values[name]).astype(np.int64)
