"""`matcher what-if` and `matcher compare` as analysts type them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PILOT = ROOT / "scenarios" / "pilot"


def _matcher(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "matcher", *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)


def test_what_if_tells_who_enters_and_leaves(tmp_path: Path) -> None:
    files = [PILOT / "what-if" / f"{name}.yaml" for name in ("serve-six", "director-drops-out")]
    done = _matcher("what-if", PILOT, *files, "--json", "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert re.search(r"^2 of 3 done: .* \(about \d+ s left\)$", done.stderr, re.MULTILINE), "how long the rest takes"
    assert re.search(r"^3 of 3 done: [^(]*$", done.stderr, re.MULTILINE)
    assert found["schema"] == "matcher.what-if/1"
    assert found["base"]["objective"] == {"points": 26325}
    six, dropped = found["scenarios"]
    assert (six["name"], six["objective"], six["certificate"]["word"]) == ("serve-six", {"points": 51891}, "proved")
    assert [one["company_id"] for one in six["entered"]] == ["C011", "C021", "C036"] and not six["left"]
    assert [one["company_id"] for one in dropped["left"]] == ["C002"]
    assert dropped["objective"]["points"] == 26113
    assert not list(tmp_path.iterdir())


def test_a_broken_scenario_does_not_lose_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("changes: [{set: {table: directors, ids: [D01], values: {note: x}}}]", encoding="utf-8")
    infeasible = tmp_path / "too-much.yaml"
    infeasible.write_text("changes: [{policy: {limits.min_companies_per_director: 40}}]", encoding="utf-8")
    fine = PILOT / "what-if" / "serve-six.yaml"
    done = _matcher("what-if", PILOT, broken, infeasible, fine, "--json", cwd=tmp_path)
    assert done.returncode == 2, "a faulty file is a wrong call, as a faulty policy is"
    first, second, third = json.loads(done.stdout)["scenarios"]
    assert first["state"] == "failed" and "whatif" not in first["error"] and "broken.yaml" in first["error"]
    assert "D01" in done.stderr and "D001" in done.stderr
    assert (second["state"], second["status"]) == ("done", "infeasible")
    assert third["objective"] == {"points": 51891}


def test_the_table_reads_in_both_languages(tmp_path: Path) -> None:
    file = PILOT / "what-if" / "municipalities-first.yaml"
    done = _matcher("what-if", PILOT, file, "--lang", "ja", cwd=tmp_path)
    assert "26,320" in done.stdout and "−5" in done.stdout and "綾町" in done.stdout and "証明済み" in done.stdout
    done = _matcher("what-if", PILOT, file, "--lang", "en", cwd=tmp_path)
    assert "served by" in done.stdout and "Proved" in done.stdout


def test_compare_names_rows_and_settings_that_differ(tmp_path: Path) -> None:
    assert _matcher("run", PILOT, "--out", "a", "--formats", "none", cwd=tmp_path).returncode == 0
    more = ("--set", "limits.max_companies=6")
    assert _matcher("run", PILOT, "--out", "b", "--formats", "none", *more, cwd=tmp_path).returncode == 0
    done = _matcher("compare", "a", "b", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["tiers"] == {"points": [26325, 51891]}
    assert found["policy"] == ["limits.max_companies"] and found["n_rows"] == 0 and found["n_same"] == 3
    assert [one["company_id"] for one in found["entered"]] == ["C011", "C021", "C036"]
    done = _matcher("compare", "a", "nowhere", cwd=tmp_path)
    assert done.returncode == 2 and "nowhere" in done.stderr


def test_what_if_writes_its_files_and_prints_the_same_numbers(tmp_path: Path) -> None:
    import pandas as pd

    file = PILOT / "what-if" / "without-travel-beyond-a-day.yaml"
    done = _matcher("what-if", PILOT, file, "--out", "out", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert printed == json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in printed["scenarios"]] == ["without-travel-beyond-a-day"]
    assert printed["scenarios"][0]["own_base"] == "serve-six" == printed["bases"][0]["name"]
    assert printed["scenarios"][0]["against_own_base"]["same_points"] == 99
    tidy = pd.read_parquet(tmp_path / "out" / "comparison.parquet")
    points = tidy[tidy["measure"] == "points"].set_index("scenario")
    assert points["value"].to_dict() == {"base": 26325, "without-travel-beyond-a-day": 51990, "serve-six": 51891}
    assert points["own_change"]["without-travel-beyond-a-day"] == 99
    again = _matcher("what-if", PILOT, file, "--out", "out", cwd=tmp_path)
    assert again.returncode == 0 and "comparison.html" in again.stdout


def test_an_output_folder_that_cannot_be_is_told_before_anything_is_solved(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x", encoding="utf-8")
    file = PILOT / "what-if" / "serve-six.yaml"
    for out in ("file", "mine", "."):
        done = _matcher("what-if", PILOT, file, "--out", out, "--force", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, ""), out
        assert "done:" not in done.stderr and "完了" not in done.stderr
    assert (tmp_path / "mine" / "notes.txt").read_text(encoding="utf-8") == "x"


def test_a_scenario_given_twice_is_a_wrong_call(tmp_path: Path) -> None:
    file = PILOT / "what-if" / "serve-six.yaml"
    done = _matcher("what-if", PILOT, file, file, "--lang", "en", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "given twice" in done.stderr


def test_a_scenario_without_a_plan_is_an_answer(tmp_path: Path) -> None:
    file = tmp_path / "too-much.yaml"
    file.write_text("changes: [{policy: {limits.min_companies_per_director: 40}}]", encoding="utf-8")
    done = _matcher("what-if", PILOT, file, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "from 40 to 0 is enough" in done.stdout, "which demands are in conflict, and what is enough"


def test_compare_calls_the_runs_by_their_names_and_writes_files(tmp_path: Path) -> None:
    for name, more in (("before", ()), ("after", ("--set", "limits.max_companies=6"))):
        assert _matcher("run", PILOT, "--out", name, "--formats", "none", *more, cwd=tmp_path).returncode == 0
    done = _matcher("compare", "before", "after", "--out", "both", "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "As it is" not in done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines()[3:5]] == ["before", "after"]
    page = (tmp_path / "both" / "comparison.html").read_text(encoding="utf-8")
    assert "As it is" not in page and "What changes from before to after." in page
    done = _matcher("compare", "before", "after", "--out", "before", "--force", cwd=tmp_path)
    assert done.returncode == 2, "the runs themselves are never replaced"
    assert (tmp_path / "before" / "plan.json").is_file()


def test_japanese_output_names_tables_and_columns_in_japanese(tmp_path: Path) -> None:
    done = _matcher("what-if", PILOT, PILOT / "what-if" / "within-100-km.yaml", "--lang", "ja", cwd=tmp_path)
    assert "ディレクター D001の訪問可能距離" in done.stdout and "max_distance_km" not in done.stdout
    assert "きっかけ：変更1 ディレクター 6行" in done.stdout


def test_a_base_without_a_plan_tells_its_reason_too(tmp_path: Path) -> None:
    file = tmp_path / "mended.yaml"
    file.write_text("changes: [{policy: {limits.min_companies_per_director: 0}}]", encoding="utf-8")
    impossible = ("--set", "limits.min_companies_per_director=40")
    done = _matcher("what-if", PILOT, file, *impossible, "--lang", "en", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("from 40 to 0 is enough") == 2, "of the base itself, and where the scenario is told"
    assert "no longer served" not in done.stdout and "served by" not in done.stdout
    page = (tmp_path / "out" / "comparison.html").read_text(encoding="utf-8")
    assert 'id="s0"' in page and "from 40 to 0 is enough" in page
