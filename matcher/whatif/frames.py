"""A study as tidy tables: one row a case and measure, and one row a move. Codes and numbers, no words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pandas as pd

from matcher.errors import MatcherError
from matcher.plan.document import PlanDocument
from matcher.whatif.chains import Chain
from matcher.whatif.comparing import Comparison
from matcher.whatif.figures import FIGURES, figures_of, has_plan
from matcher.whatif.running import Outcome

if TYPE_CHECKING:
    from matcher.whatif.study import Case, Study

MEASURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scenario": "string",  # name, unique; the common base is “base”, of finished runs the folder
        "title": "string",
        "state": "string",  # done, failed, not_run
        "status": "string",  # optimal, feasible, infeasible, unknown; missing where it was not solved
        "reason": "string",  # code of what kept it from a plan; missing where it has one
        "kind": "string",  # tier, tie_break, figure
        "measure": "string",
        "value": "Float64",  # missing where there is no plan; whole numbers are exact up to 2^53
        "bound": "Float64",  # of tiers and tie-breaks
        "word": "string",  # proved, claimed, unknown; of tiers and tie-breaks
        "change": "Float64",  # against the common base
        "own_base": "string",  # the scenario it is based on, where that is not the common base
        "own_change": "Float64",  # against that one
    }
)
"""Column → dtype of the measures."""

MOVES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scenario": "string",
        "title": "string",
        "base": "string",  # what it is compared with: the common base, or the scenario it is based on
        "chain": "Int64",  # from 1 in each scenario and base
        "step": "Int64",  # from 1 in each chain
        "kind": "string",  # moved, entered, left
        "company_id": "string",
        "before_director_id": "string",
        "after_director_id": "string",
        "before_points": "Int64",
        "after_points": "Int64",
        "points_change": "Int64",
        "known": "string",  # what is known of the cause: see `Cause.known`
        "changes": "string",  # places of the changes in the scenario, such as 1,3
    }
)
"""Column → dtype of the moves."""


def measure_frame(study: Study) -> pd.DataFrame:
    """Every measure of every case. A case without a plan has a row for each measure all the same, without a value."""
    names = measures_of([case.document for case in study.all_cases])
    values = {case.name: values_of(case.document) for case in study.all_cases}
    base = values[study.base.name]
    rows: list[tuple[object, ...]] = []
    for case in study.all_cases:
        own = values.get(case.own_base or "", {})
        document = case.document
        status = None if document is None else document.status
        for kind, name in names:
            value, bound, word = values[case.name].get((kind, name), NOTHING)
            was, was_own = base.get((kind, name), NOTHING)[0], own.get((kind, name), NOTHING)[0]
            rows.append(
                (
                    *(case.name, case.title, case.outcome.state, status, reason_code(case), kind, name),
                    *(value, bound, word, None if case is study.base else _less(value, was)),
                    *(case.own_base, _less(value, was_own)),
                )
            )
    return frame_of(rows, MEASURES)


def move_frame(study: Study) -> pd.DataFrame:
    """Every move of every case, chain by chain, against the common base, then against its own."""
    rows: list[tuple[object, ...]] = []
    for case in study.cases:
        for base, comparison in sides_of(study, case):
            for number, chain in enumerate(comparison.chains, start=1):
                rows += [(case.name, case.title, base.name, number, *row) for row in _chain_rows(chain)]
    return frame_of(rows, MOVES)


def sides_of(study: Study, case: Case) -> list[tuple[Case, Comparison]]:
    """What a case is compared with, and the comparison: the common base, then the case it is based on."""
    sides = []
    if case.against_base is not None:
        sides.append((study.base, case.against_base))
    if case.own_base is not None and case.against_own is not None:
        sides.append((study.case(case.own_base), case.against_own))
    return sides


def reason_code(case: Case) -> str | None:
    """The code of what kept a case from a plan, None where it has one."""
    return reason_of(case.outcome)


def reason_of(outcome: Outcome) -> str | None:
    """The code of what kept an outcome from a plan, None where it has one."""
    error: MatcherError | None = outcome.error
    if error is not None:
        return error.code
    if outcome.plan is None:
        return outcome.state
    document = outcome.plan.document
    return None if has_plan(document) else document.status


Measured = tuple[float | None, float | None, str | None]
"""Value, bound and word of a measure."""

NOTHING: Final[Measured] = (None, None, None)


def measures_of(documents: Iterable[PlanDocument | None]) -> list[tuple[str, str]]:
    """(kind, name) of every measure any document has, tiers first."""
    tiers: dict[tuple[str, str], None] = {}
    for document in documents:
        for tier in () if document is None else document.tiers:
            if tier.name != "lot":  # a number drawn, no measure of anything
                tiers[("tie_break" if tier.is_tie_break else "tier", tier.name)] = None
    ordered = sorted(tiers, key=lambda one: one[0] == "tie_break")
    return [*ordered, *(("figure", name) for name in FIGURES)]


def values_of(document: PlanDocument | None) -> dict[tuple[str, str], Measured]:
    """(kind, name) → value, bound and word of every measure a document has."""
    if document is None:
        return {}
    values: dict[tuple[str, str], Measured] = {
        ("tie_break" if tier.is_tie_break else "tier", tier.name): (tier.value, tier.bound, tier.word)
        for tier in document.tiers
    }
    return values | {("figure", name): (value, None, None) for name, value in figures_of(document).items()}


def _chain_rows(chain: Chain) -> list[tuple[object, ...]]:
    changes = ",".join(str(origin.number) for origin in chain.cause.origins if origin.number) or None
    return [
        (
            *(step, move.kind, move.company_id, move.before_id, move.after_id, move.before_points, move.after_points),
            *(move.points_change, chain.cause.known, changes),
        )
        for step, move in enumerate(chain.moves, start=1)
    ]


def _less(value: float | None, was: float | None) -> float | None:
    # Figures have at most two decimals: what is left below is the float's own noise.
    return None if value is None or was is None else round(value - was, 6)


def frame_of(rows: Sequence[tuple[object, ...]], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """A table with these columns and dtypes, of no rows too."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(dtypes)
    return pd.DataFrame(
        {name: pd.array(list(cells), dtype=dtype) for (name, dtype), cells in zip(dtypes.items(), columns, strict=True)}  # type: ignore[call-overload]
    )
