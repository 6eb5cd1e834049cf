"""The commands, in the order of `matcher --help`. Each parses, calls and prints; the work is done below."""

from __future__ import annotations

from matcher.cli import for_staff, for_analysts, for_trying  # isort: skip  # the order of the help
from matcher.cli.root import app

__all__ = ["app", "for_analysts", "for_staff", "for_trying"]
