"""`matcher what-if` and `matcher compare` as analysts type them."""

from __future__ import annotations

import json
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
    done = _matcher("what-if", PILOT, *files, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
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
    assert done.returncode == 1
    first, second, third = json.loads(done.stdout)["scenarios"]
    assert first["state"] == "failed" and "whatif" not in first["error"] and "broken.yaml" in first["error"]
    assert "D01" in done.stderr and "D001" in done.stderr
    assert (second["state"], second["status"]) == ("done", "infeasible")
    assert third["objective"] == {"points": 51891}


def test_the_table_reads_in_both_languages(tmp_path: Path) -> None:
    file = PILOT / "what-if" / "municipalities-first.yaml"
    done = _matcher("what-if", PILOT, file, "--lang", "ja", cwd=tmp_path)
    assert "26,320" in done.stdout and "-5" in done.stdout and "綾町" in done.stdout and "証明済み" in done.stdout
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
