"""The answer about one company, in words: who serves it and why, who could instead, or why nobody does."""

from __future__ import annotations

from typing import Final

from matcher.explain.company import Alternative, CompanyAnswer
from matcher.explain.explanation import Audience
from matcher.explain.standing import Standing
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.explain_common import chain_lines, standing_notes
from matcher.words.explain_facts import fact_lines
from matcher.words.explain_losses import change_lines
from matcher.words.explain_near import near_miss_line
from matcher.words.facts import facts_of
from matcher.words.letters import letter_line
from matcher.words.plan import criterion_name, join_words, number_text
from matcher.words.plan_data import table_of
from matcher.words.unserved import rule_name, unserved_line

TEXTS: Final = table_of(
    {
        "served": (
            "{director}が担当します（{points}点）。",
            "{director} works with this company ({points:point|points}).",
        ),
        "served_letter": (
            "貴社（貴団体）には、{director}氏を担当ディレクターとしてご紹介します。理由は次のとおりです。",
            "We introduce {director} as the director who will work with you, for these reasons.",
        ),
        "served_letter_bare": (
            "貴社（貴団体）には、{director}氏を担当ディレクターとしてご紹介します。",
            "We introduce {director} as the director who will work with you.",
        ),
        "pinned": ("固定の指定がある組合せです。", "The pair is pinned."),
        "criteria": ("採点の内訳と根拠", "Points by criterion, and what stands behind them"),
        "part": ("{name}：{points}点（満点{possible}点）", "{name}: {points} of {possible:point|points}"),
        "part_neutral": (
            "{name}：{points}点（満点{possible}点、情報の不足を中立値で補っています）",
            "{name}: {points} of {possible:point|points} (the neutral value stands in for what is not known)",
        ),
        "keep": ("継続による加減点：{points}点", "For keeping or moving a running engagement: {points:point|points}"),
        "neutral_letter": (
            "情報がないため、次の項目は標準の値で評価しています：{names}。",
            "Nothing is known about {names}, which count at a standard value.",
        ),
        "as_above": ("計画全体の変化は、上に示したとおりです。", "The whole plan changes as told above."),
        "alternatives": ("ほかに担当できるディレクター", "Who else could work with this company"),
        "alternative": ("{director}（{points}点）。{busy}", "{director} ({points:point|points}). {busy}"),
        "busy": ("この計画で担当する企業：{companies}。", "Works with {companies} in this plan."),
        "busy_more": (
            "この計画で担当する企業：{companies}。対象外の支援も{n}件あります。",
            "Works with {companies} in this plan; running engagements outside it: {n}.",
        ),
        "free": ("この計画で担当する企業はありません。", "Works with no company in this plan."),
        "free_more": (
            "この計画で担当する企業はなく、対象外の支援が{n}件あります。",
            "Works with no company in this plan; running engagements outside it: {n}.",
        ),
        "none_else": ("ほかに条件を満たすディレクターはいません。", "No other director is eligible."),
        "some_known": (
            "ほかに候補となるディレクターは{n}名います。点の高い{known}名について、担当した場合の計画を計算し、"
            "減少の小さい順に{shown}名を示しています。残りの{left}名は計算していません。",
            "There {n:=is|are} {n:other candidate|other candidates}. The plan was solved again with each of the "
            "{known} "
            "with most points; the {shown} with the smallest losses are shown. The remaining {left} {left:=was|were} "
            "not solved.",
        ),
        "failed": ("満たされない条件", "Rules that fail"),
        "rule": ("条件", "Rule"),
        "n_directors": ("満たさないディレクター数", "Directors who fail it"),
        "nearest": ("条件に最も近いディレクター", "The nearest directors"),
        "if_served": ("この企業を必ず支援すると：", "If this company had to be served:"),
    }
)


def blocks(standing: Standing, answer: CompanyAnswer, lang: Lang, audience: Audience) -> list[Block]:
    """Headings, sentences and tables, in reading order."""
    company_id = standing.problem.company_ids[answer.company_idx]
    title = Line("title", facts_of(standing.problem).labelled_company(company_id, lang))
    if audience == "company":
        return [title, *_letter(standing, answer, lang)]
    out: list[Block] = [title]
    if answer.served_by is None:
        return out + _unserved(standing, answer, lang)
    return out + _served(standing, answer, answer.served_by, lang)


def _letter(standing: Standing, answer: CompanyAnswer, lang: Lang) -> list[Block]:
    """For the company itself: reasons without points, without other companies and without private figures."""
    if answer.served_by is None:
        return [] if answer.unserved is None else [Line("text", letter_line(answer.unserved, lang))]
    director = facts_of(standing.problem).director_name(standing.problem.director_ids[answer.served_by])
    out: list[Block] = [Line("text", TEXTS["served_letter"].fill(lang, director=director))]
    for name, facts in answer.facts.items():
        lines = fact_lines(facts, standing.problem, lang, "company") if answer.criteria[name] > 0 else []
        if lines:
            out += [Line("heading", criterion_name(name, lang)), *(Line("item", line) for line in lines)]
    if answer.neutral:
        names = join_words([criterion_name(name, lang) for name in answer.neutral], lang)
        out.append(Line("note", TEXTS["neutral_letter"].fill(lang, names=names)))
    return out


def _served(standing: Standing, answer: CompanyAnswer, served_by: int, lang: Lang) -> list[Block]:
    facts, problem = facts_of(standing.problem), standing.problem
    director = facts.labelled_director(problem.director_ids[served_by], lang)
    out: list[Block] = [Line("text", TEXTS["served"].fill(lang, director=director, points=number_text(answer.points)))]
    if answer.is_pinned:
        out.append(Line("text", TEXTS["pinned"].fill(lang)))
    out.append(Line("heading", TEXTS["criteria"].fill(lang)))
    possible = facts.possible_points(problem.company_ids[answer.company_idx])
    for name, some in answer.facts.items():
        text = TEXTS["part_neutral" if name in answer.neutral else "part"].fill(
            lang,
            name=criterion_name(name, lang),
            points=number_text(answer.criteria[name]),
            possible=number_text(possible[name]),
        )
        out.append(Line("text", text))
        out += [Line("item", line) for line in fact_lines(some, problem, lang)]
    if answer.keep:
        out.append(Line("text", TEXTS["keep"].fill(lang, points=number_text(answer.keep))))
    return [*out, *standing_notes(standing, lang), *_alternatives(standing, answer, lang)]


def _alternatives(standing: Standing, answer: CompanyAnswer, lang: Lang) -> list[Block]:
    out: list[Block] = [Line("heading", TEXTS["alternatives"].fill(lang))]
    if not answer.alternatives:
        return [*out, Line("text", TEXTS["none_else"].fill(lang))]
    for one in answer.alternatives:
        out.append(Line("text", _alternative(standing, one, lang)))
        if answer.serving is not None and one.change == answer.serving:
            out.append(Line("text", TEXTS["as_above"].fill(lang)))
            continue
        out += [*change_lines(one.change.losses, lang), *chain_lines(standing, one.change.chain, lang)]
    nearly = answer.nearly
    if nearly.n_known < nearly.n_pairs:
        counts = {
            "n": nearly.n_pairs,
            "known": nearly.n_known,
            "shown": len(answer.alternatives),
            "left": nearly.n_pairs - nearly.n_known,
        }
        words = {name: number_text(count) for name, count in counts.items()}
        out.append(Line("note", TEXTS["some_known"].fill(lang, **words)))
    return out


def _alternative(standing: Standing, one: Alternative, lang: Lang) -> str:
    facts, problem = facts_of(standing.problem), standing.problem
    companies = [facts.labelled_company(problem.company_ids[company], lang) for company in one.serves]
    code = ("busy" if companies else "free") + ("_more" if one.n_elsewhere else "")
    busy = TEXTS[code].fill(lang, companies=join_words(companies, lang), n=number_text(one.n_elsewhere))
    director = facts.labelled_director(problem.director_ids[one.director_idx], lang)
    return TEXTS["alternative"].fill(lang, director=director, points=number_text(one.points), busy=busy)


def _unserved(standing: Standing, answer: CompanyAnswer, lang: Lang) -> list[Block]:
    facts, problem = facts_of(standing.problem), standing.problem
    if answer.unserved is None:
        return []
    if answer.serving is not None:
        out: list[Block] = [Line("text", unserved_line(answer.unserved, facts, lang)), *standing_notes(standing, lang)]
        out += [Line("heading", TEXTS["if_served"].fill(lang)), *change_lines(answer.serving.losses, lang)]
        out += chain_lines(standing, answer.serving.chain, lang)
        return out + _alternatives(standing, answer, lang)
    # The nearest directors follow with what they miss: the reason alone opens.
    detail = answer.unserved.detail.model_copy(update={"nearest": None})
    out = [Line("text", unserved_line(answer.unserved.model_copy(update={"detail": detail}), facts, lang))]
    headings = (TEXTS["rule"].fill(lang), TEXTS["n_directors"].fill(lang))
    rows = tuple((rule_name(rule, lang), n) for rule, n in answer.failed.items())
    if rows:
        out.append(Grid(headings, rows, TEXTS["failed"].fill(lang)))
    if answer.nearest:
        out.append(Line("heading", TEXTS["nearest"].fill(lang)))
    for one in answer.nearest:
        director = facts.labelled_director(problem.director_ids[one.director_idx], lang)
        out.append(Line("item", near_miss_line(director, one.rules, lang)))
    return out
