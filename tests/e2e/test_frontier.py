"""`matcher frontier` as it is typed: table, chart, data and files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.conftest import Command

PILOT = [
    (26325, 284, True),
    (26320, 270, True),
    (26230, 124, True),
    (25452, 118, True),
    (17559, 101, False),
    (17554, 87, False),
    (17347, 60, True),
    (8676, 37, False),
    (8671, 23, True),
    (0, 0, True),
]


def test_frontier_of_the_pilot_with_its_files(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    words = ("frontier", str(scenarios / "pilot"), "--lang", "en", "--out", "out/f")
    done = matcher_command(*words, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [
        (point["values"]["points"], point["values"]["distance_km"], point["is_supported"]) for point in found["points"]
    ] == PILOT
    assert found["is_complete"] and {point["word"] for point in found["points"]} == {"proved"}
    folder = tmp_path / "out" / "f"
    assert sorted(path.name for path in folder.iterdir()) == [
        "frontier.csv",
        "frontier.html",
        "frontier.json",
        "matches.csv",
    ]
    assert json.loads((folder / "frontier.json").read_text(encoding="utf-8")) == found
    with (folder / "matches.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["number"]) for row in rows] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9]
    assert sum(int(row["points"]) for row in rows if row["number"] == "1") == 26325
    page = (folder / "frontier.html").read_text(encoding="utf-8")
    assert page.count("<circle") == 10 and page.count('class="mark off"') == 3 and "26,325" in page

    assert matcher_command(*words).returncode == 0, "the same frontier is replaced"
    other = matcher_command(*words, "--objectives", "points,worst_match")
    assert other.returncode == 2 and "holds another run" in other.stderr
    assert matcher_command(*words, "--objectives", "points,worst_match", "--force").returncode == 0


def test_frontier_in_words(matcher_command: Command, scenarios: Path) -> None:
    words = ("frontier", str(scenarios / "pilot"), "--objectives", "points,worst_match")
    shown = matcher_command(*words, "--lang", "en").stdout
    assert "These are all such values: 3 (proved)." in shown
    assert "No. 1 → no. 2" in shown and "17,649" in shown
    assert "そのような値は、この3通りですべてです" in matcher_command(*words, "--lang", "ja").stdout
    cut = matcher_command(*words, "--most", "2", "--lang", "en").stdout
    assert "Between a row with “…” and the next there may be further ones (1 place)" in cut


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--objectives", "points,distance"], 2, "--objectives does not know distance."),
        (["--objectives", "points"], 2, "two or three objectives; 1 given"),
        (["--objectives", "points,points"], 2, "names points twice"),
        (["--most", "1"], 2, "--most is 1"),
        (["--set", "limits.quotas=[{by: kind, value: company, min: 50}]"], 3, ""),
    ],
)
def test_frontier_that_cannot_be(
    matcher_command: Command, scenarios: Path, options: list[str], code: int, said: str
) -> None:
    done = matcher_command("frontier", str(scenarios / "pilot"), *options)
    assert done.returncode == code and said in done.stderr
    assert code == 2 or "No plan was found." in done.stdout
