"""A command line that is wrong: told in the reader's language, with what is allowed and the nearest name."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from matcher.cli import main
from matcher.cli.usage import MOST_THREADS
from matcher.domain.policy import Solve
from matcher.words.catalog import LANGUAGES, Lang
from matcher.words.usage import USAGE
from tests.conftest import Command


def told(words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "argv", ["matcher", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    printed, said = capsys.readouterr()
    assert (stopped.value.code, printed) == (2, "")
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    ("words", "ja", "en"),
    [
        (["rum"], "「rum」というコマンドはありません。", "there is no command rum."),
        (["rum"], "対処：「run」のこと", "Try: if you mean run, type that."),
        (
            ["zzz"],
            "使えるコマンド：init、check、run、verify、explain、letters、what-if、sweep、frontier、robustness、compare、bench、generate、schema。\n"
            "対処：matcher --help",
            "init, check, run, verify, explain, letters, what-if, sweep, frontier, robustness, compare, bench, "
            "generate, schema",
        ),
        (["--json"], "matcher：オプション「--json」は、コマンドより後", "Try: matcher check … --json."),
        (["--verison"], "対処：「--version」のこと", "Try: if you mean --version"),
        (["run"], "matcher run：「SOURCE」がありません", "matcher run: SOURCE is missing"),
        (["generate", "--directors", "3"], "「--companies」がありません", "--companies is missing (How many companies"),
        (["check"], "「SOURCE」がありません（CSV/Parquet のフォルダー", "SOURCE is missing (A folder of CSV/Parquet"),
        (["run", "x", "--polcy", "y"], "「--polcy」というオプションはありません。", "there is no option --polcy."),
        (["run", "x", "--polcy", "y"], "対処：「--policy」のこと", "Try: if you mean --policy, type that."),
        (["run", "x", "--zzz"], "使えるオプション：--policy、--set、", "Options: --policy, --set, "),
        (["run", "x", "-q"], "「-q」というオプションはありません。", "there is no option -q."),
        (["run", "x", "--set"], "オプション「--set」に値がありません", "the option --set has no value"),
        (["check", "x", "--anotate", "y"], "対処：「--annotate」のこと", "Try: if you mean --annotate, type that."),
        (["run", "x", "--force=1"], "「--force」には値を付けられません", "the option --force takes no value"),
        (["run", "x", "y", "z (1)"], "余分な語があります（y z (1)）", "more than it takes (y z (1))"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("is_option", [False, True])
def test_a_wrong_call_is_told_in_the_readers_language(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    ja: str,
    en: str,
    lang: Lang,
    is_option: bool,
) -> None:
    other = "ja" if lang == "en" else "en"
    monkeypatch.setenv("MATCHER_LANG", other if is_option else lang)
    if is_option and words[-1] == "--set":
        words = [*words[:-1], "--lang", lang, words[-1]]
    elif is_option and len(words) > 1:
        words = [*words, f"--lang={lang}"]
    elif is_option:
        words = [*words, "--lang", lang]
    said = told(words, capsys, monkeypatch)
    assert (ja if lang == "ja" else en) in said
    assert ("\n対処：" in said) == (lang == "ja")
    assert ("\nTry: " in said) == (lang == "en")


@pytest.mark.parametrize(
    ("words", "ja", "en"),
    [
        (
            ["run", "x", "--lang", "fr"],
            "「fr」という言語は使えません。\n対処：ja、en",
            "no language fr.\nTry: one of ja, en",
        ),
        (
            ["schema", "plans"],
            "「plans」というスキーマはありません。\n対処：policy、",
            "no schema plans.\nTry: one of policy,",
        ),
        (["run", "x", "--seed", "-1"], "--seed：-1 は 0 より小さい", "--seed: -1 is below 0."),
        (["run", "x", "--seed", "1.5"], "--seed：「1.5」は整数ではありません", "--seed: 1.5 is not a whole number."),
        (["run", "x", "--seed", "9" * 5000], "は整数ではありません", "is not a whole number."),
        (
            ["run", "x", "--time-limit", "1分"],
            "--time-limit：「1分」は数値ではありません",
            "--time-limit: 1分 is not a number.",
        ),
        (["run", "x", "--time-limit", "nan"], "「nan」は数値ではありません", "nan is not a number."),
        (
            ["run", "x", "--time-limit", "0"],
            "--time-limit：0 は 0 より大きくありません",
            "--time-limit: 0 is not above 0.",
        ),
        (
            ["explain", "x", "ask-next", "--threads", "0"],
            "--threads：0 は範囲外です。",
            "--threads: 0 is out of range.",
        ),
        (["explain", "x", "ask-next", "--threads", "257"], "1 以上 256 以下の整数", "a whole number from 1 to 256."),
    ],
)
def test_a_wrong_value_is_told_in_the_readers_language(
    matcher_command: Command, words: list[str], ja: str, en: str
) -> None:
    for lang, says, hint in (("ja", ja, "対処："), ("en", en, "Try: ")):
        done = matcher_command(*words, MATCHER_LANG=lang)
        assert (done.returncode, done.stdout) == (2, "")
        assert says in done.stderr and f"\n{hint}" in done.stderr


@pytest.mark.parametrize(
    ("option", "key", "bad"),
    [
        ("--threads", "solve.threads", "0"),
        ("--threads", "solve.threads", "999999"),
        ("--seed", "solve.seed", "9" * 25),
        ("--time-limit", "solve.time_limit_s", "1e300"),
        ("--gap", "solve.gap", "2"),
    ],
)
def test_a_value_out_of_range_is_told_of_the_option_that_was_typed(
    matcher_command: Command, scenarios: Path, option: str, key: str, bad: str
) -> None:
    for lang, colon in (("ja", "："), ("en", ": ")):
        done = matcher_command("run", str(scenarios / "pilot"), option, bad, MATCHER_LANG=lang)
        assert done.returncode == 2, done.stderr
        assert f"{option}{colon}" in done.stderr
        assert "--set" not in done.stderr and key not in done.stderr


def test_a_setting_stays_a_setting_where_the_option_is_right(matcher_command: Command, scenarios: Path) -> None:
    done = matcher_command("run", str(scenarios / "pilot"), "--set", "solve.gap=2", "--threads", "1")
    assert done.returncode == 2
    assert "--set, solve.gap: " in done.stderr


def test_every_sentence_has_both_languages_and_the_same_blanks() -> None:
    for code, sentence in USAGE.items():
        assert set(re.findall(r"{(\w+)[:}]", sentence.ja)) == set(re.findall(r"{(\w+)[:}]", sentence.en)), code
        assert "\n対処：" in sentence.ja and "\nTry: " in sentence.en


def test_a_call_without_words_shows_the_help(matcher_command: Command) -> None:
    done = matcher_command()
    assert done.returncode == 2
    assert "schema" in done.stdout and done.stderr == ""


def test_a_call_that_is_right_still_ends_with_0(matcher_command: Command) -> None:
    for words in (["--version"], ["--help"], ["run", "--help"], ["schema", "policy"]):
        assert matcher_command(*words).returncode == 0


def test_help_brings_no_pandas_along() -> None:
    code = "import sys, matcher.cli.app; print([m for m in ('pandas', 'ortools', 'networkx') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_most_threads_are_those_of_the_policy() -> None:
    limit = next(mark for mark in Solve.model_fields["threads"].metadata if hasattr(mark, "le"))
    assert limit.le == MOST_THREADS
