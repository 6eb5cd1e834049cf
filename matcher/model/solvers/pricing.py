"""Knapsacks and side constraints, alone and at size: prices, a core of columns, and a proof that needs no solver.

1. Linear prices, a greedy plan and small CP-SAT models give a first plan (`climb`).
2. Rows kept whole (`proof`, `branching`) tighten the bound, and say of every column what it would lose.
3. In turns: the tree of the proof grows; a dive looks for a plan near the bound; small parts of the plan are opened;
   CP-SAT works on the columns that the losses leave. With a second thread and a time limit, HiGHS works beside them on
   the same columns, and what it finds counts for all.

The turns grow by counts, not by the clock: with one thread and no time limit equal input gives equal answers.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matcher.model.answer import Answer, Limits, Prices
from matcher.model.formulation import Formulation, Int64, with_objective
from matcher.model.proof import Domain, Proof
from matcher.model.shrinking import shrink
from matcher.model.solvers import Progress
from matcher.model.solvers.branching import Search
from matcher.model.solvers.climb import Climb, solve_core, solve_open, solve_steps, use_prices
from matcher.model.solvers.cpsat import answer_of, infeasible
from matcher.model.solvers.diving import Dives
from matcher.model.solvers.linear_prices import Relaxation
from matcher.model.solvers.rival import Rival, solve_large_core

NAME = "pricing"
_MANY_COLUMNS = 3_000
_ROOT_STEPS = 400
_REPLANT_STEPS = 30
_VALUED_COLUMNS = 12_000_000
# A valuation takes about 0.3 µs a column: the first root has some seconds at most.
_TREE_BUDGET = 1_500
_REFUTE_BUDGET = 5_000
_WHOLE_PROOF_WORK = 15.0
_LARGE_ENTRIES = 50_000
_TREE_ENTRIES = 10_000
# A tree of many columns betters the bound by a point a minute: there the time is for the plan.
_LINEAR_GAIN = 4
_MANY_OPEN = 30_000
# A dive fixes a tenth at a time: from so many columns it would not arrive.
_DIVE_BUDGET = 600
_PLAN_ENTRIES, _MOST_PLAN, _LEAST_PLAN = 8_000, 4.0, 0.25
# Dives from the plan get the more of a turn the larger the model is: a small one is settled by its tree.
_MAX_DOUBLINGS = 6
_STEPS_OF_GAP = 24
_OPEN_WORK = 0.5
_MAX_TURNS = 60
_TURNS_ALONE = 1
# What the first turns cannot settle is hard: only then a second thread is put to work.
_SHARE_ALONE = 0.2


def solve(
    formulation: Formulation,
    limits: Limits,
    *,
    hint: npt.NDArray[np.int64] | None = None,
    on_progress: Progress | None = None,
) -> Answer:
    """The best plan found within the limits, with prices and, where they leave a gap, a `Proof`.

    Parameters
    ----------
    hint : (n_cols,) x to start from; taken as the first plan when it is feasible
    on_progress : called with (value, bound) in points at each better plan

    Returns
    -------
    Answer : ``optimal`` when prices or the tree close the gap, or CP-SAT claims that none of the open columns helps;
        ``infeasible`` only with verified Farkas prices or with two CP-SAT runs of different kind agreeing.

    Notes
    -----
    Nothing ends it but a proof, the limits, or the size of the tree (then CP-SAT has the last word).
    """
    started = time.monotonic()
    deadline = math.inf if limits.time_limit_s is None else started + limits.time_limit_s
    climb = Climb(formulation, limits, on_progress, deadline)
    if hint is not None and hint.shape == (formulation.n_cols,):
        climb.take(hint.astype(np.int64))
    relaxation = climb.relaxed()
    if relaxation.farkas is not None:
        return Answer("infeasible", NAME, farkas=relaxation.farkas, witnesses=("linear_prices",))
    start = use_prices(climb, relaxation)
    is_solved = False
    if not climb.is_done and formulation.n_cols <= _MANY_COLUMNS:
        start, is_solved = solve_core(climb, relaxation, start)
    if not climb.is_done and not is_solved and formulation.n_cols <= _MANY_COLUMNS:
        solve_steps(climb, relaxation, start)
    turns = _Turns(climb, relaxation, start)
    status = None if climb.is_done else turns.run()
    if status == "infeasible" and climb.x is None:
        return _refuted(climb) or infeasible(climb, NAME)
    return turns.answer(started)


def _refuted(climb: Climb) -> Answer | None:
    """Infeasible with a tree that proves it, where CP-SAT says so and a small one is enough."""
    nothing = with_objective(climb.formulation, np.zeros_like(climb.formulation.objective))
    # A plan would have 0 points, and the tree refutes that there is one of more than −1.
    tree = Search(nothing, None, value=-1, take=nothing.value_of, seed=climb.limits.seed, pay=climb.pay)
    tree.root(climb.deadline, _REPLANT_STEPS)
    tree.grow(climb.deadline, _REFUTE_BUDGET)
    if not tree.is_done or tree.is_refuted:
        return None
    witnesses = ("cp_sat", "bound_tree")
    return Answer("infeasible", NAME, proof=tree.proof(), witnesses=witnesses, log="\n".join(climb.log))


@dataclass
class _Turns:
    """The tree, the dives and the small models, in turns around one plan.

    `step` is how many points below the bound the next tree aims: it refutes that there is a plan so good, or finds one.
    """

    climb: Climb
    relaxation: Relaxation
    start: Int64 | None
    tree: Search | None = None
    proof: Proof | None = None
    unfinished: Search | None = None
    step: int = 0
    is_linear: bool = False
    n_nodes: int = 0
    n_values: int = 0
    is_weighed: bool = False
    is_heard: bool = False

    def __post_init__(self) -> None:
        self.dives = Dives(self.climb)

    def run(self) -> str | None:
        """To a proof or the end of the limits; CP-SAT's status where it had the last word."""
        climb, status = self.climb, None
        self._first_plan()
        rival = Rival(climb)
        for turn in range(_MAX_TURNS):
            for work in (self._small_models, self._dive, self._refute):
                if climb.is_done or self.tree is None:
                    break
                status = work(min(turn, _MAX_DOUBLINGS)) or status
                rival.exchange()
                if not climb.is_done and (
                    turn >= _TURNS_ALONE or (climb.is_past(_SHARE_ALONE) and climb.x is not None)
                ):
                    rival.start()
                if status == "infeasible" and climb.x is None:
                    return status
        rival.finish()
        self.is_heard = rival.is_heard
        if not climb.is_done:
            status = solve_open(climb)
        if climb.is_proved and climb.bound != climb.value and self.tree is not None and not climb.is_over:
            self._plant(climb.value)
            self._close()
        return status

    def _first_plan(self) -> None:
        """On a large model: HiGHS on the core where it is too large for dives, or where they find nothing.

        Where a gap is allowed the core comes first: `scenarios/regional` (0.5 %) then ends after 0.6 s instead of 3.5.
        """
        climb = self.climb
        is_large = climb.formulation.n_cols > _MANY_COLUMNS
        if is_large and (climb.limits.gap > 0 or not self._can_dive):
            solve_large_core(climb, self.relaxation)
            if climb.is_done:
                return
        self._plant(climb.value)
        if is_large and self._can_dive and not climb.is_done:
            is_found = self.tree is not None and self.dives.from_root(self.tree, self._share(_DIVE_BUDGET))
            if not is_found and climb.value is None:
                solve_large_core(climb, self.relaxation)
            self._plant(climb.value)
        self.start = climb.x if climb.x is not None else self.start

    def _close(self) -> None:
        """The tree for what CP-SAT claims: that no plan is better than the one at hand."""
        if self.tree is not None:
            budget = int(self.climb.limits.proof_work / self.tree.work_of_value)
            self.tree.grow(self.climb.deadline, budget)
            self._note()

    def _share(self, budget: int, large: int = _LARGE_ENTRIES) -> int:
        """Of a turn's budget: less where a valuing takes long, and where a proof is not worth much work."""
        limits, n_entries = self.climb.limits, self.climb.formulation.col_idx.size
        worth = min(1.0, limits.proof_work / _WHOLE_PROOF_WORK, large / max(1, n_entries))
        return max(_REPLANT_STEPS, int(budget * worth))

    def answer(self, started: float) -> Answer:
        """The climb's answer with the proof and the counts of the trees."""
        answer = answer_of(self.climb, NAME, started)
        heard = ("highs",) if self.is_heard else ()
        witnesses = (*answer.witnesses, *heard, *(() if self.proof is None else ("bound_tree",)))
        counts = {**answer.counts, "n_nodes": self.n_nodes, "n_values": self.n_values}
        return replace(answer, proof=self.proof, witnesses=witnesses, counts=counts)

    def _plant(self, value: int | None) -> None:
        """A new tree, to refute plans of more than `value` points, from the best prices known."""
        climb, prices = self.climb, self.relaxation.prices
        if prices is None:
            return
        tree = Search(
            climb.formulation,
            prices,
            value=value,
            take=self._take,
            seed=climb.limits.seed,
            pay=climb.pay,
            linear=self._linear if self.is_linear else None,
        )
        n_steps = min(_ROOT_STEPS, max(_REPLANT_STEPS, _VALUED_COLUMNS // max(1, climb.formulation.n_cols)))
        if self.tree is not None:
            tree.start, tree.rng, n_steps = self.tree.nodes[0].prices[-1], self.tree.rng, _REPLANT_STEPS
        try:
            tree.root(climb.deadline, n_steps, enough=climb.enough if value == climb.value else None)
        except OverflowError:  # points too large for exact tables: CP-SAT has the last word
            self.tree = None
            return
        if value is None and tree.is_done:  # nothing is left at all: whether that is so, `_refuted` looks again
            self.tree = None
            return
        self.tree = tree
        self._note()
        if not self.is_weighed and climb.value is not None and self.relaxation.bound is not None:
            self.is_weighed = True
            # Where the rows kept whole tighten little, the linear prices of each node are worth their while.
            gain = self.relaxation.bound - (tree.bound or 0)
            self.is_linear = _LINEAR_GAIN * gain < self.relaxation.bound - climb.value
            self.is_linear &= int(np.count_nonzero(climb.open_mask())) <= _MANY_COLUMNS

    def _linear(self, domain: Domain) -> tuple[Prices | None, npt.NDArray[np.float64] | None]:
        formulation = replace(self.climb.formulation, column_lower=domain.lower, column_upper=domain.upper)
        small = shrink(formulation)
        if small.is_contradiction or not small.free_idx.size:
            return None, None
        found = self.climb.relaxed(small.formulation)
        fraction = small.fixed.astype(np.float64)
        if found.x is not None:
            fraction[small.free_idx] = found.x
        return small.widen_prices(found.prices, formulation.n_rows), fraction

    def _take(self, x: Int64) -> int:
        self.climb.take(x)
        return self.climb.formulation.value_of(x) if self.climb.value is None else self.climb.value

    def _refute(self, turn: int) -> None:
        """Trees that aim a little below the bound, further while they succeed: each lowers it or betters the plan."""
        climb = self.climb
        left = self._share(_TREE_BUDGET * 2**turn, _TREE_ENTRIES)
        while left > 0 and not climb.is_done and climb.bound is not None:
            value = climb.value if climb.value is not None else climb.bound - max(1, abs(climb.bound) // 100)
            target = max(value + 1, climb.bound - self.step)
            if self.unfinished is not None and self.unfinished.root_value == target - 1:
                self.tree = self.unfinished
            else:
                self._plant(target - 1)
            self.unfinished = None
            if self.tree is None:
                return
            before = self.tree.n_values
            self.tree.grow(climb.deadline, left)
            left -= self.tree.n_values - before + _REPLANT_STEPS
            self._note()
            if self.tree.is_done and not self.tree.is_refuted:
                self.step = 2 * self.step + (climb.bound - value) // _STEPS_OF_GAP
            elif not self.tree.is_refuted:
                self.step //= 2
                self.unfinished = self.tree
        self._plant(climb.value)

    def _note(self) -> None:
        """Takes bound, losses and open columns from the tree."""
        tree, climb = self.tree, self.climb
        if tree is None or tree.bound is None:
            return
        if tree.value is not None and climb.value is not None and tree.root_value == climb.value:
            self._note_losses(tree)
        if climb.bound is None or tree.bound < climb.bound:
            climb.bound = tree.bound
            self.proof = tree.proof()
            self.n_nodes = len(tree.nodes)
            climb.report()

    def _note_losses(self, tree: Search) -> None:
        climb, valued, domain = self.climb, tree.root_valued, tree.root_domain
        if valued is None or domain is None or valued.loss_out is None or valued.loss_in is None:
            return
        is_fixed = domain.upper == domain.lower
        climb.base = np.where(is_fixed, domain.lower, valued.x)
        loss = np.where(climb.base == domain.upper, valued.loss_out, valued.loss_in)
        climb.loss = np.where(is_fixed, np.int64(2**61), loss)
        climb.loss_scale, climb.loss_bound = tree.scale, valued.value // tree.scale

    def _small_models(self, turn: int) -> str | None:
        climb = self.climb
        solve_steps(climb, self.relaxation, climb.x if climb.x is not None else self.start)
        if climb.is_done or (climb.limits.threads > 1 and climb.x is not None):
            return None
        return solve_open(climb, work_limit=_OPEN_WORK * 2**turn)

    def _dive(self, turn: int) -> None:
        """Dives from the root, then from the plan at hand."""
        if self.tree is None or not self._can_dive:
            return
        budget = self._share(_DIVE_BUDGET * 2 ** min(turn, 2))
        before = self.climb.value
        if self.dives.from_root(self.tree, budget):
            self._plant(self.climb.value)
        if self.tree is not None:
            factor = min(_MOST_PLAN, max(_LEAST_PLAN, self.climb.formulation.col_idx.size / _PLAN_ENTRIES))
            self.dives.from_plan(self.tree, int(factor * budget))
        if self.climb.value != before:
            self._plant(self.climb.value)

    @property
    def _can_dive(self) -> bool:
        return int(np.count_nonzero(self.climb.open_mask())) <= _MANY_OPEN
