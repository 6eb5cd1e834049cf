"""The demands of a plan (row families) in people's words: their names, and what a conflict between them says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from matcher.domain import geography
from matcher.domain.policy import QuotaBy, quota_value
from matcher.modelling import HOURS_UNIT
from matcher.plan.document import Conflict, ConflictRow
from matcher.words.catalog import Lang, Sentence
from matcher.words.facts import Facts
from matcher.words.headings import cell_text, column_heading

_REGION = Sentence(ja="地方", en="region")

FAMILY_NAMES: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        "slots": Sentence(ja="ディレクターの担当枠", en="directors' slots"),
        "one_director": Sentence(ja="1社に1名", en="one director a company"),
        "max_companies": Sentence(ja="支援する企業数の上限", en="limit on companies"),
        "max_directors": Sentence(ja="稼働するディレクター数の上限", en="limit on directors"),
        "uses_director": Sentence(ja="稼働するディレクターの数え方", en="how directors at work are counted"),
        "slots_of_used_director": Sentence(ja="稼働するディレクターの担当枠", en="slots of directors at work"),
        "quota": Sentence(ja="{by}ごとの枠", en="quotas by {by}"),
        "hours": Sentence(ja="ディレクターの稼働時間", en="directors' hours"),
        "budget": Sentence(ja="予算の上限", en="budget"),
        "rivals": Sentence(ja="競合する企業", en="rival companies"),
        "min_companies_per_director": Sentence(ja="1名あたりの最低担当社数", en="companies each director must have"),
        "pins": Sentence(ja="組合せの固定", en="pinned pairs"),
    }
)

_CONFLICTS: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        "slots": Sentence(
            ja="{subject}が今回担当できるのは{upper}社までです。",
            en="{subject} can take at most {upper} of these companies.",
        ),
        "one_director": Sentence(
            ja="{subject}を担当するディレクターは{upper}名までです。", en="{subject} gets at most {upper} director."
        ),
        "max_companies": Sentence(
            ja="計画全体で支援する企業は{upper}社までです。", en="The plan serves at most {upper} companies."
        ),
        "max_directors": Sentence(
            ja="計画全体で稼働するディレクターは{upper}名までです。", en="The plan uses at most {upper} directors."
        ),
        "slots_of_used_director": Sentence(
            ja="{subject}の担当枠は、稼働するディレクターに数える場合だけ使えます。",
            en="{subject} has slots only when counted as a director at work.",
        ),
        "uses_director": Sentence(
            ja="{subject}は、1社でも担当すると稼働するディレクターに数えます。",
            en="{subject} counts as a director at work with the first company.",
        ),
        "quota_min": Sentence(
            ja="{by}が「{value}」の企業を{lower}社以上支援します。",
            en="At least {lower} companies with {by} “{value}”.",
        ),
        "quota_max": Sentence(
            ja="{by}が「{value}」の企業は{upper}社までです。", en="At most {upper} companies with {by} “{value}”."
        ),
        "quota_both": Sentence(
            ja="{by}が「{value}」の企業を{lower}社以上{upper}社以下支援します。",
            en="Between {lower} and {upper} companies with {by} “{value}”.",
        ),
        "hours": Sentence(
            ja="{subject}が今回使える時間は月{upper}時間までです。", en="{subject} has at most {upper} hours a month."
        ),
        "budget": Sentence(ja="月額報酬の合計は{upper}円までです。", en="Fees add up to at most {upper} yen a month."),
        "rivals": Sentence(
            ja="競合する企業（{subject}）に同じディレクターは就けません。",
            en="The rivals {subject} cannot have the same director.",
        ),
        "min_companies_per_director": Sentence(
            ja="{subject}には{lower}社以上を担当してもらいます。", en="{subject} must have at least {lower} companies."
        ),
        "pins": Sentence(
            ja="{director}と{company}の組合せが固定されています。", en="{director} is pinned to {company}."
        ),
    }
)

_MEMBERS: Final = Sentence(ja="関係するのは{n}件：{names}{more}", en="This concerns {n}: {names}{more}")
_NO_MEMBERS: Final = Sentence(ja="候補となる組合せは1件もありません。", en="There is no candidate pair for it at all.")
_MORE: Final = Sentence(ja="ほか", en=", …")

_INTROS: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        "irreducible": Sentence(
            ja="次の条件は同時には満たせません。どれか一つを緩めれば両立します。",
            en="These demands cannot all hold. Relaxing any one of them is enough.",
        ),
        "any": Sentence(ja="次の条件は同時には満たせません。", en="These demands cannot all hold."),
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
    by = rest.partition(":")[0]
    return FAMILY_NAMES[kind].fill(lang, by=_field_name(by, lang) if by else "")


def conflict_intro(conflict: Conflict, lang: Lang) -> str:
    """What the list of demands below it says together."""
    return _INTROS["irreducible" if conflict.is_irreducible else "any"].fill(lang)


def conflict_lines(conflict: Conflict, facts: Facts, lang: Lang) -> list[str]:
    """One line for each demand of the conflict, pinned pairs last.

    Raises
    ------
    LookupError
        If a family has no sentence; the known ones are listed.
    """
    lines = [_row_line(row, facts, lang) for row in conflict.rows]
    pins = [
        _CONFLICTS["pins"].fill(
            lang,
            director=facts.labelled_director(director, lang),
            company=facts.labelled_company(company, lang),
        )
        for director, company in conflict.pins
    ]
    return lines + pins


def _row_line(row: ConflictRow, facts: Facts, lang: Lang) -> str:
    kind, _, by = row.family.partition(":")
    _known(FAMILY_NAMES, kind)
    upper = None if row.upper is None else row.upper / HOURS_UNIT if kind == "hours" else row.upper
    params: dict[str, object] = {
        "subject": _subject(row, facts, lang),
        "lower": f"{row.lower or 0:,}",
        "upper": "–" if upper is None else f"{upper:,.10g}" if kind == "hours" else f"{upper:,}",
    }
    if kind == "quota":
        field, _, value = by.partition(":")
        params |= {"by": _field_name(field, lang), "value": _quota_text(field, row.subject or value, lang)}
        kind = "quota_min" if row.upper is None else "quota_both" if row.lower else "quota_max"
    sentence = _CONFLICTS[kind].fill(lang, **params)
    if not row.n_members:
        return sentence + ("" if lang == "ja" else " ") + _NO_MEMBERS.fill(lang)
    labelled = facts.labelled_director if row.members_kind == "director" else facts.labelled_company
    names = [labelled(member, lang) for member in row.members]
    more = _MORE.fill(lang) if row.n_members > len(names) else ""
    members = _MEMBERS.fill(lang, n=row.n_members, names=names, more=more)
    return f"{sentence}（{members}）" if lang == "ja" else f"{sentence} ({members})"


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
