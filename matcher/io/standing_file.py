"""A finished run's folder read back as a plan that can be asked: it must hold, and its data must be the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matcher.domain.problem import Problem
from matcher.errors import DataError, UsageError
from matcher.io.plan_file import problem_of, read_earlier, under_policy_of
from matcher.plan.plan import Plan
from matcher.verifying.check import check_claim
from matcher.verifying.verification import Finding


def read_run(
    folder: str | Path,
    source: str | Path | None = None,
    *,
    mapping: str | Path | None = None,
    before: Callable[[Problem], None] | None = None,
) -> Plan:
    """The plan of a finished run, verified, with its data.

    Parameters
    ----------
    folder : the output folder of a run, or its plan.json
    source : the data, where they are not at the place the plan names (relative to the current folder)
    mapping : the mapping file, where it is not at the place the plan names
    before : called with the data under the plan's policy before anything is scored

    Raises
    ------
    UsageError : there is no such plan, or one of another version; ``plan_of_other_data`` when the data have changed
    DataError : ``plan_does_not_hold`` when its verification fails; ``source_has_faults``

    Notes
    -----
    Takes as long as `verify`, whose candidates are the plan's: everything is scored again, once.
    """
    document = read_earlier(Path(folder))
    problem = problem_of(document, source, mapping)
    place = str(document.source if source is None else source)
    if isinstance(problem, Finding) or problem.digest != document.digests.get("problem"):
        raise UsageError("plan_of_other_data", path=str(folder), source=place)
    if before is not None:
        before(under_policy_of(document, problem))
    verification, claim = check_claim(document, problem)
    if claim is None or not verification.ok:
        raise DataError("plan_does_not_hold", path=str(folder), n=len(verification.problems))
    return Plan(document, claim.problem, claim.candidates)
