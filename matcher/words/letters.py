"""What a company itself is told of why it has no director, or not this one: polite, and no private figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from matcher.pairing.candidates import RULES
from matcher.pairing.near_misses import RuleCheck
from matcher.plan.document import Unserved
from matcher.words.catalog import Lang
from matcher.words.plan import join_words, number_text
from matcher.words.plan_data import sentence_of, table_of

LETTERS: Final = table_of(
    {
        "nobody_eligible": (
            "ご希望の条件をすべて満たすディレクターを、今回はご紹介できませんでした。",
            "We regret that this time no director meets all the conditions you asked for.",
        ),
        "nearest": (
            "最もご希望に近い候補につきましても、{failures}条件の一部をご相談いただければ、改めて検討いたします。",
            "Of the candidate who came nearest: {failures} "
            "If some of the conditions can be discussed, we will gladly look again.",
        ),
        "below_threshold": (
            "候補となるディレクターはおりましたが、今回の選定基準に達する組合せがございませんでした。",
            "There were candidates, but no match reached the threshold of this round.",
        ),
        "outcompeted": (
            "候補となるディレクターはおりましたが、担当できる社数に限りがあり、今回はご紹介を見送ることとなりました。",
            "There were candidates, but each can work with a few companies only, "
            "and this time we cannot introduce one.",
        ),
        "busy_elsewhere": (
            "候補となるディレクターはおりましたが、いずれも新たなご支援をお引き受けできる状況になく、"
            "今回はご紹介を見送ることとなりました。",
            "There were candidates, but none of them can take on further work at present, "
            "and this time we cannot introduce one.",
        ),
        "hours_used_up": (
            "候補となるディレクターはおりましたが、ご支援に必要な時間を確保できず、"
            "今回はご紹介を見送ることとなりました。",
            "There were candidates, but they cannot set aside the time that is needed, "
            "and this time we cannot introduce one.",
        ),
        "on_site_days_used_up": (
            "候補となるディレクターはおりましたが、ご希望の現地訪問日数を確保できず、"
            "今回はご紹介を見送ることとなりました。",
            "There were candidates, but they cannot set aside the on-site days you asked for, "
            "and this time we cannot introduce one.",
        ),
        "rival_served": (
            "候補となるディレクターはおりましたが、担当の調整がつかず、今回はご紹介を見送ることとなりました。",
            "There were candidates, but we could not arrange for one of them, and this time we cannot introduce one.",
        ),
        "new_companies_used_up": (
            "候補となるディレクターはおりましたが、新たに担当できる社数に限りがあり、"
            "今回はご紹介を見送ることとなりました。",
            "There were candidates, but each can take on a few new companies only, "
            "and this time we cannot introduce one.",
        ),
        "quota_reached": (
            "候補となるディレクターはおりましたが、今回の支援全体の枠に限りがあり、ご紹介を見送ることとなりました。",
            "There were candidates, but this round as a whole is limited, and this time we cannot introduce one.",
        ),
        "budget_used_up": (
            "候補となるディレクターはおりましたが、今回の支援全体の予算に限りがあり、ご紹介を見送ることとなりました。",
            "There were candidates, but the budget of this round is limited, and this time we cannot introduce one.",
        ),
        "move_costs_more": (
            "候補となるディレクターはおりましたが、担当の調整がつかず、今回はご紹介を見送ることとなりました。",
            "There were candidates, but we could not arrange for one of them, and this time we cannot introduce one.",
        ),
        "limit_reached": (
            "候補となるディレクターはおりましたが、今回の支援全体の枠に限りがあり、ご紹介を見送ることとなりました。",
            "There were candidates, but this round as a whole is limited, and this time we cannot introduce one.",
        ),
        "no_plan": (
            "担当ディレクターは検討中です。決まり次第ご連絡いたします。",
            "The choice of a director is still under review. We will be in touch.",
        ),
    }
)

FAILURES: Final = table_of(
    {
        "in_period": (
            "ご支援の期間のすべてには、稼働できませんでした。",
            "The time available does not cover the whole period.",
        ),
        "has_hours": (
            "ご支援に必要な時間（月{wanted}時間）を確保できませんでした。",
            "The {wanted:hour|hours} a month that are needed could not be set aside.",
        ),
        "in_reach": (
            "ご所在地までの距離（{wanted}km）が、訪問できる範囲を超えていました。",
            "At {wanted} km, your place is beyond reach.",
        ),
        "in_reach_on_site_days_per_month": (
            "ご希望の現地訪問日数（月{wanted}日）を確保できませんでした。",
            "The {wanted:on-site day|on-site days} a month you asked for could not be set aside.",
        ),
        "has_must_skills": (
            "必須とされたスキルのすべてを満たすものではございませんでした。",
            "Not all of the required skills are met.",
        ),
        "has_must_skills_named": (
            "必須とされたスキル（{skills}）が、ご希望の水準（ご指定の場合は、自らの手で行うこと）に達しておりませんでした。",
            "The required skill is not met at the level, or by own hands, as you asked: {skills}.",
        ),
        "in_budget": (
            "報酬が、ご予算の範囲に収まりませんでした。",
            "The fee is not within your budget.",
        ),
    }
)
"""Of the director it says what does not fit, and of the company its own figures: no hours, reach or fee of anybody."""

PRIVATE_RULES = frozenset(
    {"in_service", "no_conflict_of_interest", "not_forbidden", "min_score", "criterion_floor", "is_ready"}
)
"""Rules a letter does not quote: they are about the director, or about the programme's own judgement."""


def letter_line(company: Unserved, lang: Lang) -> str:
    """The same for a letter to the company: no names, no points, nothing about other companies."""
    parts = [sentence_of(LETTERS, company.reason, "Reason").fill(lang)]
    near = company.detail.nearest
    if company.reason == "nobody_eligible" and near is not None and not PRIVATE_RULES & set(near.failed):
        amounts: Mapping[str, tuple[float, float]] = near.amounts
        failures = [
            _failure(
                rule,
                amounts[rule][1] if rule in amounts else None,
                near.measures.get(rule, ""),
                near.missing_skills if rule == "has_must_skills" else (),
                lang,
            )
            for rule in sorted(near.failed, key=RULES.index)
        ]
        joined = ("また、" if lang == "ja" else " ").join(failures)
        parts.append(LETTERS["nearest"].fill(lang, failures=joined))
    return ("" if lang == "ja" else " ").join(parts)


def letter_failures(rules: Iterable[RuleCheck], lang: Lang) -> list[str] | None:
    """Every rule that fails, a sentence each; None where one of them is not told outside the programme."""
    failed = [rule for rule in rules if not rule.holds]
    if any(rule.name in PRIVATE_RULES for rule in failed):
        return None
    told = []
    for rule in failed:
        short = [one for one in rule.amounts if one.wanted > one.offered]
        worst = max(short, key=lambda one: 1 - one.offered / one.wanted if one.wanted else 0.0) if short else None
        measure, wanted = ("", None) if worst is None else (worst.measure, worst.wanted)
        told.append(_failure(rule.name, wanted, measure, rule.missing_skills, lang))
    return told


def _failure(rule: str, wanted: float | None, measure: str, skills: tuple[str, ...], lang: Lang) -> str:
    code = f"{rule}_named" if skills else f"{rule}_{measure}" if f"{rule}_{measure}" in FAILURES else rule
    figure = None if wanted is None else round(wanted, 1) if wanted < 100 else round(wanted)
    return sentence_of(FAILURES, code, "Rule").fill(
        lang, wanted=number_text(figure), skills=join_words(list(skills), lang)
    )
