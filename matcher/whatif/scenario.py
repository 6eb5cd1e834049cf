"""A what-if as people write it: a title, a question, a base, and changes that are applied in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from matcher.domain.tables import TABLES

TableName = Literal[
    "directors", "director_skills", "director_regions", "director_results", "companies", "company_needs", "people",
    "person_skills", "ties", "pairs", "rivals", "engagements", "ratings", "distances", "pair_hours",
]  # fmt: skip
assert set(get_args(TableName)) == set(TABLES)


def _one_fault(value: object, judge: ValidatorFunctionWrapHandler) -> object:
    """One fault for a value that is no cell, not one for each type a cell may have."""
    try:
        return judge(value)
    except ValidationError:
        raise PydanticCustomError("not_a_cell", "a text, a number, true or false") from None


Plain = Annotated[str | int | float | bool, WrapValidator(_one_fault)]
"""A cell as it is typed; the row models parse it, so 高知, Kochi and 39 are one prefecture."""

PlainOrBlank = Annotated[str | int | float | bool | None, WrapValidator(_one_fault)]


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


def _shape(value: object) -> str:
    """Which of the shapes below a value is meant as; the brackets keep the word out of a fault's place."""
    if value is None:
        return "[none]"
    if isinstance(value, Mapping | BaseModel):
        return "[section]"
    return "[list]" if isinstance(value, list | tuple) else "[cell]"


Wanted = Annotated[
    Annotated[Plain, Tag("[cell]")]
    | Annotated[tuple[Plain, ...], Tag("[list]")]
    | Annotated[Between, Tag("[section]")]
    | Annotated[None, Tag("[none]")],
    Discriminator(_shape),
]
"""What a field has to be: a value, any of several, a range, or blank."""

Given = Annotated[
    Annotated[Plain, Tag("[cell]")] | Annotated[Step, Tag("[section]")] | Annotated[None, Tag("[none]")],
    Discriminator(lambda value: _shape(value).replace("[list]", "[cell]")),
]
"""What a field becomes: a value, a change of what stands there, or blank."""


class _Rows(_Part):
    """Some rows of a table: those with one of the `ids`, or those that fit `where` in every field.

    In `where` a list is any of its values, `region` a region of Japan where the table has a prefecture, null a blank.
    """

    table: TableName
    ids: tuple[str, ...] | None = None
    where: dict[str, Wanted] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> _Rows:
        if (self.ids is None) == (self.where is None):
            raise PydanticCustomError("ids_or_where", "ids or where")
        return self


class SetRows(_Rows):
    """Put `values` into fields of some rows; null makes a cell blank."""

    values: Annotated[dict[str, Given], Field(min_length=1)]


class RemoveRows(_Rows):
    """Take rows out; with a director, company or person go all rows of other tables that name them."""


class PairOf(_Part):
    """One director with one company."""

    director_id: str
    company_id: str


class Change(_Part):
    """One change, of exactly one kind, and why it is made."""

    set: SetRows | None = None
    add: dict[TableName, tuple[dict[str, PlainOrBlank], ...]] | None = None
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
