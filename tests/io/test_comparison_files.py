"""A comparison's folder: whole or not at all, the same numbers in every file, and harmless whatever names it holds."""

from __future__ import annotations

import json
import os
import re
import threading
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import matcher
from matcher.errors import OutputError
from matcher.io import comparison_files
from matcher.io.comparison_files import NAMES, refuse_taken, write_comparison
from matcher.io.comparison_html import render_comparison
from matcher.io.whatif_study import run_study
from matcher.whatif.study import Study
from matcher.words.catalog import LANGUAGES, Lang
from matcher.words.comparison import FIGURES, label
from tests.problems import small_problem

HOSTILE = "<script>alert(1)</script>\"'&"
SCENARIOS = {
    "fewer": {"title": HOSTILE, "question": "=1+1", "changes": [{"policy": {"limits.max_companies": 1}}]},
    "paused": {
        "title": "=1+1",
        "changes": [
            {
                "set": {"table": "directors", "ids": ["d1"], "values": {"status": "paused"}},
                "reason": "@SUM(A1) <b>髙𠮷</b>",
            }
        ],
    },
    "impossible": {"title": "無理", "changes": [{"policy": {"limits.min_companies_per_director": 9}}]},
    "faulty": {"title": "faulty", "changes": [{"remove": {"table": "directors", "ids": ["<i>9</i>"]}}]},
}


@pytest.fixture(scope="module")
def study() -> Study:
    problem = small_problem(
        directors=[{"name": "髙𠮷 <b>太郎</b>"}, {"name": "=2+3"}],
        companies=[{"name": "+cmd", "commitment": 5}, {"name": '"引用"', "commitment": 3}, {"commitment": 1}],
    )
    return matcher.whatif.run(problem, SCENARIOS)


@pytest.fixture(scope="module", params=LANGUAGES)
def written(
    request: pytest.FixtureRequest, study: Study, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Lang, Path]:
    folder = tmp_path_factory.mktemp("comparison") / "out"
    paths = write_comparison(study, folder, lang=request.param)
    assert [path.name for path in paths] == list(NAMES) and all(path.is_file() for path in paths)
    return request.param, folder


def _sheet(folder: Path, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(folder / "comparison.xlsx")).get_sheet_by_name(name).to_python()


def _plain(frame: pd.DataFrame) -> list[list[Any]]:
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


def test_the_numbers_are_the_same_in_every_file(written: tuple[Lang, Path], study: Study) -> None:
    lang, folder = written
    tidy = pd.read_parquet(folder / "comparison.parquet")
    values = _plain(tidy[["value", "bound", "change", "own_change"]])
    record = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert [[row[name] for name in ("value", "bound", "change", "own_change")] for row in record["measures"]] == values
    rows = _sheet(folder, label("sheet_figures", lang))[1:]
    assert [[None if row[at] == "" else row[at] for at in (3, 4, 6, 8)] for row in rows] == values
    page = (folder / "comparison.html").read_text(encoding="utf-8")
    every = page[page.index('<table class="plain every">') :]
    sorts = [
        [float(text) if text else None for text in re.findall(r'data-sort="([^"]*)"', line)]
        for line in every.splitlines()
        if line.startswith("<tr><th scope=") and 'scope="row"' in line
    ]
    by_measure = tidy.groupby(["kind", "measure"], sort=False)["value"].apply(lambda part: _plain(part.to_frame()))
    assert sorts == [[value[0] for value in part] for part in by_measure]
    assert len(sorts) == len(tidy) // 5 and values[0][0] == study.base.document.metrics.total_points  # type: ignore[union-attr]


def test_the_moves_are_the_same_in_every_file(written: tuple[Lang, Path], study: Study) -> None:
    lang, folder = written
    tidy = pd.read_parquet(folder / "moves.parquet")
    assert not tidy.empty
    keys = ["chain", "step", "company_id", "before_director_id", "after_director_id", "points_change"]
    record = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert [[row[key] for key in keys] for row in record["moves"]] == _plain(tidy[keys])
    rows = _sheet(folder, label("sheet_moves", lang))[1:]
    told = [[None if row[at] == "" else row[at] for at in (2, 3, 5, 7, 9, 13)] for row in rows]
    assert told == _plain(tidy[keys])
    page = (folder / "comparison.html").read_text(encoding="utf-8")
    assert page.count('<span class="no">') == len(tidy)


def test_what_has_no_plan_has_its_row_and_its_reason_in_every_file(written: tuple[Lang, Path]) -> None:
    lang, folder = written
    tidy = pd.read_parquet(folder / "comparison.parquet").drop_duplicates("scenario").set_index("scenario")
    assert tidy.loc[["impossible", "faulty"], "reason"].tolist() == ["infeasible", "whatif_has_faults"]
    record = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert {one["name"]: one["reason"] for one in record["scenarios"]}["impossible"] == "infeasible"
    rows = _sheet(folder, label("sheet_overview", lang))
    reasons = {row[0]: row[-1] for row in rows[1:]}
    assert reasons["無理"] and reasons["faulty"] and not reasons["=1+1"]
    changes = _sheet(folder, label("sheet_changes", lang))
    assert any("<i>9</i>" in str(cell) for row in changes for cell in row), "the fault is told with its value"
    page = (folder / "comparison.html").read_text(encoding="utf-8")
    assert page.count('class="failed"') == 2
    assert "&lt;i&gt;9&lt;/i&gt;" in page


def test_names_are_harmless(written: tuple[Lang, Path]) -> None:
    lang, folder = written
    page = (folder / "comparison.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "<b>" not in page and "<i>9" not in page
    assert page.count("<script>") == 1
    assert HOSTILE in unescape(page) and "髙𠮷" in page
    assert not re.search(r"(?:src|href)=\"(?!#|data:,)", page) and "http" not in page.replace("http-equiv", "")
    titles = [row[0] for row in _sheet(folder, label("sheet_overview", lang))]
    assert titles[2:4] == [HOSTILE, "=1+1"]
    from zipfile import ZipFile

    with ZipFile(folder / "comparison.xlsx") as package:
        for name in package.namelist():
            assert b"<f>" not in package.read(name), name


def test_every_measure_has_a_name_and_the_page_reads_in_both_languages(study: Study) -> None:
    from matcher.whatif.figures import FIGURES as NAMES_OF_FIGURES

    assert set(FIGURES) == set(NAMES_OF_FIGURES)
    ja, en = (render_comparison(study, lang) for lang in LANGUAGES)
    assert 'lang="ja"' in ja and "項目ごとの図" in ja and "支援する企業" in ja
    assert 'lang="en"' in en and "Measure by measure" in en and "Because of" in en


def test_the_same_comparison_is_replaced_and_another_is_not(study: Study, tmp_path: Path) -> None:
    out = tmp_path / "a" / "out"
    write_comparison(study, out)
    first = {name: (out / name).read_bytes() for name in NAMES}
    write_comparison(study, out)
    assert {name: (out / name).read_bytes() for name in NAMES} == first, "the same study gives the same bytes"
    other = matcher.whatif.run(small_problem(), [])
    with pytest.raises(OutputError) as told:
        write_comparison(other, out)
    assert told.value.code == "out_holds_other_run"
    later = (out / "comparison.json").stat().st_mtime + 60
    os.utime(out / "comparison.xlsx", (later, later))
    with pytest.raises(OutputError) as told:
        write_comparison(study, out)
    assert told.value.code == "out_was_edited"
    write_comparison(other, out, force=True)
    assert sorted(path.name for path in out.parent.iterdir()) == ["out"]


def test_one_that_was_cut_short_is_replaced_by_the_whole_one_and_never_the_other_way_round(
    study: Study, tmp_path: Path
) -> None:
    problem = small_problem(directors=2, companies=3)
    stop = threading.Event()
    scenarios = {"fewer": SCENARIOS["fewer"], "impossible": SCENARIOS["impossible"]}
    begun = run_study(problem, scenarios, stop=stop, on_done=lambda n, of, one: stop.set())
    whole = run_study(problem, scenarios)
    assert [case.outcome.state for case in begun.cases] == ["not_run", "not_run"]
    write_comparison(begun, tmp_path / "out")
    with pytest.raises(OutputError):  # of other data
        write_comparison(study, tmp_path / "out")
    write_comparison(whole, tmp_path / "out")
    assert not json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))["is_unfinished"]
    with pytest.raises(OutputError) as raised:
        write_comparison(begun, tmp_path / "out")
    assert raised.value.code == "out_holds_other_run"


@pytest.mark.parametrize("force", [False, True])
def test_what_is_no_comparison_is_never_replaced(study: Study, tmp_path: Path, force: bool) -> None:
    plan = study.base.plan
    assert plan is not None
    matcher.write(plan, tmp_path / "run", formats=())
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "comparison.json").write_text('{"my": 1}')
    (tmp_path / "file").write_text("x")
    for name, code in (("run", "out_holds_other_files"), ("mine", "out_holds_other_files"), ("file", "out_is_file")):
        with pytest.raises(OutputError) as told:
            write_comparison(study, tmp_path / name, force=force)
        assert told.value.code == code
    with pytest.raises(OutputError) as told:
        matcher.write(plan, tmp_path / "mine", force=force)
    assert told.value.code == "out_holds_other_files"


def test_source_and_current_folder_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "data"
    source.mkdir()
    with pytest.raises(OutputError) as told:
        refuse_taken(source, source=source)
    assert told.value.code == "out_holds_source"
    monkeypatch.chdir(source)
    with pytest.raises(OutputError) as told:
        refuse_taken(Path())
    assert told.value.code == "out_is_current_folder"


def test_a_full_disk_leaves_nothing(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(comparison_files, "study_record", fail)  # asked last, with the other files written
    with pytest.raises(OSError, match="No space"):
        write_comparison(study, tmp_path / "new" / "out")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_study_of_nothing_but_its_base_can_be_written(tmp_path: Path) -> None:
    study = matcher.whatif.run(small_problem(), [])
    write_comparison(study, tmp_path / "out", lang="en")
    assert "No match" not in (tmp_path / "out" / "comparison.html").read_text(encoding="utf-8")
    assert pd.read_parquet(tmp_path / "out" / "moves.parquet").empty
