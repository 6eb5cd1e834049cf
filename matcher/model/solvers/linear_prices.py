"""Row prices from the linear relaxation, as integers that the certificate can check.

The relaxation is solved by GLOP through MathOpt. Its duals are floats and are believed by nobody: they are turned into
integers over a scale, and what they prove is what `certificate.bound_of` computes from them. A bad LP costs a weaker
bound, never a wrong one.

Long models are sifted: solved on the columns that stand high in some row, then the columns their prices call for are
added, until none is.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.model.answer import Prices
from matcher.model.certificate import bound_of
from matcher.model.formulation import NO_LIMIT, Formulation, Int64
from matcher.model.solvers.mathopt import Float64, Programme, Vertex, programme_of, solve_linear

_SIFT_ABOVE = 6_000
_BEST_PER_ROW = 8
_MAX_ROUNDS = 12
_LARGE_SCALE = 1_000_000
_SAFE = 2.0**62 * 0.999
_MAX_DENOMINATOR = 720
_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Relaxation:
    """What the linear relaxation says.

    Attributes
    ----------
    status : ``infeasible`` only with verified `farkas`; ``unsolved`` when the LP gave nothing to use
    x : (n_cols,) float64, the fractional optimum; prices : verified by `bound`; bound : in points
    farkas : integer prices whose bound for the zero objective is below 0
    """

    status: Literal["optimal", "infeasible", "unsolved"]
    x: Float64 | None = None
    prices: Prices | None = None
    bound: int | None = None
    farkas: Prices | None = None
    n_rounds: int = 0


def relax(
    formulation: Formulation,
    *,
    time_limit_s: float | None = None,
    work_limit: float | None = None,
    stop: threading.Event | None = None,
    first: npt.NDArray[np.bool_] | None = None,
) -> Relaxation:
    """The linear relaxation: its optimum with integer prices, or integer prices that prove it infeasible.

    Parameters
    ----------
    time_limit_s : wall seconds for all LPs together, None = no limit
    work_limit : GLOP's deterministic time for each LP, None = no limit
    stop : ends it once it is set
    first : (n_cols,) the columns to solve first where one knows them from a like model; all others are looked at too

    Returns
    -------
    Relaxation : never raises on an LP that fails; `status` is then ``unsolved``

    Notes
    -----
    48,000 columns, 1,800 rows, 164,000 entries: 0.2–0.5 s. Prices are exact rationals where all duals have small
    denominators (then the bound meets a tight optimum), else millionths. Objectives above 2⁵³ lose their last digits in
    the LP: the bound stays valid and gets loose.
    """
    deadline = math.inf if time_limit_s is None else time.monotonic() + time_limit_s
    spend = _Spend(deadline, work_limit, stop)
    vertex, status, n_rounds = _sifted(formulation, spend, first)
    if vertex is not None:
        prices = integer_prices(formulation, vertex.dual)
        bound = None if prices is None else bound_of(formulation, prices)
        return Relaxation("optimal", vertex.x, prices, bound, n_rounds=n_rounds)
    farkas = None
    if status == "infeasible":
        farkas = farkas_prices(formulation, time_limit_s=_left(deadline), work_limit=work_limit, stop=stop)
    return Relaxation("unsolved" if farkas is None else "infeasible", farkas=farkas, n_rounds=n_rounds)


def linear_prices(formulation: Formulation, *, time_limit_s: float | None = None) -> Prices | None:
    """Integer prices with the best bound the linear relaxation gives, or None where it gives none."""
    return relax(formulation, time_limit_s=time_limit_s).prices


def integer_prices(formulation: Formulation, dual: Float64) -> Prices | None:
    """The integer prices near float duals that give the least bound, or None when no dual is finite.

    Parameters
    ----------
    dual : (n_rows,) float64, positive where more of the row's upper bound is worth points

    Notes
    -----
    Three scales are tried: the common denominator of all duals, 1, and a million, or the largest one below it whose
    reduced costs surely stay inside int64 (points near 2⁴⁰ times coefficients of some thousand leave less). No scale
    beyond that is tried but 1, whose bound is exact all the same; only `reduced_costs` may refuse it.
    """
    if not np.isfinite(dual).all():
        return None
    price = _signed(formulation, dual)
    best: Prices | None = None
    best_bound = 0
    largest = _largest_scale(formulation, price)
    for scale in dict.fromkeys((_common_denominator(price), 1, min(_LARGE_SCALE, largest))):
        if scale < 1 or scale > max(1, largest) or float(np.abs(price).max(initial=0.0)) * scale >= 2.0**62:
            continue
        candidate = Prices(np.rint(price * scale).astype(np.int64), scale)
        bound = bound_of(formulation, candidate)
        if best is None or bound < best_bound:
            best, best_bound = candidate, bound
    return best


def _largest_scale(formulation: Formulation, price: Float64) -> int:
    """The largest scale whose prices and reduced costs surely stay inside int64, 0 where not even 1 is sure."""
    coef = np.abs(formulation.coef.astype(np.float64))
    used = coef * np.repeat(np.abs(price), np.diff(formulation.row_ptr))
    size = np.abs(formulation.objective.astype(np.float64))
    size += np.bincount(formulation.col_idx, used, formulation.n_cols)
    # Rounding moves each price by up to one half, whatever the scale.
    rounding = 0.5 * np.bincount(formulation.col_idx, coef, formulation.n_cols)
    largest = max(1.0, float(size.max(initial=0.0)), float(np.abs(price).max(initial=0.0)))
    return max(0, int((_SAFE - float(rounding.max(initial=0.0))) / largest))


def farkas_prices(
    formulation: Formulation,
    *,
    time_limit_s: float | None = None,
    work_limit: float | None = None,
    stop: threading.Event | None = None,
) -> Prices | None:
    """Integer prices that prove that not even fractions satisfy the rows, or None.

    Notes
    -----
    Phase one: every row may be broken at a cost of 1 per unit, and the cheapest way is an LP with an optimum; its
    duals are the ray. No solver has to hand out rays (GLOP loses them in presolve).
    """
    n_cols, n_rows = formulation.n_cols, formulation.n_rows
    whole = programme_of(formulation, np.arange(n_cols), formulation.column_lower)
    rows = np.arange(n_rows)
    elastic = Programme(
        objective=np.concatenate((np.zeros(n_cols), np.full(2 * n_rows, -1.0))),
        lower=np.concatenate((whole.lower, np.zeros(2 * n_rows))),
        upper=np.concatenate((whole.upper, np.full(2 * n_rows, np.inf))),
        row_idx=np.concatenate((whole.row_idx, rows, rows)),
        col_idx=np.concatenate((whole.col_idx, n_cols + rows, n_cols + n_rows + rows)),
        coef=np.concatenate((whole.coef, np.ones(n_rows), np.full(n_rows, -1.0))),
        row_lower=whole.row_lower,
        row_upper=whole.row_upper,
    )
    deadline = math.inf if time_limit_s is None else time.monotonic() + time_limit_s
    vertex, _ = solve_linear(elastic, deadline, work_limit=work_limit, stop=stop)
    if vertex is None:
        return None
    nothing = replace(formulation, objective=np.zeros_like(formulation.objective))
    prices = integer_prices(nothing, vertex.dual)
    return prices if prices is not None and bound_of(nothing, prices) < 0 else None


def _left(deadline: float) -> float | None:
    return None if math.isinf(deadline) else max(0.0, deadline - time.monotonic())


def _signed(formulation: Formulation, dual: Float64) -> Float64:
    """Duals of a wrong sign on one-sided rows are noise: 0."""
    price = np.where((formulation.row_upper >= NO_LIMIT) & (dual > 0), 0.0, dual)
    return np.where((formulation.row_lower <= -NO_LIMIT) & (price < 0), 0.0, price)


def _common_denominator(price: Float64) -> int:
    """The least scale that makes all prices integers, or 0 where there is no small one."""
    parts = np.unique(np.round(price - np.floor(price), 7))
    if parts.size > 500:
        return 0
    scale = 1
    for part in parts.tolist():
        ratio = Fraction(part).limit_denominator(_MAX_DENOMINATOR)
        if abs(float(ratio) - part) > 2 * _TOLERANCE:
            return 0
        scale = math.lcm(scale, ratio.denominator)
        if scale > _LARGE_SCALE:
            return 0
    return scale


@dataclass(frozen=True, slots=True)
class _Spend:
    """What the LPs may spend: until `deadline` together, `work_limit` each."""

    deadline: float
    work_limit: float | None
    stop: threading.Event | None

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.deadline or (self.stop is not None and self.stop.is_set())


def _sifted(
    formulation: Formulation, spend: _Spend, first: npt.NDArray[np.bool_] | None = None
) -> tuple[Vertex | None, str, int]:
    """The optimal vertex, or None with the LP's status; and the number of LPs."""
    everything = np.arange(formulation.n_cols)
    if formulation.n_cols <= _SIFT_ABOVE and first is None:
        return (*_solve_columns(formulation, everything, spend), 1)
    is_in = _first_columns(formulation) if first is None else first | (formulation.column_lower > 0)
    for n_rounds in range(1, _MAX_ROUNDS + 1):
        if spend.is_over:
            return None, "failed", n_rounds - 1
        vertex, status = _solve_columns(formulation, np.flatnonzero(is_in), spend)
        if vertex is None:
            break
        used = formulation.coef * np.repeat(vertex.dual, np.diff(formulation.row_ptr))
        reduced = formulation.objective - np.bincount(formulation.col_idx, used, formulation.n_cols)
        reduced[is_in] = 0.0
        wanted = np.flatnonzero(reduced > _TOLERANCE * max(1.0, float(np.abs(vertex.dual).max(initial=0.0))))
        if not wanted.size:
            return vertex, status, n_rounds
        is_in[wanted[np.argsort(-reduced[wanted], kind="stable")[: 4 * formulation.n_rows]]] = True
    if spend.is_over:
        return None, "failed", _MAX_ROUNDS
    return (*_solve_columns(formulation, everything, spend), _MAX_ROUNDS + 1)


def _first_columns(formulation: Formulation) -> npt.NDArray[np.bool_]:
    """(n_cols,) the columns among the best of some row, those that must be used, and all auxiliary ones."""
    rows = formulation.entry_row_idx
    order = np.lexsort((-formulation.objective[formulation.col_idx], rows))
    rank = np.arange(order.size) - formulation.row_ptr[rows]
    is_in = formulation.column_lower > 0
    is_in[formulation.n_pairs :] = True
    is_in[formulation.col_idx[order[rank < _BEST_PER_ROW]]] = True
    is_in[np.bincount(formulation.col_idx, minlength=formulation.n_cols) == 0] = True
    return is_in


def _solve_columns(formulation: Formulation, cols: Int64, spend: _Spend) -> tuple[Vertex | None, str]:
    programme = programme_of(formulation, cols, formulation.column_lower)
    vertex, status = solve_linear(programme, spend.deadline, work_limit=spend.work_limit, stop=spend.stop)
    if vertex is None:
        return None, status
    x = formulation.column_lower.astype(np.float64)
    x[cols] = vertex.x
    return Vertex(x, vertex.dual), status
