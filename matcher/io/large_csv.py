"""The quick way for large, plain CSV files; whatever is not plain takes the careful way of `csv_files`."""

from __future__ import annotations

import csv
import re
from itertools import islice

import numpy as np

from matcher.errors import Issue
from matcher.io.faults import FaultLog
from matcher.io.header_rows import find_header
from matcher.io.headers import match_headers
from matcher.io.mapping import TableTerms
from matcher.io.raw import RawColumn, RawTable, drop_blank_rows, without_blanks

N_CHARS = 200_000  # below this, loading the quick reader costs more than it saves
_N_LOOKED_AT = 10

_LONE_RETURN = re.compile(r"\r(?!\n)")


def read_large_csv(
    table: str, text: str, delimiter: str, log: FaultLog, *, shown: str, terms: TableTerms | None = None
) -> RawTable | None:
    """Return a table without quotes, titles, blank headings, ragged or empty lines; None where it is not that plain.

    Nothing is reported before the file has proved plain, so that the careful way may start afresh.

    Notes
    -----
    About 10 million cells a second; each column arrives as its different cells.
    """
    if len(text) < N_CHARS or '"' in text or _LONE_RETURN.search(text):
        return None
    first = list(islice(csv.reader(text[: 64 * 1024].splitlines(), delimiter=delimiter), _N_LOOKED_AT))
    terms = terms or TableTerms(table)
    found = find_header(terms, first)
    if found is None or found.last != 0 or found.joined or len(found.texts) < 2 or "" in found.texts:
        return None
    header = found.texts
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    places = match_headers(table, header, Issue("", shown, "", 1), FaultLog(), terms)
    names = [f"f{place}" for place in range(len(header))]
    try:
        stored = pa_csv.read_csv(
            pa.BufferReader(text.rstrip("\r\n").encode()),
            read_options=pa_csv.ReadOptions(column_names=names, skip_rows=1, block_size=1 << 24),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=[names[place] for place in places.values()],
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    columns: dict[str, RawColumn] = {}
    for name, place in places.items():
        encoded = stored.column(names[place]).combine_chunks().dictionary_encode()
        codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        columns[name] = without_blanks(codes, encoded.dictionary.to_pylist())
    headers = {name: header[place] for name, place in places.items()}
    rows = np.arange(2, stored.num_rows + 2, dtype=np.int64)
    raw = RawTable(table, shown, "", headers, columns, rows)
    kept = drop_blank_rows(raw)
    if columns and kept.rows.size < rows.size:
        return None  # what else such a row holds is told by the careful way
    match_headers(table, header, Issue("", shown, "", 1), log, terms)
    return terms.applied(kept)
