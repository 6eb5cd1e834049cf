"""Whether a formulation has any plan, by somebody who has to show it: an x that keeps every row, or a witness against.

A plan is its own witness. Against one, integer prices or a small tree of them prove (``proved``), or two runs of CP-SAT
of different kind agree (``claimed``); one solver alone is not believed (google/or-tools 5274: a wrong INFEASIBLE with
presolve on).
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from matcher.model.answer import Answer, Limits
from matcher.model.certificate import Word, certify, with_objective
from matcher.model.formulation import Formulation, Int64
from matcher.model.proof import AnyProof
from matcher.model.solvers import BACKENDS, cpsat_model
from matcher.model.solvers.branching import Search
from matcher.model.solvers.cpsat_model import Run
from matcher.model.solvers.incumbent import greedy, is_feasible
from matcher.model.solvers.linear_prices import Relaxation, relax
from matcher.model.solvers.network import as_network

Verdict = Literal["proved", "claimed", "feasible", "unknown"]
"""``proved`` and ``claimed`` that there is no plan; ``feasible`` with a plan at hand; ``unknown``."""

WORK_PER_ENTRY = 1e-6
"""What one flow or LP counts for: 0.1 to 0.3 s with 48,000 pairs in four rows each."""

_WORK_AT_ONCE = 5.0
_MANY_COLUMNS = 5_000
_SHARE = 0.5
_LEAST_LEFT_S = 0.05
_TREE_ENTRIES = 5_000
_TREE_STEPS = 50
_TREE_BUDGET = 400
_TREE_WORK = 1e-8
"""What one valuing of prices counts for, for each entry and column: 0.2 ms with 5,000."""


class Effort:
    """What a search may still spend: wall seconds where a time limit is given, else deterministic work.

    Parameters
    ----------
    time_limit_s : seconds from now, None = no time limit
    work : CP-SAT's deterministic time, about seconds, the same on every machine; used only without a time limit
    stop : once set, all is spent
    """

    def __init__(
        self, *, time_limit_s: float | None, work: float, seed: int = 0, stop: threading.Event | None = None
    ) -> None:
        self._deadline = None if time_limit_s is None else time.monotonic() + time_limit_s
        self._work = work
        self.seed = seed
        self.stop = stop

    @property
    def left_s(self) -> float | None:
        """Wall seconds left, never quite none; None without a time limit."""
        return None if self._deadline is None else max(_LEAST_LEFT_S, self._deadline - time.monotonic())

    @property
    def is_spent(self) -> bool:
        if self.stop is not None and self.stop.is_set():
            return True
        return self._work <= 0 if self._deadline is None else time.monotonic() >= self._deadline

    def take(self, work: float) -> None:
        """Notes work done."""
        self._work -= work

    def run(self) -> Run:
        """The limits of the next run of CP-SAT."""
        return Run(work_limit=_WORK_AT_ONCE, time_limit_s=self.left_s, seed=self.seed, stop=self.stop)


@dataclass(frozen=True)
class Judgement:
    """The verdict, and the plan where there is one: (n_cols,) int64, checked against every row."""

    verdict: Verdict
    x: Int64 | None = None


def witnessed_word(formulation: Formulation, answer: Answer) -> Word:
    """What an infeasible answer is worth by itself: prices or a tree that prove it, two witnesses it names, or
    nothing."""
    if answer.status != "infeasible":
        return "unknown"
    if certify(formulation, replace(answer, x=None, prices=None)).infeasible_proved:
        return "proved"
    return "claimed" if len(set(answer.witnesses)) > 1 else "unknown"


def judge(formulation: Formulation, effort: Effort) -> Judgement:
    """Whether any x keeps every row and column bound.

    Notes
    -----
    A network takes one flow, anything else one LP, a greedy plan, and CP-SAT up to five units of work. Where CP-SAT
    says that there is no plan, a tree is asked for a proof, and CP-SAT once more where the tree does not close.
    """
    plain = with_objective(formulation, np.zeros(formulation.n_cols, np.int64))
    effort.take(WORK_PER_ENTRY * (formulation.col_idx.size + 1_000))
    if not isinstance(as_network(plain), str):
        answer = BACKENDS["flow"].solve(plain, Limits())
        if answer.x is not None and is_feasible(plain, answer.x):
            return Judgement("feasible", answer.x)
        if witnessed_word(plain, answer) == "proved":
            return Judgement("proved")
    relaxed = relax(plain, time_limit_s=effort.left_s, stop=effort.stop)
    if relaxed.farkas is not None:
        return Judgement("proved")
    x = first_plan(plain, relaxed)
    return _searched(plain, effort) if x is None else Judgement("feasible", x)


def first_plan(formulation: Formulation, relaxed: Relaxation) -> Int64 | None:
    """The relaxation's x where it is whole, or a greedy plan from it, if either keeps every row."""
    if relaxed.x is None:
        return None
    tries = (np.rint(relaxed.x).astype(np.int64), *greedy(formulation, relaxed.x, np.zeros_like(formulation.objective)))
    return next((x for x in tries if is_feasible(formulation, x)), None)


def _searched(formulation: Formulation, effort: Effort) -> Judgement:
    if formulation.n_cols > _MANY_COLUMNS and effort.left_s is not None:
        # Plain CP-SAT finds no plan of 48,000 pairs with hours in 10 s; its backend repairs one part after the other.
        limits = Limits(time_limit_s=_SHARE * effort.left_s, seed=effort.seed, stop=effort.stop)
        answer = BACKENDS["cpsat"].solve(formulation, limits)
        if answer.x is not None and is_feasible(formulation, answer.x):
            return Judgement("feasible", answer.x)
        return Judgement(witnessed_word(formulation, answer))
    first = cpsat_model.run(formulation, cpsat_model.whole(formulation), effort.run())
    effort.take(first.work)
    if first.x is not None:
        return Judgement("feasible" if is_feasible(formulation, first.x) else "unknown", first.x)
    if first.status != "infeasible":
        return Judgement("unknown")
    if refuting_tree(formulation, effort) is not None:
        return Judgement("proved")
    return Judgement(confirmed(formulation, effort))


def confirmed(formulation: Formulation, effort: Effort) -> Verdict:
    """What a second run of CP-SAT, without presolve and without linear rows, says after a first one of infeasible."""
    other = replace(effort.run(), presolve=False, linearization_level=0)
    second = cpsat_model.run(formulation, cpsat_model.whole(formulation), other)
    effort.take(second.work)
    return "claimed" if second.status == "infeasible" else "unknown"


def refuting_tree(formulation: Formulation, effort: Effort) -> AnyProof | None:
    """A small tree that proves that there is no plan; None says nothing.

    Notes
    -----
    Only for models of at most 5,000 entries and columns, all 0/1. Prices are valued some 450 times at most, the same on
    every machine; what the tree found is checked by `certify`, as anybody's proof is.
    """
    size = formulation.col_idx.size + formulation.n_cols
    if size > _TREE_ENTRIES or int(formulation.column_upper.max(initial=0)) > 1:
        return None
    plain = with_objective(formulation, np.zeros(formulation.n_cols, np.int64))
    deadline = math.inf if effort.left_s is None else time.monotonic() + effort.left_s
    try:
        # A plan would have 0 points, and the tree refutes that there is one of more than −1.
        tree = Search(plain, None, value=-1, take=plain.value_of, seed=effort.seed)
        tree.root(deadline, _TREE_STEPS)
        tree.grow(deadline, _TREE_BUDGET)
    except OverflowError:  # bounds so large that prices of them leave int64
        return None
    effort.take(_TREE_WORK * tree.n_values * size)
    proof = tree.proof()
    holds = certify(plain, Answer("infeasible", "bound_tree", proof=proof)).infeasible_proved
    return proof if holds else None
