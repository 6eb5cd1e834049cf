"""Where a plan finds its file writers: handed in from above, so that the plan's room knows no file format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matcher.plan.plan import Plan

Write = Callable[["Plan", Path, str], None]
Kind = Literal["excel", "html"]

_writers: dict[Kind, Write] = {}


def register_writer(kind: Kind, write: Write) -> None:
    """Hand in the function that writes a plan as `kind`; `matcher/__init__.py` does."""
    _writers[kind] = write


def writer_of(kind: Kind) -> Write:
    """The function that was handed in."""
    return _writers[kind]
