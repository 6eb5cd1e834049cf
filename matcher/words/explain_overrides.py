"""The cost of every override, in words: a table, the cheapest first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from matcher.explain.explanation import Audience
from matcher.explain.losses import Step
from matcher.explain.overrides import Override, OverridesAnswer
from matcher.explain.standing import Standing
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.explain_common import ends_text, loss_heading, short_loss, standing_notes
from matcher.words.facts import facts_of
from matcher.words.plan import join_words, number_text, tier_name
from matcher.words.plan_data import table_of

N_SHOWN = 30
"""Rows of the table; the rest is in the JSON."""
N_ROWS = 1_000
"""Rows of a sheet."""

TEXTS: Final = table_of(
    {
        "title": ("計画を手で変えた場合の損失", "What each override would cost"),
        "about": (
            "組合せを1つだけ指定し（または外し）、ほかを最良に組み直したときの、計画全体の減少点です。",
            "Points the whole plan loses when one pair is demanded or one match forbidden, all else being best again.",
        ),
        "nothing": ("候補の組合せがありません。", "There are no candidates."),
        "private": (
            "この一覧は他社の内容を含むため、社内用です。",
            "This list speaks of other companies and is for staff only.",
        ),
        "more": (
            "ほか{n}件。--json ですべて出力されます。",
            "Not shown: {n}. --json has all of them.",
        ),
        "not_solved": (
            "{n}件中{n_open}件は、時間内（{seconds}秒）に計算していません。"
            "計画の証明から分かる下限だけを示します。--budget で時間を延ばせます。",
            "Of {n:pair|pairs} {n_open:was|were} not reached in {seconds} s; of those only what the plan's proof "
            "says at least "
            "is shown. --budget gives more.",
        ),
        "cheapest": (
            "損失の小さいものから順に計算しました。{n_open}件は、計画の証明から分かる下限だけを示します。",
            "The cheapest were computed; of {n_open} more only what the plan's proof says at least is shown.",
        ),
        "tiers": (
            "この方針には複数の目標があります。並びは先に問う目標の順で、表の減少は「{tier}」の差です"
            "（--json ですべて出力されます）。",
            "The policy has several objectives: the order is by those that come first, the loss shown is that in "
            "“{tier}”. --json has all of them.",
        ),
        "director": ("ディレクター", "Director"),
        "company": ("企業・自治体", "Company"),
        "points": ("点", "Points"),
        "what": ("変更", "Override"),
        "force": ("入れる", "demand"),
        "forbid": ("外す", "forbid"),
        "word": ("確かさ", "How sure"),
        "gives_way": ("ほかに変わること", "What gives way"),
        "word_proved": ("証明済み", "proved"),
        "word_claimed": ("ソルバーの主張", "claimed"),
        "word_unknown": ("未確認", "unknown"),
        "moves": ("{company}：{before}→{after}", "{company}: {before} → {after}"),
        "nobody": ("なし", "nobody"),
        "nothing_else": ("なし", "nothing"),
        "not_known": ("未計算", "not computed"),
        "no_plan": ("該当する計画なし", "no plan"),
    }
)


def blocks(standing: Standing, answer: OverridesAnswer, lang: Lang, audience: Audience) -> list[Block]:
    """A title, what the figures are, and the first rows."""
    out: list[Block] = [Line("title", TEXTS["title"].fill(lang))]
    if audience == "company":
        return [*out, Line("note", TEXTS["private"].fill(lang))]
    if not answer.columns:
        return [*out, Line("text", TEXTS["nothing"].fill(lang))]
    out += [*notes(standing, answer, lang), table(standing, answer, lang, n=N_SHOWN)]
    return [*out, *more(answer, lang, n=N_SHOWN)]


def more(answer: OverridesAnswer, lang: Lang, *, n: int = N_ROWS) -> list[Line]:
    """How many there are behind the first `n`, where there are any."""
    n_more = len(answer.columns) - n
    return [Line("note", TEXTS["more"].fill(lang, n=number_text(n_more)))] if n_more > 0 else []


def notes(standing: Standing, answer: OverridesAnswer, lang: Lang) -> list[Line]:
    """What has to be known before the figures are read."""
    out = [Line("text", TEXTS["about"].fill(lang)), *standing_notes(standing, lang)]
    if len(standing.tiers) > 1:
        tier = tier_name(standing.tiers[standing.points_tier], lang)
        out.append(Line("note", TEXTS["tiers"].fill(lang, tier=tier)))
    if answer.n_solved < answer.n:
        numbers = {"n": number_text(answer.n), "n_open": number_text(answer.n - answer.n_solved)}
        code = "cheapest" if answer.total_time_s is None else "not_solved"
        out.append(Line("note", TEXTS[code].fill(lang, **numbers, seconds=number_text(answer.total_time_s))))
    return out


def table(standing: Standing, answer: OverridesAnswer, lang: Lang, *, n: int = N_ROWS) -> Grid:
    """The first `n` overrides, a row each."""
    names = ("director", "company", "points", "what", "loss", "word", "gives_way")
    rows = tuple(_row(standing, one, lang) for one in answer.first(n))
    headings = (loss_heading(standing, lang) if name == "loss" else TEXTS[name].fill(lang) for name in names)
    return Grid(tuple(headings), rows)


def _row(standing: Standing, one: Override, lang: Lang) -> tuple[str | int | None, ...]:
    facts, problem = facts_of(standing.problem), standing.problem
    loss: str | int = TEXTS["no_plan"].fill(lang) if one.loss.is_possible is False else _loss_text(one, lang)
    return (
        facts.labelled_director(problem.director_ids[one.director_idx], lang),
        facts.labelled_company(problem.company_ids[one.company_idx], lang),
        one.points,
        TEXTS["forbid" if one.is_chosen else "force"].fill(lang),
        loss,
        TEXTS[f"word_{one.loss.word}"].fill(lang),
        "–" if one.loss.is_possible is False else gives_way(standing, one.chain, one.company_idx, lang),
    )


def _loss_text(one: Override, lang: Lang) -> str | int:
    """The figure, or its proved ends."""
    if one.loss.word == "proved" and one.loss.points is not None:
        return one.loss.points
    return ends_text(one.loss, lang) if one.loss.points is None else short_loss(one.loss, lang)


def gives_way(standing: Standing, chain: Iterable[Step] | None, company_idx: int, lang: Lang) -> str:
    """Who serves each further company that changes, before and after: C019: D001 → nobody."""
    if chain is None:
        return TEXTS["not_known"].fill(lang)
    problem, nobody = standing.problem, TEXTS["nobody"].fill(lang)
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    for step in chain:
        (after if step.action == "gains" else before)[step.company_idx] = problem.director_ids[step.director_idx]
    parts = [
        TEXTS["moves"].fill(
            lang, company=problem.company_ids[idx], before=before.get(idx, nobody), after=after.get(idx, nobody)
        )
        for idx in dict.fromkeys([*before, *after])
        if idx != company_idx or (idx in before and idx in after)
    ]
    return join_words(parts, lang) if parts else TEXTS["nothing_else"].fill(lang)
