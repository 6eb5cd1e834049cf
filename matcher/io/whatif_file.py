"""What-if files read, their bases followed, their changes applied; every fault with file, line and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from matcher.domain.problem import Problem
from matcher.errors import Issue, PolicyError, UsageError
from matcher.io.faults import FaultLog
from matcher.io.nearest import Nearest
from matcher.io.policy_file import validated
from matcher.io.schema import find_rule, keys_at
from matcher.io.yaml_text import Keys, YamlText, read_yaml
from matcher.whatif.applying import ChangeFault, ChangeFaults, apply_change
from matcher.whatif.scenario import KINDS, Change, WhatIf

_DEPTH = 50

OnChange = Callable[[str, int, Change, Problem, Problem], None]
"""Told of each change: the name of its what-if, its place from 1, and the problem before and after."""

AdoptedPlans = dict[tuple[Path, str], list[tuple[str, str]] | UsageError]
"""(what-if, name of an earlier plan) → that plan's matches, as ids."""


@dataclass(frozen=True)
class ReadWhatIf:
    """A what-if with the ones it is based on, and where its text stands.

    Attributes
    ----------
    name : the file's name without its ending; chain : (path, text, what-if), the first base first, this one last
    """

    name: str
    chain: tuple[tuple[Path, YamlText, WhatIf], ...]

    @property
    def whatif(self) -> WhatIf:
        return self.chain[-1][2]

    @property
    def path(self) -> Path:
        """The file itself."""
        return self.chain[-1][0]

    @property
    def own_base(self) -> ReadWhatIf | None:
        """The what-if it is based on; None where that is the data set."""
        return None if len(self.chain) == 1 else ReadWhatIf(self.chain[-2][0].stem, self.chain[:-1])


def read_whatif(path: Path, source: Path) -> ReadWhatIf:
    """A what-if file and its bases.

    Parameters
    ----------
    source : the data set it is asked of; a base that is a data set must be the same

    Raises
    ------
    UsageError : ``whatif_not_found``
    PolicyError : the file, or one it is based on, has faults, or is based on itself
    """
    chain: list[tuple[Path, YamlText, WhatIf]] = []
    seen: list[Path] = []
    here: Path | None = path
    while here is not None:
        if not here.is_file():
            raise UsageError("whatif_not_found", path=str(here))
        text, whatif = _read(here)
        chain.append((here, text, whatif))
        seen.append(here.resolve())
        here = _base(here, text, whatif, source, seen)
    return ReadWhatIf(path.stem, tuple(reversed(chain)))


def given_whatif(name: str, content: Mapping[str, Any] | WhatIf, source: Path) -> ReadWhatIf:
    """A what-if that stands in no file. Its base and the plans it adopts are found from the current folder.

    Parameters
    ----------
    content : what would stand in a file. Any: whatever YAML holds

    Raises
    ------
    PolicyError : it has faults
    """
    plain = content.model_dump(mode="json", exclude_defaults=True) if isinstance(content, WhatIf) else dict(content)
    text, log = YamlText(name, plain), FaultLog()
    whatif = validated(WhatIf, text, log)
    if whatif is None:
        # No file, so neither line nor column: the key says where.
        issues = [replace(issue, row=None) for issue in log.faults]
        raise PolicyError("whatif_has_faults", issues=issues, source=name, n=log.n_faults)
    here = Path(name)
    base = _base(here, text, whatif, source, [])
    chain = () if base is None else read_whatif(base, source).chain
    return ReadWhatIf(name, (*chain, (here, text, whatif)))


def adopted_by(read: ReadWhatIf) -> AdoptedPlans:
    """The matches of every earlier plan that the chain adopts, or why they cannot be read."""
    found: AdoptedPlans = {}
    for path, _, whatif in read.chain:
        for change in whatif.changes:
            if change.adopt is not None:
                try:
                    found[path, change.adopt] = _matches_of(path, change.adopt)
                except UsageError as error:
                    found[path, change.adopt] = error
    return found


def apply_whatif(
    problem: Problem,
    read: ReadWhatIf,
    on_change: OnChange | None = None,
    *,
    adopted: AdoptedPlans | None = None,
) -> Problem:
    """The problem after every change of the chain, in order, under the what-if's title.

    Parameters
    ----------
    adopted : of `adopted_by`, where the plans it adopts have been read already; nothing is read then

    Raises
    ------
    PolicyError : a change that cannot be applied; nothing is applied then
    """
    plans = adopted_by(read) if adopted is None else adopted
    for path, text, whatif in read.chain:
        for place, change in enumerate(whatif.changes):
            before = problem
            try:
                problem = apply_change(problem, change, adopted=partial(_adopted, plans, path))
            except ChangeFaults as found:
                issues = [_issue(text, ("changes", place), fault) for fault in found.faults]
                raise PolicyError("whatif_has_faults", issues=issues, source=str(path), n=len(issues)) from None
            except UsageError as error:
                issue = text.issue("plan_not_adopted", ("changes", place, "adopt"), change.adopt, reason=str(error))
                raise PolicyError("whatif_has_faults", issues=[issue], source=str(path), n=1) from None
            if on_change is not None:
                on_change(path.stem, place + 1, change, before, problem)
    title = read.whatif.title or read.name
    return Problem(problem.tables, problem.policy, title, problem.source)


def whatif_schema() -> dict[str, Any]:  # Any: JSON Schema
    """The JSON Schema of a what-if file: every change of exactly one kind; settings are those of the policy."""
    schema = WhatIf.model_json_schema()
    change = schema["$defs"]["Change"]
    change["oneOf"] = [{"required": [kind]} for kind in KINDS]
    for kind in KINDS:
        # A kind that is written holds something: null is only what a file leaves out.
        shape = change["properties"][kind]
        change["properties"][kind] = {**next(one for one in shape["anyOf"] if one.get("type") != "null")}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "what-if"}


def _read(path: Path) -> tuple[YamlText, WhatIf]:
    log = FaultLog()
    text = read_yaml(path, log, shown=path.name)
    whatif = None if text is None else validated(WhatIf, text, log)
    if text is None or whatif is None:
        raise PolicyError("whatif_has_faults", issues=log.faults, source=str(path), n=log.n_faults)
    return text, whatif


def _base(here: Path, text: YamlText, whatif: WhatIf, source: Path, seen: Sequence[Path]) -> Path | None:
    """The next what-if of the chain; None where the data set is reached."""
    if whatif.base is None:
        return None
    base = here.parent / whatif.base
    if base.resolve() in seen or len(seen) > _DEPTH:
        raise _fault(here, text.issue("base_in_circle", ("base",), whatif.base))
    if base.is_dir() or base.resolve() == source.resolve() or _is_data(base):
        if base.resolve() != source.resolve() and base.resolve().parent != source.resolve():
            raise _fault(here, text.issue("base_is_other_data", ("base",), whatif.base, source=str(source)))
        return None
    if not base.is_file():
        raise _fault(here, text.issue("base_missing", ("base",), whatif.base))
    return base


def _is_data(path: Path) -> bool:
    """Whether a file is a data set: a workbook, or a scenario file that names data or a policy."""
    if path.suffix.lower() not in (".yaml", ".yml"):
        return path.is_file()
    text = read_yaml(path, FaultLog(), shown=path.name) if path.is_file() else None
    return text is not None and "changes" not in text.content and ("data" in text.content or "policy" in text.content)


def _adopted(plans: AdoptedPlans, path: Path, name: str) -> list[tuple[str, str]]:
    found = plans[path, name]
    if isinstance(found, UsageError):
        raise found
    return found


def _matches_of(here: Path, name: str) -> list[tuple[str, str]]:
    from matcher.io.plan_file import read_earlier

    document = read_earlier(here.parent / name)
    return [(match.director_id, match.company_id) for match in document.assignments]


def _fault(path: Path, issue: Issue) -> PolicyError:
    return PolicyError("whatif_has_faults", issues=[issue], source=str(path), n=1)


def _issue(text: YamlText, at: Keys, fault: ChangeFault) -> Issue:
    path: Keys = (*at, *(part for part in fault.path if part != "[key]"))
    rule, params = (fault.rule, dict(fault.params)) if fault.error is None else find_rule(fault.error)
    if fault.error is not None and rule == "unknown_key" and "policy" in fault.path:
        from matcher.domain.policy import Policy

        params = {"known": keys_at(Policy, fault.path[1:-1])}
    if "known" in params and isinstance(params["known"], tuple):
        params["near"] = Nearest([str(one) for one in params["known"]]).of(
            str(fault.value if rule == "unknown_id" else path[-1])
        )
        if rule == "unknown_id":
            del params["known"]
    value = fault.value if isinstance(fault.value, str | int | float | bool) else None
    return text.issue(rule, path, value, **params)
