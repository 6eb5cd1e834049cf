"""What would be enough: the smallest change of each demand of a conflict alone, or of several together.

Each is verified by building the whole model anew with the change and finding a plan of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.model.certificate import Word
from matcher.model.formulation import Formulation
from matcher.model.hall import Bottleneck
from matcher.model.judging import Effort, judge
from matcher.model.relaxation import Give, Least, least_amount, least_shortage
from matcher.modelling import Model
from matcher.plan.demands import STRUCTURE, Demand, Stage, again, demands_of, pins_of

_MAX_TRIED = 40
_MAX_ROUNDS = 3
_WORK_PER_ENTRY = 3e-6
"""What building a model counts for, in CP-SAT's deterministic work: about a second with 48,000 pairs."""


@dataclass(frozen=True)
class Change:
    """Demands that give way together, each by an amount in row units; `least` as in `document.Relaxation`."""

    parts: tuple[tuple[Demand, int], ...]
    least: Word

    @property
    def cost(self) -> int:
        return sum(demand.weight * amount for demand, amount in self.parts)


@dataclass(frozen=True)
class Findings:
    """Changes that are enough, cheapest first; demands that alone are not, with the word; how many are undecided."""

    enough: tuple[Change, ...]
    not_enough: tuple[tuple[Demand, Word], ...]
    n_untried: int


def find_relaxations(
    stage: Stage, demands: Sequence[Demand], effort: Effort, *, word: Word, cut: Bottleneck | None = None
) -> Findings:
    """The least change of each demand, and where no single one is enough, the cheapest of all demands together.

    Parameters
    ----------
    demands : those of the conflict, in order
    word : of the whole model having no plan
    cut : the bottleneck of the conflict, where it has one: what it is short of is the first guess

    Notes
    -----
    The first 40 demands are tried, with one solve where the bottleneck is all there is, else three or more.
    """
    enough: list[Change] = []
    not_enough: list[tuple[Demand, Word]] = []
    n_untried = max(0, len(demands) - _MAX_TRIED)
    for demand in demands[:_MAX_TRIED]:
        most = stage.most(demand)
        if most < 1:
            continue
        found = (
            Least(None) if effort.is_spent else _least(stage, demand, most, effort, word, _short_of(stage, demand, cut))
        )
        if found.amount is not None:
            enough.append(Change(((demand, found.amount),), found.one_less))
        elif found.none_enough != "unknown":
            not_enough.append((demand, found.none_enough))
        else:
            n_untried += 1
    if not enough and not effort.is_spent:
        together = _together(stage, effort)
        enough += [together] if together else []
    enough.sort(key=lambda change: change.cost)  # stable: what is equal stays in the order of the demands
    return Findings(tuple(enough), tuple(not_enough), n_untried)


def _least(stage: Stage, demand: Demand, most: int, effort: Effort, word: Word, at_least: int) -> Least:
    models: dict[int, Model] = {}

    def build(amount: int) -> Formulation:
        model = stage.changed([(demand, amount)])
        effort.take(_WORK_PER_ENTRY * model.formulation.col_idx.size)
        models[id(model.formulation)] = model
        return model.formulation

    def give(formulation: Formulation) -> Give | None:
        there = demand if formulation is stage.model.formulation else again(demand, models[id(formulation)])
        return None if there is None else there.give(formulation)

    return least_amount(build, give, most, effort, word_at_zero=word, at_least=at_least)


def _short_of(stage: Stage, demand: Demand, cut: Bottleneck | None) -> int:
    """What the bottleneck proves to be the least amount of a demand that stands in it; 0 where it proves nothing.

    Notes
    -----
    One unit moves the sum by the weights of its rows. Hours prove nothing, as more of them make more candidates; nor do
    slots where the cut counts directors at work, whose rows have the slots as coefficients.
    """
    if cut is None or demand.family == "hours":
        return 0
    families = {stage.model.formulation.family_of_row(row).name for row, _ in cut.gives}
    if demand.family == "slots" and families & STRUCTURE - {"one_director"}:
        return 0
    weights = dict(cut.asks if demand.side == "least" else cut.gives)
    weight = sum(weights.get(row, 0) for row in demand.rows)
    return -(-cut.shortfall // weight) if weight else 0


def _together(stage: Stage, effort: Effort) -> Change | None:
    """The cheapest change of any demands of the whole model that together are enough, or None.

    Notes
    -----
    What the model built anew still lacks is added, at most three times; a smaller change is then not ruled out. Nor is
    it where hours count: more hours make more candidates, which the rows as they are do not know.
    """
    total: dict[Demand, int] = {}
    model = stage.model
    least: Word = "unknown"
    pinned = [int(pair) for pair in stage.candidates.is_pinned.nonzero()[0]]
    for n_round in range(_MAX_ROUNDS):
        # A model built anew may number its pairs anew: pins are dropped in the first round or not at all.
        pins = [] if n_round else pins_of(pinned, stage.candidates)
        every = {_bare(demand): demand for demand in demands_of(model) + pins}
        gives = {bare: give for bare, demand in every.items() if (give := demand.give(model.formulation)) is not None}
        found = least_shortage(model.formulation, list(gives.values()), effort)
        if found.verdict != "feasible":
            return None
        for bare, amount in zip(gives, found.amounts, strict=True):
            if amount:
                total[bare] = total.get(bare, 0) + amount
        least = found.word if n_round == 0 and not any(demand.family == "hours" for demand in every) else "unknown"
        parts = tuple(total.items())
        model = stage.changed(parts)
        if judge(model.formulation, effort).verdict == "feasible":
            return Change(parts, least)
    return None


def _bare(demand: Demand) -> Demand:
    """The demand without its rows, which differ from model to model."""
    return Demand(demand.family, demand.side, demand.kind, demand.subject_idx)
