"""A sweep's folder: whole or not at all, the same numbers in every file, and harmless whatever names it holds."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import matcher
from matcher.domain.problem import Problem
from matcher.errors import OutputError
from matcher.io import sweep_files
from matcher.io.sweep_charts import build_charts
from matcher.io.sweep_files import NAMES, refuse_occupied_sweep, write_sweep
from matcher.io.sweep_html import render_sweep
from matcher.io.sweep_record import sweep_record
from matcher.whatif.running import Outcome
from matcher.whatif.sweeping import Axis, parse_axis
from matcher.whatif.swept import Sweep, solve_grid
from matcher.words.catalog import LANGUAGES, Lang
from matcher.words.sweep_page import label, standing_texts
from tests.problems import small_problem

HOSTILE = "<script>alert(1)</script>\"'&"


def _problem() -> Problem:
    return small_problem(
        directors=[{"name": "髙𠮷 <b>太郎</b>", "max_companies": 2}, {"name": "=2+3"}],
        companies=[{"name": "+cmd", "commitment": 5}, {"name": HOSTILE, "commitment": 3}, {"commitment": 1}],
    )


@pytest.fixture(scope="module")
def sweep() -> Sweep:
    """Two settings, of which one is a text, and a combination without a plan."""
    return solve_grid(_problem(), [parse_axis("roster=engaged,with_applicants"), Axis("limits.max_companies", (1, 3))])


@pytest.fixture(scope="module")
def with_conflict() -> Sweep:
    return solve_grid(_problem(), [Axis("limits.min_companies_per_director", (0, 9))])


@pytest.fixture(scope="module")
def along(scenarios: Path) -> Sweep:
    """One weight of the pilot programme, whose break point is known: 647/200."""
    return solve_grid(matcher.read(str(scenarios / "pilot")), [parse_axis("weights.local_culture=0,5,20")])


def _written(sweep: Sweep, folder: Path, lang: Lang) -> Path:
    paths = write_sweep(sweep, sweep_record(sweep, lang), folder, lang=lang)
    assert [path.name for path in paths] == list(NAMES) and all(path.is_file() for path in paths)
    return folder


def _sheet(folder: Path, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(folder / "sweep.xlsx")).get_sheet_by_name(name).to_python()


def _plain(frame: pd.DataFrame) -> list[list[Any]]:
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_numbers_are_the_same_in_every_file(sweep: Sweep, tmp_path: Path, lang: Lang) -> None:
    folder = _written(sweep, tmp_path / "out", lang)
    tidy = pd.read_parquet(folder / "sweep.parquet")
    assert tidy.groupby("point").size().tolist() == [len(tidy) // 4] * 4
    assert tidy["limits.max_companies"].dtype == "int64" or str(tidy["limits.max_companies"].dtype) == "Int64"
    points = tidy[tidy["measure"] == "points"]
    expected = [document.objective["points"] for document in _documents(sweep)]
    assert points["value"].tolist() == expected and points["word"].tolist() == ["proved"] * 4
    record = json.loads((folder / "sweep.json").read_text(encoding="utf-8"))
    assert [one["objective"]["points"] for one in record["points"]] == expected
    assert [one["plan"] for one in record["points"]] == points["plan"].tolist()
    rows = _sheet(folder, label("sheet_figures", lang))[1:]
    assert [[None if row[at] == "" else row[at] for at in (6, 7)] for row in rows] == _plain(tidy[["value", "bound"]])
    grid = _sheet(folder, label("sheet_grid", lang))
    assert [row[1:4] for row in grid[1:]] == [
        [roster, most, letter] for (roster, most), letter in zip(sweep.points, points["plan"], strict=True)
    ]
    page = (folder / "sweep.html").read_text(encoding="utf-8")
    for value in expected:
        assert f'data-sort="{value}">{value:,}' in page


def _documents(sweep: Sweep) -> list[Any]:
    return [outcome.plan.document for outcome in sweep.outcomes if outcome.plan is not None]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_match_of_every_combination_has_its_row(sweep: Sweep, tmp_path: Path, lang: Lang) -> None:
    folder = _written(sweep, tmp_path / "out", lang)
    tidy = pd.read_parquet(folder / "matches.parquet")
    expected = [
        [at, match.director_id, match.company_id, match.points]
        for at, document in enumerate(_documents(sweep), start=1)
        for match in document.assignments
    ]
    assert _plain(tidy[["point", "director_id", "company_id", "points"]]) == expected and len(expected) == 8
    counted = tidy.groupby(["director_id", "company_id"]).size()
    rows = _sheet(folder, label("sheet_matches", lang))[1:]
    assert {(row[0], row[2]): row[4] for row in rows} == counted.to_dict()
    assert {(row[0], row[2]): row[5] for row in rows} == (100 * counted / 4).to_dict()
    plans = _sheet(folder, label("sheet_plans", lang))[1:]
    record = json.loads((folder / "sweep.json").read_text(encoding="utf-8"))["plans"]
    assert {(row[0], row[1], row[3]) for row in plans} == {
        (letter, one["director_id"], one["company_id"]) for letter, matches in record.items() for one in matches
    }


def test_what_has_no_plan_is_missing_and_not_zero(with_conflict: Sweep, tmp_path: Path) -> None:
    folder = _written(with_conflict, tmp_path / "out", "en")
    tidy = pd.read_parquet(folder / "sweep.parquet")
    without = tidy[tidy["point"] == 2].set_index("measure")
    assert set(without["reason"]) == {"infeasible"} and without["plan"].isna().all()
    assert without.loc[["points", "n_served", "total_distance_km"], "value"].isna().all()
    assert without.loc["n_companies", "value"] == 3, "what the data say is known"
    assert pd.read_parquet(folder / "matches.parquet")["point"].unique().tolist() == [1]
    assert any("at least 9 companies" in str(row[2]) for row in _sheet(folder, "Without a plan"))
    page = (folder / "sweep.html").read_text(encoding="utf-8")
    assert page.count('class="failed"') == 1 and "at least 9 companies" in page and "Without a plan: 1 comb" in page
    chart = build_charts(with_conflict, "en").charts[0]
    assert [mark.is_missing for mark in chart.marks] == [False, True]
    assert with_conflict.letter_of(1) is None and len(with_conflict.letters) == 1


def test_break_points_stand_where_they_are(along: Sweep, tmp_path: Path) -> None:
    plan, points, *_ = build_charts(along, "en").charts
    corner = Fraction(647, 200)
    for chart in (plan, points):
        ends = [mark.x for mark in chart.marks]
        assert [one.x for one in chart.breaks] == [
            pytest.approx(ends[0] + float(corner / 20) * (ends[-1] - ends[0]), abs=0.01)
        ]
    assert [cell.text for cell in plan.cells] == ["A", "B"] and plan.cells[0].width + plan.cells[0].x == plan.breaks[
        0
    ].x
    assert [cell.title for cell in plan.cells] == ["0 to 3.235 A", "3.235 to 20 B"]
    page = unescape(render_sweep(along, "en"))
    assert "At the weight 3.235 plan A gives way to plan B." in page and "(C011): no longer served by" in page
    assert page.count('class="break"') == len(build_charts(along, "en").charts)
    folder = _written(along, tmp_path / "out", "en")
    rows = _sheet(folder, "Break points")
    assert [row[:3] for row in rows[1:3]] == [["0", "3.235", "A"], ["3.235", "20", "B"]]
    assert any("no longer served by" in str(row[0]) for row in rows)


def test_names_are_harmless(sweep: Sweep, tmp_path: Path) -> None:
    folder = _written(sweep, tmp_path / "out", "ja")
    page = (folder / "sweep.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "<b>" not in page and page.count("<script>") == 1
    assert HOSTILE in unescape(page) and "髙𠮷" in page
    assert not re.search(r"(?:src|href)=\"(?!#|data:,)", page) and "http" not in page.replace("http-equiv", "")
    from zipfile import ZipFile

    with ZipFile(folder / "sweep.xlsx") as package:
        for name in package.namelist():
            assert b"<f>" not in package.read(name), name
    assert "=2+3" in {row[1] for row in _sheet(folder, "組合せ")}


def test_the_same_sweep_is_replaced_and_another_is_not(sweep: Sweep, with_conflict: Sweep, tmp_path: Path) -> None:
    out = _written(sweep, tmp_path / "deep" / "out", "en")
    first = {name: (out / name).read_bytes() for name in NAMES}
    _written(sweep, out, "en")
    assert {name: (out / name).read_bytes() for name in NAMES} == first, "the same sweep gives the same bytes"
    assert _refused(with_conflict, out) == "out_holds_other_run"
    later = (out / "sweep.json").stat().st_mtime + 60
    os.utime(out / "sweep.xlsx", (later, later))
    assert _refused(sweep, out) == "out_was_edited"
    write_sweep(with_conflict, sweep_record(with_conflict, "en"), out, lang="en", force=True)
    assert sorted(path.name for path in out.parent.iterdir()) == ["out"]


def test_what_was_cut_short_says_so_and_does_not_replace_what_is_whole(sweep: Sweep, tmp_path: Path) -> None:
    last = sweep.outcomes[-1]
    cut = replace(sweep, outcomes=(*sweep.outcomes[:-1], Outcome(last.name, last.title, "not_run")), is_stopped=True)
    assert cut.n_done == 3
    assert standing_texts(cut, "en") == ["Interrupted: 3 of 4 combinations were finished."]
    out = _written(cut, tmp_path / "out", "en")
    record = json.loads((out / "sweep.json").read_text(encoding="utf-8"))
    assert record["is_interrupted"] and record["points"][3]["state"] == "not_run"
    assert pd.read_parquet(out / "sweep.parquet").query("point == 4")["value"].isna().all()
    _written(sweep, out, "en")
    assert _refused(cut, out) == "out_holds_whole_run"
    assert not json.loads((out / "sweep.json").read_text(encoding="utf-8"))["is_interrupted"]


def _refused(sweep: Sweep, folder: Path) -> str:
    with pytest.raises(OutputError) as told:
        write_sweep(sweep, sweep_record(sweep, "en"), folder, lang="en")
    return told.value.code


def test_what_is_no_sweep_is_never_replaced(sweep: Sweep, tmp_path: Path) -> None:
    plan = sweep.outcomes[0].plan
    assert plan is not None
    matcher.write(plan, tmp_path / "run", formats=())
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "sweep.json").write_text('{"my": 1}')
    for name in ("run", "mine"):
        with pytest.raises(OutputError) as told:
            write_sweep(sweep, sweep_record(sweep, "en"), tmp_path / name, lang="en", force=True)
        assert told.value.code == "out_holds_other_files"
    with pytest.raises(OutputError) as told:
        refuse_occupied_sweep(tmp_path / "run", source=tmp_path / "run")
    assert told.value.code == "out_holds_source"


def test_a_full_disk_leaves_nothing(sweep: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **more: object) -> str:
        raise OSError(28, "No space left on device")

    content = sweep_record(sweep, "en")
    monkeypatch.setattr(sweep_files.json, "dumps", fail)  # asked last, with the other files written
    with pytest.raises(OSError, match="No space"):
        write_sweep(sweep, content, tmp_path / "new" / "out", lang="en")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_grid_of_three_settings_is_cut_in_its_charts_only() -> None:
    axes = [
        Axis("limits.max_companies", tuple(range(1, 46))),
        Axis("thresholds.neutral", (0.4, 0.5)),
        Axis("roster", ("engaged",)),
    ]
    outcomes = tuple(Outcome(str(at), str(at), "not_run") for at in range(90))
    grid = Sweep(_problem(), tuple(axes), tuple((n, x, "engaged") for n in range(1, 46) for x in (0.4, 0.5)), outcomes)
    charts = build_charts(grid, "en")
    assert charts.cut == "The charts show the first 40 rows." and len(charts.charts[0].cells) == 40
    assert [text.text for text in charts.charts[0].texts[:2]] == ["1, 0.4", "1, 0.5"]
    assert render_sweep(grid, "ja").count(chr(34) + "failed" + chr(34)) == 90
