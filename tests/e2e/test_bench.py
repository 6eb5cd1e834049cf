"""`matcher bench` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Command


def test_bench_tells_steps_memory_and_an_estimate(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    before = sorted(path for path in scenarios.rglob("*"))
    done = matcher_command("bench", str(scenarios / "pilot"), "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert done.stderr == "Run 1 of 3\nRun 2 of 3\nRun 3 of 3\n"
    rows = [line.split()[:5] for line in done.stdout.splitlines() if line.startswith(("  one in", "  all"))]
    assert rows == [["one", "in", "4", "2", "13"], ["one", "in", "2", "3", "25"], ["all", "6", "50", "172", rows[2][4]]]
    assert "(an estimate)" in done.stdout and "How it is made" in done.stdout
    assert list(tmp_path.iterdir()) == [] and sorted(path for path in scenarios.rglob("*")) == before


def test_bench_is_told_in_japanese(matcher_command: Command, scenarios: Path) -> None:
    done = matcher_command("bench", str(scenarios / "pilot"), "--lang", "ja")
    assert done.returncode == 0, done.stderr
    assert "見込みです（推定）" in done.stdout and "4つに1つ" in done.stdout and "3回のうち1回目" in done.stderr


def test_bench_writes_its_record_where_asked_and_over_nothing_else(
    matcher_command: Command, scenarios: Path, tmp_path: Path
) -> None:
    words = ("bench", str(scenarios / "pilot"), "--out", "bench.json", "--json")
    done = matcher_command(*words)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert json.loads((tmp_path / "bench.json").read_text(encoding="utf-8")) == found
    assert (found["schema"], [part["every"] for part in found["parts"]]) == ("matcher.bench/1", [4, 2, 1])
    # 2, or 1 where noise hid that scoring grew at all: the data are small.
    assert found["ten_times"]["is_estimate"] and found["ten_times"]["growth"]["score"] in (1, 2)
    assert found["ten_times"]["total_s"] == pytest.approx(sum(found["ten_times"]["seconds"].values()), abs=0.01)
    assert matcher_command(*words).returncode == 0
    (tmp_path / "bench.json").write_text("mine", encoding="utf-8")
    refused = matcher_command(*words, "--lang", "en")
    assert (refused.returncode, refused.stdout) == (2, "") and "no record of a measurement" in refused.stderr
    assert (tmp_path / "bench.json").read_text(encoding="utf-8") == "mine"


def test_bench_of_a_source_that_is_not_there(matcher_command: Command) -> None:
    done = matcher_command("bench", "nowhere", "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "") and "nowhere" in done.stderr and "\nTry: " in done.stderr
