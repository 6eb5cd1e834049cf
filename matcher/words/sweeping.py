"""A grid of settings in words: one table, and along one weight the break points and what changes at each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from matcher.domain.problem import Problem
from matcher.whatif.along_weight import Pairs
from matcher.whatif.breakpoints import Break, BreakPoints, Region
from matcher.whatif.swept import Sweep
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.errors import error_text
from matcher.words.facts import Facts, facts_of
from matcher.words.plan import criterion_name, number_text, status_name, tier_name, tier_value, word_name
from matcher.words.plan_data import table_of
from matcher.words.whatif import TEXTS, sure_text

BREAKS: Final = table_of(
    {
        "heading": (
            "切り替わり点：「{criterion}」の重みを {low} から {high} まで（ほかの重みはそのまま）",
            "Break points: the weight of “{criterion}” from {low} to {high}, all other weights as they are",
        ),
        "from": ("重み：から", "Weight from"),
        "to": ("まで", "to"),
        "plan": ("計画", "Plan"),
        "sure": ("この計画になる重み（{step} きざみ）", "It is the plan at weights (steps of {step})"),
        "proof": ("確かさ", "How sure"),
        "at": ("計算した重み", "Solved at"),
        "span": ("{low}～{high}", "{low} to {high}"),
        "more": ("{spans} ほか{n}区間", "{spans} and {n} more"),
        "rounding": ("端数処理しだい", "rounding decides"),
        "short": ("{word}（あと{points}点まで）", "{word} (up to {points:point|points})"),
        "none": (
            "切り替わりはありません。どの重みでも、丸める前の最良の計画は同じです。",
            "There is no break point: before points are rounded the best plan is the same at every weight.",
        ),
        "exact": (
            "「から」「まで」は、点数を整数に丸める前の正確な境目です。丸めた点数でもこの計画が唯一の最良だと"
            "証明できた重みを、次の列に示します。",
            "“From” and “to” are exact, before points are rounded to whole ones. The column after the plan gives the "
            "weights at which it is proved to be the only best plan with rounded points too.",
        ),
        "break": ("{w} で {one} → {other}", "At {w}: {one} → {other}"),
        "scored": (
            "方針の点数では、{last} まで {one}、{first} で {other}（計算で確認）。",
            "As the policy scores it: at {last} still {one}, at {first} {other} (solved).",
        ),
        "scored_else": (
            "方針の点数では、{last} まで {one}、{first} では別の計画（計算で確認）。",
            "As the policy scores it: at {last} still {one}, at {first} another plan (solved).",
        ),
        "open": (
            "方針の点数でどこから替わるかは、確かめていません。",
            "Where it changes as the policy scores it was not found out.",
        ),
        "moved": ("{company}：{before}から{after}へ", "{company}: from {before} to {after}"),
        "entered": ("{company}：{after}が担当", "{company}: served by {after}"),
        "left": ("{company}：{before}の担当がなくなる", "{company}: no longer served by {before}"),
        "changes_left": ("ほか{n}件（--json で示します）", "and {n} more (all with --json)"),
        "gap": (
            "上の表は方針の gap（{gap}）までの計画、切り替わり点は最適まで解いた計画です。記号が違うことがあります。",
            "The table above holds plans within the policy's gap ({gap}), the break points plans solved to the end: "
            "their letters may differ.",
        ),
        "incomplete": (
            "計算は{n}回まで（上限{most}回）で、確かめられなかった部分があります。「未確認」の区間には、"
            "ほかの切り替わり点があるかもしれません。",
            "{n:solve was|solves were} spent (at most {most}), and something is left open: within an interval of the "
            "word "
            "“unknown” there may be further break points.",
        ),
        "not_proved": (
            "最良と証明できない計画が多いため、切り替わり点の探索を早めに終えました。境目は、見つけた計画どうしのものです。",
            "Plans could not be proved to be the best, so the search for break points ended early: the corners are "
            "those between the plans found.",
        ),
        "complete": ("計算は{n}回です。", "{n:solve|solves}."),
        "depends_on_points": (
            "切り替わり点は示せません。方針では、点数が候補（最低点、候補の絞り込み）か、点数より前の目標"
            "（最も低い組合せの点）を決めるためです。",
            "No break points: in this policy points decide who is a candidate (a minimum score, candidates kept), or a "
            "tier before them (the weakest match).",
        ),
        "points_not_asked": (
            "方針の目標に点数がないため、重みで計画は替わりません。",
            "The policy's objective does not ask for points, so weights do not change the plan.",
        ),
        "no_plan": ("計画が見つからないため、切り替わり点はありません。", "No plan was found, so no break points."),
        "too_large": ("数が大きすぎて、切り替わり点を計算できません。", "The numbers are too large for break points."),
    }
)

CHANGES_SHOWN = 10
"""Companies from one plan to the next; `--json` has them all."""

_SPANS_SHOWN = 1


def table_of_sweep(sweep: Sweep, lang: Lang) -> Grid:
    """One row a point of a grid: its settings, the tiers, how sure, and a letter for each different plan."""
    plans = [outcome.plan for outcome in sweep.outcomes if outcome.plan is not None]
    tiers = list(dict.fromkeys(tier for plan in plans for tier in plan.document.objective))
    names = [TEXTS[name].fill(lang) for name in ("status", "proof", "served", "used", "plan")]
    out = []
    for at, (point, outcome) in enumerate(zip(sweep.points, sweep.outcomes, strict=True)):
        shown = [value if isinstance(value, int) else str(value) for value in point]
        if outcome.plan is None:
            reason = TEXTS["not_run"].fill(lang) if outcome.error is None else error_text(outcome.error, lang)
            out.append((*shown, reason.split("\n", 1)[0], *(None,) * (len(tiers) + 4)))
            continue
        document = outcome.plan.document
        values = [
            value if value is None or tier == "points" else tier_value(tier, value, lang)
            for tier, value in ((tier, document.objective.get(tier)) for tier in tiers)
        ]
        metrics, letter = document.metrics, sweep.letter_of(at)
        counts = (None, None) if letter is None else (metrics.n_served, metrics.n_directors_used)
        out.append((*shown, status_name(document, lang), *values, sure_text(document, lang), *counts, letter))
    headings = (*sweep.keys, names[0], *(tier_name(tier, lang) for tier in tiers), *names[1:])
    return Grid(headings, tuple(out))


def break_blocks(
    found: BreakPoints, letters: Mapping[Pairs, str], problem: Problem, most_solves: int, lang: Lang
) -> list[Block]:
    """The intervals of one weight, and at each break point who changes."""
    out: list[Block] = [
        Line(
            "heading",
            BREAKS["heading"].fill(
                lang,
                criterion=criterion_name(found.key.partition(".")[2], lang),
                low=weight_text(found.low),
                high=weight_text(found.high),
            ),
        )
    ]
    if found.why_not is not None:
        return [*out, Line("text", BREAKS[found.why_not].fill(lang))]
    tiers = list(problem.policy.objective)
    rows = tuple(_region_row(region, letters, tiers, lang) for region in found.regions)
    names = [BREAKS[name].fill(lang, step=weight_text(found.step)) for name in ("from", "to", "plan", "sure", "proof")]
    out.append(Line("text", BREAKS["exact"].fill(lang)))
    out.append(Grid((*names, BREAKS["at"].fill(lang), *(tier_name(tier, lang) for tier in tiers)), rows))
    if not found.breaks and found.is_complete:
        out.append(Line("text", BREAKS["none"].fill(lang)))
    for place, one in enumerate(found.breaks):
        out += _break_lines(one, found.regions[place], found.regions[place + 1], letters, facts_of(problem), lang)
    if any(region.word != "proved" for region in found.regions) and found.n_solves < most_solves:
        out.append(Line("note", BREAKS["not_proved"].fill(lang)))
    if found.gap:
        out.append(Line("note", BREAKS["gap"].fill(lang, gap=f"{found.gap:.2%}")))
    name = "complete" if found.is_complete else "incomplete"
    return [*out, Line("note", BREAKS[name].fill(lang, n=found.n_solves, most=most_solves))]


def weight_text(w: Fraction) -> str:
    """A weight as people write it: whole, a decimal, or rounded with the exact fraction behind it."""
    for digits in range(7):
        if (w * 10**digits).denominator == 1:
            return f"{float(w):.{digits}f}"
    return f"{float(w):.4f} ({w.numerator}/{w.denominator})"


def _region_row(
    region: Region, letters: Mapping[Pairs, str], tiers: Sequence[str], lang: Lang
) -> tuple[str | int | None, ...]:
    spans = sorted(region.sure, key=lambda span: span[0] - span[1])
    shown = [BREAKS["span"].fill(lang, low=weight_text(a), high=weight_text(b)) for a, b in spans[:_SPANS_SHOWN]]
    sure = shown[0] if shown else BREAKS["rounding"].fill(lang) if region.word == "proved" else "–"
    if len(spans) > _SPANS_SHOWN:
        sure = BREAKS["more"].fill(lang, spans=sure, n=len(spans) - _SPANS_SHOWN)
    word = word_name(region.word, lang)
    if region.word != "proved" and region.short_points:
        word = BREAKS["short"].fill(lang, word=word, points=number_text(region.short_points))
    values = [
        value if value is None or tier == "points" else tier_value(tier, value, lang)
        for tier, value in ((tier, region.objective.get(tier)) for tier in tiers)
    ]
    at = None if region.solved_at is None else weight_text(region.solved_at)
    return (_short(region.low), _short(region.high), letters[region.plan], sure, word, at, *values)


def _short(w: Fraction) -> str:
    return weight_text(w).partition(" ")[0]


def _break_lines(
    one: Break, before: Region, after: Region, letters: Mapping[Pairs, str], facts: Facts, lang: Lang
) -> list[Block]:
    names = {"one": letters[before.plan], "other": letters[after.plan]}
    out: list[Block] = [Line("heading", BREAKS["break"].fill(lang, w=weight_text(one.w), **names))]
    if one.last is None or one.first is None:
        out.append(Line("text", BREAKS["open"].fill(lang)))
    else:
        code = "scored" if one.is_next_at_first else "scored_else"
        told = BREAKS[code].fill(lang, last=weight_text(one.last), first=weight_text(one.first), **names)
        out.append(Line("text", told))
    return out + change_lines(before.plan, after.plan, facts, lang)


def change_lines(before: Pairs, after: Pairs, facts: Facts, lang: Lang) -> list[Line]:
    """Who moves, enters and leaves from one plan to another, by company."""
    was, becomes = ({company: director for director, company in pairs} for pairs in (before, after))
    out = []
    changed = [one for one in sorted(was.keys() | becomes.keys()) if was.get(one) != becomes.get(one)]
    for company in changed[:CHANGES_SHOWN]:
        sides = was.get(company), becomes.get(company)
        kind = "entered" if sides[0] is None else "left" if sides[1] is None else "moved"
        labels = ["" if side is None else facts.labelled_director(side, lang) for side in sides]
        told = BREAKS[kind].fill(lang, company=facts.labelled_company(company, lang), before=labels[0], after=labels[1])
        out.append(Line("item", told))
    if len(changed) > CHANGES_SHOWN:
        out.append(Line("item", BREAKS["changes_left"].fill(lang, n=len(changed) - CHANGES_SHOWN)))
    return out
