"""What is drawn, how far it spreads, and that a draw's points are those of a problem with the draw written into it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import matcher
from matcher.domain.problem import Problem
from matcher.errors import UsageError
from matcher.pairing.candidates import build_candidates
from matcher.whatif.drawing import draw_of, drawn_problem, spread_of
from matcher.whatif.drawn_points import build_drawable
from tests.problems import small_problem


def rated(*rows: tuple[str, str, str, float], **policy: object) -> Problem:
    """Two directors and two companies with the ratings of (subject, field, rater, rating)."""
    names = ("subject_id", "field", "rater", "rating")
    return small_problem(
        [{"hands_on_rating": 3}, {}],
        [{"commitment": 3, "openness": 4}, {"commitment": 2}],
        policy=policy,
        ratings=[dict(zip(names, row, strict=True)) for row in rows],
    )


def test_spread_is_the_pooled_deviation_over_the_root_of_the_raters() -> None:
    problem = rated(
        ("c1", "commitment", "A", 2),
        ("c1", "commitment", "B", 4),
        ("c2", "commitment", "A", 3),
        ("c2", "commitment", "B", 3),
    )
    spread = spread_of(problem)
    # Deviations −1, 1, 0, 0 with 4 − 2 degrees of freedom.
    assert spread.rating_sd["commitment"] == (1.0, "raters")
    assert spread.rating_sd["openness"] == (1.0, "all_fields")
    assert spread.readiness[:, 0] == pytest.approx([1 / math.sqrt(2), 1 / math.sqrt(2)])
    assert spread.readiness[:, 3].tolist() == [1.0, 1.0]
    assert spread.hands_on.tolist() == [1.0, 1.0]


def test_stated_spread_stands_before_the_raters_and_is_of_one_rater() -> None:
    problem = rated(("c1", "commitment", "A", 2), ("c1", "commitment", "B", 4))
    spread = spread_of(problem, rating_sd=0.6)
    assert spread.rating_sd["commitment"] == (0.6, "given")
    assert spread.readiness[:, 0] == pytest.approx([0.6 / math.sqrt(2), 0.6])


def test_without_repeated_ratings_the_spread_is_the_default() -> None:
    assert spread_of(rated(("c1", "commitment", "A", 2))).rating_sd["commitment"] == (0.7, "default")


@pytest.mark.parametrize("given", [-1.0, math.nan, math.inf, 4.5])
def test_spread_out_of_range_is_refused(given: float) -> None:
    for options in ({"rating_sd": given}, {"weight_sd": given}):
        with pytest.raises(UsageError) as refused:
            spread_of(rated(), **options)
        assert refused.value.code == "spread_out_of_range"


def test_drawn_ratings_stay_in_range_and_missing_ones_missing() -> None:
    problem = rated()
    spread = spread_of(problem, rating_sd=3.0)
    drawn = [draw_of(problem, spread, seed=1, number=number) for number in range(200)]
    ratings = np.stack([draw.readiness for draw in drawn])
    assert np.isnan(ratings[:, 1, 3]).all() and np.isnan(drawn[0].hands_on[1])
    known = ratings[:, 0, 0]
    assert (known.min(), known.max()) == (1.0, 5.0)
    assert abs(float(np.median(known)) - 3) < 0.5


def test_weights_spread_by_their_logarithm() -> None:
    problem = rated(weights={"network": 0})
    spread = spread_of(problem, rating_sd=0, weight_sd=0.2)
    drawn = [draw_of(problem, spread, seed=0, number=number).weights for number in range(2000)]
    logs = np.log([weights.experience / 20 for weights in drawn])
    assert (abs(logs.mean()) < 0.02, abs(logs.std() - 0.2) < 0.02) == (True, True)
    assert {weights.network for weights in drawn} == {0.0}


def test_a_draw_is_the_same_whatever_else_is_drawn() -> None:
    problem = rated()
    spread = spread_of(problem)
    one, again, other, of_other_seed = (
        draw_of(problem, spread, seed=seed, number=number) for seed, number in ((7, 3), (7, 3), (7, 4), (8, 3))
    )
    assert one.readiness[0, 0] == again.readiness[0, 0] and one.weights == again.weights
    assert len({one.readiness[0, 0], other.readiness[0, 0], of_other_seed.readiness[0, 0]}) == 3


def test_without_spread_a_draw_is_the_problem_itself() -> None:
    problem = rated(("c1", "commitment", "A", 2), ("c1", "commitment", "B", 4))
    draw = draw_of(problem, spread_of(problem, rating_sd=0, weight_sd=0), seed=0, number=0)
    written = drawn_problem(problem, draw)
    assert written.digest == problem.digest and written.policy.digest() == problem.policy.digest()


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("pilot", ()),
        ("pilot", ("thresholds.min_readiness=0.6", "keep_points=40", "tie_break=[readiness,hands_on]")),
        ("roster", ("thresholds.min_by_criterion={readiness: 0.5, hands_on: 0.4}", "thresholds.min_score_points=5500")),
        ("pilot", ("candidates.keep_per_company=2",)),
    ],
)
def test_points_are_to_the_bit_those_of_the_written_out_problem(
    scenarios: Path, name: str, settings: tuple[str, ...]
) -> None:
    problem = matcher.read(scenarios / name, overrides=settings)
    drawable, spread = build_drawable(problem), spread_of(problem)
    is_kept = problem.policy.candidates.keep_per_company is not None
    for number in range(4):
        draw = draw_of(problem, spread, seed=5, number=number)
        drawn = drawable.points(draw)
        expected = build_candidates(
            drawn_problem(problem, draw).with_policy(
                drawn_problem(problem, draw).policy.model_copy(
                    update={"candidates": problem.policy.candidates.__class__()}
                )
            )
        )
        at = np.flatnonzero(drawn.is_eligible)
        n_companies = len(problem.companies)
        keys = drawable.candidates.director_idx[at].astype(int) * n_companies + drawable.candidates.company_idx[at]
        theirs = expected.director_idx.astype(int) * n_companies + expected.company_idx
        places = np.searchsorted(theirs, keys)
        assert (theirs[places] == keys).all() and (is_kept or keys.size == theirs.size)
        assert (drawn.points[at] == expected.points[places]).all()
        for criterion, points in expected.criteria.items():
            assert (drawn.scores.criteria[criterion][at] == points[places]).all()
        assert (drawable.points_at(draw, at) == expected.points[places]).all()


def test_eligibility_reacts_to_drawn_ratings(scenarios: Path) -> None:
    problem = matcher.read(scenarios / "pilot", overrides=("thresholds.min_readiness=0.6",))
    drawable, spread = build_drawable(problem), spread_of(problem)
    counts = {
        int(drawable.points(draw_of(problem, spread, seed=0, number=number)).is_eligible.sum()) for number in range(5)
    }
    assert len(counts) > 1
    assert drawable.as_is().is_eligible.sum() == build_candidates(problem).n_pairs
