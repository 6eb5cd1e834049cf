"""The tables of explanations in the report and the workbook: the figures of `matcher explain --json`, or none."""

from __future__ import annotations

import re
import warnings
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from matcher.explain import tables as explained
from matcher.explain.questions import ask
from matcher.explain.standing import Standing
from matcher.explain.tables import TABLES, tables_of
from matcher.io.plan_excel import write_plan_excel
from matcher.io.plan_html import render_plan_html
from matcher.matching import match
from matcher.plan.plan import Plan
from matcher.words.explain_tables import sheet_name
from tests.problems import small_problem

NETWORK: dict[str, Any] = {
    "directors": [
        {"name": "Aoi", "experience_years": 9, "max_companies": 1},
        {"name": "Beni", "experience_years": 4, "max_companies": 2},
        {"name": "Chie", "experience_years": 4, "max_companies": 1, "prefecture": "Tokyo"},
    ],
    "companies": [{"priority": p, "commitment": c} for p, c in ((1.1, 5), (1, 4), (1, 4), (1, 4), (0.5, 1))],
    "policy": {"limits": {"max_companies": 3}},
}
HOURS: dict[str, Any] = {
    **NETWORK,
    "directors": [{**row, "hours_per_month": 20} for row in NETWORK["directors"]],
    "companies": [
        {**row, "hours_per_month": hours} for row, hours in zip(NETWORK["companies"], (15, 12, 9, 8, 6), strict=True)
    ],
}
ROWS = {"network": NETWORK, "hours": HOURS}


@pytest.fixture(scope="module", params=list(ROWS))
def plan(request: pytest.FixtureRequest) -> Plan:
    return match(small_problem(**ROWS[request.param]))


def book_of(plan: Plan, folder: Path, lang: str = "en") -> Workbook:
    write_plan_excel(plan, folder / "plan.xlsx", lang)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*extension is not supported")
        return load_workbook(BytesIO((folder / "plan.xlsx").read_bytes()))


def rows_of(book: Workbook, name: str) -> list[tuple[Any, ...]]:
    """The rows of a sheet's table, without what stands below it."""
    sheet = book[name]
    last = int(re.fullmatch(r"A1:[A-Z]+(\d+)", sheet.auto_filter.ref)[1])  # type: ignore[index]
    return list(sheet.iter_rows(min_row=2, max_row=last, values_only=True))


def section_of(html: str, name: str) -> str:
    """The text of a section of the report, a line a cell."""
    found = html.partition(f'aria-labelledby="h-{name}"')[2].partition("</section>")[0]
    assert found, name
    return unescape(re.sub(r"<[^>]+>", "\n", found))


def record_of(plan: Plan, name: str) -> dict[str, Any]:
    tables = tables_of(plan)
    assert tables is not None
    return ask(tables.standing, name).record


def loss_text(row: dict[str, Any]) -> str:
    return f"\n{row['loss_points']:,}\n"


def test_refusals_are_the_same_everywhere(plan: Plan, tmp_path: Path) -> None:
    record = record_of(plan, "refusals")
    rows = rows_of(book_of(plan, tmp_path), "Refusals")
    every = [*record["declined"], *record["withdrawn"]]
    assert [row[2] for row in rows] == [one["loss_points"] for one in every]
    assert [row[3] for row in rows] == [len(one["chain"]) for one in every]
    assert [
        one["director_id"] in row[0] and one.get("company_id", "all of them") in row[1]
        for row, one in zip(rows, every, strict=True)
    ]
    section = section_of(render_plan_html(plan, "en"), "refusals")
    assert all(loss_text(one) in section for one in every)


def test_overrides_are_the_same_everywhere(plan: Plan, tmp_path: Path) -> None:
    record = record_of(plan, "overrides")
    rows = rows_of(book_of(plan, tmp_path), "Overrides")
    assert len(rows) == len(record["overrides"]) == plan.candidates.n_pairs
    for row, one in zip(rows, record["overrides"], strict=True):
        assert row[2] == one["points"]
        assert row[3] == {"force": "demand", "forbid": "forbid"}[one["action"]]
        assert row[4] == (one["loss_points"] if one["possible"] else "no plan")
        assert row[5] == one["word"] == "proved"
    section = section_of(render_plan_html(plan, "en"), "overrides")
    assert all(loss_text(one) in section for one in record["overrides"][:30] if one["possible"])


def test_other_plans_and_grades_are_the_same_everywhere(plan: Plan, tmp_path: Path) -> None:
    record, book = record_of(plan, "alternatives"), book_of(plan, tmp_path)
    rows = rows_of(book, "Other plans")
    assert [row[1] for row in rows] == [one["points"] for one in record["plans"]]
    assert [row[2] for row in rows] == [one["loss_points"] for one in record["plans"]]
    heading = [cell.value for cell in book["Matches"][1]].index("Grade")
    grades = [row[heading][0] for row in rows_of(book, "Matches")]
    assert grades == [one["grade"] for one in record["matches"]]
    html = render_plan_html(plan, "en")
    assert [text[0] for text in re.findall(r"Grade: (\w)", html)] == grades
    section = section_of(html, "alternatives")
    assert all(f"{one['n_kept']}/{len(record['plans'])}" in section for one in record["matches"])
    assert html.count("A: in every best plan") == 2  # beside the matches, and in the section
    last = [cell.value for cell in book["Matches"]["A"]][-1]
    assert str(last).startswith("A: in every best plan")


def test_bottlenecks_are_the_same_everywhere(plan: Plan, tmp_path: Path) -> None:
    record = record_of(plan, "bottlenecks")
    rows = rows_of(book_of(plan, tmp_path), "Bottlenecks")
    found = record["bottlenecks"]
    assert found
    assert [row[1:5] for row in rows] == [
        (one["demand_slots"], len(one["director_ids"]), one["supply_slots"], one["shortage_slots"]) for one in found
    ]
    section = section_of(render_plan_html(plan, "en"), "bottlenecks")
    assert all(f"At least {one['shortage_slots']} go" in section for one in found if one["director_ids"])
    assert "not looked for here" in section
    assert "matcher explain FOLDER tables" in section


def test_fairness_is_the_same_everywhere(plan: Plan, tmp_path: Path) -> None:
    record = record_of(plan, "fairness")
    book = book_of(plan, tmp_path)
    rows = rows_of(book, "Fairness")
    lists = [
        one
        for order in record["orders"].values()
        for key in ("envy", "blocking", "blocking_unserved")
        for one in order[key]
    ]
    by_points = [one for key in ("envy", "blocking", "blocking_unserved") for one in record["orders"]["points"][key]]
    assert [row[4] for row in rows] in ([one["points"] for one in lists], [one["points"] for one in by_points])
    losses = [one["loss"]["loss_points"] for one in by_points]
    assert [row[8] for row in rows[: len(losses)]] == ["–" if loss is None else loss for loss in losses]
    text = "\n".join(str(cell.value) for row in book["Fairness"].iter_rows() for cell in row)
    section = section_of(render_plan_html(plan, "en"), "fairness")
    for told in (text, section):
        assert f"The worst match has {record['lowest_points']:,} points" in told
        assert f"{record['slots_used']} of {record['slots']} slots" in told


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_sheets_are_named_filtered_and_set_up_for_paper(plan: Plan, tmp_path: Path, lang: str) -> None:
    book = book_of(plan, tmp_path, lang)
    names = [sheet_name(name, lang) for name in TABLES]
    assert book.sheetnames[-6:-1] == names
    for name in names:
        sheet = book[name]
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows == "$1:$1"
        assert sheet.print_area.endswith(f"${sheet.max_row}")
        assert all(isinstance(row[2], int | str | None) for row in rows_of(book, name))


def test_tables_are_the_same_each_time() -> None:
    one, other = (render_plan_html(match(small_problem(**HOURS)), "en") for _ in range(2))
    assert [section_of(one, name) for name in TABLES] == [section_of(other, name) for name in TABLES]


def test_what_costs_too_much_is_left_out_with_the_command_that_adds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = match(small_problem(**HOURS))
    work = 13 * len(plan.document.assignments) * (plan.candidates.n_pairs + explained.SOLVE_WORK)
    monkeypatch.setattr(explained, "MAX_WORK", work - 1)
    tables = tables_of(plan)
    assert tables is not None
    assert tables.left_out[0] == "alternatives" and "refusals" in tables.answers
    assert tables.grades is not None  # their work is counted by itself
    told = "Other plans nearly as good"
    html = render_plan_html(plan, "en")
    line = re.search(rf"<p class=\"hint\">({told}.*?)</p>", html)
    assert line is not None
    assert line[1].endswith("This command adds it: matcher explain FOLDER tables")
    assert 'id="h-alternatives"' not in html and 'id="h-refusals"' in html
    book = book_of(plan, tmp_path)
    assert "Other plans" not in book.sheetnames and "Refusals" in book.sheetnames
    assert rows_of(book, "Explanations")[-1][5] == line[1]


@pytest.mark.parametrize(("name", "times"), [("alternatives", 13), ("refusals", 1)])
def test_the_limit_is_the_count_of_the_work(name: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = match(small_problem(**HOURS))
    n_at_work = len({one.director_id for one in plan.document.assignments}) if name == "refusals" else 0
    work = times * len(plan.document.assignments) + n_at_work
    work *= plan.candidates.n_pairs + explained.SOLVE_WORK
    monkeypatch.setattr(explained, "MAX_WORK", work)
    assert explained._affordable(plan)[name]
    monkeypatch.setattr(explained, "MAX_WORK", work - 1)
    assert not explained._affordable(plan)[name]


def test_a_plan_that_is_not_proved_shows_what_needs_no_proof() -> None:
    plan = match(small_problem(**HOURS))
    tier = plan.document.tiers[0].model_copy(update={"word": "claimed"})
    document = plan.document.model_copy(update={"tiers": (tier, *plan.document.tiers[1:])})
    found = tables_of(Plan(document, plan.problem, plan.candidates))
    assert found is not None
    assert set(found.answers) == {"bottlenecks", "fairness"} and found.grades is None
    assert "Grade" not in render_plan_html(Plan(document, plan.problem, plan.candidates), "en")


def test_large_programmes_are_not_asked_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explained, "MAX_WORK", 0)
    monkeypatch.setattr(explained, "MAX_WAY_CELLS", 0)
    monkeypatch.setattr(explained, "MAX_CONSIDERED", 14)
    plan = match(small_problem(**HOURS))
    found = tables_of(plan)
    assert found is not None
    assert (found.left_out, found.grades, found.asked) == (TABLES, None, None)
    assert "standing" not in vars(plan)  # no model is built for nothing
    assert render_plan_html(plan, "ja").count("matcher explain FOLDER tables") == 1


def test_a_plan_without_matches_has_no_tables() -> None:
    plan = match(small_problem(companies=2, policy={"limits": {"max_companies": 0}}))
    assert tables_of(plan) is None
    assert "matcher explain FOLDER tables" not in render_plan_html(plan, "en")


def test_tables_and_interaction_are_computed_once_for_all_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matcher.explain import refusals
    from matcher.io import plan_rows

    asked: list[str] = []
    ask_refusals, interaction_of = refusals.ask, plan_rows.interaction_of

    def counted(standing: Standing, **options: Any) -> Any:
        asked.append("refusals")
        return ask_refusals(standing, **options)

    def counted_interaction(*parts: Any) -> Any:
        asked.append("interaction")
        return interaction_of(*parts)

    monkeypatch.setattr(refusals, "ask", counted)
    monkeypatch.setattr(plan_rows, "interaction_of", counted_interaction)
    plan = match(small_problem(**NETWORK))
    render_plan_html(plan, "en")
    render_plan_html(plan, "ja")
    write_plan_excel(plan, tmp_path / "plan.xlsx", "en")
    assert sorted(asked) == ["interaction", "refusals"]


def test_long_tables_are_cut_in_the_report_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from matcher.io import report_tables

    monkeypatch.setattr(report_tables, "MAX_ROWS", 4)
    html = render_plan_html(match(small_problem(**NETWORK)), "en")
    section = section_of(html, "overrides")
    assert "4 of 15 are listed here; plan.xlsx has all of them." in section
    assert "The sheet Overrides of plan.xlsx lists all of it; so does: matcher explain FOLDER overrides" in section
