"""The words of invented programmes: skills, names, notes. All people and companies made of them are invented."""

from __future__ import annotations

from typing import Final

from matcher.generating.draws import Ints, number_of


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SKILLS: Final = (
    # What most companies ask for, then a long tail that few ask for and few can do.
    "営業",
    "EC",
    "商品開発",
    "写真・動画",
    "価格設定",
    "SNS運用",
    "ブランディング",
    "店舗運営",
    "観光商品造成",
    "ふるさと納税",
    "海外販路",
    "データ分析",
    "イベント企画",
    "資金調達",
    "採用",
    "展示会",
    "卸取引",
    "広報",
    "接客研修",
    "原価管理",
    "動画配信",
    "旅行会社営業",
    "多言語対応",
    "予約サイト運用",
    "農産物加工",
    "食品表示",
    "体験プログラム",
    "包装デザイン",
    "会員制度",
    "生産計画",
    "補助金申請",
    "事業承継",
    "水産加工",
    "物流改善",
    "古民家活用",
    "地域商社",
    "工場見学",
    "越境EC",
    "酒類免許",
    "伝統工芸",
    "ワイン醸造",
    "温泉活用",
    "林産物",
    "自転車観光",
    "養殖技術",
    "ハラール対応",
    "宇宙食認証",
    "藻場再生",
)

N_UNOFFERED: Final = 2
"""The last so many skills are known by project members only: who must have them by a director finds nobody."""

WANTED: Final = {
    # Goal → what raises a skill's usual weight, in tenths.
    "raise_revenue": {"営業": 20, "価格設定": 25, "EC": 18, "商品開発": 16, "原価管理": 20, "店舗運営": 18},
    "widen_market": {"海外販路": 40, "展示会": 30, "卸取引": 30, "越境EC": 40, "EC": 20, "多言語対応": 20},
    "fill_off_season": {
        "観光商品造成": 40,
        "体験プログラム": 50,
        "予約サイト運用": 40,
        "イベント企画": 35,
        "旅行会社営業": 40,
        "温泉活用": 50,
    },
    "other": {"採用": 40, "資金調達": 35, "事業承継": 50, "広報": 30, "補助金申請": 30},
}

PLACES: Final = _words(
    "ひだまり くるみ みのり あおば こもれび さざなみ しおかぜ せきれい たんぽぽ つむぎ "
    "とうげ なごみ のどか はまなす ひばり ふたば ほたる まほろば みなも やまびこ ゆきわり "
    "わかば かがり火 かわせみ きさらぎ こだま さんざし すずかけ うみねこ おだまき いろは "
    "あけぼの めぐみ むつみ ひいらぎ となり つばき坂 たから しののめ あまつぶ いしずえ "
    "うずしお えにし おぼろ かざぐるま くすのき けやき こはく"
)
"""What an invented company is called first."""

TRADES: Final = {
    "A": ("農園", "果樹園", "茶園", "牧場", "きのこ園"),
    "B": ("水産", "漁業", "養殖", "海苔店", "網元"),
    "C": ("採石", "砕石", "石材", "鉱産", "砂利"),
    "D": ("工務店", "造園", "木工", "建装", "左官"),
    "E": ("鉄工", "醸造", "陶房", "織物", "食品"),
    "F": ("燃料", "電力", "ガス", "水道", "熱供給"),
    "G": ("放送", "情報", "出版", "映像", "ソフト"),
    "H": ("交通", "海運", "運輸", "倉庫", "観光バス"),
    "I": ("商店", "物産", "酒販", "青果", "薬局"),
    "J": ("信用", "保険", "共済", "リース", "質店"),
    "K": ("不動産", "住宅", "貸会議室", "駐車場", "レンタル"),
    "L": ("設計室", "デザイン", "写真館", "企画", "測量"),
    "M": ("旅館", "民宿", "温泉宿", "食堂", "そば処"),
    "N": ("体験舎", "湯", "キャンプ場", "美容室", "観光"),
    "O": ("塾", "料理教室", "学舎", "書道教室", "音楽教室"),
    "P": ("介護", "訪問看護", "鍼灸院", "保育園", "調剤"),
    "Q": ("協同組合", "生活協同組合", "郵便", "購買組合", "共同店"),
    "R": ("警備", "清掃", "整備", "人材", "廃材"),
    "T": ("組", "舎", "工房", "屋", "堂"),
}
"""Industry → what an invented company of it is called next; T also where the industry is not known."""

ASSOCIATIONS: Final = ("観光協会", "振興会", "生産者の会", "職人の会", "まちづくり")

FAMILY_NAMES: Final = _words(
    "入江 細川 新居 丸亀 倉本 千種 中洲 長良 早瀬 深山 魚住 榊 生駒 古川 富永 青柳 "
    "久慈 橋立 江波 浮田 鳥居 笹川 名取 結城 十勝 牧野 松島 有沢 田所 野辺 秋津 水城 "
    "篠原 大庭 藤代 荒磯 朝霧 安曇 上杉 幸田 沖 湊 霧島 潮見 渡良瀬 日野 越野 雨宮 "
    "清滝 白根 氷見 砺波 綾部 須磨 鞆 伊佐 指宿 米原 小国 遠野"
)
GIVEN_NAMES: Final = _words(
    "紬 蓮 響子 久志 久美 玲奈 明里 夏生 香澄 央 円 文 史郎 路子 恭平 信吾 佳代 萌 "
    "詠美 克己 司 伊織 澄江 崇 聡 心 陽一 慧 靖 政宏 武 一颯 岬 真一 光 冬馬 菜穂 "
    "真帆 咲 桐子 綾乃 直樹 千晶 航 美緒 拓 遥 健 志保 凪 律 楓 悠真 葵 正史 千尋 "
    "亮 柚 沙耶 洋介"
)

COMPANY_NOTES: Final = {
    "raise_revenue": ("直販を倍にしたい（架空）", "客単価を上げたい（架空）", "主力商品を立て直したい（架空）"),
    "widen_market": ("卸以外の道を作りたい（架空）", "県外に売りたい（架空）", "海外の客に届けたい（架空）"),
    "fill_off_season": ("冬の客が少ない（架空）", "平日を埋めたい（架空）", "雨の日の商品がない（架空）"),
    "other": ("後継者を育てたい（架空）", "人が集まらない（架空）", "何から始めるか相談したい（架空）"),
}

_STRIDE = 1907
"""Without a common factor with the number of pairs of names, so that all of them come before the first comes again."""


def person_names() -> tuple[str, ...]:
    """Return every pair of a family and a given name."""
    return tuple(f"{family} {given}" for family in FAMILY_NAMES for given in GIVEN_NAMES)


def name_codes(idx: Ints, seed: int, who: str) -> tuple[Ints, Ints]:
    """Return places in `person_names`, and the number behind a name that comes again (−1 where it is the first).

    Parameters
    ----------
    idx : places of people, from 0
    who : keeps the names of directors and of project members apart
    """
    n_names = len(FAMILY_NAMES) * len(GIVEN_NAMES)
    start = number_of(f"{seed}/{who}") % n_names
    turn = idx // n_names
    number = turn + 1
    number[turn == 0] = -1
    return (idx * _STRIDE + start) % n_names, number


def company_names() -> tuple[str, ...]:
    """Return the beginnings of company names, by place in PLACES and trade, then those of associations.

    Each still wants a number and a closing bracket: every company is marked as invented, and no two are called alike.
    """
    companies = [f"{place}{trade}（架空" for place in PLACES for trades in TRADES.values() for trade in trades]
    return (*companies, *(f"{place}{kind}（架空" for place in PLACES for kind in ASSOCIATIONS))
