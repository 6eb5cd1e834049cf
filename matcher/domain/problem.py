"""`Problem`: a checked data set and its policy as frozen columns, with ids ↔ indices and a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial, wraps
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain.policy import Policy
from matcher.domain.tables import TABLES, Column, columns_of

NO_PREFECTURE = 0

_OF_DIRECTORS = ("director_ids", "_director_index")
_OF_COMPANIES = ("company_ids", "_company_index")

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything a plan is made from. Two problems of the same content have the same `digest`.

    Attributes
    ----------
    tables : every table of `TABLES` by name, also the empty ones, each with all its columns in canonical dtypes (see
        `empty_table`), rows in the order of the table's key. Treat them as read-only.
    policy : the programme's policy
    title, source : for people; they are not part of the digest
    earlier : the matches of an earlier plan, as ids in order, which the tier ``earlier_matches`` keeps
    mapping : the mapping file the source was read with, where its scenario does not name it; not part of the digest
    """

    tables: Mapping[str, pd.DataFrame]
    policy: Policy = field(default_factory=Policy)
    title: str = ""
    source: str = ""
    earlier: tuple[tuple[str, str], ...] = ()
    mapping: str = ""

    @property
    def directors(self) -> pd.DataFrame:
        """The directors in id order; a director's index is its row here."""
        return self.tables["directors"]

    @property
    def companies(self) -> pd.DataFrame:
        """The companies in id order; a company's index is its row here."""
        return self.tables["companies"]

    @cached_property
    def director_ids(self) -> npt.NDArray[np.object_]:
        """(n_directors,) ids."""
        return self.directors["id"].to_numpy(object)

    @cached_property
    def company_ids(self) -> npt.NDArray[np.object_]:
        """(n_companies,) ids."""
        return self.companies["id"].to_numpy(object)

    def director_idx(self, ids: Sequence[str] | pd.Series | npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
        """(n,) indices of director ids, −1 where there is no such director."""
        return _places(self._director_index, ids)

    def company_idx(self, ids: Sequence[str] | pd.Series | npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
        """(n,) indices of company ids, −1 where there is no such company (an engagement elsewhere)."""
        return _places(self._company_index, ids)

    @cached_property
    def _director_index(self) -> pd.Index:
        return pd.Index(self.director_ids, dtype=object)

    @cached_property
    def _company_index(self) -> pd.Index:
        return pd.Index(self.company_ids, dtype=object)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content: the same whatever the order of rows, columns or files was."""
        total = hashlib.sha256()
        for name in sorted(self.tables):
            frame = self.tables[name]
            total.update(self._once(name, (frame,), None, partial(self._table_bytes, name, frame)))
        if self.earlier:  # without any the digest is that of the tables alone
            total.update(b"earlier" + _text_bytes([text for pair in self.earlier for text in pair]))
        return total.hexdigest()

    def _table_bytes(self, name: str, frame: pd.DataFrame) -> bytes:
        parts = [f"table {name} {len(frame)}\n".encode()]
        for column in columns_of(name):
            parts.append(f"column {column.name}\n".encode())
            if len(frame):
                parts.append(self._column_bytes(name, frame[column.name]))
        return b"".join(parts)

    def _column_bytes(self, name: str, values: pd.Series) -> bytes:
        if values.dtype.kind == "M":
            return values.to_numpy("datetime64[s]").astype(np.int64).tobytes()
        if values.dtype.kind in "ifb":
            return np.ascontiguousarray(values.to_numpy()).tobytes()
        # Of a table with one row changed nearly all columns are as they were: to compare them takes a hundredth.
        texts = values.to_numpy(object).tolist()
        return self._once((name, values.name), (), texts, partial(_text_bytes, texts))

    def with_policy(self, policy: Policy) -> Problem:
        """The same data under another policy."""
        changed = replace(self, policy=policy)
        self._hand_on(changed, (*_OF_DIRECTORS, *_OF_COMPANIES, "digest"))
        return changed

    def with_tables(self, tables: Mapping[str, pd.DataFrame]) -> Problem:
        """The same policy over some other tables, checked frames in any order of rows; the others stay as they are."""
        ordered = {name: _in_key_order(name, frame) for name, frame in tables.items()}
        changed = replace(self, tables=MappingProxyType({**self.tables, **ordered}))
        is_same_director = np.array_equal(self.director_ids, changed.director_ids)
        is_same_company = np.array_equal(self.company_ids, changed.company_ids)
        self._hand_on(changed, (*_OF_DIRECTORS * is_same_director, *_OF_COMPANIES * is_same_company))
        return changed

    def __getstate__(self) -> dict[str, object]:
        """What travels to another process: the content and its digest, not what else was found out about it."""
        return {name: self.__dict__[name] for name in (*self.__dataclass_fields__, "digest") if name in self.__dict__}

    @cached_property
    def _known(self) -> dict[object, tuple[tuple[object, ...], object, Any]]:
        """What was found out: the tables it is about, the setting it was found under, and what it is."""
        return {}

    def _hand_on(self, changed: Problem, names: tuple[str, ...]) -> None:
        changed.__dict__.update({name: self.__dict__[name] for name in names if name in self.__dict__})
        changed.__dict__["_known"] = dict(self._known)

    def _once(self, key: object, about: tuple[object, ...], under: object, find: Callable[[], T]) -> T:
        known = self._known.get(key)
        is_known = known is not None and all(mine is theirs for mine, theirs in zip(known[0], about, strict=True))
        if known is None or not is_known or known[1] != under:
            known = self._known[key] = (about, under, find())
        found: T = known[2]
        return found


def from_tables(
    *names: str, under: Callable[[Policy], object] | None = None
) -> Callable[[Callable[[Problem], T]], Callable[[Problem], T]]:
    """A function of a Problem that reads some of its tables only: found out once, and handed on with the tables.

    A problem with another policy, or with other tables beside these, answers without computing again. Nobody may write
    into the result, and it must not hold the problem.

    Parameters
    ----------
    names : the tables read; ``director_ids`` or ``company_ids`` where of that table only the ids and their order are
    under : the part of the policy that is read; None where none is
    """

    def kept(function: Callable[[Problem], T]) -> Callable[[Problem], T]:
        @wraps(function)
        def once(problem: Problem) -> T:
            about = tuple(problem.tables[name] if name in problem.tables else getattr(problem, name) for name in names)
            part = None if under is None else under(problem.policy)
            return problem._once(function, about, part, lambda: function(problem))

        return once

    return kept


def build_problem(
    tables: Mapping[str, pd.DataFrame], *, policy: Policy | None = None, title: str = "", source: str = ""
) -> Problem:
    """A Problem from checked tables: missing tables become empty, rows are put in key order, ratings are averaged.

    Parameters
    ----------
    tables : checked frames in canonical columns and dtypes; inputs are not changed
    """
    complete = {name: _in_key_order(name, tables[name]) if name in tables else empty_table(name) for name in TABLES}
    for subject in ("directors", "companies"):
        complete[subject] = _with_mean_ratings(complete[subject], complete["ratings"], columns_of(subject))
    return Problem(MappingProxyType(complete), policy or Policy(), title, source)


def empty_table(name: str) -> pd.DataFrame:
    """A table without rows, with every column in its canonical dtype.

    text, id, skill, choice, industry, municipality, corporate_number: ``str`` (missing NaN) · required or defaulted
    integer: int64 · any other number: float64 (missing NaN) · flag: bool · date: datetime64[s] (missing NaT) ·
    prefecture: int64 JIS code (missing `NO_PREFECTURE`).
    """
    return pd.DataFrame({column.name: pd.Series([], dtype=dtype_of(column)) for column in columns_of(name)})


def dtype_of(column: Column) -> str:
    """The canonical dtype of a column; see `empty_table`."""
    if column.kind == "prefecture":
        return "int64"
    if column.kind == "integer":
        return "int64" if column.is_required or column.default is not None else "float64"
    return {"number": "float64", "flag": "bool", "date": "datetime64[s]"}.get(column.kind, "str")


def _in_key_order(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    ordered = frame[[column.name for column in columns_of(name)]]
    keys = list(TABLES[name].key)
    if _is_ascending([ordered[key] for key in keys]):
        return ordered.reset_index(drop=True)
    by_key = ordered.sort_values(keys, kind="stable", ignore_index=True)
    if not (by_key[keys].iloc[1:].to_numpy() == by_key[keys].iloc[:-1].to_numpy()).all(axis=1).any():
        return by_key  # the usual case, and with 25 columns five times as quick as the other
    return ordered.sort_values(keys + [c for c in ordered.columns if c not in keys], kind="stable", ignore_index=True)


def _is_ascending(keys: Sequence[pd.Series]) -> bool:
    """Whether each row's key is above the one before it: all different, and in order."""
    is_above, is_same = np.zeros(max(len(keys[0]) - 1, 0), np.bool_), np.ones(max(len(keys[0]) - 1, 0), np.bool_)
    for key in keys:
        values = key.to_numpy(object) if key.dtype == "str" else key.to_numpy()
        if key.hasnans:
            return False
        is_above |= is_same & (values[1:] > values[:-1]).astype(np.bool_)
        is_same &= (values[1:] == values[:-1]).astype(np.bool_)
    return bool(is_above.all())


def _with_mean_ratings(subjects: pd.DataFrame, ratings: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    if ratings.empty:
        return subjects
    means = ratings.groupby(["field", "subject_id"], sort=True)["rating"].mean()
    names = {column.name for column in columns}
    changed = {}
    for rated in sorted(set(ratings["field"]) & names):
        mean = subjects["id"].map(means.loc[rated]).astype("float64")
        changed[rated] = mean.where(mean.notna(), subjects[rated])
    return subjects.assign(**changed)


def _places(index: pd.Index, ids: Sequence[str] | pd.Series | npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    if not len(ids):
        return np.zeros(0, np.int64)
    # Without a dtype pandas looks at every id to guess one, and then compares two kinds of text.
    return index.get_indexer(pd.Index(np.asarray(ids, dtype=object), dtype=object)).astype(np.int64)


def _text_bytes(texts: Sequence[str | float]) -> bytes:
    # A length before each text: no text can pretend to be two. What is missing is no text.
    return b"".join([f"{len(text)}:{text}".encode() if isinstance(text, str) else b"-" for text in texts])
