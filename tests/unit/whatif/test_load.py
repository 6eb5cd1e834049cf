"""What data take: the parts, and an estimate that follows the growth it is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import matcher
from matcher.errors import DataError
from matcher.whatif import load
from matcher.whatif.load import STEPS, PartRun, measure, part_of, project


def _runs(seconds: Callable[[float], float], sizes: tuple[int, ...] = (4, 2, 1)) -> list[PartRun]:
    return [
        PartRun(part, 40 // part, 400 // part, 100, dict.fromkeys(STEPS, seconds(1 / part)), 1.0, "optimal", "proved")
        for part in sizes
    ]


@pytest.mark.parametrize(
    ("seconds", "growth", "then"),
    [
        (lambda s: 3 * s, 1.0, 30.0),
        (lambda s: 3 * s**1.5, 1.5, 3 * 10**1.5),
        (lambda s: 3 * s**2, 2.0, 300.0),
        (lambda s: 5 + 3 * s, 1.0, 35.0),
        (lambda s: 2.0, 1.0, 20.0),
        (lambda s: 2 - s, 1.0, 10.0),
    ],
)
def test_estimate_follows_what_grew(seconds: Callable[[float], float], growth: float, then: float) -> None:
    found = project(_runs(seconds), read_s=0.5, check_s=0.25, time_limit_s=None)
    assert found.growth["solve"] == growth and found.seconds["solve"] == pytest.approx(then)
    assert (found.seconds["read"], found.seconds["check"]) == (5.0, 2.5)
    assert found.total_s == pytest.approx(sum(found.seconds.values()))


def test_scoring_grows_with_the_square_beside_what_is_fixed() -> None:
    found = project(_runs(lambda s: 1 + s**2), read_s=0, check_s=0, time_limit_s=None)
    assert found.growth["score"] == 2 and found.seconds["score"] == pytest.approx(101)


def test_solving_that_ended_at_its_limit_ends_there_again() -> None:
    found = project(_runs(lambda s: 9.5), read_s=0, check_s=0, time_limit_s=10)
    assert found.is_limited and found.seconds["solve"] == 9.5
    assert not project(_runs(lambda s: 8.5), read_s=0, check_s=0, time_limit_s=10).is_limited


def test_one_run_is_no_estimate() -> None:
    assert project(_runs(lambda s: s, (1,)), read_s=1, check_s=1, time_limit_s=None).total_s is None


def test_part_takes_every_other_row_and_what_names_it(scenarios: Path) -> None:
    problem = matcher.read(scenarios / "pilot")
    half = part_of(problem, 2)
    assert list(half.director_ids) == list(problem.director_ids[::2])
    assert list(half.company_ids) == list(problem.company_ids[::2])
    assert set(half.tables["company_needs"]["company_id"]) <= set(half.company_ids)
    assert set(half.tables["director_skills"]["director_id"]) <= set(half.director_ids)


def test_part_that_cannot_be_matched_is_told_and_left_out(scenarios: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problem, match = matcher.read(scenarios / "pilot"), load.match

    def fails_on_half(problem: matcher.Problem) -> matcher.Plan:
        if len(problem.companies) == 25:
            raise DataError("data_has_faults")
        return match(problem)

    monkeypatch.setattr(load, "match", fails_on_half)
    found = measure(problem, read_s=0.0, check_s=0.0)
    assert [run.status for run in found.parts] == ["optimal", "failed", "optimal"]
    assert found.projection.total_s is not None and found.whole.n_candidates == 172
    assert found.peak_mb is None or found.peak_mb > 50
