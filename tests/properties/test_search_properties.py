"""A search finds the plan of the full product: what is counted, bounded and chosen, to the bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.domain.policy import CRITERIA
from matcher.domain.problem import Problem
from matcher.pairing.block import Block, Pairs
from matcher.pairing.candidates import build_candidates
from matcher.pairing.columns import build_columns
from matcher.pairing.criteria import score_pairs
from matcher.pairing.eligibility import UNSCORED_RULES
from matcher.pairing.listed import is_pinned, listed
from matcher.pairing.parts import build_part, pair_columns
from matcher.pairing.qualified import count_pairs, places_among_all, qualify
from matcher.pairing.upper import bounds_of
from tests.properties.test_pairing_properties import problems

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def without_scored_rules(problem: Problem, **changes: Any) -> Problem:
    """The problem with no rule that needs points, and every eligible pair kept."""
    thresholds = problem.policy.thresholds.model_copy(update={"min_score_points": None})
    rules = problem.policy.candidates.model_copy(update={"keep_per_company": None})
    return problem.with_policy(
        problem.policy.model_copy(update={"thresholds": thresholds, "candidates": rules, **changes})
    )


@given(problems(), st.booleans())
@quick
def test_listed_pairs_are_scored_and_judged_as_in_a_block(problem: Problem, is_fixed: bool) -> None:
    engagements = problem.policy.engagements.model_copy(update={"fixed": is_fixed, "move_price_points": 70})
    columns = build_columns(problem.with_policy(problem.policy.model_copy(update={"engagements": engagements})))
    block = Block(columns, 0, columns.n_companies)
    company, director = (part.ravel() for part in np.indices((columns.n_companies, columns.n_directors)))
    flat = Pairs(block, director, company)
    for at, pairs in listed(columns, director, company):
        scores, wanted = score_pairs(pairs), score_pairs(flat)
        every = np.arange(director.size)
        found = pair_columns(pairs, scores, np.arange(pairs.director.size), is_pinned(pairs))
        for name, values in pair_columns(flat, wanted, every, is_pinned(flat)).items():
            np.testing.assert_array_equal(found[name], values[at], err_msg=name)
        for name, rule in UNSCORED_RULES.items():
            holds = np.broadcast_to(rule(flat).holds, flat.shape)[at]
            np.testing.assert_array_equal(np.broadcast_to(rule(pairs).holds, pairs.shape), holds, err_msg=name)


@given(problems(), st.booleans(), st.integers(1, 3))
@quick
def test_classes_count_what_every_pair_counts(problem: Problem, is_fixed: bool, width: int) -> None:
    engagements = problem.policy.engagements.model_copy(update={"fixed": is_fixed})
    problem = without_scored_rules(problem, engagements=engagements)
    columns = build_columns(problem)
    whole = build_part(Block(columns, 0, columns.n_companies))
    qualified = qualify(columns)
    counts = count_pairs(qualified, width=width)
    np.testing.assert_array_equal(counts.rejected_by_company, whole.rejected_by_company)
    np.testing.assert_array_equal(counts.rejected_by_director, whole.rejected_by_director)
    np.testing.assert_array_equal(counts.eligible_by_company, whole.eligible_by_company)
    np.testing.assert_array_equal(counts.eligible_by_director, whole.eligible_by_director)
    candidates = build_candidates(problem)
    order = np.lexsort((candidates.director_idx, candidates.company_idx))
    director, company = candidates.director_idx[order].astype(np.int64), candidates.company_idx[order].astype(np.int64)
    np.testing.assert_array_equal(places_among_all(qualified, counts, director, company), order)


@given(problems(), st.sampled_from((None, *CRITERIA)), st.sampled_from([0, 400]))
@quick
def test_no_pair_has_more_points_than_its_bound(problem: Problem, only: str | None, price: int) -> None:
    weights = problem.policy.weights
    if only is not None:
        weights = weights.model_copy(update={name: float(name == only) for name in CRITERIA})
    engagements = problem.policy.engagements.model_copy(update={"move_price_points": price})
    problem = without_scored_rules(problem, weights=weights, engagements=engagements)
    candidates = build_candidates(problem)
    points = {
        (int(director), int(company)): int(has)
        for director, company, has in zip(
            candidates.director_idx, candidates.company_idx, candidates.points, strict=True
        )
    }
    qualified = qualify(build_columns(problem))
    named = set(zip(qualified.named.director.tolist(), qualified.named.company.tolist(), strict=True))
    seen = set()
    for block in bounds_of(qualified).blocks():
        for row, place in zip(*np.nonzero(block.qualifies), strict=True):
            pair = int(block.directors[place]), int(block.companies[row])
            seen.add(pair)
            bound = float(block.points[row, place]) + block.margin[row]
            assert points[pair] <= bound
            if only not in (None, "own_business") and price == 0:  # what a move costs is left out of a bound
                assert points[pair] >= bound - 2 * block.margin[row]  # a bound far above would be of no use
    assert seen == set(points) - named


def test_an_unknown_rule_has_no_columns_to_class_companies_by() -> None:
    """A rule that is added to the others has to say what of a company it reads."""
    from matcher.pairing import qualified

    assert set(qualified._READS) | {"has_must_skills"} == set(UNSCORED_RULES)


@pytest.mark.parametrize("width", [1, 128])
def test_a_problem_without_anybody_counts_nothing(width: int) -> None:
    from tests.problems import small_problem

    columns = build_columns(small_problem([], []))
    counts = count_pairs(qualify(columns), width=width)
    assert counts.eligible_by_company.size == counts.eligible_by_director.size == 0
    assert list(bounds_of(qualify(columns)).blocks()) == []
