"""A frontier as plain data: what `--json` prints and frontier.json holds."""

from __future__ import annotations

from typing import Any

import pandas as pd

from matcher.domain.problem import Problem
from matcher.whatif.frames import frame_of
from matcher.whatif.trade_off import Frontier, Point, shown_values

SCHEMA = "matcher.frontier/1"

_FIGURES = {
    "n_served": "Int64",
    "n_directors_used": "Int64",
    "total_points": "Int64",
    "total_distance_km": "Float64",
}
_STANDING = {"word": "string", "is_supported": "boolean", "is_open_after": "boolean"}

Record = dict[str, Any]
"""Any: whatever JSON holds."""


def record(frontier: Frontier, problem: Problem) -> Record:
    """The whole frontier; points count from 1, kilometres and squares stand without a sign."""
    return {
        "schema": SCHEMA,
        "title": problem.title,
        "objectives": list(frontier.objectives),
        "first": list(frontier.first),
        "is_sample": frontier.is_sample,
        "is_complete": frontier.is_complete,
        "is_interrupted": frontier.is_stopped,
        "of": frontier.of,
        "most_points": frontier.most_points,
        "n_solves": frontier.n_solves,
        "points": [_point(number, frontier, point) for number, point in enumerate(frontier.points, start=1)],
        "seed": problem.policy.solve.seed,
        "digests": {"problem": problem.digest, "policy": problem.policy.digest()},
    }


def frontier_frame(frontier: Frontier) -> pd.DataFrame:
    """One row a plan, from the most of the first objective on.

    Columns: `number` from 1; each objective, kilometres and squares without a sign; `n_served`, `n_directors_used`,
    `total_points`, `total_distance_km`; `word`; `is_supported`, whether some weighing finds the plan (missing
    where that is not known); `is_open_after`, whether more may lie between this one and the next.
    """
    asked = {str(name): "Int64" for name in frontier.objectives}
    dtypes = {"number": "Int64", **asked, **_FIGURES, **_STANDING}
    rows = [
        (
            *(number, *shown_values(frontier, point)),
            *(getattr(point.metrics, name) for name in _FIGURES),
            *(getattr(point, name) for name in _STANDING),
        )
        for number, point in enumerate(frontier.points, start=1)
    ]
    return frame_of(rows, dtypes)


def _point(number: int, frontier: Frontier, point: Point) -> Record:
    return {
        "number": number,
        "values": dict(zip(frontier.objectives, shown_values(frontier, point), strict=True)),
        "word": point.word,
        "is_supported": point.is_supported,
        "is_open_after": point.is_open_after,
        "metrics": point.metrics.model_dump(mode="json"),
        "matches": [
            {"director_id": director, "company_id": company, "points": points}
            for director, company, points in point.matches
        ],
    }
