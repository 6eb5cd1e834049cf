"""Small programmes whose bound needs a tree, and a checker of trees that shares no code with `matcher.model.proof`."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from matcher.model.formulation import NO_LIMIT, Formulation, RowBlock, build_formulation
from matcher.model.proof import Proof
from matcher.model.solvers.branching import Search


def knapsacks(seed: int, n_directors: int = 2, n_companies: int = 5) -> Formulation:
    """Directors with hours that depend on the pair, one director a company, at least two companies of the first."""
    rng = np.random.default_rng(seed)
    n = n_directors * n_companies
    director, company = np.divmod(np.arange(n), n_companies)
    hours = rng.integers(1, 9, n)
    supply = np.maximum(hours.reshape(n_directors, -1).sum(axis=1) * 2 // (3 * n_directors), 8)
    return build_formulation(
        rng.integers(-3, 40, n),
        [
            RowBlock("one", company, np.arange(n), np.zeros(n_companies, int), np.ones(n_companies, int)),
            RowBlock("hours", director, np.arange(n), np.full(n_directors, -NO_LIMIT), supply, coef=hours),
            RowBlock("least", np.zeros(n_companies, int), np.arange(n_companies), np.array([2]), np.array([NO_LIMIT])),
        ],
    )


def grown(formulation: Formulation, value: int | None = None) -> Proof:
    """A tree from poor prices: two steps at the root, so that branches are needed."""
    search = Search(formulation, None, value=value, take=formulation.value_of)
    deadline = time.monotonic() + 60
    search.root(deadline, 2)
    search.grow(deadline, 5_000)
    proof = search.proof()
    assert proof is not None
    return proof


Box = tuple[list[int], list[int]]


@dataclass
class PlainChecker:
    """`proof.holds`, once more: plain Python, a loop a step, a knapsack as a dictionary of weight → points.

    `holds` knows what a column of a row kept whole would lose exactly only up to some points, and less beyond. With
    `reach` columns whose loss is more than so many points away are never fixed, without it every loss counts: whatever
    the first closes `holds` closes, and whatever `holds` closes the second does.
    """

    formulation: Formulation
    proof: Proof
    reach: int | None = None

    def __post_init__(self) -> None:
        f = self.formulation
        self.rows: list[dict[int, int]] = []
        for row in range(f.n_rows):
            entries = range(int(f.row_ptr[row]), int(f.row_ptr[row + 1]))
            self.rows.append({int(f.col_idx[entry]): int(f.coef[entry]) for entry in entries})
        self.low = [None if bound <= -NO_LIMIT else bound for bound in f.row_lower.tolist()]
        self.high = [None if bound >= NO_LIMIT else bound for bound in f.row_upper.tolist()]
        self.kept = dict(zip(self.proof.kept.tolist(), self.proof.unit.tolist(), strict=True))
        self.in_kept = {column for row in self.kept for column in self.rows[row]}
        self.threshold = self.proof.scale * (self.proof.bound + 1)

    def holds(self) -> bool:
        f = self.formulation
        if sum(len(self.rows[row]) for row in self.kept) > len(self.in_kept):
            return False
        return self._closes(0, self._propagated(f.column_lower.tolist(), f.column_upper.tolist()))

    def _closes(self, place: int, box: Box | None) -> bool:
        node = self.proof.nodes[place]
        for price in node.prices:
            if box is None:
                return True
            box = self._priced(price.tolist(), box)
        if box is None:
            return True
        if node.column < 0:
            return False
        low, high = box
        is_one = [*low[: node.column], high[node.column], *low[node.column + 1 :]]
        is_zero = [*high[: node.column], low[node.column], *high[node.column + 1 :]]
        if low[node.column] == high[node.column]:
            return self._closes(node.at_one if low[node.column] else node.at_zero, box)
        halves = ((node.at_one, (is_one, high)), (node.at_zero, (low, is_zero)))
        return all(self._closes(child, self._propagated(*half)) for child, half in halves)

    def _propagated(self, low: list[int], high: list[int]) -> Box | None:
        """0/1 columns fixed by single rows until nothing changes."""
        low, high, is_changed = list(low), list(high), True
        while is_changed:
            is_changed = False
            for row, entries in enumerate(self.rows):
                least = sum(min(a * low[j], a * high[j]) for j, a in entries.items())
                most = sum(max(a * low[j], a * high[j]) for j, a in entries.items())
                upper, lower = self.high[row], self.low[row]
                if (upper is not None and least > upper) or (lower is not None and most < lower):
                    return None
                for j, a in entries.items():
                    if high[j] - low[j] != 1:
                        continue
                    if (upper is not None and least + abs(a) > upper) or (lower is not None and most - abs(a) < lower):
                        keeps_low = (a > 0) == (upper is not None and least + abs(a) > upper)
                        low[j], high[j] = (low[j], low[j]) if keeps_low else (high[j], high[j])
                        is_changed = True
                        break
        return low, high

    def _priced(self, price: list[int], box: Box) -> Box | None:
        """What is left of a box where only points from the threshold are wanted."""
        low, high = box
        reduced = [self.proof.scale * points for points in self.formulation.objective.tolist()]
        constant = 0
        for row, entries in enumerate(self.rows):
            bound = self.high[row] if price[row] > 0 else self.low[row]
            if price[row] and bound is not None:
                constant += price[row] * bound
                for j, a in entries.items():
                    reduced[j] -= price[row] * a
        value = self._value(constant, reduced, low, high)
        if value is None or value < self.threshold:
            return None
        slack = value - self.threshold
        is_exact = self.reach is None or slack <= self.reach * self.proof.scale
        free = [j for j in range(len(low)) if high[j] - low[j] == 1 and (is_exact or j not in self.in_kept)]
        new_low, new_high = list(low), list(high)
        for j in free:
            at_low = self._value(constant, reduced, low, [*high[:j], low[j], *high[j + 1 :]])
            at_high = self._value(constant, reduced, low, high, chosen=j)
            costs_low = at_low is None or value - at_low > slack
            costs_high = at_high is None or value - at_high > slack
            if costs_low and costs_high:
                return None
            if costs_high:
                new_high[j] = low[j]
            if costs_low:
                new_low[j] = high[j]
        is_same = new_low == low and new_high == high
        return box if is_same else self._propagated(new_low, new_high)

    def _value(
        self, constant: int, reduced: list[int], low: list[int], high: list[int], chosen: int = -1
    ) -> int | None:
        """The bound on a box, or on the part of it where the column `chosen` is at its upper bound."""
        lowest = [high[j] if j == chosen else low[j] for j in range(len(low))]
        outer = [j for j in range(len(low)) if j not in self.in_kept]
        rest = sum(max(reduced[j] * lowest[j], reduced[j] * high[j]) for j in outer)
        total = constant + rest
        for row, unit in self.kept.items():
            packed = self._packed(self.rows[row], unit, self.formulation.row_upper[row], reduced, low, high, chosen)
            if packed is None:
                return None
            total += packed
        return total

    @staticmethod
    def _packed(
        weights: dict[int, int], unit: int, limit: int, reduced: list[int], low: list[int], high: list[int], chosen: int
    ) -> int | None:
        """The most that 0/1 columns add whose weights, in whole units, fit what is forced in leaves."""
        forced = [j for j in weights if low[j]]
        room = int(limit) - sum(weights[j] for j in forced)
        if room < 0:
            return None
        best = {0: sum(reduced[j] for j in forced)}
        for j, weight in weights.items():
            if low[j] or not high[j]:
                continue
            if j == chosen:
                best = {used + weight // unit: points + reduced[j] for used, points in best.items()}
                best = {used: points for used, points in best.items() if used <= room // unit}
                continue
            for used, points in list(best.items()):
                heavier = used + weight // unit
                if heavier <= room // unit:
                    best[heavier] = max(best.get(heavier, points + reduced[j]), points + reduced[j])
        return max(best.values(), default=None)
