"""A robustness as data: what ``--json`` prints and robustness.json holds."""

from __future__ import annotations

from typing import Any

import pandas as pd

from matcher.whatif.best_over_draws import BestOverDraws
from matcher.whatif.under_noise import Robustness

SCHEMA = "matcher.robustness/1"

Record = dict[str, Any]
"""Any: whatever JSON holds."""


def record(found: Robustness) -> Record:
    """Codes and numbers; a regret's pair is (at least, at most), None where nothing is known."""
    regret = found.regret
    return {
        "schema": SCHEMA,
        "digests": dict(found.plan.document.digests),
        "seed": found.seed,
        "n_asked": found.n_asked,
        "n_draws": found.n_draws,
        "rating_sd": {field: {"sd": sd, "from": origin} for field, (sd, origin) in found.spread.rating_sd.items()},
        "weight_sd": found.spread.weight_sd,
        "n_without_plan": found.n_without_plan,
        "n_base_refused": found.n_base_refused,
        "n_unchanged": found.n_unchanged,
        "keep_bonus_points": found.keep_bonus_points,
        "of": found.drawable.candidates.of,
        "regret_points": None
        if regret is None
        else {name: list(getattr(regret, name)) for name in ("mean", "median", "p90", "max")},
        "matches": _rows(found.matches),
        "entering": _rows(found.entering),
        "draws": _rows(found.draws),
        "best": {aim: {**_best(one), "matches": _rows(found.best_plan(aim))} for aim, one in found.best.items()},
    }


def _rows(frame: pd.DataFrame) -> list[Record]:
    plain = frame.astype(object)
    found = plain.where(plain.notna(), None).to_dict("records")
    return [
        {str(name): value.item() if hasattr(value, "item") else value for name, value in row.items()} for row in found
    ]


def _best(one: BestOverDraws) -> Record:
    return {
        "value": float(one.value),
        "base_value": float(one.base_value),
        "bound": None if one.bound is None else float(one.bound),
        "word": one.word,
        "gap": one.gap,
        "n_counted": one.n_counted,
    }
