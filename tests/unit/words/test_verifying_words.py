"""Every rule of the checker has a sentence in both languages that says what it found."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import matcher.verifying
from matcher.verifying.verification import Finding, TierVerdict, Verification
from matcher.words.catalog import LANGUAGES
from matcher.words.verifying import RULES, finding_text, verification_lines

ROOMS = [
    *Path(matcher.verifying.__file__).parent.glob("*.py"),
    Path(matcher.verifying.__file__).parents[1] / "io/plan_file.py",
]


def _rules_in_code() -> set[str]:
    calls = [
        node
        for path in ROOMS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Finding", "_Unreadable")
    ]
    found = {str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)}
    return found | {f"{name}_digest" for name in ("problem", "policy", "plan")}


def test_rules_and_sentences_are_the_same_set() -> None:
    assert _rules_in_code() == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_both_languages_fill_in_the_same_blanks(rule: str) -> None:
    sentence = RULES[rule]
    assert set(re.findall(r"{(\w+)[:}]", sentence.ja)) == set(re.findall(r"{(\w+)[:}]", sentence.en))


def test_finding_reads_where_and_what() -> None:
    finding = Finding("tier_value_wrong", "tiers[0]", {"tier": "points", "stated": 26_325, "found": None})
    assert finding_text(finding, "en") == (
        "tiers[0]: Total points is stated as 26,325; counted from the matches it is (nothing)."
    )
    assert finding_text(finding, "ja") == "tiers[0]：合計点が26,325となっていますが、割当から数えると（なし）です。"


def test_name_of_a_tier_that_nobody_knows_is_shown_as_it_is() -> None:
    finding = Finding("tier_value_wrong", "tiers[0]", {"tier": "luck", "stated": 1, "found": 2})
    assert "luck" in finding_text(finding, "ja")


def test_check_reads_all_problems_or_every_tier() -> None:
    wrong = Verification((Finding("policy_digest", "digests"), Finding("order_wrong", "assignments")), 1, 1, "unknown")
    assert [line[:4] for line in verification_lines(wrong, "en")] == ["The ", "  - ", "  - ", "Try:"]
    tiers = (TierVerdict("points", 10, 12, "claimed"), TierVerdict("worst_match", 4, None, "unknown"))
    lines = verification_lines(Verification((), 10, 12, "claimed", tiers, 3), "en")
    assert lines[1:] == [
        "  Claimed: Total points, value 10, bound 12, computed again without a solver",
        "  Unknown: Points of the weakest match, value 4, no bound proved",
    ]
    none = Verification((), None, None, "claimed")
    assert verification_lines(none, "ja") == [
        "条件をすべて満たす計画がないというのはソルバーの主張で、ここでは確認していません。"
    ]


def test_check_counts_one_match_as_one_and_leaves_inner_units_out() -> None:
    tiers = (TierVerdict("points", 10, 10, "proved"), TierVerdict("lot", 987_654, 987_654, "proved", is_tie_break=True))
    one = verification_lines(Verification((), 10, 10, "proved", tiers, 1), "en")
    assert one[0].startswith("The plan holds: 1 match, ")
    assert one[2] == "  Proved: tie-break by recorded lot, computed again without a solver"
    two = verification_lines(Verification((), 10, 10, "proved", tiers, 2), "ja")
    assert "割当2件" in two[0] and "987" not in "".join(two)


def test_empty_values_are_told_as_nothing() -> None:
    finding = Finding("figure_wrong", "title", {"stated": "Pilot", "found": ""})
    assert finding_text(finding, "en") == "title: this is stated as Pilot; computed again it is (nothing)."
    assert finding_text(finding, "ja").endswith("計算し直すと（なし）です。")


@pytest.mark.parametrize(
    "code", ["missing", "int_type", "tuple_type", "greater_than_equal", "literal_error", "unheard"]
)
def test_part_that_breaks_the_schema_says_what_is_allowed_and_no_code(code: str) -> None:
    given = {"reason": code, "low": 1, "allowed": ["a", "b"]}
    for rule in ("not_as_schema", "policy_wrong"):
        for lang in LANGUAGES:
            text = finding_text(Finding(rule, "tiers.0", given), lang)
            assert (
                text.startswith("tiers.0") and f"({code})" not in text and f"（{code}）" not in text and "{" not in text
            )
    assert "only a whole number" in finding_text(Finding("not_as_schema", "x", {"reason": "int_type"}), "en")
    assert "a、b だけです" in finding_text(Finding("not_as_schema", "x", {**given, "reason": "literal_error"}), "ja")


def test_model_that_cannot_be_built_is_told_in_words() -> None:
    finding = Finding("model_not_built", "proof", {"reason": "priority_too_high", "priority": 9e9, "allowed": 100})
    assert "priority_too_high" not in finding_text(finding, "en")
    assert "The priority 9000000000 is too high (at most 100)" in finding_text(finding, "en")
