"""Decisions that break a hard rule, with both sides named: the row that decides, and the rows the rule looks at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from matcher.domain.problem import Problem
from matcher.errors import Issue
from matcher.io.decisions import place_text
from matcher.io.faults import FaultLog
from matcher.io.frames import CheckedTable
from matcher.io.source import read
from matcher.plan.decided import Decided, DecisionRecord
from matcher.words.catalog import Sentence

_OF_DIRECTOR = ("directors",)
_OF_COMPANY = ("companies",)
_OF_PAIR = ("pairs", "engagements")


def name_both_sides(
    issues: Sequence[Issue],
    decided: Decided,
    problem: Problem,
    source: Path,
    *,
    policy: str | Path | None,
    overrides: Sequence[str],
    mapping: str | Path | None = None,
    encoding: str | None = None,
) -> list[Issue]:
    """The contradictions of decisions as faults of their own rows, naming the rows of the data against them.

    Parameters
    ----------
    issues : what `matcher.matching.match` refused; those that no decision has a part in are left out
    problem : the data before the decisions
    source, policy, overrides, mapping, encoding : as the data were read
    """
    by_pair = {(one.director_id, one.company_id): one for one in decided.decisions}
    reading = read(source, FaultLog(), policy=policy, overrides=overrides, mapping=mapping, encoding=encoding)
    tables = {} if reading is None else reading.tables
    found = []
    for issue in issues:
        record = by_pair.get((str(issue.params.get("director_id")), str(issue.params.get("company_id"))))
        if record is not None:
            found.append(_issue(record, issue, decided.file, tables, problem))
    return found


def _issue(record: DecisionRecord, issue: Issue, file: str, tables: dict[str, CheckedTable], problem: Problem) -> Issue:
    ids = {"director_id": record.director_id, "company_id": record.company_id}
    if record.decision == "forbid":
        rule = "decision_forbids_pin"
        places = _rows(tables, record, _OF_PAIR, rules=("pin",))
        return Issue(rule, file, record.sheet, record.row, params={**ids, "places": places})
    names = issue.params["failed"]
    failed = tuple(names) if isinstance(names, tuple | list) else (str(names),)
    places = _rows(tables, record, ("pairs",), rules=("forbid",)) if "not_forbidden" in failed else []
    if failed != ("not_forbidden",):
        places += _rows(tables, record, (*_OF_DIRECTOR, *_OF_COMPANY))
    more = _amounts(problem, record)
    return Issue(
        "decision_breaks_hard_rule",
        file,
        record.sheet,
        record.row,
        params={**ids, "failed": failed, "places": places, **more},
    )


def _rows(
    tables: dict[str, CheckedTable], record: DecisionRecord, names: Sequence[str], *, rules: Sequence[str] = ()
) -> list[Sentence]:
    """The rows of some tables that speak of a pair, of its director or of its company."""
    places = []
    for name in names:
        table = tables.get(name)
        if table is None:
            continue
        frame = table.frame
        if name in _OF_DIRECTOR:
            is_row = frame["id"] == record.director_id
        elif name in _OF_COMPANY:
            is_row = frame["id"] == record.company_id
        else:
            is_row = (frame["director_id"] == record.director_id) & (frame["company_id"] == record.company_id)
            if name == "pairs":
                is_row &= frame["rule"].isin(list(rules))
        places += [place_text(table.issue("", int(row))) for row in np.flatnonzero(is_row.to_numpy())]
    return places


def _amounts(problem: Problem, record: DecisionRecord) -> dict[str, object]:
    """The numbers behind the rules that fail, as a check tells them."""
    from matcher.pairing.near_misses import explain_rules

    director = int(problem.director_idx([record.director_id])[0])
    company = int(problem.company_idx([record.company_id])[0])
    failed = [rule for rule in explain_rules(problem, director, company) if not rule.holds]
    worst = {
        rule.name: max(short, key=lambda one: 1 - one.offered / one.wanted)
        for rule in failed
        if (short := [one for one in rule.amounts if one.wanted > one.offered])
    }
    return {
        "amounts": {name: (one.offered, one.wanted) for name, one in worst.items()},
        "measures": {name: one.measure for name, one in worst.items()},
        "missing_skills": tuple(name for rule in failed for name in rule.missing_skills),
    }
