"""A plan in hand, or read back from its folder, is asked in Python."""

from __future__ import annotations

from pathlib import Path

import pytest

import matcher
from matcher.errors import UsageError
from matcher.matching import match
from matcher.plan.plan import Plan
from tests.problems import small_problem

NOT_A_NETWORK = {
    "directors": [{"hours_per_month": 20, "max_companies": 3}, {"hours_per_month": 20, "max_companies": 3}],
    "companies": [{"hours_per_month": 15}, {"hours_per_month": 12}, {"hours_per_month": 7}, {"hours_per_month": 6}],
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, scenarios: Path) -> Path:
    folder = tmp_path_factory.mktemp("run") / "pilot"
    matcher.write(match(matcher.read(scenarios / "pilot")), folder, lang="en", formats=())
    return folder


def test_read_run_is_the_plan_that_was_written(run: Path, scenarios: Path) -> None:
    plan = matcher.read_run(run, scenarios / "pilot")
    fresh = match(matcher.read(scenarios / "pilot"))
    assert isinstance(plan, Plan)
    assert plan.document.digests == fresh.document.digests
    assert plan.assignments.equals(fresh.assignments)


def test_why_not_shows_itself_everywhere(run: Path, scenarios: Path) -> None:
    plan = matcher.read_run(run, scenarios / "pilot")
    one = plan.assignments.iloc[0]
    found = plan.why_not(one.director_id, one.company_id)
    content = found.to_dict()
    assert content["schema"] == "matcher.explain/1"
    assert content["question"] == "pair"
    assert (content["director_id"], content["verdict"]) == (one.director_id, "chosen")
    assert found.to_text("en") != found.to_text("ja")
    assert one.director_id in str(found)
    assert "<h3>" in found.to_html("en")
    assert found._repr_html_().startswith("<h3>")  # type: ignore[attr-defined]  # of the notebook, not of the protocol
    assert plan.explain("pair", one.director_id, one.company_id).to_dict() == content


def test_nothing_is_solved_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = match(small_problem(**NOT_A_NETWORK))
    pairs = [(d, c) for d in ("d1", "d2") for c in ("c1", "c2", "c3", "c4")]
    before = [plan.why_not(*pair).to_dict() for pair in pairs]
    from matcher.explain.standing import Standing

    monkeypatch.setattr(Standing, "solve", lambda self, formulation: pytest.fail("solved again"))
    assert [plan.why_not(*pair).to_dict() for pair in pairs] == before
    assert plan.standing is plan.standing


def test_questions_are_refused_as_on_the_command_line() -> None:
    plan = match(small_problem(**NOT_A_NETWORK))
    for words, code in (
        (("pairs", "d1", "c1"), "unknown_question"),
        (("pair", "d1"), "ids_director_company"),
        (("pair", "c1", "d1"), "id_is_company"),
        (("pair", "d9", "c1"), "unknown_director"),
    ):
        with pytest.raises(UsageError) as told:
            plan.explain(*words)
        assert told.value.code == code
    with pytest.raises(UsageError, match="colour"):
        plan.explain("pair", "d1", "c1", colour="red")


def test_a_plan_without_matches_has_nothing_to_say() -> None:
    plan = match(small_problem(2, 1, pairs=[{"director_id": d, "company_id": "c1"} for d in ("d1", "d2")]))
    assert plan.status == "infeasible"
    with pytest.raises(UsageError) as told:
        plan.why_not("d1", "c1")
    assert told.value.code == "no_plan_to_explain"
