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

import numpy as np
import numpy.typing as npt

from matcher.model.answer import Prices
from matcher.model.formulation import NO_LIMIT, Formulation, Int64
from matcher.model.knapsack import choose_rows
from matcher.model.proof import Domain, Proof, ProofNode, Relaxed, Valued, propagated, relaxed, split, tightened

Float64 = npt.NDArray[np.float64]

SCALE = 1024
_ROOT_STEPS = 400
_NODE_STEPS = 60
_AGAIN_STEPS = 25
_ROUNDS = 6
_FEW_FIXED = 3
_FAILS = 6
_SHRINK = 0.6
_MARGIN = 0.3
_LEAST_STEP = 1e-3
_MAX_PRICES = 30_000_000


@dataclass
class _Node:
    prices: list[Int64] = field(default_factory=list)
    column: int = -1
    at_one: int = -1
    at_zero: int = -1


@dataclass(order=True)
class _Open:
    """A node that is not closed: no x in it has more than −`order` scaled points."""

    order: int
    place: int
    domain: Domain = field(compare=False)
    price: Int64 = field(compare=False)


Take = Callable[[Int64], int]
"""Called with every x that keeps all rows; returns the points of the best plan known."""


class Search:
    """A tree that grows as long as it is asked to, for plans of more than `value` points."""

    def __init__(
        self, formulation: Formulation, start: Prices | None, *, value: int | None, take: Take, scale: int = SCALE
    ) -> None:
        self.formulation, self.take, self.value, self.scale = formulation, take, value, scale
        self.model: Relaxed = relaxed(formulation, choose_rows(formulation), scale=scale)
        self.nodes: list[_Node] = []
        self.heap: list[_Open] = []
        self.n_prices = 0
        squares = np.bincount(
            formulation.entry_row_idx, formulation.coef.astype(np.float64) ** 2, minlength=formulation.n_rows
        )
        self.norm = np.maximum(squares / np.maximum(np.diff(formulation.row_ptr), 1), 1.0)
        self.has_upper = formulation.row_upper < NO_LIMIT
        self.has_lower = formulation.row_lower > -NO_LIMIT
        price = np.zeros(formulation.n_rows)
        if start is not None:
            price = start.row.astype(np.float64) * (scale / start.scale)
        price[self.model.rows.row_idx] = 0.0  # a row kept whole needs no price
        self.start = np.rint(price).astype(np.int64)

    @property
    def threshold(self) -> int | None:
        """The least scaled points of a plan that is still wanted; None while any is."""
        return None if self.value is None else self.scale * (self.value + 1)

    @property
    def bound(self) -> int | None:
        """No plan has more points than this; None before the root was looked at."""
        if not self.nodes:
            return None
        left = [-self.heap[0].order // self.scale] if self.heap else []
        return max([*left, *([] if self.value is None else [self.value])], default=-(2**62))

    @property
    def is_done(self) -> bool:
        return bool(self.nodes) and not self.heap

    def root(self, deadline: float, n_steps: int = _ROOT_STEPS) -> None:
        """Better the prices on the whole formulation; afterwards there is a bound."""
        formulation = self.formulation
        domain = propagated(formulation, Domain(formulation.column_lower, formulation.column_upper))
        self._visit(domain, self.start, n_steps, deadline)

    def grow(self, deadline: float, max_nodes: int, *, stop_at: int | None = None) -> None:
        """Split open nodes, the one with the highest bound first, until time, nodes, memory or the gap end it."""
        for _ in range(max_nodes):
            if not self.heap or time.monotonic() > deadline or self.n_prices > _MAX_PRICES:
                return
            if stop_at is not None and self.value is not None and self.value >= stop_at:
                return
            top = heapq.heappop(self.heap)
            threshold = self.threshold
            if threshold is not None and -top.order < threshold:
                continue
            self._split(top, deadline)

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
            self._visit(domain, top.price, _NODE_STEPS, deadline, inherited=-top.order)

    def _visit(
        self, domain: Domain | None, price: Int64, n_steps: int, deadline: float, inherited: int | None = None
    ) -> None:
        """A new node: close it, or leave it open with the column to split on."""
        node = _Node()
        self.nodes.append(node)
        place, valued = len(self.nodes) - 1, None
        for turn in range(_ROUNDS):
            if domain is None:
                return
            price, is_closed = self._descend(domain, price, n_steps if turn == 0 else _AGAIN_STEPS, deadline)
            self._note(node, price)
            before = domain
            threshold = self.threshold
            domain, valued = tightened(self.model, before, price, -(2**61) if threshold is None else threshold)
            if domain is None or is_closed:
                return
            n_fixed = int((before.upper - before.lower).sum() - (domain.upper - domain.lower).sum())
            if n_fixed < _FEW_FIXED or time.monotonic() > deadline:
                break
        if domain is None or valued is None:
            return
        self._leave_open(node, place, domain, price, valued, inherited)

    def _leave_open(
        self, node: _Node, place: int, domain: Domain, price: Int64, valued: Valued, inherited: int | None
    ) -> None:
        is_free = domain.upper - domain.lower == 1
        if (domain.upper == domain.lower).all():
            self._offer(domain.lower)
            self._note(node, np.zeros(self.formulation.n_rows, np.int64))
            return
        bound = valued.value if inherited is None else min(valued.value, inherited)
        if valued.loss_out is None or valued.loss_in is None or not is_free.any():
            heapq.heappush(self.heap, _Open(-bound, place, domain, price))
            return
        cap = 4 * self.scale
        out, into = np.minimum(valued.loss_out, cap) + 1.0, np.minimum(valued.loss_in, cap) + 1.0
        node.column = int(np.argmax(np.where(is_free, out * into, -1.0)))
        heapq.heappush(self.heap, _Open(-bound, place, domain, price))

    def _note(self, node: _Node, price: Int64) -> None:
        node.prices.append(price)
        self.n_prices += price.size

    def _offer(self, x: Int64) -> None:
        activity = self.formulation.row_activity(x)
        if (activity <= self.formulation.row_upper).all() and (activity >= self.formulation.row_lower).all():
            known = self.take(x)
            # Never lower: what was closed was closed for more than the value known then.
            self.value = known if self.value is None else max(self.value, known)

    def _descend(self, domain: Domain, price: Int64, n_steps: int, deadline: float) -> tuple[Int64, bool]:
        """The best prices that some subgradient steps find, and whether they close the domain."""
        exact, best, lowest, theta, n_fails = price.astype(np.float64), price, None, 1.0, 0
        for _ in range(n_steps):
            valued = self.model.value_of(np.rint(exact).astype(np.int64), domain)
            if valued is None:
                return np.rint(exact).astype(np.int64), True
            if lowest is None or valued.value < lowest:
                best, lowest, n_fails = np.rint(exact).astype(np.int64), valued.value, 0
            else:
                n_fails += 1
                if n_fails >= _FAILS:
                    theta, n_fails, exact = theta * _SHRINK, 0, best.astype(np.float64)
                    if theta < _LEAST_STEP:
                        break
                    continue
            threshold = self.threshold
            if threshold is not None and valued.value < threshold:
                return best, True
            activity = self.formulation.row_activity(valued.x)
            slope = self._slope(exact, activity)
            square = float(slope @ (slope / self.norm))
            if square == 0.0:
                self._offer(valued.x)
                break
            if not (activity > self.formulation.row_upper).any() and not (activity < self.formulation.row_lower).any():
                self._offer(valued.x)
            aim = valued.value - max(abs(valued.value) // 200, self.scale) if threshold is None else threshold
            way = max(valued.value - aim + _MARGIN * self.scale, _MARGIN * self.scale)
            exact = self._signed(exact - theta * way / square * slope / self.norm)
            if time.monotonic() > deadline:
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

    def _signed(self, price: Float64) -> Float64:
        price = np.where(self.has_upper, price, np.minimum(price, 0.0))
        return np.where(self.has_lower, price, np.maximum(price, 0.0))
