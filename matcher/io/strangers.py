"""Files and sheets that are no known table, and required tables that are missing."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.domain.tables import TABLES
from matcher.errors import Issue
from matcher.io.faults import FaultLog
from matcher.io.nearest import Nearest
from matcher.words.headings import name_key, sheet_of, tables_by_name


def report_strangers(strangers: Sequence[tuple[str, str, str]], found: set[str], where: str, log: FaultLog) -> None:
    """Report required tables that are missing with the nearest stranger, then the other strangers.

    Parameters
    ----------
    strangers : (file, name without suffix, sheet or "") of everything that is no known table
    found : tables that are there
    where : the folder or workbook that should hold the tables
    """
    shown = {name_key(stem): sheet or file for file, stem, sheet in strangers}
    claimed: set[str] = set()
    for table, declared in TABLES.items():
        if not declared.is_required or table in found:
            continue
        nearest = Nearest(shown)
        names = (table, sheet_of(table).ja, *sheet_of(table).also)
        near = next((hit for name in names for hit in nearest.of(name_key(name))), None)
        named = () if near is None else (shown[near],)
        claimed.update(named)
        log.fault(Issue("table_missing", where, params={"table": table, "near": named}))
    free = {key: table for key, table in tables_by_name().items() if table not in found}
    nearest = Nearest(free)
    for file, stem, sheet in strangers:
        if (sheet or file) in claimed:
            continue
        near_tables = tuple(free[key] for key in nearest.of(name_key(stem)))
        kind = "sheet" if sheet else "file"
        if near_tables:
            log.warn(Issue(f"{kind}_unknown", file, sheet, params={"near_tables": near_tables}))
        else:
            log.note(Issue(f"{kind}_ignored", file, sheet))
