"""Every plan that a run makes of a small random programme is accepted by the checker, with the word it states."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.matching import match
from matcher.pairing.candidates import build_candidates
from tests.forging import checked, content_of
from tests.problems import small_problem
from tests.properties.test_match_properties import TIERS, programmes


@settings(max_examples=80)
@given(programmes(), st.permutations(TIERS), st.integers(1, 4), st.integers(0, 3))
def test_plan_of_a_run_holds(rows: dict[str, Any], order: list[str], n_tiers: int, n_running: int) -> None:
    pairs = [(d, c) for d in range(len(rows["directors"])) for c in range(len(rows["companies"]))][:n_running]
    engagements = [{"director_id": f"d{d + 1}", "company_id": f"c{c + 1}", "hours_per_month": d} for d, c in pairs[1:]]
    engagements += [{"director_id": f"d{d + 1}", "company_id": "X"} for d, _ in pairs[:1]]
    policy = {**rows["policy"], "objective": order[:n_tiers], "keep_points": 100, "tie_break": ["goal_fit"]}
    problem = small_problem(**{**rows, "policy": policy, "engagements": engagements})
    if build_candidates(problem).contradictions:
        return
    plan = match(problem)
    verification = checked(content_of(plan), problem)
    assert verification.ok, verification.problems
    assert verification.word == plan.certificate.word
    assert verification.value == plan.certificate.value
