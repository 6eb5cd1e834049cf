"""What each director and each company says alone, as numbers: NaN, NaT and −1 stand for missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain import geography, values
from matcher.domain.industries import INDUSTRIES
from matcher.domain.policy import statuses_in_service
from matcher.domain.problem import Problem, from_tables

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
Array = npt.NDArray[Any]
"""Any: a column of whatever dtype it has."""

GOALS = tuple(values.CHOICES["goal"])
STYLES = tuple(values.CHOICES["style"])
READINESS_RATINGS = ("commitment", "investment", "uniqueness", "openness")

_LETTERS = tuple(INDUSTRIES)


@dataclass(frozen=True)
class DirectorColumns:
    """(n_directors,) columns under the names of their table; `own_prefecture` falls back on `prefecture`.

    `is_owner` means a business of their own: some years of owning one, or an own industry without any years given.
    """

    prefecture: Ints
    is_in_service: Bools
    hours_per_month: Floats
    on_site_days_per_month: Floats
    max_distance_km: Floats
    available_from: Days
    available_until: Days
    fee_jpy_per_month: Floats
    experience_years: Floats
    style: Ints
    hands_on_rating: Floats
    owner_years: Floats
    is_owner: Bools
    own_industry: Ints
    own_prefecture: Ints
    own_employees: Floats


@dataclass(frozen=True)
class CompanyColumns:
    """(n_companies,) columns under the names of their table; `latitude` and `longitude` of the office, in degrees.

    `start` … `last_day` is the period of work, both inclusive; `ratings` is (n_companies, 4).
    """

    prefecture: Ints
    latitude: Floats
    longitude: Floats
    industry: Ints
    employees: Floats
    is_exempt: Bools
    goal: Ints
    hours_per_month: Floats
    on_site_days_per_month: Floats
    start: Days
    last_day: Days
    budget_jpy_per_month: Floats
    ratings: Floats
    wanted_style: Ints
    priority: Floats


@from_tables("directors", under=lambda policy: policy.roster)
def director_columns(problem: Problem) -> DirectorColumns:
    """The directors' columns under the policy's roster."""
    table = problem.directors
    prefecture = table["prefecture"].to_numpy(np.int64)
    own_prefecture = table["own_prefecture"].to_numpy(np.int64)
    own_industry = codes(table["own_industry"], _LETTERS)
    owner_years = numbers(table, "owner_years")
    return DirectorColumns(
        prefecture=prefecture,
        is_in_service=np.isin(table["status"].to_numpy(object), statuses_in_service(problem.policy)),
        hours_per_month=numbers(table, "hours_per_month"),
        on_site_days_per_month=numbers(table, "on_site_days_per_month"),
        max_distance_km=numbers(table, "max_distance_km"),
        available_from=days(table, "available_from"),
        available_until=days(table, "available_until"),
        fee_jpy_per_month=numbers(table, "fee_jpy_per_month"),
        experience_years=numbers(table, "experience_years"),
        style=codes(table["style"], STYLES),
        hands_on_rating=numbers(table, "hands_on_rating"),
        owner_years=owner_years,
        is_owner=(owner_years > 0) | (np.isnan(owner_years) & (own_industry >= 0)),
        own_industry=own_industry,
        own_prefecture=np.where(own_prefecture > 0, own_prefecture, prefecture),
        own_employees=numbers(table, "own_employees"),
    )


@from_tables("companies", under=lambda policy: policy.conflict_of_interest)
def company_columns(problem: Problem) -> CompanyColumns:
    """The companies' columns; who is exempt from conflicts of interest depends on the policy."""
    table = problem.companies
    rule = problem.policy.conflict_of_interest
    prefecture = table["prefecture"].to_numpy(np.int64)
    codes_given = [code if isinstance(code, str) else None for code in table["municipality_code"].to_numpy(object)]
    latitude, longitude = geography.municipality_office(codes_given, prefecture)
    start = days(table, "start")
    exempt_letters = tuple(letter for letter in _LETTERS if letter in rule.exempt_industries)
    return CompanyColumns(
        prefecture=prefecture,
        latitude=latitude,
        longitude=longitude,
        industry=codes(table["industry"], _LETTERS),
        employees=numbers(table, "employees"),
        is_exempt=(codes(table["kind"], rule.exempt_kinds) >= 0) | (codes(table["industry"], exempt_letters) >= 0),
        goal=codes(table["goal"], GOALS),
        hours_per_month=numbers(table, "hours_per_month"),
        on_site_days_per_month=numbers(table, "on_site_days_per_month"),
        start=start,
        last_day=last_day_of_work(start, table["months"].to_numpy(np.int64)),
        budget_jpy_per_month=numbers(table, "budget_jpy_per_month"),
        ratings=np.stack([numbers(table, name) for name in READINESS_RATINGS], axis=1),
        wanted_style=codes(table["wanted_style"], STYLES),
        priority=numbers(table, "priority"),
    )


def last_day_of_work(start: Days, months: Ints) -> Days:
    """The last day, inclusive, of a period of calendar months.

    The period ends on the day before the one that corresponds to its start; where the last month has no such day, on
    the last day of that month: 31 January and one month end on 28 (29) February.

    Parameters
    ----------
    start : (n,) datetime64[D], NaT = not known
    months : (n,) int

    Returns
    -------
    (n,) datetime64[D], NaT where `start` is

    Notes
    -----
    Source: Civil Code of Japan, article 143 (2).
    """
    month = start.astype("datetime64[M]")
    into_month = (start - month.astype("datetime64[D]")).astype("timedelta64[D]")
    final = month + months.astype("timedelta64[M]")
    first_of_final = final.astype("datetime64[D]")
    first_of_next = (final + np.timedelta64(1, "M")).astype("datetime64[D]")
    corresponding = first_of_final + into_month
    last: Days = np.minimum(corresponding, first_of_next) - np.timedelta64(1, "D")
    return last


def codes(column: pd.Series, known: tuple[str, ...]) -> Ints:
    """(n,) position of each text in `known`, −1 where it is missing."""
    return pd.Index(known, dtype=object).get_indexer(pd.Index(column.to_numpy(object), dtype=object)).astype(np.int64)


def numbers(table: pd.DataFrame, name: str) -> Floats:
    """(n,) a column of numbers, NaN = missing."""
    return table[name].to_numpy(np.float64)


def days(table: pd.DataFrame, name: str) -> Days:
    """(n,) a column of days, NaT = missing."""
    found: Days = table[name].to_numpy("datetime64[s]").astype("datetime64[D]")
    return found


def skill_codes(column: pd.Series, keys: tuple[str, ...]) -> Ints:
    """(n,) position of each skill in `keys` by its match key, −1 where it is not among them."""
    where, names = pd.factorize(column)
    known = pd.Index(keys, dtype=object)
    by_name = known.get_indexer(pd.Index([values.match_key(str(name)) for name in names], dtype=object))
    return by_name.astype(np.int64)[where] if len(names) else np.empty(0, dtype=np.int64)
