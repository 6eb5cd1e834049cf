"""Which engagements still run: at the boundary, before it, and where a date is missing."""

from __future__ import annotations

import pytest

from matcher.pairing.candidates import build_candidates
from matcher.pairing.engagements import is_over
from tests.problems import small_problem


@pytest.mark.parametrize(
    ("company_id", "until", "over"),
    [
        ("c1", "2027-03-31", True),
        ("c1", "2027-04-01", False),
        ("c1", None, False),
        ("c2", "2027-03-31", True),
        ("X1", "2027-03-31", True),
        ("X1", "2027-04-01", False),
        ("c3", "2027-05-31", True),
    ],
)
def test_engagement_is_over_when_it_ends_before_the_start(company_id: str, until: str | None, over: bool) -> None:
    """c1 starts on 1 April 2027, c2 has no start and so counts from there, c3 starts on 1 June."""
    companies = [{"start": "2027-04-01"}, {}, {"start": "2027-06-01"}]
    engagements = [{"director_id": "d1", "company_id": company_id, "until": until}]
    assert is_over(small_problem(companies=companies, engagements=engagements)).tolist() == [over]


def test_engagement_runs_on_where_no_company_has_a_start() -> None:
    engagements = [{"director_id": "d1", "company_id": "c1", "until": "2020-01-01"}]
    assert is_over(small_problem(engagements=engagements)).tolist() == [False]


def test_engagement_that_is_over_earns_no_points_for_keeping_it() -> None:
    companies = [{"start": "2027-04-01"}]
    for until, keep in (("2027-03-31", 0), ("2027-04-01", 70)):
        engagements = [{"director_id": "d1", "company_id": "c1", "until": until}]
        problem = small_problem(companies=companies, engagements=engagements, policy={"keep_points": 70})
        candidates = build_candidates(problem)
        assert (candidates.keep.tolist(), candidates.is_running.tolist()) == ([keep], [keep > 0])
