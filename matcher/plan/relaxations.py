"""What would be enough: the smallest change of each demand of a conflict alone, or of several together.

Each is verified by building the whole model anew with the change and finding a plan of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.model.certificate import Word
from matcher.model.formulation import Formulation
from matcher.model.judging import Effort, judge
from matcher.model.relaxation import Give, Least, least_amount, least_shortage
from matcher.plan.bottlenecks import FoundCut
from matcher.plan.demands import DECIDE_CANDIDATES, PINS, SUPPLIES, Demand, demands_of, pins_of
from matcher.plan.stage import Stage, again

_MAX_TRIED = 40
_MAX_ROUNDS = 3
_ALSO_MAKE_ROOM = frozenset({*SUPPLIES, *PINS} - {"pins"})
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
    stage: Stage, demands: Sequence[Demand], effort: Effort, *, word: Word, cut: FoundCut | None = None
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
        found = Least(None) if effort.is_spent else _least(stage, demand, most, effort, word, _short_of(demand, cut))
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
    stages: dict[int, Stage] = {}

    def build(amount: int) -> Formulation:
        after = stage.changed([(demand, amount)])
        effort.take(_WORK_PER_ENTRY * after.model.formulation.col_idx.size)
        stages[id(after.model.formulation)] = after
        return after.model.formulation

    def bend(formulation: Formulation) -> tuple[Formulation, Give] | None:
        form = stages[id(formulation)].elastic
        there = demand if demand.columns else again(demand, form)
        give = None if there is None else there.give(form.formulation)
        return None if give is None else (form.formulation, give)

    return least_amount(build, bend, most, effort, word_at_zero=word, at_least=at_least)


def _short_of(demand: Demand, cut: FoundCut | None) -> int:
    """What the bottleneck proves to be the least amount of a demand that stands in it; 0 where it proves nothing.

    Notes
    -----
    One unit moves the sum by the weights of its rows. What decides who is a candidate proves nothing, as more of it
    makes more candidates; nor do slots where the cut counts directors at work, whose rows have the slots as
    coefficients.
    """
    there = None if cut is None or demand.family in DECIDE_CANDIDATES else again(demand, cut.model)
    if cut is None or there is None:
        return 0
    families = {cut.model.formulation.family_of_row(row).name for row, _ in cut.cut.gives}
    if demand.family == "slots" and any("used_director" in name or name == "uses_director" for name in families):
        return 0
    weights = dict(cut.cut.asks if demand.side == "least" else cut.cut.gives)
    weight = sum(weights.get(row, 0) for row in there.rows)
    return -(-cut.cut.shortfall // weight) if weight else 0


def _together(stage: Stage, effort: Effort) -> Change | None:
    """The cheapest change of any demands of the whole model that together are enough, or None.

    Notes
    -----
    What the model built anew still lacks is added, at most three times; a smaller change is then not ruled out. Nor is
    it where hours or days count, which make more candidates, or engagements, which may take other hours than the pair
    would without them: the rows as they are do not know that.
    """
    total: dict[Demand, int] = {}
    now = stage
    least: Word = "unknown"
    pinned = [int(pair) for pair in stage.candidates.is_pinned.nonzero()[0]]
    pins = [pin for pin in pins_of(pinned, stage.problem, stage.candidates) if pin.family in PINS]
    for n_round in range(_MAX_ROUNDS):
        form = now.elastic
        # A model built anew may number its pairs anew: pins are dropped in the first round or not at all.
        every = {_bare(demand): demand for demand in [*demands_of(form), *(() if n_round else pins)]}
        gives = {bare: give for bare, demand in every.items() if (give := demand.give(form.formulation)) is not None}
        found = least_shortage(form.formulation, list(gives.values()), effort)
        if found.verdict != "feasible":
            return None
        for bare, amount in zip(gives, found.amounts, strict=True):
            if amount:
                total[bare] = total.get(bare, 0) + amount + (0 if n_round else stage.lacking(bare))
        is_exact = not any(demand.family in _ALSO_MAKE_ROOM or stage.lacking(demand) for demand in every)
        least = found.word if n_round == 0 and is_exact else "unknown"
        parts = tuple(total.items())
        now = stage.changed(parts)
        if judge(now.model.formulation, effort).verdict == "feasible":
            return Change(parts, least)
    return None


def _bare(demand: Demand) -> Demand:
    """The demand without its rows, which differ from model to model."""
    return replace(demand, rows=())
