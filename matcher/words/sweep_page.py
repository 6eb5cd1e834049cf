"""Headings and labels of a sweep's page and workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matcher.whatif.along_weight import Pairs
from matcher.whatif.breakpoints import BreakPoints, Region
from matcher.whatif.running import Outcome
from matcher.whatif.swept import Sweep
from matcher.words.blocks import Block, Line
from matcher.words.catalog import Lang
from matcher.words.plan import number_text, status_name
from matcher.words.plan_data import sentence_of, table_of
from matcher.words.policy import setting_name
from matcher.words.sweeping import weight_text
from matcher.words.whatif import TEXTS, outcome_reasons

LABELS: Final = table_of(
    {
        "sweep": ("設定を変えたときの比較", "A sweep of settings"),
        "skip": ("本文へ", "Skip to the content"),
        "lead": (
            "{axes}を変えた{n}通りです。計画は、違うものごとに記号（A、B、…）で示します（全{plans}通り）。",
            "{axes}: {n:combination|combinations}. Every different plan has a letter ({plans} in all).",
        ),
        "axis": ("「{name}」（{key}：{values}）", "{name} ({key}: {values})"),
        "values_range": ("{low}～{high}の{n}通り", "{n} values from {low} to {high}"),
        "cut_short": (
            "中断したため、{of}通りのうち{n}通りまでの結果です。",
            "Interrupted: {n} of {of:combination|combinations} were finished.",
        ),
        "breaks_cut_short": (
            "切り替わり点を調べている途中で中断しました。",
            "Interrupted while break points were looked for.",
        ),
        "without_plan": ("計画がない設定：{n}通り", "Without a plan: {n:combination|combinations}."),
        "reasons": ("計画がない理由", "Why there is no plan"),
        "reason_one": ("{point}", "{point}"),
        "reason_more": ("{point} ほか{n}通り", "{point} and {n} more"),
        "reasons_cut": ("ほかの理由は sweep.xlsx にあります。", "Further reasons are in sweep.xlsx."),
        "corner": (
            "重み {w} で計画 {one} から {other} に替わります。",
            "At the weight {w} plan {one} gives way to plan {other}.",
        ),
        "no_corner": ("どの重みでも計画は替わりません。", "The plan is the same at every weight."),
        "charts": ("項目ごとの図", "Measure by measure"),
        "charts_note": (
            "目盛りは項目ごとに最小から最大までで、0から始まりません。×は計画のない設定です。",
            "Every measure has its own scale, from its smallest value to its largest; it does not begin at 0. × has no "
            "plan.",
        ),
        "charts_across": ("横軸は {key} です。", "Across: {key}."),
        "charts_axes": (
            "左から右へ {key}、上から下へ {others} です。",
            "Across: {key}; down: {others}.",
        ),
        "charts_breaks": (
            "縦の破線は切り替わり点で、点数を整数に丸める前の正確な位置です。",
            "Dashed lines are break points: exact, before points are rounded.",
        ),
        "charts_same": ("どの設定でも同じ項目：{names}", "The same everywhere: {names}"),
        "charts_cut": ("図は初めの{n}行です。", "The charts show the first {n:row|rows}."),
        "chart_plan": ("計画", "Plan"),
        "chart_label": ("{name}：{values}", "{name}: {values}"),
        "chart_value": ("{point} {value}", "{point} {value}"),
        "region": ("{low}～{high} {plan}", "{low} to {high} {plan}"),
        "grid": ("一覧", "Every combination"),
        "breaks": ("切り替わり点", "Break points"),
        "matches": ("組合せと設定", "Matches over the settings"),
        "matches_note": (
            "計画のある{n}通りのうち、その組合せになる設定の数です。",
            "In how many of the {n:combination|combinations} with a plan two are matched.",
        ),
        "matches_cut": ("ほか{n}件は sweep.xlsx にあります。", "{n} more are in sweep.xlsx."),
        "matches_all": ("ほか{n}件は matches.parquet にあります。", "{n} more are in matches.parquet."),
        "figures_all": ("ほか{n}件は sweep.parquet にあります。", "{n} more are in sweep.parquet."),
        "matches_none": ("組合せはありません。", "No matches."),
        "made_from": ("このページのもと", "What this was made from"),
        "source": ("データ", "Data"),
        "policy": ("条件設定", "Policy"),
        # Columns and sheets
        "point": ("番号", "No."),
        "status": ("状態", "Status"),
        "sure": ("確かさ", "How sure"),
        "plan": ("計画", "Plan"),
        "director_id": ("ディレクターID", "Director ID"),
        "director": ("ディレクター", "Director"),
        "company_id": ("企業ID", "Company ID"),
        "company": ("企業・自治体", "Company"),
        "n_points": ("設定の数", "Combinations"),
        "share": ("割合（%）", "Share (%)"),
        "in_plans": ("計画", "In plans"),
        "sheet_grid": ("一覧", "Combinations"),
        "sheet_matches": ("組合せ", "Matches"),
        "kind": ("種類", "Kind"),
        "measure": ("項目", "Measure"),
        "value": ("値", "Value"),
        "bound": ("到達できる上限", "Upper bound"),
        "sheet_figures": ("数値", "Figures"),
        "sheet_reasons": ("計画がない理由", "Without a plan"),
        "what": ("内容", "What"),
        "sheet_plans": ("計画", "Plans"),
        "sheet_breaks": ("切り替わり点", "Break points"),
    }
)


def label(code: str, lang: Lang, **params: object) -> str:
    """A heading or label of a sweep.

    Raises
    ------
    LookupError : there is no such label; the known ones are listed
    """
    return sentence_of(LABELS, code, "Label").fill(lang, **params)


def lead_text(sweep: Sweep, lang: Lang) -> str:
    """What was varied, over how many combinations, and how many plans there are."""
    axes = []
    for axis in sweep.axes:
        shown: object = [str(value) for value in axis.values]
        if len(axis.values) > 4 and not axis.is_text:
            low, high = min(axis.values, key=float), max(axis.values, key=float)
            shown = label("values_range", lang, low=low, high=high, n=len(axis.values))
        axes.append(label("axis", lang, name=setting_name(axis.key, lang), key=axis.key, values=shown))
    joined = "と".join(axes) if lang == "ja" else ", ".join(axes)
    return label("lead", lang, axes=joined, n=number_text(len(sweep.points)), plans=len(sweep.letters))


def standing_texts(sweep: Sweep, lang: Lang) -> list[str]:
    """What was cut short, what has no plan, and where the plan changes along one weight."""
    out = []
    found = sweep.break_points
    if sweep.n_done < len(sweep.points):
        out.append(label("cut_short", lang, n=sweep.n_done, of=len(sweep.points)))
    elif sweep.is_stopped:
        out.append(label("breaks_cut_short", lang))
    n_without = sum(
        plan is None and one.state != "not_run" for plan, one in zip(sweep.plans, sweep.outcomes, strict=True)
    )
    if n_without:
        out.append(label("without_plan", lang, n=n_without))
    if found is None:
        return out
    if found.is_complete and found.regions and not found.breaks:
        out.append(label("no_corner", lang))
    return out + corner_texts(found, sweep.letters, lang)


def corner_texts(found: BreakPoints, letters: Mapping[Pairs, str], lang: Lang) -> list[str]:
    """One sentence a break point."""
    return [
        label("corner", lang, w=weight_text(one.w), one=letters[before.plan], other=letters[after.plan])
        for one, before, after in zip(found.breaks, found.regions, found.regions[1:], strict=False)
    ]


def region_text(region: Region, letter: str, lang: Lang) -> str:
    """From where to where a plan is the best."""
    return label("region", lang, low=weight_text(region.low), high=weight_text(region.high), plan=letter)


def state_of(outcome: Outcome, lang: Lang) -> str:
    """The status of a combination's plan, or that it was not solved, in a few words."""
    if outcome.plan is not None:
        return status_name(outcome.plan.document, lang)
    return TEXTS["not_run_short" if outcome.error is None else "failed_short"].fill(lang)


def point_text(sweep: Sweep, at: int) -> str:
    """The settings of a combination, by its place from 0."""
    return " ".join(f"{key}={value}" for key, value in zip(sweep.keys, sweep.points[at], strict=True))


def reason_blocks(sweep: Sweep, lang: Lang, *, most: int) -> list[Block]:
    """Why there is no plan, under the combinations it holds for; `most` different reasons."""
    groups: dict[tuple[Line, ...], list[int]] = {}
    for at, outcome in enumerate(sweep.outcomes):
        lines = tuple(outcome_reasons(outcome, lang))
        if lines and outcome.state != "not_run":
            groups.setdefault(lines, []).append(at)
    out: list[Block] = []
    for lines, places in list(groups.items())[:most]:
        code = "reason_one" if len(places) == 1 else "reason_more"
        out.append(Line("heading", label(code, lang, point=point_text(sweep, places[0]), n=len(places) - 1)))
        out += lines
    return [*out, Line("note", label("reasons_cut", lang))] if len(groups) > most else out
