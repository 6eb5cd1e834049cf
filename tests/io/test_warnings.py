"""What staff should look at before a run, although nothing is wrong."""

from __future__ import annotations

from pathlib import Path

from matcher.io import CheckReport, check_source
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
