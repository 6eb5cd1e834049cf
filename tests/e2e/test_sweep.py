"""`matcher sweep` as it is typed: the grid, the break points along one weight, and both as data."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from tests.commands import begun
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


def test_files_are_written_and_hold_what_is_printed(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    words = ("sweep", str(scenarios / "pilot"), "--vary", "limits.max_companies=2,3", "--lang", "en")
    done = matcher_command(*words, "--out", "out/s", "--json")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "out" / "s"
    names = ["matches.parquet", "sweep.html", "sweep.json", "sweep.parquet", "sweep.xlsx"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert json.loads((folder / "sweep.json").read_text(encoding="utf-8")) == json.loads(done.stdout)
    assert all(name in done.stderr for name in names)
    assert "the sweep as a workbook" in matcher_command(*words, "--out", "out/s").stdout, "the same is replaced"
    other = matcher_command(*words, "--out", "out/s", "--set", "weights.network=0")
    assert other.returncode == 2 and "holds another run" in other.stderr
    assert matcher_command(*words, "--out", "out/s", "--set", "weights.network=0", "--force").returncode == 0
    assert "項目ごとの図" not in (folder / "sweep.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_is_told_before_anything_is_solved(
    matcher_command: Command, scenarios: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x", encoding="utf-8")
    words = ("sweep", str(scenarios / "pilot"), "--vary", "limits.max_companies=2,3", "--force")
    for out in ("mine", "."):
        done = matcher_command(*words, "--out", out)
        assert (done.returncode, done.stdout) == (2, "") and "done:" not in done.stderr


def test_no_plan_is_no_letter_and_no_zero(matcher_command: Command, scenarios: Path) -> None:
    words = ("sweep", str(scenarios / "pilot"), "--vary", "limits.min_companies_per_director=0,40", "--lang", "en")
    done = matcher_command(*words)
    row = next(line.split() for line in done.stdout.splitlines() if "contradict" in line)
    assert row[-4:] == ["Proved", "–", "–", "–"]
    assert "Lowering the companies each director must have from 40 to 0 is enough." in done.stdout
    assert [one["plan"] for one in json.loads(matcher_command(*words, "--json").stdout)["points"]] == ["A", None]


def test_ctrl_c_keeps_what_was_finished_and_says_so(scenarios: Path, tmp_path: Path) -> None:
    words = ["sweep", str(scenarios / "pilot"), "--vary", "weights.local_culture=0:60:0.1", "--workers", "1"]
    with begun(*words, "--out", "cut", "--json", cwd=tmp_path) as process:
        assert process.stderr is not None
        while not process.stderr.readline().startswith("3 of 601 done"):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate(timeout=120)
    assert process.returncode == 130 and "Traceback" not in said
    assert "Interrupted: shown is what had been finished." in said
    record = json.loads((tmp_path / "cut" / "sweep.json").read_text(encoding="utf-8"))
    assert record == json.loads(printed) and record["is_interrupted"] and 3 <= record["n_done"] < 601
    states = [one["state"] for one in record["points"]]
    assert states.count("done") >= record["n_done"] and states.count("not_run") > 500
    page = (tmp_path / "cut" / "sweep.html").read_text(encoding="utf-8")
    assert f"Interrupted: {record['n_done']} of 601 combinations were finished." in page
