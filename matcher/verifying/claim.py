"""`Claim`: a plan's document laid beside the data it speaks of, looked up once for all checks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from matcher.domain.problem import Problem
from matcher.pairing.candidates import Candidates
from matcher.plan.document import Assignment, PlanDocument

Row = dict[str, Any]
"""Any: a cell is a text, a number, a date, or None where it is missing."""


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """The rows of a table as plain values."""
    columns = [
        [
            None if is_missing else value
            for value, is_missing in zip(frame[name].tolist(), frame[name].isna(), strict=True)
        ]
        for name in frame.columns
    ]
    return [dict(zip(frame.columns, values, strict=True)) for values in zip(*columns, strict=True)]


@dataclass(frozen=True)
class Claim:
    """A document, the problem under the document's own policy, and the candidates scored again."""

    document: PlanDocument
    problem: Problem
    candidates: Candidates

    @property
    def has_plan(self) -> bool:
        return self.document.status in ("optimal", "feasible")

    @cached_property
    def directors(self) -> dict[str, Row]:
        """Every director's row by id, in id order."""
        return {row["id"]: row for row in rows_of(self.problem.directors)}

    @cached_property
    def companies(self) -> dict[str, Row]:
        """Every company's row by id, in id order."""
        return {row["id"]: row for row in rows_of(self.problem.companies)}

    @cached_property
    def matches(self) -> tuple[Assignment, ...]:
        """The matches whose director and company exist."""
        return tuple(
            match
            for match in self.document.assignments
            if match.director_id in self.directors and match.company_id in self.companies
        )

    @cached_property
    def pair_idx(self) -> tuple[int, ...]:
        """The place of each of `matches` among the candidates; −1 where it is none."""
        n_companies = len(self.companies)
        director = self.problem.director_idx([match.director_id for match in self.matches])
        company = self.problem.company_idx([match.company_id for match in self.matches])
        keys = self.candidates.director_idx.astype(np.int64) * n_companies + self.candidates.company_idx
        wanted = director * n_companies + company
        at = np.searchsorted(keys, wanted)
        is_found = (at < keys.size) & (keys[np.minimum(at, keys.size - 1)] == wanted) if keys.size else at < 0
        return tuple(np.where(is_found, at, -1).tolist())

    @cached_property
    def chosen(self) -> tuple[int, ...]:
        """The candidate pairs in the plan."""
        return tuple(pair for pair in self.pair_idx if pair >= 0)

    @cached_property
    def n_companies_of(self) -> Counter[str]:
        """Director → matches in this plan."""
        return Counter(match.director_id for match in self.matches)

    @cached_property
    def running(self) -> tuple[Row, ...]:
        """The engagements that still run when the work that they would stand in the way of begins.

        That is their company's start, or, where it has none or is not in the batch, the earliest start of the batch.
        """
        starts = [row["start"] for row in self.companies.values() if row["start"] is not None]
        earliest = min(starts, default=None)
        found = []
        for row in rows_of(self.problem.tables["engagements"]):
            begins = self.companies.get(row["company_id"], {}).get("start") or earliest
            if row["until"] is None or begins is None or row["until"] >= begins:
                found.append(row)
        return tuple(found)

    @cached_property
    def months(self) -> tuple[int, ...]:
        """The calendar months in which a company starts, as 12 · year + month; one where none has a start.

        Between two of them work only ends, here and elsewhere: no other month is fuller than the one before it.
        """
        return tuple(sorted({months[0] for months in self._months_of.values() if months})) or (0,)

    @cached_property
    def _months_of(self) -> dict[str, range]:
        return {key: _months_of_work(row) for key, row in self.companies.items()}

    def months_of(self, company_id: str) -> tuple[int, ...]:
        """Those of `months` that a company's work touches; without a start all of them."""
        months = self._months_of[company_id]
        return tuple(month for month in self.months if month in months) if months else self.months

    @cached_property
    def n_used(self) -> Counter[tuple[str, int]]:
        """(Director, month) → slots used by the matches; hours, on-site days and yen a month likewise below."""
        return Counter({key: len(matches) for key, matches in self.running_in.items()})

    @cached_property
    def running_in(self) -> dict[tuple[str, int], list[Assignment]]:
        """(Director, month) → the matches that run in it."""
        found: dict[tuple[str, int], list[Assignment]] = {}
        for match in self.matches:
            for month in self.months_of(match.company_id):
                found.setdefault((match.director_id, month), []).append(match)
        return found

    @cached_property
    def hours_used(self) -> dict[tuple[str, int], float]:
        return {
            key: sum(self.hours_of(match.director_id, match.company_id) for match in matches)
            for key, matches in self.running_in.items()
        }

    @cached_property
    def days_used(self) -> dict[tuple[str, int], float]:
        return {
            key: sum(self.days_of(match.company_id) for match in matches) for key, matches in self.running_in.items()
        }

    def fees_in(self, month: int) -> list[float]:
        """The known fees due in a month, one a match."""
        fees = [self.directors[director]["fee_jpy_per_month"] for director, at in self.running_in if at == month]
        counts = [len(matches) for (_, at), matches in self.running_in.items() if at == month]
        return [float(fee) for fee, n in zip(fees, counts, strict=True) if fee is not None for _ in range(n)]

    def elsewhere_in(self, month: int) -> Counter[str]:
        """Director → running engagements outside the batch that have not ended before a month."""
        return Counter(row["director_id"] for row in self._outside_in(month))

    def hours_elsewhere_in(self, month: int) -> dict[str, float]:
        """Director → their hours a month; hours not stated use none."""
        hours: dict[str, float] = dict.fromkeys(self.directors, 0.0)
        for row in self._outside_in(month):
            hours[row["director_id"]] += float(row["hours_per_month"] or 0.0)
        return hours

    def _outside_in(self, month: int) -> list[Row]:
        return [
            row
            for row in self.running
            if row["company_id"] not in self.companies
            and (row["until"] is None or 12 * row["until"].year + row["until"].month >= month)
        ]

    @cached_property
    def n_elsewhere(self) -> Counter[str]:
        """Director → slots that running engagements outside the batch use up."""
        return Counter(row["director_id"] for row in self.running if row["company_id"] not in self.companies)

    @cached_property
    def _hours_of_running(self) -> dict[tuple[str, str], float]:
        return {
            (row["director_id"], row["company_id"]): float(row["hours_per_month"])
            for row in self.running
            if row["hours_per_month"] is not None
        }

    @cached_property
    def _hours_of_pairs(self) -> dict[tuple[str, str], float]:
        rows = rows_of(self.problem.tables["pair_hours"])
        return {(row["director_id"], row["company_id"]): float(row["hours_per_month"]) for row in rows}

    def days_of(self, company_id: str) -> float:
        """On-site days a month of a company, 0 where nobody said."""
        return float(self.companies[company_id]["on_site_days_per_month"] or 0.0)

    def hours_of(self, director_id: str, company_id: str) -> float:
        """Hours a month of a pair: the running engagement's, else the pair's, else the company's, else 0."""
        own = self._hours_of_running.get((director_id, company_id))
        own = self._hours_of_pairs.get((director_id, company_id)) if own is None else own
        if own is not None:
            return own
        hours = self.companies[company_id]["hours_per_month"]
        return 0.0 if hours is None else float(hours)


def _months_of_work(company: Row) -> range:
    """The calendar months from a company's first day to its last, empty without a start."""
    begins = company["start"]
    if begins is None:
        return range(0)
    first = 12 * begins.year + begins.month
    # Work that begins within a month ends within one: 15 April and one month is 14 May.
    return range(first, first + int(company["months"]) + (begins.day > 1))
