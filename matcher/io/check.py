"""`check_source`: every fault of a data set, and what staff should look at before a run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.domain.problem import Problem
from matcher.domain.values import RATING_FIELDS, match_key
from matcher.errors import Issue
from matcher.io.faults import FaultLog, Sink
from matcher.io.frames import CheckedTable
from matcher.io.nearest import Nearest
from matcher.io.source import Reading, read

if TYPE_CHECKING:
    from matcher.pairing.candidates import Candidates

Indices = npt.NDArray[np.int64]

_N_EQUAL = 3  # from this many equal ratings on it is worth a word
_N_SLIP = 4  # in a word of fewer letters, one other letter makes another word


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
    sink : called with every fault, warning and note as it is found, also beyond the thousand that are kept

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
    )


def _warn_of_tables(reading: Reading, log: FaultLog) -> None:
    tables = reading.tables
    for name in ("directors", "companies", "people"):
        if name in tables and tables[name].has("name"):
            _warn_of_names(tables[name], log)
    _warn_of_shared_ids(tables, log)
    _warn_of_skills(tables, log)
    _warn_of_odd_skills(tables, log)
    for name in ("directors", "companies"):
        for field in RATING_FIELDS:
            if name in tables and tables[name].has(field):
                _warn_of_equal(tables[name], field, log)
    if "ratings" in tables and tables["ratings"].has("subject_id", "field", "rater", "rating"):
        _warn_of_ratings(tables["ratings"], log)


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


def _warn_of_odd_skills(tables: dict[str, CheckedTable], log: FaultLog) -> None:
    """A skill that one person alone lists, that nobody needs, and that is one slip away from one that counts."""
    lists = [
        (tables[name], tables[name].frame[[of, "skill"]].set_axis(["holder", "skill"], axis=1).dropna())
        for name, of in (("director_skills", "director_id"), ("person_skills", "person_id"))
        if name in tables and tables[name].has(of, "skill")
    ]
    if not lists:
        return
    needs = tables.get("company_needs")
    wanted = [] if needs is None else [str(skill) for skill in needs.frame["skill"].dropna().unique()]
    needed = {match_key(skill): skill for skill in wanted}
    held = pd.concat([rows.assign(list=at, row=rows.index) for at, (_, rows) in enumerate(lists)], ignore_index=True)
    codes, skills = pd.factorize(held["skill"])
    held["key"] = np.array([match_key(str(skill)) for skill in skills], dtype=object)[codes]
    found = held.groupby("key", sort=False).agg(
        n_holders=("holder", "nunique"), skill=("skill", "first"), list=("list", "first"), row=("row", "first")
    )
    is_known = (found["n_holders"] > 1) | found.index.isin(list(needed))
    known = {str(key): str(skill) for key, skill in found.loc[is_known, "skill"].items()} | needed
    by_slip: dict[str, list[str]] = {}
    for name in known:
        for slip in _slips(_letters(name)):
            by_slip.setdefault(slip, []).append(name)
    for key, of in found[~is_known].iterrows():
        word = _letters(str(key))
        near = [other for slip in _slips(word) for other in by_slip.get(slip, ()) if _is_slip(word, _letters(other))]
        if near:
            table = lists[int(of["list"])][0]
            log.warn(table.issue("skill_perhaps_misspelt", int(of["row"]), "skill", near=(known[near[0]],)))


def _letters(key: str) -> str:
    """A skill's match key without what people leave out or put in at will: blanks, dashes, dots."""
    return re.sub(r"[\s_\-‐‑–—―−・./]", "", key)


def _slips(key: str) -> list[str]:
    """A word, and the word without each of its letters: two words one slip apart have one of these in common."""
    return [key, *(key[:at] + key[at + 1 :] for at in range(len(key)))]


def _is_slip(one: str, other: str) -> bool:
    """Whether two words are the same or one letter apart, and likely to be meant alike.

    Grade 2 is not grade 3, and 新商品開発 is not 商品開発: digits, and a kanji more at either end, make another word.
    """
    if one == other or min(len(one), len(other)) < _N_SLIP:
        return one == other
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    short, long = sorted((one[start:], other[start:]), key=len)
    end = next((at for at, (a, b) in enumerate(zip(short[::-1], long[::-1], strict=False)) if a != b), len(short))
    left, right = short[: len(short) - end], long[: len(long) - end]
    if re.search(r"\d", left + right):
        return False
    if not left:
        is_at_end = start == 0 or end == 0
        return len(right) == 1 and not (is_at_end and re.fullmatch(r"[一-鿿]", right))
    return len(right) == 1 or (len(right) == 2 and left == right[::-1])


def _warn_of_ratings(table: CheckedTable, log: FaultLog) -> None:
    """A field that everybody has the same rating in, and a rater who gives everybody the same."""
    given = table.frame[["subject_id", "field", "rater", "rating"]].dropna()
    by_field = given.groupby("field", sort=False).agg(
        n_values=("rating", "nunique"), n_subjects=("subject_id", "nunique"), n=("rating", "size")
    )
    equal = by_field[(by_field["n_values"] == 1) & (by_field["n_subjects"] >= _N_EQUAL)]
    for field, n in equal["n"].items():
        first = int(given.index[given["field"] == field][0])
        log.warn(_of_column(table.issue("ratings_all_equal", first, "rating", n=int(n), rated=field)))
    rest = given[~given["field"].isin(equal.index)].assign(row=lambda rows: rows.index)
    rated = rest.groupby(["rater", "field"], sort=False).agg(
        n_values=("rating", "nunique"), n_subjects=("subject_id", "nunique"), row=("row", "first")
    )
    by_rater = rated.groupby("rater", sort=False).agg(
        n_values=("n_values", "max"), n_subjects=("n_subjects", "max"), row=("row", "first")
    )
    for row, n in by_rater.loc[
        (by_rater["n_values"] == 1) & (by_rater["n_subjects"] >= _N_EQUAL), ["row", "n_subjects"]
    ].to_numpy(int):
        log.warn(_of_column(table.issue("rater_all_equal", int(row), "rater", n=int(n))))


def _of_column(issue: Issue) -> Issue:
    """The issue about the whole column that its cell is an example of."""
    return replace(issue, row=None)


def _warn_of_equal(table: CheckedTable, field: str, log: FaultLog) -> None:
    given = table.frame[field].dropna()
    if len(given) >= _N_EQUAL and given.nunique() == 1:
        log.warn(_of_column(table.issue("ratings_all_equal", int(given.index[0]), field, n=len(given))))


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
