"""Which blanks to ask for next, in words."""

from __future__ import annotations

from collections import Counter
from typing import Final, get_args

from matcher.domain import geography
from matcher.explain.ask_next import AskNextAnswer, Finding, WhyLeft
from matcher.explain.blank_trials import Outcome
from matcher.explain.blank_values import Span, Value
from matcher.explain.blanks import Blank
from matcher.explain.explanation import Audience
from matcher.explain.standing import Standing
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.explain_common import chain_lines, standing_notes
from matcher.words.facts import facts_of
from matcher.words.headings import cell_text, column_heading, sheet_name
from matcher.words.plan import number_text
from matcher.words.plan_data import table_of

_LONG_CHAIN = 20
_MANY_TOWNS = 8
_WITH_WORD = ("changes", "no_plan")

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
        "others_within": (
            "ほかの{n}か所は、尺度のどの値が入っても、最良の計画との差は{points}点以内のままです（証明済み）。",
            "{n:other|others} cannot: at every value of {n:=its|their} scale this plan stays within "
            "{points:point|points} of the best (proved).",
        ),
        "others_unbounded": (
            "ほかの{n}か所は、値が入っても、ほかの計画を減らすだけです（証明済み）。",
            "{n:other|others} cannot: any value only takes other plans away (proved).",
        ),
        "within": (
            "「計画が変わる」とは、ほかの計画が{points}点を超えて上回るか、この計画が成り立たなくなることです。",
            "“Changes” means that another plan is better by more than {points:point|points}, or this one not possible.",
        ),
        "not_examined": (
            "判定していない空欄が{n}か所あります。",
            "{n:blank was|blanks were} not judged.",
        ),
        "time": (
            "時間の目安に達しました。--budget を延ばすと、残りも調べられます。",
            "The time was used up; a longer --budget examines the rest.",
        ),
        "undecided": (
            "解き直しても、影響があるともないとも証明できなかった空欄があります。",
            "Of some, solving again proved neither that they matter nor that they do not.",
        ),
        "cut": (
            "候補を絞り込んだ計画では、上限を定める空欄は判定できません。外れた候補が代わりに入ることがあるためです。",
            "Where only the best candidates are kept, blanks that limit are not judged: they may let others in.",
        ),
        "unproved": (
            "この計画が最良とどれだけ離れうるかが不明なため、点数を動かす空欄は判定できません。",
            "By how much this plan may be off is not known, so blanks that move points are not judged.",
        ),
        "why_time": ("時間切れ", "no time left"),
        "why_undecided": ("証明できず", "not proved either way"),
        "why_cut": ("候補の絞り込み", "candidates were cut"),
        "why_unproved": ("最適性が不明", "plan not proved"),
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
        "not_found": (
            "{values} のとき：この計画は成り立たなくなります。代わりの最良の計画は見つかっていません。",
            "At {values} this plan is not possible; which one is best then was not found.",
        ),
        "open": (
            "{values} のとき：変わるかどうかは不明です。",
            "At {values}: whether the plan changes is not known.",
        ),
        "longer": ("ほか{n}件の変更", "{n} more changes"),
        "scope": (
            "調べるのは、ディレクターと企業・自治体の表の空欄と、地域の知識・実績の未記入です。"
            "ニーズ、スキル、人脈、希望、担当中の案件の空欄は調べていません。",
            "Looked at: blank cells of directors and companies, and regions and goals that a director said nothing of. "
            "Not: blanks in needs, skills, people, ties, wishes and running engagements.",
        ),
        "towns": ("{names} ほか{n}市区町村", "{names} and {n} more"),
        "to": ("{value} 以下", "{value} or less"),
        "from": ("{value} 以上", "{value} or more"),
        "to_day": ("{value} 以前", "{value} or earlier"),
        "from_day": ("{value} 以降", "{value} or later"),
        "any": ("どの値でも", "any value"),
        "proved": ("", ""),
        "claimed": ("（ソルバーの主張）", "(claimed by the solver)"),
        "unknown": ("（最適とは未確認）", "(not known to be the best)"),
        "where": ("項目", "Field"),
        "n": ("か所", "Blanks"),
        "why": ("理由", "Why"),
        "left": ("判定していない空欄", "Not judged"),
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
    code = "some" if answer.matter else "nothing"
    out.append(Line("text", TEXTS[code].fill(lang, n=number_text(len(answer.matter)))))
    if answer.irrelevant:
        others = "others" if answer.off_by == 0 else "others_unbounded" if answer.off_by is None else "others_within"
        words = {"n": number_text(len(answer.irrelevant)), "points": number_text(answer.off_by or 0)}
        out.append(Line("text", TEXTS[others].fill(lang, **words)))
    out += standing_notes(standing, lang)
    if answer.off_by and answer.matter:
        out.append(Line("note", TEXTS["within"].fill(lang, points=number_text(answer.off_by))))
    for found in answer.matter:
        out += _finding(standing, found, lang)
    return [*out, *_left(answer, lang), Line("note", TEXTS["scope"].fill(lang))]


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
        out += _outcome(standing, blank, outcome, lang)
    return out


def _outcome(standing: Standing, blank: Blank, outcome: Outcome, lang: Lang) -> list[Line]:
    values, word = _values_text(blank, outcome, lang), TEXTS[outcome.word].fill(lang)
    code = {"stays": "same", "open": "open", "changes": "changes" if outcome.chain else "not_found"}[outcome.verdict]
    if not outcome.is_possible:
        code = "no_plan"
    said = {"values": values, "word": word} if code in _WITH_WORD else {"values": values}
    line = Line("text", TEXTS[code].fill(lang, **said).rstrip())
    chain = outcome.chain if len(outcome.chain) <= _LONG_CHAIN else outcome.chain[:_LONG_CHAIN]
    out = [line, *chain_lines(standing, chain, lang)]
    left = len(outcome.chain) - len(chain)
    return [*out, Line("item", TEXTS["longer"].fill(lang, n=number_text(left)))] if left else out


def _values_text(blank: Blank, outcome: Outcome, lang: Lang) -> str:
    """All values of an outcome; of many municipalities the first."""
    texts = [_span_text(blank, span, lang) for span in blank.spans(outcome.values)]
    comma = "、" if lang == "ja" else ", "
    n_left = len(texts) - _MANY_TOWNS
    if blank.field != "municipality_code" or n_left <= 1:
        return comma.join(texts)
    return TEXTS["towns"].fill(lang, names=comma.join(texts[:_MANY_TOWNS]), n=number_text(n_left))


def _key_text(blank: Blank, lang: Lang) -> str:
    if blank.key is None:
        return ""
    if isinstance(blank.key, int):
        return geography.prefecture_name(blank.key, lang)
    return cell_text(blank.table, "goal", blank.key, lang)


def _span_text(blank: Blank, span: Span, lang: Lang) -> str:
    """The values of one stretch: 1–2, 5 or more, 2027-01-18 or earlier."""
    first, last = span
    day = "_day" if blank.effect == "dated" or blank.field == "start" else ""
    if first is None and last is None:
        return TEXTS["any"].fill(lang)
    if last is None and first is not None:
        return TEXTS[f"from{day}"].fill(lang, value=_value_text(blank, first, lang))
    if last is not None and (first is None or (first == 0.0 and blank.effect == "limits")):
        return TEXTS[f"to{day}"].fill(lang, value=_value_text(blank, last, lang))
    assert first is not None and last is not None
    ends = (_value_text(blank, first, lang), _value_text(blank, last, lang))
    return ends[0] if first == last else ("{}〜{}" if lang == "ja" and day else "{}–{}").format(*ends)


def _value_text(blank: Blank, value: Value, lang: Lang) -> str:
    if isinstance(value, float):
        if blank.field == "own_prefecture":
            return geography.prefecture_name(int(value), lang)
        return f"{value:,.10g}"
    if blank.field == "municipality_code" and isinstance(value, str):
        town = geography.municipality(value)
        # No English names are on record: the code stands in.
        return value if town is None or lang == "en" else town.name_ja
    return cell_text(blank.table, blank.field, value, lang)


def _left(answer: AskNextAnswer, lang: Lang) -> list[Block]:
    if not answer.not_examined:
        return []
    out: list[Block] = [Line("note", TEXTS["not_examined"].fill(lang, n=number_text(len(answer.not_examined))))]
    whys = {why for _, why in answer.not_examined}
    out += [Line("note", TEXTS[why].fill(lang)) for why in get_args(WhyLeft) if why in whys]
    counts = Counter((blank.table, blank.field, why) for blank, why in answer.not_examined)
    rows = tuple(
        (f"{sheet_name(table, lang)}: {column_heading(table, name, lang)}", TEXTS[f"why_{why}"].fill(lang), n)
        for (table, name, why), n in counts.items()
    )
    headings = (TEXTS["where"].fill(lang), TEXTS["why"].fill(lang), TEXTS["n"].fill(lang))
    return [*out, Grid(headings, rows, TEXTS["left"].fill(lang))]
