"""What a company is told of an answer: nobody else's name, no points, nothing private, in words and as data."""

from __future__ import annotations

import json
import re

import pytest

import matcher
from matcher.explain.questions import QUESTIONS
from matcher.plan.plan import Plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return matcher.match(matcher.read("scenarios/pilot"))


ASKED = (
    ("pair", ("D001", "C019")),
    ("pair", ("D005", "C036")),
    ("pair", ("D003", "C036")),
    ("company", ("C019",)),
    ("company", ("C036",)),
    ("company", ("C014",)),
    ("director", ("D003",)),
    *((name, ()) for name in ("overrides", "refusals", "alternatives", "bottlenecks", "fairness", "interaction")),
)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(("question", "ids"), ASKED)
def test_no_other_company_and_no_points_are_told(plan: Plan, question: str, ids: tuple[str, ...], lang: str) -> None:
    found = plan.explain(question, *ids, audience="company")
    companies = plan.problem.companies
    others = companies[~companies["id"].isin(ids)]
    data = json.dumps(found.to_dict(), ensure_ascii=False)
    for text in (found.to_text(lang), found.to_html(lang), data):
        assert not [name for name in (*others["name"], *others["id"]) if name in text]
        if question in ("pair", "company", "director"):
            assert not re.search(r"[0-9,]+ ?(点|points)", text)
    assert not {"points", "loss_points", "chain", "without", "alternatives", "rules"} & set(found.to_dict())


def test_a_pair_is_told_in_a_sentence_for_a_letter(plan: Plan) -> None:
    def told(director: str, company: str, lang: str) -> str:
        return plan.explain("pair", director, company, audience="company").to_text(lang)

    assert "担当させていただきます" in told("D001", "C019", "ja")
    assert "was a candidate" in told("D005", "C036", "en")
    # Two rules fail, both may be told.
    assert "beyond reach" in told("D003", "C036", "en") and "ふるさと納税" in told("D003", "C036", "ja")


def test_a_private_rule_is_not_told(plan: Plan) -> None:
    for director in plan.problem.director_ids:
        answer = plan.explain("pair", director, "C014").to_dict()
        failed = {rule["name"] for rule in answer["rules"] if not rule["holds"]}
        if "no_conflict_of_interest" in failed:
            text = plan.explain("pair", director, "C014", audience="company").to_text("en")
            assert "could not be a candidate." in text and "conflict" not in text
            return
    raise AssertionError("no pair of the pilot fails a private rule")


def test_every_question_is_asked_here() -> None:
    assert set(QUESTIONS) - {"ask-next"} == {question for question, _ in ASKED}
