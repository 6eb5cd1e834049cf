"""Tables of the document out of columns: the JSON text that the plan's digest is computed from, and records.

A document has a row for every match, unserved company and director. Checked and written field by field, 11,000 rows
take 0.35 s; out of columns whose types are known, a tenth of that. A row of which an earlier plan has the text is that
plan's record: a change of one row of the tables leaves nearly all as they were.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from json.encoder import encode_basestring
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

R = TypeVar("R", bound=BaseModel)

digest_text: Callable[[object], str] = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode
"""A value as it stands in the text of a digest: keys sorted, every character as it is."""


Pick = Callable[[Sequence[int]], list[Any]]
"""The values of some rows (Any: each field has its own type)."""


@dataclass(frozen=True)
class Column:
    """One field of every row: `digest_text` of its value, and its value once somebody asks."""

    texts: Sequence[str]
    pick: Pick

    @property
    def text(self) -> str:
        """`digest_text` of all values as one list."""
        return f"[{', '.join(self.texts)}]"


@dataclass(frozen=True)
class Records(Generic[R]):
    """One table of the document: a record and its `digest_text` for every row."""

    rows: tuple[R, ...]
    texts: Sequence[str]

    @property
    def text(self) -> str:
        """`digest_text` of all rows as one list."""
        return f"[{', '.join(self.texts)}]"

    @cached_property
    def by_text(self) -> Mapping[str, R]:
        """The records by their text, which says all of them."""
        return dict(zip(self.texts, self.rows, strict=True))


def whole(values: npt.NDArray[np.integer]) -> Column:
    """(n,) whole numbers."""
    numbers = values.tolist()
    return Column(list(map(str, numbers)), _of(numbers))


def rounded(values: npt.NDArray[np.floating], digits: int) -> Column:
    """(n,) numbers, rounded."""
    numbers = [round(number, digits) for number in values.tolist()]
    write = repr if np.isfinite(values).all() else digest_text
    return Column(list(map(write, numbers)), _of(numbers))


def flags(values: npt.NDArray[np.bool_]) -> Column:
    """(n,) true or false."""
    found = values.tolist()
    return Column(["true" if one else "false" for one in found], _of(found))


def texts(values: Iterable[str]) -> Column:
    """Any texts."""
    found = list(values)
    return Column(list(map(encode_basestring, found)), _of(found))


def repeated(values: Iterable[object]) -> Column:
    """Few values, each of many rows: hashable ones."""
    found = list(values)
    known = {one: digest_text(one) for one in set(found)}
    return Column([known[one] for one in found], _of(found))


def models(values: Sequence[BaseModel | None]) -> Column:
    """Records of any kind, None where there is none."""
    return Column(["null" if one is None else digest_text(one.model_dump()) for one in values], _of(values))


def where(is_known: npt.NDArray[np.bool_], column: Column) -> Column:
    """The values of a mask, None elsewhere."""
    if is_known.all():
        return column
    known = is_known.tolist()

    def pick(rows: Sequence[int]) -> list[Any]:
        return [one if known[row] else None for row, one in zip(rows, column.pick(rows), strict=True)]

    return Column([text if one else "null" for text, one in zip(column.texts, known, strict=True)], pick)


def counts(names: Sequence[str], amounts: npt.NDArray[np.integer]) -> Column:
    """(n, n_names) amounts as name → amount, without those that are 0."""
    by_name = sorted(range(len(names)), key=names.__getitem__)
    keys = [f"{encode_basestring(names[at])}: " for at in by_name]
    rows, places = np.nonzero(amounts[:, by_name])
    written = [
        keys[at] + str(n) for at, n in zip(places.tolist(), amounts[:, by_name][rows, places].tolist(), strict=True)
    ]
    ends = np.searchsorted(rows, np.arange(amounts.shape[0] + 1)).tolist()

    def pick(some: Sequence[int]) -> list[Any]:
        return [{name: n for name, n in zip(names, row, strict=True) if n} for row in amounts[some].tolist()]

    return Column([f"{{{', '.join(written[start:stop])}}}" for start, stop in pairwise(ends)], pick)


def objects(fields: Mapping[str, Column]) -> Column:
    """Name → value in every row; one field at least."""
    names = tuple(fields)

    def pick(rows: Sequence[int]) -> list[Any]:
        values = zip(*(column.pick(rows) for column in fields.values()), strict=True)
        return [dict(zip(names, row, strict=True)) for row in values]

    return Column(_written(fields), pick)


def parts(kind: type[BaseModel], fields: Mapping[str, Column]) -> Column:
    """Records of one kind, one of every row; fields and errors as of `records`."""
    names = _names(kind, fields)
    # As `model_construct` makes them, which looks at every field's default and alias: 11 µs a record for 3.
    given, new, put = set(names), kind.__new__, object.__setattr__

    def pick(rows: Sequence[int]) -> list[Any]:
        made = []
        for row in zip(*(fields[name].pick(rows) for name in names), strict=True):
            one = new(kind)
            put(one, "__dict__", dict(zip(names, row, strict=True)))
            put(one, "__pydantic_fields_set__", given)
            put(one, "__pydantic_extra__", None)
            put(one, "__pydantic_private__", None)
            made.append(one)
        return made

    return Column(_written(fields), pick)


def records(kind: type[R], fields: Mapping[str, Column], known: Mapping[str, R]) -> Records[R]:
    """One table of the document.

    Parameters
    ----------
    fields : every field of `kind`, of its own type: that is not checked again
    known : text → record of an earlier plan, where there is one

    Raises
    ------
    ValueError : other fields than the kind's, or columns of different lengths
    """
    column = parts(kind, fields)
    found = list(map(known.get, column.texts))
    new = [row for row, one in enumerate(found) if one is None]
    for row, one in zip(new, column.pick(new), strict=True):
        found[row] = one
    return Records(tuple(one for one in found if one is not None), column.texts)


def _names(kind: type[BaseModel], fields: Mapping[str, Column]) -> tuple[str, ...]:
    names = tuple(kind.model_fields)
    if set(names) != set(fields):
        raise ValueError(f"{kind.__name__} has the fields {names}, not {tuple(fields)}")
    return names


def _of(values: Sequence[Any]) -> Pick:
    return lambda rows: [values[row] for row in rows]


def _written(fields: Mapping[str, Column]) -> list[str]:
    names = sorted(fields)
    named = [encode_basestring(name).replace("%", "%%") + ": %s" for name in names]
    shape = f"{{{', '.join(named)}}}"
    return [shape % row for row in zip(*(fields[name].texts for name in names), strict=True)]
