"""What a run's files say of matches and unserved companies: what `matcher explain` answers, or that it is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matcher.domain.policy import CRITERIA
from matcher.explain import summary as summaries
from matcher.explain.pair import ask
from matcher.explain.standing import Standing, build_standing
from matcher.explain.summary import summary_of
from matcher.io.plan_html import render_plan_html
from matcher.io.plan_rows import explanation_rows
from matcher.matching import match
from matcher.words.facts import facts_of
from tests.problems import small_problem

WEIGHTS = {"experience": 1, **dict.fromkeys((name for name in CRITERIA if name != "experience"), 0)}
NETWORK: dict[str, Any] = {
    "directors": [{"experience_years": 9, "max_companies": 1}, {"experience_years": 4, "max_companies": 1}],
    "companies": [{"priority": 2}, {"priority": 1}, {"priority": 0.5}],
    "policy": {"weights": WEIGHTS},
}
HOURS: dict[str, Any] = {
    **NETWORK,
    "directors": [{"experience_years": n, "max_companies": 3, "hours_per_month": 20} for n in (9, 4)],
    "companies": [{"hours_per_month": n, "priority": p} for n, p in ((15, 2), (12, 1), (9, 0.5))],
}


def _ids(standing: Standing, director_id: str, company_id: str) -> tuple[int, int]:
    problem = standing.problem
    return int(problem.director_idx([director_id])[0]), int(problem.company_idx([company_id])[0])


@pytest.mark.parametrize("rows", [NETWORK, HOURS], ids=["network", "hours"])
def test_files_say_what_the_questions_answer(rows: dict[str, Any]) -> None:
    plan = match(small_problem(**rows))
    standing, found = build_standing(plan), summary_of(plan)
    assert found.without is not None and found.serving is not None
    assert (standing.residual is None) == (rows is HOURS)
    assert len(found.without) == len(plan.document.assignments) == 2
    for (director_id, company_id), losses in found.without.items():
        assert losses["points"] == ask(standing, *_ids(standing, director_id, company_id)).without
    assert list(found.serving) == [company.company_id for company in plan.document.unserved] == ["c3"]
    one = found.serving["c3"]
    every = [ask(standing, *_ids(standing, director_id, "c3")).loss for director_id in ("d1", "d2")]
    points = [loss.points for loss in every if loss is not None and loss.points is not None]
    assert one.losses["points"].points == min(points)
    assert one.director_id is not None
    assert one.losses["points"] == ask(standing, *_ids(standing, one.director_id, "c3")).loss


def test_sheet_and_report_show_each_loss_once() -> None:
    plan = match(small_problem(**NETWORK))
    rows = explanation_rows(plan, facts_of(plan.problem), "en")
    assert [row[:3:2] for row in rows] == [["d1", "c1"], ["d2", "c2"], ["d2", "c3"]]
    first = rows[0]
    assert first[5] == f"Without this match: The whole plan loses {first[4]:,} points (proved)."
    assert str(rows[2][5]).startswith("If it were served (by d2): The whole plan loses ")
    report = render_plan_html(plan, "en")
    assert all(report.count(str(row[5])) == 1 for row in rows)
    assert "left out here" not in report


def test_what_is_left_out_is_said_with_the_command_that_answers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "MAX_SOLVE_CELLS", 11)
    plan = match(small_problem(**HOURS))
    assert summary_of(plan) == summaries.Summary(None, None)
    rows = explanation_rows(plan, facts_of(plan.problem), "en")
    assert [str(row[5]).rpartition(": ")[2] for row in rows] == [
        "matcher explain FOLDER pair d1 c1",
        "matcher explain FOLDER pair d1 c3",
    ]
    assert "時間がかかるため、ここには載せていません" in render_plan_html(plan, "ja")


def test_companies_are_left_out_before_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "MAX_SOLVE_CELLS", 12)
    found = summary_of(match(small_problem(**HOURS)))
    assert found.without is not None and found.serving is None


def test_a_plan_that_is_not_proved_shows_no_losses() -> None:
    plan = match(small_problem(**NETWORK))
    first, *others = plan.document.tiers
    tiers = [first.model_copy(update={"word": "claimed"}), *others]
    open_plan = replace(plan, document=plan.document.model_copy(update={"tiers": tiers}))
    assert summary_of(open_plan) == summaries.Summary(None, None)


def test_a_backend_that_counts_no_work_is_not_asked_by_files() -> None:
    rows = {**HOURS, "policy": {**HOURS["policy"], "solve": {"backend": "mip"}}}
    plan = match(small_problem(**rows))
    assert summary_of(plan) == summaries.Summary(None, None)
    report = render_plan_html(plan, "en")
    assert "matcher explain FOLDER pair d1 c1" in report and "matcher explain FOLDER tables" in report


def test_a_company_no_plan_can_serve_is_said_so() -> None:
    rows = {**NETWORK, "pairs": [{"director_id": f"d{n}", "company_id": f"c{n}", "rule": "pin"} for n in (1, 2)]}
    plan = match(small_problem(**rows))
    found = summary_of(plan)
    assert found.serving is not None and found.serving["c3"].director_id is None
    last = explanation_rows(plan, facts_of(plan.problem), "en")[-1]
    assert last[:2] == [None, None]
    assert last[5] == "If it were served: No plan allows this change (proved)."
