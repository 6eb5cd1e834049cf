"""Large inputs: the model of the pairs that its own prices do not rule out, found by solving it again and again.

`matcher.pairing.search` says which pairs a company begins with, and which of the others given prices do not rule out;
here the model is solved on those that are kept, and its prices handed back, until no pair left out could better the
plan or take the place of one that is in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.domain.problem import Problem
from matcher.model.answer import Limits
from matcher.model.formulation import Int64
from matcher.model.near import Near
from matcher.model.solvers.network import as_network
from matcher.model.tiers import solve_tiers
from matcher.modelling.model import Model, build_model
from matcher.modelling.near import Solved, near_prices
from matcher.pairing.candidates import Candidates
from matcher.pairing.search import Search


@dataclass(frozen=True)
class Searched:
    """The model of the pairs kept, and the prices of its first tier that rule out all others.

    Attributes
    ----------
    n_rounds : how often it was solved; n_kept : pairs kept of all that are eligible
    """

    candidates: Candidates
    model: Model
    near: Near | None
    n_rounds: int

    @property
    def n_kept(self) -> int:
        return self.candidates.n_pairs


def priced_search(problem: Problem, search: Search, limits: Limits) -> Searched | None:
    """The model that keeps every pair of any best plan; None where it is no network, or has no plan.

    Parameters
    ----------
    search : as it begins; pairs are added to it

    Notes
    -----
    When no pair left out is above its prices, these are the prices of the model of all pairs too: they are the
    distances from 0 in a residual graph, and an arc that keeps them changes none. A pair exactly at its prices may be
    in a plan as good, so it is added as well, and the later tiers choose among all plans that are best for the first.
    """
    candidates = search.candidates(with_places=False)
    model, near, rounds = build_model(problem, candidates), None, 0
    while True:
        if isinstance(as_network(model.formulation), str):
            return None
        rounds += 1
        solved = solve_tiers(model.formulation, model.tiers[:1], limits=limits, near=near)
        first, x = solved.results[0], solved.answer.x
        prices = first.evidence.prices
        if first.certificate.word != "proved" or x is None or prices is None or prices.scale != 1:
            return None
        beyond = search.beyond(*prices_of_pairs(model, prices.row, problem))
        is_done = beyond.is_whole and not beyond.n_better
        before = Solved(problem, candidates, model, prices.row, x)
        candidates = search.candidates(with_places=is_done)
        model = build_model(problem, candidates)
        near = near_prices(before, problem, candidates, model)
        if is_done:
            return Searched(candidates, model, near, rounds)


def prices_of_pairs(model: Model, price: Int64, problem: Problem) -> tuple[Int64, Int64]:
    """(n_directors,) and (n_companies,) what the prices of the rows make a pair cost.

    Parameters
    ----------
    model : whose rows each speak of one director or of one company; price : (n_rows,)
    """
    of = {
        "director": np.zeros(len(problem.directors), np.int64),
        "company": np.zeros(len(problem.companies), np.int64),
    }
    for family in model.formulation.families:
        meaning = model.meanings[family.name]
        np.add.at(of[meaning.kind], meaning.subject_idx, price[family.start : family.stop])
    return of["director"], of["company"]
