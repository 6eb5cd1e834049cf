"""What becomes of the plan after a refusal, in words: a table, and the chain of each."""

from __future__ import annotations

from typing import Final

from matcher.explain.explanation import Audience
from matcher.explain.refusals import Refusal, RefusalsAnswer
from matcher.explain.standing import Standing
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.explain_common import chain_lines, loss_heading, short_loss, standing_notes
from matcher.words.explain_losses import change_lines
from matcher.words.facts import facts_of
from matcher.words.plan import number_text, tier_name
from matcher.words.plan_data import table_of

N_CHAINS = 30
"""Refusals whose chain is told; the rest is in the JSON."""

TEXTS: Final = table_of(
    {
        "title": ("辞退があった場合の代わりの計画", "The plan after a refusal"),
        "about": (
            "同じ点数の計画のうち、変更がいちばん少ないものを示します。",
            "Of plans of equal points, the one with the fewest changes.",
        ),
        "nothing": ("この計画には組合せがありません。", "The plan has no matches."),
        "private": (
            "この一覧は他社の内容を含むため、社内用です。",
            "This list speaks of other companies and is for staff only.",
        ),
        "tiers": (
            "この方針には複数の目標があります。表の減少は「{tier}」の差で、ほかの目標の差はそれぞれの説明にあります。",
            "The policy has several objectives. The tables show the loss in “{tier}”; what is told of each refusal has "
            "the others.",
        ),
        "declined": ("1社の担当を辞退した場合", "One company declined"),
        "withdrawn": ("ディレクターがすべてを辞退した場合", "A director who withdraws altogether"),
        "director": ("ディレクター", "Director"),
        "company": ("企業・自治体", "Company"),
        "n_changes": ("変わる組合せ", "Matches that change"),
        "then": ("代わりの計画で変わること", "What changes then"),
        "all_companies": ("すべて", "all of them"),
        "declines": ("{director}が{company}を辞退すると", "If {director} declines {company}"),
        "withdraws": ("{director}がすべてを辞退すると", "If {director} withdraws"),
        "not_reached": ("時間内に計算していません", "not reached in time"),
        "no_plan": ("該当する計画なし", "no plan"),
        "not_found": ("未確認", "unknown"),
        "open": (
            "{n}件は時間内（{seconds}秒）に計算していません。--budget で時間を延ばせます。",
            "Not reached in {seconds} s: {n}. --budget gives more.",
        ),
        "more": (
            "ほか{n}件の変更の内容は、--json で出力されます。",
            "The chains of {n} more are in the output of --json.",
        ),
    }
)


def blocks(standing: Standing, answer: RefusalsAnswer, lang: Lang, audience: Audience) -> list[Block]:
    """Two tables, then what changes after each refusal."""
    out: list[Block] = [Line("title", TEXTS["title"].fill(lang))]
    if audience == "company":
        return [*out, Line("note", TEXTS["private"].fill(lang))]
    if not answer.declined:
        return [*out, Line("text", TEXTS["nothing"].fill(lang))]
    out += notes(standing, answer, lang)
    out += [_grid(standing, answer.declined, "declined", lang), _grid(standing, answer.withdrawn, "withdrawn", lang)]
    told = [one for one in (*answer.declined, *answer.withdrawn) if one.change is not None]
    for one in told[:N_CHAINS]:
        out += _chain(standing, one, lang)
    if len(told) > N_CHAINS:
        out.append(Line("note", TEXTS["more"].fill(lang, n=number_text(len(told) - N_CHAINS))))
    return out


def notes(standing: Standing, answer: RefusalsAnswer, lang: Lang) -> list[Line]:
    """What has to be known before the figures are read."""
    out = [Line("text", TEXTS["about"].fill(lang)), *standing_notes(standing, lang)]
    if len(standing.tiers) > 1:
        tier = tier_name(standing.tiers[standing.points_tier], lang)
        out.append(Line("note", TEXTS["tiers"].fill(lang, tier=tier)))
    if answer.n_open:
        out.append(Line("note", TEXTS["open"].fill(lang, n=answer.n_open, seconds=number_text(answer.total_time_s))))
    return out


def table(standing: Standing, answer: RefusalsAnswer, lang: Lang) -> Grid:
    """Every refusal in one table, a row each, with all that changes."""
    names = ("director", "company", "loss", "n_changes", "then")
    rows = []
    for one in (*answer.declined, *answer.withdrawn):
        director, *company = _names(standing, one, lang)
        then = [] if one.change is None else chain_lines(standing, one.change.chain, lang)
        rows.append(
            (
                director,
                *(company or [TEXTS["all_companies"].fill(lang)]),
                _loss(one, lang),
                _n_changes(one),
                "\n".join(line.text for line in then),
            )
        )
    return Grid(_headings(standing, names, lang), tuple(rows))


def _headings(standing: Standing, names: tuple[str, ...], lang: Lang) -> tuple[str, ...]:
    return tuple(loss_heading(standing, lang) if name == "loss" else TEXTS[name].fill(lang) for name in names)


def _grid(standing: Standing, refusals: tuple[Refusal, ...], title: str, lang: Lang) -> Grid:
    has_company = title == "declined"
    names = ("director", *(("company",) if has_company else ()), "loss", "n_changes")
    rows = tuple((*_names(standing, one, lang), _loss(one, lang), _n_changes(one)) for one in refusals)
    headings = (loss_heading(standing, lang) if name == "loss" else TEXTS[name].fill(lang) for name in names)
    return Grid(tuple(headings), rows, TEXTS[title].fill(lang))


def _names(standing: Standing, one: Refusal, lang: Lang) -> tuple[str, ...]:
    facts, problem = facts_of(standing.problem), standing.problem
    director = facts.labelled_director(problem.director_ids[one.director_idx], lang)
    if one.company_idx is None:
        return (director,)
    return director, facts.labelled_company(problem.company_ids[one.company_idx], lang)


def _loss(one: Refusal, lang: Lang) -> str | int:
    if one.change is None:
        return TEXTS["not_reached"].fill(lang)
    if one.loss.points is None:
        return TEXTS["no_plan" if one.loss.is_possible is False else "not_found"].fill(lang)
    return one.loss.points if one.loss.word == "proved" else short_loss(one.loss, lang)


def _n_changes(one: Refusal) -> int | None:
    return None if one.change is None or one.change.pairs is None else len(one.change.chain)


def _chain(standing: Standing, one: Refusal, lang: Lang) -> list[Line]:
    if one.change is None:
        return []
    names = _names(standing, one, lang)
    code = "withdraws" if one.company_idx is None else "declines"
    head = TEXTS[code].fill(lang, director=names[0], company=names[-1])
    lines = [Line("heading", head), *change_lines(one.change.losses, lang)]
    return lines + chain_lines(standing, one.change.chain, lang)
