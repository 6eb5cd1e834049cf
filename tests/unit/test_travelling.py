"""What travels between processes: problems, plans and errors arrive as they left."""

from __future__ import annotations

import pickle
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pytest

import matcher
from matcher.errors import DataError, Issue, MatcherError, ModelError, OutputError, PolicyError, UsageError
from matcher.matching import Base, match_base
from matcher.whatif.applying import apply_change
from matcher.whatif.scenario import Change
from tests.problems import small_problem

PILOT = Path(__file__).parents[2] / "scenarios" / "pilot"

ERRORS = (
    DataError("data_has_faults", issues=[Issue("below_minimum", row=3, params={"low": 0})], n_issues=7, n=7),
    UsageError("axis_twice", given="weights.network"),
    PolicyError("whatif_has_faults", issues=[Issue("unknown_key", value="x")], source="a.yaml", n=1),
    OutputError("out_is_file", path="out"),
    ModelError("sum_too_large", name="points", limit=2**62),
)


@pytest.fixture(scope="module")
def base() -> Base:
    return match_base(matcher.read(PILOT))


def _arrived(thing: object) -> object:
    return pickle.loads(pickle.dumps(thing))


def test_a_problem_arrives_with_its_tables_policy_and_digest(base: Base) -> None:
    found = _arrived(base.problem)
    assert isinstance(found, matcher.Problem)
    assert (found.digest, found.policy, found.title) == (base.problem.digest, base.problem.policy, base.problem.title)
    for name, frame in base.problem.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], frame)
    with pytest.raises(TypeError):
        found.tables["directors"] = frame  # type: ignore[index]


def test_a_problem_leaves_what_was_found_out_about_it_behind(base: Base) -> None:
    assert base.problem.__dict__["_known"]
    found = _arrived(base.problem)
    assert "_known" not in vars(found)


def test_a_plan_arrives_with_its_candidates_and_can_be_asked(base: Base) -> None:
    plan = base.plan
    before = plan.why_not("D001", "C001").to_text("en")
    found = _arrived(plan)
    assert isinstance(found, matcher.Plan)
    assert found.document == plan.document
    assert found.document.to_json() == plan.document.to_json()
    pd.testing.assert_frame_equal(found.assignments, plan.assignments)
    assert not found.found
    assert found.why_not("D001", "C001").to_text("en") == before
    assert isinstance(found.candidates.criteria, MappingProxyType)


def test_a_base_arrives_and_gives_the_plan_it_would_have_given(base: Base) -> None:
    found = _arrived(base)
    assert isinstance(found, Base)
    change = Change.model_validate({"policy": {"limits.max_companies": 5}})
    here, there = (matcher.match(apply_change(one.problem, change), base=one) for one in (base, found))
    assert here.document.digests == there.document.digests
    assert here.document.assignments == there.document.assignments


def test_a_plan_that_is_infeasible_arrives() -> None:
    plan = matcher.match(small_problem(1, 2, policy={"limits": {"min_companies_per_director": 2}}))
    assert plan.status == "infeasible"
    found = _arrived(plan)
    assert isinstance(found, matcher.Plan)
    assert found.document == plan.document


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_arrives_with_its_sentence_and_its_issues(error: MatcherError) -> None:
    found = _arrived(error)
    assert type(found) is type(error)
    assert isinstance(found, MatcherError)
    assert str(found) == str(error)
    assert vars(found) == vars(error)
    assert found.exit_code == error.exit_code
