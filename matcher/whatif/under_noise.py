"""How a plan stands noise: its matches, its points and other plans over many draws of ratings and weights.

Not `robustness.py`: a submodule of that name would hide the function `matcher.whatif.robustness`.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from matcher.domain.problem import Problem
from matcher.errors import UsageError
from matcher.model.formulation import Int64
from matcher.plan.plan import Plan
from matcher.whatif.best_over_draws import AIMS, Aim, BestOverDraws, best_over_draws, refuse_without_points
from matcher.whatif.drawing import DEFAULT_WEIGHT_SD, Spread, spread_of
from matcher.whatif.drawn_points import Drawable, build_drawable, columns_of_pairs
from matcher.whatif.engine import Engine
from matcher.whatif.handed import engine_named
from matcher.whatif.redrawing import DrawResult, OnLost, Redrawing, build_redrawing

MOST_DRAWS = 100_000
DEFAULT_DRAWS = 500
_Z95 = 1.959964


@dataclass(frozen=True)
class Regret:
    """Points that the base plan lacks to the best plan of a draw, over the draws that allow the base plan.

    Each figure is (at least, at most): equal where the draws' plans are proved. `mean`, `median`, `p90` (in nine of ten
    draws it is no more) and `max`.
    """

    mean: tuple[float, float]
    median: tuple[float, float]
    p90: tuple[float, float]
    max: tuple[int, int]


@dataclass(frozen=True)
class Robustness:
    """A plan under draws of ratings and weights.

    Attributes
    ----------
    plan : the base plan; spread, seed : what was drawn; n_asked : draws asked for, `draws` holds those that were done
    keep_bonus_points : 0 where draws are solved to the end; else what leaving has to be worth for a match to leave, as
        the policy's gap allows many plans
    best : aim → the plan that is best over all draws, for the aims asked for
    """

    plan: Plan
    drawable: Drawable
    spread: Spread
    seed: int
    n_asked: int
    results: tuple[DrawResult, ...]
    base: Int64
    keep_bonus_points: int
    best: dict[Aim, BestOverDraws]

    @property
    def n_draws(self) -> int:
        """Draws that were done."""
        return len(self.results)

    @cached_property
    def n_without_plan(self) -> int:
        """Draws in which no plan was found."""
        return sum(not result.has_plan for result in self.results)

    @cached_property
    def n_base_refused(self) -> int:
        """Draws in which a match of the base plan is not eligible, or the base plan breaks a limit."""
        return sum(not result.is_base_allowed for result in self.results)

    @cached_property
    def n_unchanged(self) -> int:
        """Draws whose best plan found is the base plan."""
        return sum(result.has_plan and np.array_equal(result.chosen, self.base) for result in self.results)

    @cached_property
    def matches(self) -> pd.DataFrame:
        """One row a match of the base plan, in how many draws it stays and who takes the company else.

        Columns: director_id, company_id, points, n_draws (that have a plan), n_stays, n_other_director, n_unserved,
        share (of n_stays), share_low and share_high (95 % by Wilson, for draws are a sample), next_director_id and
        n_next (the director who takes the company most often instead).
        """
        served = self._served
        n_draws = self.n_draws - self.n_without_plan
        ids = self.drawable.problem
        rows = []
        for column in self.base.tolist():
            director, company = int(self._director[column]), int(self._company[column])
            row = served[:, company]
            others = np.bincount(row[(row >= 0) & (row != director)], minlength=1)
            n_stays = int((row == director).sum())
            n_next = int(others.max())
            low, high = wilson(n_stays, n_draws)
            rows.append(
                {
                    "director_id": str(ids.director_ids[director]),
                    "company_id": str(ids.company_ids[company]),
                    "points": int(self.drawable.candidates.points[column]),
                    "n_draws": n_draws,
                    "n_stays": n_stays,
                    "n_other_director": int(others.sum()),
                    "n_unserved": n_draws - n_stays - int(others.sum()),
                    "share": n_stays / n_draws if n_draws else math.nan,
                    "share_low": low,
                    "share_high": high,
                    "next_director_id": str(ids.director_ids[int(others.argmax())]) if n_next else None,
                    "n_next": n_next,
                }
            )
        return pd.DataFrame(rows, columns=_MATCH_COLUMNS)

    @cached_property
    def entering(self) -> pd.DataFrame:
        """One row a pair outside the base plan that some draw's plan holds: director_id, company_id, points, n_draws.

        The most frequent first; `is_served` says whether another director serves the company in the base plan.
        """
        chosen = [result.chosen for result in self.results]
        columns, counts = np.unique(np.concatenate([np.zeros(0, np.int64), *chosen]), return_counts=True)
        is_new = ~np.isin(columns, self.base)
        columns, counts = columns[is_new], counts[is_new]
        order = np.lexsort((columns, -counts))
        columns, counts = columns[order], counts[order]
        company = self._company[columns]
        return pd.DataFrame(
            {
                "director_id": self.drawable.problem.director_ids[self._director[columns]],
                "company_id": self.drawable.problem.company_ids[company],
                "points": self.drawable.candidates.points[columns],
                "n_draws": counts.astype(np.int64),
                "is_served": np.isin(company, self._company[self.base]),
            }
        )

    @cached_property
    def draws(self) -> pd.DataFrame:
        """One row a draw: its number, how many matches stay, its points, and the regret of the base plan in it.

        `regret_low` … `regret_high` are the points the base plan lacks to the best; missing where the base plan is not
        allowed, there is no plan, or the policy does not maximise points first. Points may be missing: Int64 with NA.
        """
        rows = [
            {
                "draw": result.number,
                "has_plan": result.has_plan,
                "is_base_allowed": result.is_base_allowed,
                "n_stays": int(np.isin(self.base, result.chosen).sum()),
                "base_points": result.base_points,
                "best_points": result.best_points,
                "bound_points": result.bound_points,
                "is_proved": result.is_proved,
                **dict(zip(("regret_low", "regret_high"), _regret_of(result), strict=True)),
            }
            for result in self.results
        ]
        frame = pd.DataFrame(rows, columns=_DRAW_COLUMNS)
        numbers = ("base_points", "best_points", "bound_points", "regret_low", "regret_high")
        return frame.astype(dict.fromkeys(numbers, "Int64"))

    @cached_property
    def regret(self) -> Regret | None:
        """What the base plan loses; None where no draw tells."""
        known = self.draws[["regret_low", "regret_high"]].dropna().to_numpy(np.int64)
        if not known.size:
            return None
        low, high = known[:, 0], known[:, 1]
        return Regret(
            mean=(float(low.mean()), float(high.mean())),
            median=(float(np.median(low)), float(np.median(high))),
            p90=(float(np.quantile(low, 0.9)), float(np.quantile(high, 0.9))),
            max=(int(low.max()), int(high.max())),
        )

    def best_plan(self, aim: Aim) -> pd.DataFrame:
        """The matches of the plan that is best by an aim: director_id, company_id, is_in_base.

        Raises
        ------
        KeyError : the aim was not asked for
        """
        chosen = self.best[aim].chosen
        return pd.DataFrame(
            {
                "director_id": self.drawable.problem.director_ids[self._director[chosen]],
                "company_id": self.drawable.problem.company_ids[self._company[chosen]],
                "is_in_base": np.isin(chosen, self.base),
            }
        )

    @property
    def _director(self) -> Int64:
        return self.drawable.pairs.director

    @property
    def _company(self) -> Int64:
        return self.drawable.pairs.company

    @cached_property
    def _served(self) -> Int64:
        """(n_draws that have a plan, n_companies) the director of each company, −1 for none."""
        found = [result.chosen for result in self.results if result.has_plan]
        served = np.full((len(found), len(self.drawable.problem.companies)), -1, np.int64)
        for row, chosen in enumerate(found):
            served[row, self._company[chosen]] = self._director[chosen]
        return served


_MATCH_COLUMNS = [
    *("director_id", "company_id", "points", "n_draws", "n_stays", "n_other_director", "n_unserved"),
    *("share", "share_low", "share_high", "next_director_id", "n_next"),
]
_DRAW_COLUMNS = [
    *("draw", "has_plan", "is_base_allowed", "n_stays", "base_points", "best_points", "bound_points", "is_proved"),
    *("regret_low", "regret_high"),
]


def robustness(
    source: Problem | Plan,
    *,
    draws: int = DEFAULT_DRAWS,
    rating_sd: float | None = None,
    weight_sd: float = DEFAULT_WEIGHT_SD,
    seed: int | None = None,
    best: Sequence[Aim] = (),
    workers: int = 2,
    engine: str | Engine = "threads",
    stop: threading.Event | None = None,
    on_done: Callable[[int], None] | None = None,
    on_lost: OnLost | None = None,
) -> Robustness:
    """How a plan stands noise: draws ratings and weights, solves again, and counts what stays.

    Parameters
    ----------
    source : a problem, whose plan is made first, or a plan of `matcher.match`
    draws : 1 … 100,000
    rating_sd : standard deviation of one rater, in points of the scale 1–5; None takes it from table `ratings`
    weight_sd : of each weight's logarithm; what is drawn, and how, is told in `matcher.whatif.drawing`
    seed : of the draws; None = the policy's. Equal seed, data, policy and version give the equal answer, whatever the
        number of workers, as long as no time limit cuts a solve short
    best : ``mean`` and ``tail``: also the plan that is best over all draws; see `matcher.whatif.best_over_draws`
    workers : so many draws at once
    engine : who solves them; see `matcher.whatif.sweep`
    stop : once another thread sets it, what was done comes back
    on_done : called with the number of draws done
    on_lost : called with draws that are left out, as no worker lived through them, and the machine's reason

    Raises
    ------
    UsageError : ``draws_out_of_range``, ``spread_out_of_range``, ``unknown_aim``, ``best_needs_points``,
        ``no_plan_to_draw_for`` where there is no plan
    DataError, ModelError : as `matcher.match`

    Notes
    -----
    What is regretted is told in points of the draw, under the drawn weights. A draw is solved under the policy's own
    limits; where its gap is above 0, regret is an interval.
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise UsageError("draws_out_of_range", given=draws, most=MOST_DRAWS)
    problem = source.problem if isinstance(source, Plan) else source
    spread = spread_of(problem, rating_sd=rating_sd, weight_sd=weight_sd)
    unknown = next((aim for aim in best if aim not in AIMS), None)
    if unknown is not None:
        raise UsageError("unknown_aim", given=unknown, known=AIMS)
    if best:
        refuse_without_points(problem.policy.objective)
    runner = engine_named(engine, workers)
    plan = source if isinstance(source, Plan) else _planned(problem, stop)
    if not _has_plan(plan):
        raise UsageError("no_plan_to_draw_for")
    drawable = build_drawable(problem)
    base, x = _columns(drawable, plan)
    chosen_seed = problem.policy.solve.seed if seed is None else seed
    redrawing = build_redrawing(drawable, spread, x, seed=chosen_seed, stop=stop)
    results = redrawing.solve_all(draws, engine=runner, on_done=on_done, on_lost=on_lost)
    found = {aim: one for aim in best if (one := best_over_draws(redrawing, results, aim)) is not None}
    return Robustness(plan, drawable, spread, chosen_seed, draws, results, base, _bonus(redrawing), found)


def wilson(n_hits: int, n_draws: int) -> tuple[float, float]:
    """The 95 % interval of a share that was seen n_hits times in n_draws; (nan, nan) without draws.

    Source: Wilson, Probable inference, the law of succession, and statistical inference (1927).
    """
    if not n_draws:
        return math.nan, math.nan
    share, square = n_hits / n_draws, _Z95 * _Z95 / n_draws
    middle = (share + square / 2) / (1 + square)
    half = math.sqrt(square * (share * (1 - share) + square / 4)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def _planned(problem: Problem, stop: threading.Event | None) -> Plan:
    from matcher.matching import match

    return match(problem, stop=stop)


def _has_plan(plan: Plan) -> bool:
    return plan.status in ("optimal", "feasible")


def _columns(drawable: Drawable, plan: Plan) -> tuple[Int64, Int64]:
    """(n_matches,) the columns of the plan's matches, ascending, and (n_cols,) the plan as an x of the model."""
    matches = plan.document.assignments
    directors = np.array([match.director_id for match in matches], object)
    companies = np.array([match.company_id for match in matches], object)
    base = np.sort(columns_of_pairs(drawable, directors, companies))
    x = np.zeros(drawable.model.formulation.n_cols, np.int64)
    x[base] = 1
    return base, x


def _regret_of(result: DrawResult) -> tuple[int | None, int | None]:
    if result.base_points is None or result.best_points is None:
        return None, None
    at_most = None if result.bound_points is None else result.bound_points - result.base_points
    return result.best_points - result.base_points, at_most


def _bonus(redrawing: Redrawing) -> int:
    return 0 if redrawing.near is None else redrawing.near.bonus
