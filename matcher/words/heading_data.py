"""The names, meanings, units and examples themselves: what `headings` hands out.

SHEETS: table → (Japanese name, further names, meaning).
COLUMNS: table → column → (Japanese heading, further headings, meaning, unit, examples as stored values).
The examples of one position across a table make one row of the template; None leaves the cell blank.
"""

from __future__ import annotations

import datetime as dt

from matcher.words.catalog import Sentence
from matcher.words.heading_parties import (
    COMPANIES,
    DIRECTORS,
    HOURS,
    KM,
    ONE_TO_FIVE,
    YEARS,
    ZERO_TO_FIVE,
    Entry,
    entry,
)

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

_EC = Sentence("ECサイト運営", "Online shop")
_BRAND = Sentence("ブランディング", "Branding")
_TOUR = Sentence("観光企画", "Tourism planning")
_PHOTO = Sentence("商品撮影", "Product photography")
_DIRECTOR_ID = ("ディレクター", "ディレクターID", "director")
_COMPANY_ID = ("企業", "企業コード", "company", "会社ID")


def _director_id(*examples: object) -> Entry:
    return entry(
        "ディレクターID", "ディレクター表のID。", "An id of the table directors.", *examples, also=_DIRECTOR_ID
    )


def _company_id(*examples: object) -> Entry:
    return entry("企業ID", "企業・自治体表のID。", "An id of the table companies.", *examples, also=_COMPANY_ID)


def _skill(*examples: object) -> Entry:
    return entry(
        "スキル",
        "スキルの名前。表の間で同じ書き方にしてください。",
        "The skill, written alike in all tables.",
        *examples,
        also=("スキル名", "必要スキル"),
    )


def _level(*examples: object) -> Entry:
    return entry(
        "レベル",
        "1（入門）〜5（第一人者）。",
        "1 (beginner) to 5 (authority).",
        *examples,
        unit=ONE_TO_FIVE,
        also=("水準",),
    )


_RULE = "固定・除外・希望(ディレクター)・希望(企業)のいずれか。"

COLUMNS: dict[str, dict[str, Entry]] = {
    "directors": DIRECTORS,
    "director_skills": {
        "director_id": _director_id("D01", "D01", "D02", "D03"),
        "skill": _skill(_EC, _BRAND, _BRAND, _TOUR),
        "level": _level(4, 3, 5, 4),
        "years": entry(
            "年数", "そのスキルの経験年数。", "Years of doing it.", 6, 4, 8, 5, unit=YEARS, also=("経験年数",)
        ),
        "hands_on": entry(
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
        "prefecture": entry("都道府県", "理解のある都道府県。", "The prefecture they know.", 38, 36, also=("地域",)),
        "knowledge": entry(
            "理解度", "0（なし）〜5（地元同様）。", "0 (none) to 5 (like a local).", 4, 3, unit=ZERO_TO_FIVE
        ),
    },
    "director_results": {
        "director_id": _director_id("D01", "D02"),
        "goal": entry("目的", "企業の目的と同じ言葉。", "A goal as in companies.", "raise_revenue", "widen_market"),
        "rating": entry("評価", "0（なし）〜5（卓越）。", "0 (none) to 5 (outstanding).", 4, 5, unit=ZERO_TO_FIVE),
        "evidence": entry(
            "根拠",
            "実績の具体例。",
            "What it is based on.",
            Sentence("通販の売上を2年で2倍にした", "Doubled online sales in two years"),
            None,
            also=("実績内容",),
        ),
    },
    "companies": COMPANIES,
    "company_needs": {
        "company_id": _company_id("C01", "C02", "C03"),
        "skill": _skill(_EC, _BRAND, _TOUR),
        "level": _level(3, 4, 3),
        "weight": entry(
            "重み",
            "1〜3。空欄は1。",
            "1 to 3; blank means 1.",
            2,
            1,
            1,
            unit=Sentence("1〜3", "1 to 3"),
            also=("重要度",),
        ),
        "must": entry(
            "必須", "なくてはならないスキルか。空欄は×。", "Cannot do without; blank means no.", True, False, False
        ),
        "hands_on": entry(
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
        "id": entry(
            "ID",
            "人材を区別する番号や記号。",
            "A code that tells people apart.",
            "P01",
            "P02",
            also=("人材ID", "person_id", "番号", "No", "No."),
        ),
        "name": entry(
            "氏名",
            "氏名。",
            "The name.",
            Sentence("南 さくら", "Sakura Minami"),
            Sentence("北 一郎", "Ichiro Kita"),
            also=("名前",),
        ),
        "prefecture": entry(
            "都道府県", "住んでいる都道府県。", "Where they live.", 38, 36, also=("居住地", "拠点都道府県")
        ),
    },
    "person_skills": {
        "person_id": entry("人材ID", "人材表のID。", "An id of the table people.", "P01", "P02", also=("人材",)),
        "skill": _skill(_EC, _PHOTO),
        "level": _level(4, 3),
    },
    "ties": {
        "from_id": entry(
            "つながり元ID",
            "ディレクターか人材のID。",
            "A director's or person's id.",
            "D01",
            "D02",
            also=("ID1", "from"),
        ),
        "to_id": entry(
            "つながり先ID", "ディレクターか人材のID。", "A director's or person's id.", "P01", "P02", also=("ID2", "to")
        ),
        "strength": entry(
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
        "rule": entry(
            "指定",
            _RULE,
            "pin, forbid, wish_director or wish_company.",
            "wish_company",
            "forbid",
            also=("ルール", "区分", "種別"),
        ),
        "value": entry(
            "希望の強さ",
            "希望のときのみ、−1（避けたい）〜1（ぜひ）。",
            "For wishes only: -1 (rather not) to 1 (very much).",
            1,
            None,
            unit=Sentence("−1〜1", "-1 to 1"),
            also=("値",),
        ),
        "reason": entry("理由", "指定の理由。", "Why.", Sentence("以前から面識がある", "They know each other"), None),
        "kind": entry(
            "関係",
            "利害関係の種類。",
            "The kind of relation.",
            None,
            "former_employer",
            also=("関係の種類", "利害関係"),
        ),
        "severity": entry(
            "扱い",
            "禁止・要承認・開示。空欄は禁止。",
            "forbid, needs_approval or disclose; blank means forbid.",
            None,
            "forbid",
            also=("対応",),
        ),
        "until": entry(
            "期限",
            "この日まで有効。空欄は無期限。",
            "Holds until this day; blank means for good.",
            None,
            None,
            also=("有効期限",),
        ),
        "source": entry(
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
        "other_id": entry("競合先ID", "競合する企業のID。", "The rival's id.", "C02", also=("競合企業ID", "競合先")),
    },
    "engagements": {
        "director_id": _director_id("D02"),
        "company_id": entry(
            "企業ID",
            "企業のID。一覧にない企業も書けます。",
            "The company's id; it need not be in the list.",
            "C90",
            also=_COMPANY_ID,
        ),
        "hours_per_month": entry("稼働時間", "1か月に使っている時間。", "Hours a month it takes.", 10, unit=HOURS),
        "until": entry("終了予定日", "担当が終わる日。", "The day it ends.", dt.date(2026, 9, 30), also=("終了日",)),
    },
    "ratings": {
        "subject_id": entry(
            "対象ID",
            "ディレクターか企業のID。",
            "A director's or company's id.",
            "C01",
            "C01",
            also=("ID", "評価対象ID"),
        ),
        "field": entry(
            "評価項目",
            "実行力・本気度・投資姿勢・独自性・柔軟さ。",
            "The column the rating is for.",
            "commitment",
            "commitment",
            also=("項目",),
        ),
        "rater": entry(
            "評価者",
            "評価した人。",
            "Who rated.",
            Sentence("審査員A", "Judge A"),
            Sentence("審査員B", "Judge B"),
            also=("審査員",),
        ),
        "rating": entry("評価", "1〜5。", "1 to 5.", 5, 4, unit=ONE_TO_FIVE, also=("評点", "点数")),
    },
    "distances": {
        "from_id": entry(
            "ディレクターID", "ディレクター表のID。", "A director's id.", "D01", also=(*_DIRECTOR_ID, "from")
        ),
        "to_id": entry("企業ID", "企業・自治体表のID。", "A company's id.", "C01", also=(*_COMPANY_ID, "to")),
        "km": entry("距離", "片道の距離。", "One-way distance.", 12, unit=KM, also=("距離km", "distance_km")),
    },
    "pair_hours": {
        "director_id": _director_id("D02"),
        "company_id": entry("企業ID", "企業・自治体表のID。", "A company's id.", "C02", also=_COMPANY_ID),
        "hours_per_month": entry(
            "必要稼働時間",
            "この組合せに必要な稼働時間。",
            "What this pair takes.",
            16,
            unit=HOURS,
            also=("稼働時間",),
        ),
    },
}
