"""How evenly a plan treats both sides, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matcher.domain import geography
from matcher.explain.explanation import Audience
from matcher.explain.fairness import FairnessAnswer, GroupCount, Grouping, ListedPair, Unhappy, without_small
from matcher.explain.standing import Standing
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.explain_common import loss_heading, short_loss, standing_notes
from matcher.words.facts import facts_of
from matcher.words.headings import cell_text
from matcher.words.plan import join_words, number_text
from matcher.words.plan_data import table_of

TEXTS: Final = table_of(
    {
        "title": ("偏りの確認", "How evenly the plan treats both sides"),
        "no_matches": ("この計画には組合せがありません。", "The plan has no matches."),
        "points": ("組合せの点", "Points of the matches"),
        "lowest": (
            "最も低い組合せは{lowest}点（{pairs}）、中央値（点の順に並べた真ん中の値）は{median}点です。",
            "The worst match has {lowest:point|points} ({pairs}), the median is {median}.",
        ),
        "pair": ("{director}と{company}", "{director} and {company}"),
        "gini_points": (
            "点のジニ係数は{value}です。",
            "The Gini coefficient of the points is {value}.",
        ),
        "gini": (
            "ジニ係数は偏りの大きさです。0ならすべて同じで、1に近いほど一部に偏っています"
            "（任意の2件の差の平均を、平均の2倍で割った値）。",
            "The Gini coefficient says how uneven it is: 0 where all are alike, towards 1 where few have it all (the "
            "mean "
            "difference between any two, by twice the mean).",
        ),
        "load": ("ディレクターの担当数", "Load of the directors"),
        "slots": (
            "最も多い月に、全{slots}枠のうち{used}枠が使われています（他の担当を含む）。",
            "In the fullest month {used} of {slots:slot|slots} {used:=is|are} in use, work elsewhere included.",
        ),
        "share": (
            "ディレクターごとに最も多い月で見ると、使われている枠の割合は最小{least}、中央値{median}、最大{largest}です。",
            "Of a director's slots, in their own fullest month, {least} at least, {median} in the middle and {largest} "
            "at most are in use.",
        ),
        "gini_load": (
            "担当数のジニ係数は{value}です（稼働できるディレクター全員について。担当のない人も数えます）。",
            "The Gini coefficient of the load is {value}, over all directors in service, those without a match "
            "included.",
        ),
        "n_companies": ("担当社数", "Companies"),
        "n_directors": ("ディレクターの人数", "Directors"),
        "rather": ("相手を替えたい人がいるか", "Would anyone rather have another"),
        "rather_meaning": (
            "計画を離れて相手を選べるとしたら、誰が誰を選び直すかを見ます。多いほど、辞退や不満が起きやすくなります。"
            "計画の誤りではなく、合計点が最良の計画にも残ります。",
            "This looks at who would choose again if they could leave the plan. The more there are, the more refusals "
            "and complaints to expect. It is no fault of the plan: the one with the most points may have some.",
        ),
        "groups_meaning": (
            "2つの割合の差が大きい区分ほど、担当の付き方が偏っています。件数が少ない区分では、差は偶然でも生じます。",
            "The further the two shares of a group are apart, the less evenly it is served. Where a group is small, "
            "chance alone sets them apart.",
        ),
        "order_points": ("双方が点数で相手を選ぶとき", "If both sides went by points"),
        "order_wishes": (
            "双方がまず自分の希望で、同じなら点数で相手を選ぶとき",
            "If both sides went by their own wishes first, then by points",
        ),
        "envy": (
            "ほかのディレクターの担当先を、自分の最も低い担当先より（担当がなければ担当なしより）望むはずの"
            "ディレクターは{who}名、組合せにして{n}件です。",
            "Directors who would rather have another's company than the lowest of their own (or than none): {who}, in "
            "{n:pair|pairs}.",
        ),
        "blocking": (
            "双方にとって今の計画より望ましい組合せは{n}件です（うち、企業に担当がないもの{unserved}件）。",
            "Pairs that would both rather have each other than what the plan gives them: {n}; in {unserved} of them "
            "the company has no director.",
        ),
        "blocking_none": (
            "双方にとって今の計画より望ましい組合せはありません。",
            "No two would both rather have each other than what the plan gives them.",
        ),
        "same": (
            "件数も内容も、点数で選ぶときと同じです。",
            "The same pairs as by points.",
        ),
        "meaning": (
            "二者の望みをかなえると、ほかの組合せの点が下がります。"
            "企業は、担当がないよりは担当がある方を望むとします。ディレクターは、企業の全期間に枠が空いているか、"
            "より低い担当を離れれば枠が空くときに応じるとします。固定の組合せは動かしません。"
            "稼働時間、訪問日数、競合、全体の上限は見ていません。表の減少は、それらをすべて守って"
            "その組合せを入れたときの値です。",
            "What two of them gain, others lose. A company is "
            "taken to prefer any director to none; a director to take a company where a slot is free in all its "
            "months, or becomes free by leaving a lower match. Pinned matches stay. Hours, days on site, rivals and "
            "limits of the "
            "plan are not looked at; what is lost, in the tables, keeps them all when the pair is matched.",
        ),
        "worst_envy": (
            "望むはずの担当先（点の差が大きい順）",
            "Companies they would rather have (largest difference first)",
        ),
        "worst_blocking": (
            "双方に望ましい組合せ：企業に別の担当があるもの（点の増加が大きい順）",
            "Pairs that prefer each other, the company having another director (most gained first)",
        ),
        "worst_unserved": (
            "双方に望ましい組合せ：企業に担当がないもの（点の増加が大きい順）",
            "Pairs that prefer each other, the company having none (most gained first)",
        ),
        "order": ("相手の選び方", "How both sides choose"),
        "which": ("一覧", "List"),
        "director": ("ディレクター", "Director"),
        "company": ("企業・自治体", "Company"),
        "pair_points": ("点", "Points"),
        "present": ("今の担当", "Served by"),
        "company_points": ("今の点", "Its points"),
        "director_points": ("手放す担当の点", "Points given up"),
        "groups": ("応募と担当の内訳", "Who applied and who is served"),
        "kind": ("区分", "Kind"),
        "region": ("地方", "Region"),
        "prefecture": ("都道府県", "Prefecture"),
        "share_applicants": ("応募に占める割合", "Of applicants"),
        "share_served": ("担当ありに占める割合", "Of served"),
        "n_of": ("{n}/{total}（{share}）", "{n} of {total} ({share})"),
        "not_stated": ("記載なし", "not stated"),
        "small_groups": ("その他（少数の区分の合計）", "Others (small groups together)"),
    }
)


PAIR_COLUMNS: Final = ("director", "company", "pair_points", "present", "company_points", "director_points", "loss")


def blocks(standing: Standing, answer: FairnessAnswer, lang: Lang, audience: Audience) -> list[Block]:
    """Headings, sentences and tables. A company reads only who applied and who is served, small groups together."""
    out: list[Block] = [Line("title", TEXTS["title"].fill(lang))]
    if audience == "staff":
        out += [*standing_notes(standing, lang), *_points(standing, answer, lang), *_load(answer, lang)]
        out += [Line("heading", TEXTS["rather"].fill(lang)), Line("text", TEXTS["rather_meaning"].fill(lang))]
        for order, one in answer.by_order.items():
            out.append(Line("heading", TEXTS[f"order_{order}"].fill(lang)))
            is_same = order != "points" and one == answer.by_order["points"]
            out += [Line("text", TEXTS["same"].fill(lang))] if is_same else _unhappy(standing, one, lang)
        out.append(Line("note", TEXTS["meaning"].fill(lang)))
    out += [Line("heading", TEXTS["groups"].fill(lang)), Line("text", TEXTS["groups_meaning"].fill(lang))]
    is_for_staff = audience == "staff"
    return out + [_group(name, counts, answer, lang, is_whole=is_for_staff) for name, counts in answer.groups.items()]


def notes(standing: Standing, answer: FairnessAnswer, lang: Lang) -> list[Line]:
    """What has to be known before the pairs are read."""
    meaning = Line("text", TEXTS["rather_meaning"].fill(lang))
    return [*standing_notes(standing, lang), meaning, Line("note", TEXTS["meaning"].fill(lang))]


def table(standing: Standing, answer: FairnessAnswer, lang: Lang) -> Grid:
    """The pairs of all lists in one table."""
    lists = ("worst_envy", "worst_blocking", "worst_unserved")
    rows: list[tuple[str | int | None, ...]] = []
    for order, one in answer.by_order.items():
        if order != "points" and one == answer.by_order["points"]:
            continue
        how = TEXTS[f"order_{order}"].fill(lang)
        for name, pairs in zip(lists, (one.envy, one.blocking, one.blocking_unserved), strict=True):
            rows += [(how, TEXTS[name].fill(lang), *_pair_row(standing, pair, lang)) for pair in pairs]
    return Grid(_headings(standing, ("order", "which", *PAIR_COLUMNS), lang), tuple(rows))


def below(standing: Standing, answer: FairnessAnswer, lang: Lang) -> list[Block]:
    """What is no list of pairs: points, load, how many pairs there are, and who applied."""
    out = [*_points(standing, answer, lang), *_load(answer, lang)]
    for order, one in answer.by_order.items():
        is_same = order != "points" and one == answer.by_order["points"]
        told: list[Block] = [Line("text", TEXTS["same"].fill(lang))] if is_same else _unhappy(standing, one, lang)
        lines = [block for block in told if isinstance(block, Line)]
        out += [Line("heading", TEXTS[f"order_{order}"].fill(lang)), *lines]
    out += [Line("heading", TEXTS["groups"].fill(lang)), Line("text", TEXTS["groups_meaning"].fill(lang))]
    return out + [_group(name, counts, answer, lang) for name, counts in answer.groups.items()]


def _points(standing: Standing, answer: FairnessAnswer, lang: Lang) -> list[Block]:
    if answer.lowest is None:
        return [Line("text", TEXTS["no_matches"].fill(lang))]
    pairs = join_words([_pair_text(standing, *pair, lang) for pair in answer.worst], lang)
    median, lowest = number_text(answer.median), number_text(answer.lowest)
    return [
        Line("heading", TEXTS["points"].fill(lang)),
        Line("text", TEXTS["lowest"].fill(lang, lowest=lowest, pairs=pairs, median=median)),
        *_gini("gini_points", answer.gini_points, lang),
    ]


def _load(answer: FairnessAnswer, lang: Lang) -> list[Block]:
    out: list[Block] = [
        Line("heading", TEXTS["load"].fill(lang)),
        Line("text", TEXTS["slots"].fill(lang, used=number_text(answer.slots_used), slots=number_text(answer.slots))),
    ]
    if answer.full_share is not None:
        least, median, largest = (f"{share:.0%}" for share in answer.full_share)
        out.append(Line("text", TEXTS["share"].fill(lang, least=least, median=median, largest=largest)))
    out += _gini("gini_load", answer.gini_load, lang)
    if answer.gini_points is not None or answer.gini_load is not None:
        out.append(Line("note", TEXTS["gini"].fill(lang)))
    headings = (TEXTS["n_companies"].fill(lang), TEXTS["n_directors"].fill(lang))
    return [*out, Grid(headings, answer.loads)]


def _gini(code: str, value: float | None, lang: Lang) -> list[Block]:
    return [] if value is None else [Line("text", TEXTS[code].fill(lang, value=f"{value:.3f}"))]


def _unhappy(standing: Standing, one: Unhappy, lang: Lang) -> list[Block]:
    n, unserved = number_text(one.n_blocking), number_text(one.n_blocking_unserved)
    code = "blocking" if one.n_blocking else "blocking_none"
    envy = TEXTS["envy"].fill(lang, n=number_text(one.n_envied), who=number_text(one.n_envious))
    return [
        Line("text", envy),
        *_listed(standing, "worst_envy", one.envy, lang),
        Line("text", TEXTS[code].fill(lang, n=n, unserved=unserved)),
        *_listed(standing, "worst_blocking", one.blocking, lang),
        *_listed(standing, "worst_unserved", one.blocking_unserved, lang),
    ]


def _listed(standing: Standing, title: str, pairs: Sequence[ListedPair], lang: Lang) -> list[Block]:
    if not pairs:
        return []
    codes = PAIR_COLUMNS if any(pair.loss is not None for pair in pairs) else PAIR_COLUMNS[:-1]
    rows = tuple(_pair_row(standing, one, lang)[: len(codes)] for one in pairs)
    return [Grid(_headings(standing, codes, lang), rows, TEXTS[title].fill(lang))]


def _headings(standing: Standing, codes: Sequence[str], lang: Lang) -> tuple[str, ...]:
    return tuple(loss_heading(standing, lang) if code == "loss" else TEXTS[code].fill(lang) for code in codes)


def _pair_row(standing: Standing, one: ListedPair, lang: Lang) -> tuple[str | int | None, ...]:
    """The cells of `PAIR_COLUMNS`."""
    facts, problem, present = facts_of(standing.problem), standing.problem, one.present_idx
    is_exact = one.loss is not None and one.loss.word == "proved"
    return (
        facts.labelled_director(problem.director_ids[one.pair[0]], lang),
        facts.labelled_company(problem.company_ids[one.pair[1]], lang),
        one.points,
        None if present is None else facts.labelled_director(problem.director_ids[present], lang),
        one.company_points,
        one.director_points,
        one.loss.points if is_exact and one.loss and one.loss.points is not None else short_loss(one.loss, lang),
    )


def _group(
    name: Grouping, counts: tuple[GroupCount, ...], answer: FairnessAnswer, lang: Lang, *, is_whole: bool = True
) -> Grid:
    def share(n: int, total: int) -> str:
        return TEXTS["n_of"].fill(lang, n=n, total=total, share=f"{n / total:.0%}") if total else "–"

    headings = (TEXTS[name].fill(lang), TEXTS["share_applicants"].fill(lang), TEXTS["share_served"].fill(lang))
    told, rest = (counts, None) if is_whole else without_small(counts)
    named = [(_value_text(name, one.value, lang), one) for one in told]
    named += [] if rest is None else [(TEXTS["small_groups"].fill(lang), rest)]
    rows = tuple(
        (label, share(one.n_applicants, answer.n_applicants), share(one.n_served, answer.n_served))
        for label, one in named
    )
    return Grid(headings, rows)


def _value_text(name: Grouping, value: str | int | None, lang: Lang) -> str:
    if value is None:
        return TEXTS["not_stated"].fill(lang)
    if name == "region":
        return geography.region_name(str(value), lang)
    if name == "prefecture":
        return geography.prefecture_name(int(value), lang)
    return cell_text("companies", "kind", value, lang)


def _pair_text(standing: Standing, director: int, company: int, lang: Lang) -> str:
    facts, problem = facts_of(standing.problem), standing.problem
    return TEXTS["pair"].fill(
        lang,
        director=facts.labelled_director(problem.director_ids[director], lang),
        company=facts.labelled_company(problem.company_ids[company], lang),
    )
