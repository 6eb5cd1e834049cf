"""Dives: depth first from a domain of the tree towards a plan near the bound, a tenth of the choices fixed at a time.

What is fixed is what the steps of the prices agree on: the mean of their choices, not the last one, is near the optimum
of the relaxation in which rows are whole. A dive from the root looks for a plan anywhere; one from the plan at hand,
with a part of it opened, betters that part, and ends at once where the prices prove that it holds nothing better.

Source: Barahona, Anbil, The volume algorithm (2000), for the mean; Shaw, Using constraint programming and local search
methods to solve vehicle routing problems (1998), for opening a part of a plan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from matcher.model.formulation import Int64
from matcher.model.proof import Domain, Valued, propagated, split, tightened
from matcher.model.solvers import cpsat_model
from matcher.model.solvers.branching import Finish, Search
from matcher.model.solvers.climb import Climb
from matcher.model.solvers.cpsat_model import Part, Run

_STEPS = 15
_FIXED_SHARE = 0.1
_FEW_FREE, _MANY_FREE, _FREE_PART = 50, 200, 80
# What CP-SAT finishes: an 80th of the columns, within these numbers.
_CHANCE = 0.2
_LEAST_MEAN = 0.01
_LOSS_WEIGHT = 1e-3
_MAX_LOSS = 6
_FINISH_WORK = 0.0015
# A free column, in seconds.
_AIMS = (0.4, 0.7, 1.0)
"""Where between bound and plan a dive aims: 0 at the bound, 1 at the plan."""
_BLIND_AIMS = (250, 100, 25)
"""With no plan to start from: so many-th parts of the bound below it."""
_SMALL_GAP = 4
_LEAST_OPEN, _MOST_OPEN = 0.3, 0.9
_PLAN_BUDGET = 400
# Measured at 40 directors and 400 companies: four tenths of the dives that open 0.7 of a plan better it.
_ODD_WEIGHT = 0.3
_SMALL_PLAN = 20


def dive(
    search: Search, start: tuple[Domain, Int64], target: int, budget: int, deadline: float, finish: Finish
) -> bool:
    """Look for a plan of at least `target` points in a domain; whether a better one than before was offered.

    Parameters
    ----------
    start : the domain, and (n_rows,) prices in the scale of the tree
    budget : how often prices may be valued
    finish : called with a domain of few free columns; returns its best x, or None where none is better than the plan

    Notes
    -----
    It proves nothing: the tree is left as it was.
    """
    known, threshold = search.value, search.scale * target
    stack, last = [start], search.n_values + budget
    few = few_free(search.model.formulation.n_cols)
    while stack and search.n_values < last and not search.is_late(deadline):
        domain, price = stack.pop()
        choices: list[Int64] = []
        price, is_closed = search.descend(domain, price, _STEPS, deadline, target, choices)
        if search.value != known:
            return True
        after, valued = (None, None) if is_closed else tightened(search.model, domain, price, threshold)
        if after is None or valued is None or valued.loss_out is None:
            continue
        is_free = after.upper - after.lower == 1
        if int(is_free.sum()) <= few:
            x = finish(after, target)
            search.n_values += max(1, round(_FINISH_WORK * few / search.work_of_value))
            if x is not None:
                search.offer(x)
                return search.value != known
            continue
        order = _wanted(search, is_free, valued, choices)
        without = propagated(search.formulation, split(after, int(order[0]))[1])
        lower = after.lower.copy()
        n_left = int(np.count_nonzero(is_free & (valued.x == after.upper)))
        chosen = _compatible(search, after, order, max(1, int(n_left * _FIXED_SHARE)))
        lower[chosen] = after.upper[chosen]
        within = propagated(search.formulation, Domain(lower, after.upper))
        stack.extend((half, price) for half in (without, within) if half is not None)
    return False


def few_free(n_cols: int) -> int:
    """So many free columns CP-SAT finishes at once."""
    return min(_MANY_FREE, max(_FEW_FREE, n_cols // _FREE_PART))


def _wanted(search: Search, is_free: npt.NDArray[np.bool_], valued: Valued, choices: list[Int64]) -> Int64:
    """Free columns, those most steps chose first; a little chance, so that two dives differ."""
    mean = np.mean(choices, axis=0)
    wanted = np.flatnonzero(is_free & (mean > _LEAST_MEAN))
    if not wanted.size:
        wanted = np.flatnonzero(is_free)
    loss = np.zeros(mean.size) if valued.loss_out is None else np.minimum(valued.loss_out / search.scale, _MAX_LOSS)
    score = mean[wanted] + _CHANCE * search.rng.random(wanted.size) + _LOSS_WEIGHT * loss[wanted]
    return wanted[np.argsort(-score, kind="stable")]


def _compatible(search: Search, domain: Domain, order: Int64, n_wanted: int) -> Int64:
    """The first columns of `order` that fit together under every upper bound of a row, at least the first one.

    Notes
    -----
    Two directors may both choose a company: fixing both would leave nothing, and the dive would never come down.
    """
    formulation = search.formulation
    ptr, rows, coef = search.model.by_column
    activity = formulation.row_activity(domain.lower)
    chosen: list[int] = []
    for j in order.tolist():
        at, use = rows[ptr[j] : ptr[j + 1]], coef[ptr[j] : ptr[j + 1]]
        if chosen and ((activity[at] + use > formulation.row_upper[at]) & (use > 0)).any():
            continue
        activity[at] += use
        chosen.append(j)
        if len(chosen) >= n_wanted:
            break
    return np.array(chosen, np.int64)


@dataclass
class Dives:
    """Dives around one plan."""

    climb: Climb
    rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.climb.limits.seed)

    def from_root(self, tree: Search, budget: int) -> bool:
        """The first better plan of some dives from the root, nearer the bound at first; whether there was one."""
        climb = self.climb
        if climb.bound is None:
            return False
        for target in self._targets():
            if tree.left is None or climb.is_done:
                return False
            if dive(tree, tree.left, target, budget, climb.deadline, self.finish):
                return True
        return False

    def _targets(self) -> list[int]:
        climb = self.climb
        bound, value = climb.bound or 0, climb.value
        if value is None:
            return [bound - max(1, abs(bound) // part) for part in _BLIND_AIMS]
        if bound - value < _SMALL_GAP:  # the trees come there themselves
            return []
        aims = (max(value + 1, bound - math.floor((bound - value) * aim)) for aim in _AIMS)
        return list(dict.fromkeys(aims))

    def from_plan(self, tree: Search, budget: int) -> None:
        """Opens parts of the plan, smaller and larger ones, and dives into each."""
        climb, last = self.climb, tree.n_values + budget
        while climb.x is not None and climb.value is not None and climb.bound is not None:
            if climb.is_done or tree.n_values >= last or climb.bound - climb.value < _SMALL_GAP or tree.left is None:
                return
            domain = self._opened(climb.x)
            tree.n_values += 1
            if domain is None:
                return
            left = min(_PLAN_BUDGET, last - tree.n_values)
            dive(tree, (domain, tree.left[1]), climb.value + 1, left, climb.deadline, self.finish)

    def _opened(self, x: Int64) -> Domain | None:
        """The domain with most of what the plan chooses kept; what the prices would not choose is opened sooner."""
        formulation = self.climb.formulation
        lower = formulation.column_lower.copy()
        chosen = np.flatnonzero(x > lower)
        odd = np.zeros(x.size, np.bool_) if not self.climb.base.size else self.climb.base != x
        key = self.rng.random(chosen.size) + _ODD_WEIGHT * odd[chosen]
        n_open = max(min(_SMALL_PLAN, chosen.size), round(self.rng.uniform(_LEAST_OPEN, _MOST_OPEN) * chosen.size))
        kept = chosen[np.argsort(key, kind="stable")[: chosen.size - n_open]]
        lower[kept] = x[kept]
        return propagated(formulation, Domain(lower, formulation.column_upper))

    def finish(self, domain: Domain, target: int) -> Int64 | None:
        """CP-SAT on what a dive leaves free: its best x, if that is better than the plan at hand."""
        climb = self.climb
        work = _FINISH_WORK * few_free(climb.formulation.n_cols)
        part = Part(np.flatnonzero(domain.lower < domain.upper), domain.lower, np.zeros(0, np.int64))
        outcome = cpsat_model.run(climb.formulation, part, climb.bounded(Run(work_limit=work)))
        climb.work += outcome.work
        if outcome.x is None:
            return None
        is_better = climb.value is None or climb.formulation.value_of(outcome.x) > climb.value
        return outcome.x if is_better else None
