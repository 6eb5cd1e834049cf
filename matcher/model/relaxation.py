"""The least by which bounds have to give way before a plan exists.

Every bound that may give way gets a column that counts by how much (an elastic model); the cheapest way is an optimum
like any other, with prices that prove how little cannot be enough.

Source: elastic programming, Chinneck, Feasibility and Infeasibility in Optimization (2008), ch. 6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from matcher.errors import ModelError
from matcher.model.answer import Answer, Limits
from matcher.model.certificate import Word, certify
from matcher.model.formulation import NO_LIMIT, Formulation, Int64
from matcher.model.judging import WORK_PER_ENTRY, Effort, Judgement, Verdict, confirmed, judge, witnessed_word
from matcher.model.solvers import BACKENDS, cpsat_model
from matcher.model.solvers.incumbent import is_feasible
from matcher.model.solvers.linear_prices import relax
from matcher.model.solvers.network import as_network

_MAX_SUM = 2**62
_MAX_GUESSES = 4


@dataclass(frozen=True)
class Give:
    """Bounds that give way together, by one amount.

    Attributes
    ----------
    side : ``least`` lowers row_lower, ``most`` raises row_upper, ``drop`` takes column_lower of `columns` down to 0
        (its amount is 1)
    most : the largest amount that can make a difference, ≥ 1
    weight : the cost of one unit
    """

    side: Literal["least", "most", "drop"]
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()
    most: int = 1
    weight: int = 1


@dataclass(frozen=True)
class Shortage:
    """The cheapest way that was found.

    Attributes
    ----------
    verdict : ``feasible`` with `amounts`, one for each give; ``proved`` / ``claimed`` when all of them together are not
        enough; ``unknown``
    word : of there being no cheaper way
    """

    verdict: Verdict
    amounts: tuple[int, ...] = ()
    word: Word = "unknown"


@dataclass(frozen=True)
class Least:
    """The least amount of one give for which `build` has a plan.

    Attributes
    ----------
    amount : None where none is enough, or where none was found
    none_enough : the word of no amount being enough; ``unknown`` says nothing
    one_less : the word of one unit less not being enough
    """

    amount: int | None
    none_enough: Word = "unknown"
    one_less: Word = "unknown"


def reach(formulation: Formulation, rows: Sequence[int], side: Literal["least", "most"]) -> int:
    """By how much the bounds of these rows can give way before they say nothing; 0 where they say nothing already."""
    furthest = 0
    for row in rows:
        part = slice(int(formulation.row_ptr[row]), int(formulation.row_ptr[row + 1]))
        cols, coef = formulation.col_idx[part], formulation.coef[part]
        ends = np.stack((coef * formulation.column_lower[cols], coef * formulation.column_upper[cols]))
        lower, upper = int(formulation.row_lower[row]), int(formulation.row_upper[row])
        if side == "most" and upper < NO_LIMIT:
            furthest = max(furthest, int(ends.max(axis=0, initial=-NO_LIMIT).sum()) - upper if cols.size else -upper)
        elif side == "least" and lower > -NO_LIMIT:
            furthest = max(furthest, lower - (int(ends.min(axis=0).sum()) if cols.size else 0))
    return furthest


def bent(formulation: Formulation, gives: Sequence[Give], amounts: Sequence[int]) -> Formulation:
    """The formulation after each give has given way by its amount."""
    row_lower, row_upper = formulation.row_lower.copy(), formulation.row_upper.copy()
    column_lower = formulation.column_lower.copy()
    for give, amount in zip(gives, amounts, strict=True):
        rows, columns = np.array(give.rows, np.int64), np.array(give.columns, np.int64)
        if give.side == "least":
            row_lower[rows] -= np.where(row_lower[rows] > -NO_LIMIT, amount, 0)
        elif give.side == "most":
            row_upper[rows] += np.where(row_upper[rows] < NO_LIMIT, amount, 0)
        elif amount:
            column_lower[columns] = 0
    return replace(formulation, row_lower=row_lower, row_upper=row_upper, column_lower=column_lower)


def elastic(formulation: Formulation, gives: Sequence[Give]) -> tuple[Formulation, int]:
    """The model that maximises `constant` − Σ weight · amount, and that constant.

    One column is added for each give but a ``drop``, in order. For ``least`` it is the amount. For ``most`` it is what
    is left of `Give.most`, so that its entries are 1 and a network stays one; on a row with a lower bound it would fill
    that bound too, and there it is the amount again, with entries −1.

    Raises
    ------
    ModelError : ``sum_too_large`` when amounts and weights leave int64
    """
    n_cols = formulation.n_cols
    reward: dict[int, int] = {}
    row_lower, row_upper = formulation.row_lower.copy(), formulation.row_upper.copy()
    column_lower = formulation.column_lower.copy()
    extra_rows: list[int] = []
    extra_cols: list[int] = []
    extra_coef: list[int] = []
    upper: list[int] = []
    weight: list[int] = []
    constant = 0
    for give in gives:
        if give.side == "drop":
            column_lower[list(give.columns)] = 0
            reward |= dict.fromkeys(give.columns, give.weight)
            constant += give.weight * len(give.columns)
            continue
        extra_rows += give.rows
        extra_cols += [n_cols + len(upper)] * len(give.rows)
        upper.append(give.most)
        counts_left = _counts_left(formulation, give)
        extra_coef += [1 if give.side == "least" or counts_left else -1] * len(give.rows)
        weight.append(give.weight if counts_left else -give.weight)
        if counts_left:
            constant += give.weight * give.most
            row_upper[list(give.rows)] += give.most
    if sum(abs(w) * u for w, u in zip(weight, upper, strict=True)) + sum(reward.values()) >= _MAX_SUM:
        raise ModelError("sum_too_large", name="elastic", limit=_MAX_SUM)
    objective = np.concatenate((np.zeros(n_cols, np.int64), np.array(weight, np.int64)))
    objective[list(reward)] = list(reward.values())
    row = np.concatenate((formulation.entry_row_idx, np.array(extra_rows, np.int64)))
    order = np.argsort(row, kind="stable")
    counts = np.bincount(row, minlength=formulation.n_rows)
    col_idx = np.concatenate((formulation.col_idx, np.array(extra_cols, np.int64)))
    model = replace(
        formulation,
        objective=objective,
        column_lower=np.concatenate((column_lower, np.zeros(len(upper), np.int64))),
        column_upper=np.concatenate((formulation.column_upper, np.array(upper, np.int64))),
        row_ptr=np.concatenate((np.zeros(1, np.int64), np.cumsum(counts))).astype(np.int64),
        col_idx=col_idx[order],
        coef=np.concatenate((formulation.coef, np.array(extra_coef, np.int64)))[order],
        row_lower=row_lower,
        row_upper=row_upper,
    )
    return model, constant


def _counts_left(formulation: Formulation, give: Give) -> bool:
    """Whether the give's column is what is left of its most: where no row has a lower bound that it could fill."""
    return give.side == "most" and not any(reach(formulation, (row,), "least") > 0 for row in give.rows)


def _is_exact(formulation: Formulation, give: Give) -> bool:
    """Whether one column for all rows says the same as their bounds giving way: not where the other ends bind too."""
    if len(give.rows) < 2 or give.side == "drop":
        return True
    other: Literal["least", "most"] = "most" if give.side == "least" else "least"
    return not any(reach(formulation, (row,), other) > 0 for row in give.rows)


def least_shortage(formulation: Formulation, gives: Sequence[Give], effort: Effort) -> Shortage:
    """The cheapest amounts with which the formulation has a plan, Σ weight · amount.

    Notes
    -----
    One flow where the elastic model is a network, else one LP and one run of CP-SAT of at most five units of work; a
    way that was not proved cheapest is still a way.
    """
    try:
        model, _ = elastic(formulation, gives)
    except ModelError:
        return Shortage("unknown")
    answer = _cheapest(model, effort)
    is_exact = all(_is_exact(formulation, give) for give in gives)
    if answer.status == "infeasible":
        return Shortage(_refuted(model, answer, effort) if is_exact else "unknown")
    if answer.x is None or not is_feasible(model, answer.x):
        return Shortage("unknown")
    word = certify(model, answer).word if is_exact else "unknown"
    return Shortage("feasible", _amounts(formulation, gives, answer.x), word)


def _cheapest(model: Formulation, effort: Effort) -> Answer:
    effort.take(WORK_PER_ENTRY * (model.col_idx.size + 1_000))
    if not isinstance(as_network(model), str):
        try:
            return BACKENDS["flow"].solve(model, Limits())
        except ModelError:
            pass  # weights beyond what cost scaling holds
    relaxed = relax(model, time_limit_s=effort.left_s, stop=effort.stop)
    if relaxed.farkas is not None:
        return Answer("infeasible", "linear_prices", farkas=relaxed.farkas)
    outcome = cpsat_model.run(model, cpsat_model.whole(model), effort.run())
    effort.take(outcome.work)
    return Answer(outcome.status, "cpsat", x=outcome.x, prices=relaxed.prices)


def _refuted(model: Formulation, answer: Answer, effort: Effort) -> Verdict:
    return "proved" if witnessed_word(model, answer) == "proved" else confirmed(model, effort)


def _amounts(formulation: Formulation, gives: Sequence[Give], x: Int64) -> tuple[int, ...]:
    amounts: list[int] = []
    column = formulation.n_cols
    for give in gives:
        if give.side == "drop":
            amounts.append(int(min(x[list(give.columns)]) < 1))
            continue
        amounts.append(give.most - int(x[column]) if _counts_left(formulation, give) else int(x[column]))
        column += 1
    return tuple(amounts)


def least_amount(
    build: Callable[[int], Formulation],
    bend: Callable[[Formulation], tuple[Formulation, Give] | None],
    most: int,
    effort: Effort,
    *,
    word_at_zero: Word,
    at_least: int = 0,
) -> Least:
    """The least amount for which `build` has a plan, where more never hurts.

    Parameters
    ----------
    build : the formulation after giving way by an amount; what it says is the truth, rows that only bind later included
    bend : such a formulation, or another of the same plans, and the same bounds in it, for a first guess; None where
        there are none
    most : the largest amount asked for, ≥ 1
    word_at_zero : of ``build(0)`` having no plan
    at_least : less is proved not to be enough, as in a bottleneck that is short of so much; 0 = not known

    Notes
    -----
    `at_least` is tried first, which often is the only solve. Else an elastic model guesses, and `build` decides: a
    plan at the amount, a refutation at one less. Where the guess does not hold, the rest is halved. At most 70 solves.
    """
    low, word, high = 0, word_at_zero, 0
    if at_least > most:
        return Least(None, none_enough="proved")
    if at_least > 1:
        low, word = at_least - 1, "proved"
    for n_guess in range(_MAX_GUESSES):
        is_known = most == 1 or (n_guess == 0 and at_least > 0)
        step = 1 if is_known else _guess(bend(build(low)), effort)
        if step is None:
            break
        guess = min(low + step, most)
        judged = judge(build(guess), effort)
        if judged.verdict == "feasible":
            high = guess
            break
        if guess == most:
            return Least(None, none_enough=_word(judged))
        if judged.verdict == "unknown":
            return Least(_doubled(build, guess, most, effort))
        low, word = guess, _word(judged)
    if not high:
        judged = judge(build(most), effort)
        if judged.verdict != "feasible":
            return Least(None, none_enough=_word(judged))
        high = most
    probe = high - 1  # where the guess was right, one less fails at once
    while high - low > 1 and not effort.is_spent:
        judged = judge(build(probe), effort)
        if judged.verdict == "feasible":
            high = probe
        elif judged.verdict == "unknown":
            break
        else:
            low, word = probe, _word(judged)
        probe = (low + high) // 2
    return Least(high, one_less=word if high - low == 1 else "unknown")


def _doubled(build: Callable[[int], Formulation], amount: int, most: int, effort: Effort) -> int | None:
    """An amount that is enough, where a smaller one could not be decided; None where there is none in reach."""
    while amount < most and not effort.is_spent:
        amount = min(2 * amount, most)
        if judge(build(amount), effort).verdict == "feasible":
            return amount
    return None


def _guess(bent_by: tuple[Formulation, Give] | None, effort: Effort) -> int | None:
    if bent_by is None:
        return None
    model, give = bent_by
    found = least_shortage(model, [give], effort)
    return found.amounts[0] or None if found.verdict == "feasible" else None


def _word(judgement: Judgement) -> Word:
    verdict = judgement.verdict
    return "unknown" if verdict == "feasible" else verdict
