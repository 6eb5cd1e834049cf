"""A plan.json read back, and checked against the data it names."""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from matcher.domain.policy import Policy
from matcher.domain.problem import Problem
from matcher.errors import PolicyError, UsageError
from matcher.io.faults import FaultLog
from matcher.io.source import read
from matcher.plan.document import SCHEMA, PlanDocument
from matcher.plan.plan import Plan
from matcher.plan.tree_record import TREE_FILE, TreeFile
from matcher.verifying.check import check_plan
from matcher.verifying.verification import Finding, Verification, schema_fault

_MAX_TREES = 500_000_000
"""Bytes of trees that are read, before a small file that unpacks without end fills the memory."""


def verify_plan(
    plan: str | Path | Plan,
    source: str | Path | None = None,
    *,
    mapping: str | Path | None = None,
    before: Callable[[Problem], None] | None = None,
) -> Verification:
    """Whether a plan holds: every match, limit, figure and bound of it, computed again without a solver.

    Parameters
    ----------
    plan : a plan.json, the folder that holds one, or a `Plan` in hand
    source : the data, where they are not at the place the plan names (relative to the current folder)
    mapping : the mapping file, where it is not at the place the plan names
    before : called with the data under the plan's policy before anything is scored

    Returns
    -------
    Verification
        With everything that does not hold. A file that is a plan of this version but breaks its schema comes back with
        one problem for each part that does not fit.

    Raises
    ------
    UsageError : there is no such plan, it is no plan or one of another version, or the source is not found
    PolicyError : the source is a scenario file that leads nowhere

    Notes
    -----
    Takes as long as a run takes without solving: reading, scoring, and one pass over the model's entries a tier, or for
    each of a tree's prices. Trees that stand in a file beside plan.json and cannot be read from it prove nothing.
    """
    document = plan.document if isinstance(plan, Plan) else read_plan(Path(plan))
    if not isinstance(document, PlanDocument):
        return Verification(document, None, None, "unknown")
    problem = plan.problem if isinstance(plan, Plan) and source is None else problem_of(document, source, mapping)
    if isinstance(problem, Finding):
        return Verification((problem,), None, None, "unknown")
    if before is not None:
        before(under_policy_of(document, problem))
    return check_plan(document, problem)


def under_policy_of(document: PlanDocument, problem: Problem) -> Problem:
    """The data under the plan's own policy; as they are where that is none."""
    try:
        return problem.with_policy(Policy.model_validate(document.policy))
    except ValidationError:
        return problem


def read_plan(path: Path) -> PlanDocument | tuple[Finding, ...]:
    """The document in a file or folder, or what of it does not fit the schema.

    Raises
    ------
    UsageError : ``plan_not_found``, ``plan_not_in_folder``, ``plan_no_file``; ``plan_not_json`` (no JSON as RFC 8259
        has it, or no plan) with the `reason`, a code; ``plan_other_schema``
    """
    file = path / "plan.json" if path.is_dir() else path
    if not file.is_file():
        code = "plan_not_in_folder" if path.is_dir() else "plan_no_file" if path.exists() else "plan_not_found"
        raise UsageError(code, path=str(path))
    try:
        text = file.read_text(encoding="utf-8-sig")
        content = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_only_once)
    except UnicodeDecodeError:
        raise UsageError("plan_not_json", path=str(file), reason="not_utf8") from None
    except (ValueError, RecursionError) as error:
        raise UsageError("plan_not_json", path=str(file), **_reason(error)) from None
    schema = content.get("schema") if isinstance(content, dict) else None
    if not isinstance(schema, str) or schema.partition("/")[0] != SCHEMA.partition("/")[0]:
        raise UsageError("plan_not_json", path=str(file), reason="no_plan")
    if schema != SCHEMA:
        raise UsageError("plan_other_schema", path=str(file), schema=schema, known=SCHEMA)
    try:
        document = PlanDocument.model_validate_json(text, strict=True)
        return _with_trees(document, file.with_name(TREE_FILE)) if document.has_tree_file else document
    except ValidationError as error:
        return tuple(
            Finding("not_as_schema", ".".join(map(str, fault["loc"])) or "plan.json", schema_fault(fault))
            for fault in error.errors(include_url=False, include_input=False)
        )


def _with_trees(document: PlanDocument, file: Path) -> PlanDocument:
    """The document with the trees beside it; without those that cannot be read, which then prove nothing."""
    try:
        with gzip.open(file) as stream:
            text = stream.read(_MAX_TREES + 1)
    except (OSError, EOFError, zlib.error):
        return document
    if len(text) > _MAX_TREES:
        return document
    try:
        return document.joined(TreeFile.model_validate_json(text, strict=True))
    except ValidationError:
        return document


def read_earlier(path: Path) -> PlanDocument:
    """The document in a file or folder, to start from.

    Raises
    ------
    UsageError : as `read_plan`; ``plan_not_json`` also where a part does not fit the schema
    """
    document = read_plan(path)
    if isinstance(document, PlanDocument):
        return document
    raise UsageError("plan_not_json", path=str(path), reason="part", part=document[0].where, n=len(document))


class _Refused(ValueError):
    """What JSON does not allow, or what no plan holds: a code, and what fills its sentence in."""


def _reason(error: ValueError | RecursionError) -> dict[str, object]:
    """The code of what is wrong with a text, and where."""
    if isinstance(error, RecursionError):
        return {"reason": "nested"}
    if isinstance(error, _Refused):
        reason, given = error.args
        return {"reason": reason, "given": given}
    if isinstance(error, json.JSONDecodeError):
        return {"reason": "broken" if error.doc.strip() else "empty", "line": error.lineno, "column": error.colno}
    return {"reason": "number_too_long"}  # Python's own limit of digits is the one ValueError left


def _refuse_constant(name: str) -> None:
    raise _Refused("constant", name)  # NaN and Infinity are no JSON, and no comparison would ever find them


def _only_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: whatever JSON holds
    """An object; a key that stands in it twice means one thing to one reader and another to the next."""
    content = dict(pairs)
    if len(content) < len(pairs):
        raise _Refused("key_twice", Counter(name for name, _ in pairs).most_common(1)[0][0])
    return content


def problem_of(
    document: PlanDocument, source: str | Path | None, mapping: str | Path | None = None
) -> Problem | Finding:
    """The data read again, their own policy aside: the plan's counts."""
    if source is None and not (document.source and Path(document.source).exists()):
        raise UsageError("plan_source_not_found", path=document.source or "–")
    place = Path(document.source if source is None else source)
    log = FaultLog()
    reading = read(place, log, policy=None, overrides=(), mapping=document.mapping if mapping is None else mapping)
    if reading is None:
        raise PolicyError("policy_has_faults", issues=log.faults, source=str(place), n=log.n_faults)
    n_faults = log.n_faults - reading.n_policy_faults
    if n_faults:
        return Finding("source_has_faults", str(place), {"n": n_faults})
    problem = reading.problem()
    if document.decided is not None:
        problem = document.decided.applied(problem)
    # The same data may be called otherwise in another place.
    return problem if source is None else replace(problem, title=document.title)
