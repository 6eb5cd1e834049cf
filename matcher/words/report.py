"""Headings and labels of the report and the workbook."""

from __future__ import annotations

from typing import Final

from matcher.words.catalog import LANGUAGES, Lang
from matcher.words.plan_data import sentence_of, table_of

LABELS: Final = table_of(
    {
        # Sheets and sections
        "matches": ("割当", "Matches"),
        "unserved": ("未割当", "Unserved"),
        "directors": ("ディレクター別", "Directors"),
        "scores": ("採点内訳", "Scores"),
        "run": ("条件", "Run"),
        "explanations": ("説明", "Explanations"),
        "conflict": ("両立しない条件", "Conflict"),
        "map": ("地図", "Map"),
        "proof": ("どこまで確かめたか", "What is proved"),
        "made_from": ("この結果のもと", "What this was made from"),
        "criteria": ("評価項目と配点", "Criteria and weights"),
        "interaction": ("組合せで決まる点の割合", "What of the points the pairing decides"),
        "of_points": ("点のばらつき", "Spread of the points"),
        # The report as a whole
        "report": ("マッチング結果", "Matching plan"),
        "headline": ("{title}　マッチング結果", "{title}: matching plan"),
        "skip": ("本文へ", "Skip to the content"),
        # Columns
        "no": ("番号", "No."),
        "director_id": ("ディレクターID", "Director ID"),
        "director": ("ディレクター", "Director"),
        "base": ("拠点", "Base"),
        "company_id": ("企業ID", "Company ID"),
        "company": ("企業・自治体", "Company"),
        "place": ("所在地", "Place"),
        "goal": ("目的", "Goal"),
        "points": ("点", "Points"),
        "full": ("満点", "Full score"),
        "grade": ("確かさ", "Grade"),
        "distance": ("距離（km）", "Distance (km)"),
        "fee": ("月額報酬（円）", "Fee (yen/month)"),
        "start": ("開始日", "Start"),
        "state": ("区分", "State"),
        "new": ("新規", "new"),
        "kept": ("継続", "kept"),
        "pinned": ("固定", "Pinned"),
        "yes": ("○", "yes"),
        "flags": ("要確認の関係", "Relations to check"),
        "why": ("選定理由", "Why"),
        "loss_points": ("減る点", "Points lost"),
        "change": ("変えた場合", "If it were changed"),
        "reason": ("理由", "Reason"),
        "explanation": ("説明", "Explanation"),
        "letter": ("企業への連絡文案", "Draft for a letter"),
        "n_candidates": ("候補数", "Candidates"),
        "best_director": ("最も点の高い候補", "Best candidate"),
        "best_points": ("候補の点", "Its points"),
        "n_companies": ("担当社数", "Companies"),
        "n_elsewhere": ("他の担当", "Elsewhere"),
        "hours": ("稼働時間／月", "Hours a month"),
        "slots_left": ("残り枠", "Slots left"),
        "mean_points": ("平均点", "Mean points"),
        "companies": ("担当企業", "Companies served"),
        "criterion": ("評価項目", "Criterion"),
        "weight": ("配点", "Weight"),
        "meaning": ("見るもの", "What it looks at"),
        "total": ("合計", "Total"),
        "neutral": ("情報なし", "No information"),
        "neutral_list": ("情報なしの項目（＊）", "Without information (*)"),
        "neutral_value": ("情報なし（中立値）", "no information (neutral value)"),
        "header_full": ("{name}\n満点 {possible}", "{name}\nof {possible}"),
        "header_share": ("{name}\n配点 {share}", "{name}\n{share}"),
        "detail": ("内訳", "Details"),
        "item": ("項目", "Item"),
        "content": ("内容", "Content"),
        "demand": ("条件の内容", "Demand"),
        # What is proved
        "value": ("計画の値", "Value of the plan"),
        "bound": ("到達できる上限", "Upper bound"),
        "gap": ("差", "Gap"),
        "of": ("対象", "Over"),
        "tier": ("目的", "Objective"),
        "tie_break": ("同点のときの基準", "Tie-break"),
        "tiers": ("目的ごとの結果", "Result by objective"),
        "tiers_note": (
            "各行は、それより上の行が最良となる（その値を保つ）計画の中で決めています。"
            "上限と確かさも、その中でのものです。",
            "Each line is decided among the plans that are best for the lines above it (that keep their values). "
            "Its bound and its word hold among those plans only.",
        ),
        "tier_of": ("目的：{name}", "Objective: {name}"),
        "tie_break_of": ("同点のときの基準：{name}", "Tie-break: {name}"),
        "tier_values": ("値 {value}、上限 {bound}（{word}）", "value {value}, bound {bound} ({word})"),
        "digest_of": ("ダイジェスト（{name}）", "Digest ({name})"),
        "word": ("確かさ", "Word"),
        "result": ("結果", "Result"),
        # Figures
        "served": ("支援する企業", "Companies served"),
        "directors_used": ("稼働するディレクター", "Directors at work"),
        "total_points": ("合計点", "Total points"),
        "total_distance": ("距離の合計（km）", "Total distance (km)"),
        "total_fee": ("月額報酬の合計（最も多い月、円）", "Fees in the dearest month (yen)"),
        "unknown_fees": ("うち報酬が不明 {n}名", "of which unknown: {n}"),
        "n_of": ("{n} / {total}", "{n} / {total}"),
        # Made from
        "policy": ("条件設定", "Policy"),
        "digests": ("ダイジェスト（SHA-256）", "Digests (SHA-256)"),
        "versions": ("バージョン", "Versions"),
        "command": ("同じ結果を得るコマンド", "Command that repeats it"),
        "seconds": ("所要時間（秒）", "Seconds"),
        "seed": ("乱数シード", "Seed"),
        "solver": ("計算方法", "Solver"),
        "pairs_considered": ("検討した組合せ", "Pairs considered"),
        "pairs_eligible": ("条件を満たした組合せ", "Pairs eligible"),
        "no_command": ("記録なし", "not recorded"),
        # Map
        "map_label": ("日本地図：{n}件の組合せ", "Map of Japan with {n:match|matches}"),
        "map_text": (
            "ディレクターの拠点（都道府県庁）から企業（市区町村の役所。不明なら都道府県庁）への線。"
            "同じ内容は「割当」にあります。",
            "Lines run from the director's base (prefectural office) to the company (municipal office; the prefectural "
            "one where none is given). The section on matches says the same in words.",
        ),
        "map_link": (
            "{number}　{director}（{base}）→ {company}（{place}）",
            "{number} {director} ({base}) → {company} ({place})",
        ),
        "inset_nansei": ("奄美・沖縄", "Amami and Okinawa"),
        "inset_ogasawara": ("小笠原", "Ogasawara"),
        "legend": ("凡例", "Legend"),
        "legend_director": ("ディレクターの拠点", "Director's base"),
        "legend_company": ("企業・自治体", "Company"),
        "legend_line": ("組合せ", "Match"),
        "legend_inset": ("別枠の島との組合せ", "Match with an island in a box"),
        # Words on the page
        "matches_none": ("決まった組合せはありません。", "There are no matches."),
        "unserved_none": ("未割当の企業はありません。", "Every company has a director."),
        "unserved_count": ("未割当 {n}件", "{n} unserved"),
        "reason_count": ("{reason}：{n}件", "{reason}: {n}"),
        "search": ("企業名・理由で絞り込む", "Filter by name or reason"),
        "search_matches": ("氏名・企業名で絞り込む", "Filter by name"),
        "sort_hint": ("見出しを押すと並べ替えます。", "Press a heading to sort."),
        "bar_note": (
            "帯の長さは満点、塗りは得点、斜線は情報がなく中立値としたものです。",
            "A bar is as long as the full score, filled by the points; hatched where the neutral value stands in.",
        ),
        "cut_note": (
            "全{n}件のうち{shown}件を載せています。すべては plan.xlsx にあります。",
            "{shown} of {n} are listed here; plan.xlsx has all of them.",
        ),
        "load_note": (
            "色付きは今回の担当、斜線は他の担当、枠のみは残り枠です。",
            "Filled: this plan. Hatched: elsewhere. Open: slots left.",
        ),
        "distance_short": ("{km} km", "{km} km"),
        "load_text": (
            "今回 {n}社・他 {elsewhere}社・残り {left}枠",
            "{n} here, {elsewhere} elsewhere, {left} left",
        ),
        "not_recorded": ("–", "–"),
        "page": ("{page} / {pages} ページ", "Page {page} of {pages}"),
        "whole": ("条件の一覧", "All settings"),
    }
)

SECOND_NAMES: Final = table_of(
    {
        "read": ("読込", "read"),
        "check": ("検査", "check"),
        "score": ("採点", "score"),
        "solve": ("求解", "solve"),
        "certify": ("検算", "certify"),
        "write": ("出力", "write"),
    }
)

DIGEST_NAMES: Final = table_of(
    {
        "problem": ("データ", "data"),
        "policy": ("条件設定", "policy"),
        "plan": ("計画", "plan"),
        "code": ("プログラム", "program"),
    }
)


def language_of(lang: str) -> Lang:
    """The language that a caller's text names.

    Raises
    ------
    ValueError
        If it is neither ``ja`` nor ``en``.
    """
    found = next((known for known in LANGUAGES if known == lang), None)
    if found is None:
        raise ValueError(f"Language {lang!r} is not known.\nTry: one of {', '.join(LANGUAGES)}.")
    return found


def label(code: str, lang: Lang, **params: object) -> str:
    """A heading or label of the report.

    Raises
    ------
    LookupError
        If there is no such label; the known ones are listed.
    """
    return sentence_of(LABELS, code, "Label").fill(lang, **params)


def second_name(step: str, lang: Lang) -> str:
    """The name of a step of the run; a step without a name keeps its own."""
    return SECOND_NAMES[step].fill(lang) if step in SECOND_NAMES else step


def digest_name(what: str, lang: Lang) -> str:
    """What a digest was taken of; without a name it keeps its own."""
    return DIGEST_NAMES[what].fill(lang) if what in DIGEST_NAMES else what
