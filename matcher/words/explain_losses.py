"""What a change costs under a policy of several tiers: the first tier that differs decides, and is told first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matcher.domain.policy import TierName
from matcher.explain.losses import Loss
from matcher.words.blocks import Line
from matcher.words.catalog import Lang
from matcher.words.explain_common import ends_text, loss_line
from matcher.words.plan import number_text, tier_name
from matcher.words.plan_data import table_of

WORSE: Final = table_of(
    {
        "points": ("計画全体で{n}点減少", "The whole plan loses {n:point|points}"),
        "companies_served": ("支援できる企業・自治体が{n}社減少", "Companies served: {n} fewer"),
        "companies_served_one": ("支援できる企業・自治体が1社減少", "One company fewer is served"),
        "worst_match": ("最も低い組合せの点が{n}点低下", "The weakest match has {n:point|points} fewer"),
        "fewest_changes": ("継続できる担当が{n}件減少", "Running engagements kept: {n} fewer"),
        "earlier_matches": ("前回と同じ組合せが{n}件減少", "Matches of the earlier plan kept: {n} fewer"),
        "distance_km": ("移動距離が{n} km増加", "{n} km more are travelled"),
        "even_load": (
            "負担の偏りが増加（担当数の二乗和が{n}増加）",
            "The load is less even (squared numbers of companies: {n} more)",
        ),
    }
)
BETTER: Final = table_of(
    {
        "points": ("計画全体で{n}点増加", "The whole plan gains {n:point|points}"),
        "companies_served": ("支援できる企業・自治体が{n}社増加", "Companies served: {n} more"),
        "companies_served_one": ("支援できる企業・自治体が1社増加", "One company more is served"),
        "worst_match": ("最も低い組合せの点が{n}点上昇", "The weakest match has {n:point|points} more"),
        "fewest_changes": ("継続できる担当が{n}件増加", "Running engagements kept: {n} more"),
        "earlier_matches": ("前回と同じ組合せが{n}件増加", "Matches of the earlier plan kept: {n} more"),
        "distance_km": ("移動距離が{n} km減少", "{n} km fewer are travelled"),
        "even_load": (
            "負担の偏りが減少（担当数の二乗和が{n}減少）",
            "The load is more even (squared numbers of companies: {n} fewer)",
        ),
    }
)
LINES: Final = table_of(
    {
        "proved": ("{change}します（証明済み）。", "{change} (proved)."),
        "claimed": (
            "{change}します（ソルバーの主張。証明できた減少の範囲：{ends}）。",
            "{change} (claimed by the solver; proved of the loss: {ends}).",
        ),
        "unknown": (
            "見つかった計画では{change}します（最適とは未確認。証明できた減少の範囲：{ends}）。",
            "{change} in the plan that was found (not known to be the best; proved of the loss: {ends}).",
        ),
        "same": ("{tier}は変わりません（{word}）。", "{tier}: no change ({word})."),
        "open": ("{tier}の変化は不明です（時間切れ）。", "{tier}: the change is not known (time ran out)."),
        "equal": (
            "方針のどの項目も変わりません（証明済み）。同じ良さの計画です。",
            "Nothing the policy asks for changes (proved): a plan that is as good.",
        ),
        "first": (
            "方針では、この項目が以下の項目より優先されます。",
            "The policy puts this before what follows.",
        ),
        "proved_word": ("証明済み", "proved"),
        "claimed_word": ("ソルバーの主張", "claimed by the solver"),
        "unknown_word": ("未確認", "not known to be the best"),
    }
)


def change_lines(losses: Mapping[TierName, Loss], lang: Lang) -> list[Line]:
    """What the plan loses by a change, tier by tier, the one that decides first.

    Parameters
    ----------
    losses : by tier of the policy, in order; with points alone it is the one sentence of `loss_line`
    """
    tiers = list(losses.items())
    first = tiers[0][1]
    if first.points is None and first.is_possible is not True:
        return [Line("text", loss_line(first, lang))]
    if len(tiers) == 1 and tiers[0][0] == "points":
        return [Line("text", loss_line(first, lang))]
    at = next((n for n, (_, loss) in enumerate(tiers) if loss.points != 0 or loss.word != "proved"), None)
    if at is None:
        return [Line("text", LINES["equal"].fill(lang))]
    lines = [Line("text", tier_line(*tiers[at], lang))]
    others = tiers[at + 1 :]
    if others:
        lines.append(Line("note", LINES["first"].fill(lang)))
    return lines + [Line("item", tier_line(tier, loss, lang)) for tier, loss in others]


def tier_line(tier: str, loss: Loss, lang: Lang) -> str:
    """What one tier loses, in its own unit, and how sure that is."""
    if loss.points is None:
        return LINES["open"].fill(lang, tier=tier_name(tier, lang))
    if loss.points == 0 and loss.word != "unknown":
        return LINES["same"].fill(lang, tier=tier_name(tier, lang), word=LINES[f"{loss.word}_word"].fill(lang))
    table = BETTER if loss.points < 0 else WORSE
    code = "companies_served_one" if tier == "companies_served" and abs(loss.points) == 1 else tier
    change = table[code].fill(lang, n=number_text(abs(loss.points)))
    return LINES[loss.word].fill(lang, change=change, ends=ends_text(loss, lang, tier=tier))
