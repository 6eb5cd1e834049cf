"""Several objectives, one after the other: what the first leaves equal, the next decides.

Each tier is solved on the plans that are best for all tiers before it. Where the prices of a tier are tight, these
plans are a face: some columns and rows stand at a bound, and a network stays a network. Where they are not, a row keeps
the points: objective · x ≥ value.

The last tier is usually `lot`: fixed pseudo-random weights that leave one plan, so that flow and CP-SAT, one worker and
eight, publish the same one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError, UsageError
from matcher.model.answer import Answer, Limits, Prices
from matcher.model.bottleneck import raise_floor
from matcher.model.certificate import Certificate, Scope, Word, certify, is_tight, optimal_face, with_objective
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, RowFamily
from matcher.model.solvers import BACKENDS, Choice, Progress, choose
from matcher.model.solvers.incumbent import is_feasible

_FIRST_SHARE = 0.6
_TIE_BREAK_SHARE = 0.05
_LEAST_SHARE = 0.05
_TRY_SHARE = 0.5
_LOT_BITS = 40
_MAX_SUM = 2**62


@dataclass(frozen=True, slots=True)
class Tier:
    """One objective, maximised: `objective` is (n_cols,) int64 points.

    `kind` ``sum`` adds up the points of the chosen columns and `constant`; ``least`` raises the least points of any
    chosen pair. `tolerance` is how many points of a sum later tiers may give up. A tie-break is asked only where every
    tier before it is settled: among plans that may still be bettered there is no tie to break.
    """

    name: str
    objective: Int64
    tolerance: int = 0
    is_tie_break: bool = False
    kind: Literal["sum", "least"] = "sum"
    constant: int = 0


@dataclass(frozen=True, slots=True)
class TierResult:
    """One tier's points in the plan when it was solved, and what is proved of them given the tiers before.

    `value` is None when no plan was found.
    """

    name: str
    value: int | None
    certificate: Certificate
    backend: str


@dataclass(frozen=True)
class TieredAnswer:
    """The plan of the last tier as an answer to the first: prices, bound and status are the first tier's, but
    ``optimal`` only when every tier was; `choice` is the first tier's backend, `certify_s` the seconds spent on proofs.
    """

    answer: Answer
    results: tuple[TierResult, ...]
    choice: Choice
    certify_s: float = 0.0


@dataclass(frozen=True)
class Shrunk:
    """A formulation without its fixed columns, and how to get back.

    Attributes
    ----------
    formulation : free columns and the rows they stand in, bounds less what the fixed columns use
    free_idx : (n_free,) columns kept; row_idx : (n_kept_rows,) rows kept; fixed : (n_cols,) x of the columns dropped, 0
        at the free ones; constant : points of the fixed columns
    """

    formulation: Formulation
    free_idx: Int64
    row_idx: Int64
    fixed: Int64
    constant: int
    is_contradiction: bool

    def widen_x(self, x: npt.NDArray[np.integer]) -> Int64:
        """(n_cols,) the x of the whole formulation."""
        out = self.fixed.copy()
        out[self.free_idx] = x
        return out

    def widen_prices(self, prices: Prices | None, n_rows: int) -> Prices | None:
        """The same prices on the rows of the whole formulation, 0 on those dropped."""
        if prices is None:
            return None
        row = np.zeros(n_rows, np.int64)
        row[self.row_idx] = prices.row
        return Prices(row, prices.scale)


def lot(n_cols: int, seed: int) -> Int64:
    """(n_cols,) int64 ≥ 0: the recorded lot, one weight per column, the same on every machine and in every version.

    Parameters
    ----------
    seed : any integer; it is recorded with the plan

    Returns
    -------
    The splitmix64 hash of (seed, column), cut to the most bits with Σ < 2⁶¹, at most 40.

    Notes
    -----
    Isolation lemma: with weights drawn from W values, more than one best plan is left with probability ≤ n_cols / W,
    whatever the set of plans. 10,000 columns and 2⁴⁰ values: 10⁻⁸. Then every exact backend returns the same plan,
    whatever its workers. More than 40 bits would come near the 53 of the doubles that linear prices are computed in.

    Source: Mulmuley, Vazirani, Vazirani, Matching is as easy as matrix inversion (1987); Steele, Lea, Flood, Fast
    splittable pseudorandom number generators (2014).
    """
    bits = min(_LOT_BITS, 61 - max(n_cols, 1).bit_length())
    if bits < 1:
        raise ModelError("sum_too_large", name="lot", limit=2**61)
    state = np.arange(1, n_cols + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    state += _mixed(np.array([seed % 2**64], np.uint64))
    return (_mixed(state) >> np.uint64(64 - bits)).astype(np.int64)


def _mixed(state: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def shrink(formulation: Formulation) -> Shrunk:
    """The formulation without fixed columns and without rows that no free column stands in.

    Notes
    -----
    Exact: the plans and, less `constant`, their points are the same. A dropped row that the fixed columns break sets
    `is_contradiction`. After a tier few columns are free, and ten tie-break tiers cost next to nothing.
    """
    is_free = formulation.column_lower < formulation.column_upper
    free_idx = np.flatnonzero(is_free)
    fixed = np.where(is_free, 0, formulation.column_lower)
    used = formulation.row_activity(fixed)
    low, high = formulation.row_lower, formulation.row_upper
    lower = np.where(low <= -NO_LIMIT, -NO_LIMIT, low - used)
    upper = np.where(high >= NO_LIMIT, NO_LIMIT, high - used)
    is_entry = is_free[formulation.col_idx]
    n_entries = np.bincount(formulation.entry_row_idx[is_entry], minlength=formulation.n_rows)
    is_kept = n_entries > 0
    row_idx = np.flatnonzero(is_kept)
    position = np.cumsum(is_free) - 1
    before = np.concatenate(([0], np.cumsum(is_kept)))
    small = Formulation(
        objective=formulation.objective[free_idx],
        column_lower=formulation.column_lower[free_idx],
        column_upper=formulation.column_upper[free_idx],
        row_ptr=np.concatenate((np.zeros(1, np.int64), np.cumsum(n_entries[row_idx], dtype=np.int64))),
        col_idx=position[formulation.col_idx[is_entry]].astype(np.int64),
        coef=formulation.coef[is_entry],
        row_lower=lower[row_idx],
        row_upper=upper[row_idx],
        families=tuple(
            RowFamily(family.name, int(before[family.start]), int(before[family.stop]), family.side)
            for family in formulation.families
        ),
        n_pairs=int(np.count_nonzero(is_free[: formulation.n_pairs])),
    )
    is_broken = ~is_kept & ((lower > 0) | (upper < 0))
    return Shrunk(small, free_idx, row_idx, fixed, formulation.value_of(fixed), bool(is_broken.any()))


def keep_points(formulation: Formulation, name: str, least: int) -> Formulation:
    """The formulation with one row more, family ``tier:<name>``: its own objective · x ≥ `least`.

    Raises
    ------
    ModelError : ``sum_too_large`` when the rows could leave int64
    """
    cols = np.flatnonzero(formulation.objective)
    coef = np.concatenate((formulation.coef, formulation.objective[cols]))
    col_idx = np.concatenate((formulation.col_idx, cols))
    size = np.abs(coef.astype(np.float64)) * formulation.column_upper[col_idx]
    if float(size.sum()) >= _MAX_SUM * 0.999:
        raise ModelError("sum_too_large", name=f"tier:{name}", limit=_MAX_SUM)
    n_rows = formulation.n_rows
    return replace(
        formulation,
        row_ptr=np.append(formulation.row_ptr, col_idx.size).astype(np.int64),
        col_idx=col_idx,
        coef=coef,
        row_lower=np.append(formulation.row_lower, least).astype(np.int64),
        row_upper=np.append(formulation.row_upper, NO_LIMIT).astype(np.int64),
        families=(*formulation.families, RowFamily(f"tier:{name}", n_rows, n_rows + 1)),
    )


def solve_tiers(
    formulation: Formulation,
    tiers: Sequence[Tier],
    *,
    limits: Limits,
    backend: str | None = None,
    of: Scope = "all",
    on_progress: Progress | None = None,
) -> TieredAnswer:
    """The plan that is best for the first tier, among those for the second, and so on.

    Parameters
    ----------
    tiers : at least one, most important first; each objective is (n_cols,)
    limits : for all tiers together. Tie-breaks get what the others leave, for which 5 % of the time is kept back; the
        first tier gets the rest if it is the only one that is no tie-break, else 60 % of it, and each later one its
        share of what is left, never less than 5 %. `gap` is for the first tier only, later ones go to their optimum.
    backend : a name, or None for `choose` at each tier
    on_progress : of the first tier

    Raises
    ------
    UsageError : ``no_tier``; from `choose`

    Notes
    -----
    A later tier never loses points of an earlier one beyond its `tolerance`, and never the plan: what it cannot
    improve within its time it leaves. A later tier that fails (`ModelError`, such as sums that could leave int64) ends
    the tiers, with the plan at hand and the word ``unknown`` for that tier. An x that breaks a row is no plan, whatever
    the backend says of it.
    """
    if not tiers:
        raise UsageError("no_tier")
    started = time.monotonic()
    narrow: Callable[[], Formulation] | None = None
    x: Int64 | None = None
    results: list[TierResult] = []
    answers: list[Answer] = []
    choice, certify_s = choose(formulation, backend), 0.0
    for position, tier in enumerate(tiers):
        if tier.is_tie_break and any(result.certificate.word == "unknown" for result in results):
            break
        spend = _spend(limits, tiers, position, started)
        try:
            model = formulation if narrow is None else narrow()
            if tier.kind == "least":
                step = _solve_least(model, tier, spend, backend, x, of)
            else:
                step = _solve_sum(model, tier, spend, backend, x, of, on_progress if position == 0 else None)
        except ModelError:
            if x is None:
                raise
            results.append(_left_open(tier, x, formulation.n_pairs, of))
            answers.append(Answer("feasible", "none", x=x))
            break
        if position == 0:
            choice = step.choice or choice
        answer, certificate, certify_s = step.answer, step.certificate, certify_s + step.certify_s
        results.append(TierResult(tier.name, certificate.value, certificate, answer.backend))
        answers.append(answer)
        if answer.x is None or certificate.value is None:
            break
        x, narrow = answer.x, step.narrow
    final = [_at(result, tier, x, formulation.n_pairs) for result, tier in zip(results, tiers, strict=False)]
    answer = _joined(answers, x)
    if x is None:  # for `find_conflict`, which shares the time limit
        answer = replace(answer, counts={**answer.counts, "solve_s": time.monotonic() - started})
    return TieredAnswer(answer, tuple(final), choice, certify_s)


@dataclass(frozen=True)
class _Step:
    """One tier done: its answer, what is proved of it, and how to get the formulation of the next tier."""

    answer: Answer
    certificate: Certificate
    narrow: Callable[[], Formulation]
    choice: Choice | None
    certify_s: float = 0.0


def _solve_sum(
    current: Formulation,
    tier: Tier,
    limits: Limits,
    backend: str | None,
    x: Int64 | None,
    of: Scope,
    on_progress: Progress | None,
) -> _Step:
    model = with_objective(current, tier.objective)
    solved, choice = _solve_tier(model, limits, backend, x, on_progress)
    answer = _not_worse(model, solved, x)
    solved_at = time.monotonic()
    proof = certify(model, answer, of=of)
    certify_s = time.monotonic() - solved_at
    value = proof.value
    if value is None:
        return _Step(_without_plan(answer), proof, lambda: current, choice, certify_s)
    # Narrowed only when a next tier asks: a row too large for int64 shall cost that tier, never this plan.
    narrow = partial(_narrowed, model, tier, answer, value)
    return _Step(answer, _moved(proof, tier.constant), narrow, choice, certify_s)


def _without_plan(answer: Answer) -> Answer:
    """The answer without its x, which breaks a bound or a row."""
    return answer if answer.x is None else replace(answer, x=None, status="unknown")


def _left_open(tier: Tier, x: Int64, n_pairs: int, of: Scope) -> TierResult:
    """A tier nothing was found out about: the value of the plan at hand, and no bound."""
    value = _value_at(tier, x, n_pairs)
    if value is None:  # as `raise_floor`: a plan without any match keeps every floor
        value = int(tier.objective[:n_pairs].max(initial=0))
    certificate = Certificate(value=value, bound=None, gap=None, word="unknown", of=of, feasible=True)
    return TierResult(tier.name, value, certificate, "none")


def _moved(proof: Certificate, constant: int) -> Certificate:
    """The certificate of the objective plus a constant."""
    if not constant or proof.value is None:
        return proof
    value, bound = proof.value + constant, None if proof.bound is None else proof.bound + constant
    gap = None if bound is None else (bound - value) / max(1, abs(value))
    return replace(proof, value=value, bound=bound, gap=gap)


def _solve_least(
    current: Formulation, tier: Tier, limits: Limits, backend: str | None, x: Int64 | None, of: Scope
) -> _Step:
    chosen: list[Choice] = []
    deadline = None if limits.time_limit_s is None else time.monotonic() + limits.time_limit_s

    def solve(model: Formulation, hint: Int64 | None) -> Answer:
        answer, choice = _solve_tier(model, _try_limits(limits, deadline, hint), backend, hint, None)
        chosen.extend([choice] if choice else [])
        return answer

    floor = raise_floor(current, tier.objective, x, solve=solve, of=of)
    answer, proof = floor.answer, floor.certificate
    if proof.value is None:
        answer = _without_plan(answer)
    elif proof.word == "unknown" and answer.status == "optimal":
        # Any plan is the optimum of a floor's zero objective; that says nothing of the next floor.
        answer = replace(answer, status="feasible")
    return _Step(answer, proof, lambda: floor.formulation, chosen[0] if chosen else None)


def _try_limits(limits: Limits, deadline: float | None, hint: Int64 | None) -> Limits:
    """What one floor may spend: half of what is left, so that the next one has as much; all while there is no plan.

    Notes
    -----
    Most floors are settled at once. The hard ones are the last, near the best floor, and find half of all time there.
    """
    if deadline is None:
        return limits
    left = max(0.0, deadline - time.monotonic())
    return replace(limits, time_limit_s=left if hint is None else left * _TRY_SHARE)


def _at(result: TierResult, tier: Tier, x: Int64 | None, n_pairs: int) -> TierResult:
    """The result with the value of the published plan, which later tiers may have bettered, or cut by the tolerance.

    Notes
    -----
    Whoever said ``optimal`` said it of another value, so the word is ``unknown`` unless the new value meets the bound.
    The bound of a least may rest on a claim of two solvers, and is then not proved by being met.
    """
    if x is None or result.value is None:
        return result
    value = _value_at(tier, x, n_pairs)
    if value is None or value == result.value:
        return result
    proof = result.certificate
    # A bound that prices prove is never passed; one that was only claimed is refuted by the plan.
    bound = None if proof.bound is None or value > proof.bound else proof.bound
    gap = None if bound is None else (bound - value) / max(1, abs(value))
    word: Word = "unknown"
    if value == bound:
        word = "proved" if tier.kind == "sum" else "claimed"
    certificate = replace(proof, value=value, bound=bound, gap=gap, word=word)
    return replace(result, value=value, certificate=certificate)


def _value_at(tier: Tier, x: Int64, n_pairs: int) -> int | None:
    """A plan's value of a tier; None where a least is asked of no chosen column."""
    if tier.kind == "sum":
        return int(np.dot(tier.objective, x)) + tier.constant
    points = tier.objective[:n_pairs][x[:n_pairs] > 0]
    return int(points.min()) if points.size else None


def _spend(limits: Limits, tiers: Sequence[Tier], position: int, started: float) -> Limits:
    """What one tier may spend of the limits of all."""
    gap = limits.gap if position == 0 else 0.0
    if limits.time_limit_s is None:
        return replace(limits, gap=gap)
    left = limits.time_limit_s - (time.monotonic() - started)
    to_come = tiers[position:]
    n_alike = sum(tier.is_tie_break == tiers[position].is_tie_break for tier in to_come)
    if not tiers[position].is_tie_break and n_alike < len(to_come):
        # A tie-break is asked only where the tiers before it are settled, and those rarely need all their time then.
        left -= limits.time_limit_s * _TIE_BREAK_SHARE
    share = _FIRST_SHARE if position == 0 and n_alike > 1 else 1.0 / n_alike
    return replace(limits, gap=gap, time_limit_s=max(left * share, limits.time_limit_s * _LEAST_SHARE))


def _solve_tier(
    model: Formulation, limits: Limits, backend: str | None, x: Int64 | None, on_progress: Progress | None
) -> tuple[Answer, Choice | None]:
    """One tier's answer on the whole formulation, solved on its free columns."""
    small = shrink(model)
    if small.is_contradiction:
        # The fixed columns alone break a row, so the relaxation has no x and its ray is the proof.
        small = replace(small, formulation=model, free_idx=np.arange(model.n_cols), row_idx=np.arange(model.n_rows))
        small = replace(small, fixed=np.zeros(model.n_cols, np.int64), constant=0)
    elif not small.free_idx.size:
        return Answer("optimal", "none", x=small.fixed, prices=Prices(np.zeros(model.n_rows, np.int64))), None
    chosen = choose(small.formulation, backend)
    hint = None if x is None else x[small.free_idx]
    shown = None if on_progress is None else _shifted(on_progress, small.constant)
    try:
        answer = chosen.backend.solve(small.formulation, limits, hint=hint, on_progress=shown)
    except ModelError as error:
        if backend is not None or error.code != "cost_too_large_for_flow":
            raise
        # `choose` sees the costs, but not the potentials that leave int64 on the way to the optimum.
        chosen = Choice(BACKENDS["cpsat"], "costs_too_large_for_flow")
        answer = chosen.backend.solve(small.formulation, limits, hint=hint, on_progress=shown)
    claimed = answer.claimed_bound
    return replace(
        answer,
        x=None if answer.x is None else small.widen_x(answer.x),
        prices=small.widen_prices(answer.prices, model.n_rows),
        farkas=small.widen_prices(answer.farkas, model.n_rows),
        claimed_bound=None if claimed is None else claimed + small.constant,
    ), chosen


def _shifted(on_progress: Progress, constant: int) -> Progress:
    return lambda value, bound: on_progress(value + constant, bound + constant)


def _not_worse(model: Formulation, answer: Answer, x: Int64 | None) -> Answer:
    """The answer, or the plan at hand where the answer has none or one of fewer points."""
    if x is None:
        return answer
    is_usable = answer.x is not None and is_feasible(model, answer.x)
    if is_usable and answer.x is not None and model.value_of(answer.x) >= model.value_of(x):
        return answer
    return replace(answer, x=x, status="feasible", farkas=None)


def _narrowed(model: Formulation, tier: Tier, answer: Answer, value: int) -> Formulation:
    """The formulation of the next tier: the plans that keep this tier's points."""
    if tier.tolerance == 0 and answer.prices is not None and is_tight(model, answer.prices, value):
        return optimal_face(model, answer.prices, value)
    return keep_points(model, tier.name, value - tier.tolerance)


def _joined(answers: Sequence[Answer], x: Int64 | None) -> Answer:
    first = answers[0]
    if x is None:
        return first
    is_optimal = all(answer.status == "optimal" for answer in answers)
    return replace(
        first,
        status="optimal" if is_optimal else "feasible",
        x=x,
        log="\n".join(answer.log for answer in answers if answer.log),
    )
