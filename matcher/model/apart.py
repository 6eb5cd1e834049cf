"""A formulation that falls apart, part by part: a first plan of every part, then each to its proof, then one answer.

A tree for the whole would branch on every part in turn: where each of 40 needs 5 nodes, 5⁴⁰. So each part keeps its own
proof, and a `Forest` adds up their bounds. Where prices prove all that is proved, their prices are joined instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

import numpy as np

from matcher.model.answer import Answer, Limits, Prices, Status
from matcher.model.certificate import bound_of
from matcher.model.components import Components, Part, bundled, find_components, split
from matcher.model.evidence import MAX_PRICE
from matcher.model.forest import proof_by_prices
from matcher.model.formulation import Formulation, Int64, RowFamily
from matcher.model.proof import Forest, Proof
from matcher.model.solvers import Progress
from matcher.model.solvers.incumbent import is_feasible

LARGEST_SHARE = 0.9
"""Of the columns: beside a part so large the others cost next to nothing anyway."""

LEAST_COLUMNS = 12
MAX_PARTS = 100
"""Smaller parts are put together, as a solve costs some hundredths of a second however small the part is; not more than
they have to be, as two hard parts together are harder than one after the other."""

_FIRST_SHARE = 0.2
_FIRST_WORK = 0.5
_FIRST_GAP = 0.02
_LEAST_S = 0.01
_MAX_SCALE = 2**40
_SAFE = 2.0**62 * 0.999


class Solve(Protocol):
    """Some backend's solve of one part."""

    def __call__(
        self, formulation: Formulation, limits: Limits, hint: Int64 | None, on_progress: Progress | None = None
    ) -> Answer: ...


def parts_to_solve(formulation: Formulation, *, is_network: Callable[[Formulation], bool]) -> tuple[Part, ...]:
    """The parts that are better solved on their own; none where the whole is.

    Parameters
    ----------
    formulation : without fixed columns (`shrink`); with some, it is left whole
    is_network : whether a formulation is solved by one flow

    Notes
    -----
    Whole: a network, which one flow solves faster than many; where one part holds more than 90 % of the columns; where
    a row without columns cannot hold. Parts that are networks stay together for the same reason, and small ones until
    they hold 12 columns, or a hundredth of all.
    """
    is_empty = np.diff(formulation.row_ptr) == 0
    is_broken = is_empty & ((formulation.row_lower > 0) | (formulation.row_upper < 0))
    if is_broken.any() or (formulation.column_lower == formulation.column_upper).any():
        return ()
    if is_network(formulation):
        return ()
    found = find_components(formulation)
    if found.n_components < 2 or _is_mostly_one(found):
        return ()
    found = _networks_together(formulation, found, is_network)
    return () if found.n_components < 2 or _is_mostly_one(found) else tuple(split(formulation, found))


def _is_mostly_one(components: Components) -> bool:
    sizes = np.bincount(components.of_column, minlength=1)
    return bool(sizes.max() > LARGEST_SHARE * components.of_column.size)


def _networks_together(
    formulation: Formulation, found: Components, is_network: Callable[[Formulation], bool]
) -> Components:
    """The parts without coefficients as one, where that is a network; the others bundled."""
    is_plain = np.ones(found.n_components, np.bool_)
    is_plain[found.of_row[formulation.entry_row_idx[formulation.coef != 1]]] = False
    least = max(LEAST_COLUMNS, formulation.n_cols // MAX_PARTS)
    if not is_plain.any():
        return bundled(found, least)
    # The plain parts are 0, the others follow in their order; rows without columns stay in none.
    others = np.cumsum(~is_plain)
    number = np.append(np.where(is_plain, 0, others), -1)
    joint = Components(number[found.of_column], number[found.of_row], int(others[-1]) + 1)
    if not is_network(next(split(formulation, joint)).formulation):
        return bundled(found, least)
    return bundled(joint, least, first=1)


def solve_by_component(
    formulation: Formulation,
    parts: Sequence[Part],
    limits: Limits,
    solve: Solve,
    hint: Int64 | None = None,
    on_progress: Progress | None = None,
) -> Answer:
    """The answers of all parts as one answer to the whole.

    Parameters
    ----------
    parts : all of the formulation, two or more (`parts_to_solve`)
    limits : for all parts together. Time and counted work are shared by the columns still to solve, so that what one
        part leaves the next ones have; `gap` holds for each, and so for the whole when points are above 0; `proof_work`
        is for each
    solve : of one part; it gets the hint's part
    on_progress : called with (value, bound) of the whole once every part has both

    Returns
    -------
    Answer : ``infeasible`` as soon as one part is, with its proof widened; ``optimal`` when every part is; x only when
        every part has one. A `Forest` where prices joined at one scale would prove less than the parts do

    Notes
    -----
    Two rounds: a first plan of each part within 2 %, half a unit of work and a fifth of the time, unless the hint is
    one; then each part to its end from there. So whoever ends it finds a plan of the whole as soon as with one solve.
    """
    state = _Rounds(formulation, tuple(parts), limits, solve, on_progress, [None] * len(parts))
    if hint is not None and is_feasible(formulation, hint):
        state.answers = [Answer("feasible", "none", x=hint[part.col_idx]) for part in parts]
    else:
        refuted = state.run(_first_limits(limits), hint)
        if refuted is not None:
            return refuted
    return state.run(limits, hint) or _joined(formulation, parts, state.found())


def _first_limits(limits: Limits) -> Limits:
    work = limits.deterministic_limit
    return replace(
        limits,
        gap=max(limits.gap, _FIRST_GAP),
        time_limit_s=None if limits.time_limit_s is None else limits.time_limit_s * _FIRST_SHARE,
        deterministic_limit=None if work is None else work * _FIRST_SHARE,
    )


@dataclass
class _Rounds:
    """The best answer of every part so far, and what was spent on all of them."""

    formulation: Formulation
    parts: tuple[Part, ...]
    limits: Limits
    solve: Solve
    on_progress: Progress | None
    answers: list[Answer | None]
    started: float = field(default_factory=time.monotonic)
    work: float = 0.0

    def run(self, limits: Limits, hint: Int64 | None) -> Answer | None:
        """One round over the parts that are not settled; the answer to the whole where one of them has no plan."""
        is_first = limits is not self.limits
        todo = [number for number, answer in enumerate(self.answers) if not self._is_settled(number, answer)]
        n_left = sum(self.parts[number].col_idx.size for number in todo)
        for number in todo:
            part, before = self.parts[number], self.answers[number]
            spend = self._share(limits, part.col_idx.size / n_left, is_first=is_first)
            n_left -= part.col_idx.size
            if not is_first and before is not None and before.x is not None and _is_over(spend):
                continue
            start = before.x if before is not None and before.x is not None else None
            if start is None and hint is not None:
                start = hint[part.col_idx]
            answer = self.solve(part.formulation, spend, start, self._shown(number))
            self.work += answer.counts.get("deterministic_time", 0.0)
            if answer.status == "infeasible":
                return _infeasible(self.formulation, self.parts, number, answer)
            self.answers[number] = answer if before is None else _better(part, before, answer)
        return None

    def _is_settled(self, number: int, answer: Answer | None) -> bool:
        if answer is None or answer.x is None:
            return False
        model = self.parts[number].formulation
        bound, value = _bound(model, answer), model.value_of(answer.x)
        return bound is not None and bound - value <= Fraction(self.limits.gap) * max(1, abs(value))

    def _share(self, limits: Limits, share: float, *, is_first: bool) -> Limits:
        left_s, left_work = limits.time_limit_s, limits.deterministic_limit
        if left_s is not None:
            left_s = max(_LEAST_S, (left_s - (time.monotonic() - self.started)) * share)
        if left_work is not None:
            left_work = max(0.0, (left_work - self.work) * share)
        if is_first:
            left_work = _FIRST_WORK if left_work is None else min(left_work, _FIRST_WORK)
        return replace(limits, time_limit_s=left_s, deterministic_limit=left_work)

    def _shown(self, number: int) -> Progress | None:
        """Tells the sum of all parts while one of them gets better."""
        if self.on_progress is None:
            return None
        show, value, bound = self.on_progress, 0, 0
        for other, (part, answer) in enumerate(zip(self.parts, self.answers, strict=True)):
            if other == number:
                continue
            known = None if answer is None else _bound(part.formulation, answer)
            if known is None or answer is None or answer.x is None:
                return None
            value, bound = value + part.formulation.value_of(answer.x), bound + known
        return lambda own_value, own_bound: show(value + own_value, bound + own_bound)

    def found(self) -> list[Answer]:
        return [answer for answer in self.answers if answer is not None]


def _is_over(spend: Limits) -> bool:
    """Whether a part that has a plan is left with it."""
    return spend.is_stopped or spend.deterministic_limit == 0.0 or spend.time_limit_s == _LEAST_S


def _better(part: Part, before: Answer, after: Answer) -> Answer:
    """The later answer, with the plan and the proof of the earlier one where those are better."""
    model, x, status = part.formulation, after.x, after.status
    if before.x is not None and (x is None or model.value_of(x) < model.value_of(before.x)):
        x, status = before.x, "feasible"
    known, found = _bound(model, before), _bound(model, after)
    proved = before if known is not None and (found is None or known < found) else after
    counts = _summed([before, after])
    return replace(after, x=x, status=status, prices=proved.prices, proof=proved.proof, counts=counts)


def _summed(answers: Sequence[Answer]) -> dict[str, int | float]:
    counts: dict[str, int | float] = {}
    for answer in answers:
        for name, count in answer.counts.items():
            counts[name] = counts.get(name, 0) + count
    return counts


def _bound(model: Formulation, answer: Answer) -> int | None:
    """The least bound an answer gives grounds for; flow names none but its prices."""
    tree = _tree(answer)
    if answer.prices is None:
        return None if tree is None else tree.bound
    bound = bound_of(model, answer.prices)
    return bound if tree is None else min(bound, tree.bound)


def _tree(answer: Answer) -> Proof | None:
    return None if isinstance(answer.proof, Forest) else answer.proof


def _infeasible(formulation: Formulation, parts: Sequence[Part], number: int, answer: Answer) -> Answer:
    part, tree = parts[number], _tree(answer)
    farkas = None if answer.farkas is None else _widened(formulation, [part], [answer.farkas], answer.farkas.scale)
    proof = None
    if tree is not None:
        # Of the objective 0 all other parts have 0 points, and no price is needed to say so.
        nothing = (proof_by_prices(Prices(np.zeros(one.formulation.n_rows, np.int64)), 0) for one in parts)
        trees = tuple(tree if at == number else empty for at, empty in enumerate(nothing))
        proof = _forest(formulation, parts, trees)
    counts = {**answer.counts, "n_components": len(parts)}
    return replace(answer, x=None, prices=None, farkas=farkas, proof=proof, claimed_bound=None, counts=counts)


def _joined(formulation: Formulation, parts: Sequence[Part], answers: Sequence[Answer]) -> Answer:
    x: Int64 | None = None
    found = [answer.x for answer in answers if answer.x is not None]
    if len(found) == len(answers):
        x = np.zeros(formulation.n_cols, np.int64)
        x[np.concatenate([part.col_idx for part in parts])] = np.concatenate(found)
    claims = [_claim(part, answer) for part, answer in zip(parts, answers, strict=True)]
    is_optimal = all(answer.status == "optimal" for answer in answers)
    status: Status = "unknown" if x is None else "optimal" if is_optimal else "feasible"
    names = dict.fromkeys(name for answer in answers for name in answer.backend.split("+") if name != "none")
    prices = _joined_prices(formulation, parts, answers)
    return Answer(
        status=status,
        backend="+".join(names) or "none",
        x=x,
        prices=prices,
        proof=_joined_proof(formulation, parts, answers, prices),
        claimed_bound=None if None in claims else sum(claim for claim in claims if claim is not None),
        witnesses=tuple(dict.fromkeys(name for answer in answers for name in answer.witnesses)),
        counts={**_summed(answers), "n_components": len(parts)},
        log="\n".join(answer.log for answer in answers if answer.log),
    )


def _claim(part: Part, answer: Answer) -> int | None:
    """The bound the backend claims; flow names none, and means its value."""
    if answer.claimed_bound is None and answer.status == "optimal" and answer.x is not None:
        return part.formulation.value_of(answer.x)
    return answer.claimed_bound


def _joined_proof(
    formulation: Formulation, parts: Sequence[Part], answers: Sequence[Answer], prices: Prices | None
) -> Forest | None:
    """A tree for every part, of one node where its prices prove as much; None where joined prices prove all of it."""
    trees: list[Proof] = []
    for part, answer in zip(parts, answers, strict=True):
        tree, bare = _tree(answer), _proof_by_prices(part.formulation, answer.prices)
        # Of equals the prices: they may be tight, and leave the next tier a face.
        found = min((one for one in (bare, tree) if one is not None), key=lambda one: one.bound, default=None)
        if found is None:
            return None
        trees.append(found)
    # Each part's bound is rounded down on its own; joined prices round once, and leave up to a point a part.
    if prices is not None and bound_of(formulation, prices) <= sum(tree.bound for tree in trees):
        return None
    return _forest(formulation, parts, trees)


def _proof_by_prices(part: Formulation, prices: Prices | None) -> Proof | None:
    """Prices as a tree, in their least whole numbers; coarser ones where those are beyond `MAX_PRICE`."""
    if prices is None:
        return None
    common = int(np.gcd.reduce(np.append(prices.row, prices.scale)))
    row, scale = prices.row // common, prices.scale // common
    largest = max(abs(int(row.max(initial=0))), abs(int(row.min(initial=0))))
    if largest > MAX_PRICE:
        coarse = scale * MAX_PRICE // largest
        if coarse < 1:
            return None
        row, scale = _rounded(Prices(row, scale), coarse), coarse
    plain = Prices(row, scale)
    return proof_by_prices(plain, bound_of(part, plain))


def _forest(formulation: Formulation, parts: Sequence[Part], trees: Sequence[Proof]) -> Forest:
    of_column = np.empty(formulation.n_cols, np.int64)
    for number, part in enumerate(parts):
        of_column[part.col_idx] = number
    families: tuple[tuple[RowFamily, ...], ...] = tuple(part.formulation.families for part in parts)
    return Forest(sum(tree.bound for tree in trees), of_column, tuple(trees), families)


def _joined_prices(formulation: Formulation, parts: Sequence[Part], answers: Sequence[Answer]) -> Prices | None:
    """The prices of all parts at their least common scale, or, where that is too large, rounded to one that is not."""
    prices = [answer.prices for answer in answers if answer.prices is not None]
    if len(prices) < len(answers):
        return None
    scale = int(np.lcm.reduce(np.array([price.scale for price in prices], object)))
    largest = max(float(np.abs(price.row.astype(np.float64)).max(initial=0.0)) / price.scale for price in prices)
    if scale > _MAX_SCALE or scale * largest >= _SAFE:
        scale = min(max(price.scale for price in prices), int(_SAFE / max(largest, 1.0)))
        if scale < 1:
            return None
    return _widened(formulation, parts, prices, scale)


def _widened(formulation: Formulation, parts: Sequence[Part], prices: Sequence[Prices], scale: int) -> Prices:
    """The parts' prices on the rows of the whole, 0 elsewhere; rounded where `scale` is no multiple of their own."""
    row = np.zeros(formulation.n_rows, np.int64)
    for part, price in zip(parts, prices, strict=True):
        if scale % price.scale == 0:
            row[part.row_idx] = price.row * (scale // price.scale)
        else:
            row[part.row_idx] = _rounded(price, scale)
    return Prices(row, scale)


def _rounded(prices: Prices, scale: int) -> Int64:
    """The prices in units of 1/`scale` points, to the nearest."""
    exact = prices.row.astype(object) * scale
    return np.asarray((2 * exact + prices.scale) // (2 * prices.scale)).astype(np.int64)
