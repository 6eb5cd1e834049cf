"""What staff and a company read about a company and a director of the pilot, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import matcher
from matcher.explain.explanation import Audience, Explanation
from matcher.explain.questions import ask
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from matcher.words.catalog import LANGUAGES
from tests.problems import small_problem

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def pilot() -> Standing:
    return build_standing(matcher.match(matcher.read(ROOT / "scenarios" / "pilot")))


def _asked(standing: Standing, question: str, one: str, audience: Audience = "staff") -> Explanation:
    return ask(standing, question, [one], audience=audience)


def _has(text: str, *lines: str) -> None:
    shown = [line.strip().removeprefix("- ").removeprefix("* ") for line in text.splitlines()]
    for line in lines:
        assert line in shown, (line, text)


def test_served_company_is_told_every_fact(pilot: Standing) -> None:
    told = _asked(pilot, "company", "C002")
    _has(
        told.to_text("ja"),
        "瀬戸 航平（D002）が担当します（8,883点）。",
        "実務経験：2,000点（満点2,000点）",
        "「SNS運用」はレベル4で、必要なレベル3を上回ります。",
        "「観光商品造成」は自ら手を動かす力がレベル5です（必要なレベル5、重み3）。",
        "高知県は拠点の都道府県です（理解度は5段階の5、拠点では4以上とみなします）。",
        "「SNS運用」（必要なレベル3）は、高知県の江波 萌 (P030)（レベル4）を直接のつながりで紹介できます。"
        "つながりの強さは0.5です。",
        "自らの事業を11年経営しています。",
        "従業員数（8名と9名）が4倍以内です（0.2を加算）。",
        "「閑散期収益化」の実績の評価は5段階の5です。",
        "企業の独自性は5段階の4.5です。",
        "希望の支援スタイル（後押し型）に合います（ディレクター：後押し型）。",
        "距離は64km、現地訪問の希望は月4日です。",
        "ディレクターの希望の強さは1です（−1〜1）。",
        "ほかに条件を満たすディレクターはいません。",
    )
    _has(
        told.to_text("en"),
        "観光商品造成: level 5 of 5 wanted, by own hands, weight 3.",
        "SNS運用 (level 3 wanted): one hop to 江波 萌 (P030) (level 4) in Kochi, strength 0.5.",
        "イベント企画 (level 4 wanted, weight 2): 3 hops (through 三浦 紬 (P027) and 海老沢 文 (P052)) to "
        "蓮見 裕子 (P071) (level 4) in Kochi, strength 0.28.",
        "Rating 5 of 5 for fill off season.",
    )


def test_unserved_company_is_told_what_serving_it_costs_and_with_whom(pilot: Standing) -> None:
    told = _asked(pilot, "company", "C012")
    _has(
        told.to_text("en"),
        "If this company had to be served:",
        "The whole plan loses 2,070 points (proved).",
        "小田 冴子 (D006) (6,606 points). Works with no company in this plan.",
        "瀬戸 航平 (D002) (6,763 points). Works with しまんと沈下橋の宿（架空） (C002) in this plan; "
        "running engagements outside it: 1.",
        "The whole plan loses 2,120 points (proved).",
        "The whole plan changes as told above.",
    )
    assert told.to_text("en").count("loses 2,070 points") == 1 == told.to_text("ja").count("上に示したとおり")
    _has(told.to_text("ja"), "計画全体で2,070点の減少です（証明済み）。", "庄川ゆず園（架空）（C009）は担当なしになる")
    record = told.to_dict()
    assert (record["served_by"], record["reason"]) == (None, "limit_reached")
    assert [(one["director_id"], one["loss_points"]) for one in record["alternatives"]] == [
        ("D006", 2070),
        ("D002", 2120),
        ("D003", 3624),
    ]
    assert record["serving"]["loss_points"] == 2070
    assert (record["n_alternatives"], record["n_alternatives_known"]) == (5, 5)


def test_company_nobody_can_serve_is_told_what_would_change_it(pilot: Standing) -> None:
    told = _asked(pilot, "company", "C014")
    _has(
        told.to_text("en"),
        "No director meets every condition.",
        "required skills                           6",
        "天野 理恵 (D004) would be eligible with the required skills at their level (海外販路).",
    )
    _has(
        told.to_text("ja"),
        "天野 理恵（D004）：必須スキル（海外販路）を求められる水準で満たすことで、条件を満たします。",
    )
    assert told.to_dict()["n_failed_by_rule"] == {"has_must_skills": 6, "no_conflict_of_interest": 1}


@pytest.mark.parametrize("company_id", ["C002", "C009", "C012", "C014"])
def test_letter_names_no_other_company_and_no_figure_of_the_programme(pilot: Standing, company_id: str) -> None:
    problem = pilot.problem
    others = [
        name for one, name in zip(problem.company_ids, problem.companies["name"], strict=True) if one != company_id
    ]
    people = [*problem.tables["people"]["name"], *problem.tables["people"]["id"]]
    for lang in LANGUAGES:
        text = _asked(pilot, "company", company_id, "company").to_text(lang)
        assert not any(name in text for name in [*others, *people])
        assert not re.search(r"\d点|points|希望の強さ|wish:|本気度|commitment|強さ|strength", text), text


def test_letter_is_polite_and_says_the_reasons(pilot: Standing) -> None:
    text = _asked(pilot, "company", "C002", "company").to_text("ja")
    _has(
        text,
        "貴社（貴団体）には、瀬戸 航平氏を担当ディレクターとしてご紹介します。理由は次のとおりです。",
        "高知県に拠点があります。",
        "「価格設定」に通じた和歌山県の人材をご紹介できる可能性があります。",
    )
    items = [line for line in text.splitlines() if line.startswith("  - ")]
    assert items and all(re.search(r"(です|ます|りません)(（.*）)?。$", line) for line in items)


def test_director_is_told_load_and_the_worth_of_slots(pilot: Standing) -> None:
    told = _asked(pilot, "director", "D002")
    _has(
        told.to_text("ja"),
        "担当枠2のうち、この計画で1社を担当します。",
        "対象外の支援を1件担当しています。",
        "しまんと沈下橋の宿（架空）（C002）：8,883点。この組合せがないと：",
        "計画全体で212点の減少です（証明済み）。",
        "計画全体の点数は増えません（証明済み）。",
        "祖谷かずら荘（架空）（C003）（8,438点。この計画では担当なし）。担当すると：",
        "ほかに候補となる企業は38社あります。今の担当の点を最も大きく上回る8社について、担当した場合の計画を計算し、"
        "減少の小さい順に5社を示しています。残りの30社は計算していません。",
        "負担が最も大きくなりうる月を示しています（企業の支援が始まる月です）。ほかの月の負担は、これを超えません。"
        "「使用／可能」は、その月に使う量と、ディレクターが申告した1か月の上限です（–は申告なし、上限なし）。",
    )
    _has(
        told.to_text("en"),
        "2027-01          1          1           0  44 / 64                 4 / 6",
        "With one slot less:",
        "日向 拓 (D005) takes 綾町（架空の案件） (C036)",
        "There are 38 other candidates. The plan was solved again with each of the 8 whose points exceed those of the "
        "company's present match most; the 5 with the smallest losses are shown. The remaining 30 were not solved.",
    )
    record = told.to_dict()
    assert (record["slots"], record["n_companies"]) == (2, 1)
    assert (record["gain_of_one_more_points"], record["loss_of_one_less_points"]) == (0, 212)
    assert record["matches"][0]["without"]["loss_points"] == 212
    assert record["months"][0]["on_site_days_per_month"] == 4


def test_director_is_not_told_of_to_companies(pilot: Standing) -> None:
    for lang in LANGUAGES:
        text = _asked(pilot, "director", "D002", "company").to_text(lang)
        assert text.splitlines()[0] == "瀬戸 航平"
        assert not re.search(r"\d", text)


def _small(**rows: Any) -> Standing:
    return build_standing(match(small_problem(**rows)))


def test_slot_filled_by_a_pin_is_said_to_be_fixed() -> None:
    pin = [{"director_id": "d1", "company_id": "c1", "rule": "pin"}]
    told = _asked(_small(directors=1, companies=2, pairs=pin), "director", "d1")
    _has(told.to_text("en"), "It cannot be lost: pinned matches (1) take the slots.")
    _has(told.to_text("ja"), "固定の指定がある組合せ（1件）で枠が埋まるため、減らせません。")
    assert told.to_dict()["loss_of_one_less"]["possible"] is False


def test_paused_director_is_worth_nothing_and_told_why() -> None:
    told = _asked(_small(directors=[{"status": "paused"}, {}], companies=1), "director", "d1")
    _has(told.to_text("en"), "Not in service (paused), so no slot changes the plan (0 either way, proved).")
    _has(told.to_text("ja"), "登録中ではない（休止）ため、枠を増減しても計画は変わりません（増減とも0点、証明済み）。")
    assert told.to_dict()["idle"] == "not_in_service"


def test_director_who_fits_no_company_is_told_so() -> None:
    forbid = [{"director_id": "d1", "company_id": "c1", "rule": "forbid"}]
    told = _asked(_small(directors=2, companies=1, pairs=forbid), "director", "d1")
    _has(told.to_text("en"), "Eligible for no company, so no slot changes the plan (0 either way, proved).")
    _has(told.to_text("ja"), "ほかに候補となる企業はありません。")


def test_missing_facts_are_said_to_be_missing() -> None:
    told = _asked(_small(directors=1, companies=1), "company", "c1")
    _has(
        told.to_text("en"),
        "Neither needs nor years of experience are known: the neutral value 0.5.",
        "No need asks for own hands and there is no hands-on rating: the neutral value 0.5.",
        "The company's openness is not rated: the neutral value 0.5.",
        "A style is not known (wanted: not stated, the director's: not stated): the neutral value 0.5.",
        "Neither side states a wish.",
    )
    assert "experience" in told.to_dict()["neutral"]
    assert told.to_dict()["facts"]["experience"] == [{"code": "years_missing", "neutral": 0.5}]


def test_a_skill_below_its_level_is_told_to_staff_and_is_no_reason_in_a_letter() -> None:
    need = {"company_id": "c1", "skill": "EC", "level": 4, "hands_on": True}
    skill = {"director_id": "d1", "skill": "EC", "level": 3, "hands_on": True}
    standing = _small(directors=1, companies=1, company_needs=[need], director_skills=[skill])
    text = _asked(standing, "company", "c1").to_text("ja")
    _has(text, "「EC」は自ら手を動かす力がレベル3で、必要なレベル4に届きません。")
    _has(_asked(standing, "company", "c1").to_text("en"), "EC: level 3 of 4 wanted, by own hands.")
    assert "EC" not in _asked(standing, "company", "c1", "company").to_text("ja")


def test_only_engagements_in_the_months_of_a_company_keep_a_director_busy() -> None:
    rows = {
        "directors": [{"max_companies": 2, "experience_years": 9}, {"max_companies": 3}],
        "companies": [{"start": "2026-04-01", "months": 2}, {"start": "2026-08-01", "months": 2}],
        "engagements": [{"director_id": "d2", "company_id": "elsewhere", "until": "2026-06-30"}],
    }
    standing = _small(**rows)
    busy = {}
    for company in ("c1", "c2"):
        (one,) = _asked(standing, "company", company).to_dict()["alternatives"]
        busy[company] = (one["director_id"], one["n_elsewhere"])
    assert busy == {"c1": ("d2", 1), "c2": ("d2", 0)}
