"""Every table of a data set: one row model each, and the columns read off it.

The row models are the single place where types, ranges, defaults and references stand. Readers take `columns_of`
for their vectorised checks and the models themselves for the message about a bad cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, get_args

import annotated_types
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticUndefined

from matcher.domain import values

Kind = Literal[
    "id",
    "text",
    "skill",
    "integer",
    "number",
    "flag",
    "date",
    "choice",
    "prefecture",
    "industry",
    "municipality",
    "corporate_number",
]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a field is beyond its type: `kind` says how a cell is parsed, `refers` where an id must exist.

    `unit` is one of `readings.UNITS`: what may stand behind a number.
    """

    kind: Kind
    choices: str = ""
    refers: tuple[str, ...] = ()
    unit: str = ""


NO_REPAIRS: Final = MappingProxyType({"repairs": False})
"""The validation context of values that nobody would be told of if they were read in another way than written."""


def _parsed(parse: Callable[[object], object], kind: Kind, **more: Any) -> tuple[BeforeValidator, Meaning]:
    if kind not in ("number", "integer", "date"):
        return BeforeValidator(parse), Meaning(kind, **more)

    def read(cell: object, info: ValidationInfo) -> object:
        value = parse(cell)
        if info.context is not None and info.context is NO_REPAIRS:
            values.refuse_repair(kind, cell, more.get("unit", ""))
        return value

    return BeforeValidator(read), Meaning(kind, **more)


_id, _id_means = _parsed(values.parse_id, "id")
Id = Annotated[str, _id, _id_means, Field(min_length=1)]
DirectorId = Annotated[str, _id, Meaning("id", refers=("directors",)), Field(min_length=1)]
CompanyId = Annotated[str, _id, Meaning("id", refers=("companies",)), Field(min_length=1)]
TieId = Annotated[str, _id, Meaning("id", refers=("directors", "people")), Field(min_length=1)]
SubjectId = Annotated[str, _id, Meaning("id", refers=("directors", "companies")), Field(min_length=1)]
PersonId = Annotated[str, _id, Meaning("id", refers=("people",)), Field(min_length=1)]
Text = Annotated[str, *_parsed(values.parse_text, "text")]
Skill = Annotated[str, *_parsed(values.parse_text, "skill"), Field(min_length=1)]
Integer = Annotated[int, *_parsed(values.parse_integer, "integer")]
Number = Annotated[float, *_parsed(values.parse_number, "number")]
Flag = Annotated[bool, *_parsed(values.parse_flag, "flag")]
Date = Annotated[dt.date, *_parsed(values.parse_date, "date")]
Prefecture = Annotated[int, *_parsed(values.parse_prefecture, "prefecture")]
Industry = Annotated[str, *_parsed(values.parse_industry, "industry")]
Municipality = Annotated[str, *_parsed(values.parse_municipality, "municipality")]
CorporateNumber = Annotated[str, *_parsed(values.parse_corporate_number, "corporate_number")]


def _amount(unit: str) -> tuple[BeforeValidator, Meaning, Any]:  # Any: pydantic's FieldInfo
    # The upper limits keep every later product an exact integer; no real programme comes near them.
    return *_parsed(partial(values.parse_number, unit=unit), "number", unit=unit), Field(ge=0, le=1e15)


def _whole(unit: str) -> tuple[BeforeValidator, Meaning]:
    return _parsed(partial(values.parse_integer, unit=unit), "integer", unit=unit)


Companies = Annotated[int, *_whole("companies"), Field(ge=0, le=1_000_000)]
Hours = Annotated[float, *_amount("hours")]
Days = Annotated[float, *_amount("days")]
Years = Annotated[float, *_amount("years")]
Yen = Annotated[float, *_amount("yen")]
Km = Annotated[float, *_amount("km")]
People = Annotated[float, *_amount("people")]
Months = Annotated[int, *_whole("months"), Field(ge=1, le=120)]
Rating = Annotated[Number, Field(ge=1, le=5)]
Grade = Annotated[Number, Field(ge=0, le=5)]
Level = Annotated[Integer, Field(ge=1, le=5)]


def _choice(name: str) -> tuple[BeforeValidator, Meaning]:
    return _parsed(partial(values.parse_choice, name), "choice", choices=name)


Status = Annotated[str, *_choice("status")]
Style = Annotated[str, *_choice("style")]
WantedStyle = Annotated[str, *_choice("wanted_style")]
CompanyKind = Annotated[str, *_choice("kind")]
Goal = Annotated[str, *_choice("goal")]
PairRule = Annotated[str, *_choice("rule")]
ConflictKind = Annotated[str, *_choice("conflict_kind")]
Severity = Annotated[str, *_choice("severity")]
RatedField = Annotated[str, *_choice("rated_field")]


class Row(BaseModel):
    """A row as people write it; a field that is None is missing, never 0."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class DirectorRow(Row):
    id: Id
    name: Text | None = None
    prefecture: Prefecture
    status: Status = "engaged"
    max_companies: Companies
    hours_per_month: Hours | None = None
    on_site_days_per_month: Days | None = None
    max_distance_km: Km | None = None
    available_from: Date | None = None
    available_until: Date | None = None
    fee_jpy_per_month: Yen | None = None
    experience_years: Years | None = None
    style: Style | None = None
    hands_on_rating: Rating | None = None
    owner_years: Years | None = None
    own_industry: Industry | None = None
    own_prefecture: Prefecture | None = None
    own_employees: People | None = None
    note: Text | None = None


class DirectorSkillRow(Row):
    director_id: DirectorId
    skill: Skill
    level: Level
    years: Years | None = None
    hands_on: Flag = True


class DirectorRegionRow(Row):
    director_id: DirectorId
    prefecture: Prefecture
    knowledge: Grade


class DirectorResultRow(Row):
    director_id: DirectorId
    goal: Goal
    rating: Grade
    evidence: Text | None = None


class CompanyRow(Row):
    id: Id
    name: Text | None = None
    kind: CompanyKind | None = None
    corporate_number: CorporateNumber | None = None
    prefecture: Prefecture
    municipality_code: Municipality | None = None
    industry: Industry | None = None
    employees: People | None = None
    revenue_jpy: Yen | None = None
    goal: Goal
    hours_per_month: Hours | None = None
    on_site_days_per_month: Days | None = None
    months: Months = 4
    start: Date | None = None
    budget_jpy_per_month: Yen | None = None
    commitment: Rating | None = None
    investment: Rating | None = None
    uniqueness: Rating | None = None
    openness: Rating | None = None
    wanted_style: WantedStyle | None = None
    priority: Annotated[Number, Field(gt=0, le=1000)] = 1.0
    note: Text | None = None


class CompanyNeedRow(Row):
    company_id: CompanyId
    skill: Skill
    level: Level
    weight: Annotated[Number, Field(ge=1, le=3)] = 1.0
    must: Flag = False
    hands_on: Flag = False


class PersonRow(Row):
    id: Id
    name: Text | None = None
    prefecture: Prefecture | None = None


class PersonSkillRow(Row):
    person_id: PersonId
    skill: Skill
    level: Level


class TieRow(Row):
    from_id: TieId
    to_id: TieId
    strength: Annotated[Number, Field(ge=0, le=1)] = 0.5


class PairRow(Row):
    director_id: DirectorId
    company_id: CompanyId
    rule: PairRule
    value: Annotated[Number, Field(ge=-1, le=1)] | None = None
    reason: Text | None = None
    kind: ConflictKind | None = None
    severity: Severity | None = None
    until: Date | None = None
    source: Text | None = None


class RivalRow(Row):
    company_id: CompanyId
    other_id: CompanyId


class EngagementRow(Row):
    director_id: DirectorId
    company_id: Id
    hours_per_month: Hours | None = None
    until: Date | None = None


class RatingRow(Row):
    subject_id: SubjectId
    field: RatedField
    rater: Text
    rating: Rating


class DistanceRow(Row):
    from_id: DirectorId
    to_id: CompanyId
    km: Km


class PairHoursRow(Row):
    director_id: DirectorId
    company_id: CompanyId
    hours_per_month: Hours


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, as the row model declares it.

    `low` … `high` are inclusive, `above` is an exclusive lower bound; `default` is None where a blank stays missing.
    """

    name: str
    kind: Kind
    is_required: bool
    default: Any
    low: float | None = None
    high: float | None = None
    above: float | None = None
    choices: str = ""
    refers: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its row model, the columns that make a row unique, and whether a data set must have it."""

    name: str
    row: type[Row]
    key: tuple[str, ...]
    is_required: bool = False
    is_keyed: bool = True


TABLES: Final = MappingProxyType(
    {
        table.name: table
        for table in (
            Table("directors", DirectorRow, ("id",), is_required=True),
            Table("director_skills", DirectorSkillRow, ("director_id", "skill")),
            Table("director_regions", DirectorRegionRow, ("director_id", "prefecture")),
            Table("director_results", DirectorResultRow, ("director_id", "goal")),
            Table("companies", CompanyRow, ("id",), is_required=True),
            Table("company_needs", CompanyNeedRow, ("company_id", "skill")),
            Table("people", PersonRow, ("id",)),
            Table("person_skills", PersonSkillRow, ("person_id", "skill")),
            Table("ties", TieRow, ("from_id", "to_id")),
            Table("pairs", PairRow, ("director_id", "company_id", "rule")),
            Table("rivals", RivalRow, ("company_id", "other_id")),
            Table("engagements", EngagementRow, ("director_id", "company_id")),
            Table("ratings", RatingRow, ("subject_id", "field", "rater")),
            Table("distances", DistanceRow, ("from_id", "to_id")),
            Table("pair_hours", PairHoursRow, ("director_id", "company_id")),
        )
    }
)


@cache
def columns_of(table: str) -> tuple[Column, ...]:
    """The columns of a table, in order, read off its row model."""
    return tuple(_column(name, field) for name, field in TABLES[table].row.model_fields.items())


def column_of(table: str, name: str) -> Column:
    """One column of a table."""
    return next(column for column in columns_of(table) if column.name == name)


def _column(name: str, field: Any) -> Column:
    found = list(field.metadata)
    for part in get_args(field.annotation):  # `X | None` keeps X's metadata inside the union
        found.extend(getattr(part, "__metadata__", ()))
    flat = [mark for item in found for mark in (item.metadata if hasattr(item, "metadata") else [item])]
    meaning = next(mark for mark in flat if isinstance(mark, Meaning))
    is_required = field.default is PydanticUndefined

    def limit(mark_type: type, attribute: str) -> float | None:
        marks = [getattr(mark, attribute) for mark in flat if isinstance(mark, mark_type)]
        return float(marks[-1]) if marks else None

    return Column(
        name=name,
        kind=meaning.kind,
        is_required=is_required,
        default=None if is_required else field.default,
        low=limit(annotated_types.Ge, "ge"),
        high=limit(annotated_types.Le, "le"),
        above=limit(annotated_types.Gt, "gt"),
        choices=meaning.choices,
        refers=meaning.refers,
        unit=meaning.unit,
    )
