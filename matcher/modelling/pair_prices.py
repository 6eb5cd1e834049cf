"""What the prices of a model's rows make every pair cost, also one that the model does not hold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem
from matcher.model.formulation import NO_LIMIT, Int64, RowFamily
from matcher.modelling.hours import days_of_companies, thousandths
from matcher.modelling.model import Model
from matcher.modelling.plan_wide import fees_of_directors, quota_members
from matcher.modelling.supplies import left_of
from matcher.pairing.candidates import Candidates
from matcher.pairing.search import PairPrices


def prices_of_pairs(
    model: Model, price: Int64, problem: Problem, candidates: Candidates, *, scale: int = 1
) -> PairPrices:
    """What every pair costs at least: a sum over the rows it would stand in.

    Parameters
    ----------
    price : (n_rows,) of the model's rows, in 1/`scale` points
    candidates : of a search, whose census says which companies take the same of a director

    Notes
    -----
    Rows of rivals are left out: their prices are never below 0, so a pair costs that much or more.
    """
    form = model.formulation
    is_void = (price > 0) & (form.row_upper >= NO_LIMIT) | (price < 0) & (form.row_lower <= -NO_LIMIT)
    price = np.where(is_void, 0, price)
    by_kind = _Kinds(model, problem, candidates)
    company = np.zeros(len(problem.companies), np.int64)
    for family in form.families:
        of_rows = price[family.start : family.stop]
        subject = model.meanings[family.name].subject_idx
        if not of_rows.any() or family.name == "rivals":
            continue
        if family.name == "one_director":
            np.add.at(company, subject, of_rows)
        elif family.name == "max_companies":
            company += of_rows[0]
        elif family.name.startswith("quota:"):
            for one, at in zip(of_rows.tolist(), subject.tolist(), strict=True):
                company[quota_members(problem, problem.policy.limits.quotas[at])] += one
        else:
            by_kind.add(family, of_rows)
    return PairPrices(by_kind.director, company, by_kind.kind_of, scale)


class _Kinds:
    """(n_kinds, n_directors) what a director costs a company of each kind; one kind where all cost the same."""

    def __init__(self, model: Model, problem: Problem, candidates: Candidates) -> None:
        self.model, self.problem, self.candidates = model, problem, candidates
        self.n_directors = len(problem.directors)
        self.director = np.zeros((1, self.n_directors), np.int64)
        self.kind_of = np.zeros(len(problem.companies), np.int64)
        self.first: Int64 | None = None

    def add(self, family: RowFamily, price: Int64) -> None:
        """What a family of rows of directors, or of the budget, makes a pair cost."""
        meaning, name = self.model.meanings[family.name], family.name.partition(":")[0]
        if name in ("min_companies_per_director", "max_new_companies_per_director"):
            self.director[:, meaning.subject_idx] += price  # a director has one row
            return
        by_month = np.zeros((self.n_directors, self.model.months.n_months), np.int64)
        month = np.zeros(price.size, np.int64)
        if meaning.month is not None:
            month = np.searchsorted(self.model.months.start, meaning.month)
        if name == "budget":
            by_month[:, month] += fees_of_directors(self.problem)[:, None] * price
        else:
            by_month[meaning.subject_idx, month] = price
        if name == "slots" and by_month.shape[1] == 1:
            self.director += by_month[:, 0]
            return
        self._split()
        for kind, company in enumerate([] if self.first is None else self.first.tolist()):
            runs = slice(int(self.model.months.first[company]), int(self.model.months.last[company]) + 1)
            self.director[kind] += (by_month[:, runs] * self._taken(family.name, company, runs)).sum(axis=1)

    def _split(self) -> None:
        """A kind for each class of companies that take the same in the same months."""
        if self.first is None and self.candidates.census is not None:
            self.first, self.kind_of = self.candidates.census.classes
            self.director = np.repeat(self.director, self.first.size, axis=0)

    def _taken(self, name: str, company: int, runs: slice) -> Int64 | int:
        """(n_directors, n_months) or a number: the coefficient of a pair with one company in a family's rows."""
        kind, _, most = name.partition(":")
        supply = kind.removesuffix("_count")
        if supply not in ("hours", "on_site_days"):
            return 1
        column = f"{supply}_per_month"
        wanted = days_of_companies(self.problem) if supply == "on_site_days" else self._hours
        demand = int(thousandths(wanted[company : company + 1], up=True)[0])
        if not most:
            return demand
        elsewhere = self.model.months.hours_elsewhere
        if supply == "on_site_days":
            elsewhere = np.zeros_like(elsewhere)
        left = left_of(self.problem.directors[column].to_numpy(float), elsewhere)
        return (demand * (int(most) + 1) > left[:, runs]).astype(np.int64)

    @property
    def _hours(self) -> npt.NDArray[np.float64]:
        hours: npt.NDArray[np.float64] = self.problem.companies["hours_per_month"].fillna(0.0).to_numpy(np.float64)
        return hours
