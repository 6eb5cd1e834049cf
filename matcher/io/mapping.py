"""A user's own words for sheets, columns and values, as a mapping file gives them: what the readers ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.domain.values import match_key, parse_text
from matcher.io.faults import FaultLog
from matcher.io.nearest import Nearest
from matcher.io.raw import ErrorCell, RawColumn, RawTable, column_of_cells
from matcher.words import headings

if TYPE_CHECKING:
    from matcher.io.yaml_text import Keys, YamlText


@dataclass(frozen=True)
class TableTerms:
    """What one sheet calls the columns of one table. Without a mapping: the headings everybody knows.

    Attributes
    ----------
    sheet : its name in the mapping; empty without one
    headers : the heading as the mapping has it → column name
    ignored : headings that are not read, as the mapping has them
    fixed : column name → the text that every row has there
    words : column name → (the user's words as compared → ours; blank where the cell counts as blank)
    """

    table: str
    sheet: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    ignored: Sequence[str] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    text: YamlText | None = None

    def column(self, heading: str) -> str | None:
        """The column that a heading names, or None; what the mapping says goes before what headings mean elsewhere."""
        key = headings.name_key(heading)
        for typed, name in self.headers.items():
            if headings.name_key(typed) == key:
                return name
        return None if self.ignores(heading) else headings.column_named(self.table, heading)

    def ignores(self, heading: str) -> bool:
        """Whether the mapping says that a column is not read."""
        return headings.name_key(heading) in map(headings.name_key, self.ignored)

    def says(self, heading: str) -> bool:
        """Whether the mapping itself speaks of a heading: which field it is, or that it is not read."""
        return headings.name_key(heading) in map(headings.name_key, (*self.headers, *self.ignored))

    def gives(self, name: str) -> bool:
        """Whether a column that is not found is no fault of the sheet: the mapping gives or promises it."""
        return name in self.fixed or name in self.headers.values()

    @property
    def twice(self) -> str:
        """The rule that two columns for one field break: a mapping can leave one out."""
        return "mapping_columns_alike" if self.sheet else "header_twice"

    def report(self, header: Sequence[str], places: Mapping[str, int], log: FaultLog) -> None:
        """Report what the mapping says of this sheet and the sheet does not bear out.

        Parameters
        ----------
        places : column name → position, of the columns that were found
        """
        if self.text is None:
            return
        known = {headings.name_key(heading) for heading in header}
        free = [heading for heading in header if heading and self.column(heading) is None]
        for typed in self.headers:
            if headings.name_key(typed) not in known:
                params = {"sheet": self.sheet, "near": Nearest(free).of(typed), "headings": [h for h in header if h]}
                log.fault(self.text.issue("mapping_header_missing", self._at("columns", typed), typed, **params))
        for typed in self.ignored:
            if headings.name_key(typed) not in known:
                params = {"sheet": self.sheet, "near": Nearest(free).of(typed)}
                log.warn(self.text.issue("mapping_ignored_missing", self._at("ignore"), typed, **params))
        for name in self.fixed:
            if name in places:
                params = {"table": self.table, "field": name, "sheet": self.sheet}
                issue = self.text.issue("mapping_fixed_and_column", self._at("fixed"), header[places[name]], **params)
                log.fault(issue)

    def applied(self, raw: RawTable) -> RawTable:
        """The table with the user's words put into ours, and the columns that every row has the same in."""
        columns = {
            name: _translated(column, self.words[name]) if name in self.words else column
            for name, column in raw.columns.items()
        }
        missing = {name: text for name, text in self.fixed.items() if name not in columns}
        rows = np.zeros(raw.rows.size, dtype=np.int64)
        columns |= {name: RawColumn(rows, [text]) for name, text in missing.items()}
        return replace(raw, columns=columns, headers={**raw.headers, **{name: name for name in missing}})

    def _at(self, *keys: str) -> Keys:
        return ("sheets", self.sheet, *keys)


def _translated(column: RawColumn, words: Mapping[str, str]) -> RawColumn:
    cells = [
        cell if isinstance(cell, ErrorCell) else words.get(match_key(parse_text(cell)), cell) for cell in column.cells
    ]
    found = column_of_cells(cells)
    return RawColumn(np.append(found.codes, -1)[column.codes], found.cells)


@dataclass(frozen=True)
class ColumnMapping:
    """A whole mapping: one sheet or file a table. Without any sheet it changes nothing.

    Attributes
    ----------
    path : the file, as it was typed
    sheets : table → its terms
    ignored : sheets and files that are not read
    """

    path: str = ""
    sheets: Mapping[str, TableTerms] = field(default_factory=dict)
    ignored: Sequence[str] = ()
    text: YamlText | None = None

    def table_of(self, name: str) -> str | None:
        """The table that a sheet or file holds, or None."""
        for table, terms in self.sheets.items():
            if _is_called(name, terms.sheet):
                return table
        return None if self.ignores(name) else headings.tables_by_name().get(headings.name_key(_bare(name)))

    def ignores(self, name: str) -> bool:
        """Whether the mapping says that a sheet or file is not read."""
        return any(_is_called(name, one) for one in self.ignored)

    def terms(self, table: str, name: str) -> TableTerms:
        """What a sheet or file calls the columns of its table."""
        found = self.sheets.get(table)
        return found if found is not None and _is_called(name, found.sheet) else TableTerms(table)

    def report(self, names: Sequence[str], log: FaultLog) -> None:
        """Report sheets and files that the mapping names and the source lacks."""
        if self.text is None:
            return
        for terms in self.sheets.values():
            if not any(_is_called(name, terms.sheet) for name in names):
                params = {"near": Nearest(names).of(terms.sheet), "names": list(names)}
                log.fault(self.text.issue("mapping_sheet_missing", ("sheets", terms.sheet), terms.sheet, **params))


NO_MAPPING = ColumnMapping()
"""What a source without a mapping is read with."""


def _is_called(name: str, typed: str) -> bool:
    """Whether a sheet, or a file with or without its ending, is the one that was typed."""
    keys = {headings.name_key(text) for text in (typed, _bare(typed))}
    return headings.name_key(name) in keys or (_bare(name) != name and headings.name_key(_bare(name)) in keys)


def _bare(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and suffix.lower() in ("csv", "tsv", "parquet") else name
