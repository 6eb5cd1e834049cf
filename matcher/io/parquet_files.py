"""Parquet files: typed columns, each turned into its different cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from matcher.errors import Issue
from matcher.io.csv_files import read_bytes
from matcher.io.faults import FaultLog
from matcher.io.headers import match_headers
from matcher.io.mapping import TableTerms
from matcher.io.raw import RawColumn, RawTable, drop_blank_rows, without_blanks


def read_parquet_table(
    table: str, path: Path, log: FaultLog, *, shown: str, terms: TableTerms | None = None
) -> RawTable | None:
    """Return a Parquet file as a raw table, or None after reporting why it cannot be read. Rows count from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = read_bytes(path, log, shown=shown)
    if content is None:
        return None
    try:
        stored = pq.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError, ValueError):
        log.fault(Issue("parquet_damaged", shown))
        return None
    terms = terms or TableTerms(table)
    header = [str(name) for name in stored.column_names]
    places = match_headers(table, header, Issue("", shown), log, terms)
    columns: dict[str, RawColumn] = {}
    for name, place in places.items():
        cells = stored.column(place)
        kind = cells.type.value_type if pa.types.is_dictionary(cells.type) else cells.type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            log.fault(Issue("parquet_type", shown, column=header[place], params={"kind": str(kind)}))
            continue
        columns[name] = _column(cells)
    headers = {name: header[places[name]] for name in columns}
    rows = np.arange(1, stored.num_rows + 1, dtype=np.int64)
    return terms.applied(drop_blank_rows(RawTable(table, shown, "", headers, columns, rows)))


def _column(cells: Any) -> RawColumn:  # Any: a pyarrow ChunkedArray, which has no type stubs
    import pyarrow as pa

    plain = cells.cast(cells.type.value_type) if pa.types.is_dictionary(cells.type) else cells
    encoded = plain.unify_dictionaries().combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return without_blanks(codes, encoded.dictionary.to_pylist())
