"""What would make a director eligible: D07 would be eligible with 20 km more reach."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from matcher.pairing.near_misses import Amount, RuleCheck
from matcher.words.amounts import number_text
from matcher.words.catalog import Lang
from matcher.words.plan import criterion_name, join_words
from matcher.words.plan_data import sentence_of, table_of

CHANGES: Final = table_of(
    {
        "in_service": ("登録中になること", "being in service"),
        "days": ("支援期間中の稼働できる日が{by}日増えること", "{by:more day|more days} available in the period"),
        "hours_per_month": ("稼働時間が月{by}時間増えること", "{by:more hour|more hours} a month"),
        "on_site_days_per_month": (
            "現地訪問日数が月{by}日増えること",
            "{by:more on-site day|more on-site days} a month",
        ),
        "distance_km": ("訪問可能距離が{by}km伸びること", "{by} km more reach"),
        "must_skills": (
            "必須スキル（{skills}）を求められる水準で満たすこと",
            "the required skills at their level ({skills})",
        ),
        "fee_jpy_per_month": (
            "報酬と予算の差（月{by}円）が埋まること",
            "{by} yen a month less fee, or more budget",
        ),
        "no_conflict_of_interest": ("利益相反のおそれがなくなること", "no conflict of interest"),
        "not_forbidden": ("除外の指定がなくなること", "the pair not being forbidden"),
        "readiness": ("企業の準備度が{by}上がること", "{by} more readiness of the company"),
        "criterion": ("「{criterion}」が{by}上がること", "{by} more in {criterion}"),
        "points": ("点が{by}点上がること", "{by:more point|more points}"),
    }
)

LINES: Final = table_of(
    {
        "one": ("{director}：{changes}で、条件を満たします。", "{director} would be eligible with {changes}."),
        "many": (
            "{director}：次がすべて満たされれば、条件を満たします：{changes}。",
            "{director} would be eligible with all of these: {changes}.",
        ),
    }
)

_DIGITS: Final = {"distance_km": 0, "days": 0, "fee_jpy_per_month": 0, "points": 0, "hours_per_month": 1}
"""Decimals of a number that is rounded up; 2 where not listed: with what is said, the rule holds."""


def change_texts(rules: Iterable[RuleCheck], lang: Lang) -> list[str]:
    """What has to change for every rule that fails, one phrase each."""
    texts = []
    for rule in rules:
        if rule.holds:
            continue
        short = [one for one in rule.amounts if one.wanted > one.offered]
        if rule.missing_skills or not short:
            code = "must_skills" if rule.missing_skills else rule.name
            skills = join_words(list(rule.missing_skills), lang)
            texts.append(sentence_of(CHANGES, code, "Rule").fill(lang, skills=skills))
            continue
        texts += [_amount_text(one, is_criterion=rule.name == "criterion_floor", lang=lang) for one in short]
    return texts


def near_miss_line(director: str, rules: Iterable[RuleCheck], lang: Lang) -> str:
    """What would make this director eligible, in one sentence."""
    changes = change_texts(rules, lang)
    return LINES["one" if len(changes) == 1 else "many"].fill(
        lang, director=director, changes=join_words(changes, lang)
    )


def rounded_up(amount: Amount) -> float:
    """What is missing, rounded up to what is said of it."""
    step = float(10 ** _DIGITS.get(amount.measure, 2))
    return math.ceil(round((amount.wanted - amount.offered) * step, 6)) / step


def _amount_text(amount: Amount, *, is_criterion: bool, lang: Lang) -> str:
    code = "criterion" if is_criterion else amount.measure
    return sentence_of(CHANGES, code, "Measure").fill(
        lang,
        by=number_text(rounded_up(amount)),
        criterion=criterion_name(amount.measure, lang) if is_criterion else "",
    )
