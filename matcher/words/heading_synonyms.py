"""Further headings that mean a column, as they stand in sheets of prefectures, chambers of commerce and programmes.

SYNONYMS: table → column → headings beyond those of `heading_data`. Reviewed: a heading is listed only where it can mean
one column of its table and its unit and direction are the column's. So 優先順位 (1 is the first) is not 優先度 (a
larger number counts more), 年齢 is no 経営年数, and 住所 is no prefecture.
`matcher check SOURCE --headers` shows them all.
"""

from __future__ import annotations

_DIRECTOR_ID = (
    "ディレクター番号",
    "ディレクターコード",
    "ディレクターNo",
    "director no",
    "director code",
    "director number",
)
_COMPANY_ID = (
    "企業番号",
    "企業No",
    "会社コード",
    "事業者ID",
    "company no",
    "company code",
    "company number",
    "client id",
)
_PREFECTURE = ("都道府県名", "県名", "県", "prefecture name", "pref")

SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "directors": {
        "id": _DIRECTOR_ID,
        "name": ("ディレクター氏名", "氏名（漢字）", "full name", "director name"),
        "prefecture": ("拠点地", "活動拠点", "居住地", "居住都道府県", "所在都道府県", "base prefecture", *_PREFECTURE),
        "status": ("登録状況", "登録状態", "ステイタス"),
        "max_companies": ("受入可能社数", "担当上限", "担当上限社数", "capacity", "max clients", "maximum companies"),
        "hours_per_month": ("月間稼働時間", "稼働可能時間数", "available hours", "hours", "monthly hours"),
        "on_site_days_per_month": ("現地訪問日数", "現地日数", "on site days", "visit days", "days on site"),
        "max_distance_km": ("移動可能距離", "訪問可能距離km", "最大移動距離", "max distance"),
        "available_from": ("活動開始日", "start date", "from"),
        "available_until": ("活動終了日", "end date", "until"),
        "fee_jpy_per_month": ("月額", "報酬月額", "月額単価", "monthly fee", "fee per month"),
        "experience_years": ("実務年数", "years of experience"),
        "style": ("支援の型", "支援タイプ", "support style"),
        "hands_on_rating": ("実行力評価", "hands on"),
        "owner_years": ("経営経験年数", "自社経営年数", "years as owner"),
        "own_industry": ("自社の業種", "経営業種", "own business industry"),
        "own_prefecture": ("自社の所在地", "自社都道府県"),
        "own_employees": ("自社の従業員数",),
        "note": ("備考欄", "特記事項", "notes", "remarks", "comment", "comments"),
    },
    "director_skills": {
        "director_id": _DIRECTOR_ID,
        "skill": ("得意分野", "専門分野", "保有スキル", "skills", "skill name", "expertise"),
        "level": ("スキルレベル", "習熟度", "skill level"),
        "years": ("years of experience",),
        "hands_on": ("自走可", "実務可"),
    },
    "director_regions": {
        "director_id": _DIRECTOR_ID,
        "prefecture": _PREFECTURE,
        "knowledge": ("地域理解度", "地域理解", "local knowledge"),
    },
    "director_results": {
        "director_id": _DIRECTOR_ID,
        "goal": ("支援目的", "支援テーマ"),
        "rating": ("実績評価",),
        "evidence": ("実績", "実績概要"),
    },
    "companies": {
        "id": (*_COMPANY_ID, "受付番号", "応募番号", "整理番号", "application no", "application id"),
        "name": (
            *("会社名称", "事業者名", "事業所名", "法人名", "商号", "自治体名", "企業名称", "貴社名", "御社名"),
            *("company name", "organization", "organisation", "organization name", "client"),
        ),
        "kind": ("種別", "組織区分", "法人区分", "企業区分", "organization type", "type"),
        "corporate_number": ("法人番号（13桁）", "法人No", "corporate no", "corporation number"),
        "prefecture": ("所在県", "本社都道府県", "本社所在地都道府県", *_PREFECTURE),
        "municipality_code": ("市町村コード", "全国地方公共団体コード", "municipality", "city code"),
        "industry": ("業種名", "業種分類", "産業分類", "事業分野", "sector"),
        "employees": ("従業員", "社員数", "従業者数", "職員数", "number of employees", "headcount", "staff"),
        "revenue_jpy": ("売上", "年商", "年間売上", "年間売上高", "直近売上高", "revenue", "sales", "annual sales"),
        "goal": ("支援目的", "支援テーマ", "目的・テーマ", "応募目的", "objective", "purpose"),
        "hours_per_month": ("希望稼働時間", "月間必要時間", "hours", "required hours", "hours needed"),
        "on_site_days_per_month": ("訪問日数", "希望現地日数", "on site days", "visit days", "days on site"),
        "months": ("支援月数", "支援期間（月）", "希望支援期間", "期間", "duration", "duration months"),
        "start": ("支援開始希望日", "開始希望日", "希望開始日", "start date"),
        "budget_jpy_per_month": ("月予算", "予算（月額）", "月額予算額", "monthly budget", "budget per month"),
        "commitment": ("経営者の本気度", "本気度評価"),
        "investment": ("投資意欲", "投資姿勢評価"),
        "uniqueness": ("独自性評価", "独自性・強み"),
        "openness": ("柔軟性評価", "変化への柔軟さ"),
        "wanted_style": ("希望の支援スタイル", "希望する支援の型", "preferred style"),
        "priority": ("優先係数",),
        "note": ("備考欄", "特記事項", "notes", "remarks", "comment", "comments"),
    },
    "company_needs": {
        "company_id": _COMPANY_ID,
        "skill": ("必要な能力", "求めるスキル", "希望スキル", "skills", "skill name", "required skill", "needed skill"),
        "level": ("必要レベル", "求めるレベル", "required level"),
        "weight": ("重要性",),
        "must": ("必須か", "必須条件", "required", "mandatory"),
    },
    "people": {
        "id": ("人材番号", "人材コード", "person no"),
        "name": ("人材名", "人材氏名", "full name"),
        "prefecture": ("居住都道府県", "所在地", *_PREFECTURE),
    },
    "person_skills": {
        "person_id": ("人材番号", "人材コード", "person no"),
        "skill": ("保有スキル", "得意分野", "専門分野", "skills", "skill name"),
        "level": ("スキルレベル", "習熟度", "skill level"),
    },
    "ties": {"strength": ("つながりの強さ", "関係の強さ")},
    "pairs": {
        "director_id": _DIRECTOR_ID,
        "company_id": _COMPANY_ID,
        "reason": ("指定理由", "理由・備考"),
        "until": ("有効期間", "期日"),
    },
    "rivals": {"company_id": _COMPANY_ID},
    "engagements": {
        "director_id": _DIRECTOR_ID,
        "company_id": _COMPANY_ID,
        "hours_per_month": ("月間稼働時間", "hours"),
        "until": ("終了予定", "契約終了日", "end date"),
    },
    "ratings": {"rater": ("面談者", "評価者名", "interviewer"), "rating": ("評価点", "スコア", "score")},
    "distances": {"km": ("移動距離", "道のり")},
    "pair_hours": {
        "director_id": _DIRECTOR_ID,
        "company_id": _COMPANY_ID,
        "hours_per_month": ("必要時間", "月間稼働時間", "hours"),
    },
}
