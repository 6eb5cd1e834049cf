"""What staff should look at in the tables themselves: names, skills and ratings that look like slips."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from matcher.domain.values import RATING_FIELDS, match_key
from matcher.errors import Issue
from matcher.io.faults import FaultLog
from matcher.io.frames import CheckedTable
from matcher.io.nearest import Nearest

_N_EQUAL = 3  # from this many equal ratings on it is worth a word
_N_YEARS_FAR = 20  # further than this from the other dates, a start is most likely mistyped
_DATES = {"companies": ("start",), "directors": ("available_from", "available_until"), "engagements": ("until",)}
_N_SLIP = 4  # in a word of fewer letters, one other letter makes another word


def warn_of_tables(tables: Mapping[str, CheckedTable], log: FaultLog) -> None:
    """Warn of what looks like a slip within the tables, although every cell is valid."""
    for name in ("directors", "companies", "people"):
        if name in tables and tables[name].has("name"):
            _warn_of_names(tables[name], log)
    _warn_of_shared_ids(tables, log)
    _warn_of_skills(tables, log)
    _warn_of_odd_skills(tables, log)
    for name in ("directors", "companies"):
        for field in RATING_FIELDS:
            if name in tables and tables[name].has(field):
                _warn_of_equal(tables[name], field, log)
    _warn_of_far_starts(tables, log)
    if "ratings" in tables and tables["ratings"].has("subject_id", "field", "rater", "rating"):
        _warn_of_ratings(tables["ratings"], log)


def _warn_of_far_starts(tables: Mapping[str, CheckedTable], log: FaultLog) -> None:
    """A start many years from the middle of all dates of the data; there is no clock to hold it against."""
    given = [
        tables[name].frame[field].dropna().dt.year
        for name, fields in _DATES.items()
        if name in tables
        for field in fields
        if tables[name].has(field)
    ]
    years = np.sort(np.concatenate(given)) if given else np.zeros(0)
    if years.size < 2 or "companies" not in tables or not tables["companies"].has("start"):
        return
    usual = int(years[(years.size - 1) // 2])  # the earlier of two: 9999 is typed more often than 1027
    table = tables["companies"]
    far = (table.frame["start"].dt.year - usual).abs() > _N_YEARS_FAR
    for row in np.flatnonzero(far.fillna(False).to_numpy(dtype=bool)):
        log.warn(table.issue("start_far", int(row), "start", usual=usual, n_years=_N_YEARS_FAR))


def _warn_of_names(table: CheckedTable, log: FaultLog) -> None:
    """The same name twice; for companies only in the same prefecture and without corporate numbers that differ."""
    codes, names = pd.factorize(table.frame["name"])
    keys = pd.factorize(np.array([match_key(str(name)) for name in names], dtype=object))[0]
    key = pd.Series(np.append(keys, -1)[codes])
    parts = [key]
    if table.raw.table == "companies":
        parts += [table.frame["prefecture"], table.frame["corporate_number"].fillna("")]
    group = pd.concat(parts, axis=1, ignore_index=True).groupby([*range(len(parts))], sort=False).ngroup().to_numpy()
    named = np.flatnonzero((key >= 0).to_numpy())
    _, first, back = np.unique(group[named], return_index=True, return_inverse=True)
    earlier = named[first][back]
    for row, same in zip(named[named != earlier], earlier[named != earlier], strict=True):
        log.warn(table.issue("duplicate_name", int(row), "name", first_row=int(table.raw.rows[same])))


def _warn_of_shared_ids(tables: Mapping[str, CheckedTable], log: FaultLog) -> None:
    if "people" in tables and "directors" in tables and tables["people"].has("id"):
        people = tables["people"]
        shared = people.frame["id"].isin(tables["directors"].frame["id"].dropna()).to_numpy()
        for row in np.flatnonzero(shared):
            log.warn(people.issue("person_is_director", int(row), "id"))


def _warn_of_skills(tables: Mapping[str, CheckedTable], log: FaultLog) -> None:
    """A needed skill that nobody has; most often it is written in another way somewhere."""
    held = [tables[name].frame["skill"] for name in ("director_skills", "person_skills") if name in tables]
    if "company_needs" not in tables or not held or not tables["company_needs"].has("skill", "company_id"):
        return
    needs = tables["company_needs"]
    known = {match_key(str(skill)): str(skill) for skills in held for skill in skills.dropna().unique()}
    nearest = Nearest(known.values())
    codes, skills = pd.factorize(needs.frame["skill"])
    keys = np.array([match_key(str(skill)) for skill in skills] + [""], dtype=object)[codes]
    lacking = pd.DataFrame({"key": keys, "company": needs.frame["company_id"]})[
        ~np.isin(keys.astype(str), [*known, ""])
    ]
    for _, rows in lacking.groupby("key", sort=False):
        row = int(rows.index[0])
        near = nearest.of(str(needs.frame["skill"].iloc[row]))
        n_companies = int(rows["company"].nunique())
        log.warn(needs.issue("skill_nobody_has", row, "skill", near=near, n_companies=n_companies))


def _warn_of_odd_skills(tables: Mapping[str, CheckedTable], log: FaultLog) -> None:
    """A skill that one person alone lists, that nobody needs, and that is one slip away from one that counts."""
    lists = [
        (tables[name], tables[name].frame[[of, "skill"]].set_axis(["holder", "skill"], axis=1).dropna())
        for name, of in (("director_skills", "director_id"), ("person_skills", "person_id"))
        if name in tables and tables[name].has(of, "skill")
    ]
    if not lists:
        return
    needs = tables.get("company_needs")
    wanted = [] if needs is None else [str(skill) for skill in needs.frame["skill"].dropna().unique()]
    needed = {match_key(skill): skill for skill in wanted}
    held = pd.concat([rows.assign(list=at, row=rows.index) for at, (_, rows) in enumerate(lists)], ignore_index=True)
    codes, skills = pd.factorize(held["skill"])
    held["key"] = np.array([match_key(str(skill)) for skill in skills], dtype=object)[codes]
    found = held.groupby("key", sort=False).agg(
        n_holders=("holder", "nunique"), skill=("skill", "first"), list=("list", "first"), row=("row", "first")
    )
    is_known = (found["n_holders"] > 1) | found.index.isin(list(needed))
    known = {str(key): str(skill) for key, skill in found.loc[is_known, "skill"].items()} | needed
    by_slip: dict[str, list[str]] = {}
    for name in known:
        for slip in _slips(_letters(name)):
            by_slip.setdefault(slip, []).append(name)
    for key, of in found[~is_known].iterrows():
        word = _letters(str(key))
        near = [other for slip in _slips(word) for other in by_slip.get(slip, ()) if _is_slip(word, _letters(other))]
        if near:
            table = lists[int(of["list"])][0]
            log.warn(table.issue("skill_perhaps_misspelt", int(of["row"]), "skill", near=(known[near[0]],)))


def _letters(key: str) -> str:
    """A skill's match key without what people leave out or put in at will: blanks, dashes, dots."""
    return re.sub(r"[\s_\-‐‑–—―−・./]", "", key)


def _slips(key: str) -> list[str]:
    """A word, and the word without each of its letters: two words one slip apart have one of these in common."""
    return [key, *(key[:at] + key[at + 1 :] for at in range(len(key)))]


def _is_slip(one: str, other: str) -> bool:
    """Whether two words are the same or one letter apart, and likely to be meant alike.

    Grade 2 is not grade 3, and 新商品開発 is not 商品開発: digits, and a kanji more at either end, make another word.
    """
    if one == other or min(len(one), len(other)) < _N_SLIP:
        return one == other
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    short, long = sorted((one[start:], other[start:]), key=len)
    end = next((at for at, (a, b) in enumerate(zip(short[::-1], long[::-1], strict=False)) if a != b), len(short))
    left, right = short[: len(short) - end], long[: len(long) - end]
    if re.search(r"\d", left + right):
        return False
    if not left:
        is_at_end = start == 0 or end == 0
        return len(right) == 1 and not (is_at_end and re.fullmatch(r"[一-鿿]", right))
    return len(right) == 1 or (len(right) == 2 and left == right[::-1])


def _warn_of_ratings(table: CheckedTable, log: FaultLog) -> None:
    """A field that everybody has the same rating in, and a rater who gives everybody the same."""
    given = table.frame[["subject_id", "field", "rater", "rating"]].dropna()
    by_field = given.groupby("field", sort=False).agg(
        n_values=("rating", "nunique"), n_subjects=("subject_id", "nunique"), n=("rating", "size")
    )
    equal = by_field[(by_field["n_values"] == 1) & (by_field["n_subjects"] >= _N_EQUAL)]
    for field, n in equal["n"].items():
        first = int(given.index[given["field"] == field][0])
        log.warn(_of_column(table.issue("ratings_all_equal", first, "rating", n=int(n), rated=field)))
    rest = given[~given["field"].isin(equal.index)].assign(row=lambda rows: rows.index)
    rated = rest.groupby(["rater", "field"], sort=False).agg(
        n_values=("rating", "nunique"), n_subjects=("subject_id", "nunique"), row=("row", "first")
    )
    by_rater = rated.groupby("rater", sort=False).agg(
        n_values=("n_values", "max"), n_subjects=("n_subjects", "max"), row=("row", "first")
    )
    for row, n in by_rater.loc[
        (by_rater["n_values"] == 1) & (by_rater["n_subjects"] >= _N_EQUAL), ["row", "n_subjects"]
    ].to_numpy(int):
        log.warn(_of_column(table.issue("rater_all_equal", int(row), "rater", n=int(n))))


def _of_column(issue: Issue) -> Issue:
    """The issue about the whole column that its cell is an example of."""
    return replace(issue, row=None)


def _warn_of_equal(table: CheckedTable, field: str, log: FaultLog) -> None:
    given = table.frame[field].dropna()
    if len(given) >= _N_EQUAL and given.nunique() == 1:
        log.warn(_of_column(table.issue("ratings_all_equal", int(given.index[0]), field, n=len(given))))
