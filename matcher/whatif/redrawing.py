"""Draw by draw: the best plan under it, as far as the policy asks, and what the base plan is worth there."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cached_property

import numpy as np

from matcher.domain.problem import Problem
from matcher.matching import versions
from matcher.model.answer import Limits
from matcher.model.formulation import Int64
from matcher.model.nearby import Nearby, build_nearby
from matcher.model.solvers.incumbent import is_feasible
from matcher.model.tiers import solve_tiers
from matcher.whatif.drawing import Spread, draw_of
from matcher.whatif.drawn_points import Drawable, DrawnPoints
from matcher.whatif.engine import Engine, Lost, Threads, Work

OnDone = Callable[[int], None]
"""Called with the number of draws that are done, in the calling thread."""

OnLost = Callable[[range, str], None]
"""Called with draws that no worker lived through, and the machine's reason."""

_MOST_PIECES = 1_000


@dataclass(frozen=True)
class DrawResult:
    """One draw.

    Attributes
    ----------
    number : of the draw; a seed and a number give the same draw always
    chosen : (n_chosen,) columns of the best plan found, empty where none was found
    has_plan : whether a plan was found
    is_base_allowed : whether every match of the base plan is eligible in this draw and the plan keeps every limit
    base_points, best_points, bound_points : points in this draw of the base plan, of the best plan found, and the bound
        that no plan passes; None where it does not exist, or the policy does not ask for points first
    """

    number: int
    chosen: Int64
    has_plan: bool
    is_base_allowed: bool
    base_points: int | None = None
    best_points: int | None = None
    bound_points: int | None = None

    @property
    def is_proved(self) -> bool:
        """Whether no plan is better in this draw."""
        return self.best_points is not None and self.best_points == self.bound_points


@dataclass(frozen=True)
class Redrawing:
    """What every draw of a programme is solved with. `x` is (n_cols,) the base plan, `near` where a gap is allowed."""

    drawable: Drawable
    spread: Spread
    seed: int
    x: Int64
    near: Nearby | None
    limits: Limits

    @property
    def is_of_points(self) -> bool:
        """Whether points are what is maximised first, so that regret is a difference of points."""
        return self.drawable.problem.policy.objective[0] == "points"

    def drawn(self, number: int) -> DrawnPoints:
        return self.drawable.points(draw_of(self.drawable.problem, self.spread, seed=self.seed, number=number))

    def solve(self, number: int) -> DrawResult:
        """The best plan under a draw.

        Notes
        -----
        Without a gap every tier is solved, down to the lot: the plan is the one that a run on the drawn problem gives.
        Where the policy allows a gap, the base stays where it is within it, and else a plan near it is looked for
        (`matcher.model.nearby`); only where that finds none, the whole is solved.
        """
        drawn = self.drawn(number)
        formulation = self.drawable.formulation(drawn)
        is_allowed = is_feasible(formulation, self.x)
        best, bound, x = None, None, None
        if self.near is not None:
            found = self.near.solve(formulation, stop=self.limits.stop)
            x, best, bound = found.x, found.value, found.bound
        if x is None:
            solved = solve_tiers(
                formulation,
                self.drawable.tiers(drawn),
                limits=self.limits,
                backend=self.drawable.problem.policy.solve.backend,
                of=self.drawable.candidates.of,
                start=self.x if is_allowed else None,
            )
            x = solved.answer.x
            best, bound = solved.results[0].value, solved.results[0].certificate.bound
        n_pairs = formulation.n_pairs
        chosen = np.zeros(0, np.int64) if x is None else np.flatnonzero(x[:n_pairs] > 0)
        base = int(drawn.points[self.x[:n_pairs] > 0].sum())
        return DrawResult(
            number=number,
            chosen=chosen,
            has_plan=x is not None,
            is_base_allowed=is_allowed,
            base_points=base if is_allowed and self.is_of_points else None,
            best_points=best if self.is_of_points and x is not None else None,
            bound_points=bound if self.is_of_points else None,
        )

    def solve_all(
        self,
        n_draws: int,
        *,
        engine: Engine | None = None,
        on_done: OnDone | None = None,
        on_lost: OnLost | None = None,
    ) -> tuple[DrawResult, ...]:
        """Draws 0 … n − 1 in order, whatever the engine; fewer once `limits.stop` is set.

        Parameters
        ----------
        engine : who solves them; None = one after the other
        on_lost : of draws that are missing, as no worker lived through them

        Notes
        -----
        A draw that was being solved when the stop came is left out: its plan may be cut short.
        """
        stop = self.limits.stop or threading.Event()
        runner: Engine = Threads() if engine is None else engine
        found: dict[int, DrawResult] = {}
        pieces = _pieces(n_draws)
        for at, results in runner.run(Drawing(self), pieces, stop=stop):
            if stop.is_set():
                continue
            if isinstance(results, Lost):
                if on_lost is not None:
                    on_lost(pieces[at], results.reason)
                continue
            found.update({result.number: result for result in results})
            if on_done is not None:
                on_done(len(found))
        return tuple(found[number] for number in sorted(found))


@dataclass(frozen=True)
class Drawing(Work[range, tuple[DrawResult, ...]]):
    """Draws of one programme, some numbers a piece."""

    redrawing: Redrawing

    def __getstate__(self) -> dict[str, object]:
        return {"redrawing": _with_stop(self.redrawing, None)}

    def begin(self, stop: threading.Event) -> Callable[[range], tuple[DrawResult, ...]]:
        redrawing = _with_stop(self.redrawing, stop)
        return lambda numbers: tuple(redrawing.solve(number) for number in numbers)

    def received(self, item: range, sent: object) -> tuple[DrawResult, ...]:
        assert isinstance(sent, tuple)
        return sent

    def size(self, item: range) -> int:
        return len(item)

    @cached_property
    def _base_key(self) -> str:
        drawable, spread = self.redrawing.drawable, self.redrawing.spread
        parts = {
            "problem": drawable.problem.digest,
            "policy": drawable.problem.policy.digest(),
            "rating_sd": dict(spread.rating_sd),
            "weight_sd": spread.weight_sd,
            "seed": self.redrawing.seed,
            "plan": hashlib.sha256(self.redrawing.x.tobytes()).hexdigest(),
            "versions": versions(),
        }
        return json.dumps(parts)

    def key(self, item: range) -> str:
        return f"{self._base_key}\n{item.start} {item.stop}"

    def kept(self, result: tuple[DrawResult, ...]) -> str | None:
        return json.dumps([{**asdict(one), "chosen": one.chosen.tolist()} for one in result])

    def restored(self, item: range, text: str) -> tuple[DrawResult, ...] | None:
        try:
            found = tuple(
                DrawResult(**{**one, "chosen": np.array(one["chosen"], np.int64)}) for one in json.loads(text)
            )
        except (ValueError, TypeError, KeyError):
            return None
        return found if [one.number for one in found] == list(item) else None


def _pieces(n_draws: int) -> list[range]:
    """Draws 0 … n − 1 in order, as many a piece as leave at most `_MOST_PIECES`, whatever the number of workers."""
    size = -(-n_draws // _MOST_PIECES)
    return [range(first, min(first + size, n_draws)) for first in range(0, n_draws, size)]


def _with_stop(redrawing: Redrawing, stop: threading.Event | None) -> Redrawing:
    return replace(redrawing, limits=replace(redrawing.limits, stop=stop))


def build_redrawing(
    drawable: Drawable, spread: Spread, x: Int64, *, seed: int, stop: threading.Event | None = None
) -> Redrawing:
    """What every draw is solved with; `x` is (n_cols,) the base plan."""
    problem = drawable.problem
    solve = problem.policy.solve
    limits = _limits(problem, stop)
    near = None
    formulation = drawable.formulation(drawable.as_is())
    # Columns that are no pairs (an even load) would need values of their own in every plan that is put together here.
    if solve.gap > 0 and solve.backend is None and problem.policy.objective == ("points",):
        is_plain = formulation.n_cols == formulation.n_pairs
        near = build_nearby(formulation, x, gap=solve.gap, seed=solve.seed) if is_plain else None
    return Redrawing(drawable, spread, seed, x, near, limits)


def _limits(problem: Problem, stop: threading.Event | None) -> Limits:
    solve = problem.policy.solve
    return Limits(
        time_limit_s=solve.time_limit_s,
        gap=solve.gap,
        seed=solve.seed,
        threads=solve.threads,
        deterministic_limit=solve.deterministic_limit,
        stop=stop,
    )
