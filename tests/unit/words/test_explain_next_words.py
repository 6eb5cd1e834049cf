"""The sentences about other plans, grades and blanks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matcher.explain.questions import ask
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from tests.problems import small_problem


def _standing(**rows: Any) -> Standing:
    return build_standing(match(small_problem(**rows)))


TIED = {"directors": [{"max_companies": 1}], "companies": [{"name": "甲"}, {"name": "乙"}, {"priority": 0.1}]}


def test_ties_are_said_aloud() -> None:
    answer = ask(_standing(**TIED), "alternatives")
    english, japanese = answer.to_text("en"), answer.to_text("ja")
    assert "there is exactly 1 other plan (proved)" in english
    assert "1 other plan has equal points. What chose this one:" in english
    assert "Against plan 1: the recorded lot alone" in english
    assert "ちょうど1件あります（証明済み）" in japanese
    assert "計画1との違い：記録された抽選だけ" in japanese
    assert answer.to_dict()["matches"][0]["grade"] == "C"
    assert answer.to_dict()["n_tied"] == 1


def test_a_tie_break_is_named_with_its_numbers() -> None:
    rows: dict[str, Any] = {
        "directors": [{}, {}],
        "companies": [{"goal": "raise_revenue"}],
        "director_results": [
            {"director_id": "d1", "goal": "raise_revenue", "rating": 5},
            {"director_id": "d2", "goal": "raise_revenue", "rating": 0},
        ],
        "policy": {"weights": {"goal_fit": 0}},
    }
    text = ask(_standing(**rows), "alternatives").to_text("en")
    assert "Against plan 1: Fit with the goal (this plan 10,000, plan 1 0)" in text


def test_a_list_that_was_cut_says_so() -> None:
    text = ask(_standing(**TIED), "alternatives", within="100%", best=1).to_text("en")
    assert "there is more than 1 other plan. The best 1 is shown" in text


def test_no_other_plan_is_told_as_such() -> None:
    text = ask(_standing(directors=1, companies=1), "alternatives", within="0").to_text("ja")
    assert "0点以内の計画は、ほかにありません（証明済み）" in text


@pytest.mark.parametrize("question", ["alternatives", "ask-next"])
def test_a_company_reads_nothing_of_others(question: str) -> None:
    standing = _standing(**TIED)
    text = ask(standing, question, audience="company").to_text("ja")
    assert "甲" not in text and "乙" not in text and "c3" not in text


def test_a_blank_is_asked_for_with_the_values_that_switch() -> None:
    full = {"investment": 3, "uniqueness": 3, "openness": 3, "wanted_style": "support", "employees": 3, "industry": "E"}
    rows: dict[str, Any] = {
        "directors": [{"max_companies": 1, "owner_years": 0, "own_employees": 5, "own_industry": "M"}],
        "companies": [{"commitment": 4, **full}, full],
    }
    answer = ask(_standing(**rows), "ask-next")
    english, japanese = answer.to_text("en"), answer.to_text("ja")
    assert "Ask c2 for commitment (now blank)" in english
    assert "At stake: up to 63 points" in english
    assert "At 1–4: nothing changes." in english
    assert "At 5 the plan changes:" in english
    assert "d1 takes c2" in english
    assert "c2の「本気度」を確かめてください（今は空欄）" in japanese
    assert "5 のとき：計画が変わります。" in japanese
    found = next(one for one in answer.to_dict()["matter"] if one["field"] == "commitment")
    assert found["company_id"] == "c2" and found["stake_points"] == 63


def test_days_are_told_as_earlier_and_later() -> None:
    rows: dict[str, Any] = {
        "directors": [{"style": "both", "hours_per_month": 9}],
        "companies": [{"start": "2027-01-18", "hours_per_month": 9}],
    }
    answer = ask(_standing(**rows), "ask-next")
    english, japanese = answer.to_text("en"), answer.to_text("ja")
    assert "At 2027-01-18 or earlier: nothing changes." in english
    assert "At 2027-01-19 or later the plan changes:" in english
    assert "2027-01-18 以前 のとき：変わりません。" in japanese
    found = next(one for one in answer.to_dict()["matter"] if one["field"] == "available_from")
    assert [one["intervals"] for one in found["outcomes"]] == [[[None, "2027-01-18"]], [["2027-01-19", None]]]
    fee = next(one for one in answer.to_dict()["matter"] if one["field"] == "available_until")
    assert fee["outcomes"][0]["verdict"] == "changes" and fee["outcomes"][0]["gain_points"] is None


@pytest.mark.parametrize("off_by", [40, None])
def test_of_an_unproved_plan_it_is_said_what_can_be_told(off_by: int | None) -> None:
    standing = _standing(directors=2, companies=2)
    document = standing.plan.document
    tiers = tuple(
        tier.model_copy(update={"word": "unknown", "bound": None if off_by is None else (tier.value or 0) + off_by})
        for tier in document.tiers
    )
    plan = replace(standing.plan, document=document.model_copy(update={"tiers": tiers}))
    answer = ask(build_standing(plan), "ask-next")
    english, japanese = answer.to_text("en"), answer.to_text("ja")
    if off_by is None:
        assert "any value only takes other plans away (proved)" in english
        assert "By how much this plan may be off is not known" in english
        assert "最適性が不明" in japanese
    else:
        assert "stays within 40 points of the best (proved)" in english
        assert "最良の計画との差は40点以内のままです（証明済み）" in japanese


def test_what_was_not_judged_says_why() -> None:
    answer = ask(_standing(directors=2, companies=2), "ask-next", budget=0.0)
    assert "The time was used up; a longer --budget examines the rest." in answer.to_text("en")
    assert {one["why"] for one in answer.to_dict()["not_examined"]} == {"time"}
    kept = ask(_standing(directors=2, companies=1, policy={"candidates": {"keep_per_company": 1}}), "ask-next")
    assert "candidates were cut" in kept.to_text("en") and "候補の絞り込み" in kept.to_text("ja")
