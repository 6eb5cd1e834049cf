"""The output folder: whole or not at all, and never at the cost of what somebody else put there."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.errors import MatcherError, OutputError, UsageError
from matcher.io import outputs
from matcher.io.outputs import place_of, refuse_occupied, write_run
from matcher.matching import match
from matcher.plan.plan import Plan
from tests.problems import small_problem


def _plan(**policy: object) -> Plan:
    return match(small_problem(directors=[{"id": "=1+1"}], companies=[{"id": "c1"}], policy=policy))


def _code(told: pytest.ExceptionInfo[MatcherError]) -> str:
    return told.value.code


def test_run_lies_in_its_folder_and_nothing_beside_it(tmp_path: Path) -> None:
    paths = write_run(_plan(), tmp_path / "a" / "out")
    assert [path.name for path in paths] == ["report.html", "plan.xlsx", "candidates.csv", "plan.json"]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["out"]


def test_same_run_is_replaced_and_another_is_not(tmp_path: Path) -> None:
    write_run(_plan(), tmp_path / "out", formats=())
    write_run(_plan(), tmp_path / "out")
    with pytest.raises(OutputError) as told:
        write_run(_plan(keep_points=1), tmp_path / "out")
    assert _code(told) == "out_holds_other_run"
    write_run(_plan(keep_points=1), tmp_path / "out", force=True)


@pytest.mark.parametrize("name", ["plan.json", "plan.xlsx", "notes.txt"])
@pytest.mark.parametrize("force", [False, True])
def test_file_that_is_not_of_a_run_is_never_replaced(tmp_path: Path, name: str, force: bool) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text('{"my": 1}')
    with pytest.raises(OutputError) as told:
        write_run(_plan(), tmp_path / "out", force=force)
    assert _code(told) == "out_holds_other_files"
    assert (tmp_path / "out" / name).read_text() == '{"my": 1}'


def test_workbook_edited_since_is_not_replaced_without_force(tmp_path: Path) -> None:
    write_run(_plan(), tmp_path / "out")
    book = tmp_path / "out" / "plan.xlsx"
    later = (tmp_path / "out" / "plan.json").stat().st_mtime + 60
    os.utime(book, (later, later))
    with pytest.raises(OutputError) as told:
        write_run(_plan(), tmp_path / "out")
    assert (_code(told), told.value.params["files"]) == ("out_was_edited", ["plan.xlsx"])
    write_run(_plan(), tmp_path / "out", force=True)


def test_source_and_current_folder_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "data"
    source.mkdir()
    for target in (source, tmp_path):
        with pytest.raises(OutputError) as told:
            refuse_occupied(target, source=source)
        assert _code(told) == "out_holds_source"
    refuse_occupied(source / "out", source=source)
    monkeypatch.chdir(source)
    with pytest.raises(OutputError) as told:
        refuse_occupied(Path())
    assert _code(told) == "out_is_current_folder"
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError) as told:
        refuse_occupied(tmp_path / "file")
    assert _code(told) == "out_is_file"


def test_unknown_format_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_run(_plan(), tmp_path / "out", formats=("pdf",))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("stop", [OSError("disk full"), KeyboardInterrupt()])
def test_earlier_run_survives_whatever_stops_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    write_run(_plan(), tmp_path / "out", formats=())
    before = (tmp_path / "out" / "plan.json").read_bytes()
    rename, calls = Path.rename, []

    def second_fails(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 2:
            raise stop
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", second_fails)
    with pytest.raises(type(stop)):
        write_run(_plan(), tmp_path / "out", formats=())
    monkeypatch.undo()
    assert (tmp_path / "out" / "plan.json").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_writer_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outputs, "write_candidates", fail)
    with pytest.raises(OSError, match="No space"):
        write_run(_plan(), tmp_path / "new" / "out")
    assert list((tmp_path / "new").iterdir()) == []


def test_candidates_open_in_excel_and_hold_no_formula(tmp_path: Path) -> None:
    write_run(_plan(), tmp_path / "out")
    content = (tmp_path / "out" / "candidates.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 2
    assert b'"\'=1+1"' in content


def test_many_candidates_are_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pa_parquet

    monkeypatch.setattr(outputs, "CSV_ROWS", 0)
    write_run(_plan(), tmp_path / "out", formats=("candidates",))
    table = pa_parquet.read_table(tmp_path / "out" / "candidates.parquet")
    assert table["director_id"].to_pylist() == ["=1+1"]
    assert table["points"].to_pylist() == [sum(table[name][0].as_py() for name in _plan().candidates.criteria)]


def test_source_inside_the_current_folder_is_kept_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert place_of("data/pilot") == "data/pilot"
    assert place_of(str(tmp_path / "data" / "pilot")) == "data/pilot"
    assert place_of(str(tmp_path.parent / "pilot")) == (tmp_path.parent / "pilot").as_posix()
    assert place_of("../pilot") == "../pilot"
    assert place_of("") == ""
    plan = _plan()
    write_run(
        replace(plan, document=plan.document.model_copy(update={"source": str(tmp_path / "a")})), tmp_path / "out"
    )
    assert json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))["source"] == "a"
