"""What every benchmark shares: its sizes, and the table of figures at the end. Timings are printed, never asserted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import pytest

from benchmarks.results_file import write_results

SIZES = {"smallest": (100, 1_000), "full": (1_000, 10_000)}
"""Directors × companies."""


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, the figure, and the goal it is printed beside."""

    name: str
    figure: str
    goal: str


_figures: list[Figure] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--smallest", action="store_true", help="the smallest size of each benchmark only")


@pytest.fixture(scope="session")
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Directors × companies of this run."""
    return SIZES["smallest" if request.config.getoption("--smallest") else "full"]


@pytest.fixture
def figures() -> Iterator[list[Figure]]:
    """The list that the closing table prints."""
    yield _figures


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _figures:
        return
    terminalreporter.section("figures")
    width = max(len(row.name) for row in _figures)
    for row in _figures:
        terminalreporter.write_line(f"{row.name:<{width}}  {row.figure:<46}  goal: {row.goal}")
    path = write_results("bench", [asdict(row) for row in _figures])
    terminalreporter.write_line(f"with machine and versions: {path.parent.name}/{path.name}")
