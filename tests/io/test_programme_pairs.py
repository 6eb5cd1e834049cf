"""What an invented programme is like as a matching: who may serve whom, who is contested, and that it is solved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import matcher
from matcher.generating import Programme
from matcher.generating.directors import is_star
from matcher.io.programme_out import write_programme
from matcher.pairing.candidates import Candidates, build_candidates


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "out"
    write_programme(Programme(n_directors=100, n_companies=600, seed=8), out)
    return out


@pytest.fixture(scope="module")
def candidates(folder: Path) -> Candidates:
    return build_candidates(matcher.read(folder))


def test_between_a_sixth_and_a_half_of_all_pairs_are_eligible(candidates: Candidates) -> None:
    assert 1 / 6 < candidates.n_pairs / (100 * 600) < 1 / 2


def test_some_companies_find_nobody_and_most_find_many(candidates: Candidates) -> None:
    n_directors = np.bincount(candidates.company_idx, minlength=600)
    assert 0.005 < (n_directors == 0).mean() < 0.12
    assert np.median(n_directors) > 15


def test_a_few_directors_are_the_best_of_many_companies(candidates: Candidates) -> None:
    order = np.lexsort((-candidates.points, candidates.company_idx))
    companies, first = np.unique(candidates.company_idx[order], return_index=True)
    best_of = np.bincount(candidates.director_idx[order][first], minlength=100)
    ranked = np.sort(best_of)[::-1]
    assert ranked[:5].sum() > 0.35 * companies.size  # an even share would be a twentieth
    stars = np.flatnonzero(is_star(np.arange(100)))
    assert best_of[stars].min() > 5 * max(1.0, float(np.median(best_of)))


def test_a_programme_is_solved_and_more_apply_than_are_served(folder: Path) -> None:
    problem = matcher.read(folder, overrides=("solve.gap=0.02",))
    plan = matcher.match(problem)
    assert plan.document.status in ("optimal", "feasible")
    assert problem.policy.limits.max_companies == 200
    assert 100 < len(plan.assignments) <= 200
    assert matcher.verify(plan).ok
