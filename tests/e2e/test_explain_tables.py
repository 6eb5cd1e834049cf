"""`matcher explain OUT tables` as a user types it: both files written again, or left exactly as they are."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.commands import begun
from tests.conftest import Command
from tests.hard_programme import write_hard_programme

MATCHER = str(Path(sys.executable).with_name("matcher"))


DIRECTORS = """id,prefecture,max_companies,hours_per_month,experience_years
D1,Kochi,1,20,9
D2,Kochi,2,20,4
D3,Tokyo,1,20,4
"""
COMPANIES = """id,prefecture,goal,hours_per_month,commitment,priority
C1,Kochi,raise_revenue,15,5,1.1
C2,Kochi,raise_revenue,12,4,1
C3,Kochi,raise_revenue,9,4,1
C4,Kochi,raise_revenue,8,4,1
C5,Kochi,raise_revenue,6,1,0.5
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished")
    (folder / "data").mkdir()
    for name, text in (("directors", DIRECTORS), ("companies", COMPANIES)):
        (folder / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    words = [MATCHER, "run", "data", "--out", "run", "--formats", "html,xlsx", "--lang", "ja"]
    subprocess.run(words, cwd=folder, capture_output=True, check=True)
    return folder


@pytest.fixture
def desk(finished: Path, tmp_path: Path) -> Path:
    """A folder with data and a run of them, its times kept."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    return tmp_path


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_completed_in_their_own_language_and_the_plan_stays(matcher_command: Command, desk: Path) -> None:
    run, before = desk / "run", _bytes(desk / "run")
    report = before["report.html"].decode("utf-8")
    assert "加わるとよいディレクターは、ここでは計算していません。" in report
    assert "すべてを加えられます：matcher explain FOLDER tables" in report
    done = matcher_command("explain", "run", "tables")
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        ["Files written again", "  run/report.html", "  run/plan.xlsx"],
    )
    assert "Ctrl-C" in done.stderr
    after = _bytes(run)
    assert set(after) == set(before) and after["plan.json"] == before["plan.json"]
    report = after["report.html"].decode("utf-8")
    assert '<html lang="ja">' in report and "加わると：計画全体で" in report
    assert "ここでは計算していません" not in report and "matcher explain FOLDER tables" not in report
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*extension is not supported")
        sheet = load_workbook(BytesIO(after["plan.xlsx"]))["手動の変更"]
    assert not any("未確認" in str(row) for row in sheet.iter_rows(values_only=True))
    assert matcher_command("verify", "run").returncode == 0
    record = json.loads(matcher_command("explain", "run", "overrides", "--json").stdout)
    assert [one["loss_points"] for one in record["overrides"]] == [
        sheet.cell(row, 5).value for row in range(2, 2 + len(record["overrides"]))
    ]
    # Nobody takes it for edited by a person.
    again = matcher_command("run", "data", "--out", "run", "--formats", "html,xlsx", "--lang", "ja")
    assert again.returncode == 0, again.stderr


def test_what_a_person_edited_is_not_replaced(matcher_command: Command, desk: Path) -> None:
    moment = (desk / "run" / "plan.json").stat().st_mtime + 60
    os.utime(desk / "run" / "plan.xlsx", (moment, moment))
    before = _bytes(desk / "run")
    for lang, told in (("en", "plan.xlsx in run was edited"), ("ja", "「run」の plan.xlsx は、書き出した後で編集")):
        done = matcher_command("explain", "run", "tables", "--lang", lang)
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr and ("Try: " in done.stderr or "対処：" in done.stderr)
    assert _bytes(desk / "run") == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "tables", "D1"), "tables takes no id"),
        (("run", "tables", "--best", "3"), "--best says nothing to the question tables"),
        (("run", "tables", "--for", "company"), "tables does not take --for company"),
        (("run", "tables", "--budget", "0"), "--budget"),
        (("nowhere", "tables"), "There is no plan at nowhere."),
    ],
)
def test_a_wrong_call_is_refused_and_changes_nothing(
    matcher_command: Command, desk: Path, words: tuple[str, ...], told: str
) -> None:
    before = _bytes(desk / "run")
    done = matcher_command("explain", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr and "Try: " in done.stderr
    assert _bytes(desk / "run") == before


def test_data_that_changed_since_are_told(matcher_command: Command, desk: Path) -> None:
    table = desk / "data" / "companies.csv"
    table.write_text("\n".join(table.read_text(encoding="utf-8-sig").splitlines()[:-1]) + "\n", encoding="utf-8-sig")
    before = _bytes(desk / "run")
    done = matcher_command("explain", "run", "tables")
    assert done.returncode == 2
    assert "The plan in run was not made from the data now in data" in done.stderr
    assert _bytes(desk / "run") == before


def test_ctrl_c_leaves_the_files_as_they_are(tmp_path: Path) -> None:
    write_hard_programme(tmp_path / "hard")
    words = [MATCHER, "run", "hard", "--out", "run", "--formats", "html,xlsx", "--time-limit", "2"]
    subprocess.run(words, cwd=tmp_path, capture_output=True, check=True)
    before = _bytes(tmp_path / "run")
    process = begun("explain", "run", "tables", cwd=tmp_path)
    assert process.stderr is not None
    first = process.stderr.readline()
    assert "The tables are being computed" in first
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    told, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert told == "" and "Traceback" not in said and said.strip()
    assert _bytes(tmp_path / "run") == before
