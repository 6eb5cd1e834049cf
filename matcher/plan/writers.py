"""Where a plan finds what lives above it: file writers, its reader, and who answers questions put to it.

Handed in from above, so that its room knows no file format and no question.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from matcher.plan.document import PlanDocument
    from matcher.plan.plan import Plan

Write = Callable[["Plan", Path, str], None]
Kind = Literal["excel", "html"]

Read = Callable[[Path], "PlanDocument"]


class Explained(Protocol):
    """An answer: ``print`` shows it, a notebook too. `matcher.explain.explanation.Explanation` is one."""

    def to_dict(self) -> dict[str, Any]:
        """Codes, ids and numbers, as ``matcher explain --json``."""

    def to_text(self, lang: str) -> str:
        """The sentences; `lang` is ja or en."""

    def to_html(self, lang: str) -> str:
        """A fragment of HTML; `lang` is ja or en."""


class Explainer(Protocol):
    """Who answers questions put to a plan."""

    def standing(self, plan: Plan) -> object:
        """The plan, ready to be asked."""

    def ask(self, standing: Any, question: str, ids: tuple[str, ...], options: dict[str, Any]) -> Explained:
        """One answer."""


_writers: dict[Kind, Write] = {}
_readers: list[Read] = []
_explainers: list[Explainer] = []


def register_writer(kind: Kind, write: Write) -> None:
    """Hand in the function that writes a plan as `kind`; `matcher/__init__.py` does."""
    _writers[kind] = write


def register_reader(read: Read) -> None:
    """Hand in the function that reads a plan.json; `matcher/__init__.py` does."""
    _readers[:] = [read]


def register_explainer(explainer: Explainer) -> None:
    """Hand in who answers questions; `matcher/__init__.py` does."""
    _explainers[:] = [explainer]


def explainer() -> Explainer:
    """Who was handed in."""
    return _explainers[0]


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
