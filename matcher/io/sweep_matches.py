"""Who is matched with whom, over all combinations of a sweep."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.whatif.swept import Sweep


@dataclass(frozen=True, slots=True)
class MatchOver:
    """A match, in how many combinations it is made, and in which plans."""

    director_id: str
    company_id: str
    n_points: int
    plans: tuple[str, ...]


def matches_over(sweep: Sweep) -> list[MatchOver]:
    """Every match of the grid, those of most combinations first."""
    frame = sweep.matches
    found = frame.groupby(["director_id", "company_id"], sort=True).agg(n=("point", "size"), plans=("plan", "unique"))
    found = found.sort_values("n", ascending=False, kind="stable")
    return [
        MatchOver(str(director), str(company), int(n), tuple(map(str, plans)))
        for (director, company), n, plans in zip(found.index, found["n"], found["plans"], strict=True)
    ]
