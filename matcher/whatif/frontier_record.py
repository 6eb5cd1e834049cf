"""A frontier as plain data: what `--json` prints and frontier.json holds."""

from __future__ import annotations

from typing import Any

from matcher.domain.problem import Problem
from matcher.whatif.frontier import Frontier, Point, shown_values

SCHEMA = "matcher.frontier/1"

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
