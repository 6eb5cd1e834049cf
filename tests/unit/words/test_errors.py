from __future__ import annotations

import re
from pathlib import Path

import pytest

import matcher
from matcher import errors
from matcher.errors import DataError, MatcherError, UsageError
from matcher.words.errors import ERRORS, error_text

SOURCE = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(matcher.__file__).parent.rglob("*.py")))
CODES = set(re.findall(r'(?:Data|Usage|Policy|Output|Model)Error\(\s*"([a-z_]+)"', SOURCE))


def test_every_code_has_a_sentence() -> None:
    assert len(CODES) > 30
    assert sorted(CODES - set(ERRORS)) == []


def test_every_sentence_says_what_to_try_in_both_languages() -> None:
    for code, sentence in ERRORS.items():
        assert "\n対処：" in sentence.ja, code
        assert "\nTry: " in sentence.en, code
        assert set(re.findall(r"{(\w+)[:}]", sentence.ja)) == set(re.findall(r"{(\w+)[:}]", sentence.en)), code


def test_an_exception_reads_in_the_language_asked_for() -> None:
    error = UsageError("source_not_found", path="なし")
    assert error_text(error, "ja").startswith("「なし」というファイルもフォルダーもありません。\n対処：")
    assert error_text(error, "en").startswith("There is no file or folder なし.\nTry: ")


def test_a_forgotten_blank_or_an_unknown_code_is_no_second_exception() -> None:
    assert error_text(DataError("data_has_faults"), "en").startswith("The data has ? faults.")
    assert error_text(MatcherError("no_such_code", n=1), "en") == "no_such_code(n=1)"


def test_a_backend_that_cannot_hold_the_demands_says_which_in_words() -> None:
    error = UsageError("backend_cannot_hold", name="flow", reason="coefficients")
    assert "(demands that count amounts, such as hours or yen)" in error_text(error, "en")
    assert "時間や金額のように量を数える条件" in error_text(error, "ja")


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = dict(re.findall(r"[├└]── (\w+) +(\d)", str(errors.__doc__)))
    found = {
        name: str(kind.exit_code)
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, MatcherError) and kind is not MatcherError
    }
    assert drawn == found
    assert [name for name in found if f"raise {name}(" not in SOURCE] == []


def test_an_exception_alone_reads_in_the_language_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    error = UsageError("source_not_found", path="x")
    for lang, start in (("ja", "「x」"), ("en", "There is no")):
        monkeypatch.setenv("MATCHER_LANG", lang)
        assert str(error).startswith(start)
    assert "set_language" not in str(errors.__doc__)
