"""`matcher robustness` as it is typed."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from tests.commands import begun
from tests.conftest import Command


def test_robustness_is_told_and_written(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    words = ("robustness", str(scenarios / "pilot"), "--draws", "20", "--best-by", "mean")
    done = matcher_command(*words, "--out", "noise", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "were drawn 20 times" in done.stdout and "Plan of the best mean" in done.stdout
    told = [int(n) for n in re.findall(r"^(\d+) of 20 draws \(about \d+ s left\)$", done.stderr, re.MULTILINE)]
    assert 5 <= len(told) <= 19 and told == sorted(set(told)) and told[-1] < 20
    found = json.loads((tmp_path / "noise" / "robustness.json").read_text(encoding="utf-8"))
    assert found == json.loads(matcher_command(*words, "--json").stdout)
    assert (found["schema"], found["n_draws"], len(found["draws"])) == ("matcher.robustness/1", 20, 20)
    matches = pd.read_parquet(tmp_path / "noise" / "matches.parquet")
    assert matches["n_stays"].tolist() == [row["n_stays"] for row in found["matches"]]
    page = (tmp_path / "noise" / "robustness.html").read_text(encoding="utf-8")
    assert (
        page.count('<svg class="chart"') == 1
        and page.count("<g><title>") == 3
        and "http://" not in page.replace("http://www.w3.org", "")
    )
    headings = [page.index(f"<h{level}") for level in (1, 2)]
    assert headings[0] < page.index("were drawn 20 times") < headings[1] < page.index('<svg class="chart"'), (
        "title first"
    )
    book = CalamineWorkbook.from_path(str(tmp_path / "noise" / "robustness.xlsx"))
    rows = book.get_sheet_by_name("Matches").to_python()[1:]
    assert {(row[0], row[2]): row[5] for row in rows} == {
        (row["director_id"], row["company_id"]): row["n_stays"] for row in found["matches"]
    }
    draws = book.get_sheet_by_name("Draws").to_python()[1:]
    assert [row[3] for row in draws] == [row["best_points"] for row in found["draws"]]
    assert matcher_command(*words, "--out", "noise", MATCHER_LANG="ja").returncode == 0
    assert "引き直し" in (tmp_path / "noise" / "robustness.html").read_text(encoding="utf-8")
    other = matcher_command(*words, "--set", "limits.max_companies=4", "--out", "noise")
    assert other.returncode == 2 and "Try:" in other.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--draws", "0"),
        ("--draws", "-1"),
        ("--draws", "1000000000"),
        ("--rating-sd", "-1"),
        ("--rating-sd", "nan"),
        ("--rating-sd", "much"),
        ("--weight-sd", "inf"),
        ("--best-by", "median"),
    ],
)
def test_wrong_values_are_refused(matcher_command: Command, scenarios: Path, words: tuple[str, str]) -> None:
    done = matcher_command("robustness", str(scenarios / "pilot"), *words)
    assert (done.returncode, done.stdout) == (2, "") and "\nTry: " in done.stderr


@pytest.mark.parametrize("command", ["robustness", "frontier"])
def test_a_page_that_somebody_edited_is_kept(
    matcher_command: Command, scenarios: Path, tmp_path: Path, command: str
) -> None:
    few = ("--draws", "2") if command == "robustness" else ("--most", "2")
    words = (command, str(scenarios / "pilot"), *few, "--out", "kept", "--lang", "en")
    assert matcher_command(*words).returncode == 0
    assert matcher_command(*words).returncode == 0  # the same again is no loss
    page = tmp_path / "kept" / f"{command}.html"
    page.write_text("mine", encoding="utf-8")
    later = page.stat().st_mtime + 10
    os.utime(page, (later, later))
    again = matcher_command(*words)
    assert again.returncode == 2 and f"{command}.html" in again.stderr and "Try:" in again.stderr
    assert page.read_text(encoding="utf-8") == "mine"
    assert matcher_command(*words, "--force").returncode == 0
    assert page.read_text(encoding="utf-8") != "mine"


def test_ctrl_c_keeps_the_draws_that_were_finished_and_says_so(scenarios: Path, tmp_path: Path) -> None:
    words = ["robustness", str(scenarios / "pilot"), "--draws", "100000", "--out", "cut", "--json"]
    with begun(*words, cwd=tmp_path) as process:
        assert process.stderr is not None
        while not re.match(r"\d+ of 100000 draws \(about ", process.stderr.readline()):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate(timeout=120)
    assert process.returncode == 130 and "Traceback" not in said
    assert "Interrupted: shown is what had been finished." in said
    found = json.loads((tmp_path / "cut" / "robustness.json").read_text(encoding="utf-8"))
    assert found == json.loads(printed)
    assert 0 < found["n_draws"] < found["n_asked"] == 100_000 and len(found["draws"]) == found["n_draws"]
    page = (tmp_path / "cut" / "robustness.html").read_text(encoding="utf-8")
    assert f"Interrupted after {found['n_draws']} of 100000 draws." in page
    assert len(pd.read_parquet(tmp_path / "cut" / "draws.parquet")) == found["n_draws"]
