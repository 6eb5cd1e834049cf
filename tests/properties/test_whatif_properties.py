"""A changed programme has the same plan, to the digest, from its base and from nothing: ties everywhere, any change."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.domain.problem import Problem, build_problem
from matcher.errors import MatcherError
from matcher.matching import match, match_base
from matcher.model.solvers import keeping
from matcher.whatif.applying import ChangeFaults, apply_change
from tests.problems import small_problem
from tests.properties.test_rescoring_properties import changes

SETTLED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

RATINGS = st.sampled_from([1, 3])


@st.composite
def networks_of_people(draw: st.DrawFn) -> Problem:
    """Up to 6 directors and 14 companies with slots alone as limits; most pairs have the points of another."""
    directors = st.fixed_dictionaries({"max_companies": st.integers(0, 3), "hands_on_rating": RATINGS})
    companies = st.fixed_dictionaries({"commitment": RATINGS, "priority": st.sampled_from([1.0, 1.0, 1.5])})
    rows: dict[str, Any] = {
        "directors": draw(st.lists(directors, min_size=1, max_size=6)),
        "companies": draw(st.lists(companies, min_size=1, max_size=14)),
        "policy": {"tie_break": draw(st.sampled_from([[], ["readiness"], ["hands_on", "nearness", "readiness"]]))},
    }
    return small_problem(**rows)


@SETTLED
@given(networks_of_people(), st.data())
def test_the_plan_of_a_change_is_the_same_from_its_base(problem: Problem, data: st.DataObject) -> None:
    try:
        changed = apply_change(problem, data.draw(changes(problem)))
    except ChangeFaults:
        return
    anew = build_problem(changed.tables, policy=changed.policy, title=changed.title, source=changed.source)
    base = match_base(problem)
    try:
        cold = match(anew)
    except MatcherError as error:
        cold, code = None, error.code
    with patch.multiple(keeping, LEAST_COLUMNS=0, _MOST_SHARE=1.0):
        try:
            warm = match(changed, base=base)
        except MatcherError as error:
            assert cold is None
            assert error.code == code
            return
    assert cold is not None
    assert warm.document.model_dump(exclude={"seconds"}) == cold.document.model_dump(exclude={"seconds"})
    assert warm.document.digests["plan"] == cold.document.digests["plan"] == warm.document.plan_digest()
