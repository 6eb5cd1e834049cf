"""`check_source`: every fault of a data set, and what staff should look at before a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from matcher.domain import geography
from matcher.domain.policy import quota_value
from matcher.domain.problem import Problem
from matcher.domain.values import RATING_FIELDS, match_key
from matcher.errors import Issue
from matcher.io.faults import FaultLog, Sink
from matcher.io.frames import CheckedTable
from matcher.io.nearest import Nearest
from matcher.io.source import Reading, read

if TYPE_CHECKING:
    from matcher.pairing.candidates import Candidates

_N_EQUAL = 3  # from this many equal ratings on it is worth a word


@dataclass(frozen=True)
class CheckReport:
    """What checking a source found.

    Attributes
    ----------
    faults, warnings, notes : the first thousand of each; notes tell what was left out, such as a column not used
    n_faults, n_warnings : how many there are in all
    problem : the data set, or None if it has faults that keep it from being read
    n_policy_faults : how many of the faults are in the policy or scenario
    """

    faults: tuple[Issue, ...]
    warnings: tuple[Issue, ...]
    notes: tuple[Issue, ...]
    n_faults: int
    n_warnings: int
    problem: Problem | None
    n_policy_faults: int = 0


def check_source(
    path: str | Path,
    *,
    policy: str | Path | None = None,
    overrides: Sequence[str] = (),
    sink: Sink | None = None,
) -> CheckReport:
    """Return every fault and warning of a source; nothing stops at the first.

    Parameters
    ----------
    path, policy, overrides : as in `read_source`
    sink : called with every fault and warning as it is found, also beyond the thousand that are kept

    Raises
    ------
    UsageError
        If there is nothing at `path`, or a setting has no ``=``.
    """
    log = FaultLog(sink)
    reading = read(Path(path), log, policy=policy, overrides=overrides)
    problem = None
    if reading is not None:
        _warn_of_tables(reading, log)
        if not log.n_faults:
            problem = reading.problem()
            _look_at_pairs(problem, reading, log)
    return CheckReport(
        tuple(log.faults),
        tuple(log.warnings),
        tuple(log.notes),
        log.n_faults,
        log.n_warnings,
        problem,
        log.n_faults if reading is None else reading.n_policy_faults,
    )


def _warn_of_tables(reading: Reading, log: FaultLog) -> None:
    tables = reading.tables
    for name in ("directors", "companies", "people"):
        if name in tables and tables[name].has("name"):
            _warn_of_names(tables[name], log)
    _warn_of_shared_ids(tables, log)
    _warn_of_skills(tables, log)
    for name in ("directors", "companies"):
        for field in RATING_FIELDS:
            if name in tables and tables[name].has(field):
                _warn_of_equal(tables[name], field, log)
    _warn_of_quotas(reading, log)


def _warn_of_names(table: CheckedTable, log: FaultLog) -> None:
    """The same name twice; for companies only in the same prefecture and without corporate numbers that differ."""
    codes, names = pd.factorize(table.frame["name"])
    keys = pd.factorize(np.array([match_key(str(name)) for name in names], dtype=object))[0]
    key = pd.Series(np.append(keys, -1)[codes])
    parts = [key]
    if table.raw.table == "companies":
        parts += [table.frame["prefecture"], table.frame["corporate_number"].fillna("")]
    group = pd.concat(parts, axis=1, ignore_index=True).groupby([*range(len(parts))], sort=False).ngroup().to_numpy()
    named = np.flatnonzero((key >= 0).to_numpy())
    _, first, back = np.unique(group[named], return_index=True, return_inverse=True)
    earlier = named[first][back]
    for row, same in zip(named[named != earlier], earlier[named != earlier], strict=True):
        log.warn(table.issue("duplicate_name", int(row), "name", first_row=int(table.raw.rows[same])))


def _warn_of_shared_ids(tables: dict[str, CheckedTable], log: FaultLog) -> None:
    if "people" in tables and "directors" in tables and tables["people"].has("id"):
        people = tables["people"]
        shared = people.frame["id"].isin(tables["directors"].frame["id"].dropna()).to_numpy()
        for row in np.flatnonzero(shared):
            log.warn(people.issue("person_is_director", int(row), "id"))


def _warn_of_skills(tables: dict[str, CheckedTable], log: FaultLog) -> None:
    """A needed skill that nobody has; most often it is written in another way somewhere."""
    held = [tables[name].frame["skill"] for name in ("director_skills", "person_skills") if name in tables]
    if "company_needs" not in tables or not held or not tables["company_needs"].has("skill", "company_id"):
        return
    needs = tables["company_needs"]
    known = {match_key(str(skill)): str(skill) for skills in held for skill in skills.dropna().unique()}
    nearest = Nearest(known.values())
    codes, skills = pd.factorize(needs.frame["skill"])
    keys = np.array([match_key(str(skill)) for skill in skills] + [""], dtype=object)[codes]
    lacking = pd.DataFrame({"key": keys, "company": needs.frame["company_id"]})[
        ~np.isin(keys.astype(str), [*known, ""])
    ]
    for _, rows in lacking.groupby("key", sort=False):
        row = int(rows.index[0])
        near = nearest.of(str(needs.frame["skill"].iloc[row]))
        n_companies = int(rows["company"].nunique())
        log.warn(needs.issue("skill_nobody_has", row, "skill", near=near, n_companies=n_companies))


def _warn_of_equal(table: CheckedTable, field: str, log: FaultLog) -> None:
    given = table.frame[field].dropna()
    if len(given) >= _N_EQUAL and given.nunique() == 1:
        issue = table.issue("ratings_all_equal", int(given.index[0]), field, n=len(given))
        log.warn(Issue(issue.rule, issue.file, issue.sheet, None, issue.column, issue.value, issue.params))


def _warn_of_quotas(reading: Reading, log: FaultLog) -> None:
    if reading.policy is None or "companies" not in reading.tables:
        return
    companies = reading.tables["companies"].frame
    for at, quota in enumerate(reading.policy.limits.quotas):
        wanted = quota_value(quota.by, quota.value)
        if quota.by == "region":
            inside = [code for code in range(1, geography.N_PREFECTURES + 1) if geography.region_of(code) == wanted]
            n_companies = int(companies["prefecture"].isin(inside).sum())
        else:
            n_companies = int((companies[quota.by] == wanted).sum())
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


def _report_pins(problem: Problem, tables: dict[str, CheckedTable], candidates: Candidates, log: FaultLog) -> None:
    if not candidates.contradictions:
        return
    pairs = tables["pairs"]
    frame = pairs.frame
    for pin in candidates.contradictions:
        director, company = problem.director_ids[pin.director_idx], problem.company_ids[pin.company_idx]
        found = (frame["rule"] == "pin") & (frame["director_id"] == director) & (frame["company_id"] == company)
        row = int(np.flatnonzero(found.to_numpy())[0])
        ids = {"director_id": director, "company_id": company}
        log.fault(pairs.issue("pin_breaks_hard_rule", row, "rule", failed=pin.failed, **ids))


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
