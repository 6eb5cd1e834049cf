"""Every blank of the tables that a rule or a criterion reads, the values it could take, and the tables with it filled.

Where a blank may take a number out of a whole range, what is tried is enough to tell whether it can change a plan:

- ratings and grades (1–5, 0–5): every whole step. One blank moves the points of its pairs by a monotone function of the
  value, the same up to the company's priority, so the difference of two plans is monotone too, and the ends of the
  scale are the extremes; floors (`min_by_criterion`, `min_score_points`, `min_readiness`) switch at one value each.
- experience_years: monotone, and full from `experience_years_for_full` on. owner_years: monotone above 0, and 0 says
  that there is no business, which lifts a conflict of interest. employees: only whether two sizes are alike counts,
  and that changes at the other side's size × and ÷ `similar_size_factor` only.
- choices: each. A director's style, a company's wanted style, industries.
- hours, days, distance, fee, budget: a blank limits nothing, a value only ever takes plans away, the more the further
  it goes; so a plan that holds at the harshest value holds at every one, and else the change comes at one value.
- dates are not tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
import pandas as pd

from matcher.domain import geography
from matcher.domain.policy import CriterionName, statuses_in_service
from matcher.domain.problem import Problem
from matcher.domain.tables import column_of
from matcher.domain.values import CHOICES
from matcher.pairing.sides import READINESS_RATINGS, days, last_day_of_work

Subject = Literal["director", "company"]
Effect = Literal["scored", "limits", "date"]
Value = float | str

Harsh = Literal["low", "high"]
LIMITS: Final[dict[tuple[str, str], Harsh]] = {
    ("directors", "hours_per_month"): "low",
    ("directors", "on_site_days_per_month"): "low",
    ("directors", "max_distance_km"): "low",
    ("directors", "fee_jpy_per_month"): "high",
    ("companies", "hours_per_month"): "high",
    ("companies", "on_site_days_per_month"): "high",
    ("companies", "budget_jpy_per_month"): "low",
}
"""What only limits, and which end of its range takes the most plans away."""

CRITERION_OF: Final[Mapping[str, CriterionName]] = MappingProxyType(
    {
        "hands_on_rating": "hands_on",
        "experience_years": "experience",
        "style": "style_fit",
        "wanted_style": "style_fit",
        "own_employees": "own_business",
        "employees": "own_business",
        "knowledge": "local_culture",
        "rating": "goal_fit",
        **dict.fromkeys(READINESS_RATINGS, "readiness"),
    }
)
"""Fields that one criterion reads and, its floors and the points' aside, no rule."""

_DATES = (("directors", "available_from"), ("directors", "available_until"), ("companies", "start"))
_OWNER_YEARS = (0.0, 0.001, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0, 100.0)


@dataclass(frozen=True)
class Blank:
    """One missing cell, or one missing row of what a director knows or has achieved.

    Attributes
    ----------
    table, field : where it is missing; idx : of the director or the company it speaks of
    key : of a missing row: the prefecture's code, or the goal
    effect : ``scored``: a value moves points, or switches pairs in or out; ``limits``: it only takes plans away;
        ``date``
    values : what is tried of a ``scored`` one, ascending or as the choices stand
    """

    table: str
    field: str
    idx: int
    effect: Effect
    values: tuple[Value, ...] = ()
    key: int | str | None = None

    @property
    def subject(self) -> Subject:
        return "company" if self.table == "companies" else "director"


def blanks_of(problem: Problem) -> tuple[Blank, ...]:
    """Every blank, by table, field, then subject. Directors who are not in service have none."""
    return tuple(_of_columns(problem)) + tuple(_of_rows(problem))


def _of_columns(problem: Problem) -> Iterator[Blank]:
    for table, field, values in _scored_columns(problem):
        for idx in _missing(problem, table, field):
            yield Blank(table, field, int(idx), "scored", values)
    for table, field in LIMITS:
        for idx in _missing(problem, table, field):
            yield Blank(table, field, int(idx), "limits")
    for table, field in _DATES:
        for idx in _missing(problem, table, field):
            yield Blank(table, field, int(idx), "date")


def _scored_columns(problem: Problem) -> Iterator[tuple[str, str, tuple[Value, ...]]]:
    constants = problem.policy.constants
    years = constants.experience_years_for_full
    yield "directors", "hands_on_rating", _steps("directors", "hands_on_rating")
    yield "directors", "experience_years", (*np.arange(0.0, years, 1.0).tolist(), float(years))
    yield "directors", "owner_years", _OWNER_YEARS
    yield "directors", "style", tuple(CHOICES["style"])
    yield "directors", "own_employees", _sizes(problem.companies["employees"], constants.similar_size_factor)
    yield "directors", "own_industry", _letters()
    for name in READINESS_RATINGS:
        yield "companies", name, _steps("companies", name)
    yield "companies", "wanted_style", tuple(CHOICES["wanted_style"])
    yield "companies", "employees", _sizes(problem.directors["own_employees"], constants.similar_size_factor)
    yield "companies", "industry", _letters()
    yield "companies", "kind", tuple(CHOICES["kind"])


def _of_rows(problem: Problem) -> Iterator[Blank]:
    """What directors said nothing of: the companies' prefectures, and the companies' goals."""
    served = _in_service(problem)
    for table, field, name in (("director_regions", "knowledge", "prefecture"), ("director_results", "rating", "goal")):
        rows = problem.tables[table]
        known = set(zip(problem.director_idx(rows["director_id"]).tolist(), rows[name].tolist(), strict=True))
        for key in sorted(set(problem.companies[name].tolist())):
            for idx in np.flatnonzero(served).tolist():
                if (idx, key) not in known:
                    yield Blank(table, field, idx, "scored", _steps(table, field), key)


def _missing(problem: Problem, table: str, field: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    is_missing = problem.tables[table][field].isna().to_numpy()
    return np.flatnonzero(is_missing & _in_service(problem) if table == "directors" else is_missing)


def _in_service(problem: Problem) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isin(problem.directors["status"].to_numpy(object), statuses_in_service(problem.policy))


def _steps(table: str, field: str) -> tuple[Value, ...]:
    column = column_of(table, field)
    assert column.low is not None and column.high is not None
    return tuple(float(step) for step in range(int(column.low), int(column.high) + 1))


def _sizes(other: pd.Series, factor: float) -> tuple[Value, ...]:
    """One size in every stretch between those at which another side starts or stops to be alike, and those."""
    known = np.unique(other.dropna().to_numpy(np.float64))
    ends = np.unique(np.concatenate((known / factor, known * factor, [0.0])))
    between = (ends[1:] + ends[:-1]) / 2
    last = [float(ends[-1]) + 1.0]
    return tuple(np.unique(np.concatenate((ends, between, last))).tolist())


def _letters() -> tuple[Value, ...]:
    from matcher.domain.industries import INDUSTRIES

    return tuple(INDUSTRIES)


def has_steps(blank: Blank) -> bool:
    """Whether the points of every pair only rise, or only fall, from one value to the next."""
    return blank.field in ("hands_on_rating", "experience_years", "knowledge", "rating", *READINESS_RATINGS)


def filled(problem: Problem, blanks: Sequence[Blank], value: Value) -> Problem:
    """The problem with some blanks of one table and field filled with one value."""
    table, field = blanks[0].table, blanks[0].field
    frame = problem.tables[table].copy()
    if blanks[0].key is None:
        cells = frame[field].copy()
        cells.iloc[[blank.idx for blank in blanks]] = value
        frame[field] = cells
    else:
        name = "prefecture" if table == "director_regions" else "goal"
        rows = [
            {
                **dict.fromkeys(frame.columns),
                "director_id": problem.director_ids[blank.idx],
                name: blank.key,
                field: value,
            }
            for blank in blanks
        ]
        added = pd.DataFrame(rows, columns=frame.columns).astype(frame.dtypes.to_dict())
        frame = pd.concat([frame, added], ignore_index=True).sort_values(["director_id", name], ignore_index=True)
    return replace(problem, tables=MappingProxyType({**problem.tables, table: frame}))


def most_matches(problem: Problem, blank: Blank) -> int:
    """How many matches of one plan a blank can move at most: a company has one director, a director so many slots."""
    if blank.subject == "company":
        return 1
    most = len(problem.companies)
    if problem.policy.limits.max_companies is not None:
        most = min(most, problem.policy.limits.max_companies)
    # Slots are counted by the month: only companies that all run on one day share none.
    start = days(problem.companies, "start")
    last = last_day_of_work(start, problem.companies["months"].to_numpy(np.int64))[~np.isnat(start)]
    start = start[~np.isnat(start)]
    is_together = not start.size or bool(start.max() <= last.min())
    return min(most, int(problem.directors["max_companies"].iloc[blank.idx])) if is_together else most


def reached(problem: Problem, blank: Blank) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(n_companies,) whether a blank's own criterion may score a company otherwise.

    Notes
    -----
    What a director knows of a prefecture tells of its neighbours and its region too.
    """
    if blank.subject == "company":
        return np.asarray(np.arange(len(problem.companies)) == blank.idx, np.bool_)
    if blank.table != "director_regions":
        return np.ones(len(problem.companies), np.bool_)
    area = geography.neighbour_matrix() | geography.same_region_matrix()
    prefecture = problem.companies["prefecture"].to_numpy(np.int64)
    return np.asarray(area[int(blank.key or 0)][prefecture] | (prefecture == blank.key), np.bool_)
