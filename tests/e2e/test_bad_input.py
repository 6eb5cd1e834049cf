"""Files and places that are not what they should be: a message in the reader's language, no traceback, nothing lost."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from matcher.cli import main
from tests.io.datasets import DIRECTORS, write_folder
from tests.io.test_workbooks import write_book

Said = tuple[int, str, str]
Typed = Callable[..., dict[str, Said]]


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Run a command in `tmp_path`; returns exit code, standard output and standard error, in both languages."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> dict[str, Said]:
        found = {}
        for lang in ("ja", "en"):
            monkeypatch.setattr(sys, "argv", ["matcher", *words, "--lang", lang])
            with pytest.raises(SystemExit) as stopped:
                main()
            printed, said = capsys.readouterr()
            assert "Traceback" not in printed + said
            found[lang] = (int(str(stopped.value.code)), printed, said)
        return found

    return run


def check(said: dict[str, Said], code: int, ja: str, en: str) -> None:
    for lang, says in (("ja", ja), ("en", en)):
        found, printed, told = said[lang]
        assert found == code
        assert says in printed + told


def test_a_loop_of_links_as_source_is_no_source(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for command in ("check", "run"):
        check(typed(command, "a"), 2, "「a」というファイルもフォルダーもありません", "There is no file or folder a.")


def test_a_loop_of_links_as_list_of_faults(typed: Typed, tmp_path: Path) -> None:
    write_folder(tmp_path / "data")
    (tmp_path / "a").symlink_to("a")
    check(typed("check", "data", "--faults", "a"), 2, "リンクが循環しています", "its links go in a circle")
    assert (tmp_path / "a").is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="needs a named pipe")
@pytest.mark.parametrize("name", ["pipe.yaml", "pipe.xlsx", "pipe"])
def test_a_pipe_as_source_is_not_waited_for(typed: Typed, tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    check(typed("check", name), 2, "普通のファイルではありません", "is no ordinary file")


@pytest.mark.parametrize("name", ["policy.yaml", "scenario.yaml"])
@pytest.mark.parametrize("is_link", [False, True])
def test_settings_that_are_no_file(typed: Typed, tmp_path: Path, name: str, is_link: bool) -> None:
    folder = write_folder(tmp_path / "data")
    if is_link:
        (folder / name).symlink_to("nowhere")
    else:
        (folder / name).mkdir()
    check(typed("check", "data"), 1, f"{name}：表や設定の", f"{name}: this has the name of a table or of settings")
    check(typed("run", "data", "--out", "out"), 2, f"{name}：表や設定の", f"{name}: this has the name of")
    assert not (tmp_path / "out").exists()


def test_a_path_too_long_for_the_system_in_a_scenario_is_a_fault(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text(f"data: {'x' * 5_000}\n")
    check(typed("check", "scenario.yaml"), 1, "1行目1文字目、data：データの場所「xxx", "there is no data set at xxx")


def test_the_mark_of_an_open_workbook_names_the_workbook(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "~$d.xlsx").write_bytes(b"\x05owner" + bytes(160))
    check(typed("check", "~$d.xlsx"), 1, "「d.xlsx」を指定してください。", "give d.xlsx instead.")


@pytest.mark.parametrize("name", ["", ".", "..", "a/.."])
def test_a_template_needs_a_name(typed: Typed, tmp_path: Path, name: str) -> None:
    for words in ((name,), (name, "--workbook")):
        check(typed("init", *words), 2, "新しいひな形の名前になりません", "is no name for a new template")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("init", "t"), ("init", "t", "--workbook")])
def test_a_full_disk_leaves_no_half_template(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    monkeypatch.setattr(Path, "write_text", refuse)
    check(typed(*words), 2, "書き出せません（空き容量がありません）", "cannot be written (no space is left)")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_while_the_workbook_of_a_plan_is_written(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    write_folder(tmp_path / "data")
    monkeypatch.setattr(Path, "write_bytes", refuse)
    said = typed("run", "data", "--out", "out", "--formats", "xlsx")
    check(said, 2, "空き容量がありません", "no space is left")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_place_below_a_file_is_told_by_its_own_name(typed: Typed, tmp_path: Path) -> None:
    write_folder(tmp_path / "data")
    (tmp_path / "file").write_text("mine")
    said = typed("run", "data", "--out", "file/x")
    check(said, 2, "フォルダーであるべき名前のファイルがあります", "a file stands where a folder should be")
    assert ".part" not in said["en"][2]
    assert (tmp_path / "file").read_text() == "mine"


def test_an_id_of_two_lines_or_too_long_is_a_fault_on_one_line(typed: Typed, tmp_path: Path) -> None:
    rows = (DIRECTORS[0], ('"D\n1"', "", "高知", 1), ("x" * 201, "", "高知", 1), ("x" * 200, "", "高知", 1))
    write_folder(tmp_path / "data", {"directors": rows})
    said = typed("check", "data")
    check(said, 1, "ID「D 1」に改行などの見えない文字", "the id D 1 holds a line break")
    check(said, 1, "200文字以内", "at most 200 characters")
    check(said, 1, "誤りが 2 件", "Faults: 2.")


def test_an_escape_sequence_in_a_cell_does_not_reach_the_terminal(typed: Typed, tmp_path: Path) -> None:
    book = write_book(tmp_path / "d.xlsx", {"ディレクター": (DIRECTORS[0], ("D1", "", "a\nb\u202ec", 1))})
    said = typed("check", book.name)
    check(said, 1, "「a b c」という都道府県", "a b c is not a prefecture")


def test_a_file_that_was_marked_twice_as_utf_8_is_read(typed: Typed, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data")
    content = (folder / "directors.csv").read_bytes()
    (folder / "directors.csv").write_bytes(b"\xef\xbb\xbf" * 2 + content)
    check(typed("check", "data"), 0, "誤りはありません", "No faults (2 directors")


def test_a_file_with_semicolons_is_read(typed: Typed, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data")
    content = (folder / "directors.csv").read_bytes()
    (folder / "directors.csv").write_bytes(content.replace(b",", b";"))
    check(typed("check", "data"), 0, "誤りはありません", "No faults (2 directors")


def test_a_file_that_may_not_be_read_is_told_in_the_house_s_words(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = write_book(tmp_path / "d.xlsx")
    monkeypatch.setattr(os, "access", lambda *_, **__: False)  # what typer itself would ask
    check(typed("check", book.name), 0, "誤りはありません", "No faults")
    check(
        typed("check", book.name, "--policy", book.name),
        1,
        "設定の文字のファイルとして",
        "not a text file of settings",
    )
