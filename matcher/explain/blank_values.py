"""The values a blank could take, cut into stretches inside which nothing that is matched by can change.

Numbers of people and years are whole. A stretch of dates is cut wherever somebody becomes available or stops to be, an
engagement or a row that forbids ends, or a company runs in another calendar month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain import geography
from matcher.domain.problem import Problem
from matcher.domain.tables import column_of
from matcher.pairing.sides import days, last_day_of_work

Value = float | str | dt.date
Days = npt.NDArray[np.datetime64]
Span = tuple[Value | None, Value | None]
"""The first and the last value of a stretch, both inclusive; None = open."""

_MOST_YEARS = 100
_MOST_DAYS = 31
_FOREVER_YEARS = 1e6
_DAY = np.timedelta64(1, "D")
_MONTH = np.timedelta64(1, "M")


@dataclass(frozen=True)
class Scale:
    """Stretches in order: one value of each that stands for all, and their spans.

    `probes` are the values at which the points of every pair are at their highest and lowest: the others lie between.
    Values without an order are never told as a run.
    """

    values: tuple[Value, ...]
    spans: tuple[Span, ...]
    probes: frozenset[Value]
    is_ordered: bool = True

    def __len__(self) -> int:
        return len(self.values)


def listed(values: Sequence[Value]) -> Scale:
    """Values without an order, each by itself."""
    return Scale(tuple(values), tuple((value, value) for value in values), frozenset(values), is_ordered=False)


@cache
def towns_of(prefecture: int) -> Scale:
    """Every municipality of a prefecture, by its code."""
    return listed(tuple(code for code in geography.municipality_codes() if int(code[:2]) == prefecture))


def stepped(table: str, field: str) -> Scale:
    """Every whole step of a scale; each raises the points of every pair, or none does."""
    column = column_of(table, field)
    assert column.low is not None and column.high is not None
    values = [float(step) for step in range(int(column.low), int(column.high) + 1)]
    return Scale(tuple(values), tuple((value, value) for value in values), frozenset((values[0], values[-1])))


def years_of_experience(full: float) -> Scale:
    """Whole years, and so many that no more would tell."""
    last = float(np.ceil(full))
    values = np.arange(0.0, min(last, _MOST_YEARS + 1.0)).tolist()
    spans: tuple[Span, ...] = (*((one, one) for one in values), (values[-1] + 1, None))
    return Scale((*values, last), spans, frozenset((values[0], last)))


def years_of_owning() -> Scale:
    """Whole years up to 100, and so many that no more would tell; 0 says that there is no business."""
    values = (*map(float, range(_MOST_YEARS + 1)), _FOREVER_YEARS)
    spans: tuple[Span, ...] = (*((one, one) for one in values[:-1]), (float(_MOST_YEARS + 1), None))
    return Scale(values, spans, frozenset((0.0, 1.0, _FOREVER_YEARS)))


def sizes(other: pd.Series, factor: float) -> Scale:
    """Whole numbers of people, cut where one of the other side's sizes starts or stops to be alike."""
    known = np.unique(other.dropna().to_numpy(np.float64))
    least = np.ceil(known / factor)
    # As the criterion compares them: a division may be off by the last bit.
    least -= factor * (least - 1) >= known
    least += factor * least < known
    return _whole(np.concatenate((least, np.floor(known * factor) + 1)))


def days_on_site(offered: pd.Series, full: float) -> Scale:
    """Whole days a month that a company may want, 31 at most; more than anybody offers, and than count, are alike."""
    most = max(float(np.ceil(full)), float(offered.max()) if offered.notna().any() else 0.0)
    found = _whole(np.arange(0.0, np.floor(min(most, _MOST_DAYS)) + 2))
    if most <= _MOST_DAYS:
        return found
    return Scale(found.values[:-1], found.spans[:-1], frozenset(found.values[:-1]))


def _whole(starts: npt.NDArray[np.float64]) -> Scale:
    firsts = np.unique(np.concatenate(([0.0], starts[starts > 0]))).tolist()
    lasts = [*(one - 1 for one in firsts[1:]), None]
    return Scale(tuple(firsts), tuple(zip(firsts, lasts, strict=True)), frozenset(firsts))


def _dated(firsts: Days, *, least: np.datetime64 | None = None, most: np.datetime64 | None = None) -> Scale:
    """Stretches of days that begin on `firsts`, and one before; only those from `least` to `most`."""
    first = np.unique(firsts)
    if least is not None and not np.isnat(least):
        first = np.unique(np.append(first[first > least], least))
    if most is not None and not np.isnat(most):
        first = first[first <= most]
    spans: list[Span] = []
    days_in_order: list[dt.date] = first.astype("datetime64[D]").tolist()
    starts: list[dt.date | None] = [*([None] if least is None or np.isnat(least) else []), *days_in_order]
    for place, start in enumerate(starts):
        behind = starts[place + 1] if place + 1 < len(starts) else None
        end = None if behind is None else behind - dt.timedelta(days=1)
        if behind is None and most is not None and not np.isnat(most):
            end = most.astype("datetime64[D]").astype(object)
        spans.append((start, end))
    values = [_within(span) for span in spans]
    return Scale(tuple(values), tuple(spans), frozenset(values))


def _within(span: Span) -> dt.date:
    first, last = span
    if isinstance(first, dt.date):
        return first
    return last if isinstance(last, dt.date) else dt.date(2000, 1, 1)


def days_available_from(problem: Problem, director_idx: int) -> Scale:
    """When a director may become available: whoever starts before is out of reach."""
    until = days(problem.directors, "available_until")[director_idx]
    return _dated(_known(days(problem.companies, "start")) + _DAY, most=until)


def days_available_until(problem: Problem, director_idx: int) -> Scale:
    """Until when a director may be available: whoever's work ends later is out of reach."""
    start = days(problem.companies, "start")
    last = last_day_of_work(start, problem.companies["months"].to_numpy(np.int64))
    begin = days(problem.directors, "available_from")[director_idx]
    return _dated(_known(last), least=begin)


def days_of_start(problem: Problem, company_idx: int) -> Scale:
    """When a company's work may start.

    Notes
    -----
    Work that starts on the first day of a month ends with a month, any other day of it touches one month more. So the
    months it runs in change on the first and on the second of a month only, and matter only among the months in which
    others run, and where an engagement elsewhere has ended the month before. Days of the table cut wherever they are
    compared with a start or with the last day of the work.
    """
    n_months = int(problem.companies["months"].iloc[company_idx])
    others = np.delete(np.arange(len(problem.companies)), company_idx)
    start = _known(days(problem.companies, "start")[others])
    last = _known(last_day_of_work(days(problem.companies, "start"), problem.companies["months"].to_numpy())[others])
    ended = np.concatenate([_known(days(problem.tables[name], "until")) for name in ("pairs", "engagements")])
    months = [ended.astype("datetime64[M]") + _MONTH]
    if start.size:
        before = start.min().astype("datetime64[M]") - (n_months + 1) * _MONTH
        months.append(np.arange(before, last.max().astype("datetime64[M]") + 2 * _MONTH))
    first = np.concatenate(months).astype("datetime64[D]")
    begin = _known(days(problem.directors, "available_from"))
    too_late = _first_ending_after(_known(days(problem.directors, "available_until")), n_months)
    return _dated(np.concatenate((first, first + _DAY, start, begin, ended + _DAY, too_late)))


def _known(some: Days) -> Days:
    return some[~np.isnat(some)]


def _first_ending_after(until: Days, n_months: int) -> Days:
    """The first start with which work of so many months ends after each day."""
    # Ends rise with starts, and within some days of it: four days back at the most, where a month is short.
    found = (until.astype("datetime64[M]") - n_months * _MONTH).astype("datetime64[D]")
    found = found + (until - until.astype("datetime64[M]").astype("datetime64[D]")) - 4 * _DAY
    for _ in range(12):
        found = np.where(last_day_of_work(found, np.full(found.size, n_months)) > until, found, found + _DAY)
    return np.asarray(found, dtype="datetime64[D]")
