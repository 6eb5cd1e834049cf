"""The names, meanings, units and examples themselves: what `headings` hands out.

SHEETS: table → (Japanese name, further names, meaning).
COLUMNS: table → column → (Japanese heading, further headings, meaning, unit, examples as stored values).
The examples of one position across a table make one row of the template; None leaves the cell blank.
"""

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


def _c(
    ja: str, about_ja: str, about_en: str, *examples: object, unit: Sentence = NO_UNIT, also: tuple[str, ...] = ()
) -> Entry:
    return ja, also, Sentence(about_ja, about_en), unit, examples


SHEETS: dict[str, tuple[str, tuple[str, ...], Sentence]] = {
    "directors": (
        "ディレクター",
        ("director", "ディレクター一覧", "ディレクター名簿"),
        Sentence(
            "企業に伴走するディレクター。1人1行です。",
            "The directors who work alongside companies; one row each.",
        ),
    ),
    "director_skills": (
        "スキル",
        ("ディレクタースキル", "ディレクターのスキル", "director_skill"),
        Sentence("ディレクターのスキル。1人1スキル1行です。", "What directors can do; one row per director and skill."),
    ),
    "director_regions": (
        "地域理解",
        ("ディレクター地域理解", "director_region"),
        Sentence("ディレクターの各地域への理解度。", "How well directors know the culture of a prefecture."),
    ),
    "director_results": (
        "実績",
        ("ディレクター実績", "director_result"),
        Sentence("ディレクターの目的別の実績。", "What directors have achieved, by goal."),
    ),
    "companies": (
        "企業・自治体",
        ("企業", "企業自治体", "企業一覧", "応募企業", "company"),
        Sentence(
            "支援を希望する企業・自治体・団体。1社1行です。",
            "The companies and municipalities that applied; one row each.",
        ),
    ),
    "company_needs": (
        "必要スキル",
        ("企業の必要スキル", "company_need", "needs"),
        Sentence("企業が必要とするスキル。1社1スキル1行です。", "What companies need; one row per company and skill."),
    ),
    "people": (
        "人材",
        ("プロジェクト人材", "person"),
        Sentence("ディレクターが紹介できる人材。", "Project members whom a director can bring in."),
    ),
    "person_skills": (
        "人材スキル",
        ("人材のスキル", "person_skill"),
        Sentence("人材のスキル。1人1スキル1行です。", "What those people can do; one row per person and skill."),
    ),
    "ties": (
        "つながり",
        ("人脈", "tie"),
        Sentence("ディレクターと人材のつながり。向きはありません。", "Who knows whom; a tie has no direction."),
    ),
    "pairs": (
        "組合せ指定",
        ("組み合わせ指定", "pair"),
        Sentence("固定・除外・希望する組合せ。", "Pairs that are fixed, forbidden or wished for."),
    ),
    "rivals": (
        "競合",
        ("競合関係", "rival"),
        Sentence("同じディレクターが担当してはならない企業の組。", "Companies that must not share a director."),
    ),
    "engagements": (
        "現在の担当",
        ("現担当", "engagement"),
        Sentence("すでに始まっている担当。", "Work that is already running."),
    ),
    "ratings": (
        "面談評価",
        ("評価", "rating"),
        Sentence(
            "評価者ごとの面談評価。平均が各表の評価に代わります。",
            "Ratings by several people; their mean is used.",
        ),
    ),
    "distances": (
        "距離",
        ("距離表", "distance"),
        Sentence(
            "ディレクターと企業の距離を実測値で指定する場合の表。",
            "Your own distances, where you have better ones.",
        ),
    ),
    "pair_hours": (
        "組合せ別稼働時間",
        ("組合せ別の稼働時間", "pair hours"),
        Sentence(
            "組合せによって必要な稼働時間が変わる場合の表。企業の必要稼働時間より優先されます。",
            "Hours that depend on the pair; they stand before the company's own.",
        ),
    ),
}

_DIRECTORS: dict[str, Entry] = {
    "id": _c(
        "ID",
        "ディレクターを区別する番号や記号。重複はできません。",
        "A code that tells directors apart; no two alike.",
        "D01",
        "D02",
        "D03",
        also=("ディレクターID", "director_id", "番号", "No", "No."),
    ),
    "name": _c(
        "氏名",
        "氏名。入力したとおりに表示されます。",
        "The name, shown exactly as typed.",
        Sentence("高知 花子", "Hanako Kochi"),
        Sentence("東 太郎", "Taro Azuma"),
        Sentence("西 次郎", "Jiro Nishi"),
        also=("名前", "ディレクター名", "お名前"),
    ),
    "prefecture": _c(
        "拠点都道府県",
        "活動の拠点がある都道府県。",
        "The prefecture the director works from.",
        39,
        13,
        27,
        also=("都道府県", "拠点"),
    ),
    "status": _c(
        "状態",
        "応募・登録・休止のいずれか。空欄は登録とみなします。",
        "applicant, engaged or paused; blank means engaged.",
        "engaged",
        "engaged",
        "applicant",
        also=("ステータス",),
    ),
    "max_companies": _c(
        "担当可能社数",
        "同時に担当できる企業の数。",
        "How many companies at the same time.",
        2,
        1,
        1,
        unit=Sentence("社", "companies"),
        also=("担当可能数", "最大担当社数"),
    ),
    "hours_per_month": _c(
        "稼働可能時間",
        "1か月に使える時間の合計。",
        "Hours a month in total.",
        60,
        40,
        30,
        unit=HOURS,
        also=("稼働時間", "月間稼働可能時間"),
    ),
    "on_site_days_per_month": _c(
        "現地訪問可能日数",
        "1か月に現地を訪問できる日数。",
        "Days a month on site.",
        4,
        2,
        2,
        unit=DAYS,
        also=("訪問可能日数",),
    ),
    "max_distance_km": _c(
        "訪問可能距離",
        "訪問できる距離の上限。空欄は制限なし。",
        "The farthest visit; blank means no limit.",
        None,
        1500,
        600,
        unit=KM,
    ),
    "available_from": _c(
        "稼働開始日",
        "稼働できる最初の日。",
        "The first day of work.",
        dt.date(2026, 4, 1),
        None,
        dt.date(2026, 5, 1),
        also=("開始日",),
    ),
    "available_until": _c(
        "稼働終了日",
        "稼働できる最後の日。",
        "The last day of work.",
        dt.date(2027, 3, 31),
        None,
        dt.date(2027, 3, 31),
        also=("終了日",),
    ),
    "fee_jpy_per_month": _c(
        "月額報酬",
        "1社あたりの月額報酬。",
        "The fee for one company.",
        300000,
        350000,
        250000,
        unit=YEN,
        also=("報酬",),
    ),
    "experience_years": _c(
        "実務経験年数", "実務経験の年数。", "Years of practical work.", 12, 8, 5, unit=YEARS, also=("経験年数",)
    ),
    "style": _c(
        "支援スタイル",
        "後押し型・提案型・どちらも。",
        "support, propose or both.",
        "both",
        "propose",
        "support",
        also=("スタイル",),
    ),
    "hands_on_rating": _c(
        "実行力", "自ら手を動かす力の評価。", "How much they do with their own hands.", 5, 4, 3, unit=ONE_TO_FIVE
    ),
    "owner_years": _c(
        "経営年数",
        "自ら経営している年数。経営していなければ0。",
        "Years of running a business; 0 = none.",
        6,
        0,
        3,
        unit=YEARS,
    ),
    "own_industry": _c(
        "自社業種", "自社の業種（日本標準産業分類の大分類）。", "Their own industry (JSIC major group).", "M", None, "G"
    ),
    "own_prefecture": _c("自社所在地", "自社がある都道府県。", "The prefecture of their own business.", 39, None, 27),
    "own_employees": _c(
        "自社従業員数", "自社の従業員数。", "Employees of their own business.", 8, None, 3, unit=PEOPLE
    ),
    "note": _c("備考", "自由記入。計算には使いません。", "Free text; not used.", None, None, None, also=("メモ",)),
}

_COMPANIES: dict[str, Entry] = {
    "id": _c(
        "ID",
        "企業を区別する番号や記号。重複はできません。",
        "A code that tells companies apart; no two alike.",
        "C01",
        "C02",
        "C03",
        also=("企業ID", "company_id", "番号", "No", "No."),
    ),
    "name": _c(
        "名称",
        "企業・自治体の名称。入力したとおりに表示されます。",
        "The name, shown exactly as typed.",
        Sentence("土佐の柚子園", "Tosa Yuzu Farm"),
        Sentence("しまなみ工房", "Shimanami Works"),
        Sentence("みどり町", "Midori Town"),
        also=("企業名", "会社名", "団体名", "氏名", "企業・自治体名"),
    ),
    "kind": _c(
        "区分",
        "企業・自治体・団体のいずれか。",
        "company, municipality or association.",
        "company",
        "company",
        "municipality",
    ),
    "corporate_number": _c("法人番号", "13桁の法人番号。", "The 13-digit corporate number.", None, None, None),
    "prefecture": _c("都道府県", "所在地の都道府県。", "The prefecture.", 39, 38, 36, also=("所在地", "所在都道府県")),
    "municipality_code": _c(
        "市区町村コード",
        "全国地方公共団体コード（6桁）。",
        "The six-digit local government code.",
        "392014",
        None,
        None,
        also=("自治体コード", "団体コード"),
    ),
    "industry": _c("業種", "日本標準産業分類の大分類。", "JSIC major group.", "A", "E", "S"),
    "employees": _c("従業員数", "従業員の数。", "Number of employees.", 12, 25, None, unit=PEOPLE),
    "revenue_jpy": _c(
        "売上高",
        "年間の売上高。",
        "Revenue a year.",
        90000000,
        240000000,
        None,
        unit=Sentence("円", "yen"),
    ),
    "goal": _c(
        "目的",
        "売上拡大・市場拡大・閑散期収益化・その他のいずれか。",
        "What the company wants.",
        "raise_revenue",
        "widen_market",
        "fill_off_season",
        also=("目標",),
    ),
    "hours_per_month": _c(
        "必要稼働時間",
        "1か月に必要な支援時間。",
        "Hours of support a month.",
        24,
        20,
        20,
        unit=HOURS,
        also=("必要時間",),
    ),
    "on_site_days_per_month": _c(
        "現地訪問日数",
        "1か月に希望する訪問日数。",
        "Days on site a month.",
        2,
        1,
        1,
        unit=DAYS,
        also=("希望訪問日数", "必要訪問日数"),
    ),
    "months": _c(
        "支援期間",
        "支援の月数。空欄は4か月とみなします。",
        "How many months; blank means 4.",
        4,
        4,
        6,
        unit=Sentence("か月", "months"),
    ),
    "start": _c(
        "開始日",
        "支援の開始日。",
        "The first day of support.",
        dt.date(2026, 6, 1),
        dt.date(2026, 6, 1),
        dt.date(2026, 7, 1),
        also=("支援開始日",),
    ),
    "budget_jpy_per_month": _c(
        "月額予算", "支払える月額の上限。", "The most it can pay.", 400000, 400000, 500000, unit=YEN, also=("予算",)
    ),
    "commitment": _c("本気度", "経営者の本気度。", "How much in earnest the management is.", 5, 4, 3, unit=ONE_TO_FIVE),
    "investment": _c("投資姿勢", "削るだけでなく投資する姿勢。", "Whether it invests.", 4, 4, 3, unit=ONE_TO_FIVE),
    "uniqueness": _c("独自性", "守るべき独自性。", "What is unique about it.", 5, 3, 4, unit=ONE_TO_FIVE),
    "openness": _c(
        "柔軟さ", "それ以外を変える柔軟さ。", "Open to change in all else.", 4, 5, 3, unit=ONE_TO_FIVE, also=("柔軟性",)
    ),
    "wanted_style": _c(
        "希望する支援スタイル",
        "後押し型か提案型。希望がなければ空欄。",
        "support or propose; blank = no wish.",
        "support",
        "propose",
        None,
        also=("希望スタイル", "希望支援スタイル"),
    ),
    "priority": _c(
        "優先度", "点数に掛ける倍率。空欄は1。", "Multiplies the points; blank means 1.", 1, 1, 1.2, also=("優先順位",)
    ),
    "note": _c("備考", "自由記入。計算には使いません。", "Free text; not used.", None, None, None, also=("メモ",)),
}

_EC = Sentence("ECサイト運営", "Online shop")
_BRAND = Sentence("ブランディング", "Branding")
_TOUR = Sentence("観光企画", "Tourism planning")
_PHOTO = Sentence("商品撮影", "Product photography")
_DIRECTOR_ID = ("ディレクター", "ディレクターID", "director")
_COMPANY_ID = ("企業", "企業コード", "company", "会社ID")


def _director_id(*examples: object) -> Entry:
    return _c("ディレクターID", "ディレクター表のID。", "An id of the table directors.", *examples, also=_DIRECTOR_ID)


def _company_id(*examples: object) -> Entry:
    return _c("企業ID", "企業・自治体表のID。", "An id of the table companies.", *examples, also=_COMPANY_ID)


def _skill(*examples: object) -> Entry:
    return _c(
        "スキル",
        "スキルの名前。表の間で同じ書き方にしてください。",
        "The skill, written alike in all tables.",
        *examples,
        also=("スキル名", "必要スキル"),
    )


def _level(*examples: object) -> Entry:
    return _c(
        "レベル",
        "1（入門）〜5（第一人者）。",
        "1 (beginner) to 5 (authority).",
        *examples,
        unit=ONE_TO_FIVE,
        also=("水準",),
    )


_RULE = "固定・除外・希望(ディレクター)・希望(企業)のいずれか。"

COLUMNS: dict[str, dict[str, Entry]] = {
    "directors": _DIRECTORS,
    "director_skills": {
        "director_id": _director_id("D01", "D01", "D02", "D03"),
        "skill": _skill(_EC, _BRAND, _BRAND, _TOUR),
        "level": _level(4, 3, 5, 4),
        "years": _c("年数", "そのスキルの経験年数。", "Years of doing it.", 6, 4, 8, 5, unit=YEARS, also=("経験年数",)),
        "hands_on": _c(
            "自ら実行",
            "自ら手を動かせるか。空欄は○。",
            "Does it, not only advises; blank means yes.",
            True,
            True,
            False,
            True,
            also=("自ら手を動かす", "実行可"),
        ),
    },
    "director_regions": {
        "director_id": _director_id("D02", "D03"),
        "prefecture": _c("都道府県", "理解のある都道府県。", "The prefecture they know.", 38, 36, also=("地域",)),
        "knowledge": _c(
            "理解度", "0（なし）〜5（地元同様）。", "0 (none) to 5 (like a local).", 4, 3, unit=ZERO_TO_FIVE
        ),
    },
    "director_results": {
        "director_id": _director_id("D01", "D02"),
        "goal": _c("目的", "企業の目的と同じ言葉。", "A goal as in companies.", "raise_revenue", "widen_market"),
        "rating": _c("評価", "0（なし）〜5（卓越）。", "0 (none) to 5 (outstanding).", 4, 5, unit=ZERO_TO_FIVE),
        "evidence": _c(
            "根拠",
            "実績の具体例。",
            "What it is based on.",
            Sentence("通販の売上を2年で2倍にした", "Doubled online sales in two years"),
            None,
            also=("実績内容",),
        ),
    },
    "companies": _COMPANIES,
    "company_needs": {
        "company_id": _company_id("C01", "C02", "C03"),
        "skill": _skill(_EC, _BRAND, _TOUR),
        "level": _level(3, 4, 3),
        "weight": _c(
            "重み",
            "1〜3。空欄は1。",
            "1 to 3; blank means 1.",
            2,
            1,
            1,
            unit=Sentence("1〜3", "1 to 3"),
            also=("重要度",),
        ),
        "must": _c(
            "必須", "なくてはならないスキルか。空欄は×。", "Cannot do without; blank means no.", True, False, False
        ),
        "hands_on": _c(
            "自ら実行",
            "ディレクター自身の実行が必要か。空欄は×。",
            "By the director's own hands; blank means no.",
            True,
            False,
            False,
            also=("自ら手を動かす", "実行必須"),
        ),
    },
    "people": {
        "id": _c(
            "ID",
            "人材を区別する番号や記号。",
            "A code that tells people apart.",
            "P01",
            "P02",
            also=("人材ID", "person_id", "番号", "No", "No."),
        ),
        "name": _c(
            "氏名",
            "氏名。",
            "The name.",
            Sentence("南 さくら", "Sakura Minami"),
            Sentence("北 一郎", "Ichiro Kita"),
            also=("名前",),
        ),
        "prefecture": _c(
            "都道府県", "住んでいる都道府県。", "Where they live.", 38, 36, also=("居住地", "拠点都道府県")
        ),
    },
    "person_skills": {
        "person_id": _c("人材ID", "人材表のID。", "An id of the table people.", "P01", "P02", also=("人材",)),
        "skill": _skill(_EC, _PHOTO),
        "level": _level(4, 3),
    },
    "ties": {
        "from_id": _c(
            "つながり元ID",
            "ディレクターか人材のID。",
            "A director's or person's id.",
            "D01",
            "D02",
            also=("ID1", "from"),
        ),
        "to_id": _c(
            "つながり先ID", "ディレクターか人材のID。", "A director's or person's id.", "P01", "P02", also=("ID2", "to")
        ),
        "strength": _c(
            "強さ",
            "紹介が実を結ぶ見込み。空欄は0.5。",
            "The chance an introduction works; blank means 0.5.",
            0.8,
            0.5,
            unit=Sentence("0〜1", "0 to 1"),
        ),
    },
    "pairs": {
        "director_id": _director_id("D01", "D03"),
        "company_id": _company_id("C01", "C02"),
        "rule": _c(
            "指定",
            _RULE,
            "pin, forbid, wish_director or wish_company.",
            "wish_company",
            "forbid",
            also=("ルール", "区分", "種別"),
        ),
        "value": _c(
            "希望の強さ",
            "希望のときのみ、−1（避けたい）〜1（ぜひ）。",
            "For wishes only: -1 (rather not) to 1 (very much).",
            1,
            None,
            unit=Sentence("−1〜1", "-1 to 1"),
            also=("値",),
        ),
        "reason": _c("理由", "指定の理由。", "Why.", Sentence("以前から面識がある", "They know each other"), None),
        "kind": _c(
            "関係",
            "利害関係の種類。",
            "The kind of relation.",
            None,
            "former_employer",
            also=("関係の種類", "利害関係"),
        ),
        "severity": _c(
            "扱い",
            "禁止・要承認・開示。空欄は禁止。",
            "forbid, needs_approval or disclose; blank means forbid.",
            None,
            "forbid",
            also=("対応",),
        ),
        "until": _c(
            "期限",
            "この日まで有効。空欄は無期限。",
            "Holds until this day; blank means for good.",
            None,
            None,
            also=("有効期限",),
        ),
        "source": _c(
            "情報源",
            "どこで分かったか。",
            "Where it is known from.",
            None,
            Sentence("本人の申告", "Own statement"),
            also=("出典",),
        ),
    },
    "rivals": {
        "company_id": _company_id("C01"),
        "other_id": _c("競合先ID", "競合する企業のID。", "The rival's id.", "C02", also=("競合企業ID", "競合先")),
    },
    "engagements": {
        "director_id": _director_id("D02"),
        "company_id": _c(
            "企業ID",
            "企業のID。一覧にない企業も書けます。",
            "The company's id; it need not be in the list.",
            "C90",
            also=_COMPANY_ID,
        ),
        "hours_per_month": _c("稼働時間", "1か月に使っている時間。", "Hours a month it takes.", 10, unit=HOURS),
        "until": _c("終了予定日", "担当が終わる日。", "The day it ends.", dt.date(2026, 9, 30), also=("終了日",)),
    },
    "ratings": {
        "subject_id": _c(
            "対象ID",
            "ディレクターか企業のID。",
            "A director's or company's id.",
            "C01",
            "C01",
            also=("ID", "評価対象ID"),
        ),
        "field": _c(
            "評価項目",
            "実行力・本気度・投資姿勢・独自性・柔軟さ。",
            "The column the rating is for.",
            "commitment",
            "commitment",
            also=("項目",),
        ),
        "rater": _c(
            "評価者",
            "評価した人。",
            "Who rated.",
            Sentence("審査員A", "Judge A"),
            Sentence("審査員B", "Judge B"),
            also=("審査員",),
        ),
        "rating": _c("評価", "1〜5。", "1 to 5.", 5, 4, unit=ONE_TO_FIVE, also=("評点", "点数")),
    },
    "distances": {
        "from_id": _c(
            "ディレクターID", "ディレクター表のID。", "A director's id.", "D01", also=(*_DIRECTOR_ID, "from")
        ),
        "to_id": _c("企業ID", "企業・自治体表のID。", "A company's id.", "C01", also=(*_COMPANY_ID, "to")),
        "km": _c("距離", "片道の距離。", "One-way distance.", 12, unit=KM, also=("距離km", "distance_km")),
    },
    "pair_hours": {
        "director_id": _director_id("D02"),
        "company_id": _c("企業ID", "企業・自治体表のID。", "A company's id.", "C02", also=_COMPANY_ID),
        "hours_per_month": _c(
            "必要稼働時間",
            "この組合せに必要な稼働時間。",
            "What this pair takes.",
            16,
            unit=HOURS,
            also=("稼働時間",),
        ),
    },
}
