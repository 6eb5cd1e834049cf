"""What of the points the pairing decides, in words; the report and the workbook say the same."""

from __future__ import annotations

from typing import Final

from matcher.explain.explanation import Audience
from matcher.explain.interaction import TOTAL, InteractionAnswer, Parts
from matcher.explain.standing import Standing
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.plan import criterion_name, join_words, number_text
from matcher.words.plan_data import table_of

TEXTS: Final = table_of(
    {
        "title": ("組合せで決まる点の割合", "What of the points the pairing decides"),
        "none": ("条件を満たす組合せがありません。", "There are no eligible pairs."),
        "same": (
            "条件を満たす{n}組の点はすべて同じです。",
            "All eligible pairs ({n}) have the same points.",
        ),
        "unknown": (
            "条件を満たす組合せが少なく、組合せで決まる分は分かりません。",
            "There are too few eligible pairs to tell what the pairing decides.",
        ),
        "shares": (
            "条件を満たす{n}組の点のばらつき（分散）のうち、ディレクターによる分が{director}、企業による分が{company}、"
            "両者の組合せで決まる分が{interaction}です。",
            "Of the variance of the points over the {n:eligible pair|eligible pairs}, {director} is the director's, "
            "{company} the "
            "company's, and {interaction} is decided by the pairing of the two.",
        ),
        "meaning": (
            "どの企業にも同じように効く分、どのディレクターにも同じように効く分は、誰が選ばれるかを決めます。"
            "誰と誰を組み合わせるかを決めるのは、組合せの分だけです。",
            "What is the same for all companies, or for all directors, decides who is chosen; only the pairing's part "
            "decides who goes with whom.",
        ),
        "without": (
            "{names}には組合せで決まる分がほとんどありません。その配点を変えると担当が付く相手は変わりえますが、"
            "誰と誰を組み合わせるかは変わりません。",
            "{names}: hardly anything of it is decided by the pairing. Its weight decides who is served, not who goes "
            "with whom.",
        ),
        "kept": (
            "計算に残した候補だけについての値です。",
            "These figures are of the candidates kept for the calculation only.",
        ),
        "method": (
            "点を「平均＋ディレクターの効果＋企業の効果＋残り」に分け、効果を条件を満たす組合せへの最小二乗法で求め、"
            "残りを組合せの分としました。両者に共通する説明力は半分ずつ分けています。",
            "Points are split into mean + director + company + rest. The effects are fitted to the eligible pairs by "
            "least squares; the rest is the pairing's. What directors and companies explain in common is halved.",
        ),
        "criterion": ("評価項目", "Criterion"),
        "deviation": ("ばらつき（標準偏差、点）", "Spread (std. dev., points)"),
        "director": ("ディレクター", "Director"),
        "company": ("企業", "Company"),
        "interaction": ("組合せ", "Pairing"),
        "of_interaction": ("組合せの分に占める割合", "Of the pairing's part"),
        "total": ("合計", "Total"),
        "row": (
            "ディレクター {director}、企業 {company}、組合せ {interaction}",
            "director {director}, company {company}, pairing {interaction}",
        ),
    }
)


def blocks(standing: Standing, answer: InteractionAnswer, lang: Lang, audience: Audience) -> list[Block]:
    """The shares, what they mean, and the table; there is nothing private in them."""
    out: list[Block] = [Line("title", TEXTS["title"].fill(lang))]
    out += [Line("text", text) for text in sentences(answer, lang)]
    if is_told(answer):
        out += [table(answer, lang), Line("note", TEXTS["method"].fill(lang))]
    return out


def is_told(answer: InteractionAnswer) -> bool:
    """Whether there is anything to be split: pairs, with different points, more of them than effects."""
    return answer.n_free > 0 and answer.total.interaction is not None


def sentences(answer: InteractionAnswer, lang: Lang) -> list[str]:
    """What the shares are and what they mean, or why there are none."""
    n, total = number_text(answer.n_pairs), answer.total
    if not answer.n_pairs:
        return [TEXTS["none"].fill(lang)]
    if total.interaction is None:
        return [TEXTS["same"].fill(lang, n=n)]
    if not answer.n_free:
        return [TEXTS["unknown"].fill(lang)]
    out = [TEXTS["shares"].fill(lang, n=n, **_shares(total)), TEXTS["meaning"].fill(lang)]
    if answer.without_interaction:
        names = join_words([criterion_name(name, lang) for name in answer.without_interaction], lang)
        out.append(TEXTS["without"].fill(lang, names=names))
    return [*out, TEXTS["kept"].fill(lang)] if answer.of == "kept" else out


def table(answer: InteractionAnswer, lang: Lang) -> Grid:
    """One row a criterion that differs between pairs, and the total."""
    codes = ("criterion", "deviation", "director", "company", "interaction", "of_interaction")
    rows: tuple[tuple[str | int | None, ...], ...] = tuple(
        (name, round(one.deviation), *_shares(one).values(), _percent(one.of_interaction))
        for name, one in _named(answer, lang)
    )
    return Grid(tuple(TEXTS[code].fill(lang) for code in codes), rows)


def lines(answer: InteractionAnswer, lang: Lang) -> list[tuple[str, str]]:
    """The table as names and one text each, for a sheet of two columns."""
    return [(name, TEXTS["row"].fill(lang, **_shares(one))) for name, one in _named(answer, lang)]


def _named(answer: InteractionAnswer, lang: Lang) -> list[tuple[str, Parts]]:
    return [
        (TEXTS["total"].fill(lang) if one.name == TOTAL else criterion_name(one.name, lang), one)
        for one in (*answer.criteria, answer.total)
        if one.interaction is not None
    ]


def _shares(one: Parts) -> dict[str, str]:
    return {
        "director": _percent(one.director),
        "company": _percent(one.company),
        "interaction": _percent(one.interaction),
    }


def _percent(share: float | None) -> str:
    if share is None:
        return "–"
    # A rounding error below 0 must not show as −0.0%.
    return f"{share + 0.0 if abs(share) >= 0.0005 else 0.0:.1%}"
