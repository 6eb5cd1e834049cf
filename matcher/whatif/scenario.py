"""A what-if as people write it: a title, a question, a base, and changes that are applied in order."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from matcher.domain.tables import TABLES

TableName = Literal[
    "directors", "director_skills", "director_regions", "director_results", "companies", "company_needs", "people",
    "person_skills", "ties", "pairs", "rivals", "engagements", "ratings", "distances", "pair_hours",
]  # fmt: skip
assert set(get_args(TableName)) == set(TABLES)

Plain = str | int | float | bool
"""A cell as it is typed; the row models parse it, so 高知, Kochi and 39 are one prefecture."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Between(_Part):
    """Numbers from `min` to `max`, both included; a missing one sets no end."""

    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _has_an_end(self) -> Between:
        if self.min is None and self.max is None:
            raise PydanticCustomError("between_without_end", "min or max")
        return self


class Step(_Part):
    """A number as a change of what stands there: `add` to it, or `times` it. A missing number stays missing."""

    add: float | None = None
    times: Annotated[float, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Step:
        if (self.add is None) == (self.times is None):
            raise PydanticCustomError("add_or_times", "add or times")
        return self


class _Rows(_Part):
    """Some rows of a table: those with one of the `ids`, or those that fit `where` in every field.

    In `where` a list is any of its values, `region` a region of Japan where the table has a prefecture, null a blank.
    """

    table: TableName
    ids: tuple[str, ...] | None = None
    where: dict[str, Plain | tuple[Plain, ...] | Between | None] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> _Rows:
        if (self.ids is None) == (self.where is None):
            raise PydanticCustomError("ids_or_where", "ids or where")
        return self


class SetRows(_Rows):
    """Put `values` into fields of some rows; null makes a cell blank."""

    values: Annotated[dict[str, Plain | Step | None], Field(min_length=1)]


class RemoveRows(_Rows):
    """Take rows out; with a director, company or person go all rows of other tables that name them."""


class PairOf(_Part):
    """One director with one company."""

    director_id: str
    company_id: str


class Change(_Part):
    """One change, of exactly one kind, and why it is made."""

    set: SetRows | None = None
    add: dict[TableName, tuple[dict[str, Plain | None], ...]] | None = None
    remove: RemoveRows | None = None
    policy: dict[str, Any] | None = None  # Any: judged by Policy itself
    pin: PairOf | None = None
    forbid: PairOf | None = None
    adopt: str | None = None
    reason: str = ""

    @property
    def kind(self) -> str:
        return next(name for name in KINDS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _is_one(self) -> Change:
        if sum(getattr(self, name) is not None for name in KINDS) != 1:
            raise PydanticCustomError("one_kind", "one kind")
        return self


KINDS = ("set", "add", "remove", "policy", "pin", "forbid", "adopt")


class WhatIf(_Part):
    """A what-if file.

    Attributes
    ----------
    title, question : for people
    base : another what-if whose changes come first, or the data set this one is about; relative to the file
    changes : in order
    """

    title: str = ""
    question: str = ""
    base: str | None = None
    changes: tuple[Change, ...] = ()
