"""What the plan becomes when a director declines a company, and when one withdraws altogether."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matcher.explain.forcing import Change, changed, without_pair
from matcher.explain.losses import Loss
from matcher.explain.overrides import TOTAL_TIME_S, solved_again
from matcher.explain.records import Record, chain_record, loss_record, losses_record
from matcher.explain.standing import Standing
from matcher.model.formulation import Formulation


@dataclass(frozen=True)
class Refusal:
    """A match that is declined, or with no company a director who withdraws from every match and every candidate.

    Attributes
    ----------
    change : the best plan then, with the fewest further changes among those as good; None where time did not reach it
    """

    director_idx: int
    company_idx: int | None
    change: Change | None

    @property
    def loss(self) -> Loss:
        return Loss(None, "unknown", is_possible=None) if self.change is None else self.change.loss


@dataclass(frozen=True)
class RefusalsAnswer:
    """`declined` in the order of the matches, by director, then company; `withdrawn` one for each director at work."""

    declined: tuple[Refusal, ...]
    withdrawn: tuple[Refusal, ...]
    total_time_s: float

    @property
    def n_open(self) -> int:
        """Refusals that time did not reach."""
        return sum(one.change is None for one in (*self.declined, *self.withdrawn))


def ask(standing: Standing, *, budget: float = TOTAL_TIME_S) -> RefusalsAnswer:
    """The replacement plan of every single refusal.

    Parameters
    ----------
    budget : seconds; what solving again may take in all

    Notes
    -----
    A refusal stands above a pin. Who withdraws need not serve the companies that the policy demands of each director.
    """
    columns = np.flatnonzero(standing.is_chosen).tolist()
    directors = sorted({standing.pair_of(column)[0] for column in columns})
    # One list of tasks, so that both kinds share the time: matches first, then directors, told apart by their sign.
    found = solved_again(standing, [*columns, *(-1 - director for director in directors)], _solved, budget)
    return RefusalsAnswer(
        declined=tuple(Refusal(*standing.pair_of(column), found.get(column)) for column in columns),
        withdrawn=tuple(Refusal(director, None, found.get(-1 - director)) for director in directors),
        total_time_s=budget,
    )


def _solved(standing: Standing, task: int) -> Change:
    if task >= 0:
        return without_pair(standing, task)
    return changed(standing, standing.solve(_without_director(standing, -1 - task)))


def _without_director(standing: Standing, director_idx: int) -> Formulation:
    """The model without any pair of a director, of whom nothing is demanded any more."""
    formulation = standing.model.formulation
    is_own = np.zeros(formulation.n_cols, np.bool_)
    is_own[: formulation.n_pairs] = standing.candidates.director_idx == director_idx
    row_lower = formulation.row_lower.copy()
    for family in formulation.families:
        if family.name == "min_companies_per_director":
            subject = standing.model.meanings[family.name].subject_idx
            row_lower[family.start : family.stop][subject == director_idx] = 0
    return replace(
        formulation,
        column_lower=np.where(is_own, 0, formulation.column_lower),
        column_upper=np.where(is_own, 0, formulation.column_upper),
        row_lower=row_lower,
    )


def record(standing: Standing, answer: RefusalsAnswer) -> Record:
    """The answer as plain data."""
    return {
        "declined": [_record(standing, one) for one in answer.declined],
        "withdrawn": [_record(standing, one) for one in answer.withdrawn],
        "n_not_reached": answer.n_open,
        "total_time_s": answer.total_time_s,
        "off_by_points": standing.off_by,
    }


def _record(standing: Standing, one: Refusal) -> Record:
    problem, change = standing.problem, one.change
    company = {} if one.company_idx is None else {"company_id": problem.company_ids[one.company_idx]}
    return {
        "director_id": problem.director_ids[one.director_idx],
        **company,
        **loss_record(one.loss),
        "losses": {} if change is None else losses_record(change.losses),
        "chain": None if change is None or change.pairs is None else chain_record(standing, change.chain),
    }
