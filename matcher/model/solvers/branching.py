"""Builds a `Proof`: prices for the rows, tables for the knapsacks, and a tree where both leave a gap.

Prices start from the linear relaxation and are bettered by subgradient steps on what the rows kept whole choose. A node
is closed, or splits on the column whose two losses are largest together; losses come for free with the tables, for
every column at once. Nodes with the highest bound come first, so whatever time ends the search, the bound is the best
of what is left. The search believes none of its own steps: `proof.holds` repeats them.

Source: Held, Wolfe, Crowder, Validation of subgradient optimization (1974), for the steps; Posta, Ferland, Michelon
(2012) for fixing by losses.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.model.answer import Prices
from matcher.model.formulation import NO_LIMIT, Formulation, Int64
from matcher.model.knapsack import choose_rows
from matcher.model.proof import Domain, Proof, ProofNode, Relaxed, Valued, propagated, relaxed, split, tightened

Float64 = npt.NDArray[np.float64]

SCALE = 1024
_NODE_STEPS = 12
_AGAIN_STEPS = 6
_ROUNDS = 3
_FEW_FIXED = 3
_FAILS = 6
_SHRINK = 0.6
_MARGIN = 0.3
_LEAST_STEP = 1e-3
_LINEAR_COST = 8
_LINEAR_STEPS = 3
_MIDDLE = 1e-3
_MAX_PRICES = 30_000_000
_WORK_PER_ENTRY = 5e-7
_WORK_AT_LEAST = 2_000
# Measured: 0.003 s with 4,000 entries, 0.04 s with 96,000, so that a unit of work is about a second.


@dataclass
class _Node:
    prices: list[Int64] = field(default_factory=list)
    column: int = -1
    at_one: int = -1
    at_zero: int = -1


@dataclass(order=True)
class _Open:
    """A node that is not closed: no x in it has more than `bound` scaled points.

    `packed` is its domain in int8, or in int64 where a column may be that large (Any: whichever of the two).
    `order` is the highest bound in whole points first, then the youngest node, which is the deepest.
    """

    order: tuple[int, int]
    place: int
    bound: int = field(compare=False)
    packed: tuple[npt.NDArray[Any], npt.NDArray[Any]] = field(compare=False)
    price: Int64 = field(compare=False)

    @property
    def domain(self) -> Domain:
        lower, upper = self.packed
        return Domain(lower.astype(np.int64), upper.astype(np.int64))


Linear = Callable[[Domain], tuple[Prices | None, Float64 | None]]
"""Prices and (n_cols,) fractions of the linear relaxation of one domain."""
Finish = Callable[[Domain, int], Int64 | None]
Take = Callable[[Int64], int]
"""Called with every x that keeps all rows; returns the points of the best plan known."""
Pay = Callable[[float], bool]
"""Called with the deterministic work of each valuing of prices; returns whether the search has to end."""


def scale_for(formulation: Formulation, kept: Int64) -> int:
    """The units a point is counted in: 1,024, and more where priced rows have large coefficients.

    Notes
    -----
    A budget in yen has prices of some hundredths of a point a yen: counted in 1/1024 they would be off by percents.
    Never so many that the points of all columns reach 2⁴⁶, which leaves room for the prices.
    """
    is_kept = np.zeros(formulation.n_rows, np.bool_)
    is_kept[kept] = True
    priced = np.abs(formulation.coef[~is_kept[formulation.entry_row_idx]])
    size = float(np.abs(formulation.objective.astype(np.float64)) @ formulation.column_upper)
    finest = SCALE * 2 ** max(0, int(priced.max(initial=1)).bit_length() - 3)
    largest = int(2.0**46 / max(1.0, size)).bit_length() - 1
    return int(min(finest, 2 ** max(largest, 0)))


class Search:
    """A tree that grows as long as it is asked to, to refute that there is a plan of more than `value` points.

    `value` may lie above the points of every plan known: the nearer it is to the bound, the more every loss fixes and
    the smaller the tree. The tree stops where a plan of more points is found after all.
    """

    def __init__(
        self,
        formulation: Formulation,
        start: Prices | None,
        *,
        value: int | None,
        take: Take,
        seed: int = 0,
        linear: Linear | None = None,
        pay: Pay | None = None,
    ) -> None:
        self.linear = linear
        kept = choose_rows(formulation)
        scale = scale_for(formulation, kept)
        self.formulation, self.take, self.value, self.scale = formulation, take, value, scale
        self.model: Relaxed = relaxed(formulation, kept, scale=scale)
        self.nodes: list[_Node] = []
        self.heap: list[_Open] = []
        self.n_prices = 0
        self.n_values = 0
        self.is_narrow = int(formulation.column_upper.max(initial=0)) <= 127
        self.pay = pay
        self.work_of_value = _WORK_PER_ENTRY * (formulation.col_idx.size + _WORK_AT_LEAST)
        self.is_over = False
        self.rng = np.random.default_rng(seed)
        self.enough: int | None = None
        self.root_value = value
        self.root_domain: Domain | None = None
        self.root_valued: Valued | None = None
        squares = np.bincount(
            formulation.entry_row_idx, formulation.coef.astype(np.float64) ** 2, minlength=formulation.n_rows
        )
        self.norm = np.maximum(squares / np.maximum(np.diff(formulation.row_ptr), 1), 1.0)
        self.has_upper = formulation.row_upper < NO_LIMIT
        self.has_lower = formulation.row_lower > -NO_LIMIT
        self.start = np.zeros(formulation.n_rows, np.int64)
        if start is not None and self.model.is_safe(self._start_of(start)):
            self.start = self._start_of(start)

    @property
    def threshold(self) -> int | None:
        """The least scaled points of a plan that is still wanted; None while any is."""
        return None if self.value is None else self.scale * (self.value + 1)

    @property
    def bound(self) -> int | None:
        """No plan has more points than this; None before the root was looked at."""
        if not self.nodes:
            return None
        left = [self.heap[0].bound // self.scale] if self.heap else []
        return max([*left, *([] if self.value is None else [self.value])], default=-(2**62))

    @property
    def is_done(self) -> bool:
        return bool(self.nodes) and not self.heap

    @property
    def is_refuted(self) -> bool:
        """Whether a plan of more points than the `value` it started with was found."""
        return self.root_value is not None and self.value != self.root_value

    @property
    def left(self) -> tuple[Domain, Int64] | None:
        """What the root leaves open, and its prices; None once the root is closed."""
        return None if self.root_domain is None or not self.heap else (self.root_domain, self.nodes[0].prices[-1])

    def root(self, deadline: float, n_steps: int = 400, *, enough: int | None = None) -> None:
        """Better the prices on the whole formulation, until the bound is `enough` points or less."""
        formulation = self.formulation
        self.enough = enough
        domain = propagated(formulation, Domain(formulation.column_lower, formulation.column_upper))
        self._visit(domain, self.start, n_steps, deadline)
        self.enough = None

    def grow(self, deadline: float, budget: int) -> None:
        """Split open nodes, highest bound first, then deepest, until time, memory or a better plan ends it.

        Parameters
        ----------
        budget : how often prices may be valued; counts are the same on every machine, seconds are not
        """
        last = self.n_values + budget
        while self.n_values < last:
            if not self.heap or self.is_late(deadline) or self.n_prices > _MAX_PRICES or self.is_refuted:
                return
            if self.nodes[self.heap[0].place].column < 0 and not self._is_closed(self.heap[0]):
                # Only columns of many values are left in it: it cannot be split, and the bound ends with it.
                return
            top = heapq.heappop(self.heap)
            self.n_prices -= 2 * top.packed[0].nbytes // 8
            if not self._is_closed(top):
                self._split(top, deadline)

    def _is_closed(self, node: _Open) -> bool:
        return self.threshold is not None and node.bound < self.threshold

    def proof(self) -> Proof | None:
        """What has been proved so far."""
        bound = self.bound
        if bound is None:
            return None
        rows = self.model.rows
        nodes = tuple(ProofNode(tuple(node.prices), node.column, node.at_one, node.at_zero) for node in self.nodes)
        return Proof(bound, self.scale, rows.row_idx, rows.unit, nodes)

    def _split(self, top: _Open, deadline: float) -> None:
        node = self.nodes[top.place]
        for at, half in zip(("at_one", "at_zero"), split(top.domain, node.column), strict=True):
            setattr(node, at, len(self.nodes))
            domain = propagated(self.formulation, half)
            self._visit(domain, top.price, _NODE_STEPS, deadline, inherited=top.bound)

    def _visit(
        self, domain: Domain | None, price: Int64, n_steps: int, deadline: float, inherited: int | None = None
    ) -> None:
        """A new node: close it, or leave it open with the column to split on."""
        node = _Node()
        self.nodes.append(node)
        place, valued = len(self.nodes) - 1, None
        fraction: Float64 | None = None
        # Where linear prices come with every node, steps only round them off.
        again, n_rounds = (_AGAIN_STEPS, _ROUNDS) if self.linear is None else (_LINEAR_STEPS, 2)
        first = n_steps if self.linear is None or place == 0 else _LINEAR_STEPS
        for turn in range(n_rounds):
            if domain is None:
                return
            price, is_closed = self.descend(domain, price, first if turn == 0 else again, deadline)
            if turn == 0 and not is_closed and self.linear is not None:
                prices, fraction = self.linear(domain)
                price = self._better(domain, price, prices)
            self._note(node, price)
            before = domain
            threshold = self.threshold
            domain, valued = tightened(self.model, before, price, -(2**61) if threshold is None else threshold)
            if domain is None or is_closed:
                return
            n_fixed = int((before.upper - before.lower).sum() - (domain.upper - domain.lower).sum())
            if n_fixed < _FEW_FIXED or self.is_late(deadline):
                break
        if domain is None or valued is None:
            return
        if place == 0:
            self.root_domain, self.root_valued = domain, valued
        self._leave_open(node, place, domain, price, valued, inherited, fraction)

    def _better(self, domain: Domain, price: Int64, other: Prices | None) -> Int64:
        """Whichever of two prices bounds the domain lower, the linear ones bettered by some steps."""
        if other is None:
            return price
        linear = self._start_of(other)
        if not self.model.is_safe(linear):
            return price
        values = [self.model.value_of(one, domain) for one in (price, linear)]
        self.n_values += 2 + _LINEAR_COST
        if values[1] is None or (values[0] is not None and values[1].value < values[0].value):
            return linear
        return price

    def _start_of(self, prices: Prices) -> Int64:
        """(n_rows,) prices in this tree's scale; a row kept whole needs none."""
        price = prices.row.astype(np.float64) * (self.scale / prices.scale)
        price[self.model.rows.row_idx] = 0.0
        return np.rint(price).astype(np.int64)

    def _leave_open(
        self,
        node: _Node,
        place: int,
        domain: Domain,
        price: Int64,
        valued: Valued,
        inherited: int | None,
        fraction: Float64 | None,
    ) -> None:
        is_free = domain.upper - domain.lower == 1
        if (domain.upper == domain.lower).all():
            self.offer(domain.lower)
            self._note(node, np.zeros(self.formulation.n_rows, np.int64))
            return
        bound = valued.value if inherited is None else min(valued.value, inherited)
        if valued.loss_out is None or valued.loss_in is None or not is_free.any():
            self._push(place, bound, domain, price)
            return
        cap = 4 * self.scale
        out, into = np.minimum(valued.loss_out, cap) + 1.0, np.minimum(valued.loss_in, cap) + 1.0
        score = out * into
        if fraction is not None:
            # Columns in the middle have no loss by linear prices, and are the ones to decide.
            middle = np.minimum(fraction - np.floor(fraction), np.ceil(fraction) - fraction)
            score = np.where(middle > _MIDDLE, cap * cap * (1.0 + middle * np.abs(self.formulation.objective)), score)
        node.column = int(np.argmax(np.where(is_free, score, -1.0)))
        self._push(place, bound, domain, price)

    def _push(self, place: int, bound: int, domain: Domain, price: Int64) -> None:
        # A tree of thousands of nodes on 22,000 columns would hold gigabytes of bounds that are 0 or 1.
        narrow = np.dtype(np.int8 if self.is_narrow else np.int64)
        packed = (np.asarray(domain.lower, narrow), np.asarray(domain.upper, narrow))
        self.n_prices += 2 * packed[0].nbytes // 8
        heapq.heappush(self.heap, _Open((-(bound // self.scale), -place), place, bound, packed, price))

    def _note(self, node: _Node, price: Int64) -> None:
        node.prices.append(price)
        self.n_prices += price.size

    def offer(self, x: Int64) -> None:
        """Hands on an x that keeps every row, and goes on looking for more points than the best plan has."""
        activity = self.formulation.row_activity(x)
        if (activity <= self.formulation.row_upper).all() and (activity >= self.formulation.row_lower).all():
            known = self.take(x)
            # Never lower: what was closed was closed for more than the value known then.
            self.value = known if self.value is None else max(self.value, known)

    def descend(
        self,
        domain: Domain,
        price: Int64,
        n_steps: int,
        deadline: float,
        target: int | None = None,
        choices: list[Int64] | None = None,
    ) -> tuple[Int64, bool]:
        """The best prices that some subgradient steps find, and whether they close the domain (for `target` points).

        `choices` takes what the rows chose at each step, (n_cols,).
        """
        exact, best, lowest, theta, n_fails = price.astype(np.float64), price, None, 1.0, 0
        for _ in range(n_steps):
            if not self.model.is_safe(np.rint(exact).astype(np.int64)):
                break
            valued = self.model.value_of(np.rint(exact).astype(np.int64), domain)
            self.n_values += 1
            self.is_over = self.pay is not None and self.pay(self.work_of_value)
            if valued is None:
                return np.rint(exact).astype(np.int64), True
            if choices is not None:
                choices.append(valued.x)
            if lowest is None or valued.value < lowest:
                best, lowest, n_fails = np.rint(exact).astype(np.int64), valued.value, 0
            else:
                n_fails += 1
                if n_fails >= _FAILS:
                    theta, n_fails, exact = theta * _SHRINK, 0, best.astype(np.float64)
                    if theta < _LEAST_STEP:
                        break
                    continue
            threshold = self.threshold if target is None else self.scale * target
            if threshold is not None and valued.value < threshold:
                return best, True
            activity = self.formulation.row_activity(valued.x)
            slope = self._slope(exact, activity)
            square = float(slope @ (slope / self.norm))
            if square == 0.0:
                self.offer(valued.x)
                break
            if not (activity > self.formulation.row_upper).any() and not (activity < self.formulation.row_lower).any():
                self.offer(valued.x)
            aim = valued.value - max(abs(valued.value) // 200, self.scale) if threshold is None else threshold
            way = max(valued.value - aim + _MARGIN * self.scale, _MARGIN * self.scale)
            exact = self._signed(exact - theta * way / square * slope / self.norm)
            if self.is_late(deadline) or (self.enough is not None and lowest // self.scale <= self.enough):
                break
        return best, False

    def _slope(self, price: Float64, activity: Int64) -> Float64:
        """How the bound changes with each price: what the row still leaves, or lacks."""
        low, high = self.formulation.row_lower, self.formulation.row_upper
        takes_high = self.has_upper & ((price > 0) | (activity > high))
        takes_low = self.has_lower & ((price < 0) | (activity < low))
        slope = np.where(takes_high, high - activity, np.where(takes_low, low - activity, 0)).astype(np.float64)
        slope[self.model.rows.row_idx] = 0.0
        return slope

    def is_late(self, deadline: float) -> bool:
        """Whether the search has to end."""
        return self.is_over or time.monotonic() > deadline

    def _signed(self, price: Float64) -> Float64:
        price = np.where(self.has_upper, price, np.minimum(price, 0.0))
        return np.where(self.has_lower, price, np.maximum(price, 0.0))
