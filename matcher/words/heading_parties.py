"""The columns of directors and companies, and what every entry is made of. See `heading_data` for the form."""

from __future__ import annotations

import datetime as dt

from matcher.words.catalog import Sentence

Entry = tuple[str, tuple[str, ...], Sentence, Sentence, tuple[object, ...]]

NO_UNIT = Sentence("", "")
HOURS = Sentence("時間／月", "hours per month")
DAYS = Sentence("日／月", "days per month")
YEN = Sentence("円／月", "yen per month")
YEARS = Sentence("年", "years")
PEOPLE = Sentence("人", "people")
KM = Sentence("km", "km")
ONE_TO_FIVE = Sentence("1〜5", "1 to 5")
ZERO_TO_FIVE = Sentence("0〜5", "0 to 5")


def entry(
    ja: str, about_ja: str, about_en: str, *examples: object, unit: Sentence = NO_UNIT, also: tuple[str, ...] = ()
) -> Entry:
    """One column: its Japanese heading and further ones, what it means, its unit, its examples."""
    return ja, also, Sentence(about_ja, about_en), unit, examples


DIRECTORS: dict[str, Entry] = {
    "id": entry(
        "ID",
        "ディレクターを区別する番号や記号。重複はできません。",
        "A code that tells directors apart; no two alike.",
        "D01",
        "D02",
        "D03",
        also=("ディレクターID", "director_id", "番号", "No", "No."),
    ),
    "name": entry(
        "氏名",
        "氏名。入力したとおりに表示されます。",
        "The name, shown exactly as typed.",
        Sentence("高知 花子", "Hanako Kochi"),
        Sentence("東 太郎", "Taro Azuma"),
        Sentence("西 次郎", "Jiro Nishi"),
        also=("名前", "ディレクター名", "お名前"),
    ),
    "prefecture": entry(
        "拠点都道府県",
        "活動の拠点がある都道府県。",
        "The prefecture the director works from.",
        39,
        13,
        27,
        also=("都道府県", "拠点"),
    ),
    "status": entry(
        "状態",
        "応募・登録・休止のいずれか。空欄は登録とみなします。",
        "applicant, engaged or paused; blank means engaged.",
        "engaged",
        "engaged",
        "applicant",
        also=("ステータス",),
    ),
    "max_companies": entry(
        "担当可能社数",
        "同時に担当できる企業の数。",
        "How many companies at the same time.",
        2,
        1,
        1,
        unit=Sentence("社", "companies"),
        also=("担当可能数", "最大担当社数"),
    ),
    "hours_per_month": entry(
        "稼働可能時間",
        "1か月に使える時間の合計。",
        "Hours a month in total.",
        60,
        40,
        30,
        unit=HOURS,
        also=("稼働時間", "月間稼働可能時間"),
    ),
    "on_site_days_per_month": entry(
        "現地訪問可能日数",
        "1か月に現地を訪問できる日数。",
        "Days a month on site.",
        4,
        2,
        2,
        unit=DAYS,
        also=("訪問可能日数",),
    ),
    "max_distance_km": entry(
        "訪問可能距離",
        "訪問できる距離の上限。空欄は制限なし。",
        "The farthest visit; blank means no limit.",
        None,
        1500,
        600,
        unit=KM,
    ),
    "available_from": entry(
        "稼働開始日",
        "稼働できる最初の日。",
        "The first day of work.",
        dt.date(2026, 4, 1),
        None,
        dt.date(2026, 5, 1),
        also=("開始日",),
    ),
    "available_until": entry(
        "稼働終了日",
        "稼働できる最後の日。",
        "The last day of work.",
        dt.date(2027, 3, 31),
        None,
        dt.date(2027, 3, 31),
        also=("終了日",),
    ),
    "fee_jpy_per_month": entry(
        "月額報酬",
        "1社あたりの月額報酬。",
        "The fee for one company.",
        300000,
        350000,
        250000,
        unit=YEN,
        also=("報酬",),
    ),
    "experience_years": entry(
        "実務経験年数", "実務経験の年数。", "Years of practical work.", 12, 8, 5, unit=YEARS, also=("経験年数",)
    ),
    "style": entry(
        "支援スタイル",
        "後押し型・提案型・どちらも。",
        "support, propose or both.",
        "both",
        "propose",
        "support",
        also=("スタイル",),
    ),
    "hands_on_rating": entry(
        "実行力", "自ら手を動かす力の評価。", "How much they do with their own hands.", 5, 4, 3, unit=ONE_TO_FIVE
    ),
    "owner_years": entry(
        "経営年数",
        "自ら経営している年数。経営していなければ0。",
        "Years of running a business; 0 = none.",
        6,
        0,
        3,
        unit=YEARS,
    ),
    "own_industry": entry(
        "自社業種", "自社の業種（日本標準産業分類の大分類）。", "Their own industry (JSIC major group).", "M", None, "G"
    ),
    "own_prefecture": entry(
        "自社所在地", "自社がある都道府県。", "The prefecture of their own business.", 39, None, 27
    ),
    "own_employees": entry(
        "自社従業員数", "自社の従業員数。", "Employees of their own business.", 8, None, 3, unit=PEOPLE
    ),
    "note": entry("備考", "自由記入。計算には使いません。", "Free text; not used.", None, None, None, also=("メモ",)),
}

COMPANIES: dict[str, Entry] = {
    "id": entry(
        "ID",
        "企業を区別する番号や記号。重複はできません。",
        "A code that tells companies apart; no two alike.",
        "C01",
        "C02",
        "C03",
        also=("企業ID", "company_id", "番号", "No", "No."),
    ),
    "name": entry(
        "名称",
        "企業・自治体の名称。入力したとおりに表示されます。",
        "The name, shown exactly as typed.",
        Sentence("土佐の柚子園", "Tosa Yuzu Farm"),
        Sentence("しまなみ工房", "Shimanami Works"),
        Sentence("みどり町", "Midori Town"),
        also=("企業名", "会社名", "団体名", "氏名", "企業・自治体名"),
    ),
    "kind": entry(
        "区分",
        "企業・自治体・団体のいずれか。",
        "company, municipality or association.",
        "company",
        "company",
        "municipality",
    ),
    "corporate_number": entry("法人番号", "13桁の法人番号。", "The 13-digit corporate number.", None, None, None),
    "prefecture": entry(
        "都道府県", "所在地の都道府県。", "The prefecture.", 39, 38, 36, also=("所在地", "所在都道府県")
    ),
    "municipality_code": entry(
        "市区町村コード",
        "全国地方公共団体コード（6桁）。",
        "The six-digit local government code.",
        "392014",
        None,
        None,
        also=("自治体コード", "団体コード"),
    ),
    "industry": entry("業種", "日本標準産業分類の大分類。", "JSIC major group.", "A", "E", "S"),
    "employees": entry("従業員数", "従業員の数。", "Number of employees.", 12, 25, None, unit=PEOPLE),
    "revenue_jpy": entry(
        "売上高",
        "年間の売上高。",
        "Revenue a year.",
        90000000,
        240000000,
        None,
        unit=Sentence("円", "yen"),
    ),
    "goal": entry(
        "目的",
        "売上拡大・市場拡大・閑散期収益化・その他のいずれか。",
        "What the company wants.",
        "raise_revenue",
        "widen_market",
        "fill_off_season",
        also=("目標",),
    ),
    "hours_per_month": entry(
        "必要稼働時間",
        "1か月に必要な支援時間。",
        "Hours of support a month.",
        24,
        20,
        20,
        unit=HOURS,
        also=("必要時間",),
    ),
    "on_site_days_per_month": entry(
        "現地訪問日数",
        "1か月に希望する訪問日数。",
        "Days on site a month.",
        2,
        1,
        1,
        unit=DAYS,
        also=("希望訪問日数", "必要訪問日数"),
    ),
    "months": entry(
        "支援期間",
        "支援の月数。空欄は4か月とみなします。",
        "How many months; blank means 4.",
        4,
        4,
        6,
        unit=Sentence("か月", "months"),
    ),
    "start": entry(
        "開始日",
        "支援の開始日。",
        "The first day of support.",
        dt.date(2026, 6, 1),
        dt.date(2026, 6, 1),
        dt.date(2026, 7, 1),
        also=("支援開始日",),
    ),
    "budget_jpy_per_month": entry(
        "月額予算", "支払える月額の上限。", "The most it can pay.", 400000, 400000, 500000, unit=YEN, also=("予算",)
    ),
    "commitment": entry(
        "本気度", "経営者の本気度。", "How much in earnest the management is.", 5, 4, 3, unit=ONE_TO_FIVE
    ),
    "investment": entry("投資姿勢", "削るだけでなく投資する姿勢。", "Whether it invests.", 4, 4, 3, unit=ONE_TO_FIVE),
    "uniqueness": entry("独自性", "守るべき独自性。", "What is unique about it.", 5, 3, 4, unit=ONE_TO_FIVE),
    "openness": entry(
        "柔軟さ", "それ以外を変える柔軟さ。", "Open to change in all else.", 4, 5, 3, unit=ONE_TO_FIVE, also=("柔軟性",)
    ),
    "wanted_style": entry(
        "希望する支援スタイル",
        "後押し型か提案型。希望がなければ空欄。",
        "support or propose; blank = no wish.",
        "support",
        "propose",
        None,
        also=("希望スタイル", "希望支援スタイル"),
    ),
    "priority": entry("優先度", "点数に掛ける倍率。空欄は1。", "Multiplies the points; blank means 1.", 1, 1, 1.2),
    "note": entry("備考", "自由記入。計算には使いません。", "Free text; not used.", None, None, None, also=("メモ",)),
}
