"""The highest floor under which no chosen column need fall: raise the least points of any match.

A floor is tried by closing every column below it and asking whether any plan is left. That keeps a network a network,
and a floor that is too high is refuted by the same prices or tree that prove any model infeasible.

Source: threshold method for bottleneck assignment, Burkard, Dell'Amico, Martello, Assignment Problems (2009), ch. 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from matcher.model.answer import Answer
from matcher.model.certificate import Certificate, Scope, Word, certify, with_objective
from matcher.model.evidence import Evidence, evidence_of_none
from matcher.model.formulation import Formulation, Int64
from matcher.model.narrowing import closed

Solve = Callable[[Formulation, Int64 | None], Answer]
"""Any plan of a formulation, or none; the second argument is a plan of a wider one to start from."""


@dataclass(frozen=True)
class Floor:
    """The outcome: the formulation with the columns below the floor closed, a plan of it, and what is proved.

    `refuted` is the floor that gave the bound, None where no pair has more points; `refutation` proves it, None where a
    pinned pair is below it, or where `is_refuted` is False: two solvers only said so.
    """

    formulation: Formulation
    answer: Answer
    certificate: Certificate
    refuted: int | None = None
    refutation: Evidence | None = None
    is_refuted: bool = True


def raise_floor(formulation: Formulation, points: Int64, x: Int64 | None, *, solve: Solve, of: Scope) -> Floor:
    """The plans whose least chosen points are as high as can be.

    Parameters
    ----------
    points : (n_cols,) of each column; auxiliary columns are never closed
    x : a plan of the formulation, or None; it is the plan to go on with where `solve` finds none

    Returns
    -------
    Floor
        Its certificate's value is the floor; the bound is the highest floor that was not refuted. `claimed` where the
        next floor was refuted by two solvers instead of prices, `unknown` where it was left open. A plan without any
        match keeps every floor, and gets the highest.

    Notes
    -----
    One solve for each halving of the distinct points: 14 for 10,000 of them.
    """
    steps = np.unique(points[: formulation.n_pairs])
    answer = solve(with_objective(formulation, np.zeros_like(points)), x)
    if x is not None and not _is_plan(formulation, answer):
        answer = replace(answer, x=x, status="feasible", farkas=None, proof=None)
    if not _is_plan(formulation, answer):
        # Prices of no objective bound no floor.
        tree = answer.proof if answer.status == "infeasible" else None
        return Floor(formulation, answer, certify(formulation, replace(answer, prices=None, proof=tree), of=of))
    if not steps.size:
        return Floor(formulation, answer, _certificate(0, 0, "proved", of))
    low, high, word = _reached(steps, points, formulation, answer), int(steps.size), _PROVED
    top, refutation, is_refuted = high, None, True
    while high - low > 1:
        middle = (low + high) // 2
        model = closed(formulation, points, int(steps[middle]))
        tried = None if model is None else solve(with_objective(model, np.zeros_like(points)), answer.x)
        if model is not None and tried is not None and _is_plan(model, tried):
            answer, low = tried, max(middle, _reached(steps, points, model, tried))
            continue
        witness = None if model is None or tried is None else evidence_of_none(model, tried)
        found = _PROVED if model is None or tried is None else _refuted(tried, witness)
        high = middle
        word = found
        if found != "unknown":
            top, refutation, is_refuted = middle, witness, found == _PROVED
    value, bound = int(steps[low]), int(steps[top - 1])
    return Floor(
        closed(formulation, points, value) or formulation,
        answer,
        _certificate(value, bound, word, of),
        refuted=int(steps[top]) if top < steps.size else None,
        refutation=refutation,
        is_refuted=is_refuted,
    )


_PROVED: Word = "proved"


def _is_plan(formulation: Formulation, answer: Answer) -> bool:
    return answer.x is not None and certify(formulation, replace(answer, prices=None, proof=None)).feasible


def _reached(steps: Int64, points: Int64, formulation: Formulation, answer: Answer) -> int:
    """The place among the steps of the least chosen points; the last one where nothing is chosen."""
    chosen = np.flatnonzero(answer.x[: formulation.n_pairs]) if answer.x is not None else np.zeros(0, np.int64)
    if not chosen.size:
        return int(steps.size) - 1
    return int(np.searchsorted(steps, points[chosen].min()))


def _refuted(answer: Answer, witness: Evidence | None) -> Word:
    if answer.status != "infeasible":
        return "unknown"
    return "claimed" if witness is None else "proved"


def _certificate(value: int, bound: int, word: Word, of: Scope) -> Certificate:
    gap = (bound - value) / max(1, abs(value))
    return Certificate(value=value, bound=bound, gap=gap, word=word, of=of, feasible=True)
