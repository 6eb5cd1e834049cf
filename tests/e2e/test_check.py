"""`matcher check` as a user types it: the list of faults never replaces anything else, and the exit codes."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.io.datasets import COMPANIES, DIRECTORS, write_folder

HEADER = "severity,file,sheet,row,column,value,rule,message"


def _bytes_below(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _scenario(tmp_path: Path) -> str:
    write_folder(tmp_path / "elsewhere")
    (tmp_path / "named").mkdir()
    (tmp_path / "named" / "scenario.yaml").write_text("data: ../elsewhere\n", encoding="utf-8")
    return str(Path("named", "scenario.yaml"))


@pytest.mark.parametrize(
    ("faults", "says"),
    [
        ("data/companies.csv", "within the source"),
        ("data/new.csv", "within the source"),
        ("data/below/new.csv", "within the source"),
        ("other/../data/new.csv", "within the source"),
        ("data", "within the source"),
        ("other", "is a folder"),
        ("other/letter.csv", "no list of faults"),
        ("other/empty.csv", "no list of faults"),
    ],
)
def test_faults_replaces_nothing_but_a_list_of_faults(
    matcher_command: Command, tmp_path: Path, faults: str, says: str
) -> None:
    write_folder(tmp_path / "data")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.csv").write_text("severity\nmine\n")
    (tmp_path / "other" / "empty.csv").write_text("")
    before = _bytes_below(tmp_path)
    done = matcher_command("check", "data", "--faults", faults)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "\nTry: " in done.stderr
    assert _bytes_below(tmp_path) == before


@pytest.mark.parametrize("faults", ["named/scenario.yaml", "elsewhere/new.csv", "elsewhere/companies.csv"])
@pytest.mark.parametrize("is_folder", [False, True])
def test_faults_stays_out_of_the_data_that_a_scenario_names(
    matcher_command: Command, tmp_path: Path, faults: str, is_folder: bool
) -> None:
    scenario = _scenario(tmp_path)
    before = _bytes_below(tmp_path)
    done = matcher_command("check", "named" if is_folder else scenario, "--faults", faults)
    assert done.returncode == 2
    assert "within the source" in done.stderr
    assert _bytes_below(tmp_path) == before


def test_faults_does_not_replace_the_policy(matcher_command: Command, tmp_path: Path) -> None:
    write_folder(tmp_path / "data")
    (tmp_path / "mine.yaml").write_text("keep_points: 5\n")
    done = matcher_command("check", "data", "--policy", "mine.yaml", "--faults", "mine.yaml")
    assert done.returncode == 2
    assert (tmp_path / "mine.yaml").read_text() == "keep_points: 5\n"


def test_the_refusal_comes_before_any_work(matcher_command: Command, tmp_path: Path) -> None:
    write_folder(tmp_path / "data", {"directors": (DIRECTORS[0], ("D1", "", "火星", 1))})
    done = matcher_command("check", "data", "--faults", "data/directors.csv")
    assert done.returncode == 2
    assert "火星" not in done.stdout + done.stderr


@pytest.mark.skipif(os.name == "nt", reason="needs a named pipe")
def test_a_pipe_is_not_waited_for(matcher_command: Command, tmp_path: Path) -> None:
    write_folder(tmp_path / "data")
    os.mkfifo(tmp_path / "pipe")
    done = matcher_command("check", "data", "--faults", "pipe")
    assert done.returncode == 2
    assert "no list of faults" in done.stderr


def test_the_list_of_faults_holds_everything_and_is_replaced_by_the_next(
    matcher_command: Command, tmp_path: Path
) -> None:
    directors = ((*DIRECTORS[0], "趣味"), ("D1", "柚子", "=1+1", 1, "釣り"), ("D2", "柚子", "高知", "-x", ""))
    write_folder(tmp_path / "data", {"directors": directors})
    done = matcher_command("check", "data", "--faults", "faults.csv")
    assert done.returncode == 1
    content = (tmp_path / "faults.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf" + HEADER.encode() + b"\r\n")
    with (tmp_path / "faults.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["severity"], row["rule"], row["value"]) for row in rows if row["severity"] == "fault"] == [
        ("fault", "unknown_prefecture", "'=1+1"),
        ("fault", "not_a_number", "'-x"),
    ]
    assert {row["rule"] for row in rows if row["severity"] == "warning"} == {"column_ignored", "duplicate_name"}
    shown = json.loads(matcher_command("check", "data", "--json").stdout)
    assert len(rows) == len(shown["faults"]) + len(shown["warnings"])
    write_folder(tmp_path / "data")
    done = matcher_command("check", "data", "--faults", "faults.csv")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "faults.csv").read_bytes() == b"\xef\xbb\xbf" + HEADER.encode() + b"\r\n"
    assert "There were no faults, warnings or repairs to write: faults.csv holds the header row alone." in done.stdout
    assert "All of them" not in done.stdout


def test_a_list_of_warnings_alone_is_not_called_a_list_of_faults(matcher_command: Command, tmp_path: Path) -> None:
    write_folder(tmp_path / "data", {"directors": ((*DIRECTORS[0], "趣味"), *((*row, "") for row in DIRECTORS[1:]))})
    for lang, said in (
        ("en", "There were no faults; faults.csv holds the warnings and repairs (1)."),
        ("ja", "注意と読み替え 1 件を"),
    ):
        done = matcher_command("check", "data", "--faults", "faults.csv", MATCHER_LANG=lang)
        assert (done.returncode, said in done.stdout) == (0, True), done.stdout


def test_faults_of_the_policy_alone_are_shown_by_check_and_stop_a_run(matcher_command: Command, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data")
    (folder / "policy.yaml").write_text("weihgts: {}\nkeep_points: x\n")
    done = matcher_command("check", "data")
    assert (done.returncode, done.stderr) == (1, "")
    assert "Faults: 2." in done.stdout
    assert "weihgts" in done.stdout and "keep_points" in done.stdout
    done = matcher_command("run", "data", "--out", "result")
    assert (done.returncode, done.stdout) == (2, "")
    assert "The policy, scenario or mapping has 2 faults." in done.stderr
    assert "weihgts" in done.stderr and "keep_points" in done.stderr
    assert not (tmp_path / "result").exists()


def test_faults_of_the_data_and_the_policy_stop_a_run_as_faults_of_the_data(
    matcher_command: Command, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "data", {"directors": (DIRECTORS[0], ("D1", "", "火星", 1))})
    (folder / "policy.yaml").write_text("weihgts: {}\n")
    assert matcher_command("check", "data").returncode == 1
    done = matcher_command("run", "data", "--out", "result")
    assert done.returncode == 1
    assert "weihgts" in done.stderr and "火星" in done.stderr


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_was_not_read_stands_before_the_other_warnings(
    matcher_command: Command, tmp_path: Path, lang: str
) -> None:
    directors = ((*DIRECTORS[0], "趣味"), ("D1", "柚子", "高知", 1, "釣り"), ("D2", "柚子", "高知", 1, ""))
    folder = write_folder(tmp_path / "data", {"directors": directors})
    (folder / "組合せ.csv").write_text("director_id,company_id,rule\nD1,C1,固定\n", encoding="utf-8")
    shown = matcher_command("check", "data", "--lang", lang).stdout
    unread, warnings = (
        ("読み込まなかったものが 2 件", "注意が 1 件") if lang == "ja" else ("Not read: 2.", "Warnings: 1.")
    )
    assert shown.index(unread) < shown.index("組合せ.csv") < shown.index("趣味") < shown.index(warnings)
    done = matcher_command("run", "data", "--out", "result", "--lang", lang)
    assert done.returncode == 0, done.stderr
    lines = shown.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(unread))
    assert done.stderr.splitlines() == lines[start : start + 5]


def test_a_run_that_stops_at_a_fault_names_the_file_that_was_not_read(matcher_command: Command, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data", {"ties": (("from_id", "to_id"), ("D1", "P1"))})
    (folder / "peeple.csv").write_text("id\nP1\n", encoding="utf-8")
    done = matcher_command("run", "data", "--out", "result")
    assert done.returncode == 1
    assert done.stderr.index("peeple.csv: there is no table of this name") < done.stderr.index("there is no id P1")


def test_headers_tell_which_heading_was_read_as_which_column(matcher_command: Command, tmp_path: Path) -> None:
    rows = (("番号", "お名前", "県名", "担当上限"), ("D1", "髙橋", "高知", 2))
    folder = write_folder(tmp_path / "data", {"directors": rows})
    shown = matcher_command("check", str(folder), "--headers", MATCHER_LANG="ja").stdout
    assert "担当可能社数 ← 「担当上限」" in shown and "稼働可能時間 ← なし" in shown
    known = json.loads(matcher_command("check", str(folder), "--headers", "--json").stdout)["headers"][0]
    assert (known["table"], known["file"]) == ("directors", "directors.csv")
    named = {column["column"]: column for column in known["columns"]}
    assert named["max_companies"]["heading"] == "担当上限" and "受入可能社数" in named["max_companies"]["known"]
    assert named["style"]["heading"] is None


def test_repairs_are_shown_by_column_written_one_by_one_and_refused_on_request(
    matcher_command: Command, tmp_path: Path
) -> None:
    rows = [(*COMPANIES[0], "売上高"), *((f"C{at}", "", "高知", "売上拡大", f"{at}万円") for at in range(1, 7))]
    folder = write_folder(tmp_path / "data", {"companies": rows})
    done = matcher_command("check", str(folder), "--faults", str(tmp_path / "f.csv"), MATCHER_LANG="ja")
    assert done.returncode == 0
    assert "companies.csv、2行目、列「売上高」：「1万円」を 10000 と読みました（単位付きの数）。" in done.stdout
    assert "同様にほか 5 件: 3行目「2万円」→ 20000、4行目「3万円」→ 30000、…" in done.stdout
    assert (tmp_path / "f.csv").read_text(encoding="utf-8-sig").count("repair,companies.csv") == 6
    assert len(json.loads(matcher_command("check", str(folder), "--json").stdout)["repairs"]) == 6
    assert matcher_command("check", str(folder), "--strict").returncode == 1
    run = ("run", str(folder), "--out", str(tmp_path / "out"), "--formats", "none")
    assert matcher_command(*run, "--strict").returncode == 1
    ran = matcher_command(*run, MATCHER_LANG="en")
    assert ran.returncode == 0 and "C1" in ran.stdout and "1万円 was read as 10000" in ran.stderr


def test_an_encoding_is_named_as_people_call_it(matcher_command: Command, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data")
    text = "".join(",".join(map(str, row)) + "\n" for row in COMPANIES)
    (folder / "companies.csv").write_bytes(text.encode("euc-jp"))
    asked = matcher_command("check", "data", MATCHER_LANG="ja")
    assert asked.returncode == 1 and "--encoding euc-jp" in asked.stdout
    assert matcher_command("check", "data", "--encoding", "EUC_JP").returncode == 0
    run = matcher_command("run", "data", "--encoding", "eucJP", "--formats", "none")
    assert run.returncode == 0, run.stderr
    assert "--encoding euc-jp" in (tmp_path / "out" / "data" / "plan.json").read_text(encoding="utf-8")
    wrong = matcher_command("check", "data", "--encoding", "latin", MATCHER_LANG="en")
    assert wrong.returncode == 2 and "cp932, euc-jp" in wrong.stderr
