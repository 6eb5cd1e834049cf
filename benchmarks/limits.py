"""Limits that the guard holds figures to, in `limits.json`: value, tolerance, commit and reason of each."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.specs import TOLERANCE, Kind

PATH = Path(__file__).with_name("limits.json")
_ROUNDED: Mapping[Kind, int] = {"ratio": 3, "growth": 3, "work": 4, "gap": 6, "bytes": 1}

Limits = dict[str, dict[str, "Limit"]]


@dataclass(frozen=True)
class Limit:
    """What one figure was when its limit was set, and how much more is let through.

    `tolerance` is a share of the value; `commit` the last one that had touched `matcher/` then.
    """

    kind: Kind
    value: float
    tolerance: float
    commit: str
    reason: str

    @property
    def most(self) -> float:
        """The largest figure that passes."""
        return self.value + abs(self.value) * self.tolerance


@dataclass(frozen=True)
class Measured:
    """One figure of one spec, and the seconds of CPU behind a ratio (ours, theirs), which nobody is held to."""

    spec: str
    name: str
    kind: Kind
    value: float
    seconds: tuple[float, float] | None = None


def read_limits(path: Path = PATH) -> Limits:
    """Spec → figure → limit.

    Raises
    ------
    ValueError, TypeError : the file is damaged
    """
    found = json.loads(path.read_text(encoding="utf-8"))
    return {spec: {name: Limit(**entry) for name, entry in figures.items()} for spec, figures in found.items()}


def fault_of(measured: Measured, limits: Limits) -> str | None:
    """What is wrong with a figure, in a line that names benchmark, figure, limit and commit; None where it passes."""
    where = f"{measured.spec}: {measured.name}"
    limit = limits.get(measured.spec, {}).get(measured.name)
    if limit is None:
        return f'{where} is {measured.value:.6g} and has no limit. Try: make bench-accept REASON="…"'
    if is_within(measured, limit):
        return None
    since = f"set at commit {limit.commit}: {limit.reason}"
    if measured.kind == "value":
        return f"{where} is {measured.value:.10g}, not {limit.value:.10g} ({since})"
    return (
        f"{where} is {measured.value:.6g}, above the limit {limit.most:.6g} "
        f"({limit.value:.6g} and {limit.tolerance:.0%}, {since})"
    )


def is_within(measured: Measured, limit: Limit) -> bool:
    """Whether a figure passes: a value is the same, anything else no more than its limit."""
    if measured.kind == "value":
        return measured.value == limit.value
    return measured.value <= limit.most


def faults_of_absence(measured: Sequence[Measured], limits: Limits, specs: Sequence[str]) -> list[str]:
    """A line for each limit of the specs that ran which no figure was held to: a guard that vanished is no pass."""
    seen = {(one.spec, one.name) for one in measured}
    return [
        f'{spec}: {name} was not measured. Try: make bench-accept REASON="…"'
        for spec in specs
        for name in limits.get(spec, {})
        if (spec, name) not in seen
    ]


def moved(measured: Sequence[Measured], limits: Limits, *, specs: Sequence[str], reason: str, commit: str) -> Limits:
    """The limits with those figures in their place that are new, fail, or are better by more than the tolerance.

    A limit that holds and is not far off keeps its value, commit and reason; limits of specs that ran and of figures
    that are no more go, and so do limits of unknown specs.
    """
    found: Limits = {}
    for one in measured:
        limit = limits.get(one.spec, {}).get(one.name)
        rounded = round(one.value, _ROUNDED.get(one.kind, 0))
        value = int(rounded) if float(rounded).is_integer() else rounded
        new = Limit(one.kind, value, TOLERANCE[one.kind], commit, reason)
        is_kept = limit is not None and limit.kind == one.kind and is_within(one, limit) and _is_near(one, limit)
        found.setdefault(one.spec, {})[one.name] = limit if is_kept and limit is not None else new
    left = {spec: figures for spec, figures in limits.items() if spec not in found and spec in specs}
    return {**left, **found}


def _is_near(measured: Measured, limit: Limit) -> bool:
    return measured.value >= limit.value * (1 - limit.tolerance) - 1e-9


def write_limits(limits: Limits, path: Path = PATH) -> None:
    """Writes the file aside and renames it, so that it is never half there."""
    text = json.dumps(
        {spec: {name: asdict(limit) for name, limit in figures.items()} for spec, figures in limits.items()},
        ensure_ascii=False,
        indent=2,
    )
    aside = path.with_suffix(".new")
    aside.write_text(text + "\n", encoding="utf-8")
    aside.replace(path)


def measured_commit(root: Path = PATH.parents[1]) -> str:
    """The last commit that touched `matcher/`, with a `+` where something there is not committed.

    Raises
    ------
    RuntimeError : there is no git repository here
    """
    words = (("log", "-1", "--format=%h", "--", "matcher"), ("status", "--porcelain", "--", "matcher"))
    try:
        commit, changes = (
            subprocess.run(("git", "-C", str(root), *word), capture_output=True, text=True, check=True).stdout.strip()
            for word in words
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise RuntimeError("limits name a commit, and there is no git repository here to ask for it") from error
    return f"{commit}+" if changes else commit
