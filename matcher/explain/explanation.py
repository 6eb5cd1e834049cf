"""`Explanation`: one question and its answer, which shows itself in a terminal, in a notebook and as a dict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matcher.explain.records import Record
    from matcher.explain.standing import Standing

SCHEMA = "matcher.explain/1"
PUBLIC = ("director_id", "company_id", "verdict", "served_by", "reason")
"""What of an answer a company may be handed as data: its own ids and what was decided, no figure and nobody else."""

Audience = Literal["staff", "company"]
Form = Literal["text", "html"]
Render = Callable[["Explanation", Form, "str | None"], str]

_renderers: list[Render] = []


def register_renderer(render: Render) -> None:
    """Hand in the function that puts an explanation into words; `matcher/__init__.py` does."""
    _renderers[:] = [render]


@dataclass(frozen=True)
class Explanation:
    """What was asked of a plan and what came out.

    Attributes
    ----------
    question : pair, company, director, …; standing : the plan; answer : the question's own frozen dataclass
    record : the answer as plain data; audience : for whom: `company` leaves out other companies and private figures
    """

    question: str
    standing: Standing
    answer: object
    record: Record
    audience: Audience = "staff"

    def to_dict(self) -> Record:
        """The answer as plain data: codes, ids and numbers, the same as ``--json``."""
        record = self.record
        if self.audience == "company":
            is_public = self.question in ("pair", "company")
            record = {key: record[key] for key in PUBLIC if is_public and key in record}
            return {"schema": SCHEMA, "question": self.question, "for": "company", **record}
        return {"schema": SCHEMA, "question": self.question, **record}

    def __str__(self) -> str:
        return _renderers[0](self, "text", None) if _renderers else repr(self)

    def _repr_html_(self) -> str:
        return _renderers[0](self, "html", None) if _renderers else repr(self)

    def to_text(self, lang: str) -> str:
        """The sentences; `lang` is ja or en."""
        return _renderers[0](self, "text", lang)

    def to_html(self, lang: str) -> str:
        """A fragment of HTML; `lang` is ja or en."""
        return _renderers[0](self, "html", lang)
