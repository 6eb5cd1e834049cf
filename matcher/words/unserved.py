"""Why a company has no director: rules and reasons, for staff. `letters` tells the company itself."""

from __future__ import annotations

from typing import Final

from matcher.pairing.candidates import RULES
from matcher.plan.document import NearMissRecord, Unserved
from matcher.words.catalog import Lang
from matcher.words.facts import Facts
from matcher.words.families import family_name, quota_text
from matcher.words.plan import criterion_name, join_words, number_text
from matcher.words.plan_data import sentence_of, table_of

REASON_NAMES: Final = table_of(
    {
        "nobody_eligible": ("条件を満たす人がいない", "Nobody eligible"),
        "below_threshold": ("基準に届かない", "Below the threshold"),
        "outcompeted": ("担当枠が他社で埋まった", "Slots went to others"),
        "busy_elsewhere": ("候補が対象外の支援で担当中", "Candidates busy elsewhere"),
        "hours_used_up": ("稼働時間の残りが足りない", "Too few hours left"),
        "on_site_days_used_up": ("現地訪問日数の残りが足りない", "Too few on-site days left"),
        "rival_served": ("候補が競合先を担当中", "Candidates serve a rival"),
        "new_companies_used_up": ("候補の新規受入れが上限", "No room for new companies"),
        "quota_reached": ("枠の上限", "Quota reached"),
        "budget_used_up": ("予算の残りが足りない", "Too little budget left"),
        "move_costs_more": ("担当変更の減点が上回る", "Moving costs more than it brings"),
        "limit_reached": ("計画全体の上限", "Plan-wide limit"),
        "no_plan": ("計画なし", "No plan"),
    }
)

RULE_NAMES: Final = table_of(
    {
        "in_service": ("登録中であること", "in service"),
        "in_period": ("稼働期間", "period"),
        "has_hours": ("稼働時間", "hours"),
        "in_reach": ("訪問できる範囲", "reach"),
        "has_must_skills": ("必須スキル", "required skills"),
        "in_budget": ("予算", "budget"),
        "no_conflict_of_interest": ("利益相反", "conflict of interest"),
        "not_forbidden": ("除外の指定", "forbidden pair"),
        "is_ready": ("企業の準備度", "readiness"),
        "criterion_floor": ("評価項目の最低基準", "floor of a criterion"),
        "min_score": ("最低点", "minimum points"),
    }
)

RULE_FAILURES: Final = table_of(
    {
        "in_service": ("登録中ではない", "not in service"),
        "in_period": ("稼働期間が支援期間と合わない", "not available over the whole period"),
        "has_hours": ("稼働時間が足りない", "too few hours"),
        "in_reach": ("訪問できる範囲を超える", "out of reach"),
        "has_must_skills": ("必須スキルを満たさない", "a required skill is missing"),
        "in_budget": ("報酬が予算を超える", "the fee exceeds the budget"),
        "no_conflict_of_interest": ("自社の事業と利益相反のおそれがある", "own business may conflict"),
        "not_forbidden": ("除外が指定されている", "the pair is forbidden"),
        "is_ready": ("企業の準備度が基準に届かない", "the company's readiness is below the minimum"),
        "criterion_floor": ("評価項目が最低基準に届かない", "a criterion is below its floor"),
        "min_score": ("点が最低点に届かない", "the points are below the minimum"),
    }
)

_AMOUNTS: Final = table_of(
    {
        "in_period": (
            "稼働できる日数が支援期間に{by}日足りない（{wanted}日のうち{offered}日）",
            "available {by:day|days} too few ({offered} of {wanted})",
        ),
        "has_hours": (
            "稼働時間が月{by}時間足りない（{offered}時間に対し必要は{wanted}時間）",
            "{by:hour|hours} a month too few ({offered} offered, {wanted} wanted)",
        ),
        "in_reach": (
            "訪問可能距離を超える（{by}km超過：{offered}kmに対し{wanted}km）",
            "{by} km beyond reach ({wanted} km away, {offered} km at most)",
        ),
        "in_reach_on_site_days_per_month": (
            "現地訪問日数が月{by}日足りない（{offered}日に対し希望は{wanted}日）",
            "{by:on-site day|on-site days} a month too few ({offered} offered, {wanted} wanted)",
        ),
        "has_must_skills": (
            "必須スキル{wanted}件のうち満たすのは{offered}件",
            "only {offered} of {wanted} required skills met",
        ),
        "has_must_skills_named": (
            "必須スキル（{skills}）を、求められる水準で（指定があれば自らの手で）満たさない",
            "lacks a required skill at its level, or by own hands where that is asked: {skills}",
        ),
        "in_budget": (
            "報酬が予算を月{by}円超える（予算{low}円に対し{high}円）",
            "the fee exceeds the budget by {by} yen a month ({high} against {low})",
        ),
        "is_ready": (
            "企業の準備度が基準に{by}届かない（{offered}に対し基準は{wanted}）",
            "readiness {by} below the minimum ({offered}, minimum {wanted})",
        ),
        "criterion_floor": (
            "{criterion}が最低基準に{by}届かない（{offered}に対し基準は{wanted}）",
            "{criterion} {by} below its floor ({offered}, floor {wanted})",
        ),
        "min_score": (
            "最低点に{by}点届かない（{offered}点に対し基準は{wanted}点）",
            "{by:point|points} below the minimum ({offered}, minimum {wanted})",
        ),
    }
)

_DETAILS: Final = table_of(
    {
        "nobody_eligible": (
            "条件をすべて満たすディレクターがいませんでした。",
            "No director meets every condition.",
        ),
        "below_threshold": (
            "必要な条件を満たすディレクターはいましたが、選定の基準に届きませんでした。",
            "There are directors who meet the conditions, but not the threshold of the programme.",
        ),
        "outcompeted": (
            "候補となるディレクターは{n}名いましたが、支援期間中の担当枠がすべて他の企業の支援に充てられました。",
            "There were candidates ({n}), but all their slots in the months of this company went to other companies.",
        ),
        "busy_elsewhere": (
            "候補となるディレクターは{n}名いますが、支援期間中の担当枠がすべて今回の対象外の支援で埋まっています。",
            "There are candidates ({n}), but engagements outside this batch take all their slots "
            "in the months of this company.",
        ),
        "hours_used_up": (
            "候補となるディレクターは{n}名おり、担当枠も残っていますが、"
            "残りの稼働時間ではこの企業に必要な時間に足りません。",
            "There are candidates ({n}), and slots are left, but their hours left are too few for this company.",
        ),
        "on_site_days_used_up": (
            "候補となるディレクターは{n}名おり、担当枠と稼働時間も残っていますが、"
            "残りの現地訪問可能日数ではこの企業が希望する日数に足りません。",
            "There are candidates ({n}) with a slot and hours left, but their on-site days left are too few "
            "for this company.",
        ),
        "rival_served": (
            "候補となるディレクターは{n}名いますが、担当枠・稼働時間・現地訪問日数に空きのある人は全員、"
            "この企業と競合する企業を担当しています。",
            "There are candidates ({n}), but all of them with a slot, hours and on-site days left serve a rival "
            "of this company.",
        ),
        "new_companies_used_up": (
            "候補となるディレクターは{n}名いますが、空きのある人は全員、"
            "新しく担当できる企業数（1名あたり{most_new}社）に達しています。",
            "There are candidates ({n}), but all of them with room already have as many new companies as one "
            "director may take ({most_new}).",
        ),
        "quota_reached": (
            "候補となるディレクターは{n}名おり、空きもありますが、この企業が数えられる枠（{quotas}）が上限に達しています。",
            "There were candidates ({n}) with room, but a quota this company counts towards is full ({quotas}).",
        ),
        "budget_used_up": (
            "候補となるディレクターは{n}名おり、空きもありますが、残りの予算では報酬に足りません。",
            "There were candidates ({n}) with room, but what is left of the budget does not cover their fee.",
        ),
        "move_costs_more": (
            "候補となるディレクターは{n}名おり、空きもありますが、"
            "現在の担当から替えることによる減点が、得られる点を上回ります。",
            "There were candidates ({n}) with room, but taking the company from its present director costs more points "
            "than it brings.",
        ),
        "limit_reached": (
            "候補となるディレクターは{n}名おり、枠も残っていますが、"
            "計画全体の条件（{limits}など）のため選ばれませんでした。",
            "There were candidates ({n}), and slots are left, but the demands on the whole plan "
            "({limits} and the like) left no room.",
        ),
        "limit_reached_unnamed": (
            "候補となるディレクターは{n}名おり、枠も残っていますが、計画全体の兼ね合いで選ばれませんでした。",
            "There were candidates ({n}), and slots are left, but the plan as a whole left no room.",
        ),
        "no_plan": (
            "計画が得られなかったため、担当は決まっていません。",
            "There is no plan, so nothing is decided for this company.",
        ),
        "nearest": (
            "最も近い候補は{director}ですが、次の点で条件に合いません：{failures}。",
            "Nearest is {director}, but: {failures}.",
        ),
        "best": (
            "最も点の高い候補は{director}の{points}点でした（選ばれた組合せの最低点は{lowest}点）。",
            "The best candidate was {director} with {points:point|points} (the weakest match of the plan has "
            "{lowest}).",
        ),
        "best_alone": (
            "最も点の高い候補は{director}の{points}点でした。",
            "The best candidate was {director} with {points:point|points}.",
        ),
    }
)


def rule_name(rule: str, lang: Lang) -> str:
    """The name of a rule, for tables."""
    return sentence_of(RULE_NAMES, rule, "Rule").fill(lang)


def reason_name(reason: str, lang: Lang) -> str:
    """The reason in a few words, for tables and filters."""
    return sentence_of(REASON_NAMES, reason, "Reason").fill(lang)


def failure_line(
    rule: str,
    lang: Lang,
    *,
    amount: tuple[float, float] | None = None,
    measure: str = "",
    missing_skills: tuple[str, ...] = (),
) -> str:
    """What fails, and by how much where a number does.

    Parameters
    ----------
    amount : (offered, wanted) in the rule's own unit
    measure : what the two numbers measure, where a rule has several: on-site days or kilometres, or a criterion
    missing_skills : the required skills that are not met
    """
    if missing_skills:
        return _AMOUNTS["has_must_skills_named"].fill(lang, skills=join_words(list(missing_skills), lang))
    plain = sentence_of(RULE_FAILURES, rule, "Rule")
    sentence = _AMOUNTS.get(f"{rule}_{measure}") or _AMOUNTS.get(rule)
    if amount is None or sentence is None:
        return plain.fill(lang)
    offered, wanted = amount
    return sentence.fill(
        lang,
        criterion=criterion_name(measure, lang) if rule == "criterion_floor" else "",
        **_figures(offered, wanted),
    )


def unserved_line(company: Unserved, facts: Facts, lang: Lang) -> str:
    """Why nobody serves this company, for staff: with the director who came nearest, and by how much they miss."""
    detail = company.detail
    limits = _limits(facts, lang)
    is_unnamed = company.reason == "limit_reached" and not limits
    code = "limit_reached_unnamed" if is_unnamed else company.reason
    opening = sentence_of(_DETAILS, code, "Reason").fill(
        lang,
        n=number_text(detail.n_candidates),
        limits=limits,
        most_new=number_text(facts.policy.limits.max_new_companies_per_director),
        quotas=_full_quotas(company, facts, lang),
    )
    parts = [opening]
    if detail.nearest is not None:
        failures = join_words(_failures(detail.nearest, detail.nearest.failed, lang), lang)
        director = facts.director_name(detail.nearest.director_id)
        parts.append(_DETAILS["nearest"].fill(lang, director=director, failures=failures))
    elif detail.best_director_id is not None and detail.best_points is not None:
        lowest = detail.lowest_chosen_points
        parts.append(
            _DETAILS["best_alone" if lowest is None else "best"].fill(
                lang,
                director=facts.director_name(detail.best_director_id),
                points=number_text(detail.best_points),
                lowest=number_text(lowest),
            )
        )
    return ("" if lang == "ja" else " ").join(parts)


def _limits(facts: Facts, lang: Lang) -> str:
    """The limits over the whole plan that the policy states, and no others; empty where it states none."""
    limits = facts.policy.limits
    stated = {
        "max_companies": limits.max_companies is not None,
        "max_directors": limits.max_directors is not None,
        "budget": limits.budget_jpy_per_month is not None,
        "budget_total": limits.budget_jpy_total is not None,
        "min_companies_per_director": bool(limits.min_companies_per_director),
        **{f"quota:{quota.by}": True for quota in limits.quotas},
    }
    names = [name for name, is_stated in stated.items() if is_stated]
    return ("、" if lang == "ja" else ", ").join(family_name(name, lang) for name in names)


def _full_quotas(company: Unserved, facts: Facts, lang: Lang) -> str:
    """The quotas with a maximum that hold the company back, by field and value."""
    quotas = [facts.policy.limits.quotas[at] for at in company.detail.full_quotas]
    names = [f"{family_name(f'quota:{quota.by}', lang)}：{quota_text(quota.by, quota.value, lang)}" for quota in quotas]
    return join_words([name if lang == "ja" else name.replace("：", ": ") for name in names], lang)


def _failures(near: NearMissRecord, failed: tuple[str, ...], lang: Lang) -> list[str]:
    return [
        failure_line(
            rule,
            lang,
            amount=near.amounts.get(rule),
            measure=near.measures.get(rule, ""),
            missing_skills=near.missing_skills if rule == "has_must_skills" else (),
        )
        for rule in sorted(failed, key=RULES.index)
    ]


def _figures(offered: float, wanted: float) -> dict[str, str]:
    """What was offered and wanted, and the difference of just these figures: 900 and 939 are 39 apart."""
    by = abs(wanted - offered)
    if max(offered, wanted) >= 100 and by >= 1:
        offered, wanted = round(offered), round(wanted)
        by = abs(wanted - offered)
    elif by < 1:
        offered, wanted = round(offered, 2), round(wanted, 2)
    texts = {"by": by, "offered": offered, "wanted": wanted, "low": min(offered, wanted), "high": max(offered, wanted)}
    return {name: _figure(value) if by >= 1 else _fine(value) for name, value in texts.items()}


def _fine(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _figure(value: float) -> str:
    """At most two decimals, none for whole numbers and from a hundred on."""
    if float(value).is_integer() or value >= 100:
        return f"{round(value):,}"
    return f"{value:.2f}".rstrip("0").rstrip(".")
