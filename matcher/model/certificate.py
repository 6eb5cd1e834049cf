"""What is proved of a backend's answer, recomputed from the formulation alone. Imports no solver.

Any integer row prices y with any scale give a valid upper bound on the optimum (weak duality):

    scale · objective · x  ≤  Σ_r max(y_r · row_lower_r, y_r · row_upper_r at the end the sign of y_r picks)
                            + Σ_j max over column_lower_j ≤ x_j ≤ column_upper_j of reduced_j · x_j
    reduced_j = scale · objective_j − Σ_r a_rj y_r

A positive price acts on a row's upper bound, a negative one on its lower bound. A price on the side where a row has no
bound (±NO_LIMIT) proves nothing and counts as 0. Sums are exact: int64 where an estimate shows that it holds them,
Python integers where it may not.

Source: weak duality and complementary slackness, e.g. Schrijver, Theory of Linear and Integer Programming (1986), 7.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError
from matcher.model.answer import Answer, Prices
from matcher.model.forest import holds
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, int64_array, largest
from matcher.model.formulation import with_objective as with_objective
from matcher.model.proof import AnyProof

Word = Literal["proved", "claimed", "unknown"]
Scope = Literal["all", "kept"]

# Any: numpy has no name for "int64, or Python integers in an object array".
_Exact = npt.NDArray[Any]

_SAFE = 2.0**62 * 0.999
_N_SHOWN = 20
_COLUMN = "column"


class Violation(NamedTuple):
    """One bound an answer breaks; `family` is ``column`` when `row` is a column index and `activity` its x."""

    family: str
    row: int
    activity: int
    lower: int
    upper: int


@dataclass(frozen=True)
class Certificate:
    """What is proved of one answer.

    Attributes
    ----------
    value : objective · x in points; None unless x is feasible
    bound : no feasible x has more points than this; None without prices or a proof that holds
    gap : (bound − value) / max(1, abs(value)); 0.0 only when they are equal; None without both
    word : ``proved`` = feasible and bound equals value; ``claimed`` = feasible and the backend says optimal;
        ``unknown`` = neither
    of : ``all`` pairs, or the pairs that were ``kept`` as candidates
    feasible : x keeps every column bound and every row
    violations, n_violations : the first 20 bounds broken, and how many there are
    infeasible_proved : `Answer.farkas`, or the tree of an infeasible answer, proves that no x is feasible
    """

    value: int | None
    bound: int | None
    gap: float | None
    word: Word
    of: Scope
    feasible: bool
    violations: tuple[Violation, ...] = ()
    n_violations: int = 0
    infeasible_proved: bool = False


def certify(formulation: Formulation, answer: Answer, *, of: Scope = "all") -> Certificate:
    """What is proved of `answer`, whatever its status claims.

    Parameters
    ----------
    of : what the formulation's columns are: ``all`` eligible pairs or those ``kept``

    Raises
    ------
    ModelError : ``answer_shape_wrong``, ``not_integer`` (x or prices hold no integers), ``prices_shape_wrong``,
        ``price_scale_wrong``. A wrong plan is no error: it comes back with its violations.

    Notes
    -----
    O(n_entries) vectorised for prices, `forest.holds` for a tree. Where knapsack rows leave a gap between integers and
    fractions no prices are tight: without a tree the word stays ``claimed``. A proof that does not hold counts for
    nothing.
    """
    found: list[Violation] = []
    n_violations = 0
    value: int | None = None
    if answer.x is not None:
        x = _checked_x(formulation, answer.x)
        found, n_violations = _violations(formulation, x)
        value = None if n_violations else formulation.value_of(x)
    bound = None if answer.prices is None else bound_of(formulation, answer.prices)
    is_refuted = answer.farkas is not None and _proves_infeasible(formulation, answer.farkas)
    if answer.proof is not None and answer.status == "infeasible":
        is_refuted = is_refuted or _refutes_every_plan(formulation, answer.proof)
    elif (
        answer.proof is not None and (bound is None or answer.proof.bound < bound) and holds(formulation, answer.proof)
    ):
        bound = answer.proof.bound
    word: Word = "unknown"
    if value is not None and value == bound:
        word = "proved"
    elif value is not None and answer.status == "optimal":
        word = "claimed"
    return Certificate(
        value=value,
        bound=bound,
        gap=None if value is None or bound is None else (bound - value) / max(1, abs(value)),
        word=word,
        of=of,
        feasible=value is not None,
        violations=tuple(found),
        n_violations=n_violations,
        infeasible_proved=is_refuted,
    )


def bound_of(formulation: Formulation, prices: Prices) -> int:
    """The points no feasible x can exceed, proved by `prices`: the floor of the scaled bound over the scale."""
    return _scaled_bound(formulation, prices) // int(prices.scale)


def is_tight(formulation: Formulation, prices: Prices, value: int) -> bool:
    """Whether the bound is exactly scale · value, not only after its floor; `optimal_face` needs this."""
    return _scaled_bound(formulation, prices) == int(prices.scale) * value


class _Priced(NamedTuple):
    """What prices make of a formulation: `acting` (n_rows,), `reduced` (n_cols,), and the bound in 1/scale points."""

    acting: Int64
    reduced: _Exact
    scaled_bound: int


def reduced_costs(formulation: Formulation, prices: Prices) -> Int64:
    """(n_cols,) int64 in 1/scale points: what a unit of each column adds beyond the rows it uses.

    Raises
    ------
    ModelError : ``reduced_cost_too_large`` when one leaves int64.

    Notes
    -----
    It is a lower estimate of the loss of forcing a column against its sign, exact for few: never print it as "why not".
    """
    reduced = _priced(formulation, prices).reduced
    if reduced.dtype == object:
        if any(not -(2**63) <= number < 2**63 for number in reduced):
            raise ModelError("reduced_cost_too_large", limit=2**63 - 1)
        return reduced.astype(np.int64)
    return reduced.copy()


def optimal_face(formulation: Formulation, prices: Prices, value: int | None = None) -> Formulation:
    """The formulation whose feasible x are exactly the optimal x of this one, by complementary slackness.

    Columns with a positive reduced cost stand at their upper bound, with a negative one at their lower bound; rows with
    a positive price at their upper bound, with a negative one at their lower bound. Another objective on it
    (`with_objective`) breaks ties lexicographically without large weights.

    Parameters
    ----------
    prices : row prices whose scaled bound is exactly scale · optimum (ask `is_tight`)
    value : the optimum in points, checked when given; without it the face of untight prices has no feasible x

    Raises
    ------
    ModelError : ``prices_not_tight`` when the scaled bound is not scale · value, or no multiple of scale.
    """
    price, reduced, scaled = _priced(formulation, prices)
    scale = int(prices.scale)
    if scaled % scale or (value is not None and scaled != scale * value):
        raise ModelError("prices_not_tight", scaled_bound=scaled, scale=scale, value=value)
    low, high = formulation.column_lower, formulation.column_upper
    row_low, row_high = formulation.row_lower, formulation.row_upper
    return replace(
        formulation,
        column_lower=np.where(reduced > 0, high, low),
        column_upper=np.where(reduced < 0, low, high),
        row_lower=np.where(price > 0, row_high, row_low),
        row_upper=np.where(price < 0, row_low, row_high),
    )


def _checked_x(formulation: Formulation, x: npt.NDArray[np.integer]) -> Int64:
    if x.shape != (formulation.n_cols,):
        raise ModelError("answer_shape_wrong", shape=str(x.shape), n_cols=formulation.n_cols)
    return int64_array(x)


def _violations(formulation: Formulation, x: Int64) -> tuple[list[Violation], int]:
    low, high = formulation.column_lower, formulation.column_upper
    bad_cols = np.flatnonzero((x < low) | (x > high))
    if bad_cols.size:
        # Only x within its bounds is known to keep row sums inside int64.
        products = formulation.coef.astype(object) * x.astype(object)[formulation.col_idx]
        total: _Exact = np.concatenate((np.zeros(1, object), np.cumsum(products)))
        activity: _Exact = total[formulation.row_ptr[1:]] - total[formulation.row_ptr[:-1]]
    else:
        activity = formulation.row_activity(x)
    bad_rows = np.flatnonzero((activity < formulation.row_lower) | (activity > formulation.row_upper))
    found = [Violation(_COLUMN, int(j), int(x[j]), int(low[j]), int(high[j])) for j in bad_cols[:_N_SHOWN]]
    for r in bad_rows[: _N_SHOWN - len(found)]:
        name = formulation.family_of_row(int(r)).name
        bounds = int(formulation.row_lower[r]), int(formulation.row_upper[r])
        found.append(Violation(name, int(r), int(activity[r]), *bounds))
    return found, int(bad_cols.size + bad_rows.size)


def _proves_infeasible(formulation: Formulation, farkas: Prices) -> bool:
    # The zero objective has the value 0 at every feasible x, so a bound below 0 leaves none.
    return _scaled_bound(replace(formulation, objective=np.zeros_like(formulation.objective)), farkas) < 0


def _refutes_every_plan(formulation: Formulation, proof: AnyProof) -> bool:
    nothing = replace(formulation, objective=np.zeros_like(formulation.objective))
    return proof.bound < 0 and holds(nothing, proof)


def _acting(formulation: Formulation, prices: Prices) -> Int64:
    """(n_rows,) the prices, 0 where a row has no bound on the priced side."""
    if prices.row.shape != (formulation.n_rows,):
        raise ModelError("prices_shape_wrong", shape=str(prices.row.shape), n_rows=formulation.n_rows)
    if prices.scale < 1:
        raise ModelError("price_scale_wrong", scale=prices.scale)
    price = int64_array(prices.row)
    is_void = (price > 0) & (formulation.row_upper >= NO_LIMIT) | (price < 0) & (formulation.row_lower <= -NO_LIMIT)
    return np.where(is_void, 0, price)


def _reduced(formulation: Formulation, price: Int64, scale: int, objective: Int64) -> _Exact:
    """(n_cols,) scale · objective − Aᵀ price, in int64, or in Python integers where int64 may be too small."""
    size = np.abs(price.astype(np.float64))
    most = float(max(largest(objective), 1)) * float(scale)
    n_entries = np.diff(formulation.row_ptr)
    widest = 1.0 if formulation.has_unit_coef else float(largest(formulation.coef))
    if most + float(size @ n_entries) * widest < _SAFE:
        reduced: _Exact = objective * np.int64(scale)
        used: _Exact = np.repeat(price, n_entries)
        if not formulation.has_unit_coef:
            used = used * formulation.coef
    else:
        reduced = objective.astype(object) * int(scale)
        used = np.repeat(price.astype(object), n_entries) * formulation.coef.astype(object)
    np.subtract.at(reduced, formulation.col_idx, used)
    return reduced


def _scaled_bound(formulation: Formulation, prices: Prices) -> int:
    """The bound in 1/scale points, exact."""
    return _priced(formulation, prices).scaled_bound


def _priced(formulation: Formulation, prices: Prices) -> _Priced:
    """Computed once for the prices last asked about: certificate, evidence and the next tier ask of the same ones."""
    known = formulation.__dict__.get("_last_priced")
    if known is None or known[0] is not prices:
        price = _acting(formulation, prices)
        reduced = _reduced(formulation, price, prices.scale, formulation.objective)
        found = _Priced(price, reduced, _bound_from(formulation, price, reduced))
        known = formulation.__dict__["_last_priced"] = (prices, found)
    priced: _Priced = known[1]
    return priced


def _bound_from(formulation: Formulation, price: Int64, reduced: _Exact) -> int:
    rows = np.flatnonzero(price)
    limit = np.where(price > 0, formulation.row_upper, formulation.row_lower)[rows]
    best = np.where(reduced > 0, formulation.column_upper, formulation.column_lower)
    return _exact_dot(price[rows], limit) + _exact_dot(reduced, best)


def _exact_dot(left: _Exact, right: Int64) -> int:
    """Σ left · right as a Python integer; O(n), and about 100 times slower once a product may leave int64."""
    if not left.size:
        return 0
    if left.dtype != object and largest(left) * largest(right) < _SAFE:
        products = left * right
        # Halves of 32 bits: their sums hold 2³¹ products whatever their size.
        return (int((products >> 32).sum()) << 32) + int((products & 0xFFFFFFFF).sum())
    return int(np.dot(left.astype(object), right.astype(object)))
