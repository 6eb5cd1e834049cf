"""Every exception this package raises, and `Issue`: one fault, warning or repair in one cell.

The tree::

    MatcherError               exit code
    ├── DataError              1   the data set has faults; carries every Issue
    ├── UsageError             2   the call itself is wrong (option, policy, scenario, output folder)
    │   ├── PolicyError        2   the policy or scenario file; carries every Issue
    │   └── OutputError        2   what should be written cannot be, or would replace something
    ├── ModelError             1   numbers beyond what the model can hold exactly
    └── WorkerError            1   a process that was at work died

A plan that is infeasible, or that time ran out on, is a result and no exception (exit codes 3 and 4).

Sentences live in `matcher.words`; an exception holds a code and what fills the sentence in. `str(error)` reads in
the language of MATCHER_LANG, else in that of the locale.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Params = Mapping[str, object]

_renderer: Callable[[MatcherError], str] | None = None


def set_renderer(render: Callable[[MatcherError], str]) -> None:
    """Hand in the function that turns an exception into a sentence (`matcher.words` does, from above)."""
    global _renderer
    _renderer = render


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault, warning or repair, as a place and a rule.

    A repair is a cell that was read although it is not written as its column asks; ``params["read"]`` is the text of
    what was read.

    `row` counts as the user's program shows it (the header is row 1 unless titles stand above it).
    `rule` is a stable code such as ``below_minimum``; `params` fills its sentence in `matcher.words`.
    """

    rule: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None
    params: Params = field(default_factory=lambda: MappingProxyType({}))
    severity: Literal["fault", "warning", "repair"] = "fault"


class MatcherError(Exception):
    """Root of the tree. `code` names the sentence, `params` fills it in."""

    exit_code = 1

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: Params = params

    def __str__(self) -> str:
        if _renderer is not None:
            return _renderer(self)
        filled = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({filled})"


class DataError(MatcherError):
    """The data set has faults.

    `issues` holds the faults that are shown; `n_issues` counts all of them, also those that were counted only.
    """

    def __init__(
        self, code: str, *, issues: Sequence[Issue] = (), n_issues: int | None = None, **params: object
    ) -> None:
        super().__init__(code, **params)
        self.issues = tuple(issues)
        self.n_issues = len(self.issues) if n_issues is None else n_issues


class UsageError(MatcherError):
    """The call itself is wrong."""

    exit_code = 2


class PolicyError(UsageError):
    """The policy or scenario file is wrong; `issues` holds every fault with line and column."""

    def __init__(self, code: str, *, issues: Sequence[Issue] = (), **params: object) -> None:
        super().__init__(code, **params)
        self.issues = tuple(issues)


class OutputError(UsageError):
    """What should be written cannot be, or would replace something."""


class ModelError(MatcherError):
    """Numbers beyond what the model can hold exactly, or a formulation that contradicts itself."""


class WorkerError(MatcherError):
    """A process that was at work died, and so did the next one that was given the same."""
