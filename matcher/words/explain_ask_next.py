"""Which blanks to ask for next, in words."""

from __future__ import annotations

from collections import Counter
from typing import Final

from matcher.domain import geography
from matcher.explain.ask_next import AskNextAnswer, Finding, Outcome
from matcher.explain.blanks import LIMITS, Blank, Value
from matcher.explain.explanation import Audience
from matcher.explain.standing import Standing
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.explain_common import chain_lines, standing_notes
from matcher.words.facts import facts_of
from matcher.words.headings import cell_text, column_heading, sheet_name
from matcher.words.plan import number_text
from matcher.words.plan_data import table_of

TEXTS: Final = table_of(
    {
        "title": ("次に確かめるとよい空欄", "Which blanks to ask for next"),
        "some": (
            "結果を変えうる空欄は{n}か所です。影響の大きい順に示します。",
            "{n:blank|blanks} could change the plan, most points at stake first.",
        ),
        "nothing": (
            "調べた空欄のうち、結果を変えうるものはありません。",
            "None of the blanks examined can change the plan.",
        ),
        "others": (
            "ほかの{n}か所は、尺度のどの値が入っても、この計画が最良のままです（証明済み）。",
            "{n:other|others} cannot: at every value of {n:=its|their} scale this plan stays among the best (proved).",
        ),
        "not_examined": (
            "まだ調べていない空欄が{n}か所あります。",
            "{n:blank was|blanks were} not examined.",
        ),
        "out_of_time": (
            "時間の目安に達しました。--budget を延ばすと、残りも調べられます。",
            "The time was used up; a longer --budget examines the rest.",
        ),
        "dates": (
            "日付の空欄は、値を試していません。",
            "Of dates, no values are tried.",
        ),
        "not_comparable": (
            "この計画は最適と証明されていないため、空欄の影響は判定できません。",
            "The plan is not proved optimal, so what a blank could change cannot be told.",
        ),
        "ask": ("{who}の「{field}」を確かめてください（今は空欄）", "Ask {who} for {field} (now blank)"),
        "ask_region": (
            "{who}の「{field}」（{key}）を確かめてください（今は空欄）",
            "Ask {who} for {field} of {key} (now blank)",
        ),
        "stake": ("影響：最大{points}点", "At stake: up to {points:point|points}"),
        "same": ("{values} のとき：変わりません。", "At {values}: nothing changes."),
        "changes": ("{values} のとき：計画が変わります。{word}", "At {values} the plan changes: {word}"),
        "no_plan": (
            "{values} のとき：条件を満たす計画がなくなります。{word}",
            "At {values} no plan meets every demand. {word}",
        ),
        "from_low": ("{value} 以下", "{value} or less"),
        "from_high": ("{value} 以上", "{value} or more"),
        "proved": ("", ""),
        "claimed": ("（ソルバーの主張）", "(claimed by the solver)"),
        "unknown": ("（最適とは未確認）", "(not known to be the best)"),
        "where": ("項目", "Field"),
        "n": ("か所", "Blanks"),
        "left": ("調べていない空欄", "Not examined"),
        "staff_only": (
            "ほかの企業とディレクターに関わる内容のため、この読み手には表示しません。",
            "This speaks of other companies and of directors, and is not shown to this reader.",
        ),
    }
)


def blocks(standing: Standing, answer: AskNextAnswer, lang: Lang, audience: Audience) -> list[Block]:
    """Headings, sentences and tables, in reading order."""
    out: list[Block] = [Line("title", TEXTS["title"].fill(lang))]
    if audience == "company":
        return [*out, Line("note", TEXTS["staff_only"].fill(lang))]
    if not answer.is_comparable:
        return [*out, Line("text", TEXTS["not_comparable"].fill(lang)), *standing_notes(standing, lang)]
    code = "some" if answer.matter else "nothing"
    out.append(Line("text", TEXTS[code].fill(lang, n=number_text(len(answer.matter)))))
    if answer.irrelevant:
        out.append(Line("text", TEXTS["others"].fill(lang, n=number_text(len(answer.irrelevant)))))
    out += standing_notes(standing, lang)
    for found in answer.matter:
        out += _finding(standing, found, lang)
    return out + _left(answer, lang)


def _finding(standing: Standing, found: Finding, lang: Lang) -> list[Block]:
    blank, facts, problem = found.blank, facts_of(standing.problem), standing.problem
    who = (
        facts.labelled_company(problem.company_ids[blank.idx], lang)
        if blank.subject == "company"
        else facts.labelled_director(problem.director_ids[blank.idx], lang)
    )
    name = column_heading(blank.table, blank.field, lang)
    code = "ask" if blank.key is None else "ask_region"
    out: list[Block] = [
        Line("heading", TEXTS[code].fill(lang, who=who, field=name, key=_key_text(blank, lang))),
        Line("text", TEXTS["stake"].fill(lang, points=number_text(found.stake_points))),
    ]
    for outcome in found.outcomes:
        values, word = _values_text(blank, outcome, lang), TEXTS[outcome.word].fill(lang)
        if not outcome.is_possible:
            out.append(Line("text", TEXTS["no_plan"].fill(lang, values=values, word=word).rstrip()))
        elif outcome.chain:
            out.append(Line("text", TEXTS["changes"].fill(lang, values=values, word=word).rstrip()))
            out += chain_lines(standing, outcome.chain, lang)
        else:
            out.append(Line("text", TEXTS["same"].fill(lang, values=values)))
    return out


def _key_text(blank: Blank, lang: Lang) -> str:
    if blank.key is None:
        return ""
    if isinstance(blank.key, int):
        return geography.prefecture_name(blank.key, lang)
    return cell_text(blank.table, "goal", blank.key, lang)


def _values_text(blank: Blank, outcome: Outcome, lang: Lang) -> str:
    """The values of one outcome: 1–2, 後押し型; runs of a scale as its ends."""
    if blank.effect == "limits":
        is_low = LIMITS[blank.table, blank.field] == "low"
        return TEXTS["from_low" if is_low else "from_high"].fill(
            lang, value=_value_text(blank, outcome.values[0], lang)
        )
    if isinstance(outcome.values[0], str):
        return ("、" if lang == "ja" else ", ").join(_value_text(blank, value, lang) for value in outcome.values)
    runs: list[list[Value]] = []
    for value in outcome.values:
        at = blank.values.index(value)
        if runs and blank.values.index(runs[-1][-1]) == at - 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    texts = [
        _value_text(blank, run[0], lang)
        if len(run) == 1
        else f"{_value_text(blank, run[0], lang)}–{_value_text(blank, run[-1], lang)}"
        for run in runs
    ]
    return ("、" if lang == "ja" else ", ").join(texts)


def _value_text(blank: Blank, value: Value, lang: Lang) -> str:
    if isinstance(value, float):
        return f"{value:,.10g}"
    return cell_text(blank.table, blank.field, value, lang)


def _left(answer: AskNextAnswer, lang: Lang) -> list[Block]:
    if not answer.not_examined:
        return []
    out: list[Block] = [Line("note", TEXTS["not_examined"].fill(lang, n=number_text(len(answer.not_examined))))]
    if answer.is_out_of_time:
        out.append(Line("note", TEXTS["out_of_time"].fill(lang)))
    if any(blank.effect == "date" for blank in answer.not_examined):
        out.append(Line("note", TEXTS["dates"].fill(lang)))
    counts = Counter((blank.table, blank.field) for blank in answer.not_examined)
    rows = tuple(
        (f"{sheet_name(table, lang)}: {column_heading(table, name, lang)}", n) for (table, name), n in counts.items()
    )
    headings = (TEXTS["where"].fill(lang), TEXTS["n"].fill(lang))
    return [*out, Grid(headings, rows, TEXTS["left"].fill(lang))]
