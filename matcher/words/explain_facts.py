"""The facts behind a criterion as sentences: EC at level 4 of 4 wanted, by own hands."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from matcher.domain.problem import Problem
from matcher.explain.explanation import Audience
from matcher.explain.facts_behind import Fact
from matcher.words.amounts import number_text
from matcher.words.catalog import Lang
from matcher.words.headings import cell_text, column_heading
from matcher.words.plan import join_words
from matcher.words.plan_data import sentence_of, table_of

FACTS: Final = table_of(
    {
        "need": (
            "「{skill}」はレベル{level}です（必要なレベル{wanted}{weight}）。",
            "{skill}: level {level} of {wanted} wanted{weight}.",
        ),
        "need_above": (
            "「{skill}」はレベル{level}で、必要なレベル{wanted}を上回ります{weight_apart}。",
            "{skill}: level {level}, above the {wanted} wanted{weight}.",
        ),
        "need_below": (
            "「{skill}」はレベル{level}で、必要なレベル{wanted}に届きません{weight_apart}。",
            "{skill}: level {level} of {wanted} wanted{weight}.",
        ),
        "need_unlisted": (
            "「{skill}」は登録がありません（必要なレベル{wanted}{weight}）。",
            "{skill}: not listed (level {wanted} wanted{weight}).",
        ),
        "need_by_hand": (
            "「{skill}」は自ら手を動かす力がレベル{by_hand}です（必要なレベル{wanted}{weight}）。",
            "{skill}: level {by_hand} of {wanted} wanted, by own hands{weight}.",
        ),
        "need_by_hand_above": (
            "「{skill}」は自ら手を動かす力がレベル{by_hand}で、必要なレベル{wanted}を上回ります{weight_apart}。",
            "{skill}: level {by_hand}, above the {wanted} wanted, by own hands{weight}.",
        ),
        "need_by_hand_below": (
            "「{skill}」は自ら手を動かす力がレベル{by_hand}で、必要なレベル{wanted}に届きません{weight_apart}。",
            "{skill}: level {by_hand} of {wanted} wanted, by own hands{weight}.",
        ),
        "need_by_hand_advises": (
            "「{skill}」は助言のみ（レベル{level}）で、自らの手では行いません（必要なレベル{wanted}{weight}）。",
            "{skill}: advises (level {level}), but not by own hands (level {wanted} wanted{weight}).",
        ),
        "years": (
            "必要なスキルの記載がないため、実務経験{years}年で採点しています（{for_full}年で満点）。",
            "No needs are listed, so {years:year|years} of experience {years:=counts|count} ({for_full} for a full "
            "score).",
        ),
        "years_letter": ("実務経験が{years}年あります。", "{years:year|years} of experience."),
        "years_missing": (
            "必要なスキルも実務経験年数も記載がないため、中立値{neutral}です。",
            "Neither needs nor years of experience are known: the neutral value {neutral}.",
        ),
        "hands_on_rating": (
            "自らの手で行う必要がある仕事の記載がないため、実行力の評価（5段階の{rating}）で採点しています。",
            "No need asks for own hands, so the hands-on rating counts: {rating} of 5.",
        ),
        "hands_on_rating_missing": (
            "自らの手で行う必要がある仕事も実行力の評価も記載がないため、中立値{neutral}です。",
            "No need asks for own hands and there is no hands-on rating: the neutral value {neutral}.",
        ),
        "knowledge": (
            "{prefecture}の理解度は5段階の{knowledge}です。",
            "Knowledge {knowledge} of 5 of {prefecture}.",
        ),
        "home": (
            "{prefecture}は拠点の都道府県です（理解度は5段階の{knowledge}、拠点では{at_least}以上とみなします）。",
            "{prefecture} is home (knowledge {knowledge} of 5; at home it counts as at least {at_least}).",
        ),
        "home_letter": ("{prefecture}に拠点があります。", "{prefecture} is home."),
        "neighbour": (
            "{prefecture}の理解度の登録はなく、隣の{known_prefecture}の理解度（5段階の{knowledge}）に"
            "{factor}を掛けています。",
            "Nothing is listed for {prefecture}; of its neighbour {known_prefecture}, {knowledge} of 5 (× {factor}).",
        ),
        "region": (
            "{prefecture}と隣の都道府県の理解度の登録はなく、同じ地方の{known_prefecture}の理解度"
            "（5段階の{knowledge}）に{factor}を掛けています。",
            "Nothing is listed for {prefecture} and its neighbours; of {known_prefecture} in the same region, "
            "{knowledge} of 5 (× {factor}).",
        ),
        "culture_unknown": (
            "{prefecture}とその地方についての理解度の登録はありません（0）。",
            "Nothing is listed for {prefecture} or its region (0).",
        ),
        "no_network": ("つながりのある人材はいません（0）。", "No ties to people (0)."),
        "network_without_needs": (
            "必要なスキルの記載がないため、中立値{neutral}です。",
            "No needs are listed: the neutral value {neutral}.",
        ),
        "nobody": (
            "「{skill}」（必要なレベル{wanted}{weight}）を持つ人材は、紹介の届く範囲にいません。",
            "{skill} (level {wanted} wanted{weight}): nobody within reach.",
        ),
        "introduction": (
            "「{skill}」（必要なレベル{wanted}{weight}）は、{place}の{person}（レベル{level}）を{hops}紹介できます。"
            "つながりの強さは{strength}です{factor}。",
            "{skill} (level {wanted} wanted{weight}): {hops} to {person} (level {level}) in {place}, "
            "strength {strength}{factor}.",
        ),
        "introduction_letter": (
            "「{skill}」に通じた{place}の人材をご紹介できる可能性があります。",
            "Someone in {place} who knows {skill} may be introduced.",
        ),
        "no_business": ("自ら経営する事業の登録はありません（0）。", "No business of their own is listed (0)."),
        "owner": ("自らの事業を{years}年経営しています。", "Owner of a business for {years:year|years}."),
        "owner_years_missing": (
            "自らの事業の経営年数が不明なため、年数の部分は中立値{neutral}です。",
            "The years of owning a business are not known: the neutral value {neutral} for them.",
        ),
        "industry_same": ("企業と同じ業種（{own}）です（{adds}を加算）。", "Same industry ({own}; adds {adds})."),
        "industry_other": (
            "業種は{own}で、企業の{company}とは異なります。",
            "Own industry {own}, the company's {company}.",
        ),
        "industry_missing": (
            "業種を比べるための情報がありません（自社：{own}、企業：{company}）。",
            "The industries cannot be compared (own: {own}, the company's: {company}).",
        ),
        "size_similar": (
            "従業員数（{own}名と{company}名）が{factor}倍以内です（{adds}を加算）。",
            "Employees {own} and {company}: within a factor of {factor} (adds {adds}).",
        ),
        "size_other": (
            "従業員数は{own}名で、企業の{company}名と{factor}倍を超えて異なります。",
            "Employees {own} and {company}: more than a factor of {factor} apart.",
        ),
        "size_missing": (
            "従業員数を比べるための情報がありません（自社：{own}、企業：{company}）。",
            "The numbers of employees cannot be compared (own: {own}, the company's: {company}).",
        ),
        "result": ("「{goal}」の実績の評価は5段階の{rating}です。", "Rating {rating} of 5 for {goal}."),
        "result_elsewhere": (
            "「{goal}」の実績の登録はなく、「{other_goal}」の評価（5段階の{rating}）に{factor}を掛けています。",
            "No result for {goal}; {rating} of 5 for {other_goal} (× {factor}).",
        ),
        "no_result": (
            "「{goal}」を含め、実績の登録はありません（0）。",
            "No results are listed, for {goal} or other (0).",
        ),
        "rating": ("企業の{field}は5段階の{rating}です。", "The company's {field}: {rating} of 5."),
        "rating_missing": (
            "企業の{field}は評価がないため、中立値{neutral}です。",
            "The company's {field} is not rated: the neutral value {neutral}.",
        ),
        "style_fits": (
            "希望の支援スタイル（{wanted}）に合います（ディレクター：{style}）。",
            "The style wanted ({wanted}) is the director's ({style}).",
        ),
        "style_differs": (
            "希望の支援スタイル（{wanted}）とは異なります（ディレクター：{style}）。",
            "The style wanted ({wanted}) is not the director's ({style}).",
        ),
        "style_missing": (
            "支援スタイルが不明なため、中立値{neutral}です（希望：{wanted}、ディレクター：{style}）。",
            "A style is not known (wanted: {wanted}, the director's: {style}): the neutral value {neutral}.",
        ),
        "no_visits": (
            "現地訪問の希望がないため、距離（{distance_km}km）は問いません。",
            "No visits are wanted, so the distance ({distance_km} km) does not count.",
        ),
        "distance": (
            "距離は{distance_km}km、現地訪問の希望は月{days}日です。",
            "{distance_km} km away; {days:on-site day|on-site days} a month wanted.",
        ),
        "wish_of_director": (
            "ディレクターの希望の強さは{wish}です（−1〜1）。",
            "The director's wish: {wish} (−1 to 1).",
        ),
        "wish_of_company": ("企業の希望の強さは{wish}です（−1〜1）。", "The company's wish: {wish} (−1 to 1)."),
        "no_wish": ("双方とも希望の記載はありません。", "Neither side states a wish."),
    }
)

_PARTS: Final = table_of(
    {
        "weight": ("、重み{weight}", ", weight {weight}"),
        "weight_apart": ("（重み{weight}）", ", weight {weight}"),
        "hop": ("直接のつながりで", "one hop"),
        "hops": ("{via}を通じて（{hops}段階で）", "{hops:hop|hops} (through {via})"),
        "elsewhere": (
            "（企業とは別の都道府県のため{factor}を掛けます）",
            " (× {factor}: not in the company's prefecture)",
        ),
        "nowhere": ("居住地の記載がない", "a place not stated"),
        "missing": ("記載なし", "not stated"),
    }
)

_WEIGHTS: Final = ("weight", "weight_apart")

_NOT_IN_LETTERS: Final = frozenset(
    {
        "need_below",
        "need_unlisted",
        "need_by_hand_below",
        "need_by_hand_advises",
        "years_missing",
        "hands_on_rating",
        "hands_on_rating_missing",
        "neighbour",
        "region",
        "culture_unknown",
        "no_network",
        "network_without_needs",
        "nobody",
        "no_business",
        "owner_years_missing",
        "industry_other",
        "industry_missing",
        "size_similar",
        "size_other",
        "size_missing",
        "result_elsewhere",
        "no_result",
        "rating",
        "rating_missing",
        "style_differs",
        "style_missing",
        "wish_of_director",
        "wish_of_company",
        "no_wish",
    }
)
"""What is not said to the company: the programme's own judgement of both sides, wishes, and what speaks against."""


def fact_lines(facts: Iterable[Fact], problem: Problem, lang: Lang, audience: Audience = "staff") -> list[str]:
    """One sentence a fact; for a company only those that are reasons, without names of other people.

    Raises
    ------
    LookupError : a fact's code has no sentence
    """
    lines = []
    for fact in facts:
        code = _variant(fact)
        if audience == "company":
            if code in _NOT_IN_LETTERS:
                continue
            code = f"{code}_letter" if f"{code}_letter" in FACTS else code
        lines.append(sentence_of(FACTS, code, "Fact").fill(lang, **_shown(fact, problem, lang)))
    return lines


def _variant(fact: Fact) -> str:
    """The sentence of a fact: its code, or the case of it that its numbers make."""
    values = fact.values
    if fact.code in ("need", "need_by_hand"):
        held = fact.number("level" if fact.code == "need" else "by_hand")
        if not held:
            return "need_by_hand_advises" if values["level"] else "need_unlisted"
        wanted = fact.number("wanted")
        return f"{fact.code}_above" if held > wanted else f"{fact.code}_below" if held < wanted else fact.code
    if fact.code in ("industry", "size"):
        if values["own"] is None or values["company"] is None:
            return f"{fact.code}_missing"
        if fact.code == "industry":
            return "industry_same" if values["is_same"] else "industry_other"
        return "size_similar" if values["is_similar"] else "size_other"
    return fact.code


def _shown(fact: Fact, problem: Problem, lang: Lang) -> dict[str, str]:
    """Every blank of the sentence as people read it."""
    shown = {name: _cell(fact, name, lang) for name in fact.values}
    if "weight" in fact.values:
        is_plain, weight = fact.number("weight") == 1, shown["weight"]
        shown |= {name: "" if is_plain else _PARTS[name].fill(lang, weight=weight) for name in _WEIGHTS}
    if fact.code == "introduction":
        via = [_person(problem, one) for one in _texts(fact, "via")]
        hops = _PARTS["hops" if via else "hop"].fill(lang, hops=shown["hops"], via=join_words(via, lang))
        area = fact.values["prefecture"]
        shown |= {
            "hops": hops,
            "person": _person(problem, fact.text("person_id")),
            "place": _PARTS["nowhere"].fill(lang) if area is None else shown["prefecture"],
            "factor": "" if fact.values["is_local"] else _PARTS["elsewhere"].fill(lang, factor=shown["factor"]),
        }
    return shown


def _cell(fact: Fact, name: str, lang: Lang) -> str:
    value = fact.values[name]
    if value is None:
        return _PARTS["missing"].fill(lang)
    if name in _CELLS:
        return cell_text(*_CELLS[name], value, lang).replace("_", " ")
    if fact.code == "industry" and name in ("own", "company"):
        return cell_text("companies", "industry", value, lang)
    if fact.code.startswith("style") and name == "wanted":
        return cell_text("companies", "wanted_style", value, lang)
    if name == "field":
        return column_heading("companies", str(value), lang)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(round(value) if name == "distance_km" else value)
    return str(value)


_CELLS: Final = MappingProxyType(
    {
        "prefecture": ("companies", "prefecture"),
        "known_prefecture": ("companies", "prefecture"),
        "goal": ("companies", "goal"),
        "other_goal": ("companies", "goal"),
        "style": ("directors", "style"),
    }
)
"""Values that are codes → the column whose words they are shown in."""


def _texts(fact: Fact, name: str) -> tuple[str, ...]:
    value = fact.values[name]
    return value if isinstance(value, tuple) else ()


def _person(problem: Problem, person_id: str) -> str:
    """A person's or director's name and id on the way of an introduction."""
    for table in ("people", "directors"):
        rows = problem.tables[table]
        names = rows.loc[(rows["id"] == person_id).to_numpy(), "name"]
        if len(names):
            name = names.iloc[0]
            return f"{name} ({person_id})" if isinstance(name, str) and name else person_id
    return person_id
