"""`python -m benchmarks.gap`: files as the literature keeps them, value and bound in the file's own sense."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from benchmarks import gap_table
from benchmarks.gap import InstanceError, formulate, main, read_instance
from benchmarks.gap_made import KINDS, make, write
from benchmarks.gap_table import PEERS, load, run_one
from benchmarks.gap_table import main as table
from matcher.model.answer import Limits
from matcher.model.solvers import BACKENDS

TINY = "2 3\n 5 9 4\n 6 1 8\n 3 3 2\n 2 3 4\n 5 4\n"
"""Two agents of 5 and 4 hours, three jobs."""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.txt"
    path.write_text(TINY, encoding="ascii")
    return path


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main([*words, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("backend", sorted(set(BACKENDS) - {"flow"}))
@pytest.mark.parametrize(("sense", "value"), [("min", 10), ("max", 19)])
def test_tiny_instance_has_the_optimum_by_hand(
    tiny: Path, capsys: pytest.CaptureFixture[str], sense: str, value: int, backend: str
) -> None:
    """Only two plans hold the hours: jobs 0, 2 | 1 at 5 + 4 + 1 = 10, and jobs 1, 2 | 0 at 9 + 4 + 6 = 19."""
    costs = _every_cost(read_instance(tiny))
    assert value == (min(costs) if sense == "min" else max(costs))
    found = _run(capsys, str(tiny), "--sense", sense, "--backend", backend)
    assert (found["name"], found["value"], found["status"], found["backend"]) == ("tiny", value, "optimal", backend)
    assert found["word"] in ("proved", "claimed")
    bound = found["bound"]
    assert isinstance(bound, int)
    assert bound <= value if sense == "min" else bound >= value


def _every_cost(instance: object) -> list[int]:
    cost, use, capacity = instance.cost, instance.use, instance.capacity  # type: ignore[attr-defined]
    n_agents, n_jobs = cost.shape
    found = []
    for agents in product(range(n_agents), repeat=n_jobs):
        used = np.bincount(agents, use[agents, range(n_jobs)], n_agents)
        if (used <= capacity).all():
            found.append(int(cost[agents, range(n_jobs)].sum()))
    return found


def test_without_json_every_figure_has_a_line(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tiny), "--sense", "min"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert {"name", "value", "bound", "gap", "status", "word", "backend", "seconds"} <= set(names)


def test_instance_without_a_plan_is_infeasible_and_exits_with_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "full.txt"
    path.write_text(TINY.replace("5 4\n", "4 3\n"), encoding="ascii")
    assert main([str(path), "--sense", "min", "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["value"], found["gap"]) == ("infeasible", None, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds 0 numbers"),
        ("2", "holds 1 numbers"),
        ("0 3", "0 agents"),
        (TINY.rsplit(maxsplit=1)[0], "holds 15 numbers; 2 agents and 3 jobs need 16"),
        (TINY + " 7", "holds 17 numbers"),
        (TINY.replace("9", "nine"), "line 2: 'nine' is no whole number"),
        (TINY.replace("9", "9.5"), "line 2: '9.5' is no whole number"),
        (TINY.replace("9", "1_000"), "line 2: '1_000' is no whole number"),
        (TINY.replace("9", "9" * 30), "line 2"),
        (TINY.replace(" 3 3 2", " 3 -3 2"), "below 0"),
    ],
)
def test_bad_file_exits_with_2_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(text, encoding="ascii")
    assert main([str(path), "--sense", "min"]) == 2
    caught = capsys.readouterr()
    assert said in caught.err and "bad.txt" in caught.err
    assert caught.out == "" and "Traceback" not in caught.err


def test_missing_file_folder_and_bytes_exit_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bytes.txt").write_bytes(b"2 3\n\xff")
    for path in (tmp_path / "none.txt", tmp_path, tmp_path / "bytes.txt"):
        assert main([str(path), "--sense", "min"]) == 2
        assert str(path) in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--time-limit", "0"], ["--threads", "0"], ["--sense", "best"], ["--backend", "x"]])
def test_wrong_option_exits_with_2(tiny: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([str(tiny), "--sense", "min", *words])
    assert left.value.code == 2


def test_formulation_gives_every_job_one_agent_and_keeps_hours(tiny: Path) -> None:
    formulation = formulate(read_instance(tiny), "min")
    assert [(family.name, family.start, family.stop) for family in formulation.families] == [
        ("company", 0, 3),
        ("hours", 3, 5),
    ]
    assert (formulation.row_lower[:3] == 1).all() and (formulation.row_upper[:3] == 1).all()
    assert formulation.row_upper[3:].tolist() == [5, 4]
    assert formulation.objective.tolist() == [-5, -9, -4, -6, -1, -8]


@pytest.mark.parametrize("kind", KINDS)
def test_made_instance_is_the_same_each_time_and_survives_its_file(kind: str, tmp_path: Path) -> None:
    first, second, other = make(kind, 4, 12, seed=1), make(kind, 4, 12, seed=1), make(kind, 4, 12, seed=2)
    write(first, tmp_path / f"{first.name}.txt")
    back = read_instance(tmp_path / f"{first.name}.txt")
    for field in ("cost", "use", "capacity"):
        np.testing.assert_array_equal(getattr(first, field), getattr(second, field))
        np.testing.assert_array_equal(getattr(first, field), getattr(back, field))
    assert back.name == first.name
    assert not np.array_equal(first.cost, other.cost)


def test_made_kinds_keep_the_ranges_of_the_literature() -> None:
    c, d, e = (make(kind, 10, 200, seed=3) for kind in ("c", "d", "e"))
    assert (c.use.min(), c.use.max(), c.cost.min(), c.cost.max()) == (5, 25, 10, 50)
    assert (d.use.min(), d.use.max()) == (1, 100)
    assert np.abs(d.cost - 111 + d.use).max() == 10
    assert e.use.min() == 1 and np.corrcoef(1 / e.use.ravel(), e.cost.ravel())[0, 1] > 0.95
    for instance in (c, d, e):
        np.testing.assert_array_equal(instance.capacity, instance.use.sum(axis=1) * 8 // (10 * 10))


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(InstanceError, match="kinds are c, d, e"):
        make("f", 2, 3, seed=1)


@pytest.mark.parametrize("solver", ["ours", "mip", *PEERS])
def test_every_solver_of_the_table_finds_the_same_optimum(solver: str) -> None:
    name, formulation, sign = load("d:3:9:1", "min")
    line = run_one(solver, formulation, Limits(time_limit_s=60.0, threads=1))
    expected = run_one("cpsat", formulation, Limits())
    assert (name, sign) == ("made_d039_1", -1)
    assert line.value is not None and line.value == expected.value == line.claimed_bound
    assert (line.bound is None) == (solver in PEERS)


def test_table_prints_costs_and_claims_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert table(["d:3:9:1", "--time-limit", "20", "--solvers", "mip", "plain-highs"]) == 0
    head, _, ours, theirs = capsys.readouterr().out.splitlines()
    assert head.startswith("| instance | solver | value | bound | gap | word |")
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in (ours, theirs)]
    assert [row[1] for row in cells] == ["mip", "plain-highs"]
    assert cells[0][2] == cells[1][2] and int(cells[0][2]) > 0
    assert all(20 < int(row[-1]) < 2_000 for row in cells)
    assert cells[0][5] in ("proved", "claimed") and cells[1][5] == "not ours"


def test_table_refuses_what_is_no_instance(capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("d:x:4:1", "z:2:4:1", "none.txt"):
        assert table([path]) == 2
        assert capsys.readouterr().err.startswith("benchmarks.gap_table: ")


def test_solver_that_does_not_come_back_is_ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gap_table, "_PATIENCE", 0.0)
    monkeypatch.setattr(gap_table, "_START_S", 0.2)
    assert table(["c:3:9:1", "--time-limit", "1", "--solvers", "plain-highs"]) == 0
    row = capsys.readouterr().out.splitlines()[-1]
    assert "| plain-highs | – | – | – | did not come back | – | 0.2 |" in row
