"""What a person reads where there is no plan: the demands in conflict, the bottleneck, and what would be enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from matcher.plan.document import (
    Bottleneck,
    BottleneckPart,
    Conflict,
    DemandChange,
    DemandName,
    Relaxation,
    SubjectKind,
)
from matcher.words.catalog import Lang, Sentence
from matcher.words.facts import Facts
from matcher.words.families import conflict_intro, conflict_lines, family_name, quota_label

_NAMES_SHOWN = 20

_UNITS: Final = MappingProxyType(
    {
        "companies": Sentence(ja="{n}社", en="{n}"),
        "directors": Sentence(ja="{n}名", en="{n}"),
        "slots": Sentence(ja="{n}枠", en="{n}"),
        "hours": Sentence(ja="月{n}時間", en="{n} hours a month"),
        "jpy": Sentence(ja="月{n}円", en="{n} yen a month"),
    }
)
"""A number in its unit; a unit that is not listed is told as a bare number."""

_UNIT_OF_FAMILY: Final = MappingProxyType(
    {
        "quota": "companies",
        "max_companies": "companies",
        "min_companies_per_director": "companies",
        "max_directors": "directors",
        "slots": "slots",
        "hours": "hours",
        "budget": "jpy",
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
            en="{number} more {slots} for {subjects}",
        ),
        "hours": Sentence(
            ja="{subjects}の稼働時間をあと{amount}増やす", en="{number} more hours a month for {subjects}"
        ),
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
    }
)

_ANY: Final = MappingProxyType(
    {
        "pins": Sentence(
            ja="次の組合せの固定のどれか一つをやめる：{subjects}", en="dropping any one of these pins: {subjects}"
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

_TITLES: Final = MappingProxyType(
    {
        "bottleneck": Sentence(ja="どこで足りないか", en="Where it falls short"),
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

_SHORT: Final = MappingProxyType(
    {
        "sum": Sentence(
            ja="必要なのは{demand}（{asks}）ですが、あるのは{supply}（{gives}）で、{shortfall}足りません。",
            en="Needed: {demand} ({asks}). There is: {supply} ({gives}). Short by {shortfall}.",
        ),
        "crowd": Sentence(
            ja="{companies}を担当できるのは{directors}だけです。",
            en="Only {directors} can serve {companies}.",
        ),
        "part": Sentence(ja="{name} {amount}", en="{name}: {amount}"),
        "part_of": Sentence(ja="{name} {amount}：{subjects}", en="{name}: {amount}, of {subjects}"),
        "loose": Sentence(ja="ほかの組合せ", en="other pairs"),
        "at_least": Sentence(ja="少なくとも{amount}", en="at least {amount}"),
        "more": Sentence(ja="ほか（計{n}件）", en="… ({n} in all)"),
    }
)

_DEMAND_NAMES: Final = MappingProxyType(
    {
        "quota_least": Sentence(ja="{by}「{value}」の下限", en="the minimum of {by} “{value}”"),
        "quota_most": Sentence(ja="{by}「{value}」の上限", en="the maximum of {by} “{value}”"),
        "of": Sentence(ja="{name}（{subject}）", en="{name} ({subject})"),
        "pair": Sentence(ja="{director}と{company}", en="{director} – {company}"),
    }
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading and the lines below it; in a list of passages the conflict itself comes first."""

    heading: str
    lines: tuple[str, ...]


def conflict_passages(conflict: Conflict | None, facts: Facts, lang: Lang) -> list[Passage]:
    """The demands that cannot hold, where it falls short, and what would be enough; nothing where nothing is known.

    Raises
    ------
    LookupError : a family has no sentence; the known ones are listed
    """
    if conflict is None or not (conflict.rows or conflict.pins):
        return []
    passages = [Passage(conflict_intro(conflict, lang), tuple(conflict_lines(conflict, facts, lang)))]
    if conflict.bottleneck is not None and _is_worth_telling(conflict.bottleneck):
        lines = tuple(_bottleneck_lines(conflict.bottleneck, facts, lang))
        passages.append(Passage(_TITLES["bottleneck"].fill(lang), lines))
    passages.append(_relaxations(conflict, facts, lang))
    return passages


def _is_worth_telling(bottleneck: Bottleneck) -> bool:
    """Not where a quota's own line says already how many of its companies have anybody."""
    kinds = {part.subject_kind for part in bottleneck.asks}
    return kinds != {"quota"} or any(part.subject_kind != "company" for part in bottleneck.gives)


def _relaxations(conflict: Conflict, facts: Facts, lang: Lang) -> Passage:
    lines = [_enough_line(group, facts, lang) for group in _grouped(conflict.relaxations)]
    for word, sentence in _NOT_ENOUGH.items():
        names = [_demand_name(demand, facts, lang) for demand in conflict.not_enough if demand.word == word]
        if names:
            lines.append(sentence.fill(lang, names=names))
    if conflict.n_untried:
        lines.append(_UNTRIED.fill(lang, n=conflict.n_untried))
    is_together = any(len(found.changes) > 1 for found in conflict.relaxations)
    title = "none" if not conflict.relaxations else "together" if is_together else "relaxations"
    return Passage(_TITLES[title].fill(lang), tuple(lines))


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
    unit = _UNIT_OF_FAMILY.get(kind, "")
    names = [_subject_text(change, facts, lang) for change in changes]
    if len(names) > _NAMES_SHOWN:
        names = [*names[:_NAMES_SHOWN], _SHORT["more"].fill(lang, n=len(names))]
    subjects = names[0] if len(names) == 1 else _ANY[""].fill(lang, subjects=names)
    params: dict[str, object] = {
        "subjects": subjects,
        "amount": _amount(unit, first.amount, lang),
        "number": _amount("", first.amount, lang),
        "slots": "slot" if first.amount == 1 else "slots",
    }
    if kind == "pins" and len(names) > 1:
        return _ANY["pins"].fill(lang, subjects=names)
    if kind in _CHANGES:
        return _CHANGES[kind].fill(lang, **params)
    if first.before is None or first.after is None:
        return _CHANGES["by_amount"].fill(lang, name=family_name(first.family, lang), **params)
    params |= {"before": _amount(unit, first.before, lang), "after": _amount(unit, first.after, lang)}
    if kind == "quota":
        by, value = quota_label(first.family, first.subject or "", lang)
        return _CHANGES[f"quota_{first.side}"].fill(lang, by=by, value=value, **params)
    return _CHANGES[first.side].fill(lang, name=family_name(first.family, lang), **params)


def _bottleneck_lines(bottleneck: Bottleneck, facts: Facts, lang: Lang) -> list[str]:
    unit = bottleneck.unit
    gives = [_part_text(part, unit, facts, lang) for part in bottleneck.gives]
    if bottleneck.loose:
        loose = _SHORT["loose"].fill(lang)
        gives.append(_SHORT["part"].fill(lang, name=loose, amount=_amount(unit, bottleneck.loose, lang)))
    is_counted = unit == "companies"
    demand = _amount(unit, bottleneck.demand, lang)
    lines = [
        _SHORT["sum"].fill(
            lang,
            demand=demand if is_counted else _SHORT["at_least"].fill(lang, amount=demand),
            asks=[_part_text(part, unit, facts, lang) for part in bottleneck.asks],
            supply=_amount(unit, bottleneck.supply, lang),
            gives=gives,
            shortfall=_amount(unit, bottleneck.shortfall, lang),
        )
    ]
    if bottleneck.companies and bottleneck.directors:
        lines.append(
            _SHORT["crowd"].fill(
                lang,
                companies=_names(bottleneck.companies, bottleneck.n_companies, "company", facts, lang),
                directors=_names(bottleneck.directors, bottleneck.n_directors, "director", facts, lang),
            )
        )
    return lines


def _part_text(part: BottleneckPart, unit: str, facts: Facts, lang: Lang) -> str:
    own = "slots" if unit == "companies" and part.family.partition(":")[0] == "slots" else unit
    name, amount = family_name(part.family, lang), _amount(own, part.amount, lang)
    if not part.subjects:
        return _SHORT["part"].fill(lang, name=name, amount=amount)
    if part.subject_kind == "quota":
        subjects = [quota_label(part.family, subject, lang)[1] for subject in part.subjects]
        return _SHORT["part_of"].fill(lang, name=name, amount=amount, subjects=subjects)
    subjects_text = _names(part.subjects, part.n_subjects, part.subject_kind, facts, lang)
    return _SHORT["part_of"].fill(lang, name=name, amount=amount, subjects=subjects_text)


def _names(ids: Sequence[str], n: int, kind: SubjectKind, facts: Facts, lang: Lang) -> str:
    labelled = facts.labelled_director if kind == "director" else facts.labelled_company
    names = [labelled(one, lang) for one in ids]
    if n > len(names):
        names.append(_SHORT["more"].fill(lang, n=n))
    return Sentence("{names}", "{names}").fill(lang, names=names)


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


def _amount(unit: str, number: float, lang: Lang) -> str:
    text = f"{round(number):,}" if float(number).is_integer() else f"{number:,.10g}"
    return _UNITS[unit].fill(lang, n=text) if unit in _UNITS else text
