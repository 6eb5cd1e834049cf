"""Decisions between two runs: headings of the workbook, what changed and why, and what keeping the rest costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from matcher.plan.decided import Decided, DecisionRecord, TierPrice
from matcher.plan.document import PlanDocument
from matcher.whatif.chains import Chain, Move
from matcher.whatif.decided import Changes
from matcher.words.blocks import Block, Line
from matcher.words.catalog import Lang
from matcher.words.conflicts import Passage
from matcher.words.facts import Facts
from matcher.words.plan import number_text, tier_name, word_name
from matcher.words.plan_data import table_of
from matcher.words.whatif_chains import Names, chain_text, kind_text

TEXTS: Final = table_of(
    {
        "sheet": ("決定", "Decisions"),
        "changes_sheet": ("前回からの変更", "Changes since last time"),
        "decision": ("確定", "Decision"),
        "why": ("決定の理由", "Reason for it"),
        "by": ("決めた人", "Decided by"),
        "on": ("決めた日", "Decided on"),
        "pin": ("固定", "pin"),
        "forbid": ("除外", "forbid"),
        "matches_record": ("割当の控え（書き換えないでください）", "Record of the matches (leave as it is)"),
        "data_digest": ("ダイジェスト（決定の前のデータ）", "Digest (data before decisions)"),
        "heading": ("決定", "Decisions"),
        "decided_in": ("決定のもと", "Decisions from"),
        "n_decisions": ("決定の数", "Number of decisions"),
        "n_of_each": ("固定 {pins}件、除外 {forbids}件", "{pins} to pin, {forbids} to forbid"),
        "kept": ("前回と同じ組合せ", "Matches of the earlier plan kept"),
        "kept_of": ("{n}件 / 前回 {total}件", "{n} of {total}"),
        "price": ("変更を少なくした分の差", "What keeping them costs"),
        "price_none": (
            "前回の組合せを保っても、{tier}は減りません（{word}）。",
            "Keeping the earlier matches costs nothing of “{tier}” ({word}).",
        ),
        "price_some": (
            "前回の組合せを保つことで、{tier}が{n}減っています（保たない場合 {free}、この計画 {value}。{word}）。",
            "Keeping the earlier matches costs {n} of “{tier}” (free of them {free}, this plan {value}; {word}).",
        ),
        "price_more": (
            "前回の組合せを保つことで、{tier}は{n}多くなっています（保たない場合 {free}、この計画 {value}。{word}）。",
            "With the earlier matches kept there is {n} more of “{tier}” "
            "(free of them {free}, this plan {value}; {word}).",
        ),
        "points": ("点", " points"),
        "price_unknown": (
            "変更を少なくした分の差は、計算していません。",
            "What keeping the earlier matches costs was not computed.",
        ),
        "change": ("変更", "Change"),
        "before": ("前回の担当", "Before"),
        "after": ("今回の担当", "Now"),
        "before_points": ("前回の点", "Points before"),
        "after_points": ("今回の点", "Points now"),
        "points_change": ("点の差", "Difference"),
        "chain": ("つながり", "Hangs together"),
        "cause": ("理由", "Why"),
        "none": ("前回の計画から変わった組合せはありません。", "No match differs from the earlier plan."),
        "no_plan": (
            "条件をすべて満たす計画がないため、前回との違いはありません。",
            "There is no plan that meets every demand, so nothing can be compared.",
        ),
        "because": ("決定によるもの：{what}", "Because of {what}"),
        "touched": (
            "関わる決定：{what}（ほかの変更も影響しえます）",
            "Touched by {what} (other changes may play a part)",
        ),
        "indirect": (
            "ほかの決定に伴うもの（一つには決められません）",
            "Follows from decisions about others; no single one can be named",
        ),
        "data": (
            "前回からデータまたは設定が変わったことによるもの（決定とは限りません）",
            "Data or settings differ from the earlier plan's; it need not come from a decision",
        ),
        "unproved": (
            "最良と証明されていない計画なので、どこまで解けたかの違いも含みえます",
            "This plan is not proved to be the best, so it may also come from how far it was solved",
        ),
        "decision_text": ("{director}×{company}を{word}（{where}）", "{word} {director} with {company} ({where})"),
        "where": ("シート「{sheet}」{row}行目", "sheet {sheet}, row {row}"),
        "reason": ("理由「{reason}」", "reason: {reason}"),
        "data_note": (
            "データは前回の計画のときと同じではありません。データの違いも割当に影響しえます。",
            "The data are not those of the earlier plan, which may change matches too.",
        ),
        "conflict": ("両立しない固定のもと", "Where these pairs were decided"),
        "line": (
            "決定 {n}件を反映（{file}）。前回と同じ組合せ：{kept}件 / {total}件。",
            "{n:decision|decisions} of {file} obeyed. Matches of the earlier plan kept: {kept} of {total}.",
        ),
        "line_changes": (
            "変わった組合せは {n}件です。理由は plan.xlsx の「前回からの変更」にあります。",
            "Matches that differ: {n}. Sheet “Changes since last time” of plan.xlsx gives the reasons.",
        ),
        "input_title": ("決定", "Decision"),
        "input_pin": (
            "固定＝次回も必ずこの組合せ、除外＝次回はこの組合せにしない、空欄＝決めない。"
            "matcher run … --decisions で読み込みます。",
            "pin = this pair next time too; forbid = not this pair next time; blank = open. "
            "Read by matcher run … --decisions.",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One row of the sheet of changes, as text and numbers in the order of its columns."""

    move: Move
    cells: tuple[str | int | None, ...]


def decision_word(word: str, lang: Lang) -> str:
    """固定 or 除外, pin or forbid."""
    return TEXTS[word].fill(lang)


def where_decided(record: DecisionRecord, lang: Lang) -> str:
    """The row that says it, then who, when and why where that was given."""
    parts = [TEXTS["where"].fill(lang, sheet=record.sheet, row=record.row), record.by, record.on]
    parts += [TEXTS["reason"].fill(lang, reason=record.reason)] if record.reason else []
    return ("、" if lang == "ja" else ", ").join(part for part in parts if part)


def decision_text(record: DecisionRecord, facts: Facts, lang: Lang) -> str:
    """One decision: the pair, what was decided, and where."""
    return TEXTS["decision_text"].fill(
        lang,
        director=facts.labelled_director(record.director_id, lang),
        company=facts.labelled_company(record.company_id, lang),
        word=decision_word(record.decision, lang),
        where=where_decided(record, lang),
    )


def change_rows(changes: Changes, decided: Decided, facts: Facts, lang: Lang) -> list[ChangeRow]:
    """One row a company whose director changes, chain by chain."""
    names = Names(facts, facts)
    return [
        ChangeRow(
            move,
            (
                kind_text(move, lang),
                move.company_id,
                names.company_name(move.company_id),
                names.director(move.before_id, lang),
                names.director(move.after_id, lang),
                move.before_points,
                move.after_points,
                move.points_change,
                chain_text(chain, lang) if len(chain.moves) > 1 else "",
                cause_text(chain, changes, decided, facts, lang),
            ),
        )
        for chain in changes.chains
        for move in chain.moves
    ]


def cause_text(chain: Chain, changes: Changes, decided: Decided, facts: Facts, lang: Lang) -> str:
    """The decisions behind a chain, as far as that can be told."""
    told = [decision_text(decided.decisions[origin.number - 1], facts, lang) for origin in chain.cause.origins]
    if told:
        is_all = chain.cause.known == "these" and not changes.is_other_data
        return TEXTS["because" if is_all else "touched"].fill(lang, what=told)
    if changes.is_other_data:
        return TEXTS["data"].fill(lang)
    return TEXTS["unproved" if chain.cause.known == "unproved" else "indirect"].fill(lang)


def change_notes(document: PlanDocument, decided: Decided, lang: Lang) -> list[Block]:
    """What stands below the changes: how many matches stay, what that costs, and whether the data are others."""
    kept = TEXTS["kept_of"].fill(lang, **kept_counts(document, decided))
    notes = [f"{TEXTS['kept'].fill(lang)}{'：' if lang == 'ja' else ': '}{kept}", *price_lines(decided, lang)]
    notes += [TEXTS["data_note"].fill(lang)] if decided.is_other_data else []
    return [Line("note", text) for text in notes]


def kept_counts(document: PlanDocument, decided: Decided) -> Mapping[str, int]:
    """Matches that both plans have, and all of the earlier one."""
    now = {(match.director_id, match.company_id) for match in document.assignments}
    n = sum((one.director_id, one.company_id) in now for one in decided.earlier)
    return {"n": n, "total": len(decided.earlier)}


def price_lines(decided: Decided, lang: Lang) -> list[str]:
    """What keeping the earlier matches costs, an objective a line."""
    if decided.prices is None:
        return [TEXTS["price_unknown"].fill(lang)] if decided.earlier else []
    return [_price_line(price, decided, lang) for price in decided.prices]


def _price_line(price: TierPrice, decided: Decided, lang: Lang) -> str:
    code = "price_none" if price.value == price.free else "price_some" if price.value < price.free else "price_more"
    return TEXTS[code].fill(
        lang,
        tier=tier_name(price.tier, lang),
        n=number_text(abs(price.free - price.value)) + (TEXTS["points"].fill(lang) if price.tier == "points" else ""),
        free=number_text(price.free),
        value=number_text(price.value),
        word=word_name(decided.word, lang) if lang == "ja" else word_name(decided.word, lang).lower(),
    )


def decided_lines(document: PlanDocument, n_changes: int, lang: Lang) -> list[str]:
    """What the terminal says of decisions: how many were obeyed, what stays, what that costs."""
    decided = document.decided
    if decided is None:
        return []
    counts = kept_counts(document, decided)
    first = TEXTS["line"].fill(
        lang, n=len(decided.decisions), file=decided.file, kept=counts["n"], total=counts["total"]
    )
    if not document.assignments:
        return [first]
    lines = [first, *price_lines(decided, lang)]
    lines.append(TEXTS["line_changes" if n_changes else "none"].fill(lang, n=n_changes))
    return lines + ([TEXTS["data_note"].fill(lang)] if decided.is_other_data else [])


def run_items(document: PlanDocument, lang: Lang) -> list[tuple[str, str]]:
    """What sheet Run says of decisions, as item and content; none where nothing was decided."""
    decided = document.decided
    if decided is None:
        return []
    pins = sum(one.decision == "pin" for one in decided.decisions)
    forbids = len(decided.decisions) - pins
    return [
        (TEXTS["decided_in"].fill(lang), decided.file),
        (TEXTS["n_decisions"].fill(lang), TEXTS["n_of_each"].fill(lang, pins=pins, forbids=forbids)),
        (TEXTS["kept"].fill(lang), TEXTS["kept_of"].fill(lang, **kept_counts(document, decided))),
        (TEXTS["price"].fill(lang), "\n".join(price_lines(decided, lang))),
        (TEXTS["data_digest"].fill(lang), decided.data),
    ]


def conflict_passage(document: PlanDocument, facts: Facts, lang: Lang) -> list[Passage]:
    """Of the pairs that cannot all be: those that were decided, with the row that says so."""
    if document.decided is None or document.conflict is None:
        return []
    pins = set(document.conflict.pins)
    lines = [
        decision_text(one, facts, lang)
        for one in document.decided.decisions
        if one.decision == "pin" and (one.director_id, one.company_id) in pins
    ]
    return [Passage(TEXTS["conflict"].fill(lang), tuple(lines))] if lines else []


def both(code: str) -> Sequence[str]:
    """A heading in both languages."""
    return (TEXTS[code].ja, TEXTS[code].en)
