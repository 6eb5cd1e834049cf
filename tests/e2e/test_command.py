"""The installed command as a user types it: outputs, exit codes, messages, and nothing half-written."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.commands import begun
from tests.conftest import Command

OUTPUTS = {"plan.json", "candidates.csv", "plan.xlsx", "report.html"}


def _no_traceback(done: subprocess.CompletedProcess[str]) -> None:
    assert "Traceback" not in done.stderr
    assert "Traceback" not in done.stdout


def test_run_pilot_writes_all_outputs_and_proves(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    done = matcher_command("run", str(scenarios / "pilot"), "--out", "result")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "result").iterdir()} == OUTPUTS
    plan = json.loads((tmp_path / "result" / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "optimal"
    assert plan["certificate"]["word"] == "proved"
    assert plan["certificate"]["value"] == plan["certificate"]["bound"]
    assert len(plan["assignments"]) == 3
    assert len(plan["unserved"]) == 47
    for match in plan["assignments"]:
        assert match["director_id"] in done.stdout
        assert match["company_id"] in done.stdout
        assert sum(match["criteria"].values()) + match["keep"] == match["points"]
    assert plan["objective"]["points"] == sum(match["points"] for match in plan["assignments"])
    assert done.stderr == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["result"]


def test_json_is_alone_on_standard_output(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    done = matcher_command("run", str(scenarios / "pilot"), "--out", "result", "--json")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (tmp_path / "result" / "plan.json").read_text(encoding="utf-8")
    printed = json.loads(done.stdout)
    assert printed["schema"] == "matcher.plan/1"
    assert list(printed["seconds"]) == ["read", "check", "score", "solve", "certify", "write"]


def test_same_input_gives_the_same_plan_also_with_shuffled_rows(
    matcher_command: Command, scenarios: Path, tmp_path: Path
) -> None:
    shuffled = tmp_path / "shuffled"
    shutil.copytree(scenarios / "pilot", shuffled)
    for number, path in enumerate(sorted(shuffled.glob("*.csv"))):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame.sample(frac=1, random_state=number).to_csv(path, index=False, encoding="utf-8-sig")
    digests = []
    for source in (scenarios / "pilot", shuffled):
        done = matcher_command("run", str(source), "--out", f"out-{source.name}", "--json")
        assert done.returncode == 0, done.stderr
        digests.append(json.loads(done.stdout)["digests"])
    assert digests[0] == digests[1]


@pytest.mark.parametrize("name", ["roster", "regional", "seasons"])
def test_other_scenarios_run(matcher_command: Command, scenarios: Path, name: str) -> None:
    done = matcher_command("run", str(scenarios / name), "--out", "result", "--json")
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    assert plan["status"] in ("optimal", "feasible")
    assert plan["certificate"]["bound"] >= plan["certificate"]["value"] > 0


def test_formats_choose_what_stands_beside_the_plan(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    for formats, names in (("none", set()), ("html,candidates", {"report.html", "candidates.csv"})):
        done = matcher_command("run", str(scenarios / "pilot"), "--out", "result", "--formats", formats)
        assert done.returncode == 0, done.stderr
        assert {path.name for path in (tmp_path / "result").iterdir()} == {"plan.json", *names}
    done = matcher_command("run", str(scenarios / "pilot"), "--out", "other", "--formats", "pdf")
    assert done.returncode == 2
    assert "xlsx" in done.stderr
    assert not (tmp_path / "other").exists()


def test_run_refuses_a_folder_that_holds_another_run(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    pilot = str(scenarios / "pilot")
    assert matcher_command("run", pilot, "--out", "result").returncode == 0
    before = (tmp_path / "result" / "plan.json").read_bytes()
    done = matcher_command("run", pilot, "--out", "result", "--set", "weights.network=0")
    assert done.returncode == 2
    assert "--force" in done.stderr
    _no_traceback(done)
    assert (tmp_path / "result" / "plan.json").read_bytes() == before
    assert matcher_command("run", pilot, "--out", "result", "--set", "weights.network=0", "--force").returncode == 0
    assert (tmp_path / "result" / "plan.json").read_bytes() != before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["result"]


def test_run_never_replaces_what_is_not_a_run(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    for out in ("mine", "."):
        done = matcher_command("run", str(scenarios / "pilot"), "--out", out, "--force")
        assert done.returncode == 2
        _no_traceback(done)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep me"


def test_run_with_bad_data_writes_nothing(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    source = tmp_path / "data"
    shutil.copytree(scenarios / "pilot", source)
    path = source / "ratings.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.iloc[0, -1] = "7"
    frame.to_csv(path, index=False, encoding="utf-8-sig")
    done = matcher_command("run", str(source), "--out", "result")
    assert done.returncode == 1
    assert "ratings.csv" in done.stderr
    assert "row 2" in done.stderr
    assert "7" in done.stderr
    assert "Try:" in done.stderr
    _no_traceback(done)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_pin_against_a_hard_rule_names_its_row(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    source = tmp_path / "data"
    shutil.copytree(scenarios / "pilot", source)
    with (source / "pairs.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("D004,C014,固定\r\n")
    done = matcher_command("run", str(source), "--out", "result")
    assert done.returncode == 1
    for word in ("pairs.csv", "row 16", "D004", "C014", "required skill"):
        assert word in done.stderr
    _no_traceback(done)
    assert not (tmp_path / "result").exists()


def test_progress_is_shown_on_a_terminal_only(scenarios: Path, tmp_path: Path) -> None:
    """Standard error is a terminal here, standard output is not."""
    ours, theirs = os.openpty()
    command = [str(Path(sys.executable).with_name("matcher")), "run", str(scenarios / "pilot"), "--out", "result"]
    env = {**os.environ, "MATCHER_LANG": "en", "TERM": "xterm"}
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, encoding="utf-8", env=env)
    os.close(theirs)
    printed, _ = process.communicate(timeout=120)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert process.returncode == 0
    assert "Reading and checking the data" in shown
    assert "Proved: " in printed
    assert "Reading" not in printed


def test_infeasible_demands_are_named_and_exit_3(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    quota = "limits.quotas=[{by: kind, value: municipality, min: 4}]"
    done = matcher_command("run", str(scenarios / "pilot"), "--out", "result", "--set", quota)
    assert done.returncode == 3, done.stderr
    plan = json.loads((tmp_path / "result" / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "infeasible"
    assert plan["certificate"]["word"] == "proved"
    families = {row["family"] for row in plan["conflict"]["rows"]}
    assert families == {"quota:kind", "max_companies"}
    assert plan["assignments"] == []
    assert plan["conflict"]["bottleneck"]["shortfall"] == 1
    told = [(found["changes"][0]["family"], found["changes"][0]["after"]) for found in plan["conflict"]["relaxations"]]
    assert told == [("quota:kind", 3), ("max_companies", 4)]
    for limits in ("limits.quotas=[{by: kind, value: municipality, min: 3}]", "limits.max_companies=4"):
        words = ["--set", quota, "--set", limits]
        assert matcher_command("run", str(scenarios / "pilot"), "--out", f"again{len(limits)}", *words).returncode == 0


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("workbook", [False, True])
def test_template_passes_check_and_runs(matcher_command: Command, tmp_path: Path, lang: str, workbook: bool) -> None:
    target = "template.xlsx" if workbook else "template"
    words = ["init", target, "--lang", lang, *(["--workbook"] if workbook else [])]
    assert matcher_command(*words).returncode == 0
    before = _bytes_below(tmp_path / target)
    done = matcher_command("check", target, "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["n_faults"] == 0
    assert matcher_command("run", target, "--out", "result").returncode == 0
    assert _bytes_below(tmp_path / target) == before
    again = matcher_command(*words)
    assert again.returncode == 2
    _no_traceback(again)


def _bytes_below(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return {str(file): file.read_bytes() for file in files if file.is_file()}


@pytest.mark.parametrize("name", ["policy", "scenario", "plan"])
def test_schema_accepts_what_the_scenarios_hold(
    matcher_command: Command, scenarios: Path, tmp_path: Path, name: str
) -> None:
    import jsonschema
    from ruamel.yaml import YAML

    done = matcher_command("schema", name)
    assert done.returncode == 0, done.stderr
    schema = json.loads(done.stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    if name == "plan":
        assert matcher_command("run", str(scenarios / "pilot"), "--out", "result").returncode == 0
        content = json.loads((tmp_path / "result" / "plan.json").read_text(encoding="utf-8"))
    else:
        content = YAML(typ="safe").load(scenarios / "pilot" / f"{name}.yaml")
    jsonschema.validate(content, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**content, "no_such_key": 1}, schema)


def test_usage_errors_exit_2(matcher_command: Command, scenarios: Path) -> None:
    pilot = str(scenarios / "pilot")
    for words in (
        ["run", pilot, "--set", "weights.netwrok=0"],
        ["run", pilot, "--set", "weights.network"],
        ["run", pilot, "--set", "weights.network=-1"],
        ["run", pilot, "--policy", "absent.yaml"],
        ["run", pilot, "--lang", "fr"],
        ["run", pilot, "--no-such-option"],
        ["schema", "plans"],
        ["run", pilot, "--set", "objective=[worst_macth]"],
        ["run", pilot, "--set", "solve.backend=simplex"],
        ["run", "no-such-folder"],
        ["check", "no-such-folder"],
    ):
        done = matcher_command(*words)
        assert done.returncode == 2, (words, done.stdout, done.stderr)
        assert done.stderr.strip()
        _no_traceback(done)


def test_unknown_policy_key_names_the_nearest_and_lists_the_known(matcher_command: Command, scenarios: Path) -> None:
    done = matcher_command("run", str(scenarios / "pilot"), "--set", "weights.netwrok=0")
    assert "netwrok" in done.stderr
    assert "network" in done.stderr
    assert "local_culture" in done.stderr


def test_json_is_utf_8_whatever_the_console_speaks(matcher_command: Command, scenarios: Path, tmp_path: Path) -> None:
    words = [str(Path(sys.executable).with_name("matcher")), "run", str(scenarios / "pilot"), "--out", "r", "--json"]
    for encoding in ("ascii", "cp932"):
        done = subprocess.run(
            [*words, "--force"], cwd=tmp_path, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding}
        )
        assert done.returncode == 0
        assert json.loads(done.stdout.decode("utf-8"))["title"].startswith("パイロット")
    for lang in ("ja", "en"):
        assert matcher_command("--help", MATCHER_LANG=lang, PYTHONIOENCODING="cp1252").returncode == 0


def test_links_as_output_are_written_through_or_refused(
    matcher_command: Command, scenarios: Path, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert matcher_command("run", str(scenarios / "pilot"), "--out", "link", "--formats", "none").returncode == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "plan.json").is_file()
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    done = matcher_command("run", str(scenarios / "pilot"), "--out", "a")
    assert done.returncode == 2
    _no_traceback(done)


def test_result_that_cannot_be_printed_is_said_and_kept(scenarios: Path, tmp_path: Path) -> None:
    words = [str(Path(sys.executable).with_name("matcher")), "run", str(scenarios / "pilot"), "--out", "result"]
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device, not a file of ours
        done = subprocess.run(
            words, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, encoding="utf-8", env={**os.environ}
        )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert (tmp_path / "result" / "plan.json").is_file()


def test_stopped_check_leaves_no_half_written_file(scenarios: Path, tmp_path: Path) -> None:
    for delay in (0.05, 0.4, 0.8):
        process = begun("check", str(scenarios / "regional"), "--faults", "f.csv", cwd=tmp_path)
        time.sleep(delay)
        process.terminate()
        _, told = process.communicate(timeout=60)
        assert "Traceback" not in told
        assert not [path for path in tmp_path.iterdir() if path.suffix == ".part"]


def test_interrupted_run_leaves_nothing(scenarios: Path, tmp_path: Path) -> None:
    process = begun("run", str(scenarios / "regional"), "--out", "result", cwd=tmp_path)
    time.sleep(0.9)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    if process.returncode == 0:
        assert {path.name for path in (tmp_path / "result").iterdir()} == OUTPUTS
        return
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_nothing(scenarios: Path, tmp_path: Path) -> None:
    """A file size limit stops the writing half-way, as a full disk does."""
    command = Path(sys.executable).with_name("matcher")
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 8; exec {command} run {scenarios / 'pilot'} --out result"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "MATCHER_LANG": "en"},
    )
    assert done.returncode != 0
    _no_traceback(done)
    assert not (tmp_path / "result").exists()


def test_every_command_and_option_is_documented(matcher_command: Command) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for command in ("init", "check", "run", "schema"):
        for lang in ("ja", "en"):
            done = matcher_command(command, "--help", MATCHER_LANG=lang)
            assert done.returncode == 0
        options = set(re.findall(r"^\W*(--[a-z-]+)", done.stdout, re.MULTILINE))
        assert options
        assert f"matcher {command}" in readme
        for option in options - {"--help"}:
            assert option in readme, f"README does not document {option} of matcher {command}"
