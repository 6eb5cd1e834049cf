"""Every blank of the tables that a rule or a criterion reads, the values it could take, and the tables with it filled.

Where a blank may take a value out of a whole range, what is tried is enough to tell whether it can change a plan:

- ratings and grades (1–5, 0–5), years: every whole step. One blank moves the points of its pairs by a monotone function
  of the value; floors (`min_by_criterion`, `min_score_points`, `min_readiness`) switch at one value each.
- owner_years: monotone above 0, and 0 says that there is no business, which lifts a conflict of interest.
- employees: only whether two sizes are alike counts, and that changes at whole numbers that the other side gives.
- choices: each. A director's style, a company's wanted style, industries, the prefecture of a director's own business.
- hours, days, distance, fee, budget, availability of a director: a blank limits nothing, a value only ever takes plans
  away, the more the further it goes; so a plan that holds at the harshest value holds at every one, and else the change
  comes at one value.
- a company's days on site limit, and count in nearness; its start says when it runs: every stretch is tried.
- a company's municipality: every one of its prefecture, as its office decides who is near and who is in reach.

Cells of directors and of companies, and what directors said nothing of. Needs, skills, people, ties, wishes and running
engagements have no blanks here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
import pandas as pd

from matcher.domain import geography
from matcher.domain.policy import CriterionName, statuses_in_service
from matcher.domain.problem import NO_PREFECTURE, Problem
from matcher.domain.values import CHOICES
from matcher.explain.blank_values import (
    Scale,
    Span,
    Value,
    days_available_from,
    days_available_until,
    days_of_start,
    days_on_site,
    listed,
    sizes,
    stepped,
    towns_of,
    years_of_experience,
    years_of_owning,
)
from matcher.pairing.sides import READINESS_RATINGS

Subject = Literal["director", "company"]
Effect = Literal["scored", "limits", "dated", "tried"]

Harsh = Literal["low", "high"]
LIMITS: Final[dict[tuple[str, str], Harsh]] = {
    ("directors", "hours_per_month"): "low",
    ("directors", "on_site_days_per_month"): "low",
    ("directors", "max_distance_km"): "low",
    ("directors", "fee_jpy_per_month"): "high",
    ("companies", "hours_per_month"): "high",
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
        "municipality_code": "nearness",
        **dict.fromkeys(READINESS_RATINGS, "readiness"),
    }
)
"""Fields that one criterion reads and no rule, but for floors and, of a municipality, the reach."""

_NO_SCALE = Scale((), (), frozenset())


@dataclass(frozen=True)
class Blank:
    """One missing cell, or one missing row of what a director knows or has achieved.

    Attributes
    ----------
    table, field : where it is missing; idx : of the director or the company it speaks of
    key : of a missing row: the prefecture's code, or the goal
    effect : ``scored``: a value moves points, or switches pairs in or out; ``limits``, ``dated``: it only takes plans
        away, at one whole number, or at some days; ``tried``: it may do anything
    scale : what is tried; empty where it limits by a number
    """

    table: str
    field: str
    idx: int
    effect: Effect
    scale: Scale = dataclass_field(default=_NO_SCALE, compare=False, repr=False)
    key: int | str | None = None

    @property
    def values(self) -> tuple[Value, ...]:
        return self.scale.values

    @property
    def subject(self) -> Subject:
        return "company" if self.table == "companies" else "director"

    @property
    def is_narrowing(self) -> bool:
        """Whether a value only ever takes plans away, and points from none but the subject's own pairs."""
        return self.effect in ("limits", "dated") or self.field == "on_site_days_per_month"

    def spans(self, values: Sequence[Value]) -> tuple[Span, ...]:
        """The stretches that some of its values stand for; those that follow one another as one."""
        if self.effect == "limits":
            is_low = LIMITS[self.table, self.field] == "low"
            return tuple((0.0, value) if is_low else (value, None) for value in values)
        places = sorted(self.values.index(value) for value in values)
        out: list[Span] = []
        for at, place in enumerate(places):
            first, last = self.scale.spans[place]
            if at and self.scale.is_ordered and places[at - 1] == place - 1:
                out[-1] = (out[-1][0], last)
            else:
                out.append((first, last))
        return tuple(out)


def blanks_of(problem: Problem) -> tuple[Blank, ...]:
    """Every blank, by table, field, then subject. Directors who are not in service have none."""
    return tuple(_of_columns(problem)) + tuple(_of_rows(problem))


def _of_columns(problem: Problem) -> Iterator[Blank]:
    for table, field, scale in _scored_columns(problem):
        for idx in _missing(problem, table, field):
            yield Blank(table, field, int(idx), "scored", scale)
    towns = {code: towns_of(code) for code in set(problem.companies["prefecture"].tolist())}
    for idx in _missing(problem, "companies", "municipality_code"):
        scale = towns[problem.companies["prefecture"].iloc[idx]]
        yield Blank("companies", "municipality_code", int(idx), "scored", scale)
    for table, field in LIMITS:
        for idx in _missing(problem, table, field):
            yield Blank(table, field, int(idx), "limits")
    for idx in _missing(problem, "directors", "available_from"):
        yield Blank("directors", "available_from", int(idx), "dated", days_available_from(problem, int(idx)))
    for idx in _missing(problem, "directors", "available_until"):
        yield Blank("directors", "available_until", int(idx), "dated", days_available_until(problem, int(idx)))
    for idx in _missing(problem, "companies", "start"):
        yield Blank("companies", "start", int(idx), "tried", days_of_start(problem, int(idx)))
    full = problem.policy.constants.on_site_days_for_full
    wanted = days_on_site(problem.directors["on_site_days_per_month"], full)
    for idx in _missing(problem, "companies", "on_site_days_per_month"):
        yield Blank("companies", "on_site_days_per_month", int(idx), "tried", wanted)


def _scored_columns(problem: Problem) -> Iterator[tuple[str, str, Scale]]:
    constants = problem.policy.constants
    yield "directors", "hands_on_rating", stepped("directors", "hands_on_rating")
    yield "directors", "experience_years", years_of_experience(constants.experience_years_for_full)
    yield "directors", "owner_years", years_of_owning()
    yield "directors", "style", listed(tuple(CHOICES["style"]))
    yield "directors", "own_employees", sizes(problem.companies["employees"], constants.similar_size_factor)
    yield "directors", "own_industry", _letters()
    yield "directors", "own_prefecture", listed(tuple(map(float, range(1, geography.N_PREFECTURES + 1))))
    for name in READINESS_RATINGS:
        yield "companies", name, stepped("companies", name)
    yield "companies", "wanted_style", listed(tuple(CHOICES["wanted_style"]))
    yield "companies", "employees", sizes(problem.directors["own_employees"], constants.similar_size_factor)
    yield "companies", "industry", _letters()
    yield "companies", "kind", listed(tuple(CHOICES["kind"]))


def _of_rows(problem: Problem) -> Iterator[Blank]:
    """What directors said nothing of: the companies' prefectures, and the companies' goals."""
    served = _in_service(problem)
    for table, field, name in (("director_regions", "knowledge", "prefecture"), ("director_results", "rating", "goal")):
        rows = problem.tables[table]
        known = set(zip(problem.director_idx(rows["director_id"]).tolist(), rows[name].tolist(), strict=True))
        for key in sorted(set(problem.companies[name].tolist())):
            for idx in np.flatnonzero(served).tolist():
                if (idx, key) not in known:
                    yield Blank(table, field, idx, "scored", stepped(table, field), key)


def _missing(problem: Problem, table: str, field: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    column = problem.tables[table][field]
    is_missing = (column == NO_PREFECTURE).to_numpy() if field == "own_prefecture" else column.isna().to_numpy()
    return np.flatnonzero(is_missing & _in_service(problem) if table == "directors" else is_missing)


def _in_service(problem: Problem) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isin(problem.directors["status"].to_numpy(object), statuses_in_service(problem.policy))


def _letters() -> Scale:
    from matcher.domain.industries import INDUSTRIES

    return listed(tuple(INDUSTRIES))


def filled(problem: Problem, blanks: Sequence[Blank], value: Value) -> Problem:
    """The problem with some blanks of one table and field filled with one value."""
    table, field = blanks[0].table, blanks[0].field
    frame = problem.tables[table].copy(deep=False)
    if blanks[0].key is None:
        cells = frame[field].copy()
        cells.iloc[[blank.idx for blank in blanks]] = _cell(field, value)
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


def _cell(field: str, value: Value) -> pd.Timestamp | Value:
    if isinstance(value, dt.date):
        return pd.Timestamp(value)
    return int(value) if field == "own_prefecture" else value
