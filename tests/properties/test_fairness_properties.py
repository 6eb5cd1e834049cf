"""Envy and blocking pairs against a double loop over directors and companies that knows the definitions only."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import DataError
from matcher.explain.envy import ORDERS, Order, blocking, build_ranks, envied
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from matcher.plan.usage import build_usage
from tests.problems import small_problem

Pair = tuple[int, int]

STARTS = (None, "2027-04-01", "2027-05-01", "2027-06-01")


@st.composite
def programmes(draw: st.DrawFn) -> dict[str, Any]:
    n_directors, n_companies = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    names = [(f"d{d}", f"c{c}") for d in range(1, n_directors + 1) for c in range(1, n_companies + 1)]
    director = st.fixed_dictionaries({"max_companies": st.integers(0, 3), "experience_years": st.integers(1, 4)})
    company = st.fixed_dictionaries(
        {"start": st.sampled_from(STARTS), "months": st.integers(1, 3), "priority": st.sampled_from((1.0, 1.0, 2.0))}
    )
    pairs = [
        {
            "director_id": d,
            "company_id": c,
            "rule": draw(st.sampled_from(("wish_director", "wish_company", "forbid", "pin"))),
            "value": draw(st.sampled_from((1.0, -0.5, None))),
        }
        for d, c in draw(st.sets(st.sampled_from(names), max_size=6))
    ]
    wanted = st.fixed_dictionaries({"skill": st.sampled_from(("EC", "写真")), "level": st.integers(1, 5)})
    return {
        "directors": draw(st.lists(director, min_size=n_directors, max_size=n_directors)),
        "companies": draw(st.lists(company, min_size=n_companies, max_size=n_companies)),
        "director_skills": [{"director_id": f"d{d}", **draw(wanted)} for d in range(1, n_directors + 1)],
        "company_needs": [{"company_id": f"c{c}", **draw(wanted)} for c in range(1, n_companies + 1)],
        "pairs": pairs,
        "engagements": draw(
            st.sampled_from(([], [{"director_id": "d1", "company_id": "elsewhere", "until": "2027-05-10"}]))
        ),
        "policy": {"limits": draw(st.sampled_from(({}, {"max_companies": 2})))},
    }


class Naive:
    """The definitions, one pair at a time."""

    def __init__(self, rows: dict[str, Any], standing: Standing, order: Order) -> None:
        candidates, months = standing.candidates, standing.model.months
        pairs = list(zip(candidates.director_idx.tolist(), candidates.company_idx.tolist(), strict=True))
        self.points = dict(zip(pairs, candidates.points.tolist(), strict=True))
        self.order, self.matches = order, sorted(standing.pairs)
        self.wish: dict[tuple[str, Pair], float] = {}
        self.pinned = set()
        for row in rows["pairs"]:
            pair = (int(row["director_id"][1:]) - 1, int(row["company_id"][1:]) - 1)
            self.wish[row["rule"], pair] = 1.0 if row["value"] is None else row["value"]
            self.pinned |= {pair} if row["rule"] == "pin" else set()
        self.runs = [set(range(a, b + 1)) for a, b in zip(months.first.tolist(), months.last.tolist(), strict=True)]
        capacity = standing.problem.directors["max_companies"].to_numpy(int)
        self.slots = (capacity[:, None] - months.slots_elsewhere).tolist()

    def rank(self, side: str, pair: Pair) -> tuple[float, int]:
        wish = self.wish.get((f"wish_{side}", pair), 0.0) if self.order == "wishes" else 0.0
        return wish, self.points[pair]

    def has_room(self, director: int, company: int, without: Pair | None = None) -> bool:
        own = [pair for pair in self.matches if pair[0] == director and pair != without]
        taken = [sum(month in self.runs[c] for _, c in own) for month in range(len(self.slots[director]))]
        return all(self.slots[director][month] - taken[month] >= 1 for month in self.runs[company])

    def envied(self) -> set[Pair]:
        found = set()
        for d, c in self.points:
            if (d, c) in self.matches or not any(company == c for _, company in self.matches):
                continue
            own = [pair for pair in self.matches if pair[0] == d]
            lowest = min((self.rank("director", pair) for pair in own), default=None)
            if self.has_room(d, c) if lowest is None else self.rank("director", (d, c)) > lowest:
                found.add((d, c))
        return found

    def blocking(self) -> dict[Pair, int]:
        found = {}
        for d, c in self.points:
            present = next((pair for pair in self.matches if pair[1] == c), None)
            if (d, c) in self.matches or present in self.pinned:
                continue
            if present is not None and self.rank("company", (d, c)) <= self.rank("company", present):
                continue
            gain = 2 * self.points[d, c] - (0 if present is None else self.points[present])
            if self.has_room(d, c):
                found[d, c] = gain
                continue
            worse = [
                pair
                for pair in self.matches
                if pair[0] == d
                and pair not in self.pinned
                and self.rank("director", pair) < self.rank("director", (d, c))
                and self.has_room(d, c, without=pair)
            ]
            if worse:
                left = min(worse, key=lambda pair: self.rank("director", pair))
                found[d, c] = gain - self.points[left]
        return found


@settings(max_examples=60)
@given(programmes())
def test_envy_and_blocking_pairs_are_those_of_a_double_loop(rows: dict[str, Any]) -> None:
    try:
        plan = match(small_problem(**rows))
    except DataError:
        return  # pins that contradict each other
    if plan.status != "optimal":
        return
    standing = build_standing(plan)
    usage = build_usage(plan.problem, plan.candidates, standing.model.months, np.flatnonzero(standing.is_chosen))
    for order in ORDERS:
        naive, ranks = Naive(rows, standing, order), build_ranks(standing, order)
        is_envied = envied(standing, usage, ranks)
        assert {standing.pair_of(column) for column in np.flatnonzero(is_envied).tolist()} == naive.envied()
        found = blocking(standing, usage, ranks)
        pairs = [standing.pair_of(column) for column in found.column.tolist()]
        gains = dict(zip(pairs, found.gain.tolist(), strict=True))
        assert len(gains) == len(pairs) and list(gains.values()) == sorted(gains.values(), reverse=True)
        naive_gains = naive.blocking()
        assert set(gains) == set(naive_gains)
        # Equal ranks may leave one match or another; their points are then equal too.
        assert gains == naive_gains
