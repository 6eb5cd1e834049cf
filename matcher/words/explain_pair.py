"""The answer about one pair, in words."""

from __future__ import annotations

from typing import Final

from matcher.explain.explanation import Audience
from matcher.explain.pair import PairAnswer
from matcher.explain.standing import Standing
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.explain_changes import blocks as changes_blocks
from matcher.words.explain_common import chain_lines, criteria_rows, failed_rule_lines, standing_notes
from matcher.words.explain_losses import change_lines
from matcher.words.facts import facts_of
from matcher.words.letters import letter_failures
from matcher.words.plan import criterion_name, join_words, number_text
from matcher.words.plan_data import table_of

TEXTS: Final = table_of(
    {
        "title": ("{director}と{company}", "{director} and {company}"),
        "chosen": (
            "この計画の組合せです。{points}点です。",
            "They are matched in this plan, with {points:point|points}.",
        ),
        "pinned": ("固定の指定がある組合せです。", "The pair is pinned."),
        "loses": (
            "条件は満たしています（{points}点）が、この計画では選ばれていません。",
            "They are eligible ({points:point|points}) but were not chosen.",
        ),
        "not_kept": (
            "条件は満たしています（{points}点、この企業の候補の中で{rank}番目）が、計算の前に候補から外れました。"
            "計算に残すのは企業ごとに{kept}名までです（方針の candidates.keep_per_company）。",
            "They are eligible ({points:point|points}, number {rank} among those of this company), but were cut before "
            "solving, which keeps {kept} for each company (candidates.keep_per_company of the policy).",
        ),
        "ineligible": ("条件を満たさないため、候補になりません。", "They are not eligible:"),
        "letter_chosen": (
            "このディレクターが担当させていただきます。",
            "This director will work with you.",
        ),
        "letter_loses": (
            "候補ではございましたが、今回は全体の調整の結果、担当とはなりませんでした。",
            "This director was a candidate, but once all requests had been weighed together could not be assigned to "
            "you.",
        ),
        "letter_not_kept": (
            "候補ではございましたが、今回は全体の調整の結果、担当とはなりませんでした。",
            "This director was a candidate, but once all requests had been weighed together could not be assigned to "
            "you.",
        ),
        "letter_rules": (
            "次の条件が合わず、担当の候補とはなりませんでした。",
            "This director could not be a candidate, for these reasons:",
        ),
        "letter_ineligible": (
            "条件が合わず、担当の候補とはなりませんでした。",
            "This director could not be a candidate.",
        ),
        "if_forced": ("この組合せを必ず入れると：", "If they had to be matched:"),
        "if_forbidden": ("この組合せを外すと：", "Without this match:"),
        "neutral": (
            "情報がないため中立値で採点した項目：{names}",
            "Scored at the neutral value, as nothing is known: {names}",
        ),
        "keep": ("継続による加減点：{points}点", "For keeping or moving a running engagement: {points:point|points}"),
        "criteria": ("採点の内訳", "Points by criterion"),
        "criterion": ("項目", "Criterion"),
        "points": ("点", "Points"),
        "possible": ("満点", "Full"),
    }
)


def blocks(standing: Standing, answer: PairAnswer, lang: Lang, audience: Audience) -> list[Block]:
    """Headings, sentences and tables, in reading order."""
    facts, problem = facts_of(standing.problem), standing.problem
    director_id = problem.director_ids[answer.director_idx]
    company_id = problem.company_ids[answer.company_idx]
    if audience == "company":
        return _letter(answer, facts.director_name(director_id), facts.company_name(company_id), lang)
    out: list[Block] = [
        Line(
            "title",
            TEXTS["title"].fill(
                lang,
                director=facts.labelled_director(director_id, lang),
                company=facts.labelled_company(company_id, lang),
            ),
        ),
        Line("text", TEXTS[answer.verdict].fill(lang, points=number_text(answer.points), **_place(standing, answer))),
    ]
    if answer.is_pinned:
        out.append(Line("text", TEXTS["pinned"].fill(lang)))
    out += failed_rule_lines(answer.rules, lang) if answer.verdict == "ineligible" else []
    out += standing_notes(standing, lang) if answer.verdict != "ineligible" else []
    if answer.loss is not None and answer.verdict != "chosen":
        out += [Line("heading", TEXTS["if_forced"].fill(lang)), *change_lines(answer.losses, lang)]
        out += chain_lines(standing, answer.chain, lang)
    if answer.without is not None:
        out += [Line("heading", TEXTS["if_forbidden"].fill(lang)), *change_lines(answer.without_losses, lang)]
        out += chain_lines(standing, answer.without_chain, lang)
    out += changes_blocks(answer.changes, lang)
    return out + _criteria(answer, company_id, standing, lang)


def _place(standing: Standing, answer: PairAnswer) -> dict[str, str]:
    """Where a pair that was cut stands among those of its company, and how many of them are kept."""
    rank = None if answer.changes is None else answer.changes.rank
    kept = standing.problem.policy.candidates.keep_per_company
    return {"rank": number_text(rank), "kept": number_text(kept)}


def _letter(answer: PairAnswer, director: str, company: str, lang: Lang) -> list[Block]:
    """For the company itself: no points, nobody else's name, and no rule that is the programme's own judgement."""
    out: list[Block] = [Line("title", TEXTS["title"].fill(lang, director=director, company=company))]
    told = letter_failures(answer.rules, lang) if answer.verdict == "ineligible" else []
    code = "rules" if told else answer.verdict
    out.append(Line("text", TEXTS[f"letter_{code}"].fill(lang)))
    return out + [Line("item", text) for text in told or []]


def _criteria(answer: PairAnswer, company_id: str, standing: Standing, lang: Lang) -> list[Block]:
    if not answer.criteria:
        return []
    headings = tuple(TEXTS[name].fill(lang) for name in ("criterion", "points", "possible"))
    rows = criteria_rows(answer.criteria.items(), facts_of(standing.problem), company_id, lang)
    out: list[Block] = [Grid(headings, rows, TEXTS["criteria"].fill(lang))]
    if answer.keep:
        out.append(Line("note", TEXTS["keep"].fill(lang, points=number_text(answer.keep))))
    if answer.neutral:
        names = join_words([criterion_name(name, lang) for name in answer.neutral], lang)
        out.append(Line("note", TEXTS["neutral"].fill(lang, names=names)))
    return out
