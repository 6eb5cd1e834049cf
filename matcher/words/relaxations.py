"""What would be enough where there is no plan, in people's words: each change, and whether less would do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Final

from matcher.plan.document import Conflict, DemandChange, DemandName, Relaxation
from matcher.words.amounts import UNIT_OF_FAMILY, amount_text, number_text
from matcher.words.catalog import Lang, Sentence
from matcher.words.facts import Facts
from matcher.words.families import family_name, quota_label

_NAMES_SHOWN = 20

_TITLES: Final = MappingProxyType(
    {
        "relaxations": Sentence(
            ja="次のどれか一つを行えば計画が成り立ちます（変更の小さい順。一つずつ、全体を解き直して確かめました）",
            en="Any one of these makes room for a plan, the smallest change first; each was verified by solving the "
            "whole programme with it",
        ),
        "together": Sentence(
            ja="一つだけの変更で計画が成り立つものはありませんでした。次の変更なら成り立ちます（全体を解き直して確かめました）",
            en="No single change was found to be enough. This one is, verified by solving the whole programme with it",
        ),
        "none": Sentence(
            ja="計画が成り立つ変更は見つかりませんでした", en="No change was found that makes room for a plan"
        ),
    }
)

_CHANGES: Final = MappingProxyType(
    {
        "quota_least": Sentence(
            ja="{by}が「{value}」の企業の下限を{before}から{after}に下げる",
            en="lowering the minimum of the quota {by} “{value}” from {before} to {after}",
        ),
        "quota_most": Sentence(
            ja="{by}が「{value}」の企業の上限を{before}から{after}に上げる",
            en="raising the maximum of the quota {by} “{value}” from {before} to {after}",
        ),
        "slots": Sentence(
            ja="{subjects}の担当枠をあと{amount}増やす",
            en="{more} for {subjects}",
        ),
        "hours": Sentence(ja="{subjects}の稼働時間をあと{amount}増やす", en="{more} for {subjects}"),
        "on_site_days": Sentence(ja="{subjects}の現地訪問日数をあと{amount}増やす", en="{more} for {subjects}"),
        "least": Sentence(
            ja="「{name}」を{before}から{after}に下げる", en="lowering the {name} from {before} to {after}"
        ),
        "most": Sentence(
            ja="「{name}」を{before}から{after}に上げる", en="raising the {name} from {before} to {after}"
        ),
        "by_amount": Sentence(
            ja="{subjects}の「{name}」を{amount}緩める", en="{amount} more room in {name}: {subjects}"
        ),
        "rivals": Sentence(
            ja="競合する企業（{subjects}）に同じディレクターが就くことを認める",
            en="letting the rivals {subjects} have the same director",
        ),
        "pins": Sentence(ja="組合せの固定をやめる：{subjects}", en="dropping the pin {subjects}"),
        "engagements": Sentence(ja="支援中の組合せを終える：{subjects}", en="ending the running engagement {subjects}"),
        "pinned_engagements": Sentence(
            ja="支援中の組合せを終え、その固定もやめる：{subjects}",
            en="ending the running engagement {subjects} and dropping its pin",
        ),
        "engagements_fixed": Sentence(
            ja="支援中の組合せをすべて続ける設定をやめる（engagements.fixed: false）",
            en="no longer keeping all running engagements (engagements.fixed: false)",
        ),
    }
)

_NO_UNIT: Final = Sentence("{n}", "{n} more")
_MORE_OF: Final = MappingProxyType(
    {
        "slots": Sentence("{n}枠", "{n:more slot|more slots}"),
        "hours": Sentence("月{n}時間", "{n:more hour|more hours} a month"),
        "on_site_days": Sentence("月{n}日", "{n:more on-site day|more on-site days} a month"),
    }
)
"""English puts “more” between number and unit."""

_ANY: Final = MappingProxyType(
    {
        "pins": Sentence(
            ja="次の組合せの固定のどれか一つをやめる：{subjects}", en="dropping any one of these pins: {subjects}"
        ),
        "engagements": Sentence(
            ja="次の支援中の組合せのどれか一つを終える：{subjects}",
            en="ending any one of these running engagements: {subjects}",
        ),
        "pinned_engagements": Sentence(
            ja="次の支援中の組合せのどれか一つを終え、その固定もやめる：{subjects}",
            en="ending any one of these running engagements and dropping its pin: {subjects}",
        ),
        "": Sentence(ja="{subjects}のいずれか1名", en="any of {subjects}"),
    }
)

_ENOUGH: Final = MappingProxyType(
    {
        "one": Sentence(ja="{change}。{least}", en="{change} is enough. {least}"),
        "together": Sentence(
            ja="次をすべて行う：{change}。{least}", en="All of these together are enough: {change}. {least}"
        ),
    }
)

_LEAST: Final = MappingProxyType(
    {
        "proved": Sentence(
            ja="これより小さい変更では足りないことも証明済みです。", en="Less is proved not to be enough."
        ),
        "claimed": Sentence(
            ja="これより小さい変更では足りないと、ソルバーが2通りの方法で申告しています。",
            en="Less is not enough, as two different solver runs say.",
        ),
        "unknown": Sentence(
            ja="これより小さい変更で足りるかどうかは未確認です。", en="Whether less would be enough is unknown."
        ),
    }
)

_CHEAPEST: Final = MappingProxyType(
    {
        "proved": Sentence(
            ja="これより小さい変更の組合せでは足りないことも証明済みです（1社・1名・1枠・1時間・1万円を同じ大きさと数えて）。",
            en="No smaller combination is enough; this is proved (one company, director, slot, hour or 10,000 yen "
            "counting alike).",
        ),
        "claimed": Sentence(
            ja="これより小さい変更の組合せでは足りないとソルバーが申告しています（1社・1名・1枠・1時間・1万円を同じ大きさと数えて）。",
            en="No smaller combination is enough, as the solver says (one company, director, slot, hour or 10,000 yen "
            "counting alike).",
        ),
        "unknown": Sentence(
            ja="もっと小さい変更の組合せで足りるかどうかは未確認です。",
            en="Whether a smaller combination would be enough is unknown.",
        ),
    }
)

_NOT_ENOUGH: Final = MappingProxyType(
    {
        "proved": Sentence(
            ja="それだけをどれほど緩めても足りないもの（証明済み）：{names}",
            en="Not enough alone, however far it is relaxed (proved): {names}",
        ),
        "claimed": Sentence(
            ja="それだけをどれほど緩めても足りないもの（ソルバーの申告）：{names}",
            en="Not enough alone, however far it is relaxed (claimed): {names}",
        ),
    }
)

_UNTRIED: Final = Sentence(
    ja="計算の上限までに調べ終わらなかった条件：{n}件", en="Demands not decided within the limits of the search: {n}"
)

_DEMAND_NAMES: Final = MappingProxyType(
    {
        "quota_least": Sentence(ja="{by}「{value}」の下限", en="the minimum of {by} “{value}”"),
        "quota_most": Sentence(ja="{by}「{value}」の上限", en="the maximum of {by} “{value}”"),
        "of": Sentence(ja="{name}（{subject}）", en="{name} ({subject})"),
        "pair": Sentence(ja="{director}と{company}", en="{director} – {company}"),
    }
)


_IN_ALL: Final = Sentence(ja="ほか（計{n}件）", en="… ({n} in all)")


def relaxation_title(conflict: Conflict, lang: Lang) -> str:
    """What the lines of `relaxation_lines` say together."""
    is_together = any(len(found.changes) > 1 for found in conflict.relaxations)
    title = "none" if not conflict.relaxations else "together" if is_together else "relaxations"
    return _TITLES[title].fill(lang)


def relaxation_lines(conflict: Conflict, facts: Facts, lang: Lang) -> list[str]:
    """One line for each change that is enough, then what is not enough alone, and how much was not tried.

    Raises
    ------
    LookupError : a family has no name; the known ones are listed
    """
    lines = [_enough_line(group, facts, lang) for group in _grouped(conflict.relaxations)]
    for word, sentence in _NOT_ENOUGH.items():
        names = [_demand_name(demand, facts, lang) for demand in conflict.not_enough if demand.word == word]
        if names:
            lines.append(sentence.fill(lang, names=names))
    if conflict.n_untried:
        lines.append(_UNTRIED.fill(lang, n=conflict.n_untried))
    return lines


def _grouped(relaxations: Iterable[Relaxation]) -> list[list[Relaxation]]:
    """Relaxations that differ only in the director or the pin, together; each group at the place of its first."""
    groups: dict[tuple[object, ...], list[Relaxation]] = {}
    for number, found in enumerate(relaxations):
        first = found.changes[0]
        is_alike = len(found.changes) == 1 and first.subject_kind in ("director", "pair")
        key = (first.family, first.side, first.amount, found.least) if is_alike else (number,)
        groups.setdefault(key, []).append(found)
    return list(groups.values())


def _enough_line(group: Sequence[Relaxation], facts: Facts, lang: Lang) -> str:
    first = group[0]
    if len(first.changes) == 1:
        change = _change_text([found.changes[0] for found in group], facts, lang)
        is_drop = first.changes[0].side == "drop"
        least = "" if is_drop else _LEAST[first.least].fill(lang)
    else:
        change = ("、" if lang == "ja" else "; ").join(_change_text([part], facts, lang) for part in first.changes)
        least = _CHEAPEST[first.least].fill(lang)
    text = _ENOUGH["one" if len(first.changes) == 1 else "together"].fill(lang, change=change, least=least).strip()
    return text[0].upper() + text[1:] if lang == "en" else text


def _change_text(changes: Sequence[DemandChange], facts: Facts, lang: Lang) -> str:
    """What to do, without a full stop; several changes are the same one for several directors or pins."""
    first = changes[0]
    kind = first.family.partition(":")[0]
    unit = UNIT_OF_FAMILY.get(kind, "")
    names = [_subject_text(change, facts, lang) for change in changes]
    if len(names) > _NAMES_SHOWN:
        names = [*names[:_NAMES_SHOWN], _IN_ALL.fill(lang, n=len(names))]
    subjects = names[0] if len(names) == 1 else _ANY[""].fill(lang, subjects=names)
    params: dict[str, object] = {
        "subjects": subjects,
        "amount": amount_text(unit, first.amount, lang),
        "more": _MORE_OF.get(kind, _NO_UNIT).fill("en", n=number_text(first.amount)),
    }
    if kind in _ANY and len(names) > 1:
        return _ANY[kind].fill(lang, subjects=names)
    if kind in _CHANGES:
        return _CHANGES[kind].fill(lang, **params)
    if first.before is None or first.after is None:
        return _CHANGES["by_amount"].fill(lang, name=family_name(first.family, lang), **params)
    before, after = first.before, first.after
    params |= {"before": _end(unit, before, lang), "after": _end(unit, after, lang)}
    if kind == "quota":
        by, value = quota_label(first.family, first.subject or "", lang)
        return _CHANGES[f"quota_{first.side}"].fill(lang, by=by, value=value, **params)
    return _CHANGES[first.side].fill(lang, name=family_name(first.family, lang), **params)


def _end(unit: str, number: float, lang: Lang) -> str:
    """One end of a change: its sentence names the month already, and in English what is counted."""
    if lang == "en" and unit in ("companies", "directors"):
        return number_text(number)
    return amount_text("jpy_total" if unit == "jpy" else unit, number, lang)


def _demand_name(demand: DemandName, facts: Facts, lang: Lang) -> str:
    if demand.family.startswith("quota:"):
        by, value = quota_label(demand.family, demand.subject or "", lang)
        return _DEMAND_NAMES[f"quota_{demand.side}"].fill(lang, by=by, value=value)
    name = family_name(demand.family, lang)
    subject = _subject_text(demand, facts, lang)
    return _DEMAND_NAMES["of"].fill(lang, name=name, subject=subject) if subject else name


def _subject_text(demand: DemandName, facts: Facts, lang: Lang) -> str:
    subject = demand.subject or ""
    if demand.company_id is not None:
        director = facts.labelled_director(subject, lang)
        company = facts.labelled_company(demand.company_id, lang)
        return _DEMAND_NAMES["pair"].fill(lang, director=director, company=company)
    if demand.subject_kind == "director":
        return facts.labelled_director(subject, lang)
    if demand.subject_kind == "company":
        return facts.labelled_company(subject, lang)
    if demand.subject_kind == "rivals":
        return " / ".join(facts.labelled_company(part, lang) for part in subject.split(" / "))
    return subject
