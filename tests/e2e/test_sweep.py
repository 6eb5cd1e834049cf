"""`matcher sweep` as it is typed: the grid, the break points along one weight, and both as data."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Command


def test_break_points_along_one_weight(matcher_command: Command, scenarios: Path) -> None:
    words = ("sweep", str(scenarios / "pilot"), "--vary", "weights.local_culture=0,20", "--lang", "en")
    done = matcher_command(*words)
    assert done.returncode == 0, done.stderr
    assert "At 3.235: A → B" in done.stdout
    assert "at 3.25 still A, at 3.26 B (solved)" in done.stdout
    assert "(C011): no longer served by" in done.stdout
    assert "1 of 2 done" in done.stderr and " left)" in done.stderr

    found = json.loads(matcher_command(*words, "--json").stdout)
    assert [point["plan"] for point in found["points"]] == ["A", "B"]
    breaks = found["break_points"]
    assert [(one["exact"], one["last"], one["first"]) for one in breaks["breaks"]] == [("647/200", 3.25, 3.26)]
    assert [(one["from"], one["to"], one["plan"], one["word"]) for one in breaks["regions"]] == [
        ("0", "647/200", "A", "proved"),
        ("647/200", "20", "B", "proved"),
    ]
    assert breaks["regions"][1]["sure"][-1][1] == 20
    assert {match["company_id"] for match in found["plans"]["B"]} > {"C009"}


def test_a_limit_on_solves_leaves_the_rest_open(matcher_command: Command, scenarios: Path) -> None:
    words = ("sweep", str(scenarios / "pilot"), "--vary", "weights.local_culture=0,20", "--lang", "en")
    done = matcher_command(*words, "--most-solves", "4")
    assert "Unknown (up to " in done.stdout and "4 solves were spent (at most 4)" in done.stdout
    assert "Break points" not in matcher_command(*words, "--most-solves", "0").stdout


def test_no_break_points_where_more_than_a_weight_is_varied(matcher_command: Command, scenarios: Path) -> None:
    words = (
        "sweep",
        str(scenarios / "pilot"),
        "--vary",
        "weights.local_culture=0,20",
        "--vary",
        "limits.max_companies=3",
        "--json",
    )
    assert json.loads(matcher_command(*words).stdout)["break_points"] is None
