"""Figures of a run as JSON in `benchmarks/results/`, with machine and versions. Made on each run, never committed."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("results")
_PACKAGES = ("matcher", "ortools", "numpy", "pandas", "scipy", "networkx")


def machine() -> dict[str, object]:
    """What the figures were measured on; the load is that of the last minute, None where a system does not say."""
    model = ""
    about = Path("/proc/cpuinfo")
    if about.exists():
        lines = about.read_text(encoding="utf-8", errors="replace").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "cpu": model or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def write_results(name: str, figures: Sequence[Mapping[str, object]], folder: Path = RESULTS) -> Path:
    """Writes `NAME.json` in the results folder over an earlier one; returns its path."""
    record = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": {**{package: version(package) for package in _PACKAGES}, "python": platform.python_version()},
        "figures": list(figures),
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path
