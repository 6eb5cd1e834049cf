from __future__ import annotations

import pytest

from matcher.words.catalog import Sentence, default_language, shown


def test_a_sentence_fills_lists_numbers_and_sentences() -> None:
    sentence = Sentence("{names}は{n}件（{inner}）", "{names}: {n} ({inner})")
    inner = Sentence("中", "inner")
    assert sentence.fill("ja", names=["甲", "乙"], n=3.0, inner=inner) == "甲、乙は3件（中）"
    assert sentence.fill("en", names=["a", "b"], n=0.25, inner=inner) == "a, b: 0.25 (inner)"


def test_booleans_are_shown_as_written() -> None:
    assert shown(True, "en") == "true"


@pytest.mark.parametrize(
    ("env", "lang"),
    [
        ({"MATCHER_LANG": "ja"}, "ja"),
        ({"MATCHER_LANG": "en", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LC_ALL": "C", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"MATCHER_LANG": "fr", "LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_of_the_environment(monkeypatch: pytest.MonkeyPatch, env: dict[str, str], lang: str) -> None:
    for name in ("MATCHER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert default_language() == lang
