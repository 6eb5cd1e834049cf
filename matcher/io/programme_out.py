"""An invented programme written as a folder of tables, chunk by chunk: it appears whole or not at all."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from matcher.errors import OutputError, UsageError
from matcher.generating.columns import Column, Rows
from matcher.generating.programme import TABLES, Programme, bytes_text
from matcher.io.outputs import earlier_record, folder_aside, refuse_occupied, resolved_folder
from matcher.words.generated import POLICY, README, SCENARIO, SEARCH
from matcher.words.reasons import reason_of

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS: Final = ("csv", "parquet")
RECORD: Final = "generated.json"
"""Says what a folder was made of; a folder with it holds a generated programme."""
SCHEMA: Final = "matcher.generated/1"

_TEXTS: Final = ("policy.yaml", "scenario.yaml", "README.md", RECORD)
_OWN_FILES: Final = frozenset({*_TEXTS, *(f"{table}.{form}" for table in TABLES for form in FORMATS)})
_LARGE: Final = 1_000_000
"""From so many pairs on, the policy asks for a search that scores some of them."""
_BOM: Final = b"\xef\xbb\xbf"

# Fixed, so that the same version of pyarrow writes the same bytes.
_PARQUET: Final[dict[str, Any]] = {
    "compression": "zstd",
    "compression_level": 3,
    "version": "2.6",
    "use_dictionary": True,
    "write_statistics": True,
    "data_page_version": "1.0",
}


def refuse_unwritable_programme(programme: Programme, folder: Path, *, form: str, force: bool) -> None:
    """Raise where writing a programme would destroy something or cannot end well; asked before any work is done.

    Raises
    ------
    UsageError : ``generate_format``
    OutputError : the folder is a file, the current one, or holds anything but a generated programme; it holds one and
        `force` is off; the disk has plainly less room than the programme takes
    """
    if form not in FORMATS:
        raise UsageError("generate_format", name=form, known=FORMATS)
    target = resolved_folder(folder)
    refuse_occupied(target, own_files=_OWN_FILES, earlier=_earlier)
    if not force and target.is_dir() and any(target.iterdir()):
        raise OutputError("out_holds_programme", path=str(folder))
    place = next((place for place in target.parents if place.is_dir()), Path())
    n_free, n_needed = shutil.disk_usage(place).free, programme.n_bytes(form)
    if n_free < n_needed:
        raise OutputError("generate_no_room", path=str(folder), needed=bytes_text(n_needed), free=bytes_text(n_free))


def write_programme(
    programme: Programme,
    folder: str | os.PathLike[str],
    *,
    form: str = "csv",
    force: bool = False,
    on_rows: Callable[[int], None] = lambda n_companies: None,
) -> list[Path]:
    """Write an invented programme: its tables, policy.yaml, scenario.yaml, and a README that says it is invented.

    Parameters
    ----------
    folder : made if absent; a generated programme that it holds already is replaced with `force` only
    form : csv (UTF-8 behind a byte order mark, CRLF, as Excel expects) or parquet (zstd)
    on_rows : called after every chunk with the number of companies that are written

    Returns
    -------
    The paths of all files. The same programme gives the same bytes on every machine; Parquet files only with the same
    version of pyarrow.

    Raises
    ------
    UsageError, OutputError : see `refuse_unwritable_programme`; ``out_not_writable`` where the disk refuses
    """
    refuse_unwritable_programme(programme, Path(folder), form=form, force=force)
    target = resolved_folder(Path(folder))
    try:
        with folder_aside(target) as aside:
            names = _write_tables(programme, aside, form, on_rows)
            names += _write_texts(programme, aside, form)
    except OSError as error:
        raise OutputError("out_not_writable", path=str(folder), reason=reason_of(error)) from error
    return [target / name for name in names]


def _write_tables(programme: Programme, aside: Path, form: str, on_rows: Callable[[int], None]) -> list[str]:
    n_companies = 0
    with ExitStack() as stack:
        writers: dict[str, Callable[[pa.Table], None]] = {}
        for tables in programme.chunks():
            for name, columns in tables.items():
                table = arrow_table(columns)
                if name not in writers:
                    path = aside / f"{name}.{form}"
                    writers[name] = stack.enter_context((_csv if form == "csv" else _parquet)(path, table.schema))
                writers[name](table)
            if "companies" in tables:
                n_companies += len(tables["companies"]["id"])
                on_rows(n_companies)
    return [f"{name}.{form}" for name in TABLES]


@contextmanager
def _csv(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    import pyarrow.csv as pa_csv

    # Nothing here holds a comma, a quote or a line break; pyarrow would refuse it.
    options = pa_csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file:
        # Excel reads UTF-8 only behind this mark, and expects CRLF.
        file.write(_BOM + ",".join(schema.names).encode() + b"\r\n")

        def write(table: pa.Table) -> None:
            buffer = io.BytesIO()
            pa_csv.write_csv(table, buffer, options)
            file.write(buffer.getvalue().replace(b"\n", b"\r\n"))

        yield write


@contextmanager
def _parquet(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    import pyarrow.parquet as pa_parquet

    file: IO[bytes]
    with path.open("wb") as file, pa_parquet.ParquetWriter(file, schema, **_PARQUET) as writer:
        yield lambda table: writer.write_table(table, row_group_size=max(1, table.num_rows))


def arrow_table(columns: Rows) -> pa.Table:
    """Return columns as a table of text, whole and decimal numbers, yes or no, and dates."""
    import pyarrow as pa

    return pa.table({name: _arrow(column) for name, column in columns.items()})


def _arrow(column: Column) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pa.array(column.values, pa.int64(), mask=column.blank)
    if not column.words:
        return values
    words = pa.array(column.words).take(values)
    if column.number is None:
        return words
    digits = pc.utf8_lpad(pa.array(column.number).cast(pa.string()), column.width, "0")
    is_numbered = pa.array(column.number >= 0)
    return pc.binary_join_element_wise(words, pc.if_else(is_numbered, digits, ""), column.end, "")


def _write_texts(programme: Programme, aside: Path, form: str) -> list[str]:
    made = {
        "n_directors": programme.n_directors,
        "n_companies": programme.n_companies,
        "seed": programme.seed,
        "form": form,
        "version": version("matcher"),
    }
    texts = {
        "policy.yaml": policy_text(programme),
        "scenario.yaml": SCENARIO.format(**_shown(made)),
        "README.md": README.format(**_shown(made), n_people=f"{programme.n_people:,}"),
        # Last: a folder with this file in it is a whole programme.
        RECORD: json.dumps({"schema": SCHEMA, **made}, indent=1) + "\n",
    }
    for name, text in texts.items():
        (aside / name).write_bytes(text.encode("utf-8"))
    return list(texts)


def _shown(made: dict[str, Any]) -> dict[str, str]:
    """Counts with thousands apart for reading, and bare for typing."""
    counts = {f"{name}_shown": f"{made[name]:,}" for name in ("n_directors", "n_companies")}
    return {**{name: str(value) for name, value in made.items()}, **counts}


def policy_text(programme: Programme) -> str:
    """Return the programme's policy.yaml, whose limits follow from its size."""
    most = programme.most_served()
    # A row that holds every pair of a large programme makes its linear relaxation slow; there the slots are the limit.
    is_large = programme.n_directors * programme.n_companies > _LARGE
    least = f"min: {most // 50}, " if most >= 100 else ""
    return POLICY.format(
        most="" if is_large else f"  max_companies: {most} # 応募より少ない / fewer than apply\n",
        municipalities=f"{least}max: {max(1, most // 5)}",
        associations=max(1, most // 10),
        seconds=600 if is_large else 60,
        search=SEARCH if is_large else "",
    )


def _earlier(folder: Path) -> dict[str, Any] | None:
    """What a folder's programme was made of, None where it holds none."""
    return earlier_record(folder / RECORD, SCHEMA)
