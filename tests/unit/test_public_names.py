"""The public names, pinned: adding or dropping one is a decision, not an accident."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matcher

NAMES = [
    "Candidates",
    "DataError",
    "Issue",
    "MatcherError",
    "OutputError",
    "Plan",
    "Policy",
    "PolicyError",
    "Problem",
    "UsageError",
    "check",
    "match",
    "read",
    "read_run",
    "schema",
    "verify",
    "write",
]


def test_public_names_are_pinned() -> None:
    assert matcher.__all__ == NAMES
    assert dir(matcher) == NAMES


def test_every_public_name_exists_and_is_documented() -> None:
    for name in NAMES:
        assert getattr(matcher, name).__doc__, name


def test_import_loads_no_solver_and_no_pandas() -> None:
    code = "import sys, matcher; print(sorted({m.split('.')[0] for m in sys.modules} & {'ortools', 'pandas', 'numpy'}))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


def test_no_module_hides_a_public_name() -> None:
    """A submodule called like a public function replaces it once anything imports the submodule."""
    modules = {path.name.removesuffix(".py") for path in Path(matcher.__file__).parent.iterdir()}
    assert modules & set(NAMES) == set()
