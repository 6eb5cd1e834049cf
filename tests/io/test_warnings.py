"""What staff should look at before a run, although nothing is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matcher.io import CheckReport, check_source
from matcher.words.issues import issue_text
from tests.io.datasets import COMPANIES, DIRECTORS, check_tables, write_folder

SKILLS = (("director_id", "skill", "level"), ("D1", "ECサイト運営", 4))


def warned(report: CheckReport, rule: str) -> list[tuple[object, object]]:
    return [(issue.row, issue.value) for issue in report.warnings if issue.rule == rule]


def test_the_same_name_twice_names_both_rows(tmp_path: Path) -> None:
    report = check_tables(
        tmp_path, directors=(DIRECTORS[0], ("D1", "高 花子", "高知", 1), ("D2", "高　花子", "東京", 1))
    )
    assert warned(report, "duplicate_name") == [(3, "高　花子")]
    assert report.warnings[0].params["first_row"] == 2


def test_the_same_company_name_in_another_prefecture_is_another_company(tmp_path: Path) -> None:
    rows = (COMPANIES[0], ("C1", "山田", "高知", "売上拡大"), ("C2", "山田", "愛媛", "売上拡大"))
    assert warned(check_tables(tmp_path, companies=rows), "duplicate_name") == []


def test_a_needed_skill_nobody_has_names_the_one_it_may_be(tmp_path: Path) -> None:
    needs = (
        ("company_id", "skill", "level"),
        ("C1", "ECサイト運用", 3),
        ("C2", "ＥＣサイト運営", 3),
        ("C2", "溶接", 2),
    )
    report = check_tables(tmp_path, director_skills=SKILLS, company_needs=needs)
    found = [(i.row, i.params["near"]) for i in report.warnings if i.rule == "skill_nobody_has"]
    assert found == [(2, ("ECサイト運営",)), (4, ())]


def test_ratings_that_are_all_equal(tmp_path: Path) -> None:
    head = (*COMPANIES[0], "本気度")
    rows = [(f"C{i}", f"企業{i}", "高知", "売上拡大", 3) for i in range(3)]
    assert warned(check_tables(tmp_path, companies=(head, *rows)), "ratings_all_equal") == [(None, "3")]
    rows[0] = (*rows[0][:4], 4)
    assert warned(check_tables(tmp_path, companies=(head, *rows)), "ratings_all_equal") == []


def test_a_company_nobody_can_serve_and_a_director_nobody_needs(tmp_path: Path) -> None:
    companies = ((*COMPANIES[0], "必要稼働時間"), ("C1", "", "高知", "売上拡大", 100))
    directors = ((*DIRECTORS[0], "稼働可能時間"), ("D1", "髙橋", "高知", 1, 90))
    report = check_tables(tmp_path, companies=companies, directors=directors)
    (company,) = [i for i in report.warnings if i.rule == "company_nobody_can_serve"]
    assert (company.params["near"], company.params["failed"]) == (("D1 髙橋",), ("has_hours",))
    assert company.params["amounts"] == {"has_hours": (90.0, 100.0)}
    (director,) = [i for i in report.warnings if i.rule == "director_nobody_needs"]
    assert (director.value, director.params["failed"]) == ("D1", ("has_hours",))


def test_quotas_on_words_nobody_has(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    quotas = (
        "limits:\n  quotas:\n    - {by: prefecture, value: 沖縄, min: 1}\n    - {by: region, value: 四国, min: 3}\n"
    )
    (folder / "policy.yaml").write_text(quotas + "    - {by: region, value: 四国, min: 2}\n", encoding="utf-8")
    found = [(i.rule, i.row, i.value) for i in check_source(folder).warnings if i.rule.startswith("quota")]
    assert found == [("quota_nobody", 3, "沖縄"), ("quota_short", 4, "四国")]


def test_quotas_are_counted_as_the_model_counts_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_folder(tmp_path)
    (folder / "policy.yaml").write_text(
        "limits:\n  quotas:\n    - {by: region, value: 四国, min: 2}\n", encoding="utf-8"
    )
    assert warned(check_source(folder), "quota_nobody") == []
    monkeypatch.setattr("matcher.modelling.quota_members", lambda problem, quota: np.zeros(2, dtype=np.bool_))
    assert warned(check_source(folder), "quota_nobody") == [(3, "四国")]


RATINGS = ("対象ID", "評価項目", "評価者", "評価")
THREE = (COMPANIES[0], *((f"C{i}", f"企業{i}", "高知", "売上拡大") for i in range(3)))


def test_a_field_rated_alike_for_everybody_in_the_table_of_ratings(tmp_path: Path) -> None:
    rows = [(f"C{i}", "本気度", f"審査員{i}", 3) for i in range(3)]
    report = check_tables(tmp_path, companies=THREE, ratings=(RATINGS, *rows))
    (found,) = [i for i in report.warnings if i.rule in ("ratings_all_equal", "rater_all_equal")]
    assert (found.rule, found.file, found.row, found.value) == ("ratings_all_equal", "ratings.csv", None, "3")
    assert "「本気度」の3件すべてが 3 で" in issue_text(found, "ja")
    assert "all 3 values of commitment are 3" in issue_text(found, "en")


@pytest.mark.parametrize("ratings", [(3, 3, 4), (3, 3)])
def test_ratings_that_differ_or_are_of_two_subjects_are_no_concern(tmp_path: Path, ratings: tuple[int, ...]) -> None:
    rows = [(f"C{i}", "本気度", "審査員A", rating) for i, rating in enumerate(ratings)]
    report = check_tables(tmp_path, companies=THREE, ratings=(RATINGS, *rows))
    assert warned(report, "ratings_all_equal") == warned(report, "rater_all_equal") == []


def test_a_rater_who_gives_everybody_the_same(tmp_path: Path) -> None:
    rows = [(f"C{i}", "本気度", "審査員A", 3) for i in range(3)] + [("C0", "柔軟さ", "審査員A", 5)]
    others = [(f"C{i}", "本気度", "審査員B", 3 + i % 2) for i in range(3)]
    report = check_tables(tmp_path, companies=THREE, ratings=(RATINGS, *rows, *others))
    assert warned(report, "ratings_all_equal") == []
    assert warned(report, "rater_all_equal") == [(None, "審査員A")]


def test_a_rater_with_an_opinion_on_one_field_is_left_alone(tmp_path: Path) -> None:
    rows = [(f"C{i}", "本気度", "審査員A", 3) for i in range(3)] + [
        (f"C{i}", "柔軟さ", "審査員A", 3 + i) for i in (0, 1)
    ]
    others = [(f"C{i}", "本気度", "審査員B", 3 + i % 2) for i in range(3)]
    report = check_tables(tmp_path, companies=THREE, ratings=(RATINGS, *rows, *others))
    assert warned(report, "rater_all_equal") == []


HELD = ("director_id", "skill", "level")
NEEDED = ("company_id", "skill", "level")


def test_a_directors_misspelt_skill_names_the_one_that_is_needed(tmp_path: Path) -> None:
    held = (HELD, ("D1", "EC運営", 3), ("D2", "EC運宮", 4))
    report = check_tables(tmp_path, director_skills=held, company_needs=(NEEDED, ("C1", "EC運営", 3)))
    (found,) = [i for i in report.warnings if i.rule == "skill_perhaps_misspelt"]
    assert (found.file, found.row, found.value, found.params["near"]) == (
        "director_skills.csv", 3, "EC運宮", ("EC運営",),
    )  # fmt: skip


def test_a_persons_misspelt_skill_names_the_one_that_others_list(tmp_path: Path) -> None:
    report = check_tables(
        tmp_path,
        director_skills=(HELD, ("D1", "SNS-運用", 3), ("D2", "SNS-運用", 3)),
        people=(("id",), ("P1",)),
        person_skills=(("person_id", "skill", "level"), ("P1", "SNS運用", 4)),
    )
    found = [(i.file, i.row, i.params["near"]) for i in report.warnings if i.rule == "skill_perhaps_misspelt"]
    assert found == [("person_skills.csv", 2, ("SNS-運用",))]


@pytest.mark.parametrize(
    ("odd", "known"),
    [
        ("新商品開発", "商品開発"),
        ("法人営業支援", "法人営業"),
        ("ISO9001", "ISO9002"),
        ("簿記検定3級", "簿記検定2級"),
        ("営農", "営業"),
        ("C#", "C++"),
        ("ＥＣ運営", "EC運営"),
    ],
)
def test_another_skill_or_another_width_is_not_called_misspelt(tmp_path: Path, odd: str, known: str) -> None:
    held = (HELD, ("D1", known, 3), ("D2", odd, 4))
    report = check_tables(tmp_path, director_skills=held, company_needs=(NEEDED, ("C1", known, 3)))
    assert warned(report, "skill_perhaps_misspelt") == []


@pytest.mark.parametrize("second", ["D1", "needed"])
def test_a_skill_that_two_list_or_somebody_needs_is_not_called_misspelt(tmp_path: Path, second: str) -> None:
    held = [HELD, ("D1", "EC運営", 3), ("D2", "EC運宮", 4)]
    needs = [NEEDED, ("C1", "EC運営", 3)]
    if second == "needed":
        needs.append(("C2", "EC運宮", 3))
    else:
        held.append((second, "EC運宮", 3))
    report = check_tables(tmp_path, director_skills=held, company_needs=needs)
    assert warned(report, "skill_perhaps_misspelt") == []


ENGAGED = ("ディレクターID", "企業ID", "終了予定日")


def test_a_running_engagement_that_breaks_a_rule_is_named(tmp_path: Path) -> None:
    report = check_tables(
        tmp_path,
        directors=((*DIRECTORS[0], "稼働可能時間"), ("D1", "", "高知", 2, 20), ("D2", "", "東京", 1, "")),
        companies=(
            (*COMPANIES[0], "必要稼働時間"),
            ("C1", "", "高知", "売上拡大", 30),
            ("C2", "", "愛媛", "市場拡大", ""),
        ),
        engagements=(ENGAGED, ("D2", "C1", ""), ("D1", "X9", ""), ("D1", "C1", "")),
    )
    (found,) = [i for i in report.warnings if i.rule.startswith("engagement")]
    assert (found.rule, found.row, found.value, found.params["director_id"]) == (
        "engagement_breaks_rule",
        4,
        "C1",
        "D1",
    )
    assert (found.params["failed"], found.params["amounts"]) == (("has_hours",), {"has_hours": (20.0, 30.0)})
    assert "ディレクター「D1」は企業「C1」を担当中ですが" in issue_text(found, "ja")


STARTING = ((*COMPANIES[0], "開始日"), ("C1", "", "高知", "売上拡大", "2026-06-01"), ("C2", "", "愛媛", "市場拡大", ""))


@pytest.mark.parametrize(
    ("company", "until", "is_over"),
    [
        ("C1", "2026-05-31", True),
        ("C1", "2026-06-01", False),
        ("C2", "2026-05-31", True),
        ("C2", "2026-06-01", False),
        ("C1", "", False),
    ],
)
def test_an_engagement_that_ends_before_the_start_is_over(
    tmp_path: Path, company: str, until: str, is_over: bool
) -> None:
    report = check_tables(tmp_path, companies=STARTING, engagements=(ENGAGED, ("D1", company, until)))
    found = [(i.row, i.value, i.params["start"]) for i in report.warnings if i.rule.startswith("engagement")]
    assert found == ([(2, until, "2026-06-01")] if is_over else [])


def test_an_engagement_that_is_over_is_not_also_called_impossible(tmp_path: Path) -> None:
    directors = ((*DIRECTORS[0], "状態"), ("D1", "", "高知", 1, "休止"), ("D2", "", "高知", 1, ""))
    rows = (ENGAGED, ("D1", "C1", "2026-05-31"))
    report = check_tables(tmp_path, directors=directors, companies=STARTING, engagements=rows)
    assert [i.rule for i in report.warnings if i.rule.startswith("engagement")] == ["engagement_over"]


PAIRS = ("ディレクターID", "企業ID", "指定", "扱い", "期限")


@pytest.mark.parametrize(
    ("severity", "until", "expected"),
    [
        ("要承認", "", [(2, "要承認")]),
        ("disclose", "", [(2, "disclose")]),
        ("禁止", "", []),
        ("", "", []),
        ("要承認", "2026-05-31", []),
    ],
)
def test_an_exclusion_that_only_asks_for_approval_is_named(
    tmp_path: Path, severity: str, until: str, expected: list[tuple[object, object]]
) -> None:
    rows = (PAIRS, ("D1", "C1", "除外", severity, until))
    assert warned(check_tables(tmp_path, companies=STARTING, pairs=rows), "forbid_only_marks") == expected


def test_an_exclusion_of_a_pair_that_cannot_be_matched_anyway_needs_no_word(tmp_path: Path) -> None:
    directors = ((*DIRECTORS[0], "状態"), ("D1", "", "高知", 1, "休止"), ("D2", "", "高知", 1, ""))
    report = check_tables(tmp_path, directors=directors, pairs=(PAIRS, ("D1", "C1", "除外", "要承認", "")))
    assert warned(report, "forbid_only_marks") == []


@pytest.mark.parametrize(
    ("starts", "row"),
    [
        (("2027-04-01", "9999-04-01"), 3),
        (("2050-04-01", "2027-04-01"), 2),
        (("2027-04-01", "2047-04-01"), None),
        (("9999-04-01", "9999-05-01"), None),
        (("9999-04-01", ""), None),
    ],
)
def test_a_start_far_from_the_other_dates_is_named(tmp_path: Path, starts: tuple[str, str], row: int | None) -> None:
    rows = ((*COMPANIES[0], "開始日"), *((*one, start) for one, start in zip(COMPANIES[1:], starts, strict=True)))
    found = warned(check_tables(tmp_path, companies=rows), "start_far")
    assert [at for at, _ in found] == ([] if row is None else [row])


def test_a_start_is_held_against_the_dates_of_directors_too(tmp_path: Path) -> None:
    directors = ((*DIRECTORS[0], "稼働開始日"), *((*row, "2027-04-01") for row in DIRECTORS[1:]))
    companies = ((*COMPANIES[0], "開始日"), (*COMPANIES[1], "2207-04-01"), (*COMPANIES[2], ""))
    report = check_tables(tmp_path, directors=directors, companies=companies)
    assert warned(report, "start_far") == [(2, "2207-04-01")]
    assert report.warnings[0].params["usual"] == 2027
