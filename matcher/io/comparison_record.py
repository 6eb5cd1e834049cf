"""A study as plain data, for ``--json`` and comparison.json: codes and numbers, and the sentence of an error."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from matcher.errors import WorkerError
from matcher.whatif.chains import Chain, Difference, Move, Origin
from matcher.whatif.comparing import Comparison
from matcher.whatif.figures import figures_of
from matcher.whatif.frames import reason_code
from matcher.whatif.running import Outcome
from matcher.whatif.study import Case, Study
from matcher.words.catalog import Lang
from matcher.words.errors import error_text

SCHEMAS: Final[Mapping[str, str]] = {"what-if": "matcher.what-if/1", "compare": "matcher.compare/1"}

N_ROWS = 200
"""Rows that differ, at most so many of which are listed for a comparison."""

Record = dict[str, Any]
"""Any: whatever JSON holds."""


def study_record(study: Study, lang: Lang) -> Record:
    """The whole study. `measures` and `moves` are the tables that the Parquet files hold."""
    record: Record = {"schema": SCHEMAS[study.kind], "title": study.title, "digest": study_digest(study)}
    record |= {"asked": asked_digest(study), "is_unfinished": is_unfinished(study)}
    if study.kind == "compare":
        record |= {"before": outcome_record(study.base.outcome, lang)}
        record |= {"after": outcome_record(study.cases[0].outcome, lang)}
        comparison = study.cases[0].against_base
        if comparison is not None:
            record |= {**_moves(comparison), **_figures(comparison)}
    else:
        record["base"] = outcome_record(study.base.outcome, lang)
        record["scenarios"] = [_case(case, lang) for case in study.cases if case.is_asked]
        record["bases"] = [_case(case, lang) for case in study.cases if not case.is_asked]
    return record | {"measures": frame_record(study.measures), "moves": frame_record(study.moves)}


def study_digest(study: Study) -> str:
    """SHA-256 of what was compared: names, data, policies, and of a scenario without data the reason."""
    content: list[str] = [study.kind]
    for case in study.all_cases:
        problem = None if case.plan is None else case.plan.problem
        made_of = [reason_code(case)] if problem is None else [problem.digest, problem.policy.digest()]
        content += [case.name, *map(str, made_of)]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def asked_digest(study: Study) -> str:
    """SHA-256 of what was asked: names, and the data and policy of the base."""
    plan = study.base.plan
    made_of = [] if plan is None else [plan.problem.digest, plan.problem.policy.digest()]
    content = [study.kind, *(case.name for case in study.all_cases), *made_of]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def is_unfinished(study: Study) -> bool:
    """Whether the same command may find more: it was interrupted, or a worker was lost."""
    outcomes = [case.outcome for case in study.all_cases]
    is_cut = any(one.plan is not None and one.plan.document.interrupted for one in outcomes)
    return is_cut or any(one.state == "not_run" or isinstance(one.error, WorkerError) for one in outcomes)


def outcome_record(outcome: Outcome, lang: Lang) -> Record:
    """One outcome; figures of matches are null where there is no plan."""
    document = None if outcome.plan is None else outcome.plan.document
    return {
        "name": outcome.name,
        "title": outcome.title,
        "state": outcome.state,
        "status": None if document is None else document.status,
        "objective": None if document is None else document.objective,
        "certificate": None if document is None else document.certificate.model_dump(mode="json"),
        "metrics": None if document is None else figures_of(document),
        "error": None if outcome.error is None else error_text(outcome.error, lang),
    }


def frame_record(frame: pd.DataFrame) -> list[Record]:
    """A tidy table as rows of plain values; whole numbers without a decimal point."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): _plain(value) for name, value in row.items()} for row in plain.to_dict("records")]


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _case(case: Case, lang: Lang) -> Record:
    record = {
        **outcome_record(case.outcome, lang),
        "reason": reason_code(case),
        "question": case.question,
        "changes": [_origin(origin) for origin in case.origins or ()],
        "own_base": case.own_base,
    }
    if case.against_base is not None:
        record |= _moves(case.against_base)
    if case.against_own is not None:
        record["against_own_base"] = _moves(case.against_own)
    return record


def _moves(comparison: Comparison) -> Record:
    return {
        **{kind: [_move(one) for one in getattr(comparison, kind)] for kind in ("moved", "entered", "left")},
        "chains": [_chain(chain) for chain in comparison.chains],
        "n_same": comparison.n_same,
        "same_points": comparison.same_points,
    }


def _move(move: Move) -> Record:
    return {
        "director_id": move.after_id if move.after_id is not None else move.before_id,
        "company_id": move.company_id,
        "before_director_id": move.before_id,
        "after_director_id": move.after_id,
        "before_points": move.before_points,
        "after_points": move.after_points,
    }


def _chain(chain: Chain) -> Record:
    return {
        "companies": [move.company_id for move in chain.moves],
        "points_change": chain.points_change,
        "shares_places": chain.shares_places,
        "known": chain.cause.known,
        "because_of": [_origin(origin) for origin in chain.cause.origins],
    }


def _origin(origin: Origin) -> Record:
    return {
        "kind": origin.kind,
        "number": origin.number or None,
        "whatif": origin.whatif or None,
        "reason": origin.reason,
        "settings": list(origin.settings),
        "rows": [_row(row) for row in origin.rows[:N_ROWS]],
        "n_rows": len(origin.rows),
    }


def _figures(comparison: Comparison) -> Record:
    return {
        "tiers": {name: list(both) for name, both in comparison.tiers.items()},
        "metrics": {name: list(both) for name, both in comparison.metrics.items()},
        "n_rows": comparison.n_rows,
        "rows": [_row(row) for row in comparison.rows[:N_ROWS]],
        "policy": list(comparison.policy),
    }


def _row(row: Difference) -> Record:
    return {"table": row.table, "key": list(row.key), "fields": list(row.fields), "side": row.side}
