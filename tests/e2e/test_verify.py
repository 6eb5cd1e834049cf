"""`matcher verify` as a user types it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Command


@pytest.fixture
def desk(matcher_command: Command, scenarios: Path, tmp_path: Path) -> Path:
    """A folder with the pilot's data and a run of them."""
    shutil.copytree(scenarios / "pilot", tmp_path / "data")
    done = matcher_command("run", str(tmp_path / "data"), "--out", "out/pilot", "--formats", "none")
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_plan_of_a_run_holds(matcher_command: Command, desk: Path) -> None:
    plan = (desk / "out" / "pilot" / "plan.json").read_text(encoding="utf-8")
    assert json.loads(plan)["source"] == "data"
    assert str(desk) not in plan.replace(json.loads(plan)["command"], "")
    done = matcher_command("verify", "out/pilot")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The plan holds: 3 matches")
    assert "Proved: Total points, value 26,325, bound 26,325" in done.stdout
    assert "Proved: tie-break by recorded lot, computed again without a solver" in done.stdout
    assert done.stdout.count("value ") == 1
    printed = json.loads(matcher_command("verify", "out/pilot/plan.json", "--json").stdout)
    assert list(printed) == ["schema", "ok", "problems", "value", "bound", "word", "tiers"]
    assert (printed["schema"], printed["ok"], printed["problems"]) == ("matcher.verify/1", True, [])
    assert (printed["value"], printed["bound"], printed["word"]) == (26_325, 26_325, "proved")


def test_changed_plan_is_refused_with_every_problem(matcher_command: Command, desk: Path) -> None:
    file = desk / "out" / "pilot" / "plan.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["assignments"][0]["points"] += 1
    content["metrics"]["n_served"] = 4
    file.write_text(json.dumps(content), encoding="utf-8")
    done = matcher_command("verify", "out/pilot", "--json", "--lang", "ja")
    assert (done.returncode, done.stderr) == (1, "")
    printed = json.loads(done.stdout)
    assert (printed["ok"], printed["word"]) == (False, "unknown")
    rules = [problem["rule"] for problem in printed["problems"]]
    assert {"plan_digest", "match_wrong", "points_do_not_add_up", "tier_value_wrong", "figure_wrong"} <= set(rules)
    assert all(set(problem) == {"rule", "where", "message", "details"} for problem in printed["problems"])
    done = matcher_command("verify", "out/pilot", "--lang", "ja")
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == f"この計画は正しくありません。問題：{len(rules)}件"
    assert len(done.stdout.splitlines()) == len(rules) + 2
    assert done.stdout.splitlines()[-1].startswith("対処：")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["verify", "nothing"], "There is no plan at nothing."),
        (["verify", "data/policy.yaml"], "data/policy.yaml is no plan"),
        (["verify", "out/pilot", "--source", "nowhere"], "There is no file or folder nowhere."),
    ],
)
def test_call_that_names_no_plan_or_no_data_is_a_usage_error(
    matcher_command: Command, desk: Path, words: list[str], told: str
) -> None:
    done = matcher_command(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(told)
    assert "Try: " in done.stderr


def test_a_start_from_a_plan_of_other_data_says_so(matcher_command: Command, desk: Path, scenarios: Path) -> None:
    for source, is_other in (("data", False), (str(scenarios / "roster"), True)):
        for lang, said in (
            ("ja", "今のデータから作られたものではありません"),
            ("en", "made from other data than these"),
        ):
            words = ("run", source, "--start", "out/pilot", "--out", "again", "--force", "--formats", "none")
            done = matcher_command(*words, MATCHER_LANG=lang)
            assert done.returncode == 0, done.stderr
            assert (said in done.stderr) is is_other
            assert "any more" not in done.stderr
