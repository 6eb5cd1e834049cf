"""The smallest changes that would bring a pair into a best plan, in words."""

from __future__ import annotations

from typing import Final

from matcher.explain.changes import Changes, PointsChange, SlotChange
from matcher.explain.weights import Way, WeightChange
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.explain_common import ends_text
from matcher.words.plan import criterion_name, number_text
from matcher.words.plan_data import table_of

TEXTS: Final = table_of(
    {
        "heading": ("どうすれば選ばれるか", "What would bring them in"),
        "points": (
            "この組合せの点が{points}点高ければ、同点で最良の計画に入ります。さらに1点で、必ず選ばれます。",
            "With {points:more point|more points} for this pair a best plan has it; with one more again, every best "
            "plan.",
        ),
        "points_zero": (
            "この組合せが入った、同点で最良の計画があります。あと1点で、必ず選ばれます。",
            "Another plan of equal points has this pair. With one more point every best plan has it.",
        ),
        "points_kept": (
            "この組合せの点が{kept}点高ければ候補に残り、{points}点高ければ同点で最良の計画に入ります。"
            "さらに1点で、必ず選ばれます。",
            "With {kept:more point|more points} this pair is kept as a candidate; with {points} more a best plan has "
            "it, and with "
            "one more again every best plan.",
        ),
        "points_kept_enough": (
            "この組合せの点が{points}点高ければ候補に残り、最良の計画に入ります。",
            "With {points:more point|more points} this pair is kept as a candidate, and a best plan has it.",
        ),
        "points_between": (
            "この組合せの点が何点高ければよいかは、証明できた範囲では{ends}です。",
            "How many more points this pair needs is proved only to be {ends}.",
        ),
        "no_plan": (
            "点や重みを変えても選ばれません。ほかの条件が許さないためです。",
            "Neither points nor weights would do it: other demands rule it out.",
        ),
        "tiers_before": (
            "点を変えても選ばれません。点より先に決める目標で劣るためです。",
            "No points would do it: an objective that comes before points decides against it.",
        ),
        "points_not_asked": (
            "この方針では点の合計が先に問われないため、必要な点数は言えません。",
            "The policy does not ask for the sum of points first, so no number of points can be told.",
        ),
        "director_slots": (
            "このディレクターの担当可能社数を{was}社から{becomes}社にすると",
            "With {becomes:company|companies} instead of {was} for this director",
        ),
        "max_companies": (
            "支援する企業・自治体の数の上限を{was}社から{becomes}社にすると",
            "With a limit of {becomes:company|companies} instead of {was} for the whole plan",
        ),
        "keep_per_company": (
            "企業ごとに残す候補を{was}名から{becomes}名にすると",
            "With {becomes:candidate|candidates} kept for each company instead of {was}",
        ),
        "stays_cut": (
            "{what}、この組合せは候補から外れたままで、計画に入りません（証明済み）。",
            "{what}, the pair is still no candidate and cannot be in the plan (proved).",
        ),
        "wider_not_tried": (
            "{what}、この組合せは候補に入ります。最良の計画に入るかどうかは、計算に時間がかかるため調べていません。"
            "--weights を付けると調べます。",
            "{what}, the pair is a candidate. Whether a best plan has it then takes long to find and was not tried; "
            "--weights tries it.",
        ),
        "enough": (
            "{what}、この組合せが最良の計画に入ります。合計は{value}点です（{word}）。",
            "{what}, a best plan has this pair. Its total is {value} ({word}).",
        ),
        "not_enough": (
            "{what}、合計は{value}点になりますが、この組合せは最良の計画に入りません（{word}）。",
            "{what}, the total is {value}, and no best plan has this pair ({word}).",
        ),
        "not_known": (
            "{what}、この組合せが最良の計画に入るかどうかは未確認です。",
            "{what}, whether a best plan has this pair is not known.",
        ),
        "weights": (
            "1つの項目の重みだけを変えた場合（ほかの重みは今のまま。0から今の重みの合計{end}まで）",
            "Changing the weight of one criterion alone, from 0 to the sum of all weights now, {end}",
        ),
        "no_weight": (
            "どの項目の重みを0から{end}の間で変えても、この組合せは最良の計画に入りません（証明済み）。",
            "No weight of any one criterion from 0 to {end} brings this pair into a best plan (proved).",
        ),
        "least": (
            "「証明済み」は、その重みで解き直して確かめたことを表します。"
            "最小の変更であることは、点を四捨五入する前の計算によります。",
            "“Proved” says that the programme was solved again with that weight. "
            "That no smaller change does it holds before points are rounded.",
        ),
        "not_tried": (
            "重みの変更は試していません。--weights を付けると調べます。",
            "Changes of weights were not tried; --weights tries them.",
        ),
        "weights_open": (
            "この方針では、重みを変えると候補や問う順序が変わるため、必要な重みは調べていません。",
            "Under this policy weights also decide who is a candidate, or another objective comes first: "
            "no weights were looked for.",
        ),
        "criterion": ("項目", "Criterion"),
        "was": ("今の重み", "Weight now"),
        "up": ("上げるなら", "Raised to"),
        "down": ("下げるなら", "Lowered to"),
        "word_proved": ("証明済み", "proved"),
        "word_claimed": ("ソルバーの主張", "claimed by the solver"),
        "word_unknown": ("未確認", "unknown"),
        "way_none": ("なし", "none"),
        "way_none_open": ("四捨五入を除けば、なし", "none before rounding"),
        "way_found": ("{weight}（{word}）", "{weight} ({word})"),
        "way_rounding": (
            "{weight}付近（四捨五入のため未確認）",
            "about {weight} (unknown, for points are rounded)",
        ),
        "way_unknown": ("未確認", "unknown"),
        "way_spent": ("未確認（計算の回数の上限）", "unknown (too many solves needed)"),
    }
)


def blocks(changes: Changes | None, lang: Lang) -> list[Block]:
    """Sentences and a table, for staff."""
    if changes is None:
        return []
    out: list[Block] = [Line("heading", TEXTS["heading"].fill(lang)), Line("item", _points(changes.points, lang))]
    out += [Line("item", _slot(slot, lang)) for slot in changes.slots]
    if changes.points.why_not == "no_plan":
        return out
    return out + ([Line("note", TEXTS["not_tried"].fill(lang))] if changes.weights is None else _weights(changes, lang))


def _points(change: PointsChange, lang: Lang) -> str:
    if change.needed is None:
        return TEXTS[change.why_not or "points_not_asked"].fill(lang)
    if change.needed.word == "proved":
        kept, needed = change.to_be_kept, change.needed.points
        code = "points" if needed else "points_zero"
        if kept is not None:
            code = "points_kept_enough" if needed == kept else "points_kept"
        return TEXTS[code].fill(lang, points=number_text(needed), kept=number_text(kept))
    return TEXTS["points_between"].fill(lang, ends=ends_text(change.needed, lang))


def _slot(slot: SlotChange, lang: Lang) -> str:
    what = TEXTS[slot.kind].fill(lang, was=number_text(slot.was), becomes=number_text(slot.becomes))
    if slot.why_not == "not_kept":
        return TEXTS["stays_cut"].fill(lang, what=what)
    if slot.why_not == "not_tried":
        return TEXTS["wider_not_tried"].fill(lang, what=what)
    code = "not_known" if slot.is_enough is None else "enough" if slot.is_enough else "not_enough"
    word = TEXTS[f"word_{slot.word}"].fill(lang)
    return TEXTS[code].fill(lang, what=what, value=number_text(slot.value), word=word)


def _weights(changes: Changes, lang: Lang) -> list[Block]:
    tried = changes.weights or ()
    if not tried:
        return []
    ways = [way for one in tried for way in (one.up, one.down)]
    end = _weight(max((way.end for way in ways), default=0.0))
    if all(way.why_not == "depends_on_points" for way in ways):
        return [Line("note", TEXTS["weights_open"].fill(lang))]
    if all(way.outcome == "none" and way.word == "proved" for way in ways):
        return [Line("item", TEXTS["no_weight"].fill(lang, end=end))]
    headings = tuple(TEXTS[name].fill(lang) for name in ("criterion", "was", "up", "down"))
    rows = tuple(_row(one, lang) for one in tried)
    return [
        Grid(headings, rows, TEXTS["weights"].fill(lang, end=end)),
        Line("note", TEXTS["least"].fill(lang)),
    ]


def _row(change: WeightChange, lang: Lang) -> tuple[str, ...]:
    name = criterion_name(change.criterion, lang)
    return name, _weight(change.was), _way(change.up, lang), _way(change.down, lang)


def _way(way: Way, lang: Lang) -> str:
    if way.outcome == "none":
        return TEXTS["way_none" if way.word == "proved" else "way_none_open"].fill(lang)
    if way.weight is not None:
        return TEXTS["way_found"].fill(lang, weight=_weight(way.weight), word=TEXTS[f"word_{way.word}"].fill(lang))
    if way.exact is not None and way.why_not == "rounding":
        return TEXTS["way_rounding"].fill(lang, weight=_weight(float(way.exact)))
    return TEXTS["way_spent" if way.why_not == "solves_used_up" else "way_unknown"].fill(lang)


def _weight(weight: float) -> str:
    return f"{weight:.6g}"
