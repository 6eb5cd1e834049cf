"""`Study`: a base and the scenarios laid beside it, with what each differs in; all that is shown or written of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from matcher.plan.document import PlanDocument
from matcher.plan.plan import Plan
from matcher.whatif.chains import Origin
from matcher.whatif.comparing import Comparison, compare
from matcher.whatif.figures import has_plan
from matcher.whatif.running import Outcome

if TYPE_CHECKING:
    import pandas as pd

BASE = "base"
"""The name that the common base goes by."""


@dataclass(frozen=True)
class Case:
    """One scenario of a study.

    Attributes
    ----------
    outcome : its plan, or why it has none; its name is unique in the study
    question : what it asks, for people; empty where it asks nothing
    origins : every change from the common base to it, in order; None where they are not known (two finished runs)
    own_base : the name of the case it is based on, where that is not the common base; own_origins : changes from there
    is_asked : False where it is here only because another is based on it
    against_base, against_own : what its plan differs in; None where a side has no document
    """

    outcome: Outcome
    question: str = ""
    origins: tuple[Origin, ...] | None = None
    own_base: str | None = None
    own_origins: tuple[Origin, ...] | None = None
    is_asked: bool = True
    against_base: Comparison | None = None
    against_own: Comparison | None = None

    @property
    def name(self) -> str:
        return self.outcome.name

    @property
    def title(self) -> str:
        return self.outcome.title

    @property
    def plan(self) -> Plan | None:
        return self.outcome.plan

    @property
    def document(self) -> PlanDocument | None:
        """The document of its plan, where it was solved."""
        return None if self.outcome.plan is None else self.outcome.plan.document

    @property
    def is_planned(self) -> bool:
        """Whether it has matches to speak of."""
        return self.document is not None and has_plan(self.document)


@dataclass(frozen=True)
class Study:
    """The common base, and the cases beside it.

    Attributes
    ----------
    kind : ``what-if`` = scenarios of one programme; ``compare`` = finished runs
    title : of the programme
    """

    kind: Literal["what-if", "compare"]
    title: str
    base: Case
    cases: tuple[Case, ...]

    @property
    def all_cases(self) -> tuple[Case, ...]:
        """The base, then the others."""
        return (self.base, *self.cases)

    @property
    def plans(self) -> Mapping[str, Plan]:
        """Name → plan, of all that were solved, the base first."""
        return {case.name: case.plan for case in self.all_cases if case.plan is not None}

    def case(self, name: str) -> Case:
        """The case of a name.

        Raises
        ------
        KeyError : there is none
        """
        return {case.name: case for case in self.all_cases}[name]

    @cached_property
    def measures(self) -> pd.DataFrame:
        """One row a case and measure; columns and dtypes as in `matcher.whatif.frames.MEASURES`."""
        from matcher.whatif.frames import measure_frame

        return measure_frame(self)

    @cached_property
    def moves(self) -> pd.DataFrame:
        """One row a case, base and move; columns and dtypes as in `matcher.whatif.frames.MOVES`."""
        from matcher.whatif.frames import move_frame

        return move_frame(self)

    def write(self, folder: str | Path, *, lang: str = "ja", force: bool = False) -> list[Path]:
        """Write comparison.html, comparison.xlsx, comparison.parquet, moves.parquet and comparison.json.

        Raises
        ------
        OutputError : the folder holds something else, or a comparison of others and `force` is off
        """
        from matcher.whatif.handed import rooms_above

        return rooms_above().write(self, Path(folder), lang, force)


def study_of(
    kind: Literal["what-if", "compare"], title: str, base: Case, cases: Sequence[Case], *, most_rows: int = 200
) -> Study:
    """The study with every comparison made.

    Raises
    ------
    KeyError : a case is based on one that is not among the cases
    """
    by_name = {case.name: case for case in cases}
    return Study(
        kind,
        title,
        base,
        tuple(
            replace(
                case,
                against_base=_compared(base, case, case.origins, most_rows),
                against_own=None
                if case.own_base is None
                else _compared(by_name[case.own_base], case, case.own_origins, most_rows),
            )
            for case in cases
        ),
    )


def study_of_plans(plans: Mapping[str, Plan], title: str = "") -> Study:
    """A study of plans that are there already; the first is what the others are compared with."""
    cases = [Case(Outcome(name, name, "done", plan)) for name, plan in plans.items()]
    return study_of("compare", title, cases[0], cases[1:])


def _compared(base: Case, case: Case, origins: tuple[Origin, ...] | None, most_rows: int) -> Comparison | None:
    if base.plan is None or case.plan is None:
        return None
    return compare(
        base.plan.document,
        case.plan.document,
        data=(base.plan.problem, case.plan.problem),
        origins=origins,
        most_rows=most_rows,
    )
