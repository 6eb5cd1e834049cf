from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

import pytest

import matcher.words
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


def test_a_number_chooses_its_word() -> None:
    sentence = Sentence("{n}社", "{n:=goes|go}: {n:company|companies} of {most:more slot|more slots}")
    assert sentence.fill("en", n=1, most="1,000") == "goes: 1 company of 1,000 more slots"
    assert sentence.fill("en", n=0, most=-1) == "go: 0 companies of -1 more slot"
    assert sentence.fill("ja", n=1, most=2) == "1社"


COUNTED = (
    "blanks|candidates|companies|days|demands|directors|faults|hops|hours|matches|pairs|parts|plans|points|problems|"
    "places|profiles|proofs|slots|solves|tiers|times|units|years"
)
"""What is counted in sentences, and needs a form for one."""
ONLY_MANY = {"{director} → {company}  {points} points", "{n} of these companies"}


def _sentences(found: object, depth: int = 0) -> Iterator[Sentence]:
    if isinstance(found, Sentence):
        yield found
    elif isinstance(found, Mapping) and depth < 3:
        for one in found.values():
            yield from _sentences(one, depth + 1)


def test_every_counted_word_has_a_form_for_one() -> None:
    modules = [import_module(f"matcher.words.{one.name}") for one in iter_modules(matcher.words.__path__)]
    every = [one.en for module in modules for found in vars(module).values() for one in _sentences(found)]
    assert len(every) > 900
    plain = re.compile(rf"\{{\w+\}} (?:(?:more|other|new|eligible|on-site) )*(?:{COUNTED})\b|\(s\)")
    assert [one for one in every if plain.search(one) and not any(known in one for known in ONLY_MANY)] == []
