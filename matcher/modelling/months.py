"""`Months`: when the companies of a batch run, and the months whose rows say everything.

A company runs in every calendar month that its work touches; one without a start runs in every month, so a plan never
overbooks. Companies come and go, running engagements elsewhere only go: what is used up grows only where a company
starts, so only the months in which some company starts can be the fullest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.domain.problem import Problem, from_tables
from matcher.errors import DataError, Issue
from matcher.model.formulation import Int64
from matcher.pairing.engagements import is_over
from matcher.pairing.sides import days, last_day_of_work

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Calendar = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Months:
    """The months in which some company of the batch starts, and who runs in them.

    Attributes
    ----------
    start : (n_months,) datetime64[M], ascending, at least one; a single NaT where no company has a start
    first, last : (n_companies,) the first and the last of these months in which a company runs, as positions
    slots_elsewhere : (n_directors, n_months) running engagements outside the batch
    hours_elsewhere : (n_directors, n_months) their hours a month
    """

    start: Calendar
    first: Int64
    last: Int64
    slots_elsewhere: Int64
    hours_elsewhere: Floats

    @property
    def n_months(self) -> int:
        return int(self.start.size)


@from_tables("engagements", "companies", "director_ids")
def build_months(problem: Problem) -> Months:
    """The months of a batch; one month where all companies start together."""
    begin = days(problem.companies, "start")
    end = last_day_of_work(begin, problem.companies["months"].to_numpy(np.int64)).astype("datetime64[M]")
    begin = begin.astype("datetime64[M]")
    is_known = ~np.isnat(begin)
    start = np.unique(begin[is_known]) if is_known.any() else np.array(["NaT"], "datetime64[M]")
    first, last = np.zeros(begin.size, np.int64), np.full(begin.size, start.size - 1, np.int64)
    first[is_known] = np.searchsorted(start, begin[is_known])
    last[is_known] = np.searchsorted(start, end[is_known], side="right") - 1
    slots, hours = _elsewhere(problem, start)
    return Months(start, first, last, slots, hours)


def _elsewhere(problem: Problem, start: Calendar) -> tuple[Int64, Floats]:
    """(n_directors, n_months) slots and hours that running engagements outside this batch use up in each month.

    An engagement whose company is in the batch is a candidate pair and uses nothing here; one that is over (see
    `matcher.pairing.engagements.is_over`) uses nothing either. The others count until the month of their `until`.
    """
    engagements = problem.tables["engagements"]
    outside = engagements[(problem.company_idx(engagements["company_id"]) < 0) & ~is_over(problem)]
    director = problem.director_idx(outside["director_id"])
    _refuse_unknown(outside["director_id"].to_numpy(object)[director < 0])
    hours = outside["hours_per_month"].fillna(0.0).to_numpy()
    until = days(outside, "until").astype("datetime64[M]")
    shape = (len(problem.directors), start.size)
    n_engaged, n_hours = np.zeros(shape, np.int64), np.zeros(shape)
    for month in range(start.size):
        runs = ~(until < start[month])
        n_engaged[:, month] = np.bincount(director[runs], minlength=shape[0])
        n_hours[:, month] = np.bincount(director[runs], weights=hours[runs], minlength=shape[0])
    return n_engaged, n_hours


def _refuse_unknown(director_ids: npt.NDArray[np.object_]) -> None:
    """Raise DataError for engagements of unknown directors: files are checked before, tables from Python are not."""
    issues = [
        Issue(
            "unknown_id",
            "engagements",
            column="director_id",
            value=str(one),
            params={"refers": ("directors",), "near": ()},
        )
        for one in director_ids
    ]
    if issues:
        raise DataError("data_has_faults", issues=issues, n=len(issues))


def engaged_elsewhere(problem: Problem) -> tuple[Int64, Floats]:
    """Slots and hours that running engagements outside this batch use up in its first month, (n_directors,) each.

    In no later month are there more.
    """
    months = build_months(problem)
    return months.slots_elsewhere[:, 0], months.hours_elsewhere[:, 0]


@dataclass(frozen=True)
class MonthRows:
    """One row for each group (a director) and month that matters.

    Attributes
    ----------
    group, month : (n_rows,) by group, then month
    row_idx, col_idx : (n_entries,) each pair in every row in whose month it runs
    """

    group: Int64
    month: Int64
    row_idx: Int64
    col_idx: Int64

    @property
    def n_rows(self) -> int:
        return int(self.group.size)

    @property
    def is_disjoint(self) -> bool:
        """Whether no pair is in two rows."""
        return bool(np.bincount(self.col_idx).max(initial=0) <= 1)

    @property
    def n_pairs(self) -> Int64:
        """(n_rows,) pairs in each row."""
        return np.bincount(self.row_idx, minlength=self.n_rows).astype(np.int64)

    def where(self, is_kept: Bools) -> MonthRows:
        """The rows of a mask, renumbered."""
        place = np.cumsum(is_kept) - 1
        stays = is_kept[self.row_idx]
        return MonthRows(self.group[is_kept], self.month[is_kept], place[self.row_idx[stays]], self.col_idx[stays])


def rows_by_month(
    months: Months,
    group: npt.NDArray[np.integer],
    company_idx: npt.NDArray[np.integer],
    *,
    n_groups: int,
    elsewhere: npt.NDArray[np.int64] | Floats | None = None,
    every: tuple[Int64, Int64] | None = None,
) -> MonthRows:
    """The months that matter of each group: the sets of pairs that run together and are in no larger such set.

    Parameters
    ----------
    group : (n_pairs,) the group of each pair; company_idx : (n_pairs,)
    elsewhere : (n_groups, n_months) what is used up outside the batch, never rising from month to month; None = nothing
    every : groups and companies of all pairs, where the rows are those of more pairs than are there

    Notes
    -----
    Periods are intervals: a set that lies in that of any later (earlier) month lies in that of the next (previous)
    month too. So a month matters where a pair starts in it, and where a pair ends before the next month, or no pair
    starts there, or less is used up elsewhere from then on. O(n_pairs · n_months).
    """
    if months.n_months == 1:
        is_group = np.bincount(group if every is None else every[0], minlength=n_groups) > 0
        row_of = (np.cumsum(is_group) - 1)[group]
        groups = np.flatnonzero(is_group)
        return MonthRows(groups, np.zeros_like(groups), row_of, np.arange(group.size))
    first, last = months.first[company_idx], months.last[company_idx]
    shape = (n_groups, months.n_months)
    starts, ends = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    all_groups, all_companies = (group, company_idx) if every is None else every
    starts[all_groups, months.first[all_companies]] = True
    ends[all_groups, months.last[all_companies]] = True
    is_kept = starts.copy()
    grows = starts[:, 1:] & ~ends[:, :-1]
    if elsewhere is not None:
        grows &= elsewhere[:, 1:] == elsewhere[:, :-1]
    is_kept[:, :-1] &= ~grows
    row_of = (np.cumsum(is_kept.ravel()) - 1).reshape(shape)
    of_group, kept_months = np.nonzero(is_kept)
    rows, cols = [], []
    for month in range(months.n_months):
        runs = np.flatnonzero((first <= month) & (last >= month) & is_kept[group, month])
        rows.append(row_of[group[runs], month])
        cols.append(runs)
    return MonthRows(
        of_group.astype(np.int64), kept_months.astype(np.int64), np.concatenate(rows), np.concatenate(cols)
    )
