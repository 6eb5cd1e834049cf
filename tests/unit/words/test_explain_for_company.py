"""What a company is told of an answer: nobody else's name, no points, nothing private, in words and as data."""

from __future__ import annotations

import json
import re

import pytest

import matcher
from matcher.explain.questions import QUESTIONS
from matcher.pairing.candidates import RULES
from matcher.plan.plan import Plan
from matcher.words.blocks import Line
from matcher.words.explaining import blocks_of
from matcher.words.letters import FAILURES, LETTERS, PRIVATE_RULES
from tests.problems import small_problem


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
    assert set(QUESTIONS) - {"ask-next", "tables"} == {question for question, _ in ASKED}


POLITE = re.compile(r"(です|ます|ません|でした|ました)(（[^）]*）)?。$")


@pytest.mark.parametrize(("question", "ids"), [one for one in ASKED if one[0] in ("pair", "company", "director")])
def test_every_sentence_of_a_letter_is_polite(plan: Plan, question: str, ids: tuple[str, ...]) -> None:
    told = blocks_of(plan.explain(question, *ids, audience="company"), "ja")
    lines = [one for one in told if isinstance(one, Line) and one.kind not in ("title", "heading")]
    sentences = [part + "。" for line in lines for part in line.text.removesuffix("。").split("。")]
    assert lines and not [one for one in sentences if not POLITE.search(one)]


def test_letters_hold_a_sentence_for_every_rule_that_is_told() -> None:
    assert {code for code in FAILURES if code in RULES} == set(RULES) - PRIVATE_RULES
    for sentence in (*FAILURES.values(), *LETTERS.values()):
        filled = sentence.fill("ja", wanted="3", skills="EC", failures="収まりませんでした。")
        assert all(POLITE.search(part + "。") for part in filled.removesuffix("。").split("。"))


def test_a_letter_quotes_no_hours_reach_or_fee_of_a_director() -> None:
    rows = {
        "directors": [
            {
                "hours_per_month": 17,
                "max_distance_km": 123,
                "on_site_days_per_month": 0,
                "fee_jpy_per_month": 234_567,
                "prefecture": "Hokkaido",
            }
        ],
        "companies": [
            {"hours_per_month": 31, "on_site_days_per_month": 2, "budget_jpy_per_month": 100_000, "prefecture": "Kochi"}
        ],
    }
    plan = matcher.match(small_problem(**rows))
    company, pair = (plan.explain(*asked, audience="company") for asked in (("company", "c1"), ("pair", "d1", "c1")))
    for lang in ("ja", "en"):
        for text in (company.to_text(lang), pair.to_text(lang)):
            assert "31" in text and not re.search(r"17|123|234,?567", text)
    assert "ご支援に必要な時間（月31時間）を確保できませんでした。" in pair.to_text("ja")
    assert "また、報酬が、ご予算の範囲に収まりませんでした。条件の一部を" in company.to_text("ja")
