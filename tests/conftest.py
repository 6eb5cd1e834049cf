"""What every test shares, and the rule that a skipped test is not a passed one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]

ALLOWED_SKIPS = {
    "needs chromium: install it to see the report as a browser shows it",
    "needs LibreOffice: install it to see the workbook as an office program opens it",
    "root may read and write everything",
}
"""Reasons for which a test may be skipped; the first two not where CI is set."""

settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def scenarios() -> Path:
    """The folder of the example programmes."""
    return ROOT / "scenarios"


@pytest.fixture
def matcher_command(tmp_path: Path) -> Command:
    """Run the installed command in an empty folder, as a user does."""

    def run(*words: str, cwd: Path = tmp_path, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).with_name("matcher")), *words],
            cwd=cwd,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "MATCHER_LANG": "en", "COLUMNS": "120", **env},
            timeout=300,
        )

    return run


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium, or a listed skip; missing in CI is a failure."""
    return _program(("chromium", "chromium-browser", "google-chrome"), "needs chromium: ")


@pytest.fixture(scope="session")
def soffice() -> str:
    """Path of LibreOffice, or a listed skip; missing in CI is a failure."""
    return _program(("soffice", "libreoffice"), "needs LibreOffice: ")


def _program(names: tuple[str, ...], reason_start: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is not None:
        return found
    reason = next(reason for reason in ALLOWED_SKIPS if reason.startswith(reason_start))
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("skipped", []):
        terminalreporter.write_line(f"skipped: {report.nodeid}: {_reason(report)}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if reporter is None:
        return
    unlisted = [report for report in reporter.stats.get("skipped", []) if _reason(report) not in ALLOWED_SKIPS]
    if unlisted and session.exitstatus == 0:
        reporter.write_line(f"not passed: {len(unlisted)} skipped without a listed reason", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _reason(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return str(text).removeprefix("Skipped: ")
