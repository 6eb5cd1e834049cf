"""Headings and labels of a comparison's page and workbook, and what every measure is called."""

from __future__ import annotations

from typing import Final

from matcher.words.catalog import Lang
from matcher.words.plan import tier_name
from matcher.words.plan_data import sentence_of, table_of

LABELS: Final = table_of(
    {
        # The page
        "what-if": ("もしもの比較", "What if"),
        "compare": ("二つの計画の比較", "Two plans compared"),
        "skip": ("本文へ", "Skip to the content"),
        "lead": ("「{base}」と、{n}件のシナリオを比べました。", "{base} beside {n:scenario|scenarios}."),
        "lead_compare": ("「{base}」から「{after}」への違いです。", "What changes from {base} to {after}."),
        "short": (
            "{title}：{tier} {value}（{change}）、{sure}。交代{moved}・新規{entered}・終了{left}。",
            "{title}: {tier} {value} ({change}), {sure}. Moved {moved}, entered {entered}, left {left}.",
        ),
        "overview": ("一覧", "Overview"),
        "sort_hint": ("見出しを押すと並べ替えます。", "Press a heading to sort."),
        "charts": ("項目ごとの図", "Measure by measure"),
        "charts_note": (
            "縦線と◇は比べる相手（{base}）、●は各シナリオです。目盛りは項目ごとに最小から最大までで、0から始まりません。",
            "The line and ◇ are {base}, each ● is a scenario. Every measure has its own scale, from its smallest value "
            "to its largest; it does not begin at 0.",
        ),
        "charts_same": ("どのシナリオでも同じ項目：{names}", "The same in every scenario: {names}"),
        "charts_cut": ("図は初めの{n}件です。", "The charts show the first {n}."),
        "chart_label": ("{name}：{values}", "{name}: {values}"),
        "chart_value": ("{title} {value}", "{title} {value}"),
        "map_label": ("日本地図：変わる組合せ{n}件", "Map of Japan with {n:change|changes} of director"),
        "map_gone": ("なくなる組合せ", "Match that ends"),
        "map_new": ("新しい組合せ", "New match"),
        "map_note": (
            "番号は一覧と同じです。場所の分からない組合せは地図にありません。",
            "The numbers are those of the list. Matches whose place is not known are not drawn.",
        ),
        "who": ("誰がどう変わるか", "Who changes"),
        "changes": ("変えること", "What is changed"),
        "all_figures": ("すべての数値", "Every figure"),
        "made_from": ("この比較のもと", "What this was made from"),
        "digest": ("ダイジェスト", "Digest"),
        "source": ("データ", "Data"),
        "policy": ("条件設定", "Policy"),
        "cut": ("ほか{n}件は comparison.xlsx にあります。", "{n} more are in comparison.xlsx."),
        # Sheets
        "sheet_overview": ("比較", "Comparison"),
        "sheet_figures": ("数値", "Figures"),
        "sheet_moves": ("変わる組合せ", "Moves"),
        "sheet_changes": ("変更", "Changes"),
        "sheet_rows": ("データの違い", "Rows that differ"),
        # Columns
        "scenario": ("シナリオ", "Scenario"),
        "question": ("問い", "Question"),
        "status": ("状態", "Status"),
        "sure": ("確かさ", "How sure"),
        "reason": ("計画がない理由", "Why there is no plan"),
        "own_base": ("もとのシナリオ", "Based on"),
        "change": ("差", "Change"),
        "change_of": ("{name}の差", "Change of {name}"),
        "own_change": ("もととの差", "Change from its base"),
        "own_change_of": ("{name}：もととの差", "{name}: change from its base"),
        "moved": ("交代", "Moved"),
        "entered": ("新規", "Entered"),
        "left": ("終了", "Left"),
        "kind": ("種類", "Kind"),
        "measure": ("項目", "Measure"),
        "value": ("値", "Value"),
        "bound": ("到達できる上限", "Upper bound"),
        "against": ("比べる相手", "Compared with"),
        "chain": ("連鎖", "Chain"),
        "step": ("順", "Step"),
        "company_id": ("企業ID", "Company ID"),
        "company": ("企業・自治体", "Company"),
        "before_id": ("前のディレクターID", "Director before, ID"),
        "before": ("前のディレクター", "Director before"),
        "after_id": ("後のディレクターID", "Director after, ID"),
        "after": ("後のディレクター", "Director after"),
        "before_points": ("前の点", "Points before"),
        "after_points": ("後の点", "Points after"),
        "cause": ("きっかけ", "Because of"),
        "number": ("番号", "No."),
        "what": ("内容", "What"),
        "why": ("理由", "Reason"),
        "whatif": ("ファイル", "File"),
        "table": ("表", "Table"),
        "row": ("行", "Row"),
        "fields": ("項目", "Fields"),
        "moves_none": ("変わる組合せはありません。", "No match changes."),
        "changes_none": ("変更はありません。", "Nothing is changed."),
        "missing": ("–", "–"),
        # Kinds of a measure
        "tier": ("目的", "Objective"),
        "tie_break": ("同点のときの基準", "Tie-break"),
        "figure": ("数値", "Figure"),
    }
)

FIGURES: Final = table_of(
    {
        "n_directors": ("ディレクターの人数", "Directors"),
        "n_companies": ("応募企業数", "Companies"),
        "n_pairs_considered": ("検討した組合せ", "Pairs considered"),
        "n_pairs_eligible": ("条件を満たした組合せ", "Pairs eligible"),
        "n_served": ("支援する企業", "Companies served"),
        "n_directors_used": ("稼働ディレクター", "Directors at work"),
        "n_kept_engagements": ("続ける担当", "Engagements kept"),
        "n_new": ("新しい担当", "New engagements"),
        "total_points": ("組合せの点の合計", "Points of all matches"),
        "mean_points": ("平均点", "Mean points"),
        "lowest_points": ("最も低い点", "Lowest points"),
        "highest_points": ("最も高い点", "Highest points"),
        "total_distance_km": ("距離の合計（km）", "Total distance (km)"),
        "fee_jpy_per_month": ("月額報酬（最も多い月、円）", "Fees in the dearest month (yen)"),
        "fee_jpy_total": ("報酬の総額（円）", "Fees over all months (yen)"),
        "n_unknown_fees": ("報酬が不明な担当", "Matches of unknown fee"),
        "n_neutral": ("情報なしの採点項目", "Scores without information"),
    }
)


def label(code: str, lang: Lang, **params: object) -> str:
    """A heading or label of a comparison.

    Raises
    ------
    LookupError : there is no such label; the known ones are listed
    """
    return sentence_of(LABELS, code, "Label").fill(lang, **params)


def measure_name(kind: str, name: str, lang: Lang) -> str:
    """What a tier, a tie-break or a figure is called."""
    return sentence_of(FIGURES, name, "Figure").fill(lang) if kind == "figure" else tier_name(name, lang)
