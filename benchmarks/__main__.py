"""`python -m benchmarks [--smallest]`: run every benchmark and print its figures."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    here = Path(__file__).parent
    sys.exit(pytest.main([str(here), "-c", str(here / "pytest.ini"), "-p", "no:cacheprovider", *sys.argv[1:]]))
