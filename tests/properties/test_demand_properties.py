"""Conflicts over every limit there is, against every assignment (`tests.every_conflict`) and every plan."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.matching import match
from matcher.plan.document import Conflict
from tests.every_conflict import assignments, demands_of
from tests.every_plan import Programme
from tests.problems import small_problem
from tests.properties.test_conflict_properties import after
from tests.properties.test_limits_properties import programmes


@st.composite
def _tight(draw: st.DrawFn) -> dict[str, Any]:
    """A programme of any limits that is asked for more than many of them give."""
    rows: dict[str, Any] = draw(programmes())
    limits = rows["policy"]["limits"]
    least = draw(st.integers(2, 5))
    by, value = draw(st.sampled_from((("goal", "raise_revenue"), ("prefecture", "Kochi"), ("kind", "company"))))
    asked = [{"by": by, "value": value, "min": least}]
    limits["quotas"] = [quota for quota in limits.get("quotas", ()) if (quota["by"], quota["value"]) != (by, value)]
    limits["quotas"] += asked
    return rows


def _assert_irreducible(programme: Programme, conflict: Conflict) -> None:
    demands = demands_of(programme, conflict)
    kept = [[keeps(plan) for keeps in demands] for plan in assignments(programme)]
    assert not any(all(row) for row in kept)
    for left_out in range(len(demands)):
        assert any(all(row[:left_out] + row[left_out + 1 :]) for row in kept), (left_out, conflict.rows, conflict.pins)


def _has_plan(rows: dict[str, Any]) -> bool:
    return next(Programme(rows).plans(), None) is not None


@settings(max_examples=30, deadline=None)
@given(_tight())
def test_conflict_of_any_limits_is_irreducible_and_what_is_enough_is_least(rows: dict[str, Any]) -> None:
    programme = Programme(rows)
    assume(not programme.contradictions and not _has_plan(rows))
    document = match(small_problem(**rows)).document
    conflict = document.conflict
    assert document.status == "infeasible"
    assert conflict is not None
    assert (conflict.is_irreducible, conflict.n_untried) == (True, 0)
    _assert_irreducible(programme, conflict)
    assert conflict.relaxations
    for found in conflict.relaxations:
        assert found.word == "proved"
        assert _has_plan(after(rows, found)), found
        if len(found.changes) == 1 and found.changes[0].side != "drop":
            assert found.least in ("proved", "claimed")
            assert not _has_plan(after(rows, found, back=1)), found
