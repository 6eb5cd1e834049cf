"""A policy as staff read it: one label and one value a line."""

from __future__ import annotations

from typing import Final

from matcher.domain.industries import INDUSTRIES
from matcher.domain.policy import CRITERIA, Limits, Policy, Quota
from matcher.domain.values import CHOICES
from matcher.words.catalog import Lang, Sentence
from matcher.words.families import family_name, quota_text
from matcher.words.headings import choice_words
from matcher.words.plan import criterion_name, join_words, number_text, tier_name

_LABELS: Final = {
    "roster": Sentence(ja="対象のディレクター", en="Directors in scope"),
    "objective": Sentence(ja="目的（優先順）", en="Objective (in order)"),
    "tie_break": Sentence(ja="同点のときの優先順", en="Ties are broken by"),
    "weight": Sentence(ja="配点：{name}", en="Weight: {name}"),
    "min_score_points": Sentence(ja="組合せの最低点", en="Minimum points of a match"),
    "min_readiness": Sentence(ja="企業の準備度の最低基準", en="Minimum readiness of a company"),
    "floor": Sentence(ja="最低基準：{name}", en="Floor: {name}"),
    "neutral": Sentence(ja="情報がないときの中立値", en="Neutral value where information is missing"),
    "max_companies": Sentence(ja="支援する企業数の上限", en="Companies at most"),
    "max_directors": Sentence(ja="稼働するディレクター数の上限", en="Directors at most"),
    "budget_jpy_per_month": Sentence(ja="月額報酬の合計の上限", en="Fees a month at most"),
    "budget_jpy_total": Sentence(ja="報酬総額（月額×支援月数）の上限", en="Fees in total at most"),
    "min_companies_per_director": Sentence(ja="1名あたりの最低担当社数", en="Companies per director at least"),
    "max_new_companies_per_director": Sentence(
        ja="1名あたりの新規担当社数の上限", en="New companies per director at most"
    ),
    "engagements_fixed": Sentence(ja="現在の担当の扱い", en="Running engagements"),
    "move_price_points": Sentence(ja="担当を替える減点", en="Points off for moving an engagement"),
    "keep_points": Sentence(ja="現在の担当を続ける加点", en="Points for keeping an engagement"),
    "conflict": Sentence(ja="利益相反とみなす範囲", en="Area of a conflict of interest"),
    "exempt": Sentence(ja="利益相反の対象外", en="Exempt from it"),
    "kept": Sentence(ja="1社あたりに残す候補数", en="Candidates kept per company"),
    "time_limit_s": Sentence(ja="計算時間の上限", en="Time limit"),
    "deterministic_limit": Sentence(ja="計算量の上限", en="Limit on work"),
    "gap": Sentence(ja="許容する差", en="Gap accepted"),
    "seed": Sentence(ja="乱数シード", en="Seed"),
}

_ROSTERS: Final = {
    "engaged": Sentence(ja="登録のみ", en="engaged only"),
    "with_applicants": Sentence(ja="登録と応募", en="engaged and applicants"),
}

_FIXED: Final = {
    False: Sentence(ja="替えることも終えることもできる", en="may be moved or ended"),
    True: Sentence(ja="すべて続ける", en="all kept"),
}

_AREAS: Final = {
    "off": Sentence(ja="確認しない", en="not checked"),
    "same_prefecture": Sentence(ja="同業種・同じ都道府県", en="same industry, same prefecture"),
    "neighbouring": Sentence(ja="同業種・同じか隣の都道府県", en="same industry, same or neighbouring prefecture"),
    "same_region": Sentence(ja="同業種・同じ地方", en="same industry, same region"),
    "anywhere": Sentence(ja="同業種・全国", en="same industry, anywhere"),
}

_VALUES: Final = {
    "none": Sentence(ja="なし", en="none"),
    "all": Sentence(ja="すべて", en="all"),
    "companies": Sentence(ja="{n}社", en="{n}"),
    "people": Sentence(ja="{n}名", en="{n}"),
    "points": Sentence(ja="{n}点", en="{n:point|points}"),
    "yen": Sentence(ja="{n}円", en="{n} yen"),
    "seconds": Sentence(ja="{n}秒", en="{n} s"),
    "units": Sentence(ja="{n}単位", en="{n:unit|units}"),
    "at_least": Sentence(ja="{n}社以上", en="at least {n}"),
    "at_most": Sentence(ja="{n}社以下", en="at most {n}"),
    "share": Sentence(ja="{weight}（{share}）", en="{weight} ({share})"),
    "quota": Sentence(ja="{family}：{value}", en="{family}: {value}"),
}


def policy_lines(policy: Policy, lang: Lang) -> list[tuple[str, str]]:
    """Every setting that shaped the plan as (label, value), in the order people ask for them.

    The constants inside the criteria are left to policy.yaml and its digest.
    """
    return [
        (_LABELS["roster"].fill(lang), _ROSTERS[policy.roster].fill(lang)),
        (_LABELS["objective"].fill(lang), _ordered(policy.objective, lang)),
        (_LABELS["tie_break"].fill(lang), _ordered(policy.tie_break, lang)),
        *_weight_lines(policy, lang),
        *_threshold_lines(policy, lang),
        *_limit_lines(policy.limits, lang),
        (_LABELS["keep_points"].fill(lang), _amount("points", policy.keep_points, lang)),
        (_LABELS["engagements_fixed"].fill(lang), _FIXED[policy.engagements.fixed].fill(lang)),
        (_LABELS["move_price_points"].fill(lang), _amount("points", policy.engagements.move_price_points, lang)),
        (_LABELS["conflict"].fill(lang), _AREAS[policy.conflict_of_interest.area].fill(lang)),
        (_LABELS["exempt"].fill(lang), _exempt(policy, lang)),
        (_LABELS["kept"].fill(lang), _amount("people", policy.candidates.keep_per_company, lang, missing="all")),
        (_LABELS["time_limit_s"].fill(lang), _amount("seconds", policy.solve.time_limit_s, lang)),
        (_LABELS["deterministic_limit"].fill(lang), _amount("units", policy.solve.deterministic_limit, lang)),
        (_LABELS["gap"].fill(lang), f"{policy.solve.gap:.10g}"),
        (_LABELS["seed"].fill(lang), str(policy.solve.seed)),
    ]


_BY_KEY: Final = {"engagements.fixed": "engagements_fixed", "candidates.keep_per_company": "kept"}


def setting_name(key: str, lang: Lang) -> str:
    """What a setting is called, by its dotted key; the key itself where it has no name of its own."""
    section, _, name = key.partition(".")
    if section == "weights" and name in CRITERIA:
        return _LABELS["weight"].fill(lang, name=criterion_name(name, lang))
    code = _BY_KEY.get(key, name or section)
    return key if code not in _LABELS else _LABELS[code].fill(lang)


def _weight_lines(policy: Policy, lang: Lang) -> list[tuple[str, str]]:
    shares = policy.weights.normalised()
    return [
        (
            _LABELS["weight"].fill(lang, name=criterion_name(name, lang)),
            _VALUES["share"].fill(lang, weight=f"{weight:.10g}", share=f"{shares[name]:.1%}"),
        )
        for name, weight in policy.weights.as_dict().items()
    ]


def _threshold_lines(policy: Policy, lang: Lang) -> list[tuple[str, str]]:
    thresholds = policy.thresholds
    floors = [
        (_LABELS["floor"].fill(lang, name=criterion_name(name, lang)), f"{floor:.10g}")
        for name, floor in thresholds.min_by_criterion.items()
    ]
    least = thresholds.min_readiness
    return [
        (_LABELS["min_score_points"].fill(lang), _amount("points", thresholds.min_score_points, lang)),
        (_LABELS["min_readiness"].fill(lang), _VALUES["none"].fill(lang) if least is None else f"{least:.10g}"),
        *floors,
        (_LABELS["neutral"].fill(lang), f"{thresholds.neutral:.10g}"),
    ]


def _limit_lines(limits: Limits, lang: Lang) -> list[tuple[str, str]]:
    return [
        (_LABELS["max_companies"].fill(lang), _amount("companies", limits.max_companies, lang)),
        (_LABELS["max_directors"].fill(lang), _amount("people", limits.max_directors, lang)),
        (_LABELS["budget_jpy_per_month"].fill(lang), _amount("yen", limits.budget_jpy_per_month, lang)),
        (_LABELS["budget_jpy_total"].fill(lang), _amount("yen", limits.budget_jpy_total, lang)),
        (
            _LABELS["min_companies_per_director"].fill(lang),
            _amount("companies", limits.min_companies_per_director, lang),
        ),
        (
            _LABELS["max_new_companies_per_director"].fill(lang),
            _amount("companies", limits.max_new_companies_per_director, lang),
        ),
        *(_quota_line(quota, lang) for quota in limits.quotas),
    ]


def _quota_line(quota: Quota, lang: Lang) -> tuple[str, str]:
    family, value = family_name(f"quota:{quota.by}", lang), quota_text(quota.by, quota.value, lang)
    bounds = [
        _VALUES[name].fill(lang, n=number_text(bound))
        for name, bound in (("at_least", quota.min), ("at_most", quota.max))
        if bound is not None
    ]
    return _VALUES["quota"].fill(lang, family=family, value=value), join_words(bounds, lang)


def _exempt(policy: Policy, lang: Lang) -> str:
    rule = policy.conflict_of_interest
    industries = [f"{letter} {getattr(INDUSTRIES[letter], lang)}" for letter in rule.exempt_industries]
    kinds = dict(zip(CHOICES["kind"], choice_words("kind", lang), strict=True))
    names = industries + [kinds[kind] for kind in rule.exempt_kinds]
    return join_words(names, lang) if names else _VALUES["none"].fill(lang)


def _ordered(names: tuple[str, ...], lang: Lang) -> str:
    shown = [tier_name(name, lang) for name in names]
    return " → ".join(shown) if shown else _VALUES["none"].fill(lang)


def _amount(unit: str, value: float | None, lang: Lang, *, missing: str = "none") -> str:
    return _VALUES[missing].fill(lang) if value is None else _VALUES[unit].fill(lang, n=number_text(value))
