"""The guard on speed and counts: it sees what is planted, says where, and moves its limits on purpose only."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3]))

from benchmarks import guard
from benchmarks.guarded import numbers, people
from benchmarks.limits import (
    Limit,
    Limits,
    Measured,
    fault_of,
    faults_of_absence,
    moved,
    read_limits,
    write_limits,
)
from benchmarks.reference import pipeline as plain
from benchmarks.specs import Prepared, Spec, specs
from matcher.model.formulation import Formulation
from matcher.model.solvers import flow
from matcher.pairing import candidates, rescoring

RATIO = Measured("candidates", "time of the reference's scoring", "ratio", 2.0)
LIMIT = Limit("ratio", 1.0, 0.5, "abc1234", "first")
LIMITS: Limits = {"candidates": {RATIO.name: LIMIT}}


def _only(name: str, figure: str) -> Spec:
    """A registered spec with one of its figures: the rest of them takes time and is not what is asked."""
    spec = specs()[name]

    def prepare(folder: Path) -> Prepared:
        whole = spec.prepare(folder)
        return Prepared(
            tuple(one for one in whole.counts if one.name == figure),
            tuple(replace(one, rounds=3) for one in whole.timings if one.name == figure),
        )

    return replace(spec, prepare=prepare)


def _limits_of(spec: Spec) -> Limits:
    """Limits of this very machine."""
    return moved(guard.measure(spec, {}), {}, specs=[spec.name], reason="here and now", commit="here")


def _faults(spec: Spec, limits: Limits) -> list[str]:
    return [fault for one in guard.measure(spec, limits) if (fault := fault_of(one, limits)) is not None]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "SMALL", (50, 500))
    monkeypatch.setattr(people, "LARGE", (100, 1_000))
    monkeypatch.setattr(numbers, "SMALL", (50, 500))
    monkeypatch.setattr(numbers, "LARGE", (200, 2_000))


@pytest.mark.usefixtures("small")
def test_guard_sees_scoring_that_takes_twice_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = _only("candidates", RATIO.name)
    limits = _limits_of(spec)
    assert _faults(spec, limits) == []
    part, columns = candidates.build_part, candidates.build_columns
    monkeypatch.setattr(candidates, "build_part", lambda block: (part(block), part(block))[1])
    monkeypatch.setattr(
        candidates, "build_columns", lambda problem: (columns(people._anew(problem)), columns(problem))[1]
    )
    (fault,) = _faults(spec, limits)
    assert fault.startswith(f"candidates: {RATIO.name} is ")


@pytest.mark.usefixtures("small")
def test_guard_sees_a_step_that_grows_with_the_square(monkeypatch: pytest.MonkeyPatch) -> None:
    growth = "time a pair, 600 × 6,000 for 150 × 1,500"
    spec = _only("flow, formulation to certified answer", growth)
    limits = _limits_of(spec)
    assert _faults(spec, limits) == []
    bounds: Callable[..., object] = flow._flow_bounds

    def square(formulation: Formulation, *words: object) -> object:
        points = formulation.objective
        for number in points[::5]:
            np.count_nonzero(points < number)
        return bounds(formulation, *words)

    monkeypatch.setattr(flow, "_flow_bounds", square)
    (fault,) = _faults(spec, limits)
    assert fault.startswith(f"{spec.name}: {growth} is ")


@pytest.mark.usefixtures("small")
def test_guard_sees_pairs_scored_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = _only("what-if of one row", "pairs scored")
    limits = _limits_of(spec)
    monkeypatch.setattr(rescoring, "touched_by", lambda before, problem: None)
    (fault,) = _faults(spec, limits)
    assert fault.startswith("what-if of one row: pairs scored is 200000, above the limit ")


def test_fault_names_benchmark_figure_limit_commit_and_reason() -> None:
    assert fault_of(RATIO, LIMITS) == (
        "candidates: time of the reference's scoring is 2, above the limit 1.5 "
        "(1 and 50%, set at commit abc1234: first)"
    )
    assert fault_of(replace(RATIO, value=1.5), LIMITS) is None
    unknown = fault_of(replace(RATIO, name="new"), LIMITS)
    assert unknown is not None and unknown.startswith("candidates: new is 2 and has no limit.")


def test_value_fails_on_both_sides() -> None:
    points = Measured("whole", "points", "value", 100.0)
    limits: Limits = {"whole": {"points": Limit("value", 100, 0.0, "abc1234", "first")}}
    assert fault_of(points, limits) is None
    for other in (99.0, 101.0):
        fault = fault_of(replace(points, value=other), limits)
        assert fault == f"whole: points is {other:.0f}, not 100 (set at commit abc1234: first)"


def test_limit_that_nothing_was_held_to_is_a_fault() -> None:
    assert faults_of_absence([RATIO], LIMITS, ["candidates"]) == []
    assert len(faults_of_absence([], LIMITS, ["candidates"])) == 1
    assert faults_of_absence([], LIMITS, ["another"]) == []


def test_accepting_moves_what_is_over_or_much_better_and_nothing_else(tmp_path: Path) -> None:
    def accepted(value: float) -> Limit:
        found = moved([replace(RATIO, value=value)], LIMITS, specs=["candidates"], reason="why", commit="def5678")
        return found["candidates"][RATIO.name]

    assert accepted(1.2) == LIMIT and accepted(0.6) == LIMIT
    assert accepted(2.0) == Limit("ratio", 2, 0.5, "def5678", "why")
    assert accepted(0.4) == Limit("ratio", 0.4, 0.5, "def5678", "why")
    gone = moved([replace(RATIO, name="new")], LIMITS, specs=["candidates"], reason="why", commit="def5678")
    assert list(gone["candidates"]) == ["new"]
    assert moved([], {"no more": {}}, specs=["candidates"], reason="why", commit="def5678") == {}
    write_limits(LIMITS, tmp_path / "limits.json")
    assert read_limits(tmp_path / "limits.json") == LIMITS
    assert [path.name for path in tmp_path.iterdir()] == ["limits.json"]


def test_every_spec_has_limits_with_commit_and_reason() -> None:
    limits = read_limits()
    assert set(limits) == set(specs())
    for figures in limits.values():
        assert any(limit.kind != "value" for limit in figures.values())
        for limit in figures.values():
            assert limit.commit.rstrip("+").isalnum() and limit.reason


def test_guard_ends_with_1_and_writes_figures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [RATIO, Measured("candidates", "pairs kept", "count", 10.0)]
    monkeypatch.setattr(guard, "measure", lambda spec, limits: found)
    written: list[object] = []
    monkeypatch.setattr(guard, "write_results", lambda name, figures: written.append((name, figures)))
    path = tmp_path / "limits.json"
    write_limits(LIMITS, path)
    words = ["--only", "candidates", "--limits", str(path)]
    assert guard.main(words) == 1
    out, err = capsys.readouterr()
    assert "time of the reference's scoring is 2, above the limit 1.5" in err and "pairs kept is 10 and has no" in err
    assert "2 figures, 2 over their limits" in out
    assert json.loads(json.dumps(written))[0][1][0]["limit"] == 1.5
    assert guard.main([*words, "--accept", " "]) == 2
    assert read_limits(path) == LIMITS
    monkeypatch.setattr(guard, "measured_commit", lambda: "def5678")
    assert guard.main([*words, "--accept", "on purpose"]) == 0 and guard.main(words) == 0
    assert read_limits(path)["candidates"]["pairs kept"] == Limit("count", 10, 0.0, "def5678", "on purpose")


def test_reference_is_frozen() -> None:
    tables = plain.made(40, 400)
    pairs = plain.score(tables)
    assert (pairs.points.size, int(pairs.points.sum()), plain.solve(pairs, tables.slots, 400)) == FROZEN


FROZEN = (7_870, 38_725_139, 1_305_238)
"""Pairs, their points, and the optimum: who changes the reference moves every limit."""
