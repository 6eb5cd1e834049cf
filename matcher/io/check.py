"""`check_source`: every fault of a data set, and what staff should look at before a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain.problem import Problem
from matcher.errors import Issue
from matcher.io.faults import FaultLog, RepairGroups, Sink
from matcher.io.frames import CheckedTable
from matcher.io.mapping import TableTerms
from matcher.io.source import Reading, read
from matcher.io.table_warnings import warn_of_tables

if TYPE_CHECKING:
    from matcher.pairing.candidates import Candidates

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class HeadingsRead:
    """The headings of one table of the source. `read` is column name → heading as the user wrote it; `terms` are what
    the user's mapping calls them.
    """

    table: str
    file: str
    sheet: str
    read: Mapping[str, str]
    terms: TableTerms


@dataclass(frozen=True)
class CheckReport:
    """What checking a source found.

    Attributes
    ----------
    faults, warnings, notes : the first thousand of each; notes tell what was left out, such as a column not used
    n_faults, n_warnings : how many there are in all
    problem : the data set, or None if it has faults that keep it from being read
    n_policy_faults : how many of the faults are in the policy or scenario
    n_notes : how many notes there are in all
    n_unread : how many of the warnings and notes tell of something that is there and was not read
    repairs : the first thousand cells that were read although they are not written as their column asks
    repair_groups : the same by column and kind, all of them counted
    headings : which of the user's columns was read as which, one for each table
    """

    faults: tuple[Issue, ...]
    warnings: tuple[Issue, ...]
    notes: tuple[Issue, ...]
    n_faults: int
    n_warnings: int
    problem: Problem | None
    n_policy_faults: int = 0
    n_notes: int = 0
    n_unread: int = 0
    repairs: tuple[Issue, ...] = ()
    repair_groups: RepairGroups = field(default_factory=RepairGroups)
    headings: tuple[HeadingsRead, ...] = ()


def check_source(
    path: str | Path,
    *,
    policy: str | Path | None = None,
    overrides: Sequence[str] = (),
    mapping: str | Path | None = None,
    sink: Sink | None = None,
    strict: bool = False,
    encoding: str | None = None,
) -> CheckReport:
    """Return every fault and warning of a source; nothing stops at the first.

    Parameters
    ----------
    path, policy, overrides, mapping, encoding : as in `read_source`
    sink : called with every fault, warning, note and repair as it is found, also beyond the thousand that are kept
    strict : a repair is a fault

    Raises
    ------
    UsageError
        If there is nothing at `path`, or a setting has no ``=``.
    """
    log = FaultLog(sink, is_strict=strict)
    reading = read(Path(path), log, policy=policy, overrides=overrides, mapping=mapping, encoding=encoding)
    problem = None
    if reading is not None:
        warn_of_tables(reading.tables, log)
        if not log.n_faults:
            problem = reading.problem()
            _warn_of_quotas(problem, reading, log)
            _look_at_pairs(problem, reading, log)
    return CheckReport(
        tuple(log.faults),
        tuple(log.warnings),
        tuple(log.notes),
        log.n_faults,
        log.n_warnings,
        problem,
        log.n_faults if reading is None else reading.n_policy_faults,
        log.n_notes,
        log.n_unread,
        tuple(log.repairs),
        log.repair_groups,
        _headings(reading),
    )


def _headings(reading: Reading | None) -> tuple[HeadingsRead, ...]:
    if reading is None:
        return ()
    raws = [table.raw for table in reading.tables.values()]
    terms = [reading.terms.terms(raw.table, raw.sheet or raw.file) for raw in raws]
    return tuple(
        HeadingsRead(raw.table, raw.file, raw.sheet, dict(raw.headers), own)
        for raw, own in zip(raws, terms, strict=True)
    )


def _warn_of_quotas(problem: Problem, reading: Reading, log: FaultLog) -> None:
    from matcher.modelling import quota_members

    for at, quota in enumerate(problem.policy.limits.quotas):
        n_companies = int(quota_members(problem, quota).sum())
        if n_companies == 0 or (quota.min or 0) > n_companies:
            rule = "quota_short" if n_companies else "quota_nobody"
            log.warn(
                reading.policy_text.issue(
                    rule, ("limits", "quotas", at), quota.value, by=quota.by, n_companies=n_companies, min=quota.min
                )
            )


def _look_at_pairs(problem: Problem, reading: Reading, log: FaultLog) -> None:
    from matcher.pairing.candidates import build_candidates

    candidates = build_candidates(problem)
    _report_pins(problem, reading.tables, candidates, log)
    _warn_of_companies(problem, reading.tables["companies"], candidates, log)
    _warn_of_directors(problem, reading.tables["directors"], candidates, log)
    if "engagements" in reading.tables:
        _warn_of_engagements(problem, reading.tables["engagements"], candidates, log)
    if "pairs" in reading.tables:
        _warn_of_marks(problem, reading.tables["pairs"], candidates, log)


def _report_pins(problem: Problem, tables: dict[str, CheckedTable], candidates: Candidates, log: FaultLog) -> None:
    if not candidates.contradictions:
        return
    for pin in candidates.contradictions:
        table = tables["engagements" if pin.is_engagement else "pairs"]
        frame = table.frame
        director, company = problem.director_ids[pin.director_idx], problem.company_ids[pin.company_idx]
        found = (frame["director_id"] == director) & (frame["company_id"] == company)
        found &= pin.is_engagement or (frame["rule"] == "pin")
        row = int(np.flatnonzero(found.to_numpy())[0])
        rule = "fixed_engagement_breaks_hard_rule" if pin.is_engagement else "pin_breaks_hard_rule"
        ids = {"director_id": director, "company_id": company}
        log.fault(table.issue(rule, row, "company_id" if pin.is_engagement else "rule", failed=pin.failed, **ids))


def _warn_of_companies(problem: Problem, table: CheckedTable, candidates: Candidates, log: FaultLog) -> None:
    rows = _row_of_id(table)
    for company_idx in np.flatnonzero(candidates.n_candidates_by_company == 0):
        row = rows[problem.company_ids[company_idx]]
        miss = candidates.near_misses.get(int(company_idx))
        if miss is None:
            failed = _commonest(candidates.n_rejected_by_company[company_idx])
            log.warn(table.issue("company_nobody_can_serve", row, "id", failed=failed))
            continue
        log.warn(
            table.issue(
                "company_nobody_can_serve",
                row,
                "id",
                near=(_named(problem.directors, miss.director_idx),),
                failed=miss.failed,
                amounts=dict(miss.amounts),
                measures=dict(miss.measures),
                missing_skills=miss.missing_skills,
            )
        )


def _warn_of_directors(problem: Problem, table: CheckedTable, candidates: Candidates, log: FaultLog) -> None:
    from matcher.pairing.candidates import RULES

    rows = _row_of_id(table)
    is_idle = candidates.n_candidates_by_director == 0
    out_of_service = candidates.n_rejected_by_director[:, RULES.index("in_service")] > 0
    for director_idx in np.flatnonzero(is_idle & ~out_of_service):
        failed = _commonest(candidates.n_rejected_by_director[director_idx])
        row = rows[problem.director_ids[director_idx]]
        log.warn(table.issue("director_nobody_needs", row, "id", failed=failed))


def _warn_of_engagements(problem: Problem, table: CheckedTable, candidates: Candidates, log: FaultLog) -> None:
    """Running engagements that no plan can keep, and those that are over when the batch begins."""
    from matcher.pairing.columns import build_columns
    from matcher.pairing.engagements import is_over
    from matcher.pairing.near_misses import explain_rules

    engagements = problem.tables["engagements"]
    directors = problem.director_idx(engagements["director_id"])
    companies = problem.company_idx(engagements["company_id"])
    over = is_over(problem)
    is_lost = ~over & (directors >= 0) & (companies >= 0) & ~_are_candidates(problem, candidates, directors, companies)
    if not (over.any() or is_lost.any()):
        return
    # The problem's rows are in the order of their key; a warning names the row of the file.
    sides = zip(table.frame["director_id"], table.frame["company_id"], strict=True)
    rows = {pair: row for row, pair in enumerate(sides)}
    pairs = list(zip(engagements["director_id"], engagements["company_id"], strict=True))
    starts = problem.companies["start"]
    for at in np.flatnonzero(over):
        own = starts.iloc[companies[at]] if companies[at] >= 0 else pd.NaT
        start = starts.min() if pd.isna(own) else own
        log.warn(table.issue("engagement_over", rows[pairs[at]], "until", start=f"{start:%Y-%m-%d}"))
    columns = build_columns(problem) if is_lost.any() else None
    pinned = {(pin.director_idx, pin.company_idx) for pin in candidates.contradictions}  # told as faults already
    for at in np.flatnonzero(is_lost):
        pair = (int(directors[at]), int(companies[at]))
        if pair in pinned:
            continue
        failed = [rule for rule in explain_rules(problem, *pair, columns=columns) if not rule.holds]
        worst = {
            rule.name: max(short, key=lambda one: 1 - one.offered / one.wanted)
            for rule in failed
            if (short := [one for one in rule.amounts if one.wanted > one.offered])
        }
        log.warn(
            table.issue(
                "engagement_breaks_rule",
                rows[pairs[at]],
                "company_id",
                director_id=pairs[at][0],
                failed=tuple(rule.name for rule in failed),
                amounts={name: (one.offered, one.wanted) for name, one in worst.items()},
                measures={name: one.measure for name, one in worst.items()},
                missing_skills=tuple(name for rule in failed for name in rule.missing_skills),
            )
        )


def _warn_of_marks(problem: Problem, table: CheckedTable, candidates: Candidates, log: FaultLog) -> None:
    """Rows that read like an exclusion, yet only ask for approval or disclosure."""
    frame = table.frame
    is_mark = (frame["rule"] == "forbid") & frame["severity"].isin(["needs_approval", "disclose"])
    rows = np.flatnonzero(is_mark.to_numpy())
    directors = problem.director_idx(frame["director_id"].iloc[rows])
    companies = problem.company_idx(frame["company_id"].iloc[rows])
    is_open = _are_candidates(problem, candidates, directors, companies)
    for row, director, company in zip(rows[is_open], directors[is_open], companies[is_open], strict=True):
        severities = {severity for severity, _ in candidates.flags.get((int(director), int(company)), ())}
        if frame["severity"].iloc[row] in severities:  # else the row has expired
            log.warn(table.issue("forbid_only_marks", int(row), "severity"))


def _are_candidates(
    problem: Problem, candidates: Candidates, director_idx: Indices, company_idx: Indices
) -> npt.NDArray[np.bool_]:
    n_companies = len(problem.companies)
    known = candidates.director_idx.astype(np.int64) * n_companies + candidates.company_idx
    return np.isin(director_idx * n_companies + company_idx, known)


def _row_of_id(table: CheckedTable) -> dict[str, int]:
    return {str(name): row for row, name in enumerate(table.frame["id"])}


def _named(frame: pd.DataFrame, idx: int) -> str:
    name = frame["name"].iloc[idx]
    return str(frame["id"].iloc[idx]) + ("" if pd.isna(name) else f" {name}")


def _commonest(counts: np.ndarray[tuple[int], np.dtype[np.int32]]) -> tuple[str, ...]:
    """The one or two rules that most pairs fail."""
    from matcher.pairing.candidates import RULES

    order = np.argsort(-counts, kind="stable")[:2]
    return tuple(RULES[at] for at in order if counts[at] > 0)
