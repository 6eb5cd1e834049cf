"""A grid of settings: every combination of what is varied, solved beside the others."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from matcher.domain.policy import CriterionName
from matcher.domain.problem import Problem
from matcher.errors import UsageError
from matcher.whatif.along_weight import Pairs
from matcher.whatif.applying import apply_change
from matcher.whatif.breakpoints import criterion_of
from matcher.whatif.change_faults import ChangeFaults
from matcher.whatif.running import Task, Tell
from matcher.whatif.scenario import Change

MOST_POINTS = 2_000
Value = int | float | str


@dataclass(frozen=True, slots=True)
class Axis:
    """One setting and the values it takes, in the order they were asked for."""

    key: str
    values: tuple[Value, ...]

    @property
    def is_text(self) -> bool:
        """Whether some value is no number; then all are shown as texts."""
        return any(isinstance(value, str) for value in self.values)


def parse_axis(text: str) -> Axis:
    """``weights.network=0:40:5`` (from, to, step; both ends included) or ``limits.max_companies=3,6,9``.

    Raises
    ------
    UsageError : ``axis_shape`` (given), ``axis_too_long`` (given, most), ``axis_value_twice`` (given, value)
    """
    key, equals, values = text.partition("=")
    if not equals or not key.strip() or not values.strip():
        raise UsageError("axis_shape", given=text)
    if ":" not in values:
        found = tuple(_value(part, text) for part in values.split(","))
        again = next((value for at, value in enumerate(found) if value in found[:at]), None)
        if again is not None:
            raise UsageError("axis_value_twice", given=text, value=again)
        return Axis(key.strip(), found)
    parts = values.split(":")
    try:
        low, high, step = (Decimal(part.strip()) for part in parts)
    except (ValueError, InvalidOperation):
        raise UsageError("axis_shape", given=text) from None
    if not (low.is_finite() and high.is_finite() and step.is_finite()) or step <= 0 or low > high:
        raise UsageError("axis_shape", given=text)
    n_values = int((high - low) / step) + 1
    if n_values > MOST_POINTS:
        raise UsageError("axis_too_long", given=text, most=MOST_POINTS)
    return Axis(key.strip(), tuple(_number(low + step * at) for at in range(n_values)))


def sweep_tasks(problem: Problem, axes: Sequence[Axis]) -> list[tuple[tuple[Value, ...], Task]]:
    """One task a combination, the last axis running fastest.

    Raises
    ------
    UsageError : ``settings_not_applied`` for a value that the policy refuses
    UsageError : ``axis_too_long`` for more than `MOST_POINTS` combinations; ``axis_twice`` (given)
    """
    keys = [axis.key for axis in axes]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise UsageError("axis_twice", given=twice)
    n_points = 1
    for axis in axes:
        n_points *= len(axis.values)
    if n_points > MOST_POINTS:
        raise UsageError("axis_too_long", given=" × ".join(keys), most=MOST_POINTS)
    for axis in axes:
        for value in axis.values:
            _under(problem, {axis.key: value})
    return [
        (point, _task(dict(zip(keys, point, strict=True))))
        for point in itertools.product(*(axis.values for axis in axes))
    ]


def weight_varied(axes: Sequence[Axis]) -> tuple[CriterionName, Fraction, Fraction] | None:
    """The criterion whose weight alone is varied, and from where to where; None where something else is."""
    if len(axes) != 1 or len(axes[0].values) < 2:
        return None
    criterion = criterion_of(axes[0].key)
    numbers = [Fraction(str(value)) for value in axes[0].values if not isinstance(value, str)]
    return None if criterion is None else (criterion, min(numbers), max(numbers))


def plan_letters(plans: Iterable[Pairs]) -> dict[Pairs, str]:
    """A letter for each different plan, in the order in which they come: A, B, …, Z, AA, AB, …"""
    letters: dict[Pairs, str] = {}
    for pairs in plans:
        letters.setdefault(pairs, _letter(len(letters)))
    return letters


def _letter(n: int) -> str:
    out = ""
    n += 1
    while n:
        n, rest = divmod(n - 1, 26)
        out = chr(65 + rest) + out
    return out


@dataclass(frozen=True)
class Settings:
    """A point of a grid: dotted keys of the policy and their values."""

    values: dict[str, Value]

    def apply(self, base: Problem, tell: Tell) -> Problem:
        return _under(base, self.values)

    def key(self) -> str:
        return json.dumps(self.values, ensure_ascii=False)


def _task(settings: dict[str, Value]) -> Task:
    name = " ".join(f"{key}={value}" for key, value in settings.items())
    return Task(name, name, Settings(settings))


def _under(problem: Problem, settings: dict[str, Value]) -> Problem:
    """The problem under other settings.

    Raises
    ------
    UsageError : ``settings_not_applied`` (name, faults)
    """
    try:
        return apply_change(problem, Change(policy=dict(settings)))
    except ChangeFaults as found:
        name = " ".join(f"{key}={value}" for key, value in settings.items())
        faults = [".".join(str(part) for part in fault.path if part != "policy") for fault in found.faults]
        raise UsageError("settings_not_applied", name=name, faults=faults) from None


def _value(part: str, text: str) -> Value:
    part = part.strip()
    if not part:
        raise UsageError("axis_shape", given=text)
    try:
        return _number(Decimal(part))
    except InvalidOperation:
        return part


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
