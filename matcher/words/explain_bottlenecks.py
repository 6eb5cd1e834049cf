"""Where directors are too few, and who would relieve it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from matcher.domain import geography
from matcher.explain.bottlenecks import N_TRIED_OF_LARGE, SMALL, Bottleneck, BottlenecksAnswer
from matcher.explain.explanation import Audience
from matcher.explain.hall_sets import HallSet
from matcher.explain.losses import Loss
from matcher.explain.profiles import Profile, Relief
from matcher.explain.standing import Standing
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.explain_common import ends_text, standing_notes
from matcher.words.explain_losses import change_lines
from matcher.words.facts import facts_of
from matcher.words.plan import join_words, number_text
from matcher.words.plan_data import table_of

NAMES_SHOWN = 20

TEXTS: Final = table_of(
    {
        "title": ("ディレクターが足りないところ", "Where directors are too few"),
        "none": (
            "どの月にも、担当できるディレクターの枠が足りない企業の集まりはありません。",
            "In no month does any set of companies want more slots than the directors eligible for them have.",
        ),
        "meaning": (
            "次のそれぞれに挙げる企業の数は、そのどれかを担当できるディレクター全員の枠を合わせた数より多く、"
            "どのように組み合わせても、担当の付かない企業が残ります。",
            "In each set below the companies outnumber the slots of all who could serve any of them: however they are "
            "matched, some go unserved.",
        ),
        "left_out": (
            "足りないところは{n}件あり、不足の大きい{shown}件を示しています。ほかの{left}件は省いています。",
            "There {n:=is|are} {n:such set|such sets}; the {shown} with the largest shortages are shown, and {left} "
            "left "
            "out.",
        ),
        "slots_only": (
            "ここで数えるのは担当枠だけです。稼働時間、訪問日数、競合によって、さらに少なくなることがあります。",
            "Only slots are counted here; hours, days on site and rivals may leave even less room.",
        ),
        "not_advised": (
            "加わるとよいディレクターは、ここでは計算していません。",
            "A director who would help was not looked for here.",
        ),
        "where": ("足りないところ", "Where"),
        "n_companies": ("企業・自治体の数", "Companies"),
        "n_directors": ("担当できるディレクター", "Directors eligible"),
        "n_slots": ("枠", "Slots"),
        "n_short": ("足りない数", "Short by"),
        "told": ("内容", "What it comes to"),
        "advised": (
            "加わるとよいディレクターは、{n}件についてだけ、それぞれ{tried}通りの人物像で計算しました。"
            "調べた組合せが{pairs}組あり、目安の{small}組を超えるため、計算を絞っています。",
            "A director who would help was looked for in {n:set|sets} only, with {tried:profile|profiles} for each: "
            "{pairs:pair was|pairs were} looked at, more than the {small} up to which all sets are solved.",
        ),
        "short": (
            "{n}社に対し、担当できるディレクターは{directors}名、枠は{supply}です。"
            "少なくとも{shortage}社には担当が付きません。",
            "{n:company wants|companies want} {n:slot|slots}; the {directors:director|directors} eligible for "
            "{n:=it|them} {directors:=has|have} {supply}. At least {shortage:goes|go} unserved.",
        ),
        "nobody": (
            "{n}社には、担当できるディレクターがいません。",
            "Nobody is eligible for {n:=this company|any of these companies}.",
        ),
        "month": (
            "不足する月（不足する社数）：{months}。ここに挙げるのは、不足が最も大きい{month}のものです。",
            "Short in (companies short): {months}. Told here is {month}, when most are short.",
        ),
        "in_month": ("{month}（{shortage}）", "{month} ({shortage})"),
        "companies": ("企業・自治体：{names}", "Companies: {names}"),
        "directors": ("担当できるディレクター：{names}", "Directors eligible: {names}"),
        "more": ("ほか{n}", "{n} more"),
        "max_companies": (
            "ただし、決め手はディレクターの数ではありません。全体の上限により、担当できるのは{n}社までです。",
            "It is not directors that decide here: the limit on companies lets {n} of them be served at most.",
        ),
        "max_directors": (
            "ただし、決め手は枠の数ではありません。稼働するディレクターの人数の上限により、担当できるのは{n}社までです。",
            "It is not slots that decide here: the limit on directors lets {n} of them be served at most.",
        ),
        "quota": (
            "ただし、決め手はディレクターの数ではありません。「{value}」の枠の上限により、担当できるのは{n}社までです。",
            "It is not directors that decide here: the quota for {value} lets {n} of them be served at most.",
        ),
        "profile": (
            "{place}に拠点があり、{skills}枠が{slots}のディレクターが1名加わると：{gain}",
            "One more director at home in {place}{skills} with {slots:slot|slots}: {gain}",
        ),
        "skills": ("{list}を自ら手がけることができ、", " who does {list} by own hands,"),
        "skill": ("{name}（レベル{level}以上）", "{name} (level {level} or more)"),
        "serves": ("そのディレクターが担当：{names}", "The new director serves {names}"),
        "newly": ("新たに担当が付く：{names}", "Newly served: {names}"),
        "newly_n": ("新たに担当が付く企業：{n}社", "Companies newly served: {n}"),
        "by_new": ("{company}（新しいディレクター）", "{company} (by the new director)"),
        "by": ("{company}（{director}）", "{company} (by {director})"),
        "no_longer": ("担当がなくなる：{names}", "No longer served: {names}"),
        "no_gain": (
            "試した{n}通りの人物像（拠点とスキル）では、1名加わっても計画の点数は増えません（証明済み）。",
            "{n:profile was|profiles were} tried; the plan gains no points (proved).",
        ),
        "no_gain_open": (
            "試した{n}通りの人物像では、点数の増加を確かめられませんでした。",
            "{n:profile was|profiles were} tried; no gain of points was seen.",
        ),
        "no_gain_tiers": (
            "試した{n}通りの人物像では、1名加わっても計画は良くなりません（証明済み）。",
            "{n:profile was|profiles were} tried; the plan gets no better (proved).",
        ),
        "no_gain_open_tiers": (
            "試した{n}通りの人物像では、計画が良くなることを確かめられませんでした。",
            "{n:profile was|profiles were} tried; the plan was not seen to get better.",
        ),
        "assumptions": ("加わるディレクターの前提", "What is assumed of the new director"),
        "assumed": (
            "すべての期間に稼働でき、稼働時間・訪問日数・訪問距離は足り、報酬は計算に入れません。"
            "支援スタイルなど情報のない項目は中立値です。自社、実績、つながりはないものとし、その項目は0点です。"
            "人物像はそれぞれ数通りを試し、増加が最も大きいものを示しています。",
            "Available throughout; hours, days on site and reach suffice; no fee is counted. What is not known of "
            "them, such as the style, counts at the neutral value; without a business of their own, results and ties, "
            "these criteria give 0 points. A handful of profiles was tried for each set; the one that gains most is "
            "shown.",
        ),
        "regions": (
            "{names}の地域理解はレベル{level}（今のディレクターの申告の中央値。拠点は{home}以上）とします。",
            "Knows {names} at level {level}, the median of what the present directors state (home counts as {home} at "
            "least).",
        ),
    }
)
SCOPES: Final = table_of(
    {
        "all": ("全体", "All companies"),
        "part": ("全体のうち、ほかとディレクターが重ならない一団", "A part that shares no director with the rest"),
        "must_skill": ("「{value}」が必須の企業", "Companies that must have {value}"),
        "skill": ("「{value}」を必要とする企業", "Companies that need {value}"),
        "region": ("{value}の企業", "Companies in {value}"),
        "prefecture": ("{value}の企業", "Companies in {value}"),
    }
)
GAINS: Final = table_of(
    {
        "proved": ("計画全体で{points}点の増加（証明済み）", "the whole plan gains {points:point|points} (proved)"),
        "claimed": (
            "計画全体で{points}点の増加（ソルバーの主張。証明できたのは{ends}）",
            "the whole plan gains {points:point|points} (claimed by the solver; proved is {ends})",
        ),
        "unknown": (
            "計画全体の増加は{ends}（最適とは未確認の解による）",
            "the whole plan gains {ends} (from a plan that is not known to be the best)",
        ),
        "not_found": ("計画が見つかりませんでした", "no plan was found"),
    }
)


def blocks(standing: Standing, answer: BottlenecksAnswer, lang: Lang, audience: Audience) -> list[Block]:
    """Headings and sentences, a set after the other; a company reads no names."""
    out: list[Block] = [Line("title", TEXTS["title"].fill(lang)), *notes(standing, answer, lang)]
    for one in answer.bottlenecks:
        out += _set_lines(standing, one.found, lang, audience)
        out += _advice_lines(standing, one, lang, audience)
    return out + assumptions(answer, lang)


def notes(standing: Standing, answer: BottlenecksAnswer, lang: Lang) -> list[Line]:
    """What has to be known before the sets are read."""
    out = standing_notes(standing, lang)
    out.append(Line("text", TEXTS["meaning" if answer.bottlenecks else "none"].fill(lang)))
    out.append(Line("note", TEXTS["slots_only"].fill(lang)))
    return out + _bound_lines(answer, lang)


def assumptions(answer: BottlenecksAnswer, lang: Lang) -> list[Line]:
    """What is taken for granted of a director who does not exist."""
    if not answer.n_advised:
        return []
    return [Line("heading", TEXTS["assumptions"].fill(lang)), Line("text", TEXTS["assumed"].fill(lang))]


def table(standing: Standing, answer: BottlenecksAnswer, lang: Lang) -> Grid:
    """The sets, a row each, with all that is told of them."""
    names = ("where", "n_companies", "n_directors", "n_slots", "n_short", "told")
    rows = []
    for one in answer.bottlenecks:
        found = one.found
        told = [*_set_lines(standing, found, lang, "staff"), *_advice_lines(standing, one, lang, "staff")]
        texts = [line.text for line in told if isinstance(line, Line)]
        numbers = (len(found.company_idx), len(found.director_idx), found.supply, found.shortage)
        rows.append((texts[0], *numbers, "\n".join(texts[1:])))
    return Grid(tuple(TEXTS[name].fill(lang) for name in names), tuple(rows))


def _bound_lines(answer: BottlenecksAnswer, lang: Lang) -> list[Line]:
    """What is not told or was not solved, and the bound that made it so."""
    out: list[Line] = []
    n_shown = len(answer.bottlenecks)
    if answer.n_sets > n_shown:
        left = number_text(answer.n_sets - n_shown)
        text = TEXTS["left_out"].fill(lang, n=number_text(answer.n_sets), shown=number_text(n_shown), left=left)
        out.append(Line("note", text))
    if not answer.n_advised and answer.bottlenecks:
        out.append(Line("note", TEXTS["not_advised"].fill(lang)))
    elif answer.is_bounded and answer.bottlenecks:
        pairs, small = number_text(answer.n_pairs), number_text(SMALL)
        words = {"n": number_text(answer.n_advised), "tried": N_TRIED_OF_LARGE, "pairs": pairs, "small": small}
        out.append(Line("note", TEXTS["advised"].fill(lang, **words)))
    return out


def _set_lines(standing: Standing, found: HallSet, lang: Lang, audience: Audience) -> list[Block]:
    facts, problem = facts_of(standing.problem), standing.problem
    n, n_directors = len(found.company_idx), len(found.director_idx)
    numbers = {"n": n, "directors": n_directors, "supply": found.supply, "shortage": found.shortage}
    code = "short" if n_directors else "nobody"
    out: list[Block] = [
        Line("heading", SCOPES[found.scope].fill(lang, value=_value_text(found, lang))),
        Line("text", TEXTS[code].fill(lang, **numbers)),
    ]
    if found.reason != "directors":
        value = "" if found.quota is None else problem.policy.limits.quotas[found.quota].value
        out.append(Line("text", TEXTS[found.reason].fill(lang, n=found.allowed, value=value)))
    if found.month:
        months = [TEXTS["in_month"].fill(lang, month=one.month, shortage=one.shortage) for one in found.months]
        out.append(Line("item", TEXTS["month"].fill(lang, months=join_words(months, lang), month=found.month)))
    if audience == "staff":
        companies = [facts.labelled_company(problem.company_ids[idx], lang) for idx in found.company_idx[:NAMES_SHOWN]]
        directors = [
            facts.labelled_director(problem.director_ids[idx], lang) for idx in found.director_idx[:NAMES_SHOWN]
        ]
        out.append(Line("item", TEXTS["companies"].fill(lang, names=_names(companies, n, lang))))
        if directors:
            out.append(Line("item", TEXTS["directors"].fill(lang, names=_names(directors, n_directors, lang))))
    return out


def _advice_lines(standing: Standing, one: Bottleneck, lang: Lang, audience: Audience) -> list[Block]:
    advice = one.advice
    if advice is None:
        return []
    if not advice.whole.is_gain:
        code = ("no_gain" if advice.is_proved else "no_gain_open") + ("" if _is_of_points(advice.whole) else "_tiers")
        return [Line("text", TEXTS[code].fill(lang, n=advice.n_tried))]
    out: list[Block] = []
    reliefs = [advice.one] if advice.one == advice.whole else [advice.one, advice.whole]
    for relief in reliefs:
        out.append(Line("text", _profile_line(relief, lang)))
        out += [] if _is_of_points(relief) else change_lines(relief.losses, lang)
        out += _relief_lines(standing, relief, lang, audience)
    profile = advice.whole.profile
    if profile.regions:
        names = join_words([geography.prefecture_name(code, lang) for code in profile.regions], lang)
        home = number_text(5 * standing.problem.policy.constants.culture_at_home)
        level = number_text(profile.knowledge)
        out.append(Line("note", TEXTS["regions"].fill(lang, names=names, level=level, home=home)))
    return out


def _profile_line(relief: Relief, lang: Lang) -> str:
    profile: Profile = relief.profile
    skills = [TEXTS["skill"].fill(lang, name=name, level=level) for name, level in profile.skills]
    return (
        TEXTS["profile"]
        .fill(
            lang,
            place=geography.prefecture_name(profile.prefecture, lang),
            skills=TEXTS["skills"].fill(lang, list=join_words(skills, lang)) if skills else "",
            slots=profile.slots,
            gain=gain_text(relief.loss, lang) if _is_of_points(relief) else "",
        )
        .rstrip()
    )


def _is_of_points(relief: Relief) -> bool:
    """Whether points are all the policy asks for, so that one number tells the gain."""
    return tuple(relief.losses) == ("points",)


def _relief_lines(standing: Standing, relief: Relief, lang: Lang, audience: Audience) -> list[Block]:
    facts, problem = facts_of(standing.problem), standing.problem
    if audience == "company":
        return [Line("item", TEXTS["newly_n"].fill(lang, n=len(relief.newly)))]

    def company(idx: int) -> str:
        return facts.labelled_company(problem.company_ids[idx], lang)

    newly = []
    for director, idx in relief.newly:
        is_new = director == len(problem.directors)
        who = "" if is_new else facts.labelled_director(problem.director_ids[director], lang)
        newly.append(TEXTS["by_new" if is_new else "by"].fill(lang, company=company(idx), director=who))
    lists = {
        "serves": [company(idx) for idx in relief.serves],
        "newly": newly,
        "no_longer": [company(idx) for idx in relief.no_longer],
    }
    return [
        Line("item", TEXTS[code].fill(lang, names=join_words(names, lang))) for code, names in lists.items() if names
    ]


def gain_text(loss: Loss, lang: Lang) -> str:
    """A loss told as a gain, and how sure it is."""
    if loss.points is None:
        return GAINS["not_found"].fill(lang)
    gain = replace(
        loss,
        at_least=None if loss.at_most is None else -loss.at_most,
        at_most=None if loss.at_least is None else -loss.at_least,
    )
    return GAINS[loss.word].fill(lang, points=number_text(-loss.points), ends=ends_text(gain, lang))


def _value_text(found: HallSet, lang: Lang) -> str:
    if found.scope == "region":
        return geography.region_name(str(found.value), lang)
    if found.scope == "prefecture":
        return geography.prefecture_name(int(found.value or 0), lang)
    return str(found.value or "")


def _names(names: Sequence[str], n: int, lang: Lang) -> str:
    return join_words([*names, *([TEXTS["more"].fill(lang, n=n - len(names))] if n > len(names) else [])], lang)
