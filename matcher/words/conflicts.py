"""What a person reads where there is no plan: the demands in conflict, the bottleneck, and what would be enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from matcher.plan.document import Bottleneck, BottleneckPart, Conflict, SubjectKind
from matcher.words.amounts import amount_text
from matcher.words.catalog import Lang, Sentence
from matcher.words.facts import Facts
from matcher.words.families import conflict_intro, conflict_lines, family_name, quota_label
from matcher.words.relaxations import relaxation_lines, relaxation_title

_TITLE: Final = Sentence(ja="どこで足りないか", en="Where it falls short")

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
    if conflict is None or not (conflict.rows or conflict.pins or conflict.engagements):
        return []
    passages = [Passage(conflict_intro(conflict, lang), tuple(conflict_lines(conflict, facts, lang)))]
    if conflict.bottleneck is not None and _is_worth_telling(conflict.bottleneck):
        lines = tuple(_bottleneck_lines(conflict.bottleneck, facts, lang, is_exact=_is_shortfall_exact(conflict)))
        passages.append(Passage(_TITLE.fill(lang), lines))
    passages.append(Passage(relaxation_title(conflict, lang), tuple(relaxation_lines(conflict, facts, lang))))
    return passages


def _is_worth_telling(bottleneck: Bottleneck) -> bool:
    """Not where a quota's own line says already how many of its companies have anybody."""
    kinds = {part.subject_kind for part in bottleneck.asks}
    return kinds != {"quota"} or any(part.subject_kind != "company" for part in bottleneck.gives)


def _is_shortfall_exact(conflict: Conflict) -> bool:
    """Whether just what is missing was found to be enough; else the sum shows only that so much is missing, or more."""
    bottleneck = conflict.bottleneck
    if bottleneck is None:
        return False
    # An ask that is told in hours or yen is loosened by companies: no number to compare.
    parts = (*bottleneck.gives, *(bottleneck.asks if bottleneck.unit == "companies" else ()))
    families = {part.family for part in parts}
    changes = [way.changes[0] for way in conflict.relaxations if len(way.changes) == 1 and way.word == "proved"]
    return any(
        change.side != "drop" and change.family in families and change.amount == bottleneck.shortfall
        for change in changes
    )


def _bottleneck_lines(bottleneck: Bottleneck, facts: Facts, lang: Lang, *, is_exact: bool) -> list[str]:
    unit = bottleneck.unit
    gives = [_part_text(part, unit, facts, lang) for part in bottleneck.gives]
    if bottleneck.loose:
        loose = _SHORT["loose"].fill(lang)
        gives.append(_SHORT["part"].fill(lang, name=loose, amount=amount_text(unit, bottleneck.loose, lang)))
    is_counted = unit == "companies"
    demand, shortfall = amount_text(unit, bottleneck.demand, lang), amount_text(unit, bottleneck.shortfall, lang)
    lines = [
        _SHORT["sum"].fill(
            lang,
            demand=demand if is_counted else _SHORT["at_least"].fill(lang, amount=demand),
            asks=[_part_text(part, unit, facts, lang) for part in bottleneck.asks],
            supply=amount_text(unit, bottleneck.supply, lang),
            gives=gives,
            shortfall=shortfall if is_exact else _SHORT["at_least"].fill(lang, amount=shortfall),
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
    name, amount = family_name(part.family, lang), amount_text(own, part.amount, lang)
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
