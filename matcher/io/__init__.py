"""Files in: tables, scenarios and policies, with every fault found at once; templates and plans out."""

from matcher.io.check import CheckReport, check_source
from matcher.io.source import read_source

__all__ = ["CheckReport", "check_source", "read_source"]
