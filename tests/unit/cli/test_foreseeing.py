"""Memory that would not do is foreseen: the estimate holds, and a run that would exceed it is refused at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from matcher.cli import foreseeing, main
from matcher.cli.foreseeing import foresee, foresee_check, need_line
from matcher.domain.problem import Problem
from matcher.errors import UsageError
from matcher.generating import Programme
from matcher.io import read_source
from matcher.io.free_memory import free_bytes
from matcher.io.outputs import write_run
from matcher.io.programme_out import write_programme
from matcher.matching import match
from matcher.pairing.footprint import BYTES_AT_LEAST, footprint_of, most_of

EVERY = "candidates.keep_per_company=null"
MEASURE = """
import sys
from pathlib import Path
from matcher.io import read_source
from matcher.matching import match
from matcher.whatif.load import peak_mb
problem = read_source(Path(sys.argv[1]), overrides=(sys.argv[2], "solve.time_limit_s=1"))
before = peak_mb()
match(problem)
print((peak_mb() - before) * 2**20)
"""


@pytest.fixture(scope="module", params=[(200, 2000), (700, 3000)], ids=str)
def programme(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    n_directors, n_companies = request.param
    folder = tmp_path_factory.mktemp("programme") / "data"
    write_programme(Programme(n_directors=n_directors, n_companies=n_companies, seed=1), folder, form="parquet")
    return folder


def test_estimate_is_of_the_size_of_the_peak(programme: Path) -> None:
    """Solving is cut short, which takes less than it would in the end; most of the small one is what is fixed."""
    found = subprocess.run(
        [sys.executable, "-c", MEASURE, str(programme), EVERY], capture_output=True, text=True, check=True, timeout=300
    )
    estimate = footprint_of(read_source(programme, overrides=(EVERY,))).n_bytes
    assert (estimate - BYTES_AT_LEAST) / 2 < float(found.stdout) < estimate * 3


@pytest.fixture(scope="module")
def pilot(scenarios: Path) -> Problem:
    return read_source(scenarios / "pilot")


@pytest.mark.parametrize("most", ["null", "2"])
def test_pairs_are_those_that_a_run_keeps(scenarios: Path, most: str) -> None:
    plain = read_source(scenarios / "pilot", overrides=(f"candidates.keep_per_company={most}",))
    problem = plain.with_policy(plain.policy.model_copy(update={"thresholds": type(plain.policy.thresholds)()}))
    n_fixed = 0 if most == "null" else len(problem.tables["pairs"]) + len(problem.tables["engagements"])
    found = footprint_of(problem)
    assert found.is_exact
    assert found.n_pairs - n_fixed <= match(problem).candidates.n_pairs <= found.n_pairs <= most_of(problem).n_pairs


def test_a_run_beyond_what_is_free_is_refused_and_one_near_it_warned(
    pilot: Problem, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = pilot.with_policy(pilot.policy.model_copy(update={"thresholds": type(pilot.policy.thresholds)()}))
    foresee(problem, "en", free=2 * BYTES_AT_LEAST)
    assert capsys.readouterr().err == ""
    foresee(problem, "en", free=BYTES_AT_LEAST)
    assert "0.2 GB are needed" in capsys.readouterr().err
    with pytest.raises(UsageError, match="keep_per_company") as refused:
        foresee(problem, "en", free=BYTES_AT_LEAST // 2)
    assert refused.value.code == "too_little_memory" and refused.value.exit_code == 2


def test_what_thresholds_may_cut_is_no_reason_for_a_refusal(pilot: Problem, capsys: pytest.CaptureFixture[str]) -> None:
    thresholds = pilot.policy.thresholds.model_copy(update={"min_score_points": 1})
    foresee(pilot.with_policy(pilot.policy.model_copy(update={"thresholds": thresholds})), "ja", free=1)
    assert "メモリーが足りなくなるおそれ" in capsys.readouterr().err


def test_check_tells_the_need_of_large_data_only(pilot: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    assert need_line(pilot, "en") is None
    monkeypatch.setattr("matcher.cli.foreseeing.MANY_PAIRS", 1)
    assert "0.2 GB of memory" in str(need_line(pilot, "en"))


def _written(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")


def test_free_memory_is_the_least_that_any_limit_leaves(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) is None
    proc, group = tmp_path / "proc", tmp_path / "sys/fs/cgroup"
    _written(proc, meminfo="MemTotal: 9000 kB\nMemAvailable:    8000 kB\n")
    assert free_bytes(tmp_path) == 8_192_000
    _written(proc, self__cgroup="0::/a/b\n")
    _written(group, **{"a__b__memory.max": "max\n", "a__b__memory.current": "5000\n"})
    assert free_bytes(tmp_path) == 8_192_000
    _written(
        group, **{"a__memory.max": "7000\n", "a__memory.current": "5000\n", "a__memory.stat": "inactive_file 300\n"}
    )
    assert free_bytes(tmp_path) == 2300
    _written(proc, self__cgroup="4:cpu,memory:/x\n")
    _written(group, **{"memory__memory.limit_in_bytes": "600\n", "memory__memory.usage_in_bytes": "700\n"})
    assert free_bytes(tmp_path) == 0


@pytest.mark.parametrize("search", ["bounded", "every_pair"])
def test_a_check_scores_every_pair_also_of_a_plan_that_was_searched(scenarios: Path, search: str) -> None:
    problem = read_source(scenarios / "pilot", overrides=(f"candidates.search={search}",))
    needed = footprint_of(problem, every_pair=True)
    assert needed.n_pairs > 0
    foresee_check(problem, free=needed.n_bytes)
    with pytest.raises(UsageError) as caught:
        foresee_check(problem, free=needed.n_bytes // 2)
    assert caught.value.code == "too_little_memory_to_check"
    assert f"{needed.n_pairs:,}" in str(caught.value)


@pytest.mark.parametrize("words", [("verify",), ("explain", "fairness")])
def test_a_plan_that_cannot_be_checked_is_refused(
    scenarios: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    write_run(match(read_source(scenarios / "pilot")), tmp_path / "out", lang="en", formats=())
    monkeypatch.setattr(foreseeing, "free_bytes", lambda: 1000)
    monkeypatch.setattr("sys.argv", ["matcher", words[0], str(tmp_path / "out"), *words[1:], "--lang", "en"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert "checking and explaining a plan scores every pair" in capsys.readouterr().err
