"""What holds for any cell and any bytes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.tables import TABLES, columns_of
from matcher.domain.values import is_blank
from matcher.errors import DataError, UsageError
from matcher.io import read_source
from matcher.io.cells import explain, fill, judge
from matcher.io.raw import column_of_cells
from tests.io.datasets import write_folder

COLUMNS = [(table, column) for table in TABLES for column in columns_of(table)]
CELLS = st.one_of(
    st.text(max_size=8),
    st.integers(-10, 10),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.sampled_from(
        ["1,000", "３", "-3", "1e3", "1e999", "０．５", "○", "×", "登録", "pin", "2026/2/30", "2026-04-01"]
    ),
    st.sampled_from(
        ["高知", "Kochi", "39", "E 製造業", "s", "392014", "39201", "後押し型", "6010001030403", "－１", ".5", "5."]
    ),
    st.sampled_from(
        ["売上拡大", "希望(企業)", "実行力", "競合", "禁止", "nan", "inf", "NA", "1_000", "0x10", "٣", "²"]
    ),
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(COLUMNS), st.lists(CELLS, min_size=1, max_size=6))
def test_the_vectorised_verdict_is_the_row_models(chosen: tuple[str, object], cells: list[object]) -> None:
    table, column = chosen
    raw = column_of_cells(cells)
    verdict = judge(column, raw.cells)  # type: ignore[arg-type]
    model = TABLES[table].row.model_fields[column.name]  # type: ignore[attr-defined]
    assert model is not None
    told = [explain(table, column.name, cell) for cell in raw.cells]  # type: ignore[attr-defined]
    assert list(verdict.rules) == [None if one is None else one[0] for one in told]
    series = fill(column, raw, verdict, len(cells))  # type: ignore[arg-type]
    assert len(series) == len(cells)
    assert np.array_equal(raw.codes < 0, [is_blank(cell) for cell in cells])


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["directors.csv", "companies.csv", "policy.yaml", "scenario.yaml", "ties.tsv"]),
    st.binary(max_size=200),
)
def test_any_bytes_end_in_a_data_or_usage_error(name: str, content: bytes) -> None:
    _read_with(name, content)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["companies.csv", "policy.yaml", "scenario.yaml"]),
    st.text(st.sampled_from('ID,名称都道府県目的\n\r"\t:-[]{}&*!|>#% a1weights'), max_size=60),
)
def test_any_text_ends_in_a_data_or_usage_error(name: str, content: str) -> None:
    _read_with(name, content.encode())


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1", b""]), st.binary(max_size=700))
def test_any_workbook_bytes_end_in_a_data_error(start: bytes, content: bytes) -> None:
    for name in ("book.xlsx", "book.xls", "companies.parquet"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(start + content)
            try:
                read_source(path if name.startswith("book") else path.parent)
            except (DataError, UsageError):
                continue
            raise AssertionError("a broken file was read")


def _read_with(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write_folder(Path(folder)) / name
        path.write_bytes(content)
        try:
            read_source(folder)
        except (DataError, UsageError) as error:
            assert str(error)
