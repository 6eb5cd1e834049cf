"""The demands of a plan (row families) in people's words: their names, and what a conflict between them says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from matcher.domain import geography
from matcher.domain.policy import QuotaBy, quota_value
from matcher.modelling import HOURS_UNIT
from matcher.plan.document import Conflict, ConflictRow
from matcher.words.amounts import UNIT_OF_FAMILY, amount_text
from matcher.words.catalog import Lang, Sentence
from matcher.words.facts import Facts
from matcher.words.headings import cell_text, column_heading

_SUBJECTS_SHOWN = 20
_LINES_OF_A_FAMILY = 6
_IN_THOUSANDTHS = ("hours", "on_site_days")
_REGION = Sentence(ja="地方", en="region")

FAMILY_NAMES: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        "slots": Sentence(ja="ディレクターの担当枠", en="directors' slots"),
        "one_director": Sentence(ja="1社に1名", en="one director a company"),
        "max_companies": Sentence(ja="支援する企業数の上限", en="limit on companies"),
        "max_directors": Sentence(ja="稼働するディレクター数の上限", en="limit on directors"),
        "uses_director": Sentence(ja="稼働するディレクターの数え方", en="how directors at work are counted"),
        "slots_of_used_director": Sentence(ja="稼働するディレクターの担当枠", en="slots of directors at work"),
        "of_used_director": Sentence(ja="稼働するディレクターの時間と日数", en="hours and days of directors at work"),
        "quota": Sentence(ja="{by}ごとの枠", en="quotas by {by}"),
        "hours": Sentence(ja="ディレクターの稼働時間", en="directors' hours"),
        "hours_count": Sentence(ja="稼働時間で担当できる社数", en="companies a director has hours for"),
        "on_site_days": Sentence(ja="ディレクターの現地訪問日数", en="directors' on-site days"),
        "on_site_days_count": Sentence(
            ja="現地訪問日数で担当できる社数", en="companies a director has on-site days for"
        ),
        "budget": Sentence(ja="月ごとの予算の上限", en="monthly budget"),
        "budget_total": Sentence(ja="期間全体の予算の上限", en="total budget"),
        "rivals": Sentence(ja="競合する企業", en="rival companies"),
        "min_companies_per_director": Sentence(ja="1名あたりの最低担当社数", en="companies each director must have"),
        "max_new_companies_per_director": Sentence(
            ja="1名あたりの新規担当社数の上限", en="limit on new companies for each director"
        ),
        "load": Sentence(ja="ディレクターの担当社数の数え方", en="how the companies of a director are counted"),
        "pins": Sentence(ja="組合せの固定", en="pinned pairs"),
        "engagements": Sentence(ja="続ける支援中の組合せ", en="running engagements that are kept"),
        "pinned_engagements": Sentence(
            ja="固定もされている支援中の組合せ", en="running engagements that are also pinned"
        ),
        "engagements_fixed": Sentence(
            ja="支援中の組合せをすべて続ける設定（engagements.fixed）",
            en="the setting that keeps all running engagements (engagements.fixed)",
        ),
    }
)

_CONFLICTS: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        "slots": Sentence(
            ja="{subject}が今回担当できるのは{upper}までです。",
            en="{subject} can take at most {upper}.",
        ),
        "one_director": Sentence(
            ja="{subject}を担当するディレクターは{upper}までです。", en="{subject} gets at most {upper}."
        ),
        "max_companies": Sentence(
            ja="計画全体で支援する企業は{upper}までです。", en="The plan serves at most {upper}."
        ),
        "max_directors": Sentence(
            ja="計画全体で稼働するディレクターは{upper}までです。", en="The plan uses at most {upper}."
        ),
        "uses_director": Sentence(
            ja="{subject}は、1社でも担当すると稼働するディレクターに数えます。",
            en="{subject} counts as a director at work with the first company.",
        ),
        "quota_min": Sentence(
            ja="{by}が「{value}」の企業を{lower}以上支援します。",
            en="At least {lower} with {by} “{value}”.",
        ),
        "quota_max": Sentence(
            ja="{by}が「{value}」の企業は{upper}までです。", en="At most {upper} with {by} “{value}”."
        ),
        "quota_both": Sentence(
            ja="{by}が「{value}」の企業を{lower}以上{upper}以下支援します。",
            en="At least {lower} and at most {upper} with {by} “{value}”.",
        ),
        "hours": Sentence(
            ja="{subject}が今回使える時間は{upper}までです。", en="{subject} has at most {upper} for these companies."
        ),
        "on_site_days": Sentence(
            ja="{subject}が現地を訪問できるのは{upper}までです。",
            en="{subject} has at most {upper}.",
        ),
        "budget": Sentence(ja="報酬の合計は{upper}までです。", en="Fees add up to at most {upper}."),
        "budget_total": Sentence(
            ja="報酬（月額×支援月数）の合計は{upper}までです。",
            en="Fees (a month, times the months) add up to at most {upper}.",
        ),
        "rivals": Sentence(
            ja="競合する企業（{subject}）に同じディレクターは就けません。",
            en="The rivals {subject} cannot have the same director.",
        ),
        "min_companies_per_director": Sentence(
            ja="{subject}には{lower}以上を担当してもらいます。", en="{subject} must have at least {lower}."
        ),
        "max_new_companies_per_director": Sentence(
            ja="{subject}が新しく担当できるのは{upper}までです。",
            en="{subject} can take at most {upper}.",
        ),
        "pins": Sentence(
            ja="{director}と{company}の組合せが固定されています。", en="{director} is pinned to {company}."
        ),
        "engagements": Sentence(
            ja="{director}は{company}をすでに支援中で、支援中の組合せはすべて続けます（engagements.fixed）。",
            en="{director} already works with {company}, and running engagements are all kept (engagements.fixed).",
        ),
    }
)

_ROW_UNITS: Final = MappingProxyType(
    {
        **UNIT_OF_FAMILY,
        "slots": "these_companies",
        "one_director": "directors",
        "max_new_companies_per_director": "new_companies",
    }
)
"""Family → the unit its bounds are told in; of a quota, companies."""

_IN_MONTH: Final = Sentence(ja="{year}年{month}月：{sentence}", en="{label}: {sentence}")
_MEMBERS: Final = Sentence(ja="関係するのは{n}件：{names}{more}", en="This concerns {n}: {names}{more}")
_NO_MEMBERS: Final = Sentence(ja="候補となる組合せは1件もありません。", en="There is no candidate pair for it at all.")
_TOO_FEW: Final = Sentence(
    ja="{by}が「{value}」の企業を{lower}以上支援します。しかし、担当できるディレクターがいるのは{n}社だけです：{names}{more}",
    en="At least {lower} with {by} “{value}”, but only {n} of them can have any director: {names}{more}",
)
_NONE_AT_ALL: Final = Sentence(
    ja="{by}が「{value}」の企業を{lower}以上支援します。しかし、担当できるディレクターがいる企業は1社もありません。",
    en="At least {lower} with {by} “{value}”, but none can have any director.",
)

_TOGETHER: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        "one_director": Sentence(
            ja="1社を担当するディレクターは1名までです：{subjects}",
            en="A company gets at most 1 director: {subjects}",
        ),
        "uses_director": Sentence(
            ja="1社でも担当すると、稼働するディレクターに数えます：{subjects}",
            en="A director counts as at work with the first company: {subjects}",
        ),
    }
)
"""Families that say what a plan is: several rows are one line, after the demands that people made."""

_MANY: Final = Sentence(ja="{name}（{n}の条件）：{subjects}", en="{name} ({n}): {subjects}")

_MORE: Final = Sentence(ja="ほか", en=", …")

_INTROS: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        "irreducible": Sentence(
            ja="次の条件は同時には満たせません。どれか一つがなければ、残りは両立します。",
            en="These demands cannot all hold. Without any one of them, the others could.",
        ),
        "any": Sentence(
            ja="次の条件は同時には満たせません。もっと少ない条件に絞れるかもしれません。",
            en="These demands cannot all hold. Fewer of them may already contradict each other.",
        ),
    }
)


def family_name(family: str, lang: Lang) -> str:
    """The name of a row family: ディレクターの担当枠; ``quota:kind`` names its field.

    Raises
    ------
    LookupError
        If the family has no name; the known ones are listed.
    """
    kind, _, rest = family.partition(":")
    _known(FAMILY_NAMES, kind)
    by = rest.partition(":")[0] if kind == "quota" else ""
    return FAMILY_NAMES[kind].fill(lang, by=_field_name(by, lang) if by else "")


def conflict_intro(conflict: Conflict, lang: Lang) -> str:
    """What the list of demands below it says together."""
    return _INTROS["irreducible" if conflict.is_irreducible else "any"].fill(lang)


def conflict_lines(conflict: Conflict, facts: Facts, lang: Lang) -> list[str]:
    """One line for each demand of the conflict, then pinned pairs, then what holds in every plan.

    More than six rows of a family are one line of their subjects.

    Raises
    ------
    LookupError
        If a family has no sentence; the known ones are listed.
    """
    count = Counter(row.family for row in conflict.rows)
    several = {name for name in _TOGETHER if count[name] > 1}
    many = {name: n for name, n in count.items() if n > _LINES_OF_A_FAMILY and name not in several}
    lines = [_row_line(row, facts, lang) for row in conflict.rows if row.family not in several | set(many)]
    lines += [
        _MANY.fill(
            lang,
            name=family_name(name, lang),
            subjects=_subjects(conflict, name, facts, lang),
            n=amount_text("demands", n, lang),
        )
        for name, n in many.items()
    ]
    pins = [
        _CONFLICTS[kind].fill(
            lang,
            director=facts.labelled_director(director, lang),
            company=facts.labelled_company(company, lang),
        )
        for kind, pairs in (("pins", conflict.pins), ("engagements", conflict.engagements))
        for director, company in pairs
    ]
    rest = [_TOGETHER[name].fill(lang, subjects=_subjects(conflict, name, facts, lang)) for name in sorted(several)]
    return lines + pins + rest


def _subjects(conflict: Conflict, family: str, facts: Facts, lang: Lang) -> list[str]:
    """The subjects of a family's rows, each once; the first twenty."""
    names = dict.fromkeys(_subject(row, facts, lang) for row in conflict.rows if row.family == family)
    shown = list(names)[:_SUBJECTS_SHOWN]
    return shown if len(shown) == len(names) else [*shown, "…"]


def _row_line(row: ConflictRow, facts: Facts, lang: Lang) -> str:
    kind, _, by = row.family.partition(":")
    _known(FAMILY_NAMES, kind)
    upper = None if row.upper is None else row.upper / HOURS_UNIT if kind in _IN_THOUSANDTHS else row.upper
    unit = _ROW_UNITS.get(kind, "")
    params: dict[str, object] = {
        "subject": _subject(row, facts, lang),
        "lower": amount_text(unit, row.lower or 0, lang),
        "upper": "–" if upper is None else amount_text(unit, upper, lang),
    }
    if kind == "quota":
        field, _, value = by.partition(":")
        params |= {"by": _field_name(field, lang), "value": _quota_text(field, row.subject or value, lang)}
        if (row.lower or 0) > row.n_members:
            names = [facts.labelled_company(member, lang) for member in row.members]
            more = _MORE.fill(lang) if row.n_members > len(names) else ""
            short_of = _TOO_FEW if names else _NONE_AT_ALL
            return short_of.fill(lang, n=row.n_members, names=names, more=more, **params)
        kind = "quota_min" if row.upper is None else "quota_both" if row.lower else "quota_max"
    sentence = _in_month(row.month, _CONFLICTS[kind].fill(lang, **params), lang)
    if row.subject_kind == "plan" and row.n_members:
        return sentence  # it concerns everybody
    if not row.n_members:
        return sentence + ("" if lang == "ja" else " ") + _NO_MEMBERS.fill(lang)
    labelled = facts.labelled_director if row.members_kind == "director" else facts.labelled_company
    names = [labelled(member, lang) for member in row.members]
    more = _MORE.fill(lang) if row.n_members > len(names) else ""
    members = _MEMBERS.fill(lang, n=row.n_members, names=names, more=more)
    return f"{sentence}（{members}）" if lang == "ja" else f"{sentence} ({members})"


def _in_month(label: str | None, sentence: str, lang: Lang) -> str:
    """The sentence of a demand that holds in one month, such as ``2027-04``."""
    if label is None:
        return sentence
    year, month = (int(part) for part in label.split("-"))
    return _IN_MONTH.fill(lang, year=year, month=month, label=label, sentence=sentence)


def _subject(row: ConflictRow, facts: Facts, lang: Lang) -> str:
    if row.subject is None:
        return ""
    if row.subject_kind == "director":
        return facts.labelled_director(row.subject, lang)
    if row.subject_kind == "company":
        return facts.labelled_company(row.subject, lang)
    if row.subject_kind == "rivals":
        return " / ".join(facts.labelled_company(part, lang) for part in row.subject.split(" / "))
    return row.subject


def _field_name(by: str, lang: Lang) -> str:
    return _REGION.fill(lang) if by == "region" else column_heading("companies", by, lang)


def quota_label(family: str, value: str, lang: Lang) -> tuple[str, str]:
    """The field and the value of a quota as people read them, from its family ``quota:<field>``."""
    by = family.partition(":")[2].partition(":")[0]
    return _field_name(by, lang), _quota_text(by, value, lang)


def quota_text(by: QuotaBy, value: str, lang: Lang) -> str:
    """A quota's value as people read it: 自治体, 高知県, 四国."""
    meant = quota_value(by, value)
    return geography.region_name(str(meant), lang) if by == "region" else cell_text("companies", by, meant, lang)


def _quota_text(by: str, value: str, lang: Lang) -> str:
    fields: dict[str, QuotaBy] = {name: name for name in QuotaBy.__args__}  # type: ignore[attr-defined]
    return quota_text(fields[by], value, lang) if by in fields and value else value


def _known(table: Mapping[str, Sentence], code: str) -> None:
    if code not in table:
        raise LookupError(f"Row family {code!r} has no sentence in matcher.words.\nTry: one of {', '.join(table)}.")
