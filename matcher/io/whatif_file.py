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
from matcher.whatif.applying import apply_change
from matcher.whatif.change_faults import ChangeFault, ChangeFaults, Unapplied
from matcher.whatif.scenario import KINDS, Change, WhatIf

_DEPTH = 50

OnChange = Callable[[str, int, Change, Problem, Problem], None]
"""Told of each change: the name of its what-if, its place from 1, and the problem before and after."""

AdoptedPlans = dict[tuple[Path, str], list[tuple[str, str]] | UsageError]
"""(what-if, name of an earlier plan) → that plan's matches, as ids."""


@dataclass(frozen=True)
class WhatIfFile:
    """One file of a chain.

    Attributes
    ----------
    whatif : what of it can be read; `places` of its changes in the file, from 0
    faults : what cannot be read; it is told together with what cannot be applied
    """

    path: Path
    text: YamlText
    whatif: WhatIf
    places: tuple[int, ...]
    faults: tuple[Issue, ...] = ()

    def fault(self, issue: Issue) -> PolicyError:
        """The error for one more fault."""
        return _faulty([*self.faults, issue], self.path)


@dataclass(frozen=True)
class ReadWhatIf:
    """A what-if with the ones it is based on, and where its text stands.

    Attributes
    ----------
    name : the file's name without its ending; chain : its files, the first base first, its own last
    """

    name: str
    chain: tuple[WhatIfFile, ...]

    @property
    def whatif(self) -> WhatIf:
        return self.chain[-1].whatif

    @property
    def path(self) -> Path:
        """The file itself."""
        return self.chain[-1].path

    @property
    def own_base(self) -> ReadWhatIf | None:
        """The what-if it is based on; None where that is the data set."""
        return None if len(self.chain) == 1 else ReadWhatIf(self.chain[-2].path.stem, self.chain[:-1])


def read_whatif(path: Path, source: Path) -> ReadWhatIf:
    """A what-if file and its bases.

    Parameters
    ----------
    source : the data set it is asked of; a base that is a data set must be the same

    Raises
    ------
    UsageError : ``whatif_not_found``
    PolicyError : a file is no YAML, or a base cannot be followed

    Notes
    -----
    Changes that cannot be read are kept as faults, and told by `apply_whatif` with those that cannot be applied.
    """
    chain: list[WhatIfFile] = []
    seen: list[Path] = []
    here: Path | None = path
    while here is not None:
        if not here.is_file():
            raise UsageError("whatif_not_found", path=str(here))
        chain.append(_read(here))
        seen.append(here.resolve())
        here = _base(chain[-1], source, seen)
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
    own = _judged(Path(name), YamlText(name, plain), FaultLog())
    base = _base(own, source, [])
    chain = () if base is None else read_whatif(base, source).chain
    return ReadWhatIf(name, (*chain, own))


def adopted_by(read: ReadWhatIf) -> AdoptedPlans:
    """The matches of every earlier plan that the chain adopts, or why they cannot be read."""
    found: AdoptedPlans = {}
    for file in read.chain:
        for change in file.whatif.changes:
            if change.adopt is not None:
                try:
                    found[file.path, change.adopt] = _matches_of(file.path, change.adopt)
                except UsageError as error:
                    found[file.path, change.adopt] = error
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
    PolicyError : every fault of every change, of all files of the chain; nothing is applied then

    Notes
    -----
    After a change that cannot be applied the later ones are judged without it, and are not blamed for what follows from
    that (`matcher.whatif.change_faults.Unapplied`).
    """
    plans = adopted_by(read) if adopted is None else adopted
    issues: list[Issue] = []
    unapplied = Unapplied()
    for file in read.chain:
        found, raw = list(file.faults), _raw_changes(file.text)
        sound = dict(zip(file.places, file.whatif.changes, strict=True))
        for place in range(len(raw)):
            before = problem
            faults: list[Issue] | None = [] if place in sound else None
            if place in sound:
                problem, faults = _after(problem, sound[place], (file, place), plans, unapplied)
            if faults is None or faults:
                unapplied.note(raw[place])
                found += faults or []
            elif on_change is not None:
                on_change(file.path.stem, place + 1, sound[place], before, problem)
        # No file, so neither line nor column: the key says where.
        issues += sorted(found, key=_place) if file.text.places else [replace(one, row=None) for one in found]
    if issues:
        raise _faulty(issues, read.path)
    title = read.whatif.title or read.name
    return Problem(problem.tables, problem.policy, title, problem.source)


def _after(
    problem: Problem, change: Change, of: tuple[WhatIfFile, int], plans: AdoptedPlans, unapplied: Unapplied
) -> tuple[Problem, list[Issue] | None]:
    """The problem after a change, or as it was with the change's faults: None where all follow from earlier ones."""
    file, place = of
    at: Keys = ("changes", place)
    try:
        return apply_change(problem, change, adopted=partial(_adopted, plans, file.path)), []
    except ChangeFaults as found:
        return problem, [_issue(file.text, at, fault) for fault in unapplied.own_faults(found.faults)] or None
    except UsageError as error:
        issue = file.text.issue("plan_not_adopted", (*at, "adopt"), change.adopt, reason=str(error))
        return problem, [issue]


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


def _read(path: Path) -> WhatIfFile:
    log = FaultLog()
    text = read_yaml(path, log, shown=path.name)
    if text is None:
        raise _faulty(log.faults, path)
    return _judged(path, text, log)


def _judged(path: Path, text: YamlText, log: FaultLog) -> WhatIfFile:
    """A file with the faults of its shape; without them where it has some, change by change."""
    whatif = validated(WhatIf, text, log)
    if whatif is not None:
        return WhatIfFile(path, text, whatif, tuple(range(len(whatif.changes))), tuple(log.faults))
    shapes = [validated(Change, YamlText(text.file, change), FaultLog()) for change in _raw_changes(text)]
    texts = {name: value for name in ("title", "question", "base") if isinstance(value := text.content.get(name), str)}
    whatif = WhatIf(**texts, changes=tuple(change for change in shapes if change is not None))
    places = tuple(place for place, change in enumerate(shapes) if change is not None)
    return WhatIfFile(path, text, whatif, places, tuple(log.faults))


def _raw_changes(text: YamlText) -> list[Any]:  # Any: whatever YAML holds
    changes = text.content.get("changes")
    return list(changes) if isinstance(changes, Sequence) and not isinstance(changes, str) else []


def _place(issue: Issue) -> tuple[int, int]:
    column = issue.params.get("yaml_column")
    return issue.row or 0, column if isinstance(column, int) else 0


def _base(file: WhatIfFile, source: Path, seen: Sequence[Path]) -> Path | None:
    """The next what-if of the chain; None where the data set is reached."""
    name, text = file.whatif.base, file.text
    if name is None:
        return None
    base = file.path.parent / name
    if base.resolve() in seen or len(seen) > _DEPTH:
        raise file.fault(text.issue("base_in_circle", ("base",), name))
    if base.is_dir() or base.resolve() == source.resolve() or _is_data(base):
        if base.resolve() != source.resolve() and base.resolve().parent != source.resolve():
            raise file.fault(text.issue("base_is_other_data", ("base",), name, source=str(source)))
        return None
    if not base.is_file():
        raise file.fault(text.issue("base_missing", ("base",), name))
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


def _faulty(issues: Sequence[Issue], path: Path) -> PolicyError:
    return PolicyError("whatif_has_faults", issues=issues, source=str(path), n=len(issues))


def _issue(text: YamlText, at: Keys, fault: ChangeFault) -> Issue:
    path = _as_typed(text, (*at, *(part for part in fault.path if part != "[key]")))
    rule, params = (fault.rule, dict(fault.params)) if fault.error is None else find_rule(fault.error)
    if fault.error is not None and rule == "unknown_key" and "policy" in fault.path:
        from matcher.domain.policy import Policy

        params = {"known": keys_at(Policy, fault.path[1:-1])}
    if "known" in params and isinstance(params["known"], tuple):
        params["near"] = Nearest([str(one) for one in params["known"]]).of(
            str(fault.value if rule == "unknown_id" else fault.path[-1])
        )
        if rule == "unknown_id":
            del params["known"]
    value = fault.value if isinstance(fault.value, str | int | float | bool) else None
    return text.issue(rule, path, value, **params)


def _as_typed(text: YamlText, path: Keys) -> Keys:
    """The path with a setting's dotted key in one piece, where it was typed so."""
    head, rest = path[:3], path[3:]
    for n in range(len(rest), 1, -1):
        whole: Keys = (*head, ".".join(map(str, rest[:n])), *rest[n:])
        if whole in text.places:
            return whole
    return path
