"""Files, sheets and settings that are not read, and required tables that are missing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.domain.tables import TABLES
from matcher.errors import Issue
from matcher.io.faults import FaultLog
from matcher.io.nearest import Nearest
from matcher.words.headings import name_key, sheet_of, tables_by_name

_MAY_HOLD_TABLES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_N_NEAR = 3
_ALIKE, _ALIKE_JA = 0.75, 0.7  # short English words are alike by chance: notes and ties, parties and ties
_SUFFIX = re.compile(r"\.(csv|tsv|txt|parquet|xlsx|xlsm|xls|ods|bak)$", re.IGNORECASE)
# What people and their programs put behind a name: pairs (1), pairs - コピー, pairs_最新, pairs2026-04.
_MARK = re.compile(
    r"[\s_\-‐・]*([(（\[].{1,12}[)）\]]|の?コピー|copy|最新版?|最終版?|final|new|old|旧|v?[\d.\-_]+)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Stranger:
    """Something that is no known table: `name` is what may be meant for a table's name.

    `sheet` is empty for a file; `suffix` is that of a file whose kind is not read at all, else empty.
    """

    file: str
    name: str
    sheet: str = ""
    suffix: str = ""

    @property
    def shown(self) -> str:
        """What its owner calls it."""
        return self.sheet or self.file


def report_strangers(strangers: Sequence[Stranger], found: Mapping[str, str], where: str, log: FaultLog) -> None:
    """Report required tables that are missing with the nearest stranger, then the other strangers.

    Parameters
    ----------
    found : table → the file or sheet that gives it
    where : the folder or workbook that should hold the tables
    """
    named = {name_key(one.name): one for one in strangers if not one.suffix}
    claimed: set[Stranger] = set()
    for table, declared in TABLES.items():
        if not declared.is_required or table in found:
            continue
        nearest = Nearest(named)
        names = (table, sheet_of(table).ja, *sheet_of(table).also)
        hit = next((named[key] for name in names for key in nearest.of(name_key(name))), None)
        hit = hit or next((one for one in named.values() if table in tables_near(one.name)), None)
        claimed |= set() if hit is None else {hit}
        log.fault(Issue("table_missing", where, params={"table": table, "near": () if hit is None else (hit.shown,)}))
    for one in strangers:
        if one not in claimed:
            _report(one, found, log)


def _report(one: Stranger, found: Mapping[str, str], log: FaultLog) -> None:
    kind = "sheet" if one.sheet else "file"
    twin = tables_by_name().get(name_key(_bare(one.name)))
    near = tuple(table for table in tables_near(one.name) if table not in found)
    if one.suffix and near:
        log.warn(Issue("file_kind", one.file, params={"near_tables": near, "suffix": one.suffix}))
    elif twin is not None and twin in found:
        log.warn(Issue(f"{kind}_copy", one.file, one.sheet, params={"table": twin, "first": found[twin]}))
    elif near:
        names = {"near_tables": near, "known_tables": tuple(TABLES)}
        log.warn(Issue(f"{kind}_unknown", one.file, one.sheet, params=names))
    elif not one.suffix or one.suffix in _MAY_HOLD_TABLES:
        log.note(Issue(f"{kind}_ignored", one.file, one.sheet, params={"known_tables": tuple(TABLES)}))


def tables_near(name: str) -> tuple[str, ...]:
    """Return the tables that a name may be meant for, the nearest first.

    Examples
    --------
    >>> tables_near("pair"), tables_near("組合せ"), tables_near("ratings.csv"), tables_near("活動写真")
    (('pairs',), ('pairs',), ('ratings',), ())
    """
    known = tables_by_name()
    key = name_key(_bare(name))
    if key in known:
        return (known[key],)
    words = {name_key(word) for word in re.split(r"[\s_\-.・]+", _bare(name))}
    alike = difflib.get_close_matches(key, known, n=_N_NEAR, cutoff=_ALIKE if key.isascii() else _ALIKE_JA)
    near = [known[hit] for hit in alike]
    near += [known[word] for word in words if word in known]
    near += [table for text, table in known.items() if is_part(text, key)]
    return tuple(dict.fromkeys(near))[:_N_NEAR]


def is_part(one: str, other: str) -> bool:
    """Whether one of two names begins with the other, or, in Japanese, where words have no blanks, holds it."""
    short, long = sorted((one, other), key=len)
    if short.isascii():
        return len(short) >= 4 and long.startswith(short)
    return len(short) >= 2 and short in long


def _bare(name: str) -> str:
    """A name without what people and programs put behind it; the name itself where nothing would be left."""
    for pattern in (_SUFFIX, _MARK, _SUFFIX, _MARK):
        name = pattern.sub("", name) or name
    return name


def is_like_policy(name: str) -> bool:
    """Whether a file's name without its suffix may be meant for the policy."""
    key = name_key(_bare(name))
    return "policy" in key or "方針" in key or bool(difflib.get_close_matches(key, ("policy", "ポリシー"), cutoff=0.7))
