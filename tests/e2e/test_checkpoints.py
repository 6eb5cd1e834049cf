"""A run that is killed at any of its steps goes on with `--resume`, to the plan of one that was never ended."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from matcher.cli.running import run_match
from matcher.generating import Programme
from matcher.io.programme_out import write_programme

SOURCES = {
    "tiers": ("pilot", ()),
    "trees": ("roster", ("solve.deterministic_limit=3",)),
    "rounds": ("network", ("candidates.search=bounded",)),
}
KILLED = """
import os, signal, sys
from pathlib import Path
from matcher.cli.running import run_match
from matcher.engines.keeping import Unfinished

source, out, most, *overrides = sys.argv[1:]
write, n_written = Unfinished.write, 0

def write_and_die(self, key, text):
    global n_written
    write(self, key, text)
    n_written += 1
    if n_written == int(most):
        os.kill(os.getpid(), signal.SIGKILL)

Unfinished.write = write_and_die
run_match(Path(source), policy=None, overrides=tuple(overrides), out=Path(out), force=False, formats=(), lang="en",
          as_json=False, log_solver=False, command="", checkpoint_after_s=0)
"""


@pytest.fixture(scope="module", params=["tiers", "trees", "rounds"])
def case(
    request: pytest.FixtureRequest, scenarios: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, tuple[str, ...]]:
    name, overrides = SOURCES[request.param]
    if name != "network":
        return scenarios / name, overrides
    folder = tmp_path_factory.mktemp("rounds") / "data"
    write_programme(Programme(n_directors=30, n_companies=150, seed=3), folder)
    (folder / "policy.yaml").write_text("roster: engaged\n", encoding="utf-8")
    # Without hours, days on site, months and rivals the model is a network, which a search is for.
    blank = {"directors": ("hours_per_month", "on_site_days_per_month"), "companies": ("start",)}
    for table, names in blank.items():
        frame = pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)
        frame[list(names)] = ""
        frame.to_csv(folder / f"{table}.csv", index=False)
    rivals = folder / "rivals.csv"
    rivals.write_text(rivals.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8")
    return folder, overrides


def _run(source: Path, out: Path, overrides: tuple[str, ...], *, resume: bool, after_s: float | None = 0) -> int:
    return run_match(
        source,
        policy=None,
        overrides=overrides,
        out=out,
        force=False,
        formats=(),
        lang="en",
        as_json=False,
        log_solver=False,
        command="",
        resume=resume,
        checkpoint_after_s=after_s,
    )


def _killed(source: Path, out: Path, overrides: tuple[str, ...], at: int) -> bool:
    words = [sys.executable, "-c", KILLED, str(source), str(out), str(at), *overrides]
    done = subprocess.run(words, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def _plan(out: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    found.pop("seconds")
    return found


def test_a_run_killed_at_any_step_goes_on_to_the_same_plan(
    case: tuple[Path, tuple[str, ...]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, overrides = case
    _run(source, tmp_path / "whole", overrides, resume=False)
    assert not (tmp_path / "whole.unfinished").exists()
    assert ("n_rounds" in json.dumps(_plan(tmp_path / "whole"))) == ("candidates.search=bounded" in overrides)
    at = 1
    while _killed(source, out := tmp_path / f"out{at}", overrides, at):
        assert not out.exists()
        capsys.readouterr()
        _run(source, out, overrides, resume=True)
        assert f"{at} step" in capsys.readouterr().err
        assert _plan(out) == _plan(tmp_path / "whole")
        assert not (tmp_path / f"out{at}.unfinished").exists()
        at += 1
    assert at > 3


def test_steps_are_mentioned_where_nobody_asked_for_them_and_damaged_ones_solved_again(
    scenarios: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = scenarios / "pilot", tmp_path / "out"
    assert _killed(source, out, (), 2)
    kept = sorted((tmp_path / "out.unfinished").glob("*.json"))
    _run(source, tmp_path / "other", (), resume=False, after_s=None)
    capsys.readouterr()
    kept[0].write_bytes(kept[0].read_bytes()[:-9])
    _run(source, out, (), resume=True)
    told = capsys.readouterr().err
    assert "is damaged" in told and "1 step taken" in told
    assert _plan(out) == _plan(tmp_path / "other")

    assert _killed(source, tmp_path / "again", (), 2)
    _run(source, tmp_path / "again", (), resume=False)
    told = capsys.readouterr().err
    assert "--resume goes on from there" in told and "taken" not in told


def test_a_step_of_another_policy_is_not_taken(
    scenarios: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = scenarios / "pilot", tmp_path / "out"
    assert _killed(source, out, (), 2)
    _run(source, out, ("weights.network=1",), resume=True)
    assert "nothing in" in capsys.readouterr().err


def test_a_file_that_asks_for_other_code_runs_none_of_it(tmp_path: Path) -> None:
    import base64
    import pickle

    from matcher.engines.checkpoints import _entry

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path.touch, (tmp_path / "touched",))  # type: ignore[return-value]

    content = base64.b64encode(pickle.dumps(Evil())).decode()
    assert _entry(json.dumps({"model": "m", "entry": content}), "m") is None
    assert not (tmp_path / "touched").exists()


def test_a_short_run_writes_no_steps(scenarios: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object, key: str, text: str) -> None:
        raise AssertionError("written")

    monkeypatch.setattr("matcher.engines.keeping.Unfinished.write", refuse)
    _run(scenarios / "pilot", tmp_path / "out", (), resume=False, after_s=None)
    with pytest.raises(AssertionError, match="written"):
        _run(scenarios / "pilot", tmp_path / "other", (), resume=False)
