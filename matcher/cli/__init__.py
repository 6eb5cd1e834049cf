"""The command line: parse, call, print."""

from __future__ import annotations


def main() -> None:
    """Run the installed command `matcher`."""
    from matcher.cli.app import app

    app()
