"""`matcher explain` as a user types it: the answer, and every way to ask it wrongly."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands import begun
from tests.conftest import Command
from tests.hard_programme import write_hard_programme

PAIR_KEYS = [
    "schema",
    "question",
    "director_id",
    "company_id",
    "verdict",
    "tier",
    "points",
    "criteria",
    "keep",
    "neutral",
    "pinned",
    "loss_points",
    "word",
    "at_least_points",
    "at_most_points",
    "possible",
    "losses",
    "chain",
    "without",
    "without_losses",
    "without_chain",
    "rules",
    "changes",
    "off_by_points",
]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, scenarios: Path) -> Path:
    folder = tmp_path_factory.mktemp("finished")
    shutil.copytree(scenarios / "pilot", folder / "data")
    command = [str(Path(sys.executable).with_name("matcher")), "run", "data", "--out", "run", "--formats", "none"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return folder


@pytest.fixture
def desk(finished: Path, tmp_path: Path) -> Path:
    """A folder with the pilot's data and a run of them, which no question may change."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    return tmp_path


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_pair_is_answered_in_both_languages_and_as_json(matcher_command: Command, desk: Path) -> None:
    before = _bytes(desk)
    english = matcher_command("explain", "run", "pair", "D002", "C002")
    japanese = matcher_command("explain", "run", "pair", "D002", "C002", "--lang", "ja")
    assert (english.returncode, english.stderr, japanese.stderr) == (0, "", "")
    assert "They are matched in this plan, with 8,883 points." in english.stdout
    assert "この計画の組合せです。8,883点です。" in japanese.stdout
    content = json.loads(matcher_command("explain", "run/plan.json", "pair", "D002", "C002", "--json").stdout)
    assert list(content) == PAIR_KEYS
    assert (content["schema"], content["question"], content["verdict"]) == ("matcher.explain/1", "pair", "chosen")
    assert content["points"] == sum(content["criteria"].values()) + content["keep"] == 8_883
    assert content["without"]["word"] == "proved"
    assert f"{content['without']['loss_points']:,} points (proved)" in english.stdout
    assert _bytes(desk) == before


@pytest.mark.parametrize(
    ("words", "lang", "told"),
    [
        (("run", "pair", "D999", "C002"), "ja", "「D999」という ID のディレクターはいません"),
        (("run", "pair", "D002", "C0002"), "en", "There is no company with the id C0002."),
        (("run", "pair", "C002", "D002"), "ja", "「C002」は企業・自治体の ID です"),
        (("run", "pair", "D002", "D001"), "en", "D001 is the id of a director"),
        (("run", "director", "C002"), "ja", "対処：company C002 と書くと、この企業について答えます。"),
        (("run", "company", "Ｃ００２"), "en", "Try: check the id. The nearest: C002\n"),
        (("run", "company", "しまんと沈下橋の宿"), "en", "The nearest: C002\n"),
        (("run", "company", " "), "ja", "ID が空です。"),
        (("run", "FAIRNESS"), "en", "Try: fairness"),
        (("run", "fairness", "D001"), "en", "fairness takes no id; 1 was given."),
        (("run", "pair", "D002"), "ja", "ID を2つ（ディレクター、企業の順）書きます（今は1個）"),
        (
            ("run", "pair", "D002", "C002", "C003"),
            "en",
            "pair takes two ids",
        ),
        (("run", "pear", "D002", "C002"), "ja", "「pear」という質問はありません"),
        (("data", "pair", "D002", "C002"), "en", "The folder data holds no plan.json."),
        (("nowhere", "pair", "D002", "C002"), "en", "There is no plan at nowhere."),
        (("run", "pair", "D002", "C002", "--source", "nowhere"), "en", "There is no file or folder nowhere."),
        (("run", "pair", "D002", "C002", "--for", "all"), "ja", "--for の値「all」は使えません"),
        (("run", "pair", "D002", "C002", "--time-limit", "0"), "en", "--time-limit"),
    ],
)
def test_a_wrong_question_is_refused_with_what_to_try(
    matcher_command: Command, desk: Path, words: tuple[str, ...], lang: str, told: str
) -> None:
    before = _bytes(desk)
    done = matcher_command("explain", *words, "--lang", lang)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert ("対処：" if lang == "ja" else "Try: ") in done.stderr
    assert _bytes(desk) == before


def test_the_nearest_id_and_question_are_named(matcher_command: Command, desk: Path) -> None:
    assert "D002" in matcher_command("explain", "run", "pair", "D0002", "C002").stderr.partition("Try:")[2]
    assert "pair" in matcher_command("explain", "run", "pairs", "D002", "C002").stderr.partition("Try:")[2]


def test_a_plan_that_does_not_hold_is_not_explained(matcher_command: Command, desk: Path) -> None:
    file = desk / "run" / "plan.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["assignments"][0]["points"] += 1
    file.write_text(json.dumps(content), encoding="utf-8")
    done = matcher_command("explain", "run", "pair", "D002", "C002")
    assert (done.returncode, done.stdout) == (1, "")
    assert "The plan in run fails its verification" in done.stderr and "matcher verify" in done.stderr


def test_a_plan_of_another_version_is_refused(matcher_command: Command, desk: Path) -> None:
    file, schema = desk / "run" / "plan.json", "matcher.plan/0"
    content = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**content, "schema": schema}), encoding="utf-8")
    done = matcher_command("explain", "run", "pair", "D002", "C002")
    assert (done.returncode, done.stdout) == (2, "")
    assert schema in done.stderr and "Try: " in done.stderr


def test_data_that_changed_since_are_told(matcher_command: Command, desk: Path) -> None:
    shutil.copytree(desk / "data", desk / "before")
    table = desk / "data" / "companies.csv"
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    table.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8-sig")
    done = matcher_command("explain", "run", "pair", "D002", "C002")
    assert (done.returncode, done.stdout) == (2, "")
    assert "The plan in run was not made from the data now in data" in done.stderr
    moved = matcher_command("explain", "run", "pair", "D002", "C002", "--source", "before")
    assert (moved.returncode, moved.stderr) == (0, "")


def test_data_that_moved_are_named_with_source(matcher_command: Command, desk: Path) -> None:
    (desk / "data").rename(desk / "elsewhere")
    done = matcher_command("explain", "run", "pair", "D002", "C002")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--source" in done.stderr
    assert matcher_command("explain", "run", "pair", "D002", "C002", "--source", "elsewhere").returncode == 0


def test_a_run_without_a_plan_has_nothing_to_explain(matcher_command: Command, desk: Path) -> None:
    words = ("run", "data", "--out", "none", "--formats", "none", "--set", "limits.min_companies_per_director=1")
    assert matcher_command(*words).returncode == 3
    done = matcher_command("explain", "none", "pair", "D002", "C002")
    assert (done.returncode, done.stdout) == (2, "")
    assert "This plan has no matches; only a plan" in done.stderr


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hard")
    write_hard_programme(folder / "hard")
    command = [str(Path(sys.executable).with_name("matcher")), "run", "hard", "--out", "run", "--formats", "none"]
    subprocess.run([*command, "--time-limit", "3"], cwd=folder, capture_output=True, check=True)
    return folder


def _pair_not_chosen(folder: Path) -> tuple[str, str]:
    matches = json.loads((folder / "run" / "plan.json").read_text(encoding="utf-8"))["assignments"]
    first = matches[0]
    return next(one["director_id"] for one in matches if one["director_id"] != first["director_id"]), first[
        "company_id"
    ]


def test_no_time_to_solve_again_says_so_in_honest_words(matcher_command: Command, hard: Path) -> None:
    words = ("explain", "run", "pair", *_pair_not_chosen(hard), "--time-limit", "0.001")
    told = matcher_command(*words, cwd=hard).stdout
    assert "This plan is not proved optimal and may be up to" in told
    assert "No plan was found in the time given" in told or "not known to be the best" in told
    assert "proved)" not in told


def test_ctrl_c_while_solving_again_ends_at_once(hard: Path) -> None:
    words = ["explain", "run", "pair", *_pair_not_chosen(hard), "--time-limit", "200"]
    process = begun(*words, cwd=hard)
    time.sleep(4)  # reading takes a second; what follows goes on for minutes
    process.send_signal(signal.SIGINT)
    told, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert told == "" and "Traceback" not in said and said.strip()
