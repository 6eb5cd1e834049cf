"""What one more company a director could take would bring, and what one less would cost: exact, with who moves.

In a network both are ways in a residual graph. Rows that cannot bind are left out of a model, and with one more slot
they may bind: so it is built anew with one more slot for everybody and held to the slots there are. Where that roomier
model is no network, the ways are those of the plan's own model, and a gain counts only if no row left out stands in
the way of the plan it leads to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.domain.policy import statuses_in_service
from matcher.domain.problem import Problem
from matcher.explain.forcing import Change, changed, displaced, unchanged
from matcher.explain.losses import Loss, exact
from matcher.explain.standing import Standing
from matcher.model.displacement import Displacement, Residual, build_residual
from matcher.model.formulation import Formulation, Int64
from matcher.modelling import Model, build_model
from matcher.plan.usage import build_usage

Bools = npt.NDArray[np.bool_]

Idle = Literal["not_in_service", "no_candidates"]
"""Why a director's slots are worth nothing, whatever their number."""


@dataclass(frozen=True)
class SlotValue:
    """What one slot more and one slot less of a director would change.

    Attributes
    ----------
    more : its loss is 0 or below where the plan is the best: minus the gain; less : the loss of one slot
    idle : why both are 0 for certain, None where the director is a candidate
    """

    director_idx: int
    more: Change
    less: Change
    idle: Idle | None = None


@dataclass(frozen=True)
class SlotValues:
    """(n_directors,) the losses of one slot more and of one less, in id order, without chains."""

    more: tuple[Loss, ...]
    less: tuple[Loss, ...]


@dataclass(frozen=True)
class _Graph:
    """The residual graph that slots are valued in.

    Attributes
    ----------
    row : (n_directors,) each one's row of slots, −1 without candidates
    can_grow : (n_directors,) one slot more is one more here: not where work elsewhere takes more than there are
    is_doubtful : (n_directors,) rows that the graph lacks may bind with one slot more
    roomy : the roomier model held to the slots there are; roomy_row : (n_directors,) each one's row of slots in it
    """

    residual: Residual
    row: Int64
    can_grow: Bools
    is_doubtful: Bools
    roomy: Formulation
    roomy_row: Int64

    def upper(self, director_idx: int) -> int:
        return int(self.residual.formulation.row_upper[self.row[director_idx]])

    def more(self, director_idx: int) -> Displacement | None:
        """One slot more; None where the way leads to a plan that a row left out forbids."""
        if not self.can_grow[director_idx]:
            return Displacement(0)
        found = self.residual.raising(int(self.row[director_idx]))
        if not found.loss or not self.is_doubtful[director_idx]:
            return found
        return found if self.is_plan(director_idx, self.residual.after(found)) else None

    def is_plan(self, director_idx: int, x: Int64) -> bool:
        """Whether x, a plan of the graph with one slot more, breaks no row that the graph lacks."""
        if not self.is_doubtful[director_idx]:
            return True
        upper = self.roomy.row_upper.copy()
        upper[self.roomy_row[director_idx]] += 1
        activity = self.roomy.row_activity(x)
        return bool(((self.roomy.row_lower <= activity) & (activity <= upper)).all())


def slot_value(standing: Standing, director_idx: int) -> SlotValue:
    """One slot more, and one less, of one director.

    Notes
    -----
    Solved again where the model is no network, or where the director has slots of several months, or where a row that
    was left out of the network binds with one slot more.
    """
    idle = idle_reason(standing, director_idx)
    if idle is not None:
        nothing = unchanged(standing)
        return SlotValue(director_idx, nothing, nothing, idle)
    graph = _graph(standing)
    if graph is None:
        more, less = (_solved(standing, director_idx, by) for by in (1, -1))
        return SlotValue(director_idx, more, less)
    row = int(graph.row[director_idx])
    less = displaced(standing, graph.residual.lowering(row)) if graph.upper(director_idx) else unchanged(standing)
    return SlotValue(director_idx, _more(standing, graph, director_idx), less)


def slot_opens(standing: Standing, director_idx: int, column: int) -> tuple[int, bool] | None:
    """With one slot more of a director: what the best plan gains, and whether one of the best has the column then.

    None where that takes solving, as in `slot_value`.
    """
    graph = _graph(standing)
    if graph is None:
        return None
    if graph.can_grow[director_idx]:
        is_plan = partial(graph.is_plan, director_idx)
        return _opened(graph.residual, int(graph.row[director_idx]), column, is_plan)
    return 0, graph.residual.forcing(column).loss == 0


def company_opens(standing: Standing, column: int) -> tuple[int, bool] | None:
    """The same with one company more in the whole plan, where the policy limits them.

    None also where a limit may be missing from the model only as companies are few: budgets, directors at most.
    """
    limits, residual = standing.problem.policy.limits, standing.residual
    others = (limits.max_directors, limits.budget_jpy_per_month, limits.budget_jpy_total)
    if residual is None or any(limit is not None for limit in others):
        return None
    families = standing.model.formulation.families
    row = next((family.start for family in families if family.name == "max_companies"), None)
    if row is not None:
        return _opened(residual, row, column, lambda _: True)
    return 0, residual.forcing(column).loss == 0


def _opened(residual: Residual, row: int, column: int, is_plan: Callable[[Int64], bool]) -> tuple[int, bool] | None:
    """What one more of a row gains, and whether a column costs nothing then; None where a row left out forbids it."""
    found, raised = residual.raised(row)
    if not is_plan(raised.x):
        return None
    forced = raised.forcing(column)
    if forced.loss == 0 and not is_plan(raised.after(forced)):
        return None
    return -(found.loss or 0), forced.loss == 0


def slot_values(standing: Standing) -> SlotValues:
    """One slot more, and one less, of every director.

    Notes
    -----
    In a network two passes over the residual graph give all of them, but for gains that rows left out may forbid: one
    way each, and one solving where they do. Elsewhere each value is one solving.
    """
    graph = _graph(standing)
    if graph is None:
        each = [slot_value(standing, director) for director in range(len(standing.problem.directors))]
        return SlotValues(tuple(one.more.loss for one in each), tuple(one.less.loss for one in each))
    directors = np.flatnonzero(graph.row >= 0)
    more, less = np.zeros(graph.row.size, np.int64), np.zeros(graph.row.size, np.int64)
    is_possible = np.ones(graph.row.size, np.bool_)
    gain, loss, can_lose = graph.residual.values_of_rows(graph.row[directors])
    has_slot = graph.residual.formulation.row_upper[graph.row[directors]] > 0
    more[directors] = np.where(graph.can_grow[directors], -gain, 0)
    less[directors] = np.where(has_slot, loss, 0)
    is_possible[directors] = can_lose | ~has_slot
    losses = [exact(one) for one in more.tolist()]
    for director in np.flatnonzero(graph.is_doubtful & (more < 0)).tolist():
        losses[director] = _more(standing, graph, director).loss
    return SlotValues(
        more=tuple(losses),
        less=tuple(
            exact(one if is_fine else None) for one, is_fine in zip(less.tolist(), is_possible.tolist(), strict=True)
        ),
    )


def idle_reason(standing: Standing, director_idx: int) -> Idle | None:
    """Why no slot of a director is worth anything: not in service, or a candidate for nobody."""
    status = standing.problem.directors["status"].iloc[director_idx]
    if status not in statuses_in_service(standing.problem.policy):
        return "not_in_service"
    return None if (standing.candidates.director_idx == director_idx).any() else "no_candidates"


def with_slots(problem: Problem, by: int, director_idx: int | None = None) -> Problem:
    """The problem with more or fewer companies for one director, or for everybody; never below 0."""
    slots = problem.directors["max_companies"].to_numpy(np.int64).copy()
    slots[slice(None) if director_idx is None else director_idx] += by
    directors = problem.directors.assign(max_companies=np.maximum(slots, 0))
    return replace(problem, tables=MappingProxyType({**problem.tables, "directors": directors}))


def _solved(standing: Standing, director_idx: int, by: int) -> Change:
    if by < 0 and (_has_none(standing, director_idx) or _can_spare(standing, director_idx)):
        return unchanged(standing)
    found = changed(standing, standing.solve_problem(with_slots(standing.problem, by, director_idx)))
    return found if by < 0 else _no_worse(standing, found)


def _no_worse(standing: Standing, found: Change) -> Change:
    """With a slot more the plan is still one: where solving found a worse one in its time, or none, it is that plan."""
    tiers = list(found.losses.items())
    decides = next((loss.points for _, loss in tiers if loss.points != 0), 0)
    if decides is not None and decides <= 0:
        return found
    least = tiers[0][1].at_least
    first = exact(0) if least == 0 else Loss(0, "unknown", least, 0)
    rest = dict.fromkeys((name for name, _ in tiers[1:]), Loss(0, "unknown"))
    losses = MappingProxyType({tiers[0][0]: first, **rest})
    return Change(losses[standing.tiers[standing.points_tier]], losses, (), standing.pairs)


def _more(standing: Standing, graph: _Graph, director_idx: int) -> Change:
    found = graph.more(director_idx)
    return _solved(standing, director_idx, 1) if found is None else displaced(standing, found)


def _has_none(standing: Standing, director_idx: int) -> bool:
    return not standing.problem.directors["max_companies"].iloc[director_idx]


def _can_spare(standing: Standing, director_idx: int) -> bool:
    """Whether a plan proved to be the best stays one with a slot less, as one is empty in every month."""
    if any(word != "proved" for word in standing.base.words):
        return False
    chosen = np.flatnonzero(standing.is_chosen)
    usage = build_usage(standing.problem, standing.candidates, standing.model.months, chosen)
    return bool((usage.slots_left[director_idx] > 0).all())


def _graph(standing: Standing) -> _Graph | None:
    """The graph that slots are valued in; None without a residual graph, or with slots of several months.

    Found once a standing.
    """
    place = ("slots", -1, -1)
    if place not in standing.answered:
        standing.answered[place] = None if standing.residual is None else _built_graph(standing, standing.residual)
    found: _Graph | None = standing.answered[place]
    return found


def _built_graph(standing: Standing, plain: Residual) -> _Graph | None:
    own, roomy = standing.model, build_model(with_slots(standing.problem, 1), standing.candidates)
    subjects = roomy.meanings["slots"].subject_idx
    if roomy.formulation.n_cols != roomy.formulation.n_pairs or np.unique(subjects).size < subjects.size:
        return None
    before, rows = _slots(own.formulation), _slots(roomy.formulation)
    upper = roomy.formulation.row_upper.copy()
    can_grow = np.zeros(len(standing.problem.directors), np.bool_)
    can_grow[subjects] = upper[rows] > own.formulation.row_upper[before]
    upper[rows] = own.formulation.row_upper[before]
    held = replace(roomy.formulation, row_upper=upper)
    row, roomy_row = np.full((2, can_grow.size), -1, np.int64)
    row[subjects], roomy_row[subjects] = np.arange(before.start, before.stop), np.arange(rows.start, rows.stop)
    residual = build_residual(held, standing.is_chosen.astype(np.int64))
    if residual is not None:
        return _Graph(residual, roomy_row, can_grow, np.zeros_like(can_grow), held, roomy_row)
    return _Graph(plain, row, can_grow, _newly_bound(own, roomy, can_grow.size), held, roomy_row)


def _newly_bound(own: Model, roomy: Model, n_directors: int) -> Bools:
    """(n_directors,) whether the roomier model has rows of the director, or of the plan, that the plan's own lacks."""
    found = np.zeros(n_directors, np.bool_)
    for name, meaning in roomy.meanings.items():
        before = own.meanings.get(name)
        known = np.zeros(0, np.int64) if before is None else before.subject_idx
        if meaning.kind == "director":
            found[np.setdiff1d(meaning.subject_idx, known)] = True
        elif known.size < meaning.subject_idx.size:
            found[:] = True
    return found


def _slots(formulation: Formulation) -> slice:
    family = next(family for family in formulation.families if family.name == "slots")
    return slice(family.start, family.stop)
