"""Reading CSV and writing JSON, plainly. Frozen: see `benchmarks.reference`."""

from __future__ import annotations

import csv
import json
from pathlib import Path


def read_tables(folder: Path) -> dict[str, list[dict[str, float | str]]]:
    """Every CSV file of a folder, a dictionary a row, numbers as floats."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem] = [{name: _value(cell) for name, cell in row.items()} for row in csv.DictReader(file)]
    return found


def _value(cell: str) -> float | str:
    text = cell.strip()
    try:
        return float(text)
    except ValueError:
        return text


def write_rows(path: Path, n_rows: int) -> None:
    """A JSON file of `n_rows` rows with ten figures each."""
    names = [f"figure_{number}" for number in range(10)]
    rows = [{"director_id": f"D{row:06}", **dict.fromkeys(names, row * 7 % 1000)} for row in range(n_rows)]
    path.write_text(json.dumps({"rows": rows}, ensure_ascii=False, indent=1), encoding="utf-8")
