from __future__ import annotations

import re
from pathlib import Path

import pytest

import matcher
from matcher.errors import Issue
from matcher.io import schema
from matcher.words.catalog import LANGUAGES, Lang
from matcher.words.issue_data import ISSUES
from matcher.words.issues import issue_text

SOURCE = "".join(
    path.read_text(encoding="utf-8")
    for folder in ("io", "domain", "whatif")
    for path in sorted((Path(matcher.__file__).parent / folder).glob("*.py"))
)
CODES = {
    *re.findall(r'Issue\(\s*"([a-z_]+)"', SOURCE),
    *re.findall(r'ChangeFault\((?:\([^()]*\)|path), "([a-z_]+)"', SOURCE),
    *re.findall(r'\.issue\(\s*"([a-z_]+)"', SOURCE),
    *re.findall(r'PydanticCustomError\(\s*"([a-z_]+)"', SOURCE),
    *re.findall(r'rule = "([a-z_]+)"', SOURCE),
    *re.findall(r'rule="([a-z_]+)"', SOURCE),
    *re.findall(r'rules\[[^]]*\] = "([a-z_]+)"', SOURCE),
    *re.findall(r'ErrorCell\([^\n]*"([a-z_]+)"\)', SOURCE),
    *schema._RULES.values(),
}


def test_every_rule_in_the_code_has_a_sentence() -> None:
    assert len(CODES) > 40
    assert sorted(CODES - set(ISSUES)) == []


@pytest.mark.parametrize("rule", ISSUES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_has_both_languages_and_the_same_blanks(rule: str, lang: Lang) -> None:
    words = ISSUES[rule]
    for sentence in (words.text, words.hint, words.hint_near):
        if sentence is None:
            continue
        text = sentence.ja if lang == "ja" else sentence.en
        assert text.endswith("。" if lang == "ja" else ".")
        assert set(re.findall(r"{(\w+)[:}]", sentence.ja)) == set(re.findall(r"{(\w+)[:}]", sentence.en))


def test_the_shape_of_a_fault() -> None:
    issue = Issue(
        "below_minimum",
        "directors.xlsx",
        "ディレクター",
        17,
        "稼働可能時間",
        "-3",
        {"table": "directors", "field": "hours_per_month", "low": 0.0},
    )
    assert issue_text(issue, "en") == (
        "directors.xlsx, sheet ディレクター, row 17, column 稼働可能時間: -3 is below 0 (hours per month).\n"
        "Try: enter 0 or more, or leave the cell blank if it is not known."
    )
    assert issue_text(issue, "ja") == (
        "directors.xlsx、シート「ディレクター」、17行目、"
        "列「稼働可能時間」：-3 は 0 より小さい値です（時間／月）。\n"
        "対処：0 以上の値を入力してください（分からない場合は空欄で構いません）。"
    )


def test_choices_are_named_in_the_readers_language() -> None:
    issue = Issue(
        "not_in_list", "d.csv", row=2, column="状態", value="x", params={"table": "directors", "field": "status"}
    )
    assert "応募、登録、休止" in issue_text(issue, "ja")
    assert "applicant, engaged, paused" in issue_text(issue, "en")


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(LookupError, match="no_such_rule"):
        issue_text(Issue("no_such_rule"), "en")


def test_every_sentence_belongs_to_a_rule_in_the_code() -> None:
    built = tuple(re.findall(r'f"\{\w+\}(_[a-z]+)"', SOURCE))  # sheet_unknown, file_unknown
    assert [rule for rule in ISSUES if f'"{rule}"' not in SOURCE and not rule.endswith(built)] == []
