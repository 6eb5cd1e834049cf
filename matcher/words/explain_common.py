"""What every explanation says alike: a loss and how sure it is, a chain of displacements, the rules of a pair."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from matcher.explain.losses import Loss, Step
from matcher.explain.standing import Standing
from matcher.pairing.near_misses import RuleCheck
from matcher.words.blocks import Line
from matcher.words.catalog import Lang
from matcher.words.facts import Facts, facts_of
from matcher.words.plan import criterion_name, number_text, tier_name
from matcher.words.plan_data import UNITS, table_of
from matcher.words.unserved import failure_line

LOSS: Final = table_of(
    {
        "proved": (
            "計画全体で{points}点の減少です（証明済み）。",
            "The whole plan loses {points:point|points} (proved).",
        ),
        "proved_zero": (
            "計画全体の点数は変わりません（証明済み）。同点の計画です。",
            "The whole plan loses nothing (proved): a plan of equal points.",
        ),
        "proved_gain": (
            "計画全体で{points}点の増加です（証明済み）。",
            "The whole plan gains {points:point|points} (proved).",
        ),
        "claimed_zero": (
            "計画全体の点数は変わりません（ソルバーの主張。証明できた減少は{ends}）。",
            "The whole plan loses nothing (claimed by the solver; proved is {ends}).",
        ),
        "claimed_gain": (
            "計画全体で{points}点の増加です（ソルバーの主張。証明できた減少は{ends}、負の値は増加）。",
            "The whole plan gains {points:point|points} (claimed by the solver; proved is a loss of {ends}, below 0 "
            "a gain).",
        ),
        "claimed": (
            "計画全体で{points}点の減少です（ソルバーの主張。証明できたのは{ends}）。",
            "The whole plan loses {points:point|points} (claimed by the solver; proved is {ends}).",
        ),
        "unknown": (
            "計画全体の減少は{ends}です（最適とは未確認の解による）。",
            "The whole plan loses {ends} (from a plan that is not known to be the best).",
        ),
        "unknown_both": (
            "計画全体の点数は、最大{gain}点の増加から最大{most}点の減少までの間で変わります（最適とは未確認の解による）。",
            "The whole plan gains at most {gain:point|points} or loses at most {most:point|points} (from a plan that "
            "is not known to be the best).",
        ),
        "unknown_gain": (
            "計画全体の点数の増加は{sure}点以上{gain}点以下です（最適とは未確認の解による）。",
            "The whole plan gains {sure:point|points} at least and {gain:point|points} at most (from a plan that is "
            "not known to be the best).",
        ),
        "unknown_either": (
            "計画全体の減少は{ends}です（負の値は増加。最適とは未確認の解による）。",
            "The whole plan loses {ends}; below 0 is a gain (from a plan that is not known to be the best).",
        ),
        "open": (
            "変更後の計画はありますが、点数の差は不明です（時間切れ）。",
            "A plan with this change exists; by how much it differs is not known (time ran out).",
        ),
        "impossible": (
            "この変更を満たす計画はありません（証明済み）。",
            "No plan allows this change (proved).",
        ),
        "impossible_claimed": (
            "この変更を満たす計画はないとソルバーは主張しています。",
            "The solver claims that no plan allows this change.",
        ),
        "not_found": (
            "時間内に計画が見つかりませんでした。変更できるかどうかは未確認です。",
            "No plan was found in the time given; whether one exists is unknown.",
        ),
    }
)
ENDS: Final = table_of(
    {
        "between": ("{least}{unit}以上{most}{unit}以下", "at least {least} and at most {most}{points}"),
        "least": ("{least}{unit}以上", "at least {least}{points}"),
        "most": ("{most}{unit}以下", "at most {most}{points}"),
        "none": ("不明", "not known"),
    }
)
HEADINGS: Final = table_of(
    {
        "points": ("減少点", "Points lost"),
        "tier": ("減少（{tier}）", "Lost ({tier})"),
    }
)
CHAIN: Final = table_of(
    {
        "gains": ("{director}が{company}を担当", "{director} takes {company}"),
        "leaves": ("{director}が{company}の担当を外れる", "{director} leaves {company}"),
        "unserved": ("{company}は担当なしになる", "{company} goes unserved"),
        "served": ("{company}に担当が付く", "{company} is served now"),
    }
)
NOTES: Final = table_of(
    {
        "off_by": (
            "この計画は最適と証明されておらず、最大{points}点だけ最適に届かない可能性があります。"
            "以下の点差は、この計画との差です。",
            "This plan is not proved optimal and may be up to {points:point|points} short of the best. "
            "Differences are against this plan.",
        ),
        "off_by_tier": (
            "この計画は「{tier}」について最適と証明されていません（最大{n}{unit}の差）。以下の差は、この計画との差です。",
            "This plan is not proved optimal in “{tier}” (at most {n}{unit} short). Differences are against this plan.",
        ),
        "off_by_unknown": (
            "この計画がどれだけ最適に近いかは分かっていません。以下の点差は、この計画との差です。",
            "How far this plan is from the best is not known. Differences are against this plan.",
        ),
        "kept": (
            "点差は、計算に残した候補の中での値です。",
            "Differences are among the candidates kept for the calculation.",
        ),
    }
)


def loss_line(loss: Loss, lang: Lang) -> str:
    """What the whole plan loses in points, and how sure that is; `explain_losses.change_lines` tells every tier."""
    if loss.points is None:
        if loss.is_possible is False:
            return LOSS["impossible" if loss.word == "proved" else "impossible_claimed"].fill(lang)
        return LOSS["not_found" if loss.is_possible is None else "open"].fill(lang)
    if loss.word == "unknown":
        code = _unknown_code(loss.at_least, loss.at_most)
    else:
        code = loss.word + ("" if loss.points > 0 else "_zero" if loss.points == 0 else "_gain")
    words = {"points": number_text(abs(loss.points)), "ends": ends_text(loss, lang)}
    if code in ("unknown_both", "unknown_gain"):
        least, most = loss.at_least or 0, loss.at_most or 0
        words = {"gain": number_text(-least), "sure": number_text(-most), "most": number_text(most)}
        del words["sure" if code == "unknown_both" else "most"]
    return LOSS[code].fill(lang, **words)


def _unknown_code(least: int | None, most: int | None) -> str:
    if least is None:
        return "unknown_either"
    if least >= 0:
        return "unknown"
    return "unknown_either" if most is None else "unknown_both" if most > 0 else "unknown_gain"


def ends_text(loss: Loss, lang: Lang, *, tier: str = "points") -> str:
    """The proved ends of a loss, in the tier's unit."""
    least, most = loss.at_least, loss.at_most
    known = (least is not None, most is not None)
    code = {(True, True): "between", (True, False): "least", (False, True): "most", (False, False): "none"}[known]
    points = " points" if tier in ("points", "worst_match") else ""
    return ENDS[code].fill(
        lang, least=number_text(least), most=number_text(most), unit=UNITS.get(tier, ""), points=points
    )


def short_loss(loss: Loss | None, lang: Lang) -> str:
    """A loss for a cell of a table: the figure, or what is known of it."""
    if loss is None:
        return "–"
    if loss.points is None:
        return loss_line(loss, lang)
    if loss.word == "proved":
        return number_text(loss.points)
    return ends_text(loss, lang)


def loss_heading(standing: Standing, lang: Lang) -> str:
    """The heading of a column of losses, which are of points only where the policy asks for points."""
    tier = standing.tiers[standing.points_tier]
    return HEADINGS["points" if tier == "points" else "tier"].fill(lang, tier=tier_name(tier, lang))


def chain_lines(standing: Standing, chain: Iterable[Step], lang: Lang) -> list[Line]:
    """Who takes whom and who leaves whom, in order; and which companies are served now, or no more."""
    facts, problem = facts_of(standing.problem), standing.problem
    steps = tuple(chain)
    gained = {step.company_idx for step in steps if step.action == "gains"}
    left = {step.company_idx for step in steps if step.action == "leaves"}
    lines = [
        Line(
            "item",
            CHAIN[step.action].fill(
                lang,
                director=facts.labelled_director(problem.director_ids[step.director_idx], lang),
                company=facts.labelled_company(problem.company_ids[step.company_idx], lang),
            ),
        )
        for step in steps
    ]
    for code, companies in (("served", gained - left), ("unserved", left - gained)):
        lines += [
            Line("item", CHAIN[code].fill(lang, company=facts.labelled_company(problem.company_ids[idx], lang)))
            for idx in sorted(companies)
        ]
    return lines


def standing_notes(standing: Standing, lang: Lang) -> list[Line]:
    """What has to be known of the plan before its differences are read; empty where it is proved over all pairs."""
    lines = []
    tier, short = standing.shortfall
    if short is None:
        lines.append(Line("note", NOTES["off_by_unknown"].fill(lang)))
    elif short > 0 and tier == "points":
        lines.append(Line("note", NOTES["off_by"].fill(lang, points=number_text(short))))
    elif short > 0:
        unit = {"companies_served": ("社", ""), "worst_match": ("点", " points"), "distance_km": (" km", " km")}
        ja, en = unit.get(tier, ("", ""))
        words = {"tier": tier_name(tier, lang), "n": number_text(short), "unit": ja if lang == "ja" else en}
        lines.append(Line("note", NOTES["off_by_tier"].fill(lang, **words)))
    if standing.candidates.of == "kept":
        lines.append(Line("note", NOTES["kept"].fill(lang)))
    return lines


def failed_rule_lines(rules: Iterable[RuleCheck], lang: Lang) -> list[Line]:
    """Every rule that fails, and by how much where a number decides it."""
    lines = []
    for rule in rules:
        if rule.holds:
            continue
        short = [one for one in rule.amounts if one.wanted > one.offered]
        worst = max(short, key=lambda one: 1 - one.offered / one.wanted if one.wanted else 0.0) if short else None
        text = failure_line(
            rule.name,
            lang,
            amount=None if worst is None else (worst.offered, worst.wanted),
            measure="" if worst is None else worst.measure,
            missing_skills=rule.missing_skills,
        )
        lines.append(Line("item", text))
    return lines


def criteria_rows(
    criteria: Iterable[tuple[str, int]], facts: Facts, company_id: str, lang: Lang
) -> tuple[tuple[str | int | None, ...], ...]:
    """One row a criterion: name, points, points of a full score."""
    possible = facts.possible_points(company_id)
    return tuple((criterion_name(name, lang), points, possible[name]) for name, points in criteria)
