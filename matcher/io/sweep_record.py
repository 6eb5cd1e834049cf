"""A sweep as plain data: what `--json` prints and sweep.json holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from matcher.io.comparison_record import outcome_record
from matcher.whatif.along_weight import Pairs
from matcher.whatif.breakpoints import Break, BreakPoints, Region
from matcher.whatif.frames import reason_of
from matcher.whatif.swept import Sweep
from matcher.words.catalog import Lang

SCHEMA: Final = "matcher.sweep/1"

Record = dict[str, Any]
"""Any: whatever JSON holds."""


def sweep_record(sweep: Sweep, lang: Lang) -> Record:
    """The whole sweep: every combination, the matches of each different plan, and the break points as fractions."""
    found, letters = sweep.break_points, sweep.letters
    return {
        "schema": SCHEMA,
        "title": sweep.problem.title,
        "keys": list(sweep.keys),
        "axes": [{"key": axis.key, "values": list(axis.values)} for axis in sweep.axes],
        "is_interrupted": sweep.is_stopped,
        "n_done": sweep.n_done,
        "points": [
            {
                "point": at + 1,
                "settings": dict(zip(sweep.keys, point, strict=True)),
                **outcome_record(outcome, lang),
                "reason": reason_of(outcome),
                "plan": sweep.letter_of(at),
            }
            for at, (point, outcome) in enumerate(zip(sweep.points, sweep.outcomes, strict=True))
        ],
        "plans": {letter: _matches(pairs) for pairs, letter in letters.items()},
        "break_points": None if found is None else _record(found, letters, sweep.most_solves),
        "seed": sweep.problem.policy.solve.seed,
        "digests": {"problem": sweep.problem.digest, "policy": sweep.problem.policy.digest()},
    }


def _record(found: BreakPoints, letters: Mapping[Pairs, str], most_solves: int) -> Record:
    return {
        "key": found.key,
        "low": str(found.low),
        "high": str(found.high),
        "step": float(found.step),
        "why_not": found.why_not,
        "n_solves": found.n_solves,
        "most_solves": most_solves,
        "is_complete": found.is_complete,
        "regions": [_region(region, letters) for region in found.regions],
        "breaks": [_break(one) for one in found.breaks],
    }


def _region(region: Region, letters: Mapping[Pairs, str]) -> Record:
    return {
        "from": str(region.low),
        "to": str(region.high),
        "plan": letters[region.plan],
        "word": region.word,
        "short_points": region.short_points,
        "sure": [[float(low), float(high)] for low, high in region.sure],
        "solved_at": None if region.solved_at is None else float(region.solved_at),
        "objective": dict(region.objective),
    }


def _break(one: Break) -> Record:
    return {
        "exact": str(one.w),
        "weight": float(one.w),
        "last": None if one.last is None else float(one.last),
        "first": None if one.first is None else float(one.first),
        "is_next_at_first": one.is_next_at_first,
    }


def _matches(pairs: Pairs) -> list[Record]:
    return [{"director_id": director, "company_id": company} for director, company in sorted(pairs)]
