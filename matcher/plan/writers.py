"""Where a plan finds its file writers and its reader: handed in from above, so that its room knows no file format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matcher.plan.document import PlanDocument
    from matcher.plan.plan import Plan

Write = Callable[["Plan", Path, str], None]
Kind = Literal["excel", "html"]

Read = Callable[[Path], "PlanDocument"]

_writers: dict[Kind, Write] = {}
_readers: list[Read] = []


def register_writer(kind: Kind, write: Write) -> None:
    """Hand in the function that writes a plan as `kind`; `matcher/__init__.py` does."""
    _writers[kind] = write


def register_reader(read: Read) -> None:
    """Hand in the function that reads a plan.json; `matcher/__init__.py` does."""
    _readers[:] = [read]


def read_earlier(path: Path) -> PlanDocument:
    """The document in a plan.json, or in the folder that holds it.

    Raises
    ------
    UsageError : there is none, or it is none of this version
    """
    return _readers[0](path)


def writer_of(kind: Kind) -> Write:
    """The function that was handed in."""
    return _writers[kind]
