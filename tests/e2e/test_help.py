"""The help of every command: whole, and in one language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Command

COMMANDS = (
    "",
    "init",
    "check",
    "run",
    "verify",
    "explain",
    "letters",
    "what-if",
    "sweep",
    "frontier",
    "robustness",
    "bench",
    "compare",
    "generate",
    "schema",
)
ENGLISH = re.compile(r"\b(Usage|Options|Arguments|Commands?|OPTIONS|COMMAND|ARGS|required|default|Show|Install|Try)\b")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_japanese_help_holds_no_english_sentence_and_is_not_cut(
    matcher_command: Command, command: str, width: str
) -> None:
    done = matcher_command(*command.split(), "--help", MATCHER_LANG="ja", COLUMNS=width)
    assert (done.returncode, done.stderr) == (0, "")
    assert ENGLISH.search(done.stdout) is None
    assert not re.search(r"\b(?!matcher)[a-z]+ [a-z]+ [a-z]+\b", done.stdout)
    assert "使い方: matcher" in done.stdout and "この説明を表示して終わります。" in re.sub(r"[\s│]", "", done.stdout)
    assert "…" not in done.stdout


def test_help_names_values_defaults_and_what_must_be_given(matcher_command: Command) -> None:
    ja, en = (matcher_command("run", "--help", MATCHER_LANG=lang).stdout for lang in ("ja", "en"))
    assert "使い方: matcher run [オプション] SOURCE" in ja and "Usage: matcher run [OPTIONS] SOURCE" in en
    assert "[必須]" in ja and "[required]" in en
    assert "[既定: html,xlsx,candidates]" in ja and "[default: html,xlsx,candidates]" in en
    assert re.search(r"--help,-h +この説明を", ja) and re.search(r"--out +PATH +The folder", en)
    assert re.search(r"--force +Replace", en) and re.search(r"--set +KEY=VALUE +Change", en)


def test_completion_is_installed_in_the_readers_language(matcher_command: Command, tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "SHELL": "/bin/bash", "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = matcher_command("--install-completion", "bash", MATCHER_LANG="ja", **home)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("bash の入力補完を ") and "Completion" not in done.stdout
    assert "matcher" in (tmp_path / ".bashrc").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_schemas_are_told_apart_by_the_files_they_are_for(matcher_command: Command, lang: str) -> None:
    shown = matcher_command("schema", "--help", MATCHER_LANG=lang, COLUMNS="200").stdout
    assert all(name in shown for name in ("policy.yaml", "scenario.yaml", "plan.json"))
    done = matcher_command("schema", "whatif", MATCHER_LANG=lang)
    assert (done.returncode, done.stdout) == (2, "")
    assert all(name in done.stderr for name in ("policy", "scenario.yaml", "what-if", "plan"))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_check_tells_of_the_annotated_copy(matcher_command: Command, lang: str) -> None:
    shown = matcher_command("check", "--help", MATCHER_LANG=lang, COLUMNS="200").stdout
    said = {"ja": "写しに、セルの色・コメント・誤りの一覧", "en": "Write a copy of your workbook"}[lang]
    assert re.search(rf"--annotate +COPY +.*{said}", shown) and re.search(r"--force .*--annotate", shown)
