"""Every guarded spec, with its seconds: what `make bench-guard` holds to limits, here as figures."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import Figure
from benchmarks.guard import measure
from benchmarks.limits import read_limits
from benchmarks.specs import specs


@pytest.mark.parametrize("name", specs())
def bench_spec(benchmark: BenchmarkFixture, figures: list[Figure], name: str) -> None:
    limits = read_limits()
    for found in benchmark.pedantic(measure, (specs()[name], limits), rounds=1):
        limit = limits.get(name, {}).get(found.name)
        goal = "" if limit is None else f"= {limit.value:,.10g}" if limit.kind == "value" else f"≤ {limit.most:,.6g}"
        taken = "" if found.seconds is None else " ({:.3f} s for {:.3f} s of CPU)".format(*found.seconds)
        figures.append(Figure(f"{name}: {found.name}", f"{found.value:,.10g}{taken}", goal))
