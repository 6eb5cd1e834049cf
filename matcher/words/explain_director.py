"""The answer about one director, in words: load, matches, what a slot is worth, where else they nearly went."""

from __future__ import annotations

from typing import Final

from matcher.explain.director import DirectorAnswer, MonthLoad
from matcher.explain.explanation import Audience
from matcher.explain.forcing import Change
from matcher.explain.losses import exact
from matcher.explain.standing import Standing
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.explain_common import chain_lines, standing_notes
from matcher.words.explain_losses import change_lines
from matcher.words.facts import facts_of
from matcher.words.headings import cell_text
from matcher.words.plan import number_text
from matcher.words.plan_data import table_of

TEXTS: Final = table_of(
    {
        "letter": (
            "ディレクターの稼働状況は、社外にはお知らせしておりません。",
            "How busy a director is, is not told outside the programme.",
        ),
        "load": (
            "担当枠{slots}のうち、この計画で{n}社を担当します。",
            "Works with {n} of at most {slots:company|companies} in this plan.",
        ),
        "elsewhere": ("対象外の支援を{n}件担当しています。", "Running engagements outside this plan: {n}."),
        "months": ("月ごとの負担", "Load by month"),
        "month": ("月", "Month"),
        "whole": ("全期間", "whole plan"),
        "companies": ("担当企業", "Companies"),
        "n_elsewhere": ("対象外の支援", "Elsewhere"),
        "slots_left": ("残りの枠", "Slots left"),
        "hours": ("稼働時間（使用／可能）", "Hours (used / offered)"),
        "days": ("現地訪問日数（使用／可能）", "On-site days (used / offered)"),
        "months_meaning": (
            "負担が最も大きくなりうる月を示しています（企業の支援が始まる月です）。ほかの月の負担は、これを超えません。"
            "「使用／可能」は、その月に使う量と、ディレクターが申告した1か月の上限です（–は申告なし、上限なし）。",
            "These are the months that can be the fullest, in which a company's work starts; no other month takes "
            "more. "
            "“Used / offered” is what the month takes against what the director offers a month (–: not stated, no "
            "limit).",
        ),
        "whole_meaning": (
            "どの企業も同じ時期に支援するものとして数えています。「使用／可能」は、1か月に使う量と、ディレクターが申告した"
            "1か月の上限です（–は申告なし、上限なし）。",
            "All companies are counted as served at the same time. “Used / offered” is what a month takes against what "
            "the director offers a month (–: not stated, no limit).",
        ),
        "matches": ("担当する企業と、その組合せがもたらすもの", "What each match earns"),
        "match": (
            "{company}：{points}点。この組合せがないと：",
            "{company}: {points:point|points}. Without this match:",
        ),
        "match_pinned": (
            "{company}：{points}点（固定の指定あり）。この組合せがないと：",
            "{company}: {points:point|points} (pinned). Without this match:",
        ),
        "no_match": ("この計画で担当する企業はありません。", "Works with no company in this plan."),
        "slots": ("担当枠の価値", "What a slot is worth"),
        "more": ("担当枠をもう1つ増やすと：", "With one slot more:"),
        "more_nothing": (
            "計画全体の点数は増えません（証明済み）。",
            "The whole plan gains nothing (proved).",
        ),
        "less": ("担当枠を1つ減らすと：", "With one slot less:"),
        "less_none": ("減らせる担当枠はありません。", "There is no slot to lose."),
        "less_pinned": (
            "固定の指定がある組合せ（{n}件）で枠が埋まるため、減らせません。",
            "It cannot be lost: pinned matches ({n}) take the slots.",
        ),
        "idle_not_in_service": (
            "登録中ではない（{status}）ため、枠を増減しても計画は変わりません（増減とも0点、証明済み）。",
            "Not in service ({status}), so no slot changes the plan (0 either way, proved).",
        ),
        "idle_no_candidates": (
            "候補となる企業がないため、枠を増減しても計画は変わりません（増減とも0点、証明済み）。",
            "Eligible for no company, so no slot changes the plan (0 either way, proved).",
        ),
        "nearly": ("ほかに担当する可能性が高かった企業", "Where else they nearly went"),
        "nearly_served": (
            "{company}（{points}点。この計画では{director}が担当）。担当すると：",
            "{company} ({points:point|points}; {director} works with it in this plan). If they had to be matched:",
        ),
        "nearly_unserved": (
            "{company}（{points}点。この計画では担当なし）。担当すると：",
            "{company} ({points:point|points}; nobody works with it in this plan). If they had to be matched:",
        ),
        "none_nearly": ("ほかに候補となる企業はありません。", "Eligible for no other company."),
        "some_known": (
            "ほかに候補となる企業は{n}社あります。今の担当の点を最も大きく上回る{known}社について、担当した場合の計画を"
            "計算し、減少の小さい順に{shown}社を示しています。残りの{left}社は計算していません。",
            "There {n:=is|are} {n:other candidate|other candidates}. The plan was solved again with each of the "
            "{known} "
            "whose points exceed those of the company's present match most; the {shown} with the smallest losses are "
            "shown. The remaining {left} {left:=was|were} not solved.",
        ),
    }
)


def blocks(standing: Standing, answer: DirectorAnswer, lang: Lang, audience: Audience) -> list[Block]:
    """Headings, sentences and tables, in reading order."""
    facts, problem = facts_of(standing.problem), standing.problem
    director_id = problem.director_ids[answer.director_idx]
    if audience == "company":
        return [Line("title", facts.director_name(director_id)), Line("text", TEXTS["letter"].fill(lang))]
    load = TEXTS["load"].fill(lang, slots=number_text(answer.slots), n=number_text(len(answer.matches)))
    out: list[Block] = [Line("title", facts.labelled_director(director_id, lang)), Line("text", load)]
    n_elsewhere = max((month.n_elsewhere for month in answer.months), default=0)
    if n_elsewhere:
        out.append(Line("text", TEXTS["elsewhere"].fill(lang, n=number_text(n_elsewhere))))
    out += standing_notes(standing, lang)
    is_whole = all(month.month is None for month in answer.months)
    out += [_months(answer, lang), Line("note", TEXTS["whole_meaning" if is_whole else "months_meaning"].fill(lang))]
    return [*out, *_matches(standing, answer, lang), *_slots(standing, answer, lang), *_nearly(standing, answer, lang)]


def _months(answer: DirectorAnswer, lang: Lang) -> Grid:
    headings = ("month", "companies", "n_elsewhere", "slots_left", "hours", "days")

    def row(one: MonthLoad) -> tuple[str | int | None, ...]:
        return (
            TEXTS["whole"].fill(lang) if one.month is None else one.month,
            one.n_companies,
            one.n_elsewhere,
            one.slots_left,
            f"{number_text(one.hours)} / {number_text(answer.hours_offered)}",
            f"{number_text(one.days)} / {number_text(answer.days_offered)}",
        )

    rows = tuple(row(one) for one in answer.months)
    return Grid(tuple(TEXTS[name].fill(lang) for name in headings), rows, TEXTS["months"].fill(lang))


def _matches(standing: Standing, answer: DirectorAnswer, lang: Lang) -> list[Block]:
    facts, problem = facts_of(standing.problem), standing.problem
    out: list[Block] = [Line("heading", TEXTS["matches"].fill(lang))]
    if not answer.matches:
        return [*out, Line("text", TEXTS["no_match"].fill(lang))]
    for one in answer.matches:
        text = TEXTS["match_pinned" if one.is_pinned else "match"].fill(
            lang,
            company=facts.labelled_company(problem.company_ids[one.company_idx], lang),
            points=number_text(one.points),
        )
        out += [Line("text", text), *_change(standing, one.without, lang)]
    return out


def _slots(standing: Standing, answer: DirectorAnswer, lang: Lang) -> list[Block]:
    value = answer.value
    out: list[Block] = [Line("heading", TEXTS["slots"].fill(lang))]
    if value.idle is not None:
        status = cell_text("directors", "status", answer.status, lang)
        return [*out, Line("text", TEXTS[f"idle_{value.idle}"].fill(lang, status=status))]
    out.append(Line("text", TEXTS["more"].fill(lang)))
    if value.more.losses == {"points": exact(0)}:
        out.append(Line("text", TEXTS["more_nothing"].fill(lang)))
    else:
        out += _change(standing, value.more, lang)
    if not answer.slots:
        return [*out, Line("text", TEXTS["less_none"].fill(lang))]
    out.append(Line("text", TEXTS["less"].fill(lang)))
    if value.less.loss.is_possible is False and answer.n_pinned:
        out.append(Line("text", TEXTS["less_pinned"].fill(lang, n=number_text(answer.n_pinned))))
    return [*out, *_change(standing, value.less, lang)]


def _nearly(standing: Standing, answer: DirectorAnswer, lang: Lang) -> list[Block]:
    facts, problem = facts_of(standing.problem), standing.problem
    out: list[Block] = [Line("heading", TEXTS["nearly"].fill(lang))]
    if not answer.nearly_served:
        return [*out, Line("text", TEXTS["none_nearly"].fill(lang))]
    for one in answer.nearly_served:
        served_by = None if one.served_by is None else problem.director_ids[one.served_by]
        text = TEXTS["nearly_unserved" if served_by is None else "nearly_served"].fill(
            lang,
            company=facts.labelled_company(problem.company_ids[one.company_idx], lang),
            points=number_text(one.points),
            director="" if served_by is None else facts.labelled_director(served_by, lang),
        )
        out += [Line("text", text), *_change(standing, one.change, lang)]
    if answer.nearly.n_known < answer.nearly.n_pairs:
        n, known = number_text(answer.nearly.n_pairs), number_text(answer.nearly.n_known)
        shown, left = number_text(len(answer.nearly_served)), number_text(answer.nearly.n_pairs - answer.nearly.n_known)
        out.append(Line("note", TEXTS["some_known"].fill(lang, n=n, known=known, shown=shown, left=left)))
    return out


def _change(standing: Standing, change: Change, lang: Lang) -> list[Block]:
    return [*change_lines(change.losses, lang), *chain_lines(standing, change.chain, lang)]
